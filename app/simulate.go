package app

import (
	"context"
	"io"
	"os"
	"strings"
	"time"

	"navicert"
	"navicert/sim"
)

// SimulateOptions say what to simulate. The zero options play the built-in
// scenario as written.
type SimulateOptions struct {
	Scenario string    // name of a built-in scenario, or a .yaml file; default "caribbean"
	Seed     uint64    // 0: the scenario's own
	From, To time.Time // the part to play; zero: all
	Vessels  int       // add ships until there are so many
	Reports  bool      // write every report as received into the truth
}

// Simulate writes AIS sentences of invented ships to sentences and what truly
// happened, as JSON lines, to truth (nil: nowhere). It touches no data
// directory.
func Simulate(ctx context.Context, opt SimulateOptions, sentences, truth io.Writer) (sim.Stats, error) {
	sc, err := scenario(opt.Scenario)
	if err != nil {
		return sim.Stats{}, err
	}
	w, err := sim.New(sc, sim.Options{Seed: opt.Seed, From: opt.From, To: opt.To, Vessels: opt.Vessels, Reports: opt.Reports})
	if err != nil {
		return sim.Stats{}, err
	}
	return w.Write(ctx, sentences, truth)
}

func scenario(name string) (*sim.Scenario, error) {
	switch {
	case name == "":
		name = "caribbean"
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"):
		f, err := os.Open(name)
		if err != nil {
			return nil, navicert.Errorf(navicert.Unavailable, "scenario", name, "%w", err)
		}
		defer f.Close()
		return sim.ParseScenario(f, name)
	}
	return sim.Builtin(name)
}

package app

import (
	"context"
	"io"
	"os"
	"strings"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/sim"
)

// SimulateOptions say what to simulate. The zero options play the built-in
// scenario as written.
type SimulateOptions struct {
	Scenario string    // name of a built-in scenario, or a .yaml file; default "caribbean"
	Format   string    // of what is received, a name of sim.Formats; "" is nmea
	Seed     uint64    // 0: the scenario's own
	From, To time.Time // the part to play; zero: all
	Vessels  int       // add ships until there are so many
	Reports  bool      // write every report as received into the truth

	// Setting, when set, takes before the world is played what detectors must be told
	// of it: replay knows none of it.
	Setting func(ports []geo.Port, zones []geo.Zone) error
}

// Simulate writes AIS of invented ships to a writer and what truly happened, as JSON lines, to truth (nil: nowhere). It touches no data
// directory.
func Simulate(ctx context.Context, opt SimulateOptions, to, truth io.Writer) (sim.Stats, error) {
	sc, err := scenario(opt.Scenario, opt.Seed)
	if err != nil {
		return sim.Stats{}, err
	}
	w, err := sim.New(sc, sim.Options{Seed: opt.Seed, From: opt.From, To: opt.To, Vessels: opt.Vessels, Reports: opt.Reports, Format: sim.Format(opt.Format)})
	if err != nil {
		return sim.Stats{}, err
	}
	if opt.Setting != nil {
		if err := opt.Setting(w.Ports(), w.Zones()); err != nil {
			return sim.Stats{}, err
		}
	}
	return w.Write(ctx, to, truth)
}

func scenario(name string, seed uint64) (*sim.Scenario, error) {
	switch {
	case name == "":
		name = "caribbean"
	case name == sim.MonthName:
		return sim.CaribbeanMonth(seed)
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

package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

type simulateCmd struct {
	Scenario     string           `default:"caribbean" help:"A built-in scenario (caribbean, caribbean-month) or a scenario file (.yaml)."`
	OutputFormat string           `default:"nmea" enum:"nmea,aiscatcher,gpsd,dma,marinecadastre" help:"Write nmea, aiscatcher, gpsd, dma or marinecadastre, as replay and decode read them."`
	Seed         uint64           `help:"Another seed gives other noise and other luck of the receivers, and another caribbean-month (default: the scenario's)."`
	From         navicert.Instant `help:"Begin here, UTC (default: the scenario's beginning)." placeholder:"TIME"`
	To           navicert.Instant `help:"End before this (default: the scenario's end)." placeholder:"TIME"`
	Vessels      int              `help:"Add ships on the scenario's lanes until there are so many." placeholder:"N"`
	Truth        string           `type:"path" help:"Write what truly happened to this file, as JSON lines." placeholder:"FILE"`
	Setting      string           `type:"path" help:"Write the scenario's ports and zones into this folder, as ports import and zones import read them: ports.csv, zones.geojson." placeholder:"DIR"`
	TruthReports bool             `help:"Write every report as received into the truth, too."`
}

// Help is printed below the flags.
func (simulateCmd) Help() string {
	return `All ships are invented: their numbers lie in ranges of which none in use is known.
The same scenario and seed give the same bytes.

Examples:
  navicert simulate > caribbean.nmea
  navicert simulate --vessels 500 --from 2025-12-24 --to 2025-12-25 --truth truth.ndjson > day.nmea
  navicert simulate --scenario mine.yaml --seed 7 | navicert replay -
  navicert simulate --scenario caribbean-month --seed 2 --truth truth.ndjson > month.nmea
  navicert simulate --scenario caribbean-month --setting world > month.nmea
  navicert simulate --vessels 300000 --to 2025-12-18T01:00:00Z --output-format dma > crowd.csv

docs/simulate.md describes scenario files and the truth.`
}

// Run writes what was received to standard output.
func (c *simulateCmd) Run(ctx context.Context, g *globals) (err error) {
	if c.TruthReports && c.Truth == "" {
		return usageError("simulate: --truth-reports needs --truth FILE")
	}
	if c.Vessels < 0 {
		return usageError("simulate: --vessels cannot be negative")
	}
	var truth io.Writer
	if c.Truth != "" {
		f, err := os.Create(c.Truth)
		if err != nil {
			return navicert.Errorf(navicert.Unavailable, "simulate", c.Truth, "%w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		truth = f
	}
	opts := app.SimulateOptions{
		Scenario: c.Scenario, Format: c.OutputFormat, Seed: c.Seed, From: c.From.Time, To: c.To.Time, Vessels: c.Vessels, Reports: c.TruthReports,
	}
	if c.Setting != "" {
		opts.Setting = func(ports []geo.Port, zones []geo.Zone) error { return writeSetting(g, c.Setting, ports, zones) }
	}
	stats, err := app.Simulate(ctx, opts, g.stdout, truth)
	if err != nil {
		return err
	}
	g.note("%d simulated ships: %d positions and %d static reports in %d %s", stats.Vessels, stats.Positions, stats.Statics, stats.Sentences, map[bool]string{true: "rows", false: "sentences"}[c.OutputFormat == "dma" || c.OutputFormat == "marinecadastre"])
	return nil
}

// writeSetting writes what detectors must be told of a scenario's world, and says how
// to import it. Of what a scenario has none, no file is written.
func writeSetting(g *globals, dir string, ports []geo.Port, zones []geo.Zone) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return outError(dir, err)
	}
	for _, f := range []struct {
		of    string
		n     int
		name  string
		write func(io.Writer) error
	}{
		{"port", len(ports), "ports.csv", func(w io.Writer) error { return geo.WriteWPI(w, ports) }},
		{"zone", len(zones), "zones.geojson", func(w io.Writer) error { return geo.WriteZones(w, zones) }},
	} {
		path := filepath.Join(dir, f.name)
		if f.n == 0 {
			if _, err := os.Lstat(path); err == nil {
				return navicert.Errorf(navicert.Conflict, "simulate", path, "this scenario has no %ss: the file is of another", f.of).WithHint("name another folder")
			}
			g.note("the scenario has no %ss", f.of)
			continue
		}
		if err := writeWhole(path, f.write); err != nil {
			return err
		}
		g.note("%s of the scenario, all invented: navicert %ss import %s", countOf(f.n, f.of), f.of, path)
	}
	return nil
}

// writeWhole writes a file, whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	out, err := createOut(path)
	if err != nil {
		return err
	}
	defer out.discard()
	if err := write(out); err != nil {
		return err
	}
	return out.commit()
}

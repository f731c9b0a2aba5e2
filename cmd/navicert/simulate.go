package main

import (
	"context"
	"errors"
	"io"
	"os"

	"navicert"
	"navicert/app"
)

type simulateCmd struct {
	Scenario     string           `default:"caribbean" help:"A built-in scenario (caribbean, caribbean-month) or a scenario file (.yaml)."`
	OutputFormat string           `default:"nmea" enum:"nmea,aiscatcher,gpsd,dma,marinecadastre" help:"Write nmea, aiscatcher, gpsd, dma or marinecadastre, as replay and decode read them."`
	Seed         uint64           `help:"Another seed gives other noise and other luck of the receivers, and another caribbean-month (default: the scenario's)."`
	From         navicert.Instant `help:"Begin here, UTC (default: the scenario's beginning)." placeholder:"TIME"`
	To           navicert.Instant `help:"End before this (default: the scenario's end)." placeholder:"TIME"`
	Vessels      int              `help:"Add ships on the scenario's lanes until there are so many." placeholder:"N"`
	Truth        string           `type:"path" help:"Write what truly happened to this file, as JSON lines." placeholder:"FILE"`
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
	stats, err := app.Simulate(ctx, app.SimulateOptions{
		Scenario: c.Scenario, Format: c.OutputFormat, Seed: c.Seed, From: c.From.Time, To: c.To.Time, Vessels: c.Vessels, Reports: c.TruthReports,
	}, g.stdout, truth)
	if err != nil {
		return err
	}
	g.note("%d simulated ships: %d positions and %d static reports in %d %s", stats.Vessels, stats.Positions, stats.Statics, stats.Sentences, map[bool]string{true: "rows", false: "sentences"}[c.OutputFormat == "dma" || c.OutputFormat == "marinecadastre"])
	return nil
}

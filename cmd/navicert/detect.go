package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/app"
	"navicert/app/accuracy"
	"navicert/track/gfw"
)

type detectCmd struct {
	Bench  bool          `required:"" help:"Measure the detectors on simulated months, whose truth is known."`
	Dir    string        `arg:"" optional:"" type:"path" help:"A folder of public data: count the events in its recordings (ais/csv, ais/tracks, ais/nmea), and compare with test cases of Global Fishing Watch (behaviour)."`
	Seeds  []uint64      `help:"The months' seeds (default: 1,2,3)." placeholder:"N"`
	Length time.Duration `help:"Only so much of each month, from its beginning." placeholder:"D"`
	Ports  string        `default:"scenario" enum:"scenario,known" help:"What the detectors know in the months: scenario, all ports there, or known, only those that the program knows, which lie elsewhere."`
	Misses string        `type:"path" help:"Write every miss and every false alarm to this file, as JSON lines." placeholder:"FILE"`
	Events string        `type:"path" help:"Write the events found in the public data to this file, as JSON lines." placeholder:"FILE"`
}

// Help is printed below the flags.
func (detectCmd) Help() string {
	return `Plays months of simulated traffic (simulate --scenario caribbean-month) through the
decoder, the tracker and all detectors, and compares the events with the truth:
of what happened, how much was found; of the events, how many have nothing
behind them; how often innocent look-alikes were told. With a folder of public
data, also in how many of Global Fishing Watch's own test cases we agree, and
where we do not. docs/accuracy.md says how all are matched, and shows the figures.

Examples:
  navicert detect --bench
  navicert detect --bench --seeds 4,5 --misses misses.ndjson
  navicert detect --bench --ports known
  navicert detect --bench ../shared/data --format json`
}

// Run measures and prints.
func (c *detectCmd) Run(ctx context.Context, g *globals) error {
	if c.Events != "" && c.Dir == "" {
		return usageError("detect: --events needs the folder of public data")
	}
	if c.Length < 0 {
		return usageError("detect: --length cannot be negative")
	}
	misses, err := createLines(c.Misses) // before the months are played, which takes a while
	if err != nil {
		return err
	}
	defer misses.discard()
	events, err := createLines(c.Events)
	if err != nil {
		return err
	}
	defer events.discard()
	bar := g.progress(-1, "measuring")
	r, err := app.DetectAccuracy(ctx, accuracy.Options{
		Seeds: c.Seeds, Length: c.Length, KnownPorts: c.Ports == "known", Dir: c.Dir, Progress: func(what string) { bar.Describe("measuring: " + what) },
	})
	_ = bar.Finish()
	if err != nil {
		return err
	}
	switch g.format() {
	case "table":
		printAccuracy(g.stdout, r)
	case "csv":
		p := newPrinter(g, accuracyColumns(r)...)
		for _, f := range r.Figures {
			if err := p.print(f); err != nil {
				return err
			}
		}
		if err := p.close(); err != nil {
			return err
		}
	default:
		if err := json.NewEncoder(g.stdout).Encode(r); err != nil {
			return err
		}
	}
	if err := writeLines(misses, r.Misses); err != nil {
		return err
	}
	var found []navicert.Event
	for _, p := range r.Public {
		found = append(found, p.List...)
	}
	if err := writeLines(events, found); err != nil {
		return err
	}
	for _, a := range r.Absent {
		g.note("Not measured: %s.", a)
	}
	return nil
}

// createLines opens a file for JSON lines; nil when none is named.
func createLines(path string) (*outFile, error) {
	if path == "" {
		return nil, nil
	}
	return createOut(path)
}

// writeLines writes records as JSON lines to a file, if there is one, and puts it
// in its place.
func writeLines[T any](out *outFile, records []T) error {
	if out == nil {
		return nil
	}
	b := bufio.NewWriter(out)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for i := range records {
		if err := e.Encode(&records[i]); err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return out.commit()
}

func accuracyColumns(r *accuracy.Report) []column[accuracy.Figure] {
	return []column[accuracy.Figure]{
		{"kind", func(f accuracy.Figure) string { return f.Kind }},
		{"truths", func(f accuracy.Figure) string { return strconv.Itoa(f.Truths) }},
		{"found", func(f accuracy.Figure) string { return strconv.Itoa(f.Found) }},
		{"recall", func(f accuracy.Figure) string { return ratio(f.Recall()) }},
		{"events", func(f accuracy.Figure) string { return counted(f, f.Events) }},
		{"false", func(f accuracy.Figure) string { return counted(f, f.False) }},
		{"precision", func(f accuracy.Figure) string { return ratio(f.Precision()) }},
		{"false/vessel-year", func(f accuracy.Figure) string {
			if f.OneClass {
				return ""
			}
			return fmt.Sprintf("%.3f", float64(f.False)/r.VesselYears)
		}},
	}
}

func counted(f accuracy.Figure, n int) string {
	if f.OneClass {
		return ""
	}
	return strconv.Itoa(n)
}

func ratio(v navicert.Opt[float64]) string {
	if x, ok := v.Get(); ok {
		return fmt.Sprintf("%.3f", x)
	}
	return ""
}

// printAccuracy prints the report for a reader.
func printAccuracy(w io.Writer, r *accuracy.Report) {
	var seeds []string
	for _, s := range r.Seeds {
		seeds = append(seeds, strconv.FormatUint(s, 10))
	}
	fmt.Fprintf(w, "%s, seeds %s: %d vessels, %d positions, %.1f vessel-years\n\n", r.Scenario, strings.Join(seeds, ", "), r.Vessels, r.Positions, r.VesselYears)
	if r.KnownPorts {
		fmt.Fprint(w, "The detectors know the program's own ports, and none of the months'.\n\n")
	}
	var header []string
	for _, c := range accuracyColumns(r) {
		header = append(header, c.name)
	}
	var rows [][]string
	for _, f := range r.Figures {
		var row []string
		for _, c := range accuracyColumns(r) {
			row = append(row, c.text(f))
		}
		rows = append(rows, row)
	}
	printTable(w, header, rows)
	fmt.Fprintln(w, "\nInnocent look-alikes")
	rows = nil
	for _, l := range r.LookAlikes {
		rows = append(rows, []string{l.Is, l.Like, strconv.Itoa(l.Times), strconv.Itoa(l.Told), numbers(l.Called)})
	}
	printTable(w, []string{"what it was", "looks like", "times", "told as that", "classes"}, rows)
	fmt.Fprintln(w, "\nApproaches to zones, by the hours that were left when they were first told")
	rows = nil
	for _, f := range r.Forecasts {
		rows = append(rows, []string{fmt.Sprintf("%g to %g", f.FromHours, f.ToHours), strconv.Itoa(f.Told), strconv.Itoa(f.Entered), strconv.Itoa(f.Withdrawn), strconv.Itoa(f.False)})
	}
	printTable(w, []string{"hours", "told", "entered", "withdrawn", "false"}, rows)
	for _, p := range r.Public {
		fmt.Fprintf(w, "\n%s: %d vessels, %d positions, %d kept\n", p.Data, p.Vessels, p.Positions, p.Kept)
		fmt.Fprintf(w, "  %s\n", numbers(p.Events))
	}
	printFixtures(w, r.Fixtures)
}

// printFixtures prints a line for each set of cases, and below it those in which
// we do not agree.
func printFixtures(w io.Writer, sets []gfw.Set) {
	if len(sets) == 0 {
		return
	}
	fmt.Fprintln(w, "\nTest cases of Global Fishing Watch")
	for _, s := range sets {
		fmt.Fprintf(w, "%s: %d of %d agree\n", s.Name, s.Agree, s.All)
		for _, m := range s.Misses {
			fmt.Fprintf(w, "  %s\n", m)
		}
	}
}

// numbers prints counts by name.
func numbers(n map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(n)) {
		parts = append(parts, fmt.Sprintf("%s %d", k, n[k]))
	}
	return strings.Join(parts, ", ")
}

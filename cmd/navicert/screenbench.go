package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"navicert/screen/accuracy"
)

// missesShown is how many misses of a set are listed without --misses.
const missesShown = 5

// bench measures the matching instead of asking a question.
func (c *screenCmd) bench(ctx context.Context, g *globals) error {
	var misses io.Writer
	var out *outFile
	if c.Misses != "" {
		var err error
		if out, err = createOut(c.Misses); err != nil {
			return err
		}
		defer out.discard()
		misses = out
	}
	bar := g.progress(-1, "measuring")
	r, err := accuracy.Run(ctx, accuracy.Options{Dir: c.Bench, Progress: func(set string) { bar.Describe("measuring " + set) }})
	_ = bar.Finish()
	if err != nil {
		return err
	}
	p := newPrinter(g, figureColumns...)
	for _, f := range r.Figures {
		if err := p.print(f); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	if misses != nil {
		if err := writeMisses(misses, r.Misses); err != nil {
			return err
		}
		if err := out.commit(); err != nil {
			return err
		}
		g.note("%d misses are in %s.", len(r.Misses), c.Misses)
	} else if g.format() == "table" {
		if err := listMisses(g.stdout, r.Misses); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		g.note("%s.", n)
	}
	for _, a := range r.Absent {
		g.note("Not measured: %s.", a)
	}
	return nil
}

// figureColumns are those of the table and of CSV.
var figureColumns = []column[accuracy.Figure]{
	{"set", func(f accuracy.Figure) string { return f.Set }},
	{"measure", func(f accuracy.Figure) string { return f.Measure }},
	{"navicert", func(f accuracy.Figure) string { return strconv.FormatFloat(f.Value, 'f', 4, 64) }},
	{"of", func(f accuracy.Figure) string { return strconv.Itoa(f.Of) }},
	{"bar", func(f accuracy.Figure) string {
		switch {
		case f.Bar == 0:
			return ""
		case f.AtMost:
			return "at most " + strconv.FormatFloat(f.Bar, 'f', 4, 64)
		}
		return strconv.FormatFloat(f.Bar, 'f', 4, 64)
	}},
	{"met", func(f accuracy.Figure) string {
		switch {
		case f.Bar == 0:
			return ""
		case f.Met():
			return "yes"
		}
		return "no"
	}},
	{"others", func(f accuracy.Figure) string { return f.Others }},
}

func writeMisses(w io.Writer, misses []accuracy.Miss) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for _, m := range misses {
		if err := e.Encode(m); err != nil {
			return err
		}
	}
	return b.Flush()
}

// listMisses prints the first misses of each set below the table.
func listMisses(w io.Writer, misses []accuracy.Miss) error {
	b := bufio.NewWriter(w)
	shown := map[string]int{}
	for _, m := range misses {
		shown[m.Set]++
		switch n := shown[m.Set]; {
		case n == missesShown+1:
			fmt.Fprintf(b, "  and more: --misses FILE writes all\n")
		case n <= missesShown:
			if n == 1 {
				fmt.Fprintf(b, "Missed, %s:\n", m.Set)
			}
			fmt.Fprintf(b, "  %q, %q: wanted %s, score %.3f\n", m.Asked, m.Other, m.Wanted, m.Score)
		}
	}
	return b.Flush()
}

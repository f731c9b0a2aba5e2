package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"navicert"
	"navicert/app"
)

// fixes prints the positions of an event.
func (c *eventsShowCmd) fixes(ctx context.Context, g *globals, a *app.App, ev navicert.Event) error {
	if ev.MMSI != 0 && g.format() == "table" {
		writeEvent(g.stdout, ev)
	}
	p := eventFixPrinter(g)
	n, err := a.EventFixes(ctx, ev, app.EventFixesOptions{Folders: c.In, Limit: c.Limit, KnownAt: c.KnownAt.Time}, func(f *app.EventFix) error {
		return p.print(*f)
	})
	if err != nil {
		return err
	}
	if err := p.close(); err != nil {
		return err
	}
	span := "since " + n.From.String()
	if !n.To.IsZero() {
		span = "from " + n.From.String() + " to " + n.To.String()
	}
	for _, m := range n.Missing {
		g.note("No position of %s is held %s.", m, span)
	}
	if n.LeftOut > 0 {
		g.note("%d positions, %d more left out, from %s on; --limit %d shows all.", n.Shown, n.LeftOut, n.Next, n.Shown+n.LeftOut)
	}
	return nil
}

func eventFixPrinter(g *globals) *printer[app.EventFix] {
	type row = app.EventFix
	number := func(v navicert.Opt[float64], decimals int) string {
		if x, ok := v.Get(); ok {
			return strconv.FormatFloat(x, 'f', decimals, 64)
		}
		return ""
	}
	return newPrinter(
		g,
		column[row]{"time", func(f row) string { return navicert.At(f.Time).String() }},
		column[row]{"mmsi", func(f row) string { return f.MMSI.String() }},
		column[row]{"lat", func(f row) string { return fmt.Sprintf("%.5f", f.Pos.Lat) }},
		column[row]{"lon", func(f row) string { return fmt.Sprintf("%.5f", f.Pos.Lon) }},
		column[row]{"speed", func(f row) string { return number(f.SpeedKn, 1) }},
		column[row]{"course", func(f row) string { return number(f.CourseDeg, 1) }},
		column[row]{"heading", func(f row) string { return number(f.HeadingDeg, 0) }},
		column[row]{"status", func(f row) string {
			if s, ok := f.Status.Get(); ok {
				return strconv.Itoa(int(s))
			}
			return ""
		}},
		column[row]{"stations", func(f row) string {
			return strings.Join(append([]string{f.Station}, f.OtherStations.Names()...), ", ")
		}},
		column[row]{"source", func(f row) string { return standsAt(f.Ref) }},
		column[row]{"evidence", func(f row) string {
			if f.Evidence {
				return "yes"
			}
			return ""
		}},
		column[row]{"read again", func(f row) string { return readAgain(&f.Reading) }},
		column[row]{"raw", func(f row) string { return strings.Join(f.Raw, "\n") }},
	)
}

package main

import (
	"context"
	"fmt"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

type coverageCmd struct {
	At     string           `required:"" help:"About this place: LAT,LON in decimal degrees, or a UN/LOCODE." placeholder:"PLACE"`
	From   navicert.Instant `help:"Only clock hours that had not ended before this time." placeholder:"TIME"`
	To     navicert.Instant `help:"Only clock hours that began before this time." placeholder:"TIME"`
	Within float64          `default:"15" help:"Cells whose centres lie within this distance, nautical miles." placeholder:"NM"`
}

// Help is printed below the flags.
func (coverageCmd) Help() string {
	return `Prints the coverage ledger that replay keeps: for each clock hour, S2 cell (some
20 nm), receiver and class of transponder how many ships were heard, at least, with
how many positions, and the last time. A receiver is a station, or the source when
that names none. Where nothing is printed nobody was heard, or nobody listened.

Examples:
  navicert coverage --at 10.2,-64.85 --from 2025-12-20 --to 2025-12-21
  navicert coverage --at VEJOT --within 50 --format csv`
}

// Run prints.
func (c *coverageCmd) Run(ctx context.Context, g *globals) error {
	place, err := geo.FindPlace(c.At)
	if err != nil {
		return usageError("coverage: " + err.Error())
	}
	at, ok := place.Pos.Get()
	if !ok {
		return navicert.Errorf(navicert.NotFound, "coverage", place.Code, "its position is not known").WithHint("give LAT,LON")
	}
	const widest = 500
	switch {
	case !c.To.IsZero() && !c.To.After(c.From.Time):
		return usageError(fmt.Sprintf("coverage: --to %s is not after --from %s", c.To, c.From))
	case !(c.Within >= 0 && c.Within <= widest):
		return usageError(fmt.Sprintf("coverage: --within must be 0 to %d", widest))
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	rows, err := a.Coverage(ctx, at, c.Within, c.From.Time, c.To.Time)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		g.note("Nobody is known to have been heard there then.")
	}
	p := newPrinter(
		g,
		column[app.Heard]{"hour", func(h app.Heard) string { return navicert.At(h.Hour).String() }},
		column[app.Heard]{"cell", func(h app.Heard) string { return h.Cell.ToToken() }},
		column[app.Heard]{"centre", func(h app.Heard) string { return h.Position.String() }},
		column[app.Heard]{"nm", func(h app.Heard) string { return fmt.Sprintf("%.0f", h.NM) }},
		column[app.Heard]{"receiver", func(h app.Heard) string { return h.Receiver }},
		column[app.Heard]{"kind", func(h app.Heard) string { return h.Kind }},
		column[app.Heard]{"class", func(h app.Heard) string { return string(h.Class) }},
		column[app.Heard]{"ships", func(h app.Heard) string { return fmt.Sprint(h.Ships) }},
		column[app.Heard]{"positions", func(h app.Heard) string { return fmt.Sprint(h.Fixes) }},
		column[app.Heard]{"last", func(h app.Heard) string { return navicert.At(h.Last).String() }},
		column[app.Heard]{"simulated", func(h app.Heard) string { return yesNo(h.Simulated) }},
	)
	for _, h := range rows {
		if err := p.print(h); err != nil {
			return err
		}
	}
	return p.close()
}

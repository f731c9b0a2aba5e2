package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/detect"
)

type eventsCmd struct {
	List eventsListCmd `cmd:"" help:"List the events held."`
	Show eventsShowCmd `cmd:"" help:"Show one event, and read its fixes again from the files they came from."`
	Log  eventsLogCmd  `cmd:"" help:"Record what a ship's log says of AIS that was switched off."`

	Withdraw eventsWithdrawCmd `cmd:"" help:"Take a log entry back; it stays as history."`
}

// Help is printed below the flags.
func (eventsCmd) Help() string {
	return `Events are what replay saw in the tracks: docs/behaviour.md.

Examples:
  navicert events list --kind gap --from 2025-12-01
  navicert events show 3f1c09ab`
}

type eventsListCmd struct {
	MMSI    string           `name:"mmsi" help:"Only of this MMSI."`
	IMO     string           `name:"imo" help:"Only of this ship: events that name its IMO number, and those of the MMSIs it was reported with that name no other."`
	Kind    string           `help:"Only of this kind: gap, zone, encounter and so on." placeholder:"KIND"`
	From    navicert.Instant `help:"Only what had not ended before this time." placeholder:"TIME"`
	To      navicert.Instant `help:"Only what began before this time." placeholder:"TIME"`
	KnownAt navicert.Instant `help:"As it was known at this time." placeholder:"TIME"`
	Limit   int              `help:"At most so many." placeholder:"N"`
}

// Help is printed below the flags.
func (eventsListCmd) Help() string {
	return `One line for each event, by the time at which it began, in its newest version.

Examples:
  navicert events list
  navicert events list --imo 9256860 --kind gap --from 2025-12-01 --to 2026-01-01
  navicert events list --mmsi 775999001 --known-at 2025-12-20T12:00:00Z --format csv`
}

// Run lists.
func (c *eventsListCmd) Run(ctx context.Context, g *globals) error {
	f := app.EventsOf{Filter: detect.Filter{Kind: c.Kind, From: c.From.Time, To: c.To.Time, KnownAt: c.KnownAt.Time, Limit: c.Limit}}
	var err error
	if c.MMSI != "" {
		if f.MMSI, err = navicert.ParseMMSI(c.MMSI); err != nil {
			return usageError("events list: " + err.Error())
		}
	}
	if c.IMO != "" {
		if f.IMO, err = navicert.ParseIMO(c.IMO); err != nil {
			return usageError("events list: " + err.Error())
		}
	}
	switch {
	case c.Limit < 0:
		return usageError("events list: --limit cannot be negative")
	case !c.To.IsZero() && !c.To.After(c.From.Time):
		return usageError(fmt.Sprintf("events list: --to %s is not after --from %s", c.To, c.From))
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	events, err := a.Events(ctx, f)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		g.note("No such event is held.")
	}
	p := eventPrinter(g)
	for _, ev := range events {
		if err := p.print(ev); err != nil {
			return err
		}
	}
	return p.close()
}

type eventsShowCmd struct {
	ID      string           `arg:"" help:"The event's id, or the beginning of it."`
	In      []string         `default:"." type:"path" help:"Folders in which the files lie that its fixes came from, and folders of records (replay --record) beside those that are remembered." placeholder:"DIR"`
	KnownAt navicert.Instant `help:"As it was known at this time." placeholder:"TIME"`
	Fixes   bool             `help:"All positions held of its ships, from its start to its end."`
	Limit   int              `default:"1000" help:"Of --fixes at most so many." placeholder:"N"`
}

// Help is printed below the flags.
func (eventsShowCmd) Help() string {
	return `Prints what is known of the event, and of each fix that makes it the sentence or
row that it was read from: it is read again from its file, decoded anew and
compared. Where that cannot be done it says why.

With --fixes it prints every position that is held of the event's ship, and of the
other ship of a meeting, from its start to its end, each with the sentence or row
that it was read from; of more than --limit the first, with a count of the others.

Examples:
  navicert events show 3f1c09ab
  navicert events show 3f1c09ab --fixes --limit 5000 --format csv
  navicert events show 3f1c09ab --in logs/2025-12 --in logs/2026-01 --format json`
}

// shownEvent is an event with its evidence as it reads now.
type shownEvent struct {
	Event    navicert.Event        `json:"event"`
	Evidence []app.CheckedEvidence `json:"evidence"`
}

// Run shows.
func (c *eventsShowCmd) Run(ctx context.Context, g *globals) error {
	if c.Limit < 1 {
		return usageError("events show: --limit must be at least 1")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	ev, err := a.Event(ctx, strings.ToLower(c.ID), c.KnownAt.Time)
	if err != nil {
		return err
	}
	if c.Fixes {
		return c.fixes(ctx, g, a, ev)
	}
	checked, err := a.CheckEvidence(ctx, ev, c.In...)
	if err != nil {
		return err
	}
	logged, err := a.LoggedBeside(ctx, ev, c.KnownAt)
	if err != nil {
		return err
	}
	for _, l := range logged {
		for _, e := range l.Evidence {
			checked = append(checked, app.CheckedEvidence{Evidence: e, Reading: app.Reading{Reread: app.RereadNoFix, Why: "the ship's log, event " + l.ID}})
		}
	}
	if f := g.format(); f == "json" || f == "ndjson" {
		shown := shownEvent{ev, checked}
		shown.Event.Evidence = nil // it stands beside it
		p := newPrinter[shownEvent](g)
		if err := p.print(shown); err != nil {
			return err
		}
		return p.close()
	} else if f == "table" {
		writeEvent(g.stdout, ev)
	}
	p := newPrinter(
		g,
		column[app.CheckedEvidence]{"time", func(e app.CheckedEvidence) string { return e.Time.String() }},
		column[app.CheckedEvidence]{"evidence", func(e app.CheckedEvidence) string { return e.Text }},
		column[app.CheckedEvidence]{"source", func(e app.CheckedEvidence) string { return strings.TrimSpace(e.Source + " " + e.Ref) }},
		column[app.CheckedEvidence]{"read again", func(e app.CheckedEvidence) string { return readAgain(&e.Reading) }},
		column[app.CheckedEvidence]{"raw", func(e app.CheckedEvidence) string { return strings.Join(e.Raw, "\n") }},
	)
	for _, e := range checked {
		if err := p.print(e); err != nil {
			return err
		}
	}
	return p.close()
}

// readAgain says what came of reading a position again.
func readAgain(r *app.Reading) string {
	if r.Why == "" {
		return string(r.Reread)
	}
	return string(r.Reread) + ": " + r.Why
}

// writeEvent prints an event for a reader.
func writeEvent(w io.Writer, ev navicert.Event) {
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "%-12s %s\n", name, text)
		}
	}
	line("id", ev.ID)
	line("kind", ev.Kind)
	line("state", string(ev.State))
	if ev.MMSI != 0 {
		line("MMSI", ev.MMSI.String())
	}
	if ev.IMO != 0 {
		line("IMO", ev.IMO.String())
	}
	if ev.Other != 0 {
		line("other", ev.Other.String())
	}
	line("zone", ev.Zone)
	at := func(p navicert.Opt[navicert.Position]) string {
		if v, ok := p.Get(); ok {
			return "  " + v.String()
		}
		return ""
	}
	line("start", ev.Start.String()+at(ev.Position))
	if !ev.End.IsZero() {
		line("end", ev.End.String()+at(ev.EndPosition))
	}
	line("confidence", ev.Confidence)
	if ev.Simulated {
		line("simulated", "yes")
	}
	names := make([]string, 0, len(ev.Measures))
	for name := range ev.Measures {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		line("measure", fmt.Sprintf("%s %.6g", name, ev.Measures[name]))
	}
	for _, e := range ev.Explanations {
		line("note", e)
	}
	fmt.Fprintln(w)
}

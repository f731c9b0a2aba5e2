package main

import (
	"context"
	"strings"

	"navicert"
	"navicert/detect"
)

type eventsLogCmd struct {
	Event    string           `arg:"" optional:"" help:"The id of the gap that it explains, or the beginning of it: vessel, times and place are then the gap's unless given."`
	MMSI     string           `name:"mmsi" help:"Of this MMSI."`
	From     navicert.Instant `help:"When AIS was switched off." placeholder:"TIME"`
	To       navicert.Instant `help:"When it was switched on again; left out while it is off." placeholder:"TIME"`
	At       string           `help:"Where it was switched off." placeholder:"LAT,LON"`
	Reason   string           `required:"" help:"Why, in the log's words." placeholder:"TEXT"`
	By       string           `required:"" help:"Who records it." placeholder:"NAME"`
	Document string           `help:"The log page: its name and hash are kept, not its content." placeholder:"FILE"`
}

// Help is printed below the flags.
func (eventsLogCmd) Help() string {
	return `The master may switch AIS off for safety or security, and logs time, place and
reason (IMO A.1106(29)). The entry stands beside the gap, in events and
certificates, from the moment it is recorded; the gap stays.

Examples:
  navicert events log 3f1c09ab --reason "boarding attempts reported" --by "A. Smith, DPA" --document log-page.pdf
  navicert events log --mmsi 775999001 --from 2025-12-20T01:30:00Z --to 2025-12-20T08:30:00Z --at 10.08,-64.9 --reason "piracy area" --by "duty officer"`
}

// Run records.
func (c *eventsLogCmd) Run(ctx context.Context, g *globals) error {
	if (c.Event == "") == (c.MMSI == "") {
		return usageError("events log: give the id of a gap or --mmsi")
	}
	if c.MMSI != "" && c.From.IsZero() {
		return usageError("events log: give --from with --mmsi")
	}
	l := detect.LogEntry{From: c.From, To: c.To, Reason: c.Reason, RecordedBy: c.By}
	var err error
	if c.MMSI != "" {
		if l.MMSI, err = navicert.ParseMMSI(c.MMSI); err != nil {
			return usageError("events log: " + err.Error())
		}
	}
	if c.At != "" {
		p, err := navicert.ParsePosition(c.At)
		if err != nil {
			return usageError("events log: " + err.Error())
		}
		l.Position = navicert.Some(p)
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if c.Event != "" {
		ev, err := a.Event(ctx, strings.ToLower(c.Event), navicert.Instant{}.Time)
		if err != nil {
			return err
		}
		l.MMSI, l.IMO = ev.MMSI, ev.IMO
		if l.From.IsZero() {
			l.From = ev.Start
		}
		if l.To.IsZero() {
			l.To = ev.End
		}
		if !l.Position.Known() {
			l.Position = ev.Position
		}
	}
	ev, err := a.LogAISOff(ctx, l, c.Document)
	if err != nil {
		return err
	}
	p := eventPrinter(g)
	if err := p.print(ev); err != nil {
		return err
	}
	return p.close()
}

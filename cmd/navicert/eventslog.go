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
certificates, from the moment it is recorded; the gap stays. What was entered
by mistake is taken back with events withdraw.

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
		l.MMSI, l.IMO, l.Simulated = ev.MMSI, ev.IMO, ev.Simulated
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
	if said := ev.Explanations[len(ev.Explanations)-1]; strings.HasPrefix(said, detect.NothingHeard) {
		g.note("%s.", said)
	}
	p := eventPrinter(g)
	if err := p.print(ev); err != nil {
		return err
	}
	return p.close()
}

type eventsWithdrawCmd struct {
	ID  string `arg:"" help:"The log entry, an event of kind ais_off_log: its id or the beginning of it."`
	Who string `required:"" help:"Who takes it back."`
	Why string `help:"For what reason."`
}

// Help is printed below the flags.
func (eventsWithdrawCmd) Help() string {
	return `From then on the entry stands beside no gap, and certificates do not have it; as
known before, and in those issued before, it does. What was seen in the tracks
cannot be taken back.

Examples:
  navicert events list --kind ais_off_log
  navicert events withdraw 5d2e77c1 --who "N. N." --why "the page was of another ship"`
}

// Run takes it back.
func (c *eventsWithdrawCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	ev, err := a.WithdrawLogEntry(ctx, strings.ToLower(c.ID), c.Who, c.Why)
	if err != nil {
		return err
	}
	p := eventPrinter(g)
	if err := p.print(ev); err != nil {
		return err
	}
	return p.close()
}

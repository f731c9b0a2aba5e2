package app

import (
	"context"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/store"
)

// EventFix is a position of a ship of an event, with what its source says now.
type EventFix struct {
	navicert.Fix
	Evidence bool `json:"evidence,omitempty"` // the event itself names it
	Reading
}

// EventFixesOptions say which positions of an event are read, and where they are
// looked for.
type EventFixesOptions struct {
	Folders []string  // in which the files lie that they came from
	Limit   int       // at most so many
	KnownAt time.Time // when the event was known so; zero: now
}

// EventFixes counts the positions of an event.
type EventFixes struct {
	From, To navicert.Instant // of the event; To zero: it goes on
	Shown    int
	LeftOut  int              // held, and more than the limit
	Missing  []navicert.MMSI  // ships of the event of which no position is held
	Next     navicert.Instant // of the first that was left out
}

// pageFixes is how many positions are held and read again together.
const pageFixes = 1000

// EventFixes gives the positions held of the ships of an event from its start to
// its end, in order of time, each read again from its file as
// [App.CheckEvidence] does. An event of an area, which is of no one ship, is an
// error. It holds some thousand positions at once.
func (a *App) EventFixes(ctx context.Context, ev navicert.Event, o EventFixesOptions, give func(*EventFix) error) (EventFixes, error) {
	n := EventFixes{From: ev.Start, To: ev.End}
	if ev.MMSI == 0 {
		return n, navicert.Errorf(navicert.Invalid, "event", ev.ID, "it is of an area and of no one ship").WithHint("without --fixes its evidence is shown")
	}
	to := o.KnownAt // it goes on
	switch {
	case !ev.End.IsZero():
		to = ev.End.Time
	case ev.State == navicert.EventClosed:
		to = ev.Start.Time
	case to.IsZero():
		to = lastMoment
	}
	ships := []*shipFixes{{db: a.db, page: store.FixPage{MMSI: ev.MMSI}}}
	if ev.Other != 0 && ev.Other != ev.MMSI {
		ships = append(ships, &shipFixes{db: a.db, page: store.FixPage{MMSI: ev.Other}})
	}
	for _, s := range ships {
		s.page.From, s.page.To, s.page.Limit = ev.Start.Truncate(time.Millisecond), to.Truncate(time.Millisecond).Add(time.Millisecond), pageFixes
	}
	files, err := a.rereader(ctx, o.Folders)
	if err != nil {
		return n, err
	}
	defer files.close()
	named := namedBy(ev)
	for {
		chunk, err := merged(ctx, ships, min(pageFixes, o.Limit-n.Shown))
		if err != nil {
			return n, err
		}
		if len(chunk) == 0 {
			break
		}
		records := make([]*sought, len(chunk))
		for i := range chunk {
			f := &chunk[i]
			f.Evidence = named[namedFix{f.Ref.Source, detect.RefText(f.Ref), f.Time.UnixMilli()}]
			records[i] = &sought{
				source: f.Ref.Source, line: f.Ref.Line, offset: f.Ref.Offset, pos: f.Pos, at: f.Time, reading: &f.Reading,
				of: func(m navicert.MMSI) bool { return m == f.MMSI },
			}
		}
		if err := files.read(ctx, records); err != nil {
			return n, err
		}
		for i := range chunk {
			if err := give(&chunk[i]); err != nil {
				return n, err
			}
		}
		n.Shown += len(chunk)
	}
	return n, n.leftOut(ctx, ships)
}

// lastMoment is later than any position.
var lastMoment = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// leftOut counts what was not read of ships, and names those of which there is
// nothing.
func (n *EventFixes) leftOut(ctx context.Context, ships []*shipFixes) error {
	held := 0
	for _, s := range ships {
		have, err := s.db.CountFixes(ctx, s.page.MMSI, s.page.From, s.page.To)
		if err != nil {
			return err
		}
		if held += have; have == 0 {
			n.Missing = append(n.Missing, s.page.MMSI)
		}
		next, err := s.next(ctx)
		if err != nil {
			return err
		}
		if next != nil && (n.Next.IsZero() || next.Time.Before(n.Next.Time)) {
			n.Next = navicert.At(next.Time)
		}
	}
	n.LeftOut = max(held-n.Shown, 0)
	return nil
}

// namedFix is by what a position is known that an event names.
type namedFix struct {
	source, ref string
	millis      int64
}

func namedBy(ev navicert.Event) map[namedFix]bool {
	named := map[namedFix]bool{}
	for _, e := range ev.Evidence {
		if e.Kind == navicert.EvidenceFix {
			named[namedFix{e.Source, e.Ref, e.Time.UnixMilli()}] = true
		}
	}
	return named
}

// shipFixes reads the positions of one ship page by page.
type shipFixes struct {
	db   *store.DB
	page store.FixPage
	held []navicert.Fix
	all  bool // the last page has been read
}

// next is the position at hand, or nil behind the last.
func (s *shipFixes) next(ctx context.Context) (*navicert.Fix, error) {
	if len(s.held) == 0 && !s.all {
		held, err := s.db.FixPage(ctx, s.page)
		if err != nil {
			return nil, err
		}
		s.held, s.all = held, len(held) < s.page.Limit
		if len(held) > 0 {
			last := held[len(held)-1]
			s.page.After = &last
		}
	}
	if len(s.held) == 0 {
		return nil, nil
	}
	return &s.held[0], nil
}

// merged takes at most n positions of ships, in order of time.
func merged(ctx context.Context, ships []*shipFixes, n int) ([]EventFix, error) {
	var out []EventFix
	for len(out) < n {
		var first *shipFixes
		for _, s := range ships {
			f, err := s.next(ctx)
			if err != nil {
				return nil, err
			}
			if f != nil && (first == nil || f.Time.Before(first.held[0].Time)) {
				first = s
			}
		}
		if first == nil {
			break
		}
		out = append(out, EventFix{Fix: first.held[0]})
		first.held = first.held[1:]
	}
	return out, nil
}

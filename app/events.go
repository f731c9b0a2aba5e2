package app

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
)

// EventsOf selects events of a ship by the number of its hull too.
type EventsOf struct {
	detect.Filter
	IMO navicert.IMO
}

// Events returns the events that are held, by start time. Those of an IMO number
// are the ones that name it, those of the MMSIs that it was reported with that
// name no other, and those in which such an MMSI is the other ship.
func (a *App) Events(ctx context.Context, f EventsOf) ([]navicert.Event, error) {
	if err := notYet("events", f.KnownAt, a.now()); err != nil {
		return nil, err
	}
	events, err := a.eventsOf(ctx, f)
	if err != nil {
		return nil, err
	}
	return events, besideLogs(ctx, a.db, events, f.KnownAt)
}

func (a *App) eventsOf(ctx context.Context, f EventsOf) ([]navicert.Event, error) {
	if f.IMO == 0 {
		return a.db.Events(ctx, f.Filter)
	}
	ids, err := a.db.Identities(ctx, f.IMO, 0, cmp.Or(f.To, a.now()))
	if err != nil {
		return nil, err
	}
	mmsis := map[navicert.MMSI]bool{}
	for _, id := range ids {
		mmsis[id.MMSI] = f.MMSI == 0 || id.MMSI == f.MMSI
	}
	all := f.Filter
	all.Limit = 0
	events, err := a.db.Events(ctx, all)
	if err != nil {
		return nil, err
	}
	kept := events[:0]
	for _, e := range events {
		if e.IMO == f.IMO || e.IMO == 0 && mmsis[e.MMSI] || e.Other != 0 && mmsis[e.Other] {
			kept = append(kept, e)
		}
	}
	if f.Limit > 0 && len(kept) > f.Limit {
		kept = kept[:f.Limit]
	}
	return kept, nil
}

// Event returns one event by its id or the beginning of it.
func (a *App) Event(ctx context.Context, id string, knownAt time.Time) (navicert.Event, error) {
	if err := notYet("event", knownAt, a.now()); err != nil {
		return navicert.Event{}, err
	}
	const shortest = 4
	if len(id) < shortest || strings.Trim(id, "0123456789abcdef") != "" {
		return navicert.Event{}, navicert.Errorf(navicert.Invalid, "event", strconv.Quote(id), "is no event id").
			WithHint("an id is 32 digits of 0-9 and a-f; its first " + strconv.Itoa(shortest) + " are enough where no other event begins so")
	}
	events, err := a.db.Events(ctx, detect.Filter{ID: id, KnownAt: knownAt, Limit: 2})
	switch {
	case err != nil:
		return navicert.Event{}, err
	case len(events) == 0:
		return navicert.Event{}, navicert.Errorf(navicert.NotFound, "event", id, "no such event is held").WithHint("navicert events list shows those that are; what was replayed with --no-store is not")
	case len(events) > 1:
		return navicert.Event{}, navicert.Errorf(navicert.Conflict, "event", id, "several events begin so").WithHint("give more of the id")
	}
	err = besideLogs(ctx, a.db, events, knownAt)
	return events[0], err
}

// CheckedEvidence is a piece of evidence of an event with what its source says
// now.
type CheckedEvidence struct {
	navicert.Evidence
	Reading
}

// CheckEvidence reads the fixes of an event again from the files that they came
// from, which it looks for by name in folders, and decodes them anew.
func (a *App) CheckEvidence(ctx context.Context, ev navicert.Event, folders ...string) ([]CheckedEvidence, error) {
	out := make([]CheckedEvidence, len(ev.Evidence))
	by := func(m navicert.MMSI) bool { // evidence of an area's is of any ship
		return ev.MMSI == 0 || m == ev.MMSI || ev.Other != 0 && m == ev.Other
	}
	var records []*sought
	for i, e := range ev.Evidence {
		c := &out[i]
		c.Evidence = e
		if e.Kind != navicert.EvidenceFix {
			c.Reread = RereadNoFix
			continue
		}
		r := &sought{source: e.Source, of: by, pos: e.Position.Or(navicert.Position{}), at: e.Time.Time, reading: &c.Reading}
		if err := r.stands(e.Ref); err != nil {
			c.Reread, c.Why = RereadNothing, err.Error()
		}
		records = append(records, r)
	}
	files, err := a.rereader(ctx, folders)
	if err != nil {
		return nil, err
	}
	defer files.close()
	return out, files.read(ctx, records)
}

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/store"
)

// LogAISOff records what a ship's log says of AIS that was off, with the hash of
// the document at a path, which may be empty. It is known from now on. The entry
// is simulated where every silence that it overlaps is.
func (a *App) LogAISOff(ctx context.Context, l detect.LogEntry, document string) (navicert.Event, error) {
	if document != "" {
		f, err := os.Open(document)
		if err != nil {
			return navicert.Event{}, navicert.Errorf(navicert.Unavailable, "log entry", document, "%w", err)
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return navicert.Event{}, navicert.Errorf(navicert.Unavailable, "log entry", document, "%w", err)
		}
		l.Document, l.SHA256 = filepath.Base(document), hex.EncodeToString(h.Sum(nil))
	}
	ev, err := l.Event(a.now())
	if err != nil {
		return ev, err
	}
	if l.Unheard, err = a.unheard(ctx, l.MMSI); err != nil {
		return ev, err
	}
	if !l.Simulated {
		if l.Simulated, err = a.silentInSimulation(ctx, &ev); err != nil {
			return ev, err
		}
	}
	if ev, err = l.Event(a.now()); err != nil {
		return ev, err
	}
	changed, err := a.db.PutEvents(ctx, a.now(), []navicert.Event{ev})
	if err != nil || changed > 0 {
		return ev, err
	}
	held, err := a.Event(ctx, ev.ID, time.Time{})
	if err == nil && !reflect.DeepEqual(held, ev) {
		err = navicert.Errorf(navicert.Conflict, "log entry", ev.MMSI.String(), "nothing was recorded: of the same ship, beginning and document a later entry is held, which stands").
			WithHint("navicert events show " + ev.ID + " shows it; another reason, end or document makes a new one")
		if !detect.Stands(&held) {
			err = navicert.Errorf(navicert.Conflict, "log entry", ev.MMSI.String(), "nothing was recorded: the same entry was taken back").
				WithHint("navicert events show " + ev.ID + " says by whom; another reason, end or document makes a new one")
		}
	}
	return held, err
}

// unheard reports whether neither position nor report nor event of a vessel is
// held but what was entered by hand.
func (a *App) unheard(ctx context.Context, mmsi navicert.MMSI) (bool, error) {
	_, _, fixes, err := a.db.Span(ctx, mmsi, a.now())
	if err != nil || fixes > 0 {
		return false, err
	}
	ids, err := a.db.Identities(ctx, 0, mmsi, a.now())
	if err != nil || len(ids) > 0 {
		return false, err
	}
	events, err := a.db.Events(ctx, detect.Filter{MMSI: mmsi})
	for _, e := range events {
		if e.Kind != detect.KindLog {
			return false, err
		}
	}
	return true, err
}

// silentInSimulation reports whether an entry overlaps silences, and only those
// of simulated ships.
func (a *App) silentInSimulation(ctx context.Context, entry *navicert.Event) (simulated bool, err error) {
	events, err := a.db.Events(ctx, detect.Filter{MMSI: entry.MMSI, From: entry.Start.Time, To: entry.End.Time})
	for i := range events {
		if !decide.TellsOfSilence(events[i].Kind) || len(detect.Logged(&events[i], []navicert.Event{*entry})) == 0 {
			continue
		}
		if !events[i].Simulated {
			return false, err
		}
		simulated = true
	}
	return simulated, err
}

// WithdrawLogEntry takes a log entry back, by its id or the beginning of it. It
// stays as history, and stands beside no silence from now on.
func (a *App) WithdrawLogEntry(ctx context.Context, id, who, why string) (navicert.Event, error) {
	held, err := a.Event(ctx, id, time.Time{})
	if err != nil {
		return held, err
	}
	now := a.now()
	ev, err := detect.WithdrawLogEntry(held, who, why, now)
	if err != nil {
		return ev, err
	}
	_, err = a.db.PutEvents(ctx, now, []navicert.Event{ev})
	return ev, err
}

// LoggedBeside returns the log entries that stand beside an event of a vessel.
func (a *App) LoggedBeside(ctx context.Context, ev navicert.Event, knownAt navicert.Instant) ([]navicert.Event, error) {
	if !decide.TellsOfSilence(ev.Kind) {
		return nil, nil
	}
	entries, err := a.db.Events(ctx, detect.Filter{MMSI: ev.MMSI, Kind: detect.KindLog, KnownAt: knownAt.Time})
	return detect.Logged(&ev, entries), err
}

// fewVessels is up to how many vessels' log entries are looked for one by one: of
// more, all entries are read at once.
const fewVessels = 20

// besideLogs makes events read as they do beside the log entries that were known
// by a time.
func besideLogs(ctx context.Context, db *store.DB, events []navicert.Event, knownAt time.Time) error {
	silent := map[navicert.MMSI]bool{}
	for i := range events {
		if decide.TellsOfSilence(events[i].Kind) {
			silent[events[i].MMSI] = true
		}
	}
	var entries []navicert.Event
	if len(silent) > fewVessels {
		clear(silent)
		silent[0] = true // all
	}
	for mmsi := range silent {
		some, err := db.Events(ctx, detect.Filter{MMSI: mmsi, Kind: detect.KindLog, KnownAt: knownAt})
		if err != nil {
			return err
		}
		entries = append(entries, some...)
	}
	if len(entries) == 0 {
		return nil
	}
	for i := range events {
		if decide.TellsOfSilence(events[i].Kind) {
			events[i] = detect.BesideLog(events[i], detect.Logged(&events[i], entries))
		}
	}
	return nil
}

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
	"navicert/detect"
)

// LogAISOff records what a ship's log says of AIS that was off, with the hash of
// the document at a path, which may be empty. It is known from now on.
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
	ev, err := l.Event()
	if err != nil {
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
	}
	return held, err
}

// LoggedBeside returns the log entries that overlap an event of a vessel.
func (a *App) LoggedBeside(ctx context.Context, ev navicert.Event, knownAt navicert.Instant) ([]navicert.Event, error) {
	if ev.MMSI == 0 || ev.Kind == detect.KindLog {
		return nil, nil
	}
	events, err := a.db.Events(ctx, detect.Filter{MMSI: ev.MMSI, Kind: detect.KindLog, KnownAt: knownAt.Time})
	return detect.Logged(&ev, events), err
}

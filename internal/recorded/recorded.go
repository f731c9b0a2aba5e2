// Package recorded plays recordings that others made through detectors, for
// tests: the way that replay goes, without a store.
//
//	events, stats := recorded.Play(t, "ais/nmea/dma-aisabnormal-212123000_drift_1.ais", drift.New(drift.Default()))
package recorded

import (
	"context"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/feed"
	"navicert/internal/realdata"
)

// Play reads a file of the test data, in any format, with the receptions of one
// transmission made one, and returns what the detectors found: the last version
// of each event, in the order of their first.
func Play(t testing.TB, name string, detectors ...detect.Detector) ([]navicert.Event, detect.Stats) {
	t.Helper()
	ctx := context.Background()
	src, err := feed.Open(ctx, realdata.Dir(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var events []navicert.Event
	at := map[string]int{}
	e := detect.NewEngine(detect.Options{
		Detectors: detectors,
		Lateness:  time.Minute,
		Event: func(ev navicert.Event) error {
			if i, ok := at[ev.ID]; ok {
				events[i] = ev
				return nil
			}
			at[ev.ID] = len(events)
			events = append(events, ev)
			return nil
		},
	})
	if _, err := feed.Read(ctx, src, feed.Options{Source: name, Unique: true}, e); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return events, e.Stats()
}

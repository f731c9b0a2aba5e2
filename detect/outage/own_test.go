package outage

import (
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/track"
)

// TestOwn: while an event of a ship's own lasts, and near its beginning and its end,
// its silence has reasons of its own.
func TestOwn(t *testing.T) {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return day.Add(time.Duration(hours) * time.Hour) }
	tell := func(d *Detector, id string, from, to int) {
		ev := navicert.Event{ID: id, Kind: "spoofing", MMSI: 775999001, Start: navicert.At(at(from)), State: navicert.EventOpen}
		if to > 0 {
			ev.State, ev.End = navicert.EventClosed, navicert.At(at(to))
		}
		d.Hear(&ev)
	}
	d := New(RF(), 6*time.Hour)
	check := func(hours int, want bool) {
		t.Helper()
		if got := d.reasons(775999001, at(hours)); got != want {
			t.Errorf("after %d hours: %v, want %v", hours, got, want)
		}
	}
	check(20, false)
	tell(d, "a", 20, 0)
	check(13, false)
	check(14, true)
	check(60, true)
	d.forget(at(200))
	check(200, true)
	tell(d, "b", 30, 31)
	tell(d, "a", 20, 70)
	check(50, true)
	check(76, true)
	check(77, false)
	d.forget(at(200))
	if len(d.own) != 0 {
		t.Errorf("%d ships' events are still held", len(d.own))
	}
}

// TestFutureFix: a fix of a year that has not come does not shut the windows of its
// region.
func TestFutureFix(t *testing.T) {
	d := New(RF(), 6*time.Hour)
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	d.Look(now, false, func(navicert.Event) {})
	leaf := s2.CellIDFromLatLng(s2.LatLngFromDegrees(12, -65))
	step := func(index int, at time.Time) {
		d.Step(&detect.Step{Step: track.Step{Vessel: &track.Vessel{Index: index}, Fix: &navicert.Fix{Time: at}}, Cell: leaf}, nil)
	}
	for i := range 10 {
		step(i, now.AddDate(60, 0, 0).Add(time.Duration(i)*2*time.Hour))
	}
	step(20, now.Add(9*time.Minute))
	if w := d.window(regionOf(leaf), d.windowOf(now)); w == nil || w.ships != 1 {
		t.Errorf("the window is %+v, want one ship", w)
	}
}

package app_test

import (
	"testing"
	"time"

	"navicert/app"
	"navicert/app/accuracy"
)

// Eight days of a month: what is told is told of what happened. The
// bars lie below what docs/accuracy.md shows of whole months: they are for a
// detector that is broken, not for one that is a little worse.
func TestDetectAccuracy(t *testing.T) {
	if testing.Short() {
		t.Skip("plays eight days of simulated traffic")
	}
	r, err := app.DetectAccuracy(t.Context(), accuracy.Options{Seeds: []uint64{7}, Length: 8 * 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if r.Vessels < 400 || r.VesselYears < 9 || r.Positions < 300_000 {
		t.Errorf("%d vessels, %d positions, %.1f vessel-years", r.Vessels, r.Positions, r.VesselYears)
	}
	figures := map[string]accuracy.Figure{}
	for _, f := range r.Figures {
		figures[f.Kind] = f
		if f.Found > f.Truths || f.False > f.Events {
			t.Errorf("%s: %+v", f.Kind, f)
		}
	}
	for _, kind := range []string{"gap", "encounter", "loitering", "port_visit", "zone", "drifting"} {
		f := figures[kind]
		if f.Truths < 3 || f.Recall().Or(0) < 0.7 || f.Precision().Or(0) < 0.6 {
			t.Errorf("%s: %+v", kind, f)
		}
	}
	told := 0
	for _, l := range r.LookAlikes {
		if l.Like == "encounter" {
			told += l.Told
		}
	}
	if told > 0 {
		t.Errorf("%d innocent meetings were told as encounters", told)
	}
}

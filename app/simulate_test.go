package app_test

import (
	"bytes"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/feed"
	"navicert/sim"
)

// simulated collects what a reader makes of simulated traffic.
type simulated struct {
	fixes   []navicert.Fix
	statics map[navicert.MMSI]navicert.Static // the newest of each ship
}

// Fix implements feed.Sink.
func (s *simulated) Fix(f *navicert.Fix) error { s.fixes = append(s.fixes, *f); return nil }

// Static implements feed.Sink. A class B ship says its name and the rest in two
// reports.
func (s *simulated) Static(r *navicert.Static) error {
	newest := *r
	if newest.Name == "" {
		newest.Name = s.statics[r.MMSI].Name
	}
	if newest.CallSign == "" {
		newest.CallSign, newest.LengthM = s.statics[r.MMSI].CallSign, s.statics[r.MMSI].LengthM
	}
	s.statics[r.MMSI] = newest
	return nil
}

// Every format is read back by the reader of its name, with the same positions
// of the same ships at the same times, and nothing dropped.
func TestSimulateFormats(t *testing.T) {
	day := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
	read := func(format sim.Format) *simulated {
		t.Helper()
		var b bytes.Buffer
		stats, err := app.Simulate(t.Context(), app.SimulateOptions{Format: string(format), From: day, To: day.Add(12 * time.Hour)}, &b, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &simulated{statics: map[navicert.MMSI]navicert.Static{}}
		in, err := feed.Read(t.Context(), &b, feed.Options{Source: "sim"}, s)
		if err != nil {
			t.Fatal(err)
		}
		if in.Format != string(format) || in.Dropped.Total() != 0 || in.Noted.Total() != 0 || in.Fixes != int64(stats.Positions) || stats.Positions < 500 {
			t.Errorf("%s: read as %s, %d of %d positions, dropped %s, left out %s", format, in.Format, in.Fixes, stats.Positions, in.Dropped.String(), in.Noted.String())
		}
		return s
	}
	want := read(sim.FormatNMEA)
	for _, format := range sim.Formats()[1:] {
		got := read(format)
		for i := range want.fixes {
			w, g := want.fixes[i], got.fixes[i]
			if w.MMSI != g.MMSI || !w.Time.Equal(g.Time) || w.SpeedKn != g.SpeedKn || w.CourseDeg != g.CourseDeg || w.Status != g.Status || w.Class != g.Class {
				t.Fatalf("%s: fix %d is\n%+v, want\n%+v", format, i, g, w)
			}
			if d := w.Pos.Lat - g.Pos.Lat + w.Pos.Lon - g.Pos.Lon; d > 2e-6 || d < -2e-6 {
				t.Fatalf("%s: fix %d is at %v, want %v", format, i, g.Pos, w.Pos)
			}
		}
		for mmsi, g := range got.statics {
			w := want.statics[mmsi]
			if w.Name != g.Name || w.IMO != g.IMO || w.LengthM != g.LengthM || w.CallSign != g.CallSign {
				t.Errorf("%s: %s is\n%+v, want\n%+v", format, mmsi, g, w)
			}
		}
	}
	if _, err := app.Simulate(t.Context(), app.SimulateOptions{Format: "xml"}, &bytes.Buffer{}, nil); navicert.KindOf(err) != navicert.Unsupported {
		t.Errorf("a format that there is not: %v", err)
	}
}

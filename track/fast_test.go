package track

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/track/segment"
)

// drawFixes makes some hours of up to three ships under one MMSI, with strays,
// odd turns, repeats and silences.
func drawFixes(t *rapid.T) []navicert.Fix {
	minutes := 0.0
	var fixes []navicert.Fix
	where := []navicert.Position{{Lat: 10, Lon: -65}, {Lat: 10.3, Lon: -65.2}, {Lat: 44, Lon: 8}}
	course := []float64{90, 180, 270}
	ships := rapid.IntRange(1, 3).Draw(t, "ships")
	for range rapid.IntRange(0, 80).Draw(t, "n") {
		d := rapid.SampledFrom([]float64{0, 0.2, 3, 10, 10, 60, 200, 500}).Draw(t, "minutes")
		minutes += d
		i := rapid.IntRange(0, ships-1).Draw(t, "ship")
		if rapid.IntRange(0, 5).Draw(t, "turn") == 0 {
			course[i] = rapid.Float64Range(0, 359).Draw(t, "course")
		}
		p := &where[i]
		switch rapid.IntRange(0, 12).Draw(t, "moves") {
		case 0: // a stray
			p = &navicert.Position{Lat: p.Lat + rapid.SampledFrom([]float64{-0.3, -0.04, 0.02, 0.05}).Draw(t, "off"), Lon: p.Lon}
		case 1: // stays
		default:
			p.Lon += 0.0035 * d * (course[i] - 180) / 180
		}
		f := fixAt(minutes, p.Lat, p.Lon, rapid.SampledFrom([]float64{0, 0.3, 12}).Draw(t, "speed"))
		f.CourseDeg = navicert.Some(course[i])
		f.Class = rapid.SampledFrom([]navicert.Class{"", navicert.ClassA, navicert.ClassA, navicert.ClassB}).Draw(t, "class")
		f.Station = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "station")
		f.LongRange = rapid.IntRange(0, 15).Draw(t, "long range") == 0
		fixes = append(fixes, *f)
	}
	return fixes
}

// A glance decides as the comparison in full does.
func TestGlanceIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fixes := drawFixes(t)
		var told [2][]string
		var trackers [2]*Tracker
		for i := range trackers {
			trackers[i] = NewTracker(GateGuardian(), func(s Step) error {
				told[i] = append(told[i], fmt.Sprintf("vessel %d segment %d new %t: %v", s.Vessel.Index, s.Vessel.Segment, s.NewSegment, s.Fix.Time))
				return nil
			})
		}
		trackers[1].slow = true
		for i := range fixes {
			for _, tr := range trackers {
				if err := tr.Fix(&fixes[i]); err != nil {
					t.Fatal(err)
				}
			}
			if string(saved(t, trackers[0])) != string(saved(t, trackers[1])) {
				t.Fatalf("they differ after fix %d, %v", i, fixes[i])
			}
		}
		if fmt.Sprint(told[0]) != fmt.Sprint(told[1]) {
			t.Fatalf("at a glance %q\nin full     %q", told[0], told[1])
		}
		for _, tr := range trackers {
			tr.Close()
			if tally := tr.SetAside().Tally(); tr.Kept()+tally.Total() != len(fixes) {
				t.Fatalf("%d came, %d kept, %d set aside", len(fixes), tr.Kept(), tally.Total())
			}
		}
	})
}

// However the fixes of two ships that are far apart interleave under one MMSI,
// no vessel goes from one to the other without a break, and once both were
// heard in turns each has a vessel of its own.
func TestTwoFarShipsNeverFuse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := map[int]bool{} // vessel to hemisphere
		tr := NewTracker(GateGuardian(), func(s Step) error {
			north := s.Fix.Pos.Lat > 0
			if before, ok := last[s.Vessel.Index]; ok && before != north && !s.NewSegment {
				t.Fatalf("vessel %d goes from one ship to the other at %s", s.Vessel.Index, s.Fix.Time)
			}
			last[s.Vessel.Index] = north
			return nil
		})
		minutes := 0.0
		n := rapid.IntRange(0, 120).Draw(t, "n")
		for range n {
			minutes += rapid.Float64Range(0, 150).Draw(t, "minutes")
			f := fixAt(minutes, 40+rapid.Float64Range(-0.1, 0.1).Draw(t, "lat"), -65, 12)
			if rapid.Bool().Draw(t, "south") {
				f.Pos = navicert.Position{Lat: -40, Lon: 100}
			}
			if err := tr.Fix(f); err != nil {
				t.Fatal(err)
			}
		}
		tr.Close()
		if tally := tr.SetAside().Tally(); tr.Kept()+tally.Total() != n {
			t.Fatalf("%d came, %d kept, %d set aside", n, tr.Kept(), tally.Total())
		}
	})
}

func TestTwoShipsInTurns(t *testing.T) {
	of := map[int][]float64{}
	breaks := 0
	tr := NewTracker(GateGuardian(), func(s Step) error {
		of[s.Vessel.Index] = append(of[s.Vessel.Index], s.Fix.Pos.Lat)
		if s.NewSegment {
			breaks++
		}
		return nil
	})
	feed := func(hours, lat float64) {
		t.Helper()
		if err := tr.Fix(fixAt(60*hours, lat, -65, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		feed(float64(i), 10)
		feed(float64(i)+0.1, 50)
	}
	// Both are silent for longer than a segment lasts, then come back where they were.
	feed(60, 50)
	feed(61, 10)
	tr.Close()
	if len(tr.Vessels()) != 2 || len(tr.Sharing(ship)) != 2 || breaks != 2 {
		t.Fatalf("%d vessels, %d breaks, want 2 of each", len(tr.Vessels()), breaks)
	}
	for i, lats := range of {
		if len(lats) != 21 {
			t.Errorf("vessel %d: %d fixes", i, len(lats))
		}
		for _, lat := range lats {
			if lat != lats[0] {
				t.Errorf("vessel %d is at %v and %v", i, lats[0], lat)
			}
		}
	}
	if v := tr.Sharing(ship)[1]; v.Segment != 1 || v.Index != 1 || v.MMSI != ship {
		t.Errorf("second vessel: segment %d, index %d, MMSI %s", v.Segment, v.Index, v.MMSI)
	}
}

func TestReportsOfTwoShipsUnderOneMMSI(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	for i := range 10 {
		for k, name := range []string{"AN EXAMPLE", "ANOTHER EXAMPLE"} {
			f := fixAt(float64(10*i+5*k), 10+40*float64(k), -65, 0)
			f.Station = name
			if err := tr.Fix(f); err != nil {
				t.Fatal(err)
			}
			tr.Static(&navicert.Static{MMSI: ship, Time: f.Time.Add(time.Second), Name: name, Station: name})
		}
	}
	for k, name := range []string{"AN EXAMPLE", "ANOTHER EXAMPLE"} {
		if got := tr.Sharing(ship)[k].Identity.Name; got != name {
			t.Errorf("vessel %d is %q, want %q", k, got, name)
		}
	}
}

// The first report of a second ship is not taken for the first's, which said who it
// is, although that was heard last.
func TestFirstReportOfASecondShip(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	at := func(minute, lat float64) navicert.Instant {
		t.Helper()
		f := fixAt(minute, lat, -65, 0)
		if err := tr.Fix(f); err != nil {
			t.Fatal(err)
		}
		return navicert.At(f.Time)
	}
	now := at(0, 50)
	tr.Static(&navicert.Static{MMSI: ship, Time: now.Time, Name: "AN EXAMPLE", IMO: 9074729})
	for i := range 5 {
		at(float64(10*i+5), 10)
		now = at(float64(10*i+10), 50)
	}
	v := tr.Static(&navicert.Static{MMSI: ship, Time: now.Time, Name: "ANOTHER EXAMPLE", IMO: 9304667})
	if first := tr.Sharing(ship)[0].Identity.Name; v.Index != 1 || first != "AN EXAMPLE" {
		t.Fatalf("the report is of vessel %d, and the first is %q", v.Index, first)
	}
}

func TestDiscrepancyAtMost(t *testing.T) {
	finite := 0
	rapid.Check(t, func(t *rapid.T) {
		a := segment.Point{
			Lat: rapid.Float64Range(-75, 75).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon"),
			SpeedKn: rapid.Float64Range(0, 40).Draw(t, "speed a"), CourseDeg: rapid.Float64Range(0, 360).Draw(t, "course a"),
		}
		b := segment.Point{
			Lat: a.Lat + rapid.Float64Range(-0.25, 0.25).Draw(t, "north"), Lon: a.Lon + rapid.Float64Range(-0.5, 0.5).Draw(t, "east"),
			SpeedKn: rapid.Float64Range(0, 40).Draw(t, "speed b"), CourseDeg: rapid.Float64Range(0, 360).Draw(t, "course b"),
		}
		if b.Lon > 180 {
			b.Lon -= 360
		}
		hours := rapid.Float64Range(0, 3).Draw(t, "hours")
		most := discrepancyAtMost(&a, &b, hours)
		if got := gfw.Discrepancy(&a, &b, hours); got > most {
			t.Fatalf("%v, and at most %v", got, most)
		}
		if !math.IsInf(most, 1) {
			finite++
		}
	})
	if finite == 0 {
		t.Error("no glance was enough")
	}
}

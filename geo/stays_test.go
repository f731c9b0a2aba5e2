package geo

import (
	"strings"
	"testing"
	"time"

	"navicert"
)

func TestAnchoragesAreLearned(t *testing.T) {
	start := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	roads, berth, lone := pos(10.15, -64.9), pos(10.25, -64.63), pos(12, -66)
	lie := func(s *Stays, ship int, at navicert.Position, hours int, moored navicert.Opt[bool]) {
		for i := range hours + 1 {
			// Swinging within 150 m.
			s.Fix(start.Add(time.Duration(i)*time.Hour), Destination(at, float64(i*50%360), 0.08), moored)
		}
		s.Fix(start.Add(time.Duration(hours)*time.Hour+30*time.Minute), Destination(at, 90, 5), moored)
		s.End(navicert.MMSI(200000000 + ship))
	}
	learn := func(ships, hours int) []Port {
		s := NewStays(GFWAnchorage())
		for i := range ships {
			lie(s, i, roads, hours, navicert.Some(false))
			lie(s, i, berth, hours, navicert.Some(true))
		}
		for range 30 { // one ship, thirty times
			lie(s, 1000, lone, hours, navicert.Opt[bool]{})
		}
		return s.Anchorages(NewPorts(Terminals()))
	}
	got := learn(20, 13)
	if len(got) != 2 {
		t.Fatalf("%d places: %+v", len(got), got)
	}
	a, b := got[0], got[1]
	if a.Kind != Anchorage || a.Ships != 20 || a.Name != "anchorage 4 nm from Jose (José Antonio Anzoátegui, TAECJAA)" || DistanceNM(a.Pos, roads) > 0.1 ||
		a.Source != "learned from 20 ships, 2025-12-01 to 2025-12-01" || a.Country != "VE" {
		t.Errorf("the roads are %+v", a)
	}
	if b.Kind != SeaPort || !strings.HasPrefix(b.Name, "berth 0 nm from Puerto La Cruz") {
		t.Errorf("the berth is %+v", b)
	}
	if got := learn(19, 13); len(got) != 0 {
		t.Errorf("of 19 ships %+v is learned", got)
	}
	if got := learn(20, 11); len(got) != 0 {
		t.Errorf("of 11 hours %+v is learned", got)
	}
}

// A silence of more than twelve hours is no stay, and neither is a ship that
// drifts on.
func TestStaysAreBroken(t *testing.T) {
	start := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		hours []float64
		nm    float64 // of drift an hour
		want  int
	}{
		"silent in between": {[]float64{0, 1, 14.5, 15}, 0, 0},
		"silent for less":   {[]float64{0, 1, 12.9, 13}, 0, 1},
		"drifting":          {[]float64{0, 2, 4, 6, 8, 10, 12, 14}, 0.05, 0},
		"lying":             {[]float64{0, 2, 4, 6, 8, 10, 12, 14}, 0.01, 1},
	} {
		s := NewStays(GFWAnchorage())
		for _, h := range c.hours {
			s.Fix(start.Add(time.Duration(h*float64(time.Hour))), Destination(pos(10, -65), 90, c.nm*h), navicert.Opt[bool]{})
		}
		s.End(775999001)
		if s.Found != c.want {
			t.Errorf("%s: %d stays, want %d", name, s.Found, c.want)
		}
	}
}

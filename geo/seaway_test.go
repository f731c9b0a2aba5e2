package geo

import (
	"math"
	"testing"

	"navicert"
)

// Published distances between ports, roughly: the way leads round the land.
func TestWaysRoundTheLand(t *testing.T) {
	l := readWorld(t)
	for name, c := range map[string]struct {
		from, to navicert.Position
		lo, hi   float64
	}{
		"Ras Tanura to Suez":                 {pos(26.63, 50.17), pos(29.9, 32.55), 2500, 3200}, // about 2,800
		"Colón to Balboa, through the canal": {pos(9.4, -79.9), pos(8.9, -79.5), 30, 80},
		"Houston to Cartagena":               {pos(29.3, -94.7), pos(10.4, -75.55), 1500, 1800},
		"Jose to Curaçao":                    {pos(10.15, -64.9), pos(12.1, -68.95), 260, 310},
		"Odessa to Piraeus":                  {pos(46.4, 30.8), pos(37.9, 23.6), 640, 900},
	} {
		got := l.SeaNM(c.to, c.from)[0]
		if got < c.lo || got > c.hi {
			t.Errorf("%s: %.0f nm, want %v to %v", name, got, c.lo, c.hi)
		}
	}
	if got := l.SeaNM(pos(42, 50.5), pos(0, -30))[0]; !math.IsInf(got, 1) {
		t.Errorf("to the Caspian: %.0f nm", got)
	}
	if got := l.SeaNM(pos(48.85, 2.35), pos(0, -30))[0]; !math.IsInf(got, 1) {
		t.Errorf("to Paris: %.0f nm", got)
	}
}

// Over open water it is the great circle, up to the directions of the grid.
func TestWaysOverOpenWater(t *testing.T) {
	l := readWorld(t)
	for _, c := range [][2]navicert.Position{{pos(0, -30), pos(20, -45)}, {pos(-40, -150), pos(-20, 178)}, {pos(30, 175), pos(31, -170)}, {pos(60, -38), pos(55, -24)}} {
		direct, sea := DistanceNM(c[0], c[1]), l.SeaNM(c[1], c[0])[0]
		if sea < direct-22 || sea > direct*(1+SeaDetour(max(math.Abs(c[0].Lat), math.Abs(c[1].Lat))))+22 { // from the middles of two cells
			t.Errorf("%v to %v: %.0f nm at sea, %.0f direct", c[0], c[1], sea, direct)
		}
	}
}

// A search that goes on from where an earlier question left it finds what a new one
// finds, whichever of the two is farther, and with more places than are kept.
func TestSearchesGoOn(t *testing.T) {
	l := readWorld(t)
	g := l.seaGridOf()
	anew := func(to, from navicert.Position) float64 {
		s := &seaSearch{land: l, grid: g}
		start, ok := g.water(l, to)
		cell, also := g.water(l, from)
		if !ok || !also {
			return math.Inf(1)
		}
		s.begin(start)
		return s.to(cell)
	}
	from := []navicert.Position{pos(23, -66), pos(12, -70), pos(29, -94), pos(48.85, 2.35), pos(11, -75), pos(-3, -38)}
	for _, to := range []navicert.Position{
		pos(10.4, -75.55), pos(12.1, -68.95), pos(10.4, -75.55), pos(29.3, -94.7), pos(18.4, -66.1), pos(42, 50.5),
		pos(8.9, -79.5), pos(10.4, -75.55), pos(25.8, -80), pos(12.1, -68.95),
	} {
		for _, p := range from {
			if got, want := l.SeaNM(to, p)[0], anew(to, p); got != want {
				t.Errorf("from %v to %v: %v nm, and %v anew", p, to, got, want)
			}
		}
	}
}

// Each place is asked about when it was forgotten: none of the searches goes on.
func BenchmarkSeaNM(b *testing.B) {
	l := readWorld(b)
	places := []navicert.Position{pos(10.4, -75.55), pos(12.1, -68.95), pos(18.4, -66.1), pos(10.6, -61.5), pos(13.1, -59.6)}
	for i := 0; b.Loop(); i++ {
		l.SeaNM(places[i%len(places)], pos(23, -66), pos(24, -60))
	}
}

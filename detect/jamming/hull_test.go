package jamming

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

func square(x, y, side float64) []point {
	return hull([]point{{x, y}, {x + side, y + side}, {x + side, y}, {x, y + side}, {x + side/2, y + side/2}})
}

func TestIoU(t *testing.T) {
	for _, c := range []struct {
		a, b []point
		want float64
	}{
		{square(0, 0, 1), square(0, 0, 1), 1},
		{square(0, 0, 1), square(0.5, 0, 1), 1. / 3},
		{square(0, 0, 2), square(0.5, 0.5, 1), 0.25},
		{square(0, 0, 1), square(3, 0, 1), 0},
		{square(179.5, 0, 1), square(-180.5, 0, 1), 1},
		{nil, square(0, 0, 1), 0},
	} {
		if got := iou(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v and %v: %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

// TestHull: the hull holds all its points, and those a margin round them.
func TestHull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		origin := rapid.Float64Range(-180, 180).Draw(t, "origin")
		var all []point
		var places []navicert.Position
		for range rapid.IntRange(1, 12).Draw(t, "places") {
			p := navicert.Position{
				Lat: rapid.Float64Range(-60, 60).Draw(t, "lat"), Lon: wrap(origin + rapid.Float64Range(-20, 20).Draw(t, "lon")),
			}
			places = append(places, p)
			all = append(all, octagon(p, origin, 0.1)...)
		}
		shape := hull(all)
		for _, p := range places {
			if !contains(shape, at0(p, shape[0].x)) {
				t.Fatalf("%v is not in %v", p, shape)
			}
		}
		if got := iou(shape, shape); math.Abs(got-1) > 1e-6 {
			t.Fatalf("with itself: %g", got)
		}
	})
}

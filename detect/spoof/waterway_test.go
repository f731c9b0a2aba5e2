package spoof

import (
	"testing"

	"pgregory.net/rapid"

	"navicert"
	"navicert/geo"
)

// What the glance at latitudes leaves out lies near no waterway.
func TestOnWaterwayAsksEveryLegThatMatters(t *testing.T) {
	near := func(p navicert.Position) bool {
		for _, w := range waterways {
			for k, q := range w.line {
				if geo.LegNM(p, w.line[max(0, k-1)], q) <= w.nm {
					return true
				}
			}
		}
		return false
	}
	on := 0
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(waterways).Draw(t, "waterway")
		k := rapid.IntRange(0, len(w.line)-1).Draw(t, "leg")
		p := geo.Interpolate(w.line[max(0, k-1)], w.line[k], rapid.Float64Range(0, 1).Draw(t, "at"))
		p = geo.Destination(p, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 2*w.nm).Draw(t, "off"))
		want := near(p)
		if onWaterway(p) != want {
			t.Fatalf("%v: %v, want %v", p, !want, want)
		}
		if want {
			on++
		}
	})
	if on == 0 {
		t.Error("no position was on a waterway")
	}
}

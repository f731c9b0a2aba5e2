package geo

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// A look finds the zones that a leg enters from outside, and where.
func TestAheadIsFirstEntry(t *testing.T) {
	entered := 0
	rapid.Check(t, func(t *rapid.T) {
		var zones []Zone
		for i := range rapid.IntRange(1, 20).Draw(t, "zones") {
			a, err := NewCircle(navicert.Position{Lat: rapid.Float64Range(-89, 89).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}, rapid.Float64Range(1, 900).Draw(t, "radius"))
			if err != nil {
				t.Fatal(err)
			}
			zones = append(zones, Zone{ID: fmt.Sprint(i), Area: a})
		}
		ahead := NewAhead(NewIndex(zones), 700)
		p := anywhere(t)
		course, nm := rapid.Float64Range(0, 360).Draw(t, "course"), rapid.Float64Range(0.1, 700).Draw(t, "nm")
		if rapid.Bool().Draw(t, "towards one") {
			c, r, _ := zones[0].Area.Circle()
			p = Destination(c, rapid.Float64Range(0, 360).Draw(t, "bearing"), r+nm*rapid.Float64Range(0.1, 1.5).Draw(t, "off"))
			course = BearingDeg(p, c)
		}
		var want []Entry
		for i := range zones {
			if legs := zones[i].Area.Leg(p, Destination(p, course, nm)); len(legs) > 0 && legs[0].Entering {
				want = append(want, Entry{i, legs[0].Position})
			}
		}
		entered += len(want)
		end := Destination(p, course, nm)
		onEdge := func(e Entry) bool { // rounding decides whether a look that ends there enters
			c, r, _ := zones[e.Zone].Area.Circle()
			return math.Abs(DistanceNM(c, end)-r) < 1e-6
		}
		want = slices.DeleteFunc(want, onEdge)
		same := func(a, b Entry) bool { return a.Zone == b.Zone && DistanceM(a.Pos, b.Pos) < 1e-3 } // rounded elsewhere
		if got := slices.DeleteFunc(ahead.Look(p, course, nm, nil), onEdge); !slices.EqualFunc(got, want, same) {
			t.Fatalf("from %v on %v within %v nm a look finds %v, want %v", p, course, nm, got, want)
		}
	})
	if entered == 0 {
		t.Error("no zone was entered")
	}
}

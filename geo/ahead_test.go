package geo

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// Every zone that a leg enters is among those that a look finds.
func TestAheadMissesNothing(t *testing.T) {
	found, entered := 0, 0
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
		if rapid.Bool().Draw(t, "near one") {
			c, r, _ := zones[0].Area.Circle()
			p = Destination(c, rapid.Float64Range(0, 360).Draw(t, "bearing"), r+rapid.Float64Range(1, 700).Draw(t, "off"))
		}
		course, nm := rapid.Float64Range(0, 360).Draw(t, "course"), rapid.Float64Range(0.1, 700).Draw(t, "nm")
		got := map[int]bool{}
		for _, i := range ahead.Look(p, course, nm, nil) {
			got[i] = true
			found++
		}
		for i := range zones {
			if len(zones[i].Area.Leg(p, Destination(p, course, nm))) > 0 {
				entered++
				if !got[i] {
					t.Fatalf("zone %d is entered from %v on %v within %v nm and not found", i, p, course, nm)
				}
			}
		}
	})
	if entered == 0 || found > 2*entered+100 {
		t.Errorf("%d zones entered, %d found", entered, found)
	}
}

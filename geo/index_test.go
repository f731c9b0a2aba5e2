package geo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

func TestIndexAt(t *testing.T) {
	ix := NewIndex(append(readTestZones(t), Zone{ID: "no area"}))
	if ix.Len() != 2 {
		t.Fatalf("%d zones in the index", ix.Len())
	}
	day := func(d int) time.Time { return time.Date(2025, 12, d, 12, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		p    navicert.Position
		t    time.Time
		want string
	}{
		{pos(10.2, -64.8), day(30), "[test-blockade-a test-danger]"},
		{pos(10.2, -64.8), day(20), "[test-blockade-a]"},
		{pos(10.2, -64.8), day(17), "[]"},
		{pos(10.2, -64.8), day(32), "[test-blockade-a]"},
		{pos(9.95, -64.8), day(30), "[]"},
		{pos(40, 20), day(30), "[]"},
	} {
		got := []string{}
		for _, z := range ix.At(c.p, c.t) {
			got = append(got, z.ID)
		}
		if g := fmt.Sprint(got); g != c.want {
			t.Errorf("At(%v, %v) = %s, want %s", c.p, c.t, g, c.want)
		}
	}
	if got := NewIndex(nil).At(pos(0, 0), day(1)); got != nil {
		t.Errorf("an empty index finds %v", got)
	}
}

func TestIndexAgreesWithEveryZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var zones []Zone
		home := genPosition(t)
		for i := range rapid.IntRange(1, 6).Draw(t, "zones") {
			centre := Destination(home, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 500).Draw(t, "far"))
			var a *Area
			if rapid.Bool().Draw(t, "circle") {
				a, _ = NewCircle(centre, rapid.Float64Range(0.1, 700).Draw(t, "radius"))
			} else {
				var ring [][2]float64
				for k := range 7 {
					p := Destination(centre, float64(k)*51, rapid.Float64Range(1, 500).Draw(t, "r"))
					ring = append(ring, [2]float64{p.Lon, p.Lat})
				}
				a = areaOf(t, ring)
			}
			zones = append(zones, Zone{ID: fmt.Sprint(i), Area: a})
		}
		ix := NewIndex(zones)
		var last navicert.Position
		for range 8 {
			p := Destination(home, rapid.Float64Range(0, 360).Draw(t, "pb"), rapid.Float64Range(0, 1200).Draw(t, "pd"))
			near := ix.Near(p, nil)
			if cell := CellID(p, rapid.IntRange(0, 30).Draw(t, "level")); len(near) > 0 && ix.Span(cell).Empty() {
				t.Fatalf("no zone is near the cell %v, and %v near %v in it", cell, near, p)
			}
			if wide := CellID(p, rapid.IntRange(0, SmallLevel).Draw(t, "wide")); !slices.Equal(ix.NearIn(ix.Span(wide), SmallCell(p), p, nil), near) {
				t.Fatalf("by the cell %v other zones are near %v than %v", wide, p, near)
			}
			nm := rapid.Float64Range(0, 30).Draw(t, "beyond")
			for i := range zones {
				k := slices.IndexFunc(near, func(n Near) bool { return n.Zone == i })
				inside := k >= 0 && near[k].Inside
				if inside != zones[i].Area.Contains(p) {
					t.Fatalf("zone %d at %v: index says %v", i, p, inside)
				}
				if ix.Beyond(i, p, nm) && zones[i].Area.DistanceNM(p) < nm {
					t.Fatalf("zone %d is %v nm from %v, and said to be beyond %v", i, zones[i].Area.DistanceNM(p), p, nm)
				}
				if k < 0 && zones[i].Area.DistanceNM(p) < IndexMarginNM {
					t.Fatalf("zone %d is %v nm from %v and not near", i, zones[i].Area.DistanceNM(p), p)
				}
			}
			leg := NewLeg(last, p)
			along := ix.Along(&leg, nil)
			for i := range zones {
				if len(zones[i].Area.Leg(last, p)) > 0 && !slices.Contains(along, i) {
					t.Fatalf("the leg %v %v meets zone %d, which Along leaves out", last, p, i)
				}
			}
			last = p
		}
	})
}

func BenchmarkIndexNear(b *testing.B) {
	var zones []Zone
	for i := range 50 {
		a, err := NewCircle(Destination(pos(12, -66), float64(i)*7, float64(i)*20), 30)
		if err != nil {
			b.Fatal(err)
		}
		zones = append(zones, Zone{Area: a})
	}
	ix := NewIndex(zones)
	var buf []Near
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		buf = ix.Near(pos(5+float64(i%1000)/70, -75+float64(i%777)/40), buf[:0])
	}
}

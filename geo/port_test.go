package geo

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// nearestOfAll asks every port.
func nearestOfAll(ports []Port, at navicert.Position, within float64) (int, float64) {
	port, nm := -1, within
	for i := range ports {
		d := DistanceNM(at, ports[i].Pos)
		if d < nm || d == nm && (port < 0 || ports[i].ID < ports[port].ID) {
			port, nm = i, d
		}
	}
	return port, nm
}

func TestNearestPortIsTheNearestOfAll(t *testing.T) {
	place := rapid.Custom(func(t *rapid.T) navicert.Position {
		if rapid.Bool().Draw(t, "on the grid") { // many at one place, on borders of cells, at the poles and the antimeridian
			return pos(float64(rapid.IntRange(-18, 18).Draw(t, "lat"))*5, float64(rapid.IntRange(-36, 36).Draw(t, "lon"))*5)
		}
		return pos(rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon"))
	})
	rapid.Check(t, func(t *rapid.T) {
		var ports []Port
		for i, p := range rapid.SliceOfN(place, 0, 60).Draw(t, "ports") {
			ports = append(ports, Port{ID: fmt.Sprintf("%02d", (i*37)%60), Pos: p})
		}
		ix := NewPorts(ports)
		at := place.Draw(t, "at")
		if len(ports) > 0 && rapid.Bool().Draw(t, "near one") {
			at = Destination(ports[0].Pos, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 400).Draw(t, "nm"))
		}
		within := rapid.SampledFrom([]float64{0, 0.1, 5, 25, 100, 400, 1500, 20_000}).Draw(t, "within")
		port, nm := ix.Nearest(at, within)
		wantPort, wantNM := nearestOfAll(ports, at, within)
		if port != wantPort || nm != wantNM {
			t.Fatalf("%v within %v: port %d at %v, want %d at %v", at, within, port, nm, wantPort, wantNM)
		}
		// Of a part of them, the nearest of the part, under the number in all.
		part := ix.Where(func(p *Port) bool { return p.ID < "30" })
		port, nm = part.Nearest(at, within)
		wantPort, wantNM = nearestOfAll(slices.DeleteFunc(slices.Clone(ports), func(p Port) bool { return p.ID >= "30" }), at, within)
		if (port < 0) != (wantPort < 0) || nm != wantNM || port >= 0 && part.Port(port).ID >= "30" {
			t.Fatalf("%v within %v, of a part: port %d at %v, want one at %v", at, within, port, nm, wantNM)
		}
	})
}

func TestNoPorts(t *testing.T) {
	var none *Ports
	all := func(*Port) bool { return true }
	for name, p := range map[string]*Ports{"nil": none, "empty": NewPorts(nil), "part of nil": none.Where(all), "part of empty": NewPorts(nil).Where(all)} {
		if port, nm := p.Nearest(pos(1, 2), 5); port != -1 || nm != 5 || p.Len() != 0 {
			t.Errorf("%s: port %d at %v", name, port, nm)
		}
	}
}

func BenchmarkNearestPort(b *testing.B) {
	var ports []Port
	for i := range 4000 { // on the coasts of the northern half, unevenly
		ports = append(ports, Port{ID: fmt.Sprint(i), Pos: pos(math.Mod(float64(i)*0.6180339887*55, 55), math.Mod(float64(i)*13.50776405, 140)-100)})
	}
	ix := NewPorts(ports)
	var far, near [1024]navicert.Position
	for i := range far {
		far[i] = pos(-10-math.Mod(float64(i)*0.618*40, 40), math.Mod(float64(i)*137.5, 360)-180)
		near[i] = Destination(ports[i].Pos, float64(i), float64(i%20))
	}
	for name, ps := range map[string]*[1024]navicert.Position{"far": &far, "near": &near} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ix.Nearest(ps[i%1024], 10)
			}
		})
	}
}

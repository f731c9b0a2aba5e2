package sim

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/geo"
)

// land is the coast, 1:10 million, as the web app's basemap has it (Natural
// Earth): its edges, by the tenth of a degree of latitude that they touch.
type land struct{ bands map[int][][2][2]float64 }

// openLand reads the TopoJSON of the web app's built files.
func openLand(t *testing.T) *land {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "web", "dist", "assets", "land-10m-*.json"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("the web app's land is %q: %v", paths, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	var topo struct {
		Transform struct{ Scale, Translate [2]float64 }
		Arcs      [][][2]float64
		Objects   struct {
			Land struct {
				Geometries []struct {
					Type string
					Arcs json.RawMessage
				}
			}
		}
	}
	if err := json.Unmarshal(b, &topo); err != nil {
		t.Fatal(err)
	}
	arcs := make([][][2]float64, len(topo.Arcs))
	for i, arc := range topo.Arcs {
		var x, y float64
		for _, d := range arc {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], [2]float64{x*topo.Transform.Scale[0] + topo.Transform.Translate[0], y*topo.Transform.Scale[1] + topo.Transform.Translate[1]})
		}
	}
	l := &land{bands: map[int][][2][2]float64{}}
	rings := 0
	for _, g := range topo.Objects.Land.Geometries {
		polygons := make([][][]int, 1)
		into := any(&polygons)
		if g.Type == "Polygon" {
			into = &polygons[0]
		}
		if err := json.Unmarshal(g.Arcs, into); err != nil {
			t.Fatal(err)
		}
		for _, ring := range slices.Concat(polygons...) {
			rings++
			l.add(ring, arcs)
		}
	}
	if rings < 4000 {
		t.Fatalf("%d rings of land: the file has another shape", rings)
	}
	return l
}

func (l *land) add(ring []int, arcs [][][2]float64) {
	var points [][2]float64
	for _, i := range ring {
		if i >= 0 {
			points = append(points, arcs[i]...)
			continue
		}
		back := slices.Clone(arcs[^i])
		slices.Reverse(back)
		points = append(points, back...)
	}
	for i, a := range points {
		b := points[(i+1)%len(points)]
		if math.Abs(a[0]-b[0]) > 180 { // where the globe was cut open
			continue
		}
		for k := band(min(a[1], b[1])); k <= band(max(a[1], b[1])); k++ {
			l.bands[k] = append(l.bands[k], [2][2]float64{a, b})
		}
	}
}

func band(lat float64) int { return int(math.Floor(lat * 10)) }

// contains counts the coasts west of p: an odd number is land.
func (l *land) contains(p navicert.Position) bool {
	in := false
	for _, e := range l.bands[band(p.Lat)] {
		a, b := e[0], e[1]
		if (a[1] > p.Lat) != (b[1] > p.Lat) && p.Lon > (b[0]-a[0])*(p.Lat-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func TestLandItself(t *testing.T) {
	l := openLand(t)
	for name, c := range map[string]struct {
		p    navicert.Position
		land bool
	}{
		"Caracas":     {navicert.Position{Lat: 10.49, Lon: -66.9}, true},
		"Bogotá":      {navicert.Position{Lat: 4.6, Lon: -74.1}, true},
		"Paris":       {navicert.Position{Lat: 48.85, Lon: 2.35}, true},
		"Jose roads":  {navicert.Position{Lat: 10.15, Lon: -64.9}, false},
		"Mona":        {navicert.Position{Lat: 18.3, Lon: -67.7}, false},
		"Puerto Rico": {navicert.Position{Lat: 18.2, Lon: -66.4}, true},
	} {
		if got := l.contains(c.p); got != c.land {
			t.Errorf("%s: land %v, want %v", name, got, c.land)
		}
	}
}

// No ship of the built-in scenario is ever on land, and none passes closer to
// it at sea than half a mile.
func TestShipsStayInTheWater(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	l := openLand(t)
	w := caribbean(t, Options{Vessels: 80})
	for _, p := range w.plans {
		bad := 0
		for i := range p.legs {
			leg, step := &p.legs[i], 4*time.Minute
			if leg.speedKn == 0 && leg.kind != Besiding {
				step = leg.to.Sub(leg.from)
			}
			for at := leg.from; at.Before(leg.to) && bad < 3; at = at.Add(step) {
				s := leg.at(at)
				if why := l.tooClose(s); why != "" {
					bad++
					t.Errorf("%s %s at %s (%.3f, %.3f)", p.v.Name, why, at.Format(time.RFC3339), s.pos.Lat, s.pos.Lon)
				}
			}
		}
	}
}

func (l *land) tooClose(s state) string {
	if l.contains(s.pos) {
		return "is on land"
	}
	if s.speedKn < 6 { // in port
		return ""
	}
	for bearing := 0.0; bearing < 360; bearing += 45 {
		if l.contains(geo.Destination(s.pos, bearing, 0.5)) {
			return "passes within half a mile of land"
		}
	}
	return ""
}

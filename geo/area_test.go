package geo

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang/geo/s2"
	"pgregory.net/rapid"

	"navicert"
)

func pos(lat, lon float64) navicert.Position { return navicert.Position{Lat: lat, Lon: lon} }

func mustArea(t testing.TB, geometry string) *Area {
	t.Helper()
	a, err := ParseArea([]byte(geometry))
	if err != nil {
		t.Fatalf("ParseArea(%s): %v", geometry, err)
	}
	return a
}

const (
	boxCaribbean = `{"type":"Polygon","coordinates":[[[-66,10],[-64,10],[-64,12],[-66,12],[-66,10]]]}`
	boxDateLine  = `{"type":"Polygon","coordinates":[[[179,-10],[-179,-10],[-179,10],[179,10],[179,-10]]]}`
	cutDateLine  = `{"type":"MultiPolygon","coordinates":[[[[179,-10],[180,-10],[180,10],[179,10],[179,-10]]],[[[-180,-10],[-179,-10],[-179,10],[-180,10],[-180,-10]]]]}`
	capNorth     = `{"type":"Polygon","coordinates":[[[-180,60],[180,60],[180,90],[-180,90],[-180,60]]]}`
	capSouth     = `{"type":"Polygon","coordinates":[[[0,-60],[120,-60],[-120,-60]]]}`
	circlePole   = `{"type":"Point","coordinates":[0,89],"radius_nm":100}`
	circleLine   = `{"type":"Point","coordinates":[180,0],"radius_nm":60}`
	holed        = `{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[2,2],[2,8],[8,8],[8,2],[2,2]]]}`
	longBox      = `{"type":"Polygon","coordinates":[[[-60,40],[-10,40],[-10,50],[-60,50],[-60,40]]]}`
)

func TestAreaContains(t *testing.T) {
	for _, c := range []struct {
		area    string
		in, out []navicert.Position
	}{
		{boxCaribbean, []navicert.Position{pos(11, -65), pos(10.001, -65.999)}, []navicert.Position{pos(9.9, -65), pos(11, -63.9), pos(-11, 115), pos(0, 0)}},
		{boxDateLine, []navicert.Position{pos(0, 180), pos(0, -180), pos(5, 179.5), pos(5, -179.5)}, []navicert.Position{pos(0, 178.9), pos(0, -178.9), pos(0, 0), pos(11, 180)}},
		{cutDateLine, []navicert.Position{pos(5, 179.5), pos(5, -179.5), pos(0, 179.9999)}, []navicert.Position{pos(0, 178.9), pos(0, -178.9), pos(0, 0)}},
		{capNorth, []navicert.Position{pos(90, 0), pos(90, 77), pos(60.1, 0), pos(60.1, 180), pos(60.1, -97), pos(60.01, 45)}, []navicert.Position{pos(59.9, 0), pos(59.9, 180), pos(59.99, 45), pos(-90, 0), pos(0, 0)}},
		{capSouth, []navicert.Position{pos(-90, 0), pos(-90, 120), pos(-60.1, 33), pos(-60.1, 180)}, []navicert.Position{pos(-59.9, 60), pos(-59.9, 180), pos(90, 0)}},
		{circlePole, []navicert.Position{pos(90, 0), pos(89.4, 180), pos(87.4, 0)}, []navicert.Position{pos(89.2, 180), pos(87.2, 0), pos(-90, 0)}},
		{circleLine, []navicert.Position{pos(0, 180), pos(0, -180), pos(0, 179.1), pos(0, -179.1), pos(0.9, 180)}, []navicert.Position{pos(0, 178.9), pos(0, -178.9), pos(1.1, 180), pos(0, 0)}},
		{holed, []navicert.Position{pos(1, 1), pos(9, 5), pos(5, 1)}, []navicert.Position{pos(5, 5), pos(3, 7), pos(11, 5)}},
		// Great circles between the corners would bow north by 2 degrees; the
		// long edges follow the parallels instead.
		{longBox, []navicert.Position{pos(40.05, -35), pos(49.95, -35)}, []navicert.Position{pos(39.95, -35), pos(50.05, -35)}},
	} {
		a := mustArea(t, c.area)
		for _, p := range c.in {
			if !a.Contains(p) {
				t.Errorf("%s does not contain %v", c.area, p)
			}
			if d := a.DistanceNM(p); d != 0 {
				t.Errorf("%s: distance of %v inside is %v", c.area, p, d)
			}
		}
		for _, p := range c.out {
			if a.Contains(p) {
				t.Errorf("%s contains %v", c.area, p)
			}
			if d := a.DistanceNM(p); !(d > 0) {
				t.Errorf("%s: distance of %v outside is %v", c.area, p, d)
			}
		}
	}
}

func TestAreaDistance(t *testing.T) {
	for _, c := range []struct {
		area string
		p    navicert.Position
		want float64
	}{
		{boxCaribbean, pos(9, -65), 60.04}, // one degree of latitude south
		{boxDateLine, pos(0, 178), 60.04},  // west of it
		{boxDateLine, pos(0, -178), 60.04}, // east of it
		{circleLine, pos(0, -177), 120.12}, // three degrees less the radius
		{capSouth, pos(-59, 77), 60.04},
		{capNorth, pos(59, 180), 60.04},
		{holed, pos(5, 5), 179.4}, // in the hole, to its east or west side
	} {
		if got := mustArea(t, c.area).DistanceNM(c.p); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: distance of %v = %.2f nm, want %.2f", c.area, c.p, got, c.want)
		}
	}
}

func TestAreaLeg(t *testing.T) {
	for _, c := range []struct {
		name, area string
		a, b       navicert.Position
		want       string // e at fraction, x at fraction
	}{
		{"through", boxCaribbean, pos(11, -70), pos(11, -60), "e0.400 x0.600"},
		{"in", boxCaribbean, pos(11, -68), pos(11, -65), "e0.667"},
		{"out", boxCaribbean, pos(11, -65), pos(9, -65), "x0.500"},
		{"inside", boxCaribbean, pos(11, -65), pos(11, -65.5), ""},
		{"past", boxCaribbean, pos(13, -70), pos(13, -60), ""},
		{"no move", boxCaribbean, pos(11, -65), pos(11, -65), ""},
		{"date line", boxDateLine, pos(0, 170), pos(0, -170), "e0.450 x0.550"},
		{"date line, cut in two", cutDateLine, pos(1, 170), pos(1, -170), "e0.450 x0.550"},
		{"date line, the other way", boxDateLine, pos(0, -170), pos(0, 170), "e0.450 x0.550"},
		{"over the pole", capNorth, pos(50, 0), pos(50, 180), "e0.125 x0.875"},
		{"over the south pole", capSouth, pos(-50, 30), pos(-50, -150), "e0.125 x0.875"},
		{"circle", circleLine, pos(0, 170), pos(0, -170), "e0.450 x0.550"},
		{"circle from inside", circleLine, pos(0, 180), pos(0, -170), "x0.100"},
		{"circle missed", circleLine, pos(2, 170), pos(2, -170), ""},
		{"hole", holed, pos(5, -5), pos(5, 15), "e0.250 x0.350 e0.650 x0.750"},
	} {
		var got []string
		for _, x := range mustArea(t, c.area).Leg(c.a, c.b) {
			s := "x"
			if x.Entering {
				s = "e"
			}
			got = append(got, s+trim(x.Fraction))
			if d := mustArea(t, c.area).BoundaryNM(x.Position); d > 1e-4 {
				t.Errorf("%s: crossing at %v is %g nm from the edge", c.name, x.Position, d)
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: crossings %q, want %q", c.name, g, c.want)
		}
	}
}

func trim(f float64) string { return string([]byte(fmtFloat(f))[:5]) }

func TestParseAreaRefuses(t *testing.T) {
	for _, c := range []struct{ geometry, want string }{
		{`{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`, "crosses itself at 00°30.00'N 000°30.00'E"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}`, "2 different points"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[1,1],[0,0]]]}`, "want at least 3"},
		{`{"type":"Polygon","coordinates":[[]]}`, "want at least 3"},
		{`{"type":"Polygon","coordinates":[]}`, "without a ring"},
		{`{"type":"MultiPolygon","coordinates":[]}`, "no polygon"},
		{`{"type":"Polygon","coordinates":null}`, "without a ring"},
		{`{"type":"Polygon"}`, "coordinates"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,null],[1,0],[0,0]]]}`, "[1,null]"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1],[1,0],[0,0]]]}`, "want [longitude, latitude]"},
		{`{"type":"Polygon","coordinates":[[[0,0],["1",2],[1,0],[0,0]]]}`, "want [longitude, latitude]"},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,91],[1,0],[0,0]]]}`, "latitude -90 to 90"},
		{`{"type":"Polygon","coordinates":[[[0,0],[181,1],[1,0],[0,0]]]}`, "longitude must be -180 to 180"},
		{`{"type":"Polygon","coordinates":[[[0,0],[NaN,1],[1,0],[0,0]]]}`, "invalid character"},
		{`{"type":"Polygon","coordinates":[[[0,0],[90,0],[180,0],[-90,0],[0,0]]]}`, "halves the globe"},
		{`{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]]}`, "touches itself at 01°00.00'N"},
		{`{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10]],[[20,2],[30,2],[30,3]]]}`, "hole 1 is not inside"},
		{`{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10]],[[8,2],[12,2],[12,3],[8,3]]]}`, "hole 1 crosses"},
		{`{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10]],[[1,1],[9,1],[9,9],[1,9]],[[2,2],[3,2],[3,3]]]}`, "hole 2 lies inside hole 1"},
		{`{"type":"LineString","coordinates":[[0,0],[1,1]]}`, `"LineString"`},
		{`{"type":"Point","coordinates":[0,0]}`, "radius_nm"},
		{`{"type":"Point","coordinates":[0,0],"radius_nm":0}`, "more than 0"},
		{`{"type":"Point","coordinates":[0,0],"radius_nm":-4}`, "more than 0"},
		{`{"type":"Point","coordinates":[0,0],"radius_nm":6000}`, "at most 5000"},
		{`{"type":"Point","radius_nm":60}`, "coordinates of a Point"},
		{`{"coordinates":[]}`, "no geometry type"},
		{`null`, "no geometry type"},
		{`{"type":"Polygon","coordinates":[[` + strings.TrimSuffix(strings.Repeat("[0,0],", MaxVertices+1), ",") + `]]}`, "limit is 100000"},
		{`{"type":"Polygon","coordinates":[[` + strings.TrimSuffix(strings.Repeat("[-180,1],[180,1],", MaxVertices/10), ",") + `]]}`, "drawn out"},
	} {
		_, err := ParseArea([]byte(c.geometry))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ParseArea(%.100s): %v, want %q", c.geometry, err, c.want)
		}
	}
}

func TestGeoJSONRoundTrip(t *testing.T) {
	for _, g := range []string{boxCaribbean, cutDateLine, capNorth, circlePole, holed} {
		a := mustArea(t, g)
		if got := string(a.GeoJSON()); got != g {
			t.Errorf("GeoJSON() = %s, want %s", got, g)
		}
		if _, err := ParseArea(a.OutlineGeoJSON()); err != nil {
			t.Errorf("outline of %s: %v", g, err)
		}
	}
	circle, outline := mustArea(t, circlePole), mustArea(t, string(mustArea(t, circlePole).OutlineGeoJSON()))
	for _, p := range []navicert.Position{pos(90, 0), pos(89.4, 180), pos(89.2, 180), pos(87.4, 0), pos(87.2, 0)} {
		if circle.Contains(p) != outline.Contains(p) {
			t.Errorf("the outline of a circle differs at %v", p)
		}
	}
}

// genPolygon draws a ring round a random centre, its points in order of
// bearing, so that it never crosses itself.
func genPolygon(t *rapid.T) (ring [][2]float64, centre navicert.Position) {
	centre = genPosition(t)
	n := rapid.IntRange(3, 60).Draw(t, "n")
	for i := range n {
		r := rapid.Float64Range(5, 600).Draw(t, "r")
		p := Destination(centre, 360*float64(i)/float64(n), r)
		ring = append(ring, [2]float64{p.Lon, p.Lat})
	}
	return ring, centre
}

func genPosition(t *rapid.T) navicert.Position {
	if rapid.Bool().Draw(t, "edge") { // the places where planes go wrong
		return pos(rapid.SampledFrom([]float64{89.9, -89.9, 85, -85, 0, 45}).Draw(t, "lat"),
			rapid.SampledFrom([]float64{180, -180, 179.9, -179.9, 0, -65, 90}).Draw(t, "lon"))
	}
	lat := math.Asin(rapid.Float64Range(-1, 1).Draw(t, "z")) * 180 / math.Pi
	return pos(lat, rapid.Float64Range(-180, 180).Draw(t, "lon"))
}

func areaOf(t *rapid.T, ring [][2]float64) *Area {
	in := make([]lonLat, len(ring))
	for i, p := range ring {
		in[i] = lonLat(p)
	}
	a, err := newArea([][][]lonLat{{in}})
	if err != nil {
		t.Skip("not a valid ring: ", err)
	}
	return a
}

func TestAnyVertexOrderIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, centre := genPolygon(t)
		a := areaOf(t, ring)
		shift := rapid.IntRange(0, len(ring)-1).Draw(t, "shift")
		other := append(append([][2]float64{}, ring[shift:]...), ring[:shift]...)
		if rapid.Bool().Draw(t, "reverse") {
			for i, j := 0, len(other)-1; i < j; i, j = i+1, j-1 {
				other[i], other[j] = other[j], other[i]
			}
		}
		b := areaOf(t, other)
		p := Destination(centre, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 900).Draw(t, "far"))
		if a.Contains(p) != b.Contains(p) {
			t.Fatalf("%v: contained by one order only", p)
		}
		if d, e := a.DistanceNM(p), b.DistanceNM(p); math.Abs(d-e) > 1e-6 {
			t.Fatalf("%v: distance %v and %v", p, d, e)
		}
		if !a.Contains(centre) {
			t.Fatalf("the centre %v is not inside", centre)
		}
	})
}

func TestRotationBy360IsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, _ := genPolygon(t)
		turned := make([][2]float64, len(ring))
		for i, p := range ring {
			turned[i] = [2]float64{p[0] + rapid.SampledFrom([]float64{360, -360, 0}).Draw(t, "turn"), p[1]}
		}
		a, b := areaOf(t, ring), areaOf(t, turned)
		p, q := genPosition(t), genPosition(t)
		r := pos(p.Lat, p.Lon+360)
		if a.Contains(p) != b.Contains(r) || math.Abs(a.DistanceNM(p)-b.DistanceNM(r)) > 1e-6 {
			t.Fatalf("rotation by 360 degrees changes the answer at %v", p)
		}
		if math.Abs(DistanceNM(p, q)-DistanceNM(r, q)) > 1e-6 {
			t.Fatalf("distance %v changes with rotation", p)
		}
	})
}

func TestLegAgreesWithContains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, centre := genPolygon(t)
		a := areaOf(t, ring)
		near := func(name string) navicert.Position {
			return Destination(centre, rapid.Float64Range(0, 360).Draw(t, name), rapid.Float64Range(0, 900).Draw(t, name))
		}
		p, q := near("p"), near("q")
		crossings := a.Leg(p, q)
		inside := a.Contains(p)
		for _, c := range crossings {
			if c.Entering == inside {
				t.Fatalf("crossings do not alternate: %v", crossings)
			}
			inside = c.Entering
		}
		if inside != a.Contains(q) {
			t.Fatalf("crossings %v end inside=%v, Contains says %v", crossings, inside, !inside)
		}
		// Sampling finds no crossing that Leg does not know.
		for i := range 50 {
			f := float64(i) / 50
			m := Interpolate(p, q, f)
			want := a.Contains(p)
			for _, c := range crossings {
				if c.Fraction <= f {
					want = c.Entering
				}
			}
			if a.Contains(m) != want && a.BoundaryNM(m) > 1e-6 {
				t.Fatalf("at %v Contains says %v, the crossings %v say %v", f, !want, crossings, want)
			}
		}
	})
}

func TestCrossingQueryAgreesWithEveryEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := genPosition(t)
		var ring [][2]float64
		n := rapid.IntRange(40, 200).Draw(t, "n") // beyond the query's own brute force
		for i := range n {
			p := Destination(centre, 360*float64(i)/float64(n), 100+float64(i%7)*40)
			ring = append(ring, [2]float64{p.Lon, p.Lat})
		}
		pg := areaOf(t, ring).parts[0].(*polygon)
		a := toPoint(Destination(centre, rapid.Float64Range(0, 360).Draw(t, "b1"), rapid.Float64Range(0, 900).Draw(t, "d1")))
		b := toPoint(Destination(centre, rapid.Float64Range(0, 360).Draw(t, "b2"), rapid.Float64Range(0, 900).Draw(t, "d2")))
		want := 0
		for i := range pg.outer.NumEdges() {
			e := pg.outer.Edge(i)
			if s2.CrossingSign(a, b, e.V0, e.V1) == s2.Cross {
				want++
			}
		}
		if got := len(pg.crossings(newArc(a, b), nil)); got != want {
			t.Fatalf("%d crossings, every edge asked gives %d", got, want)
		}
	})
}

func BenchmarkContains(b *testing.B) {
	a := mustArea(b, boxCaribbean)
	p := pos(11, -65)
	b.ReportAllocs()
	for b.Loop() {
		a.Contains(p)
	}
}

// Areas and indexes are read from many goroutines at once; run with -race.
func TestConcurrentReading(t *testing.T) {
	var ring []lonLat
	for i := range 300 {
		p := Destination(pos(10, -65), 360*float64(i)/300, 60+float64(i%3))
		ring = append(ring, lonLat{p.Lon, p.Lat})
	}
	a, err := newArea([][][]lonLat{{ring}})
	if err != nil {
		t.Fatal(err)
	}
	ix := NewIndex([]Zone{{ID: "z", Area: a}})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 50 {
				p := Destination(pos(10, -65), float64(i*50+k), 55+float64(k)/5)
				if d := a.DistanceNM(p); a.Contains(p) && d != 0 {
					t.Errorf("%v: inside, and %v nm away", p, d)
				}
				a.Leg(p, pos(10, -60))
				ix.At(p, time.Time{})
			}
		})
	}
	wg.Wait()
}

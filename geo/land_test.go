package geo

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/golang/geo/s2"
	"pgregory.net/rapid"

	"navicert"
)

func landFile(t testing.TB) []byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "web", "dist", "assets", "land-10m-*.json"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("the web app's land is %q: %v", paths, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var world struct {
	sync.Once
	land *Land
}

func readWorld(t testing.TB) *Land {
	t.Helper()
	world.Do(func() {
		l, err := ReadLand(bytes.NewReader(landFile(t)), "land-10m")
		if err != nil {
			t.Fatal(err)
		}
		world.land = l
	})
	if world.land == nil {
		t.Fatal("the land was not read")
	}
	return world.land
}

// The test points of facts/behaviour.md section 7, and some that the seam of
// the map or a cell's edge could spoil.
func TestLandAndSea(t *testing.T) {
	l := readWorld(t)
	for _, p := range []navicert.Position{
		pos(0, -30), pos(-40, -130), pos(26.55, 56.5), pos(10.15, -64.9), pos(58, 20), pos(89.9, 0), pos(-20, 80),
		pos(60, 179.5), pos(60, -179.5), pos(3.0, 73.4), pos(42, 50.5), pos(90, 0), pos(60, 180), pos(60, -180), pos(0, 0), pos(0.25, -30.25),
	} {
		if l.Contains(p) {
			t.Errorf("%v is land", p)
		}
	}
	for _, p := range []navicert.Position{
		pos(10.49, -66.9), pos(55.75, 37.6), pos(-89.9, 0), pos(67.5, 179.0), pos(66.8, -175), pos(-16.85, -179.97), pos(-16.6, 179.2),
		pos(1.36, 103.82), pos(48.85, 2.35), pos(-90, 0), pos(-90, 180), pos(67.5, 180), pos(67.5, -180), pos(-85, 180), pos(-85, -180), pos(48.75, 2.25),
	} {
		if !l.Contains(p) {
			t.Errorf("%v is sea", p)
		}
	}
}

func TestShoreDistances(t *testing.T) {
	l := readWorld(t)
	for name, c := range map[string]struct {
		p        navicert.Position
		from, to float64
	}{
		"Jose roads":                    {pos(10.15, -64.9), 1, 6},
		"Chukotka, on the antimeridian": {pos(67.5, 180), 20, 100}, // where the map is cut is no shore
		"Chukotka, a hair east":         {pos(67.5, -179.999), 20, 100},
		"the South Pole":                {pos(-90, 0), 150, 800},
		"Point Nemo, the farthest":      {pos(-48.8767, -123.3933), 1430, 1460},
		"the North Pole":                {pos(90, 0), 370, 400},
		"Gulf of Guinea":                {pos(0, 0), 280, 330},
	} {
		if got := l.ShoreNM(c.p, 20_000); got < c.from || got > c.to {
			t.Errorf("%s: %.1f nm from shore, want %v to %v", name, got, c.from, c.to)
		}
		if got := l.ShoreNM(c.p, 0.5); got != 0.5 {
			t.Errorf("%s: %.3f nm with a limit of 0.5", name, got)
		}
	}
	if l.ShoreNM(pos(0, -30), 0) != 0 {
		t.Error("a limit of 0 is not kept")
	}
}

// judge is the same land by other means: every ring's edges on the sphere.
type judge struct{ edges [][2]s2.Point }

func newJudge(c *coast) *judge {
	j := &judge{}
	for cell := range cellColumns * cellRows {
		for _, e := range c.edges[c.first[cell]:c.first[cell+1]] {
			a, b := c.at[e.a], c.at[e.b]
			if columnOf(min(a.x, b.x))+cellColumns*rowOf(min(a.y, b.y)) == cell { // once
				j.edges = append(j.edges, [2]s2.Point{toPoint(gridPosition(a)), toPoint(gridPosition(b))})
			}
		}
	}
	return j
}

func gridPosition(g grid) navicert.Position {
	return pos(float64(g.y)/unitsPerDegree, float64(g.x)/unitsPerDegree)
}

func (j *judge) shoreNM(p navicert.Position) float64 {
	at, best := toPoint(p), math.Inf(1)
	for _, e := range j.edges {
		if at.Sub(e[0].Vector).Norm() < best/nmPerRadian+0.01 {
			best = min(best, angleNM(s2.DistanceFromSegment(at, e[0], e[1])))
		}
	}
	return best
}

func anywhere(t *rapid.T) navicert.Position {
	return pos(math.Asin(rapid.Float64Range(-1, 1).Draw(t, "sin lat"))*180/math.Pi, rapid.Float64Range(-180, 180).Draw(t, "lon"))
}

// Distances are those of golang/geo to every single edge; a limit cuts them
// off, and a full turn changes nothing.
func TestShoreIsTheNearestEdge(t *testing.T) {
	l := readWorld(t)
	j := newJudge(l.coast)
	if len(j.edges) < 400_000 {
		t.Fatalf("%d edges", len(j.edges))
	}
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		want := j.shoreNM(p)
		got := l.ShoreNM(p, 20_000)
		if math.Abs(got-want) > 0.001 {
			t.Fatalf("%v: %.5f nm, golang/geo says %.5f", p, got, want)
		}
		limit := rapid.Float64Range(0.1, 2*want+1).Draw(t, "limit")
		if cut := l.ShoreNM(p, limit); math.Abs(cut-min(limit, want)) > 0.001 {
			t.Fatalf("%v: %.5f nm with a limit of %.5f, want %.5f", p, cut, limit, min(limit, want))
		}
		if open, ok := l.OpenNM(p); ok && (open > want || l.Contains(p)) || !ok && want > 200 && !l.Contains(p) {
			t.Fatalf("%v: open sea for %.5f nm (%v), the shore is %.5f nm away", p, open, ok, want)
		}
		turned := pos(p.Lat, p.Lon+360)
		if l.Contains(turned) != l.Contains(p) || math.Abs(l.ShoreNM(turned, 20_000)-got) > 1e-6 {
			t.Fatalf("%v changes with a full turn", p)
		}
	})
}

// Whoever goes no farther than to the nearest shore meets no other kind of
// ground, and along any leg ground changes only where a shore is.
func TestGroundChangesAtTheShore(t *testing.T) {
	l := readWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		shore := l.ShoreNM(p, 20_000)
		part, bearing := rapid.Float64Range(0, 0.999).Draw(t, "part"), rapid.Float64Range(0, 360).Draw(t, "bearing")
		if q := Destination(p, bearing, part*shore); l.Contains(q) != l.Contains(p) {
			t.Fatalf("from %v (land %v, %.3f nm from shore) to %v there is a shore", p, l.Contains(p), shore, q)
		}
	})
}

// Land on a leg is what a fine look at it finds, to a step at each shore, and what is
// more than enough is found to be so.
func TestAcrossIsWhatAFineLookFinds(t *testing.T) {
	l := readWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		const fine = 0.05
		a := anywhere(t)
		b := Destination(a, rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 900).Draw(t, "nm"))
		step := rapid.SampledFrom([]float64{landStepNM, 1, 2}).Draw(t, "step")
		whole, want, shores, on := DistanceNM(a, b), 0.0, 0, l.Contains(a)
		for at := fine / 2; at < whole; at += fine {
			now := l.Contains(Interpolate(a, b, at/whole))
			if now {
				want += fine
			}
			if now != on {
				shores++
			}
			on = now
		}
		got := l.AcrossNM(a, b, step, math.Inf(1))
		if most := float64(shores+2) * step; math.Abs(got-want) > most || got > whole+1e-9 {
			t.Fatalf("from %v to %v %v nm of land, want %v to %v", a, b, got, want, most)
		}
		enough := rapid.SampledFrom([]float64{2, 10, 1000}).Draw(t, "enough")
		switch cut := l.AcrossNM(a, b, step, enough); {
		case got <= enough && cut != got, got > enough && (cut <= enough || cut > got):
			t.Fatalf("from %v to %v %v nm of land, but looking for more than %v it is %v", a, b, got, enough, cut)
		}
	})
}

// Round every vertex of the coast, on a fine ring of points, land begins and
// ends as often as the sphere's own edges are crossed: an even number of times.
func TestLandAgreesWithItsRings(t *testing.T) {
	l := readWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		c := l.coast
		e := c.edges[rapid.IntRange(0, len(c.edges)-1).Draw(t, "edge")]
		a, b := c.at[e.a], c.at[e.b]
		// A hair to the left and right of the middle of an edge, one is land.
		mid := pos((float64(a.y)+float64(b.y))/2/unitsPerDegree, (float64(a.x)+float64(b.x))/2/unitsPerDegree)
		left, right := Destination(mid, BearingDeg(gridPosition(a), gridPosition(b))-90, 0.0005), Destination(mid, BearingDeg(gridPosition(a), gridPosition(b))+90, 0.0005)
		if l.coast.length(e) < 0.01 {
			return
		}
		if l.Contains(left) == l.Contains(right) && !l.coast.crowded(mid, e) {
			t.Fatalf("both sides of the shore at %v are land %v", mid, l.Contains(left))
		}
	})
}

func (c *coast) length(e coastEdge) float64 {
	return DistanceNM(gridPosition(c.at[e.a]), gridPosition(c.at[e.b]))
}

// crowded reports whether another edge passes within a few metres of p.
func (c *coast) crowded(p navicert.Position, but coastEdge) bool {
	g := toGrid(p)
	cell := rowOf(g.y)*cellColumns + columnOf(g.x)
	v := toPoint(p)
	for _, e := range c.edges[c.first[cell]:c.first[cell+1]] {
		if e != but && math.Sqrt(c.chord2([3]float64{v.X, v.Y, v.Z}, e))*nmPerRadian < 0.002 {
			return true
		}
	}
	return false
}

// square is a file of rings, corners in degrees.
func landText(rings ...string) string {
	var arcs, of []string
	for i, r := range rings {
		arcs = append(arcs, r)
		of = append(of, `{"type":"Polygon","arcs":[[`+string(rune('0'+i))+`]]}`)
	}
	return `{"type":"Topology","transform":{"scale":[1,1],"translate":[0,0]},"arcs":[` + strings.Join(arcs, ",") +
		`],"objects":{"land":{"type":"GeometryCollection","geometries":[` + strings.Join(of, ",") + `]}}}`
}

func TestRingsMayRunEitherWay(t *testing.T) {
	forth := landText(`[[0,0],[10,0],[0,10],[-10,0],[0,-10]]`, `[[2,2],[2,0],[0,2],[-2,0],[0,-2]]`)
	back := landText(`[[2,2],[0,2],[2,0],[0,-2],[-2,0]]`, `[[10,10],[0,-10],[-10,0],[0,10],[10,0]]`)
	a, err := ReadLand(strings.NewReader(forth), "a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadLand(strings.NewReader(back), "b")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		// Whole hundredths often lie on an edge or a cell's border.
		p := pos(float64(rapid.IntRange(-200, 1200).Draw(t, "lat"))/100, float64(rapid.IntRange(-200, 1200).Draw(t, "lon"))/100)
		if a.Contains(p) != b.Contains(p) || math.Abs(a.ShoreNM(p, 500)-b.ShoreNM(p, 500)) > 1e-6 {
			t.Fatalf("%v depends on the order of points", p)
		}
		within := func(lo, hi float64) bool { return p.Lat > lo && p.Lat < hi && p.Lon > lo && p.Lon < hi }
		on := func(lo, hi float64) bool {
			return !within(lo, hi) && p.Lat >= lo && p.Lat <= hi && p.Lon >= lo && p.Lon <= hi
		}
		if want := within(0, 10) && !within(2, 4); !on(0, 10) && !on(2, 4) && a.Contains(p) != want {
			t.Fatalf("%v: land %v, want %v", p, !want, want)
		}
		if (on(0, 10) || on(2, 4)) && a.ShoreNM(p, 500) > 0.001 {
			t.Fatalf("%v lies on the edge and %.4f nm from it", p, a.ShoreNM(p, 500))
		}
	})
}

func TestLandThatIsNone(t *testing.T) {
	square := `[[0,0],[10,0],[0,10],[-10,0],[0,-10]]`
	for name, c := range map[string]struct{ text, want string }{
		"cut off":        {landText(square)[:60], "no TopoJSON"},
		"no land":        {strings.Replace(landText(square), `"land"`, `"lakes"`, 1), "no quantised TopoJSON"},
		"not quantised":  {strings.Replace(landText(square), `"transform"`, `"other"`, 1), "no quantised TopoJSON"},
		"a missing arc":  {strings.Replace(landText(square), `"arcs":[[0]]`, `"arcs":[[7]]`, 1), "no arc 7"},
		"not closed":     {landText(`[[0,0],[10,0],[0,10],[-10,0]]`), "not closed"},
		"off the earth":  {landText(`[[0,0],[10,0],[0,100],[-10,0],[0,-100]]`), "leaves the earth"},
		"not cut":        {landText(`[[170,0],[-340,0],[0,10],[340,0],[0,-10]]`), "across the antimeridian"},
		"a line":         {strings.Replace(landText(square), `"Polygon"`, `"LineString"`, 1), "no polygon"},
		"arcs apart":     {strings.Replace(landText(square, square), `"arcs":[[0]]`, `"arcs":[[0,0,-3]]`, 1), "no arc 2"},
		"nothing in it":  {landText(), "no land"},
		"an empty file":  {"", "no TopoJSON"},
		"infinite steps": {strings.Replace(landText(square), `"scale":[1,1]`, `"scale":[1e308,1e308]`, 1), "leaves the earth"},
	} {
		_, err := ReadLand(strings.NewReader(c.text), "land.json")
		if err == nil || !strings.Contains(err.Error(), c.want) || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestLazyLand(t *testing.T) {
	loads := 0
	l := LazyLand(func() *Land { loads++; return NewLand(mustArea(t, boxCaribbean)) })
	if !l.Known() || loads != 0 {
		t.Fatalf("known %v, loaded %d times before anyone asked", l.Known(), loads)
	}
	if !l.Contains(pos(11, -65)) || l.Contains(pos(0, 0)) || l.ShoreNM(pos(11, -65), 10) != 10 || loads != 1 {
		t.Errorf("wrong land, or loaded %d times", loads)
	}
	var none *Land
	if none.Known() || none.Contains(pos(0, 0)) || none.ShoreNM(pos(0, 0), 7) != 7 {
		t.Error("a nil Land knows something")
	}
}

func BenchmarkReadLand(b *testing.B) {
	text := landFile(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadLand(bytes.NewReader(text), "land-10m"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLand(b *testing.B) {
	l := readWorld(b)
	var everywhere, coastal [4096]navicert.Position
	for i := range everywhere {
		everywhere[i] = pos(math.Asin(math.Mod(float64(i)*0.6180339887, 2)-1)*180/math.Pi, math.Mod(float64(i)*137.50776405, 360)-180)
		e := l.coast.edges[(i*7919*13)%len(l.coast.edges)]
		coastal[i] = Destination(gridPosition(l.coast.at[e.a]), float64(i*77%360), float64(i%100)/10)
	}
	for name, ps := range map[string]*[4096]navicert.Position{"anywhere": &everywhere, "coastal": &coastal} {
		b.Run("contains/"+name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				l.Contains(ps[i%4096])
			}
		})
		for limit, word := range map[float64]string{10: "10nm", 50: "50nm", 20_000: "any"} {
			b.Run("shore/"+word+"/"+name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					l.ShoreNM(ps[i%4096], limit)
				}
			})
		}
	}
}

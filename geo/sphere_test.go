package geo

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

func fmtFloat(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }

func TestDistance(t *testing.T) {
	half := math.Pi * EarthRadiusKM * 1000 / MetresPerNM
	for _, c := range []struct {
		a, b navicert.Position
		want float64
	}{
		{pos(0, 0), pos(0, 0), 0},
		{pos(0, 179.5), pos(0, -179.5), half / 180},
		{pos(90, 10), pos(-90, 170), half},
		{pos(0, 0), pos(0, 180), half},
		{pos(89, 0), pos(89, 180), half / 90},
		{pos(48.8566, 2.3522), pos(40.7128, -74.006), 5837 / 1.852}, // Paris to New York, 5,837 km
	} {
		if got := DistanceNM(c.a, c.b); math.Abs(got-c.want) > max(1e-6, c.want*0.001) {
			t.Errorf("DistanceNM(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
	if got := DistanceM(pos(0, 0), pos(0, 1.0/60)); math.Abs(got-1853.25) > 0.1 {
		t.Errorf("a minute of the equator is %v m", got)
	}
}

func TestBearing(t *testing.T) {
	for _, c := range []struct {
		a, b navicert.Position
		want float64
	}{
		{pos(0, 0), pos(1, 0), 0},
		{pos(0, 0), pos(0, 1), 90},
		{pos(0, 0), pos(-1, 0), 180},
		{pos(0, 0), pos(0, -1), 270},
		{pos(0, 179), pos(0, -179), 90},
		{pos(0, 0), pos(0, 0), 0},
		{pos(80, 0), pos(80, 180), 0}, // over the pole
	} {
		if got := BearingDeg(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("BearingDeg(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestSphereProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := genPosition(t), genPosition(t)
		d := DistanceNM(p, q)
		if e := DistanceNM(q, p); e != d {
			t.Fatalf("distance is not symmetric: %v, %v", d, e)
		}
		f := rapid.Float64Range(0, 1).Draw(t, "fraction")
		m := Interpolate(p, q, f)
		if !m.Valid() {
			t.Fatalf("Interpolate gives %v", m)
		}
		if d < 10000 && math.Abs(DistanceNM(p, m)-f*d) > 1e-4 {
			t.Fatalf("the point at %v of %v nm lies at %v nm", f, d, DistanceNM(p, m))
		}
		near := Destination(p, 360*f, rapid.Float64Range(0, 1).Draw(t, "near"))
		for _, q := range []navicert.Position{q, near, p} {
			way := newArc(toPoint(p), toPoint(q))
			if on, want := way.at(f), between(f, toPoint(p), toPoint(q)); d < 10000 && on.Sub(want.Vector).Norm() > 1e-9 {
				t.Fatalf("the point at %v of the arc %v %v is %v, want %v", f, p, q, on, want)
			}
		}
		bearing, far := rapid.Float64Range(0, 360).Draw(t, "bearing"), rapid.Float64Range(0, 5000).Draw(t, "far")
		r := Destination(p, bearing, far)
		if !r.Valid() || math.Abs(DistanceNM(p, r)-far) > 1e-4 {
			t.Fatalf("Destination(%v, %v, %v) = %v at %v nm", p, bearing, far, r, DistanceNM(p, r))
		}
		// A circle holds every point within its radius, and none beyond.
		c, err := NewCircle(p, max(far, 1))
		if err != nil {
			t.Fatal(err)
		}
		if in := c.Contains(Destination(p, bearing, max(far, 1)*0.999)); !in {
			t.Fatalf("circle of %v nm round %v misses a point inside", far, p)
		}
		if in := c.Contains(Destination(p, bearing, max(far, 1)*1.001)); in {
			t.Fatalf("circle of %v nm round %v holds a point outside", far, p)
		}
	})
}

// The glance at a distance is never more than it, and not much less where ships are.
func TestLeastNM(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anywhere(t)
		off := rapid.SampledFrom([]float64{1e-6, 1e-4, 0.01, 0.5, 1.01, 20}).Draw(t, "off")
		b := navicert.Position{Lat: a.Lat + off*rapid.Float64Range(-1, 1).Draw(t, "north"), Lon: a.Lon + off*rapid.Float64Range(-1, 1).Draw(t, "east")}
		if b.Lat = max(-90, min(90, b.Lat)); math.Abs(b.Lon) > 180 {
			b.Lon = math.Remainder(b.Lon, 360)
		}
		least, nm := LeastNM(a, b), DistanceNM(a, b)
		if least > nm+1e-9 {
			t.Fatalf("%v to %v: at least %v nm, but it is %v", a, b, least, nm)
		}
		if math.Abs(a.Lat) < 60 && math.Abs(b.Lat) < 60 && math.Abs(a.Lat-b.Lat)+math.Abs(a.Lon-b.Lon) < 1 && least < 0.95*nm-1e-9 {
			t.Fatalf("%v to %v: at least %v nm, and it is %v", a, b, least, nm)
		}
	})
}

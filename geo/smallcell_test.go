package geo

import (
	"math"
	"testing"

	"github.com/golang/geo/s2"
	"pgregory.net/rapid"

	"navicert"
)

// The cell is that which S2 gives, also on the edges of cells and faces.
func TestSmallCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		switch rapid.IntRange(0, 2).Draw(t, "where") {
		case 1: // on an edge, or so near that rounding tells
			level := rapid.IntRange(0, SmallLevel).Draw(t, "level")
			edge := fromPoint(onEdge(CellID(p, level), rapid.Float64Range(0, 1).Draw(t, "along")))
			off := rapid.Float64Range(-1e-8, 1e-8).Draw(t, "off")
			p = navicert.Position{Lat: edge.Lat, Lon: math.Max(-180, math.Min(180, edge.Lon+off))}
		case 2: // whole degrees, on which faces meet
			p = navicert.Position{Lat: math.Round(p.Lat), Lon: 45 * math.Round(p.Lon/45)}
		}
		if got, want := SmallCell(p), CellID(p, SmallLevel); got != want {
			t.Fatalf("%v of %v, want %v", got, p, want)
		}
	})
}

// onEdge is a point on an edge of a cell.
func onEdge(id s2.CellID, along float64) s2.Point {
	c := s2.CellFromCellID(id)
	return s2.Interpolate(along, c.Vertex(0), c.Vertex(1))
}

func TestSinCosDeg(t *testing.T) {
	for i := -180_000; i <= 180_000; i++ {
		deg := float64(i) / 1000
		sin, cos := sinCosDeg(deg)
		if math.Abs(sin-math.Sin(deg*math.Pi/180)) > 1e-12 || math.Abs(cos-math.Cos(deg*math.Pi/180)) > 1e-12 {
			t.Fatalf("%v: %v, %v", deg, sin, cos)
		}
	}
}

func BenchmarkSmallCell(b *testing.B) { alongAWay(b, func(p navicert.Position) { SmallCell(p) }) }

func BenchmarkCellID(b *testing.B) { alongAWay(b, func(p navicert.Position) { CellID(p, 8) }) }

func alongAWay(b *testing.B, at func(navicert.Position)) {
	p := navicert.Position{Lat: 10, Lon: -64}
	for b.Loop() {
		p.Lat, p.Lon = p.Lat+0.0001, p.Lon+0.00013
		if p.Lon > 170 {
			p.Lon -= 300
		}
		if p.Lat > 80 {
			p.Lat -= 150
		}
		at(p)
	}
}

package geo

import (
	"math"
	"slices"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"

	"navicert"
)

// Area is a region of the sphere: polygons with holes, or a circle round a
// point. Make one with [ParseArea]; it does not change afterwards.
type Area struct {
	source   orb.Geometry // as read, for GeoJSON
	radiusNM float64      // of a circle
	parts    []part
}

// part is one polygon or circle; an area is the union of its parts.
type part interface {
	s2.Region
	// distance is the distance to the boundary.
	distanceNM(p s2.Point) float64
	// crossings appends the fractions of a great-circle leg at which it meets the
	// boundary. It may report touches that cross nothing.
	crossings(way arc, to []float64) []float64
}

// Contains reports whether p lies in the area.
func (a *Area) Contains(p navicert.Position) bool { return a.containsPoint(toPoint(p)) }

func (a *Area) containsPoint(p s2.Point) bool {
	for _, part := range a.parts {
		if part.ContainsPoint(p) {
			return true
		}
	}
	return false
}

// DistanceNM is the distance from p to the nearest point of the area in
// nautical miles: 0 inside.
func (a *Area) DistanceNM(p navicert.Position) float64 {
	pt := toPoint(p)
	if a.containsPoint(pt) {
		return 0
	}
	return a.boundaryNM(pt)
}

// BoundaryNM is the distance from p, inside or out, to the nearest edge.
func (a *Area) BoundaryNM(p navicert.Position) float64 { return a.boundaryNM(toPoint(p)) }

func (a *Area) boundaryNM(p s2.Point) float64 {
	best := a.parts[0].distanceNM(p)
	for _, part := range a.parts[1:] {
		best = min(best, part.distanceNM(p))
	}
	return best
}

// sameCut is the fraction of a leg below which two cuts are one: a leg through
// a corner meets both edges there. It is under a tenth of a millimetre on the
// longest leg.
const sameCut = 1e-12

// Crossing is where a leg enters or leaves an area.
type Crossing struct {
	Fraction float64           `json:"fraction"` // of the leg's length, 0 to 1
	Position navicert.Position `json:"position"`
	Entering bool              `json:"entering"`
}

// Leg returns where the great circle from p to q enters and leaves the area,
// in order. A leg that starts inside has no entry for it, one that ends inside
// none for leaving; a leg that only touches the edge has neither.
func (a *Area) Leg(p, q navicert.Position) []Crossing {
	return a.leg(newArc(toPoint(p), toPoint(q)), math.MaxInt)
}

// leg returns the first crossings, so many at most.
func (a *Area) leg(way arc, most int) []Crossing {
	if way.p == way.q {
		return nil
	}
	var buf [8]float64
	cuts := buf[:0]
	for _, part := range a.parts {
		cuts = part.crossings(way, cuts)
	}
	if len(cuts) == 0 {
		return nil
	}
	slices.Sort(cuts)
	cuts = slices.CompactFunc(cuts, func(x, y float64) bool { return math.Abs(x-y) < sameCut })
	// What lies between two cuts is wholly inside or wholly outside; its
	// middle says which. The ends are asked themselves, so that the crossings
	// always agree with Contains.
	var out []Crossing
	inside := a.containsPoint(way.p)
	cross := func(fraction float64, now bool) {
		if now != inside && len(out) < most {
			out = append(out, Crossing{fraction, fromPoint(way.at(fraction)), now})
			inside = now
		}
	}
	at := 0.0
	for _, cut := range cuts {
		if cut > at {
			cross(at, a.containsPoint(way.at((at+cut)/2)))
		}
		at = cut
		if len(out) == most {
			return out
		}
	}
	if at < 1 {
		cross(at, a.containsPoint(way.at((at+1)/2)))
	}
	cross(1, a.containsPoint(way.q))
	return out
}

// entry returns where a leg that starts outside enters the area first.
func (a *Area) entry(way arc) (c Crossing, ok bool) {
	if a.containsPoint(way.p) {
		return Crossing{}, false
	}
	legs := a.leg(way, 1)
	if len(legs) == 0 {
		return Crossing{}, false
	}
	return legs[0], true
}

// Bounds is a box of parallels and meridians. West is greater than East when
// it lies across the antimeridian.
type Bounds struct {
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

// Bounds returns a box that holds the area; it may be a hair larger.
func (a *Area) Bounds() Bounds {
	r := s2.EmptyRect()
	for _, part := range a.parts {
		r = r.Union(part.RectBound())
	}
	lo, hi := r.Lo(), r.Hi()
	return Bounds{lo.Lat.Degrees(), lo.Lng.Degrees(), hi.Lat.Degrees(), hi.Lng.Degrees()}
}

// Circle returns the centre and radius of an area that is a circle.
func (a *Area) Circle() (centre navicert.Position, radiusNM float64, ok bool) {
	if p, isPoint := a.source.(orb.Point); isPoint {
		return navicert.Position{Lat: p.Lat(), Lon: p.Lon()}, a.radiusNM, true
	}
	return navicert.Position{}, 0, false
}

package geo

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// polygon is an outer ring and its holes. Each loop holds the smaller side of
// its ring; the holes lie inside the outer ring.
type polygon struct {
	outer *s2.Loop
	holes []*s2.Loop
	edges *s2.ShapeIndex // every ring
	bound s2.Cap         // round the outer ring
	dense bool           // see checkRings
}

func newPolygon(outer *s2.Loop, holes []*s2.Loop) *polygon {
	pg := &polygon{outer: outer, holes: holes, edges: s2.NewShapeIndex(), bound: outer.CapBound()}
	for _, l := range pg.loops() {
		pg.edges.Add(l)
	}
	pg.edges.Build() // now, so that readers on several goroutines only read
	return pg
}

func (pg *polygon) loops() []*s2.Loop { return append([]*s2.Loop{pg.outer}, pg.holes...) }

func (pg *polygon) ContainsPoint(p s2.Point) bool {
	if !pg.bound.ContainsPoint(p) || !pg.outer.ContainsPoint(p) {
		return false
	}
	for _, h := range pg.holes {
		if h.ContainsPoint(p) {
			return false
		}
	}
	return true
}

func (pg *polygon) ContainsCell(c s2.Cell) bool {
	if !pg.outer.ContainsCell(c) {
		return false
	}
	for _, h := range pg.holes {
		if h.IntersectsCell(c) {
			return false
		}
	}
	return true
}

func (pg *polygon) IntersectsCell(c s2.Cell) bool {
	if !pg.outer.IntersectsCell(c) {
		return false
	}
	for _, h := range pg.holes {
		if h.ContainsCell(c) {
			return false
		}
	}
	return true
}

func (pg *polygon) CapBound() s2.Cap            { return pg.bound }
func (pg *polygon) RectBound() s2.Rect          { return pg.outer.RectBound() }
func (pg *polygon) CellUnionBound() []s2.CellID { return pg.outer.CellUnionBound() }

func (pg *polygon) distanceNM(p s2.Point) float64 {
	q := s2.NewClosestEdgeQuery(pg.edges, s2.NewClosestEdgeQueryOptions().IncludeInteriors(false))
	return chordNM(q.Distance(s2.NewMinDistanceToPointTarget(p)))
}

func (pg *polygon) crossings(way arc, to []float64) []float64 {
	a, b := way.p, way.q
	if s2.DistanceFromSegment(pg.bound.Center(), a, b) > pg.bound.Radius()+boundSlack {
		return to
	}
	q := s2.NewCrossingEdgeQuery(pg.edges)
	for shape, ids := range q.CrossingsEdgeMap(a, b, s2.CrossingTypeAll) {
		for _, id := range ids {
			e := shape.Edge(id)
			switch s2.CrossingSign(a, b, e.V0, e.V1) {
			case s2.Cross:
				to = append(to, legFraction(s2.Intersection(a, b, e.V0, e.V1), a, b))
			case s2.MaybeCross: // a shared end
				for _, v := range [2]s2.Point{e.V0, e.V1} {
					if v == a {
						to = append(to, 0)
					}
					if v == b {
						to = append(to, 1)
					}
				}
			}
		}
	}
	return to
}

func legFraction(x, a, b s2.Point) float64 {
	return max(0, min(1, s2.DistanceFraction(x, a, b)))
}

// circle is every point within a radius of a centre.
type circle struct {
	s2.Cap
	centre s2.Point
	radius s1.Angle
	// What lies nearer than inner to the centre, by the square of the straight line
	// through the sphere, is surely inside, what lies beyond outer surely not.
	inner, outer float64
}

func newCircle(centre s2.Point, radius s1.Angle) *circle {
	line := chord(float64(radius))
	slack := line*line*1e-9 + line*1e-15 // far more than is rounded
	return &circle{s2.CapFromCenterAngle(centre, radius), centre, radius, line*line - slack, line*line + slack}
}

func (c *circle) ContainsPoint(p s2.Point) bool {
	switch line2 := c.centre.Sub(p.Vector).Norm2(); {
	case line2 < c.inner:
		return true
	case line2 > c.outer:
		return false
	}
	return c.centre.Distance(p) <= c.radius
}

func (c *circle) distanceNM(p s2.Point) float64 {
	return angleNM((c.centre.Distance(p) - c.radius).Abs())
}

// crossings are where the leg's great circle, which is a cosθ + u sinθ with u a
// quarter turn from a, is as far from the centre as the radius: where
// A cosθ + B sinθ is the radius's cosine.
func (c *circle) crossings(way arc, to []float64) []float64 {
	first, last := !c.ContainsPoint(way.p), !c.ContainsPoint(way.q)
	if !first && !last {
		return to
	}
	cosP, cosAhead := way.p.Dot(c.centre.Vector), way.ahead.Dot(c.centre.Vector)
	foot, near, edge := math.Atan2(cosAhead, cosP), math.Hypot(cosP, cosAhead), math.Cos(float64(c.radius))
	if first && last && (foot <= 0 || foot >= way.angle || near < edge) {
		return to // its nearest point is an end, or outside
	}
	half := math.Acos(min(1, edge/near))
	if first {
		to = append(to, max(0, min(1, (foot-half)/way.angle)))
	}
	if last {
		to = append(to, max(0, min(1, (foot+half)/way.angle)))
	}
	return to
}

// outline is the ring of n points on a circle's edge, counter-clockwise from
// north.
func (c *circle) outline(n int) []s2.Point {
	ring := make([]s2.Point, n)
	for i := range ring {
		centre := fromPoint(c.centre)
		ring[i] = toPoint(Destination(centre, 360-360*float64(i)/float64(n), angleNM(c.radius)))
	}
	return ring
}

// boundSlack makes up for rounding in bounding circles: a tenth of a metre.
const boundSlack = s1.Angle(1.6e-8)

// halfGlobe is the area in steradians of half the sphere.
const halfGlobe = 2 * math.Pi

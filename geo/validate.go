package geo

import (
	"fmt"

	"github.com/golang/geo/s2"
)

// checkRing refuses a ring that crosses itself or comes to one point twice;
// s2's own Validate looks for neither.
func checkRing(loop *s2.Loop) error {
	seen := make(map[s2.Point]bool, loop.NumVertices())
	for _, v := range loop.Vertices() {
		if seen[v] {
			return fmt.Errorf("the ring touches itself at %s", fromPoint(v))
		}
		seen[v] = true
	}
	index := s2.NewShapeIndex()
	index.Add(loop)
	query := s2.NewCrossingEdgeQuery(index)
	for i := range loop.NumEdges() {
		e := loop.Edge(i)
		for _, j := range query.Crossings(e.V0, e.V1, loop, s2.CrossingTypeInterior) {
			f := loop.Edge(j)
			return fmt.Errorf("the ring crosses itself at %s", fromPoint(s2.Intersection(e.V0, e.V1, f.V0, f.V1)))
		}
	}
	return nil
}

// validate refuses holes that are not inside the outer ring or meet another
// ring along an edge or across it. They may touch at single points.
func (pg *polygon) validate() error {
	if len(pg.holes) == 0 {
		return nil
	}
	loops := pg.loops()
	type edge [2]s2.Point
	owner := map[edge]int{}
	query := s2.NewCrossingEdgeQuery(pg.edges)
	for i, loop := range loops {
		for n := range loop.NumEdges() {
			e := loop.Edge(n)
			for _, key := range [2]edge{{e.V0, e.V1}, {e.V1, e.V0}} {
				if _, taken := owner[key]; taken {
					return fmt.Errorf("two rings share the edge at %s", fromPoint(e.V0))
				}
			}
			for _, other := range loops[:i] {
				if len(query.Crossings(e.V0, e.V1, other, s2.CrossingTypeInterior)) > 0 {
					return fmt.Errorf("hole %d crosses another ring near %s", i, fromPoint(e.V0))
				}
			}
		}
		for n := range loop.NumEdges() {
			e := loop.Edge(n)
			owner[edge{e.V0, e.V1}] = i
		}
	}
	for i, hole := range pg.holes {
		if !within(hole, pg.outer) {
			return fmt.Errorf("hole %d is not inside the outer ring", i+1)
		}
		for j, other := range pg.holes {
			if i != j && within(hole, other) {
				return fmt.Errorf("hole %d lies inside hole %d", i+1, j+1)
			}
		}
	}
	return nil
}

// within reports whether a ring that does not cross the other lies inside it,
// by the middle of an edge: a vertex may lie on both.
func within(ring, other *s2.Loop) bool {
	e := ring.Edge(0)
	return other.ContainsPoint(s2.Interpolate(0.5, e.V0, e.V1))
}

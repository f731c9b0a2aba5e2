package geo

import (
	"fmt"
	"math"
	"slices"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s2"

	"navicert"
)

// Work allowed for finding crossings in one polygon. A coast of 100,000
// vertices needs about a tenth of it; a ball of long edges is refused.
const (
	maxBoxPairs  = 200_000_000
	maxEdgePairs = 5_000_000
	densePairs   = 30 // per edge; a coast has some ten
)

// ringEdge is one edge of a polygon with the box round it.
type ringEdge struct {
	ring   int
	a, b   s2.Point
	lo, hi r3.Vector
}

func newRingEdge(ring int, a, b s2.Point) ringEdge {
	// An arc bulges beyond the box of its ends by no more than its height over
	// the chord.
	bulge := 1 - math.Cos(a.Distance(b).Radians()/2) + 1e-15
	e := ringEdge{ring: ring, a: a, b: b}
	e.lo = r3.Vector{X: min(a.X, b.X) - bulge, Y: min(a.Y, b.Y) - bulge, Z: min(a.Z, b.Z) - bulge}
	e.hi = r3.Vector{X: max(a.X, b.X) + bulge, Y: max(a.Y, b.Y) + bulge, Z: max(a.Z, b.Z) + bulge}
	return e
}

// checkRings refuses rings that cross or touch themselves, and rings that
// cross or share an edge with another; s2's own Validate looks for none of it.
// Two rings may touch at a point. dense says that very many edges lie close
// together, so that anything asked of a cell among them is slow.
func checkRings(rings [][]s2.Point) (dense bool, err error) {
	var edges []ringEdge
	shared := map[[2]s2.Point]bool{}
	for n, ring := range rings {
		seen := make(map[s2.Point]bool, len(ring))
		for i, v := range ring {
			if seen[v] {
				return false, fmt.Errorf("%s: the ring touches itself at %s", ringName(n), fromPoint(v))
			}
			seen[v] = true
			next := ring[(i+1)%len(ring)]
			if shared[[2]s2.Point{v, next}] || shared[[2]s2.Point{next, v}] {
				return false, fmt.Errorf("%s shares the edge at %s with another ring", ringName(n), fromPoint(v))
			}
			shared[[2]s2.Point{v, next}] = true
			edges = append(edges, newRingEdge(n, v, next))
		}
	}
	pairs, err := checkCrossings(edges)
	return pairs > densePairs*len(edges), err
}

func ringName(n int) string {
	if n == 0 {
		return "outer ring"
	}
	return fmt.Sprintf("hole %d", n)
}

// checkCrossings sweeps over the edges along the widest axis and compares
// those whose boxes meet; pairs is how many did.
func checkCrossings(edges []ringEdge) (pairs int, err error) {
	along := widestAxis(edges)
	slices.SortFunc(edges, func(e, f ringEdge) int {
		if along(e.lo) < along(f.lo) {
			return -1
		}
		return 1
	})
	boxes := 0
	for i := range edges {
		e := &edges[i]
		end := along(e.hi)
		for j := i + 1; j < len(edges) && along(edges[j].lo) <= end; j++ {
			f := &edges[j]
			boxes++
			if e.lo.X > f.hi.X || f.lo.X > e.hi.X || e.lo.Y > f.hi.Y || f.lo.Y > e.hi.Y || e.lo.Z > f.hi.Z || f.lo.Z > e.hi.Z {
				continue
			}
			pairs++
			if s2.CrossingSign(e.a, e.b, f.a, f.b) != s2.Cross {
				continue
			}
			at := fromPoint(s2.Intersection(e.a, e.b, f.a, f.b))
			if e.ring == f.ring {
				return pairs, fmt.Errorf("%s: the ring crosses itself at %s", ringName(e.ring), at)
			}
			return pairs, fmt.Errorf("%s crosses another ring at %s", ringName(max(e.ring, f.ring)), at)
		}
		if boxes > maxBoxPairs || pairs > maxEdgePairs {
			return pairs, navicert.Errorf(navicert.Limit, "area", "", "too many long edges close together to be checked").
				WithHint("simplify the polygon")
		}
	}
	return pairs, nil
}

func widestAxis(edges []ringEdge) func(r3.Vector) float64 {
	lo, hi := edges[0].lo, edges[0].hi
	for i := range edges {
		e := &edges[i]
		lo = r3.Vector{X: min(lo.X, e.lo.X), Y: min(lo.Y, e.lo.Y), Z: min(lo.Z, e.lo.Z)}
		hi = r3.Vector{X: max(hi.X, e.hi.X), Y: max(hi.Y, e.hi.Y), Z: max(hi.Z, e.hi.Z)}
	}
	x, y, z := hi.X-lo.X, hi.Y-lo.Y, hi.Z-lo.Z
	switch {
	case x >= y && x >= z:
		return func(v r3.Vector) float64 { return v.X }
	case y >= z:
		return func(v r3.Vector) float64 { return v.Y }
	}
	return func(v r3.Vector) float64 { return v.Z }
}

// checkHoles refuses holes that are not inside the outer ring, and holes
// inside holes. The rings are known not to cross.
func (pg *polygon) checkHoles() error {
	for i, hole := range pg.holes {
		if !within(hole, pg.outer) {
			return fmt.Errorf("hole %d is not inside the outer ring", i+1)
		}
	}
	if len(pg.holes) > maxHoles {
		return navicert.Errorf(navicert.Limit, "area", "", "%d holes, limit is %d", len(pg.holes), maxHoles)
	}
	for i, hole := range pg.holes {
		for j, other := range pg.holes {
			if i != j && other.CapBound().ContainsPoint(hole.Vertex(0)) && within(hole, other) {
				return fmt.Errorf("hole %d lies inside hole %d", i+1, j+1)
			}
		}
	}
	return nil
}

// maxHoles bounds the comparison of holes with each other.
const maxHoles = 2000

// within reports whether a ring that does not cross the other lies inside it,
// by the middle of an edge: a vertex may lie on both.
func within(ring, other *s2.Loop) bool {
	e := ring.Edge(0)
	return other.ContainsPoint(between(0.5, e.V0, e.V1))
}

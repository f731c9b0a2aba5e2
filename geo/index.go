package geo

import (
	"cmp"
	"slices"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
)

const (
	// IndexMarginNM is how far outside a zone [Cursor.Near] still reports it.
	IndexMarginNM = 3
	// coveringCells is how many cells stand for one zone in the index.
	coveringCells = 48
)

// Index answers which zones hold a position, out of many zones, without asking
// each. It does not change once made and is safe for concurrent use; the zones
// it hands out are shared and must not be changed.
type Index struct {
	zones []Zone
	cells s2.CellIndex // label: 2 × zone, + 1 for a cell wholly inside it
	caps  []zoneCap    // of every zone, for long legs
}

type zoneCap struct {
	centre s2.Point
	chord  float64 // radius as a straight line through the sphere
}

// NewIndex makes an index over zones. Zones without an area are left out of
// it.
func NewIndex(zones []Zone) *Index {
	ix := &Index{}
	coverer := s2.RegionCoverer{MaxLevel: 16, MaxCells: coveringCells}
	for _, z := range zones {
		if z.Area == nil {
			continue
		}
		label := int32(2 * len(ix.zones))
		ix.zones = append(ix.zones, z)
		bound := s2.EmptyCap()
		var near, inside s2.CellUnion
		for _, part := range z.Area.parts {
			if pg, ok := part.(*polygon); ok && pg.dense {
				near = append(near, part.CellUnionBound()...)
			} else {
				near = append(near, coverer.Covering(part)...)
				inside = append(inside, coverer.InteriorCovering(part)...)
			}
			bound = bound.AddCap(part.CapBound())
		}
		near.Normalize()
		inside.Normalize()
		near.ExpandByRadius(angleFromNM(IndexMarginNM), 4)
		ix.cells.AddCellUnion(near, label)
		ix.cells.AddCellUnion(inside, label+1)
		ix.caps = append(ix.caps, zoneCap{bound.Center(), chord(bound.Radius().Radians() + boundSlack.Radians())})
	}
	ix.cells.Build()
	return ix
}

// Len is the number of zones.
func (ix *Index) Len() int { return len(ix.zones) }

// Zone returns a zone by its number in the index.
func (ix *Index) Zone(i int) *Zone { return &ix.zones[i] }

// At returns the zones that hold p and are in force at t, in the order of the
// index.
func (ix *Index) At(p navicert.Position, t time.Time) []*Zone {
	var out []*Zone
	for _, n := range ix.Cursor().Near(p, nil) {
		if z := &ix.zones[n.Zone]; n.Inside && z.InForce(t) {
			out = append(out, z)
		}
	}
	return out
}

// Cursor looks positions up in an index one after the other without
// allocating; use one per goroutine.
type Cursor struct {
	ix       *Index
	ranges   *s2.CellIndexRangeIterator
	contents *s2.CellIndexContentsIterator
	lo, hi   s2.CellID // the leaf range of the last look-up
}

// Cursor returns a new cursor.
func (ix *Index) Cursor() *Cursor {
	return &Cursor{
		ix:       ix,
		ranges:   s2.NewCellIndexRangeIterator(&ix.cells),
		contents: s2.NewCellIndexContentsIterator(&ix.cells),
	}
}

// Near is a zone at or near a position.
type Near struct {
	Zone   int // its number in the index
	Inside bool
}

// Near appends to dst the zones that hold p or lie within IndexMarginNM of it
// (and some that lie a little farther), by number.
func (c *Cursor) Near(p navicert.Position, dst []Near) []Near { return c.NearLeaf(Leaf(p), p, dst) }

// NearLeaf is Near for a position whose leaf cell is known.
func (c *Cursor) NearLeaf(leaf s2.CellID, p navicert.Position, dst []Near) []Near {
	if len(c.ix.zones) == 0 {
		return dst
	}
	if leaf < c.lo || leaf >= c.hi {
		c.ranges.Seek(leaf)
		c.lo, c.hi = c.ranges.StartID(), c.ranges.LimitID()
	}
	if c.ranges.IsEmpty() {
		return dst
	}
	pt := toPoint(p)
	from := len(dst)
	c.contents.Clear()
	for c.contents.StartUnion(c.ranges); !c.contents.Done(); c.contents.Next() {
		label := int(c.contents.Label())
		dst = append(dst, Near{label / 2, label%2 == 1})
	}
	found := dst[from:]
	slices.SortFunc(found, func(a, b Near) int {
		if a.Zone != b.Zone {
			return cmp.Compare(a.Zone, b.Zone)
		}
		if a.Inside { // first, so that it is the one kept
			return -1
		}
		return 1
	})
	found = slices.CompactFunc(found, func(a, b Near) bool { return a.Zone == b.Zone })
	for i := range found {
		n := &found[i]
		n.Inside = n.Inside || c.ix.zones[n.Zone].Area.containsPoint(pt)
	}
	return dst[:from+len(found)]
}

// Misses reports whether the great-circle leg from a to b surely stays outside
// a zone: it does not come near the zone's bounding circle.
func (ix *Index) Misses(zone int, a, b navicert.Position) bool {
	middle, reach, ok := legCircle(a, b)
	return ok && ix.outOfReach(zone, middle, reach)
}

// legCircle returns the middle of a leg and the straight line from there to its
// ends; false when the ends lie opposite each other.
func legCircle(a, b navicert.Position) (middle s2.Point, reach float64, ok bool) {
	p, q := toPoint(a), toPoint(b)
	middle = s2.Point{Vector: p.Add(q.Vector)}
	if middle.Norm2() < 1e-12 {
		return middle, 0, false
	}
	middle.Vector = middle.Normalize()
	return middle, middle.Sub(p.Vector).Norm(), true
}

// outOfReach compares straight lines through the sphere: no point of the leg
// is farther from its middle than reach, so by the triangle inequality the
// zone's circle is out of reach beyond the sum.
func (ix *Index) outOfReach(zone int, middle s2.Point, reach float64) bool {
	limit := reach + ix.caps[zone].chord
	return middle.Sub(ix.caps[zone].centre.Vector).Norm2() > limit*limit
}

// Along appends to dst the numbers of the zones that the great-circle leg from
// a to b could meet, in order: those whose bounding circle it comes near.
func (ix *Index) Along(a, b navicert.Position, dst []int) []int {
	middle, reach, ok := legCircle(a, b)
	for i := range ix.zones {
		if !ok || !ix.outOfReach(i, middle, reach) {
			dst = append(dst, i)
		}
	}
	return dst
}

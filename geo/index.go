package geo

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
)

const (
	// IndexMarginNM is how far outside a zone [Index.Near] still reports it.
	IndexMarginNM = 3
	// coveringCells is how many cells stand for one zone in the index.
	coveringCells = 48
)

// Index answers which zones hold a position, out of many zones, without asking
// each. It does not change once made and is safe for concurrent use; the zones
// it hands out are shared and must not be changed.
type Index struct {
	zones []Zone
	// The leaf cells fall into ranges in which the same zones are near: range i
	// begins at starts[i], and its zones are near[first[i]:first[i+1]].
	starts []s2.CellID
	first  []int32
	near   []Near    // Inside says that every place in the range is
	caps   []zoneCap // of every zone, for long legs
}

// zoneCap is a circle that holds a zone.
type zoneCap struct {
	centre   s2.Point
	chord    float64           // radius as a straight line through the sphere
	middle   navicert.Position // the centre
	radiusNM float64
}

// NewIndex makes an index over zones. Zones without an area are left out of
// it.
func NewIndex(zones []Zone) *Index {
	ix := &Index{}
	var cells s2.CellIndex // label: 2 × zone, + 1 for a cell wholly inside it
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
		cells.AddCellUnion(near, label)
		cells.AddCellUnion(inside, label+1)
		radius := bound.Radius() + boundSlack
		ix.caps = append(ix.caps, zoneCap{bound.Center(), chord(radius.Radians()), fromPoint(bound.Center()), angleNM(radius)})
	}
	cells.Build()
	ix.flatten(&cells)
	return ix
}

// flatten writes down the ranges of an index of cells and the zones of each, by
// number.
func (ix *Index) flatten(cells *s2.CellIndex) {
	contents := s2.NewCellIndexContentsIterator(cells)
	ranges := s2.NewCellIndexRangeIterator(cells)
	for ranges.Begin(); !ranges.Done(); ranges.Next() {
		var found []Near
		contents.Clear()
		for contents.StartUnion(ranges); !contents.Done(); contents.Next() {
			label := int(contents.Label())
			found = append(found, Near{label / 2, label%2 == 1})
		}
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
		ix.starts, ix.first = append(ix.starts, ranges.StartID()), append(ix.first, int32(len(ix.near)))
		ix.near = append(ix.near, found...)
	}
	ix.first = append(ix.first, int32(len(ix.near)))
}

// Len is the number of zones.
func (ix *Index) Len() int { return len(ix.zones) }

// Zone returns a zone by its number in the index.
func (ix *Index) Zone(i int) *Zone { return &ix.zones[i] }

// At returns the zones that hold p and are in force at t, in the order of the
// index.
func (ix *Index) At(p navicert.Position, t time.Time) []*Zone {
	var out []*Zone
	for _, n := range ix.Near(p, nil) {
		if z := &ix.zones[n.Zone]; n.Inside && z.InForce(t) {
			out = append(out, z)
		}
	}
	return out
}

// Near is a zone at or near a position.
type Near struct {
	Zone   int // its number in the index
	Inside bool
}

// Near appends to dst the zones that hold p or lie within IndexMarginNM of it
// (and some that lie a little farther), by number.
func (ix *Index) Near(p navicert.Position, dst []Near) []Near {
	cell := SmallCell(p)
	return ix.NearIn(ix.Span(cell), cell, p, dst)
}

// Span is the part of an index that tells of the places in a cell.
type Span struct{ first, last int32 } // ranges; without a zone near none

// Empty reports whether [Index.Near] finds no zone for any place in the cell.
func (s Span) Empty() bool { return s.first > s.last }

// Span returns the part of the index that tells of the places in a cell.
func (ix *Index) Span(cell s2.CellID) Span {
	all := Span{0, int32(len(ix.starts) - 1)}
	s := Span{max(0, ix.rangeOf(all, cell.RangeMin())), ix.rangeOf(all, cell.RangeMax())}
	for i := s.first; i <= s.last; i++ {
		if ix.first[i] < ix.first[i+1] {
			return s
		}
	}
	return Span{0, -1}
}

// NearIn is Near for a position whose [SmallCell] is known, and the span of that or
// of a cell that holds it.
func (ix *Index) NearIn(span Span, cell s2.CellID, p navicert.Position, dst []Near) []Near {
	if span.Empty() {
		return dst
	}
	i := ix.rangeOf(span, cell.RangeMin())
	if i < span.last && ix.starts[i+1] <= cell.RangeMax() { // not all of the cell lies in it
		i = ix.rangeOf(span, Leaf(p))
	}
	if i < 0 || ix.first[i] == ix.first[i+1] {
		return dst
	}
	from := len(dst)
	dst = append(dst, ix.near[ix.first[i]:ix.first[i+1]]...)
	var pt s2.Point
	for k := from; k < len(dst); k++ {
		if n := &dst[k]; !n.Inside {
			if pt == (s2.Point{}) {
				pt = toPoint(p)
			}
			n.Inside = ix.zones[n.Zone].Area.containsPoint(pt)
		}
	}
	return dst
}

// rangeOf is the range of a span that a leaf cell lies in, the one before if it lies
// before the first.
func (ix *Index) rangeOf(span Span, leaf s2.CellID) int32 {
	i, found := slices.BinarySearch(ix.starts[span.first:span.last+1], leaf)
	if !found {
		i-- // the range that begins before it
	}
	return span.first + int32(i)
}

// Leg is a great-circle leg that many zones are asked about.
type Leg struct {
	from, to s2.Point
	middle   s2.Point
	reach    float64 // the straight line from the middle to the ends
	short    bool    // false: the ends lie opposite each other, and there is no middle
}

// NewLeg returns the leg from a to b.
func NewLeg(a, b navicert.Position) Leg { return legOf(toPoint(a), toPoint(b)) }

func legOf(p, q s2.Point) Leg {
	l := Leg{from: p, to: q, middle: s2.Point{Vector: p.Add(q.Vector)}}
	if l.short = l.middle.Norm2() >= 1e-12; l.short {
		l.middle.Vector = l.middle.Normalize()
		l.reach = l.middle.Sub(p.Vector).Norm()
	}
	return l
}

// Crossings returns where a leg enters and leaves a zone, as [Area.Leg] does.
func (ix *Index) Crossings(zone int, l *Leg) []Crossing {
	return ix.zones[zone].Area.leg(newArc(l.from, l.to), math.MaxInt)
}

// Misses reports whether a leg surely stays outside a zone: it does not come near
// the zone's bounding circle. It compares straight lines through the sphere: no point of
// the leg is farther from its middle than reach, so by the triangle inequality the
// zone's circle is out of reach beyond the sum.
func (ix *Index) Misses(zone int, l *Leg) bool {
	limit := l.reach + ix.caps[zone].chord
	return l.short && l.middle.Sub(ix.caps[zone].centre.Vector).Norm2() > limit*limit
}

// Beyond is a glance at whether a zone surely lies farther than a distance from a
// position.
func (ix *Index) Beyond(zone int, p navicert.Position, nm float64) bool {
	c := &ix.caps[zone]
	return LeastNM(c.middle, p) > c.radiusNM+nm
}

// Along appends to dst the numbers of the zones that a leg could meet, in order:
// those whose bounding circle it comes near.
func (ix *Index) Along(l *Leg, dst []int) []int {
	for i := range ix.zones {
		if !ix.Misses(i, l) {
			dst = append(dst, i)
		}
	}
	return dst
}

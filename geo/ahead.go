package geo

import (
	"math"

	"navicert"
)

// Ahead answers which zones a ship would come to on its present course, without
// asking each. It does not change once made and is safe for concurrent use.
type Ahead struct {
	ix      *Index
	reachNM float64
	near    [aheadRows * aheadColumns][]int32 // by cell: zones within reach of a point in it
}

const (
	aheadDegrees = 10 // the side of a cell
	aheadRows    = 180 / aheadDegrees
	aheadColumns = 360 / aheadDegrees
)

// NewAhead prepares an index for looks of up to a distance.
func NewAhead(ix *Index, reachNM float64) *Ahead {
	const halfCell = aheadDegrees * math.Sqrt2 / 2 * math.Pi / 180 * 1.0001 // from the centre to a corner, at most
	a := &Ahead{ix: ix, reachNM: reachNM}
	limit := halfCell + reachNM/nmPerRadian
	for cell := range a.near {
		centre := toPoint(navicert.Position{
			Lat: float64(cell/aheadColumns*aheadDegrees) + aheadDegrees/2 - 90,
			Lon: float64(cell%aheadColumns*aheadDegrees) + aheadDegrees/2 - 180,
		})
		for i := range ix.zones {
			if centre.Distance(ix.caps[i].centre).Radians() <= limit+ix.radius(i) {
				a.near[cell] = append(a.near[cell], int32(i))
			}
		}
	}
	return a
}

// radius is that of a zone's bounding circle, in radians.
func (ix *Index) radius(zone int) float64 { return 2 * math.Asin(min(1, ix.caps[zone].chord/2)) }

// Entry is where a ship would enter a zone.
type Entry struct {
	Zone int // its number in the index
	Pos  navicert.Position
}

// Look appends to dst, by zone, where the great circle from p on a true course first
// enters the zones that p lies outside of, within a distance, which is cut to what
// the index was prepared for. Where no zone is near it costs some nanoseconds.
func (a *Ahead) Look(p navicert.Position, courseDeg, nm float64, dst []Entry) []Entry {
	row := max(0, min(aheadRows-1, int((p.Lat+90)/aheadDegrees)))
	lon := math.Remainder(p.Lon, 360) + 180
	near := a.near[row*aheadColumns+int(lon/aheadDegrees)%aheadColumns]
	if len(near) == 0 {
		return dst
	}
	way := arcFrom(p, courseDeg, min(nm, a.reachNM))
	if way.angle < 1e-9 {
		return dst
	}
	across := way.p.Cross(way.ahead)
	leg := legOf(way.p, way.q)
	for _, i := range near {
		c := &a.ix.caps[i]
		// The straight line through the sphere is longer than the way off the
		// great circle's plane.
		if d := c.centre.Dot(across); d > c.chord || d < -c.chord {
			continue
		}
		if a.ix.Misses(int(i), &leg) {
			continue
		}
		if at, ok := a.ix.zones[i].Area.entry(way); ok {
			dst = append(dst, Entry{int(i), at.Position})
		}
	}
	return dst
}

package encounter

import (
	"cmp"
	"math"
	"slices"
)

// near finds the pairs among places that lie within a distance of each other.
// Its buffers are used again.
type near struct {
	keys  []uint64 // latitude, then number: the places from south to north
	edges []edge
}

// edge is that other lies within the distance of own.
type edge struct {
	own, other int32
	metres     float64
}

// within returns the edges among n places, both ways, by own and then by
// distance, and of each place only those to the nearest others. Those at one
// distance are in the order of their numbers. The edges hold until the next call.
//
// The places are swept from south to north: only what lies in the same narrow
// band of latitude is looked at, whatever cells it is in, over the date line too.
func (x *near) within(n int, at func(i int) place, metres float64, nearest int) []edge {
	x.keys, x.edges = x.keys[:0], x.edges[:0]
	for i := range n {
		x.keys = append(x.keys, uint64(uint32(at(i).lat)^1<<31)<<32|uint64(i))
	}
	slices.Sort(x.keys)
	const metresPerDegree = 111_000 // a little less than there are
	band := uint64(math.Ceil(metres / metresPerDegree / unit))
	for k, key := range x.keys {
		i := int(uint32(key))
		p := at(i)
		reach := lonReach(p.lat, metres/metresPerDegree)
		for _, other := range x.keys[k+1:] {
			if other>>32 > key>>32+band {
				break
			}
			j := int(uint32(other))
			q := at(j)
			if d := lonApart(p.lon, q.lon); d > reach {
				continue
			}
			if m := p.metresTo(q); m <= metres {
				x.edges = append(x.edges, edge{int32(i), int32(j), m}, edge{int32(j), int32(i), m})
			}
		}
	}
	slices.SortFunc(x.edges, func(a, b edge) int {
		switch {
		case a.own != b.own:
			return cmp.Compare(a.own, b.own)
		case a.metres != b.metres:
			return cmp.Compare(a.metres, b.metres)
		}
		return cmp.Compare(a.other, b.other)
	})
	kept, own, seen := x.edges[:0], int32(-1), 0
	for _, e := range x.edges {
		if e.own != own {
			own, seen = e.own, 0
		}
		if seen++; seen <= nearest {
			kept = append(kept, e)
		}
	}
	x.edges = kept
	return kept
}

// lonApart is how far two longitudes lie apart the shorter way, in units.
func lonApart(a, b int32) int64 {
	const round = int64(360 / unit)
	d := int64(a) - int64(b)
	if d < 0 {
		d = -d
	}
	return min(d, round-d)
}

// lonReach is how many units of longitude a number of degrees of a great circle
// can be at most, near a latitude.
func lonReach(lat int32, degrees float64) int64 {
	cos := math.Cos((math.Abs(float64(lat)*unit) + degrees) * math.Pi / 180)
	if cos < 0.001 {
		return 1 << 40
	}
	return int64(math.Ceil(1.01 * degrees / cos / unit))
}

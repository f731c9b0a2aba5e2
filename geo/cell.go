package geo

import (
	"github.com/golang/geo/s2"

	"navicert"
)

// CellID returns the S2 cell of a level, 0 to 30, that holds p.
func CellID(p navicert.Position, level int) s2.CellID {
	return Leaf(p).Parent(level)
}

// Leaf returns the smallest S2 cell that holds p.
func Leaf(p navicert.Position) s2.CellID {
	return s2.CellIDFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lon))
}

// CellsWithin returns the S2 cells of a level whose centres lie within a
// distance of p, in no particular order. Their number is that of the cells
// that fit the circle, so choose the level by the distance.
func CellsWithin(p navicert.Position, nm float64, level int) []s2.CellID {
	centre := toPoint(p)
	limit := angleFromNM(nm)
	line := chord(limit.Radians())
	surely := line*line - 1e-12 // far more than is rounded
	start := Leaf(p).Parent(level)
	var seen cellSet
	seen.add(start)
	out := []s2.CellID{start}
	for i := 0; i < len(out); i++ {
		for _, n := range out[i].EdgeNeighbors() {
			if !seen.add(n) {
				continue
			}
			at := n.Point()
			if centre.Sub(at.Vector).Norm2() < surely || at.Distance(centre) <= limit {
				out = append(out, n)
			}
		}
	}
	return out
}

// cellSet holds cells: the first hundreds without allocating.
type cellSet struct {
	near [1024]s2.CellID // by hash; 0: free
	n    int
	more map[s2.CellID]bool
}

// add puts a cell into the set, and reports whether it was not in it.
func (s *cellSet) add(id s2.CellID) bool {
	const most = len(s.near) / 2
	i := uint64(id) * 0x9e3779b97f4a7c15 >> 54
	for ; s.near[i] != 0; i = (i + 1) % uint64(len(s.near)) {
		if s.near[i] == id {
			return false
		}
	}
	if s.n < most {
		s.near[i] = id
		s.n++
		return true
	}
	if s.more[id] {
		return false
	}
	if s.more == nil {
		s.more = map[s2.CellID]bool{}
	}
	s.more[id] = true
	return true
}

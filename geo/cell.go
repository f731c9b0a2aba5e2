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
	start := Leaf(p).Parent(level)
	seen := map[s2.CellID]bool{start: true}
	var out []s2.CellID
	for todo := []s2.CellID{start}; len(todo) > 0; todo = todo[1:] {
		id := todo[0]
		if id.Point().Distance(centre) > limit && id != start {
			continue
		}
		out = append(out, id)
		for _, n := range id.EdgeNeighbors() {
			if !seen[n] {
				seen[n] = true
				todo = append(todo, n)
			}
		}
	}
	return out
}

package geo

import (
	"slices"
	"testing"

	"github.com/golang/geo/s2"
	"pgregory.net/rapid"
)

// The cells within a distance are those that going from neighbour to neighbour
// finds, also when others were asked about before.
func TestCellsWithin(t *testing.T) {
	known := map[int]*Cells{}
	rapid.Check(t, func(t *rapid.T) {
		p, nm := anywhere(t), rapid.Float64Range(0, 400).Draw(t, "nm")
		level := rapid.IntRange(5, 8).Draw(t, "level")
		start := Leaf(p).Parent(level)
		seen := map[s2.CellID]bool{start: true}
		var want []s2.CellID
		for todo := []s2.CellID{start}; len(todo) > 0; todo = todo[1:] {
			if id := todo[0]; id == start || id.Point().Distance(toPoint(p)) <= angleFromNM(nm) {
				want = append(want, id)
				for _, n := range id.EdgeNeighbors() {
					if !seen[n] {
						seen[n] = true
						todo = append(todo, n)
					}
				}
			}
		}
		if known[level] == nil {
			known[level] = NewCells(level)
		}
		got := CellsWithin(p, nm, level)
		if again := known[level].Within(p, nm); !slices.Equal(got, again) {
			t.Fatalf("%d cells within %v nm of %v, of those that were known before %d", len(got), nm, p, len(again))
		}
		nearer := slices.Clone(known[level].Within(p, nm*rapid.Float64Range(0, 1).Draw(t, "part")))
		wider := slices.Clone(known[level].Wider(nm))
		if !slices.Equal(nearer, wider[:len(nearer)]) {
			t.Fatalf("the cells nearer than %v nm of %v do not come first", nm, p)
		}
		slices.Sort(got)
		slices.Sort(want)
		if slices.Sort(wider); !slices.Equal(wider, want) {
			t.Fatalf("%d cells within %v nm of %v, coming from nearer ones, want %d", len(wider), nm, p, len(want))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d cells within %v nm of %v, want %d", len(got), nm, p, len(want))
		}
	})
}

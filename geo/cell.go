package geo

import (
	"math"

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
	return NewCells(level).Within(p, nm)
}

// Cells is the S2 cells of one level as far as they were asked about: how they lie is
// reckoned once for each. It is not safe for concurrent use.
type Cells struct {
	level int
	nodes []cellNode
	node  map[s2.CellID]int32 // its place in nodes
	round uint32              // of the question
	found []int32
	out   []s2.CellID
}

// cellNode is a cell with its neighbours across its edges.
type cellNode struct {
	id     s2.CellID
	centre s2.Point
	next   [4]int32 // in nodes
	linked bool     // next is known
	round  uint32   // of the last question that came to it
}

// maxCellNodes bounds how many cells are remembered, in some 30 MB; then all are
// forgotten. There are 393,216 of level 8.
const maxCellNodes = 400_000

// NewCells returns the cells of a level.
func NewCells(level int) *Cells { return &Cells{level: level} }

// Within is CellsWithin, for the level of c. What it returns holds until the next call.
func (c *Cells) Within(p navicert.Position, nm float64) []s2.CellID {
	if len(c.nodes) == 0 || len(c.nodes) > maxCellNodes || c.round == math.MaxUint32 {
		c.nodes, c.node, c.round = c.nodes[:0], map[s2.CellID]int32{}, 0
	}
	c.round++
	centre := toPoint(p)
	limit := angleFromNM(nm)
	line := chord(limit.Radians())
	surely := line*line - 1e-12 // far more than is rounded
	start := c.number(Leaf(p).Parent(c.level))
	c.nodes[start].round = c.round
	c.found, c.out = append(c.found[:0], start), append(c.out[:0], c.nodes[start].id)
	for i := 0; i < len(c.found); i++ {
		for _, k := range c.neighbours(c.found[i]) {
			n := &c.nodes[k]
			if n.round == c.round {
				continue
			}
			n.round = c.round
			if centre.Sub(n.centre.Vector).Norm2() < surely || n.centre.Distance(centre) <= limit {
				c.found, c.out = append(c.found, k), append(c.out, n.id)
			}
		}
	}
	return c.out
}

// number is the place of a cell among the nodes.
func (c *Cells) number(id s2.CellID) int32 {
	k, ok := c.node[id]
	if !ok {
		k = int32(len(c.nodes))
		c.nodes = append(c.nodes, cellNode{id: id, centre: id.Point()})
		c.node[id] = k
	}
	return k
}

func (c *Cells) neighbours(k int32) [4]int32 {
	if !c.nodes[k].linked {
		for i, id := range c.nodes[k].id.EdgeNeighbors() {
			n := c.number(id)
			c.nodes[k].next[i] = n
		}
		c.nodes[k].linked = true
	}
	return c.nodes[k].next
}

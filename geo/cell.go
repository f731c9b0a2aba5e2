package geo

import (
	"math"

	"github.com/golang/geo/s1"
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
	about s2.Point            // what is asked about
	found []int32
	out   []s2.CellID // of those found
	rim   []int32     // neighbours of theirs that lie too far

	beyond []int32 // its space is used again
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
	c.about = toPoint(p)
	start := c.number(Leaf(p).Parent(c.level))
	c.nodes[start].round = c.round
	c.found, c.rim, c.out = append(c.found[:0], start), c.rim[:0], append(c.out[:0], c.nodes[start].id)
	return c.spread(0, nm)
}

// Wider is Within for the place that was asked about last and a distance that is no
// less: the cells nearer than that need not be looked for again, and come first.
func (c *Cells) Wider(nm float64) []s2.CellID {
	rim, from := c.rim, len(c.found)
	limit := reachOf(nm)
	c.rim = c.beyond[:0]
	for _, k := range rim {
		c.take(k, &limit)
	}
	c.beyond = rim
	return c.spread(from, nm)
}

// spread goes on from the cells found from one on to their neighbours.
func (c *Cells) spread(from int, nm float64) []s2.CellID {
	limit := reachOf(nm)
	for i := from; i < len(c.found); i++ {
		for _, k := range c.neighbours(c.found[i]) {
			if n := &c.nodes[k]; n.round != c.round {
				n.round = c.round
				c.take(k, &limit)
			}
		}
	}
	return c.out
}

// take adds a cell to those found, or to the rim when it lies beyond the limit.
func (c *Cells) take(k int32, limit *reach) {
	n := &c.nodes[k]
	if far := c.about.Sub(n.centre.Vector).Norm2(); far < limit.surely || far < limit.hardly && n.centre.Distance(c.about) <= limit.angle {
		c.found, c.out = append(c.found, k), append(c.out, n.id)
		return
	}
	c.rim = append(c.rim, k)
}

// reach is a distance with the squares of chords that surely are within it, and of
// those that hardly are: far more lies between than is rounded.
type reach struct {
	angle          s1.Angle
	surely, hardly float64
}

func reachOf(nm float64) reach {
	angle := angleFromNM(nm)
	line := chord(angle.Radians())
	return reach{angle, line*line - 1e-12, line*line + 1e-12}
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

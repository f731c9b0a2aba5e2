package geo

import (
	"math"

	"navicert"
)

// coast is the edges of land on a grid of cells, most of which are wholly land
// or wholly sea. An edge is straight in longitude and latitude, as the files
// that coasts come in mean it, and short: longer ones are divided, so that the
// great circle between its ends is nowhere a metre away.
//
// Whether a point is on land is asked by counting, in whole numbers, the edges
// of its cell between it and the cell's centre: nothing is rounded, and neither
// the order of a ring's points nor that of the rings matters.
type coast struct {
	at     []grid       // the points of the edges
	unit   [][3]float32 // the same on the unit sphere; good to half a metre
	edges  []coastEdge  // cell by cell
	first  []int32      // of a cell in edges; one more than there are cells
	inside []uint64     // one bit per cell: its centre is on land
	coarse []coarseCell
}

// grid is a point in whole units of a 10 millionth of a degree, 1 cm.
type grid struct{ x, y int32 }

type coastEdge struct{ a, b int32 }

// coarseCell is a square of cells.
type coarseCell struct {
	centre [3]float32
	farNM  float32 // no shore is nearer than this to any point of it
	shore  bool    // an edge runs through it
}

const (
	unitsPerDegree = 10_000_000
	cellUnits      = unitsPerDegree / 4
	cellColumns    = 360 * 4
	cellRows       = 180 * 4
	coarseCells    = 8 // cells along a side of a coarse cell
	coarseColumns  = cellColumns / coarseCells
	coarseRows     = cellRows / coarseCells
	coarseUnits    = cellUnits * coarseCells
	// longestEdge: the straight line lies 0.6 m below the middle of it.
	longestEdge = unitsPerDegree / 20

	halfTurn    = 180 * unitsPerDegree
	quarterTurn = 90 * unitsPerDegree
)

// toGrid puts a position on the grid; all spellings of one meridian give the same.
func toGrid(p navicert.Position) grid {
	lon := p.Lon
	if lon < -180 || lon >= 180 {
		lon = math.Remainder(lon, 360)
	}
	x, y := int64(math.Round(lon*unitsPerDegree)), int64(math.Round(p.Lat*unitsPerDegree))
	if x >= halfTurn {
		x -= 2 * halfTurn
	}
	return grid{int32(x), int32(max(-quarterTurn, min(quarterTurn, y)))}
}

func columnOf(x int32) int { return min(int(int64(x)+halfTurn)/cellUnits, cellColumns-1) }
func rowOf(y int32) int    { return min(int(int64(y)+quarterTurn)/cellUnits, cellRows-1) }

func centreOf(column, row int) grid {
	return grid{int32(column*cellUnits + cellUnits/2 - halfTurn), int32(row*cellUnits + cellUnits/2 - quarterTurn)}
}

// newCoast makes an index of closed rings, in which land is what an odd number
// of rings hold. Rings must not run across the antimeridian.
func newCoast(rings [][]grid) *coast {
	c := &coast{
		first:  make([]int32, cellColumns*cellRows+1),
		inside: make([]uint64, cellColumns*cellRows/64),
	}
	var all []coastEdge
	for _, ring := range rings {
		all = c.divide(ring, all)
	}
	c.findInside(all)
	c.fill(all)
	c.unit = make([][3]float32, len(c.at))
	for i, p := range c.at {
		v := toPoint(navicert.Position{Lat: float64(p.y) / unitsPerDegree, Lon: float64(p.x) / unitsPerDegree})
		c.unit[i] = [3]float32{float32(v.X), float32(v.Y), float32(v.Z)}
	}
	c.findFar()
	return c
}

// divide appends the short edges of a ring.
func (c *coast) divide(ring []grid, to []coastEdge) []coastEdge {
	start := int32(len(c.at))
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if a == b {
			continue
		}
		dx, dy := int64(b.x)-int64(a.x), int64(b.y)-int64(a.y)
		n := (max(dx, -dx, dy, -dy) + longestEdge - 1) / longestEdge
		for k := range n {
			c.at = append(c.at, grid{int32(int64(a.x) + dx*k/n), int32(int64(a.y) + dy*k/n)})
		}
	}
	for i := start; i < int32(len(c.at)); i++ {
		next := i + 1
		if next == int32(len(c.at)) {
			next = start
		}
		to = append(to, coastEdge{i, next})
	}
	return to
}

// seam reports whether an edge is where a map was cut and no shore: it runs
// along the antimeridian or lies on the South Pole.
func (c *coast) seam(e coastEdge) bool {
	a, b := c.at[e.a], c.at[e.b]
	return a.x == b.x && (a.x == halfTurn || a.x == -halfTurn) || a.y == b.y && a.y == -quarterTurn
}

// findInside counts, for the centre of each cell, the edges east of it.
func (c *coast) findInside(edges []coastEdge) {
	odd := make([]bool, (cellColumns+1)*cellRows) // by row: an odd number of edges has so many centres west of it
	for _, e := range edges {
		a, b := c.at[e.a], c.at[e.b]
		for row := rowOf(min(a.y, b.y)); row <= rowOf(max(a.y, b.y)); row++ {
			y := centreOf(0, row).y
			if (a.y > y) == (b.y > y) {
				continue
			}
			n := columnOf(min(a.x, b.x))
			for n < cellColumns && eastOf(a, b, grid{centreOf(n, 0).x, y}) {
				n++
			}
			odd[row*(cellColumns+1)+n] = !odd[row*(cellColumns+1)+n]
		}
	}
	for row := range cellRows {
		in := false
		for column := cellColumns - 1; column >= 0; column-- {
			if odd[row*(cellColumns+1)+column+1] {
				in = !in
			}
			if cell := row*cellColumns + column; in {
				c.inside[cell/64] |= 1 << (cell % 64)
			}
		}
	}
}

// eastOf reports whether the edge, one end of which lies north of p and the
// other not, passes east of p.
func eastOf(a, b, p grid) bool {
	if a.y > b.y {
		a, b = b, a
	}
	return turn(a, b, p) > 0
}

// northOf reports whether the edge, one end of which lies east of p and the
// other not, passes north of p. Of an edge through p it says what eastOf takes
// for granted: that p lies a hair to the east of itself.
func northOf(a, b, p grid) bool {
	if a.x > b.x {
		a, b = b, a
	}
	t := turn(a, b, p)
	return t < 0 || t == 0 && b.y > a.y
}

// turn is positive when p lies left of the way from a to b.
func turn(a, b, p grid) int64 {
	return (int64(b.x)-int64(a.x))*(int64(p.y)-int64(a.y)) - (int64(b.y)-int64(a.y))*(int64(p.x)-int64(a.x))
}

// fill puts the edges that are shore into the cells they may touch.
func (c *coast) fill(edges []coastEdge) {
	cells := func(e coastEdge, do func(cell int)) {
		if c.seam(e) {
			return
		}
		a, b := c.at[e.a], c.at[e.b]
		for row := rowOf(min(a.y, b.y)); row <= rowOf(max(a.y, b.y)); row++ {
			for column := columnOf(min(a.x, b.x)); column <= columnOf(max(a.x, b.x)); column++ {
				do(row*cellColumns + column)
			}
		}
	}
	for _, e := range edges {
		cells(e, func(cell int) { c.first[cell+1]++ })
	}
	for i := 1; i < len(c.first); i++ {
		c.first[i] += c.first[i-1]
	}
	c.edges = make([]coastEdge, c.first[len(c.first)-1])
	next := append([]int32(nil), c.first...)
	for _, e := range edges {
		cells(e, func(cell int) {
			c.edges[next[cell]] = e
			next[cell]++
		})
	}
}

// findFar works out how far each coarse cell is from any that a shore runs
// through, less the size of both.
func (c *coast) findFar() {
	c.coarse = make([]coarseCell, coarseColumns*coarseRows)
	var shores [][3]float32
	for i := range c.coarse {
		column, row := i%coarseColumns, i/coarseColumns
		lat, lon := float64(row)*2+1-90, float64(column)*2+1-180
		v := toPoint(navicert.Position{Lat: lat, Lon: lon})
		c.coarse[i].centre = [3]float32{float32(v.X), float32(v.Y), float32(v.Z)}
		for r := row * coarseCells; r < (row+1)*coarseCells && !c.coarse[i].shore; r++ {
			from := r*cellColumns + column*coarseCells
			c.coarse[i].shore = c.first[from+coarseCells] > c.first[from]
		}
		if c.coarse[i].shore {
			shores = append(shores, c.coarse[i].centre)
		}
	}
	const bothHalves = 2 * coarseHalf * nmPerRadian
	for i := range c.coarse {
		v, best := c.coarse[i].centre, float32(-1)
		for _, s := range shores {
			best = max(best, v[0]*s[0]+v[1]*s[1]+v[2]*s[2])
		}
		if len(shores) == 0 {
			c.coarse[i].farNM = math.MaxFloat32
			continue
		}
		far := math.Acos(float64(max(-1, min(1, best))))*nmPerRadian - bothHalves
		c.coarse[i].farNM = float32(max(0, far))
	}
}

// coarseHalf is more than the way from the centre of a coarse cell to a corner,
// in radians: 1.4143 degrees, and what is rounded.
const coarseHalf = 1.42 * math.Pi / 180

func (c *coast) contains(pos navicert.Position) bool {
	p := toGrid(pos)
	column, row := columnOf(p.x), rowOf(p.y)
	cell := row*cellColumns + column
	in := c.inside[cell/64]>>(cell%64)&1 != 0
	edges := c.edges[c.first[cell]:c.first[cell+1]]
	if len(edges) == 0 {
		return in
	}
	// East or west from p to the centre's meridian, then along that to the centre.
	centre := centreOf(column, row)
	corner := grid{centre.x, p.y}
	for _, e := range edges {
		a, b := c.at[e.a], c.at[e.b]
		if (a.y > p.y) != (b.y > p.y) && eastOf(a, b, p) != eastOf(a, b, corner) {
			in = !in
		}
		if (a.x > centre.x) != (b.x > centre.x) && northOf(a, b, corner) != northOf(a, b, centre) {
			in = !in
		}
	}
	return in
}

// shoreNM looks in circles that grow until one holds a shore.
func (c *coast) shoreNM(pos navicert.Position, limit float64) float64 {
	const firstCircle = 8
	p := toGrid(pos)
	far := float64(c.coarse[rowOf(p.y)/coarseCells*coarseColumns+columnOf(p.x)/coarseCells].farNM)
	if far >= limit || !(limit > 0) {
		return limit
	}
	v := toPoint(pos)
	at := [3]float64{v.X, v.Y, v.Z}
	for r := max(firstCircle, far); ; r += min(3*r, 100) {
		r = min(r, limit)
		if nm := c.nearest(p, at, r); nm <= r || r == limit {
			return min(nm, limit)
		}
	}
}

// nearest is the distance to the nearest edge within r, or more than r.
func (c *coast) nearest(p grid, at [3]float64, r float64) float64 {
	angle := r / nmPerRadian
	const slack = 1.000001 // the points on the unit sphere are rounded
	best := chord(angle) * slack
	reach := best + coarseHalf // beyond it a coarse cell's centre is out of the circle
	best *= best
	found := false
	dy := int64(angle*slack*180/math.Pi*unitsPerDegree) + 1
	south, north := max(-quarterTurn, int64(p.y)-dy), min(quarterTurn, int64(p.y)+dy)
	dx := int64(halfTurn)
	if south > -quarterTurn && north < quarterTurn {
		// The meridians that touch the circle.
		lat := float64(p.y) / unitsPerDegree * math.Pi / 180
		if s := math.Sin(angle*slack) / math.Cos(lat); s < 1 && angle < math.Pi/2 {
			dx = min(dx, int64(math.Asin(s)*180/math.Pi*unitsPerDegree)+1)
		}
	}
	from, to := int((int64(p.x)-dx+3*halfTurn)/cellUnits), int((int64(p.x)+dx+3*halfTurn)/cellUnits) // a turn too far, so that they grow
	to = min(to, from+cellColumns-1)
	firstRow, lastRow := rowOf(int32(south)), rowOf(int32(north))
	scan := func(cell int) {
		for _, e := range c.edges[c.first[cell]:c.first[cell+1]] {
			if d := c.chord2(at, e); d < best {
				best, found = d, true
				reach = math.Sqrt(best) + coarseHalf
			}
		}
	}
	own := rowOf(p.y)*cellColumns + columnOf(p.x)
	scan(own)
	gap := gapTo(p, south, north)
	for block := firstRow / coarseCells; block <= lastRow/coarseCells; block++ {
		for turnedBlock := from / coarseCells; turnedBlock <= to/coarseCells; turnedBlock++ {
			coarse := &c.coarse[block*coarseColumns+turnedBlock%coarseColumns]
			if !coarse.shore || out(at, coarse.centre, reach) {
				continue
			}
			for row := max(firstRow, block*coarseCells); row <= min(lastRow, block*coarseCells+coarseCells-1); row++ {
				for turned := max(from, turnedBlock*coarseCells); turned <= min(to, turnedBlock*coarseCells+coarseCells-1); turned++ {
					cell := row*cellColumns + turned%cellColumns
					if cell != own && c.first[cell] != c.first[cell+1] && gap.chord2(turned, row) < best {
						scan(cell)
					}
				}
			}
		}
	}
	if !found {
		return math.Inf(1)
	}
	return 2 * math.Asin(min(1, math.Sqrt(best)/2)) * nmPerRadian
}

// gap is a glance at the distance from a point to cells about it.
type gap struct {
	x, y int64   // the point, a turn and a half east of its place and a quarter turn north
	cos  float64 // no more than the cosine of any latitude
}

// gapTo is the glance from p, at cells between two latitudes.
func gapTo(p grid, south, north int64) gap {
	degrees := float64(max(-south, north, int64(p.y), -int64(p.y)))/unitsPerDegree + 0.25 // a cell reaches beyond the circle
	return gap{int64(p.x) + 3*halfTurn, int64(p.y) + quarterTurn, leastCosines[min(90, int(degrees)+1)]}
}

// chord2 is no more than the square of the straight line through the unit sphere to
// any point of a cell: by the haversine formula, with half the angles for their sines,
// which for three degrees is a two-thousandth too much.
func (g *gap) chord2(turned, row int) float64 {
	const toRadians = math.Pi / 180 / unitsPerDegree
	x, y := int64(turned)*cellUnits, int64(row)*cellUnits
	dx, dy := float64(max(0, x-g.x, g.x-x-cellUnits)), float64(max(0, y-g.y, g.y-y-cellUnits))
	dx, dy = min(dx, 3*unitsPerDegree)*toRadians*g.cos, min(dy, 3*unitsPerDegree)*toRadians
	return 0.999 * (dx*dx + dy*dy)
}

// openNM is a glance at the distance to the shore from a cell that none runs through:
// it is no less. Land there is none.
func (c *coast) openNM(pos navicert.Position) (nm float64, open bool) {
	p := toGrid(pos)
	column, row := columnOf(p.x), rowOf(p.y)
	cell := row*cellColumns + column
	if c.first[cell] != c.first[cell+1] || c.inside[cell/64]>>(cell%64)&1 != 0 {
		return 0, false
	}
	x, y := int64(p.x)+halfTurn-int64(column)*cellUnits, int64(p.y)+quarterTurn-int64(row)*cellUnits
	cos := leastCosines[min(90, int(math.Abs(pos.Lat)+0.25)+1)]
	edge := min(float64(min(y, cellUnits-y)), float64(min(x, cellUnits-x))*cos) * 60 / unitsPerDegree
	return max(0, edge, float64(c.coarse[row/coarseCells*coarseColumns+column/coarseCells].farNM)), true
}

// out reports whether a point on the unit sphere is farther from p than a
// straight line through the sphere is long.
func out(p [3]float64, centre [3]float32, line float64) bool {
	x, y, z := p[0]-float64(centre[0]), p[1]-float64(centre[1]), p[2]-float64(centre[2])
	return x*x+y*y+z*z > line*line
}

// chord2 is the square of the straight line through the unit sphere from a
// point to an edge.
func (c *coast) chord2(p [3]float64, e coastEdge) float64 {
	a, b := &c.unit[e.a], &c.unit[e.b]
	ax, ay, az := float64(a[0]), float64(a[1]), float64(a[2])
	bx, by, bz := float64(b[0])-ax, float64(b[1])-ay, float64(b[2])-az
	px, py, pz := p[0]-ax, p[1]-ay, p[2]-az
	along := px*bx + py*by + pz*bz
	if along > 0 {
		if l := bx*bx + by*by + bz*bz; along < l {
			f := along / l
			px, py, pz = px-f*bx, py-f*by, pz-f*bz
		} else {
			px, py, pz = px-bx, py-by, pz-bz
		}
	}
	return px*px + py*py + pz*pz
}

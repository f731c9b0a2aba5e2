package geo

import (
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"navicert"
)

// SeaDetour is by how much a way of [Land.SeaNM] that goes no nearer to a pole than
// a latitude may be longer than the shortest, as a part of it. The grid has sixteen
// directions, and its cells grow narrower towards the poles: a way midway between
// two neighbouring directions is the longest, 3 % at the equator, 5 % at 45°.
func SeaDetour(lat float64) float64 {
	across := math.Cos(lat * math.Pi / 180)
	widest, last := 0.0, 0.0
	for _, slope := range [...]float64{across / 2, across, 2 * across, math.Inf(1)} {
		angle := math.Atan(slope)
		widest, last = max(widest, angle-last), angle
	}
	return 1/math.Cos(widest/2) - 1
}

const (
	seaCells = 4 // to a degree
	// maxSeaCells bounds a search: an ocean.
	maxSeaCells = 200_000
)

// canals are waters that are too narrow for the grid, and that ships pass.
var canals = [][2]navicert.Position{
	{{Lat: 31.4, Lon: 32.35}, {Lat: 29.7, Lon: 32.55}},   // Suez
	{{Lat: 29.7, Lon: 32.55}, {Lat: 27.5, Lon: 34.0}},    // Gulf of Suez
	{{Lat: 13.0, Lon: 43.1}, {Lat: 12.2, Lon: 43.8}},     // Bab el Mandeb
	{{Lat: 26.1, Lon: 55.8}, {Lat: 26.6, Lon: 56.5}},     // Hormuz
	{{Lat: 26.6, Lon: 56.5}, {Lat: 25.8, Lon: 57.0}},     // Hormuz
	{{Lat: 9.5, Lon: -79.95}, {Lat: 8.8, Lon: -79.5}},    // Panama
	{{Lat: 39.9, Lon: 26.0}, {Lat: 40.5, Lon: 27.2}},     // Dardanelles
	{{Lat: 40.5, Lon: 27.2}, {Lat: 40.8, Lon: 28.9}},     // Marmara
	{{Lat: 40.8, Lon: 28.9}, {Lat: 41.4, Lon: 29.2}},     // Bosporus
	{{Lat: 45.0, Lon: 36.5}, {Lat: 45.6, Lon: 36.7}},     // Kerch
	{{Lat: 1.1, Lon: 103.4}, {Lat: 1.4, Lon: 104.6}},     // Singapore
	{{Lat: 55.3, Lon: 12.8}, {Lat: 56.2, Lon: 12.5}},     // the Sound
	{{Lat: 53.9, Lon: 9.0}, {Lat: 54.4, Lon: 10.2}},      // Kiel
	{{Lat: 38.0, Lon: 15.6}, {Lat: 38.4, Lon: 15.7}},     // Messina
	{{Lat: -52.5, Lon: -68.4}, {Lat: -53.5, Lon: -70.9}}, // Magellan
}

const seaRows, seaColumns = 180 * seaCells, 360 * seaCells

// seaGrid is what is known of the cells: where canals are, and of those that were
// asked about whether they are land and where ships may go from them.
type seaGrid struct {
	canal [seaRows * seaColumns / 64]uint64
	// asked and dry are bits of cells; a cell's dry is set before its asked.
	asked, dry [seaRows * seaColumns / 64]atomic.Uint64
	// ways has for each cell a bit for each of seaMoves that leads over water, and
	// waysKnown when that was looked into.
	ways [seaRows * seaColumns]atomic.Uint32
	nm   [seaRows][len(seaMoves)]float64 // how far each move is from a row

	lock sync.Mutex
	kept []*seaSearch // the one that was asked last comes last
}

const waysKnown = 1 << 31

// seaMove is a step to a neighbour or to one of the cells a knight's move away.
type seaMove struct{ rows, columns int32 }

// seaMoves are the sixteen directions in which a search goes on.
var seaMoves = [16]seaMove{
	{-2, -1},
	{-2, 1},
	{-1, -2},
	{-1, -1},
	{-1, 0},
	{-1, 1},
	{-1, 2},
	{0, -1},
	{0, 1},
	{1, -2},
	{1, -1},
	{1, 0},
	{1, 1},
	{1, 2},
	{2, -1},
	{2, 1},
}

// seaGridOf returns the grid of a land, which is made when it is first wanted.
func (l *Land) seaGridOf() *seaGrid {
	l.seaOnce.Do(func() {
		g := &seaGrid{}
		for _, c := range canals {
			for k := range 41 {
				cell := seaCell(Interpolate(c[0], c[1], float64(k)/40))
				g.canal[cell/64] |= 1 << (cell % 64)
			}
		}
		for row := range int32(seaRows) {
			lat := seaCentre(row * seaColumns).Lat
			for i, m := range seaMoves {
				g.nm[row][i] = m.nm(lat)
			}
		}
		l.sea = g
	})
	return l.sea
}

func (g *seaGrid) isCanal(cell int32) bool { return g.canal[cell/64]>>(cell%64)&1 != 0 }

// isDry asks the land once for each cell.
func (g *seaGrid) isDry(l *Land, cell int32) bool {
	word, bit := cell/64, uint64(1)<<(cell%64)
	if g.asked[word].Load()&bit != 0 {
		return g.dry[word].Load()&bit != 0
	}
	dry := !g.isCanal(cell) && l.Contains(seaCentre(cell))
	if dry {
		g.dry[word].Or(bit)
	}
	g.asked[word].Or(bit)
	return dry
}

func seaCell(p navicert.Position) int32 {
	lon := math.Remainder(p.Lon, 360) + 180
	column := int32(lon*seaCells) % seaColumns
	row := max(0, min(seaRows-1, int32((p.Lat+90)*seaCells)))
	return row*seaColumns + column
}

func seaCentre(cell int32) navicert.Position {
	return navicert.Position{
		Lat: (float64(cell/seaColumns)+0.5)/seaCells - 90,
		Lon: (float64(cell%seaColumns)+0.5)/seaCells - 180,
	}
}

// SeaNM is about how far ships sail from each of some positions to a place, round
// the land: on a grid of quarter degrees with the great canals and straits, and so
// up to [SeaDetour] too long, and too long by far where narrow waters lead that it
// does not know. It is +Inf where no way was found.
func (l *Land) SeaNM(to navicert.Position, from ...navicert.Position) []float64 {
	out := make([]float64, len(from))
	for i := range out {
		out[i] = math.Inf(1)
	}
	g := l.seaGridOf()
	start, ok := g.water(l, to)
	if !ok {
		return out
	}
	s := g.take(l, start)
	defer g.keep(s)
	for i, p := range from {
		if cell, ok := g.water(l, p); ok {
			out[i] = s.to(cell)
		}
	}
	return out
}

// seaSearch is a search for the ways to a place as far as it has come; it goes on when
// more is asked of the place. Its memory is used again.
type seaSearch struct {
	land  *Land
	grid  *seaGrid
	start int32
	rows  [seaRows]*[seaColumns]float64 // the shortest way to each cell, +Inf where none is known yet
	known []int32                       // the cells to which one is
	queue seaQueue
	last  seaStep // up to which the ways are final
	n     int     // cells that it went on from
}

// seaKept is how many searches a grid keeps: ships declare few places, and each is
// asked about again and again. One of an ocean takes 8 MB.
const seaKept = 4

// take returns the search from a cell: the one that was kept, or a new one.
func (g *seaGrid) take(l *Land, start int32) *seaSearch {
	g.lock.Lock()
	defer g.lock.Unlock()
	i := slices.IndexFunc(g.kept, func(s *seaSearch) bool { return s.start == start })
	if i < 0 && len(g.kept) < seaKept {
		s := &seaSearch{land: l, grid: g}
		s.begin(start)
		return s
	}
	again := i >= 0
	i = max(i, 0) // else the one that was asked longest ago
	s := g.kept[i]
	g.kept = slices.Delete(g.kept, i, i+1)
	if !again {
		s.begin(start)
	}
	return s
}

// keep keeps a search as the one that was asked last.
func (g *seaGrid) keep(s *seaSearch) {
	g.lock.Lock()
	defer g.lock.Unlock()
	if len(g.kept) < seaKept {
		g.kept = append(g.kept, s)
	}
}

func (s *seaSearch) begin(start int32) {
	for _, cell := range s.known {
		s.rows[cell/seaColumns][cell%seaColumns] = math.Inf(1)
	}
	s.queue, s.known, s.start, s.last, s.n = s.queue[:0], s.known[:0], start, seaStep{nm: -1}, 0
	s.reach(start, 0)
}

// to is how far it is to a cell, +Inf when no way is found.
func (s *seaSearch) to(cell int32) float64 {
	for {
		if row := s.rows[cell/seaColumns]; row != nil {
			if at := (seaStep{cell, row[cell%seaColumns]}); !s.last.before(at) {
				return at.nm
			}
		}
		if len(s.queue) == 0 || s.n >= maxSeaCells {
			return math.Inf(1)
		}
		at := s.queue.pop()
		if at.nm > s.rows[at.cell/seaColumns][at.cell%seaColumns] {
			continue
		}
		s.n++
		s.last = at
		s.spread(at)
	}
}

func (s *seaSearch) isDry(cell int32) bool { return s.grid.isDry(s.land, cell) }

// water is the nearest cell of water to a position: ports lie on the coast.
func (g *seaGrid) water(l *Land, p navicert.Position) (int32, bool) {
	best, nearest := int32(-1), math.Inf(1)
	for dLat := -2; dLat <= 2; dLat++ {
		for dLon := -2; dLon <= 2; dLon++ {
			q := navicert.Position{Lat: p.Lat + float64(dLat)/seaCells, Lon: p.Lon + float64(dLon)/seaCells}
			if cell := seaCell(q); math.Abs(q.Lat) < 90 && !g.isDry(l, cell) {
				if nm := DistanceNM(p, seaCentre(cell)); nm < nearest {
					best, nearest = cell, nm
				}
			}
		}
	}
	return best, best >= 0
}

func (s *seaSearch) reach(cell int32, nm float64) {
	row := s.rows[cell/seaColumns]
	if row == nil {
		row = new([seaColumns]float64)
		for i := range row {
			row[i] = math.Inf(1)
		}
		s.rows[cell/seaColumns] = row
	}
	before := &row[cell%seaColumns]
	if nm >= *before {
		return
	}
	if math.IsInf(*before, 1) {
		s.known = append(s.known, cell)
	}
	*before = nm
	s.queue.push(seaStep{cell, nm})
}

// spread goes on from a cell wherever a ship may go.
func (s *seaSearch) spread(at seaStep) {
	nm := &s.grid.nm[at.cell/seaColumns]
	for ways := s.ways(at.cell); ways != 0; ways &= ways - 1 {
		i := bits.TrailingZeros32(ways)
		m := seaMoves[i]
		s.reach(beside(at.cell, m.rows, m.columns), at.nm+nm[i])
	}
}

// ways is the moves that lead over water from a cell, which are looked for once.
func (s *seaSearch) ways(cell int32) uint32 {
	known := &s.grid.ways[cell]
	if w := known.Load(); w != 0 {
		return w &^ waysKnown
	}
	w := uint32(0)
	for i, m := range seaMoves {
		if r := cell/seaColumns + m.rows; r >= 0 && r < seaRows && s.leads(cell, m.rows, m.columns) {
			w |= 1 << i
		}
	}
	known.Store(w | waysKnown)
	return w
}

// beside is the cell so many rows and columns off.
func beside(cell, dRow, dColumn int32) int32 {
	return (cell/seaColumns+dRow)*seaColumns + (cell%seaColumns+dColumn+seaColumns)%seaColumns
}

// leads reports whether a ship may go from a cell so many rows and columns on, in
// one of the sixteen directions: over water all the way.
func (s *seaSearch) leads(cell, dRow, dColumn int32) bool {
	to := beside(cell, dRow, dColumn)
	switch rows, columns := max(dRow, -dRow), max(dColumn, -dColumn); {
	case s.isDry(to):
		return false
	case rows+columns == 3: // by the two cells on both sides of the middle
		return !s.isDry(beside(cell, dRow/2, dColumn/2)) && !s.isDry(beside(cell, dRow-dRow/2, dColumn-dColumn/2))
	case rows == 1 && columns == 1:
		return !s.shut(cell, to)
	}
	return true
}

// shut reports whether two cells that meet in a corner lie on two sides of land
// that touches there; a canal leads through.
func (s *seaSearch) shut(a, b int32) bool {
	if s.grid.isCanal(a) && s.grid.isCanal(b) {
		return false
	}
	return s.isDry(a-a%seaColumns+b%seaColumns) && s.isDry(b-b%seaColumns+a%seaColumns)
}

// nm is how far a move is from the centre of a cell at a latitude, in the plane of the
// parallel between the two.
func (m seaMove) nm(lat float64) float64 {
	const side = nmPerRadian * math.Pi / 180 / seaCells
	across := math.Cos((lat + float64(m.rows)/seaCells/2) * math.Pi / 180)
	return side * math.Hypot(float64(m.rows), across*float64(max(m.columns, -m.columns)))
}

type seaStep struct {
	cell int32
	nm   float64
}

// seaQueue is a heap of steps, the nearest first; of two the one with the lesser cell.
type seaQueue []seaStep

func (q seaQueue) less(i, j int) bool { return q[i].before(q[j]) }

// before is the order in which a search takes steps.
func (s seaStep) before(t seaStep) bool { return s.nm < t.nm || s.nm == t.nm && s.cell < t.cell }

func (q *seaQueue) push(s seaStep) {
	*q = append(*q, s)
	h := *q
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h.less(i, parent) {
			break
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
}

func (q *seaQueue) pop() seaStep {
	h := *q
	top := h[0]
	last := len(h) - 1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		least := i
		for k := 2*i + 1; k <= 2*i+2 && k < last; k++ {
			if h.less(k, least) {
				least = k
			}
		}
		if least == i {
			break
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
	*q = h
	return top
}

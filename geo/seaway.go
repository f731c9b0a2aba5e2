package geo

import (
	"container/heap"
	"math"

	"navicert"
)

// SeaDetour is by how much a way of [Land.SeaNM] may be longer than the shortest,
// as a part of it: the grid has eight directions.
const SeaDetour = 0.08

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

var canalCells = func() map[int32]bool {
	cells := map[int32]bool{}
	for _, c := range canals {
		for k := range 41 {
			cells[seaCell(Interpolate(c[0], c[1], float64(k)/40))] = true
		}
	}
	return cells
}()

func seaCell(p navicert.Position) int32 {
	lon := math.Remainder(p.Lon, 360) + 180
	column := int32(lon*seaCells) % (360 * seaCells)
	row := max(0, min(180*seaCells-1, int32((p.Lat+90)*seaCells)))
	return row*360*seaCells + column
}

func seaCentre(cell int32) navicert.Position {
	return navicert.Position{
		Lat: (float64(cell/(360*seaCells))+0.5)/seaCells - 90,
		Lon: (float64(cell%(360*seaCells))+0.5)/seaCells - 180,
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
	s := seaSearch{land: l, best: map[int32]float64{}, dry: map[int32]bool{}}
	start, ok := s.water(to)
	if !ok {
		return out
	}
	wanted := map[int32][]int{}
	for i, p := range from {
		if cell, ok := s.water(p); ok {
			wanted[cell] = append(wanted[cell], i)
		}
	}
	s.reach(start, 0)
	for n := 0; s.queue.Len() > 0 && len(wanted) > 0 && n < maxSeaCells; {
		at := heap.Pop(&s.queue).(seaStep)
		if at.nm > s.best[at.cell] {
			continue
		}
		n++
		for _, i := range wanted[at.cell] {
			out[i] = at.nm
		}
		delete(wanted, at.cell)
		s.spread(at)
	}
	return out
}

type seaSearch struct {
	land  *Land
	best  map[int32]float64
	dry   map[int32]bool
	queue seaQueue
}

// isDry asks the land once for each cell.
func (s *seaSearch) isDry(cell int32) bool {
	dry, known := s.dry[cell]
	if !known {
		dry = s.land.Contains(seaCentre(cell)) && !canalCells[cell]
		s.dry[cell] = dry
	}
	return dry
}

// water is the nearest cell of water to a position: ports lie on the coast.
func (s *seaSearch) water(p navicert.Position) (int32, bool) {
	best, nearest := int32(-1), math.Inf(1)
	for dLat := -2; dLat <= 2; dLat++ {
		for dLon := -2; dLon <= 2; dLon++ {
			q := navicert.Position{Lat: p.Lat + float64(dLat)/seaCells, Lon: p.Lon + float64(dLon)/seaCells}
			if cell := seaCell(q); math.Abs(q.Lat) < 90 && !s.isDry(cell) {
				if nm := DistanceNM(p, seaCentre(cell)); nm < nearest {
					best, nearest = cell, nm
				}
			}
		}
	}
	return best, best >= 0
}

func (s *seaSearch) reach(cell int32, nm float64) {
	if before, known := s.best[cell]; !known || nm < before {
		s.best[cell] = nm
		heap.Push(&s.queue, seaStep{cell, nm})
	}
}

func (s *seaSearch) spread(at seaStep) {
	const columns, rows = 360 * seaCells, 180 * seaCells
	row, column := at.cell/columns, at.cell%columns
	centre := seaCentre(at.cell)
	for dRow := int32(-1); dRow <= 1; dRow++ {
		for dColumn := int32(-1); dColumn <= 1; dColumn++ {
			r, c := row+dRow, (column+dColumn+columns)%columns
			if r < 0 || r >= rows || dRow == 0 && dColumn == 0 {
				continue
			}
			// Not between two pieces of land that touch, unless it is a canal.
			if cell := r*columns + c; !s.isDry(cell) && !(!(canalCells[at.cell] && canalCells[cell]) && dRow != 0 && dColumn != 0 && s.isDry(row*columns+c) && s.isDry(r*columns+column)) {
				s.reach(cell, at.nm+DistanceNM(centre, seaCentre(cell)))
			}
		}
	}
}

type seaStep struct {
	cell int32
	nm   float64
}

// seaQueue is a heap of steps, the nearest first; of two the one with the lesser cell.
type seaQueue []seaStep

func (q seaQueue) Len() int { return len(q) }
func (q seaQueue) Less(i, j int) bool {
	return q[i].nm < q[j].nm || q[i].nm == q[j].nm && q[i].cell < q[j].cell
}
func (q seaQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *seaQueue) Push(x any)   { *q = append(*q, x.(seaStep)) }
func (q *seaQueue) Pop() any {
	s := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return s
}

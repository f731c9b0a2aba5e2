package geo

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"navicert"
)

const (
	// offingNM is how far round a place its way to the sea lanes is looked for on a
	// grid of its own: the longest bays and sounds with ports have some 60 nm.
	offingNM = 90
	// offingCellNM is the side of a cell: the coast is good to about a mile.
	offingCellNM = 1
	offingSide   = 2*offingNM/offingCellNM + 1
	// onLand is how much longer a mile over land counts than one on water: rivers and
	// harbours that the coast does not show are gone up where they are shortest.
	onLand = 30
)

// offing is the search for the ways from one place to lanes round it: a grid of
// cells about the place, land or water by the coast. It is used again.
type offing struct {
	land    *Land
	place   navicert.Position
	dLat    float64 // degrees of a cell
	dLon    float64
	dry     [offingSide * offingSide]int8 // 0: not asked yet; 1 water; 2 land
	best    [offingSide * offingSide]float64
	from    [offingSide * offingSide]int32
	settled [offingSide * offingSide]bool
	queue   seaQueue
}

var offings = sync.Pool{New: func() any { return new(offing) }}

// ways lays for each joint the way from the place on the least land and sets the
// joint's length, what of it is ashore, and its points. Joints off the grid, and those
// on it to which the way is much longer than to the nearest, are left out; when none
// is reached all stay as they are. Off the grid only the straight way could be
// measured: taken in, of 3,798 ports ten would join more lanes and two fewer.
func (l *Land) ways(place navicert.Position, joints []joint) []joint {
	o := offings.Get().(*offing)
	defer offings.Put(o)
	o.start(l, place)
	wanted := map[int32]bool{}
	cells := make([]int32, len(joints))
	for i := range joints {
		var ok bool
		if cells[i], ok = o.cell(fromPoint(joints[i].at)); ok {
			wanted[cells[i]] = true
		} else {
			cells[i] = -1
		}
	}
	o.search(wanted)
	var reached []joint
	for i, c := range cells {
		if c >= 0 && o.settled[c] {
			o.lay(&joints[i], c)
			reached = append(reached, joints[i])
		}
	}
	if len(reached) == 0 {
		return joints
	}
	slices.SortStableFunc(reached, func(a, b joint) int { return cmp.Compare(a.nm, b.nm) })
	return reached
}

func (o *offing) start(l *Land, place navicert.Position) {
	o.land, o.place = l, place
	o.dLat = offingCellNM / 60.0
	o.dLon = o.dLat / max(0.05, math.Cos(place.Lat*math.Pi/180))
	clear(o.dry[:])
	clear(o.settled[:])
	for i := range o.best {
		o.best[i] = math.Inf(1)
	}
	o.queue = o.queue[:0]
}

const offingMiddle = (offingSide/2)*offingSide + offingSide/2

func (o *offing) cell(p navicert.Position) (int32, bool) {
	row := int32(math.Round((p.Lat-o.place.Lat)/o.dLat)) + offingSide/2
	column := int32(math.Round(math.Remainder(p.Lon-o.place.Lon, 360)/o.dLon)) + offingSide/2
	if row < 0 || row >= offingSide || column < 0 || column >= offingSide {
		return 0, false
	}
	return row*offingSide + column, true
}

func (o *offing) centre(cell int32) navicert.Position {
	return navicert.Position{
		Lat: o.place.Lat + float64(cell/offingSide-offingSide/2)*o.dLat,
		Lon: math.Remainder(o.place.Lon+float64(cell%offingSide-offingSide/2)*o.dLon, 360),
	}
}

// factor is how much a mile in a cell counts.
func (o *offing) factor(cell int32) float64 {
	if o.dry[cell] == 0 {
		o.dry[cell] = 1
		if o.land.Contains(o.centre(cell)) {
			o.dry[cell] = 2
		}
	}
	if o.dry[cell] == 2 {
		return onLand
	}
	return 1
}

// search reaches the cells that are wanted, up to [besideNM] beyond the first.
func (o *offing) search(wanted map[int32]bool) {
	o.best[offingMiddle], o.from[offingMiddle] = 0, -1
	o.queue.push(seaStep{offingMiddle, 0})
	enough := math.Inf(1)
	for len(o.queue) > 0 && len(wanted) > 0 {
		at := o.queue.pop()
		if o.settled[at.cell] {
			continue
		}
		if at.nm > enough {
			return
		}
		o.settled[at.cell] = true
		if wanted[at.cell] {
			enough = min(enough, at.nm+besideNM)
			delete(wanted, at.cell)
		}
		row, column := at.cell/offingSide, at.cell%offingSide
		lat := o.centre(at.cell).Lat
		for dRow := int32(-1); dRow <= 1; dRow++ {
			for dColumn := int32(-1); dColumn <= 1; dColumn++ {
				r, c := row+dRow, column+dColumn
				to := r*offingSide + c
				if r < 0 || r >= offingSide || c < 0 || c >= offingSide || o.settled[to] || math.Abs(o.centre(to).Lat) > 89 {
					continue
				}
				across := float64(dColumn) * o.dLon * 60 * math.Cos((lat+float64(dRow)*o.dLat/2)*math.Pi/180)
				nm := math.Hypot(float64(dRow)*offingCellNM, across) * (o.factor(at.cell) + o.factor(to)) / 2
				if d := at.nm + nm; d < o.best[to] {
					o.best[to], o.from[to] = d, at.cell
					o.queue.push(seaStep{to, d})
				}
			}
		}
	}
}

// lay takes the way to a joint down from the grid, drops the points that are not
// needed to keep off the land, and measures it.
func (o *offing) lay(j *joint, cell int32) {
	var back []navicert.Position // from the joint's cell to the place's, without either
	for c := o.from[cell]; c >= 0 && c != offingMiddle; c = o.from[c] {
		back = append(back, o.centre(c))
	}
	way := make([]navicert.Position, 0, len(back)+2)
	way = append(way, o.place)
	for i := len(back) - 1; i >= 0; i-- {
		way = append(way, back[i])
	}
	way = append(way, fromPoint(j.at))
	ashore := make([]float64, len(way)) // from the place to each point of it
	for i := range way[1:] {
		ashore[i+1] = ashore[i] + o.land.legNM(way[i], way[i+1])
	}
	kept := []navicert.Position{way[0]}
	j.nm, j.ashore = 0, 0
	for i := 0; i < len(way)-1; {
		next, over := i+1, ashore[i+1]-ashore[i]
		for k := i + 2; k < len(way); k++ {
			nm := o.land.AcrossNM(way[i], way[k], landStepNM, ashore[k]-ashore[i])
			if nm > ashore[k]-ashore[i] {
				break
			}
			next, over = k, nm
		}
		j.nm += DistanceNM(way[i], way[next])
		j.ashore += over
		kept = append(kept, way[next])
		i = next
	}
	j.way = kept[1 : len(kept)-1]
}

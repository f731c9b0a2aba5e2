package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/golang/geo/s2"

	"navicert"
)

const (
	// MaxOffLanesNM is how far a place may lie from the nearest sea lane: farther off,
	// nobody can tell from the network which way a ship would take. Sea lanes of the
	// open oceans are some hundred miles apart.
	MaxOffLanesNM = 200
	// MaxAshoreNM is how much of the way from a place to its sea lane may run over
	// land, where the network does not reach the place itself: ports lie up rivers and in
	// harbours that coasts of 1:10 million do not show. A place with more is inland.
	MaxAshoreNM = 30
	// nearLaneNM: a place as near to a lane as this is on it, whatever the coast says.
	nearLaneNM = 3
	// besideNM is how much farther than the nearest lane another may lie that a ship
	// would join all the same.
	besideNM = 40
	// consideredLanes is how many lanes near a place are looked at.
	consideredLanes = 24
	// sameCoastNM is by how much the way over land to one lane may exceed that to
	// another for the two to lie off one coast.
	sameCoastNM = 1
	// harbourNM is how much land the direct way between two places near each other may
	// lead over beyond that: the coast is good to about a mile, ports to the minute.
	harbourNM = 3
	// maxStraightNM is the longest straight way between two places without a lane,
	// some three days' sailing: on longer ones great circles lead into ice.
	maxStraightNM = 1000
	// maxCutNM is the longest leg that cuts a corner: about a day's sailing.
	maxCutNM = 400
	// maxKeptWays bounds the ways that are kept, some 4 MB, and the berths, some 8 MB.
	maxKeptWays = 4096
	// landStepNM is how finely a leg is asked for land.
	landStepNM = 0.5
)

// berth is a place and where ships from it join the network.
type berth struct {
	name  string
	at    navicert.Position
	joins []joint
}

// joint is a point of a lane and the way to it from a place.
type joint struct {
	lane   int32
	at     s2.Point
	nm     float64             // from the place
	ashore float64             // of it over land
	way    []navicert.Position // from the place to it, without either end: round the land
}

// Route is the shortest way from place to place over the sea lanes, in the order
// in which the places are given: two at least. Where open water lies beside a
// lane the corners are cut, as the lanes run in zigzags that no ship follows. Of
// two ways of one length it is always the same, and the way back is the same way.
// A place that lies too far from any sea lane or too far inland, and places that
// no sea lane joins, are a NotFound error: then no way is known.
func (n *Lanes) Route(places []navicert.RoutePoint) (*Route, error) {
	if len(places) < 2 {
		return nil, navicert.Errorf(navicert.Invalid, "route", "", "%d places, want at least a start and an end", len(places))
	}
	points, ashore := []navicert.RoutePoint{places[0]}, 0.0
	for i, to := range places[1:] {
		way, err := n.way(places[i], to)
		if err != nil {
			return nil, err
		}
		ashore += way.ashoreNM
		for _, p := range way.points {
			points = append(points, navicert.RoutePoint{Position: p})
		}
		points = append(points, to)
	}
	r, err := NewRoute(points)
	if err != nil {
		return nil, err
	}
	r.ashore = ashore
	return r, nil
}

// way is the way between two places without its ends. Ways that were found are
// kept: fleets sail between few ports.
func (n *Lanes) way(from, to navicert.RoutePoint) (foundWay, error) {
	key := [2]navicert.Position{from.Position, to.Position}
	back := cmp.Or(cmp.Compare(key[0].Lat, key[1].Lat), cmp.Compare(key[0].Lon, key[1].Lon)) > 0
	if back {
		key[0], key[1] = key[1], key[0]
		from, to = to, from
	}
	n.mu.Lock()
	way, ok := n.found[key]
	n.mu.Unlock()
	if !ok {
		var err error
		if way, err = n.find(from, to); err != nil {
			return way, err
		}
		n.mu.Lock()
		if len(n.found) >= maxKeptWays {
			clear(n.found)
		}
		n.found[key] = way
		n.mu.Unlock()
	}
	if back {
		way.points = slices.Clone(way.points)
		slices.Reverse(way.points)
	}
	return way, nil
}

func (n *Lanes) find(from, to navicert.RoutePoint) (w foundWay, err error) {
	a, err := n.keptBerth(from)
	if err != nil {
		return w, err
	}
	b, err := n.keptBerth(to)
	if err != nil {
		return w, err
	}
	s := n.search.Get().(*laneSearch)
	defer n.search.Put(s)
	way, ok := s.find(n, a, b)
	if !ok {
		return w, navicert.Errorf(navicert.NotFound, "route", a.name+" to "+b.name, "no sea lane joins them")
	}
	way = slices.Insert(way, 0, a.at)
	way = slices.Compact(append(way, b.at))
	way = n.straighten(way)
	if len(way) < 2 { // from a place to itself
		return w, nil
	}
	for i := range way[1:] {
		w.ashoreNM += n.land.legNM(way[i], way[i+1])
	}
	w.points = way[1 : len(way)-1]
	return w, nil
}

// straighten cuts the corners of a way at sea where that leads over no more land:
// a canal is no reason to cut a cape beside it.
func (n *Lanes) straighten(way []navicert.Position) []navicert.Position {
	out := way[:0:0]
	for i := 0; i < len(way); {
		out = append(out, way[i])
		next := i + 1
		if next < len(way) {
			ashore := n.land.legNM(way[i], way[next])
			for ashore <= sameCoastNM && next+1 < len(way) && DistanceNM(way[i], way[next+1]) <= maxCutNM {
				ashore += n.land.legNM(way[next], way[next+1])
				if ashore > sameCoastNM || n.land.AcrossNM(way[i], way[next+1], landStepNM, ashore) > ashore || closedPassage(way[i], way[next+1]) {
					break
				}
				next++
			}
		}
		i = next
	}
	return out
}

// keptBerth is berth that remembers: few ports are asked about again and again.
func (n *Lanes) keptBerth(p navicert.RoutePoint) (berth, error) {
	n.mu.Lock()
	b, ok := n.berths[p.Position]
	n.mu.Unlock()
	if ok {
		b.name = cmp.Or(p.Name, p.Position.String())
		return b, nil
	}
	b, err := n.berth(p)
	if err != nil {
		return b, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.berths) >= maxKeptWays {
		clear(n.berths)
	}
	n.berths[p.Position] = b
	return b, nil
}

// berth finds where ships from a place join the network.
func (n *Lanes) berth(p navicert.RoutePoint) (berth, error) {
	b := berth{name: cmp.Or(p.Name, p.Position.String()), at: p.Position}
	fail := func(format string, args ...any) (berth, error) {
		return b, navicert.Errorf(navicert.NotFound, "route", b.name, format, args...)
	}
	if !p.Position.Valid() {
		return b, navicert.Errorf(navicert.Invalid, "route", b.name, "no such position: %g,%g", p.Position.Lat, p.Position.Lon)
	}
	near := n.near(toPoint(p.Position))
	if len(near) == 0 {
		return fail("no sea lane is known within %d nm", MaxOffLanesNM)
	}
	least := math.Inf(1)
	for i := range near {
		j := &near[i]
		if j.nm > nearLaneNM {
			j.ashore = n.land.legNM(p.Position, fromPoint(j.at))
		}
		least = min(least, j.ashore)
	}
	if least > sameCoastNM && n.land != nil && n.land.ShoreNM(p.Position, MaxAshoreNM) < MaxAshoreNM {
		near = n.land.ways(p.Position, near)
		least = math.Inf(1)
		for i := range near {
			least = min(least, near[i].ashore)
		}
	}
	if least > MaxAshoreNM {
		return fail("the way to the nearest sea lane leads over %.0f nm of land: it lies inland, or up a river that is not in the network", least)
	}
	reach := math.Inf(1)
	for _, j := range near { // the nearest first
		if j.ashore <= least+sameCoastNM && j.nm <= reach {
			reach = min(reach, j.nm+besideNM)
			b.joins = append(b.joins, j)
		}
	}
	return b, nil
}

// near are the nearest points of the nearest open lanes, the nearest first.
func (n *Lanes) near(p s2.Point) []joint {
	var found []joint
	worst := angleFromNM(MaxOffLanesNM)
	for i := range n.lanes {
		l := &n.lanes[i]
		if l.closed || p.Distance(l.mid) > worst+angleFromNM(l.nm/2) {
			continue
		}
		at := s2.Project(p, n.unit[l.a], n.unit[l.b])
		d := p.Distance(at)
		if d > worst || slices.ContainsFunc(found, func(j joint) bool { return j.at == at }) {
			continue
		}
		k, _ := slices.BinarySearchFunc(found, angleNM(d), func(j joint, nm float64) int {
			if j.nm <= nm {
				return -1
			}
			return 1
		})
		if len(found) == consideredLanes {
			found = found[:consideredLanes-1]
		}
		found = slices.Insert(found, min(k, len(found)), joint{lane: int32(i), at: at, nm: angleNM(d)})
		if len(found) == consideredLanes {
			worst = min(worst, angleFromNM(found[len(found)-1].nm))
		}
	}
	return found
}

// laneSearch is the work of one search. It is used again.
type laneSearch struct {
	best  []float64
	from  []int32 // the point before; ^k is joint k of the start
	queue seaQueue
}

func newLaneSearch(points int) *laneSearch {
	return &laneSearch{best: make([]float64, points), from: make([]int32, points)}
}

// find is the way between two places without its ends.
func (s *laneSearch) find(n *Lanes, from, to berth) (way []navicert.Position, ok bool) {
	for i := range s.best {
		s.best[i] = math.Inf(1)
	}
	s.queue = s.queue[:0]
	shortest, last, out := math.Inf(1), int32(-1), -1 // point, and joint of the end
	if direct := DistanceNM(from.at, to.at); n.isOpen(from, to, direct) {
		shortest = direct
	}
	var alone []navicert.Position // along one lane, or direct
	for _, a := range from.joins {
		for _, b := range to.joins {
			if a.lane == b.lane {
				if nm := a.nm + angleNM(a.at.Distance(b.at)) + b.nm; nm < shortest {
					shortest, alone = nm, toBerths(a, []navicert.Position{fromPoint(a.at), fromPoint(b.at)}, b)
				}
			}
		}
	}
	for k, j := range from.joins {
		l := n.lanes[j.lane]
		for _, p := range [2]int32{l.a, l.b} {
			s.reach(p, j.nm+angleNM(j.at.Distance(n.unit[p])), ^int32(k))
		}
	}
	ends := map[int32][]int{}
	for k, j := range to.joins {
		l := n.lanes[j.lane]
		ends[l.a], ends[l.b] = append(ends[l.a], k), append(ends[l.b], k)
	}
	for len(s.queue) > 0 {
		at := s.queue.pop()
		if at.nm > s.best[at.cell] {
			continue
		}
		if at.nm >= shortest {
			break
		}
		for _, k := range ends[at.cell] {
			j := to.joins[k]
			if nm := at.nm + angleNM(j.at.Distance(n.unit[at.cell])) + j.nm; nm < shortest {
				shortest, last, out = nm, at.cell, k
			}
		}
		for _, e := range n.ends[n.first[at.cell]:n.first[at.cell+1]] {
			if l := &n.lanes[e.lane]; !l.closed {
				s.reach(e.to, at.nm+l.nm, at.cell)
			}
		}
	}
	if last < 0 {
		return alone, shortest < math.Inf(1)
	}
	way = []navicert.Position{fromPoint(to.joins[out].at)}
	for {
		way = append(way, n.at[last])
		if s.from[last] < 0 {
			break
		}
		last = s.from[last]
	}
	start := from.joins[^s.from[last]]
	way = append(way, fromPoint(start.at))
	slices.Reverse(way)
	return toBerths(start, way, to.joins[out]), true
}

// toBerths is a way over lanes with the ways to its first point and from its last.
func toBerths(from joint, lanes []navicert.Position, to joint) []navicert.Position {
	back := slices.Clone(to.way)
	slices.Reverse(back)
	return slices.Concat(from.way, lanes, back)
}

func (s *laneSearch) reach(p int32, nm float64, from int32) {
	if nm < s.best[p] {
		s.best[p], s.from[p] = nm, from
		s.queue.push(seaStep{p, nm})
	}
}

// isOpen reports whether ships sail straight from one place to the other: no land
// lies between, or for places near each other, to which the lanes would be a way
// round, no more than a harbour's.
func (n *Lanes) isOpen(from, to berth, direct float64) bool {
	ashore := from.ashore() + to.ashore() + sameCoastNM
	if direct <= MaxOffLanesNM {
		ashore += harbourNM
	}
	return direct <= maxStraightNM && !closedPassage(from.at, to.at) && n.land.AcrossNM(from.at, to.at, landStepNM, ashore) <= ashore
}

// ashore is how much land lies between a place and the sea.
func (b *berth) ashore() float64 {
	least := math.Inf(1)
	for _, j := range b.joins {
		least = min(least, j.ashore)
	}
	return least
}

// legNM is how much of a leg of a route lies on land.
func (l *Land) legNM(a, b navicert.Position) float64 {
	return l.AcrossNM(a, b, landStepNM, math.Inf(1))
}

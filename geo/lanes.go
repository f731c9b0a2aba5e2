package geo

import (
	"encoding/hex"
	"io"
	"sync"

	"github.com/golang/geo/s2"

	"navicert"
)

// Lanes is a network of sea lanes: points, joined by great circles, over which
// [Lanes.Route] finds the shortest way from place to place round the land. It is
// a shape for display and for screening, not for navigation: depths, weather,
// traffic schemes and what is forbidden are not in it.
//
// It is safe for concurrent use.
type Lanes struct {
	sha256 string
	at     []navicert.Position // of each point
	unit   []s2.Point          // the same on the unit sphere
	lanes  []lane
	first  []int32 // of a point in ends; one more than there are points
	ends   []laneEnd
	land   *Land
	search sync.Pool // *laneSearch

	mu     sync.Mutex
	found  map[[2]navicert.Position]foundWay
	berths map[navicert.Position]berth
}

// foundWay is the way between two places, without its ends.
type foundWay struct {
	points   []navicert.Position
	ashoreNM float64
}

// lane joins two points.
type lane struct {
	a, b   int32
	nm     float64
	mid    s2.Point
	closed bool
}

// laneEnd is a lane as it is seen from one of its points.
type laneEnd struct{ lane, to int32 }

// Limits of a file of sea lanes: ten times what Eurostat's network has.
const (
	maxLanes      = 200_000
	maxLanePoints = 200_000
)

// ReadLanes reads the object "lanes" of a quantised TopoJSON file: lines whose
// common points are where lanes meet; a point at one end of the antimeridian is
// the one at the other. Lanes through passages that merchant ships do not use
// on their ordinary way ([Passages]) are there and closed. land keeps the way
// between a place and the network on the water. A file that is not of this form,
// or is cut off, is refused whole.
func ReadLanes(r io.Reader, name string, land *Land) (*Lanes, error) {
	const op = "read sea lanes"
	t, sum, err := readTopology(r, op, name)
	if err != nil {
		return nil, err
	}
	if _, ok := t.Objects["lanes"]; !ok {
		return nil, navicert.Errorf(navicert.Invalid, op, name, `it holds no "lanes"`)
	}
	arcs, err := t.points(op, name)
	if err != nil {
		return nil, err
	}
	n := &Lanes{sha256: hex.EncodeToString(sum[:]), land: land, found: map[[2]navicert.Position]foundWay{}, berths: map[navicert.Position]berth{}}
	points := map[grid]int32{}
	known := map[[2]int32]bool{}
	for _, arc := range arcs {
		last := int32(-1)
		for _, p := range arc {
			if p.x == halfTurn {
				p.x = -halfTurn
			}
			i, ok := points[p]
			if !ok {
				i = int32(len(n.at))
				points[p] = i
				n.at = append(n.at, navicert.Position{Lat: float64(p.y) / unitsPerDegree, Lon: float64(p.x) / unitsPerDegree})
			}
			if last >= 0 && last != i && !known[[2]int32{min(i, last), max(i, last)}] {
				known[[2]int32{min(i, last), max(i, last)}] = true
				n.lanes = append(n.lanes, lane{a: last, b: i})
			}
			last = i
		}
		if len(n.at) > maxLanePoints || len(n.lanes) > maxLanes {
			return nil, navicert.Errorf(navicert.Limit, op, name, "it has more than %d points or %d lanes", maxLanePoints, maxLanes)
		}
	}
	if len(n.lanes) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, op, name, "it holds no sea lane")
	}
	n.join()
	return n, nil
}

// join works out what the lanes' lengths are, which are closed and which meet
// in a point.
func (n *Lanes) join() {
	n.unit = make([]s2.Point, len(n.at))
	for i, p := range n.at {
		n.unit[i] = toPoint(p)
	}
	n.first = make([]int32, len(n.at)+1)
	for i := range n.lanes {
		l := &n.lanes[i]
		l.nm = DistanceNM(n.at[l.a], n.at[l.b])
		l.mid = between(0.5, n.unit[l.a], n.unit[l.b])
		l.closed = closedPassage(n.at[l.a], n.at[l.b])
		n.first[l.a+1]++
		n.first[l.b+1]++
	}
	for i := range n.at {
		n.first[i+1] += n.first[i]
	}
	n.ends = make([]laneEnd, 2*len(n.lanes))
	next := append([]int32(nil), n.first...)
	for i, l := range n.lanes {
		n.ends[next[l.a]] = laneEnd{int32(i), l.b}
		next[l.a]++
		n.ends[next[l.b]] = laneEnd{int32(i), l.a}
		next[l.b]++
	}
	n.search.New = func() any { return newLaneSearch(len(n.at)) }
}

// SHA256 is the hash of the file that the network was read from, in hex.
func (n *Lanes) SHA256() string { return n.sha256 }

// Size is how many points and lanes there are.
func (n *Lanes) Size() (points, lanes int) { return len(n.at), len(n.lanes) }

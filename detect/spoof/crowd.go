package spoof

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// crowd counts the ships that something did not fit of, by area and time: many
// at once are jammed.
type crowd struct {
	level  int               // of the cells
	places map[place][]int32 // the vessels' indexes, at most crowdKept
}

// place is an area in a period of two hours.
type place struct {
	cell   s2.CellID
	period int64
}

// otherHours reports whether a place is of a period that does not touch another's.
func (p place) otherHours(q place) bool { return p.period < q.period-1 || p.period > q.period+1 }

const (
	areaLevel   = 6        // about 75 nm
	spotLevel   = 13       // about half a mile
	crowdPeriod = 2 * 3600 // RadianceFleet's jamming zones: 2 h, 3 ships
	crowdKept   = 100      // more are told as so many
	crowdPlaces = 4096     // from so many on, those of other hours are forgotten
	// Jammed is how many ships in one area and time are taken for jamming.
	Jammed = 3
)

func (c *crowd) placeAt(cell s2.CellID, f *navicert.Fix) place {
	return place{cell.Parent(c.level), f.Time.Unix() / crowdPeriod}
}

// note adds a ship that something did not fit of.
func (c *crowd) note(v *track.Vessel, f *navicert.Fix, cell s2.CellID) {
	p := c.placeAt(cell, f)
	if c.places == nil {
		c.places = map[place][]int32{}
	}
	if len(c.places) >= crowdPlaces {
		maps.DeleteFunc(c.places, func(q place, _ []int32) bool { return q.otherHours(p) })
	}
	there := c.places[p]
	for _, i := range there {
		if int(i) == v.Index {
			return
		}
	}
	if len(there) < crowdKept {
		c.places[p] = append(there, int32(v.Index))
	}
}

// others is how many ships but one were noted in the area of a fix, in its
// period and the one before.
func (c *crowd) others(ship int32, f *navicert.Fix, cell s2.CellID) int {
	p := c.placeAt(cell, f)
	seen := map[int32]bool{ship: true}
	for range 2 {
		for _, i := range c.places[p] {
			seen[i] = true
		}
		p.period--
	}
	return len(seen) - 1
}

func (c *crowd) state(coder *state.Coder) {
	state.Map(coder, &c.places,
		comparePlaces, placeState,
		func(coder *state.Coder, v *[]int32) { state.Slice(coder, v, state.Int[int32]) })
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.period, b.period), cmp.Compare(a.cell, b.cell))
}

func placeState(c *state.Coder, p *place) {
	state.Int(c, &p.cell)
	state.Int(c, &p.period)
}

// sayCrowd says how many others were noted near a fix.
func (d *Detector) sayCrowd(ev *navicert.Event, ship who, f *navicert.Fix) {
	n := d.crowd.others(ship.index, f, geo.Leaf(f.Pos))
	ev.Measures["others_in_area"] = float64(n)
	if n+1 >= Jammed {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("%d other ships within about 75 nm sent what does not fit in the same hours: many at once are jammed, or hear false satellite signals, and do nothing themselves", n))
	}
}

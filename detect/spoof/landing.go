package spoof

import (
	"maps"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// landing is a ship's leap to a place of which it is not known yet whether several
// ships leapt there: it waits, with at most Jammed-2 others. When one more comes, all
// are told.
type landing struct {
	ship          who
	before, after brief.Whole
}

// arrive takes a ship's leap, and tells all that are of one place once enough ships leapt
// there: those that came first too.
func (d *Detector) arrive(v *track.Vessel, m *memory, before, after *navicert.Fix, emit detect.Emit) {
	leaf, ship := geo.Leaf(after.Pos), whoOf(v)
	d.spots.note(v, after, leaf)
	n := d.spots.others(ship.index, after, leaf)
	at := d.spots.placeAt(leaf, after)
	if n+1 < Jammed {
		d.wait(at, landing{ship, d.names.Pack(before), d.names.Pack(after)})
		return
	}
	earlier := place{at.cell, at.period - 1}
	for _, p := range []place{earlier, at} {
		for i := range d.landings[p] {
			if l := &d.landings[p][i]; l.ship.index != ship.index {
				d.tellEarlier(l, n, emit)
			}
		}
		delete(d.landings, p)
	}
	if !m.leaps.clustered {
		m.leaps.clustered = true
		emit(d.clusterEvent(ship, before, after, n))
	}
}

// tellEarlier tells a ship's leap that others followed, unless that is told of the
// leaps that it is one of.
func (d *Detector) tellEarlier(l *landing, others int, emit detect.Emit) {
	before, after := d.names.Unpack(&l.before), d.names.Unpack(&l.after)
	if k := d.memory[l.ship.index].leaps; k != nil && !k.before.Time.After(before.Time) {
		if k.clustered {
			return
		}
		k.clustered = true
	}
	emit(d.clusterEvent(l.ship, &before, &after, others))
}

// wait holds a leap, a ship's first to a place in its period, at so many places at most
// as crowdPlaces.
func (d *Detector) wait(at place, l landing) {
	if d.landings == nil {
		d.landings = map[place][]landing{}
	}
	if len(d.landings) >= crowdPlaces {
		maps.DeleteFunc(d.landings, func(p place, _ []landing) bool { return p.otherHours(at) })
	}
	if _, ok := d.landings[at]; !ok && len(d.landings) >= crowdPlaces {
		return // a flood of leaps: from the third ship on they are told all the same
	}
	for _, p := range []place{{at.cell, at.period - 1}, at} {
		for i := range d.landings[p] {
			if d.landings[p][i].ship.index == l.ship.index {
				return
			}
		}
	}
	d.landings[at] = append(d.landings[at], l)
}

func (d *Detector) landingsState(c *state.Coder) {
	state.Map(c, &d.landings, comparePlaces, placeState, func(c *state.Coder, list *[]landing) {
		state.Slice(c, list, func(c *state.Coder, l *landing) {
			state.Int(c, &l.ship.index)
			state.Int(c, &l.ship.mmsi)
			state.Int(c, &l.ship.imo)
			d.names.WholeState(c, &l.before)
			d.names.WholeState(c, &l.after)
			if i := int(l.ship.index); i < 0 || i >= len(d.memory) {
				c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a ship that leapt is no vessel"))
			}
		})
	})
}

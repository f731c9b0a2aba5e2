package track

import (
	"navicert"
	"navicert/track/state"
)

// State saves what the tracker holds, or loads it into a new tracker that was
// made with the same gate. What follows is then the same, step by step, as if
// the run had not been broken off.
func (t *Tracker) State(c *state.Coder) {
	c.Mark("tracker 1")
	c.Mark(t.gate.Name)
	state.Int(c, &t.received)
	state.Int(c, &t.kept)
	t.aside.state(c)
	state.Slice(c, &t.order, func(c *state.Coder, p **Vessel) {
		if c.Loads() {
			*p = new(Vessel)
		}
		if *p != nil { // nil after an error
			(*p).state(c)
		}
	})
	if !c.Loads() {
		return
	}
	t.vessels = make(map[navicert.MMSI]*Vessel, len(t.order))
	for i, v := range t.order {
		v.Index = i
		if t.vessels[v.MMSI] != nil {
			c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "MMSI "+v.MMSI.String(), "it stands there twice"))
			return
		}
		t.vessels[v.MMSI] = v
	}
}

func (v *Vessel) state(c *state.Coder) {
	state.Int(c, &v.MMSI)
	v.Identity.state(c)
	state.Int(c, &v.Segment)
	state.Int(c, &v.Kept)
	if v.Kept > 0 {
		c.Fix(&v.fixes[v.last]) // the one before it is not needed again
	}
	state.Ptr(c, &v.held, (*state.Coder).Fix)
	state.Int(c, &v.unplacedHours)
	state.Int(c, &v.unplacedLast)
}

func (id *Identity) state(c *state.Coder) {
	state.Int(c, &id.MMSI)
	state.Int(c, &id.IMO)
	c.String(&id.Name)
	state.Text(c, &id.CallSign)
	state.Opt(c, &id.ShipType, state.Int[int])
	state.Opt(c, &id.LengthM, (*state.Coder).Float)
	c.Time(&id.FirstSeen)
	c.Time(&id.LastSeen)
	state.Int(c, &id.Reports)
	c.Bool(&id.Simulated)
}

func (s *SetAside) state(c *state.Coder) {
	c.Mark("set aside 1")
	state.Array(c, s.n[:], state.Int[int])
	state.Array(c, s.examples[:], func(c *state.Coder, p *[]string) { state.Slice(c, p, (*state.Coder).String) })
}

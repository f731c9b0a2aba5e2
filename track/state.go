package track

import (
	"navicert"
	"navicert/track/state"
)

// State saves what the tracker holds, or loads it into a new tracker that was
// made with the same gate. What follows is then the same, step by step, as if
// the run had not been broken off.
func (t *Tracker) State(c *state.Coder) {
	c.Mark("tracker 5")
	c.Mark(t.gate.Name)
	state.Int(c, &t.received)
	state.Int(c, &t.kept)
	t.aside.state(c)
	state.Slice(c, &t.sources, (*state.Coder).String)
	state.Slice(c, &t.order, func(c *state.Coder, p **Vessel) {
		if c.Loads() {
			*p = &Vessel{Identity: &nobody, tracker: t}
		}
		if *p != nil { // nil after an error
			(*p).state(c)
		}
	})
	if c.Loads() {
		t.vessels = make(map[navicert.MMSI]*Vessel, len(t.order))
		for i, v := range t.order {
			v.Index = i
			if t.vessels[v.MMSI] == nil {
				t.vessels[v.MMSI] = v
			}
		}
	}
	var crowds []*crowd
	for _, v := range t.order {
		if v.crowd != nil && v.crowd.vessels[0] == v {
			crowds = append(crowds, v.crowd)
		}
	}
	state.Slice(c, &crowds, func(c *state.Coder, p **crowd) {
		if c.Loads() {
			*p = new(crowd)
		}
		if *p != nil {
			(*p).state(c, t)
		}
	})
	for _, v := range t.order {
		if v.crowd == nil && t.vessels[v.MMSI] != v || !t.knows(v) {
			c.Fail(damaged(v.MMSI))
			return
		}
	}
}

// knows reports whether the sources of a vessel's evidence are among those held.
func (t *Tracker) knows(v *Vessel) bool {
	within := func(p place) bool { return int(p.source) < len(t.sources) }
	id := v.Identity
	if id.Reports == 0 {
		return true
	}
	if id.past != nil {
		for _, a := range id.past.earlier {
			if !within(a.first) || !within(a.last) {
				return false
			}
		}
	}
	return within(id.first) && within(id.last)
}

func damaged(m navicert.MMSI) error {
	return navicert.Errorf(navicert.Invalid, "load the state of a run", "MMSI "+m.String(), "its vessels do not fit together")
}

func (v *Vessel) state(c *state.Coder) {
	state.Int(c, &v.MMSI)
	said := v.Identity != &nobody
	if c.Bool(&said); said {
		if c.Loads() {
			v.Identity = new(Particulars)
		}
		v.Identity.state(c)
	}
	state.Int(c, &v.Segment)
	state.Int(c, &v.Kept)
	if v.Kept > 0 {
		v.tracker.names.WholeState(c, &v.last)
		v.trail.state(c)
	}
	state.Int(c, &v.unplacedHours)
	state.Int(c, &v.unplacedLast)
}

func (p *Particulars) state(c *state.Coder) {
	state.Int(c, &p.IMO)
	state.Int(c, &p.Reports)
	c.String(&p.Name)
	state.Text(c, &p.CallSign)
	state.Opt(c, &p.LengthM, (*state.Coder).Float)
	state.Opt(c, &p.ShipType, state.Int[int32])
	c.Bool(&p.simulated)
	p.draught.state(c)
	state.Int(c, &p.firstSeen)
	state.Int(c, &p.lastSeen)
	p.first.state(c)
	p.last.state(c)
	state.Ptr(c, &p.past, func(c *state.Coder, p *past) {
		state.Int(c, &p.forgotten)
		state.Slice(c, &p.earlier, func(c *state.Coder, a *appearance) {
			a.id.state(c)
			a.first.state(c)
			a.last.state(c)
		})
	})
}

func (d *draughtSeen) state(c *state.Coder) {
	state.Int(c, &d.now)
	state.Int(c, &d.most)
	state.Int(c, &d.least)
	state.Int(c, &d.reports)
	state.Int(c, &d.since)
	state.Int(c, &d.at)
}

func (p *place) state(c *state.Coder) {
	state.Int(c, &p.offset)
	state.Int(c, &p.line)
	state.Int(c, &p.source)
}

func (t *trail) state(c *state.Coder) {
	state.Int(c, &t.at)
	state.Int(c, &t.n)
	state.Int(c, &t.size)
	if t.at >= lookback || t.n > lookback {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a segment's end is damaged"))
		return
	}
	for k := range int(t.n) {
		s := t.back(k)
		state.Int(c, &s.lat)
		state.Int(c, &s.lon)
		state.Int(c, &s.ms)
		state.Int(c, &s.speed)
		state.Int(c, &s.course)
		state.Int(c, &s.station)
		state.Int(c, &s.class)
		c.Bool(&s.sameClass)
	}
}

// state saves a crowd, or loads it and links the vessels of a tracker with it.
func (c *crowd) state(sc *state.Coder, t *Tracker) {
	// link saves or loads a vessel by its number; nil is -1.
	link := func(sc *state.Coder, p **Vessel) {
		i := -1
		if *p != nil {
			i = (*p).Index
		}
		state.Int(sc, &i)
		switch {
		case !sc.Loads():
		case i >= len(t.order) || i < -1:
			sc.Fail(damaged(0))
		case i == -1:
			*p = nil
		default:
			*p = t.order[i]
		}
	}
	state.Slice(sc, &c.vessels, link)
	sc.Time(&c.newest)
	state.Slice(sc, &c.open, func(sc *state.Coder, p **openSegment) {
		if sc.Loads() {
			*p = new(openSegment)
		}
		o := *p
		if o == nil { // after an error
			return
		}
		o.trail.state(sc)
		sc.Time(&o.last)
		link(sc, &o.vessel)
		current := o.current()
		sc.Bool(&current)
		state.Ptr(sc, &o.held, (*state.Coder).Fix)
		state.Int(sc, &o.waited)
		state.Int(sc, &o.since)
		if sc.Loads() && current && o.vessel != nil {
			o.vessel.current = o
		}
	})
	if !sc.Loads() {
		return
	}
	if len(c.vessels) == 0 {
		sc.Fail(damaged(0))
	}
	for _, v := range c.vessels {
		if v == nil || v.crowd != nil || v.Kept == 0 || v.MMSI != c.vessels[0].MMSI {
			sc.Fail(damaged(0))
			return
		}
		v.crowd = c
	}
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

package encounter

import (
	"time"

	"navicert"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// pair is two ships that are, or lately were, near each other. The first is the
// one with the lower MMSI.
type pair struct {
	vessel  [2]int32
	segment [2]int32
	ship    [2]identity
	open    [2]*Run // runs that have not ended, of each ship
	runs    []*Run  // that have, and count
	changed bool    // since it was last looked at
	leapt   [2]bool // one of them came there by a leap

	told      bool  // a meeting was emitted that has not been closed
	toldStart int64 // its start then, and where
	toldFrom  navicert.Position
	after     int64 // meetings that start before were told
}

// identity is who a ship was when it was last near the other.
type identity struct {
	mmsi navicert.MMSI
	imo  navicert.IMO
	kind uint8
}

// end is the slot of the newest sample.
func (p *pair) end() int64 {
	runs := p.runs
	for _, r := range p.open {
		if r != nil {
			runs = append(runs[:len(runs):len(runs)], r)
		}
	}
	_, end := span(runs)
	return end
}

// pairs are all pairs that are watched, in the order in which they met.
type pairs struct {
	list []*pair
	by   map[pairKey]*pair
}

// pairKey is two ships, each as long as one ship could have sent what it sent.
type pairKey struct{ vessel, segment [2]int32 }

// of returns the pair of two samples, and which way round they are: 0 when own
// is its first ship.
func (ps *pairs) of(ships []ship, own, other *sample) (*pair, int) {
	dir, a, b := 0, own, other
	va, vb := &ships[a.vessel], &ships[b.vessel]
	if vb.mmsi < va.mmsi || vb.mmsi == va.mmsi && b.vessel < a.vessel {
		dir, a, b, va, vb = 1, b, a, vb, va
	}
	key := pairKey{[2]int32{a.vessel, b.vessel}, [2]int32{a.segment, b.segment}}
	p := ps.by[key]
	if p == nil {
		p = &pair{vessel: key.vessel, segment: key.segment}
		if ps.by == nil {
			ps.by = map[pairKey]*pair{}
		}
		ps.by[key] = p
		ps.list = append(ps.list, p)
	}
	p.ship = [2]identity{{va.mmsi, va.imo, va.kind}, {vb.mmsi, vb.imo, vb.kind}}
	return p, dir
}

// keep goes through the pairs and forgets those that are not to be kept.
func (ps *pairs) keep(want func(*pair) bool) {
	kept := ps.list[:0]
	for _, p := range ps.list {
		if want(p) {
			kept = append(kept, p)
		} else {
			delete(ps.by, pairKey{p.vessel, p.segment})
		}
	}
	clear(ps.list[len(kept):])
	ps.list = kept
}

// PairRuns are the runs of one pair, both ways.
type PairRuns struct {
	Ships [2]navicert.MMSI // the first has the lower number
	Runs  []*Run
}

// EndRuns ends the runs that are open, as they are, and returns those that
// count of all pairs that are held. They are what others call raw encounters;
// nothing can be given to the detector afterwards.
func (d *Detector) EndRuns() []PairRuns {
	var all []PairRuns
	for _, p := range d.pairs.list {
		for dir, r := range p.open {
			if r != nil {
				d.end(p, dir)
			}
		}
		if len(p.runs) > 0 {
			all = append(all, PairRuns{[2]navicert.MMSI{p.ship[0].mmsi, p.ship[1].mmsi}, p.runs})
		}
	}
	return all
}

// Met is a meeting as others may want to know of it.
type Met struct {
	Other      navicert.MMSI
	Start, End time.Time
	a, b       int32
	mmsi       [2]navicert.MMSI
}

// keepMet is how long meetings are remembered after their end.
const keepMet = 72 * time.Hour

// maxMet is how many are remembered at most.
const maxMet = 20_000

func (d *Detector) remember(p *pair, m *Meeting) {
	if len(d.recent) >= maxMet {
		d.recent = d.recent[1:]
	}
	d.recent = append(d.recent, d.met(p, m.Start, m.End))
}

func (d *Detector) met(p *pair, start, end int64) Met {
	return Met{
		Start: d.preset.Grid.Time(start), End: d.preset.Grid.Time(end),
		a: p.vessel[0], b: p.vessel[1], mmsi: [2]navicert.MMSI{p.ship[0].mmsi, p.ship[1].mmsi},
	}
}

// of returns the meeting from the side of a vessel.
func (m Met) of(v int32) Met {
	m.Other = m.mmsi[1]
	if v == m.b {
		m.Other = m.mmsi[0]
	}
	return m
}

// Met returns the first encounter of a vessel, of those told, that overlaps a
// time, and whether there is one.
func (d *Detector) Met(vessel *track.Vessel, from, to time.Time) (Met, bool) {
	v := int32(vessel.Index)
	if vessel.Index >= len(d.ships) || !d.ships[v].met {
		return Met{}, false
	}
	overlaps := func(m *Met) bool {
		return (m.a == v || m.b == v) && !m.Start.After(to) && !m.End.Before(from)
	}
	for i := range d.recent {
		if overlaps(&d.recent[i]) {
			return d.recent[i].of(v), true
		}
	}
	for _, p := range d.pairs.list {
		if p.told {
			if m := d.met(p, p.toldStart, p.end()); overlaps(&m) {
				return m.of(v), true
			}
		}
	}
	return Met{}, false
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark(d.preset.Name + " 3")
	d.names.State(c)
	state.Slice(c, &d.ships, shipState)
	state.Int(c, &d.done)
	state.Int(c, &d.began)
	state.Int(c, &d.held)
	state.Map(c, &d.slots, func(a, b int64) int { return int(a - b) }, state.Int[int64], func(c *state.Coder, s *[]sample) { state.Slice(c, s, sampleState) })
	d.leaps.state(c)
	d.pairs.state(c)
	state.Slice(c, &d.recent, metState)
	if c.Loads() {
		d.spare = nil
	}
}

func sampleState(c *state.Coder, s *sample) {
	state.Int(c, &s.vessel)
	state.Int(c, &s.segment)
	placeState(c, &s.at)
	c.Float32(&s.density)
	c.Bool(&s.out)
	c.Bool(&s.leapt)
	brief.State(c, &s.fix)
}

func (ps *pairs) state(c *state.Coder) {
	state.Slice(c, &ps.list, func(c *state.Coder, p **pair) { state.Ptr(c, p, pairState) })
	if c.Loads() {
		ps.by = map[pairKey]*pair{}
		for _, p := range ps.list {
			ps.by[pairKey{p.vessel, p.segment}] = p
		}
	}
}

func pairState(c *state.Coder, p *pair) {
	state.Array(c, p.vessel[:], state.Int[int32])
	state.Array(c, p.segment[:], state.Int[int32])
	state.Array(c, p.ship[:], identityState)
	run := func(c *state.Coder, r **Run) { state.Ptr(c, r, runState) }
	state.Array(c, p.open[:], run)
	state.Slice(c, &p.runs, run)
	c.Bool(&p.changed)
	state.Array(c, p.leapt[:], (*state.Coder).Bool)
	c.Bool(&p.told)
	state.Int(c, &p.toldStart)
	c.Position(&p.toldFrom)
	state.Int(c, &p.after)
}

func runState(c *state.Coder, r *Run) {
	float := func(c *state.Coder, v *float64) { c.Float(v) }
	state.Int(c, &r.Start)
	state.Int(c, &r.End)
	c.Position(&r.From)
	c.Position(&r.To)
	state.Slice(c, &r.Metres, float)
	state.Slice(c, &r.Knots, float)
	c.Float(&r.Own)
	c.Float(&r.Other)
	state.Int(c, &r.n)
	c.Float(&r.lat)
	c.Float(&r.x)
	c.Float(&r.y)
	placeState(c, &r.to)
	state.Int(c, &r.dir)
	state.Array(c, r.first[:], brief.State)
	state.Array(c, r.last[:], brief.State)
}

func metState(c *state.Coder, m *Met) {
	c.Time(&m.Start)
	c.Time(&m.End)
	state.Int(c, &m.a)
	state.Int(c, &m.b)
	state.Array(c, m.mmsi[:], state.Int[navicert.MMSI])
}

func identityState(c *state.Coder, s *identity) {
	state.Int(c, &s.mmsi)
	state.Int(c, &s.imo)
	state.Int(c, &s.kind)
}

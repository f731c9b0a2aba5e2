package encounter

import (
	"navicert/track/brief"
	"navicert/track/state"
)

// State implements detect.Detector.
func (t *Transfers) State(c *state.Coder) {
	c.Mark(t.preset.Name + " 2")
	t.names.State(c)
	state.Slice(c, &t.ships, func(c *state.Coder, s **tankerShip) {
		state.Ptr(c, s, func(c *state.Coder, s *tankerShip) {
			shipState(c, &s.ship)
			reportState(c, &s.before)
		})
	})
	state.Int(c, &t.began)
	t.leaps.state(c)
	t.rest.state(c)
	t.way.state(c)
}

func reportState(c *state.Coder, r *report) {
	state.Int(c, &r.vessel)
	state.Int(c, &r.segment)
	state.Int(c, &r.slot)
	placeState(c, &r.at)
	c.Float32(&r.speed)
	c.Float32(&r.course)
	c.Bool(&r.directed)
	c.Bool(&r.leapt)
	brief.State(c, &r.fix)
}

func (w *watch) state(c *state.Coder) {
	state.Map(c, &w.slots, func(a, b int64) int { return int(a - b) }, state.Int[int64], func(c *state.Coder, s *[]report) { state.Slice(c, s, reportState) })
	state.Int(c, &w.done)
	state.Slice(c, &w.list, func(c *state.Coder, k **streak) { state.Ptr(c, k, streakState) })
	if c.Loads() {
		w.by = map[pairKey]*streak{}
		for _, k := range w.list {
			w.by[pairKey{k.vessel, k.segment}] = k
		}
	}
}

func streakState(c *state.Coder, k *streak) {
	state.Array(c, k.vessel[:], state.Int[int32])
	state.Array(c, k.segment[:], state.Int[int32])
	state.Array(c, k.ship[:], identityState)
	state.Int(c, &k.n)
	state.Int(c, &k.first)
	state.Int(c, &k.last)
	c.Float(&k.metres)
	c.Float(&k.least)
	c.Float(&k.knots)
	state.Int(c, &k.undirected)
	c.String(&k.anchorage)
	c.String(&k.approach)
	state.Array(c, k.evidence[:], brief.State)
	c.Bool(&k.parted)
	c.Bool(&k.told)
	state.Array(c, k.leapt[:], (*state.Coder).Bool)
	c.Bool(&k.owed)
}

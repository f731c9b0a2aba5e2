package detect

import (
	"fmt"
	"time"

	"navicert"
	"navicert/track/state"
)

// State saves what the engine and its detectors hold, or loads it into a new
// engine that was made with the same options. What follows is then the same,
// event by event, as if the run had not been broken off. Call it between two
// reports, and not after an error.
func (e *Engine) State(c *state.Coder) {
	c.Mark("engine 7")
	mark(c, "lateness", e.opts.Lateness)
	mark(c, "detectors", len(e.opts.Detectors))
	e.tracker.State(c)
	e.ledger.state(c)
	e.waiting.state(c)
	state.Slice(c, &e.vessels, func(c *state.Coder, v *vesselState) { v.state(c) })
	c.Time(&e.oldest)
	c.Time(&e.newest)
	state.Int(c, &e.tick)
	for _, d := range e.opts.Detectors {
		c.Mark(d.Kind())
		d.State(c)
	}
}

// Continue makes an engine that has loaded the state of the end of an input
// ([Options].Ended) ready for the next input, with counts of its own.
func (e *Engine) Continue() {
	e.oldest = time.Time{}
	e.tracker.CountAnew()
}

func mark(c *state.Coder, name string, value any) { c.Mark(fmt.Sprint(name, " ", value)) }

// state leaves out the row of the ledger, which is only found sooner with it.
func (v *vesselState) state(c *state.Coder) {
	var s Silence // not asked, when there is none
	if v.silence != nil {
		s = *v.silence
	}
	s.state(c)
	if c.Loads() && s.Asked {
		v.look(s)
	}
	c.Bool(&v.recalled)
}

func (s *Silence) state(c *state.Coder) {
	c.Bool(&s.Asked)
	c.Bool(&s.FeedAlive)
	c.Bool(&s.ReceiversFell)
	state.Int(c, &s.DeafAfter)
	state.Int(c, &s.DeafMinutes)
	state.Int(c, &s.Others)
	state.Int(c, &s.OthersAny)
	state.Int(c, &s.OthersHours)
	state.Int(c, &s.Ahead)
	c.Bool(&s.Satellites)
	c.Float(&s.SatellitePerDay)
	c.Bool(&s.Watched)
	state.Slice(c, &s.Outages, outageState)
}

func outageState(c *state.Coder, o *navicert.Outage) {
	c.String(&o.Feed)
	c.Time(&o.From)
	c.Time(&o.To)
	c.String(&o.Why)
}

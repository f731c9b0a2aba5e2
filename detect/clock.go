package detect

import (
	"slices"
	"time"

	"navicert/track/state"
)

const (
	// maxTick is how far ahead a report may lie that moves a clock at once.
	maxTick = time.Hour
	// agreeing is how many reports in a row must lie more than maxTick away from
	// the others, on the same side, before a clock believes that it is they that
	// have the time. Fewer are wrong clocks.
	agreeing = 8
)

// Clock is how late it is in a stream: the newest time that a report has carried.
// One that lies more than an hour ahead, or so far behind, moves it only when
// eight in a row do, and then to the one of them that is nearest: a few wrong
// clocks neither carry it off nor turn it back. The first eight reports vote.
type Clock struct {
	now    time.Time
	behind time.Duration // how far behind now a report lies that may turn it back
	first  []time.Time   // the votes, until they are all in
	far    time.Time     // of the reports in a row that lie away from now, the nearest
	run    int           // how many there are: those ahead counted up, those behind down
}

// NewClock returns a clock that is not turned back by what lies less than so far
// behind.
func NewClock(behind time.Duration) *Clock { return &Clock{behind: behind} }

// settle ends the vote when there will be no more reports: of fewer than eight the
// middle one counts, of two the earlier.
func (c *Clock) settle() {
	if !c.now.IsZero() || len(c.first) == 0 {
		return
	}
	slices.SortFunc(c.first, time.Time.Compare)
	c.count(c.first[(len(c.first)-1)/2])
}

// count ends the vote with its outcome.
func (c *Clock) count(middle time.Time) {
	votes := c.first
	c.now, c.first = middle, nil
	for _, t := range votes {
		c.Tick(t)
	}
	c.run = 0
}

// Now returns how late it is, the zero time before it is known.
func (c *Clock) Now() time.Time { return c.now }

// sure reports whether what lies behind now is late, and not the beginning of
// another time.
func (c *Clock) sure() bool { return !c.now.IsZero() && c.run >= 0 }

// Tick takes the time of the next report.
func (c *Clock) Tick(t time.Time) {
	if c.now.IsZero() {
		if c.first = append(c.first, t); len(c.first) < agreeing {
			return
		}
		slices.SortFunc(c.first, time.Time.Compare)
		c.count(c.first[len(c.first)/2])
		return
	}
	switch d := t.Sub(c.now); {
	case d > maxTick:
		if c.run <= 0 || t.Before(c.far) {
			c.far = t
		}
		c.run = max(c.run, 0) + 1
	case d < -c.behind:
		if c.run >= 0 || t.After(c.far) {
			c.far = t
		}
		c.run = min(c.run, 0) - 1
	default:
		c.run = 0
		if d > 0 {
			c.now = t
		}
		return
	}
	if c.run == agreeing || c.run == -agreeing {
		c.now, c.run = c.far, 0
	}
}

func (c *Clock) state(s *state.Coder) {
	s.Time(&c.now)
	state.Slice(s, &c.first, (*state.Coder).Time)
	s.Time(&c.far)
	state.Int(s, &c.run)
}

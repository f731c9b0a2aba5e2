package detect

import (
	"slices"
	"time"

	"navicert/track/state"
)

const (
	// maxTick is how far ahead a report may lie that moves a clock at once, of a
	// stream that is not known for a slow one.
	maxTick = time.Hour
	// agreeing is how many reports in a row must lie farther ahead than that, or so
	// far behind, before a clock believes that it is they that have the time. Fewer
	// are wrong clocks.
	agreeing = 8
	// maxSlow is the longest time between two reports of a stream that is known for
	// a slow one by fewer, and slowPace how many times as long as one its next may be.
	maxSlow  = 48 * time.Hour
	slowPace = 4
	// paceFades is how many reports it takes, about, until a pace is forgotten.
	paceFades = 8
)

// Clock is how late it is in a stream: the newest time that a report has carried.
// One that lies more than an hour ahead, or so far behind, is of a wrong clock
// until others agree with it: eight in a row, whatever the leap.
//
// Of a stream whose reports come hours apart, up to two days, fewer agree: the next
// ones that go on from those ahead at about that pace, by a quarter of the leap or
// more. After that one that lies no farther ahead than four times the pace moves the
// clock at once, until reports have come faster again.
//
// A few wrong clocks neither carry it off nor turn it back. The first eight reports
// vote.
type Clock struct {
	now    time.Time
	behind time.Duration // how far behind now a report lies that may turn it back
	first  []time.Time   // the votes, until they are all in
	pace   time.Duration // of late, how far one report was ahead of the one before
	run    int           // how many reports in a row lie away from now: those ahead counted up, those behind down
	far    time.Time     // the nearest of them
	last   time.Time     // the last of them
	rises  bool          // none of them lies before the one before it
}

// NewClock returns a clock that is not turned back by what lies less than so far
// behind.
func NewClock(behind time.Duration) *Clock { return &Clock{behind: behind} }

// settle ends the vote when there will be no more reports: of fewer than eight the
// middle one counts, of two the earlier.
func (c *Clock) settle() {
	if c.now.IsZero() && len(c.first) > 0 {
		c.count((len(c.first) - 1) / 2)
	}
}

// count ends the vote: that of the votes counts which is so many places from the
// earliest.
func (c *Clock) count(place int) {
	votes := c.first
	c.first = nil
	inOrder := slices.Clone(votes)
	slices.SortFunc(inOrder, time.Time.Compare)
	c.now = inOrder[place]
	if place > 0 {
		if step := c.now.Sub(inOrder[place-1]); step <= maxSlow {
			c.pace = step
		}
	}
	for _, t := range votes {
		c.Tick(t)
	}
	c.run = max(c.run, 0)
}

// Now returns how late it is, the zero time before it is known.
func (c *Clock) Now() time.Time { return c.now }

// sure reports whether what lies behind now is late, and not the beginning of
// another time.
func (c *Clock) sure() bool { return !c.now.IsZero() && c.run >= 0 }

// Tick takes the time of the next report. One without a time says nothing.
func (c *Clock) Tick(t time.Time) {
	if t.IsZero() {
		return
	}
	if c.now.IsZero() {
		if c.first = append(c.first, t); len(c.first) == agreeing {
			c.count(agreeing / 2)
		}
		return
	}
	switch d := Elapsed(c.now, t); {
	case d > maxTick && d > c.reach():
		c.ahead(t)
	case d < -c.behind:
		if c.run >= 0 || t.After(c.far) {
			c.far = t
		}
		if c.run = min(c.run, 0) - 1; c.run == -agreeing {
			c.now, c.run, c.pace = c.far, 0, 0
		}
	default:
		c.run = 0
		c.pace = max(d, c.pace-c.pace/paceFades)
		if d > 0 {
			c.now = t
		}
	}
}

// reach is how far ahead a report may lie that moves the clock at once.
func (c *Clock) reach() time.Duration { return min(max(maxTick, slowPace*c.pace), maxSlow) }

// ahead takes the time of a report that lies farther ahead than that.
func (c *Clock) ahead(t time.Time) {
	leap, on := c.far.Sub(c.now), t.Sub(c.far)
	switch {
	case c.run > 0 && leap <= maxSlow && on <= maxSlow && on >= leap/slowPace:
		c.now, c.run, c.pace = c.far, 0, leap
		c.Tick(t)
		return
	case c.run <= 0:
		c.run, c.far, c.rises = 0, t, true
	default:
		c.rises = c.rises && !t.Before(c.last)
		if t.Before(c.far) {
			c.far = t
		}
	}
	before := c.last
	c.last = t
	if c.run++; c.run < agreeing {
		return
	}
	c.run = 0
	if !c.rises {
		c.now = c.far
		return
	}
	c.now = before // the last that another goes on from
	c.Tick(t)
}

// TickArrived is Tick for a report that arrives at a time by the receiver's own
// clock, which need not be asked twice when the two agree.
func (c *Clock) TickArrived(t, arrived time.Time) {
	if arrived.Sub(t).Abs() > maxTick {
		c.Tick(t)
		return
	}
	if c.now.IsZero() {
		c.now, c.first = t, nil
	}
	if t.After(c.now) || c.now.Sub(t) > c.behind+maxTick { // the receiver's clock was ahead, and was set
		c.now = t
	}
	c.run = 0
}

func (c *Clock) state(s *state.Coder) {
	s.Time(&c.now)
	state.Slice(s, &c.first, (*state.Coder).Time)
	state.Int(s, &c.pace)
	state.Int(s, &c.run)
	s.Time(&c.far)
	s.Time(&c.last)
	s.Bool(&c.rises)
}

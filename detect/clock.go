package detect

import (
	"time"

	"navicert"
)

// clock is the stream's time: the newest that a fix has carried. A leap of more
// than an hour counts only when the next fix ahead agrees, so that one fix with
// a wrong time does not carry the clock off.
type clock struct {
	now  time.Time
	leap time.Time // a time far ahead that waits for its like
}

const maxTick = time.Hour

// tick takes a fix and returns the hour since 1970 that has begun, and whether
// that is news.
func (c *clock) tick(f *navicert.Fix) (hour int64, news bool) {
	if !f.Time.After(c.now) {
		return 0, false
	}
	if !c.now.IsZero() && f.Time.Sub(c.now) > maxTick {
		agrees := !c.leap.IsZero() && f.Time.Sub(c.leap).Abs() <= maxTick
		c.leap = f.Time
		if !agrees {
			return 0, false
		}
	}
	before := c.now.Unix() / 3600
	c.now, c.leap = f.Time, time.Time{}
	hour = c.now.Unix() / 3600
	return hour, hour != before
}

package segment

import (
	"cmp"
	"strings"

	"navicert/track/state"
)

// State saves what the segmenter holds, or loads it into a new segmenter of the
// same preset. What follows is then the same as if the input had come in one.
func (s *Segmenter) State(c *state.Coder) {
	c.Mark("segmenter 1")
	c.Mark(s.preset.Name)
	c.Time(&s.last)
	c.Time(&s.lastID)
	state.Map(c, &s.ids, strings.Compare, (*state.Coder).String, func(*state.Coder, *struct{}) {})
	state.Map(c, &s.said, compareSaid, func(c *state.Coder, k *said) {
		state.Int(c, &k.lat)
		state.Int(c, &k.lon)
		state.Int(c, &k.speed)
		state.Int(c, &k.course)
		state.Int(c, &k.heading)
	}, func(*state.Coder, *struct{}) {})
	state.Slice(c, &s.open, func(c *state.Coder, p **openSegment) {
		if c.Loads() {
			*p = new(openSegment)
		}
		if *p != nil { // nil after an error
			(*p).state(c)
		}
	})
}

func (o *openSegment) state(c *state.Coder) {
	c.String(&o.ID)
	c.Time(&o.First)
	c.Time(&o.Last)
	state.Int(c, &o.Positions)
	recent := o.fixes[o.settled:] // the others need not be held
	state.Slice(c, &recent, func(c *state.Coder, h *held) {
		state.Int(c, &h.tag)
		c.Time(&h.time)
		c.Float(&h.point.Lat)
		c.Float(&h.point.Lon)
		c.Float(&h.point.SpeedKn)
		c.Float(&h.point.CourseDeg)
		state.Int(c, &h.point.Class)
		c.Float(&h.metric)
	})
	if c.Loads() {
		o.fixes = recent
	}
}

func compareSaid(a, b said) int {
	return cmp.Or(
		cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon), cmp.Compare(a.speed, b.speed),
		cmp.Compare(a.course, b.course), cmp.Compare(a.heading, b.heading),
	)
}

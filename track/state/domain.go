package state

import (
	"encoding/json"
	"maps"
	"slices"

	"navicert"
)

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	return slices.SortedFunc(maps.Keys(m), compare)
}

func float(c *Coder, p *float64) { c.Float(p) }

// Ref saves or loads where a record stands.
func (c *Coder) Ref(r *navicert.Ref) {
	c.String(&r.Source)
	Int(c, &r.Offset)
	Int(c, &r.Line)
}

// Fix saves or loads a fix, every field of it.
func (c *Coder) Fix(f *navicert.Fix) {
	Int(c, &f.MMSI)
	c.Time(&f.Time)
	Text(c, &f.TimeFrom)
	Text(c, &f.TimeCheck)
	c.Bool(&f.TimeUnverified)
	c.Position(&f.Pos)
	Opt(c, &f.SpeedKn, float)
	Opt(c, &f.CourseDeg, float)
	Opt(c, &f.HeadingDeg, float)
	Opt(c, &f.Status, Int[navicert.NavStatus])
	Text(c, &f.Class)
	c.Bool(&f.LongRange)
	c.Bool(&f.Average)
	c.String(&f.Station)
	Text(c, &f.OtherStations)
	Int(c, &f.Receptions)
	c.Bool(&f.Simulated)
	c.Ref(&f.Ref)
}

// Static saves or loads a static report, every field of it.
func (c *Coder) Static(s *navicert.Static) {
	Int(c, &s.MMSI)
	c.Time(&s.Time)
	Text(c, &s.TimeFrom)
	Int(c, &s.IMO)
	Int(c, &s.IMOSent)
	c.String(&s.Name)
	Text(c, &s.CallSign)
	Opt(c, &s.ShipType, Int[int])
	Opt(c, &s.LengthM, float)
	Opt(c, &s.BeamM, float)
	Opt(c, &s.DraughtM, float)
	c.String(&s.Destination)
	Text(c, &s.Class)
	c.String(&s.Station)
	c.Bool(&s.Simulated)
	c.Ref(&s.Ref)
}

// Evidence saves or loads a piece of evidence, every field of it.
func (c *Coder) Evidence(e *navicert.Evidence) {
	Text(c, &e.Kind)
	c.String(&e.Source)
	Text(c, &e.Publication)
	c.String(&e.Ref)
	c.String(&e.Text)
	c.Time(&e.Time.Time)
	Opt(c, &e.Position, (*Coder).Position)
}

// Event saves or loads an event, in the form in which it is stored.
func (c *Coder) Event(ev *navicert.Event) {
	var body []byte
	var err error
	if !c.Loads() {
		body, err = json.Marshal(ev)
	}
	text := string(body)
	c.String(&text)
	if c.Loads() {
		*ev = navicert.Event{}
		err = json.Unmarshal([]byte(text), ev)
	}
	if err != nil {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "%w", err))
	}
}

package track

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"navicert"
)

// crowd is what is held of an MMSI of which more is known than one ship that
// sends from one place to the next: several segments are open, or several
// vessels were told apart.
type crowd struct {
	vessels []*Vessel
	open    []*openSegment // in the order in which they began
	newest  time.Time      // of the fixes that came
}

// openSegment is a segment that the next fix may join.
type openSegment struct {
	trail trail
	last  time.Time
	// vessel is whose it is; nil while it waits for a second fix, and when it
	// lost its vessel to a segment that had it before.
	vessel *Vessel
	held   *navicert.Fix // its newest fix, while it waits for one that confirms it
	waited int           // how many fixes before held waited in vain, one after the other
	since  int32         // how many fixes were kept of the first vessel when it began
}

// maxStrands is how many vessels are told apart under one MMSI. A further ship
// then continues the one that was silent longest.
const maxStrands = 50

// current reports whether a segment is the one that its vessel was heard in
// last.
func (o *openSegment) current() bool { return o.vessel != nil && o.vessel.current == o }

// wellKnown is the number of fixes from which a vessel that was silent is heard
// again with the first that it can have sent, although another under its MMSI was
// heard meanwhile. With fewer, a second is to confirm it: two damaged positions
// make a vessel, and every damaged one would be its.
const wellKnown = 20

// confirmWithin is how near in time to an odd fix one must be that confirms it: of
// two that lie hours apart nearly all fit each other, damaged ones too. It is some
// half of the time between two passes of a satellite system, each of which hears
// a ship several times.
const confirmWithin = time.Hour

// confirmedBy is how many odd fixes in a row, each of which fits the one before it,
// confirm each other although they lie more than that apart: a second ship may be
// heard every two hours only. Off Singapore three damaged positions in a row do.
const confirmedBy = 5

// full is the last fix of a segment when it is held in full, else nil.
func (o *openSegment) full() *navicert.Fix {
	switch {
	case o.held != nil:
		return o.held
	case o.current():
		return o.vessel.Last()
	}
	return nil
}

// gather makes the crowd of a vessel that was alone.
func (t *Tracker) gather(v *Vessel) *crowd {
	c := &crowd{vessels: []*Vessel{v}, newest: v.last.Time()}
	o := &openSegment{trail: v.trail, last: v.last.Time(), vessel: v}
	c.open = []*openSegment{o}
	v.crowd, v.current = c, o
	return c
}

// disperse ends a crowd in which one vessel is left, in one segment.
func (c *crowd) disperse() {
	if len(c.vessels) != 1 || len(c.open) != 1 || !c.open[0].current() {
		return
	}
	v := c.vessels[0]
	v.trail = c.open[0].trail
	v.crowd, v.current = nil, nil
}

// fixInCrowd takes a usable fix of an MMSI whose crowd there is.
func (t *Tracker) fixInCrowd(c *crowd, f *navicert.Fix) error {
	if f.Time.Before(c.newest) {
		t.setAside(OutOfOrder, f)
		return nil
	}
	c.newest = f.Time
	c.open = slices.DeleteFunc(c.open, func(o *openSegment) bool {
		stale := f.Time.Sub(o.last) > maxSilence
		if stale {
			t.end(o)
		}
		return stale
	})
	s := spotOf(f)
	s.station = hashOf(f.Station)
	best := t.bestFits(c, &s)
	if f.LongRange {
		for _, b := range best {
			if b.hours < gfw.LongRangeHours {
				t.setAside(Coarse, f)
				return nil
			}
		}
	}
	var err error
	if len(best) == 1 {
		err = t.join(c, best[0], f, s)
	} else {
		for _, b := range best { // nothing tells whose it is
			c.remove(b.segment)
			t.end(b.segment)
		}
		err = t.begin(c, f, s)
	}
	c.disperse()
	return err
}

// heardLast is the vessel that was heard last.
func (c *crowd) heardLast() *Vessel {
	return slices.MaxFunc(c.vessels, func(a, b *Vessel) int { return cmp.Compare(a.last.At, b.last.At) })
}

// segmentFit is how a spot fits one of several segments.
type segmentFit struct {
	fit
	segment *openSegment
	weighed float64
}

// bestFits returns the open segment that a spot fits best, and with it those
// that it fits nearly as well.
func (t *Tracker) bestFits(c *crowd, s *spot) []segmentFit {
	all := t.fits[:0]
	for _, o := range c.open {
		if m, ok := o.trail.match(&t.gate, s, t.slow); ok {
			all = append(all, segmentFit{m, o, m.metric * gfw.Weight(int(o.trail.size))})
		}
	}
	t.fits = all
	slices.SortStableFunc(all, func(a, b segmentFit) int {
		switch {
		case a.weighed > b.weighed:
			return -1
		case a.weighed < b.weighed:
			return 1
		}
		return 0
	})
	for i := range all {
		if all[i].weighed*gfw.Ambiguity < all[0].weighed {
			return all[:i]
		}
	}
	return all
}

// join adds a fix to a segment.
func (t *Tracker) join(c *crowd, b segmentFit, f *navicert.Fix, s spot) error {
	o := b.segment
	if last := o.full(); last != nil && repeats(last, f) {
		t.setAside(Duplicate, f)
		return nil
	}
	if !c.confirms(o, f) {
		t.setAside(Jump, o.held)
		o.waited++
		t.hold(c, o, f, s)
		return nil
	}
	o.trail.add(s, b.skipped)
	o.last = f.Time
	switch {
	case o.current():
		// Where a skipped fix lies between the two, no ship may have sent both.
		return t.keep(o.vessel, t.before(o.vessel), f, b.skipped > 0 && !t.gate.reachable(o.vessel.Last(), f))
	case o.vessel != nil:
		return t.takeBack(o, f)
	}
	held := o.held
	o.held = nil
	first := f
	if held != nil {
		first = held
	}
	v, reached := t.strand(c, o, first)
	if v == nil {
		c.remove(o)
		if held != nil {
			t.setAside(TooMany, held)
		}
		t.setAside(TooMany, f)
		return nil
	}
	v.settle(o)
	if held != nil {
		if err := t.keep(v, t.before(v), held, !reached); err != nil {
			return err
		}
		reached = true
	}
	return t.keep(v, t.before(v), f, !reached)
}

// confirms reports whether a fix that fits a segment confirms the one that is held
// of it: soon after it, or as the last of a few in a row. When nobody else was
// heard under the MMSI since, there is nothing that speaks against the two.
func (c *crowd) confirms(o *openSegment, f *navicert.Fix) bool {
	return o.held == nil || f.Time.Sub(o.held.Time) <= confirmWithin || o.waited+2 >= confirmedBy || c.unheardSince(o)
}

// unheardSince reports whether there is one vessel only, and it was not heard since
// a segment began.
func (c *crowd) unheardSince(o *openSegment) bool {
	return len(c.vessels) == 1 && c.vessels[0].Kept == o.since
}

// takeBack adds a fix to a segment whose vessel another segment had taken over.
// Two segments are heard at once: they are two ships, and the other gets a
// vessel of its own when it is heard again. If it was but one fix, the ship
// itself may have sent that.
func (t *Tracker) takeBack(o *openSegment, f *navicert.Fix) error {
	v := o.vessel
	two := true
	if other := v.current; other != nil {
		two = other.trail.size > 1
		other.vessel = nil
	}
	v.settle(o)
	return t.keep(v, t.before(v), f, two || !t.gate.reachable(v.Last(), f))
}

// begin starts a segment with a fix that fits none.
func (t *Tracker) begin(c *crowd, f *navicert.Fix, s spot) error {
	for len(c.open) >= gfw.MaxOpen {
		stalest := slices.MinFunc(c.open, func(a, b *openSegment) int { return a.last.Compare(b.last) })
		c.remove(stalest)
		t.end(stalest)
	}
	o := &openSegment{last: f.Time, since: c.vessels[0].Kept}
	o.trail.start(s)
	c.open = append(c.open, o)
	v := t.silentWithin(c, f)
	if v != nil && v.Kept < wellKnown && c.heardMeanwhile(v) {
		v = nil // another ship is heard, and may have sent an odd one
	}
	if v == nil && len(c.vessels) == 1 && t.gate.reachable(c.vessels[0].Last(), f) {
		v = c.vessels[0] // an odd turn of the only ship, as far as is known
	}
	if v == nil {
		t.hold(c, o, f, s)
		return nil
	}
	v.settle(o)
	return t.keep(v, t.before(v), f, false)
}

// hold makes an odd fix that of a segment, where it waits for another to confirm
// it.
func (t *Tracker) hold(c *crowd, o *openSegment, f *navicert.Fix, s spot) {
	o.trail.start(s)
	o.last, o.since = f.Time, c.vessels[0].Kept
	if o.held == nil {
		o.held = new(navicert.Fix)
	}
	*o.held = *f
	if t.Odd != nil && !t.silent {
		t.Odd(c.heardLast(), f)
	}
}

// strand returns the vessel that a confirmed segment belongs to, and whether it
// can be reached from where that was. It is one that is silent and can have
// come there; else, when only one is known that has not been heard since, that
// one; else a new one. Nil when there is no room.
func (t *Tracker) strand(c *crowd, o *openSegment, first *navicert.Fix) (v *Vessel, reached bool) {
	if v := t.silentWithin(c, first); v != nil {
		return v, true
	}
	if c.unheardSince(o) {
		v := c.vessels[0]
		return v, t.gate.reachable(v.Last(), first)
	}
	if len(c.vessels) >= maxStrands {
		var silent *Vessel
		for _, v := range c.vessels {
			if !c.alive(v) && (silent == nil || v.last.At < silent.last.At) {
				silent = v
			}
		}
		return silent, false
	}
	if v = t.newVessel(first.MMSI); v != nil {
		v.crowd = c
		c.vessels = append(c.vessels, v)
	}
	return v, false
}

// silentWithin returns, of the vessels that have no open segment and can have
// come to a fix, the one that was nearest, or nil.
func (t *Tracker) silentWithin(c *crowd, f *navicert.Fix) (nearest *Vessel) {
	least := 0.0
	for _, v := range c.vessels {
		last := v.Last()
		if c.alive(v) || last.Time.After(f.Time) || !t.gate.reachable(last, f) {
			continue
		}
		if nm := distanceNM(last, f); nearest == nil || nm < least {
			nearest, least = v, nm
		}
	}
	return nearest
}

// heardMeanwhile reports whether another vessel was heard after a silent one, and
// has an open segment.
func (c *crowd) heardMeanwhile(silent *Vessel) bool {
	return slices.ContainsFunc(c.vessels, func(v *Vessel) bool {
		return v != silent && c.alive(v) && v.last.At > silent.last.At
	})
}

// alive reports whether a vessel has an open segment.
func (c *crowd) alive(v *Vessel) bool {
	return slices.ContainsFunc(c.open, func(o *openSegment) bool { return o.vessel == v })
}

func (c *crowd) remove(o *openSegment) {
	c.open = slices.DeleteFunc(c.open, func(other *openSegment) bool { return other == o })
}

// settle makes a segment the one that the vessel is heard in.
func (v *Vessel) settle(o *openSegment) {
	o.vessel, v.current = v, o
}

// end closes a segment. A fix that nothing confirmed is set aside.
func (t *Tracker) end(o *openSegment) {
	if o.held != nil {
		t.setAside(Jump, o.held)
		o.held = nil
	}
	if o.current() {
		o.vessel.current = nil
	}
}

// only returns the vessel of an MMSI that a message without a position comes
// from, as far as can be told: the one that is alone, or the only one with an
// open segment; nil when it may be one of several.
func (v *Vessel) only() *Vessel {
	if v.crowd == nil {
		return v
	}
	var only *Vessel
	for _, v := range v.crowd.vessels {
		if v.crowd.alive(v) {
			if only != nil {
				return nil
			}
			only = v
		}
	}
	if len(v.crowd.vessels) == 1 {
		return v.crowd.vessels[0]
	}
	return only
}

// sender returns the vessel of a crowd that a static report most likely comes
// from: one that has the same IMO number, or name, or call sign; else the one
// that was heard last by the same receiver and with the same class within
// reportWithin, or by any, and of those rather one that has not said yet who it is
// than one that said it is another; else the one heard last.
func (c *crowd) sender(s *navicert.Static) *Vessel {
	best, points := c.vessels[0], -1
	for _, v := range c.vessels {
		p := 0
		last := v.Last()
		switch id := v.Identity; {
		case s.IMO != 0 && s.IMO == id.IMO:
			p = 16
		case s.Name != "" && s.Name == id.Name, s.CallSign != "" && s.CallSign == id.CallSign:
			p = 8
		}
		if last != nil && s.Time.Sub(last.Time).Abs() <= reportWithin {
			p += 4
			if s.Class == last.Class {
				p++
			}
			if s.Station == last.Station {
				p++
			}
			if isAnother(v.Identity, s.IMO, s.Name) {
				p -= 3 // less than being heard, more than class and receiver
			}
		}
		if p > points || p == points && last != nil && last.Time.After(best.LastTime()) {
			best, points = v, p
		}
	}
	return best
}

// isAnother reports whether a ship that said who it is said something else than what
// goes by an IMO number and a name.
func isAnother(id *Particulars, imo navicert.IMO, name string) bool {
	switch {
	case imo != 0 && id.IMO != 0:
		return imo != id.IMO
	case name != "" && id.Name != "":
		return name != id.Name
	}
	return false
}

// GoesOn reports whether the vessel's MMSI was heard after a time, and not longer ago
// than another, from a track that was told apart from the vessel's and never said
// that it is another ship: one transmitter may send two places, and damaged
// positions make tracks.
func (v *Vessel) GoesOn(after, since time.Time) bool {
	return v.crowd != nil && slices.ContainsFunc(v.crowd.vessels, func(o *Vessel) bool {
		return o != v && o.last.Time().After(after) && !o.last.Time().Before(since) && !isAnother(v.Identity, o.Identity.IMO, o.Identity.Name)
	})
}

// Beside gives the other vessels that were told apart under the vessel's MMSI.
func (v *Vessel) Beside() iter.Seq[*Vessel] {
	return func(yield func(*Vessel) bool) {
		if v.crowd == nil {
			return
		}
		for _, o := range v.crowd.vessels {
			if o != v && !yield(o) {
				return
			}
		}
	}
}

// reportWithin is how near in time a report and a fix are that are taken for
// one ship's (gpsdio-segment: 15 minutes).
const reportWithin = 15 * time.Minute

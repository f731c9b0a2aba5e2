package track

import (
	"navicert"
)

// MaxVessels is how many MMSIs a tracker holds; the fixes of further ones are
// set aside. There are some 300,000 ships and a million small craft with AIS.
const MaxVessels = 3_000_000

// Step is one kept fix with what went before it. Its pointers are the
// tracker's and hold only during the call.
type Step struct {
	Vessel     *Vessel
	Prev       *navicert.Fix // nil at the vessel's first
	Fix        *navicert.Fix
	NewSegment bool // no one ship could have sent both; true at the first
}

// Tracker cleans fixes vessel by vessel. It allocates nothing per fix. It is
// not safe for concurrent use.
type Tracker struct {
	gate     Gate
	step     func(Step) error
	vessels  map[navicert.MMSI]*Vessel
	order    []*Vessel
	aside    SetAside
	received int
	kept     int
	silent   bool // count nothing: what comes was counted when it first came
}

// NewTracker returns a tracker that gives each kept fix to step, in the order
// in which fixes come to be kept: per vessel in order of time.
func NewTracker(gate Gate, step func(Step) error) *Tracker {
	return &Tracker{gate: gate, step: step, vessels: map[navicert.MMSI]*Vessel{}}
}

// Received is how many fixes came in, Kept how many were given on. Between
// them lie those that SetAside counts and those that are held.
func (t *Tracker) Received() int { return t.received }

// Kept is how many fixes were given on.
func (t *Tracker) Kept() int { return t.kept }

// SetAside counts the fixes that were not kept.
func (t *Tracker) SetAside() *SetAside { return &t.aside }

// Vessels returns the vessels in the order of first sight.
func (t *Tracker) Vessels() []*Vessel { return t.order }

// Lookup returns a vessel, or nil when nothing of that MMSI was received.
func (t *Tracker) Lookup(m navicert.MMSI) *Vessel { return t.vessels[m] }

// Vessel returns the vessel of an MMSI, making it if there is none. It is nil
// for an MMSI that is not a ship's, and when there is no room.
func (t *Tracker) Vessel(m navicert.MMSI) *Vessel {
	if notShip(m) {
		return nil
	}
	return t.vessel(m)
}

func (t *Tracker) vessel(m navicert.MMSI) *Vessel {
	v := t.vessels[m]
	if v == nil && len(t.order) < MaxVessels {
		v = &Vessel{MMSI: m, Index: len(t.order)}
		t.vessels[m] = v
		t.order = append(t.order, v)
	}
	return v
}

// Fix takes the next fix. It copies what it keeps. The error is that of the
// step function.
//
// A fix that no ship could have reached from the last kept one is held. When
// the next fix agrees with it, the two begin a new segment; when the next
// agrees with the last kept one, or with neither, the held one is set aside.
// So two ships that take turns under one MMSI are followed as far as one of
// them sends twice in a row, and the other's fixes are counted.
func (t *Tracker) Fix(f *navicert.Fix) error {
	if !t.silent {
		t.received++
	}
	reason := unusable(f)
	if reason == NotShip || reason == NoTime {
		t.setAside(reason, f)
		return nil
	}
	v := t.vessel(f.MMSI)
	if v == nil {
		t.setAside(TooMany, f)
		return nil
	}
	if reason != 0 {
		t.setAside(reason, f)
		v.unplaced(f.Time)
		return nil
	}
	last := v.Last()
	if last == nil {
		return t.keep(v, f, true)
	}
	if f.Time.Before(last.Time) || v.held != nil && f.Time.Before(v.held.Time) {
		t.setAside(OutOfOrder, f)
		return nil
	}
	switch {
	case t.gate.reachable(last, f):
		if v.held != nil {
			t.setAside(Jump, v.held)
			v.held = nil
		}
		if repeats(last, f) {
			t.setAside(Duplicate, f)
			return nil
		}
		return t.keep(v, f, false)
	case v.held == nil:
		v.held = new(navicert.Fix)
		*v.held = *f
		return nil
	case !t.gate.reachable(v.held, f):
		t.setAside(Jump, v.held)
		*v.held = *f
		return nil
	case repeats(v.held, f):
		t.setAside(Duplicate, f)
		return nil
	}
	held := v.held
	v.held = nil
	if err := t.keep(v, held, true); err != nil {
		return err
	}
	return t.keep(v, f, false)
}

func (t *Tracker) keep(v *Vessel, f *navicert.Fix, newSegment bool) error {
	if newSegment {
		v.Segment++
	}
	prev, kept := v.keep(f)
	if !t.silent {
		t.kept++
	}
	err := t.step(Step{Vessel: v, Prev: prev, Fix: kept, NewSegment: newSegment})
	v.unplacedHours = 0
	return err
}

func (t *Tracker) setAside(r Reason, f *navicert.Fix) {
	if !t.silent {
		t.aside.add(r, f)
	}
}

// Recall plays fixes of one vessel that were received before this input, in
// order of time, as [Tracker.Fix] does but without counting them. Call it
// before the vessel's first fix.
func (t *Tracker) Recall(fixes []navicert.Fix) error {
	t.silent = true
	defer func() { t.silent = false }()
	for i := range fixes {
		if err := t.Fix(&fixes[i]); err != nil {
			return err
		}
	}
	if len(fixes) > 0 {
		if v := t.vessels[fixes[0].MMSI]; v != nil {
			v.held = nil
		}
	}
	return nil
}

// Static takes a static report: it becomes the identity of the vessel that is
// returned. Reports of what is not a ship, or of no possible time, are ignored:
// the vessel is then nil.
func (t *Tracker) Static(s *navicert.Static) *Vessel {
	v := t.Vessel(s.MMSI)
	if v == nil || noTime(s.Time) {
		return nil
	}
	v.fold(s)
	v.unplaced(s.Time)
	return v
}

// Close ends the input: fixes that are still held were not confirmed, and are
// set aside.
func (t *Tracker) Close() {
	for _, v := range t.order {
		if v.held != nil {
			t.setAside(Jump, v.held)
			v.held = nil
		}
	}
}

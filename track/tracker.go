package track

import (
	"slices"
	"time"

	"navicert"
	"navicert/track/brief"
)

// MaxVessels is how many MMSIs a tracker holds; the fixes of further ones are
// set aside. There are some 300,000 ships and a million small craft with AIS.
const MaxVessels = 3_000_000

// vesselsAtOnce is for how many vessels memory is taken at once, as many as fill 64 KB:
// they are never given back, and one by one each would take some bytes more.
const vesselsAtOnce = 234

// Step is one kept fix with what went before it. Its pointers hold only during
// the call.
type Step struct {
	Vessel *Vessel
	Prev   *navicert.Fix // nil at the vessel's first
	Fix    *navicert.Fix
	// NewSegment says that no one ship could have sent both, or that two ships
	// were heard at once and this one sent only Fix; true at the first.
	NewSegment bool
}

// Tracker cleans fixes vessel by vessel. It allocates nothing per fix. It is
// not safe for concurrent use.
type Tracker struct {
	// Odd, when set, is called with each fix that no vessel of its MMSI can have
	// sent, as far as is known when it comes, and the one that was heard last.
	Odd func(v *Vessel, f *navicert.Fix)

	gate     Gate
	step     func(Step) error
	vessels  map[navicert.MMSI]*Vessel // the first of each MMSI
	lately   [1 << latelyBits]*Vessel  // some of them that were asked for
	order    []*Vessel
	fresh    []Vessel      // to be used
	unsaid   []Particulars // also
	names    brief.Names   // of the vessels' last fixes
	aside    SetAside
	received int
	kept     int
	silent   bool // count nothing: what comes was counted when it first came

	sources []string // of the evidence that is held

	stepping *Vessel // whose step is under way
	asked    *Vessel // whose last fix is asked for: its static report came last, or Asked was called
	given    bool    // it is given back in atHand
	atHand   navicert.Fix
	now      *navicert.Fix // the fix of that

	slow   bool         // compare in full where a glance would do, for tests
	atRest navicert.Fix // a fix whose speed was made 0
	prev   navicert.Fix // the one before that of the step
	fits   []segmentFit // its space is used again
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

// Unnamed is how often the receiver or source of a fix was not held with it, because
// more are named in the stream than are told apart.
func (t *Tracker) Unnamed() int { return t.names.Unnamed() }

// SetAside counts the fixes that were not kept.
func (t *Tracker) SetAside() *SetAside { return &t.aside }

// Vessels returns the vessels in the order of first sight.
func (t *Tracker) Vessels() []*Vessel { return t.order }

// Vessel returns the (first) vessel of an MMSI, making it if there is none. It
// is nil for an MMSI that is not a ship's, and when there is no room.
func (t *Tracker) Vessel(m navicert.MMSI) *Vessel {
	if notShip(m) {
		return nil
	}
	return t.vessel(m)
}

// latelyBits is the logarithm of how many vessels are found without a map.
const latelyBits = 12

func (t *Tracker) vessel(m navicert.MMSI) *Vessel {
	const golden = 0x9E3779B9 // 2^32 by the golden ratio: spreads numbers that follow each other
	lately := &t.lately[uint32(m)*golden>>(32-latelyBits)]
	if v := *lately; v != nil && v.MMSI == m {
		return v
	}
	v := t.vessels[m]
	if v == nil {
		if v = t.newVessel(m); v != nil {
			t.vessels[m] = v
		}
	}
	*lately = v
	return v
}

func (t *Tracker) newVessel(m navicert.MMSI) *Vessel {
	if len(t.order) >= MaxVessels {
		return nil
	}
	if len(t.fresh) == 0 {
		t.fresh = make([]Vessel, vesselsAtOnce)
	}
	v := &t.fresh[0]
	t.fresh = t.fresh[1:]
	v.MMSI, v.Index, v.Identity, v.tracker = m, len(t.order), &nobody, t
	t.order = append(t.order, v)
	return v
}

// Fix takes the next fix. It copies what it keeps. The error is that of the
// step function.
//
// A fix is given to the open segment of its MMSI that it fits, by the measures
// of package segment and the gate. One that fits none begins a segment. When
// the vessel can have come there, it goes on in that; else the fix is held until
// another that fits it confirms it. The two then belong to a silent vessel that can
// have come there, or, when the only vessel known was not heard meanwhile, to that
// with a break; else they begin a vessel: two ships share the MMSI. A held fix
// that nothing confirms is set aside.
func (t *Tracker) Fix(f *navicert.Fix) error {
	t.asked = nil
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
		if v = v.only(); v != nil {
			v.unplaced(f.Time)
		}
		return nil
	}
	if !f.CourseDeg.Known() { // at rest, see unusable
		t.atRest = *f
		t.atRest.SpeedKn = navicert.Some(0.0)
		f = &t.atRest
	}
	switch {
	case v.crowd != nil:
		return t.fixInCrowd(v.crowd, f)
	case v.Kept == 0:
		s := spotOf(f)
		s.station = hashOf(f.Station)
		v.trail.start(s)
		return t.keep(v, nil, f, true)
	}
	return t.fixAlone(v, f)
}

// fixAlone takes a usable fix of a vessel that has sent before, and is the only
// one of its MMSI, with one segment open at most.
func (t *Tracker) fixAlone(v *Vessel, f *navicert.Fix) error {
	last := t.before(v)
	elapsed := time.Duration(f.Time.UnixNano() - last.Time.UnixNano())
	if elapsed < 0 {
		t.setAside(OutOfOrder, f)
		return nil
	}
	s := spotOf(f)
	if f.Station == last.Station {
		s.station = v.trail.back(0).station
	} else {
		s.station = hashOf(f.Station)
	}
	hours, nm := elapsed.Hours(), nmAtMost(last.Pos, f.Pos)
	var m fit
	reachable := true
	if t.slow || !near(nm, hours) || nm > t.gate.MaxKn*hours || elapsed > maxSilence || f.LongRange {
		reachable = t.gate.reachableIn(elapsed, last, f)
		switch {
		case elapsed > maxSilence && reachable:
			v.trail.start(s)
			return t.keep(v, last, f, false)
		case elapsed > maxSilence:
			return t.startCrowd(v, f, s, true)
		case t.gate.OneShip && reachable:
		case t.slow || !reachable || f.LongRange || !expected(last, f, hours):
			var ok bool
			if m, ok = v.trail.match(&t.gate, &s, t.slow); !ok {
				return t.startCrowd(v, f, s, false)
			}
			if f.LongRange && m.hours < gfw.LongRangeHours {
				t.setAside(Coarse, f)
				return nil
			}
		}
	}
	if repeats(last, f) {
		t.setAside(Duplicate, f)
		return nil
	}
	v.trail.add(s, m.skipped)
	return t.keep(v, last, f, !reachable)
}

// startCrowd takes a fix that does not fit the only segment of its MMSI, or
// comes from where the vessel cannot have come to in its silence.
func (t *Tracker) startCrowd(v *Vessel, f *navicert.Fix, s spot, silent bool) error {
	c := t.gather(v)
	c.newest = f.Time
	if silent {
		c.open, v.current = nil, nil
	}
	err := t.begin(c, f, s)
	c.disperse()
	return err
}

// before is the vessel's last fix, or nil, as keep wants it: it holds until the next
// call.
func (t *Tracker) before(v *Vessel) *navicert.Fix {
	if v.Kept == 0 {
		return nil
	}
	t.names.UnpackTo(&t.prev, &v.last)
	return &t.prev
}

// keep makes f the vessel's last fix and gives it on, with the one before it.
func (t *Tracker) keep(v *Vessel, prev, f *navicert.Fix, newSegment bool) error {
	v.Kept++
	if !t.silent {
		t.kept++
	}
	if newSegment = newSegment || prev == nil; newSegment {
		v.Segment++
	}
	t.stepping, t.now = v, f
	err := t.step(Step{Vessel: v, Prev: prev, Fix: f, NewSegment: newSegment})
	t.stepping, t.now = nil, nil
	t.names.Replace(&v.last, f)
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
		if v := t.vessels[fixes[0].MMSI]; v != nil && v.crowd != nil {
			t.dropHeld(v.crowd)
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
	if only := v.only(); only != nil {
		only.unplaced(s.Time)
	}
	if v.crowd != nil {
		v = v.crowd.sender(s)
	}
	t.fold(v, s)
	t.Asked(v)
	return v
}

// Asked says that a vessel's [Vessel.Last] will be asked for, by one detector after the
// other: it is unpacked once then, and holds until the next fix, report or call.
func (t *Tracker) Asked(v *Vessel) { t.asked, t.given = v, false }

// lastAsked is the last kept fix of the vessel that is asked for.
func (t *Tracker) lastAsked() *navicert.Fix {
	if !t.given {
		t.names.UnpackTo(&t.atHand, &t.asked.last)
		t.given = true
	}
	return &t.atHand
}

// Close ends the input: fixes that are still held were not confirmed, and are
// set aside.
func (t *Tracker) Close() {
	for _, v := range t.order {
		if v.crowd != nil && v.crowd.vessels[0] == v {
			t.dropHeld(v.crowd)
		}
	}
}

// dropHeld sets the held fixes of a crowd aside.
func (t *Tracker) dropHeld(c *crowd) {
	c.open = slices.DeleteFunc(c.open, func(o *openSegment) bool {
		waits := o.held != nil
		if waits {
			t.end(o)
		}
		return waits
	})
	c.disperse()
}

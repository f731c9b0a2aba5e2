// Package approach tells of ships that would enter a zone if they kept their
// course and speed, before they do.
//
// Kept fixes enter through [Detector.Step]; events of kind "zone_approach" leave,
// open from the second look on at which the ship is found on a course into a
// zone that is in force when it would come there, once it has held its course for a
// part of the time that is left. The estimate is along the great
// circle of the present course over ground at the present speed. The event is
// emitted anew, under the same id, when the estimate of the time left moves by more
// than a quarter; another zone is another event. It is closed when the ship enters,
// and withdrawn when it is no longer on such a course. The first explanation names a
// [Class].
//
// Rule: pre-entry, facts in docs/detectors/approach.md.
package approach

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/zone"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "zone_approach"

// Class is what has become of an approach.
type Class string

// The classes.
const (
	Expected    Class = "expected"      // it goes on
	Entered     Class = "entered"       // the ship is in the zone
	Withdrawn   Class = "withdrawn"     // on another course, or stopped, before the time at which it was to enter
	NotEntered  Class = "did_not_enter" // the same, and that time was over when it was told
	Ceased      Class = "ceased"        // the zone did
	LostContact Class = "lost_contact"  // the track breaks, or is silent for long
)

// Preset is the detector's thresholds.
type Preset struct {
	Name    string
	Horizon time.Duration // how far ahead it looks
	ReachNM float64       // and how far at most
	Moved   float64       // the part of the time left by which an estimate moves before it is told anew
	// Steady is the part of the time left for which a ship must have held its course,
	// within SteadyDeg, before an approach is told: the farther off a zone is, the
	// likelier the ship turns before.
	Steady, SteadyDeg float64
	// LeastKn is the speed below which a course says nothing.
	LeastKn float64
	// Every is how often it looks at most, Idle how often at least. Between them, and
	// before the part Moved of the time to an entry has gone by, it does not look again
	// while course and speed do not change.
	Every, Idle time.Duration
	// Lost is for how long a ship is on another course before the approach is over:
	// ships yaw, tack and give way. Nearer the zone it is the part Moved of the time
	// that was left, and at least Every.
	Lost time.Duration
	// MaxElapsed is the longest time between two fixes of one track.
	MaxElapsed time.Duration
	// AcrossNM is how much land may lie between ship and zone: with more, no ship
	// comes there on this course.
	AcrossNM float64
}

// Default looks a day ahead. That an estimate is told anew when it moves by more
// than 25 % is the facts' threshold, and a course is held for the same part of the
// time left; the others are our own: 30 knots for the
// reach, half an hour of grace, tracks broken by gaps of gap.GFWProduct's length.
func Default() Preset {
	return Preset{
		Name: "approach.Default", Horizon: 24 * time.Hour, ReachNM: 720, Moved: 0.25, Steady: 0.25, SteadyDeg: sameCourseDeg, LeastKn: 1,
		Every: 10 * time.Minute, Idle: time.Hour, Lost: 30 * time.Minute, MaxElapsed: 6 * time.Hour,
		AcrossNM: 2,
	}
}

const (
	maxApproaches = 8 // of one ship at once, the nearest
	// While its course and speed lie within these of the last look, a ship that had
	// nothing ahead has nothing ahead still, and one on a course into a zone keeps
	// that while they lie within half of them.
	sameCourseDeg = 5.0
	sameSpeedKn   = 2.0
)

// Detector finds approaches. Make one with [New].
type Detector struct {
	preset Preset
	index  *geo.Index
	way    *geo.Ahead
	zones  zone.Texts
	land   *geo.Land
	names  brief.Names
	memory []memory // by vessel
	found  []geo.Entry
	met    []estimate
}

// memory is what the detector knows of a vessel.
type memory struct {
	look          uint32 // Unix seconds of the next look
	idle          uint32 // and of the next if course and speed are the same
	course, speed float32
	held          uint32  // since when it has held its course, 0: it lies, or is new
	heldDeg       float32 // which
	ahead         *ahead  // nil: nothing
}

// ahead is what a ship approaches.
type ahead struct{ list []approaching }

func (m *memory) approaches() []approaching {
	if m.ahead == nil {
		return nil
	}
	return m.ahead.list
}

// holds notes the course that a ship steers.
func (m *memory) holds(course float64, now uint32, within float64) {
	if m.held == 0 || apart(course, float64(m.heldDeg)) > within {
		m.held, m.heldDeg = now, float32(course)
	}
}

// approaching is a ship on a course into a zone.
type approaching struct {
	zone   int
	first  brief.Fix // at which it was first found on such a course
	warned brief.Fix // at which the estimate was last told
	told   estimate
	seen   brief.Fix // the last at which it was on such a course, by a look or with course and speed as at the last
	looks  int
	// estimates counts those that were told, and those that were not as land lies
	// between; warning those that were told.
	estimates, warning int
	lead               float64 // hours that were left when it was told first
}

// estimate is when and where a ship would enter a zone.
type estimate struct {
	zone int
	nm   float64
	at   time.Time
	pos  navicert.Position
}

// New returns a detector for the zones of an index. Without land it cannot tell
// what lies behind a cape.
func New(p Preset, index *geo.Index, land *geo.Land) *Detector {
	return &Detector{preset: p, index: index, way: geo.NewAhead(index, p.ReachNM), zones: zone.NewTexts(index), land: land}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	if d.index.Len() == 0 {
		return
	}
	for len(d.memory) <= s.Vessel.Index {
		d.memory = append(d.memory, memory{})
	}
	m := &d.memory[s.Vessel.Index]
	if s.NewSegment || s.Elapsed() > d.preset.MaxElapsed {
		why := silentText
		if s.NewSegment {
			why = "then the track breaks: no one ship could have sent the next fix"
		}
		d.breakOff(s.Vessel, m, why, emit)
		m.look, m.idle, m.held = 0, 0, 0
	}
	now := uint32(s.Unix())
	speed, known := s.Fix.SpeedKn.Get()
	course, sure := s.Fix.CourseDeg.Get()
	if now < m.look || s.Fix.Average {
		return
	}
	moving := known && sure && speed >= d.preset.LeastKn
	if !moving {
		if m.held = 0; m.ahead == nil {
			return
		}
	}
	if moving && now < m.idle && m.same(course, speed) {
		if m.ahead != nil {
			seen := d.names.Of(s.Fix)
			for i := range m.ahead.list {
				m.ahead.list[i].seen = seen
			}
		}
		return // nothing ahead, as nearly always, or what was ahead still is
	}
	d.met = d.met[:0]
	if moving {
		m.holds(course, now, d.preset.SteadyDeg)
		d.lookAhead(s.Fix, course, speed)
	}
	d.follow(m, s, emit)
	m.course, m.speed = float32(course), float32(speed)
	m.look, m.idle = now+uint32(d.preset.Every/time.Second), now+uint32(d.preset.Idle/time.Second)
	for _, e := range d.met {
		soon := now + uint32(max(60, int64(d.preset.Moved*float64(e.at.Unix()-int64(now)))))
		m.look, m.idle = min(m.look, soon), min(m.idle, soon)
	}
	for i := range m.approaches() {
		a := &m.ahead.list[i]
		switch e := d.estimateOf(a.zone); {
		case e == nil:
			m.idle = m.look // to see whether it is over
		case a.estimates == 0:
			m.idle = min(m.idle, max(m.look, d.steadyAt(m, e)))
		}
	}
}

// same reports whether course and speed are still those of the last look.
func (m *memory) same(course, speed float64) bool {
	turned, faster := apart(course, float64(m.course)), math.Abs(speed-float64(m.speed))
	if m.ahead != nil {
		return turned < sameCourseDeg/2 && faster < sameSpeedKn/2
	}
	return turned < sameCourseDeg && faster < sameSpeedKn
}

// apart is the angle between two courses.
func apart(a, b float64) float64 {
	turned := math.Abs(a - b)
	return min(turned, 360-turned)
}

// steadyAt is from when on the ship will have held its course for long enough for an
// estimate to be told, in Unix seconds, if it goes on as now.
func (d *Detector) steadyAt(m *memory, e *estimate) uint32 {
	q := d.preset.Steady
	return uint32(math.Ceil((float64(m.held) + q*float64(e.at.Unix())) / (1 + q)))
}

// lookAhead finds the zones that the ship would enter, the nearest first.
func (d *Detector) lookAhead(f *navicert.Fix, course, speed float64) {
	nm := min(speed*d.preset.Horizon.Hours(), d.preset.ReachNM)
	d.found = d.way.Look(f.Pos, course, nm, d.found[:0])
	for _, entry := range d.found {
		e := estimate{zone: entry.Zone, pos: entry.Pos, nm: geo.DistanceNM(f.Pos, entry.Pos)}
		e.at = f.Time.Add(time.Duration(e.nm / speed * float64(time.Hour))).Truncate(time.Second)
		if d.index.Zone(e.zone).InForce(e.at) {
			d.met = append(d.met, e)
		}
	}
	if len(d.met) < 2 {
		return
	}
	slices.SortFunc(d.met, func(a, b estimate) int { return cmp.Or(cmp.Compare(a.nm, b.nm), cmp.Compare(a.zone, b.zone)) })
	if len(d.met) > maxApproaches {
		d.met = d.met[:maxApproaches]
	}
}

// follow goes on with what was approached, and begins what is new.
func (d *Detector) follow(m *memory, s *detect.Step, emit detect.Emit) {
	before := m.approaches()
	kept := before[:0]
	for i := range before {
		a := &before[i]
		e := d.estimateOf(a.zone)
		z := d.index.Zone(a.zone)
		switch {
		case e != nil:
			a.seen = d.names.Of(s.Fix)
			a.looks++
			if a.estimates == 0 && s.Unix() >= int64(d.steadyAt(m, e)) || a.estimates > 0 && d.moved(a, e, s.Fix.Time) {
				a.told, a.warned = *e, a.seen
				a.estimates++
				if d.land.AcrossNM(s.Fix.Pos, e.pos, 1, d.preset.AcrossNM) <= d.preset.AcrossNM { // no land between
					if a.warning++; a.warning == 1 {
						a.lead = e.at.Sub(s.Fix.Time).Hours()
					}
					emit(d.event(s.Vessel, a, end{class: Expected}))
				}
			}
		case z.Area.Contains(s.Fix.Pos):
			if a.warning > 0 {
				emit(d.event(s.Vessel, a, end{Entered, s.Fix, "it entered the zone"}))
			}
			continue
		case a.warning == 0: // one look was a swing, or land lay between
			continue
		case !z.InForce(a.told.at) || !z.InForce(s.Fix.Time) && !z.From.After(s.Fix.Time):
			emit(d.event(s.Vessel, a, end{Ceased, d.fix(&a.seen), "the zone ceased to be in force"}))
			continue
		case s.Fix.Time.Sub(a.seen.Time()) >= d.grace(a):
			emit(d.event(s.Vessel, a, d.over(a, s.Fix.Time)))
			continue
		}
		kept = append(kept, *a)
	}
	clear(before[len(kept):])
	for _, e := range d.met {
		if len(kept) < maxApproaches && !slices.ContainsFunc(kept, func(a approaching) bool { return a.zone == e.zone }) {
			f := d.names.Of(s.Fix)
			kept = append(kept, approaching{zone: e.zone, first: f, seen: f, warned: f, told: e, looks: 1})
		}
	}
	switch {
	case len(kept) == 0:
		m.ahead = nil
	case m.ahead == nil:
		m.ahead = &ahead{kept}
	default:
		m.ahead.list = kept
	}
}

// grace is for how long a ship may be on another course than into a zone.
func (d *Detector) grace(a *approaching) time.Duration {
	left := time.Duration(d.preset.Moved * float64(a.told.at.Sub(a.seen.Time())))
	return min(d.preset.Lost, max(left, d.preset.Every))
}

// over ends an approach that the ship does not go on with, as is known at a time.
func (d *Detector) over(a *approaching, now time.Time) end {
	class := Withdrawn
	if now.After(a.told.at) {
		class = NotEntered
	}
	return end{class, d.fix(&a.seen), fmt.Sprintf("%s: no longer on a course into the zone, or slower than a course counts at, as was seen at %s", classText[class], navicert.At(now))}
}

var classText = map[Class]string{
	Withdrawn:  "withdrawn before the time at which it was to enter",
	NotEntered: "the time at which it was to enter is over",
}

func (d *Detector) estimateOf(zone int) *estimate {
	for i := range d.met {
		if d.met[i].zone == zone {
			return &d.met[i]
		}
	}
	return nil
}

// moved compares what is left with what should be left by the last estimate.
func (d *Detector) moved(a *approaching, e *estimate, now time.Time) bool {
	left, expected := e.at.Sub(now), a.told.at.Sub(now)
	return (left - expected).Abs() > time.Duration(d.preset.Moved*float64(max(expected, d.preset.Every)))
}

// breakOff ends all approaches at the last fix before a silence or a jump.
func (d *Detector) breakOff(v *track.Vessel, m *memory, why string, emit detect.Emit) {
	for i := range m.approaches() {
		if a := &m.ahead.list[i]; a.warning > 0 {
			emit(d.event(v, a, end{LostContact, d.fix(&a.seen), why}))
		}
	}
	m.ahead = nil
}

const silentText = "then silent: it is not known whether it entered"

// fix is what was held of a fix.
func (d *Detector) fix(b *brief.Fix) *navicert.Fix {
	f := d.names.Fix(b)
	return &f
}

// end is how an approach ended, with its last fix; or that it goes on, without.
type end struct {
	class Class
	out   *navicert.Fix
	why   string
}

// event describes an approach.
func (d *Detector) event(v *track.Vessel, a *approaching, e end) navicert.Event {
	z := d.index.Zone(a.zone)
	first, warned := d.fix(&a.first), d.fix(&a.warned)
	speed, course := tenths(warned.SpeedKn.Or(0)), tenths(warned.CourseDeg.Or(0))
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), z.ID, detect.TimeKey(first.Time), detect.PositionKey(first.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO, Zone: z.ID,
		Start: navicert.At(first.Time), Position: navicert.Some(first.Pos), State: navicert.EventOpen,
		Measures: map[string]float64{
			"hours_to_entry": a.told.at.Sub(warned.Time).Hours(), "distance_to_entry_nm": a.told.nm,
			"speed_kn": speed, "course_deg": course, "warnings": float64(a.warning), "first_hours_to_entry": a.lead,
			detect.ThresholdHours: d.preset.Every.Hours(), // it is looked at twice
		},
		Evidence:  []navicert.Evidence{d.zones.Of(a.zone), detect.FixEvidence(first)},
		Simulated: z.Simulated || first.Simulated || warned.Simulated,
	}
	if !warned.Time.Equal(first.Time) {
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(warned))
	}
	ev.Explanations = append(ev.Explanations, detect.ClassText(e.class),
		fmt.Sprintf("at %s, on %05.1f° at %.1f kn, it would enter at %s at %s", navicert.At(warned.Time), course, speed, a.told.pos, navicert.At(a.told.at)),
		"a course is no intention: fairways bend, and ships give way, wait and tack",
		"not looked into: the declared route, whether the order applies to this ship")
	if !d.land.Known() {
		ev.Explanations = append(ev.Explanations, "not looked into: whether land lies between")
	}
	if z.Scope.Words != "" {
		ev.Explanations = append(ev.Explanations, "the order's scope, as reported: "+z.Scope.Words)
	}
	if out := e.out; out != nil {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(out.Time), navicert.Some(out.Pos)
		ev.Measures["duration_hours"] = out.Time.Sub(first.Time).Hours()
		if !out.Time.Equal(warned.Time) {
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(out))
		}
		ev.Explanations = append(ev.Explanations, e.why)
	}
	return ev
}

// tenths is a number as AIS sends it.
func tenths(v float64) float64 { return math.Round(10*v) / 10 }

// End implements detect.Detector: an approach that lasts was emitted open; that of a
// ship that has been silent for long has ended.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	if v.Index < len(d.memory) && end.Breaks(v.Last().Time, d.preset.MaxElapsed) {
		d.breakOff(v, &d.memory[v.Index], silentText, emit)
	}
}

// State implements detect.Detector. Zones are named by their number in the
// index, which must hold the same zones when the state is loaded.
func (d *Detector) State(c *state.Coder) {
	c.Mark("approach 5")
	d.names.State(c)
	zones := d.index.Len()
	state.Int(c, &zones)
	if c.Loads() && zones != d.index.Len() {
		c.Fail(navicert.Errorf(navicert.Conflict, "load the state of a run", "", "it was saved with %d zones and there are %d", zones, d.index.Len()))
		return
	}
	state.Slice(c, &d.memory, func(c *state.Coder, m *memory) {
		state.Int(c, &m.look)
		state.Int(c, &m.idle)
		course, speed := float64(m.course), float64(m.speed)
		c.Float(&course)
		c.Float(&speed)
		m.course, m.speed = float32(course), float32(speed)
		state.Int(c, &m.held)
		c.Float32(&m.heldDeg)
		list := m.approaches()
		state.Slice(c, &list, func(c *state.Coder, a *approaching) {
			state.Int(c, &a.zone)
			brief.State(c, &a.first)
			brief.State(c, &a.warned)
			brief.State(c, &a.seen)
			state.Int(c, &a.told.zone)
			c.Float(&a.told.nm)
			c.Time(&a.told.at)
			c.Position(&a.told.pos)
			state.Int(c, &a.looks)
			state.Int(c, &a.estimates)
			state.Int(c, &a.warning)
			c.Float(&a.lead)
			if c.Loads() && (a.zone < 0 || a.zone >= zones) {
				c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "there is no zone %d", a.zone))
			}
		})
		if c.Loads() && len(list) > 0 {
			m.ahead = &ahead{list}
		}
	})
}

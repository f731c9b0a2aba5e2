// Package approach tells of ships that would enter a zone if they kept their
// course and speed, before they do.
//
// Kept fixes enter through [Detector.Step]; events of kind "zone_approach" leave,
// open from the second look on at which the ship is found on a course into a
// zone that is in force when it would come there. The estimate is along the great
// circle of the present course over ground at the present speed. The event is
// emitted anew, under the same id, when the estimate of the time left moves by more
// than a quarter; another zone is another event. It is closed when the ship enters,
// when it is no longer on such a course, or when its track breaks.
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

// Preset is the detector's thresholds.
type Preset struct {
	Name    string
	Horizon time.Duration // how far ahead it looks
	ReachNM float64       // and how far at most
	Moved   float64       // the part of the time left by which an estimate moves before it is told anew
	// LeastKn is the speed below which a course says nothing.
	LeastKn float64
	// Every is how often it looks at most, Idle how often at least. Between them, and
	// before the part Moved of the time to an entry has gone by, it does not look again
	// while course and speed do not change.
	Every, Idle time.Duration
	// Lost is for how long a ship is on another course before the approach is over:
	// ships yaw, tack and give way.
	Lost time.Duration
	// MaxElapsed is the longest time between two fixes of one track.
	MaxElapsed time.Duration
	// AcrossNM is how much land may lie between ship and zone: with more, no ship
	// comes there on this course.
	AcrossNM float64
}

// Default looks a day ahead. That an estimate is told anew when it moves by more
// than 25 % is the facts' threshold; the others are our own: 30 knots for the
// reach, half an hour of grace, tracks broken by gaps of gap.GFWProduct's length.
func Default() Preset {
	return Preset{
		Name: "approach.Default", Horizon: 24 * time.Hour, ReachNM: 720, Moved: 0.25, LeastKn: 1,
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
	ahead  *geo.Ahead
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
	approaches    []approaching
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
	return &Detector{preset: p, index: index, ahead: geo.NewAhead(index, p.ReachNM), zones: zone.NewTexts(index), land: land}
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
		m.look, m.idle = 0, 0
	}
	now := uint32(s.Fix.Time.Unix())
	speed, known := s.Fix.SpeedKn.Get()
	course, sure := s.Fix.CourseDeg.Get()
	if now < m.look || s.Fix.Average {
		return
	}
	moving := known && sure && speed >= d.preset.LeastKn
	if !moving && len(m.approaches) == 0 {
		return
	}
	if moving && now < m.idle && m.same(course, speed) {
		if len(m.approaches) > 0 {
			seen := d.names.Of(s.Fix)
			for i := range m.approaches {
				m.approaches[i].seen = seen
			}
		}
		return // nothing ahead, as nearly always, or what was ahead still is
	}
	d.met = d.met[:0]
	if moving {
		d.lookAhead(s.Fix, course, speed)
	}
	d.follow(m, s, emit)
	m.course, m.speed = float32(course), float32(speed)
	m.look, m.idle = now+uint32(d.preset.Every/time.Second), now+uint32(d.preset.Idle/time.Second)
	for _, e := range d.met {
		soon := now + uint32(max(60, int64(d.preset.Moved*float64(e.at.Unix()-int64(now)))))
		m.look, m.idle = min(m.look, soon), min(m.idle, soon)
	}
	for i := range m.approaches {
		if a := &m.approaches[i]; a.estimates == 0 || !a.seen.Time().Equal(s.Fix.Time) {
			m.idle = m.look // it is to be looked at again, whether it begins or is over
		}
	}
}

// same reports whether course and speed are still those of the last look.
func (m *memory) same(course, speed float64) bool {
	turned, faster := math.Abs(course-float64(m.course)), math.Abs(speed-float64(m.speed))
	turned = min(turned, 360-turned)
	if len(m.approaches) > 0 {
		return turned < sameCourseDeg/2 && faster < sameSpeedKn/2
	}
	return turned < sameCourseDeg && faster < sameSpeedKn
}

// lookAhead finds the zones that the ship would enter, the nearest first.
func (d *Detector) lookAhead(f *navicert.Fix, course, speed float64) {
	nm := min(speed*d.preset.Horizon.Hours(), d.preset.ReachNM)
	d.found = d.ahead.Look(f.Pos, course, nm, d.found[:0])
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
	kept := m.approaches[:0]
	for i := range m.approaches {
		a := &m.approaches[i]
		e := d.estimateOf(a.zone)
		z := d.index.Zone(a.zone)
		switch {
		case e != nil:
			a.seen = d.names.Of(s.Fix)
			a.looks++
			if a.estimates == 0 || d.moved(a, e, s.Fix.Time) {
				a.told, a.warned = *e, a.seen
				a.estimates++
				if d.land.AcrossNM(s.Fix.Pos, e.pos, 1, d.preset.AcrossNM) <= d.preset.AcrossNM { // no land between
					a.warning++
					emit(d.event(s.Vessel, a, nil, ""))
				}
			}
		case z.Area.Contains(s.Fix.Pos):
			if a.warning > 0 {
				emit(d.event(s.Vessel, a, s.Fix, "it entered the zone"))
			}
			continue
		case a.warning == 0: // one look was a swing, or land lay between
			continue
		case !z.InForce(a.told.at) || !z.InForce(s.Fix.Time) && !z.From.After(s.Fix.Time):
			emit(d.event(s.Vessel, a, d.fix(&a.seen), "the zone ceased to be in force"))
			continue
		case s.Fix.Time.Sub(a.seen.Time()) >= d.preset.Lost:
			emit(d.event(s.Vessel, a, d.fix(&a.seen), "then no longer on a course into the zone, or slower than a course counts at"))
			continue
		}
		kept = append(kept, *a)
	}
	clear(m.approaches[len(kept):])
	m.approaches = kept
	for _, e := range d.met {
		if len(m.approaches) < maxApproaches && !m.approaching(e.zone) {
			f := d.names.Of(s.Fix)
			m.approaches = append(m.approaches, approaching{zone: e.zone, first: f, seen: f, warned: f, told: e, looks: 1})
		}
	}
}

func (m *memory) approaching(zone int) bool {
	return slices.ContainsFunc(m.approaches, func(a approaching) bool { return a.zone == zone })
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
	for i := range m.approaches {
		if a := &m.approaches[i]; a.warning > 0 {
			emit(d.event(v, a, d.fix(&a.seen), why))
		}
	}
	clear(m.approaches)
	m.approaches = m.approaches[:0]
}

const silentText = "then silent: it is not known whether it entered"

// fix is what was held of a fix.
func (d *Detector) fix(b *brief.Fix) *navicert.Fix {
	f := d.names.Fix(b)
	return &f
}

// event describes an approach; out is the fix that ended it.
func (d *Detector) event(v *track.Vessel, a *approaching, out *navicert.Fix, why string) navicert.Event {
	z := d.index.Zone(a.zone)
	first, warned := d.fix(&a.first), d.fix(&a.warned)
	speed, course := tenths(warned.SpeedKn.Or(0)), tenths(warned.CourseDeg.Or(0))
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), z.ID, detect.TimeKey(first.Time), detect.PositionKey(first.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO, Zone: z.ID,
		Start: navicert.At(first.Time), Position: navicert.Some(first.Pos), State: navicert.EventOpen,
		Measures: map[string]float64{
			"hours_to_entry": a.told.at.Sub(warned.Time).Hours(), "distance_to_entry_nm": a.told.nm,
			"speed_kn": speed, "course_deg": course, "warnings": float64(a.warning),
			detect.ThresholdHours: d.preset.Every.Hours(), // it is looked at twice
		},
		Evidence:  []navicert.Evidence{d.zones.Of(a.zone), detect.FixEvidence(first)},
		Simulated: z.Simulated || first.Simulated || warned.Simulated,
	}
	if !warned.Time.Equal(first.Time) {
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(warned))
	}
	ev.Explanations = append(ev.Explanations,
		fmt.Sprintf("at %s, on %05.1f° at %.1f kn, it would enter at %s at %s", navicert.At(warned.Time), course, speed, a.told.pos, navicert.At(a.told.at)),
		"a course is no intention: fairways bend, and ships give way, wait and tack",
		"not looked into: the declared route, whether the order applies to this ship")
	if !d.land.Known() {
		ev.Explanations = append(ev.Explanations, "not looked into: whether land lies between")
	}
	if z.Scope.Words != "" {
		ev.Explanations = append(ev.Explanations, "the order's scope, as reported: "+z.Scope.Words)
	}
	if out != nil {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(out.Time), navicert.Some(out.Pos)
		ev.Measures["duration_hours"] = out.Time.Sub(first.Time).Hours()
		if !out.Time.Equal(warned.Time) {
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(out))
		}
		ev.Explanations = append(ev.Explanations, why)
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
	c.Mark("approach 4")
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
		state.Slice(c, &m.approaches, func(c *state.Coder, a *approaching) {
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
			if c.Loads() && (a.zone < 0 || a.zone >= zones) {
				c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "there is no zone %d", a.zone))
			}
		})
	})
}

// Package spoof detects positions, and what is sent with them, that cannot be
// true or hardly so: circles in the open sea, values that stand still, a status
// that the speed contradicts, a speed that the positions contradict, a ship on land.
//
// Kept fixes enter through [Detector.Step]; events of kind "spoofing" leave, open
// when something begins to count and closed when it ends. The first explanation
// names a [Class]:
//
//	ev.Explanations[0] == "class: frozen"
//	detect.ClassOf(ev) == string(spoof.Frozen)
//
// Thresholds are RadianceFleet's, see [RF]; what is ours is marked. The kind is
// named after the worst of its causes, but an event says only that what was sent
// does not fit: satellite navigation fails and is jammed, sensors break, people
// forget switches, and drills send false positions. Many ships at once in one
// area are jammed; each event says how many others there were.
package spoof

import (
	"math"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "spoofing"

// Class is what does not fit.
type Class string

// The classes.
const (
	Circle              Class = "circle"               // round and round, fast, within a mile or two
	Anchor              Class = "anchor"               // at anchor for days without the least movement, away from any anchorage
	SlowRoll            Class = "slow_roll"            // a tanker at a crawl for half a day, away from port
	Frozen              Class = "frozen"               // under way with speed, course and heading that do not change
	StatusContradiction Class = "status_contradiction" // at anchor by its status, and under way
	ErraticStatus       Class = "erratic_status"       // the status changes again and again
	HeadingMismatch     Class = "heading_mismatch"     // heading and course lie far apart at speed
	SpeedMismatch       Class = "speed_mismatch"       // the positions move at another speed than is told
	OnLand              Class = "on_land"              // well inside land
	Jump                Class = "jump"                 // from one place to another faster than a ship goes
	OffsetCluster       Class = "offset_cluster"       // several ships leapt to one place
)

// Detector finds what does not fit. Make one with [New].
type Detector struct {
	preset Preset
	steady float64 // the cosine of the preset's SteadyDeg
	// speedSeconds is the preset's SpeedWindow.
	speedSeconds uint32
	land         *geo.Land
	ports        *geo.Ports
	names        brief.Names
	memory       []memory // by vessel
	free         []*run   // to be used again
	crowd        crowd    // of whom something did not fit
	spots        crowd    // to which ships leapt
	landings     map[place][]landing
}

// memory is what the detector holds of a vessel.
type memory struct {
	runs    *run // what goes on, or may, a list
	speed   speedWindow
	land    landPatch
	box     box
	changes *statusChanges
	leaps   *leaps
}

// New returns a detector with a preset's thresholds. Land and ports may be nil:
// what needs them is then not told.
func New(p Preset, land *geo.Land, ports *geo.Ports) *Detector {
	return &Detector{
		preset: p, steady: math.Cos(p.SteadyDeg * math.Pi / 180), speedSeconds: uint32(math.Ceil(p.SpeedWindow.Seconds())),
		land: land, ports: ports, crowd: crowd{level: areaLevel}, spots: crowd{level: spotLevel},
	}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	m := d.of(s.Vessel)
	f := s.Fix
	broken := s.NewSegment || f.Average || s.Prev == nil || s.Prev.Average || s.Elapsed() > d.preset.MaxElapsed
	if broken {
		d.breakOff(s.Vessel, s.Prev, m, emit)
	}
	if m.leaps != nil && f.Time.Sub(m.leaps.last.Time) > d.preset.MaxElapsed {
		d.closeLeaps(s.Vessel, m, emit)
	}
	if s.NewSegment && s.Prev != nil {
		d.leap(s.Vessel, m, s.Prev, f, emit)
	}
	speed, ok := f.SpeedKn.Get()
	if !ok || f.Average {
		return // the mean of several fixes is no measurement
	}
	p := &d.preset
	if status, ok := f.Status.Get(); ok {
		anchored := status == navicert.AtAnchor
		d.follow(s, m, runStatus, truth(anchored && speed > p.StatusKn), emit)
		d.follow(s, m, runAnchor, truth(anchored && speed < p.AnchorKn), emit)
		if !broken {
			d.statusChange(s, m, status, emit)
		}
	}
	if slow := speed >= p.SlowMinKn && speed <= p.SlowMaxKn; slow || m.run(runSlow) != nil {
		d.follow(s, m, runSlow, truth(slow && tanker(s.Vessel)), emit)
	}
	d.follow(s, m, runFrozen, d.frozen(s, m, speed, broken), emit)
	d.follow(s, m, runHeading, d.offHeading(f, speed), emit)
	d.stepSpeed(s, m, speed, emit)
	d.stepLand(s, m, emit)
	d.stepBox(s, m, speed, emit)
}

// truth is whether a fix is one of a run: it may not tell.
func truth(b bool) answer {
	if b {
		return yes
	}
	return no
}

type answer int8

const (
	unknown answer = iota
	no
	yes
)

// frozen reports whether a fix of a ship under way says the same speed, course
// and heading as those before. One that tells no heading, as a long-range
// message, does not say.
func (d *Detector) frozen(s *detect.Step, m *memory, speed float64, broken bool) answer {
	if speed <= d.preset.FrozenKn || broken {
		return no
	}
	f := s.Fix
	was, course, heading := s.Prev.SpeedKn, s.Prev.CourseDeg, s.Prev.HeadingDeg
	if r := m.run(runFrozen); r != nil {
		was, course, heading = r.first.Speed(), r.first.Course(), r.first.Heading()
	}
	switch {
	case f.SpeedKn != was || f.CourseDeg != course:
		return no
	case !f.HeadingDeg.Known() || !heading.Known():
		return unknown
	}
	return truth(f.HeadingDeg == heading)
}

// offHeading reports whether heading and course lie too far apart for the speed.
func (d *Detector) offHeading(f *navicert.Fix, speed float64) answer {
	if speed <= d.preset.HeadingKn || f.Class == navicert.ClassB {
		return no
	}
	heading, known := f.HeadingDeg.Get()
	course, also := f.CourseDeg.Get()
	if !known || !also {
		return unknown
	}
	return truth(degreesApart(heading, course) > d.preset.HeadingDeg)
}

func degreesApart(a, b float64) float64 {
	off := a - b
	if off < 0 {
		off = -off
	}
	if off > 180 {
		off = 360 - off
	}
	return off
}

// tanker reports whether the ship says that it is one.
func tanker(v *track.Vessel) bool {
	kind, ok := v.Identity.ShipType.Get()
	return ok && kind >= 80 && kind <= 89
}

// seagoing reports whether the ship is a cargo ship or a tanker, or may be one:
// tugs, ferries, pilots, dredgers and fishing vessels go round and round and
// change their status for their living.
func seagoing(s *detect.Step) bool {
	kind, ok := s.Vessel.Identity.ShipType.Get()
	if !ok || kind == 0 {
		return s.Fix.Class != navicert.ClassB
	}
	return kind >= 70 && kind <= 89
}

func (d *Detector) of(v *track.Vessel) *memory {
	for len(d.memory) <= v.Index {
		d.memory = append(d.memory, memory{})
	}
	return &d.memory[v.Index]
}

// breakOff ends all that goes on at the fix before a silence or a new segment.
func (d *Detector) breakOff(v *track.Vessel, last *navicert.Fix, m *memory, emit detect.Emit) {
	for kind := range runCount {
		if m.run(kind) != nil {
			d.finish(v, last, m, kind, emit)
		}
	}
	m.speed, m.box.since = speedWindow{}, 0
	d.closeBox(v, m, emit)
	d.closeChanges(v, m, emit)
}

// End implements detect.Detector: what lasts is told as far as it has come, open, or
// closed when the ship has been silent for too long for it to go on.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	if v.Index >= len(d.memory) {
		return
	}
	m := &d.memory[v.Index]
	if m.leaps != nil && end.Breaks(m.leaps.last.Time, d.preset.MaxElapsed) {
		d.closeLeaps(v, m, emit)
	}
	if end.Breaks(v.Last().Time, d.preset.MaxElapsed) {
		d.breakOff(v, v.Last(), m, emit)
		return
	}
	if end.At.Sub(v.Last().Time) > d.preset.MaxElapsed {
		return // it was told before this input
	}
	for kind := range runCount {
		if r := m.run(kind); r != nil && r.told {
			emit(d.runEvent(v, kind, r, v.Last()))
		}
	}
	if w := m.box.window; w != nil && w.told != nil {
		emit(d.circleEvent(v, w))
	}
	if m.changes != nil && m.changes.told {
		emit(d.changesEvent(v, m.changes))
	}
	if m.leaps != nil {
		emit(d.leapsEvent(v, m.leaps))
	}
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("spoof 4")
	state.Slice(c, &d.memory, func(c *state.Coder, m *memory) {
		d.runsState(c, m)
		m.speed.state(c)
		m.land.state(c)
		d.boxState(c, &m.box)
		state.Ptr(c, &m.changes, changesState)
		state.Ptr(c, &m.leaps, leapsState)
	})
	d.crowd.state(c)
	d.spots.state(c)
	d.landingsState(c)
}

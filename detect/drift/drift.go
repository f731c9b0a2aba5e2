// Package drift detects ships that go through the water sideways or astern for
// longer than manoeuvres take: adrift, without power, or waiting.
//
// Kept fixes enter through [Detector.Step]; events of kind "drifting" leave,
// open when a drift has lasted long enough and gone far enough, closed when it
// ends. The sign is a course over ground that lies far off the heading at low
// speed. Thresholds are those of the Danish Maritime Authority's AisAbnormal and
// of the Australian Maritime Safety Authority's risky, see [Preset].
//
// Drifting is seamanship: ships wait for orders or daylight with the engine
// stopped, and break down. It is told because a ship adrift may need help, and
// because it explains a slow or odd track.
package drift

import (
	"fmt"
	"math"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "drifting"

// Preset is the detector's thresholds.
type Preset struct {
	Name         string
	MinKn, MaxKn float64 // speeds over ground between which a ship may drift
	// OffDeg is the angle between heading and course over ground above which a
	// fix counts as one of a ship adrift.
	OffDeg float64
	// MinTime and MinMetres are how long and how far it must drift, all fixes
	// counting.
	MinTime   time.Duration
	MinMetres float64
	// Pause is how long, once it drifts, fixes may not count before the drift is over.
	Pause time.Duration
	// MaxElapsed is the longest time between two fixes of one drift.
	MaxElapsed time.Duration
}

// AisAbnormal is the drift analysis of the Danish Maritime Authority
// (dma-ais/AisAbnormal 02602e4, analyzer.properties), for ships that report
// often. It finds one of the two recordings that come with it: the other ship
// drifts at 0.4 to 0.9 kn.
func AisAbnormal() Preset {
	return Preset{Name: "aisabnormal", MinKn: 1, MaxKn: 5, OffDeg: 45, MinTime: 10 * time.Minute, MinMetres: 500, MaxElapsed: time.Hour}
}

// Default is AisAbnormal with the lowest speed of the Australian Maritime
// Safety Authority's drift detector (amsa-code/risky 6ed1f51, 0.25 kn), and a
// pause of the length that a drift must have (ours). An hour is the longest time
// over which GFW interpolates between two fixes (pipe-encounters df93ee4).
func Default() Preset {
	p := AisAbnormal()
	p.Name, p.MinKn, p.Pause = "default", 0.25, 10*time.Minute
	return p
}

// Detector finds drifts. Make one with [New].
type Detector struct {
	preset Preset
	memory []*drift // by vessel; nil when it does not drift
	free   []*drift // to be used again
}

// drift is one that is going on, or may be.
type drift struct {
	first, last navicert.Fix // of those that count
	fixes       int
	offDeg      float64 // sum
	told        bool
}

// New returns a detector with a preset's thresholds.
func New(p Preset) *Detector { return &Detector{preset: p} }

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	for len(d.memory) <= s.Vessel.Index {
		d.memory = append(d.memory, nil)
	}
	m := d.memory[s.Vessel.Index]
	off, counts := d.counts(s)
	if m == nil && counts != yes {
		return
	}
	if m != nil {
		since := s.Fix.Time.Sub(m.last.Time)
		if s.NewSegment || since > d.preset.MaxElapsed || counts == no && (!m.told || since > d.preset.Pause) {
			d.end(s.Vessel, m, emit)
			m = nil
		}
	}
	switch {
	case counts != yes:
		return
	case m == nil:
		d.memory[s.Vessel.Index] = d.begin(s.Fix, off)
		return
	}
	m.last = *s.Fix
	m.fixes++
	m.offDeg += off
	if !m.told && m.last.Time.Sub(m.first.Time) >= d.preset.MinTime && geo.DistanceM(m.first.Pos, m.last.Pos) > d.preset.MinMetres {
		m.told = true
		emit(d.event(s.Vessel, m))
	}
}

// answer is whether a fix is one of a ship adrift.
type answer int

const (
	unknown answer = iota // it tells no heading, as long-range messages do not, or no course
	no
	yes
)

// counts reports whether a fix is one of a ship adrift, and the angle between
// its heading and its course.
func (d *Detector) counts(s *detect.Step) (off float64, a answer) {
	speed, ok := s.Fix.SpeedKn.Get()
	if !ok || speed < d.preset.MinKn || speed > d.preset.MaxKn || s.Fix.Average || s.Fix.Class == navicert.ClassB {
		return 0, no
	}
	heading, hasHeading := s.Fix.HeadingDeg.Get()
	course, hasCourse := s.Fix.CourseDeg.Get()
	if !hasHeading || !hasCourse {
		return 0, unknown
	}
	off = math.Abs(heading - course)
	if off > 180 {
		off = 360 - off
	}
	if off > d.preset.OffDeg && mayDrift(s) {
		return off, yes
	}
	return off, no
}

// mayDrift reports whether a sideways way through the water would say something
// of a ship of this kind: AisAbnormal asks it of large cargo, tank and passenger
// ships. A ship of unknown kind is looked at too.
func mayDrift(s *detect.Step) bool {
	if status, ok := s.Fix.Status.Get(); ok {
		switch status {
		case navicert.AtAnchor, navicert.Moored, navicert.Aground, navicert.Fishing, navicert.UnderWaySail:
			return false
		}
	}
	if kind, ok := s.Vessel.Identity.ShipType.Get(); ok && kind > 0 && (kind < 60 || kind > 89) {
		return false
	}
	return s.Vessel.Identity.LengthM.Or(smallM) >= smallM
}

// smallM is the length below which a ship is small for AisAbnormal.
const smallM = 50

func (d *Detector) begin(f *navicert.Fix, off float64) *drift {
	m := &drift{}
	if n := len(d.free); n > 0 {
		m, d.free = d.free[n-1], d.free[:n-1]
	}
	*m = drift{first: *f, last: *f, fixes: 1, offDeg: off}
	return m
}

// end closes a drift that was told, and forgets it.
func (d *Detector) end(v *track.Vessel, m *drift, emit detect.Emit) {
	if m.told {
		ev := d.event(v, m)
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(m.last.Time), navicert.Some(m.last.Pos)
		emit(ev)
	}
	d.memory[v.Index] = nil
	d.free = append(d.free, m)
}

// End implements detect.Detector: a drift that lasts is told as far as it has
// come, open, or closed when the ship has been silent for too long for it to go on.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	if v.Index >= len(d.memory) || d.memory[v.Index] == nil {
		return
	}
	m := d.memory[v.Index]
	switch {
	case end.Breaks(m.last.Time, d.preset.MaxElapsed):
		d.end(v, m, emit)
	case m.told && end.At.Sub(m.last.Time) <= d.preset.MaxElapsed:
		emit(d.event(v, m))
	}
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("drift 1")
	state.Slice(c, &d.memory, func(c *state.Coder, m **drift) {
		state.Ptr(c, m, func(c *state.Coder, m *drift) {
			c.Fix(&m.first)
			c.Fix(&m.last)
			state.Int(c, &m.fixes)
			c.Float(&m.offDeg)
			c.Bool(&m.told)
		})
	})
}

func (d *Detector) event(v *track.Vessel, m *drift) navicert.Event {
	hours, nm := m.last.Time.Sub(m.first.Time).Hours(), geo.DistanceNM(m.first.Pos, m.last.Pos)
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), detect.TimeKey(m.first.Time), detect.PositionKey(m.first.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO,
		Start: navicert.At(m.first.Time), State: navicert.EventOpen, Position: navicert.Some(m.first.Pos),
		Measures: map[string]float64{
			"duration_hours": hours, "distance_nm": nm, "fixes": float64(m.fixes),
			"mean_off_heading_deg": m.offDeg / float64(m.fixes), "mean_speed_kn": nm / hours,
			detect.ThresholdHours: d.preset.MinTime.Hours(),
		},
		Evidence: []navicert.Evidence{detect.FixEvidence(&m.first), detect.FixEvidence(&m.last)},
		Explanations: []string{
			detect.ClassText("drifting"),
			fmt.Sprintf("its course over ground lay %.0f° off its heading on average, at low speed: it went sideways or astern", m.offDeg/float64(m.fixes)),
			"ships drift with the engine stopped while they wait for orders, a berth or daylight, and when they break down; a strong current or wind sets a slow ship sideways",
			"a compass that is not connected rightly gives a heading that is always off",
		},
		Simulated: m.first.Simulated || m.last.Simulated,
	}
	if status, ok := m.first.Status.Get(); ok && status == notUnderCommand {
		ev.Explanations = append(ev.Explanations, "its status at the start is not under command: it says itself that it cannot manoeuvre")
	}
	if !v.Identity.ShipType.Known() {
		ev.Explanations = append(ev.Explanations, "the kind of ship is not known: a tug, dredger or fishing boat at work would look like this")
	}
	return ev
}

const notUnderCommand navicert.NavStatus = 2

// Package disabling detects gaps that look like a transponder that was switched
// off: long, far from shore, where and when satellites received the vessel well.
//
// Gaps enter through [Detector.Gap], from the gap detector, as often as they are
// told; draughts through [Detector.Report]. Events of kind "possible_disabling"
// leave, one beside each gap that passes. They say possible and no more. What could
// be reached in the gap is attached: ports, and other vessels' gaps of that time.
//
// Definition and thresholds are those of Welch and others 2022 (Global Fishing
// Watch: gaps.md; AIS-disabling-high-seas 814305b, config.py; facts:
// docs/detectors/possible_disabling.md).
package disabling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "possible_disabling"

// Preset is the thresholds.
type Preset struct {
	Name      string
	Hours     float64 // the gap lasts at least
	ShoreNM   float64 // it starts farther from shore
	PerDay    float64 // satellites receive more positions of a ship a day there
	Satellite float64 // positions that satellites heard in the 12 h before, at least
}

// Welch2022 is the published preset. Why 12 h: a satellite on a sun-synchronous
// path comes back about twice a day. Why 50 nm: terrestrial reception ends about
// there, and satellites receive crowded coastal water worst.
func Welch2022() Preset {
	return Preset{Name: "gap.Welch2022", Hours: 12, ShoreNM: 50, PerDay: 10, Satellite: 14}
}

const (
	named     = 5
	maxSilent = 2000 // gaps that others' can be compared with
	// together is how long two gaps must overlap for a meeting in them to be worth
	// telling (RadianceFleet dec5ab1).
	together = 4 * time.Hour
	// draughtWithin is how long after a gap a first draught belongs to it.
	draughtWithin = 24 * time.Hour
	shoreLimit    = 500
)

// Detector finds possible disablings. Make one with [New].
type Detector struct {
	preset Preset
	land   *geo.Land
	ports  *geo.Ports

	draughts []float32 // by vessel, metres; 0 is none
	silent   []silence // by when they were told
	waiting  []waiting // for a first draught after the gap
}

// silence is a gap of any vessel.
type silence struct {
	id      string
	mmsi    navicert.MMSI
	off, on place
	kn      float64
}

// place is where and when a vessel was; the zero At is not known.
type place struct {
	at  time.Time
	pos navicert.Position
}

// waiting is an event that a draught may still come to.
type waiting struct {
	vessel int
	gap    navicert.Event
	before float32
}

// New returns a detector. Without land nothing passes, since how far the shore is
// is not known; without ports none is named.
func New(p Preset, land *geo.Land, ports *geo.Ports) *Detector {
	return &Detector{preset: p, land: land, ports: ports}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (*Detector) Step(*detect.Step, detect.Emit) {}

// End implements detect.Detector.
func (*Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// Report implements detect.Reporter: it notes the draught.
func (d *Detector) Report(v *track.Vessel, r *navicert.Static, emit detect.Emit) {
	m, ok := r.DraughtM.Get()
	if !ok || m <= 0 || m > 25 {
		return
	}
	d.waiting = slices.DeleteFunc(d.waiting, func(w waiting) bool {
		if w.vessel != v.Index || r.Time.Before(w.gap.End.Time) {
			return false
		}
		if r.Time.Sub(w.gap.End.Time) <= draughtWithin {
			w.gap.Revision++
			emit(d.event(&w.gap, w.before, float32(m)))
		}
		return true
	})
	for len(d.draughts) <= v.Index {
		d.draughts = append(d.draughts, 0)
	}
	d.draughts[v.Index] = float32(m)
}

// Gap implements gap.Follower.
func (d *Detector) Gap(ev *navicert.Event, vessel int, emit detect.Emit) {
	d.note(ev)
	if !d.passes(ev) {
		return
	}
	var before float32
	if vessel < len(d.draughts) {
		before = d.draughts[vessel]
	}
	emit(d.event(ev, before, 0))
	if ev.State == navicert.EventClosed {
		d.waiting = slices.DeleteFunc(d.waiting, func(w waiting) bool {
			return w.gap.ID == ev.ID || ev.End.Sub(w.gap.End.Time) > draughtWithin
		})
		d.waiting = append(d.waiting, waiting{vessel, *ev, before})
	}
}

// note remembers a gap for others' sake.
func (d *Detector) note(ev *navicert.Event) {
	s := silence{id: ev.ID, mmsi: ev.MMSI, off: place{ev.Start.Time, ev.Position.Or(navicert.Position{})}, kn: ev.Measures["max_speed_kn"]}
	if ev.State == navicert.EventClosed {
		s.on = place{ev.End.Time, ev.EndPosition.Or(navicert.Position{})}
	}
	if i := slices.IndexFunc(d.silent, func(o silence) bool { return o.id == s.id }); i >= 0 {
		d.silent[i] = s
		return
	}
	if len(d.silent) >= maxSilent {
		d.silent = slices.Delete(d.silent, 0, maxSilent/10)
	}
	d.silent = append(d.silent, s)
}

// passes says whether a gap is one of the preset that nothing explains: the preset
// has no reception of the hours of the gap, the ledger has. Of one that was told
// before and is explained by an area since, the event tells that.
func (d *Detector) passes(ev *navicert.Event) bool {
	explained := slices.Contains([]gap.Class{gap.Coverage, gap.Outage, gap.Jamming, gap.Explained}, gap.ClassOf(*ev))
	m := ev.Measures
	if explained && ev.Revision == 0 || m["duration_hours"] < d.preset.Hours ||
		m["satellite_positions_before"] < d.preset.Satellite || m["satellite_positions_per_day"] <= d.preset.PerDay {
		return false
	}
	p, ok := ev.Position.Get()
	return ok && d.land.Known() && d.land.ShoreNM(p, shoreLimit) > d.preset.ShoreNM
}

func (d *Detector) event(g *navicert.Event, before, after float32) navicert.Event {
	ev := *g
	ev.ID, ev.Kind = navicert.EventID(Kind, g.ID), Kind
	off := g.Position.Or(navicert.Position{})
	class := gap.ClassOf(*g)
	ev.Measures = map[string]float64{"threshold_hours": d.preset.Hours, "shore_nm": d.land.ShoreNM(off, shoreLimit)}
	for _, name := range []string{
		"duration_hours", "distance_nm", "implied_speed_kn", "positions_before", "satellite_positions_before",
		"satellite_positions_per_day", "max_speed_kn", "others_heard",
	} {
		if v, ok := g.Measures[name]; ok {
			ev.Measures[name] = v
		}
	}
	ev.Explanations = []string{detect.ClassText("possible"), fmt.Sprintf(
		"possible: silent for %.1f h from %.0f nm off shore, where satellites receive some %.0f positions of a ship a day, and had received %.0f of this one in the 12 h before",
		g.Measures["duration_hours"], ev.Measures["shore_nm"], g.Measures["satellite_positions_per_day"], g.Measures["satellite_positions_before"],
	)}
	if class == gap.Outage || class == gap.Jamming {
		ev.Explanations[0] = detect.ClassText(class)
	}
	say := func(format string, args ...any) {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf(format, args...))
	}
	if len(g.Explanations) > 1 {
		say("the gap itself is of class %s: %s", class, g.Explanations[1])
	}
	s := silence{id: g.ID, mmsi: g.MMSI, off: place{g.Start.Time, off}, on: place{g.End.Time, g.EndPosition.Or(navicert.Position{})}, kn: g.Measures["max_speed_kn"]}
	if g.State != navicert.EventClosed {
		s.on = place{}
	}
	d.reachable(&s, ev.Measures, say)
	if before > 0 && after > 0 {
		ev.Measures["draught_before_m"], ev.Measures["draught_after_m"] = float64(before), float64(after)
		say("the draught that it reported was %.1f m before and %.1f m after; it is typed by hand", before, after)
	} else if before > 0 {
		ev.Measures["draught_before_m"] = float64(before)
		say("the draught that it reported before was %.1f m; none has been heard since", before)
	}
	say("a broken transponder, a weak one that satellites cannot part from others, and a master's switching off for safety (IMO A.1106(29)) do this: it is possible, and no more")
	ev.Evidence = append(slices.Clone(g.Evidence), navicert.Evidence{
		Kind: navicert.EvidenceEvent, Source: "AIS of MMSI " + g.MMSI.String(), Ref: g.ID, Text: "the gap", Time: g.Start, Position: g.Position,
	})
	return ev
}

// reachable attaches, as possibilities, the ports and the other gaps that the
// vessel could have reached and still come back from.
func (d *Detector) reachable(s *silence, measures map[string]float64, say func(string, ...any)) {
	if s.on.at.IsZero() {
		say("not looked into while it lasts: what could be reached")
		return
	}
	reach := s.kn * detect.ReachFactor * s.on.at.Sub(s.off.at).Hours()
	type option struct {
		name string
		nm   float64
	}
	var ports []option
	for i := range d.ports.Len() {
		p := d.ports.Port(i)
		if nm := geo.DistanceNM(s.off.pos, p.Pos) + geo.DistanceNM(p.Pos, s.on.pos); nm <= reach {
			ports = append(ports, option{p.Name, nm})
		}
	}
	var ships []option
	for i := range d.silent {
		o := &d.silent[i]
		if o.mmsi != s.mmsi && couldMeet(s, o) {
			ships = append(ships, option{"MMSI " + o.mmsi.String(), geo.DistanceNM(s.off.pos, o.off.pos)})
		}
	}
	list := func(options []option) string {
		slices.SortStableFunc(options, func(a, b option) int { return cmp.Or(cmp.Compare(a.nm, b.nm), cmp.Compare(a.name, b.name)) })
		var out []string
		for _, o := range options[:min(len(options), named)] {
			out = append(out, fmt.Sprintf("%s (%.0f nm)", o.name, o.nm))
		}
		text := strings.Join(out, ", ")
		if more := len(options) - named; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return text
	}
	measures["reachable_ports"], measures["reachable_gaps"] = float64(len(ports)), float64(len(ships))
	switch {
	case d.ports.Len() == 0:
		delete(measures, "reachable_ports")
		say("not looked into: ports, as none are known")
	case len(ports) > 0:
		say("within reach at %.0f kn, there and back to where it was heard again, were %s: possibilities, no more", s.kn*detect.ReachFactor, list(ports))
	default:
		say("no port was within reach at %.0f kn", s.kn*detect.ReachFactor)
	}
	if len(ships) > 0 {
		say("silent in the same hours, and near enough for a meeting, were %s: possibilities, no more", list(ships))
	}
}

// couldMeet says whether two vessels could have been at one place while both were
// silent, as far as straight distances tell.
func couldMeet(a, b *silence) bool {
	from, to := a.off.at, a.on.at
	if b.off.at.After(from) {
		from = b.off.at
	}
	if !b.on.at.IsZero() && b.on.at.Before(to) {
		to = b.on.at
	}
	if to.Sub(from) < together {
		return false
	}
	reach := func(s *silence, d time.Duration) float64 { return s.kn * detect.ReachFactor * d.Hours() }
	if geo.DistanceNM(a.off.pos, b.off.pos) > reach(a, to.Sub(a.off.at))+reach(b, to.Sub(b.off.at)) {
		return false
	}
	return b.on.at.IsZero() || geo.DistanceNM(a.on.pos, b.on.pos) <= reach(a, a.on.at.Sub(from))+reach(b, b.on.at.Sub(from))
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("possible_disabling 1")
	state.Slice(c, &d.draughts, metres)
	state.Slice(c, &d.silent, func(c *state.Coder, s *silence) {
		c.String(&s.id)
		state.Int(c, &s.mmsi)
		for _, p := range []*place{&s.off, &s.on} {
			c.Time(&p.at)
			c.Position(&p.pos)
		}
		c.Float(&s.kn)
	})
	state.Slice(c, &d.waiting, func(c *state.Coder, w *waiting) {
		state.Int(c, &w.vessel)
		gap.EventState(c, &w.gap)
		metres(c, &w.before)
	})
}

func metres(c *state.Coder, m *float32) {
	v := float64(*m)
	c.Float(&v)
	*m = float32(v)
}

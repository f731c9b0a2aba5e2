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
	"math"
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

	draughts []draughts     // by vessel
	silent   []silence      // by when they were told
	stands   map[string]int // in silent, by id
	told     []told         // the events, while an area or a first draught may still change them
}

// draughts are the newest that a vessel reported and the one before its last fix
// then: when it falls silent, one of them is the last up to its last fix.
type draughts struct{ before, newest draught }

// draught is one that was reported, in metres; 0 is none.
type draught struct {
	at     uint32 // Unix seconds
	metres float32
}

// at is the last draught that was reported by a time.
func (d *draughts) at(t time.Time) draught {
	if d.newest.metres > 0 && int64(d.newest.at) <= t.Unix() {
		return d.newest
	}
	if int64(d.before.at) <= t.Unix() {
		return d.before
	}
	return draught{}
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

// told is an event that was emitted.
type told struct {
	vessel        int
	gap           navicert.Event    // with which it was told last
	before, after float32           // draught in metres; 0 is none
	report        navicert.Evidence // of the draught after
	written       int               // how often
}

// New returns a detector. Without land nothing passes, since how far the shore is
// is not known; without ports none is named.
func New(p Preset, land *geo.Land, ports *geo.Ports) *Detector {
	return &Detector{preset: p, land: land, ports: ports, stands: map[string]int{}}
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
	now := draught{uint32(r.Time.Unix()), float32(m)}
	for i := range d.told {
		w := &d.told[i]
		if w.vessel == v.Index && w.after == 0 && !r.Time.Before(w.gap.End.Time) && r.Time.Sub(w.gap.End.Time) <= draughtWithin {
			w.after, w.report = now.metres, detect.ReportEvidence(r)
			d.tell(w, emit)
		}
	}
	for len(d.draughts) <= v.Index {
		d.draughts = append(d.draughts, draughts{})
	}
	held := &d.draughts[v.Index]
	if now.at < held.newest.at {
		return
	}
	if last := v.Last(); last != nil && int64(held.newest.at) <= last.Time.Unix() {
		held.before = held.newest
	}
	held.newest = now
}

// Gap implements gap.Follower. A gap that was told as an event is told anew as
// often as more is known of it, also when it is explained since.
func (d *Detector) Gap(ev *navicert.Event, vessel int, emit detect.Emit) {
	d.note(ev)
	i := slices.IndexFunc(d.told, func(w told) bool { return w.gap.ID == ev.ID })
	if i < 0 {
		if !d.passes(ev) || explained(ev) {
			return
		}
		d.told = slices.DeleteFunc(d.told, func(w told) bool { return ev.Start.Sub(w.gap.End.Time) > draughtWithin })
		if len(d.told) >= maxSilent {
			d.told = slices.Delete(d.told, 0, maxSilent/10)
		}
		w := told{vessel: vessel}
		if vessel < len(d.draughts) {
			w.before = d.draughts[vessel].at(ev.Start.Time).metres
		}
		d.told = append(d.told, w)
		i = len(d.told) - 1
	}
	d.told[i].gap = *ev
	d.tell(&d.told[i], emit)
}

// tell emits an event as it is now.
func (d *Detector) tell(w *told, emit detect.Emit) {
	ev := d.event(&w.gap, metres(w.before), metres(w.after))
	ev.Revision = w.written
	if w.after > 0 {
		ev.Evidence = append(ev.Evidence, w.report)
	}
	w.written++
	emit(ev)
}

// note remembers a gap for others' sake.
func (d *Detector) note(ev *navicert.Event) {
	s := silence{id: ev.ID, mmsi: ev.MMSI, off: place{ev.Start.Time, ev.Position.Or(navicert.Position{})}, kn: ev.Measures["max_speed_kn"]}
	if ev.State == navicert.EventClosed {
		s.on = place{ev.End.Time, ev.EndPosition.Or(navicert.Position{})}
	}
	if i, ok := d.stands[s.id]; ok {
		d.silent[i] = s
		return
	}
	if len(d.silent) >= maxSilent {
		d.silent = slices.Delete(d.silent, 0, maxSilent/10)
		d.index()
	}
	d.stands[s.id] = len(d.silent)
	d.silent = append(d.silent, s)
}

// index finds anew where each gap stands.
func (d *Detector) index() {
	d.stands = make(map[string]int, len(d.silent))
	for i := range d.silent {
		d.stands[d.silent[i].id] = i
	}
}

// passes says whether a gap is one of the preset.
func (d *Detector) passes(ev *navicert.Event) bool {
	m := ev.Measures
	if m["duration_hours"] < d.preset.Hours ||
		m["satellite_positions_before"] < d.preset.Satellite || m["satellite_positions_per_day"] <= d.preset.PerDay {
		return false
	}
	p, ok := ev.Position.Get()
	return ok && d.land.Known() && d.land.ShoreNM(p, shoreLimit) > d.preset.ShoreNM
}

// explained says whether something explains a gap, or may: the preset has no
// reception of the hours of the gap, the ledger has. That nobody was heard about the
// ship in its first hours explains no gap through all of which satellites heard ships
// about its way; that somebody was in some of them, none through most of which.
func explained(ev *navicert.Event) bool {
	switch gap.ClassOf(*ev) {
	case gap.Unexplained:
		return false
	case gap.Coverage:
		return ev.Measures[gap.WayHeard] < detect.WayThirds
	case gap.CannotTell:
		return ev.Measures[gap.WayHeard] < detect.WayThirds-1
	}
	return true
}

func (d *Detector) event(g *navicert.Event, before, after float64) navicert.Event {
	ev := *g
	ev.ID, ev.Kind = navicert.EventID(Kind, g.ID), Kind
	off := g.Position.Or(navicert.Position{})
	class := gap.ClassOf(*g)
	ev.Measures = map[string]float64{detect.ThresholdHours: d.preset.Hours, "shore_nm": d.land.ShoreNM(off, shoreLimit)}
	for _, name := range []string{
		"duration_hours", "distance_nm", "implied_speed_kn", "positions_before", "satellite_positions_before",
		"satellite_positions_per_day", "max_speed_kn", "others_heard", gap.WayHeard,
	} {
		if v, ok := g.Measures[name]; ok {
			ev.Measures[name] = v
		}
	}
	ev.Explanations = []string{detect.ClassText("possible"), fmt.Sprintf(
		"possible: silent for %.1f h from %.0f nm off shore, where satellites receive some %.0f positions of a ship a day, and had received %.0f of this one in the 12 h before",
		g.Measures["duration_hours"], ev.Measures["shore_nm"], g.Measures["satellite_positions_per_day"], g.Measures["satellite_positions_before"],
	)}
	if explained(g) {
		ev.Explanations[0] = detect.ClassText(class)
	}
	say := func(format string, args ...any) {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf(format, args...))
	}
	if len(g.Explanations) > 1 {
		say("the gap itself is of class %s: %s", class, g.Explanations[1])
	}
	if n := g.Measures[gap.WayHeard]; n > 0 {
		say("in %.0f of its %d thirds satellites heard ships of its class within %d nm of the straight way from where it was heard last to where it was heard again", n, detect.WayThirds, detect.WayNM)
	}
	s := silence{id: g.ID, mmsi: g.MMSI, off: place{g.Start.Time, off}, on: place{g.End.Time, g.EndPosition.Or(navicert.Position{})}, kn: g.Measures["max_speed_kn"]}
	if g.State != navicert.EventClosed {
		s.on = place{}
	}
	d.reachable(&s, ev.Measures, say)
	if before > 0 && after > 0 {
		ev.Measures["draught_before_m"], ev.Measures["draught_after_m"] = before, after
		say("the draught that it reported was %.1f m before and %.1f m after; it is typed by hand", before, after)
	} else if before > 0 {
		ev.Measures["draught_before_m"] = before
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
	c.Mark("possible_disabling 2")
	state.Slice(c, &d.draughts, func(c *state.Coder, all *draughts) {
		draughtState(c, &all.before)
		draughtState(c, &all.newest)
	})
	state.Slice(c, &d.silent, func(c *state.Coder, s *silence) {
		c.String(&s.id)
		state.Int(c, &s.mmsi)
		for _, p := range []*place{&s.off, &s.on} {
			c.Time(&p.at)
			c.Position(&p.pos)
		}
		c.Float(&s.kn)
	})
	if c.Loads() {
		d.index()
	}
	state.Slice(c, &d.told, func(c *state.Coder, w *told) {
		state.Int(c, &w.vessel)
		c.Event(&w.gap)
		c.Float32(&w.before)
		c.Float32(&w.after)
		c.Evidence(&w.report)
		state.Int(c, &w.written)
	})
}

// metres is a draught to the centimetre.
func metres(m float32) float64 { return math.Round(float64(m)*100) / 100 }

func draughtState(c *state.Coder, m *draught) {
	state.Int(c, &m.at)
	c.Float32(&m.metres)
}

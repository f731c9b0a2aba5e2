package spoof

import (
	"fmt"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// runKind is what a run of fixes has in common.
type runKind uint8

const (
	runStatus runKind = iota
	runAnchor
	runSlow
	runFrozen
	runHeading
	runSpeed
	runLand
	runCount
)

var runClass = [runCount]Class{StatusContradiction, Anchor, SlowRoll, Frozen, HeadingMismatch, SpeedMismatch, OnLand}

// run returns what goes on of a kind, or nil. Few of a ship do at a time.
func (m *memory) run(kind runKind) *run {
	r := m.runs
	for r != nil && r.kind != kind {
		r = r.next
	}
	return r
}

// without takes a run out of those that go on.
func (m *memory) without(r *run) {
	at := &m.runs
	for *at != r {
		at = &(*at).next
	}
	*at = r.next
}

// run is a row of fixes, one after the other, that have something in common.
type run struct {
	next  *run // another of the same ship
	first brief.Whole
	fixes int32 // windows, of speeds
	kind  runKind
	told  bool
	again int32 // from how many fixes it is looked at again, when a port explained it
	// Sums over the fixes: of the angle off the heading, or of the speeds told and moved.
	sum, moved float64
	faster     int32 // windows in which it moved faster than told
	heading    headings
}

// headings is whether the heading was the same throughout.
type headings struct{ differ bool }

func (d *Detector) runState(c *state.Coder, r *run) {
	state.Int(c, &r.kind)
	if r.kind >= runCount {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "there is no run of kind %d", r.kind))
	}
	d.names.WholeState(c, &r.first)
	state.Int(c, &r.fixes)
	c.Bool(&r.told)
	state.Int(c, &r.again)
	c.Float(&r.sum)
	c.Float(&r.moved)
	state.Int(c, &r.faster)
	c.Bool(&r.heading.differ)
}

// runsState saves or loads what goes on.
func (d *Detector) runsState(c *state.Coder, m *memory) {
	var all []*run
	for r := m.runs; r != nil; r = r.next {
		all = append(all, r)
	}
	state.Slice(c, &all, func(c *state.Coder, r **run) {
		if c.Loads() {
			*r = new(run)
		}
		if *r != nil { // nil after an error
			d.runState(c, *r)
		}
	})
	if !c.Loads() {
		return
	}
	m.runs = nil
	for _, r := range slices.Backward(all) {
		r.next, m.runs = m.runs, r
	}
}

// follow takes the answer of a fix to what a kind of run asks: the run begins,
// goes on or ends. A fix that does not tell changes nothing.
func (d *Detector) follow(s *detect.Step, m *memory, kind runKind, a answer, emit detect.Emit) {
	r := m.run(kind)
	switch {
	case a == yes:
	case a == no && r != nil:
		d.finish(s.Vessel, s.Prev, m, kind, emit)
		return
	default:
		return
	}
	if r == nil {
		r = d.begin(s, m, kind)
	}
	r.fixes++
	if kind == runHeading {
		r.sum += degreesApart(s.Fix.HeadingDeg.Or(0), s.Fix.CourseDeg.Or(0))
		r.heading.differ = r.heading.differ || s.Fix.HeadingDeg != r.first.Heading()
	}
	d.weigh(s, m, kind, r, emit)
}

// weigh tells a run once it is long enough.
func (d *Detector) weigh(s *detect.Step, m *memory, kind runKind, r *run, emit detect.Emit) {
	if r.told || r.fixes < r.again || !d.enough(kind, r, s.Fix.Time.Sub(r.first.Time())) {
		return
	}
	if d.explained(s, kind, r) {
		r.again = 2 * r.fixes
		return
	}
	r.told = true
	d.crowd.note(s.Vessel, s.Fix, s.Cell)
	emit(d.runEvent(s.Vessel, kind, r, s.Fix))
}

func (d *Detector) begin(s *detect.Step, m *memory, kind runKind) *run {
	r := &run{}
	if n := len(d.free); n > 0 {
		r, d.free = d.free[n-1], d.free[:n-1]
	}
	if kind == runFrozen { // the one before said the same
		*r = run{next: m.runs, kind: kind, first: d.names.Pack(s.Prev), fixes: 1}
	} else {
		*r = run{next: m.runs, kind: kind, first: d.names.Pack(s.Fix)}
	}
	m.runs = r
	return r
}

// enough reports whether a run is long enough to be told.
func (d *Detector) enough(kind runKind, r *run, lasts time.Duration) bool {
	p := &d.preset
	switch kind {
	case runSpeed:
		return int(r.fixes) >= p.SpeedWindows
	case runLand:
		return int(r.fixes) >= p.LandFixes || lasts > p.LandFor
	}
	fixes, least := d.least(kind)
	return int(r.fixes) >= fixes && lasts >= least
}

// least is how many fixes a run must have and how long it must last to count; one
// of speeds or on land may count sooner.
func (d *Detector) least(kind runKind) (fixes int, lasts time.Duration) {
	p := &d.preset
	switch kind {
	case runStatus:
		return p.StatusFixes, p.StatusFor
	case runAnchor:
		return 0, p.AnchorFor
	case runSlow:
		return 0, p.SlowFor
	case runFrozen:
		return p.FrozenFixes, p.FrozenFor
	case runHeading:
		return p.HeadingFixes, p.HeadingFor
	case runSpeed:
		return p.SpeedWindows, time.Duration(p.SpeedWindows) * p.SpeedWindow
	}
	return p.LandFixes, p.LandFor
}

// explained reports whether the place explains a run, or whether it is not known
// enough of places to say so.
func (d *Detector) explained(s *detect.Step, kind runKind, r *run) bool {
	switch kind {
	case runAnchor, runSlow:
		return d.ports.Len() == 0 || d.nearPort(s.Fix.Pos) || d.nearPort(r.first.Pos)
	case runLand:
		return d.ports.Len() == 0 || d.nearPort(s.Fix.Pos) || onWaterway(s.Fix.Pos)
	}
	return false
}

func (d *Detector) nearPort(p navicert.Position) bool {
	port, _ := d.ports.Nearest(p, d.preset.PortNM)
	return port >= 0
}

// finish ends a run at the fix before, and closes its event if it was told.
func (d *Detector) finish(v *track.Vessel, last *navicert.Fix, m *memory, kind runKind, emit detect.Emit) {
	r := m.run(kind)
	m.without(r)
	if r.told {
		ev := d.runEvent(v, kind, r, last)
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(last.Time), navicert.Some(last.Pos)
		emit(ev)
	}
	d.free = append(d.free, r)
}

// runEvent describes a run as far as the fix last.
func (d *Detector) runEvent(v *track.Vessel, kind runKind, r *run, last *navicert.Fix) navicert.Event {
	first := d.names.Unpack(&r.first)
	ev := base(whoOf(v), runClass[kind], &first, last)
	hours := ev.Measures["duration_hours"]
	ev.Measures["fixes"] = float64(r.fixes)
	_, least := d.least(kind)
	ev.Measures[detect.ThresholdHours] = least.Hours()
	say := func(format string, args ...any) {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf(format, args...))
	}
	nm := geo.DistanceNM(first.Pos, last.Pos)
	switch kind {
	case runStatus:
		ev.Measures["distance_nm"] = nm
		say("its status says at anchor while it makes %.1f kn: the status is set by hand and is often forgotten when the anchor is weighed", last.SpeedKn.Or(0))
		say("a ship whose anchor drags moves with its status right, at lower speed")
	case runAnchor:
		say("at anchor for %.0f h without moving by a tenth of a knot, away from every port and anchorage that is known: a ship at anchor swings", hours)
		say("a speed sensor that fails shows 0; smoothing receivers show 0 in a calm; not every anchorage is known")
	case runSlow:
		ev.Measures["distance_nm"] = nm
		say("a tanker at %.1f to %.1f kn for %.0f h, away from every port that is known", d.preset.SlowMinKn, d.preset.SlowMaxKn, hours)
		say("tankers wait for orders, a berth or weather, drifting or at dead slow, and clean their tanks; this alone says little")
	case runFrozen:
		ev.Measures["speed_kn"] = first.SpeedKn.Or(0)
		if hours > 0 {
			ev.Measures["moved_kn"] = nm / hours
		}
		say("speed %.1f kn, course %05.1f° and heading %03.0f° are the same in %d fixes over %.1f h: at sea the last digits change from fix to fix", first.SpeedKn.Or(0), first.CourseDeg.Or(0), first.HeadingDeg.Or(0), r.fixes, hours)
		say("from the first fix to the last its positions moved at %.1f kn", nm/max(hours, 1e-9))
		say("a transponder whose sensors have hung sends the last values again; a simulator or a drill sends made ones")
	case runHeading:
		ev.Measures["mean_off_heading_deg"] = r.sum / float64(max(r.fixes, 1))
		say("heading and course over ground lie %.0f° apart on average, above %.0f kn", ev.Measures["mean_off_heading_deg"], d.preset.HeadingKn)
		if !r.heading.differ {
			say("the heading was %03.0f° throughout: the compass is probably not connected", first.HeadingDeg.Or(0))
		}
		say("current and wind set a slow ship sideways, a ship that drifts or goes astern looks so, and a compass may be wrongly set")
	case runSpeed:
		n := float64(max(r.fixes, 1))
		ev.Measures["windows"], ev.Measures["reported_kn"], ev.Measures["moved_kn"] = n, r.sum/n, r.moved/n
		delete(ev.Measures, "fixes")
		say("it reports %.1f kn on average while its positions move at %.1f kn: faster than reported in %d of %d windows of %.0f minutes", r.sum/n, r.moved/n, r.faster, r.fixes, d.preset.SpeedWindow.Minutes())
		say("a speed sensor or a log that is not connected, receivers with wrong clocks, and jammed satellite navigation do this")
	case runLand:
		ev.Measures["inland_nm"] = d.land.ShoreNM(first.Pos, landLimitNM)
		say("its positions lie more than %.0f nm inside land, away from every port, river and canal that is known", d.preset.LandMarginNM)
		say("the land that is known is coarse, and lacks lakes, small rivers and canals; satellite navigation that is jammed shows ships on land, often at airports; a transponder on a lorry is on land")
	}
	d.sayCrowd(&ev, whoOf(v), last)
	return ev
}

// who is a ship as events name it.
type who struct {
	index int32
	mmsi  navicert.MMSI
	imo   navicert.IMO
}

func whoOf(v *track.Vessel) who { return who{int32(v.Index), v.MMSI, v.Identity.IMO} }

// base is what all events have in common: from a first fix to a last.
func base(ship who, class Class, first, last *navicert.Fix) navicert.Event {
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, string(class), ship.mmsi.String(), detect.TimeKey(first.Time), detect.PositionKey(first.Pos)),
		Kind: Kind, MMSI: ship.mmsi, IMO: ship.imo,
		Start: navicert.At(first.Time), State: navicert.EventOpen, Position: navicert.Some(first.Pos),
		Measures:     map[string]float64{"duration_hours": last.Time.Sub(first.Time).Hours()},
		Evidence:     []navicert.Evidence{detect.FixEvidence(first)},
		Explanations: []string{detect.ClassText(class)},
		Simulated:    first.Simulated || last.Simulated,
	}
	if !last.Time.Equal(first.Time) {
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(last))
	}
	return ev
}

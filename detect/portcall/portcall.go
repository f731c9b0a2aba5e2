// Package portcall detects visits to ports, terminals and anchorages.
//
// Kept fixes enter through [Detector.Step]; events of kind "port_visit" leave,
// open when the ship stops, or falls silent, in range of a port, and closed
// under the same id when it leaves. Their confidence is "2" to "4", see
// [Visit.Confidence]. The first explanation names a class, by what is known of
// the place and by what the ship says:
//
//	ev.Explanations[0] == "class: anchorage_visit"
//
// Definition and thresholds are Global Fishing Watch's, see [GFW]; facts:
// docs/detectors/portcall.md.
package portcall

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "port_visit"

// The classes.
const (
	PortCall       = "port_call"       // it said that it was moored
	AnchorageVisit = "anchorage_visit" // a listed anchorage, or it said that it was at anchor
	TerminalVisit  = "terminal_visit"  // an oil terminal, at sea or known better than to a mile
	PortArea       = "port_area"       // a port, whether at a berth is not known
)

// Preset is the thresholds of a visit.
type Preset struct {
	Name       string
	InKM       float64 // in port at most so far from its point
	OutKM      float64 // out of it at least so far
	RoughNM    float64 // a port whose position is known no better than this is rough:
	RoughInKM  float64 // in it at most so far from its point
	RoughOutKM float64
	StopKn     float64 // stopped at most so fast
	MoveKn     float64 // moving at least so fast
	Gap        time.Duration
	SegmentNM  float64 // a new segment farther than this is another visit
	Confidence int     // visits of at least this are told
}

// GFW is Global Fishing Watch's definition (pipe-anchorages e1db7c8,
// anchorage_cfg.yaml, create_in_out_events.py, create_port_visits.py), of which
// products take confidence 2 and more. Its anchorage points are not at hand:
// a port of the World Port Index is known to the minute, a mile, and is given
// 10 km.
func GFW() Preset {
	return Preset{
		Name: "port.GFW", InKM: 3, OutKM: 4, RoughNM: 0.5, RoughInKM: 10, RoughOutKM: 11,
		StopKn: 0.2, MoveKn: 0.5, Gap: 4 * time.Hour, SegmentNM: 60, Confidence: 2,
	}
}

// range is how near a port a ship is.
type reach uint8

const (
	out     reach = iota
	between       // neither in nor out: as it was
	in
)

// at is the state of a ship.
type at uint8

const (
	none at = iota
	atSea
	inPort
	stopped
)

// Detector finds visits. Make one with [New].
type Detector struct {
	preset  Preset
	all     *geo.Ports
	exact   *geo.Ports // nil: none
	rough   *geo.Ports
	names   brief.Names
	vessels []vessel // by Index
}

// vessel is what is held of every ship.
type vessel struct {
	fromLat float32 // where its reach was looked up
	fromLon float32
	safeM   float32 // and how far it can go before it may be another
	port    int32   // the last in range, -1: none
	called  int32   // where the newest visit was that has ended, -1: none
	reach   reach
	at      at
	stopped bool
	left    int64 // when that visit ended, in seconds since 1970
	visit   *Visit
}

// New returns a detector of visits to ports. Of no ports it finds nothing.
func New(p Preset, ports *geo.Ports) *Detector {
	rough := func(port *geo.Port) bool { return port.WithinNM >= p.RoughNM }
	return &Detector{
		preset: p, all: ports, rough: ports.Where(rough),
		exact: ports.Where(func(port *geo.Port) bool { return !rough(port) }),
	}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	if s.Fix.Average || d.all.Len() == 0 {
		return // the mean of several positions proves that the ship was in none of them
	}
	v := d.of(s.Vessel)
	if s.NewSegment || s.Prev == nil {
		v.at, v.stopped = none, false
	}
	port := v.port
	looked := d.look(v, s.Fix.Pos)
	speed := s.Fix.SpeedKn.Or(math.NaN()) // never so in a kept fix
	v.stopped = speed <= d.preset.StopKn || v.stopped && speed < d.preset.MoveKn
	if v.at >= inPort && s.Elapsed() >= d.preset.Gap {
		v.port, port = port, v.port
		if v.at == stopped {
			d.moored(v, s.Prev)
		}
		d.moment(s, v, GapBegin, s.Prev.Time.Add(d.preset.Gap), s.Prev, emit)
		v.port = port
		if d.elsewhere(v) {
			d.leave(s.Vessel, v, "then silent, and heard again in another port: when it left was not seen", emit)
			v.at = none
		} else {
			d.moment(s, v, GapEnd, s.Fix.Time, s.Fix, emit)
		}
	}
	now := v.now()
	if v.at == now {
		return // as nearly always
	}
	was := v.at
	v.at = now
	if (now == inPort || now == stopped) && !looked { // the nearest is the one
		v.safeM = 0
		d.look(v, s.Fix.Pos)
	}
	if was == none {
		switch {
		case now == atSea && v.visit != nil:
			d.broken(s, v, emit)
		case now == stopped: // no turn of GFW's: its stop began before it was heard
			d.moment(s, v, StopBegin, s.Fix.Time, s.Fix, emit)
		}
		return
	}
	if was == atSea {
		d.moment(s, v, Entry, s.Fix.Time, s.Fix, emit)
	}
	if was == stopped {
		d.moored(v, s.Prev)
		d.moment(s, v, StopEnd, s.Fix.Time, s.Fix, emit)
	}
	if now == stopped {
		d.moment(s, v, StopBegin, s.Fix.Time, s.Fix, emit)
	}
	if now == atSea {
		d.moment(s, v, Exit, s.Fix.Time, s.Fix, emit)
	}
}

// elsewhere reports whether the ship is in range of another port than that of
// its visit, so far away that it cannot be one visit.
func (d *Detector) elsewhere(v *vessel) bool {
	last := &v.visit.Last
	return v.port >= 0 && v.port != last.Port && geo.DistanceNM(d.all.Port(int(v.port)).Pos, last.At) > d.preset.SegmentNM
}

// now is the state that a fix gives, from its reach and the state before.
func (v *vessel) now() at {
	inside := v.reach == in || v.reach == between && v.at >= inPort
	switch {
	case !inside:
		return atSea
	case v.stopped:
		return stopped
	}
	return inPort
}

func (d *Detector) of(v *track.Vessel) *vessel {
	for len(d.vessels) <= v.Index {
		d.vessels = append(d.vessels, vessel{port: -1, called: -1})
	}
	return &d.vessels[v.Index]
}

// look finds a ship's reach, if it has moved so far that it may be another; it
// says whether it did.
func (d *Detector) look(v *vessel, p navicert.Position) bool {
	const degreeM = 111_200 // a degree of a great circle, rounded up
	dLon := math.Abs(float64(v.fromLon) - p.Lon)
	if dLon > 180 {
		dLon = 360 - dLon
	}
	if (math.Abs(float64(v.fromLat)-p.Lat)+dLon)*degreeM < float64(v.safeM) {
		return false
	}
	const roundedM = 2 // is more than is lost of a place
	v.fromLat, v.fromLon = float32(p.Lat), float32(p.Lon)
	e, eM, er := nearest(d.exact, p, d.preset.InKM, d.preset.OutKM)
	r, rM, rr := nearest(d.rough, p, d.preset.RoughInKM, d.preset.RoughOutKM)
	v.reach = max(er, rr)
	v.safeM = float32(min(eM, rM) - roundedM)
	switch {
	case er > out:
		v.port = int32(e)
	case rr > out:
		v.port = int32(r)
	}
	return true
}

// nearest returns the nearest of some ports, how far the ship can go before its
// reach may be another, and its reach.
func nearest(ports *geo.Ports, p navicert.Position, inKM, outKM float64) (port int, safeM float64, r reach) {
	if ports == nil {
		return -1, math.Inf(1), out
	}
	const look = 50 // km: most ships at sea need not ask for long
	port, nm := ports.Nearest(p, look*1000/geo.MetresPerNM)
	km := nm * geo.MetresPerNM / 1000
	switch {
	case port < 0:
		return port, 999 * (look - outKM), out
	case km <= inKM:
		return port, 999 * (inKM - km), in
	case km < outKM:
		return port, 999 * min(km-inKM, outKM-km), between
	}
	return port, 999 * (km - outKM), out
}

// moored takes the last fix of a stop, or before a silence in it, for that of the stop
// when it says what the first did not: that the ship is moored. Statuses are set by hand,
// and many a ship is at its berth by its track while it is still at anchor by its status.
func (d *Detector) moored(v *vessel, last *navicert.Fix) {
	if v.visit == nil || !v.visit.stopFix.Known() || last.Status.Or(0) != navicert.Moored {
		return
	}
	if status, said := v.visit.stopFix.Status(); !said || status != navicert.Moored {
		v.visit.stopFix = d.names.Of(last)
	}
}

// moment takes a turn into the ship's visit.
func (d *Detector) moment(s *detect.Step, v *vessel, turn Turn, t time.Time, fix *navicert.Fix, emit detect.Emit) {
	m := Moment{Turn: turn, Time: t, Port: v.port, Segment: s.Vessel.Segment, fix: d.names.Of(fix)}
	if v.port >= 0 {
		m.At = d.all.Port(int(v.port)).Pos
	}
	d.take(s.Vessel, v, &m, emit)
}

func (d *Detector) take(vessel *track.Vessel, v *vessel, m *Moment, emit detect.Emit) {
	if v.visit != nil && v.visit.ClosedBy(m, d.preset.SegmentNM) {
		d.leave(vessel, v, "when it left was not seen", emit)
	}
	if v.visit == nil {
		v.visit = &Visit{}
	}
	v.visit.Add(m)
	if m.Turn == Exit {
		d.leave(vessel, v, "", emit)
		return
	}
	if !v.visit.told && v.visit.Confidence() >= d.preset.Confidence {
		v.visit.told = true
		emit(d.event(vessel, v.visit, false, ""))
	}
}

// broken ends a visit whose ship is at sea when it is heard in a new segment.
func (d *Detector) broken(s *detect.Step, v *vessel, emit detect.Emit) {
	d.leave(s.Vessel, v, "then the track breaks, and the next fix is outside: when it left was not seen", emit)
}

// leave ends a visit.
func (d *Detector) leave(vessel *track.Vessel, v *vessel, why string, emit detect.Emit) {
	if v.visit.told || v.visit.Confidence() >= d.preset.Confidence {
		emit(d.event(vessel, v.visit, true, why))
		v.called, v.left = v.visit.Place.Port, v.visit.Last.Time.Unix()
	}
	v.visit = nil
}

// Call returns the port of a vessel's newest visit, of those that are told, and
// when it left, zero while it is there.
func (d *Detector) Call(vessel *track.Vessel) (port *geo.Port, left time.Time, ok bool) {
	if vessel.Index >= len(d.vessels) {
		return nil, time.Time{}, false
	}
	v := &d.vessels[vessel.Index]
	switch {
	case v.visit != nil && v.visit.told && v.visit.Place.Port >= 0:
		return d.all.Port(int(v.visit.Place.Port)), time.Time{}, true
	case v.called >= 0:
		return d.all.Port(int(v.called)), time.Unix(v.left, 0).UTC(), true
	}
	return nil, time.Time{}, false
}

// End implements detect.Detector. A ship in port that has been silent for long
// has a gap, of which the end is not known.
func (d *Detector) End(vessel *track.Vessel, end detect.End, emit detect.Emit) {
	last := vessel.Last()
	if vessel.Index >= len(d.vessels) || last.Average || end.At.Sub(last.Time) < d.preset.Gap || end.Since.Sub(last.Time) >= d.preset.Gap {
		return // or it was told before this input
	}
	v := &d.vessels[vessel.Index]
	if v.at < inPort {
		return
	}
	s := detect.Step{Step: track.Step{Vessel: vessel}}
	d.moment(&s, v, GapBegin, last.Time.Add(d.preset.Gap), last, emit)
}

// event describes a visit.
func (d *Detector) event(vessel *track.Vessel, v *Visit, closed bool, why string) navicert.Event {
	first, last := d.names.Fix(&v.First.fix), d.names.Fix(&v.Last.fix)
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, vessel.MMSI.String(), detect.TimeKey(v.First.Time), detect.PositionKey(first.Pos)),
		Kind: Kind, MMSI: vessel.MMSI, IMO: vessel.Identity.IMO,
		Start: navicert.At(v.First.Time), State: navicert.EventOpen, Position: navicert.Some(first.Pos),
		Measures:   map[string]float64{"stops": float64(v.Stops), "gaps": float64(v.Gaps)},
		Confidence: strconv.Itoa(v.Confidence()),
		Simulated:  first.Simulated || last.Simulated,
	}
	if v.placed > 0 {
		ev.Measures[detect.ThresholdHours] = v.Place.Time.Sub(v.First.Time).Hours()
	}
	if v.gap > 0 {
		ev.Measures["gap_hours"] = v.gap.Hours()
	}
	if closed {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(v.Last.Time), navicert.Some(last.Pos)
		ev.Measures["duration_hours"] = v.Last.Time.Sub(v.First.Time).Hours()
	}
	fixes := []*brief.Fix{&v.First.fix, &v.stopFix}
	if closed {
		fixes = append(fixes, &v.Last.fix)
	}
	for i, b := range fixes {
		if b.Known() && (i == 0 || b.At != fixes[i-1].At && b.At != fixes[0].At) {
			f := d.names.Fix(b)
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(&f))
		}
	}
	d.explain(&ev, v, mayLoad(vessel))
	if why != "" {
		ev.Explanations = append(ev.Explanations, why)
	}
	return ev
}

// mayLoad reports whether a ship may have business at an oil terminal: it says
// that it is a tanker, or does not say what it is.
func mayLoad(v *track.Vessel) bool {
	kind, said := v.Identity.ShipType.Get()
	return !said || kind == 0 || kind >= 80 && kind <= 89
}

// explain says what place it was, the class first.
func (d *Detector) explain(ev *navicert.Event, v *Visit, mayLoad bool) {
	if v.Place.Port < 0 {
		ev.Explanations = []string{detect.ClassText(PortArea), "the port is not known"}
		return
	}
	port := d.all.Port(int(v.Place.Port))
	status, said := v.stopFix.Status()
	class := PortArea
	rough := port.WithinNM >= d.preset.RoughNM
	var text string
	switch {
	case port.Kind == geo.OilTerminal && (port.Offshore || !rough) && mayLoad:
		class, text = TerminalVisit, "the oil terminal "
	case port.Kind == geo.Anchorage:
		class, text = AnchorageVisit, "the anchorage "
	case said && status == navicert.AtAnchor:
		class, text = AnchorageVisit, "it reported itself at anchor off "
	case said && status == navicert.Moored:
		class, text = PortCall, "it reported itself moored in "
	default:
		text = "the port area of "
	}
	text += port.Name
	if port.Code != "" {
		text += " (" + port.Code + ")"
	}
	if port.Kind == geo.OilTerminal && class != TerminalVisit {
		text += ", where there is an oil terminal"
	}
	ev.Explanations = []string{detect.ClassText(class), text}
	ev.Measures["port_nm"] = geo.DistanceNM(v.Place.fix.Pos, port.Pos)
	ev.Evidence = append(ev.Evidence, navicert.Evidence{Kind: navicert.EvidenceSource, Source: port.Source, Ref: port.ID, Text: port.Name, Position: navicert.Some(port.Pos)})
	if rough {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("the port's position is known to %g nm: %g km round it count, and the ship may have lain outside", port.WithinNM, d.preset.RoughInKM))
	}
	if class == PortArea {
		ev.Explanations = append(ev.Explanations, "where berths are is not known: it may have lain at a berth, at anchor or adrift")
	}
	if v.gap > 0 {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("in it the ship was not heard for %.1f h, beyond the first %g h of each silence: many ships switch AIS off or are shadowed in port", v.gap.Hours(), d.preset.Gap.Hours()))
	}
	if !v.Entry {
		ev.Explanations = append(ev.Explanations, "it was in port when it was first heard: when it came was not seen")
	}
}

// State implements detect.Detector. Ports are named by their number, and must be
// the same when the state is loaded.
func (d *Detector) State(c *state.Coder) {
	c.Mark(d.preset.Name + " 2")
	ports := d.all.Len()
	state.Int(c, &ports)
	if c.Loads() && ports != d.all.Len() {
		c.Fail(navicert.Errorf(navicert.Conflict, "load the state of a run", "", "it was saved with %d ports and there are %d", ports, d.all.Len()))
		return
	}
	d.names.State(c)
	state.Slice(c, &d.vessels, func(c *state.Coder, v *vessel) {
		c.Float32(&v.fromLat)
		c.Float32(&v.fromLon)
		c.Float32(&v.safeM)
		state.Int(c, &v.reach)
		state.Int(c, &v.at)
		c.Bool(&v.stopped)
		state.Int(c, &v.port)
		state.Int(c, &v.called)
		state.Int(c, &v.left)
		state.Ptr(c, &v.visit, visitState)
	})
}

func visitState(c *state.Coder, v *Visit) {
	momentState(c, &v.First)
	momentState(c, &v.Last)
	momentState(c, &v.Place)
	state.Int(c, &v.placed)
	c.Bool(&v.Entry)
	c.Bool(&v.Exit)
	state.Int(c, &v.Stops)
	state.Int(c, &v.Gaps)
	state.Int(c, &v.gap)
	c.Time(&v.gapBegan)
	brief.State(c, &v.stopFix)
	c.Bool(&v.told)
}

func momentState(c *state.Coder, m *Moment) {
	state.Int(c, &m.Turn)
	c.Time(&m.Time)
	state.Int(c, &m.Port)
	c.Position(&m.At)
	state.Int(c, &m.Segment)
	brief.State(c, &m.fix)
}

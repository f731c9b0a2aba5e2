// Package zone detects visits to zones: a vessel enters, stays, leaves, or
// passes through between two fixes.
//
// Kept fixes enter through [Detector.Step]; events of kind "zone" leave. A
// visit that fixes lie in is emitted open when it begins and closed, under the
// same id, when it ends; its confidence is "observed". A passage that no fix
// lies in is emitted closed; its confidence is "inferred". The first
// explanation says how the visit was seen to begin, see [Beginning].
//
// A zone counts only while it is in force, fix by fix. Rules: facts in
// docs/behaviour.md, zones.
package zone

import (
	"fmt"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "zone"

// The confidences of an event.
const (
	Observed = "observed" // at least one fix lies inside
	Inferred = "inferred" // only the great circle between two fixes does
)

// Beginning is how a visit was seen to begin.
type Beginning string

// The beginnings.
const (
	Entered   Beginning = "entered"  // a fix outside, then one inside
	Present   Beginning = "present"  // inside at the first fix, or the first after a silence or a jump
	CameForce Beginning = "in force" // inside when the zone came into force
	Crossed   Beginning = "crossed"  // passed through between two fixes
)

// Preset is the detector's thresholds.
type Preset struct {
	// FlutterNM is how far beyond the boundary one fix must lie to count;
	// nearer, it takes two in a row.
	FlutterNM float64
	// MaxElapsed is the longest time between two fixes over which an entry, an
	// exit or a passage is told; beyond it the track is broken.
	MaxElapsed time.Duration
}

// Default is one fix or 0.1 nm of hysteresis, and tracks broken by gaps of the
// length that gap.GFWProduct calls one.
func Default() Preset { return Preset{FlutterNM: 0.1, MaxElapsed: 6 * time.Hour} }

// Detector finds visits. Make one with [New].
type Detector struct {
	preset   Preset
	index    *geo.Index
	evidence Texts
	memory   []*memory // by vessel; nil for one that was near no zone
	near     []geo.Near
	along    []int
	none     memory // of a vessel that has none
	asked    [1 << askedBits]askedCell
}

const (
	// askedLevel is the level of the cells of which it is remembered what is near: of
	// some 5 nm, in which mostly the same zones are near everywhere.
	askedLevel = 10
	askedBits  = 12 // the logarithm of how many are remembered
)

// askedCell is a cell of which it was asked.
type askedCell struct {
	cell s2.CellID
	span geo.Span
}

// span is the part of the index that tells of the places in a cell.
func (d *Detector) span(cell s2.CellID) geo.Span {
	const golden = 0x9E3779B97F4A7C15 // 2^64 by the golden ratio
	a := &d.asked[uint64(cell)*golden>>(64-askedBits)]
	if a.cell != cell {
		*a = askedCell{cell, d.index.Span(cell)}
	}
	return a.span
}

// memory is what the detector knows of a vessel.
type memory struct {
	visits []visit
	near   []int32 // zones near the last fix
}

// visit is a stay in one zone. A visit that is not confirmed may be flutter.
type visit struct {
	zone      int
	begin     Beginning
	first     navicert.Fix
	before    *navicert.Fix // the last fix outside, when the vessel entered
	last      navicert.Fix  // the last fix inside
	fixes     int
	confirmed bool
	outside   *navicert.Fix // one fix outside, near the boundary
}

// New returns a detector for the zones of an index.
func New(index *geo.Index, p Preset) *Detector {
	return &Detector{preset: p, index: index, evidence: NewTexts(index)}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	if d.index.Len() == 0 {
		return
	}
	if s.Fix.Average {
		return // the mean of several positions proves that the ship was in none of them
	}
	m := d.of(s.Vessel)
	if m == nil {
		m = &d.none
	}
	broken := s.NewSegment || s.Elapsed() > d.preset.MaxElapsed || s.Prev != nil && s.Prev.Average
	if broken {
		if len(m.visits) > 0 {
			why := "then the track breaks: no one ship could have sent the next fix"
			if !s.NewSegment {
				why = silentText(s.Elapsed())
			}
			d.breakOff(s.Vessel, m, why, emit)
		}
		m.near = m.near[:0]
	}
	d.near = d.index.NearIn(d.span(s.Cell.Parent(askedLevel)), s.Cell, s.Fix.Pos, d.near[:0])
	if len(d.near) == 0 && len(m.near) == 0 && len(m.visits) == 0 && (broken || shortLeg(s)) {
		return // far from every zone, as nearly always
	}
	if m == &d.none {
		m = &memory{}
		d.memory[s.Vessel.Index] = m
	}
	if !broken {
		d.passages(m, s, emit)
	}
	d.leave(m, s, emit)
	d.enter(m, s, broken, emit)
	m.near = m.near[:0]
	for _, n := range d.near {
		m.near = append(m.near, int32(n.Zone))
	}
}

// End implements detect.Detector: a visit that lasts was emitted open when it
// began; that of a ship that has been silent for long has ended.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	if v.Index < len(d.memory) && d.memory[v.Index] != nil && end.Breaks(v.Last().Time, d.preset.MaxElapsed) {
		d.breakOff(v, d.memory[v.Index], silentText(end.At.Sub(v.Last().Time))+", up to the end of the input", emit)
	}
}

func silentText(d time.Duration) string {
	return "then silent for " + hoursText(d) + ": it is not known when the vessel left"
}

// State implements detect.Detector. Zones are named by their number in the
// index, which must hold the same zones when the state is loaded.
func (d *Detector) State(c *state.Coder) {
	c.Mark("zone 2")
	zones := d.index.Len()
	state.Int(c, &zones)
	if c.Loads() && zones != d.index.Len() {
		c.Fail(navicert.Errorf(navicert.Conflict, "load the state of a run", "", "it was saved with %d zones and there are %d", zones, d.index.Len()))
		return
	}
	state.Slice(c, &d.memory, func(c *state.Coder, m **memory) {
		state.Ptr(c, m, func(c *state.Coder, m *memory) {
			state.Slice(c, &m.visits, visitState)
			state.Slice(c, &m.near, state.Int[int32])
		})
	})
}

func visitState(c *state.Coder, v *visit) {
	state.Int(c, &v.zone)
	state.Text(c, &v.begin)
	c.Fix(&v.first)
	state.Ptr(c, &v.before, (*state.Coder).Fix)
	c.Fix(&v.last)
	state.Int(c, &v.fixes)
	c.Bool(&v.confirmed)
	state.Ptr(c, &v.outside, (*state.Coder).Fix)
}

func (d *Detector) of(v *track.Vessel) *memory {
	for len(d.memory) <= v.Index {
		d.memory = append(d.memory, nil)
	}
	return d.memory[v.Index]
}

// legAtMost is a glance at how long the leg to the fix is, in nautical miles, and
// whether that is so short that every zone it meets is near one of its ends.
func legAtMost(s *detect.Step) (nm float64, short bool) {
	a, b := s.Prev.Pos, s.Fix.Pos
	dLat, dLon := abs(a.Lat-b.Lat), abs(a.Lon-b.Lon)
	if dLon > 180 {
		dLon = 360 - dLon
	}
	nm = (dLat + dLon) * 60.1
	return nm, nm < 2*geo.IndexMarginNM
}

func shortLeg(s *detect.Step) bool {
	_, short := legAtMost(s)
	return short
}

func abs(x float64) float64 { return max(x, -x) }

// inside reports whether the fix lies in a zone that is in force.
func (d *Detector) inside(zone int, f *navicert.Fix) bool {
	for _, n := range d.near {
		if n.Zone == zone {
			return n.Inside && d.index.Zone(zone).InForce(f.Time)
		}
	}
	return false
}

// enter begins the visits of zones that the fix lies in, and confirms those
// that had begun.
func (d *Detector) enter(m *memory, s *detect.Step, broken bool, emit detect.Emit) {
	for _, n := range d.near {
		if !d.inside(n.Zone, s.Fix) {
			continue
		}
		v := m.visit(n.Zone)
		known := v != nil && v.confirmed
		if v == nil {
			m.visits = append(m.visits, d.begin(n.Zone, s, broken))
			v = &m.visits[len(m.visits)-1]
		} else {
			v.confirmed = true
		}
		v.last, v.outside = *s.Fix, nil
		v.fixes++
		if v.confirmed && !known {
			emit(d.event(s.Vessel, v, nil, ""))
		}
	}
}

func (d *Detector) begin(zone int, s *detect.Step, broken bool) visit {
	z := d.index.Zone(zone)
	v := visit{zone: zone, begin: Entered, first: *s.Fix}
	switch {
	case broken:
		v.begin = Present
	case z.Area.Contains(s.Prev.Pos):
		v.begin = CameForce
	default:
		before := *s.Prev
		v.before = &before
	}
	// A ship that was inside all along does not flutter.
	v.confirmed = v.begin == CameForce || z.Area.BoundaryNM(s.Fix.Pos) > d.preset.FlutterNM
	return v
}

// leave ends the visits of zones that the fix does not lie in.
func (d *Detector) leave(m *memory, s *detect.Step, emit detect.Emit) {
	kept := m.visits[:0]
	for i := range m.visits {
		v := &m.visits[i]
		z := d.index.Zone(v.zone)
		switch {
		case d.inside(v.zone, s.Fix):
			kept = keep(kept, v)
		case !v.confirmed: // flutter
		case !z.InForce(s.Fix.Time):
			emit(d.event(s.Vessel, v, nil, "the zone ceased to be in force"))
		case v.outside != nil:
			emit(d.event(s.Vessel, v, v.outside, ""))
		case z.Area.DistanceNM(s.Fix.Pos) > d.preset.FlutterNM:
			emit(d.event(s.Vessel, v, s.Fix, ""))
		default:
			outside := *s.Fix
			v.outside = &outside
			kept = keep(kept, v)
		}
	}
	clear(m.visits[len(kept):])
	m.visits = kept
}

// keep appends a visit of the same list, unless it lies there already.
func keep(kept []visit, v *visit) []visit {
	if n := len(kept); n < cap(kept) && &kept[:n+1][n] == v {
		return kept[:n+1]
	}
	return append(kept, *v)
}

// breakOff ends all visits at the last fix before a silence or a jump.
func (d *Detector) breakOff(vessel *track.Vessel, m *memory, why string, emit detect.Emit) {
	for i := range m.visits {
		v := &m.visits[i]
		switch {
		case !v.confirmed:
		case v.outside != nil:
			emit(d.event(vessel, v, v.outside, ""))
		default:
			emit(d.event(vessel, v, &v.last, why))
		}
	}
	clear(m.visits)
	m.visits = m.visits[:0]
}

func (m *memory) visit(zone int) *visit {
	for i := range m.visits {
		if m.visits[i].zone == zone {
			return &m.visits[i]
		}
	}
	return nil
}

// passages emits the zones that the leg cuts without a fix inside.
func (d *Detector) passages(m *memory, s *detect.Step, emit detect.Emit) {
	d.along = d.along[:0]
	var leg geo.Leg
	if nm, short := legAtMost(s); short {
		for _, n := range d.near {
			if !d.index.Beyond(n.Zone, s.Fix.Pos, nm) && m.visit(n.Zone) == nil {
				d.along = append(d.along, n.Zone)
			}
		}
		for _, n := range m.near {
			if !d.index.Beyond(int(n), s.Fix.Pos, nm) && !contains(d.near, int(n)) && m.visit(int(n)) == nil {
				d.along = append(d.along, int(n))
			}
		}
		if len(d.along) == 0 {
			return
		}
		leg = geo.NewLeg(s.Prev.Pos, s.Fix.Pos)
	} else {
		leg = geo.NewLeg(s.Prev.Pos, s.Fix.Pos)
		d.along = d.index.Along(&leg, d.along)
	}
	for _, i := range d.along {
		if m.visit(i) != nil || d.index.Misses(i, &leg) {
			continue
		}
		legs := d.index.Crossings(i, &leg)
		// Pairs of entry and exit only: with an end inside it is no passage.
		if len(legs) < 2 || !legs[0].Entering || len(legs)%2 != 0 {
			continue
		}
		for k := 0; k < len(legs); k += 2 {
			if ev, ok := d.passage(s, i, legs[k], legs[k+1]); ok {
				emit(ev)
			}
		}
	}
}

func contains(near []geo.Near, zone int) bool {
	for _, n := range near {
		if n.Zone == zone {
			return true
		}
	}
	return false
}

func (d *Detector) passage(s *detect.Step, i int, in, out geo.Crossing) (navicert.Event, bool) {
	z := d.index.Zone(i)
	at := func(c geo.Crossing) time.Time {
		return s.Prev.Time.Add(time.Duration(c.Fraction * float64(s.Elapsed()))).Truncate(time.Second)
	}
	nm := geo.DistanceNM(in.Position, out.Position)
	if nm < d.preset.FlutterNM || !z.InForce(at(in)) {
		return navicert.Event{}, false
	}
	ev := d.base(s.Vessel, i, Crossed, at(in), in.Position)
	ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(at(out)), navicert.Some(out.Position)
	ev.Confidence = Inferred
	ev.Measures = map[string]float64{"fixes_inside": 0, "duration_hours": at(out).Sub(at(in)).Hours(), "inside_nm": nm}
	ev.Evidence = append(ev.Evidence, detect.FixEvidence(s.Prev), detect.FixEvidence(s.Fix))
	ev.Simulated = z.Simulated || s.Fix.Simulated || s.Prev.Simulated
	ev.Explanations = append(ev.Explanations, "no fix lies inside; the great circle between the two fixes does, its times and places are interpolated and the ship may have gone round")
	return ev, true
}

// event describes a visit; out is the fix that ended it, nil while it lasts or
// when the zone ceased, which why then says.
func (d *Detector) event(vessel *track.Vessel, v *visit, out *navicert.Fix, why string) navicert.Event {
	z := d.index.Zone(v.zone)
	ev := d.base(vessel, v.zone, v.begin, v.first.Time, v.first.Pos)
	ev.Confidence = Observed
	ev.Measures = map[string]float64{"fixes_inside": float64(max(v.fixes, 1))}
	if v.before != nil {
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(v.before))
	}
	ev.Evidence = append(ev.Evidence, detect.FixEvidence(&v.first))
	ev.Simulated = z.Simulated || v.first.Simulated
	if out != nil || why != "" {
		ev.State = navicert.EventClosed
		if !v.last.Time.Equal(v.first.Time) {
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(&v.last))
		}
	}
	switch {
	case out != nil:
		ev.End, ev.EndPosition = navicert.At(out.Time), navicert.Some(out.Pos)
		if !out.Time.Equal(v.last.Time) {
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(out))
		}
	case why != "":
		ev.End = ceased(z)
	}
	if !ev.End.IsZero() {
		ev.Measures["duration_hours"] = ev.End.Sub(ev.Start.Time).Hours()
	}
	if why != "" {
		ev.Explanations = append(ev.Explanations, why)
	}
	return ev
}

// ceased is when a zone ceased to be in force.
func ceased(z *geo.Zone) navicert.Instant {
	if z.To.IsZero() || !z.CancelledAt.IsZero() && z.CancelledAt.Before(z.To.Time) {
		return z.CancelledAt
	}
	return z.To
}

// base is what all events of a zone have in common.
func (d *Detector) base(v *track.Vessel, zone int, begin Beginning, start time.Time, at navicert.Position) navicert.Event {
	id := d.index.Zone(zone).ID
	evidence := make([]navicert.Evidence, 1, 4) // the zone's, and room for fixes
	evidence[0] = d.evidence.Of(zone)
	return navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), id, detect.TimeKey(start)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO, Zone: id,
		Start: navicert.At(start), State: navicert.EventOpen, Position: navicert.Some(at),
		Evidence:     evidence,
		Explanations: []string{beginPrefix + string(begin)},
	}
}

const beginPrefix = "beginning: "

func hoursText(d time.Duration) string { return fmt.Sprintf("%.1f h", d.Hours()) }

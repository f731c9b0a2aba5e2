// Package draught detects changes of the draught that a ship reports: it may
// have loaded or discharged.
//
// Static reports enter through [Detector.Report] and kept fixes through
// [Detector.Step]; events of kind "draught_change" leave, closed, when the
// reading after the change confirms it. The first explanation names a class, by
// where the ship was:
//
//	ev.Explanations[0] == "class: in_port"
//
// Draught is typed by hand, often late, often never: a change corroborates, it
// decides nothing. Thresholds are RadianceFleet's, see [RF]; facts:
// docs/detectors/draught.md.
package draught

import (
	"fmt"
	"math"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/encounter"
	"navicert/geo"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// Kind is the kind of the events.
const Kind = "draught_change"

// The classes.
const (
	InPort    = "in_port"    // near a port or terminal at one of the readings, or called at one between them
	Encounter = "encounter"  // met another ship at the time
	AcrossGap = "across_gap" // was silent between the readings
	AtSea     = "at_sea"     // none of these
)

// Preset is the thresholds of a change.
type Preset struct {
	Name string
	MaxM float64 // what is more than this, or 0, is no draught
	// Bands are how large a change must be, by deadweight, the largest first; Else
	// is for smaller ships and those whose deadweight is not known.
	Bands  []Band
	ElseM  float64
	Within time.Duration // between the readings, unless there is none between
	// A change counts as work in port nearer than this to a port, or to a terminal
	// without a quay.
	PortNM, OffshoreNM float64
	Meeting            time.Duration // how near in time an encounter is told with it
	Silence            time.Duration // so long is the ship not heard in a gap
}

// Band is the change that ships of more than a deadweight must show.
type Band struct{ OverT, ChangeM float64 }

// RF is RadianceFleet's (dec5ab1, draught_detector.py). AIS sends no deadweight.
func RF() Preset {
	return Preset{
		Name: "draught.RF", MaxM: 25, Bands: []Band{{200_000, 3}, {120_000, 2}, {80_000, 1.5}}, ElseM: 1,
		Within: 24 * time.Hour, PortNM: 10, OffshoreNM: 25, Meeting: 12 * time.Hour, Silence: 6 * time.Hour,
	}
}

// Threshold is how large a change must be for a ship of a deadweight in tonnes.
func (p *Preset) Threshold(deadweight navicert.Opt[float64]) float64 {
	if t, ok := deadweight.Get(); ok {
		for _, b := range p.Bands {
			if t > b.OverT {
				return b.ChangeM
			}
		}
	}
	return p.ElseM
}

// Meetings tells of encounters, as encounter.Detector does.
type Meetings interface {
	Met(v *track.Vessel, from, to time.Time) (encounter.Met, bool)
}

// Calls tells of visits, as portcall.Detector does: the newest port that a
// vessel was in range of with a stop or a silence, and when it left, zero while
// it is there.
type Calls interface {
	Call(v *track.Vessel) (port *geo.Port, left time.Time, ok bool)
}

// Config is what the detector may know. All may be nil.
type Config struct {
	Ports      *geo.Ports
	Meetings   Meetings
	Calls      Calls
	Deadweight func(navicert.IMO) navicert.Opt[float64] // in tonnes
}

// Detector finds changes. Make one with [New].
type Detector struct {
	preset   Preset
	config   Config
	quays    *geo.Ports // nil: none
	offshore *geo.Ports
	names    brief.Names
	ships    []*ship // by vessel; nil for those that report no draught
}

// ship is what is held of a ship that reports a draught.
type ship struct {
	imo    navicert.IMO
	silent float32  // hours of gaps since base
	base   reading  // what a change is counted from: the last report of a value
	latest *reading // the newest report, when its value is another
	doubt  *reading // a change that waits for the next report
}

// reading is a draught that was reported.
type reading struct {
	metres float64 // 0: none
	report brief.Report
	fix    brief.Fix // its last fix then, if it is known
}

// New returns a detector.
func New(p Preset, c Config) *Detector {
	return &Detector{
		preset: p, config: c,
		quays:    c.Ports.Where(func(port *geo.Port) bool { return !port.Offshore && port.Kind != geo.Anchorage }),
		offshore: c.Ports.Where(func(port *geo.Port) bool { return port.Offshore }),
	}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, _ detect.Emit) {
	if s.Elapsed() < d.preset.Silence || s.Vessel.Index >= len(d.ships) {
		return
	}
	if v := d.ships[s.Vessel.Index]; v != nil {
		v.silent += float32(s.Elapsed().Hours())
	}
}

// End implements detect.Detector.
func (d *Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// Report implements detect.Reporter.
func (d *Detector) Report(vessel *track.Vessel, r *navicert.Static, emit detect.Emit) {
	metres, ok := r.DraughtM.Get()
	if !ok || metres <= 0 || metres > d.preset.MaxM {
		return
	}
	for len(d.ships) <= vessel.Index {
		d.ships = append(d.ships, nil)
	}
	v := d.ships[vessel.Index]
	if v == nil || r.IMO != 0 && v.imo != 0 && r.IMO != v.imo { // another ship
		v = &ship{}
		d.ships[vessel.Index] = v
	}
	if r.IMO != 0 {
		v.imo = r.IMO
	}
	now := d.reading(vessel, r, metres)
	if v.base.metres != 0 && now.report.At < v.newest().report.At {
		return // older than what was taken already
	}
	limit := d.limit(v)
	if v.doubt != nil {
		if math.Abs(metres-v.doubt.metres) <= limit/2+rounding {
			emit(d.event(vessel, v, &now))
			v.base, v.latest, v.doubt, v.silent = now, nil, nil, 0
			return
		}
		v.doubt = nil // a slip of the hand
	}
	switch {
	case v.base.metres == 0:
		v.base = now
		return
	case v.latest != nil && time.Duration(now.report.At-v.base.report.At) > d.preset.Within:
		v.base, v.latest, v.silent = *v.latest, nil, 0
	}
	switch {
	case math.Abs(metres-v.base.metres) >= limit-rounding:
		v.doubt = held(now)
	case metres == v.base.metres:
		v.base, v.latest, v.silent = now, nil, 0
	default:
		v.latest = held(now)
	}
}

// held is a reading that is kept.
func held(r reading) *reading { return &r }

// rounding is far below the decimetre in which draught is sent.
const rounding = 1e-6

func (v *ship) newest() *reading {
	switch {
	case v.doubt != nil:
		return v.doubt
	case v.latest != nil:
		return v.latest
	}
	return &v.base
}

func (d *Detector) limit(v *ship) float64 {
	var t navicert.Opt[float64]
	if d.config.Deadweight != nil && v.imo != 0 {
		t = d.config.Deadweight(v.imo)
	}
	return d.preset.Threshold(t)
}

func (d *Detector) reading(vessel *track.Vessel, r *navicert.Static, metres float64) reading {
	out := reading{metres: metres, report: d.names.OfReport(r)}
	if last := vessel.Last(); last != nil && !last.Average && r.Time.Sub(last.Time) < d.preset.Silence {
		out.fix = d.names.Of(last)
	}
	return out
}

// event describes the change from the base to the doubt, which a report confirms.
func (d *Detector) event(vessel *track.Vessel, v *ship, confirms *reading) navicert.Event {
	from, to := &v.base, v.doubt
	change := to.metres - from.metres
	start, end := from.report.Time(), to.report.Time()
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, vessel.MMSI.String(), detect.TimeKey(start), detect.TimeKey(end), fmt.Sprintf("%.1f-%.1f", from.metres, to.metres)),
		Kind: Kind, MMSI: vessel.MMSI, IMO: vessel.Identity.IMO,
		Start: navicert.At(start), End: navicert.At(end), State: navicert.EventClosed,
		Measures: map[string]float64{
			"draught_before_m": from.metres, "draught_after_m": to.metres, "change_m": change, "between_hours": end.Sub(start).Hours(), "threshold_m": d.limit(v),
		},
		Simulated: from.report.Simulated() || to.report.Simulated(),
	}
	if v.silent > 0 {
		ev.Measures["gap_hours"] = float64(v.silent)
	}
	for _, r := range []*reading{from, to, confirms} {
		at := d.names.Report(&r.report)
		e := detect.FixEvidence(&at)
		e.Kind, e.Text, e.Position = navicert.EvidenceSource, fmt.Sprintf("reports a draught of %.1f m", r.metres), navicert.Opt[navicert.Position]{}
		ev.Evidence = append(ev.Evidence, e)
		if r.fix.Known() && r != confirms {
			f := d.names.Fix(&r.fix)
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(&f))
			ev.Simulated = ev.Simulated || f.Simulated
		}
	}
	if from.fix.Known() {
		ev.Position = navicert.Some(from.fix.Pos)
	}
	if to.fix.Known() {
		ev.EndPosition = navicert.Some(to.fix.Pos)
	}
	d.explain(&ev, vessel, v)
	return ev
}

// explain says where the ship was, the class first.
func (d *Detector) explain(ev *navicert.Event, vessel *track.Vessel, v *ship) {
	change := ev.Measures["change_m"]
	did := fmt.Sprintf("it reports %.1f m more: it may have loaded", change)
	if change < 0 {
		did = fmt.Sprintf("it reports %.1f m less: it may have discharged", -change)
	}
	class := AtSea
	var where []string
	add := func(c, text string) {
		if class == AtSea {
			class = c
		}
		where = append(where, text)
	}
	if text := d.inPort(vessel, v); text != "" {
		add(InPort, text)
	}
	if d.config.Meetings != nil {
		if m, ok := d.config.Meetings.Met(vessel, ev.Start.Add(-d.preset.Meeting), ev.End.Add(d.preset.Meeting)); ok {
			add(Encounter, fmt.Sprintf("it met %s from %s to %s", m.Other, navicert.At(m.Start), navicert.At(m.End)))
			if class == Encounter {
				ev.Other = m.Other
			}
		}
	}
	if v.silent > 0 {
		add(AcrossGap, fmt.Sprintf("between the two it was silent for %.1f h: where it was then is not known", v.silent))
	}
	ev.Explanations = append([]string{detect.ClassText(class), did}, where...)
	ev.Explanations = append(ev.Explanations, "draught is typed by hand, often late or never, and changes with ballast and fuel too: it corroborates and decides nothing")
	if between := ev.Measures["between_hours"]; between > d.preset.Within.Hours() {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("no reading was received for %.0f h between", between))
	}
	if d.config.Ports.Len() == 0 {
		ev.Explanations = append(ev.Explanations, "not looked into: ports (none are known)")
	}
}

// inPort says at which port the ship was at one of the readings, or called
// between them, "" when at none that is known.
func (d *Detector) inPort(vessel *track.Vessel, v *ship) string {
	for _, r := range []*reading{v.doubt, &v.base} {
		if !r.fix.Known() {
			continue
		}
		if i, nm := d.quays.Nearest(r.fix.Pos, d.preset.PortNM); i >= 0 && nm < d.preset.PortNM {
			return fmt.Sprintf("%.1f nm from %s when it reported %.1f m", nm, d.quays.Port(i).Name, r.metres)
		}
		if i, nm := d.offshore.Nearest(r.fix.Pos, d.preset.OffshoreNM); i >= 0 && nm < d.preset.OffshoreNM {
			return fmt.Sprintf("%.1f nm from the offshore terminal %s when it reported %.1f m", nm, d.offshore.Port(i).Name, r.metres)
		}
	}
	if d.config.Calls == nil {
		return ""
	}
	port, left, ok := d.config.Calls.Call(vessel)
	if !ok || port.Kind == geo.Anchorage || !left.IsZero() && left.Before(v.base.report.Time().Add(-d.preset.Within)) {
		return ""
	}
	return "its newest port call was at " + port.Name
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark(d.preset.Name + " 3")
	d.names.State(c)
	state.Slice(c, &d.ships, func(c *state.Coder, v **ship) {
		state.Ptr(c, v, func(c *state.Coder, v *ship) {
			state.Int(c, &v.imo)
			v.base.state(c)
			state.Ptr(c, &v.latest, func(c *state.Coder, r *reading) { r.state(c) })
			state.Ptr(c, &v.doubt, func(c *state.Coder, r *reading) { r.state(c) })
			c.Float32(&v.silent)
		})
	})
}

func (r *reading) state(c *state.Coder) {
	c.Float(&r.metres)
	brief.ReportState(c, &r.report)
	brief.State(c, &r.fix)
}

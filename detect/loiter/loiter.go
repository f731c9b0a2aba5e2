// Package loiter detects loitering: a ship that makes next to no way, hour after
// hour, away from the shore.
//
// Kept fixes enter through [Detector.Step]; events of kind "loitering" leave,
// open when they come to count, closed under the same id when the ship makes way
// again. A ship waits, drifts or lies for many reasons; the first explanation
// names a class, by what is known:
//
//	ev.Explanations[0] == "class: encounter" // it met another ship: one behaviour, told once more as an encounter
//
// Definition and thresholds are in the presets, of which [GFW] is that of Global
// Fishing Watch; facts: docs/detectors/loitering.md.
package loiter

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
const Kind = "loitering"

// The classes.
const (
	Encounter    = "encounter" // another ship was met meanwhile
	LaidUp       = "laid_up"   // in one place for a month and more
	Waiting      = "waiting"   // at anchor, by its status or near a listed anchorage
	TankerAtRest = "tanker"    // a tanker at rest
	Working      = "working"   // a fishing vessel or a working craft
	Slow         = "slow"      // none of these
)

// Meetings tells of encounters, as encounter.Detector does.
type Meetings interface {
	Met(v *track.Vessel, from, to time.Time) (encounter.Met, bool)
}

// Detector finds loitering. Make one with [New].
type Detector struct {
	preset   Preset
	land     *geo.Land
	ports    *geo.Ports
	meetings Meetings
	names    brief.Names
	vessels  []vessel // by Index
	from, to int64    // the clock hour that most fixes lie in, in seconds since 1970
}

// vessel is what is held of every ship.
type vessel struct {
	hour   int64 // the clock hour since 1970 of its last fix
	metres float32
	hours  float32   // what the legs to the fixes of the hour take
	fixes  uint16    // in the hour
	rest   uint16    // of them slower than a tanker at rest
	making uint16    // of them that report way, faster than slow
	fast   bool      // the hour cannot be slow any more
	lost   int32     // the last silence that broke its track: when it ended, in hours since 1970
	lostH  float32   // and how long it was
	before brief.Fix // the hour, or its first; the last that is counted of the event
	active *event
}

// event is slow hours in a row.
type event struct {
	first         brief.Fix
	fixes, rest   int32
	metres, hours float64
	shore         float64 // nm from shore, times hours
	least         float64
	south, north  float64
	west, east    float64 // from the first fix
	told          bool
}

// New returns a detector. Of no land it is not known how far the shore is, and
// what loiters near it is told too. Meetings may be nil.
func New(p Preset, land *geo.Land, ports *geo.Ports, meetings Meetings) *Detector {
	return &Detector{preset: p, land: land, ports: ports, meetings: meetings}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	v := d.of(s.Vessel)
	unix := s.Unix()
	if unix < d.from || unix >= d.to {
		d.from = unix - unix%3600
		d.to = d.from + 3600
	}
	hour := d.from / 3600
	elapsed := s.Elapsed()
	broken := s.NewSegment || s.Prev == nil || elapsed > d.preset.MaxSilence || s.Fix.Average || s.Prev.Average
	if broken {
		d.breakOff(s, v, emit)
		v.hour, v.metres, v.hours, v.fixes, v.rest, v.making, v.fast = hour, 0, 0, 1, 0, 0, false
		v.before = d.names.Of(s.Fix)
		v.count(s.Fix, &d.preset)
		return
	}
	if hour != v.hour {
		d.close(s.Vessel, v, s.Prev, emit)
		v.hour, v.metres, v.hours, v.fixes, v.rest, v.making, v.fast = hour, 0, 0, 0, 0, 0, false
		v.before = d.names.Of(s.Prev)
	}
	if v.fast {
		return // under way, as most are
	}
	v.hours += float32(elapsed.Hours())
	v.metres += metres(s.Prev.Pos, s.Fix.Pos)
	v.fixes += 1 - v.fixes/math.MaxUint16
	v.count(s.Fix, &d.preset)
	// The legs of an hour cannot take longer than from the fix before it to its end.
	if float64(v.metres) > d.preset.BelowKn*geo.MetresPerNM {
		most := time.Unix((hour+1)*3600, 0).Sub(v.before.Time()).Hours()
		v.fast = float64(v.metres) >= d.preset.BelowKn*geo.MetresPerNM*most
	}
}

func (v *vessel) count(f *navicert.Fix, p *Preset) {
	speed, ok := f.SpeedKn.Get()
	switch {
	case !ok:
	case speed < p.Tanker.BelowKn:
		v.rest += 1 - v.rest/math.MaxUint16
	case speed >= p.BelowKn:
		v.making += 1 - v.making/math.MaxUint16
	}
}

// metres is how far two positions lie apart. Between near ones the earth is flat.
func metres(a, b navicert.Position) float32 {
	dLat, dLon := b.Lat-a.Lat, b.Lon-a.Lon
	if dLat == 0 && dLon == 0 {
		return 0
	}
	const degreeM = math.Pi / 180 * geo.EarthRadiusKM * 1000
	if math.Abs(dLat) > 0.1 || math.Abs(dLon) > 0.1 || math.Abs(a.Lat) > 80 {
		return float32(geo.DistanceM(a, b))
	}
	dLon *= math.Cos((a.Lat + dLat/2) * math.Pi / 180)
	return float32(degreeM * math.Sqrt(dLat*dLat+dLon*dLon))
}

func (d *Detector) of(v *track.Vessel) *vessel {
	for len(d.vessels) <= v.Index {
		d.vessels = append(d.vessels, vessel{})
	}
	return &d.vessels[v.Index]
}

// slow reports whether the hour is. When the ship itself says, in most of its
// fixes, that it makes way, its positions or its speeds are false.
func (d *Detector) slow(v *vessel) bool {
	return !v.fast && 2*v.making <= v.fixes && v.hours > 0 && float64(v.metres)/geo.MetresPerNM/float64(v.hours) < d.preset.BelowKn
}

// close ends a clock hour, whose last fix is given.
func (d *Detector) close(vessel *track.Vessel, v *vessel, last *navicert.Fix, emit detect.Emit) {
	if !d.slow(v) || d.inPort(last.Pos) {
		d.over(vessel, v, "", emit)
		return
	}
	d.take(v, last)
	if e := v.active; !e.told && d.counts(v) {
		e.told = true
		emit(d.describe(vessel, v, false, ""))
	}
}

// inPort reports whether a position is in port, where a ship that lies is on a
// port visit.
func (d *Detector) inPort(p navicert.Position) bool {
	i, nm := d.ports.Nearest(p, d.preset.RoughPortNM)
	return i >= 0 && (nm <= d.preset.PortNM || d.ports.Port(i).WithinNM >= roughNM)
}

// roughNM is from where on a port's position is rough.
const roughNM = 0.5

// take adds a slow hour.
func (d *Detector) take(v *vessel, last *navicert.Fix) {
	if v.active == nil {
		v.active = &event{first: v.before, fixes: 1, least: math.Inf(1)}
	}
	e := v.active
	hours := float64(v.hours)
	v.before = d.names.Of(last)
	e.fixes += int32(v.fixes)
	e.rest += int32(v.rest)
	e.metres += float64(v.metres)
	e.hours += hours
	if d.land.Known() {
		nm := 0.0 // on land, if it is
		if !d.land.Contains(last.Pos) {
			nm = d.land.ShoreNM(last.Pos, farNM)
		}
		e.shore += nm * hours
		e.least = min(e.least, nm)
	}
	north, east := last.Pos.Lat-e.first.Pos.Lat, math.Remainder(last.Pos.Lon-e.first.Pos.Lon, 360)
	e.south, e.north = min(e.south, north), max(e.north, north)
	e.west, e.east = min(e.west, east), max(e.east, east)
}

// farNM is as far as the distance to shore is looked for.
const farNM = 200

// duration is that of the event, which there is.
func (v *vessel) duration() time.Duration { return time.Duration(v.before.At - v.active.first.At) }

// counts reports whether an event is what the preset asks for.
func (d *Detector) counts(v *vessel) bool {
	e := v.active
	return e.fixes > 1 && v.duration() >= d.preset.AtLeast && (!d.land.Known() || e.shore >= d.preset.ShoreNM*e.hours)
}

// over ends the event, if there is one. Why may say how.
func (d *Detector) over(vessel *track.Vessel, v *vessel, why string, emit detect.Emit) {
	if v.active != nil && v.active.told {
		emit(d.describe(vessel, v, true, why))
	}
	v.active = nil
}

// breakOff ends what a silence or a jump ends.
func (d *Detector) breakOff(s *detect.Step, v *vessel, emit detect.Emit) {
	if s.Prev == nil {
		return
	}
	why := "then the track breaks: no one ship could have sent the next fix"
	switch {
	case s.Elapsed() > d.preset.MaxSilence:
		why = fmt.Sprintf("then silent for %.1f h: it is not known when the ship made way again", s.Elapsed().Hours())
		v.lost, v.lostH = int32(s.Fix.Time.Unix()/3600), float32(s.Elapsed().Hours())
	case s.Fix.Average:
		why = "then only means of several positions come"
	}
	d.lastHour(s.Vessel, v, s.Prev, why, emit)
}

// lastHour ends a track, whose last clock hour is not whole.
func (d *Detector) lastHour(vessel *track.Vessel, v *vessel, last *navicert.Fix, why string, emit detect.Emit) {
	if d.slow(v) && !last.Average && !d.inPort(last.Pos) {
		d.take(v, last)
		if e := v.active; !e.told && d.counts(v) {
			e.told = true
		}
	}
	d.over(vessel, v, why, emit)
}

// End implements detect.Detector. The hour that the input ends in is not whole;
// a ship that has been silent for long has ended its track.
func (d *Detector) End(vessel *track.Vessel, end detect.End, emit detect.Emit) {
	last := vessel.Last()
	silent := end.At.Sub(last.Time)
	if vessel.Index >= len(d.vessels) || silent <= d.preset.MaxSilence {
		return
	}
	v := &d.vessels[vessel.Index]
	if end.Since.Sub(last.Time) > d.preset.MaxSilence {
		return // it ended before this input, and was told then
	}
	d.lastHour(vessel, v, last, fmt.Sprintf("then silent for %.1f h, up to the end of the input: it is not known when the ship made way again", silent.Hours()), emit)
	v.hours, v.metres, v.fixes = 0, 0, 0
}

// describe makes an event of the vessel's slow hours.
func (d *Detector) describe(vessel *track.Vessel, v *vessel, closed bool, why string) navicert.Event {
	e := v.active
	first, last := d.names.Fix(&e.first), d.names.Fix(&v.before)
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, vessel.MMSI.String(), detect.TimeKey(first.Time), detect.PositionKey(first.Pos)),
		Kind: Kind, MMSI: vessel.MMSI, IMO: vessel.Identity.IMO,
		Start: navicert.At(first.Time), State: navicert.EventOpen, Position: navicert.Some(first.Pos),
		Measures: map[string]float64{
			"duration_hours": v.duration().Hours(), "distance_nm": e.metres / geo.MetresPerNM, "mean_speed_kn": e.metres / geo.MetresPerNM / e.hours,
			"fixes": float64(e.fixes), "at_rest_share": float64(e.rest) / float64(e.fixes),
			detect.ThresholdHours: max(d.preset.AtLeast, time.Hour).Hours(), // a clock hour is the least
		},
		Evidence:  []navicert.Evidence{detect.FixEvidence(&first), detect.FixEvidence(&last)},
		Simulated: first.Simulated || last.Simulated,
	}
	if d.land.Known() {
		ev.Measures["shore_nm"] = e.shore / e.hours
		ev.Measures["least_shore_nm"] = e.least
	}
	if closed {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(last.Time), navicert.Some(last.Pos)
	}
	ev.Explanations = d.explain(vessel, v, &last)
	if why != "" {
		ev.Explanations = append(ev.Explanations, why)
	}
	if closed && !d.counts(v) {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("when it was first told it was %g nm from shore on average; over the whole of it, it is %.1f nm", d.preset.ShoreNM, e.shore/e.hours))
	}
	return ev
}

const (
	// anchorageNM is how near a listed anchorage a ship waits there.
	anchorageNM = 5
)

// explain says what is known of the reason, the class first.
func (d *Detector) explain(vessel *track.Vessel, v *vessel, last *navicert.Fix) []string {
	e, p := v.active, &d.preset.Tanker
	class := Slow
	var out []string
	add := func(c, text string) {
		if class == Slow {
			class = c
		}
		out = append(out, text)
	}
	if d.meetings != nil {
		if m, ok := d.meetings.Met(vessel, e.first.Time(), v.before.Time()); ok {
			add(Encounter, fmt.Sprintf("it met %s from %s to %s: the encounter explains it and is told as one; they are one behaviour", m.Other, navicert.At(m.Start), navicert.At(m.End)))
		}
	}
	if e.north-e.south <= p.LaidUpDeg && e.east-e.west <= p.LaidUpDeg && v.duration() >= p.LaidUp {
		days := p.LaidUp
		if v.duration() >= p.LongLayUp {
			days = p.LongLayUp
		}
		add(LaidUp, fmt.Sprintf("it stayed within %g degrees for %.0f days or more: laid up", p.LaidUpDeg, days.Hours()/24))
	}
	if status, ok := e.first.Status(); ok && (status == navicert.AtAnchor || status == navicert.Moored) {
		add(Waiting, "at the start it reported itself at anchor or moored")
	}
	if i, nm := d.ports.Nearest(last.Pos, anchorageNM); i >= 0 && d.ports.Port(i).Kind == geo.Anchorage {
		add(Waiting, fmt.Sprintf("%.1f nm from the anchorage %s, where ships wait", nm, d.ports.Port(i).Name))
	}
	kind := vessel.Identity.ShipType.Or(0)
	switch {
	case kind == 30:
		add(Working, "a fishing vessel: fishing with set gear or drifting at night looks the same")
	case kind >= 31 && kind <= 34 || kind >= 50 && kind <= 55 || kind == 58:
		add(Working, "a working craft: it waits for ships, tows, dives or dredges")
	case kind >= 80 && kind <= 89 && 2*e.rest > e.fixes && v.duration() >= p.AtLeast && int(e.fixes) >= p.Fixes:
		text := fmt.Sprintf("a tanker, in more than half of its fixes slower than %g kn", p.BelowKn)
		if v.duration() >= p.Sustained {
			text += fmt.Sprintf(", for %.0f h or more", p.Sustained.Hours())
		}
		add(TankerAtRest, text)
	}
	if status, ok := e.first.Status(); ok && status == 2 {
		out = append(out, "at the start it reported itself not under command")
	}
	if since := time.Duration(e.first.At/int64(time.Hour)-int64(v.lost)) * time.Hour; v.lostH > 0 && since >= 0 && since <= p.GapWithin {
		out = append(out, fmt.Sprintf("a silence of %.1f h ended %.0f h before", v.lostH, since.Hours()))
	}
	out = append(out, "waiting for orders, a berth, a canal or the weather, engine repair and drifting with the current look the same")
	not := "not looked into: notices of the ship, waiting areas that are not listed"
	if !d.land.Known() {
		not = "not looked into: the distance from shore (it is not known where land is), notices of the ship, waiting areas that are not listed"
	}
	return append(append([]string{detect.ClassText(class)}, out...), not)
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark(d.preset.Name + " 2")
	d.names.State(c)
	state.Slice(c, &d.vessels, func(c *state.Coder, v *vessel) {
		state.Int(c, &v.hour)
		c.Float32(&v.metres)
		c.Float32(&v.hours)
		state.Int(c, &v.fixes)
		state.Int(c, &v.rest)
		state.Int(c, &v.making)
		c.Bool(&v.fast)
		state.Int(c, &v.lost)
		c.Float32(&v.lostH)
		brief.State(c, &v.before)
		state.Ptr(c, &v.active, eventState)
	})
}

func eventState(c *state.Coder, e *event) {
	brief.State(c, &e.first)
	state.Int(c, &e.fixes)
	state.Int(c, &e.rest)
	for _, f := range []*float64{&e.metres, &e.hours, &e.shore, &e.least, &e.south, &e.north, &e.west, &e.east} {
		c.Float(f)
	}
	c.Bool(&e.told)
}

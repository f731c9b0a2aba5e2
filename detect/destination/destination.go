// Package destination tells of ships that go away from the destination they
// declare.
//
// Static reports enter through [Detector.Report] and give the declared text; kept
// fixes enter through [Detector.Step]; events of kind "destination_mismatch" leave,
// open once the distance to go has grown for 6 hours and by 60 miles since the ship
// was nearest, by the way round the land too where land lies between. The event is
// closed under the same id when the ship declares something else, turns back, or
// its track breaks. A text that names no place, or none that is known, gives none.
//
// Rule: docs/detectors/destination.md.
package destination

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
const Kind = "destination_mismatch"

// Preset is the detector's thresholds.
type Preset struct {
	Name   string
	Grows  time.Duration // for how long the distance to go must have grown
	ByNM   float64       // and by how much
	OffDeg float64       // and how far the course is off the bearing then
	// LeastM is the length of a ship that is looked at; of tankers and cargo ships it
	// need not be known.
	LeastM float64
	// ArrivedNM is how near a ship has to come to have arrived: what it declares then
	// is the past, until it declares something else.
	ArrivedNM float64
	// AcrossNM is how much land may lie on the direct way. Of more the route must go
	// round, and the way round must have grown too, by ByNM and what it is unsure.
	AcrossNM float64
	Every    time.Duration // how often it looks at a ship
}

// Default is RadianceFleet's idea (dec5ab1: course more than 45 degrees off for 6 h,
// ships of 5,000 t) with the facts' safeguard that the distance to go must grow for
// 6 h and 60 nm. 90 m of length stand for the 5,000 t, which AIS does not report;
// arrival, land and the half hour are our own.
func Default() Preset {
	return Preset{Name: "destination.Default", Grows: 6 * time.Hour, ByNM: 60, OffDeg: 45, LeastM: 90, ArrivedNM: 30, AcrossNM: 10, Every: 30 * time.Minute}
}

// Detector finds ships that go elsewhere. Make one with [New].
type Detector struct {
	preset Preset
	land   *geo.Land
	places *geo.Destinations
	ships  []ship // by vessel
}

// ship is a vessel with what it declares.
type ship struct {
	declared *declared // nil: nothing that names a place
	quiet    int64     // Unix seconds before which a fix of one track need not be looked at
}

// declared is a destination and how the ship has come nearer to it.
type declared struct {
	text     string
	evidence navicert.Evidence
	places   []place
	done     bool  // arrived, or it cannot be told: the next text may
	look     int64 // Unix seconds of the next look
	nearest  navicert.Fix
	known    bool    // nearest is set
	against  float64 // asked about the way round the land, and not again before it has grown by so much
	open     bool
	told     navicert.Fix // the fix at which the event was opened
	toGoNM   float64      // then, to the nearest of the places
	grownNM  float64
	offDeg   float64
}

// place is one that the text may mean.
type place struct {
	name, source string
	pos          navicert.Position
	leastNM      float64 // the nearest that the ship came since it declared it
}

// New returns a detector. Without land no event is told where land may lie between.
func New(p Preset, land *geo.Land, ports *geo.Ports) *Detector {
	return &Detector{preset: p, land: land, places: geo.NewDestinations(ports)}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

func (d *Detector) of(v *track.Vessel) *ship {
	for len(d.ships) <= v.Index {
		d.ships = append(d.ships, ship{})
	}
	return &d.ships[v.Index]
}

// Report implements detect.Reporter.
func (d *Detector) Report(v *track.Vessel, r *navicert.Static, emit detect.Emit) {
	if r.Destination == "" {
		return // not said, as by class B and in half of a report
	}
	at := d.of(v)
	if m := at.declared; m != nil {
		if m.text == r.Destination {
			return
		}
		if last := v.Last(); m.open && last != nil {
			emit(d.event(v, m, last, fmt.Sprintf("then it declared %q", r.Destination)))
		}
	}
	m := &declared{text: r.Destination, done: true}
	*at = ship{declared: m}
	places, reading := d.places.Read(r.Destination)
	if reading != geo.Named {
		return
	}
	m.done = false
	for _, p := range places {
		pos, _ := p.Pos.Get()
		name := p.Name
		if p.Code != "" {
			name += " (" + p.Code + ")"
		}
		m.places = append(m.places, place{name: name, source: p.Source, pos: pos, leastNM: math.Inf(1)})
	}
	m.evidence = navicert.Evidence{Kind: navicert.EvidenceSource, Source: r.Ref.Source, Ref: detect.RefText(r.Ref), Text: fmt.Sprintf("declared destination %q", r.Destination), Time: navicert.At(r.Time)}
}

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	if s.Vessel.Index >= len(d.ships) {
		return
	}
	at, now := &d.ships[s.Vessel.Index], s.Fix.Time.Unix()
	if now < at.quiet && !s.NewSegment {
		return // as nearly always
	}
	m := at.declared
	if m == nil || m.done {
		at.quiet = math.MaxInt64
		return
	}
	if s.NewSegment {
		if m.open {
			emit(d.event(s.Vessel, m, s.Prev, "then the track breaks: no one ship could have sent the next fix"))
		}
		m.open, m.known, m.look = false, false, 0
		for i := range m.places {
			m.places[i].leastNM = math.Inf(1)
		}
	}
	if now < m.look || s.Fix.Average {
		return
	}
	m.look = now + int64(d.preset.Every/time.Second)
	at.quiet = m.look
	d.measure(m, s, emit)
}

// measure compares the distance to go with the least there was.
func (d *Detector) measure(m *declared, s *detect.Step, emit detect.Emit) {
	toGo, grown, nearest := math.Inf(1), math.Inf(1), 0
	nearer := false
	for i := range m.places {
		p := &m.places[i]
		nm := geo.DistanceNM(s.Fix.Pos, p.pos)
		if nm <= p.leastNM {
			p.leastNM, nearer = nm, true
		}
		grown = min(grown, nm-p.leastNM)
		if nm < toGo {
			toGo, nearest = nm, i
		}
	}
	if nearer {
		m.nearest, m.known, m.against = *s.Fix, true, 0
	}
	switch {
	case toGo < d.preset.ArrivedNM:
		if m.open {
			emit(d.event(s.Vessel, m, s.Fix, "then it came to the place"))
		}
		m.done, m.open = true, false
	case m.open && grown < d.preset.ByNM/2:
		emit(d.event(s.Vessel, m, s.Fix, "then it turned back towards the place"))
		m.open, m.nearest, m.against = false, *s.Fix, 0 // what it does from here on is another event
		for i := range m.places {
			m.places[i].leastNM = geo.DistanceNM(s.Fix.Pos, m.places[i].pos)
		}
	case !m.open && grown >= d.preset.ByNM && m.known && s.Fix.Time.Sub(m.nearest.Time) >= d.preset.Grows:
		off, sure := offBearing(s.Fix, m.places[nearest].pos)
		if !sure || off <= d.preset.OffDeg || !d.large(s.Vessel) {
			return
		}
		if grown < m.against || !d.seaGrows(m, m.places[nearest].pos, s.Fix) {
			return
		}
		m.open, m.told, m.toGoNM, m.grownNM, m.offDeg = true, *s.Fix, toGo, grown, off
		emit(d.event(s.Vessel, m, nil, ""))
	}
}

// offBearing is the angle between the course and the bearing to a place.
func offBearing(f *navicert.Fix, to navicert.Position) (deg float64, known bool) {
	course, known := f.CourseDeg.Get()
	off := math.Abs(course - geo.BearingDeg(f.Pos, to))
	return min(off, 360-off), known
}

// large reports whether a ship is one that the rule is for.
func (d *Detector) large(v *track.Vessel) bool {
	if m, ok := v.Identity.LengthM.Get(); ok {
		return m >= d.preset.LeastM
	}
	t, ok := v.Identity.ShipType.Get()
	return ok && t >= 70 && t <= 89
}

// seaGrows reports whether the ship goes away from a place also by the way round
// the land, if land lies on the direct way. One that does not is asked again when
// the direct distance has grown by what the way round lacks, or once more as much
// when there is none.
func (d *Detector) seaGrows(m *declared, to navicert.Position, f *navicert.Fix) bool {
	if !d.land.Known() || d.land.AcrossNM(m.nearest.Pos, to, 2, d.preset.AcrossNM) <= d.preset.AcrossNM {
		return true
	}
	nm := d.land.SeaNM(to, m.nearest.Pos, f.Pos)
	lacks := d.preset.ByNM
	if !math.IsInf(nm[0], 1) && !math.IsInf(nm[1], 1) {
		lat := max(math.Abs(to.Lat), math.Abs(m.nearest.Pos.Lat), math.Abs(f.Pos.Lat))
		lacks -= nm[1]/(1+geo.SeaDetour(lat)) - nm[0] // at least so much it has grown
		if lacks <= 0 {
			return true
		}
	}
	m.against = geo.DistanceNM(f.Pos, to) - geo.DistanceNM(m.nearest.Pos, to) + max(lacks, leastLackNM)
	return false
}

// leastLackNM is how much farther a ship goes at least before the way round is
// searched again.
const leastLackNM = 10

// event describes it; out is the fix that ended it.
func (d *Detector) event(v *track.Vessel, m *declared, out *navicert.Fix, why string) navicert.Event {
	p := m.places[0]
	for _, q := range m.places[1:] {
		if geo.DistanceNM(m.told.Pos, q.pos) < geo.DistanceNM(m.told.Pos, p.pos) {
			p = q
		}
	}
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), m.text, detect.TimeKey(m.nearest.Time), detect.PositionKey(m.nearest.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO,
		Start: navicert.At(m.nearest.Time), Position: navicert.Some(m.nearest.Pos), State: navicert.EventOpen,
		Measures: map[string]float64{
			"distance_to_go_nm": m.toGoNM, "grown_nm": m.grownNM, "off_bearing_deg": m.offDeg,
			"hours_away": m.told.Time.Sub(m.nearest.Time).Hours(), "places": float64(len(m.places)),
			detect.ThresholdHours: m.told.Time.Sub(m.nearest.Time).Hours(), // what it took to tell it
		},
		Evidence:  []navicert.Evidence{m.evidence, detect.FixEvidence(&m.nearest), detect.FixEvidence(&m.told)},
		Simulated: m.nearest.Simulated || m.told.Simulated,
		Explanations: []string{
			fmt.Sprintf("declared destination %q, read as %s by %s", m.text, p.name, p.source),
			fmt.Sprintf("nearest at %s; by %s the distance to go had grown by %.0f nm, on a course %.0f° off the bearing", navicert.At(m.nearest.Time), navicert.At(m.told.Time), m.grownNM, m.offDeg),
			"crews type the destination by hand and change it late; orders change at sea; weather, traffic schemes and depth make routes bend",
		},
	}
	if len(m.places) > 1 {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("%d places have that name or code: it goes away from each", len(m.places)))
	}
	if !d.land.Known() {
		ev.Explanations = append(ev.Explanations, "not looked into: whether land lies on the direct way")
	}
	if out != nil {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(out.Time), navicert.Some(out.Pos)
		ev.Measures["duration_hours"] = out.Time.Sub(m.nearest.Time).Hours()
		if !out.Time.Equal(m.told.Time) {
			ev.Evidence = append(ev.Evidence, detect.FixEvidence(out))
		}
		ev.Explanations = append(ev.Explanations, why)
	}
	return ev
}

// End implements detect.Detector: what lasts was emitted open.
func (d *Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("destination 3")
	state.Slice(c, &d.ships, func(c *state.Coder, at *ship) {
		state.Ptr(c, &at.declared, func(c *state.Coder, m *declared) {
			c.String(&m.text)
			c.Bool(&m.done)
			c.Evidence(&m.evidence)
			state.Slice(c, &m.places, func(c *state.Coder, p *place) {
				c.String(&p.name)
				c.String(&p.source)
				c.Position(&p.pos)
				c.Float(&p.leastNM)
			})
			state.Int(c, &m.look)
			c.Bool(&m.known)
			c.Float(&m.against)
			c.Fix(&m.nearest)
			c.Bool(&m.open)
			c.Fix(&m.told)
			c.Float(&m.toGoNM)
			c.Float(&m.grownNM)
			c.Float(&m.offDeg)
			if c.Loads() && !m.done && len(m.places) == 0 {
				c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a destination has no place"))
			}
		})
	})
}

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
	"navicert/track/brief"
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
	names  brief.Names
	texts  map[string]*text
	unkept int    // texts that found no room since some were forgotten
	ships  []ship // by vessel
}

// ship is a vessel with what it declares.
type ship struct {
	text  *text // nil: nothing
	way   *way  // nil: the text names no place, the ship has come there, or it cannot be told: the next text may
	quiet int64 // Unix seconds before which a fix of one track need not be looked at
}

// text is a destination as it is declared, by however many ships.
type text struct {
	words  string
	places []place // none: it names no place, or none that is known
}

// place is one that a text may mean.
type place struct {
	name, source string
	pos          navicert.Position
}

// maxTexts is how many texts are remembered; then each is read anew, until some are
// forgotten: after forgetEvery that found no room.
const (
	maxTexts    = 20_000
	forgetEvery = maxTexts / 10
)

// way is how a ship has come nearer to what it declares.
type way struct {
	report  brief.Report // that declared it
	leastNM []float64    // the nearest that the ship came to each of the places since it declared them
	look    int64        // Unix seconds of the next look
	nearest brief.Whole
	against float64 // asked about the way round the land, and not again before it has grown by so much
	open    *open   // nil: no event
}

// open is the event, as it was opened.
type open struct {
	told    brief.Whole // the fix at which it was
	toGoNM  float64     // then, to the nearest of the places
	grownNM float64
	offDeg  float64
}

// New returns a detector. Without land no event is told where land may lie between.
func New(p Preset, land *geo.Land, ports *geo.Ports) *Detector {
	return &Detector{preset: p, land: land, places: geo.NewDestinations(ports), texts: map[string]*text{}}
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
	if at.text != nil && at.text.words == r.Destination {
		return
	}
	if last := v.Last(); at.way != nil && at.way.open != nil && last != nil {
		emit(d.event(v, at, last, fmt.Sprintf("then it declared %q", r.Destination)))
	}
	t := d.read(r.Destination)
	*at = ship{text: t}
	if len(t.places) > 0 {
		at.way = &way{report: d.names.OfReport(r), leastNM: make([]float64, len(t.places))}
		at.way.anew()
	}
}

// read finds what a text may mean.
func (d *Detector) read(words string) *text {
	if t := d.texts[words]; t != nil {
		return t
	}
	t := &text{words: words}
	if places, reading := d.places.Read(words); reading == geo.Named {
		for _, p := range places {
			pos, _ := p.Pos.Get()
			name := p.Name
			if p.Code != "" {
				name += " (" + p.Code + ")"
			}
			t.places = append(t.places, place{name: name, source: p.Source, pos: pos})
		}
	}
	if len(d.texts) >= maxTexts {
		d.forget()
	}
	if len(d.texts) < maxTexts {
		d.texts[words] = t
	}
	return t
}

// forget forgets the texts that no ship declares any more. It goes through all
// ships, and so not for each text that finds no room.
func (d *Detector) forget() {
	if d.unkept++; d.unkept < forgetEvery {
		return
	}
	d.unkept = 0
	clear(d.texts)
	for i := range d.ships {
		if t := d.ships[i].text; t != nil && len(d.texts) < maxTexts {
			d.texts[t.words] = t
		}
	}
}

// anew forgets how near the ship came.
func (w *way) anew() {
	for i := range w.leastNM {
		w.leastNM[i] = math.Inf(1)
	}
	w.open, w.nearest, w.look = nil, brief.Whole{}, 0
}

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	if s.Vessel.Index >= len(d.ships) {
		return
	}
	at, now := &d.ships[s.Vessel.Index], s.Unix()
	if now < at.quiet && !s.NewSegment {
		return // as nearly always
	}
	w := at.way
	if w == nil {
		at.quiet = math.MaxInt64
		return
	}
	if s.NewSegment {
		if w.open != nil {
			emit(d.event(s.Vessel, at, s.Prev, "then the track breaks: no one ship could have sent the next fix"))
		}
		w.anew()
	}
	if now < w.look || s.Fix.Average {
		return
	}
	w.look = now + int64(d.preset.Every/time.Second)
	at.quiet = w.look
	d.measure(at, s, emit)
}

// measure compares the distance to go with the least there was.
func (d *Detector) measure(at *ship, s *detect.Step, emit detect.Emit) {
	w, places := at.way, at.text.places
	toGo, grown, nearest := math.Inf(1), math.Inf(1), 0
	nearer := false
	for i := range places {
		nm := geo.DistanceNM(s.Fix.Pos, places[i].pos)
		if nm <= w.leastNM[i] {
			w.leastNM[i], nearer = nm, true
		}
		grown = min(grown, nm-w.leastNM[i])
		if nm < toGo {
			toGo, nearest = nm, i
		}
	}
	if nearer {
		w.nearest, w.against = d.names.Pack(s.Fix), 0
	}
	switch {
	case toGo < d.preset.ArrivedNM:
		if w.open != nil {
			emit(d.event(s.Vessel, at, s.Fix, "then it came to the place"))
		}
		at.way = nil
	case w.open != nil && grown < d.preset.ByNM/2:
		emit(d.event(s.Vessel, at, s.Fix, "then it turned back towards the place"))
		w.open, w.nearest, w.against = nil, d.names.Pack(s.Fix), 0 // what it does from here on is another event
		for i := range places {
			w.leastNM[i] = geo.DistanceNM(s.Fix.Pos, places[i].pos)
		}
	case w.open == nil && grown >= d.preset.ByNM && w.nearest.Known() && s.Fix.Time.Sub(w.nearest.Time()) >= d.preset.Grows:
		off, sure := offBearing(s.Fix, places[nearest].pos)
		if !sure || off <= d.preset.OffDeg || !d.large(s.Vessel) {
			return
		}
		if grown < w.against || !d.seaGrows(w, places[nearest].pos, s.Fix) {
			return
		}
		w.open = &open{d.names.Pack(s.Fix), toGo, grown, off}
		emit(d.event(s.Vessel, at, nil, ""))
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
func (d *Detector) seaGrows(w *way, to navicert.Position, f *navicert.Fix) bool {
	if !d.land.Known() || d.land.AcrossNM(w.nearest.Pos, to, 2, d.preset.AcrossNM) <= d.preset.AcrossNM {
		return true
	}
	nm := d.land.SeaNM(to, w.nearest.Pos, f.Pos)
	lacks := d.preset.ByNM
	if !math.IsInf(nm[0], 1) && !math.IsInf(nm[1], 1) {
		lat := max(math.Abs(to.Lat), math.Abs(w.nearest.Pos.Lat), math.Abs(f.Pos.Lat))
		lacks -= nm[1]/(1+geo.SeaDetour(lat)) - nm[0] // at least so much it has grown
		if lacks <= 0 {
			return true
		}
	}
	w.against = geo.DistanceNM(f.Pos, to) - geo.DistanceNM(w.nearest.Pos, to) + max(lacks, leastLackNM)
	return false
}

// leastLackNM is how much farther a ship goes at least before the way round is
// searched again.
const leastLackNM = 10

// event describes it; out is the fix that ended it.
func (d *Detector) event(v *track.Vessel, at *ship, out *navicert.Fix, why string) navicert.Event {
	w, o, words, places := at.way, at.way.open, at.text.words, at.text.places
	nearest, told, report := d.names.Unpack(&w.nearest), d.names.Unpack(&o.told), d.names.Report(&w.report)
	p := places[0]
	for _, q := range places[1:] {
		if geo.DistanceNM(told.Pos, q.pos) < geo.DistanceNM(told.Pos, p.pos) {
			p = q
		}
	}
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), words, detect.TimeKey(nearest.Time), detect.PositionKey(nearest.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO,
		Start: navicert.At(nearest.Time), Position: navicert.Some(nearest.Pos), State: navicert.EventOpen,
		Measures: map[string]float64{
			"distance_to_go_nm": o.toGoNM, "grown_nm": o.grownNM, "off_bearing_deg": o.offDeg,
			"hours_away": told.Time.Sub(nearest.Time).Hours(), "places": float64(len(places)),
			detect.ThresholdHours: told.Time.Sub(nearest.Time).Hours(), // what it took to tell it
		},
		Evidence: []navicert.Evidence{
			{Kind: navicert.EvidenceSource, Source: report.Ref.Source, Ref: detect.RefText(report.Ref), Text: fmt.Sprintf("declared destination %q", words), Time: navicert.At(report.Time)},
			detect.FixEvidence(&nearest), detect.FixEvidence(&told),
		},
		Simulated: nearest.Simulated || told.Simulated,
		Explanations: []string{
			fmt.Sprintf("declared destination %q, read as %s by %s", words, p.name, p.source),
			fmt.Sprintf("nearest at %s; by %s the distance to go had grown by %.0f nm, on a course %.0f° off the bearing", navicert.At(nearest.Time), navicert.At(told.Time), o.grownNM, o.offDeg),
			"crews type the destination by hand and change it late; orders change at sea; weather, traffic schemes and depth make routes bend",
		},
	}
	if len(places) > 1 {
		ev.Explanations = append(ev.Explanations, fmt.Sprintf("%d places have that name or code: it goes away from each", len(places)))
	}
	if !d.land.Known() {
		ev.Explanations = append(ev.Explanations, "not looked into: whether land lies on the direct way")
	}
	if out != nil {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(out.Time), navicert.Some(out.Pos)
		ev.Measures["duration_hours"] = out.Time.Sub(nearest.Time).Hours()
		if !out.Time.Equal(told.Time) {
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
	c.Mark("destination 5")
	d.names.State(c)
	state.Slice(c, &d.ships, func(c *state.Coder, at *ship) {
		words := ""
		if at.text != nil {
			words = at.text.words
		}
		c.String(&words)
		if c.Loads() && words != "" {
			at.text = d.read(words)
		}
		state.Ptr(c, &at.way, func(c *state.Coder, w *way) {
			brief.ReportState(c, &w.report)
			state.Slice(c, &w.leastNM, (*state.Coder).Float)
			state.Int(c, &w.look)
			c.Float(&w.against)
			d.names.WholeState(c, &w.nearest)
			state.Ptr(c, &w.open, func(c *state.Coder, o *open) {
				d.names.WholeState(c, &o.told)
				c.Float(&o.toGoNM)
				c.Float(&o.grownNM)
				c.Float(&o.offDeg)
			})
			if c.Loads() && (at.text == nil || len(at.text.places) != len(w.leastNM)) {
				c.Fail(navicert.Errorf(navicert.Conflict, "load the state of a run", "", "a destination is read otherwise than when it was saved"))
			}
		})
	})
}

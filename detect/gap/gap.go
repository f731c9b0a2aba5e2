// Package gap detects reporting gaps: a vessel whose position was received
// falls silent for longer than a threshold.
//
// Kept fixes enter through [Detector.Step]; events of kind "gap" leave, closed
// when the vessel is heard again, open when it is not by the end of the input.
// A gap says nothing of its cause. What is known of that stands in the
// explanations, of which the first names a [Class]:
//
//	ev.Explanations[0] == "class: unexplained"
//	gap.ClassOf(ev) == gap.Unexplained
//
// Definition and thresholds are those of Global Fishing Watch (pipe-gaps
// 9d9426e, gap_detector.py; facts: docs/behaviour.md).
package gap

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
const Kind = "gap"

// Preset is a threshold: a silence that lasts longer is a gap.
type Preset time.Duration

// The presets of Global Fishing Watch: of its raw gaps, and of those in its
// product.
const (
	GFWRaw     = Preset(12 * time.Hour)
	GFWProduct = Preset(6 * time.Hour)
)

// ParsePreset reads "gfw-raw" or "gfw-product".
func ParsePreset(name string) (Preset, error) {
	switch name {
	case "gfw-raw":
		return GFWRaw, nil
	case "gfw-product":
		return GFWProduct, nil
	}
	return 0, navicert.Errorf(navicert.Invalid, "gap preset", fmt.Sprintf("%q", name), "want gfw-raw (12 h) or gfw-product (6 h)")
}

// WayHeard is the measure [detect.Silence.WayHeard].
const WayHeard = "way_thirds_heard"

// Class says what is known of the cause of a gap.
type Class string

// The classes.
const (
	// Unexplained: its receivers heard others of its class where it could have
	// been, and hear ships where it was heading, so that the silence is the
	// ship's own, for whatever reason.
	Unexplained Class = "unexplained"
	// Coverage: nobody of its class was heard where it could have been, or
	// nobody is where it was heading, although the feed was alive.
	Coverage Class = "coverage"
	// Outage: what heard the vessel was not heard itself: the feed, its
	// receivers, or so many ships of the region fell silent at once.
	Outage Class = "outage"
	// Jamming: it fell silent with several others in a small area.
	Jamming Class = "jamming"
	// Explained: the transmitter was on; in half of the hours or more its
	// messages were received, without a usable position.
	Explained Class = "explained"
	// CannotTell: nobody was heard anywhere, nobody looked, the vessel was heard too
	// seldom before, or what heard it heard nobody for long enough to sail away in.
	CannotTell Class = "cannot_tell"
)

// ClassOf reads the class that a gap event states; CannotTell when it states
// none.
func ClassOf(ev navicert.Event) Class {
	if c := detect.ClassOf(ev); c != "" {
		return Class(c)
	}
	return CannotTell
}

// Before is how far before the start of a gap positions and receivers are
// counted (pipe-gaps).
const Before = 12 * time.Hour

// Detector finds gaps. Make one with [New].
type Detector struct {
	threshold time.Duration
	source    string              // that was asked about last
	unnamed   detect.ReceiverKind // of its receivers without a name
	kinds     kinds
	memory    []*memory // by vessel

	areas      []Areas
	follower   Follower // may be nil
	candidates []Start  // silences that are no gaps yet
	told       []told   // gaps that an area may still explain, by when they were told
	changes    int      // of the areas, when the gaps were last told
}

// New returns a detector with a preset's threshold. It knows the kinds of the
// receivers that are named, and asks areas, the first that answers, what explains
// a gap.
func New(p Preset, receivers detect.Receivers, areas ...Areas) *Detector {
	return &Detector{threshold: time.Duration(p), unnamed: receivers.Kind(""), kinds: kinds{receivers: receivers}, areas: areas}
}

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector.
func (d *Detector) Step(s *detect.Step, emit detect.Emit) {
	m := d.of(s.Vessel)
	back := s.Prev == nil || s.Elapsed() > d.threshold
	if back {
		d.lasting(s.Vessel, s.Fix.Time)
	}
	if back && s.Prev != nil && (m.lasted == uint32(s.Prev.Time.Unix()) || !d.goesOn(s.Vessel, s.Prev, s.Fix.Time)) {
		start := d.start(s.Vessel, s.Prev, &s.Silence)
		d.begun(m, &start)
		ev := d.event(s.Vessel, s.Prev, s.Fix, s.Fix.Time, s.Silence, m, s.NewSegment)
		m.suspect = m.suspect || ClassOf(ev) == Unexplained
		d.emit(ev, &start, emit)
	}
	m.add(s.Fix, uint32(s.Unix()), d.unnamedKind(s.Fix.Ref.Source), &d.kinds)
}

// goesOn reports whether a track was silent but not what sends it: its MMSI was heard
// after it and up to now from another track, which never said it is another ship. The
// preset knows MMSIs only; ships that say they are two are looked at each by itself.
// A longer silence of the other track is a gap of that.
func (d *Detector) goesOn(v *track.Vessel, last *navicert.Fix, now time.Time) bool {
	return v.GoesOn(last.Time, now.Add(-d.threshold))
}

// lasting notes, as a track is heard again or first, which others of its MMSI are
// silent for long enough while none of them goes on: an input that ended just before
// told their gaps as open, so that they are gaps whoever is heard first.
func (d *Detector) lasting(v *track.Vessel, now time.Time) {
	for o := range v.Beside() {
		if last := o.Last(); last != nil && now.Sub(last.Time) > d.threshold && !d.goesOn(o, last, now) {
			d.of(o).lasted = uint32(last.Time.Unix())
		}
	}
}

// unnamedKind is the kind of the receivers of a source that names none.
func (d *Detector) unnamedKind(source string) detect.ReceiverKind {
	if source != d.source {
		d.source, d.unnamed = source, d.kinds.of(source)
	}
	return d.unnamed
}

// End implements detect.Detector. A gap that was open before the input began is
// not told again.
func (d *Detector) End(v *track.Vessel, end detect.End, emit detect.Emit) {
	last := v.Last()
	if end.At.Sub(last.Time) > d.threshold && end.Since.Sub(last.Time) <= d.threshold && !d.goesOn(v, last, end.At) {
		start := d.start(v, last, &end.Silence)
		d.begun(d.of(v), &start)
		d.emit(d.event(v, last, nil, end.At, end.Silence, d.of(v), false), &start, emit)
	}
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("gap 6")
	state.Slice(c, &d.memory, func(c *state.Coder, m **memory) { state.Ptr(c, m, func(c *state.Coder, m *memory) { m.state(c) }) })
	state.Slice(c, &d.candidates, func(c *state.Coder, s *Start) { s.State(c) })
	state.Slice(c, &d.told, func(c *state.Coder, t *told) { t.state(c) })
	state.Int(c, &d.changes)
}

func (d *Detector) of(v *track.Vessel) *memory {
	for len(d.memory) <= v.Index {
		d.memory = append(d.memory, nil)
	}
	if d.memory[v.Index] == nil {
		d.memory[v.Index] = &memory{}
	}
	return d.memory[v.Index]
}

// event describes the silence from off to on; on is nil while it lasts, and
// until is then the end of the input.
func (d *Detector) event(v *track.Vessel, off, on *navicert.Fix, until time.Time, s detect.Silence, m *memory, otherShip bool) navicert.Event {
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, v.MMSI.String(), detect.TimeKey(off.Time), detect.PositionKey(off.Pos)),
		Kind: Kind, MMSI: v.MMSI, IMO: v.Identity.IMO,
		Start: navicert.At(off.Time), State: navicert.EventOpen, Position: navicert.Some(off.Pos),
		Measures:  map[string]float64{detect.ThresholdHours: d.threshold.Hours()},
		Evidence:  []navicert.Evidence{detect.FixEvidence(off)},
		Simulated: off.Simulated,
	}
	r := m.reception()
	r.measure(ev.Measures)
	if on != nil {
		ev.State, ev.End, ev.EndPosition = navicert.EventClosed, navicert.At(on.Time), navicert.Some(on.Pos)
		ev.Evidence = append(ev.Evidence, detect.FixEvidence(on))
		ev.Simulated = ev.Simulated || on.Simulated
		hours := on.Time.Sub(off.Time).Hours()
		nm := geo.DistanceNM(off.Pos, on.Pos)
		ev.Measures["duration_hours"] = hours
		ev.Measures["distance_nm"] = nm
		ev.Measures["distance_m"] = nm * geo.MetresPerNM
		ev.Measures["implied_speed_kn"] = nm / hours
	}
	if s.Asked && s.FeedAlive {
		ev.Measures["others_heard"] = float64(s.Others)
		ev.Measures["others_heard_any"] = float64(s.OthersAny)
		ev.Measures["others_heard_hours"] = float64(s.OthersHours)
		ev.Measures["places_ahead_heard"] = float64(s.Ahead)
	}
	heard := v.HeardHours(until)
	unheard := blind(off.Time, until, d.threshold, s)
	if unheard.time > 0 {
		ev.Measures["no_coverage_hours"] = unheard.time.Hours()
	}
	ev.Measures["max_speed_kn"] = detect.MaxKn(v.Identity, off.SpeedKn.Or(0))
	if s.DeafMinutes > 0 {
		ev.Measures["receivers_deaf_minutes"] = float64(s.DeafMinutes)
	}
	if s.WayHeard > 0 {
		ev.Measures[WayHeard] = float64(s.WayHeard)
	}
	if s.SatellitePerDay > 0 {
		ev.Measures["satellite_positions_per_day"] = s.SatellitePerDay
	}
	class, why := classify(&s, off.Time, heard, clockHours(off.Time, until), unheard, &r)
	ev.Explanations = append(ev.Explanations, detect.ClassText(class), why)
	if heard > 0 && class != Explained {
		ev.Explanations = append(ev.Explanations, heardText(heard))
	}
	if unheard.text != "" && why != unheard.text {
		ev.Explanations = append(ev.Explanations, unheard.text)
	}
	ev.Explanations = append(ev.Explanations, circumstances(off, on, r, otherShip)...)
	ev.Explanations = append(ev.Explanations, notLookedInto(s))
	return ev
}

// clockHours is how many whole clock hours lie between those of two times.
func clockHours(from, to time.Time) int {
	return int(to.Unix()/3600 - from.Unix()/3600 - 1)
}

// classify says what the silence from off on was, from who else was heard and from the
// clock hours, of all within, in which the vessel's own messages came without
// a position. In half of them or more, it was no silence. Nor does it say
// anything when nobody listened.
func classify(s *detect.Silence, off time.Time, heardHours, allHours int, unheard blindness, r *reception) (Class, string) {
	switch {
	case heardHours > 0 && 2*heardHours >= allHours:
		return Explained, heardText(heardHours) + ": its transmitter was on"
	case unheard.deaf:
		return Outage, unheard.text
	case s.ReceiversFell:
		return Outage, fmt.Sprintf("what heard it last heard no vessel anywhere in most of the %d clock hours after its start, and did before", detect.SilenceHours)
	case !s.Asked || !s.FeedAlive:
		return CannotTell, "no vessel was heard anywhere in the hours after its start: coverage cannot be assessed"
	case s.Others == 0 && s.OthersAny == 0:
		return Coverage, fmt.Sprintf("nobody else was heard where it could have been in the %d clock hours after its start, although the feed was alive elsewhere: it may be reception", detect.SilenceHours)
	case s.Others == 0:
		return Coverage, fmt.Sprintf("of the %s that were heard where it could have been in the %d clock hours after its start, none is of its class and was heard by what heard it last: it may be reception", count(s.OthersAny, s.OthersAny, "vessel"), detect.SilenceHours)
	case s.Ahead < detect.SilenceHours:
		return Coverage, fmt.Sprintf("%s, but at %d of the %d places looked at ahead on its course, 20 nm off and more, nobody is heard %s: it may have left reception", heardOthers(s), detect.SilenceHours-s.Ahead, detect.SilenceHours, hearers(s))
	case s.OthersHours < detect.SilenceHours:
		return CannotTell, fmt.Sprintf("%s, but only in %s of them: reception there comes and goes", heardOthers(s), count(s.OthersHours, math.MaxInt, "hour"))
	case s.DeafMinutes > 0:
		from, to := s.Deaf(off)
		return CannotTell, fmt.Sprintf("%s, but what heard it last heard nobody at all from %s to %s: it may have left reception meanwhile", heardOthers(s), navicert.At(from), navicert.At(to))
	case r.unheardHours >= needed:
		return CannotTell, fmt.Sprintf("%s, but it was itself not heard for %d clock hours in a row in the 12 h before: its reception comes and goes", heardOthers(s), r.unheardHours)
	case r.positions.exact && r.positions.n < seldom:
		return CannotTell, fmt.Sprintf("%s, but it was itself heard with %s only in the %.0f h before: too seldom for its silence to say anything", heardOthers(s), r.positions.text("position"), Before.Hours())
	}
	return Unexplained, heardOthers(s)
}

// seldom is the number of positions in the 12 hours before below which a silence is
// no more than a vessel that is heard now and then: more than ten a day is what
// Welch and others ask of the reception at the start of a gap.
const seldom = 6

// needed is from how many clock hours in a row on, in which a vessel was not heard
// before, it is not heard often enough for three hours to say anything; and at how
// many of the places ahead ships must be heard for it not to have just left
// reception, where several are lost together.
const needed = 2

func heardOthers(s *detect.Silence) string {
	return fmt.Sprintf("others were heard: %s of its class, by what heard it last, where it could have been in the %d clock hours after its start", count(s.Others, s.Others, "vessel"), detect.SilenceHours)
}

// hearers says who hears at the places ahead.
func hearers(s *detect.Silence) string {
	if s.Satellites {
		return "by what heard it last or another satellite, nor was by any on several days of the month"
	}
	return "by what heard it last"
}

func heardText(hours int) string {
	return "in " + count(hours, math.MaxInt, "clock hour") + " of it messages of the vessel were received that carry no usable position"
}

// circumstances are what a person should weigh beside the class.
func circumstances(off, on *navicert.Fix, r reception, otherShip bool) []string {
	out := []string{r.text()}
	if st, ok := off.Status.Get(); ok && (st == navicert.AtAnchor || st == navicert.Moored || st == navicert.Aground) {
		out = append(out, "at the start the vessel reported itself at anchor, moored or aground")
	}
	if off.Class == navicert.ClassB {
		out = append(out, "a class B transponder: low power, and often switched off at rest")
	}
	if otherShip {
		out = append(out, "no one ship could have sent both fixes: another may use this MMSI, or a position is false")
	}
	return out
}

// notLookedInto names what else could explain a silence. Outages are known of
// feeds while they are listened to; of files, and of earlier times, they are not,
// or not all.
func notLookedInto(s detect.Silence) string {
	switch {
	case s.Watched:
		return detect.NotLookedInto + detect.ShipsLog
	case len(s.Outages) > 0:
		return detect.NotLookedInto + "other outages of the feed, " + detect.ShipsLog
	}
	return detect.NotLookedInto + "outages of the feed, " + detect.ShipsLog
}

// count prints "1 position", "3 positions", "at least 128 positions".
func count(n, most int, noun string) string {
	switch {
	case n == 1 && most > 1:
		return "1 " + noun
	case n == 1:
		return "at least 1 " + noun
	case n >= most:
		return fmt.Sprintf("at least %d %ss", most, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Package identity detects ships that change what they call themselves: name,
// call sign, IMO number, type or size under one track, MMSI and flag under one
// IMO number; and flags that change often.
//
// Static reports enter through [Detector.Report]; events of kind
// "identity_change" leave, one for each change, with both values, and of kind
// "flag_hopping". The first explanation names what changed, see [Class].
//
// A change counts once three reports, or two sources, have said the new value
// one after the other (docs/behaviour.md, identity): one garbled message is none.
// Thresholds for flags are RadianceFleet's (dec5ab1). Most changes are lawful:
// ships are sold, renamed and registered anew.
package identity

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/brief"
	"navicert/track/state"
)

// Kind is the kind of the events, KindHopping that of flags that change often.
const (
	Kind        = "identity_change"
	KindHopping = "flag_hopping"
)

// Class is what changed, or how often.
type Class string

// The classes.
const (
	Name        Class = "name"
	CallSign    Class = "call_sign"
	IMO         Class = "imo"
	Type        Class = "type"
	Size        Class = "size"
	IMOWithheld Class = "imo_withheld" // an IMO number was sent and is not any more: no change
	MMSI        Class = "mmsi"
	Flag        Class = "flag"

	TwoIn90   Class = "two_in_90_days"
	ThreeIn90 Class = "three_in_90_days"
	FiveIn365 Class = "five_in_365_days"
)

// Preset is the detector's thresholds.
type Preset struct {
	Name string
	// Reports or Sources must have said a new value before it counts.
	Reports, Sources int
	// SizeM and SizePart are what a length or beam must differ by, both: sizes are
	// sums of distances from an antenna that is moved.
	SizeM, SizePart float64
	// Changes of flag within a time that are many: the first of three.
	TwoWithin, ThreeWithin, FiveWithin time.Duration
}

// RF is RadianceFleet's thresholds for flags; those for sizes are ours.
func RF() Preset {
	const day = 24 * time.Hour
	return Preset{Name: "rf", Reports: 3, Sources: 2, SizeM: 5, SizePart: 0.05, TwoWithin: 90 * day, ThreeWithin: 90 * day, FiveWithin: 365 * day}
}

// Detector finds changes of identity. Make one with [New].
type Detector struct {
	preset Preset
	names  brief.Names
	ships  []*ship                // by vessel; nil for one that said nothing
	hulls  map[navicert.IMO]*hull // by IMO number
}

// New returns a detector with a preset's thresholds.
func New(p Preset) *Detector { return &Detector{preset: p, hulls: map[navicert.IMO]*hull{}} }

// Kind implements detect.Detector.
func (d *Detector) Kind() string { return Kind }

// Step implements detect.Detector: positions say nothing of an identity, but where
// a track breaks another ship may go on under the number.
func (d *Detector) Step(s *detect.Step, _ detect.Emit) {
	if v := s.Vessel; s.NewSegment && v.Index < len(d.ships) && d.ships[v.Index] != nil {
		d.ships[v.Index].doubted = true
	}
}

// Odd implements detect.Doubter: for a while another ship may be heard under the
// number, of which this position is the first.
func (d *Detector) Odd(v *track.Vessel, f *navicert.Fix, _ detect.Emit) {
	if v.Index < len(d.ships) && d.ships[v.Index] != nil {
		d.ships[v.Index].oddUntil = uint32(f.Time.Add(oddFor).Unix())
	}
}

// oddFor is for how long a position that no ship can have sent speaks of another ship:
// so long the tracker waits for a second one.
const oddFor = 8 * time.Hour

// End implements detect.Detector.
func (d *Detector) End(*track.Vessel, detect.End, detect.Emit) {}

// ship is what a vessel says of itself.
type ship struct {
	name, callSign text
	imo            number
	kind, length   number
	last           brief.Report // the newest that said nothing new
	doubted        bool         // its track broke since: no one ship could have sent both positions
	oddUntil       uint32       // until when another may be heard under its number, in seconds since 1970
	candidates     *candidate   // a list; mostly there are none
}

// text and number are a value that was said, since when, until when and how
// often.
type text struct {
	value string
	seen
}

type number struct {
	value uint32
	seen
}

// candidate returns what may replace a value, or nil.
func (s *ship) candidate(of Class) *candidate {
	c := s.candidates
	for c != nil && c.of != of {
		c = c.next
	}
	return c
}

// consider makes c what may replace a value, in place of any other; nil: nothing.
func (s *ship) consider(of Class, c *candidate) {
	for at := &s.candidates; *at != nil; at = &(*at).next {
		if (*at).of == of {
			*at = (*at).next
			break
		}
	}
	if c != nil {
		c.of, c.next = of, s.candidates
		s.candidates = c
	}
}

type seen struct {
	first, last uint32 // seconds since 1970
	reports     uint32
}

func (s *seen) again(at uint32) {
	s.last = at
	s.reports++
}

// candidate is a value that was said and is not the one held so far.
type candidate struct {
	of     Class      // the value that it may replace
	next   *candidate // of another value of the ship
	text   string
	number uint32
	seen
	source  string // the first report's
	sources int    // 2 when another said so too
}

// take counts another report of a candidate.
func (c *candidate) take(at uint32, source string) {
	c.again(at)
	if source != c.source {
		c.sources = 2
	}
}

func newCandidate(text string, n, at uint32, source string) *candidate {
	return &candidate{text: text, number: n, seen: seen{at, at, 1}, source: source, sources: 1}
}

// Report implements detect.Reporter.
func (d *Detector) Report(v *track.Vessel, r *navicert.Static, emit detect.Emit) {
	for len(d.ships) <= v.Index {
		d.ships = append(d.ships, nil)
	}
	s := d.ships[v.Index]
	if s == nil {
		s = &ship{}
		d.ships[v.Index] = s
	}
	if (s.doubted || uint32(r.Time.Unix()) <= s.oddUntil) && !s.same(r) {
		*s = ship{} // another ship, as far as is known: what it says changes nothing
	}
	x := &report{d: d, v: v, s: s, r: r, at: uint32(r.Time.Unix()), emit: emit}
	x.text(&s.name, r.Name, Name, SameName)
	x.text(&s.callSign, string(r.CallSign), CallSign, SameName)
	x.imo()
	if kind, ok := r.ShipType.Get(); ok && kind > 0 {
		x.number(&s.kind, uint32(kind), Type, sameType, fmt.Sprint)
	}
	if m, ok := r.LengthM.Get(); ok && m > 0 {
		x.number(&s.length, uint32(math.Round(m)), Size, d.sameSize, func(a ...any) string { return fmt.Sprint(a...) + " m" })
	}
	if !x.news {
		s.last = d.names.OfReport(r)
	}
	if r.IMO != 0 {
		d.sail(x)
	}
}

// ref is where the newest report stands that said nothing new of a ship.
func (d *Detector) ref(s *ship) navicert.Ref {
	if s.last == (brief.Report{}) {
		return navicert.Ref{}
	}
	return d.names.Report(&s.last).Ref
}

// same reports whether a report after a track that broke may be the ship's that
// was heard before: it says the same IMO number, or without one the same name. One
// that says neither leaves that open.
func (s *ship) same(r *navicert.Static) bool {
	switch {
	case r.IMO != 0 && s.imo.value != 0:
		s.doubted, s.oddUntil = false, 0
		return s.imo.value == uint32(r.IMO)
	case r.Name != "" && s.name.value != "":
		s.doubted, s.oddUntil = false, 0
		return SameName(s.name.value, r.Name)
	}
	return true
}

// report is one report that is looked at.
type report struct {
	d    *Detector
	v    *track.Vessel
	s    *ship
	r    *navicert.Static
	at   uint32
	emit detect.Emit
	news bool // it says something that is not held so far
}

// enough reports whether a value was said often enough.
func (d *Detector) enough(c *candidate) bool {
	return int(c.reports) >= d.preset.Reports || c.sources >= d.preset.Sources
}

func (x *report) text(t *text, value string, class Class, same func(a, b string) bool) {
	switch {
	case value == "":
		return
	case t.value == "":
		t.value, t.seen = value, seen{x.at, x.at, 1}
		return
	case t.value == value || same(t.value, value):
		t.again(x.at)
		x.s.consider(class, nil)
		return
	}
	x.news = true
	c := x.s.candidate(class)
	if c == nil || !same(c.text, value) {
		c = newCandidate(value, 0, x.at, x.r.Ref.Source)
		x.s.consider(class, c)
	} else {
		c.take(x.at, x.r.Ref.Source)
	}
	if x.d.enough(c) {
		if int(t.reports) >= x.d.preset.Reports {
			x.changed(change{class, t.value, c.text, t.seen, c.seen, x.d.ref(x.s)})
		}
		t.value, t.seen = c.text, c.seen
		x.s.consider(class, nil)
	}
}

func (x *report) number(n *number, value uint32, class Class, same func(a, b uint32) bool, print func(...any) string) {
	switch {
	case n.value == 0:
		n.value, n.seen = value, seen{x.at, x.at, 1}
		return
	case same(n.value, value):
		n.again(x.at)
		x.s.consider(class, nil)
		return
	}
	x.news = true
	c := x.s.candidate(class)
	if c == nil || !same(c.number, value) {
		c = newCandidate("", value, x.at, x.r.Ref.Source)
		x.s.consider(class, c)
	} else {
		c.take(x.at, x.r.Ref.Source)
	}
	if x.d.enough(c) {
		if int(n.reports) >= x.d.preset.Reports {
			x.changed(change{class, print(n.value), print(c.number), n.seen, c.seen, x.d.ref(x.s)})
		}
		n.value, n.seen = c.number, c.seen
		x.s.consider(class, nil)
	}
}

// imo looks at the IMO number: that none is sent any more is no change. Only
// class A sends one, in the report that brings the name.
func (x *report) imo() {
	n := &x.s.imo
	if x.r.IMO != 0 {
		x.number(n, uint32(x.r.IMO), IMO, func(a, b uint32) bool { return a == b }, func(a ...any) string { return fmt.Sprint(a...) })
		return
	}
	if n.value == 0 || x.r.Class != navicert.ClassA || x.r.Name == "" || x.r.IMOSent != 0 {
		return
	}
	c := x.s.candidate(IMO)
	if c == nil || c.number != 0 {
		c = newCandidate("", 0, x.at, x.r.Ref.Source)
		x.s.consider(IMO, c)
	} else {
		c.take(x.at, x.r.Ref.Source)
	}
	if x.d.enough(c) && int(c.reports) <= x.d.preset.Reports && int(n.reports) >= x.d.preset.Reports {
		x.changed(change{IMOWithheld, fmt.Sprint(n.value), "none", n.seen, c.seen, x.d.ref(x.s)})
		c.reports = uint32(x.d.preset.Reports) + 1 // told
	}
}

// change is one value that took the place of another.
type change struct {
	class    Class
	old, new string
	was, is  seen
	ref      navicert.Ref // of a report with the old value
}

// changed tells a change.
func (x *report) changed(c change) {
	was, is := c.was, c.is
	ev := navicert.Event{
		ID:   navicert.EventID(Kind, string(c.class), x.v.MMSI.String(), c.old, c.new, fmt.Sprint(is.first)),
		Kind: Kind, MMSI: x.v.MMSI, IMO: x.v.Identity.IMO, State: navicert.EventClosed,
		Start: instant(was.last), End: instant(is.first),
		Measures: map[string]float64{
			"reports_before": float64(was.reports), "reports_after": float64(is.reports),
			"days_before": float64(was.last-was.first) / 86400,
		},
		Evidence: []navicert.Evidence{
			{
				Kind: navicert.EvidenceReport, Source: c.ref.Source, Ref: detect.RefText(c.ref), Time: instant(was.last),
				Text: fmt.Sprintf("%s %s, heard %d times from %s to %s", c.class, c.old, was.reports, instant(was.first), instant(was.last)),
			},
			detect.ReportEvidence(x.r),
		},
		Explanations: []string{
			detect.ClassText(c.class),
			fmt.Sprintf("%s: %s, last sent %s (%d reports since %s), then %s, first sent %s (%d reports up to now)", words[c.class], c.old, instant(was.last), was.reports, instant(was.first), c.new, instant(is.first), is.reports),
			innocent[c.class],
			"not looked into: whether the ship was sold in those days, which explains a new name, call sign, flag and MMSI",
		},
		Simulated: x.r.Simulated,
	}
	if at := x.v.Last(); at != nil {
		ev.Position = navicert.Some(at.Pos)
	}
	x.emit(ev)
}

func instant(seconds uint32) navicert.Instant { return navicert.At(time.Unix(int64(seconds), 0)) }

var words = map[Class]string{
	Name: "its name changed", CallSign: "its call sign changed", IMO: "its IMO number changed", Type: "the kind of ship that it says it is changed",
	Size: "its length changed", IMOWithheld: "it sent an IMO number and sends none any more", MMSI: "its MMSI changed", Flag: "its flag, by the first digits of its MMSI, changed",
}

var innocent = map[Class]string{
	Name:        "ships are renamed when they are sold or chartered, and names are typed by hand and corrected",
	CallSign:    "a call sign changes with the flag, and is typed by hand and corrected",
	IMO:         "a hull keeps its IMO number for life; a mistyped one is corrected, and another ship may have come under the same MMSI",
	Type:        "the kind is typed by hand, and changes with cargo and work",
	Size:        "sizes are typed by hand as distances from the antenna, for tugs with their tow; another ship may have come under the same MMSI",
	IMOWithheld: "a transponder that is set up anew loses its entries, and some feeds leave the number out",
	MMSI:        "an MMSI changes with the flag, and with a new radio licence",
	Flag:        "ships are registered anew when they are sold or chartered; AIS tells when the new number was first heard here, not the day of registration",
}

// SameName compares names and call signs without blanks and punctuation, cut at
// '@' (gpsdio-segment 8109193).
func SameName(a, b string) bool {
	i, j := 0, 0
	for {
		i, j = nextLetter(a, i), nextLetter(b, j)
		if i >= len(a) || j >= len(b) {
			return i >= len(a) && j >= len(b)
		}
		if upper(a[i]) != upper(b[j]) {
			return false
		}
		i++
		j++
	}
}

// nextLetter is the place of the next letter or digit, or the end.
func nextLetter(s string, i int) int {
	for ; i < len(s); i++ {
		switch c := upper(s[i]); {
		case c == '@':
			return len(s)
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
			return i
		}
	}
	return i
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// sameType compares kinds of ship by their tens, whose second digit tells the
// cargo; fishing, towing and the like, and services, by both.
func sameType(a, b uint32) bool {
	if a/10 == 3 || a/10 == 5 {
		return a == b
	}
	return a/10 == b/10
}

func (d *Detector) sameSize(a, b uint32) bool {
	diff := math.Abs(float64(a) - float64(b))
	return diff <= d.preset.SizeM || diff <= d.preset.SizePart*float64(max(a, b))
}

// State implements detect.Detector.
func (d *Detector) State(c *state.Coder) {
	c.Mark("identity 4")
	d.names.State(c)
	state.Slice(c, &d.ships, func(c *state.Coder, s **ship) {
		state.Ptr(c, s, func(c *state.Coder, s *ship) {
			textState(c, &s.name)
			textState(c, &s.callSign)
			numberState(c, &s.imo)
			numberState(c, &s.kind)
			numberState(c, &s.length)
			for _, of := range []Class{Name, CallSign, IMO, Type, Size} {
				next := s.candidate(of)
				if state.Ptr(c, &next, candidateState); c.Loads() {
					s.consider(of, next)
				}
			}
			brief.ReportState(c, &s.last)
			c.Bool(&s.doubted)
			state.Int(c, &s.oddUntil)
		})
	})
	state.Map(c, &d.hulls, cmp.Compare[navicert.IMO], state.Int[navicert.IMO], func(c *state.Coder, h **hull) { state.Ptr(c, h, hullState) })
}

func textState(c *state.Coder, t *text) {
	c.String(&t.value)
	seenState(c, &t.seen)
}

func numberState(c *state.Coder, n *number) {
	state.Int(c, &n.value)
	seenState(c, &n.seen)
}

func seenState(c *state.Coder, s *seen) {
	state.Int(c, &s.first)
	state.Int(c, &s.last)
	state.Int(c, &s.reports)
}

func candidateState(c *state.Coder, x *candidate) {
	c.String(&x.text)
	state.Int(c, &x.number)
	seenState(c, &x.seen)
	c.String(&x.source)
	state.Int(c, &x.sources)
}

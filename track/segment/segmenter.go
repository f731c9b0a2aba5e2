package segment

import (
	"math"
	"slices"
	"time"

	"navicert"
)

// Message is what the segmenter needs of a message of one MMSI.
type Message struct {
	Tag        int    // the caller's, given back in the Verdict
	ID         string // tells copies of one message; empty is unknown
	MMSI       navicert.MMSI
	Time       time.Time
	Pos        navicert.Opt[navicert.Position]
	SpeedKn    navicert.Opt[float64]
	CourseDeg  navicert.Opt[float64] // absent or 360 is "not available"
	HeadingDeg navicert.Opt[float64]
	Class      Classes
	LongRange  bool // type 27
}

// Class is what a message was found to be.
type Class uint8

// The classes.
const (
	InSegment Class = iota + 1 // a position in a segment
	Bad                        // no usable position, or a type 27 one too near another
	Info                       // no position, course or speed
	Discarded                  // a position that a later one showed not to belong
	Duplicate                  // says what another said
)

var classNames = [...]string{InSegment: "segment", Bad: "bad", Info: "info", Discarded: "discarded", Duplicate: "duplicate"}

func (c Class) String() string { return classNames[c] }

// Verdict is what became of a message.
type Verdict struct {
	Tag     int
	Class   Class
	Segment string // id, of InSegment
}

// Segment is a run of positions.
type Segment struct {
	ID          string // MMSI and time of the first position
	First, Last time.Time
	Positions   int // the discarded ones too
	// Closed says that nothing can join it: it was silent too long, could not be
	// told from another, or was the stalest of too many. It is false at the end
	// of the input.
	Closed bool
}

// Handler takes what comes out. Verdicts come in no certain order: that of a
// position is given when no later one can take it back, at the latest at Close.
// Either may be nil.
type Handler struct {
	Verdict func(Verdict)
	Segment func(Segment) // each once, when it is closed or at Close
}

// Segmenter segments the messages of one MMSI. It remembers each moving
// position of the run, to know repeats, and beside that the last eight hours of
// each open segment.
type Segmenter struct {
	preset Preset
	on     Handler
	open   []*openSegment // in the order in which they began
	last   time.Time      // of the last message
	lastID time.Time      // that stands in the last segment's id
	ids    map[string]struct{}
	said   map[said]struct{}
}

// openSegment is a segment that a position may still join.
type openSegment struct {
	Segment
	fixes   []held // not discarded, and recent enough that they might be
	settled int    // how many of the first are no more so, and were told of
}

// held is a position that may still be discarded.
type held struct {
	tag    int
	time   time.Time
	point  Point
	metric float64 // with which it joined; 0 of the first
}

// said is a position to the precision in which AIS sends it.
type said struct {
	lat, lon               int32
	speed, course, heading int16 // -1 unknown
}

// New returns a segmenter.
func New(p Preset, on Handler) *Segmenter {
	if on.Verdict == nil {
		on.Verdict = func(Verdict) {}
	}
	if on.Segment == nil {
		on.Segment = func(Segment) {}
	}
	return &Segmenter{preset: p, on: on, ids: map[string]struct{}{}, said: map[said]struct{}{}}
}

// Open returns the segments that are open, in the order in which they began.
func (s *Segmenter) Open() []Segment {
	open := make([]Segment, len(s.open))
	for i, o := range s.open {
		open[i] = o.Segment
	}
	return open
}

// Add takes the next message. It is an error when it is older than the one
// before it.
func (s *Segmenter) Add(m *Message) error {
	if m.Time.Before(s.last) {
		return navicert.Errorf(navicert.Invalid, "segment", "MMSI "+m.MMSI.String(), "the message of %s comes after one of %s", navicert.At(m.Time), navicert.At(s.last)).WithHint("sort the input by time")
	}
	s.last = m.Time
	if m.ID != "" {
		if _, again := s.ids[m.ID]; again {
			s.on.Verdict(Verdict{Tag: m.Tag, Class: Duplicate})
			return nil
		}
		s.ids[m.ID] = struct{}{}
	}
	point, class := s.preset.point(m)
	if class == InSegment && s.again(m) {
		class = Duplicate
	}
	if class != InSegment {
		s.on.Verdict(Verdict{Tag: m.Tag, Class: class})
		return nil
	}
	s.place(m, point)
	return nil
}

// noiseSpeeds are reported speeds that are noise or stand for "not available".
var noiseSpeeds = [...]float64{51.2, 63.0, 102.3}

// Noise reports whether a reported speed is one of those that are noise, or stand
// for "not available".
func Noise(kn float64) bool {
	const near = 0.05 + 1e-9
	for _, n := range noiseSpeeds {
		if math.Abs(kn-n) <= near {
			return true
		}
	}
	return false
}

// point tells what kind of message it is, and where and how a position moves.
func (p *Preset) point(m *Message) (Point, Class) {
	speed, hasSpeed := m.SpeedKn.Get()
	course, hasCourse := m.CourseDeg.Get()
	pos, hasPos := m.Pos.Get()
	if !hasSpeed && !hasCourse && !hasPos {
		return Point{}, Info
	}
	if !hasPos || !hasSpeed || !pos.Valid() {
		return Point{}, Bad
	}
	if Noise(speed) {
		return Point{}, Bad
	}
	if !hasCourse || course >= 360 {
		if speed > p.RestKn {
			return Point{}, Bad
		}
		speed, course = 0, 0
	}
	return Point{Lat: pos.Lat, Lon: pos.Lon, SpeedKn: speed, CourseDeg: course, Class: m.Class}, InSegment
}

// again reports whether a moving position was said before in this run.
func (s *Segmenter) again(m *Message) bool {
	pos, speed := m.Pos.Or(navicert.Position{}), m.SpeedKn.Or(0)
	k := said{
		lat: int32(math.RoundToEven(pos.Lat * 60000)), lon: int32(math.RoundToEven(pos.Lon * 60000)),
		speed: int16(math.RoundToEven(speed * 10)), course: -1, heading: -1,
	}
	if c, ok := m.CourseDeg.Get(); ok {
		k.course = int16(math.RoundToEven(c * 10))
	}
	if h, ok := m.HeadingDeg.Get(); ok {
		k.heading = int16(math.RoundToEven(h))
	}
	_, again := s.said[k]
	s.said[k] = struct{}{}
	return again && speed > 0
}

// place gives a position to a segment.
func (s *Segmenter) place(m *Message, point Point) {
	s.open = slices.DeleteFunc(s.open, func(o *openSegment) bool {
		stale := Hours(m.Time.Sub(o.Last)) > s.preset.MaxHours
		if stale {
			s.end(o, true)
		}
		return stale
	})
	best := s.bestMatches(m, &point)
	if len(best) > 0 && m.LongRange {
		for _, b := range best {
			if b.hours < s.preset.LongRangeHours {
				s.on.Verdict(Verdict{Tag: m.Tag, Class: Bad})
				return
			}
		}
	}
	if len(best) == 1 {
		s.join(best[0], m, point)
		return
	}
	for _, b := range best { // nothing tells whose it is
		s.close(b.segment)
	}
	for len(s.open) >= s.preset.MaxOpen {
		s.close(slices.MinFunc(s.open, func(a, b *openSegment) int { return a.Last.Compare(b.Last) }))
	}
	o := &openSegment{Segment: Segment{ID: s.newID(m), First: m.Time, Last: m.Time, Positions: 1}}
	o.fixes = append(o.fixes, held{tag: m.Tag, time: m.Time, point: point})
	s.open = append(s.open, o)
}

// match is how a position fits a segment.
type match struct {
	segment *openSegment
	skipped int     // positions of the segment that it shows not to belong
	metric  float64 // not divided for them
	hours   float64 // since the position that it follows
	weighed float64 // for the comparison with other segments
}

// bestMatches returns the segment that a position fits best, and with it those
// that it fits nearly as well.
func (s *Segmenter) bestMatches(m *Message, point *Point) []match {
	var all []match
	for _, o := range s.open {
		if b, ok := s.preset.match(o, m.Time, point); ok {
			b.weighed = b.metric * s.preset.Weight(o.Positions)
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b match) int {
		switch {
		case a.weighed > b.weighed:
			return -1
		case a.weighed < b.weighed:
			return 1
		}
		return 0
	})
	for i := range all {
		if all[i].weighed*s.preset.Ambiguity < all[0].weighed {
			return all[:i]
		}
	}
	return all
}

// match compares a position with the last ones of a segment.
func (p *Preset) match(o *openSegment, t time.Time, point *Point) (best match, ok bool) {
	var classes Classes
	n := min(p.Lookback, len(o.fixes)-o.settled)
	back := func(k int) *held { return &o.fixes[len(o.fixes)-1-k] }
	for k := range n {
		classes |= back(k).point.Class
	}
	same := classes&point.Class != 0
	bestDivided := 0.0
	for k := range n {
		before := back(k)
		hours := Hours(t.Sub(before.time))
		if hours > p.MaxHours {
			break
		}
		metric := p.Fit(&before.point, point, hours, same)
		divided := metric / max(1, float64(k)*p.LookbackFactor)
		stands := 0.0 // how well the skipped one that followed it fits there
		if k > 0 {
			stands = back(k - 1).metric
		}
		if divided > stands && divided > bestDivided {
			bestDivided = divided
			best, ok = match{segment: o, skipped: k, metric: metric, hours: hours}, true
		}
	}
	return best, ok
}

// join adds a position to a segment.
func (s *Segmenter) join(b match, m *Message, point Point) {
	o := b.segment
	for k := range b.skipped {
		s.on.Verdict(Verdict{Tag: o.fixes[len(o.fixes)-1-k].tag, Class: Discarded})
	}
	o.fixes = append(o.fixes[:len(o.fixes)-b.skipped], held{tag: m.Tag, time: m.Time, point: point, metric: b.metric})
	o.Last = m.Time
	o.Positions++
	for Hours(m.Time.Sub(o.fixes[o.settled].time)) > s.preset.MaxHours {
		s.on.Verdict(Verdict{Tag: o.fixes[o.settled].tag, Class: InSegment, Segment: o.ID})
		o.settled++
	}
	if o.settled > len(o.fixes)/2 { // not each time: that would move all of them
		o.fixes = slices.Delete(o.fixes, 0, o.settled)
		o.settled = 0
	}
}

func (s *Segmenter) close(o *openSegment) {
	s.end(o, true)
	s.open = slices.DeleteFunc(s.open, func(other *openSegment) bool { return other == o })
}

func (s *Segmenter) end(o *openSegment, closed bool) {
	for _, f := range o.fixes[o.settled:] {
		s.on.Verdict(Verdict{Tag: f.tag, Class: InSegment, Segment: o.ID})
	}
	o.Closed = closed
	s.on.Segment(o.Segment)
}

// Close ends the input. The segments that are open then are told of as such.
func (s *Segmenter) Close() {
	for _, o := range s.open {
		s.end(o, false)
	}
	s.open = nil
}

// newID makes the id of a segment that begins with a message.
func (s *Segmenter) newID(m *Message) string {
	t := m.Time.Truncate(time.Microsecond) // as it is written
	if !t.After(s.lastID) {                // messages come in order: all times from t to lastID are taken
		t = s.lastID.Add(time.Millisecond)
	}
	s.lastID = t
	return m.MMSI.String() + "-" + t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

package fixblock

import (
	"errors"
	"math"
	"math/bits"
	"slices"

	"navicert"
)

// state is what the rows so far tell of the next.
type state struct {
	sofar
	n differences
}

// sofar is cleared when a block begins.
type sofar struct {
	bad  error
	v1   bool // a block of version 1 is read
	any  bool
	prev Row   // the row before; Others are others
	head int64 // the time of the first row of the vessel before
	gap  int64 // seconds between the two rows before

	others []int64
	kinds  recent[Kind]
	source recent[int64]
	places []*places // by source.found
	names  recent[int64]
	more   recent[int64]

	m models
}

type models struct {
	sameVessel, sameMillis, sameOthers prob
	lineGroup, offsetGroup             int
	hasLine                            [2]prob
	status                             [2]prob
	statusKnown                        prob
	positionMode                       [8][8]prob
	positionWas                        int
	latGroup, lonGroup                 int
	inCells                            prob
	latCell, lonCell                   [1 << cellBits]prob
	stay, reckon                       uint64 // how far the two predictions of a position were off, of late
}

// differences are the models of numbers, which are large and clear themselves:
// most rows use few of them.
type differences struct {
	vessel                             numbers
	head                               signs
	gap                                [12]numbers
	kind, flags, source, station, more numbers
	text                               numbers
	name, many                         signs
	counts                             numbers
	lines                              [groups + 1]signs
	offsets                            [max(groups, rooms) + 1]signs
	statusValue                        numbers
	speed, course, heading             decimals
	lat, lon                           [groups + 1]signs
	rawBits                            numbers
}

func (s *state) reset(v1 bool) {
	s.sofar = sofar{v1: v1, others: s.others[:0], places: s.places[:0]}
	for _, d := range []*decimals{&s.n.speed, &s.n.course, &s.n.heading} {
		d.latest = latest{}
	}
}

// recent is a list of values, the last used first.
type recent[T comparable] struct {
	list  []T
	where []int // of each in the order in which they came
}

// rank codes which value of the list it is; len(list) is a new one.
func rank[T comparable](c *coder, m *numbers, l *recent[T], v T) (at int, isNew bool) {
	if !c.reading {
		if at = slices.Index(l.list, v); at < 0 {
			at = len(l.list)
		}
	}
	at = int(min(c.number(m, uint64(at)), uint64(len(l.list))))
	return at, at == len(l.list)
}

// use moves a value to the front and returns it with its number in order of
// first appearance.
func (l *recent[T]) use(at int) (T, int) {
	v, n := l.list[at], l.where[at]
	copy(l.list[1:at+1], l.list[:at])
	copy(l.where[1:at+1], l.where[:at])
	l.list[0], l.where[0] = v, n
	return v, n
}

func (l *recent[T]) add(v T) {
	l.list, l.where = append(l.list, v), append(l.where, len(l.where))
}

// name codes the number of a name.
func (s *state) name(c *coder, m *numbers, l *recent[int64], v int64) (id int64, n int) {
	at, isNew := rank(c, m, l, v)
	if isNew {
		var before int64
		if len(l.list) > 0 {
			before = l.list[0]
		}
		l.add(before + c.signed(&s.n.name, v-before))
	}
	return l.use(at)
}

// groups of sizes: what the next difference is like depends on the one before.
const groups = 6

func group(size uint64) int {
	switch n := bits.Len64(size); {
	case n == 0:
		return 0
	case n <= 2:
		return 1
	case n <= 4:
		return 2
	case n <= 6:
		return 3
	case n <= 9:
		return 4
	}
	return groups - 1
}

func groupOf(v int64) int {
	n, _ := size(v)
	return group(n)
}

// row codes one row: writing, r is what is written; reading, it is filled.
func (s *state) row(c *coder, r *Row) {
	p := &s.prev
	same := c.flag(&s.m.sameVessel, s.any && r.MMSI == p.MMSI)
	if same {
		r.MMSI = p.MMSI
	} else {
		r.MMSI = p.MMSI + navicert.MMSI(c.number(&s.n.vessel, uint64(r.MMSI-p.MMSI)))
	}
	s.time(c, r, same)
	s.kind(c, r)
	s.ref(c, r)
	r.Station, _ = s.name(c, &s.n.station, &s.names, r.Station)
	s.receivers(c, r)
	s.status(c, r, same)
	s.motion(c, r, same)
	s.position(c, r, same)
	s.any = true
	others := append(s.others[:0], r.Others...)
	*p = *r
	s.others, p.Others = others, others
}

// time codes whole seconds and, where they differ from those before, the
// milliseconds.
func (s *state) time(c *coder, r *Row, same bool) {
	seconds, millis := floorDiv(r.Millis, 1000)
	before, beforeMillis := floorDiv(s.prev.Millis, 1000)
	if same {
		m := &s.n.gap[min(bits.Len64(uint64(s.gap)), len(s.n.gap)-1)]
		s.gap = int64(c.number(m, uint64(seconds-before)))
		seconds = before + s.gap
	} else {
		seconds = s.head + c.signed(&s.n.head, seconds-s.head)
		s.head, s.gap = seconds, 0
	}
	if c.flag(&s.m.sameMillis, millis == beforeMillis) {
		millis = beforeMillis
	} else {
		millis = int64(c.plain(uint64(millis), 10))
	}
	r.Millis = seconds*1000 + millis
}

func floorDiv(v, by int64) (q, rest int64) {
	q, rest = v/by, v%by
	if rest < 0 {
		q, rest = q-1, rest+by
	}
	return q, rest
}

var (
	knownClasses = []string{"", string(navicert.ClassA), string(navicert.ClassB)}
	knownClocks  = []string{
		"", string(navicert.TimeTag), string(navicert.TimePGHP), string(navicert.TimeSuffix), string(navicert.TimeDelivery),
		string(navicert.TimePrefix), string(navicert.TimeClock), string(navicert.TimeFile), string(navicert.TimeArrival),
	}
	knownChecks = []string{"", string(navicert.TimeFits), string(navicert.TimeUnfit)}
)

func (s *state) kind(c *coder, r *Row) {
	at, isNew := rank(c, &s.n.kind, &s.kinds, r.Kind)
	if isNew {
		var k Kind
		k.Class = navicert.Class(s.text(c, knownClasses, string(r.Class)))
		k.TimeFrom = navicert.TimeFrom(s.text(c, knownClocks, string(r.TimeFrom)))
		k.TimeCheck = navicert.TimeCheck(s.text(c, knownChecks, string(r.TimeCheck)))
		for _, f := range []struct {
			to *bool
			v  bool
		}{{&k.Unverified, r.Unverified}, {&k.LongRange, r.LongRange}, {&k.Average, r.Average}, {&k.Simulated, r.Simulated}} {
			var v uint64
			if f.v {
				v = 1
			}
			*f.to = c.plain(v, 1) == 1
		}
		s.kinds.add(k)
	}
	r.Kind, _ = s.kinds.use(at)
}

// text codes a word of a list, or another.
func (s *state) text(c *coder, known []string, v string) string {
	at := slices.Index(known, v)
	if at < 0 {
		at = len(known)
	}
	if at = int(c.number(&s.n.flags, uint64(at))); at >= 0 && at < len(known) {
		return known[at]
	}
	b := make([]byte, min(c.number(&s.n.text, uint64(len(v))), MaxText))
	for i := range b {
		var old byte
		if !c.reading {
			old = v[i]
		}
		b[i] = byte(c.plain(uint64(old), 8))
	}
	return string(b)
}

// ref codes the source and the place in it.
func (s *state) ref(c *coder, r *Row) {
	var n int
	r.Source, n = s.name(c, &s.n.source, &s.source, r.Source)
	if n == len(s.places) {
		s.addPlaces()
	}
	pl := s.places[n]
	before := 0
	if s.prev.Line != 0 {
		before = 1
	}
	x := r.Millis
	if c.flag(&s.m.hasLine[before], r.Line != 0) {
		spot := pl.lines.find(x)
		want := pl.lines.at(spot)
		d := c.signed(&s.n.lines[s.m.lineGroup], r.Line-want)
		if s.v1 { // how far off the one before was says nothing of this one
			s.m.lineGroup = groupOf(d)
		}
		r.Line = want + d
		pl.lines.add(spot, r.Line)
		x = r.Line
	} else {
		r.Line = 0
	}
	spot := pl.offsets.find(x)
	want := pl.offsets.at(spot)
	if !s.v1 {
		s.m.offsetGroup = pl.offsets.room(spot)
	}
	d := c.signed(&s.n.offsets[s.m.offsetGroup], r.Offset-want)
	if s.v1 {
		s.m.offsetGroup = groupOf(d)
	}
	r.Offset = want + d
	pl.offsets.add(spot, r.Offset)
}

// addPlaces begins a source; the memory of an earlier block's is used again.
func (s *state) addPlaces() {
	n := len(s.places)
	if n == cap(s.places) {
		s.places = append(s.places, &places{})
		return
	}
	s.places = s.places[:n+1]
	if s.places[n] == nil {
		s.places[n] = &places{}
	}
	pl := s.places[n]
	pl.lines, pl.offsets = pl.lines[:0], pl.offsets[:0]
}

// receivers codes the other receivers and the count of receptions.
func (s *state) receivers(c *coder, r *Row) {
	if c.flag(&s.m.sameOthers, slices.Equal(r.Others, s.others)) {
		if c.reading {
			r.Others = append(r.Others[:0], s.others...)
		}
	} else {
		n := c.number(&s.n.counts, uint64(len(r.Others)))
		if n > MaxOthers {
			s.bad = errors.New("it names more receivers than can be")
			return
		}
		if c.reading {
			r.Others = slices.Grow(r.Others[:0], int(n))[:n]
		}
		for i := range r.Others {
			r.Others[i], _ = s.name(c, &s.n.more, &s.more, r.Others[i])
		}
	}
	want := 0
	if len(r.Others) > 0 {
		want = len(r.Others) + 1
	}
	r.Receptions = want + int(c.signed(&s.n.many, int64(r.Receptions-want)))
}

func (s *state) status(c *coder, r *Row, same bool) {
	if c.flag(&s.m.status[flagIndex(same)], r.Status == s.prev.Status) {
		r.Status = s.prev.Status
		return
	}
	v, known := r.Status.Get()
	if !c.flag(&s.m.statusKnown, known) {
		r.Status = navicert.Opt[navicert.NavStatus]{}
		return
	}
	r.Status = navicert.Some(navicert.NavStatus(c.number(&s.n.statusValue, uint64(v))))
}

func flagIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bitsOf codes all bits of a number that is no multiple of a unit, as they
// differ from those of the one before.
func (s *state) bitsOf(c *coder, v, before float64) float64 {
	b := math.Float64bits(before)
	return math.Float64frombits(b ^ bits.Reverse64(c.number(&s.n.rawBits, bits.Reverse64(math.Float64bits(v)^b))))
}

package detect

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/geo"
	"navicert/track/brief"
	"navicert/track/state"
)

const (
	// CellLevel is the level of the S2 cells of the coverage ledger, some 20 nm
	// wide. Cells of level 7, which Global Fishing Watch's grid of one degree comes
	// near to, are as wide as a coastal receiver reaches: they could not tell a ship
	// that left its reach from one that fell silent within.
	CellLevel = 8

	keptHours  = 8
	maxHeard   = 500_000 // rows in memory, some 40 MB
	sketchBits = 128
	maxNames   = 1 << 15 // receivers
	latelyBits = 4       // the logarithm of how many of them are found without a map
)

// Heard is a row of the coverage ledger: what one receiver heard of one class of
// transponder in one cell and clock hour. Positions count that were kept; what was
// heard of one input again is no more.
type Heard struct {
	Cell     s2.CellID      `json:"cell"`     // of CellLevel
	Hour     time.Time      `json:"hour"`     // its beginning, UTC
	Receiver string         `json:"receiver"` // its name, or the live feed or [Files] when positions name none
	Class    navicert.Class `json:"class,omitempty"`
	Ships    int            `json:"ships"` // at least
	Fixes    int            `json:"fixes"`
	Last     time.Time      `json:"last"`

	Simulated bool `json:"simulated,omitempty"` // invented, not received
}

// ledger is the coverage ledger of the last hours: who was heard where by which
// receiver. It holds maxHeard rows at most; what finds no room is remembered as
// missing, so that nothing is concluded from its absence.
type ledger struct {
	hours  [keptHours]hourLedger
	names  []string
	kinds  []ReceiverKind          // of names
	number map[string]uint16       // of names
	lately [1 << latelyBits]uint16 // that were asked for, by a glance at the name
	rows   int
	free   []*heard             // of hours that are forgotten, to be used again
	spare  map[s2.CellID]*heard // also; empty
	now    time.Time            // the newest time that was heard of, wrong clocks apart
	within *geo.Cells
	month  month // of satellites
	// known says of which kind they are.
	known Receivers
	// source is the one that was asked about last, and who hears what names nobody in it.
	source, ofSource string
	// give takes the rows of hours that are over; nil: nobody wants them.
	give func([]Heard) error
}

// hourLedger is one clock hour.
type hourLedger struct {
	hour  int64 // since 1970
	cells map[s2.CellID]*heard
	by    []uint64 // a sketch of the ships that each receiver heard anywhere
	// minutes has a bit for each minute in which a receiver heard anything.
	minutes []uint64
	full    bool // rows are missing
	n       int  // rows
	news    bool // some were not given since they changed
}

// heard is a row. Rows of one cell and hour are a list.
type heard struct {
	cell     s2.CellID
	next     *heard
	ships    [sketchBits / 64]uint64
	hour     int32 // since 1970; -1 once it is forgotten
	fixes    uint32
	last     uint32 // seconds since 1970
	receiver uint16
	class    classCode
	flags    heardFlags
}

// heardFlags are in one byte, as the rows are many.
type heardFlags uint8

const (
	heardNews      heardFlags = 1 << iota // it was not given since it changed
	heardSimulated                        // its positions are invented
)

// simulatedFlag is the flag that tells the rows of invented positions apart.
func simulatedFlag(simulated bool) heardFlags {
	if simulated {
		return heardSimulated
	}
	return 0
}

// classCode is a transponder class in a byte.
type classCode uint8

const codeOfB classCode = 2 // the highest

func codeOf(c navicert.Class) classCode {
	switch c {
	case navicert.ClassA:
		return 1
	case navicert.ClassB:
		return codeOfB
	}
	return 0
}

func (c classCode) class() navicert.Class {
	return [...]navicert.Class{"", navicert.ClassA, navicert.ClassB}[c]
}

func newLedger() *ledger {
	return &ledger{number: map[string]uint16{}, within: geo.NewCells(CellLevel)}
}

// heard notes a fix, of a time in seconds since 1970, in its cell, under each of its receivers. Last is the row of
// the vessel's fix before, which spares looking for it.
func (l *ledger) heard(f *navicert.Fix, unix int64, id s2.CellID, last **heard) {
	if f.Average || f.Time.After(l.now) { // of no place, or of a wrong clock
		return
	}
	hour, class, name, invented := unix/3600, codeOf(f.Class), l.receiverOf(f), simulatedFlag(f.Simulated)
	if e := *last; e == nil || e.cell != id || int64(e.hour) != hour || e.class != class || e.flags&heardSimulated != invented || l.names[e.receiver] != name || l.hours[hour%keptHours].hour != hour || l.hours[hour%keptHours].cells == nil {
		*last = l.row(hour, id, name, class, invented)
	}
	l.note(*last, f, unix)
	for name := range f.OtherStations.All() {
		l.note(l.row(hour, id, name, class, invented), f, unix)
	}
}

func (l *ledger) note(e *heard, f *navicert.Fix, unix int64) {
	if e == nil {
		return
	}
	bit := hash(uint32(f.MMSI)) % sketchBits
	e.ships[bit/64] |= 1 << (bit % 64)
	e.fixes++
	e.last = max(e.last, uint32(unix))
	e.flags |= heardNews
	h := &l.hours[e.hour%keptHours]
	h.news = true
	h.by[e.receiver] |= 1 << (bit % 64)
	h.minutes[e.receiver] |= 1 << (unix / 60 % 60)
}

// row returns the row of an hour, cell, receiver and class, of invented positions
// or of others, making it if need be; nil when the hour is forgotten or there is no
// room.
func (l *ledger) row(hour int64, id s2.CellID, name string, class classCode, invented heardFlags) *heard {
	h := &l.hours[hour%keptHours]
	if h.hour == hour && h.cells == nil || hour < h.hour {
		return nil // it is forgotten
	}
	if h.hour != hour {
		l.forget(h)
		*h = hourLedger{hour: hour, cells: l.spare}
		if l.spare = nil; h.cells == nil {
			h.cells = map[s2.CellID]*heard{}
		}
	}
	n, ok := l.numberOf(name)
	if !ok {
		h.full = true
		return nil
	}
	for e := h.cells[id]; e != nil; e = e.next {
		if e.receiver == n && e.class == class && e.flags&heardSimulated == invented {
			return e
		}
	}
	if l.rows >= maxHeard {
		h.full = true
		return nil
	}
	for len(h.by) <= int(n) {
		h.by, h.minutes = append(h.by, 0), append(h.minutes, 0)
	}
	var e *heard
	if k := len(l.free); k > 0 {
		e, l.free = l.free[k-1], l.free[:k-1]
	} else {
		e = new(heard)
	}
	*e = heard{cell: id, hour: int32(hour), receiver: n, class: class, flags: invented, next: h.cells[id]}
	h.cells[id] = e
	h.n++
	l.rows++
	if l.kinds[n] == Satellite {
		l.month.heard(id, class, hour)
	}
	return e
}

// receiverOf is [Receivers.Of], which is not asked twice of a source.
func (l *ledger) receiverOf(f *navicert.Fix) string {
	if f.Station != "" {
		return f.Station
	}
	if f.Ref.Source != l.source || l.ofSource == "" {
		l.source, l.ofSource = f.Ref.Source, l.known.ofSource(f.Ref.Source)
	}
	return l.ofSource
}

// numberOf is a receiver's number, which it is given if it has none and there is room.
func (l *ledger) numberOf(name string) (n uint16, ok bool) {
	lately := &l.lately[brief.Glance(name)%(1<<latelyBits)]
	if k := *lately; int(k) < len(l.names) && l.names[k] == name {
		return k, true // as mostly
	}
	if n, ok = l.number[name]; !ok {
		if len(l.names) >= maxNames {
			return 0, false
		}
		n = uint16(len(l.names))
		l.names = append(l.names, name)
		l.number[name] = n
		l.kinds = append(l.kinds, l.known.Kind(name))
	}
	*lately = n
	return n, true
}

// tick takes the time of a fix and that of the stream, and returns the hour since
// 1970 that has begun, and whether that is news. What lies ahead of the stream has
// a wrong clock. Turned back says that the stream's time was wrong itself: what was
// heard is given on and forgotten, so that what follows finds its hours free.
func (l *ledger) tick(t, stream time.Time) (hour int64, news, turnedBack bool, err error) {
	turnedBack = l.now.After(stream)
	if t.After(stream) || !turnedBack && !t.After(l.now) {
		return 0, false, false, nil
	}
	if turnedBack {
		if err := l.over(math.MaxInt64); err != nil {
			return 0, false, false, err
		}
		l.hours, l.rows = [keptHours]hourLedger{}, 0
		l.month.turnBack(stream.Unix() / 86400)
	}
	before := l.now.Unix() / 3600
	l.now = t
	hour = t.Unix() / 3600
	return hour, hour != before, turnedBack, nil
}

// over gives on the rows of the hours before one that changed since they were
// given, and forgets the hours that are too old to be asked about.
func (l *ledger) over(hour int64) error {
	for i := range l.hours {
		h := &l.hours[i]
		if h.cells == nil || h.hour >= hour {
			continue
		}
		if l.give != nil && h.news {
			if err := l.give(l.changed(h)); err != nil {
				return err
			}
		}
		if h.hour <= hour-keptHours {
			l.forget(h)
		}
	}
	return nil
}

// forget forgets the rows of an hour. A vessel that still holds one sees by its
// hour that it is not the one it was.
func (l *ledger) forget(h *hourLedger) {
	for _, e := range h.cells {
		for ; e != nil; e = e.next {
			e.hour = -1
			l.free = append(l.free, e)
		}
	}
	if h.cells != nil {
		clear(h.cells)
		l.spare = h.cells
	}
	l.rows -= h.n
	h.cells, h.by, h.minutes, h.n, h.news = nil, nil, nil, 0, false
}

// changed returns the rows of an hour that are news, in order, and takes them as
// given.
func (l *ledger) changed(h *hourLedger) []Heard {
	rows := make([]*heard, 0, h.n)
	for _, e := range h.cells {
		for ; e != nil; e = e.next {
			if e.flags&heardNews != 0 {
				e.flags &^= heardNews
				rows = append(rows, e)
			}
		}
	}
	h.news = false
	slices.SortFunc(rows, func(a, b *heard) int {
		if a.cell != b.cell {
			return cmp.Compare(a.cell, b.cell)
		}
		return cmp.Or(cmp.Compare(l.names[a.receiver], l.names[b.receiver]), cmp.Compare(a.class, b.class), cmp.Compare(a.flags, b.flags))
	})
	out := make([]Heard, len(rows))
	hour := time.Unix(h.hour*3600, 0).UTC()
	for i, e := range rows {
		out[i] = Heard{
			Cell: e.cell, Hour: hour, Receiver: l.names[e.receiver], Class: e.class.class(),
			Ships: ones(e.ships), Fixes: int(e.fixes), Last: time.Unix(int64(e.last), 0).UTC(), Simulated: e.flags&heardSimulated != 0,
		}
	}
	return out
}

func ones(sketch [sketchBits / 64]uint64) (n int) {
	for _, w := range sketch {
		n += bits.OnesCount64(w)
	}
	return n
}

// state saves or loads the ledger; the rows that vessels remember are not part
// of it.
func (l *ledger) state(c *state.Coder) {
	c.Mark("ledger 5")
	state.Slice(c, &l.names, (*state.Coder).String)
	if c.Loads() {
		l.number = make(map[string]uint16, len(l.names))
		l.kinds = nil
		for i, name := range l.names {
			l.number[name] = uint16(i)
			l.kinds = append(l.kinds, l.known.Kind(name))
		}
		l.rows = 0
	}
	c.Time(&l.now)
	l.month.state(c)
	for i := range l.hours {
		h := &l.hours[i]
		kept := h.cells != nil
		state.Int(c, &h.hour)
		c.Bool(&kept)
		c.Bool(&h.full)
		state.Slice(c, &h.by, state.Int[uint64])
		state.Slice(c, &h.minutes, state.Int[uint64])
		rows := h.inOrder()
		state.Slice(c, &rows, heardState)
		if !c.Loads() {
			continue
		}
		h.cells, h.n, h.news = nil, 0, false
		if kept {
			h.cells = make(map[s2.CellID]*heard, len(rows))
		}
		for i := range rows {
			e := rows[len(rows)-1-i] // the first of a list was made last
			if h.cells == nil || int(e.receiver) >= len(l.names) || int(e.receiver) >= min(len(h.by), len(h.minutes)) || e.class > codeOfB || e.flags > heardNews|heardSimulated {
				c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a row of the coverage ledger names no receiver or no hour"))
				return
			}
			e.hour, e.next = int32(h.hour), h.cells[e.cell]
			h.cells[e.cell] = &e
			h.n++
			h.news = h.news || e.flags&heardNews != 0
			l.rows++
		}
	}
}

// inOrder returns the rows by cell, those of a cell as they follow each other.
func (h *hourLedger) inOrder() (out []heard) {
	for _, e := range h.cells {
		for ; e != nil; e = e.next {
			out = append(out, *e)
		}
	}
	slices.SortStableFunc(out, func(a, b heard) int { return cmp.Compare(a.cell, b.cell) })
	return out
}

func heardState(c *state.Coder, e *heard) {
	state.Int(c, &e.cell)
	state.Array(c, e.ships[:], state.Int[uint64])
	state.Int(c, &e.fixes)
	state.Int(c, &e.last)
	state.Int(c, &e.receiver)
	state.Int(c, &e.class)
	state.Int(c, &e.flags)
}

// hash mixes an MMSI's bits (the finisher of MurmurHash3).
func hash(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x85ebca6b
	x ^= x >> 13
	x *= 0xc2b2ae35
	return x ^ x>>16
}

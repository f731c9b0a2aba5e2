package detect

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/track/state"
)

const (
	// monthDays is how far back reception by satellites is remembered: a month, as
	// Welch and others (2022) measured it by.
	monthDays = 30
	// monthHeard is on how many of these days ships of a class must have been heard
	// about a place for satellites to receive it: what was heard on a day or two may
	// have been a pass, or a ship, out of the ordinary. Ours.
	monthHeard = 3
	// maxMonth is how many cells are remembered, in some 30 MB: the oceans have some
	// 280,000, and of those without coasts class B is heard in few. Of what finds no
	// room nothing is known.
	maxMonth = 500_000
	// monthHours is of how many of the newest hours it is remembered, too, in which of
	// them it was.
	monthHours = 64
)

// month remembers on which days, and in which of the last hours, satellites heard
// ships of a class in which cells.
// The hours of the ledger cannot tell an empty sea from a hole in reception: there
// nobody was heard in either. In a month somebody comes by where there is reception.
type month struct {
	cells map[monthCell]days
	day   int64 // since 1970, when what is older than a month was forgotten last
	noted [1 << notedBits]noted
}

// notedBits is the logarithm of how many cells it is known of without a map that they
// were noted in an hour.
const notedBits = 10

// noted is a cell that has the mark of an hour.
type noted struct {
	monthCell
	hour int32 // since 1970
}

type monthCell struct {
	cell  s2.CellID
	class classCode
}

// days are the days and the hours up to one in which ships were heard, that one as
// the lowest bit.
type days struct {
	bits  uint32
	last  int32 // since 1970
	hours uint64
	hour  int32 // since 1970
}

// in notes an hour.
func (d *days) in(hour int32) {
	switch n := hour - d.hour; {
	case n >= monthHours:
		d.hours, d.hour = 1, hour
	case n >= 0:
		d.hours, d.hour = d.hours<<n|1, hour
	case -n < monthHours:
		d.hours |= 1 << -n
	}
}

// inHour says whether ships were heard in an hour.
func (d days) inHour(hour int32) bool {
	n := d.hour - hour
	return n >= 0 && n < monthHours && d.hours>>n&1 != 0
}

// upTo is the days of the month up to one.
func (d days) upTo(day int64) uint32 {
	switch n := day - int64(d.last); {
	case n >= monthDays || n <= -monthDays:
		return 0
	case n < 0: // ships were heard there since
		return d.bits >> -n
	default:
		return d.bits << n & (1<<monthDays - 1)
	}
}

// heard notes that a satellite heard a ship.
func (m *month) heard(cell s2.CellID, class classCode, hour int64) {
	day := hour / 24
	switch {
	case day > m.day:
		m.forget(day)
	case day < m.day-1: // what is late is of the day before
		m.turnBack(day)
	}
	k := monthCell{cell, class}
	const golden = 0x9E3779B97F4A7C15 // 2^64 by the golden ratio
	now := noted{k, int32(hour)}
	mark := &m.noted[(uint64(cell)+uint64(class))*golden>>(64-notedBits)]
	if *mark == now {
		return // as mostly
	}
	d, ok := m.cells[k]
	switch n := day - int64(d.last); {
	case !ok && len(m.cells) >= maxMonth:
		return
	case !ok || n >= monthDays:
		d.bits, d.last = 1, int32(day)
	case n >= 0:
		d.bits, d.last = d.bits<<n&(1<<monthDays-1)|1, int32(day)
	case -n < monthDays:
		d.bits |= 1 << -n
	}
	d.in(int32(hour))
	*mark, m.cells[k] = now, d
}

// forget forgets what is older than a month before a day.
func (m *month) forget(day int64) {
	if m.cells == nil {
		m.cells = map[monthCell]days{}
	}
	for k, d := range m.cells {
		if day-int64(d.last) >= monthDays {
			delete(m.cells, k)
		}
	}
	m.day, m.noted = day, [1 << notedBits]noted{}
}

// turnBack forgets the days after one, which a wrong clock has put there.
func (m *month) turnBack(day int64) {
	for k, d := range m.cells {
		ahead := int64(d.last) - day
		if ahead <= 0 {
			continue
		}
		d.bits >>= min(ahead, monthDays)
		if d.bits == 0 {
			delete(m.cells, k)
			continue
		}
		last := bits.TrailingZeros32(d.bits)
		d.bits, d.last = d.bits>>last, int32(day)-int32(last)
		if n := d.hour - (int32(day)*24 + 23); n > 0 {
			d.hours, d.hour = d.hours>>n, d.hour-n
		}
		m.cells[k] = d
	}
	m.day, m.noted = min(m.day, day), [1 << notedBits]noted{}
}

// received says whether satellites heard ships of a class in some of the cells on
// so many days of the month up to an hour that they receive that place.
func (m *month) received(cells []s2.CellID, class classCode, hour int64) bool {
	heard := uint32(0)
	for d := range m.of(cells, class) {
		heard |= d.upTo(hour / 24)
	}
	return bits.OnesCount32(heard) >= monthHeard
}

// heardIn says whether satellites heard ships of a class in some of the cells in an
// hour.
func (m *month) heardIn(cells []s2.CellID, class classCode, hour int64) bool {
	for d := range m.of(cells, class) {
		if d.inHour(int32(hour)) {
			return true
		}
	}
	return false
}

// of gives what is remembered of a class in cells; one that is not known is as any.
func (m *month) of(cells []s2.CellID, class classCode) iter.Seq[days] {
	return func(yield func(days) bool) {
		for _, id := range cells {
			for c := classCode(0); c <= codeOfB; c++ {
				if class != 0 && c != 0 && c != class {
					continue
				}
				if d, ok := m.cells[monthCell{id, c}]; ok && !yield(d) {
					return
				}
			}
		}
	}
}

func (m *month) state(c *state.Coder) {
	type row struct {
		monthCell
		days
	}
	var rows []row
	for k, d := range m.cells {
		rows = append(rows, row{k, d})
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.class, b.class)) })
	state.Int(c, &m.day)
	state.Slice(c, &rows, func(c *state.Coder, r *row) {
		state.Int(c, &r.cell)
		state.Int(c, &r.class)
		state.Int(c, &r.bits)
		state.Int(c, &r.last)
		state.Int(c, &r.hours)
		state.Int(c, &r.hour)
	})
	if !c.Loads() {
		return
	}
	if len(rows) > maxMonth {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "the month of satellites has %d cells: at most %d are remembered", len(rows), maxMonth))
		return
	}
	m.noted = [1 << notedBits]noted{}
	m.cells = make(map[monthCell]days, len(rows))
	for _, r := range rows {
		if r.class > codeOfB || r.bits&1 == 0 {
			c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a cell of the month of satellites has no class or no days"))
			return
		}
		m.cells[r.monthCell] = r.days
	}
}

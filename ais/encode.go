package ais

import (
	"fmt"

	"navicert"
)

// sent is what a message held beside its fields, so that it can be encoded to
// the bits that were received. It is zero in a message built by hand: spare
// bits are then zero, and the length is the standard's.
type sent struct {
	spare uint32 // the bits without a meaning between fields, the first in the low bits
	ends  int16  // where the fields of fixed place end: before the last one in a short message
	short bool   // a field of fixed place is missing
	lacks bool   // it is one that has a name
	rest  Data   // what follows the last field
}

// keep notes what a received message holds beside its fields, of which the last
// whole one ends at ends.
func (h *Header) keep(b *Bits, ends int, spare uint32) {
	h.sent = sent{spare: spare, ends: int16(ends)}
	if b.n > ends {
		h.sent.rest = Data{b, ends, b.n}
	}
}

// keepShort is keep for a message that may lack its last fields: of the places
// where fields end, all that count, the last one first.
func (h *Header) keepShort(b *Bits, spare uint32, ends ...int) {
	for i, end := range ends {
		if b.n >= end || i == len(ends)-1 {
			h.keep(b, end, spare)
			h.sent.short, h.sent.lacks = i > 0, i > 0
			return
		}
	}
}

// Encode makes the payload of a message from its fields. A message that was
// decoded gives the bits that were received, unless a field was changed: what
// was sent beside the fields, spare bits and a length that is not the
// standard's, is kept with it. One built by hand gets the standard's length.
//
// The error, of kind [navicert.Invalid], says that a value does not fit its
// field or that the message is too long or lacks what its type must have.
func Encode(body Body) (Bits, error) {
	w := bitWriter{head: body.Head()}
	body.layout(&w)
	switch t := int(w.head.Type); {
	case w.err != nil:
	case t == 0 || t >= len(minBits):
		w.err = fmt.Errorf("type %d does not exist", t)
	case w.n > MaxBits:
		w.err = fmt.Errorf("%d bits, at most %d", w.n, MaxBits)
	case w.b.n < int(minBits[t]):
		w.err = fmt.Errorf("%d bits are too few for type %d", w.b.n, t)
	}
	if w.err != nil {
		return Bits{}, navicert.Errorf(navicert.Invalid, "AIS message", "", "%w", w.err)
	}
	return w.b, nil
}

// encoded is Encode for messages whose values are known to fit; what does not
// fit loses its high bits.
func encoded(body Body) Bits {
	w := bitWriter{head: body.Head()}
	body.layout(&w)
	return w.b
}

// Encode makes the payload of the message, 168 bits unless it was received with
// another length; see the function [Encode], which looks at the values too.
func (m *PositionA) Encode() Bits { return encoded(m) }

// Encode makes the payload of the message, 168 bits unless it was received with
// another length; see the function [Encode], which looks at the values too.
func (m *PositionB) Encode() Bits { return encoded(m) }

// Encode makes the payload of the message, 424 bits unless it was received with
// another length; see the function [Encode], which looks at the values too.
func (m *StaticVoyage) Encode() Bits { return encoded(m) }

// Encode makes the payload of the part, 168 bits unless it was received with
// another length; see the function [Encode], which looks at the values too.
func (m *StaticB) Encode() Bits { return encoded(m) }

// bitWriter is the visitor that writes the fields' bits.
type bitWriter struct {
	head  *Header
	b     Bits
	n     int // the bits there should be, were there no limit
	last  int // where the last optional field that is there ends
	spent int // spare bits used up
	grown bool
	err   error // the first
}

func (w *bitWriter) put(width int, v uint64) {
	if w.n == 0 {
		w.n = 38
		w.num(field{name: "type", width: 6}, int64(w.head.Type))
		w.num(field{name: "repeat", width: 2}, int64(w.head.Repeat))
		w.num(field{name: "mmsi", width: 30}, int64(w.head.MMSI))
		w.n = 38
	}
	w.n += width
	w.b.put(width, v)
}

func (w *bitWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

func (w *bitWriter) num(f field, v int64) int64 {
	if low, high := f.bounds(); v < low || v > high {
		w.fail("%s %d is not from %d to %d", f.name, v, low, high)
	}
	w.put(f.width, uint64(v))
	return v
}

func (w *bitWriter) opt(f field, v int64, there bool) (int64, bool) {
	w.num(f, v)
	if there {
		w.last = w.b.n
	}
	return v, there
}

func (w *bitWriter) flag(_ string, v bool) bool {
	if v {
		w.put(1, 1)
	} else {
		w.put(1, 0)
	}
	return v
}

func (w *bitWriter) text(name string, n int, t Text) Text {
	if int(t.n) > n {
		w.fail("%s has %d characters, at most %d", name, t.n, n)
	}
	w.n += 6 * n
	w.b.putTextOf(t, n)
	if int(t.n) >= n {
		w.last = w.b.n
	}
	return t
}

func (w *bitWriter) aidName(m *Aid) { w.text("name", 20, m.Name) }

func (w *bitWriter) aidMore(m *Aid) { w.data(m.more) }

// fixed cuts off the fields that a short message was received without. Should
// one of them have been set since, the message is longer now, and what followed
// its last field is dropped.
func (w *bitWriter) fixed() {
	s := &w.head.sent
	end := int(s.ends)
	if end == 0 {
		return
	}
	if s.short && w.last <= end && w.b.zero(end) {
		w.b.truncate(end)
		w.n = w.b.n
	}
	w.grown = w.b.n != end
}

func (w *bitWriter) data(d Data) Data {
	w.n += d.Len()
	d.copyTo(&w.b)
	return d
}

func (w *bitWriter) contents(_ applied, d Data) Data { return w.data(d) }

func (w *bitWriter) letters(d Data) Data { return w.data(d) }

func (w *bitWriter) clock(m *BaseStation) {
	w.num(unsigned("year", 14), int64(m.Year))
	w.num(unsigned("month", 4), int64(m.Month))
	w.num(unsigned("day", 5), int64(m.Day))
	w.num(unsigned("hour", 5), int64(m.Hour))
	w.num(unsigned("minute", 6), int64(m.Minute))
	w.num(unsigned("second", 6), int64(m.Second))
}

func (w *bitWriter) arrival(e ETA) ETA {
	w.num(unsigned("eta month", 4), int64(e.Month))
	w.num(unsigned("eta day", 5), int64(e.Day))
	w.num(unsigned("eta hour", 5), int64(e.Hour))
	w.num(unsigned("eta minute", 6), int64(e.Minute))
	return e
}

func (w *bitWriter) spare(width int) {
	w.put(width, uint64(w.head.sent.spare)>>w.spent&(1<<width-1))
	w.spent += width
}

func (w *bitWriter) count(first string, most, n int) int {
	if n < 0 || n > most {
		w.fail("%s 1 to %d: there are %d", first, most, n)
		return 0
	}
	return n
}

func (w *bitWriter) early(_ string, v bool) bool { return v }

func (w *bitWriter) follows(_ string, v bool) bool { return v }

func (w *bitWriter) end(full int) {
	if w.head.sent.ends != 0 && !w.grown {
		w.data(w.head.sent.rest)
		return
	}
	for w.b.n < full {
		w.put(min(64, full-w.b.n), 0)
	}
}

// zero reports whether all bits from off on are zero.
func (b *Bits) zero(off int) bool {
	for ; off < b.n; off += 64 {
		if b.Uint(off, 64) != 0 {
			return false
		}
	}
	return true
}

// truncate drops the bits from end on.
func (b *Bits) truncate(end int) {
	if end < b.n {
		b.n = end
		b.w[end>>6] &= ^(^uint64(0) >> (end & 63))
	}
}

// copyTo appends the run to b.
func (d Data) copyTo(b *Bits) {
	for off := d.off; off < d.end; off += 64 {
		n := min(64, d.end-off)
		b.put(n, d.bits.u(uint(off), uint(n)))
	}
}

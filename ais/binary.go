package ais

import "navicert"

// Data is a run of bits in the middle of a message. It refers to the message's
// payload and holds as long as that does.
type Data struct {
	bits     *Bits
	off, end int
}

func (b *Bits) data(off, end int) Data {
	end = min(end, b.n)
	return Data{b, min(off, end), end}
}

// MakeData returns a run of the bits of b.
func MakeData(b Bits) Data { return Data{&b, 0, b.n} }

// MakeLetters returns a text in six-bit characters, for the text of a safety
// related message. Characters are turned into codes as in [MakeText].
func MakeLetters(s string) Data {
	var b Bits
	for i := range len(s) {
		b.put(6, uint64(sixBitCode(s[i])))
	}
	return Data{&b, 0, b.n}
}

// Len returns the number of bits.
func (d Data) Len() int { return d.end - d.off }

// Append appends the bits as "LENGTH:hex", the last byte filled with zeros.
func (d Data) Append(dst []byte) []byte {
	if d.bits == nil {
		return append(dst, "0:"...)
	}
	return d.bits.appendData(dst, d.off, d.end)
}

// AppendText appends the bits as six-bit text: all up to the first @, without
// trailing blanks.
func (d Data) AppendText(dst []byte) []byte {
	if d.bits == nil {
		return dst
	}
	return d.bits.appendText(dst, d.off, d.end)
}

// Uint returns width bits (at most 57) from offset off of the run. Bits beyond
// its end read as zero.
func (d Data) Uint(off, width int) uint64 {
	if d.bits == nil || off < 0 || width <= 0 || off >= d.Len() {
		return 0
	}
	v := d.bits.Uint(d.off+off, width)
	if over := off + width - d.Len(); over > 0 {
		v = v >> uint(over) << uint(over)
	}
	return v
}

// AddressedBinary is application data for one station, type 6.
type AddressedBinary struct {
	Header
	SeqNo      uint8
	Dest       navicert.MMSI
	Retransmit bool
	DAC        uint16 // designated area code: who defined the application
	FID        uint8  // function identifier
	Data       Data
}

func (m *AddressedBinary) decode(b *Bits) {
	m.Header.decode(b)
	m.SeqNo, m.Dest, m.Retransmit = uint8(b.u(38, 2)), navicert.MMSI(b.u(40, 30)), b.flag(70)
	m.DAC, m.FID, m.Data = uint16(b.u(72, 10)), uint8(b.u(82, 6)), b.data(88, b.n)
	m.sent = sent{spare: uint32(b.u(71, 1)), ends: 88}
}

// BroadcastBinary is application data for all, type 8.
type BroadcastBinary struct {
	Header
	DAC  uint16 // designated area code: who defined the application
	FID  uint8  // function identifier
	Data Data
}

func (m *BroadcastBinary) decode(b *Bits) {
	m.Header.decode(b)
	m.DAC, m.FID, m.Data = uint16(b.u(40, 10)), uint8(b.u(50, 6)), b.data(56, b.n)
	m.sent = sent{spare: uint32(b.u(38, 2)), ends: 56}
}

// SlotBinary is a single slot binary message, type 25, or a multiple slot
// binary message, type 26.
type SlotBinary struct {
	Header
	Addressed  bool
	Structured bool
	Dest       navicert.MMSI        // when Addressed
	App        navicert.Opt[uint16] // application identifier, when Structured
	Data       Data
	Radio      navicert.Opt[uint32] // communication state with its selector, type 26
}

func (m *SlotBinary) decode(b *Bits) {
	*m = SlotBinary{}
	m.Header.decode(b)
	m.Addressed, m.Structured = b.flag(38), b.flag(39)
	off, end := 40, b.n
	if m.Type == 26 {
		end = max(off, end-20)
		m.Radio = b.radio(end, 20)
	}
	whole := true
	if m.Addressed {
		if whole = off+30 <= end; whole {
			m.Dest = navicert.MMSI(b.u(uint(off), 30))
			off += 30
		}
	}
	if m.Structured && whole {
		if whole = off+16 <= end; whole {
			m.App = navicert.Some(uint16(b.u(uint(off), 16)))
			off += 16
		}
	}
	m.Data = b.data(off, end)
	m.sent = sent{ends: int16(off), short: !whole}
}

// SafetyAddressed is a safety related text for one station, type 12.
type SafetyAddressed struct {
	Header
	SeqNo      uint8
	Dest       navicert.MMSI
	Retransmit bool
	Text       Data
}

func (m *SafetyAddressed) decode(b *Bits) {
	m.Header.decode(b)
	m.SeqNo, m.Dest, m.Retransmit = uint8(b.u(38, 2)), navicert.MMSI(b.u(40, 30)), b.flag(70)
	m.Text = b.data(72, b.n)
	m.sent = sent{spare: uint32(b.u(71, 1)), ends: 72}
}

// SafetyBroadcast is a safety related text for all, type 14.
type SafetyBroadcast struct {
	Header
	Text Data
}

func (m *SafetyBroadcast) decode(b *Bits) {
	m.Header.decode(b)
	m.Text = b.data(40, b.n)
	m.sent = sent{spare: uint32(b.u(38, 2)), ends: 40}
}

// DGNSS is a broadcast of corrections for satellite positioning, type 17.
type DGNSS struct {
	Header
	Lon  CoarseLon
	Lat  CoarseLat
	Data Data
}

func (m *DGNSS) decode(b *Bits) {
	m.Header.decode(b)
	m.Lon, m.Lat, m.Data = CoarseLon(b.s(40, 18)), CoarseLat(b.s(58, 17)), b.data(80, b.n)
	if b.n < 80 {
		m.keepShort(b, uint32(b.u(38, 2)), 80, 75)
		m.sent.lacks = false
	} else {
		m.sent = sent{spare: uint32(b.u(38, 2) | b.u(75, 5)<<2), ends: 80}
	}
}

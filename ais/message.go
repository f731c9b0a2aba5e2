package ais

import (
	"time"

	"navicert"
)

// Body is a decoded message, by type:
//
//	1, 2, 3  *PositionA         15      *Interrogation
//	4, 11    *BaseStation       16      *Assignment
//	5        *StaticVoyage      17      *DGNSS
//	6        *AddressedBinary   18      *PositionB
//	7, 13    *Acknowledge       19      *ExtendedB
//	8        *BroadcastBinary   20      *LinkManagement
//	9        *Aircraft          21      *Aid
//	10       *Inquiry           22      *Channels
//	12       *SafetyAddressed   23      *Group
//	14       *SafetyBroadcast   24      *StaticB
//	25, 26   *SlotBinary        27      *LongRange
type Body interface {
	// Head returns the message's type and sender.
	Head() *Header
	// decode reads the fields; the payload has the length that minBits asks for.
	decode(*Bits)
	// appendFields appends the fields behind the header as JSON members.
	appendFields([]byte) []byte
	// layout shows the visitor the fields behind the header.
	layout(visitor)
}

// Message is one message as it was received. It belongs to the Reader, with
// all it refers to, and holds until the next call of Next.
type Message struct {
	Body    Body
	Bits    *Bits
	Channel byte  // as sent: 'A', 'B', '1', …; 0 is not named
	Own     bool  // VDO: sent by the receiving station itself
	Offset  int64 // byte offset of the first sentence's ! in the (unpacked) stream

	check  secondCheck
	stamp  *stamp
	reader *Reader
	slot   *slot  // of a message of several parts
	raw    []byte // of one of a single part
}

// Time returns the time of reception in UTC and where it was read from; the
// zero time and "" when it is unknown.
func (m *Message) Time() (time.Time, navicert.TimeFrom) {
	if m.stamp.from == fromNone {
		return time.Time{}, ""
	}
	return time.Unix(0, m.stamp.time).UTC(), timeFrom[m.stamp.from]
}

// TimeCheck says whether the time of reception agrees with the UTC second that
// the message itself holds.
func (m *Message) TimeCheck() navicert.TimeCheck { return timeChecks[m.check] }

// TagUnverified reports whether the tag block that time and station may come
// from has a wrong checksum.
func (m *Message) TagUnverified() bool { return m.stamp.unverified }

// Station returns the name of the receiving station, "" when it is unknown.
func (m *Message) Station() string { return m.reader.intern(m.stamp.stationName()) }

// Parts returns the number of sentences.
func (m *Message) Parts() int {
	if m.slot == nil {
		return 1
	}
	return int(m.slot.parts)
}

// Part returns a sentence as it was received, from ! to the checksum, without
// tag block and suffix; i counts from 0.
func (m *Message) Part(i int) []byte {
	if m.slot == nil {
		return m.raw
	}
	return m.slot.part(i)
}

// minBits is the length of the shortest message of each type that is worth
// reading; a longer one may still lack fields at its end. Ships send shorter
// messages than ITU-R M.1371-5 tells them to (docs/ais.md).
var minBits = [28]int16{
	1: 149, 2: 149, 3: 149, 4: 168, 5: 420, 6: 88, 7: 70, 8: 56, 9: 168, 10: 70, 11: 168, 12: 72, 13: 70, 14: 40,
	15: 88, 16: 92, 17: 75, 18: 148, 19: 306, 20: 70, 21: 271, 22: 145, 23: 154, 24: 160, 25: 40, 26: 60, 27: 95,
}

// bodies holds one message of each type, for decoding without allocation.
type bodies struct {
	positionA       PositionA
	baseStation     BaseStation
	staticVoyage    StaticVoyage
	addressedBinary AddressedBinary
	acknowledge     Acknowledge
	broadcastBinary BroadcastBinary
	aircraft        Aircraft
	inquiry         Inquiry
	safetyAddressed SafetyAddressed
	safetyBroadcast SafetyBroadcast
	interrogation   Interrogation
	assignment      Assignment
	dgnss           DGNSS
	positionB       PositionB
	extendedB       ExtendedB
	linkManagement  LinkManagement
	aid             Aid
	channels        Channels
	group           Group
	staticB         StaticB
	slotBinary      SlotBinary
	longRange       LongRange
}

// decode reads a payload. It fails with Short or UnknownType.
func (d *bodies) decode(b *Bits) (Body, Reason) {
	if b.n < 6 {
		return nil, Short
	}
	t := int(b.u(0, 6))
	if t == 0 || t >= len(minBits) {
		return nil, UnknownType
	}
	if b.n < int(minBits[t]) {
		return nil, Short
	}
	switch t {
	case 1, 2, 3: // nine messages of ten: without the call through the interface
		d.positionA.decode(b)
		return &d.positionA, used
	}
	body := d.body(t)
	body.decode(b)
	return body, used
}

func (d *bodies) body(t int) Body {
	switch t {
	case 1, 2, 3:
		return &d.positionA
	case 4, 11:
		return &d.baseStation
	case 5:
		return &d.staticVoyage
	case 6:
		return &d.addressedBinary
	case 7, 13:
		return &d.acknowledge
	case 8:
		return &d.broadcastBinary
	case 9:
		return &d.aircraft
	case 10:
		return &d.inquiry
	case 12:
		return &d.safetyAddressed
	case 14:
		return &d.safetyBroadcast
	case 15:
		return &d.interrogation
	case 16:
		return &d.assignment
	case 17:
		return &d.dgnss
	case 18:
		return &d.positionB
	case 19:
		return &d.extendedB
	case 20:
		return &d.linkManagement
	case 21:
		return &d.aid
	case 22:
		return &d.channels
	case 23:
		return &d.group
	case 24:
		return &d.staticB
	case 27:
		return &d.longRange
	}
	return &d.slotBinary
}

// Decode reads a payload, such as [ParseBits] makes. The error says that it is
// too short for its type or of a type that does not exist.
func Decode(b *Bits) (Body, error) {
	var d bodies
	body, why := d.decode(b)
	if why != used {
		return nil, navicert.Errorf(navicert.Invalid, "AIS message", "", "%s: type %d, %d bits", why, b.Uint(0, 6), b.n)
	}
	return body, nil
}

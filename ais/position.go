package ais

import "navicert"

// Header begins every message.
type Header struct {
	Type   uint8
	Repeat uint8 // how often it has been repeated, 0 to 3
	MMSI   navicert.MMSI

	sent sent // what was received beside the fields
}

// Head returns the header.
func (h *Header) Head() *Header { return h }

func (h *Header) decode(b *Bits) {
	w := b.u(0, 38)
	h.Type, h.Repeat, h.MMSI = uint8(w>>32), uint8(w>>30)&3, navicert.MMSI(w&(1<<30-1))
}

// PositionA is a class A position report, types 1, 2 and 3.
type PositionA struct {
	Header
	Status   Status
	Turn     Turn
	Speed    Speed
	Accuracy bool // better than 10 m
	Lon      Lon
	Lat      Lat
	Course   Course
	Heading  Heading
	Second   Second
	Maneuver uint8
	RAIM     bool
	Radio    navicert.Opt[uint32] // communication state
}

// NewPositionA returns a type 1 report in which nothing but the MMSI is known.
func NewPositionA(mmsi navicert.MMSI) PositionA {
	return PositionA{
		Header: Header{Type: 1, MMSI: mmsi},
		Status: StatusUnknown, Turn: TurnUnknown, Speed: SpeedUnknown, Lon: LonUnknown, Lat: LatUnknown,
		Course: CourseUnknown, Heading: HeadingUnknown, Second: SecondUnknown,
	}
}

// Position returns where the ship is.
func (m *PositionA) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *PositionA) decode(b *Bits) {
	m.Header.decode(b)
	m.Status, m.Turn, m.Speed = Status(b.u(38, 4)), Turn(b.s(42, 8)), Speed(b.u(50, 10))
	m.Accuracy, m.Lon, m.Lat = b.flag(60), Lon(b.s(61, 28)), Lat(b.s(89, 27))
	m.Course, m.Heading, m.Second = Course(b.u(116, 12)), Heading(b.u(128, 9)), Second(b.u(137, 6))
	m.Maneuver, m.RAIM = uint8(b.u(143, 2)), b.flag(148)
	m.Radio = b.radio(149, 19)
	if spare := uint32(b.u(145, 3)); b.n == 168 {
		m.sent = sent{spare: spare, ends: 168}
	} else {
		m.keepShort(b, spare, 168, 149)
	}
}

// radio reads the communication state, which short messages lack.
func (b *Bits) radio(off, width int) navicert.Opt[uint32] {
	if !b.has(off, width) {
		return navicert.Opt[uint32]{}
	}
	return navicert.Some(uint32(b.u(uint(off), uint(width))))
}

// PositionB is a class B position report, type 18.
type PositionB struct {
	Header
	Reserved  uint8
	Speed     Speed
	Accuracy  bool // better than 10 m
	Lon       Lon
	Lat       Lat
	Course    Course
	Heading   Heading
	Second    Second
	Regional  uint8
	CS        bool // carrier sense unit, not SOTDMA
	Display   bool
	DSC       bool
	Band      bool
	Message22 bool
	Assigned  bool
	RAIM      bool
	Radio     navicert.Opt[uint32] // communication state with its selector
}

// NewPositionB returns a report in which nothing but the MMSI is known.
func NewPositionB(mmsi navicert.MMSI) PositionB {
	return PositionB{
		Header: Header{Type: 18, MMSI: mmsi},
		Speed:  SpeedUnknown, Lon: LonUnknown, Lat: LatUnknown, Course: CourseUnknown, Heading: HeadingUnknown,
		Second: SecondUnknown, CS: true, DSC: true, Band: true, Message22: true,
	}
}

// Position returns where the ship is.
func (m *PositionB) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *PositionB) decode(b *Bits) {
	m.Header.decode(b)
	m.Reserved, m.Speed, m.Accuracy = uint8(b.u(38, 8)), Speed(b.u(46, 10)), b.flag(56)
	m.Lon, m.Lat = Lon(b.s(57, 28)), Lat(b.s(85, 27))
	m.Course, m.Heading, m.Second = Course(b.u(112, 12)), Heading(b.u(124, 9)), Second(b.u(133, 6))
	m.Regional = uint8(b.u(139, 2))
	m.CS, m.Display, m.DSC, m.Band = b.flag(141), b.flag(142), b.flag(143), b.flag(144)
	m.Message22, m.Assigned, m.RAIM = b.flag(145), b.flag(146), b.flag(147)
	m.Radio = b.radio(148, 20)
	m.keepShort(b, 0, 168, 148)
}

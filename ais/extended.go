package ais

import "navicert"

// ExtendedB is a class B extended position report with static data, type 19.
type ExtendedB struct {
	Header
	Reserved uint8
	Speed    Speed
	Accuracy bool // better than 10 m
	Lon      Lon
	Lat      Lat
	Course   Course
	Heading  Heading
	Second   Second
	Regional uint8
	ShipName Text
	ShipType ShipType
	Dim      Dimensions
	EPFD     EPFD
	RAIM     bool
	DTE      navicert.Opt[bool] // true: no data terminal
	Assigned navicert.Opt[bool]
}

// Position returns where the ship is.
func (m *ExtendedB) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *ExtendedB) decode(b *Bits) {
	m.Header.decode(b)
	m.Reserved, m.Speed, m.Accuracy = uint8(b.u(38, 8)), Speed(b.u(46, 10)), b.flag(56)
	m.Lon, m.Lat = Lon(b.s(57, 28)), Lat(b.s(85, 27))
	m.Course, m.Heading, m.Second = Course(b.u(112, 12)), Heading(b.u(124, 9)), Second(b.u(133, 6))
	m.Regional, m.ShipName, m.ShipType = uint8(b.u(139, 4)), b.text(143, 20), ShipType(b.u(263, 8))
	m.Dim, m.EPFD, m.RAIM = b.dimensions(271), EPFD(b.u(301, 4)), b.flag(305)
	m.DTE, m.Assigned = b.optFlag(306), b.optFlag(307)
	m.keepShort(b, 0, 308, 307, 306)
}

// Aircraft is the position of a search and rescue aircraft, type 9.
type Aircraft struct {
	Header
	Alt      uint16 // metres; 4094 stands for that or more, 4095 is unknown
	Speed    WholeKnots
	Accuracy bool // better than 10 m
	Lon      Lon
	Lat      Lat
	Course   Course
	Second   Second
	Regional uint8
	DTE      bool // true: no data terminal
	Assigned bool
	RAIM     bool
	Radio    uint32 // communication state with its selector
}

// Altitude returns the altitude in metres.
func (m *Aircraft) Altitude() navicert.Opt[float64] {
	if m.Alt == 4095 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(m.Alt))
}

// Position returns where the aircraft is.
func (m *Aircraft) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *Aircraft) decode(b *Bits) {
	m.Header.decode(b)
	m.Alt, m.Speed, m.Accuracy = uint16(b.u(38, 12)), WholeKnots(b.u(50, 10)), b.flag(60)
	m.Lon, m.Lat, m.Course = Lon(b.s(61, 28)), Lat(b.s(89, 27)), Course(b.u(116, 12))
	m.Second, m.Regional = Second(b.u(128, 6)), uint8(b.u(134, 8))
	m.DTE, m.Assigned, m.RAIM, m.Radio = b.flag(142), b.flag(146), b.flag(147), uint32(b.u(148, 20))
	m.keep(b, 168, uint32(b.u(143, 3)))
}

// LongRange is a position report for reception by satellite, type 27.
type LongRange struct {
	Header
	Accuracy bool // better than 10 m
	RAIM     bool
	Status   Status
	Lon      CoarseLon
	Lat      CoarseLat
	Speed    uint8  // knots; 63 is unknown
	Course   uint16 // degrees; 511 is unknown and 360 to 510 are not used
	GNSS     bool   // the position is older than 5 s
}

// Position returns where the ship is, to a tenth of a minute.
func (m *LongRange) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

// Knots returns the speed over ground.
func (m *LongRange) Knots() navicert.Opt[float64] {
	if m.Speed >= 63 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(m.Speed))
}

// CourseDegrees returns the course over ground, from true north.
func (m *LongRange) CourseDegrees() navicert.Opt[float64] {
	return Heading(m.Course).Degrees()
}

func (m *LongRange) decode(b *Bits) {
	m.Header.decode(b)
	m.Accuracy, m.RAIM, m.Status = b.flag(38), b.flag(39), Status(b.u(40, 4))
	m.Lon, m.Lat = CoarseLon(b.s(44, 18)), CoarseLat(b.s(62, 17))
	m.Speed, m.Course, m.GNSS = uint8(b.u(79, 6)), uint16(b.u(85, 9)), b.flag(94)
	m.keep(b, 95, 0)
}

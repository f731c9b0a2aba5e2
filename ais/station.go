package ais

import (
	"time"

	"navicert"
)

// BaseStation is a base station report, type 4, or a ship's answer to a UTC
// inquiry, type 11: a full date and time with a position.
type BaseStation struct {
	Header
	Year     uint16 // 0 is unknown
	Month    uint8  // 0 is unknown
	Day      uint8  // 0 is unknown
	Hour     uint8  // 24 is unknown
	Minute   uint8  // 60 is unknown
	Second   Second // 60 is unknown
	Accuracy bool   // better than 10 m
	Lon      Lon
	Lat      Lat
	EPFD     EPFD
	RAIM     bool
	Radio    uint32 // communication state
}

// UTC returns the time that the station sent; it is unknown unless all its
// parts are there and make a date that exists.
func (m *BaseStation) UTC() navicert.Opt[time.Time] {
	if m.Year == 0 || m.Month < 1 || m.Month > 12 || m.Day < 1 || m.Hour > 23 || m.Minute > 59 || m.Second > 59 {
		return navicert.Opt[time.Time]{}
	}
	t := time.Date(int(m.Year), time.Month(m.Month), int(m.Day), int(m.Hour), int(m.Minute), int(m.Second), 0, time.UTC)
	if t.Day() != int(m.Day) {
		return navicert.Opt[time.Time]{}
	}
	return navicert.Some(t)
}

// Position returns where the station is.
func (m *BaseStation) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *BaseStation) decode(b *Bits) {
	m.Header.decode(b)
	m.Year, m.Month, m.Day = uint16(b.u(38, 14)), uint8(b.u(52, 4)), uint8(b.u(56, 5))
	m.Hour, m.Minute, m.Second = uint8(b.u(61, 5)), uint8(b.u(66, 6)), Second(b.u(72, 6))
	m.Accuracy, m.Lon, m.Lat = b.flag(78), Lon(b.s(79, 28)), Lat(b.s(107, 27))
	m.EPFD, m.RAIM, m.Radio = EPFD(b.u(134, 4)), b.flag(148), uint32(b.u(149, 19))
	m.keep(b, 168, uint32(b.u(138, 10)))
}

// Aid is a report of an aid to navigation, type 21.
type Aid struct {
	Header
	AidType     uint8 // table 74: 0 is unknown, 1-19 fixed, 20-31 floating
	Name        Text  // the first 20 characters; see [Aid.AppendName]
	Accuracy    bool  // better than 10 m
	Lon         Lon
	Lat         Lat
	Dim         Dimensions
	EPFD        EPFD
	Second      Second
	OffPosition bool
	Regional    uint8
	RAIM        bool
	Virtual     bool // there is nothing at the position
	Assigned    bool

	more Data
}

// maxAidName is the length of the longest name: 20 characters and, at the end of
// the message, 14 more.
const maxAidName = 34

// AppendName appends the whole name, which may have up to 34 characters.
func (m *Aid) AppendName(dst []byte) []byte {
	start := len(dst)
	for i := range m.Name.Len() {
		c := m.Name.code(i)
		if c == 0 {
			return trimBlanks(dst, start)
		}
		dst = append(dst, sixBit[c])
	}
	if m.more.bits != nil {
		n := len(dst)
		if rest := m.more.AppendText(dst); len(rest) > n {
			return rest
		}
	}
	return trimBlanks(dst, start)
}

// Position returns where the aid is.
func (m *Aid) Position() navicert.Opt[navicert.Position] {
	return position(m.Lat.Degrees(), m.Lon.Degrees())
}

func (m *Aid) decode(b *Bits) {
	m.Header.decode(b)
	m.AidType, m.Name, m.Accuracy = uint8(b.u(38, 5)), b.text(43, 20), b.flag(163)
	m.Lon, m.Lat, m.Dim = Lon(b.s(164, 28)), Lat(b.s(192, 27)), b.dimensions(219)
	m.EPFD, m.Second = EPFD(b.u(249, 4)), Second(b.u(253, 6))
	m.OffPosition, m.Regional, m.RAIM = b.flag(259), uint8(b.u(260, 8)), b.flag(268)
	m.Virtual, m.Assigned = b.flag(269), b.flag(270)
	m.more = b.data(272, b.n)
	if b.n < 272 {
		m.keepShort(b, 0, 272, 271)
		m.sent.lacks = false
	} else {
		m.sent = sent{spare: uint32(b.u(271, 1)), ends: 272}
	}
}

package ais

import "navicert"

// ShipIMO is an IMO number as it was sent; 0 is unknown. About one in twenty is
// no IMO number at all.
type ShipIMO uint32

// Number returns the IMO number; it is unknown when the check digit is wrong.
func (v ShipIMO) Number() navicert.Opt[navicert.IMO] {
	if n := navicert.IMO(v); n.Valid() {
		return navicert.Some(n)
	}
	return navicert.Opt[navicert.IMO]{}
}

// StaticVoyage is a class A ship's static and voyage related data, type 5.
type StaticVoyage struct {
	Header
	Version     uint8 // edition of M.1371 that the set follows
	IMO         ShipIMO
	CallSign    Text
	ShipName    Text
	ShipType    ShipType
	Dim         Dimensions
	EPFD        EPFD
	ETA         ETA
	Draught     Draught
	Destination Text
	DTE         navicert.Opt[bool] // true: no data terminal
}

// NewStaticVoyage returns a report in which nothing but the MMSI is known.
func NewStaticVoyage(mmsi navicert.MMSI) StaticVoyage {
	return StaticVoyage{
		Header: Header{Type: 5, MMSI: mmsi}, ETA: etaUnknown,
		CallSign: MakeText("", 7), ShipName: MakeText("", 20), Destination: MakeText("", 20),
	}
}

func (m *StaticVoyage) decode(b *Bits) {
	m.Header.decode(b)
	m.Version, m.IMO = uint8(b.u(38, 2)), ShipIMO(b.u(40, 30))
	m.CallSign, m.ShipName, m.ShipType = b.text(70, 7), b.text(112, 20), ShipType(b.u(232, 8))
	m.Dim, m.EPFD, m.ETA = b.dimensions(240), EPFD(b.u(270, 4)), b.eta(274)
	m.Draught, m.Destination = Draught(b.u(294, 8)), b.text(302, 20)
	m.DTE = b.optFlag(422)
	m.keepShort(b, 0, 423, 422, 416)
}

// Parts of a type 24 message.
const (
	PartA = 0
	PartB = 1
)

// StaticB is one part of a class B ship's static data, type 24. Part A holds
// the name only, part B the rest.
type StaticB struct {
	Header
	Part     uint8 // PartA or PartB; parts 2 and 3 are not used, and of them nothing is read
	ShipName Text  // part A

	// Part B. Old sets send Vendor, Model and Serial as seven characters.
	ShipType   ShipType
	Vendor     Text // three characters
	Model      uint8
	Serial     uint32
	CallSign   Text
	Dim        Dimensions    // of a ship
	MotherShip navicert.MMSI // of a craft, MMSI 98MIDxxxx, in place of Dim
	Spare      navicert.Opt[uint8]
}

// NewStaticB returns a part in which nothing but the MMSI is known.
func NewStaticB(mmsi navicert.MMSI, part uint8) StaticB {
	return StaticB{
		Header: Header{Type: 24, MMSI: mmsi}, Part: part,
		ShipName: MakeText("", 20), Vendor: MakeText("", 3), CallSign: MakeText("", 7),
	}
}

func (m *StaticB) decode(b *Bits) {
	*m = StaticB{}
	m.Header.decode(b)
	m.Part = uint8(b.u(38, 2))
	switch m.Part {
	case PartA:
		m.ShipName = b.text(40, 20)
		m.keep(b, 160, 0)
		return
	case PartB:
	default:
		m.keep(b, 40, 0)
		return
	}
	m.ShipType, m.Vendor = ShipType(b.u(40, 8)), b.text(48, 3)
	m.Model, m.Serial = uint8(b.u(66, 4)), uint32(b.u(70, 20))
	m.CallSign = b.text(90, 7)
	if m.MMSI.Kind() == navicert.MMSICraft {
		if b.has(132, 30) {
			m.MotherShip = navicert.MMSI(b.u(132, 30))
		}
		m.keepShort(b, 0, 168, 162, 132)
		m.sent.lacks = b.n < 162
	} else {
		m.Dim = b.dimensions(132)
		m.keepShort(b, 0, 168, 162, 156)
		m.sent.lacks = b.n < 162
	}
	if b.has(162, 6) {
		m.Spare = navicert.Some(uint8(b.u(162, 6)))
	}
}

// dimensions reads four distances; those that are not there stay 0, unknown.
func (b *Bits) dimensions(off uint) Dimensions {
	w := b.u(off, 30)
	if n := b.n - int(off); n < 30 {
		w &= ^uint64(0) << dimensionsCut(n)
	}
	return Dimensions{Bow: uint16(w >> 21), Stern: uint16(w>>12) & 511, Port: uint8(w>>6) & 63, Starboard: uint8(w) & 63}
}

// dimensionsCut returns how many low bits of the 30 hold fields that are not
// there in full, when only n of them were sent.
func dimensionsCut(n int) uint {
	switch {
	case n >= 24:
		return 6
	case n >= 18:
		return 12
	case n >= 9:
		return 21
	}
	return 30
}

func (b *Bits) eta(off uint) ETA {
	w := b.u(off, 20)
	return ETA{Month: uint8(w >> 16), Day: uint8(w>>11) & 31, Hour: uint8(w>>6) & 31, Minute: uint8(w) & 63}
}

func (b *Bits) optFlag(off int) navicert.Opt[bool] {
	if !b.has(off, 1) {
		return navicert.Opt[bool]{}
	}
	return navicert.Some(b.flag(uint(off)))
}

// putTextOf appends a field of n characters, filling or cutting t.
func (b *Bits) putTextOf(t Text, n int) {
	for i := range n {
		if i < int(t.n) {
			b.put(6, uint64(t.code(i)))
		} else {
			b.put(6, 0)
		}
	}
}

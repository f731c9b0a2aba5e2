package ais

import "navicert"

// Acknowledge acknowledges addressed binary messages, type 7, or addressed
// safety related ones, type 13: one to four of them.
type Acknowledge struct {
	Header
	N    int // how many of Acks are there
	Acks [4]Ack
}

// Ack is one acknowledgement. A message may end before the sequence number of
// its last one.
type Ack struct {
	Dest  navicert.MMSI
	SeqNo navicert.Opt[uint8]
}

func (m *Acknowledge) decode(b *Bits) {
	*m = Acknowledge{}
	m.Header.decode(b)
	for off := 40; m.N < len(m.Acks) && b.has(off, 30); off += 32 {
		a := &m.Acks[m.N]
		a.Dest = navicert.MMSI(b.u(uint(off), 30))
		if b.has(off+30, 2) {
			a.SeqNo = navicert.Some(uint8(b.u(uint(off)+30, 2)))
		}
		m.N++
	}
	end := 40 + 32*m.N
	m.keepShort(b, uint32(b.u(38, 2)), end, end-2)
}

// Inquiry asks a station for the time, type 10.
type Inquiry struct {
	Header
	Dest navicert.MMSI
}

func (m *Inquiry) decode(b *Bits) {
	m.Header.decode(b)
	m.Dest = navicert.MMSI(b.u(40, 30))
	m.keep(b, 70, uint32(b.u(38, 2)))
}

// Interrogation asks one or two stations for messages, type 15: up to two types
// of the first, one of the second.
type Interrogation struct {
	Header
	Dest1   navicert.MMSI
	Asks1   [2]Ask
	Dest2   navicert.MMSI
	Ask2    Ask
	N       int  // how many of Asks1 are there
	HasAsk2 bool // whether Dest2 and Ask2 are there
}

// Ask is a request for one message type in a slot.
type Ask struct {
	Type   uint8
	Offset uint16 // slots
}

func (m *Interrogation) decode(b *Bits) {
	*m = Interrogation{N: 1}
	m.Header.decode(b)
	m.Dest1 = navicert.MMSI(b.u(40, 30))
	m.Asks1[0] = Ask{uint8(b.u(70, 6)), uint16(b.u(76, 12))}
	spare, end := uint32(b.u(38, 2)), 88
	if b.has(90, 18) {
		spare, end = spare|uint32(b.u(88, 2))<<2, 108
		m.N, m.Asks1[1] = 2, Ask{uint8(b.u(90, 6)), uint16(b.u(96, 12))}
	}
	if b.has(110, 48) {
		spare, end = spare|uint32(b.u(108, 2))<<4, 158
		m.HasAsk2, m.Dest2, m.Ask2 = true, navicert.MMSI(b.u(110, 30)), Ask{uint8(b.u(140, 6)), uint16(b.u(146, 12))}
	}
	m.keep(b, end, spare)
}

// Assignment assigns reporting slots to one or two stations, type 16.
type Assignment struct {
	Header
	N       int // how many of Assigns are there
	Assigns [2]Assign
}

// Assign is what one station is assigned.
type Assign struct {
	Dest      navicert.MMSI
	Offset    uint16
	Increment uint16
}

func (m *Assignment) decode(b *Bits) {
	*m = Assignment{}
	m.Header.decode(b)
	for off := 40; m.N < len(m.Assigns) && b.has(off, 52); off += 52 {
		o := uint(off)
		m.Assigns[m.N] = Assign{navicert.MMSI(b.u(o, 30)), uint16(b.u(o+30, 12)), uint16(b.u(o+42, 10))}
		m.N++
	}
	m.keep(b, 40+52*m.N, uint32(b.u(38, 2)))
}

// LinkManagement reserves slots for base stations, type 20: one to four times.
type LinkManagement struct {
	Header
	N            int // how many of Reservations are there
	Reservations [4]Reservation
}

// Reservation is one reservation of slots.
type Reservation struct {
	Offset    uint16 // slots
	Number    uint8  // consecutive slots
	Timeout   uint8  // minutes
	Increment uint16 // slots
}

func (m *LinkManagement) decode(b *Bits) {
	*m = LinkManagement{}
	m.Header.decode(b)
	for off := 40; m.N < len(m.Reservations) && b.has(off, 30); off += 30 {
		o := uint(off)
		m.Reservations[m.N] = Reservation{
			uint16(b.u(o, 12)), uint8(b.u(o+12, 4)), uint8(b.u(o+16, 3)), uint16(b.u(o+19, 11)),
		}
		m.N++
	}
	m.keep(b, 40+30*m.N, uint32(b.u(38, 2)))
}

// Channels tells stations in an area, or two stations, which channels to use,
// type 22.
type Channels struct {
	Header
	ChannelA, ChannelB uint16
	TxRx               uint8
	Power              bool // low power
	Addressed          bool
	Area               Area          // unless Addressed
	Dest1, Dest2       navicert.MMSI // when Addressed
	BandA, BandB       bool
	ZoneSize           uint8
}

// Area is a rectangle between its north-east and south-west corners.
type Area struct {
	NELon CoarseLon
	NELat CoarseLat
	SWLon CoarseLon
	SWLat CoarseLat
}

func (b *Bits) area(off uint) Area {
	return Area{
		CoarseLon(b.s(off, 18)), CoarseLat(b.s(off+18, 17)),
		CoarseLon(b.s(off+35, 18)), CoarseLat(b.s(off+53, 17)),
	}
}

func (m *Channels) decode(b *Bits) {
	*m = Channels{}
	m.Header.decode(b)
	m.ChannelA, m.ChannelB, m.TxRx = uint16(b.u(40, 12)), uint16(b.u(52, 12)), uint8(b.u(64, 4))
	m.Power, m.Addressed = b.flag(68), b.flag(139)
	spare := uint32(b.u(38, 2))
	if m.Addressed {
		m.Dest1, m.Dest2 = navicert.MMSI(b.u(69, 30)), navicert.MMSI(b.u(104, 30))
		spare |= uint32(b.u(99, 5)<<2 | b.u(134, 5)<<7)
	} else {
		m.Area = b.area(69)
	}
	m.BandA, m.BandB, m.ZoneSize = b.flag(140), b.flag(141), uint8(b.u(142, 3))
	m.keep(b, 145, spare)
}

// Group gives orders to the stations in an area, type 23.
type Group struct {
	Header
	Area        Area
	StationType uint8
	ShipType    ShipType
	TxRx        uint8
	Interval    uint8
	Quiet       uint8 // minutes
}

func (m *Group) decode(b *Bits) {
	m.Header.decode(b)
	m.Area, m.StationType, m.ShipType = b.area(40), uint8(b.u(110, 4)), ShipType(b.u(114, 8))
	m.TxRx, m.Interval, m.Quiet = uint8(b.u(144, 2)), uint8(b.u(146, 4)), uint8(b.u(150, 4))
	m.keep(b, 154, uint32(b.u(38, 2)|b.u(122, 22)<<2))
}

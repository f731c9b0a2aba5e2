package ais

import "navicert"

// A visitor is shown the fields of a message in the order sent and returns what
// they are to hold: the same, unless it is one that fills a message in. The
// layout methods below say what the fields are; the decode methods, which are
// written for speed, read the same ones (a test compares the two).
type visitor interface {
	// num is a number of f.width bits.
	num(f field, v int64) int64
	// opt is a number that a short message may lack.
	opt(f field, v int64, there bool) (int64, bool)
	// flag is a truth of one bit.
	flag(name string, v bool) bool
	// text is a field of n six-bit characters.
	text(name string, n int, t Text) Text
	// aidName is an aid's name, aidMore what of it stands at the message's end.
	aidName(m *Aid)
	aidMore(m *Aid)
	// fixed ends the part of fixed length: only bits of any number follow.
	fixed()
	// data is a run of bits, contents one whose meaning may be known, letters
	// one of six-bit characters.
	data(d Data) Data
	contents(m applied, d Data) Data
	letters(d Data) Data
	// clock is a date and time, arrival one without a year.
	clock(m *BaseStation)
	arrival(e ETA) ETA
	// spare is a run of bits without a meaning.
	spare(width int)
	// count asks how often a group is there, of which first is the first
	// field's name up to its number; early asks for a truth that is sent later
	// but decides what stands before it.
	count(first string, most, n int) int
	early(name string, v bool) bool
	// follows asks whether a group is there that begins with a field.
	follows(name string, v bool) bool
	// end closes the message: built by hand, it is filled up to full bits.
	end(full int)
}

// A field is a number's name and how it is sent.
type field struct {
	name    string
	width   int
	form    form
	unknown int64 // what is sent when it is not known
}

// A form is how a number is written in gpsd's scaled form.
type form uint8

const (
	plain        form = iota
	signed            // two's complement, as it is
	truth             // 0 or 1
	tenth             // tenths, with one decimal
	knotTenth         // tenths of a knot; gpsd writes "nan" and "fast"
	navStatus         // gpsd writes type 27's as text
	rateOfTurn        // degrees a minute, or a word
	fineDegree        // 1/10000 minute, signed
	milliDegree       // 1/1000 minute, signed
	coarseDegree      // 1/10 minute, signed
	partLetter        // 0 is "A"
	addScale          // of an application: its field says
)

// isSigned reports whether the number is in two's complement.
func (f *field) isSigned() bool {
	switch f.form {
	case signed, rateOfTurn, fineDegree, milliDegree, coarseDegree:
		return true
	}
	return false
}

// bounds returns the smallest and the largest number that the field can hold.
func (f *field) bounds() (low, high int64) {
	if f.isSigned() {
		return -1 << (f.width - 1), 1<<(f.width-1) - 1
	}
	return 0, 1<<f.width - 1
}

type integer interface {
	~uint8 | ~uint16 | ~uint32 | ~int8 | ~int32
}

// show shows a number and keeps what comes back.
func show[T integer](v visitor, p *T, f field) {
	if n := v.num(f, int64(*p)); n != int64(*p) {
		*p = T(n)
	}
}

func showOpt[T integer](v visitor, p *navicert.Opt[T], f field) {
	was, there := p.Get()
	n, is := v.opt(f, int64(was), there)
	switch {
	case is && (!there || n != int64(was)):
		*p = navicert.Some(T(n))
	case !is && there:
		*p = navicert.Opt[T]{}
	}
}

func showOptFlag(v visitor, p *navicert.Opt[bool], f field) {
	was, there := p.Get()
	n := int64(0)
	if was {
		n = 1
	}
	is := false
	if n, is = v.opt(f, n, there); is {
		*p = navicert.Some(n != 0)
	} else if there {
		*p = navicert.Opt[bool]{}
	}
}

func showFlag(v visitor, p *bool, name string) {
	if f := v.flag(name, *p); f != *p {
		*p = f
	}
}

func showText(v visitor, p *Text, name string, n int) {
	if t := v.text(name, n, *p); t != *p {
		*p = t
	}
}

// unsigned returns a plain number's field; 0 is sent when it is not known.
func unsigned(name string, width int) field { return field{name: name, width: width} }

func (m *PositionA) layout(v visitor) {
	show(v, &m.Status, field{"status", 4, navStatus, int64(StatusUnknown)})
	show(v, &m.Turn, field{"turn", 8, rateOfTurn, int64(TurnUnknown)})
	showMotion(v, &m.Speed, &m.Accuracy, &m.Lon, &m.Lat, &m.Course, &m.Heading, &m.Second)
	show(v, &m.Maneuver, unsigned("maneuver", 2))
	v.spare(3)
	showFlag(v, &m.RAIM, "raim")
	showOpt(v, &m.Radio, unsigned("radio", 19))
	v.fixed()
	v.end(168)
}

// showMotion shows what position reports of ships share, from speed to second.
func showMotion(v visitor, speed *Speed, accuracy *bool, lon *Lon, lat *Lat, course *Course, heading *Heading, second *Second) {
	show(v, speed, field{"speed", 10, knotTenth, int64(SpeedUnknown)})
	showFlag(v, accuracy, "accuracy")
	showPlace(v, lon, lat)
	show(v, course, field{"course", 12, tenth, int64(CourseUnknown)})
	show(v, heading, field{"heading", 9, plain, int64(HeadingUnknown)})
	show(v, second, field{"second", 6, plain, int64(SecondUnknown)})
}

func showPlace(v visitor, lon *Lon, lat *Lat) {
	show(v, lon, field{"lon", 28, fineDegree, int64(LonUnknown)})
	show(v, lat, field{"lat", 27, fineDegree, int64(LatUnknown)})
}

func showCoarse(v visitor, prefix string, lon *CoarseLon, lat *CoarseLat) {
	show(v, lon, field{prefix + "lon", 18, coarseDegree, 181 * 600})
	show(v, lat, field{prefix + "lat", 17, coarseDegree, 91 * 600})
}

func showDimensions(v visitor, d *Dimensions) {
	show(v, &d.Bow, unsigned("to_bow", 9))
	show(v, &d.Stern, unsigned("to_stern", 9))
	show(v, &d.Port, unsigned("to_port", 6))
	show(v, &d.Starboard, unsigned("to_starboard", 6))
}

func (m *PositionB) layout(v visitor) {
	show(v, &m.Reserved, unsigned("reserved", 8))
	showMotion(v, &m.Speed, &m.Accuracy, &m.Lon, &m.Lat, &m.Course, &m.Heading, &m.Second)
	show(v, &m.Regional, unsigned("regional", 2))
	showFlag(v, &m.CS, "cs")
	showFlag(v, &m.Display, "display")
	showFlag(v, &m.DSC, "dsc")
	showFlag(v, &m.Band, "band")
	showFlag(v, &m.Message22, "msg22")
	showFlag(v, &m.Assigned, "assigned")
	showFlag(v, &m.RAIM, "raim")
	showOpt(v, &m.Radio, unsigned("radio", 20))
	v.fixed()
	v.end(168)
}

func (m *ExtendedB) layout(v visitor) {
	show(v, &m.Reserved, unsigned("reserved", 8))
	showMotion(v, &m.Speed, &m.Accuracy, &m.Lon, &m.Lat, &m.Course, &m.Heading, &m.Second)
	show(v, &m.Regional, unsigned("regional", 4))
	showText(v, &m.ShipName, "shipname", 20)
	show(v, &m.ShipType, unsigned("shiptype", 8))
	showDimensions(v, &m.Dim)
	show(v, &m.EPFD, unsigned("epfd", 4))
	showFlag(v, &m.RAIM, "raim")
	showOptFlag(v, &m.DTE, unsigned("dte", 1))
	showOptFlag(v, &m.Assigned, field{"assigned", 1, truth, 0})
	v.fixed()
	v.end(312)
}

func (m *Aircraft) layout(v visitor) {
	show(v, &m.Alt, field{"alt", 12, plain, 4095})
	show(v, &m.Speed, field{"speed", 10, plain, 1023})
	showFlag(v, &m.Accuracy, "accuracy")
	showPlace(v, &m.Lon, &m.Lat)
	show(v, &m.Course, field{"course", 12, tenth, int64(CourseUnknown)})
	show(v, &m.Second, field{"second", 6, plain, int64(SecondUnknown)})
	show(v, &m.Regional, unsigned("regional", 8))
	showFlag(v, &m.DTE, "dte")
	v.spare(3)
	showFlag(v, &m.Assigned, "assigned")
	showFlag(v, &m.RAIM, "raim")
	show(v, &m.Radio, unsigned("radio", 20))
	v.fixed()
	v.end(168)
}

func (m *LongRange) layout(v visitor) {
	showFlag(v, &m.Accuracy, "accuracy")
	showFlag(v, &m.RAIM, "raim")
	show(v, &m.Status, field{"status", 4, navStatus, int64(StatusUnknown)})
	showCoarse(v, "", &m.Lon, &m.Lat)
	show(v, &m.Speed, field{"speed", 6, plain, 63})
	show(v, &m.Course, field{"course", 9, plain, 511})
	showFlag(v, &m.GNSS, "gnss")
	v.fixed()
	v.end(96)
}

func (m *BaseStation) layout(v visitor) {
	v.clock(m)
	showFlag(v, &m.Accuracy, "accuracy")
	showPlace(v, &m.Lon, &m.Lat)
	show(v, &m.EPFD, unsigned("epfd", 4))
	v.spare(10)
	showFlag(v, &m.RAIM, "raim")
	show(v, &m.Radio, unsigned("radio", 19))
	v.fixed()
	v.end(168)
}

func (m *StaticVoyage) layout(v visitor) {
	show(v, &m.Version, unsigned("ais_version", 2))
	show(v, &m.IMO, unsigned("imo", 30))
	showText(v, &m.CallSign, "callsign", 7)
	showText(v, &m.ShipName, "shipname", 20)
	show(v, &m.ShipType, unsigned("shiptype", 8))
	showDimensions(v, &m.Dim)
	show(v, &m.EPFD, unsigned("epfd", 4))
	if e := v.arrival(m.ETA); e != m.ETA {
		m.ETA = e
	}
	show(v, &m.Draught, field{"draught", 8, tenth, 0})
	showText(v, &m.Destination, "destination", 20)
	showOptFlag(v, &m.DTE, unsigned("dte", 1))
	v.fixed()
	v.end(424)
}

func (m *StaticB) layout(v visitor) {
	show(v, &m.Part, field{"part", 2, partLetter, 0})
	switch m.Part {
	case PartA:
		showText(v, &m.ShipName, "shipname", 20)
		v.fixed()
		v.end(168)
		return
	case PartB:
	default:
		v.fixed()
		v.end(168)
		return
	}
	show(v, &m.ShipType, unsigned("shiptype", 8))
	showText(v, &m.Vendor, "vendorid", 3)
	show(v, &m.Model, unsigned("model", 4))
	show(v, &m.Serial, unsigned("serial", 20))
	showText(v, &m.CallSign, "callsign", 7)
	if m.MMSI.Kind() == navicert.MMSICraft {
		show(v, &m.MotherShip, unsigned("mothership_mmsi", 30))
	} else {
		showDimensions(v, &m.Dim)
	}
	showOpt(v, &m.Spare, field{"", 6, plain, 0})
	v.fixed()
	v.end(168)
}

func (m *Aid) layout(v visitor) {
	show(v, &m.AidType, unsigned("aid_type", 5))
	v.aidName(m)
	showFlag(v, &m.Accuracy, "accuracy")
	showPlace(v, &m.Lon, &m.Lat)
	showDimensions(v, &m.Dim)
	show(v, &m.EPFD, unsigned("epfd", 4))
	show(v, &m.Second, field{"second", 6, plain, int64(SecondUnknown)})
	showFlag(v, &m.OffPosition, "off_position")
	show(v, &m.Regional, unsigned("regional", 8))
	showFlag(v, &m.RAIM, "raim")
	showFlag(v, &m.Virtual, "virtual_aid")
	showFlag(v, &m.Assigned, "assigned")
	v.spare(1)
	v.fixed()
	v.aidMore(m)
	v.end(272)
}

func (m *AddressedBinary) layout(v visitor) {
	show(v, &m.SeqNo, unsigned("seqno", 2))
	show(v, &m.Dest, unsigned("dest_mmsi", 30))
	showFlag(v, &m.Retransmit, "retransmit")
	v.spare(1)
	show(v, &m.DAC, unsigned("dac", 10))
	show(v, &m.FID, unsigned("fid", 6))
	v.fixed()
	m.Data = v.contents(m, m.Data)
	v.end(0)
}

func (m *BroadcastBinary) layout(v visitor) {
	v.spare(2)
	show(v, &m.DAC, unsigned("dac", 10))
	show(v, &m.FID, unsigned("fid", 6))
	v.fixed()
	m.Data = v.contents(m, m.Data)
	v.end(0)
}

func (m *SlotBinary) layout(v visitor) {
	showFlag(v, &m.Addressed, "addressed")
	showFlag(v, &m.Structured, "structured")
	if m.Addressed {
		show(v, &m.Dest, unsigned("dest_mmsi", 30))
	}
	if m.Structured {
		showOpt(v, &m.App, unsigned("app_id", 16))
	}
	v.fixed()
	m.Data = v.data(m.Data)
	if m.Type == 26 {
		showOpt(v, &m.Radio, unsigned("radio", 20))
	}
	v.end(0)
}

func (m *SafetyAddressed) layout(v visitor) {
	show(v, &m.SeqNo, unsigned("seqno", 2))
	show(v, &m.Dest, unsigned("dest_mmsi", 30))
	showFlag(v, &m.Retransmit, "retransmit")
	v.spare(1)
	v.fixed()
	m.Text = v.letters(m.Text)
	v.end(0)
}

func (m *SafetyBroadcast) layout(v visitor) {
	v.spare(2)
	v.fixed()
	m.Text = v.letters(m.Text)
	v.end(0)
}

func (m *DGNSS) layout(v visitor) {
	v.spare(2)
	showCoarse(v, "", &m.Lon, &m.Lat)
	v.spare(5)
	v.fixed()
	m.Data = v.data(m.Data)
	v.end(80)
}

// applied is a message whose content may have a known layout.
type applied interface {
	Body
	Application() (Application, bool)
	identifier() (dac uint16, fid uint8)
}

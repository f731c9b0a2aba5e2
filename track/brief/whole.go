package brief

import (
	"time"

	"navicert"
	"navicert/track/state"
)

// Whole is all of a fix in less than half of its memory, for detectors that hold one
// of many vessels: [Names.Pack] makes it, [Names.Unpack] gives the fix back as it was,
// its time in UTC. The zero Whole is none.
type Whole struct {
	At                     int64 // nanoseconds since 1970
	Pos                    navicert.Position
	speed, course, heading float64
	offset, line           int64
	others                 navicert.Stations
	mmsi                   navicert.MMSI
	origin                 uint32 // a number in Names
	receptions             int32
	manner                 uint16 // also
	flags                  uint16
	status                 navicert.NavStatus
}

// The flags of a Whole that no Fix has; those it has are the same.
const (
	hasHeading uint16 = 1 << (iota + 8)
	isUnverified
	isLongRange
	isAverage
)

// manner is what few fixes of a stream differ in.
type manner struct {
	from  navicert.TimeFrom
	check navicert.TimeCheck
	class navicert.Class
}

// Known reports whether there is a fix.
func (w *Whole) Known() bool { return w.flags&uint16(isFix) != 0 }

// Time is when it was received.
func (w *Whole) Time() time.Time { return time.Unix(0, w.At).UTC() }

// Speed is its speed over ground in knots.
func (w *Whole) Speed() navicert.Opt[float64] { return w.opt(w.speed, uint16(hasSpeed)) }

// Course is its course over ground in degrees.
func (w *Whole) Course() navicert.Opt[float64] { return w.opt(w.course, uint16(hasCourse)) }

// Heading is its heading in degrees.
func (w *Whole) Heading() navicert.Opt[float64] { return w.opt(w.heading, hasHeading) }

func (w *Whole) opt(v float64, flag uint16) navicert.Opt[float64] {
	if w.flags&flag == 0 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(v)
}

// Pack holds a fix.
func (n *Names) Pack(f *navicert.Fix) Whole {
	w := Whole{
		At: f.Time.UnixNano(), Pos: f.Pos, offset: f.Ref.Offset, line: f.Ref.Line, others: f.OtherStations, mmsi: f.MMSI,
		origin: n.number(origin{f.Ref.Source, f.Station}), receptions: int32(f.Receptions),
		manner: n.manner(manner{f.TimeFrom, f.TimeCheck, f.Class}), flags: uint16(isFix),
	}
	flag := func(is bool, flag uint16) {
		if is {
			w.flags |= flag
		}
	}
	var ok bool
	w.speed, ok = f.SpeedKn.Get()
	flag(ok, uint16(hasSpeed))
	w.course, ok = f.CourseDeg.Get()
	flag(ok, uint16(hasCourse))
	w.heading, ok = f.HeadingDeg.Get()
	flag(ok, hasHeading)
	w.status, ok = f.Status.Get()
	flag(ok, uint16(hasStatus))
	flag(f.Simulated, uint16(isSimulated))
	flag(f.TimeUnverified, isUnverified)
	flag(f.LongRange, isLongRange)
	flag(f.Average, isAverage)
	return w
}

// Unpack gives back a fix that was packed with the same names; of none, none.
func (n *Names) Unpack(w *Whole) navicert.Fix {
	if !w.Known() {
		return navicert.Fix{}
	}
	m, from := n.manners[w.manner], n.list[w.origin]
	f := navicert.Fix{
		MMSI: w.mmsi, Time: w.Time(), TimeFrom: m.from, TimeCheck: m.check, TimeUnverified: w.flags&isUnverified != 0, Pos: w.Pos,
		SpeedKn: w.Speed(), CourseDeg: w.Course(), HeadingDeg: w.Heading(),
		Class: m.class, LongRange: w.flags&isLongRange != 0, Average: w.flags&isAverage != 0,
		Station: from.station, OtherStations: w.others, Receptions: int(w.receptions), Simulated: w.flags&uint16(isSimulated) != 0,
		Ref: navicert.Ref{Source: from.source, Offset: w.offset, Line: w.line},
	}
	if w.flags&uint16(hasStatus) != 0 {
		f.Status = navicert.Some(w.status)
	}
	return f
}

// manner numbers what few fixes differ in.
func (n *Names) manner(m manner) uint16 {
	for i := range n.manners {
		if n.manners[i] == m {
			return uint16(i)
		}
	}
	n.manners = append(n.manners, m)
	return uint16(len(n.manners) - 1)
}

// WholeState saves or loads a fix, in the form of the fix itself: the names need not be
// saved for it.
func (n *Names) WholeState(c *state.Coder, w *Whole) {
	var f navicert.Fix
	if !c.Loads() && w.Known() {
		f = n.Unpack(w)
	}
	c.Fix(&f)
	if !c.Loads() {
		return
	}
	if *w = (Whole{}); !f.Time.IsZero() {
		*w = n.Pack(&f)
	}
}

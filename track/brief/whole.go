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
func (n *Names) Pack(f *navicert.Fix) (w Whole) {
	n.Replace(&w, f)
	return w
}

// Replace holds a fix in the place of another, or of none. It is quick when the two
// came the same way, as those of one ship mostly do.
func (n *Names) Replace(w *Whole, f *navicert.Fix) {
	from, how := w.origin, w.manner
	if o := (origin{f.Ref.Source, f.Station}); !w.Known() || n.list[from] != o {
		from = n.number(o)
	}
	if m := (manner{f.TimeFrom, f.TimeCheck, f.Class}); !w.Known() || n.manners[how] != m {
		how = n.manner(m)
	}
	flags := uint16(isFix)
	var ok bool
	if w.speed, ok = f.SpeedKn.Get(); ok {
		flags |= uint16(hasSpeed)
	}
	if w.course, ok = f.CourseDeg.Get(); ok {
		flags |= uint16(hasCourse)
	}
	if w.heading, ok = f.HeadingDeg.Get(); ok {
		flags |= hasHeading
	}
	if w.status, ok = f.Status.Get(); ok {
		flags |= uint16(hasStatus)
	}
	if f.Simulated {
		flags |= uint16(isSimulated)
	}
	if f.TimeUnverified {
		flags |= isUnverified
	}
	if f.LongRange {
		flags |= isLongRange
	}
	if f.Average {
		flags |= isAverage
	}
	w.At, w.Pos, w.offset, w.line, w.others, w.mmsi = f.Time.UnixNano(), f.Pos, f.Ref.Offset, f.Ref.Line, f.OtherStations, f.MMSI
	w.origin, w.receptions, w.manner, w.flags = from, int32(f.Receptions), how, flags
}

// Unpack gives back a fix that was packed with the same names; of none, none.
func (n *Names) Unpack(w *Whole) (f navicert.Fix) {
	n.UnpackTo(&f, w)
	return f
}

// UnpackTo is Unpack in place.
func (n *Names) UnpackTo(f *navicert.Fix, w *Whole) {
	if !w.Known() {
		*f = navicert.Fix{}
		return
	}
	m, from := &n.manners[w.manner], &n.list[w.origin]
	f.MMSI, f.Time, f.TimeFrom, f.TimeCheck, f.TimeUnverified, f.Pos = w.mmsi, w.Time(), m.from, m.check, w.flags&isUnverified != 0, w.Pos
	f.SpeedKn, f.CourseDeg, f.HeadingDeg = w.Speed(), w.Course(), w.Heading()
	f.Status = navicert.Opt[navicert.NavStatus]{}
	if w.flags&uint16(hasStatus) != 0 {
		f.Status = navicert.Some(w.status)
	}
	f.Class, f.LongRange, f.Average = m.class, w.flags&isLongRange != 0, w.flags&isAverage != 0
	f.Station, f.OtherStations, f.Receptions, f.Simulated = from.station, w.others, int(w.receptions), w.flags&uint16(isSimulated) != 0
	f.Ref = navicert.Ref{Source: from.source, Offset: w.offset, Line: w.line}
}

// manner numbers what few fixes differ in.
func (n *Names) manner(m manner) uint16 {
	for i := range n.manners {
		if n.manners[i] == m {
			return uint16(i)
		}
	}
	if len(n.manners) == maxManners-1 {
		m = manner{}
	}
	if len(n.manners) < maxManners {
		n.manners = append(n.manners, m)
	}
	return uint16(len(n.manners) - 1)
}

// maxManners is far more than there are; the last is that of all for which there is
// no room.
const maxManners = 1 << 10

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
		if *w = n.Pack(&f); n.Unpack(w) != f {
			c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a fix is of more sources and receivers than are told apart, or holds what none holds"))
		}
	}
}

// Package brief holds of a fix what names it as evidence, in a few tens of bytes,
// and all of it in a hundred: for the tracker and detectors, which must remember some
// of every vessel.
//
//	var names brief.Names
//	b := names.Of(fix)
//	f := names.Fix(&b)
//	ev.Evidence = append(ev.Evidence, detect.FixEvidence(&f))
package brief

import (
	"time"

	"navicert"
	"navicert/track/state"
)

// Fix is what is held of a fix. The zero Fix is none.
type Fix struct {
	At            int64 // nanoseconds since 1970
	Pos           navicert.Position
	ref           int64  // line, or offset
	origin        uint32 // a number in Names
	speed, course float32
	flags         uint8
	status        navicert.NavStatus
}

const (
	isFix uint8 = 1 << iota
	hasLine
	hasSpeed
	hasCourse
	hasStatus
	isSimulated
)

// Known reports whether there is a fix.
func (b *Fix) Known() bool { return b.flags&isFix != 0 }

// Time is when it was received.
func (b *Fix) Time() time.Time { return time.Unix(0, b.At).UTC() }

// Simulated reports whether it was invented.
func (b *Fix) Simulated() bool { return b.flags&isSimulated != 0 }

// Status is the navigational status that it states.
func (b *Fix) Status() (navicert.NavStatus, bool) { return b.status, b.flags&hasStatus != 0 }

// Of returns what is held of a fix.
func (n *Names) Of(f *navicert.Fix) Fix {
	b := Fix{At: f.Time.UnixNano(), Pos: f.Pos, ref: f.Ref.Offset, flags: isFix, origin: n.number(origin{f.Ref.Source, f.Station})}
	if f.Ref.Line > 0 {
		b.ref, b.flags = f.Ref.Line, b.flags|hasLine
	}
	if v, ok := f.SpeedKn.Get(); ok {
		b.speed, b.flags = float32(v), b.flags|hasSpeed
	}
	if v, ok := f.CourseDeg.Get(); ok {
		b.course, b.flags = float32(v), b.flags|hasCourse
	}
	if v, ok := f.Status.Get(); ok {
		b.status, b.flags = v, b.flags|hasStatus
	}
	if f.Simulated {
		b.flags |= isSimulated
	}
	return b
}

// Fix returns what was held, as a fix. The other receivers of it are not held.
func (n *Names) Fix(b *Fix) navicert.Fix {
	from := n.list[b.origin]
	f := navicert.Fix{Time: b.Time(), Pos: b.Pos, Simulated: b.Simulated(), Ref: navicert.Ref{Source: from.source}, Station: from.station}
	if b.flags&hasLine != 0 {
		f.Ref.Line = b.ref
	} else {
		f.Ref.Offset = b.ref
	}
	if b.flags&hasSpeed != 0 {
		f.SpeedKn = navicert.Some(float64(b.speed))
	}
	if b.flags&hasCourse != 0 {
		f.CourseDeg = navicert.Some(float64(b.course))
	}
	if b.flags&hasStatus != 0 {
		f.Status = navicert.Some(b.status)
	}
	return f
}

// State saves or loads what is held of a fix.
func State(c *state.Coder, b *Fix) {
	state.Int(c, &b.flags)
	if b.flags == 0 {
		if c.Loads() {
			*b = Fix{}
		}
		return
	}
	state.Int(c, &b.At)
	c.Position(&b.Pos)
	state.Int(c, &b.ref)
	originState(c, &b.origin, b.flags)
	c.Float32(&b.speed)
	c.Float32(&b.course)
	state.Int(c, &b.status)
}

// Report is what is held of a static report, or of where any record stands: as of a
// fix, without place and movement. The zero Report is none.
type Report struct {
	At     int64  // nanoseconds since 1970
	ref    int64  // line, or offset
	origin uint32 // a number in Names
	flags  uint8
}

// Time is when it was received.
func (b *Report) Time() time.Time { return time.Unix(0, b.At).UTC() }

// Simulated reports whether it was invented.
func (b *Report) Simulated() bool { return b.flags&isSimulated != 0 }

// OfReport returns what is held of a report.
func (n *Names) OfReport(s *navicert.Static) Report {
	f := n.Of(&navicert.Fix{Time: s.Time, Station: s.Station, Simulated: s.Simulated, Ref: s.Ref})
	return Report{f.At, f.ref, f.origin, f.flags}
}

// Report returns what was held, as a fix of no place.
func (n *Names) Report(b *Report) navicert.Fix {
	return n.Fix(&Fix{At: b.At, ref: b.ref, origin: b.origin, flags: b.flags})
}

// ReportState saves or loads what is held of a report.
func ReportState(c *state.Coder, b *Report) {
	state.Int(c, &b.flags)
	state.Int(c, &b.At)
	state.Int(c, &b.ref)
	originState(c, &b.origin, b.flags)
}

// originState saves or loads the number of one of the names that were loaded last; of
// no record it is none.
func originState(c *state.Coder, o *uint32, flags uint8) {
	state.Int(c, o)
	if none := flags == 0 && *o == 0; c.Loads() && !none && int(*o) >= c.Names() {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a fix is of source and receiver %d, and there are %d", *o, c.Names()))
	}
}

// Names numbers sources and receivers, of which there are few. The zero Names is empty.
type Names struct {
	list    []origin
	numbers map[origin]uint32
	lately  [1 << latelyBits]uint32 // that were asked for, by a glance at the receiver
	manners []manner
	unnamed int
}

// latelyBits is the logarithm of how many are found without a map.
const latelyBits = 4

// origin is where fixes come from.
type origin struct{ source, station string }

func (n *Names) number(from origin) uint32 {
	lately := &n.lately[Glance(from.station)%(1<<latelyBits)]
	if k := *lately; int(k) < len(n.list) && n.list[k] == from {
		return k // as mostly
	}
	i, ok := n.numbers[from]
	if !ok {
		if n.numbers == nil {
			n.numbers = map[origin]uint32{}
		}
		if less := n.fitting(from); less != from {
			n.unnamed++
			return n.number(less)
		}
		i = uint32(len(n.list))
		n.list = append(n.list, from)
		n.numbers[from] = i
	}
	*lately = i
	return i
}

// Glance is a number of a receiver's name that costs next to nothing, by which those
// of a stream mostly differ.
func Glance(name string) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	return uint32(n) + uint32(name[n-1]) + uint32(name[n/2])<<2
}

// maxOrigins is how many pairs of source and receiver are told apart; of the last
// keptForSources the receiver is not named. Receivers say themselves what they are
// called: a stream may give each position another.
const (
	maxOrigins     = 1 << 16
	keptForSources = 1 << 10
)

// Unnamed is how often a receiver or a source was not named any more, for want of room.
func (n *Names) Unnamed() int { return n.unnamed }

// fitting is as which pair one that has no number can have one: as itself, as its
// source alone, or as none.
func (n *Names) fitting(from origin) origin {
	held := len(n.list)
	switch {
	case from == origin{}, held < maxOrigins-keptForSources, from.station == "" && held < maxOrigins-1:
		return from
	case from.station != "":
		return origin{source: from.source}
	}
	return origin{}
}

// State saves or loads the names: before the fixes that need them.
func (n *Names) State(c *state.Coder) {
	c.Mark("names 2")
	state.Slice(c, &n.list, func(c *state.Coder, from *origin) {
		c.String(&from.source)
		c.String(&from.station)
	})
	if c.Loads() && len(n.list) > maxOrigins {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "it names %d pairs of source and receiver: at most %d are told apart", len(n.list), maxOrigins))
	}
	c.SetNames(len(n.list))
	if c.Loads() {
		n.numbers = make(map[origin]uint32, len(n.list))
		for i, from := range n.list {
			n.numbers[from] = uint32(i)
		}
	}
}

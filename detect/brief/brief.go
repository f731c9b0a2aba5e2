// Package brief holds of a fix what names it as evidence, in a few tens of bytes:
// for detectors that must remember one of every vessel.
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
	At              int64 // nanoseconds since 1970
	Pos             navicert.Position
	ref             int64  // line, or offset
	source, station uint32 // numbers in Names
	speed, course   float32
	flags           uint8
	status          navicert.NavStatus
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
	b := Fix{At: f.Time.UnixNano(), Pos: f.Pos, ref: f.Ref.Offset, flags: isFix, source: n.source(f), station: n.station(f)}
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
	f := navicert.Fix{Time: b.Time(), Pos: b.Pos, Simulated: b.Simulated(), Ref: navicert.Ref{Source: n.list[b.source]}, Station: n.list[b.station]}
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
	state.Int(c, &b.source)
	state.Int(c, &b.station)
	c.Float32(&b.speed)
	c.Float32(&b.course)
	state.Int(c, &b.status)
}

// Names numbers the names of sources and receivers, of which there are few. The
// zero Names is empty.
type Names struct {
	list    []string
	numbers map[string]uint32
	last    [2]uint32 // that was asked for, of sources and of receivers
	manners []manner
}

func (n *Names) source(f *navicert.Fix) uint32 { return n.number(f.Ref.Source, &n.last[0]) }

func (n *Names) station(f *navicert.Fix) uint32 { return n.number(f.Station, &n.last[1]) }

func (n *Names) number(name string, last *uint32) uint32 {
	if int(*last) < len(n.list) && n.list[*last] == name {
		return *last // as mostly
	}
	if i, ok := n.numbers[name]; ok {
		*last = i
		return i
	}
	if n.numbers == nil {
		n.numbers = map[string]uint32{}
	}
	i := uint32(len(n.list))
	n.list = append(n.list, name)
	n.numbers[name] = i
	return i
}

// State saves or loads the names: before the fixes that need them.
func (n *Names) State(c *state.Coder) {
	state.Slice(c, &n.list, (*state.Coder).String)
	if c.Loads() {
		n.numbers = make(map[string]uint32, len(n.list))
		for i, name := range n.list {
			n.numbers[name] = uint32(i)
		}
	}
}

package feed

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"navicert"
	"navicert/ais"
)

// nmea is NMEA 0183: AIS sentences with whatever stands around them, as package
// ais reads them.
func nmea() Format {
	return Format{Name: "nmea", Title: "NMEA 0183 sentences with AIS, with or without tag blocks", detect: isNMEA, read: readNMEA}
}

func isNMEA(head []byte, whole bool) bool {
	if line, _, ok := bytes.Cut(head, []byte{'\n'}); len(line) > 0 && line[0] == '{' && !ok && !whole {
		return false // sentences in JSON are another format's, which needs the whole line
	}
	for rest := head; ; {
		i := bytes.IndexByte(rest, '!')
		if i < 0 {
			break
		}
		if rest = rest[i+1:]; len(rest) >= 6 && (string(rest[2:6]) == "VDM," || string(rest[2:6]) == "VDO,") {
			return true
		}
	}
	if whole && len(bytes.TrimSpace(head)) == 0 {
		return true // nothing, and nothing wrong
	}
	// A log may begin with much else that an instrument says.
	line, _, ok := bytes.Cut(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), []byte{'\n'})
	return ok && len(line) > 0 && (line[0] == '$' || line[0] == '\\' || line[0] == '!')
}

// nmeaReader turns messages into reports.
type nmeaReader struct {
	o      Options
	sink   Sink
	stats  Stats
	fix    navicert.Fix
	static navicert.Static
	ref    func(offset int64) navicert.Ref // where a sentence stands that was taken out of something else; nil: there

	unique *unique      // nil: every reception is reported
	m      *ais.Message // the one at hand
	used   bool         // it made a report
	again  bool         // a report that it made had been received before

	// Counted by the million, and so not in a Tally until the end.
	noTime, noPosition, notVessel, otherType, duplicate counter
}

// counter counts records of one reason and keeps the first examples.
type counter struct {
	n        int
	examples []string
}

func (c *counter) add(m *ais.Message) {
	c.n++
	if len(c.examples) < navicert.TallyExamples {
		c.examples = append(c.examples, string(m.Part(0)))
	}
}

func readNMEA(_ context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	n := nmeaReader{o: o, sink: s, stats: Stats{Format: "nmea"}}
	return n.run(r)
}

// run reads to the end and completes the stats.
func (n *nmeaReader) run(r io.Reader) (Stats, error) {
	in := ais.NewReader(r, ais.Options{Arrival: n.o.Arrival, StreamClock: n.o.StreamClock})
	if n.o.Unique {
		n.unique = newUnique(n.sink, n.o.Lateness)
	}
	err := n.readAll(in)
	if n.unique != nil && !n.unique.failed {
		// What has been received is reported, also when the source has failed.
		if flushErr := n.unique.flush(); err == nil {
			err = flushErr
		}
	}
	counts := *in.Counts() // of its own: the reader's buffer shall not outlive it
	n.stats.AIS = &counts
	n.stats.Dropped.AddN(NoTime, n.noTime.n, n.noTime.examples...)
	n.stats.Dropped.AddN(NoPosition, n.noPosition.n, n.noPosition.examples...)
	n.stats.Dropped.AddN(NotVessel, n.notVessel.n, n.notVessel.examples...)
	n.stats.Dropped.AddN(OtherType, n.otherType.n, n.otherType.examples...)
	n.stats.Dropped.AddN(Duplicate, n.duplicate.n, n.duplicate.examples...)
	return n.stats, err
}

func (n *nmeaReader) readAll(in *ais.Reader) error {
	for {
		m, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		n.stats.Records++
		if n.o.Message != nil {
			if err := n.o.Message(m); err != nil {
				return err
			}
		}
		n.m, n.used, n.again = m, false, false
		err = n.message(m)
		switch {
		case n.used:
			n.stats.Used++
		case n.again:
			n.duplicate.add(m)
		}
		if err != nil {
			return err
		}
	}
}

// message hands on what one message reports.
func (n *nmeaReader) message(m *ais.Message) error {
	switch b := m.Body.(type) {
	case *ais.PositionA:
		if n.begin(m) && n.setPosition(m, b.Position(), navicert.ClassA) {
			n.fix.SpeedKn, n.fix.CourseDeg, n.fix.HeadingDeg = b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees()
			n.fix.Status = b.Status.Nav()
			return n.sendFix()
		}
	case *ais.PositionB:
		if n.begin(m) && n.setPosition(m, b.Position(), navicert.ClassB) {
			n.fix.SpeedKn, n.fix.CourseDeg, n.fix.HeadingDeg = b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees()
			return n.sendFix()
		}
	case *ais.LongRange:
		if n.begin(m) && n.setPosition(m, b.Position(), navicert.ClassA) {
			n.fix.SpeedKn, n.fix.CourseDeg, n.fix.Status = b.Knots(), b.CourseDegrees(), b.Status.Nav()
			n.fix.LongRange = true
			return n.sendFix()
		}
	case *ais.ExtendedB:
		return n.extendedB(m, b)
	case *ais.StaticVoyage:
		if n.begin(m) {
			n.setStatic(m, navicert.ClassA, b.ShipName, b.ShipType, b.Dim)
			n.static.IMO, n.static.IMOSent = n.imo(m, b.IMO)
			n.static.CallSign = n.callSign(m, b.CallSign)
			n.static.DraughtM, n.static.Destination = b.Draught.Metres(), b.Destination.String()
			return n.sendStatic()
		}
	case *ais.StaticB:
		if b.Part > ais.PartB {
			n.otherType.add(m)
		} else if n.begin(m) {
			n.setStatic(m, navicert.ClassB, b.ShipName, b.ShipType, b.Dim)
			n.static.CallSign = n.callSign(m, b.CallSign)
			return n.sendStatic()
		}
	default:
		n.otherType.add(m)
	}
	return nil
}

// extendedB hands on a message that is a position and a static report; without
// a position it is the latter only.
func (n *nmeaReader) extendedB(m *ais.Message, b *ais.ExtendedB) error {
	if !n.begin(m) {
		return nil
	}
	n.setStatic(m, navicert.ClassB, b.ShipName, b.ShipType, b.Dim)
	if err := n.sendStatic(); err != nil {
		return err
	}
	p, ok := b.Position().Get()
	if !ok {
		return nil
	}
	n.newFix(m, p, navicert.ClassB)
	n.fix.SpeedKn, n.fix.CourseDeg, n.fix.HeadingDeg = b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees()
	return n.sendFix()
}

// begin looks at what every report needs, sender and time, and counts the
// message when one is missing.
func (n *nmeaReader) begin(m *ais.Message) bool {
	if !isVessel(m.Body.Head().MMSI) {
		n.notVessel.add(m)
		return false
	}
	if _, from := m.Time(); from == "" {
		n.noTime.add(m)
		return false
	}
	return true
}

// setPosition begins a fix, or counts the message when it has no position.
func (n *nmeaReader) setPosition(m *ais.Message, p navicert.Opt[navicert.Position], class navicert.Class) bool {
	pos, ok := p.Get()
	if !ok {
		n.noPosition.add(m)
		return false
	}
	n.newFix(m, pos, class)
	return true
}

func (n *nmeaReader) newFix(m *ais.Message, pos navicert.Position, class navicert.Class) {
	at, from := m.Time()
	n.fix = navicert.Fix{
		MMSI: m.Body.Head().MMSI, Time: at, TimeFrom: from, TimeCheck: m.TimeCheck(), Pos: pos, Class: class, Station: m.Station(),
		TimeUnverified: from == navicert.TimeTag && m.TagUnverified(),
		Simulated:      n.o.Simulated, Ref: n.refOf(m),
	}
}

func (n *nmeaReader) setStatic(m *ais.Message, class navicert.Class, name ais.Text, kind ais.ShipType, dim ais.Dimensions) {
	at, from := m.Time()
	n.static = navicert.Static{
		MMSI: m.Body.Head().MMSI, Time: at, TimeFrom: from, Name: name.String(), ShipType: kind.Value(),
		LengthM: dim.Length(), BeamM: dim.Beam(), Class: class, Station: m.Station(),
		Simulated: n.o.Simulated, Ref: n.refOf(m),
	}
}

func (n *nmeaReader) refOf(m *ais.Message) navicert.Ref {
	if n.ref != nil {
		return n.ref(m.Offset)
	}
	return navicert.Ref{Source: n.o.Source, Offset: m.Offset}
}

// imo returns the number when its check digit is right; others are noted, and
// returned as what was sent.
func (n *nmeaReader) imo(m *ais.Message, v ais.ShipIMO) (imo navicert.IMO, sent uint32) {
	imo, ok := v.Number().Get()
	if !ok && v != 0 {
		n.stats.Noted.Add(IMOCheck, fmt.Sprintf("MMSI %09d: %d", uint32(m.Body.Head().MMSI), v))
		sent = uint32(v)
	}
	return imo, sent
}

// callSign returns the call sign in its normal form; what is none is noted.
func (n *nmeaReader) callSign(m *ais.Message, t ais.Text) navicert.CallSign {
	s := t.String()
	if s == "" {
		return ""
	}
	c, err := navicert.ParseCallSign(s)
	if err != nil {
		n.stats.Noted.Add(BadCallSign, fmt.Sprintf("MMSI %09d: %q", uint32(m.Body.Head().MMSI), s))
	}
	return c
}

func (n *nmeaReader) sendFix() error {
	duplicate, err := false, error(nil)
	if n.unique != nil {
		duplicate, err = n.unique.fix(n.m.Bits.Hash(), &n.fix)
	} else {
		err = n.sink.Fix(&n.fix)
	}
	if n.sent(duplicate) {
		n.stats.Fixes++
	}
	return err
}

func (n *nmeaReader) sendStatic() error {
	duplicate, err := false, error(nil)
	if n.unique != nil {
		duplicate, err = n.unique.static(n.m.Bits.Hash(), &n.static)
	} else {
		err = n.sink.Static(&n.static)
	}
	if n.sent(duplicate) {
		n.stats.Statics++
	}
	return err
}

// sent notes what became of a report of the message, and whether it is new.
func (n *nmeaReader) sent(duplicate bool) (news bool) {
	n.used, n.again = n.used || !duplicate, n.again || duplicate
	return !duplicate
}

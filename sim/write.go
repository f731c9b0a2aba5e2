package sim

import (
	"bufio"
	"context"
	"io"
	"math"
	"time"

	"navicert"
	"navicert/ais"
)

// Stats counts what a run wrote.
type Stats struct {
	Vessels   int `json:"vessels"`
	Positions int `json:"positions"` // position reports received
	Statics   int `json:"statics"`   // static reports received
	Sentences int `json:"sentences"` // of tables: rows
	Silences  int `json:"silences"`  // lines of truth for silences
}

// talker is a shore station relaying what it hears, as most feeds have it.
const talker = "AI"

// Write plays the world: what is received goes to a writer in time order, as
// sentences with tag blocks (station and receive time) or in the format that
// [Options] ask for, lines of [Truth] to truth, which may be nil.
// It returns early with the context's error when that ends.
func (w *World) Write(ctx context.Context, to, truth io.Writer) (Stats, error) {
	stats := Stats{Vessels: len(w.plans)}
	out, err := newOutput(w.format, to)
	if err != nil {
		return stats, err
	}
	var buffered *bufio.Writer
	if truth != nil {
		buffered = bufio.NewWriterSize(truth, 64<<10)
		truth = buffered
	}
	tw := newTruthWriter(truth)
	if err = w.plannedTruth(tw); err != nil {
		return stats, err
	}
	err = w.play(ctx, func(r Received) error {
		if r.Fix != nil {
			stats.Positions++
		} else {
			stats.Statics++
		}
		n, err := out.write(r)
		if err != nil {
			return err
		}
		stats.Sentences += n
		if !w.reports || r.Unplaced {
			return nil
		}
		return tw.write(reportTruth(r))
	}, func(t Truth) error {
		stats.Silences++
		return tw.write(t)
	})
	if closeErr := out.close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return stats, err
	}
	if buffered != nil {
		if err := buffered.Flush(); err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// encoder makes sentences of reports.
type encoder struct {
	buf     []byte
	message []byte
	catcher bool // as objects of AIS-catcher
	n       int  // messages so far: gives sequence numbers and channels
}

// encode returns the lines of one report, in a buffer that the next call
// overwrites, and how many sentences they are.
func (e *encoder) encode(r Received) ([]byte, int) {
	e.buf = e.buf[:0]
	switch s := r.Static; {
	case r.Fix != nil:
		e.add(r.Fix.Station, r.Fix.Time, positionBits(r.Fix))
		return e.buf, 1
	case s.Class == navicert.ClassB:
		for _, part := range [...]uint8{ais.PartA, ais.PartB} {
			m := ais.NewStaticB(s.MMSI, part)
			m.ShipName, m.CallSign = ais.MakeText(s.Name, 20), ais.MakeText(string(s.CallSign), 7)
			m.ShipType, m.Dim = ais.ShipType(s.ShipType.Or(0)), dimensions(r.ship.p.v)
			e.add(s.Station, s.Time, m.Encode())
		}
	default:
		m := ais.NewStaticVoyage(s.MMSI)
		m.IMO, m.ShipName, m.CallSign = ais.ShipIMO(s.IMO), ais.MakeText(s.Name, 20), ais.MakeText(string(s.CallSign), 7)
		m.ShipType, m.Dim = ais.ShipType(s.ShipType.Or(0)), dimensions(r.ship.p.v)
		m.Destination, m.EPFD = ais.MakeText(s.Destination, 20), gps
		if d, ok := s.DraughtM.Get(); ok {
			m.Draught = ais.Draught(math.Round(d * 10))
		}
		e.add(s.Station, s.Time, m.Encode())
	}
	return e.buf, 2
}

// gps is the kind of position fixing device that every ship has.
const gps = 1

// add appends one message: its tag block, then its sentences.
func (e *encoder) add(station string, t time.Time, payload ais.Bits) {
	channel := byte('A' + e.n%2)
	if e.catcher {
		e.message = ais.Sentences(e.message[:0], talker, channel, e.n/2%10, payload)
		e.addCatcher(station, t.Unix(), e.message)
	} else {
		e.buf = ais.AppendTag(e.buf, station, t)
		e.buf = ais.Sentences(e.buf, talker, channel, e.n/2%10, payload)
	}
	e.n++
}

func positionBits(f *navicert.Fix) ais.Bits {
	lat, lon := ais.LatLon(f.Pos)
	speed, course, heading := ais.Speed(ais.SpeedUnknown), ais.Course(ais.CourseUnknown), ais.Heading(ais.HeadingUnknown)
	if v, ok := f.SpeedKn.Get(); ok {
		speed = ais.MakeSpeed(v)
	}
	if v, ok := f.CourseDeg.Get(); ok {
		course = ais.MakeCourse(v)
	}
	if v, ok := f.HeadingDeg.Get(); ok {
		heading = ais.MakeHeading(v)
	}
	second := ais.Second(f.Time.Second())
	if f.Class == navicert.ClassB {
		m := ais.NewPositionB(f.MMSI)
		m.Lat, m.Lon, m.Speed, m.Course, m.Heading, m.Second = lat, lon, speed, course, heading, second
		return m.Encode()
	}
	m := ais.NewPositionA(f.MMSI)
	m.Lat, m.Lon, m.Speed, m.Course, m.Heading, m.Second = lat, lon, speed, course, heading, second
	if v, ok := f.Status.Get(); ok {
		m.Status = ais.Status(v)
	}
	return m.Encode()
}

// dimensions puts the antenna a fifth of the length from the stern, amidships,
// as on most merchant ships.
func dimensions(v *Vessel) ais.Dimensions {
	stern, port := v.LengthM/5, v.BeamM/2
	return ais.Dimensions{
		Bow: uint16(v.LengthM - stern), Stern: uint16(stern), Port: uint8(port), Starboard: uint8(v.BeamM - port),
	}
}

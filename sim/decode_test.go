package sim

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"navicert"
	"navicert/ais"
	"navicert/geo"
)

type decoded struct {
	fixes   []navicert.Fix
	statics []navicert.Static
	counts  *ais.Counts
}

// decode reads sentences with the real decoder and makes reports of them. A
// sentence that it does not use, or a message without a time from its tag
// block, fails the test. A class B ship's two parts make one report.
func decode(t testing.TB, sentences []byte) decoded {
	t.Helper()
	r := ais.NewReader(bytes.NewReader(sentences), ais.Options{})
	d := decoded{counts: r.Counts()}
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		d.add(t, m)
	}
	if tally := d.counts.Tally(); tally.Total() != 0 || d.counts.TagUnverified != 0 || d.counts.Other != 0 {
		t.Fatalf("not read: %s; %d unverified tags, %d other lines", tally.String(), d.counts.TagUnverified, d.counts.Other)
	}
	return d
}

func (d *decoded) add(t testing.TB, m *ais.Message) {
	at, from := m.Time()
	if from != navicert.TimeTag || m.Station() == "" {
		t.Fatalf("a message of %d has its time from %q and the station %q", m.Body.Head().MMSI, from, m.Station())
	}
	f := navicert.Fix{MMSI: m.Body.Head().MMSI, Time: at, TimeFrom: from, Station: m.Station(), Simulated: true}
	s := navicert.Static{MMSI: f.MMSI, Time: at, TimeFrom: from, Station: f.Station, Simulated: true}
	switch b := m.Body.(type) {
	case *ais.PositionA:
		f.Class = navicert.ClassA
		f.Pos, _ = b.Position().Get()
		f.SpeedKn, f.CourseDeg, f.HeadingDeg = b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees()
		if b.Status != ais.StatusUnknown {
			f.Status = navicert.Some(navicert.NavStatus(b.Status))
		}
		d.fixes = append(d.fixes, f)
	case *ais.PositionB:
		f.Class = navicert.ClassB
		f.Pos, _ = b.Position().Get()
		f.SpeedKn, f.CourseDeg, f.HeadingDeg = b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees()
		d.fixes = append(d.fixes, f)
	case *ais.StaticVoyage:
		s.Class = navicert.ClassA
		s.IMO, _ = b.IMO.Number().Get()
		s.Name, s.CallSign, s.Destination = b.ShipName.String(), navicert.CallSign(b.CallSign.String()), b.Destination.String()
		s.DraughtM = b.Draught.Metres()
		particulars(&s, b.ShipType, b.Dim)
		d.statics = append(d.statics, s)
	case *ais.StaticB:
		if b.Part == ais.PartA {
			s.Class, s.Name = navicert.ClassB, b.ShipName.String()
			d.statics = append(d.statics, s)
			return
		}
		last := &d.statics[len(d.statics)-1]
		if last.MMSI != s.MMSI || !last.Time.Equal(s.Time) {
			t.Fatalf("part B of %d does not follow its part A", s.MMSI)
		}
		last.CallSign = navicert.CallSign(b.CallSign.String())
		particulars(last, b.ShipType, b.Dim)
	default:
		t.Fatalf("a message of type %d", b.Head().Type)
	}
}

func particulars(s *navicert.Static, kind ais.ShipType, dim ais.Dimensions) {
	if kind != 0 {
		s.ShipType = navicert.Some(int(kind))
	}
	if n := int(dim.Bow) + int(dim.Stern); n > 0 {
		s.LengthM = navicert.Some(float64(n))
	}
	if n := int(dim.Port) + int(dim.Starboard); n > 0 {
		s.BeamM = navicert.Some(float64(n))
	}
}

func distanceM(a, b navicert.Position) float64 { return geo.DistanceM(a, b) }

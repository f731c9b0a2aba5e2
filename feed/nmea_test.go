package feed

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/internal/realdata"
)

func readNMEAText(t *testing.T, text string, o Options) (*collect, Stats) {
	t.Helper()
	o.Source = "log"
	var c collect
	stats, err := Read(t.Context(), strings.NewReader(text), o, &c)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Records != stats.Used+int64(stats.Dropped.Total()) {
		t.Errorf("%d records, %d used, %s dropped", stats.Records, stats.Used, stats.Dropped.String())
	}
	return &c, stats
}

var heardAt = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// sentences writes a message of an invented ship with a tag block before each
// sentence.
func sentences(b ais.Bits) string {
	var out []byte
	for line := range strings.Lines(string(ais.Sentences(nil, "AI", 'A', 1, b))) {
		out = append(ais.AppendTag(out, "SIM", heardAt), line...)
	}
	return string(out)
}

func TestFixWhole(t *testing.T) {
	m := ais.NewPositionA(299000001)
	m.Lat, m.Lon = ais.LatLon(navicert.Position{Lat: 10.25, Lon: -64.75})
	m.Speed, m.Course, m.Heading, m.Status = 123, 905, 91, 5
	in := "# a comment\r\n" + sentences(m.Encode())
	c, _ := readNMEAText(t, in, Options{})
	want := navicert.Fix{
		MMSI: 299000001, Time: heardAt, TimeFrom: navicert.TimeTag, Pos: navicert.Position{Lat: 10.25, Lon: -64.75},
		SpeedKn: navicert.Some(12.3), CourseDeg: navicert.Some(90.5), HeadingDeg: navicert.Some(91.0), Status: navicert.Some(navicert.Moored),
		Class: navicert.ClassA, Station: "SIM", Ref: navicert.Ref{Source: "log", Offset: int64(strings.IndexByte(in, '!'))},
	}
	if len(c.fixes) != 1 || c.fixes[0] != want {
		t.Errorf("fixes %+v\nwant  %+v", c.fixes, want)
	}
}

func TestStaticWhole(t *testing.T) {
	m := ais.NewStaticVoyage(299000001)
	m.IMO, m.CallSign, m.ShipName, m.ShipType = 2000004, ais.MakeText("ZZ 9-A1", 7), ais.MakeText("SIMULATED ONE", 20), 80
	m.Dim, m.Draught, m.Destination = ais.Dimensions{Bow: 200, Stern: 50, Port: 20, Starboard: 24}, 125, ais.MakeText("NOWHERE", 20)
	in := sentences(m.Encode())
	c, _ := readNMEAText(t, in, Options{Simulated: true})
	want := navicert.Static{
		MMSI: 299000001, Time: heardAt, TimeFrom: navicert.TimeTag, IMO: 2000004, Name: "SIMULATED ONE", CallSign: "ZZ9A1",
		ShipType: navicert.Some(80), LengthM: navicert.Some(250.0), BeamM: navicert.Some(44.0), DraughtM: navicert.Some(12.5),
		Destination: "NOWHERE", Class: navicert.ClassA, Station: "SIM", Simulated: true,
		Ref: navicert.Ref{Source: "log", Offset: int64(strings.IndexByte(in, '!'))},
	}
	if len(c.statics) != 1 || c.statics[0] != want {
		t.Errorf("static reports %+v\nwant           %+v", c.statics, want)
	}
}

// TestUnknownIsAbsent checks that no mark for unknown gets past the reader.
func TestUnknownIsAbsent(t *testing.T) {
	m := ais.NewPositionA(299000001)
	m.Lat, m.Lon = 1, 1
	s := ais.NewStaticVoyage(299000001)
	c, _ := readNMEAText(t, sentences(m.Encode())+sentences(s.Encode()), Options{})
	if len(c.fixes) != 1 || len(c.statics) != 1 {
		t.Fatalf("%d fixes, %d static reports", len(c.fixes), len(c.statics))
	}
	f, r := c.fixes[0], c.statics[0]
	if f.SpeedKn.Known() || f.CourseDeg.Known() || f.HeadingDeg.Known() || f.Status.Known() {
		t.Errorf("fix %+v, want nothing known but its place", f)
	}
	if r.IMO != 0 || r.Name != "" || r.CallSign != "" || r.ShipType.Known() || r.LengthM.Known() || r.BeamM.Known() || r.DraughtM.Known() || r.Destination != "" {
		t.Errorf("static report %+v, want nothing known", r)
	}
}

func TestWhatMakesNoReport(t *testing.T) {
	placed := func(mmsi navicert.MMSI) ais.Bits {
		m := ais.NewPositionA(mmsi)
		m.Lat, m.Lon = 1, 1
		return m.Encode()
	}
	lost := ais.NewPositionA(299000001)
	half := ais.NewPositionA(299000001)
	half.Lat = 1
	third := ais.NewStaticB(299000001, 2)
	untimed := placed(299000001)
	for _, c := range []struct{ name, why, in string }{
		{"no time", NoTime, string(ais.Sentences(nil, "AI", 'A', 0, untimed))},
		{"no position", NoPosition, sentences(lost.Encode())},
		{"half a position", NoPosition, sentences(half.Encode())},
		{"coast station", NotVessel, sentences(placed(2990001))},
		{"group", NotVessel, sentences(placed(29900001))},
		{"aircraft", NotVessel, sentences(placed(111299001))},
		{"handheld", NotVessel, sentences(placed(829900001))},
		{"search and rescue transmitter", NotVessel, sentences(placed(970299001))},
		{"man overboard", NotVessel, sentences(placed(972299001))},
		{"beacon", NotVessel, sentences(placed(974299001))},
		{"aid to navigation", NotVessel, sentences(placed(992990001))},
		{"no MMSI", NotVessel, sentences(placed(0))},
		{"third part of type 24", OtherType, sentences(third.Encode())},
		{"aid's report", OtherType, ""},
	} {
		if c.name == "aid's report" {
			var b ais.Bits
			b, err := ais.ParseBits("010101" + "00" + strings.Repeat("01", 15) + strings.Repeat("0", 272-38))
			if err != nil {
				t.Fatal(err)
			}
			c.in = sentences(b)
		}
		got, stats := readNMEAText(t, c.in, Options{})
		if len(got.fixes)+len(got.statics) != 0 || stats.Dropped.Count(c.why) != 1 || stats.Dropped.Total() != 1 || len(stats.Dropped.Examples(c.why)) != 1 {
			t.Errorf("%s: %d fixes, %d static reports, dropped %s; want 1 %s", c.name, len(got.fixes), len(got.statics), stats.Dropped.String(), c.why)
		}
	}
	for _, mmsi := range []navicert.MMSI{299000001, 982990001, 123456789} {
		if got, _ := readNMEAText(t, sentences(placed(mmsi)), Options{}); len(got.fixes) != 1 {
			t.Errorf("MMSI %d: no fix, but nothing says that it is no vessel", mmsi)
		}
	}
}

func TestLongRangeAndExtended(t *testing.T) {
	bits := func(s string, width int) ais.Bits {
		b, err := ais.ParseBits(s + strings.Repeat("0", width-len(s)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	const mmsi = "010001110100100110010111000001" // 299000257
	c, _ := readNMEAText(t, sentences(bits("011011"+"00"+mmsi+"00"+"0101", 96)), Options{})
	if len(c.fixes) != 1 || !c.fixes[0].LongRange || c.fixes[0].Class != navicert.ClassA || c.fixes[0].Status.Or(0) != navicert.Moored {
		t.Errorf("type 27: %+v", c.fixes)
	}
	c, stats := readNMEAText(t, sentences(bits("010011"+"00"+mmsi, 312)), Options{})
	if len(c.fixes) != 1 || len(c.statics) != 1 || c.fixes[0].Class != navicert.ClassB || c.statics[0].Class != navicert.ClassB || stats.Used != 1 {
		t.Errorf("type 19: %+v, %+v, %d used", c.fixes, c.statics, stats.Used)
	}
}

func TestNotedInMessages(t *testing.T) {
	m := ais.NewStaticVoyage(299000001)
	m.IMO, m.CallSign = 2000005, ais.MakeText("?!", 7)
	c, stats := readNMEAText(t, sentences(m.Encode()), Options{})
	if len(c.statics) != 1 || c.statics[0].IMO != 0 || c.statics[0].IMOSent != 2000005 || c.statics[0].CallSign != "" || stats.Noted.Count(IMOCheck) != 1 || stats.Noted.Count(BadCallSign) != 1 {
		t.Errorf("static reports %+v, noted %s", c.statics, stats.Noted.String())
	}
}

func TestMessageHook(t *testing.T) {
	b, err := os.ReadFile("testdata/sample.nmea")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	_, stats := readNMEAText(t, string(b), Options{Message: func(*ais.Message) error { n++; return nil }})
	if n != 9 || stats.Records != 9 {
		t.Errorf("%d messages given, %d counted, want 9", n, stats.Records)
	}
	fail := errors.New("enough")
	if _, err := Read(t.Context(), strings.NewReader(string(b)), Options{Message: func(*ais.Message) error { return fail }}, &collect{}); !errors.Is(err, fail) {
		t.Errorf("error %v, want the function's", err)
	}
}

// TestRecordings reads every real recording through the feed, found by its
// content.
func TestRecordings(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(realdata.Dir(t, "ais/nmea"), "*"))
	if err != nil || len(paths) != 29 {
		t.Fatalf("%d recordings, %v", len(paths), err)
	}
	for _, path := range paths {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		sink := funcSink{fix: func(f *navicert.Fix) error {
			if !f.Pos.Valid() || f.Time.IsZero() || f.MMSI == 0 {
				t.Errorf("%s: fix %+v", s.Name, f)
			}
			return nil
		}}
		stats, err := Read(t.Context(), s, Options{Source: s.Name}, &sink)
		_ = s.Close()
		if err != nil || stats.Format != "nmea" || stats.Records != stats.AIS.Messages || stats.Records != stats.Used+int64(stats.Dropped.Total()) {
			t.Errorf("%s: %v, format %s, %d records of %d messages, %d used, dropped %s",
				s.Name, err, stats.Format, stats.Records, stats.AIS.Messages, stats.Used, stats.Dropped.String())
		}
	}
}

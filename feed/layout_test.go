package feed

import (
	"os"
	"strings"
	"testing"
	"time"

	"navicert"
)

// TestSameShip reads the same invented ship from each format's sample.
func TestSameShip(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	whole := navicert.Fix{
		MMSI: 299000001, Time: at, TimeFrom: navicert.TimeFile, Pos: navicert.Position{Lat: 10.25, Lon: -64.75},
		SpeedKn: navicert.Some(12.3), CourseDeg: navicert.Some(90.5), HeadingDeg: navicert.Some(91.0),
		Status: navicert.Some(navicert.UnderWayEngine), Class: navicert.ClassA,
	}
	static := navicert.Static{
		MMSI: 299000001, Time: at, TimeFrom: navicert.TimeFile, IMO: 2000004, Name: "SIMULATED ONE", CallSign: "ZZ9A1",
		ShipType: navicert.Some(80), LengthM: navicert.Some(250.0), BeamM: navicert.Some(44.0), DraughtM: navicert.Some(12.5),
		Destination: "NOWHERE", Class: navicert.ClassA,
	}
	for _, c := range []struct {
		sample string
		fix    func(*navicert.Fix)    // what is different in the first fix
		static func(*navicert.Static) // nil: the sample has none
	}{
		{"dma22.csv", func(f *navicert.Fix) {
			f.SpeedKn, f.CourseDeg, f.HeadingDeg = navicert.Some(12.5), navicert.Some(255.5), navicert.Some(256.0)
		}, func(s *navicert.Static) { s.ShipType = navicert.Some(81) }},
		{"dma26.csv", func(f *navicert.Fix) {
			f.SpeedKn, f.CourseDeg, f.HeadingDeg = navicert.Some(12.5), navicert.Some(255.5), navicert.Some(256.0)
		}, func(s *navicert.Static) { s.ShipType = navicert.Some(81) }},
		{"exactearth.csv", func(f *navicert.Fix) {
			f.Time, f.Pos.Lat = at.Add(680*time.Millisecond), 10.2500166667
		}, func(s *navicert.Static) { s.Time = at.Add(1020 * time.Millisecond) }},
		{"spire.csv", nil, func(s *navicert.Static) { s.Time = at.Add(time.Second) }},
		{"marinetraffic.csv", func(f *navicert.Fix) { f.CourseDeg, f.Class = navicert.Some(90.0), "" }, nil},
		{"marinetraffic-new.csv", func(f *navicert.Fix) { f.CourseDeg, f.Class = navicert.Some(90.0), "" }, nil},
		{"vesselfinder.csv", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"gfw.csv", func(f *navicert.Fix) {
			f.SpeedKn, f.HeadingDeg, f.Class = navicert.Some(12.3000001907), navicert.Opt[float64]{}, ""
			f.Status = navicert.Opt[navicert.NavStatus]{}
		}, nil},
		{"raw.csv", nil, nil},
		{"aishub-human.csv", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"aishub-raw.csv", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"aishub-human.json", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"aishub-raw.json", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"aishub.xml", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) { s.Class = "" }},
		{"gpsd.ndjson", func(f *navicert.Fix) { f.TimeFrom, f.Station = navicert.TimeTag, "SIM1" }, func(s *navicert.Static) {
			s.Time, s.TimeFrom, s.Station = at.Add(time.Second), navicert.TimeTag, "SIM1"
		}},
		{"aisstream.ndjson", func(f *navicert.Fix) {
			f.Time, f.Status = at.Add(267464520), navicert.Some(navicert.UnderWayEngine)
		}, func(s *navicert.Static) { s.Time = at.Add(time.Second + 1) }},
		{"gfw.ndjson", func(f *navicert.Fix) {
			f.SpeedKn, f.HeadingDeg, f.Class = navicert.Some(12.3000001907), navicert.Opt[float64]{}, ""
			f.Status = navicert.Opt[navicert.NavStatus]{}
		}, nil},
		{"digitraffic.ndjson", func(f *navicert.Fix) { f.Class = "" }, func(s *navicert.Static) {
			s.Time, s.Class = at.Add(1250*time.Millisecond), ""
		}},
		{"obc.csv", func(f *navicert.Fix) {
			f.Time, f.Pos, f.Average, f.Station = at.Add(55*time.Second), navicert.Position{Lat: 22.25, Lon: -77.75}, true, "SIM-1"
		}, func(s *navicert.Static) {
			s.Time, s.Name, s.Station = at.Add(55*time.Second), "SIMULATED, ONE", "SIM-1"
		}},
	} {
		in, err := os.Open("testdata/" + c.sample)
		if err != nil {
			t.Fatal(err)
		}
		var got collect
		stats, err := Read(t.Context(), in, Options{}, &got)
		_ = in.Close()
		if err != nil || len(got.fixes) == 0 {
			t.Fatalf("%s: %v, %d fixes", c.sample, err, len(got.fixes))
		}
		want := whole
		if c.fix != nil {
			c.fix(&want)
		}
		got.fixes[0].Ref = navicert.Ref{}
		if got.fixes[0] != want {
			t.Errorf("%s: first fix %+v\nwant %+v", c.sample, got.fixes[0], want)
		}
		if stats.Noted.Total() != 0 {
			t.Errorf("%s: noted %s", c.sample, stats.Noted.String())
		}
		for _, f := range got.fixes[1:] { // the second ship says nothing of these
			if _, ok := f.HeadingDeg.Get(); ok {
				t.Errorf("%s: heading of %+v", c.sample, f)
			}
		}
		if c.static == nil {
			continue
		}
		wantStatic := static
		c.static(&wantStatic)
		if len(got.statics) == 0 {
			t.Fatalf("%s: no static report", c.sample)
		}
		got.statics[0].Ref = navicert.Ref{}
		if got.statics[0] != wantStatic {
			t.Errorf("%s: static report %+v\nwant %+v", c.sample, got.statics[0], wantStatic)
		}
	}
}

// TestSpeedUnit reads MarineTraffic rows whose speeds do not say their unit.
func TestSpeedUnit(t *testing.T) {
	const head = "MMSI,LAT,LON,SPEED,HEADING,COURSE,STATUS,TIMESTAMP\n"
	row := func(speed string) string { return "299000001,10.25,-64.75," + speed + ",91,90,0,2026-01-02T03:04:05\n" }
	for name, c := range map[string]struct {
		text string
		want navicert.Opt[float64]
	}{
		"point first":     {row("12.0") + row("123"), navicert.Some(12.0)},
		"point later":     {row("12") + row("0.1"), navicert.Some(12.0)},
		"over 102":        {row("12") + row("140"), navicert.Some(1.2)},
		"nothing decides": {row("12") + row("90"), navicert.Opt[float64]{}},
	} {
		var got collect
		stats, err := Read(t.Context(), strings.NewReader(head+c.text), Options{}, &got)
		if err != nil || len(got.fixes) != 2 || got.fixes[0].SpeedKn != c.want {
			t.Errorf("%s: %v, %+v, want a speed of %+v", name, err, got.fixes, c.want)
		}
		if n := stats.Noted.Count(SpeedUnit); !c.want.Known() && n != 2 {
			t.Errorf("%s: %d speeds noted, want 2", name, n)
		}
	}
}

// TestCopies drops equal rows of one time only.
func TestCopies(t *testing.T) {
	const head = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,SOG\n"
	row := func(second, speed string) string {
		return "02/01/2026 03:04:" + second + ",Class A,299000001,10.25,-64.75,Moored," + speed + "\n"
	}
	var got collect
	stats, err := Read(t.Context(), strings.NewReader(head+row("05", "1")+row("05", "2")+row("05", "1")+row("06", "1")+row("06", "1")), Options{}, &got)
	if err != nil || len(got.fixes) != 3 || stats.Dropped.Count(Copy) != 2 {
		t.Errorf("%v, %d fixes, dropped %s; want 3 fixes and 2 copies", err, len(got.fixes), stats.Dropped.String())
	}
}

func TestDanishType(t *testing.T) {
	for _, c := range []struct {
		kind, cargo string
		code        int
		ok          bool
	}{
		{"Tanker", "", 80, true},
		{"Tanker", "Category OS", 84, true},
		{"Tanker", "No additional information", 89, true},
		{"Cargo", "Category Y", 72, true},
		{"Fishing", "Category X", 30, true},
		{"Undefined", "", 0, false},
		{"Reserved", "", 0, false},
	} {
		var got collect
		const head = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,Name,Ship type,Cargo type\n"
		row := "02/01/2026 03:04:05,Class A,299000001,10.25,-64.75,Moored,SIMULATED," + c.kind + "," + c.cargo + "\n"
		if _, err := Read(t.Context(), strings.NewReader(head+row), Options{}, &got); err != nil || len(got.statics) != 1 {
			t.Fatal(err, got.statics)
		}
		if code, ok := got.statics[0].ShipType.Get(); code != c.code || ok != c.ok {
			t.Errorf("%s, %s: %d, %v, want %d, %v", c.kind, c.cargo, code, ok, c.code, c.ok)
		}
	}
}

package feed

import (
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/internal/realdata"
)

// collect keeps copies of what is reported.
type collect struct {
	fixes   []navicert.Fix
	statics []navicert.Static
}

func (c *collect) Fix(f *navicert.Fix) error       { c.fixes = append(c.fixes, *f); return nil }
func (c *collect) Static(s *navicert.Static) error { c.statics = append(c.statics, *s); return nil }

const oldHeader = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n"

func readTable(t *testing.T, text string) (*collect, Stats) {
	t.Helper()
	var c collect
	stats, err := Read(t.Context(), strings.NewReader(text), Options{Source: "a.csv", Format: "marinecadastre"}, &c)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Records != stats.Used+int64(stats.Dropped.Total()) {
		t.Errorf("%d records, %d used, %s dropped", stats.Records, stats.Used, stats.Dropped.String())
	}
	return &c, stats
}

func TestRowWhole(t *testing.T) {
	c, _ := readTable(t, oldHeader+`299000001,2026-01-02T03:04:05,10.25001,-64.75,12.3,90.5,91,"SIMULATED, ""ONE""",IMO2000004,ZZ 9A1,80,5.0,250,44,12.5,80,A`)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ref := navicert.Ref{Source: "a.csv", Offset: int64(len(oldHeader)), Line: 2}
	wantFix := navicert.Fix{
		MMSI: 299000001, Time: at, TimeFrom: navicert.TimeFile, Pos: navicert.Position{Lat: 10.25001, Lon: -64.75},
		SpeedKn: navicert.Some(12.3), CourseDeg: navicert.Some(90.5), HeadingDeg: navicert.Some(91.0),
		Status: navicert.Some(navicert.Moored), Class: navicert.ClassA, Ref: ref,
	}
	wantStatic := navicert.Static{
		MMSI: 299000001, Time: at, TimeFrom: navicert.TimeFile, IMO: 2000004, Name: `SIMULATED, "ONE"`, CallSign: "ZZ9A1",
		ShipType: navicert.Some(80), LengthM: navicert.Some(250.0), BeamM: navicert.Some(44.0), DraughtM: navicert.Some(12.5),
		Class: navicert.ClassA, Ref: ref,
	}
	if len(c.fixes) != 1 || c.fixes[0] != wantFix {
		t.Errorf("fixes %+v\nwant  %+v", c.fixes, wantFix)
	}
	if len(c.statics) != 1 || c.statics[0] != wantStatic {
		t.Errorf("static reports %+v\nwant           %+v", c.statics, wantStatic)
	}
}

func TestRowsRefused(t *testing.T) {
	const good = "299000001,2026-01-02T03:04:05,10.25,-64.75,12.3,90,91,,,,,,,,,,A"
	for _, c := range []struct{ why, row string }{
		{BadColumns, "299000001,2026-01-02T03:04:05,10.25"},
		{BadColumns, good + ","},
		{BadColumns, "\x1a"},
		{BadQuote, strings.Replace(good, ",91,,", `,91,"SIMULATED,`, 1)},
		{BadQuote, strings.Replace(good, ",91,,", `,91,"SIMULATED"X,`, 1)},
		{BadMMSI, strings.Replace(good, "299000001", "", 1)},
		{BadMMSI, strings.Replace(good, "299000001", "0", 1)},
		{BadMMSI, strings.Replace(good, "299000001", "2990000011", 1)},
		{BadMMSI, strings.Replace(good, "299000001", "2990000.1", 1)},
		{NotVessel, strings.Replace(good, "299000001", "002990001", 1)},
		{NotVessel, strings.Replace(good, "299000001", "992990001", 1)},
		{NotVessel, strings.Replace(good, "299000001", "111299001", 1)},
		{NotVessel, strings.Replace(good, "299000001", "970299001", 1)},
		{BadTime, strings.Replace(good, "2026-01-02", "2026-02-30", 1)},
		{BadTime, strings.Replace(good, "2026-01-02", "02/01/2026", 1)},
		{BadTime, strings.Replace(good, "2026-01-02T03:04:05", "1989-12-31T23:59:59.999", 1)},
		{BadTime, strings.Replace(good, "2026-01-02T03:04:05", "2100-01-01T00:00:00", 1)},
		{BadTime, strings.Replace(good, "03:04:05", "24:04:05", 1)},
		{BadTime, strings.Replace(good, "03:04:05", "03:04", 1)},
		{BadTime, strings.Replace(good, "03:04:05", "03:04:05.x", 1)},
		{BadNumber, strings.Replace(good, "10.25", "north", 1)},
		{BadNumber, strings.Replace(good, "10.25", "90.0001", 1)},
		{BadNumber, strings.Replace(good, "10.25", "NaN", 1)},
		{BadNumber, strings.Replace(good, "-64.75", "-180.1", 1)},
		{BadNumber, strings.Replace(good, "-64.75", "1.2.3", 1)},
		{NoPosition, strings.Replace(good, "10.25", "", 1)},
		{NoPosition, strings.Replace(good, "10.25", "91", 1)},
		{NoPosition, strings.Replace(good, "-64.75", "181.0", 1)},
		{TooLong, good + strings.Repeat("x", 70<<10)},
	} {
		got, stats := readTable(t, oldHeader+c.row+"\n"+good+"\n")
		if stats.Dropped.Count(c.why) != 1 || stats.Dropped.Total() != 1 || len(got.fixes) != 1 {
			t.Errorf("%.80q: dropped %s, %d fixes; want 1 %s and the next row's fix", c.row, stats.Dropped.String(), len(got.fixes), c.why)
		}
		if ex := stats.Dropped.Examples(c.why); len(ex) != 1 || !strings.HasPrefix(ex[0], "a.csv line 2: ") {
			t.Errorf("%.80q: examples %q, want file and line", c.row, ex)
		}
	}
}

func TestValuesNoted(t *testing.T) {
	const good = "299000001,2026-01-02T03:04:05,10.25,-64.75,SOG,COG,HDG,NAME,IMO,CALL,TYPE,STATUS,LEN,10,1,,A"
	values := strings.NewReplacer("SOG", "1", "COG", "2", "HDG", "3", "NAME", "X", "IMO", "", "CALL", "ZZ1", "TYPE", "80", "STATUS", "0", "LEN", "100")
	for _, c := range []struct{ why, was, is string }{
		{badSpeed, "SOG", "-1"},
		{badSpeed, "SOG", "fast"},
		{badCourse, "COG", "-49.6"},
		{badCourse, "COG", "360.1"},
		{badHeading, "HDG", "400"},
		{badStatus, "STATUS", "16"},
		{badStatus, "STATUS", "under way"},
		{badStatus, "STATUS", "1.5"},
		{badType, "TYPE", "1024"},
		{badSize, "LEN", "-5"},
		{IMOCheck, "IMO", "IMO2000005"},
		{IMOCheck, "IMO", "IMO1234567890"},
		{BadCallSign, "CALL", "#?"},
	} {
		c1, stats := readTable(t, oldHeader+values.Replace(strings.Replace(good, c.was, c.is, 1))+"\n")
		if stats.Noted.Count(c.why) != 1 || stats.Noted.Total() != 1 || len(c1.fixes) != 1 || len(c1.statics) != 1 {
			t.Errorf("%s of %q: noted %s with %d fixes and %d static reports, want 1 %s", c.was, c.is, stats.Noted.String(), len(c1.fixes), len(c1.statics), c.why)
		}
		want := uint32(0)
		if c.is == "IMO2000005" {
			want = 2000005
		}
		if got := c1.statics[0].IMOSent; got != want {
			t.Errorf("%s of %q: %d was sent as the IMO number, want %d", c.was, c.is, got, want)
		}
	}
	for _, c := range []struct{ was, is string }{
		{"SOG", "102.3"},
		{"SOG", ""},
		{"COG", "360"},
		{"COG", "360.0"},
		{"HDG", "511"},
		{"HDG", "511.0"},
		{"STATUS", "15"},
		{"TYPE", "0"},
		{"IMO", "IMO0000000"},
		{"IMO", "0"},
		{"LEN", "0"},
	} {
		if _, stats := readTable(t, oldHeader+values.Replace(strings.Replace(good, c.was, c.is, 1))+"\n"); stats.Noted.Total() != 0 {
			t.Errorf("%s of %q: noted %s, want it to be simply unknown", c.was, c.is, stats.Noted.String())
		}
	}
}

func TestHeaders(t *testing.T) {
	row := "299000001,2026-01-02T03:04:05,10.25,-64.75\n"
	for name, text := range map[string]string{
		"byte order mark": "\xef\xbb\xbfMMSI,BaseDateTime,LAT,LON\n" + row,
		"quoted":          `"MMSI","BaseDateTime","LAT","LON"` + "\n" + row,
		"blanks":          "mmsi, base_date_time, latitude, longitude\n" + row,
	} {
		if c, _ := readTable(t, text); len(c.fixes) != 1 || c.fixes[0].Pos.Lat != 10.25 {
			t.Errorf("%s: fixes %+v", name, c.fixes)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "no time": "MMSI,LAT,LON\n" + row, "no header": row,
		"too wide": "MMSI,BaseDateTime,LAT,LON" + strings.Repeat(",x", 200) + "\n",
	} {
		_, err := Read(t.Context(), strings.NewReader(text), Options{Source: "a.csv", Format: "marinecadastre"}, &collect{})
		if err == nil || !strings.Contains(err.Error(), "a.csv") || navicert.KindOf(err) == "" {
			t.Errorf("%s: error %v, want one that names the file", name, err)
		}
	}
}

func TestAutoRefuses(t *testing.T) {
	for _, text := range []string{"hello\n", "a,b,c\n1,2,3\n", "# Timestamp,Type of mobile,MMSI\n", "{}\n", "[1,2]\n", "<a/>\n", strings.Repeat("x", 100<<10)} {
		_, err := Read(t.Context(), strings.NewReader(text), Options{Source: "f"}, &collect{})
		if navicert.KindOf(err) != navicert.Unsupported || !strings.Contains(err.Error(), "nmea") {
			t.Errorf("%.20q: error %v, want one that names the formats", text, err)
		}
	}
	if _, err := Read(t.Context(), strings.NewReader(""), Options{Format: "xml"}, &collect{}); navicert.KindOf(err) != navicert.Unsupported {
		t.Errorf("format xml: %v", err)
	}
	if stats, err := Read(t.Context(), strings.NewReader("\n \n"), Options{}, &collect{}); err != nil || stats.Records != 0 {
		t.Errorf("nothing at all: %v, %d records", err, stats.Records)
	}
}

// TestStaticAgain checks that static data are reported when they change and
// once an hour.
func TestStaticAgain(t *testing.T) {
	const row = "299000001,2026-01-02T%s,10.25,-64.75,1,2,3,%s,,,80,,,,,,A\n"
	var b strings.Builder
	b.WriteString(oldHeader)
	for _, r := range [][2]string{{"00:00:00", "ONE"}, {"00:30:00", "ONE"}, {"00:31:00", "TWO"}, {"01:30:59", "TWO"}, {"01:31:00", "TWO"}, {"00:00:00", "TWO"}} {
		fmt.Fprintf(&b, row, r[0], r[1])
	}
	c, _ := readTable(t, b.String())
	var got []string
	for _, s := range c.statics {
		got = append(got, s.Time.Format("15:04 ")+s.Name)
	}
	if want := "00:00 ONE, 00:31 TWO, 01:31 TWO, 00:00 TWO"; strings.Join(got, ", ") != want {
		t.Errorf("reported %s, want %s", strings.Join(got, ", "), want)
	}
}

func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[+-]?[0-9]{0,12}(\.[0-9]{0,9})?(e[0-9])?`).Draw(t, "number")
		want, err := strconv.ParseFloat(s, 64)
		// In a buffer with more behind it, and at the end of one.
		buffer := []byte(s + rapid.StringMatching(`[0-9.,]{0,9}`).Draw(t, "behind"))
		got, ok := decimal(buffer[:len(s)])
		if v, ok2 := decimal(slices.Clip([]byte(s))); v != got || ok2 != ok {
			t.Fatalf("decimal(%q) = %v, %v at the end of a buffer, %v, %v within", s, v, ok2, got, ok)
		}
		if ok != (err == nil) || ok && got != want {
			t.Fatalf("decimal(%q) = %v, %v; strconv: %v, %v", s, got, ok, want, err)
		}
	})
}

func TestRealMarineCadastre(t *testing.T) {
	f, err := os.Open(realdata.Dir(t, "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	vessels := map[navicert.MMSI]bool{}
	sink := funcSink{fix: func(f *navicert.Fix) error { vessels[f.MMSI] = true; return nil }}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := Read(t.Context(), z, Options{Source: "mc"}, &sink)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Records != 99999 || stats.Used+int64(stats.Dropped.Total()) != 99999 {
		t.Errorf("%d records, %d used, dropped %s", stats.Records, stats.Used, stats.Dropped.String())
	}
	t.Logf("%d vessels, %d fixes, %d static reports; dropped %s; noted %s", len(vessels), stats.Fixes, stats.Statics, stats.Dropped.String(), stats.Noted.String())
	if n := len(vessels) + len(stats.Dropped.Reasons()); n < 10000 {
		t.Errorf("%d vessels, of 10,631 senders", n)
	}
}

func TestRealSmallTables(t *testing.T) {
	for name, rows := range map[string]int64{"ais/csv/marinecadastre-aisdb-20230101.csv": 1000, "ais/feeds/marinecadastre-2025.csv": 3} {
		s, err := Open(t.Context(), realdata.Dir(t, name))
		if err != nil {
			t.Fatal(err)
		}
		stats, err := Read(t.Context(), s, Options{Source: s.Name}, &collect{})
		_ = s.Close()
		if err != nil || stats.Records != rows || stats.Format != "marinecadastre" || stats.Fixes < rows*9/10 {
			t.Errorf("%s: %v, %d rows, %d fixes, dropped %s; want %d rows", name, err, stats.Records, stats.Fixes, stats.Dropped.String(), rows)
		}
	}
}

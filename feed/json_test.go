package feed

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
)

func readString(t *testing.T, text string, o Options) (*collect, Stats) {
	t.Helper()
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

func TestParseObject(t *testing.T) {
	o, ok := parseObject([]byte(`{"a":1.250,"b":{"c":["x",true,null]},"d":null,"e":"ü,\n"}`))
	want := object{"a": "1.250", "b.c.0": "x", "b.c.1": "true", "e": "ü,\n"}
	if !ok || len(o) != len(want) {
		t.Fatalf("%v, %v", o, ok)
	}
	for k, v := range want {
		if o[k] != v {
			t.Errorf("%s is %q, want %q", k, o[k], v)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no object": "[1]", "cut off": `{"a":1`, "two": `{}{}`, "rubbish behind": `{"a":1}x`,
		"deep":  `{"a":` + strings.Repeat("[", 9) + "1" + strings.Repeat("]", 9) + `}`,
		"bombs": `{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
		"many":  `{"a":[0` + strings.Repeat(",0", 600) + `]}`,
	} {
		if o, ok := parseObject([]byte(text)); ok {
			t.Errorf("%s: read as %d members", name, len(o))
		}
	}
}

// TestGPSDScaledAndNot reads the same messages in gpsd's two forms.
func TestGPSDScaledAndNot(t *testing.T) {
	dir := realdata.Dir(t, "ais/vectors")
	read := func(name string) *collect {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		c, _ := readString(t, string(b), Options{Arrival: func() time.Time { return time.Unix(1767323045, 0) }})
		return c
	}
	scaled, raw := read("sample.aivdm.js.chk"), read("sample.aivdm.ju.chk")
	i := 0
	for _, f := range raw.fixes {
		if f.LongRange {
			continue // gpsd rounds those to a tenth of a degree
		}
		g := scaled.fixes[i]
		i++
		if math.Abs(f.Pos.Lat-g.Pos.Lat) > 1e-6 || math.Abs(f.Pos.Lon-g.Pos.Lon) > 1e-6 {
			t.Errorf("position %v, scaled %v", f.Pos, g.Pos)
		}
		f.Pos, f.Ref, g.Pos, g.Ref = navicert.Position{}, navicert.Ref{}, navicert.Position{}, navicert.Ref{}
		if f != g {
			t.Errorf("unscaled %+v\nscaled   %+v", f, g)
		}
	}
	if i != len(scaled.fixes) || len(raw.statics) != len(scaled.statics) {
		t.Errorf("%d fixes and %d static reports, scaled %d and %d", i, len(raw.statics), len(scaled.fixes), len(scaled.statics))
	}
	for i, s := range raw.statics {
		g := scaled.statics[i]
		s.Ref, g.Ref = navicert.Ref{}, navicert.Ref{}
		if s != g {
			t.Errorf("unscaled %+v\nscaled   %+v", s, g)
		}
	}
}

func TestAISCatcherTimes(t *testing.T) {
	const sentence = `"nmea":["!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23"]`
	for name, c := range map[string]struct {
		text, station string
		want          int64 // in milliseconds; 0: no time
	}{
		"received":    {`{"class":"AIS","rxuxtime":1767323045.359632,"lat":1.5,"lon":1.5,` + sentence + `}`, "", 1767323045359},
		"tag time":    {`{"class":"AIS","hardware":"File (RAW)","rxuxtime":1795433277,"toa":1767323045,` + sentence + `}`, "", 1767323045000},
		"played back": {`{"class":"AIS","hardware":"File (RAW)","rxuxtime":1795433277,` + sentence + `}`, "", 0},
		"envelope":    {`{"protocol":"jsonaiscatcher","stationid":"SIM 1*","msgs":[{"rxuxtime":1767323045,` + sentence + `}]}`, "SIM_1_", 1767323045000},
	} {
		got, stats := readString(t, "\n"+c.text+"\n", Options{Source: "f", Format: "aiscatcher"})
		if c.want == 0 {
			if len(got.fixes) != 0 || stats.Dropped.Count(NoTime) != 1 {
				t.Errorf("%s: %+v, dropped %s; want none for lack of time", name, got.fixes, stats.Dropped.String())
			}
			continue
		}
		if len(got.fixes) != 1 {
			t.Fatalf("%s: %d fixes", name, len(got.fixes))
		}
		f := got.fixes[0]
		if f.Time.UnixMilli() != c.want || f.TimeFrom != navicert.TimeTag || f.Station != c.station || f.Ref != (navicert.Ref{Source: "f", Offset: 1}) {
			t.Errorf("%s: %+v, want time %d and station %q", name, f, c.want, c.station)
		}
		if f.Pos.Lat == 1.5 {
			t.Errorf("%s: its own position was used", name)
		}
	}
}

// TestLongEnvelope reads an envelope of more than a line elsewhere may have.
func TestLongEnvelope(t *testing.T) {
	const message = `{"rxuxtime":1767323045,"nmea":["!AIVDM,1,1,,A,14M9Ph@P1sKGVAP5oGL3Q2n:0000,0*23"]}`
	envelope := func(n int) string {
		return `{"protocol":"jsonaiscatcher","msgs":[` + message + strings.Repeat(","+message, n-1) + "]}\n"
	}
	got, stats := readString(t, envelope(10000)+envelope(100000)+envelope(1), Options{})
	if len(got.fixes) != 10001 || stats.Dropped.Count(TooLong) != 1 {
		t.Errorf("%d fixes, dropped %s; want 10001 and one line too long", len(got.fixes), stats.Dropped.String())
	}
}

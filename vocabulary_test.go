package navicert_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

func TestParseIMO(t *testing.T) {
	for _, s := range []string{"9074729", "IMO 9074729", "IMO9074729", "imo 9074729", "IMO  9074729", "IMO: 9074729", "IMO-9074729", "IMO No. 9074729", " IMO 9074729 (Russia) ", "IMO\u00a09074729"} {
		if n, err := navicert.ParseIMO(s); err != nil || n != 9074729 {
			t.Errorf("ParseIMO(%q) = %d, %v", s, n, err)
		}
	}
	for s, want := range map[string]string{
		"9074728":           "check digit is 8, want 9",
		"9179834":           "check digit is 4, want 0",
		"907472":            "want seven digits",
		"90747290":          "want seven digits",
		"":                  "want seven digits",
		"IMO":               "want seven digits",
		"IMO9074729 Russia": "want seven digits",
		"٩٠٧٤٧٢٩":           "want seven digits",
		"0000000":           "check digit",
		"(9074729)":         "want seven digits",
	} {
		if _, err := navicert.ParseIMO(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseIMO(%q) fails with %v, want %q", s, err, want)
		}
	}
}

// TestIMOCheckDigit: for any first six digits exactly one seventh is right.
func TestIMOCheckDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		six := rapid.Uint32Range(100000, 999999).Draw(t, "six")
		valid := 0
		for d := range uint32(10) {
			if navicert.IMO(six*10 + d).Valid() {
				valid++
			}
		}
		if valid != 1 {
			t.Fatalf("%d numbers begin with %d and are valid, want one", valid, six)
		}
	})
}

func TestMMSI(t *testing.T) {
	for _, c := range []struct {
		s    string
		kind navicert.MMSIKind
		mid  int
		flag navicert.Flag
	}{
		{"775123000", navicert.MMSIShip, 775, "VE"},
		{"257591700", navicert.MMSIShip, 257, "NO"},
		{"002655619", navicert.MMSICoast, 265, "SE"},
		{"026612345", navicert.MMSIGroup, 266, "SE"},
		{"111232511", navicert.MMSIAircraft, 232, "GB"},
		{"970123456", navicert.MMSISART, 0, ""},
		{"972123456", navicert.MMSIMOB, 0, ""},
		{"974123456", navicert.MMSIEPIRB, 0, ""},
		{"982571234", navicert.MMSICraft, 257, "NO"},
		{"992191234", navicert.MMSIAid, 219, "DK"},
		{"825712345", navicert.MMSIHandheld, 257, "NO"},
		{"123456789", navicert.MMSIOther, 0, ""},
		{"620123456", navicert.MMSIShip, 620, "KM"},
		{"299123456", navicert.MMSIShip, 299, ""}, // not allocated
	} {
		m, err := navicert.ParseMMSI(c.s)
		if err != nil {
			t.Errorf("ParseMMSI(%q): %v", c.s, err)
			continue
		}
		flag, ok := m.Flag()
		if m.Kind() != c.kind || m.MID() != c.mid || flag != c.flag || ok != (c.flag != "") || m.String() != c.s {
			t.Errorf("%s: kind %s, MID %d, flag %q %v, printed %s", c.s, m.Kind(), m.MID(), flag, ok, m)
		}
	}
	for _, s := range []string{"", "12345678", "1234567890", "12345678a", "000000000", "+12345678", "２５７５９１７００"} {
		if m, err := navicert.ParseMMSI(s); err == nil {
			t.Errorf("ParseMMSI(%q) = %d, want an error", s, m)
		}
	}
}

func TestIdentifierJSON(t *testing.T) {
	var v navicert.Vessel
	if err := json.Unmarshal([]byte(`{"imo":"IMO 9074729","mmsi":2655619,"flag":"VE"}`), &v); err != nil {
		t.Fatal(err)
	}
	if v.IMO != 9074729 || v.MMSI.String() != "002655619" {
		t.Errorf("read %+v", v)
	}
	if b, err := json.Marshal(v); err != nil || string(b) != `{"imo":9074729,"mmsi":2655619,"flag":"VE"}` {
		t.Errorf("wrote %s, %v", b, err)
	}
	for _, bad := range []string{`{"imo":9074728}`, `{"imo":"x"}`, `{"imo":1e6}`, `{"mmsi":"12345678"}`, `{"mmsi":-1}`, `{"imo":[]}`} {
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestParseCallSign(t *testing.T) {
	for s, want := range map[string]string{"ybku2": "YBKU2", " 3E-2647 ": "3E2647", "T2 EU4": "T2EU4"} {
		if c, err := navicert.ParseCallSign(s); err != nil || string(c) != want {
			t.Errorf("ParseCallSign(%q) = %q, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "  ", "ABCDEFGHIJK", "AB@C", "ÅB1"} {
		if c, err := navicert.ParseCallSign(s); err == nil {
			t.Errorf("ParseCallSign(%q) = %q, want an error", s, c)
		}
	}
}

func TestFlag(t *testing.T) {
	for s, want := range map[string]navicert.Flag{
		"VE": "VE", "ve": "VE", "Venezuela": "VE", "Democratic People's Republic of Korea": "KP", "Korea, North": "KP", "Korea, South": "KR",
		"PANAMA": "PA", "St. Kitts & Nevis": "KN", "Republic of Palau": "PW", "Türkiye": "TR", "Burma": "MM", "UK": "GB", "Iran (Islamic Republic of)": "IR", "China, Hong Kong Special Administrative Region": "HK", "State of Palestine": "PS", "Congo, Democratic Republic of the": "CD",
	} {
		if f, err := navicert.ParseFlag(s); err != nil || f != want {
			t.Errorf("ParseFlag(%q) = %q, %v; want %q", s, f, err, want)
		}
	}
	for _, s := range []string{"", "-0-", "Unknown", "None Identified", "ZZ", "Region: Gaza"} {
		if f, err := navicert.ParseFlag(s); err == nil {
			t.Errorf("ParseFlag(%q) = %q, want an error", s, f)
		}
	}
	if navicert.Flag("VE").Name() != "Venezuela" || navicert.Flag("ZZ").Name() != "ZZ" {
		t.Error("Name is wrong")
	}
}

// TestMIDTable: every MID that carries a flag names a country of the country
// table, and the pitfalls that other programs' tables hold are right (ITU).
func TestMIDTable(t *testing.T) {
	allocated := 0
	for mid := 200; mid < 800; mid++ {
		f, ok := navicert.MMSI(mid * 1000000).Flag()
		if !ok {
			continue
		}
		allocated++
		if f.Name() == string(f) {
			t.Errorf("MID %d is given to %q, which the country table lacks", mid, f)
		}
	}
	if allocated < 280 {
		t.Errorf("only %d MIDs are allocated", allocated)
	}
	for mid, want := range map[int]navicert.Flag{613: "CM", 626: "GA", 572: "TV", 553: "PG", 511: "PW", 620: "KM", 538: "MH", 636: "LR", 370: "PA"} {
		if f, _ := navicert.MMSI(mid * 1000000).Flag(); f != want {
			t.Errorf("MID %d is %q, want %q", mid, f, want)
		}
	}
}

func TestPosition(t *testing.T) {
	p, err := navicert.ParsePosition("10.1, -64.85")
	if err != nil || p.String() != "10°06.00'N 064°51.00'W" {
		t.Errorf("%s, %v", p, err)
	}
	if s := (navicert.Position{Lat: -0.99999999, Lon: 179.99999999}).String(); s != "01°00.00'S 180°00.00'E" {
		t.Errorf("rounded to %s", s)
	}
	for _, s := range []string{"", "1", "91,0", "0,181", "NaN,0", "a,b", "1,2,3", "Inf,0"} {
		if _, err := navicert.ParsePosition(s); err == nil {
			t.Errorf("ParsePosition(%q) was read", s)
		}
	}
}

// The text of a position and of an MMSI is written by hand; this is what it is to be.
func TestNumbersInText(t *testing.T) {
	angle := func(v float64, width int, pos, neg byte) string {
		h := pos
		if v < 0 {
			h, v = neg, -v
		}
		hundredths := math.Round(v * 60 * 100)
		deg := math.Floor(hundredths / 6000)
		return fmt.Sprintf("%0*d°%05.2f'%c", width, int(deg), hundredths/100-deg*60, h)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := navicert.Position{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
		if want := angle(p.Lat, 2, 'N', 'S') + " " + angle(p.Lon, 3, 'E', 'W'); p.String() != want {
			t.Errorf("%v prints %s, want %s", p, p, want)
		}
		m := navicert.MMSI(rapid.Uint32Range(1, math.MaxUint32).Draw(t, "mmsi"))
		if want := fmt.Sprintf("%09d", uint32(m)); m.String() != want {
			t.Errorf("%s, want %s", m, want)
		}
	})
}

func TestInstant(t *testing.T) {
	type doc struct {
		At navicert.Instant `json:"at,omitzero"`
	}
	for in, want := range map[string]string{
		`{"at":"2026-01-02"}`:                `{"at":"2026-01-02T00:00:00Z"}`,
		`{"at":"2026-01-02T01:02:03+01:00"}`: `{"at":"2026-01-02T00:02:03Z"}`,
		`{"at":"2026-01-02T01:02:03.5Z"}`:    `{"at":"2026-01-02T01:02:03.5Z"}`,
		`{}`:                                 `{}`,
		`{"at":null}`:                        `{}`,
		`{"at":""}`:                          `{}`,
		`{"at":"2026-01-02T01:02:03.000000000Z"}`: `{"at":"2026-01-02T01:02:03Z"}`,
		`{"at":"0001-01-01T00:00:00Z"}`:           `{}`,
		`{"at":"9999-12-31T23:59:59.999999999Z"}`: `{"at":"9999-12-31T23:59:59.999999999Z"}`,
	} {
		var d doc
		if err := json.Unmarshal([]byte(in), &d); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if b, err := json.Marshal(d); err != nil || string(b) != want {
			t.Errorf("%s became %s, %v; want %s", in, b, err, want)
		}
	}
	for _, in := range []string{`{"at":"2026-02-30"}`, `{"at":"yesterday"}`, `{"at":5}`, `{"at":"2026-01-02 10:00:00"}`} {
		var d doc
		if err := json.Unmarshal([]byte(in), &d); err == nil {
			t.Errorf("%s was read as %s", in, d.At)
		}
	}
	if _, err := navicert.ParseDate("2025-02-29"); err == nil {
		t.Error("29 February 2025 was read")
	}
	if d := navicert.DateOf(time.Date(2025, 12, 24, 23, 59, 0, 0, time.FixedZone("", -3600))); d != "2025-12-25" {
		t.Errorf("the UTC day is %s", d)
	}
}

func TestOpt(t *testing.T) {
	type doc struct {
		V navicert.Opt[float64] `json:"v,omitzero"`
	}
	for in, want := range map[string]string{`{"v":0}`: `{"v":0}`, `{}`: `{}`, `{"v":null}`: `{}`, `{"v":1.5}`: `{"v":1.5}`} {
		var d doc
		if err := json.Unmarshal([]byte(in), &d); err != nil {
			t.Error(err)
		}
		if b, err := json.Marshal(d); err != nil || string(b) != want {
			t.Errorf("%s became %s, %v", in, b, err)
		}
	}
	if v := navicert.Some(0.0).Or(5); v != 0 {
		t.Errorf("a known zero reads as %v", v)
	}
	if v := (navicert.Opt[int]{}).Or(5); v != 5 {
		t.Errorf("an unknown reads as %v", v)
	}
}

func TestVerdict(t *testing.T) {
	order := []navicert.Verdict{navicert.Clear, navicert.Refer, navicert.Refuse}
	for i, a := range order {
		for j, b := range order {
			if got := a.Stricter(b); got != order[max(i, j)] {
				t.Errorf("%s and %s: %s", a, b, got)
			}
		}
	}
	for o, v := range map[navicert.Outcome]navicert.Verdict{navicert.OutcomeLifted: navicert.Clear, navicert.OutcomeNote: navicert.Clear, navicert.OutcomeRefer: navicert.Refer, navicert.OutcomeRefuse: navicert.Refuse} {
		if o.Verdict() != v {
			t.Errorf("%s asks for %s", o, o.Verdict())
		}
	}
}

func TestTally(t *testing.T) {
	var a, b navicert.Tally
	if a.String() != "none" {
		t.Error("an empty tally prints", a.String())
	}
	for i := range 5 {
		a.Add("checksum", fmt.Sprint("line ", i))
	}
	b.Add("short", strings.Repeat("x", 1000))
	b.Add("checksum", "\xff")
	a.Merge(&b)
	if a.Total() != 7 || a.Count("checksum") != 6 || a.String() != "6 checksum, 1 short" {
		t.Errorf("%d: %s", a.Total(), a.String())
	}
	if ex := a.Examples("checksum"); len(ex) != navicert.TallyExamples || ex[0] != "line 0" {
		t.Errorf("examples %q", ex)
	}
	if ex := a.Examples("short"); len(ex[0]) > 310 {
		t.Errorf("an example of %d bytes was kept", len(ex[0]))
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
}

func TestError(t *testing.T) {
	cause := errors.New("9 of 12 columns")
	err := fmt.Errorf("import: %w", navicert.Errorf(navicert.Invalid, "list ofac", "sdn.csv line 4411", "%w", cause).WithHint("is the file cut off?"))
	if got := err.Error(); got != "import: list ofac: sdn.csv line 4411: 9 of 12 columns (is the file cut off?)" {
		t.Error(got)
	}
	if navicert.KindOf(err) != navicert.Invalid || !errors.Is(err, cause) || navicert.KindOf(cause) != "" {
		t.Error("the kind or the cause is lost")
	}
}

func TestEventID(t *testing.T) {
	if a, b := navicert.EventID("gap", "a", "bc"), navicert.EventID("gap", "ab", "c"); a == b || len(a) != 32 {
		t.Error("parts run together", a, b)
	}
}

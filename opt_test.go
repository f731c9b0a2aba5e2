package navicert_test

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// numbers are drawn as they come on the wire: degrees, knots, metres, and absurd.
func numbers() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(-180, 180),
		rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-1_000_000, 1_000_000).Draw(t, "n")) / 1000 }),
		rapid.Float64(),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e-6, 9.9e-7, 1e21, 1e20, math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1)}),
	)
}

// An optional value is written and read as encoding/json would its value.
func TestOptIsAsEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := numbers().Draw(t, "lat"), numbers().Draw(t, "lon")
		asPlain(t, lat)
		asPlain(t, navicert.Position{Lat: lat, Lon: lon})
	})
}

func asPlain[T comparable](t *rapid.T, v T) {
	got, err := json.Marshal(navicert.Some(v))
	want, wantErr := json.Marshal(v)
	if (err == nil) != (wantErr == nil) || string(got) != string(want) {
		t.Fatalf("%v is written as %s (%v), want %s (%v)", v, got, err, want, wantErr)
	}
	if err == nil {
		reads[T](t, string(got))
	}
}

// reads compares what is read of a text with what encoding/json reads.
func reads[T comparable](t interface{ Fatalf(string, ...any) }, text string) {
	var o navicert.Opt[T]
	var want T
	err, wantErr := o.UnmarshalJSON([]byte(text)), json.Unmarshal([]byte(text), &want)
	if (err == nil) != (wantErr == nil) || o.Known() != (wantErr == nil && text != "null") || o.Known() && o.Or(want) != want {
		t.Fatalf("%s is read as %v (%v), want %v (%v)", text, o, err, want, wantErr)
	}
}

func TestOptReads(t *testing.T) {
	for _, text := range []string{
		"null", "1", "-1.5", "0", "-0", "01", "1.", ".5", "-", "+1", "1e3", "1E-7", "1e400", "0x10", "1_0", "Inf", "NaN", `"1"`, "1 ", " 1", "1,2", "",
		`{"lat":1,"lon":2}`, `{"lon":2,"lat":1}`, `{ "lat": 1, "lon": 2 }`, `{"lat":1}`, `{"lat":1,"lon":2,"x":3}`, `{"lat":1,"lon":2}}`,
		`{"lat":1,"lon":"2"}`, `{"LAT":1,"LON":2}`, `{"lat":01,"lon":2}`, `{"lat":1,"lon":1e2}`, `{"lat":null,"lon":2}`, `{}`, `{"lat":1,"lon":2`,
	} {
		reads[float64](t, text)
		reads[navicert.Position](t, text)
	}
}

func TestInstantReads(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-01-02"`: "2026-01-02T00:00:00Z", `"2026-01-02T03:04:05Z"`: "2026-01-02T03:04:05Z", `"2026-01-02T03:04:05.25+01:00"`: "2026-01-02T02:04:05.25Z",
		`"2026\u002d01-02"`: "2026-01-02T00:00:00Z", `null`: "", `""`: "",
		`"2026-13-02"`: "error", `"2026-1-2"`: "error", `"02.01.2026"`: "error", `20260102`: "error", `"`: "error", `"2026-01-02`: "error", `"a\qb"`: "error",
	} {
		var i navicert.Instant
		err := i.UnmarshalJSON([]byte(text))
		if (err != nil) != (want == "error") || err == nil && i.String() != want {
			t.Errorf("%s is read as %s (%v), want %s", text, i, err, want)
		}
	}
}

package ais

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"navicert"
)

// talk completes a sentence with its checksum.
func talk(body string) string {
	return string(appendChecksum([]byte("$"+body), []byte(body)))
}

func TestClock(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		name, line string
		want       time.Time // zero: says nothing
	}{
		{"zda", talk("GPZDA,114702.51,27,01,2012,,"), at("2012-01-27T11:47:02.51Z")},
		{"zda, whole seconds", talk("GPZDA,170948,18,08,2022,00,00"), at("2022-08-18T17:09:48Z")},
		{"rmc", talk("GPRMC,114703.00,A,1228.3,S,13050.7,E,0.0,,270112,,,A"), at("2012-01-27T11:47:03Z")},
		{"rmc of another talker", talk("INRMC,000000,A,1228.3,S,13050.7,E,0.0,,010126,,,A"), at("2026-01-01T00:00:00Z")},
		{"rmc of 1999", talk("GPRMC,235960,A,1228.3,S,13050.7,E,0.0,,311299,,,A"), at("2000-01-01T00:00:00Z")},
		{"rmc with a warning", talk("GPRMC,114703.00,V,,,,,,,270112,,,N"), time.Time{}},
		{"rmc without a date", talk("GPRMC,114703.00,A,1228.3,S,13050.7,E,0.0,,,,,A"), time.Time{}},
		{"rmc, cut off", talk("GPRMC,114703.00,A,1228.3,S"), time.Time{}},
		{"rmc without a time", talk("GPRMC,,A,1228.3,S,13050.7,E,0.0,,270112,,,A"), time.Time{}},
		{"wrong checksum", "$GPZDA,114702.51,27,01,2012,,*00", time.Time{}},
		{"no checksum", "$GPZDA,114702.51,27,01,2012,,", time.Time{}},
		{"31 February", talk("GPZDA,114702.51,31,02,2012,,"), time.Time{}},
		{"hour 24", talk("GPZDA,240000,27,01,2012,,"), time.Time{}},
		{"before AIS", talk("GPZDA,114702.51,27,01,1980,,"), time.Time{}},
		{"a point and nothing behind", talk("GPZDA,114702.,27,01,2012,,"), time.Time{}},
		{"letters", talk("GPZDA,1147x2,27,01,2012,,"), time.Time{}},
		{"another sentence", talk("GPGGA,114703.00,1228.3,S,13050.7,E,1,8,1,0,M,,,,"), time.Time{}},
		{"date only", talk("GPZDA"), time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, from := only(t, c.line+"\r\n"+sentence1+"\r\n")
			if want := navicert.TimeClock; !got.Equal(c.want) || (from == want) == c.want.IsZero() {
				t.Errorf("%s: %v from %q, want %v", c.line, got, from, c.want)
			}
		})
	}
}

// only returns the time of the last message.
func only(t *testing.T, in string) (at time.Time, from navicert.TimeFrom) {
	r := NewReader(strings.NewReader(in), Options{StreamClock: true})
	for {
		m, err := r.Next()
		if err == io.EOF {
			return at, from
		}
		if err != nil {
			t.Fatal(err)
		}
		at, from = m.Time()
	}
}

// TestClockHolds: a clock that has stopped times nothing, one that is damaged
// changes nothing, and what a message brings itself goes before it.
func TestClockHolds(t *testing.T) {
	zda := talk("GPZDA,114702,27,01,2012,,") + "\n"
	for _, c := range []struct {
		name, between string
		want          navicert.TimeFrom
	}{
		{"at once", "", navicert.TimeClock},
		{"damaged sentence between", "$GPZDA,114802,27,01,2012,,*00\n", navicert.TimeClock},
		{"last line that it holds for", strings.Repeat("\n", clockLines-1), navicert.TimeClock},
		{"too far away", strings.Repeat("\n", clockLines), ""},
		{"tag block", `\c:1767323045*53\`, navicert.TimeTag},
		{"prefix", "2026-01-02T03:04:05Z ", navicert.TimePrefix},
	} {
		if _, from := only(t, zda+c.between+sentence1+"\n"); from != c.want {
			t.Errorf("%s: time from %q, want %q", c.name, from, c.want)
		}
	}
}

// TestClockAndGap: after an interruption the clock is not believed.
func TestClockAndGap(t *testing.T) {
	src := io.MultiReader(strings.NewReader(talk("GPZDA,114702,27,01,2012,,")+"\n"), &gapOnce{}, strings.NewReader(sentence1+"\n"))
	r := NewReader(src, Options{StreamClock: true})
	m, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if at, from := m.Time(); from != "" {
		t.Errorf("time %v from %q after a gap", at, from)
	}
}

// TestClockNotAsked: without StreamClock the sentences are only counted.
func TestClockNotAsked(t *testing.T) {
	in := talk("GPZDA,114702,27,01,2012,,") + "\n$GPZDA,114702,27,01,2012,,*00\n" + sentence1 + "\n"
	r := NewReader(strings.NewReader(in), Options{})
	m, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if at, from := m.Time(); from != "" || r.Counts().Clocks != 1 {
		t.Errorf("time %v from %q, %d clocks", at, from, r.Counts().Clocks)
	}
}

type gapOnce struct{ done bool }

func (g *gapOnce) Read([]byte) (int, error) {
	if g.done {
		return 0, io.EOF
	}
	g.done = true
	return 0, fmt.Errorf("test: %w", ErrGap)
}

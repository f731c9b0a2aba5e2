package ais

import (
	"strings"
	"testing"
	"time"

	"navicert"
)

func TestSentencesSingle(t *testing.T) {
	m := NewPositionA(999000123)
	m.Lat, m.Lon = LatLon(navicert.Position{Lat: 10.2, Lon: -64.85})
	m.Speed, m.Course, m.Heading, m.Status = MakeSpeed(12.34), MakeCourse(359.97), MakeHeading(-1), 0
	got := string(Sentences(nil, "AI", 'A', 3, m.Encode()))
	if !strings.HasPrefix(got, "!AIVDM,1,1,,A,1") || !strings.HasSuffix(got, "\r\n") {
		t.Errorf("sentence %q", got)
	}
	if m.Speed != 123 || m.Course != 0 || m.Heading != 359 {
		t.Errorf("speed %d course %d heading %d, want 123 0 359", m.Speed, m.Course, m.Heading)
	}
	b := m.Encode()
	var back PositionA
	back.decode(&b)
	m.Radio = navicert.Some[uint32](0)
	if fieldsOf(&back) != fieldsOf(&m) {
		t.Errorf("decoded %s\nwant    %s", fieldsOf(&back), fieldsOf(&m))
	}
}

func TestSentencesTwoParts(t *testing.T) {
	m := NewStaticVoyage(999000123)
	m.ShipName, m.Destination = MakeText("Invented Trader", 20), MakeText("NOWHERE", 20)
	lines := strings.Split(strings.TrimSuffix(string(Sentences(nil, "BS", 'B', 12, m.Encode())), "\r\n"), "\r\n")
	if len(lines) != 2 {
		t.Fatalf("%d sentences, want 2: %q", len(lines), lines)
	}
	if !strings.HasPrefix(lines[0], "!BSVDM,2,1,2,B,5") || !strings.HasPrefix(lines[1], "!BSVDM,2,2,2,B,") || !strings.Contains(lines[1], ",2*") {
		t.Errorf("sentences %q", lines)
	}
	for _, l := range lines {
		if len(l)+2 > 82 {
			t.Errorf("%d characters with CR LF, at most 82: %s", len(l)+2, l)
		}
	}
}

func TestAppendTag(t *testing.T) {
	at := time.Unix(1707873398, 999e6)
	for _, c := range []struct {
		station string
		t       time.Time
		want    string
	}{
		{"2573555", at, `\s:2573555,c:1707873398*05\`},
		{"", at, `\c:1707873398*56\`},
		{"SIM", time.Time{}, `\s:SIM*1E\`},
		{"", time.Time{}, ""},
	} {
		if got := string(AppendTag(nil, c.station, c.t)); got != c.want {
			t.Errorf("AppendTag(%q) = %q, want %q", c.station, got, c.want)
		}
	}
}

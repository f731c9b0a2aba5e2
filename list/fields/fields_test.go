package fields_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
)

func TestIMO(t *testing.T) {
	var rejected navicert.Tally
	r := fields.Reader{Rejected: &rejected}
	ship := list.Entry{ID: "1", Kind: list.Vessel}
	for _, text := range []string{"IMO2000016", "2000016", "IMO 2000092; 2000029", ""} {
		r.IMO(&ship, text)
	}
	want := []list.Identifier{{Type: "IMO number", Value: "2000092"}, {Type: fields.VesselNumber, Value: "2000029"}}
	if d := cmp.Diff(want, ship.Identifiers); d != "" || ship.IMO != 2000016 {
		t.Errorf("%s: %s", ship.IMO, d)
	}
	firm := list.Entry{ID: "2", Kind: list.Organization}
	r.IMO(&firm, "IMO 2100012")
	if d := cmp.Diff([]list.Identifier{{Type: list.CompanyIMO, Value: "2100012"}}, firm.Identifiers); d != "" || firm.IMO != 0 {
		t.Error(d)
	}
	if got := rejected.String(); got != "1 "+fields.BadIMO+", 1 "+fields.SecondIMO {
		t.Errorf("rejected %s", got)
	}
}

func TestAlias(t *testing.T) {
	var rejected navicert.Tally
	r := fields.Reader{Rejected: &rejected}
	e := list.Entry{ID: "1", Name: "A"}
	for _, a := range []list.Alias{{Name: "A"}, {Name: " "}, {Name: "B", Weak: true}, {Name: "B"}, {Name: "B", Weak: true}, {Name: "Имя  Б"}} {
		r.Alias(&e, a)
	}
	want := []list.Alias{{Name: "B", Kind: list.AKA}, {Name: "Имя Б", Kind: list.AKA, Script: "Cyrl"}}
	if d := cmp.Diff(want, e.Aliases); d != "" {
		t.Error(d)
	}
	if rejected.Count(fields.RepeatedName) != 2 || rejected.Count(fields.NamelessAlias) != 1 {
		t.Errorf("rejected %s", rejected.String())
	}
}

func TestScript(t *testing.T) {
	for name, want := range map[string]string{
		"SMITH": "", "Müller": "", "": "", "Č": "", "Иванов": "Cyrl", "Ivan Иванов": "Cyrl", "صدام": "Arab", "ישראל": "Hebr", "Αθήνα": "Grek",
		"김정은": "Hang", "中国": "Hani", "トヨタ": "Kana", "ไทย": "Thai",
	} {
		if got := fields.Script(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		in   []list.Measure
		one  list.Measure
		many []list.Measure
	}{
		{nil, list.Watch, nil},
		{[]list.Measure{list.TravelBan, list.TravelBan}, list.TravelBan, nil},
		{[]list.Measure{list.TravelBan, list.Block, list.PortBan, list.Block}, list.Block, []list.Measure{list.Block, list.PortBan, list.TravelBan}},
	} {
		var e list.Entry
		fields.Measures(&e, c.in, list.Watch)
		if d := cmp.Diff(c.many, e.Measures); d != "" || e.Measure != c.one {
			t.Errorf("%v: %s %s", c.in, e.Measure, d)
		}
	}
}

func TestFlagAndDate(t *testing.T) {
	var rejected navicert.Tally
	r := fields.Reader{Rejected: &rejected}
	for name, want := range map[string]navicert.Flag{
		"Panama": "PA", " mt ": "MT", "Iran (Islamic Republic of)": "IR", "Unknown": "", "": "", "-": "", "Atlantis": "",
	} {
		if got := r.Flag(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if r.Date("25/02/2025", "2006-01-02", "02/01/2006") != "2025-02-25" || r.Date("", "2006-01-02") != "" || r.Date("31/02/2025", "02/01/2006") != "" {
		t.Error("dates")
	}
	if rejected.Count(fields.BadCountry) != 1 || rejected.Count(fields.BadDate) != 1 {
		t.Errorf("rejected %s", rejected.String())
	}
}

// A long row is cut between two letters, and the hash tells rows apart that
// begin alike.
func TestRow(t *testing.T) {
	if got := fields.Row([]byte("a,b")); got != "a,b" {
		t.Errorf("short: %q", got)
	}
	long := "a" + strings.Repeat("é", 1<<20)
	got, other := fields.Row([]byte(long)), fields.Row([]byte(long+"x"))
	head, tail, ok := strings.Cut(got, "… sha256:")
	if !ok || len(got) > 2<<10 || !utf8.ValidString(got) || !strings.HasPrefix(long, head) || !strings.HasSuffix(tail, " of 2097153 bytes") || got == other {
		t.Errorf("long: %d bytes, ends %q", len(got), tail)
	}
}

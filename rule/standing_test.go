package rule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

const heldLicence = `licences:
  - id: VE-1
    kind: specific
    authority: OFAC
    title: Licence VE-1
    dated: 2026-01-05
    from: 2026-01-05T00:00:00-05:00
    until: 2026-07-31T00:01:00-04:00
    zone: America/New_York
    expiry: 12:01 a.m. eastern daylight time, July 31, 2026
    programmes: [VENEZUELA-EO13850]
    goods: [crude_oil]
    countries: [VE]
    persons: [Invented Oil Inc]
    owned_entities: true
    cannot_lift: [blocked_vessel]
    duties: [{report: quantities, to: [the office], first_days: 10, every_days: 90}]
    source: the holder's copy
    text: Lets the holder load crude oil.
`

func TestReadLicences(t *testing.T) {
	ls, err := ReadLicences(strings.NewReader(heldLicence), "own.yaml")
	if err != nil || len(ls) != 1 {
		t.Fatal(ls, err)
	}
	if l := ls[0]; !l.OwnedEntities || l.CannotLift[0] != BlockedVessel || l.Duties[0].Words() != "report quantities to the office, 10 days after the first transaction, every 90 days" || l.Until.String() != "2026-07-31T04:01:00Z" {
		t.Errorf("%+v", l)
	}
	json := `{"licences": [{"id": "VE-2", "kind": "specific", "authority": "OFAC", "title": "t", "from": "2026-01-05", "source": "s", "text": "x"}]}`
	if ls, err := ReadLicences(strings.NewReader(json), "own.json"); err != nil || len(ls) != 1 || ls[0].ID != "VE-2" {
		t.Errorf("JSON: %+v %v", ls, err)
	}
	for _, tt := range []struct{ old, new, want string }{
		{"    goods:", "    godos:", `own.yaml:12:5: unknown key "godos"`},
		{"licences:", "licenses:", `own.yaml:1:1: unknown key "licenses"`},
		{"-04:00", "-05:00", "own.yaml:8:12: licence VE-1: 2026-07-31T05:01:00Z is 01:01 EDT in America/New_York: is that the offset of the other season?"},
		{"America/New_York", "Eastern", `own.yaml:9:11: licence VE-1: "Eastern" is no time zone`},
		{"    zone: America/New_York\n", "", "an end in words needs until and zone too"},
		{"[blocked_vessel]", "[ships]", `"ships" is none of blocked_vessel`},
		{"[blocked_vessel]", "[blocked_vessel]\n    blocked_vessels: true", "it extends to blocked vessels"},
		{"first_days: 10, every_days: 90", "first_days: -1", "a duty needs"},
		{"    persons: [Invented Oil Inc]\n", "", "names none (persons)"},
		{"    dated:", "    replaces: VE-1\n    dated:", "it replaces itself"},
		{"    dated:", "    eligible: {class: c}\n    dated:", "the class in words (who)"},
		{"    from: 2026-01-05T00:00:00-05:00\n", "", "it needs the time from which it authorises"},
		{"    from:", "    from_unknown: true\n    from:", "and not both"},
		{"until: 2026-07-31", "until: 2025-07-31", "it ends"},
		{"id: VE-1", "id: VE 1", "own.yaml:2:"},
		{heldLicence, "licences: []\n", "it holds 0 licences"},
		{heldLicence, "", "empty"},
	} {
		_, err := ReadLicences(strings.NewReader(strings.Replace(heldLicence, tt.old, tt.new, 1)), "own.yaml")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %.40q: error %v, want %q", tt.new, tt.old, err, tt.want)
		}
	}
}

func TestStanding(t *testing.T) {
	day := func(s string) navicert.Instant { return navicert.At(navicert.Date(s).Start()) }
	a := LicenceRecord{ID: "a", Title: "A", Dated: "2026-01-01", From: day("2026-01-01"), Until: day("2026-06-01")}
	b := LicenceRecord{ID: "b", Title: "B", Dated: "2026-02-01", From: day("2026-03-01"), Effective: day("2026-02-02"), Replaces: "a"}
	c := LicenceRecord{ID: "c", Title: "C", Dated: "2026-04-01", From: day("2026-04-01"), Replaces: "b"}
	all := []LicenceRecord{c, a, b}
	for on, want := range map[string]string{"2025-12-31": "", "2026-01-01": "a", "2026-02-01": "a", "2026-02-02": "b", "2026-03-31": "b", "2026-04-01": "c", "2027-01-01": "c"} {
		for _, id := range []string{"a", "b", "c"} {
			if l, _ := Standing(all, id, day(on).Time); l.ID != want {
				t.Errorf("of %s stood on %s %q, want %q", id, on, l.ID, want)
			}
		}
	}
	for _, tt := range []struct {
		on       string
		in       bool
		replaced string
	}{{"2026-02-01", true, ""}, {"2026-02-02", false, "b"}, {"2026-05-01", false, "b"}} {
		f := a.FactAmong(all, true, day(tt.on).Time, nil)
		if f.InForce != tt.in || f.ReplacedBy != tt.replaced || !f.Until.Equal(day("2026-02-02").Time) {
			t.Errorf("on %s: %+v", tt.on, f)
		}
	}
	if f := b.FactAmong(all, true, day("2026-02-10").Time, nil); f.InForce {
		t.Errorf("b authorises before its time: %+v", f)
	}
	// What goes round in a circle ends.
	a.Replaces = "c"
	if chain := Chain([]LicenceRecord{a, b, c}, "b"); len(chain) != 3 {
		t.Errorf("a circle: %+v", chain)
	}
	if _, ok := Standing(all, "z", day("2026-02-10").Time); ok {
		t.Error("a licence that is not recorded stood")
	}
}

// TestLicencesNeverMakeStricter: whatever the facts, a further licence record
// leads to no stricter verdict, and neither does a record in the place of a
// licence that nothing is known of.
func TestLicencesNeverMakeStricter(t *testing.T) {
	s, err := NewSet(embedded(t, EmbeddedNames()...)...)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		judge := func(ls ...Licence) navicert.Verdict {
			g := *f
			g.Licences = append(append([]Licence{}, f.Licences...), ls...)
			reasons, err := s.Evaluate(&g)
			if err != nil {
				t.Fatal(err)
			}
			v := navicert.Clear
			for _, r := range reasons {
				v = v.Stricter(r.Outcome.Verdict())
			}
			return v
		}
		l := anyFacts(t).Licences
		if len(l) == 0 {
			return
		}
		record := l[0]
		record.Found, record.Claimed = true, false
		before := judge()
		if after := judge(record); after != before && after.Stricter(before) == after {
			t.Fatalf("a licence that is held makes %s of %s", after, before)
		}
		unknown := judge(UnknownLicence(record.ID))
		record.Claimed = true
		if after := judge(record); after != unknown && after.Stricter(unknown) == after {
			t.Fatalf("a record of the licence relied on makes %s of %s", after, unknown)
		}
	})
}

func FuzzReadLicences(f *testing.F) {
	f.Add(heldLicence)
	f.Add(`{"licences": [{"id": "x"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		ls, err := ReadLicences(strings.NewReader(text), "x")
		if err != nil {
			return
		}
		for _, l := range ls {
			_ = l.FactAmong(ls, true, time.Unix(1_770_000_000, 0), nil)
			_ = Chain(ls, l.ID)
		}
	})
}

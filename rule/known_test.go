package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
)

// twoTimes is a pack of which each rule and licence was on record at another
// time, and a figure that the law has changed.
const twoTimes = `pack: two
version: "1"
title: Two times
%s
figures:
  cap:
    unit: USD a barrel
    source: the law
    values: [{from: 2022-12-05, value: 60}, {from: 2025-09-03, value: 47.6, source: its amendment}]
rules:
  - id: capped
    title: Capped
    valid: {from: 2022-12-05}
    %s
    basis: The law
    outcome: refuse
    when: cargo.price_usd_bbl > figure.cap
    text: 'above ${figure.cap}'
    cases:
      - {name: fires, facts: {cargo: {price_usd_bbl: 61}}, expect: refuse, says: above 60}
      - {name: rests, facts: {cargo: {price_usd_bbl: 60}}, expect: none}
      - {name: fires after the change, facts: {now: 2025-09-03, cargo: {price_usd_bbl: 60}}, expect: refuse, says: above 47.6}
licences:
  - {id: L, kind: general, authority: A, title: T, dated: 2025-01-10, %s from: 2025-01-10, source: S, text: X}
`

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	i, err := navicert.ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return i.Time
}

// TestDatedFigures: a rule reads the value of the day asked about.
func TestDatedFigures(t *testing.T) {
	p, err := load(fmt.Sprintf(twoTimes, "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Test() {
		if !r.OK {
			t.Errorf("%s: %s", r.Case, r.Why)
		}
	}
	s := newSet(t, p)
	for _, tt := range []struct {
		day   string
		price float64
		want  int
	}{
		{"2022-12-04T23:59:59Z", 100, 0},
		{"2022-12-05", 60, 0},
		{"2022-12-05", 60.01, 1},
		{"2025-09-02T23:59:59Z", 60, 0},
		{"2025-09-03", 47.6, 0},
		{"2025-09-03", 47.61, 1},
	} {
		rs, err := s.Evaluate(&Facts{Now: instant(t, tt.day), Cargo: Cargo{PriceUSDBbl: tt.price}})
		if err != nil || len(rs) != tt.want {
			t.Errorf("%s at %g: %d reasons, want %d, %v", tt.day, tt.price, len(rs), tt.want, err)
		}
	}
	x, err := s.Explain("capped", &Facts{Now: instant(t, "2025-09-03"), Cargo: Cargo{PriceUSDBbl: 50}})
	if err != nil || !slices.Contains(x.Trials[0].Values, Value{Expr: "figure.cap", Value: "47.6"}) {
		t.Errorf("%+v, %v", x.Trials, err)
	}
}

// TestKnownTime: what was recorded later than the time up to which knowledge
// counts does not apply, in the order: its own record, its pack's, the law's.
func TestKnownTime(t *testing.T) {
	for _, tt := range []struct {
		name, pack, rule, licence string
		ruleKnown, licenceKnown   string
	}{
		{"the law's own dates", "", "", "", "2022-12-05", "2025-01-10"},
		{"the pack's record", "recorded: 2025-03-01", "", "", "2025-03-01", "2025-03-01"},
		{"their own records", "recorded: 2025-03-01", "known: 2025-02-01", "known: 2025-04-01,", "2025-02-01", "2025-04-01"},
	} {
		p, err := load(fmt.Sprintf(twoTimes, tt.pack, tt.rule, tt.licence))
		if err != nil {
			t.Fatal(tt.name, err)
		}
		s := newSet(t, p)
		l, _ := s.Licence("L")
		if got := l.KnownFrom(); !got.Equal(instant(t, tt.licenceKnown)) {
			t.Errorf("%s: the licence was known from %s, want %s", tt.name, got, tt.licenceKnown)
		}
		from := instant(t, tt.ruleKnown)
		for known, want := range map[time.Time]bool{from.Add(-time.Second): false, from: true, {}: true} {
			f := &Facts{Now: instant(t, "2025-06-01"), KnownAt: known, Cargo: Cargo{PriceUSDBbl: 70}}
			rs, err := s.Evaluate(f)
			if err != nil || (len(rs) == 1) != want {
				t.Errorf("%s, known at %s: %d reasons, %v", tt.name, known, len(rs), err)
			}
			x, err := s.Explain("capped", f)
			if err != nil || x.Applies != want || x.Unrecorded == want {
				t.Errorf("%s, known at %s: explained as %+v, %v", tt.name, known, x, err)
			}
		}
	}
}

// TestPrecedence: the strictest of what is left when licences have lifted
// theirs decides, and a licence lifts its own rule and no other.
func TestPrecedence(t *testing.T) {
	rule := func(id, outcome, lifted string) string {
		s := fmt.Sprintf("  - id: %s\n    title: t\n    valid: {from: 2020-01-01}\n    basis: b\n    outcome: %s\n    when: '%q in voyage.via'\n    text: t\n", id, outcome, id)
		if outcome == "refer" {
			s += "    settle: ask\n"
		}
		cases := fmt.Sprintf("    cases: [{name: a, facts: {voyage: {via: [%s]}}, expect: %s}, {name: b, expect: none}", id, outcome)
		if lifted != "" {
			s += "    lifted_by: {when: licence.claimed && '" + lifted + "' in licence.goods, condition: c}\n"
			cases += fmt.Sprintf(", {name: c, facts: {voyage: {via: [%s]}, licences: [{claimed: true, goods: [%s]}]}, expect: lifted}", id, lifted)
		}
		return s + cases + "]\n"
	}
	p, err := load("pack: p\nversion: \"1\"\ntitle: t\nrules:\n" + rule("refuses", "refuse", "") + rule("cargo", "refuse", "oil") +
		rule("asks", "refer", "") + rule("asks-of-cargo", "refer", "oil") + rule("tells", "note", ""))
	if err != nil {
		t.Fatal(err)
	}
	s := newSet(t, p)
	oil := []Licence{{ID: "L", Claimed: true, Goods: []string{"oil"}}}
	for _, tt := range []struct {
		fire     string
		licences []Licence
		verdict  navicert.Verdict
		reasons  string
	}{
		{"", nil, navicert.Clear, ""},
		{"tells", nil, navicert.Clear, "note tells"},
		{"tells asks", nil, navicert.Refer, "refer asks, note tells"},
		{"tells asks refuses", nil, navicert.Refuse, "refuse refuses, refer asks, note tells"},
		{"cargo tells", oil, navicert.Clear, "lifted cargo, note tells"},
		{"cargo asks", oil, navicert.Refer, "refer asks, lifted cargo"},
		{"cargo refuses", oil, navicert.Refuse, "refuse refuses, lifted cargo"},
		{"cargo asks-of-cargo", oil, navicert.Clear, "lifted asks-of-cargo, lifted cargo"},
		{"cargo", nil, navicert.Refuse, "refuse cargo"},
		{"asks", oil, navicert.Refer, "refer asks"},
	} {
		f := &Facts{Now: day, Voyage: Voyage{Via: strings.Fields(tt.fire)}, Licences: tt.licences}
		rs, err := s.Evaluate(f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rs {
			got = append(got, string(r.Outcome)+" "+strings.TrimPrefix(r.Rule, "p/"))
		}
		if v := verdict(t, s, f); v != tt.verdict || strings.Join(got, ", ") != tt.reasons {
			t.Errorf("%q: %s because of %q, want %s because of %q", tt.fire, v, got, tt.verdict, tt.reasons)
		}
	}
}

// TestWhatALicenceCannotLift: what its record says that it cannot lift holds
// against a rule whose condition would let it; and no licence that does not
// extend to blocked vessels lifts the vessel's own listing.
func TestWhatALicenceCannotLift(t *testing.T) {
	p, err := load("pack: p\nversion: \"1\"\ntitle: t\nrules:\n" + `
  - id: cargo
    title: t
    valid: {from: 2020-01-01}
    basis: b
    outcome: refuse
    when: cargo.kind == "oil"
    text: t
    lifted_by: {when: licence.claimed, condition: c}
    cases:
      - {name: a, facts: {cargo: {kind: oil}}, expect: refuse}
      - {name: b, expect: none}
      - {name: c, facts: {cargo: {kind: oil}, licences: [{claimed: true}]}, expect: lifted}
  - id: ship
    title: t
    valid: {from: 2020-01-01}
    basis: b
    outcome: refuse
    for_each: hits
    when: hit.subject == "vessel"
    text: t
    lifted_by: {when: licence.claimed, condition: c}
    cases:
      - {name: a, facts: {hits: [{subject: vessel, identity: true}]}, expect: refuse}
      - {name: b, expect: none}
      - {name: c, facts: {hits: [{subject: vessel, identity: true}], licences: [{claimed: true, blocked_vessels: true}]}, expect: lifted}
`)
	if err != nil {
		t.Fatal(err)
	}
	s := newSet(t, p)
	ship := Hit{Subject: "vessel", Identity: true, Measure: "block"}
	party := Hit{Subject: "party", Asked: "Petroleum Co", Identity: true, Measure: "block"}
	alike := party
	alike.Identity = false
	unsaid, unknown, restricted := party, party, party
	unsaid.Measure, unknown.Measure, restricted.Measure = "", "freeze", "restrict"
	owned := Holding{Subject: "party", Asked: "Daughter Co", Result: "owned", Settled: true}
	for _, tt := range []struct {
		name     string
		licence  Licence
		hits     []Hit
		holdings []Holding
		want     string
	}{
		{"nothing bars it", Licence{}, nil, nil, "cargo lifted"},
		{"a cargo licence, and the ship is listed", Licence{}, []Hit{ship}, nil, "ship refuse, cargo lifted"},
		{"one that leaves out blocked vessels lifts nothing then", Licence{CannotLift: []string{BlockedVessel}}, []Hit{ship}, nil, "cargo refuse, ship refuse"},
		{"and all of it while the ship is not", Licence{CannotLift: []string{BlockedVessel}}, nil, nil, "cargo lifted"},
		{"one that extends to the ship", Licence{BlockedVessels: true}, []Hit{ship}, nil, "cargo lifted, ship lifted"},
		{"one that leaves out other blocked persons", Licence{CannotLift: []string{OtherBlocked}, Party: "Exporter"}, []Hit{party}, nil, "cargo refuse"},
		{"the blocked person is its own", Licence{CannotLift: []string{OtherBlocked}, Party: "Petroleum Co"}, []Hit{party}, nil, "cargo lifted"},
		{"of whom the list does not say what it demands", Licence{CannotLift: []string{OtherBlocked}}, []Hit{unsaid}, nil, "cargo refuse"},
		{"or says it in a word that is not known", Licence{CannotLift: []string{OtherBlocked}}, []Hit{unknown}, nil, "cargo refuse"},
		{"one on a list that only restricts is no blocked person", Licence{CannotLift: []string{OtherBlocked}}, []Hit{restricted}, nil, "cargo lifted"},
		{"a name alike is no blocked person", Licence{CannotLift: []string{OtherBlocked}}, []Hit{alike}, nil, "cargo lifted"},
		{"what blocked persons own", Licence{CannotLift: []string{OtherBlocked}}, nil, []Holding{owned}, "cargo refuse"},
	} {
		tt.licence.ID, tt.licence.Claimed = "L", true
		f := &Facts{Now: day, Cargo: Cargo{Kind: "oil"}, Hits: tt.hits, Holdings: tt.holdings, Licences: []Licence{tt.licence}}
		f.Vessel.Listed = len(tt.hits) > 0 && tt.hits[0].Subject == "vessel"
		rs, err := s.Evaluate(f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rs {
			got = append(got, strings.TrimPrefix(r.Rule, "p/")+" "+string(r.Outcome))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		x, err := s.Explain("cargo", f)
		if err != nil {
			t.Fatal(err)
		}
		lt := x.Trials[0].Licences[0]
		if lifted := strings.Contains(tt.want, "cargo lifted"); lt.Lifts != lifted || (lt.Barred == "") != lifted {
			t.Errorf("%s: explained as %+v", tt.name, lt)
		}
	}
}

// TestIncidents: rules may be written on incidents, and a refusing one sees
// only those that a person has reviewed and nobody contests.
func TestIncidents(t *testing.T) {
	s := newSet(t, rules(t, "p",
		"refuses refuse incidents true | ${incident.id}",
		"asks refer incidents incident.kind==\"attack\"&&incident.near_nm<50 | ${incident.id}",
	))
	f := &Facts{Now: day, Incidents: []Incident{
		{ID: "proposed", Kind: "attack", NearNM: 10},
		{ID: "reviewed", Kind: "attack", NearNM: 60, Reviewed: true, Evidence: []navicert.Evidence{{Ref: "claim 1"}}},
		{ID: "contested", Kind: "attack", NearNM: 10, Reviewed: true, Contested: true},
	}}
	rs, err := s.Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rs {
		got = append(got, r.Rule+" "+r.Text)
	}
	if diff := cmp.Diff([]string{"p/refuses reviewed", "p/asks proposed", "p/asks contested"}, got); diff != "" {
		t.Error(diff)
	}
	if rs[0].Evidence[0].Ref != "claim 1" {
		t.Errorf("evidence: %+v", rs[0].Evidence)
	}
	x, err := s.Explain("refuses", f)
	if err != nil || len(x.Withheld) != 2 || len(x.Trials) != 1 {
		t.Errorf("%+v, %v", x, err)
	}
}

package rule

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"navicert"
)

// rules makes a pack of rules that are given in short: "id outcome for_each
// when | text", with the cases that Load wants.
func rules(t testing.TB, pack string, short ...string) *Pack {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "pack: %s\nversion: v-%s\ntitle: t\nrules:\n", pack, pack)
	for _, s := range short {
		head, text, _ := strings.Cut(s, " | ")
		f := strings.SplitN(head, " ", 4)
		fmt.Fprintf(&b, "  - id: %s\n    title: t\n    valid: {from: 2020-01-01}\n    basis: b\n    outcome: %s\n    when: '%s'\n    text: '%s'\n",
			f[0], f[1], strings.ReplaceAll(f[3], "'", "''"), strings.ReplaceAll(text, "'", "''"))
		if f[2] != "-" {
			fmt.Fprintf(&b, "    for_each: %s\n", f[2])
		}
		if f[1] == "refer" {
			fmt.Fprintf(&b, "    settle: ask\n")
		}
		fmt.Fprintf(&b, "    cases: [{name: a, expect: %s}, {name: b, expect: none}]\n", f[1])
	}
	p, err := Load(strings.NewReader(b.String()), pack+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func newSet(t testing.TB, packs ...*Pack) *Set {
	t.Helper()
	s, err := NewSet(packs...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var day = navicert.Date("2025-12-20").Start()

func TestOrderOfReasons(t *testing.T) {
	s := newSet(t,
		rules(t, "b", "z refuse - true | z", "m note hits true | ${hit.name}", "a refer - true | a"),
		rules(t, "a", "z refer - true | az", "k note - true | k", "x refuse - true | x"),
	)
	rs, err := s.Evaluate(&Facts{Now: day, Hits: []Hit{{Name: "second"}, {Name: "first"}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rs {
		got = append(got, fmt.Sprintf("%s %s %s", r.Outcome, r.Rule, r.Text))
	}
	want := []string{
		"refuse a/x x", "refuse b/z z", "refer a/z az", "refer b/a a", "note a/k k", "note b/m second", "note b/m first",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRef(t *testing.T) {
	a, b := rules(t, "a", "r note - true | r"), rules(t, "b", "r note - true | r")
	one, both, other := newSet(t, a).Ref(), newSet(t, a, b).Ref(), newSet(t, b, a).Ref()
	if one.SHA256 != a.SHA256() || one.Pack != "a" || one.Version != "v-a" {
		t.Errorf("%+v", one)
	}
	if both.Pack != "a+b" || both.Version != "v-a+v-b" || len(both.Packs) != 2 || both.Packs[1].SHA256 != b.SHA256() {
		t.Errorf("%+v", both)
	}
	if both.SHA256 == other.SHA256 || both.SHA256 == one.SHA256 {
		t.Error("the hash does not tell sets of packs apart")
	}
}

func TestNewSetConflicts(t *testing.T) {
	a := rules(t, "a", "r note - true | r")
	if _, err := NewSet(a, a); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("the same pack twice: %v", err)
	}
	licence := "version: v\ntitle: t\nlicences:\n  - {id: L, kind: general, authority: A, title: T, from: 2025-01-01, source: S, text: X}\n"
	x, err1 := load("pack: x\n" + licence)
	y, err2 := load("pack: y\n" + licence)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if _, err := NewSet(x, y); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("the same licence in two packs: %v", err)
	}
}

func TestValidity(t *testing.T) {
	p, err := load(strings.Replace(small, "to: 2030-01-01", "to: 2025-12-20T12:00:00Z", 1))
	if err != nil {
		t.Fatal(err)
	}
	s := newSet(t, p)
	for at, want := range map[string]int{
		"2019-12-31T23:59:59Z": 0, "2020-01-01": 1, "2025-12-20T11:59:59Z": 1, "2025-12-20T12:00:00Z": 0,
	} {
		now, err := navicert.ParseInstant(at)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := s.Evaluate(&Facts{Now: now.Time, Hits: []Hit{{Subject: "vessel", Identity: true}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(rs) != want {
			t.Errorf("at %s: %d reasons, want %d", at, len(rs), want)
		}
	}
	if _, err := s.Evaluate(&Facts{}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("without a time: %v", err)
	}
}

// TestErrorsAreNotSilence: a rule that cannot be evaluated stops the answer.
func TestErrorsAreNotSilence(t *testing.T) {
	for _, tt := range []struct{ rule, want string }{
		{"r note - parties[0].name == \"\" | r", "rules evaluate: rule p/r"},
		{"r note hits true | ${hit.programmes[3]}", "rules evaluate: rule p/r for l 7 N"},
	} {
		s := newSet(t, rules(t, "p", tt.rule))
		rs, err := s.Evaluate(&Facts{Now: day, Hits: []Hit{{List: "l", Entry: "7", Name: "N"}}})
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v", tt.rule, rs, err)
		}
	}
}

func TestCostLimit(t *testing.T) {
	s := newSet(t, rules(t, "p", "r note - hits.exists(a, hits.exists(b, hits.exists(c, a.name + b.name == c.name))) | r"))
	start := time.Now()
	_, err := s.Evaluate(&Facts{Now: day, Hits: make([]Hit, 0)})
	if err != nil {
		t.Fatal(err)
	}
	hits := make([]Hit, 2000)
	for i := range hits {
		hits[i].Name = fmt.Sprint("name ", i)
	}
	_, err = s.Evaluate(&Facts{Now: day, Hits: hits})
	if navicert.KindOf(err) != navicert.Limit || !strings.Contains(err.Error(), "rule p/r") {
		t.Error(err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %s to notice", d)
	}
}

// TestRefusingRulesSeeOnlyWhatMayRefuse holds the engine's policy whatever a
// pack says.
func TestRefusingRulesSeeOnlyWhatMayRefuse(t *testing.T) {
	f := &Facts{
		Now:    day,
		Hits:   []Hit{{Name: "alike"}, {Name: "same", Identity: true}},
		Zones:  []Zone{{Name: "disputed", Contested: true}, {Name: "plain"}},
		Events: []Event{{Kind: "gap"}},
	}
	s := newSet(t, rules(t, "p",
		"each-hit refuse hits true | ${hit.name}",
		"each-zone refuse zones true | ${zone.name}",
		"count refuse - true | ${hits.size()} hits, ${zones.size()} zones",
		"note-count note - true | ${hits.size()} hits, ${zones.size()} zones, ${events.size()} events",
	))
	rs, err := s.Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rs {
		got = append(got, r.Rule+": "+r.Text)
	}
	want := []string{"p/count: 1 hits, 1 zones", "p/each-hit: same", "p/each-zone: plain", "p/note-count: 2 hits, 2 zones, 1 events"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(f.Hits) != 2 || f.Hits[0].Name != "alike" || len(f.Zones) != 2 || len(f.Events) != 1 {
		t.Error("the facts were changed")
	}
}

func TestEvidence(t *testing.T) {
	row := navicert.Evidence{Kind: navicert.EvidenceListEntry, Source: "ofac-sdn", Ref: "7", Text: "row"}
	zone := navicert.Evidence{Kind: navicert.EvidenceZone, Source: "zones", Ref: "z", Text: "order"}
	paper := navicert.Evidence{Kind: navicert.EvidenceLicence, Source: "OFAC", Ref: "L", Text: "licence"}
	text := strings.Replace(small, "    text: 'Listed: ${hit.name}.'\n", "    text: x\n    evidence: [zones, voyage, cargo, vessel, parties, zones, hits]\n", 1)
	p, err := load(text)
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{
		Now:      day,
		Vessel:   Vessel{Name: "SALT HERON", IMO: "3500001", Flag: "PA"},
		Parties:  []Party{{Role: "owner", Name: "Heron", Country: "PA"}},
		Voyage:   Voyage{From: "VEJOT", To: "CNQIN", Via: []string{"SGSIN"}, ETD: day},
		Cargo:    Cargo{Kind: "crude_oil", Quantity: 500000, Unit: "bbl"},
		Hits:     []Hit{{Subject: "vessel", Identity: true, Evidence: []navicert.Evidence{row}}},
		Zones:    []Zone{{ID: "z", Evidence: []navicert.Evidence{zone}}},
		Licences: []Licence{{ID: "M"}, {ID: "L", Claimed: true, BlockedVessels: true, Until: day.AddDate(0, 0, 9), Evidence: []navicert.Evidence{paper}}},
	}
	rs, err := newSet(t, p).Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	said := func(ref, text string) navicert.Evidence {
		return navicert.Evidence{Kind: navicert.EvidenceVoyage, Source: "declaration", Ref: ref, Text: text}
	}
	want := []navicert.Reason{{
		Rule: "test/hit", Outcome: navicert.OutcomeLifted, Basis: "The law", Text: "x",
		Evidence: []navicert.Evidence{
			row, zone,
			said("voyage", "voyage: from VEJOT, to CNQIN, by way of SGSIN, departure 2025-12-20 00:00 UTC"),
			said("cargo", "cargo: crude_oil, 500000 bbl"),
			said("vessel", "vessel: SALT HERON, IMO 3500001, flag PA"),
			said("parties", "owner: Heron, country PA"),
			paper,
		},
		LiftedBy: &navicert.Lift{Licence: "L", Condition: "L", Until: navicert.At(day.AddDate(0, 0, 9))},
	}}
	if diff := cmp.Diff(want, rs, cmp.Comparer(func(a, b navicert.Evidence) bool { return a == b }), cmpopts.IgnoreFields(navicert.Reason{}, "About")); diff != "" {
		t.Error(diff)
	}
}

// TestEveryReasonHasEvidence: a rule about no fact in particular rests on the
// declared voyage.
func TestEveryReasonHasEvidence(t *testing.T) {
	rs, err := newSet(t, rules(t, "p", "r note - true | r")).Evaluate(&Facts{Now: day})
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != 1 || len(rs[0].Evidence) != 1 || rs[0].Evidence[0].Text != "voyage: from not declared, to not declared" {
		t.Errorf("%+v", rs)
	}
}

func TestFindRule(t *testing.T) {
	s := newSet(t, rules(t, "a", "r note - true | r", "only note - true | r"), rules(t, "b", "r note - true | r"))
	for id, want := range map[string]string{"a/r": "a/r", "b/r": "b/r", "only": "a/only"} {
		if got, _, err := s.Rule(id); err != nil || got != want {
			t.Errorf("%s: %s, %v", id, got, err)
		}
	}
	if _, _, err := s.Rule("r"); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("r: %v", err)
	}
	if _, _, err := s.Rule("x"); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("x: %v", err)
	}
}

// anyFacts draws facts whose words are those that the packs know.
func anyFacts(t *rapid.T) *Facts {
	f := &Facts{}
	fill(t, reflect.ValueOf(f).Elem())
	f.Now = day.AddDate(0, 0, rapid.IntRange(-3000, 300).Draw(t, "days"))
	return f
}

var vocabulary = []string{
	"", "vessel", "party", "imo", "mmsi", "name", "block", "port_ban", "services_ban", "restrict", "gap", "zone", "unexplained",
	"cannot_tell", "prohibits", "restricts", "warns", "blockade", "danger", "listed_area", "territorial_sea", "list", "ais",
	"current", "stale", "missing", "VE", "US", "CU", "crude_oil", "diluents", "grain", "any", "VENEZUELA-EO13850", "general", "3500001",
}

func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		if rapid.Bool().Draw(t, "known") {
			v.Set(reflect.ValueOf(day.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "hours")) * time.Hour)))
		}
		return
	case []navicert.Evidence:
		v.Set(reflect.ValueOf([]navicert.Evidence{{Kind: navicert.EvidenceSource, Text: rapid.SampledFrom(vocabulary).Draw(t, "evidence")}}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom(vocabulary).Draw(t, "word"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 100).Draw(t, "int")))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 100).Draw(t, "float"))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 3).Draw(t, "length"), 3))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	}
}

// TestProperties: for any facts the same reasons come twice; every reason has
// a basis, a text and evidence, and a refer says what to settle; facts that may
// not refuse do not.
func TestProperties(t *testing.T) {
	all := newSet(t, embedded(t, EmbeddedNames()...)...)
	general := newSet(t, embedded(t, "general")...)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		rs, err := all.Evaluate(f)
		if err != nil {
			t.Fatal(err)
		}
		again, err := all.Evaluate(f)
		if err != nil || !reflect.DeepEqual(rs, again) {
			t.Fatalf("not the same twice: %v", err)
		}
		for i, r := range rs {
			if r.Basis == "" || r.Text == "" || len(r.Evidence) == 0 || (r.Outcome == navicert.OutcomeRefer) != (r.Settle != "") {
				t.Fatalf("incomplete: %+v", r)
			}
			if (r.Outcome == navicert.OutcomeLifted) != (r.LiftedBy != nil) {
				t.Fatalf("lifted: %+v", r)
			}
			if i > 0 && rs[i-1].Outcome.Strictness() > r.Outcome.Strictness() {
				t.Fatalf("%s stands behind %s", r.Outcome, rs[i-1].Outcome)
			}
		}
		for i := range f.Hits {
			f.Hits[i].Identity = false
		}
		for i := range f.Zones {
			f.Zones[i].Contested = true
		}
		rs, err = general.Evaluate(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			if r.Outcome == navicert.OutcomeRefuse {
				t.Fatalf("refused without an identity or an uncontested order: %+v", r)
			}
		}
	})
}

func BenchmarkEvaluateGeneral(b *testing.B) { benchmark(b, "general") }

func BenchmarkEvaluateAll(b *testing.B) { benchmark(b, EmbeddedNames()...) }

// benchmark evaluates a voyage with two hits, three events, three zones, two
// licences and four sources.
func benchmark(b *testing.B, names ...string) {
	s := newSet(b, embedded(b, names...)...)
	f := &Facts{
		Now:     day,
		Vessel:  Vessel{IMO: "3500001", Name: "SALT HERON", Flag: "PA", Kind: "oil_tanker", Tanker: true},
		Parties: []Party{{Role: "owner", Name: "Heron"}, {Role: "charterer", Name: "Plover"}},
		Voyage:  Voyage{From: "VEJOT", To: "CNQIN", FromCountry: "VE", ToCountry: "CN", Countries: []string{"VE", "CN"}, ETD: day},
		Cargo:   Cargo{Kind: "crude_oil"},
		Hits:    []Hit{{Subject: "vessel", By: "name", Score: 0.9}, {Subject: "party", By: "name", Score: 0.85}},
		Events: []Event{
			{Kind: "gap", Explanation: "unexplained", NearZone: "Blockade", NearNM: 20, AgeDays: 3, Hours: 14, Start: day},
			{Kind: "gap", Explanation: "coverage"},
			{Kind: "zone", ZoneInForce: true, ZoneEffect: "warns"},
		},
		Zones: []Zone{
			{Kind: "blockade", Effect: "prohibits", InForce: true, Applies: true, Contested: true, Order: "b"},
			{Kind: "blockade", Effect: "prohibits", InForce: true, Contested: true, Order: "b"},
			{Kind: "danger", Effect: "warns", InForce: true},
		},
		Licences: []Licence{{ID: "L", Claimed: true, Found: true, InForce: true, Goods: []string{"diluents"}}, {ID: "M", Found: true}},
		Sources: []Source{
			{ID: "a", Kind: "list", State: "current"},
			{ID: "b", Kind: "list", State: "stale"},
			{ID: "c", Kind: "ais", State: "current"},
			{ID: "d", Kind: "zones", State: "missing"},
		},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Evaluate(f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
}

func BenchmarkLoadGeneral(b *testing.B) {
	for b.Loop() {
		if _, err := Embedded("general"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestConcurrentUse: one set serves many checks at a time (run with -race).
func TestConcurrentUse(t *testing.T) {
	s := newSet(t, embedded(t, EmbeddedNames()...)...)
	f := &Facts{Now: day, Voyage: Voyage{FromCountry: "VE", Countries: []string{"VE"}}, Cargo: Cargo{Kind: "crude_oil"}, Zones: make([]Zone, 3), Hits: make([]Hit, 3)}
	want, err := s.Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				if got, err := s.Evaluate(f); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%d reasons, want %d, %v", len(got), len(want), err)
				}
			}
		})
	}
	wg.Wait()
}

package rule

import (
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"github.com/google/go-cmp/cmp"

	"navicert"
)

func embedded(t testing.TB, names ...string) []*Pack {
	t.Helper()
	var packs []*Pack
	for _, name := range names {
		p, err := Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		packs = append(packs, p)
	}
	return packs
}

func TestEmbeddedPacksPassTheirCases(t *testing.T) {
	if diff := cmp.Diff([]string{"eu", "general", "ofac", "uk", "un", "venezuela"}, EmbeddedNames()); diff != "" {
		t.Fatal(diff)
	}
	for _, p := range embedded(t, EmbeddedNames()...) {
		for _, r := range p.Test() {
			if !r.OK {
				t.Errorf("%s: case %q: %s (%s)", r.Rule, r.Case, r.Why, r.Text)
			}
		}
	}
}

// TestEveryRuleIsNeeded takes one rule after the other out of all the embedded
// packs together: a case must fail that passes with the rule.
func TestEveryRuleIsNeeded(t *testing.T) {
	packs := embedded(t, EmbeddedNames()...)
	whole, err := NewSet(packs...)
	if err != nil {
		t.Fatal(err)
	}
	// A rule sees no other's outcome, so that only its own cases can miss it.
	failing := func(s *Set, e entry) (n int) {
		for _, c := range e.rule.Cases {
			if !holdsInSet(t, s, e.id, c) {
				n++
			}
		}
		return n
	}
	for i, e := range whole.rules {
		if n := failing(whole, e); n != 0 {
			t.Errorf("%s: %d cases fail against the whole set", e.id, n)
		}
		without := *whole
		without.rules = append(append([]entry{}, whole.rules[:i]...), whole.rules[i+1:]...)
		if failing(&without, e) == 0 {
			t.Errorf("no case misses %s", e.id)
		}
	}
}

// holdsInSet evaluates a case's facts with every rule of a set and looks at
// what the case's own rule says.
func holdsInSet(t *testing.T, s *Set, id string, c Case) bool {
	reasons, err := s.Evaluate(&c.Facts)
	if err != nil {
		t.Fatalf("%s, case %q: %v", id, c.Name, err)
	}
	got := ExpectNone
	for _, r := range reasons {
		if r.Rule == id {
			got = string(r.Outcome) // the strictest stands first
			break
		}
	}
	return got == c.Expect
}

// TestEveryConditionIsNeeded drops one condition after the other from what each
// rule, and each lifting, asks: a case of the rule must fail.
func TestEveryConditionIsNeeded(t *testing.T) {
	// Said in the rule for its reader; the engine sees to it in any case.
	enforced := map[string]bool{"hit.identity": true, "!zone.contested": true}
	for _, p := range embedded(t, EmbeddedNames()...) {
		for i := range p.Rules {
			r := &p.Rules[i]
			mutate := func(what string, e *expr, put func(*program, *expr)) {
				parts := conjuncts(t, e)
				for j, part := range parts {
					if r.refuses() && enforced[part] {
						continue
					}
					rest := append(append([]string{"true"}, parts[:j]...), parts[j+1:]...)
					weaker, err := compileCondition(e.env, "("+strings.Join(rest, ") && (")+")")
					if err != nil {
						t.Fatalf("%s: %v", r.ID, err)
					}
					mutant, prog := *r, *r.program
					put(&prog, weaker)
					mutant.program = &prog
					if !anyCaseFails(&mutant, p.Name) {
						t.Errorf("%s/%s: no case fails without %q in %s", p.Name, r.ID, part, what)
					}
				}
			}
			mutate("when", r.program.when, func(p *program, e *expr) { p.when = e })
			if r.program.lift != nil {
				mutate("lifted_by", r.program.lift, func(p *program, e *expr) { p.lift = e })
			}
		}
	}
}

func anyCaseFails(r *Rule, pack string) bool {
	for i := range r.Cases {
		if !runCase(entry{pack + "/" + r.ID, r}, &r.Cases[i], pack).OK {
			return true
		}
	}
	return false
}

// conjuncts returns what a condition joins with &&.
func conjuncts(t *testing.T, e *expr) []string {
	var out []string
	var split func(n ast.Expr)
	split = func(n ast.Expr) {
		if n.Kind() == ast.CallKind && n.AsCall().FunctionName() == operators.LogicalAnd {
			for _, a := range n.AsCall().Args() {
				split(a)
			}
			return
		}
		s, err := cel.ExprToString(n, e.ast.NativeRep().SourceInfo())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	split(e.ast.NativeRep().Expr())
	return out
}

// TestVenezuelaLicences holds the dated facts that other parts rest on.
func TestVenezuelaLicences(t *testing.T) {
	s, err := NewSet(embedded(t, "general", "venezuela")...)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) navicert.Instant {
		i, err := navicert.ParseInstant(s)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	for _, tt := range []struct {
		id, time string
		want     bool
	}{
		{"ofac-ve-gl-5u", "2026-02-02", false}, // dated, and authorises only later
		{"ofac-ve-gl-5u", "2026-03-20T03:59:59Z", false},
		{"ofac-ve-gl-5u", "2026-03-20T04:00:00Z", true},
		{"ofac-ve-gl-44a", "2024-05-31T04:00:59Z", true},
		{"ofac-ve-gl-44a", "2024-05-31T04:01:00Z", false}, // 12:01 a.m. eastern daylight time
		{"ofac-ve-gl-41", "2025-01-01", true},
		{"ofac-ve-gl-41a", "2025-03-25", false}, // 41B took its place
		{"ofac-ve-gl-41b", "2025-05-27T04:00:59Z", true},
		{"ofac-ve-gl-41b", "2025-05-27T04:01:00Z", false},
		{"ofac-ve-gl-8m", "2024-05-09", true},
		{"ofac-ve-gl-8n", "2024-05-11", true},
		{"ofac-ve-gl-5", "2019-10-23", true},
		{"ofac-ve-gl-5", "2019-10-25", false}, // 5A put it off
		{"ofac-ve-gl-5a", "2020-01-01", false},
		{"ofac-ve-gl-48", "2026-02-09", false},
		{"ofac-ve-gl-48", "2026-02-11", true},
		{"ofac-ve-gl-49", "2026-02-14", true},
		{"ofac-ve-gl-46", "2026-02-05", true},
		{"ofac-ve-gl-46", "2026-02-11", false}, // 46A took its place
		{"ofac-ve-gl-46a", "2026-02-11", true},
		{"ofac-ve-gl-47", "2026-02-04", true},
	} {
		l, ok := s.Licence(tt.id)
		if !ok {
			t.Fatalf("no record of %s", tt.id)
		}
		if got := l.FactAmong(s.Licences(), true, at(tt.time).Time, nil).InForce; got != tt.want {
			t.Errorf("%s in force at %s: %v, want %v", tt.id, tt.time, got, tt.want)
		}
	}
	for day, want := range map[string]string{
		"2025-12-18": "", "2025-12-20": "ofac-ve-gl-5t", "2026-02-02T04:59:59Z": "ofac-ve-gl-5t",
		"2026-02-02T05:00:00Z": "ofac-ve-gl-5u", "2026-03-21": "ofac-ve-gl-5u",
	} {
		for _, id := range []string{"ofac-ve-gl-5t", "ofac-ve-gl-5u"} {
			if got, ok := Standing(s.Licences(), id, at(day).Time); got.ID != want || ok != (want != "") {
				t.Errorf("of %s stood at %s %q, want %q", id, day, got.ID, want)
			}
		}
	}
	for _, id := range []string{"ofac-ve-gl-46", "ofac-ve-gl-46a", "ofac-ve-gl-47"} {
		l, _ := s.Licence(id)
		if l.CannotLift[0] != BlockedVessel || len(l.Duties) != 1 || l.Duties[0].FirstDays != 10 || l.Duties[0].EveryDays != 90 || l.Part != "31 CFR part 591" {
			t.Errorf("%s: %+v", id, l)
		}
	}
	if l, _ := s.Licence("ofac-ve-gl-46"); l.Eligible == nil || l.Eligible.OrganisedBy != "2025-01-29" || l.Eligible.OrganisedUnder[0] != "US" {
		t.Errorf("General License 46 serves %+v", l.Eligible)
	}
	for _, l := range s.Licences() {
		if l.BlockedVessels {
			t.Errorf("%s extends to blocked vessels: none of the licences at hand does", l.ID)
		}
	}
}

// TestListedShipIsRefusedUnderALicence is the founding example: the cargo may
// be licensed and the ship still blocked.
func TestListedShipIsRefusedUnderALicence(t *testing.T) {
	s, err := NewSet(embedded(t, "general", "venezuela")...)
	if err != nil {
		t.Fatal(err)
	}
	record := LicenceRecord{ID: "l", Title: "Invented", Programmes: []string{"VENEZUELA-EO13850"}, Goods: []string{"crude_oil"}, Countries: []string{"VE"}, Persons: []string{"Invented Oil, Inc."}}
	f := Facts{
		Now:     navicert.Date("2025-12-10").Start(), // before the blockade, which is another question
		Vessel:  Vessel{IMO: "3500001", Name: "SALT HERON", Kind: "oil_tanker", Tanker: true, Flag: "PA"},
		Parties: []Party{{Role: "charterer", Name: "INVENTED OIL INC", Country: "US"}},
		Voyage:  Voyage{From: "VEJOT", To: "USHOU", FromCountry: "VE", ToCountry: "US", Countries: []string{"VE", "US"}},
		Cargo:   Cargo{Kind: "crude_oil"},
		Sources: []Source{{ID: "ofac-sdn", Kind: "list", State: "current"}},
	}
	f.Licences = []Licence{record.Fact(true, f.Now, f.Parties)}
	if got := verdict(t, s, &f); got != navicert.Clear {
		t.Errorf("unlisted ship, licensed cargo: %s, want clear", got)
	}
	f.Licences[0].Claimed = false
	if got := verdict(t, s, &f); got != navicert.Refuse {
		t.Errorf("the licence is not relied on: %s, want refuse", got)
	}
	f.Licences[0].Claimed = true
	f.Vessel.Listed = true
	f.Hits = []Hit{{Subject: "vessel", Identity: true, By: "imo", Measure: "block", List: "ofac-sdn", Entry: "1", Name: "SALT HERON"}}
	if got := verdict(t, s, &f); got != navicert.Refuse {
		t.Errorf("listed ship, licensed cargo: %s, want refuse", got)
	}
}

func verdict(t testing.TB, s *Set, f *Facts) navicert.Verdict {
	t.Helper()
	reasons, err := s.Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	v := navicert.Clear
	for _, r := range reasons {
		v = v.Stricter(r.Outcome.Verdict())
	}
	return v
}

package rule

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"navicert"
)

// small is a pack with one rule that the tests below spoil.
const small = `pack: test
version: "1"
title: A test
figures:
  far_nm: {value: 50, unit: nautical miles, source: chosen}
rules:
  - id: hit
    title: A hit
    valid: {from: 2020-01-01, to: 2030-01-01}
    basis: The law
    outcome: refuse
    for_each: hits
    when: hit.subject == "vessel"
    text: 'Listed: ${hit.name}.'
    lifted_by:
      when: licence.claimed
      condition: '${licence.id}'
    cases:
      - name: fires
        facts: {hits: [{subject: vessel, identity: true}]}
        expect: refuse
      - name: rests
        facts: {hits: [{subject: party, identity: true}]}
        expect: none
      - name: lifts
        facts: {hits: [{subject: vessel, identity: true}], licences: [{id: L, claimed: true, blocked_vessels: true}]}
        expect: lifted
  - id: near
    title: Near
    valid: {from: 2020-01-01}
    basis: The principle
    outcome: refer
    for_each: events
    when: event.near_nm < figure.far_nm
    text: Near.
    settle: Where it was.
    cases:
      - {name: fires, facts: {events: [{near_nm: 3}]}, expect: refer}
      - {name: rests, facts: {events: [{near_nm: 300}]}, expect: none}
licences:
  - id: L
    kind: specific
    authority: A
    title: T
    from: 2025-01-01
    until: 2025-06-01
    countries: [VE]
    source: S
    text: X
`

func load(text string) (*Pack, error) { return Load(strings.NewReader(text), "test.yaml") }

func TestLoad(t *testing.T) {
	p, err := load(small)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "test" || p.Version != "1" || len(p.Rules) != 2 || len(p.Licences) != 1 {
		t.Errorf("%+v", p)
	}
	if got, want := p.Rules[0].Valid.To.String(), "2030-01-01T00:00:00Z"; got != want {
		t.Errorf("valid.to %s, want %s", got, want)
	}
	if p.Licences[0].Pack != "test" {
		t.Error("the licence does not name its pack")
	}
	if got := p.Rules[0].Cases[0].Facts.Now; got != p.Rules[0].Valid.From.Time {
		t.Errorf("a case without now gets %s", got)
	}
	for _, r := range p.Test() {
		if !r.OK {
			t.Errorf("%s, %s: %s", r.Rule, r.Case, r.Why)
		}
	}
}

// TestHashIsOfTheExactBytes: an added comment is another pack.
func TestHashIsOfTheExactBytes(t *testing.T) {
	a, err := load(small)
	if err != nil {
		t.Fatal(err)
	}
	b, err := load(small + "# a comment\n")
	if err != nil {
		t.Fatal(err)
	}
	if a.SHA256() == b.SHA256() {
		t.Error("the hash does not see a comment")
	}
	if !bytes.Equal(a.Source(), []byte(small)) {
		t.Error("Source is not what was read")
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct {
		name     string
		old, new string // put into small
		want     string // in the error
		at       string // file, line and column; "" when the place is not of interest
	}{
		{"no basis", "    basis: The law\n", "", "rule hit has no basis", "test.yaml:"},
		{"blank basis", "basis: The law", "basis: '  '", "rule hit has no basis", ""},
		{"no from-date", "{from: 2020-01-01, to: 2030-01-01}", "{to: 2030-01-01}", "no date from which it applies", "test.yaml:9:"},
		{"ends before it begins", "to: 2030-01-01", "to: 2019-01-01", "ends before it begins", "test.yaml:9:35"},
		{"a day that does not exist", "from: 2020-01-01, to", "from: 2020-02-30, to", `"2020-02-30"`, "test.yaml:9:19"},
		{"no cases at all", "    cases:\n      - {name: fires, facts: {events: [{near_nm: 3}]}, expect: refer}\n      - {name: rests, facts: {events: [{near_nm: 300}]}, expect: none}\n", "", "rule near needs at least two cases", ""},
		{"one case", "      - {name: rests, facts: {events: [{near_nm: 300}]}, expect: none}\n", "", "rule near needs at least two cases", ""},
		{"figure of two kinds", "unit: nautical miles, source: chosen}", "unit: nautical miles, source: chosen, values: [{from: 2020-01-01, value: 3}]}", "a value, or values with their dates, and not both", ""},
		{"figure without a date", "{value: 50, unit", "{values: [{value: 3}], unit", "each value needs the time from which it holds", ""},
		{"figure out of order", "{value: 50, unit", "{values: [{from: 2020-01-01, value: 3}, {from: 2019-01-01, value: 4}], unit", "the oldest first", ""},
		{"a rule before its figure's first value", "{value: 50, unit", "{values: [{from: 2020-01-02, value: 3}], unit", "applies from 2020-01-01T00:00:00Z, and figure.far_nm has no value before 2020-01-02T00:00:00Z", ""},
		{"a licence on record before it was dated", "    title: T\n    from", "    title: T\n    dated: 2025-01-01\n    known: 2024-12-01\n    from", "on record (2024-12-01T00:00:00Z) before it was dated (2025-01-01)", ""},
		{"no firing case", "        expect: refuse\n", "        expect: none\n", "one that expects refuse", "test.yaml:"},
		{"no resting case", "        expect: none\n", "        expect: refuse\n", "one that expects none", ""},
		{"no lifted case", "        expect: lifted\n", "        expect: refuse\n", "needs a case that expects lifted", ""},
		{"strange expectation", "expect: lifted", "expect: maybe", `not "maybe"`, "test.yaml:27:17"},
		{"lifted without lifted_by", "expect: refer}", "expect: lifted}", "nothing lifts this rule", ""},
		{"case without a name", "name: fires\n", "name: ''\n", "needs a name of its own", ""},
		{"two cases of a name", "name: rests\n", "name: fires\n", "needs a name of its own", ""},
		{"duplicate rule", "id: near", "id: hit", "there is another rule hit", "test.yaml:28:9"},
		{"bad rule id", "id: near", "id: Near One", "a rule needs an id", ""},
		{"unknown key", "    title: Near\n", "    title: Near\n    colour: red\n", `unknown key "colour"`, "test.yaml:30:5"},
		{"unknown key of a fact", "{near_nm: 300}", "{near_km: 300}", `unknown key "near_km"`, ""},
		{"key given twice", "    title: Near\n", "    title: Near\n    title: Far\n", "title", "test.yaml:30:5"},
		{"unknown identifier", `when: hit.subject == "vessel"`, `when: hitt.subject == "vessel"`, "when: undeclared reference to 'hitt' (did you mean 'hit' or 'hits'?), at character 1 of the expression", "test.yaml:13:11"},
		{"unknown field", `when: hit.subject`, `when: hit.topic`, "undefined field 'topic'", "test.yaml:13:11"},
		{"time that may be unknown", `when: hit.subject == "vessel"`, `when: hit.subject == "vessel" && licences.exists(l, voyage.eta < l.until)`, "voyage.eta may be unknown: ask has(voyage.eta) too", "test.yaml:13:11"},
		{"time of a list that may be unknown", `when: hit.subject == "vessel"`, `when: has(voyage.eta) && licences.exists(l, voyage.eta < l.until)`, "l.until may be unknown: ask has(l.until) too", ""},
		{"types do not fit", `when: hit.subject == "vessel"`, `when: hit.subject == 3`, "found no matching overload", ""},
		{"not a condition", `when: hit.subject == "vessel"`, `when: hit.subject`, "hit.subject is a string, want bool", ""},
		{"syntax", `when: hit.subject == "vessel"`, `when: hit.subject ==`, "Syntax error", ""},
		{"text with an unknown field", "${hit.name}", "${hit.nome}", "text: ${hit.nome}: undefined field 'nome'", "test.yaml:14:11"},
		{"text with an open brace", "${hit.name}.", "${hit.name", "${ is not closed by }", ""},
		{"text that prints a fact", "${hit.name}", "${hit}", "want text, a number", ""},
		{"unknown outcome", "outcome: refuse", "outcome: deny", "is not note, refer or refuse", "test.yaml:11:14"},
		{"unknown for_each", "for_each: hits", "for_each: hints", `for_each "hints" is not one of hits`, "test.yaml:12:15"},
		{"refer without settle", "    settle: Where it was.\n", "", "says what a person must settle", ""},
		{"refuse with settle", "outcome: refuse", "outcome: refuse\n    settle: Ask.", "says what a person must settle", ""},
		{"refuse for an event", "outcome: refer\n", "outcome: refuse\n", "says what a person must settle", ""},
		{"lift for each licence", "for_each: hits\n    when: hit.subject == \"vessel\"\n    text: 'Listed: ${hit.name}.'", "for_each: licences\n    when: licence.found\n    text: x", "cannot be lifted by a licence", ""},
		{"lift without a condition", "      condition: '${licence.id}'\n", "", "lifted_by needs when and condition", ""},
		{"element of another rule", "when: event.near_nm < figure.far_nm", "when: hit.identity", "undeclared reference to 'hit'", ""},
		{"unknown figure", "figure.far_nm", "figure.close_nm", "undeclared reference to 'figure.close_nm'", ""},
		{"figure that nothing reads", "figure.far_nm", "50.0", "no rule reads figure.far_nm", "test.yaml:5:"},
		{"figure without a source", ", source: chosen", "", "figure far_nm needs", "test.yaml:5:"},
		{"figure that is no number", "value: 50", "value: fifty", `want a number, not "fifty"`, "test.yaml:5:19"},
		{"licence ends before it begins", "until: 2025-06-01", "until: 2024-06-01", "ends (2024-06-01T00:00:00Z) before it begins", "test.yaml:46:12"},
		{"licence without a start", "    from: 2025-01-01\n", "", "it needs the time from which it authorises", ""},
		{"licence of no kind", "kind: specific", "kind: special", "is not general or specific", ""},
		{"licence country", "countries: [VE]", "countries: [Venezuela]", `"Venezuela" is not an ISO 3166 alpha-2 code`, ""},
		{"licence vessel", "    source: S", "    vessels: [\"3500002\"]\n    source: S", "check digit", ""},
		{"licence hash", "    source: S", "    sha256: abc\n    source: S", "64 hexadecimal digits", ""},
		{"two licences of an id", "licences:\n", "licences:\n  - {id: L, kind: general, authority: A, title: T, from: 2025-01-01, source: S, text: X}\n", "there is another licence L", ""},
		{"no version", "version: \"1\"\n", "", "needs a version and a title", ""},
		{"no name", "pack: test\n", "", "a pack needs a name", ""},
		{"anchor", "title: A test", "title: &a A test", "plain YAML", "test.yaml:3:8"},
		{"tag", "title: A test", "title: !!str A test", "plain YAML", ""},
		{"second document", "licences:\n", "---\nlicences:\n", "a second document", ""},
		{"control character", "A test", "A \x1atest", "control character 0x1a", "test.yaml:3"},
		{"not UTF-8", "A test", "A \xfftest", "not UTF-8", "test.yaml:3"},
		{"list instead of text", "title: A test", "title: [A test]", "want one value, not a list", "test.yaml:3:8"},
		{"text instead of list", "countries: [VE]", "countries: VE", "want a list, not a single value", ""},
		{"number that is none", "near_nm: 300", "near_nm: 3OO", `want a number, not "3OO"`, ""},
		{"not true or false", "claimed: true", "claimed: yes", `want true or false, not "yes"`, ""},
		{"open bracket", "licences:\n", "licences: [\n", "not YAML", "test.yaml:"},
		{"expression too long", `hit.subject == "vessel"`, `hit.subject == "` + strings.Repeat("x", maxExpression) + `"`, "longer than 2000 bytes", ""},
		{"text too long", "Near.", strings.Repeat("near ", maxText), "longer than 2000 bytes", ""},
		{"loops in loops", "when: event.near_nm < figure.far_nm", "when: zones.exists(a, zones.exists(b, zones.exists(c, zones.exists(d, d.id == a.id)))) && figure.far_nm > 1.0", "nesting", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(small, tt.old) == 0 {
				t.Fatalf("%q is not in the pack", tt.old)
			}
			_, err := load(strings.Replace(small, tt.old, tt.new, 1))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if !strings.HasPrefix(err.Error(), "rules load: test.yaml") || !strings.Contains(err.Error(), tt.at) {
				t.Errorf("got %v\nwant it at %s", err, tt.at)
			}
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			if k := navicert.KindOf(err); k != navicert.Invalid {
				t.Errorf("kind %q", k)
			}
		})
	}
}

// TestBehaviourNeverRefuses: a rule that refuses cannot name events, in its
// condition, its text or its lifting.
func TestBehaviourNeverRefuses(t *testing.T) {
	for _, change := range [][2]string{
		{`when: hit.subject == "vessel"`, `when: hit.subject == "vessel" && events.exists(e, e.kind == "gap")`},
		{"${hit.name}", "${events.size()}"},
		{"when: licence.claimed", "when: licence.claimed && events.size() == 0"},
	} {
		_, err := load(strings.Replace(small, change[0], change[1], 1))
		if err == nil || !strings.Contains(err.Error(), "behaviour can refer, never refuse") {
			t.Errorf("%s: %v", change[1], err)
		}
	}
	refusing := strings.Replace(small, "    outcome: refer\n    for_each: events", "    outcome: refuse\n    for_each: events", 1)
	refusing = strings.Replace(refusing, "    settle: Where it was.\n", "", 1)
	if _, err := load(refusing); err == nil || !strings.Contains(err.Error(), "test.yaml:33:15") || !strings.Contains(err.Error(), "never refuse") {
		t.Errorf("for_each events: %v", err)
	}
}

// TestLimits feeds what would take a YAML parser or a computer long: each is
// refused at once.
func TestLimits(t *testing.T) {
	var many strings.Builder
	for i := range 200 {
		fmt.Fprintf(&many, "k%d: v\n", i)
	}
	var flow strings.Builder
	for i := range 200 {
		fmt.Fprintf(&flow, "k%d: v, ", i)
	}
	var rules strings.Builder
	for i := range maxRules + 1 {
		fmt.Fprintf(&rules, "- {id: r%d}\n", i)
	}
	for name, text := range map[string]string{
		"too large":      strings.Repeat("# \n", maxPackBytes),
		"brackets":       strings.Repeat("[", 100000),
		"dashes":         strings.Repeat("- ", 100000),
		"indentation":    deep(200),
		"keys":           many.String(),
		"keys in braces": "{" + flow.String() + "}",
		"tokens":         strings.Repeat("- a\n", maxTokens),
		"rules":          "pack: p\nversion: v\ntitle: t\nrules:\n" + rules.String(),
	} {
		start := time.Now()
		_, err := load(text)
		if navicert.KindOf(err) != navicert.Limit {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%s took %s", name, d)
		}
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestEmbeddedUnknown(t *testing.T) {
	_, err := Embedded("atlantis")
	if navicert.KindOf(err) != navicert.NotFound || !strings.Contains(err.Error(), "eu, general, ofac, uk, un, venezuela") {
		t.Error(err)
	}
}

func TestReadFacts(t *testing.T) {
	want := `{"now":"2025-12-20T00:00:00Z","vessel":{"imo":"3500001","dwt":100}`
	for name, text := range map[string]string{
		"YAML":           "now: 2025-12-20\nvessel: {imo: 3500001, mmsi: 002241001, dwt: 100}\nevents: [{near_nm: 3}]\n",
		"JSON":           "\n" + want + `,"events":[{"near_nm":3,"start":"2025-12-19T12:00:00Z"}]}`,
		"JSON with tabs": "{\n\t\"now\": \"2025-12-20T00:00:00Z\",\n\t\"vessel\": {\"imo\": \"3500001\"},\n\t\"events\": [{\"near_nm\": 3}]\n}\n",
	} {
		f, err := ReadFacts(strings.NewReader(text), "facts")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.Vessel.IMO != "3500001" || f.Now.IsZero() || f.Events[0].NearNM != 3 {
			t.Errorf("%s: %+v", name, f)
		}
		if name == "YAML" && f.Vessel.MMSI != "002241001" {
			t.Errorf("an MMSI with leading zeros was read as %q", f.Vessel.MMSI)
		}
	}
	for text, want := range map[string]string{
		"now: 2025-13-01":                     "facts: facts:1:6: time",
		"now: [1]":                            "want a time, not a list",
		"events: [{near_nm: .inf}]":           "want a number",
		"sources: [{age_days: 3.5}]":          "want a whole number",
		"hits: [~]":                           "item 1 of the list is empty",
		"{\"nows\": 1}":                       "unknown field",
		"":                                    "the file is empty",
		"just words":                          "want keys and values, not a single value",
		"hits: [{evidence: [{position: 3}]}]": "facts:1:",
		"hits: [{evidence: [{time: yesterday}]}]": "want 2026-01-02",
	} {
		if _, err := ReadFacts(strings.NewReader(text), "facts"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestReadFactsKeepsEvidence(t *testing.T) {
	f, err := ReadFacts(strings.NewReader("hits: [{evidence: [{kind: list_entry, source: ofac-sdn, text: row, position: {lat: 10.5, lon: -64}}]}]"), "f")
	if err != nil {
		t.Fatal(err)
	}
	e := f.Hits[0].Evidence[0]
	if p, ok := e.Position.Get(); !ok || p.Lat != 10.5 || e.Source != "ofac-sdn" {
		t.Errorf("%+v", e)
	}
}

// FuzzLoad: whatever the bytes, Load returns a pack or one sentence, soon.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(small))
	for _, s := range []string{"", "a: [", "- - - a", "a: &x b\nc: *x", "rules: [{id: a, when: '1 + '}]", "{a: {b: ", "? a\n: b", "a: |\n  x\n y", "\xef\xbb\xbfpack: a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		start := time.Now()
		defer func() {
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("%d bytes took %s", len(b), d)
			}
		}()
		p, err := Load(bytes.NewReader(b), "fuzz.yaml")
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		p.Test()
		if _, err := NewSet(p); err != nil {
			t.Error(err)
		}
	})
}

// TestKnownTimes: a condition may compare times that it knows to be known.
func TestKnownTimes(t *testing.T) {
	text := strings.Replace(small, `when: hit.subject == "vessel"`, `when: hit.subject == "vessel" && (!has(voyage.eta) || voyage.eta > now) && voyage.from != "" || hit.identity && hit.subject == "vessel"`, 1)
	if _, err := load(text); err != nil {
		t.Error(err)
	}
}

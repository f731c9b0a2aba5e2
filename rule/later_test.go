package rule

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"navicert"
)

// numbered are the days of what the packs cite by a number alone: executive
// orders and proclamations of the United States, resolutions of the Security
// Council, answers of OFAC. One that is not here fails the test.
var numbered = map[string]navicert.Date{
	"13224": "2001-09-23", "13810": "2017-09-20", "13835": "2018-05-21", "13846": "2018-08-06", "13850": "2018-11-01",
	"13884": "2019-08-05", "13886": "2019-09-09", "13902": "2020-01-10", "14024": "2021-04-15", "14066": "2022-03-08",
	"14071": "2022-04-06", "14114": "2023-12-22", "14373": "2026-01-09", "10371": "2022-04-21",
	"1696": "2006-07-31", "1718": "2006-10-14", "1929": "2010-06-09", "2231": "2015-07-20", "2321": "2016-11-30",
	"2371": "2017-08-05", "2375": "2017-09-11", "2397": "2017-12-22",
	"FAQ 398": "2014-08-13", "FAQ 399": "2014-08-13", "FAQ 401": "2014-08-13", "FAQ 595": "2018-07-19",
}

var (
	months        = "January|February|March|April|May|June|July|August|September|October|November|December"
	dayMonthYear  = regexp.MustCompile(`\b\d{1,2} (?:` + months + `) \d{4}\b`)
	monthDayYear  = regexp.MustCompile(`\b(?:` + months + `) \d{1,2}, \d{4}\b`)
	monthYear     = regexp.MustCompile(`\b(?:` + months + `) \d{4}\b`)
	isoDay        = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)
	bareYear      = regexp.MustCompile(`\b(?:19[89]|20[0-4])\d\b`)
	register      = regexp.MustCompile(`\b(\d\d) FR \d`)           // the Federal Register's volume is a year
	councilPaper  = regexp.MustCompile(`\b\d{4,5}/(\d\d)\b`)       // of the European Union: 11623/24
	order         = regexp.MustCompile(`\b1[34]\d{3}\b|\b10371\b`) // executive orders, and the one proclamation
	assembly      = regexp.MustCompile(`\bA\.\d+\((\d\d)\)`)       // of the IMO: every second year
	question      = regexp.MustCompile(`\bFAQs? (\d+(?:(?:, | and )\d+)*)`)
	resolution    = regexp.MustCompile(`\b(\d{4}) \((?:19|20)\d\d\)`)
	licenceNumber = regexp.MustCompile(`(?:General Licenses?|\bGL)(?: No\.)? (\d+[A-Z]?(?:(?:, | and )\d+[A-Z]?\b)*)`)
	iteration     = regexp.MustCompile(`\b(\d{1,2})([A-Z])\b`)
)

// mention is something with a date that a text names.
type mention struct {
	what string
	from time.Time // it can have been known from
}

// mentions finds the dates in a text, and the numbers that have one.
func mentions(text string, records []LicenceRecord) (out []mention, unknown []string) {
	text = strings.ReplaceAll(text, "PdVSA 2020", "PdVSA") // a bond's name, by the year in which it is due
	take := func(re *regexp.Regexp, layout string) {
		text = re.ReplaceAllStringFunc(text, func(m string) string {
			if t, err := time.Parse(layout, m); err == nil {
				out = append(out, mention{m, t})
			}
			return "·"
		})
	}
	for _, m := range register.FindAllStringSubmatch(text, -1) {
		v, _ := strconv.Atoi(m[1])
		out = append(out, mention{m[0] + "…", time.Date(1935+v, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
	for _, m := range councilPaper.FindAllStringSubmatch(text, -1) {
		if y, _ := strconv.Atoi(m[1]); len(m[0]) == 8 {
			out = append(out, mention{m[0], time.Date(2000+y, 1, 1, 0, 0, 0, 0, time.UTC)})
		}
	}
	for _, m := range assembly.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		out = append(out, mention{m[0], time.Date(1957+2*n, 12, 1, 0, 0, 0, 0, time.UTC)})
	}
	number := func(n string) {
		if d, ok := numbered[n]; ok {
			out = append(out, mention{n, d.Start()})
		} else {
			unknown = append(unknown, n)
		}
	}
	for _, m := range resolution.FindAllStringSubmatch(text, -1) {
		number(m[1])
	}
	for _, m := range order.FindAllString(text, -1) {
		number(m)
	}
	for _, m := range question.FindAllStringSubmatch(text, -1) {
		for _, n := range regexp.MustCompile(`\d+`).FindAllString(m[1], -1) {
			number("FAQ " + n)
		}
	}
	for _, m := range licenceNumber.FindAllStringSubmatch(text, -1) {
		for _, n := range regexp.MustCompile(`\d+[A-Z]?`).FindAllString(m[1], -1) {
			if d, ok := licenceDay(n, records); ok {
				out = append(out, mention{"General License " + n, d})
			} else {
				unknown = append(unknown, "General License "+n)
			}
		}
	}
	if len(records) > 0 {
		for _, n := range iteration.FindAllString(text, -1) {
			if d, ok := licenceDay(n, records); ok {
				out = append(out, mention{n, d})
			}
		}
	}
	take(dayMonthYear, "2 January 2006")
	take(monthDayYear, "January 2, 2006")
	take(isoDay, time.DateOnly)
	take(monthYear, "January 2006")
	take(bareYear, "2006")
	return out, unknown
}

// licenceDay is from when a licence can have been known: the day of its record,
// or of the first recorded iteration after it, which it came before.
func licenceDay(n string, records []LicenceRecord) (time.Time, bool) {
	series, letter := strings.TrimRight(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), strings.TrimLeft(n, "0123456789")
	var best *LicenceRecord
	for i := range records {
		l := &records[i]
		if l.Series == "GL "+series && l.Iteration >= letter && (best == nil || l.Iteration < best.Iteration) {
			best = l
		}
	}
	if best == nil {
		return time.Time{}, false
	}
	return best.KnownFrom(), true
}

func TestMentions(t *testing.T) {
	records := []LicenceRecord{
		{ID: "a", Series: "GL 46", Dated: "2026-01-29"},
		{ID: "b", Series: "GL 46", Iteration: "A", Dated: "2026-02-10"},
		{ID: "c", Series: "GL 30", Iteration: "A", Dated: "2021-02-02"},
	}
	for text, want := range map[string]string{
		"as of 2 January 2026 and May 2024":             "2026-01-02 2024-05-01",
		"through 12:01 a.m., April 3, 2025":             "2025-04-03",
		"84 FR 38843":                                   "2019-01-01",
		"Best Practices (11623/24)":                     "2024-01-01",
		"Executive Orders 13850 and 13884":              "2018-11-01 2019-08-05",
		"resolution 2375 (2017), paragraph 16":          "2017-09-11 2017-01-01",
		"General Licenses 46 and 46A":                   "2026-01-29 2026-02-10 2026-02-10",
		"those of 46A":                                  "2026-02-10",
		"GL 30":                                         "2021-02-02",
		"Regulation (EU) No 833/2014, S.I. 2019/855":    "2014-01-01 2019-01-01",
		"31 CFR part 591, 18 U.S.C. 2339B":              "",
		"IMO Resolution A.1117(30)":                     "2017-12-01",
		"FAQs 398, 399 and 401":                         "2014-08-13 2014-08-13 2014-08-13",
		"PdVSA 2020 8.5 percent bond":                   "",
		"2022-02-05 is a day":                           "2022-02-05",
		"paragraph 4 of 4000000 barrels, 98 % or 1,999": "",
	} {
		found, unknown := mentions(text, records)
		var got []string
		for _, m := range found {
			got = append(got, m.from.Format(time.DateOnly))
		}
		if strings.Join(got, " ") != want || len(unknown) > 0 {
			t.Errorf("%q mentions %q, want %q; unknown %q", text, got, want, unknown)
		}
	}
	if _, unknown := mentions("Executive Order 14999, resolution 2999 (2017), General License 46B", records); len(unknown) != 3 {
		t.Errorf("unknown: %q", unknown)
	}
}

// TestTextsKnowNothingLater walks all that the packs say: a text that was known
// at a time names nothing that came after it, so that a certificate as of a past
// day tells what could be known on it. A licence's own term lies ahead of it.
func TestTextsKnowNothingLater(t *testing.T) {
	packs := embedded(t, EmbeddedNames()...)
	b, err := os.ReadFile("../app/demo/data/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	demo, err := Load(bytes.NewReader(b), "pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	packs = append(packs, demo)
	var records []LicenceRecord
	for _, p := range packs {
		records = append(records, p.Licences...)
	}
	n := 0
	check := func(where string, known time.Time, ahead []navicert.Date, texts ...string) {
		for _, text := range texts {
			found, unknown := mentions(oneLine(text), records)
			n += len(found)
			for _, m := range found {
				if m.from.After(known) && !slices.Contains(ahead, navicert.DateOf(m.from)) {
					t.Errorf("%s, known from %s, mentions %s: %s", where, known.Format(time.DateOnly), m.what, oneLine(text))
				}
			}
			for _, u := range unknown {
				t.Errorf("%s mentions %s, whose day this test does not know: %s", where, u, oneLine(text))
			}
		}
	}
	for _, p := range packs {
		read := map[string]time.Time{} // the earliest reader of each figure
		for i := range p.Rules {
			r := &p.Rules[i]
			for _, w := range r.Wordings() {
				check(p.Name+"/"+r.ID, w.Known.Time, nil, w.Title, w.Basis, w.Source, w.Text, w.Settle, w.Condition)
			}
			for name := range p.Figures {
				if known, ok := read[name]; r.reads(name) && (!ok || r.KnownFrom().Before(known)) {
					read[name] = r.KnownFrom()
				}
			}
		}
		for name, f := range p.Figures {
			where := p.Name + ", figure " + name
			switch {
			case strings.HasPrefix(f.Source, "Chosen by navicert"): // a choice of the program's, whatever day is asked about
			case len(f.Values) == 0:
				check(where, read[name], nil, f.Source)
			default:
				check(where, f.Values[0].From.Time, nil, f.Source)
				for _, v := range f.Values {
					check(where, v.From.Time, nil, v.Source)
				}
			}
		}
		for i := range p.Licences {
			l := &p.Licences[i]
			var ahead []navicert.Date
			for _, term := range []navicert.Instant{l.Effective, l.From, l.Until} {
				if !term.IsZero() {
					ahead = append(ahead, navicert.DateOf(term.Time))
				}
			}
			texts := slices.Concat([]string{l.Title, l.Source, l.Text, l.Supersedes, l.Expiry, l.Who}, l.Acts, l.Exclusions, l.Conditions, l.Reports)
			for _, d := range l.Duties {
				texts = append(texts, d.Words())
			}
			check(p.Name+", licence "+l.ID, l.KnownFrom(), ahead, texts...)
		}
	}
	if n < 200 {
		t.Errorf("only %d dates found: the test does not see them", n)
	}
}

func (r *Rule) reads(figure string) bool {
	for _, e := range r.program.expressions() {
		for _, ref := range e.ast.NativeRep().ReferenceMap() {
			if ref.Name == figurePrefix+figure {
				return true
			}
		}
	}
	return false
}

// TestEveryWordingRenders: each case that fires is asked as it would have been
// before each later wording, and its words can be written.
func TestEveryWordingRenders(t *testing.T) {
	for _, p := range embedded(t, EmbeddedNames()...) {
		for i := range p.Rules {
			r := &p.Rules[i]
			all := r.Wordings()
			said := map[string]bool{}
			for _, c := range r.Cases {
				if c.Expect == ExpectNone {
					continue
				}
				for _, w := range all {
					c := c
					c.Facts.KnownAt, c.Says = w.Known.Time, ""
					res := runCase(entry{p.Name + "/" + r.ID, r}, &c, p.Name)
					if !res.OK {
						t.Errorf("%s, case %q, known at %s: %s", res.Rule, c.Name, w.Known, res.Why)
					}
					said[fmt.Sprint(w.Basis, w.Text, w.Condition, w.Settle, w.Title, w.Source)] = true
				}
			}
			if len(said) != len(all) {
				t.Errorf("%s/%s: two wordings are the same", p.Name, r.ID)
			}
		}
	}
}

// TestWordings: a rule says what was known by the time up to which knowledge
// counts, and a wording that cannot be is refused at load.
func TestWordings(t *testing.T) {
	const pack = `pack: p
version: "1"
title: t
rules:
  - id: r
    title: t
    valid: {from: 2020-01-01}
    basis: order 1
    source: s
    outcome: refer
    when: vessel.tanker
    text: one reading
    settle: ask
    lifted_by: {when: licence.claimed, condition: c1}
    later: [%s]
    cases:
      - {name: a, facts: {vessel: {tanker: true}}, expect: refer, says: %s}
      - {name: b, expect: none}
      - {name: c, facts: {vessel: {tanker: true}, licences: [{claimed: true}]}, expect: lifted}
`
	const later = `{known: 2020-02-01, text: "two readings: ${vessel.kind}", basis: order 2}, {known: 2020-03-01, settle: ask both, condition: c2}`
	p, err := load(fmt.Sprintf(pack, later, "two readings"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSet(t, p)
	for day, want := range map[string]string{
		"2020-01-15": "order 1; one reading; ask; c1", "2020-01-31T23:59:59Z": "order 1; one reading; ask; c1",
		"2020-02-01": "order 2; two readings: tug; ask; c1", "2020-03-01": "order 2; two readings: tug; ask both; c2",
		"": "order 2; two readings: tug; ask both; c2",
	} {
		f := Facts{Now: instant(t, "2020-06-01"), Vessel: Vessel{Tanker: true, Kind: "tug"}}
		if day != "" {
			f.KnownAt = instant(t, day)
		}
		asked, err := s.Evaluate(&f)
		if err != nil || len(asked) != 1 {
			t.Fatal(asked, err)
		}
		f.Licences = []Licence{{ID: "L", Claimed: true}}
		lifted, err := s.Evaluate(&f)
		if err != nil || len(lifted) != 1 {
			t.Fatal(lifted, err)
		}
		if got := fmt.Sprintf("%s; %s; %s; %s", asked[0].Basis, asked[0].Text, asked[0].Settle, lifted[0].LiftedBy.Condition); got != want {
			t.Errorf("known at %q: %s, want %s", day, got, want)
		}
	}
	for name, wrong := range map[string]string{
		"each later wording needs the time": `{text: x}`,
		"after that of the wording before":  `{known: 2020-03-01, text: x}, {known: 2020-02-01, text: y}`,
		"each later wording needs":          `{known: 2019-12-31, text: x}`,
		"changes nothing":                   `{known: 2020-02-01}`,
		"undefined field 'colour'":          `{known: 2020-02-01, text: "${vessel.colour}"}`,
		"is not closed by":                  `{known: 2020-02-01, text: "${"}`,
		"unknown key":                       `{known: 2020-02-01, when: "true"}`,
	} {
		if _, err := load(fmt.Sprintf(pack, wrong, "one reading")); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	note := strings.Replace(strings.Replace(fmt.Sprintf(pack, "{known: 2020-02-01, settle: x}", "one"), "outcome: refer", "outcome: note", 1), "    settle: ask\n", "", 1)
	if _, err := load(strings.ReplaceAll(note, "expect: refer", "expect: note")); err == nil || !strings.Contains(err.Error(), "only a rule that refers") {
		t.Errorf("a note with something to settle: %v", err)
	}
}

package accuracy

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// The files of labelled pairs. "half" is in their names because the other half
// of each is kept from whoever works on the matching.
const (
	nameBenchFile    = "nk_name_bench_cases-half.csv"
	entityChecksFile = "nk_entity_checks.yml"
	treasuryFile     = "ofac_sls_fixtures_170.csv"
	crossScriptFile  = "watchman_cross_script_pairs.csv"
)

// pair is two names and what people say of them.
type pair struct {
	kind   list.Kind
	a, b   string
	match  bool
	strong bool

	score float64
	found bool
	why   string
}

// compare screens one name of the pair against a list of the other alone.
func (p *pair) compare(ctx context.Context) error {
	const day = navicert.Date("2026-01-01") // any will do
	pub := list.Publication{List: "pair", Title: "one name", Date: day, MaxAgeDays: 1}
	v, err := viewOf(ctx, pub, []list.Entry{{ID: "1", Kind: p.kind, Name: p.b, Measure: list.Block}})
	if err != nil {
		return err
	}
	a, err := v.Screen(screen.Query{Kind: string(p.kind), Name: p.a}, screen.Options{MinScore: 1e-6})
	if err != nil {
		return err
	}
	for _, h := range a.Hits {
		p.score, p.found = h.Score, h.Match
		for _, w := range h.Why {
			p.why = strings.TrimPrefix(p.why+"; "+w.Detail, "; ")
		}
	}
	return nil
}

func kindOf(schema string) list.Kind {
	switch schema {
	case "Person":
		return list.Person
	case "Vessel":
		return list.Vessel
	}
	return list.Organization
}

// judge compares all pairs and returns precision, recall and F1.
func (b *bench) judge(ctx context.Context, set string, pairs []*pair) (verdicts, error) {
	for _, p := range pairs {
		if err := p.compare(ctx); err != nil {
			return verdicts{}, err
		}
		if p.found != p.match {
			wanted := "no match"
			if p.match {
				wanted = "match"
			}
			b.miss(Miss{Set: set, Asked: p.a, Other: p.b, Wanted: wanted, Score: p.score, Why: p.why})
		}
	}
	return judged(pairs, func(p *pair) bool { return p.found }), nil
}

// verdicts counts how pairs came out.
type verdicts struct{ truePos, falsePos, falseNeg, trueNeg int }

func judged(pairs []*pair, match func(*pair) bool) verdicts {
	var v verdicts
	for _, p := range pairs {
		switch m := match(p); {
		case m && p.match:
			v.truePos++
		case m:
			v.falsePos++
		case p.match:
			v.falseNeg++
		default:
			v.trueNeg++
		}
	}
	return v
}

func (v verdicts) all() int           { return v.truePos + v.falsePos + v.falseNeg + v.trueNeg }
func (v verdicts) precision() float64 { return share(v.truePos, v.truePos+v.falsePos) }
func (v verdicts) recall() float64    { return share(v.truePos, v.truePos+v.falseNeg) }
func (v verdicts) f1() float64        { return share(2*v.truePos, 2*v.truePos+v.falsePos+v.falseNeg) }

var digits = regexp.MustCompile(`\d+`)

func (b *bench) nameBench(ctx context.Context) error {
	rows, err := b.rows(nameBenchFile, 6)
	if err != nil || rows == nil {
		return err
	}
	const set = "name pairs (nomenklatura name_bench, half)"
	var pairs []*pair
	groups := map[string][]*pair{}
	for _, row := range rows {
		p := &pair{kind: kindOf(row[1]), a: row[2], b: row[3], match: row[4] == "true", strong: row[5] == "STRONG"}
		if p.kind == list.Vessel && p.match && !slices.Equal(digits.FindAllString(p.a, -1), digits.FindAllString(p.b, -1)) {
			b.report.Notes = append(b.report.Notes, fmt.Sprintf(
				"%s: %q and %q are left out: this file calls them the same ship, other suites of the same project do not", set, p.a, p.b))
			continue
		}
		pairs = append(pairs, p)
		for _, g := range []string{string(p.kind), row[0]} {
			groups[g] = append(groups[g], p)
		}
	}
	v, err := b.judge(ctx, set, pairs)
	if err != nil {
		return err
	}
	b.figure(Figure{Set: set, Measure: "F1", Value: v.f1(), Of: v.all(), Bar: 0.82, Others: "logic-v2 0.790, watchman 0.673, Treasury's search 0.671"})
	b.figure(Figure{Set: set, Measure: "precision", Value: v.precision(), Of: v.all(), Others: "logic-v2 0.762"})
	b.figure(Figure{Set: set, Measure: "recall", Value: v.recall(), Of: v.all(), Others: "logic-v2 0.821"})
	best, at := bestF1(pairs)
	b.figure(Figure{Set: set, Measure: fmt.Sprintf("best F1, at %.3f for all kinds", at), Value: best, Of: v.all(), Others: "logic-v2 0.796 at 0.71, Treasury's search 0.730 at 0.95, watchman 0.705 at 0.55"})
	others := map[string]string{
		"person": "logic-v2 0.745 at its own best threshold", "vessel": "logic-v2 0.923 at its own best threshold",
		"nk_checks": "logic-v2 0.893 at its own best threshold", "synth_companies": "logic-v2 0.877 at its own best threshold",
	}
	for _, g := range []string{"person", "organization", "vessel", "nk_checks", "synth_people", "synth_companies"} {
		v := judged(groups[g], func(p *pair) bool { return p.found })
		b.figure(Figure{Set: set, Measure: "F1, " + g, Value: v.f1(), Of: v.all(), Others: others[g]})
	}
	strong := slices.DeleteFunc(slices.Clone(pairs), func(p *pair) bool { return !p.strong })
	s := judged(strong, func(p *pair) bool { return p.found })
	b.figure(Figure{Set: set, Measure: "right, of the strong cases", Value: share(s.truePos+s.trueNeg, s.all()), Of: s.all(), Bar: 1})
	return nil
}

// bestF1 returns the highest F1 that any one threshold for all kinds reaches,
// and the threshold.
func bestF1(pairs []*pair) (best, at float64) {
	for _, t := range pairs {
		if f := judged(pairs, func(p *pair) bool { return p.score >= t.score }).f1(); t.score > 0 && f > best {
			best, at = f, t.score
		}
	}
	return best, at
}

func (b *bench) entityChecks(ctx context.Context) error {
	f, err := b.data.Open(entityChecksFile)
	if err != nil {
		b.report.Absent = append(b.report.Absent, entityChecksFile+" is not there")
		return nil
	}
	defer f.Close()
	type entity struct {
		Name   string `yaml:"name"`
		First  string `yaml:"firstName"`
		Middle string `yaml:"middleName"`
		Father string `yaml:"fatherName"`
		Last   string `yaml:"lastName"`
	}
	var file struct {
		Checks []struct {
			Match            bool
			Label, Schema    string
			Query, Candidate entity
		}
	}
	const maxFile = 4 << 20
	if err := yaml.NewDecoder(io.LimitReader(f, maxFile), yaml.Strict()).Decode(&file); err != nil {
		return navicert.Errorf(navicert.Invalid, "measure matching", entityChecksFile, "%w", err)
	}
	say := func(e entity) string {
		if e.Name != "" {
			return e.Name
		}
		return strings.Join(strings.Fields(strings.Join([]string{e.First, e.Middle, e.Father, e.Last}, " ")), " ")
	}
	var pairs []*pair
	for _, c := range file.Checks {
		pairs = append(pairs, &pair{kind: kindOf(c.Schema), a: say(c.Query), b: say(c.Candidate), match: c.Match})
	}
	const set = "entity pairs (nomenklatura entity_bench, half)"
	v, err := b.judge(ctx, set, pairs)
	if err != nil {
		return err
	}
	b.figure(Figure{Set: set, Measure: "F1", Value: v.f1(), Of: v.all(), Others: "logic-v2 0.893 at its own best threshold"})
	b.figure(Figure{Set: set, Measure: "right", Value: share(v.truePos+v.trueNeg, v.all()), Of: v.all()})
	return nil
}

// treasury holds screen.SLS against what Treasury's search showed. A score of
// -1 says that a name was not shown, which is no score.
func (b *bench) treasury(context.Context) error {
	rows, err := b.rows(treasuryFile, 3)
	if err != nil || rows == nil {
		return err
	}
	const set = "scores of Treasury's own search"
	const near = 5
	of, within, equal := 0, 0, 0
	for _, row := range rows {
		want, err := strconv.Atoi(row[2])
		if err != nil {
			return navicert.Errorf(navicert.Invalid, "measure matching", treasuryFile, "score %q is no number", row[2])
		}
		if want < 0 {
			continue
		}
		of++
		got := screen.SLS(row[0], row[1])
		if got == want {
			equal++
		}
		if got >= want-near && got <= want+near {
			within++
		} else {
			b.miss(Miss{Set: set, Asked: row[0], Other: row[1], Wanted: row[2], Score: float64(got) / 100})
		}
	}
	b.figure(Figure{Set: set, Measure: "emulated within 5 points", Value: share(within, of), Of: of, Bar: 0.957, Others: "nomenklatura 95.7 %"})
	b.figure(Figure{Set: set, Measure: "emulated exactly", Value: share(equal, of), Of: of})
	return nil
}

func (b *bench) crossScript(ctx context.Context) error {
	rows, err := b.rows(crossScriptFile, 2)
	if err != nil || rows == nil {
		return err
	}
	var pairs []*pair
	for _, row := range rows {
		pairs = append(pairs, &pair{kind: list.Person, a: row[0], b: row[1], match: true})
	}
	const set = "pairs across scripts (watchman)"
	v, err := b.judge(ctx, set, pairs)
	if err != nil {
		return err
	}
	b.figure(Figure{Set: set, Measure: "recall", Value: v.recall(), Of: v.all(), Others: "watchman 0 without an external embeddings service"})
	return nil
}

// spellings asks the SDN list for one man in 79 spellings of many languages.
func (b *bench) spellings(ctx context.Context) error {
	const file, entry = "putin_names.txt", "PUTIN, Vladimir Vladimirovich"
	text, err := fs.ReadFile(b.data, file)
	if err != nil {
		b.report.Absent = append(b.report.Absent, file+" is not there")
		return nil
	}
	sdn, err := b.list(ctx, sdnList)
	if err != nil || sdn == nil {
		return err
	}
	const set = "spellings of one name (rigour)"
	var qs []screen.Query
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			qs = append(qs, screen.Query{Kind: string(list.Person), Name: line})
		}
	}
	found := 0
	err = sdn.asks(ctx, qs, func(i int, a *screen.Answer) {
		if slices.ContainsFunc(a.Hits, func(h screen.Hit) bool { return h.Match && h.Name == entry }) {
			found++
			return
		}
		b.miss(Miss{Set: set, Asked: qs[i].Name, Wanted: entry})
	})
	b.figure(Figure{Set: set, Measure: "recall", Value: share(found, len(qs)), Of: len(qs)})
	return err
}

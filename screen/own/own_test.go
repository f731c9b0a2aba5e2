package own

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/list"
)

var today = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

// facts reads a story: "A 50 B" says that A owns 50 percent of B; "A controls B",
// "A manages B", "A owns-or-controls B"; a share may be written as in a file.
func facts(t testing.TB, story string) []Fact {
	t.Helper()
	var out []Fact
	for i, s := range strings.Split(story, ";") {
		w := strings.Fields(s)
		if len(w) != 3 {
			t.Fatalf("%q: want OWNER SHARE OWNED", s)
		}
		f := Fact{
			Owner: Party{Name: w[0], ID: w[0]}, Owned: Party{Name: w[2], ID: w[2]}, Kind: Owns,
			Source: fmt.Sprintf("register, line %d", i+1), EnteredBy: "a tester",
		}
		switch w[1] {
		case "controls", "manages":
			f.Kind = Kind(w[1])
		case "owns-or-controls":
			f.Kind = OwnsOrControls
		default:
			s, known, err := ParseShare(w[1])
			if err != nil {
				t.Fatal(err)
			}
			if known {
				f.Share = navicert.Some(s)
			}
		}
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// blocked lists parties by their names: those that begin with X or Y are on a
// list, and those that begin with N only have a name alike.
func blocked(lists ...string) Lister {
	return func(p Party) ([]Listing, error) {
		var out []Listing
		for _, l := range lists {
			if c := p.Name[0]; c == 'X' || c == 'Y' || c == 'N' {
				out = append(out, Listing{List: l, Entry: p.Name, Name: p.Name, Identity: c != 'N'})
			}
		}
		return out, nil
	}
}

func ask(t testing.TB, fs []Fact, name string, at time.Time, lists ...string) Answer {
	t.Helper()
	a, err := NewGraph(fs, at).Check(Party{Name: name, ID: name}, Rules(at), blocked(lists...))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func testOf(t testing.TB, a Answer, r Regime) Test {
	t.Helper()
	for _, x := range a.Tests {
		if x.Rule.Regime == r {
			return x
		}
	}
	t.Fatalf("no test by %s in %+v", r, a)
	return Test{}
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name, story, of string
		regime          Regime
		want            Result
		least, most     string
	}{
		// The examples of OFAC's FAQ 401, the first three, and what follows from them.
		{"FAQ 401 example 1", "X 50 A; A 50 B", "B", OFAC, Owned, "50", "50"},
		{"FAQ 401 example 2", "X 50 A; X 50 B; A 25 C; B 25 C", "C", OFAC, Owned, "50", "50"},
		{"FAQ 401 example 3", "X 50 A; X 10 B; A 40 B", "B", OFAC, Owned, "50", "50"},
		{"one of two ways does not count", "X 50 A; X 25 B; A 25 C; B 25 C", "C", OFAC, Minority, "25", "25"},
		{"a quarter of each of two halves", "X 25 A; X 25 B; A 50 C; B 50 C", "C", OFAC, NotOwned, "0", "0"},
		{"no multiplication down a chain", "X 50 A; A 50 B; B 50 C; C 50 D; D 50 E", "E", OFAC, Owned, "50", "50"},
		{"a chain that breaks", "X 50 A; A 49.999999 B; B 100 C", "C", OFAC, NotOwned, "0", "0"},
		{"several blocked persons are added", "X 25 A; Y 25 A", "A", OFAC, Owned, "50", "50"},
		{"thirds are exact", "X 33.33 A; Y 16.67 A", "A", OFAC, Owned, "50", "50"},
		{"just below", "X 33.33 A; Y 16.669999 A", "A", OFAC, Minority, "49.999999", "49.999999"},
		{"control alone does not block", "X controls A; X 10 A", "A", OFAC, Controlled, "10", "10"},
		{"control through what it owns", "X controls A; A 100 B", "B", OFAC, Controlled, "0", "0"},
		{"manages", "X manages A", "A", OFAC, CannotTell, "0", "0"},

		// Not certain.
		{"share unknown", "X unknown A", "A", OFAC, CannotTell, "0", "100"},
		{"share unknown, the rest is others'", "X unknown A; O 60 A", "A", OFAC, Minority, "0", "40"},
		{"a band that reaches the threshold", "X >25-50 A", "A", OFAC, CannotTell, "25.000001", "50"},
		{"a band above it", "X >50-75 A", "A", OFAC, Owned, "50.000001", "75"},
		{"unknown on the way", "X 60 A; A unknown B", "B", OFAC, CannotTell, "0", "100"},
		{"a name alike", "N 80 A", "A", OFAC, CannotTell, "0", "80"},
		{"owned or controlled", "X owns-or-controls A", "A", OFAC, Controlled, "0", "100"},
		{"owned or controlled, and the share is known", "X owns-or-controls A; X 30 A", "A", OFAC, Controlled, "30", "30"},
		{"shares beyond the whole", "X 60 A; O 80 A", "A", OFAC, CannotTell, "20", "60"},

		// Circles.
		{"mutual holdings", "X 30 A; B 20 A; A 60 B", "A", OFAC, Minority, "30", "30"},
		{"mutual holdings that a blocked person holds", "X 50 A; B 50 A; A 50 B", "B", OFAC, Owned, "50", "50"},
		{"a circle that owns itself", "A 50 B; B 50 A", "A", OFAC, NotOwned, "0", "0"},
		{"a circle of three", "X 50 A; A 30 B; C 20 B; B 60 C", "C", OFAC, NotOwned, "0", "0"},
		{"a circle that a share closes", "X 50 A; A 30 B; C 20 B; B 30 C; A 50 C", "B", OFAC, Owned, "50", "50"},

		// The European Union.
		{"half is owned", "X 50 A", "A", EU, Owned, "50", "50"},
		{"shares are added", "X 30 A; Y 20 A", "A", EU, Owned, "50", "50"},
		{"control counts", "X controls A; A 60 B", "B", EU, Controlled, "0", "0"},
		{"manages, to look at", "X manages A", "A", EU, CannotTell, "0", "0"},

		// The United Kingdom.
		{"half is not more than half", "X 50 A", "A", UK, Minority, "50", "50"},
		{"more than half", "X 50.01 A", "A", UK, Owned, "50.01", "50.01"},
		{"shares are not added", "X 30 A; Y 30 A", "A", UK, CannotTell, "30", "60"},
		{"one person by two ways", "X 60 A; A 30 B; X 30 B", "B", UK, Owned, "60", "60"},
		{"controlled", "X controls A", "A", UK, Controlled, "0", "0"},
	} {
		t.Run(string(tt.regime)+" "+tt.name, func(t *testing.T) {
			fs := facts(t, tt.story)
			a := ask(t, fs, tt.of, today, string(tt.regime)+"-list")
			got := testOf(t, a, tt.regime)
			if got.Result != tt.want || got.Least.String() != tt.least || got.Most.String() != tt.most {
				t.Errorf("%s, %s to %s, want %s, %s to %s", got.Result, got.Least, got.Most, tt.want, tt.least, tt.most)
			}
			if got.Settled != (tt.want == Owned) {
				t.Errorf("settled is %v", got.Settled)
			}
			if (len(got.Chain) > 0) != (tt.want != NotOwned) || got.Text == "" {
				t.Errorf("chain %v, text %q", got.Chain, got.Text)
			}
			for _, other := range a.Tests {
				if other.Rule.Regime != tt.regime && other.Result != NotOwned {
					t.Errorf("%s says %s of another's list", other.Rule.Regime, other.Result)
				}
			}
		})
	}
}

func TestRulesOfTheirDay(t *testing.T) {
	half := facts(t, "X 50 A")
	if r := testOf(t, ask(t, half, "A", euFiftyOrMore.Add(-1), "eu-fsf"), EU); r.Result != Minority {
		t.Errorf("before the Best Practices of 2024 half is %s", r.Result)
	}
	two := facts(t, "X 30 A; Y 20 A")
	if r := testOf(t, ask(t, two, "A", ofacAggregates.Add(-1), "ofac-sdn"), OFAC); r.Result != CannotTell {
		t.Errorf("before the guidance of 2014 two persons' half is %s", r.Result)
	}
}

// TestSourcesOfTheirDay: a rule names no source that is younger than the day
// asked about.
func TestSourcesOfTheirDay(t *testing.T) {
	year := regexp.MustCompile(`\b20\d\d\b`)
	for _, day := range []time.Time{
		time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), ofacAggregates.Add(-1), ofacAggregates, ukOwnRegulations.Add(-1), ukOwnRegulations, euFiftyOrMore.Add(-1), euFiftyOrMore,
	} {
		for _, r := range Rules(day) {
			for _, y := range year.FindAllString(r.Source, -1) {
				if n, _ := strconv.Atoi(y); n > day.Year() {
					t.Errorf("%s on %s: %s", r.Regime, day, r.Source)
				}
			}
		}
	}
	for i, named := range map[int]string{0: "13 August 2014", 1: "3 July 2024"} {
		at := []time.Time{ofacAggregates, euFiftyOrMore}[i]
		if strings.Contains(Rules(at.Add(-1))[i].Source, named) || !strings.Contains(Rules(at)[i].Source, named) {
			t.Errorf("%s names %s on the wrong day", Rules(at)[i].Regime, named)
		}
	}
}

func TestChain(t *testing.T) {
	a := ask(t, facts(t, "X 50 A; Y 30 B; A 25 B; B 100 S; O 50 A; S 10 O"), "S", today, "ofac-sdn")
	got := testOf(t, a, OFAC)
	var links []string
	for _, l := range got.Chain {
		s, _ := l.Share.Get()
		links = append(links, l.Owner.Name+" "+s.String()+" "+l.Owned.Name+" ("+l.Facts[0].Source+")")
	}
	want := []string{
		"X 50 % A (register, line 1)", "A 25 % B (register, line 3)", "Y 30 % B (register, line 2)",
		"B 100 % S (register, line 4)",
	}
	if !slices.Equal(links, want) {
		t.Errorf("chain\n%s\nwant\n%s", strings.Join(links, "\n"), strings.Join(want, "\n"))
	}
	if len(got.Listed) != 2 || got.Listed[0].Listings[0].Entry != "X" || len(got.Steps) != 3 || got.Steps[2].Party.Name != "S" {
		t.Errorf("listed %+v, steps %+v", got.Listed, got.Steps)
	}
}

// TestWhatMayRefuse holds that a result is settled only when persons answer for
// every fact that it needs and every party is known by more than its name.
func TestWhatMayRefuse(t *testing.T) {
	base := func() []Fact { return facts(t, "X 60 A; A 60 S") }
	for _, tt := range []struct {
		name   string
		change func(fs []Fact)
		want   bool
	}{
		{"all is settled", func([]Fact) {}, true},
		{"nobody answers for a link", func(fs []Fact) { fs[0].EnteredBy = "" }, false},
		{"the party between is a bare name", func(fs []Fact) {
			fs[0].Owned, fs[1].Owner = Party{Name: "A"}, Party{Name: "a."}
		}, false},
		{"the party between has a country", func(fs []Fact) {
			fs[0].Owned, fs[1].Owner = Party{Name: "A", Country: "PA"}, Party{Name: "a.", Country: "PA"}
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fs := base()
			tt.change(fs)
			got := testOf(t, ask(t, fs, "S", today, "ofac-sdn"), OFAC)
			if got.Result != Owned || got.Settled != tt.want {
				t.Errorf("%s, settled %v, want owned and %v", got.Result, got.Settled, tt.want)
			}
		})
	}
	a, err := NewGraph(base(), today).Check(Party{Name: "s"}, Rules(today), blocked("ofac-sdn"))
	if got := testOf(t, a, OFAC); err != nil || got.Result != Owned || got.Settled || a.Named == "" {
		t.Errorf("asked by name alone: %+v %v", got, err)
	}
}

func TestNamesThatFitSeveral(t *testing.T) {
	fs := facts(t, "X 60 A; A 60 S")
	fs[1].Owner = Party{Name: "A"} // which of the two?
	twin := facts(t, "O 100 A2")[0]
	twin.Owned.Name = "A"
	got := testOf(t, ask(t, append(fs, twin), "S", today, "ofac-sdn"), OFAC)
	if got.Result != CannotTell || got.Least != 0 || got.Most != 60*One {
		t.Errorf("%s %s to %s", got.Result, got.Least, got.Most)
	}
	fs[1].Owner.Country, twin.Owned.Country = "PA", "LR"
	if got := testOf(t, ask(t, append(fs, twin), "S", today, "ofac-sdn"), OFAC); got.Result != Owned {
		t.Errorf("another country: %s", got.Result)
	}
}

// TestEveryNameIsLookedFor: a party that facts name in two ways is listed when
// either is.
func TestEveryNameIsLookedFor(t *testing.T) {
	fs := facts(t, "A 60 S; A 10 O")
	fs[0].Owner = Party{Name: "A", ID: "A1", IMO: 9074729}
	fs[1].Owner = Party{Name: "X formerly A", ID: "A2", IMO: 9074729}
	if got := testOf(t, ask(t, fs, "S", today, "ofac-sdn"), OFAC); got.Result != Owned || got.Least != 60*One {
		t.Errorf("%s %s", got.Result, got.Least)
	}
}

func TestTimes(t *testing.T) {
	fs := facts(t, "X 60 A; X 20 A")
	fs[0].From, fs[1].From = navicert.At(today.AddDate(-3, 0, 0)), navicert.At(today.AddDate(-1, 0, 0))
	fs[1].Source = fs[0].Source
	for _, tt := range []struct {
		at   time.Time
		want Percent
	}{{today, 20 * One}, {today.AddDate(-2, 0, 0), 60 * One}, {today.AddDate(-4, 0, 0), 0}} {
		a := ask(t, fs, "A", tt.at, "ofac-sdn")
		if tt.want == 0 {
			if a.Known {
				t.Errorf("%s: %+v", tt.at, a)
			}
			continue
		}
		if got := testOf(t, a, OFAC); got.Least != tt.want || got.Most != tt.want {
			t.Errorf("%s: %s to %s, want %s", tt.at, got.Least, got.Most, tt.want)
		}
	}
	fs[1].Source = "another register" // two sources that disagree make a range
	if got := testOf(t, ask(t, fs, "A", today, "ofac-sdn"), OFAC); got.Least != 20*One || got.Most != 60*One || got.Result != CannotTell {
		t.Errorf("two sources: %s %s to %s", got.Result, got.Least, got.Most)
	}
	fs[0].Until = navicert.At(today)
	if got := testOf(t, ask(t, fs, "A", today, "ofac-sdn"), OFAC); got.Most != 20*One {
		t.Errorf("ended on the day: %s", got.Most)
	}
	fs[1].Withdrawn = true
	if a := ask(t, fs, "A", today, "ofac-sdn"); a.Known {
		t.Errorf("withdrawn: %+v", a)
	}
}

func TestNothingIsKnown(t *testing.T) {
	a := ask(t, facts(t, "X 60 A"), "Z", today, "ofac-sdn")
	if a.Known || len(a.Tests) != 0 || a.Worst() != NotSearched {
		t.Errorf("%+v", a)
	}
}

func TestUnsearched(t *testing.T) {
	a := ask(t, facts(t, "X 60 A"), "A", today, "ofac-sdn")
	a.Unsearched([]string{"ofac-sdn", "uk-sanctions"})
	for r, want := range map[Regime]Result{OFAC: Owned, EU: NotSearched, UK: NotOwned} {
		if got := testOf(t, a, r); got.Result != want || got.Text == "" {
			t.Errorf("%s: %s, want %s", r, got.Result, want)
		}
	}
}

func TestLimit(t *testing.T) {
	var fs []Fact
	for i := range maxUpstream + 1 {
		fs = append(fs, Fact{Owner: Party{Name: fmt.Sprint("o", i)}, Owned: Party{Name: "S", ID: "S"}, Kind: Owns, Source: "s"})
	}
	_, err := NewGraph(fs, today).Check(Party{ID: "S"}, Rules(today), blocked())
	if navicert.KindOf(err) != navicert.Limit {
		t.Errorf("error %v", err)
	}
}

// anyFacts draws a graph of a few parties with circles, some of them listed.
func anyFacts(t *rapid.T) []Fact {
	names := []string{"S", "A", "B", "C", "D", "X", "Y", "N"}
	n := rapid.IntRange(1, 14).Draw(t, "facts")
	var fs []Fact
	for i := range n {
		o, d := rapid.SampledFrom(names).Draw(t, "owner"), rapid.SampledFrom(names).Draw(t, "owned")
		if o == d {
			continue
		}
		f := Fact{
			Owner: Party{Name: o, ID: o}, Owned: Party{Name: d, ID: d}, Kind: rapid.SampledFrom([]Kind{Owns, Owns, Owns, Controls, Manages, OwnsOrControls}).Draw(t, "kind"),
			Source: fmt.Sprint("source ", i), EnteredBy: rapid.SampledFrom([]string{"", "a tester"}).Draw(t, "by"),
		}
		if f.Kind == Owns && rapid.Bool().Draw(t, "stated") {
			least := rapid.IntRange(0, 100).Draw(t, "least")
			f.Share = navicert.Some(Share{Percent(least) * One, Percent(rapid.IntRange(least, 100).Draw(t, "most")) * One})
		}
		fs = append(fs, f)
	}
	return fs
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := anyFacts(t)
		check := func(fs []Fact) Answer {
			a, err := NewGraph(fs, today).Check(Party{ID: "S"}, Rules(today), blocked("ofac-sdn", "eu-fsf", "uk-sanctions", "own"))
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		before := check(fs)
		for _, x := range before.Tests {
			if x.Least > x.Most || x.Most > Whole || x.Settled && x.Result != Owned {
				t.Fatalf("%+v", x)
			}
		}
		mixed := slices.Clone(fs)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if after := check(mixed); fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", after) {
			t.Fatalf("the order of the facts matters:\n%+v\n%+v", before, after)
		}
		// A further blocked owner never makes it milder.
		owner := Party{Name: "X new", ID: "X new"}
		more := append(slices.Clone(fs), Fact{
			Owner: owner, Owned: Party{Name: "S", ID: rapid.SampledFrom([]string{"S", "A", "B"}).Draw(t, "into")},
			Kind: rapid.SampledFrom(Kinds()).Draw(t, "how"), Source: "new", EnteredBy: "a tester",
		})
		f := &more[len(more)-1]
		f.Owned.Name = f.Owned.ID
		if f.Kind == Owns {
			f.Share = navicert.Some(Exactly(Percent(rapid.IntRange(0, 100).Draw(t, "share")) * One))
		}
		after := check(more)
		for _, b := range before.Tests {
			a := testOfRapid(t, after, b.Rule.Regime)
			if rank(a.Result) < rank(b.Result) || a.Least < b.Least || b.Settled && !a.Settled {
				t.Fatalf("%s: a further blocked owner (%s) makes it milder: %+v, before %+v", b.Rule.Regime, f.Kind, a, b)
			}
		}
	})
}

func testOfRapid(t *rapid.T, a Answer, r Regime) Test {
	for _, x := range a.Tests {
		if x.Rule.Regime == r {
			return x
		}
	}
	t.Fatalf("no test by %s", r)
	return Test{}
}

func TestFromEntries(t *testing.T) {
	entries := []list.Entry{
		{ID: "1", Kind: list.Organization, Name: "PARENT", Countries: []navicert.Flag{"RU"}},
		{ID: "2", Kind: list.Vessel, Name: "SHIP", IMO: 9074729, Links: []list.Link{
			{Kind: list.OwnedOrControlled, Name: "PARENT", Entry: "1"},
			{Kind: list.LinkedTo, Name: "PARENT"},
			{Kind: list.OwnedBy, Name: "FORMER", Former: true},
			{Kind: list.ControlledBy, Name: "ELSEWHERE", Entry: "9"},
			{Kind: list.OwnedBy},
		}},
	}
	fs, unused := FromEntries(list.Publication{List: "ofac-sdn", Date: "2025-12-24"}, entries)
	if len(fs) != 2 || unused.Count("no owner") != 1 || unused.Total() != 1 {
		t.Fatalf("%+v, unused %s", fs, unused.String())
	}
	if f := fs[0]; f.Owner.ID != "ofac-sdn/1" || f.Owner.Country != "RU" || f.Owned.IMO != 9074729 || f.Kind != OwnsOrControls || f.Settled() || f.Source != "ofac-sdn@2025-12-24 entry 2" {
		t.Errorf("%+v", f)
	}
	if f := fs[1]; f.Owner.ID != "ofac-sdn/9" || f.Kind != Controls {
		t.Errorf("%+v", f)
	}
}

package screen

import (
	"context"
	"math"
	"os"
	"regexp"
	"testing"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/ofac"
)

var sampleDay = time.Date(2001, 2, 10, 0, 0, 0, 0, time.UTC)

// sampleView is the invented list of list/ofac.
func sampleView(t testing.TB) *View {
	t.Helper()
	p, entries, err := ofac.SDN().Read(context.Background(), list.Source{
		FS: os.DirFS("../list/ofac/testdata/sample"), Name: "sample", Options: list.Options{Published: "2001-02-03", Simulated: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(&fakeStore{pubs: []list.Publication{p}, entries: map[string][]list.Entry{p.ID(): entries}}, nil).At(context.Background(), When{AsOf: sampleDay})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHits(t *testing.T) {
	type want struct {
		entry           string
		match, identity bool
		by, matched     string
	}
	for _, c := range []struct {
		what string
		q    Query
		want []want
	}{
		{"an IMO number is the hull", Query{Kind: "vessel", IMO: 2000016}, []want{{"9201", true, true, "imo", ""}}},
		{"whatever its name now is", Query{Kind: "vessel", IMO: 2000016, Name: "QUIET MORNING"}, []want{{"9201", true, true, "imo", ""}}},
		{"and names its old one when that is asked", Query{Kind: "vessel", IMO: 2000016, Name: "Tin Whistle"}, []want{{"9201", true, true, "imo", "TIN WHISTLE"}}},
		{"one hull listed twice", Query{Kind: "vessel", IMO: 2000078}, []want{{"9207", true, true, "imo", ""}, {"9208", true, true, "imo", ""}}},
		{"written with two blanks", Query{IMO: 2000028}, []want{{"9202", true, true, "imo", ""}}},
		{"written with a country", Query{IMO: 2000030}, []want{{"9203", true, true, "imo", ""}}},
		{"written without IMO", Query{IMO: 2000042}, []want{{"9204", true, true, "imo", ""}}},
		{"another number is another hull", Query{Kind: "vessel", Name: "COPPER LANTERN", IMO: 2000092}, []want{{"9201", false, false, "name", "COPPER LANTERN"}}},
		{"the number of a company", Query{Kind: "organization", IMO: 2100012}, []want{{"9001", true, true, "imo", ""}}},
		{"is no hull's", Query{Kind: "vessel", IMO: 2100012}, nil},
		{"an MMSI alone is a match, not identity", Query{Kind: "vessel", MMSI: 200000011}, []want{{"9201", true, false, "mmsi", ""}}},
		{"with the name it is", Query{Kind: "vessel", MMSI: 200000011, Name: "M/T Copper Lantern"}, []want{{"9201", true, true, "mmsi", "COPPER LANTERN"}}},
		{"with another name it is not", Query{Kind: "vessel", MMSI: 200000011, Name: "QUIET MORNING"}, []want{{"9201", true, false, "mmsi", ""}}},
		{"with another hull's number it is no match", Query{Kind: "vessel", MMSI: 200000011, IMO: 2000092}, []want{{"9201", false, false, "mmsi", ""}}},
		{"a call sign alone", Query{Kind: "vessel", CallSign: "5im-901"}, []want{{"9201", true, false, "call_sign", ""}}},
		{"a name is a match, not identity", Query{Kind: "vessel", Name: "MV COPPER LANTERN"}, []want{{"9201", true, false, "name", "COPPER LANTERN"}}},
		{"with a slip", Query{Kind: "vessel", Name: "COPER LANTERN"}, []want{{"9201", true, false, "name", "COPPER LANTERN"}}},
		{"a former name", Query{Kind: "vessel", Name: "SALLOW WREN"}, []want{{"9201", true, false, "name", "SALLOW WREN"}}},
		{"a former name in remarks", Query{Kind: "vessel", Name: "Tin-Whistle"}, []want{{"9201", true, false, "name", "TIN WHISTLE"}}},
		{"a name that two hulls have", Query{Kind: "vessel", Name: "ONYX PETREL"}, []want{{"9203", true, false, "name", "ONYX PETREL"}, {"9204", true, false, "name", "ONYX PETREL"}}},
		{"of which the number tells one", Query{Kind: "vessel", Name: "ONYX PETREL", IMO: 2000030}, []want{{"9203", true, true, "imo", "ONYX PETREL"}, {"9204", false, false, "name", "ONYX PETREL"}}},
		{"a Roman numeral", Query{Kind: "vessel", Name: "Marble Finch 2"}, []want{{"9202", true, false, "name", "MARBLE FINCH II"}}},
		{"another numeral is another hull", Query{Kind: "vessel", Name: "Marble Finch 3"}, nil},
		{"and so is none", Query{Kind: "vessel", Name: "Marble Finch"}, nil},
		{"a name in another script", Query{Kind: "vessel", Name: "КОППЕР ЛАНТЕРН"}, []want{{"9201", true, false, "name", "COPPER LANTERN"}}},
		{"a person's name", Query{Kind: "person", Name: "Imrel Danow Tarvosk"}, []want{{"9101", true, false, "name", "TARVOSK, Imrel Danow"}}},
		{"with the country it is identity", Query{Kind: "person", Name: "Imrel Danow Tarvosk", Country: "PA"}, []want{{"9101", true, true, "name", "TARVOSK, Imrel Danow"}}},
		{"a second nationality will do", Query{Kind: "party", Name: "Tarvosk, Imrel Danow", Country: "Malta"}, []want{{"9101", true, true, "name", "TARVOSK, Imrel Danow"}}},
		{"another country is none", Query{Kind: "person", Name: "Imrel Danow Tarvosk", Country: "FR"}, []want{{"9101", true, false, "name", "TARVOSK, Imrel Danow"}}},
		{"nor another gender than the listed one", Query{Kind: "person", Name: "Imrel Danow Tarvosk", Gender: "F"}, nil},
		{"the same gender changes nothing", Query{Kind: "person", Name: "Imrel Danow Tarvosk", Gender: "male"}, []want{{"9101", true, false, "name", "TARVOSK, Imrel Danow"}}},
		{"nor is another birth date", Query{Kind: "person", Name: "Imrel Danow Tarvosk", Country: "PA", BirthDate: "1980"}, nil},
		{"nor a name that is only like it", Query{Kind: "person", Name: "Imrel Danov Tarvosk", Country: "PA"}, []want{{"9101", true, false, "name", "TARVOSK, Imrel Danow"}}},
		{"a weak alias alone does not match", Query{Kind: "person", Name: "THE PILOT"}, []want{{"9101", false, false, "name", "THE PILOT"}}},
		{"with the birth year it does", Query{Kind: "person", Name: "THE PILOT", BirthDate: "1961"}, []want{{"9101", true, false, "name", "THE PILOT"}}},
		{"but does not identify", Query{Kind: "person", Name: "THE PILOT", Country: "PA"}, []want{{"9101", true, false, "name", "THE PILOT"}}},
		{"a weak alias with a slip is nothing", Query{Kind: "person", Name: "THE PILOTE", BirthDate: "1961"}, nil},
		{"an organisation", Query{Kind: "organization", Name: "Bramble Tide Shipping Co Ltd", Country: "PA"}, []want{{"9001", true, true, "name", "BRAMBLE TIDE SHIPPING CO., LTD."}}},
		{"by a former name", Query{Kind: "party", Name: "Tidewrack Lines Limited", Country: "Marshall Islands"}, []want{{"9001", true, true, "name", "TIDEWRACK LINES LIMITED"}}},
		{"without country", Query{Name: "Quillmere Petroleum"}, []want{{"9002", true, false, "name", "QUILLMERE PETROLEUM LIMITED LIABILITY COMPANY"}}},
		{"only of the kind asked", Query{Kind: "person", Name: "COPPER LANTERN"}, nil},
		{"a party is no ship", Query{Kind: "party", Name: "COPPER LANTERN"}, nil},
		{"an aircraft by its mark", Query{Kind: "aircraft", Name: "ex-qaa"}, []want{{"9301", true, false, "name", "EX-QAA"}}},
		{"nobody", Query{Name: "Nobody At All Whatever"}, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			a, err := sampleView(t).Screen(c.q, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Hits) != len(c.want) {
				t.Fatalf("%d hits, want %d: %+v", len(a.Hits), len(c.want), a.Hits)
			}
			for i, h := range a.Hits {
				if got := (want{h.EntryID, h.Match, h.Identity, h.By, h.MatchedName}); got != c.want[i] {
					t.Errorf("got  %+v, score %v, why %+v\nwant %+v", got, h.Score, h.Why, c.want[i])
				}
				checkHit(t, h)
			}
		})
	}
}

// checkHit checks what holds of every hit: its score is the sum of its reasons,
// and it points at its entry.
func checkHit(t *testing.T, h Hit) {
	t.Helper()
	sum := 0.0
	for _, w := range h.Why {
		sum += w.Weight * w.Score
		if w.Weight < 0 || w.Score < -1 || w.Score > 1 || w.Detail == "" || w.Feature == "" {
			t.Errorf("reason %+v", w)
		}
	}
	if math.Abs(min(1, max(0, sum))-h.Score) > 1e-3 {
		t.Errorf("score %v, its reasons sum to %v: %+v", h.Score, sum, h.Why)
	}
	if len(h.Why) == 0 || h.Entry == nil || h.Entry.ID != h.EntryID || h.Publication == "" || h.List == "" {
		t.Errorf("incomplete: %+v", h)
	}
	if h.Identity && !h.Match {
		t.Errorf("identity without a match: %+v", h)
	}
}

// Scores keep an order: the more that agrees the higher, and 1 only for what is
// the same.
func TestScoresOrder(t *testing.T) {
	v := sampleView(t)
	score := func(q Query) float64 {
		a, err := v.Screen(q, Options{MinScore: 0.05})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range a.Hits {
			if h.EntryID == "9101" {
				return h.Score
			}
		}
		return 0
	}
	down := []Query{
		{Kind: "person", Name: "Imrel Danow Tarvosk", BirthDate: "1961-03-14", Country: "PA"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", BirthDate: "1961-03-14", Country: "PA"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", BirthDate: "1961-03-14"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", Country: "PA"},
		{Kind: "person", Name: "Imrel Danov Tarvosk"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", Country: "FR"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", BirthDate: "1990"},
		{Kind: "person", Name: "Imrel Danov Tarvosk", BirthDate: "1990", Country: "FR"},
	}
	for i := 1; i < len(down); i++ {
		if a, b := score(down[i-1]), score(down[i]); a <= b {
			t.Errorf("%+v scores %v, not more than %+v with %v", down[i-1], a, down[i], b)
		}
	}
	if s := score(down[0]); s != 1 {
		t.Errorf("the same name scores %v", s)
	}
	if s := score(down[1]); s >= 1 {
		t.Errorf("another spelling with all else agreeing scores %v", s)
	}
}

func TestOptions(t *testing.T) {
	v := sampleView(t)
	near := Query{Kind: "vessel", Name: "COPPER"}
	if a, _ := v.Screen(near, Options{}); len(a.Hits) != 0 {
		t.Errorf("near misses shown unasked: %+v", a.Hits)
	}
	a, err := v.Screen(near, Options{MinScore: 0.3})
	if err != nil || len(a.Hits) != 1 || a.Hits[0].Match || a.Hits[0].EntryID != "9201" {
		t.Errorf("a near miss asked for: %+v, %v", a.Hits, err)
	}
	a, err = v.Screen(Query{Kind: "vessel", Name: "ONYX PETREL"}, Options{Limit: 1})
	if err != nil || len(a.Hits) != 1 || a.More != 1 || a.Searched[0].Found != 2 {
		t.Errorf("one of two: %d hits, %d more, found %d", len(a.Hits), a.More, a.Searched[0].Found)
	}
}

func TestQueriesThatCannotBe(t *testing.T) {
	v := sampleView(t)
	for _, q := range []Query{
		{},
		{ID: "x", Kind: "vessel"},
		{Kind: "ship", Name: "X"},
		{IMO: 1234568},
		{Name: "X", Country: "Atlantis"},
		{Name: "X", BirthDate: "last year"},
		{Name: "X", Gender: "yes"},
		{CallSign: "???"},
		{Name: string(make([]byte, 5000))},
	} {
		_, err := v.Screen(q, Options{})
		if k := navicert.KindOf(err); k != navicert.Invalid && k != navicert.Limit {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestEveryHull finds each of the 1,410 ships by its number, in every spelling
// that people and feeds use.
func TestEveryHull(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	v, entries := realView(t)
	hulls := 0
	for _, e := range entries {
		if e.IMO == 0 {
			continue
		}
		hulls++
		n := e.IMO.String()
		for _, spelled := range []string{n, "IMO " + n, "IMO" + n, "imo-" + n, "IMO  " + n + " (Russia)"} {
			imo, err := navicert.ParseIMO(spelled)
			if err != nil {
				t.Fatal(err)
			}
			q := Query{Kind: "vessel", IMO: imo}
			if spelled == n { // asked under another name, as of a ship renamed since it was listed
				q.Name = "SOME OTHER NAME"
			}
			a, err := v.Screen(q, Options{})
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, h := range a.Hits {
				if h.IMO != imo && h.Match {
					t.Errorf("%s: %s matches under another number", spelled, h.EntryID)
				}
				found = found || h.EntryID == e.ID && h.Match && h.Identity && h.By == ByIMO
			}
			if !found {
				t.Errorf("%s %s was not found as %q", e.ID, e.Name, spelled)
			}
		}
	}
	if hulls != 1410 {
		t.Errorf("%d hulls, want 1410", hulls)
	}
	if a, _ := v.Screen(Query{IMO: 9313149}, Options{}); len(a.Hits) != 2 {
		t.Errorf("TASCA is listed twice, found %d times", len(a.Hits))
	}
	if hits := matches(t, v, Query{Kind: "vessel", Name: "AZALEA"}); len(hits) == 0 || hits[0].Name != "SONIA I" {
		t.Errorf("AZALEA, former name of SONIA I: %+v", hits)
	}
}

// matches asks by name only and counts the matches.
func matches(t *testing.T, v *View, q Query) (hits []Hit) {
	t.Helper()
	a, err := v.Screen(q, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range a.Hits {
		if h.Match {
			hits = append(hits, h)
		}
	}
	return hits
}

// Every feature that answers are made of is described.
func TestFeaturesAreDescribed(t *testing.T) {
	source, err := os.ReadFile("match.go")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, f := range Features() {
		described[f.Name] = true
		if f.Doc == "" || f.Most <= 0 {
			t.Errorf("%+v", f)
		}
	}
	used := regexp.MustCompile(`why\("([a-z_]+)"`).FindAllSubmatch(source, -1)
	if len(used) < 10 {
		t.Fatalf("only %d uses of features were found in match.go", len(used))
	}
	for _, u := range used {
		if !described[string(u[1])] {
			t.Errorf("feature %s is not among Features", u[1])
		}
	}
}

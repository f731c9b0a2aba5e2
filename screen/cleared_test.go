package screen

import (
	"context"
	"strings"
	"testing"

	"navicert"
	"navicert/list"
)

// clearings is a ClearingStore in memory.
type clearings struct{ all []Clearing }

func (c *clearings) PutClearing(_ context.Context, cl Clearing) error {
	c.all = append(c.all, cl)
	return nil
}

func (c *clearings) RemoveClearing(_ context.Context, id string, r Removal) error {
	for i := range c.all {
		if c.all[i].ID == id {
			c.all[i].Removed = &r
		}
	}
	return nil
}
func (c *clearings) Clearings(context.Context) ([]Clearing, error) { return c.all, nil }
func (c *clearings) ClearingRevision(context.Context) (int64, error) {
	n := int64(len(c.all))
	for _, cl := range c.all {
		if cl.Removed != nil {
			n += 1000
		}
	}
	return n, nil
}

// ships makes a store with a ship and a person; the person's entry
// changes with the second publication.
func ships(t *testing.T) (*fakeStore, list.Entry) {
	t.Helper()
	s := &fakeStore{}
	person := list.Entry{ID: "7", Kind: list.Person, Name: "TARVOSK, Imrel Danow", Measure: list.Block, BirthDates: []string{"1961"}, Row: "7"}
	ship := list.Entry{ID: "2", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016, Measure: list.Block, Row: "2"}
	changed := person
	changed.Remarks = "Passport XQ1"
	for date, entries := range map[navicert.Date][]list.Entry{"2025-11-01": {person, ship}, "2025-12-01": {changed, ship}} {
		p := list.Publication{List: "a-list", Date: date, SHA256: string(date), MaxAgeDays: 90, ImportedAt: date.Start(), Entries: 2}
		if _, err := s.Put(context.Background(), p, entries); err != nil {
			t.Fatal(err)
		}
	}
	return s, person
}

// TestCleared: a cleared hit is shown and is no match, for this question, this
// entry and this while.
func TestCleared(t *testing.T) {
	s, person := ships(t)
	q := Query{Name: "Imrel Danow Tarvosk", Kind: "person"}
	base := Clearing{
		ID: "c-1", Query: Query{Name: "imrel  danow tarvosk"}, List: "a-list", Entry: "7", EntrySHA256: EntrySHA256(&person),
		Who: "N. N.", Why: "another birth place", At: day("2025-11-10"), Until: "2026-06-30",
	}
	for _, c := range []struct {
		what   string
		change func(*Clearing)
		q      Query
		at     When
		match  bool
		lapsed string // of a hit that says that it was cleared
	}{
		{"cleared", nil, q, When{AsOf: day("2025-11-20")}, false, ""},
		{"as of a day before it was cleared", nil, q, When{AsOf: day("2025-11-05")}, false, ""},
		{"as known before it was cleared", nil, q, When{AsOf: day("2025-11-20"), KnownAt: day("2025-11-09")}, true, "-"},
		{"as known when it was cleared", nil, q, When{AsOf: day("2025-11-20"), KnownAt: day("2025-11-10")}, false, ""},
		{"the entry changed", nil, q, When{AsOf: day("2025-12-02")}, true, "the entry is not as it was"},
		{"the last day", func(c *Clearing) { c.Until = "2025-11-20" }, q, When{AsOf: day("2025-11-20")}, false, ""},
		{"the day after", func(c *Clearing) { c.Until = "2025-11-20" }, q, When{AsOf: day("2025-11-21")}, true, "it held until 2025-11-20"},
		{"a birth date is known now", nil, Query{Name: q.Name, Kind: "person", BirthDate: "1961"}, When{AsOf: day("2025-11-20")}, true, "-"},
		{"a country is known now", nil, Query{Name: q.Name, Kind: "person", Country: "PA"}, When{AsOf: day("2025-11-20")}, true, "-"},
		{"a gender is known now", nil, Query{Name: q.Name, Kind: "person", Gender: "male"}, When{AsOf: day("2025-11-20")}, true, "-"},
		{"another name", nil, Query{Name: "Imrel Tarvosk Danow", Kind: "person"}, When{AsOf: day("2025-11-20")}, true, "-"},
		{"asked without a kind", nil, Query{Name: q.Name}, When{AsOf: day("2025-11-20")}, false, ""},
		{"another entry", func(c *Clearing) { c.Entry = "8" }, q, When{AsOf: day("2025-11-20")}, true, "-"},
		{"another list", func(c *Clearing) { c.List = "b-list" }, q, When{AsOf: day("2025-11-20")}, true, "-"},
		{"taken back", func(c *Clearing) { c.Removed = &Removal{Who: "M. M.", At: day("2025-11-15")} }, q, When{AsOf: day("2025-11-20")}, true, "-"},
		{"taken back later than known", func(c *Clearing) { c.Removed = &Removal{Who: "M. M.", At: day("2025-11-15")} }, q, When{AsOf: day("2025-11-20"), KnownAt: day("2025-11-12")}, false, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			cl := base
			if c.change != nil {
				c.change(&cl)
			}
			v, err := New(s, nil).WithClearings(&clearings{[]Clearing{cl}}).At(t.Context(), c.at)
			if err != nil {
				t.Fatal(err)
			}
			a, err := v.Screen(c.q, Options{})
			if err != nil || len(a.Hits) == 0 || a.Hits[0].EntryID != "7" {
				t.Fatalf("answer %+v, %v", a, err)
			}
			h := a.Hits[0]
			if h.Match != c.match || a.Matched() != c.match || (a.Searched[0].Found == 1) != c.match {
				t.Errorf("match %v, found %d, want %v", h.Match, a.Searched[0].Found, c.match)
			}
			switch {
			case c.lapsed == "-" && h.Cleared != nil:
				t.Errorf("cleared %+v, want nothing about that", h.Cleared)
			case c.lapsed == "-":
			case h.Cleared == nil || h.Cleared.Who != "N. N." || h.Cleared.InForce() == c.match || !strings.Contains(h.Cleared.Lapsed, c.lapsed):
				t.Errorf("cleared %+v, want lapsed %q", h.Cleared, c.lapsed)
			}
		})
	}
}

// TestClearedHull: an equal IMO number is the hull, whatever anybody says.
func TestClearedHull(t *testing.T) {
	s, _ := ships(t)
	q := Query{Name: "Some Other Name", IMO: 2000016}
	e := list.Entry{ID: "2", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016, Measure: list.Block, Row: "2"}
	c := Clearing{ID: "c-1", Query: q, List: "a-list", Entry: "2", EntrySHA256: EntrySHA256(&e), Who: "N. N.", Why: "x", At: day("2025-11-02"), Until: "2030-01-01"}
	v, err := New(s, nil).WithClearings(&clearings{[]Clearing{c}}).At(t.Context(), When{AsOf: day("2025-11-20")})
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Screen(q, Options{})
	if err != nil || !a.Matched() || !a.Hits[0].Identity || a.Hits[0].Cleared != nil {
		t.Errorf("answer %+v, %v", a, err)
	}
}

// TestClearedAnew: of several clearings the newest that holds counts.
func TestClearedAnew(t *testing.T) {
	s, person := ships(t)
	q := Query{Name: "Imrel Danow Tarvosk"}
	one := Clearing{ID: "c-1", Query: q, List: "a-list", Entry: "7", EntrySHA256: EntrySHA256(&person), Who: "N. N.", Why: "x", At: day("2025-11-02"), Until: "2030-01-01"}
	two := one
	two.ID, two.EntrySHA256, two.At = "c-2", "other", day("2025-11-03")
	store := &clearings{[]Clearing{one, two}}
	sc := New(s, nil).WithClearings(store)
	ask := func() *Cleared {
		t.Helper()
		v, err := sc.Of(t.Context(), s.pubs[indexOf(s, "2025-11-01")], When{AsOf: day("2025-11-20")})
		if err != nil {
			t.Fatal(err)
		}
		a, err := v.Screen(q, Options{})
		if err != nil || len(a.Hits) == 0 {
			t.Fatalf("answer %+v, %v", a, err)
		}
		return a.Hits[0].Cleared
	}
	if c := ask(); !c.InForce() || c.ID != "c-1" {
		t.Errorf("cleared by %+v, want the one that holds", c)
	}
	if err := store.RemoveClearing(t.Context(), "c-1", Removal{Who: "N. N.", At: day("2025-11-04")}); err != nil {
		t.Fatal(err)
	}
	if c := ask(); c.InForce() || c.ID != "c-2" {
		t.Errorf("after it was taken back: %+v, want the other, lapsed", c)
	}
}

func indexOf(s *fakeStore, date navicert.Date) int {
	for i, p := range s.pubs {
		if p.Date == date {
			return i
		}
	}
	return -1
}

// TestChanges: a subject is told of what is new, gone and changed, and of
// nothing else.
func TestChanges(t *testing.T) {
	s := &fakeStore{}
	ship := list.Entry{ID: "2", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016, Measure: list.Block, Row: "2"}
	renamed := ship
	renamed.Name, renamed.Row = "QUIET MORNING", "2b"
	gone := list.Entry{ID: "3", Kind: list.Vessel, Name: "ONYX PETREL", IMO: 2000030, Measure: list.Block, Row: "3"}
	same := list.Entry{ID: "4", Kind: list.Vessel, Name: "GILT AVOCET", IMO: 2000078, Measure: list.Block, Row: "4"}
	added := list.Entry{ID: "5", Kind: list.Vessel, Name: "GREY MARLIN", IMO: 2000092, Measure: list.Block, Row: "5"}
	for _, p := range []struct {
		date    navicert.Date
		entries []list.Entry
	}{{"2025-11-01", []list.Entry{ship, gone, same}}, {"2025-12-01", []list.Entry{renamed, same, added}}} {
		pub := list.Publication{List: "a-list", Date: p.date, SHA256: string(p.date), MaxAgeDays: 90, Entries: 3}
		if _, err := s.Put(t.Context(), pub, p.entries); err != nil {
			t.Fatal(err)
		}
	}
	var subjects []Subject
	for _, q := range []Query{
		{ID: "renamed", IMO: 2000016}, {ID: "gone", IMO: 2000030}, {ID: "same", IMO: 2000078}, {ID: "added", Name: "Grey Marlin", IMO: 2000092}, {ID: "nobody", Name: "Nobody At All"},
	} {
		subjects = append(subjects, Subject{ID: q.ID, Query: q})
	}
	sc := New(s, nil)
	of := func(i int) *View {
		v, err := sc.Of(t.Context(), s.pubs[i], When{AsOf: day("2025-12-02")})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		what          string
		before, after *View
		want          string
	}{
		{"forward", of(0), of(1), "renamed hit_changed 2 name,row; gone hit_gone 3 ; added new_hit 5 "},
		{"backward", of(1), of(0), "renamed hit_changed 2 name,row; gone new_hit 3 ; added hit_gone 5 "},
		{"nothing moved", of(1), of(1), ""},
		{"the first publication", nil, of(0), "renamed new_hit 2 ; gone new_hit 3 ; same new_hit 4 "},
	} {
		changes, err := Changes(t.Context(), subjects, c.before, c.after)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, ch := range changes {
			var fields []string
			for _, f := range ch.Fields {
				fields = append(fields, f.Field)
			}
			got = append(got, strings.Join([]string{ch.Subject, string(ch.Change), ch.Entry, strings.Join(fields, ",")}, " "))
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("%s: %s, want %s", c.what, g, c.want)
		}
	}
}

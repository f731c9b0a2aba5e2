package screen

import (
	"context"
	"strings"
	"testing"
	"time"

	"navicert/list"
	"navicert/screen/own"
)

// A party that a fact gives the number of an entry for is that entry, whatever
// name the fact gives it; another entry of the list it is not.
func TestListingsByNumber(t *testing.T) {
	s := &fakeStore{}
	entries := []list.Entry{
		{ID: "7", Kind: list.Organization, Name: "QUIET LAGOON SHIPPING LTD", Measure: list.Block, Row: "7"},
		{ID: "8", Kind: list.Organization, Name: "AMBER GROVE HOLDING", Measure: list.Block, Row: "8"},
		{ID: "9", Kind: list.Organization, Name: "TIN HARBOUR", Measure: list.Restrict, Row: "9"},
	}
	p := list.Publication{List: "a-list", Date: "2025-11-01", SHA256: "1", MaxAgeDays: 90, Entries: len(entries)}
	if _, err := s.Put(context.Background(), p, entries); err != nil {
		t.Fatal(err)
	}
	v, err := New(s, nil).At(t.Context(), When{AsOf: day("2025-11-20")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, id, name, want string }{
		{"number and another name", "a-list/7", "Completely Renamed Partners", "7"},
		{"number and its name", "a-list/7", "Quiet Lagoon Shipping Ltd", "7"},
		{"number of another entry", "a-list/8", "Quiet Lagoon Shipping Ltd", "8"},
		{"number that the list does not have", "a-list/70", "Completely Renamed Partners", ""},
		{"number of another list", "z-list/7", "Completely Renamed Partners", ""},
		{"entry of a list that does not block", "a-list/9", "Completely Renamed Partners", ""},
		{"name alone", "", "Quiet Lagoon Shipping Ltd", "7"},
	} {
		ls, err := v.listings(own.Party{ID: c.id, Name: c.name})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, l := range ls {
			got += l.Entry
			if l.Identity != (c.id != "") {
				t.Errorf("%s: identity %v", c.what, l.Identity)
			}
		}
		if got != c.want {
			t.Errorf("%s: listed as %q, want %q", c.what, got, c.want)
		}
	}
}

// countingFacts counts how often the facts are read.
type countingFacts struct {
	own.Store
	read int
}

func (c *countingFacts) OwnershipRevision(context.Context) (int64, error) { return 1, nil }

func (c *countingFacts) OwnershipChanges(context.Context) (own.Changes, error) {
	return own.Changes{World: []time.Time{day("2025-06-01"), day("2025-09-01")}, Known: []time.Time{day("2025-10-01")}}, nil
}

func (c *countingFacts) Ownership(context.Context, time.Time, time.Time) ([]own.Fact, error) {
	c.read++
	return []own.Fact{{Owner: own.Party{Name: "A"}, Owned: own.Party{Name: "B"}, Kind: own.Owns, Source: "s"}}, nil
}

// Questions asked at two times between which no fact changes share one graph.
func TestGraphsAreShared(t *testing.T) {
	facts := &countingFacts{}
	o := NewOwnership(facts)
	for _, c := range []struct {
		what, asOf, known string
		read              int
	}{
		{"the first question", "2025-09-01", "", 1},
		{"a later day", "2025-11-20", "", 1},
		{"before a fact ended", "2025-08-31", "", 2},
		{"before anything was known", "2025-11-20", "2025-09-30", 3},
		{"known since", "2025-11-20", "2025-10-01", 3},
		{"again", "2025-06-02", "2026-01-01", 3},
	} {
		at := When{AsOf: day(c.asOf)}
		if c.known != "" {
			at.KnownAt = day(c.known)
		}
		if g, err := o.at(t.Context(), at); err != nil || g == nil {
			t.Fatal(err)
		}
		if facts.read != c.read {
			t.Errorf("%s: the facts were read %d times, want %d", c.what, facts.read, c.read)
		}
	}
}

// Every party of a fact that is taken can be asked of the lists.
func TestLongestNameOfAFactIsAsked(t *testing.T) {
	f := own.Fact{Owner: own.Party{Name: strings.Repeat("n", own.MaxName)}, Owned: own.Party{Name: "B"}, Kind: own.Owns, Source: "s"}
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	if _, err := (Query{Name: f.Owner.Name}).Normal(); err != nil {
		t.Error(err)
	}
	f.Owner.Name += "n"
	if err := f.Check(); err == nil {
		t.Error("a name that cannot be asked for is taken")
	}
}

package screen

import (
	"context"
	"testing"
	"time"

	"navicert"
	"navicert/list"
)

// unknownView is a list that does not say what its parties are.
func unknownView(t testing.TB) *View {
	t.Helper()
	entries := []list.Entry{
		{ID: "1", Kind: list.UnknownKind, Name: "Imrel Danow Tarvosk", Countries: []navicert.Flag{"PA"}, BirthDates: []string{"1961"}},
		{
			ID: "2", Kind: list.UnknownKind, Name: "Bramble Tide Shipping Co., Ltd.", Countries: []navicert.Flag{"PA"},
			Identifiers: []list.Identifier{{Type: list.CompanyIMO, Value: "2100012"}},
		},
		{ID: "3", Kind: list.UnknownKind, Name: "Quillmere", Countries: []navicert.Flag{"MT"}},
		{ID: "4", Kind: list.Organization, Name: "Quillmere", Countries: []navicert.Flag{"MT"}},
	}
	p := list.Publication{List: "own", Date: "2025-01-02", Entries: len(entries), MaxAgeDays: 999}
	v, err := New(&fakeStore{pubs: []list.Publication{p}, entries: map[string][]list.Entry{p.ID(): entries}}, nil).
		At(context.Background(), When{AsOf: time.Date(2025, 2, 10, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// An entry of which it is not said whether it is a person or an organisation is
// found by every question that asks for either, once, and as strictly as each.
func TestUnknownKind(t *testing.T) {
	type hit struct {
		entry    string
		identity bool
	}
	for _, c := range []struct {
		what string
		q    Query
		want []hit
	}{
		{"as a person", Query{Kind: "person", Name: "TARVOSK, Imrel Danow"}, []hit{{"1", false}}},
		{"as a party", Query{Kind: "party", Name: "TARVOSK, Imrel Danow"}, []hit{{"1", false}}},
		{"as anything", Query{Name: "Imrel Tarvosk"}, []hit{{"1", false}}},
		{"with initials", Query{Kind: "party", Name: "I. D. Tarvosk"}, []hit{{"1", false}}},
		{"which an organisation does not have", Query{Kind: "organization", Name: "I. D. Tarvosk"}, nil},
		{"identified with its country", Query{Kind: "party", Name: "Imrel Danow Tarvosk", Country: "PA"}, []hit{{"1", true}}},
		{"not with another birth date", Query{Kind: "party", Name: "Imrel Danow Tarvosk", Country: "PA", BirthDate: "1980"}, nil},
		{"as an organisation", Query{Kind: "organization", Name: "Bramble Tide Shipping Limited"}, []hit{{"2", false}}},
		{"with a slip that a person may not have", Query{Kind: "party", Name: "Bramble Tidde Shiping Ltd"}, []hit{{"2", false}}},
		{"its legal form is no person's name", Query{Kind: "person", Name: "Bramble Tide Shipping Limited"}, nil},
		{"by its number", Query{Kind: "organization", IMO: 2100012}, []hit{{"2", true}}},
		{"by its number, once", Query{IMO: 2100012}, []hit{{"2", true}}},
		{"one word is identity for an organisation only", Query{Kind: "party", Name: "Quillmere", Country: "MT"}, []hit{{"4", true}, {"3", false}}},
		{"no ship", Query{Kind: "vessel", Name: "Quillmere"}, nil},
		{"no aircraft", Query{Kind: "aircraft", Name: "Quillmere"}, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			a, err := unknownView(t).Screen(c.q, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []hit
			for _, h := range a.Hits {
				got = append(got, hit{h.EntryID, h.Identity})
				if !h.Match {
					t.Errorf("no match: %+v", h)
				}
				checkHit(t, h)
			}
			if len(got) != len(c.want) || a.Searched[0].Found != len(c.want) {
				t.Fatalf("got %+v, found %d, want %+v", a.Hits, a.Searched[0].Found, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("got %+v, want %+v: %+v", got[i], c.want[i], a.Hits[i])
				}
			}
		})
	}
}

package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/list"
)

var publicationTests = map[string]func(*testing.T, Store){
	"nothing is held":         noPublications,
	"round trip":              publicationRoundTrip,
	"same again":              publicationAgain,
	"conflict":                publicationConflict,
	"two dates":               twoPublications,
	"order of entries":        entryOrder,
	"no entries":              emptyPublication,
	"unknown":                 unknownPublication,
	"refused":                 badPublications,
	"cancelled":               cancelledPublication,
	"cancelled half-way":      interruptedPublication,
	"reader stops":            stoppedReading,
	"calls between entries":   callsBetweenEntries,
	"concurrent":              concurrentPublications,
	"eighteen thousand":       wholeList,
	"entries of another list": sameEntryInTwoLists,
}

func publication(listName string, date navicert.Date, sha string) list.Publication {
	return list.Publication{
		List: listName, Title: "Invented List", Date: date, SHA256: sha, ImportedAt: at(12),
		From: "testdata", MaxAgeDays: 7,
	}
}

// entry is an invented entry; n makes it distinct.
func entry(n int) list.Entry {
	return list.Entry{
		ID: fmt.Sprint(10_000 + n), Kind: list.Vessel, Name: fmt.Sprintf("EXAMPLE STAR %d", n),
		Aliases:    []list.Alias{{Name: fmt.Sprintf("STAR OF EXAMPLE %d", n), Kind: list.FKA, Weak: n%2 == 0}},
		Programmes: []string{"EXAMPLE-EO1"}, Measure: list.Block, Flag: "PA", VesselType: "Crude Oil Tanker",
		Remarks: "Invented. Vessel Registration Identification none.", Row: fmt.Sprintf(`%d,"EXAMPLE STAR %d","vessel"`, 10_000+n, n),
		Simulated: true,
	}
}

func entries(n int) []list.Entry {
	es := make([]list.Entry, n)
	for i := range es {
		es[i] = entry(i)
	}
	return es
}

func readEntries(t *testing.T, s Store, listName string, date navicert.Date) []list.Entry {
	t.Helper()
	es := []list.Entry{}
	for e, err := range s.Entries(t.Context(), listName, date) {
		if err != nil {
			t.Fatal(err)
		}
		es = append(es, e)
	}
	return es
}

func put(t *testing.T, s Store, p list.Publication, es []list.Entry) bool {
	t.Helper()
	return must(s.Put(t.Context(), p, es))(t)
}

func noPublications(t *testing.T, s Store) {
	if ps := must(s.Publications(t.Context()))(t); ps == nil || len(ps) != 0 {
		t.Errorf("an empty store has publications %#v, want none and not nil", ps)
	}
}

func publicationRoundTrip(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	p.Entries, p.Vessels, p.WithIMO, p.Aliases, p.Addresses, p.Simulated = 2, 1, 1, 3, 1, true
	p.Rejected.Add("columns", "row 7: 3 of 12")
	p.Rejected.Add("columns", "row 9: \x00 'quoted'")
	p.Rejected.Add("encoding", "row 8")
	p.Earliest, p.Version = "2026-02-01", "17"
	p.ImportedAt = time.Date(2026, 2, 28, 3, 4, 5, 678_000_000, time.UTC)
	full := list.Entry{
		ID: "1", Kind: list.Organization, Name: "EXAMPLE SHIPPING", Measure: list.ServicesBan,
		Aliases:    []list.Alias{{Name: "E. S.", Kind: list.AKA, Weak: true, Script: "Latn"}, {Name: "OLD EXAMPLE", Kind: list.NKA}},
		Programmes: []string{"A", "B"}, IMO: 9074729, MMSIs: []navicert.MMSI{201999999, 2191000},
		CallSigns: []navicert.CallSign{"ZZ9X"}, Flag: "VE", FormerFlags: []navicert.Flag{"PA", "LR"},
		VesselType: "Tanker", Tonnage: "1,000", GRT: "900", BuildYear: "1999", Owner: "N. N.",
		Links:    []list.Link{{Kind: list.OwnedBy, Name: "SOMEBODY", Entry: "2", Former: true, Text: "owned"}},
		Measures: []list.Measure{list.ServicesBan, list.TravelBan}, LegalBasis: []string{"Order 1"}, Listed: "2020-02-29",
		BirthDates: []string{"1950", "circa 1951"}, Gender: "Male",
		Countries: []navicert.Flag{"VE"}, Addresses: []list.Address{{Street: "1 Quay", City: "X", Country: "VE", Text: "1 Quay; X"}},
		Identifiers: []list.Identifier{{Type: "Tax ID", Value: "J-0", Country: "VE"}},
		Secondary:   []string{"sec. 1"}, Remarks: "r", Row: "the row", Simulated: true,
	}
	wantAllFields(t, p)
	wantAllFields(t, full)
	want := []list.Entry{full}
	for i, h := range hostile {
		want = append(want, list.Entry{ID: fmt.Sprint(i, h), Kind: list.Person, Name: h, Measure: list.Block, Row: h, Remarks: h})
	}
	if !put(t, s, p, want) {
		t.Error("a new publication was not added")
	}
	same(t, "publications", must(s.Publications(t.Context()))(t), []list.Publication{p})
	same(t, "entries", readEntries(t, s, p.List, p.Date), want)
}

func publicationAgain(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, entries(3))
	later := p
	later.ImportedAt, later.From = p.ImportedAt.Add(time.Hour), "elsewhere"
	if put(t, s, later, entries(2)) {
		t.Error("the same list, date and hash were added again")
	}
	same(t, "publications", must(s.Publications(t.Context()))(t), []list.Publication{p})
	same(t, "entries", readEntries(t, s, p.List, p.Date), entries(3))
}

func publicationConflict(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, entries(3))
	added, err := s.Put(t.Context(), publication("invented", "2026-02-27", "bb"), entries(4))
	wantErr(t, err, navicert.Conflict)
	if added {
		t.Error("a conflicting publication was added")
	}
	same(t, "publications", must(s.Publications(t.Context()))(t), []list.Publication{p})
	same(t, "entries", readEntries(t, s, p.List, p.Date), entries(3))
}

func twoPublications(t *testing.T, s Store) {
	first, second := publication("invented", "2026-02-27", "aa"), publication("invented", "2026-03-01", "bb")
	other := publication("another", "2026-02-28", "cc")
	later := entries(5)[1:] // one gone
	later[0].Name = "RENAMED"
	later[1].Row += " changed at its end"
	put(t, s, second, later)
	put(t, s, first, entries(4))
	put(t, s, other, nil)
	same(t, "publications", must(s.Publications(t.Context()))(t), []list.Publication{other, first, second})
	same(t, "the first's entries", readEntries(t, s, "invented", "2026-02-27"), entries(4))
	same(t, "the second's entries", readEntries(t, s, "invented", "2026-03-01"), later)
}

func entryOrder(t *testing.T, s Store) {
	es := []list.Entry{entry(9), entry(2), entry(30), entry(1), entry(2), entry(100)}
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, es)
	same(t, "entries", readEntries(t, s, p.List, p.Date), es)
}

func emptyPublication(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, nil)
	same(t, "entries", readEntries(t, s, p.List, p.Date), []list.Entry{})
}

func unknownPublication(t *testing.T, s Store) {
	put(t, s, publication("invented", "2026-02-27", "aa"), entries(1))
	for _, unknown := range []list.Publication{
		{List: "invented", Date: "2026-02-28"}, {List: "INVENTED", Date: "2026-02-27"}, {},
	} {
		n := 0
		for _, err := range s.Entries(t.Context(), unknown.List, unknown.Date) {
			n++
			wantErr(t, err, navicert.NotFound)
		}
		if n != 1 {
			t.Errorf("%s yielded %d times, want one error", unknown.ID(), n)
		}
	}
}

func badPublications(t *testing.T, s Store) {
	for _, p := range []list.Publication{
		publication("", "2026-02-27", "aa"), publication("invented", "", "aa"),
		publication("invented", "2026-02-30", "aa"), publication("invented", "2026-02-27", ""),
	} {
		_, err := s.Put(t.Context(), p, entries(1))
		wantErr(t, err, navicert.Invalid)
	}
	noPublications(t, s)
}

func cancelledPublication(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	added, err := s.Put(canceled(), p, entries(3))
	wantCanceled(t, err)
	if added {
		t.Error("added although it was cancelled")
	}
	_, err = s.Publications(canceled())
	wantCanceled(t, err)
	noPublications(t, s)
	put(t, s, p, entries(3))
	for _, err := range s.Entries(canceled(), p.List, p.Date) {
		wantCanceled(t, err)
	}
}

// interruptedPublication ends the context at moments spread over an import:
// each time the publication is there whole or not at all.
func interruptedPublication(t *testing.T, s Store) {
	es := entries(size(3000))
	start := time.Now()
	put(t, s, publication("invented", "2026-01-01", "aa"), es)
	took := time.Since(start)
	const times = 12
	held, cancelled := 1, 0
	for i := range times {
		p := publication("invented", navicert.Date(fmt.Sprintf("2026-02-%02d", i+1)), "bb")
		for j := range es {
			es[j].Remarks = fmt.Sprint("issue ", i, " ", j) // no entry is held
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), took*time.Duration(i)/times, context.Canceled)
		added, err := s.Put(ctx, p, es)
		cancel()
		if added != (err == nil) {
			t.Fatalf("added is %v, error is %v", added, err)
		}
		if added {
			held++
			if n := len(readEntries(t, s, p.List, p.Date)); n != len(es) {
				t.Errorf("%s has %d entries of %d", p.ID(), n, len(es))
			}
		} else {
			cancelled++
		}
	}
	if n := len(must(s.Publications(t.Context()))(t)); n != held {
		t.Errorf("%d publications are held, %d were added", n, held)
	}
	if cancelled == 0 {
		t.Errorf("none of %d imports was cancelled", times)
	}
	put(t, s, publication("invented", "2026-03-01", "cc"), es)
}

func stoppedReading(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, entries(50))
	for range 100 { // more often than an engine has connections
		for _, err := range s.Entries(t.Context(), p.List, p.Date) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

// callsBetweenEntries reads and writes while an iteration is under way.
func callsBetweenEntries(t *testing.T, s Store) {
	p := publication("invented", "2026-02-27", "aa")
	put(t, s, p, entries(5))
	n := 0
	var nested func(depth int)
	nested = func(depth int) {
		for _, err := range s.Entries(t.Context(), p.List, p.Date) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if n <= 20 {
				put(t, s, publication("invented", navicert.Date(fmt.Sprintf("2026-03-%02d", n)), "x"), entries(1))
			}
			if depth < 12 {
				nested(depth + 1)
			}
			if n > 100 {
				return
			}
		}
	}
	nested(0)
}

func concurrentPublications(t *testing.T, s Store) {
	const writers, each = 4, 6
	var wg sync.WaitGroup
	added := make([]int, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				p := publication("invented", navicert.Date(fmt.Sprintf("2026-02-%02d", i+1)), "aa") // all put the same
				ok, err := s.Put(context.Background(), p, entries(40+i))
				if err != nil {
					t.Error(err)
				}
				if ok {
					added[w]++
				}
				for _, err := range s.Entries(context.Background(), p.List, p.Date) {
					if err != nil {
						t.Error(err)
					}
				}
				if _, err := s.Publications(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range added {
		total += n
	}
	if total != each {
		t.Errorf("%d publications were said to be added, want %d", total, each)
	}
	for i := range each {
		same(t, "entries", readEntries(t, s, "invented", navicert.Date(fmt.Sprintf("2026-02-%02d", i+1))), entries(40+i))
	}
}

// size is a number of entries, smaller with -short.
func size(n int) int {
	if testing.Short() {
		return n / 6
	}
	return n
}

func wholeList(t *testing.T, s Store) {
	es := entries(size(18_500))
	put(t, s, publication("invented", "2026-02-27", "aa"), es)
	same(t, "entries", readEntries(t, s, "invented", "2026-02-27"), es)
	es = append(es[1:], entry(20_000))
	put(t, s, publication("invented", "2026-02-28", "bb"), es)
	same(t, "the next day's entries", readEntries(t, s, "invented", "2026-02-28"), es)
}

func sameEntryInTwoLists(t *testing.T, s Store) {
	put(t, s, publication("invented", "2026-02-27", "aa"), entries(2))
	put(t, s, publication("another", "2026-02-27", "aa"), entries(3))
	same(t, "one list's entries", readEntries(t, s, "invented", "2026-02-27"), entries(2))
	same(t, "the other's", readEntries(t, s, "another", "2026-02-27"), entries(3))
}

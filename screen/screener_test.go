package screen

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
)

func day(s string) time.Time { return navicert.Date(s).Start().Add(12 * time.Hour) }

// held makes a store with one ship that is listed from the second publication
// on.
func held(t *testing.T) *fakeStore {
	t.Helper()
	s := &fakeStore{}
	other := list.Entry{ID: "1", Kind: list.Organization, Name: "QUIET LTD", Measure: list.Block, Row: "1"}
	ship := list.Entry{ID: "2", Kind: list.Vessel, Name: "COPPER LANTERN", IMO: 2000016, Measure: list.Block, Row: "2"}
	for _, p := range []struct {
		list, date, imported string
		entries              []list.Entry
	}{
		{"a-list", "2025-11-01", "2025-11-02", []list.Entry{other}},
		{"a-list", "2025-11-20", "2025-12-01", []list.Entry{other, ship}},
		{"b-list", "2025-11-10", "2025-11-10", []list.Entry{other}},
	} {
		_, err := s.Put(context.Background(), list.Publication{
			List: p.list, Title: "Invented " + p.list, Date: navicert.Date(p.date), SHA256: p.date, MaxAgeDays: 14, ImportedAt: day(p.imported),
		}, p.entries)
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestWhichPublication(t *testing.T) {
	for _, c := range []struct {
		what, asOf, knownAt string
		found               bool
		a, b                navicert.Searched
	}{
		{
			"today", "2025-12-02", "", true,
			navicert.Searched{Publication: "2025-11-20", AgeDays: 12, State: navicert.Current, Entries: 2, Found: 1},
			navicert.Searched{Publication: "2025-11-10", AgeDays: 22, State: navicert.Stale, Entries: 1},
		},
		{
			"the day of publication", "2025-11-20", "", true,
			navicert.Searched{Publication: "2025-11-20", State: navicert.Current, Entries: 2, Found: 1},
			navicert.Searched{Publication: "2025-11-10", AgeDays: 10, State: navicert.Current, Entries: 1},
		},
		{
			"the day before", "2025-11-19", "", false,
			navicert.Searched{Publication: "2025-11-01", AgeDays: 18, State: navicert.Stale, Entries: 1},
			navicert.Searched{Publication: "2025-11-10", AgeDays: 9, State: navicert.Current, Entries: 1},
		},
		{
			"published but not yet imported", "2025-11-25", "2025-11-25", false,
			navicert.Searched{Publication: "2025-11-01", AgeDays: 24, State: navicert.Stale, Entries: 1},
			navicert.Searched{Publication: "2025-11-10", AgeDays: 15, State: navicert.Stale, Entries: 1},
		},
		{
			"before one list was there", "2025-11-05", "", false,
			navicert.Searched{Publication: "2025-11-01", AgeDays: 4, State: navicert.Current, Entries: 1},
			navicert.Searched{State: navicert.Missing},
		},
		{
			"before both", "2025-01-01", "", false,
			navicert.Searched{State: navicert.Missing},
			navicert.Searched{State: navicert.Missing},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			var known time.Time
			if c.knownAt != "" {
				known = day(c.knownAt)
			}
			a, err := New(held(t), nil).Screen(context.Background(), Query{IMO: 2000016}, day(c.asOf), known)
			if err != nil {
				t.Fatal(err)
			}
			if a.Matched() != c.found {
				t.Errorf("found %v, want %v", a.Matched(), c.found)
			}
			for i, w := range []*navicert.Searched{&c.a, &c.b} {
				w.Kind, w.Source = navicert.SourceList, []string{"a-list", "b-list"}[i]
				w.Title = "Invented " + w.Source
				if w.State != navicert.Missing {
					w.SHA256, w.MaxAgeDays = string(w.Publication), 14
				}
			}
			if d := cmp.Diff([]navicert.Searched{c.a, c.b}, a.Searched); d != "" {
				t.Errorf("searched (-want +got):\n%s", d)
			}
		})
	}
}

// With no list at all the answer says so: it is not "nothing found".
func TestNoList(t *testing.T) {
	a, err := New(&fakeStore{}, nil).Screen(context.Background(), Query{Name: "ANY"}, day("2025-12-01"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := []navicert.Searched{{Kind: navicert.SourceList, Source: "sanctions lists", State: navicert.Missing}}
	if d := cmp.Diff(want, a.Searched); d != "" || a.Hits == nil {
		t.Errorf("searched (-want +got):\n%s", d)
	}
	if _, err := New(&fakeStore{}, nil).Screen(context.Background(), Query{Name: "ANY"}, time.Time{}, time.Time{}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("without a time: %v", err)
	}
}

// A store that gives fewer entries than it counted is an error, not a shorter
// list.
func TestStoreThatLosesEntries(t *testing.T) {
	s := held(t)
	s.entries["a-list@2025-11-20"] = s.entries["a-list@2025-11-20"][:1]
	_, err := New(s, nil).Screen(context.Background(), Query{IMO: 2000016}, day("2025-12-02"), time.Time{})
	if navicert.KindOf(err) != navicert.Unavailable {
		t.Errorf("error %v, want one of kind unavailable", err)
	}
}

// Many at once build each index once and get the same answers.
func TestConcurrentUse(t *testing.T) {
	store := held(t)
	s := New(store, nil)
	var wg sync.WaitGroup
	answers := make([]string, 20)
	for i := range answers {
		wg.Go(func() {
			a, err := s.Screen(context.Background(), Query{Name: "COPPER LANTERN", MMSI: 200000011}, day("2025-12-02"), time.Time{})
			b, _ := json.Marshal(a)
			if answers[i] = string(b); err != nil {
				answers[i] = err.Error()
			}
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("%s\n%s", a, answers[0])
		}
	}
	if store.read != 2 {
		t.Errorf("entries read %d times for two publications", store.read)
	}
}

// The shapes on the wire.
func TestJSON(t *testing.T) {
	var q Query
	if err := json.Unmarshal([]byte(`{"id":"q1","kind":"vessel","name":"Copper Lantern","imo":"IMO 2000016","mmsi":"200000011","call_sign":"HPEX1","flag":"PA"}`), &q); err != nil {
		t.Fatal(err)
	}
	a, err := sampleView(t).Screen(q, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "testdata/answer.json", append(got, '\n'))
}

func TestScreenAllKeepsTheOrder(t *testing.T) {
	v := sampleView(t)
	var qs []Query
	for i := range 200 {
		q := Query{ID: strconv.Itoa(i), Kind: "vessel", Name: "ONYX PETREL"}
		if i%3 == 0 {
			q.Name = "NOTHING LIKE IT"
		}
		qs = append(qs, q)
	}
	answers, err := v.ScreenAll(context.Background(), qs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range answers {
		if a.ID != qs[i].ID || a.Matched() == (i%3 == 0) || len(a.Searched) != 1 {
			t.Fatalf("answer %d: %+v", i, a)
		}
	}
	qs[150] = Query{ID: "150"}
	if _, err := v.ScreenAll(context.Background(), qs, Options{}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("one that asks for nothing: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.ScreenAll(ctx, qs, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A view is kept for the day, and not past a change of the publications.
func TestViewsAreKept(t *testing.T) {
	ctx := context.Background()
	store := held(t)
	s := New(store, nil)
	at := func(d string) *View {
		t.Helper()
		v, err := s.At(ctx, When{AsOf: day(d)})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	today := at("2025-12-02")
	past := at("2025-11-12")
	if at("2025-12-02") != today || at("2025-11-12") != past || past == today {
		t.Error("a view was not kept")
	}
	if v, err := s.At(ctx, When{AsOf: day("2025-12-02"), KnownAt: day("2025-11-25")}); err != nil || v == today {
		t.Errorf("a view of what was known later was given: %v", err)
	}
	_, err := store.Put(ctx, list.Publication{List: "c-list", Date: "2025-12-01", SHA256: "c", MaxAgeDays: 14, ImportedAt: day("2025-12-01")}, []list.Entry{{ID: "1", Kind: list.Vessel, Name: "NEW"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(at("2025-12-02").Publications()); n != 3 {
		t.Errorf("%d publications after a third was put", n)
	}
}

// TestPullFailed: of a list whose publisher does not answer an absence shows
// nothing, by what was known then.
func TestPullFailed(t *testing.T) {
	f := &fakeStore{}
	when := time.Date(2025, 12, 25, 12, 0, 0, 0, time.UTC)
	p := list.Publication{List: "a-list", Date: "2025-12-24", MaxAgeDays: 14, ImportedAt: when.Add(-time.Hour)}
	if _, err := f.Put(t.Context(), p, []list.Entry{{ID: "1", Kind: list.Vessel, Name: "SOME SHIP"}}); err != nil {
		t.Fatal(err)
	}
	f.pulls = []list.PullState{{List: "a-list", Last: list.Pull{List: "a-list", At: when, Outcome: list.PullFailed, Error: "down"}}}
	for _, c := range []struct {
		why     string
		at      When
		stopped bool
		want    navicert.SourceState
	}{
		{"the day", When{AsOf: when.Add(time.Hour)}, false, navicert.Stale},
		{"the day, by what was known before", When{AsOf: when.Add(time.Hour), KnownAt: when.Add(-time.Minute)}, false, navicert.Current},
		{"the day before the failure", When{AsOf: when.AddDate(0, 0, -1)}, false, navicert.Current},
		{"stopped by the user", When{AsOf: when.Add(time.Hour)}, true, navicert.Current},
	} {
		f.pulls[0].Last.Stopped = c.stopped
		v, err := New(f, nil).At(t.Context(), c.at)
		if err != nil {
			t.Fatal(err)
		}
		a, err := v.Screen(Query{Kind: "vessel", Name: "other"}, Options{})
		if err != nil || len(a.Searched) != 1 || a.Searched[0].State != c.want || a.Searched[0].PullFailed.IsZero() == (c.want == navicert.Stale) {
			t.Errorf("%s: %+v, %v", c.why, a.Searched, err)
		}
	}
}

package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/screen/own"
)

var ownershipTests = map[string]func(*testing.T, Store){
	"nothing is held":    noOwnership,
	"round trip":         ownershipRoundTrip,
	"revisions":          ownershipRevisions,
	"changes":            ownershipChanges,
	"as of and known at": ownershipAsOfKnownAt,
	"refused":            badOwnership,
	"cancelled":          cancelledOwnership,
	"concurrent":         concurrentOwnership,
}

func owns(owner, owned string) own.Fact {
	return own.Fact{
		Owner: own.Party{Name: owner, Country: "PA"}, Owned: own.Party{Name: owned, Country: "PA"}, Kind: own.Owns,
		Share: navicert.Some(own.Exactly(50 * own.One)), Source: "an invented register", Published: navicert.At(at(0)), Simulated: true,
	}
}

func putOwnership(t *testing.T, s Store, want int, recorded time.Time, facts ...own.Fact) {
	t.Helper()
	if n := must(s.PutOwnership(t.Context(), own.Set{Source: "facts.csv", SHA256: "aa", Facts: facts, RecordedAt: recorded}))(t); n != want {
		t.Errorf("%d facts changed, want %d", n, want)
	}
}

func wantOwnership(t *testing.T, s Store, what string, asOf, knownAt time.Time, want ...own.Fact) {
	t.Helper()
	slices.SortFunc(want, func(a, b own.Fact) int {
		if a.ID() < b.ID() {
			return -1
		}
		return 1
	})
	same(t, what, must(s.Ownership(t.Context(), asOf, knownAt))(t), want)
}

// recordedAt is the fact as the store returns it.
func recordedAt(f own.Fact, t time.Time) own.Fact {
	f.RecordedAt = navicert.At(t)
	return f
}

func noOwnership(t *testing.T, s Store) {
	if fs := must(s.Ownership(t.Context(), time.Time{}, time.Time{}))(t); fs == nil || len(fs) > 0 {
		t.Errorf("an empty store has facts %#v, want none and not nil", fs)
	}
	putOwnership(t, s, 0, at(1))
	if rev := must(s.OwnershipRevision(t.Context()))(t); rev != 0 {
		t.Errorf("an empty store has revision %d", rev)
	}
}

func ownershipRoundTrip(t *testing.T, s Store) {
	full := owns("a", "b")
	full.Owner.Kind, full.Owner.ID, full.Owner.IMO = "organization", "lei/1", 9074729
	full.Owned.Kind, full.Owned.ID, full.Owned.IMO = "vessel", "x/1", 9074729
	full.Share = navicert.Some(own.Share{Least: 33_333_333, Most: own.Whole})
	full.From, full.Until, full.SHA256, full.EnteredBy, full.Note, full.Withdrawn = navicert.At(at(-5)), navicert.At(at(5)), "ff", "J. Doe", "n", true
	want := []own.Fact{recordedAt(full, at(1))}
	wantAllFields(t, want[0])
	facts := []own.Fact{full}
	for i, h := range hostile {
		name := fmt.Sprintf("h%02d%s", i, h)
		if len(name) > own.MaxName {
			name = strings.ToValidUTF8(name[:own.MaxName], "")
		}
		f := owns(name, "b")
		f.Source, f.Share = h, navicert.Opt[own.Share]{}
		facts, want = append(facts, f), append(want, recordedAt(f, at(1)))
	}
	putOwnership(t, s, len(facts), at(1), facts...)
	wantOwnership(t, s, "facts", time.Time{}, time.Time{}, want...)
}

func ownershipRevisions(t *testing.T, s Store) {
	f, other := owns("a", "b"), owns("a", "c")
	putOwnership(t, s, 2, at(1), f, other)
	putOwnership(t, s, 0, at(2), other, f)
	gone := f
	gone.Withdrawn = true
	putOwnership(t, s, 1, at(3), gone)
	wantOwnership(t, s, "facts", time.Time{}, time.Time{}, recordedAt(gone, at(3)), recordedAt(other, at(1)))
	rev := must(s.OwnershipRevision(t.Context()))(t)
	putOwnership(t, s, 0, at(3), gone)
	if again := must(s.OwnershipRevision(t.Context()))(t); again != rev {
		t.Errorf("revision %d, and %d after nothing was changed", rev, again)
	}
	wantOwnership(t, s, "known before", time.Time{}, at(3).Add(-time.Millisecond), recordedAt(f, at(1)), recordedAt(other, at(1)))
	putOwnership(t, s, 1, at(4), f)
	if again := must(s.OwnershipRevision(t.Context()))(t); again <= rev {
		t.Errorf("revision %d, and %d after a change", rev, again)
	}
	wantOwnership(t, s, "again", time.Time{}, time.Time{}, recordedAt(f, at(4)), recordedAt(other, at(1)))
}

func ownershipAsOfKnownAt(t *testing.T, s Store) {
	early, late := owns("early", "b"), owns("late", "b")
	late.Published = navicert.At(at(10))
	putOwnership(t, s, 2, at(30), early, late)
	for _, tt := range []struct {
		name        string
		asOf, known time.Time
		want        []own.Fact
	}{
		{"before any was published", at(0).Add(-time.Millisecond), time.Time{}, nil},
		{"the first", at(10).Add(-1), time.Time{}, []own.Fact{recordedAt(early, at(30))}},
		{"both", at(10), at(30), []own.Fact{recordedAt(early, at(30)), recordedAt(late, at(30))}},
		{"before any was known", time.Time{}, at(29), nil},
	} {
		wantOwnership(t, s, tt.name, tt.asOf, tt.known, tt.want...)
	}
}

// ownershipChanges: between two times of the same spans the facts are the same,
// and at each change they may differ.
func ownershipChanges(t *testing.T, s Store) {
	if c := must(s.OwnershipChanges(t.Context()))(t); len(c.World)+len(c.Known) > 0 {
		t.Errorf("changes of no facts: %v", c)
	}
	f, later := owns("a", "b"), owns("a", "c")
	f.From, f.Until = navicert.At(at(5).Add(123*time.Nanosecond)), navicert.At(at(20))
	later.Published = navicert.At(at(10))
	putOwnership(t, s, 1, at(30), f)
	putOwnership(t, s, 1, at(31), later)
	c := must(s.OwnershipChanges(t.Context()))(t)
	for _, want := range []time.Time{f.From.Time, at(10), at(20)} {
		if own.Span(c.World, want.Add(-1)) == own.Span(c.World, want) {
			t.Errorf("the world changes at %v, and %v does not say so", want, c.World)
		}
	}
	for _, same := range [][2]time.Time{{at(6), at(9)}, {at(10), at(19)}, {at(20), at(25)}} {
		if own.Span(c.World, same[0]) != own.Span(c.World, same[1]) {
			t.Errorf("nothing changes between %v and %v, and %v says that something does", same[0], same[1], c.World)
		}
	}
	if own.Span(c.Known, at(30)) == own.Span(c.Known, at(31)) || own.Span(c.Known, at(31)) != own.Span(c.Known, time.Time{}) {
		t.Errorf("what is known changes at %v", c.Known)
	}
}

func badOwnership(t *testing.T, s Store) {
	for name, set := range map[string]own.Set{
		"no source": {RecordedAt: at(1), Facts: []own.Fact{owns("a", "b"), {Owner: own.Party{Name: "a"}, Owned: own.Party{Name: "b"}, Kind: own.Owns}}},
		"twice":     {RecordedAt: at(1), Facts: []own.Fact{owns("a", "b"), owns("a", "b")}},
		"long name": {RecordedAt: at(1), Facts: []own.Fact{owns(strings.Repeat("n", own.MaxName+1), "b")}},
		"no time":   {Facts: []own.Fact{owns("a", "b")}},
	} {
		n, err := s.PutOwnership(t.Context(), set)
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d changed, error %v", name, n, err)
		}
	}
	wantOwnership(t, s, "facts", time.Time{}, time.Time{})
}

func cancelledOwnership(t *testing.T, s Store) {
	_, err := s.PutOwnership(canceled(), own.Set{RecordedAt: at(1), Facts: []own.Fact{owns("a", "b")}})
	wantCanceled(t, err)
	_, err = s.Ownership(canceled(), time.Time{}, time.Time{})
	wantCanceled(t, err)
	wantOwnership(t, s, "facts", time.Time{}, time.Time{})
}

func concurrentOwnership(t *testing.T, s Store) {
	facts := make([]own.Fact, 20)
	for i := range facts {
		facts[i] = owns(fmt.Sprint("o", i), "b")
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wg.Go(func() {
			for i := range facts { // all put the same
				n, err := s.PutOwnership(context.Background(), own.Set{RecordedAt: at(1), Facts: facts[i : i+1]})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += n
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if got := must(s.Ownership(t.Context(), time.Time{}, time.Time{}))(t); total != len(facts) || len(got) != total {
		t.Errorf("%d changes and %d facts, want %d of each", total, len(got), len(facts))
	}
}

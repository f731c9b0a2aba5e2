package screen

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"navicert"
	"navicert/list"
)

// keptIndexes is how many publications' indexes are kept in memory, the least
// lately used going first: today's lists and some past days. One of the full
// SDN list takes some 60 MB.
const keptIndexes = 8

// Screener searches the publications of a store. It is safe for concurrent
// use; an index is built when a publication is first searched, once however
// many ask.
type Screener struct {
	store list.Store
	build singleflight.Group

	mu   sync.Mutex
	kept []keptIndex // the most lately used last
}

type keptIndex struct {
	key string
	ix  *index
}

// New makes a Screener over a store.
func New(store list.Store) *Screener { return &Screener{store: store} }

// Screen asks one question of the lists as they stood; AsOf is needed. See
// [Screener.At] for many.
func (s *Screener) Screen(ctx context.Context, q Query, asOf, knownAt time.Time) (Answer, error) {
	v, err := s.At(ctx, When{AsOf: asOf, KnownAt: knownAt})
	if err != nil {
		return Answer{}, err
	}
	return v.Screen(q, Options{})
}

// View is the lists as they stood at one time. It is safe for concurrent use.
type View struct {
	publications []list.Publication
	indexes      []*index // one for each publication
	searched     []navicert.Searched
}

// At chooses, of every list, the newest publication that was issued and
// imported by then, and makes its index ready.
func (s *Screener) At(ctx context.Context, at When) (*View, error) {
	if at.AsOf.IsZero() {
		return nil, navicert.Errorf(navicert.Invalid, "screen", "", "the time asked about is missing")
	}
	all, err := s.store.Publications(ctx)
	if err != nil {
		return nil, err
	}
	on := navicert.DateOf(at.AsOf)
	v := &View{}
	for _, held := range byList(all) {
		chosen, ok := choose(held, on, at.KnownAt)
		v.searched = append(v.searched, searchedOf(held, chosen, ok, on))
		if !ok {
			continue
		}
		ix, err := s.index(ctx, chosen)
		if err != nil {
			return nil, err
		}
		v.publications = append(v.publications, chosen)
		v.indexes = append(v.indexes, ix)
	}
	if len(v.searched) == 0 {
		v.searched = []navicert.Searched{{Kind: navicert.SourceList, Source: "sanctions lists", State: navicert.Missing}}
	}
	return v, nil
}

// byList groups publications by their list, lists in alphabetical order.
func byList(all []list.Publication) [][]list.Publication {
	groups := map[string][]list.Publication{}
	var names []string
	for _, p := range all {
		if groups[p.List] == nil {
			names = append(names, p.List)
		}
		groups[p.List] = append(groups[p.List], p)
	}
	slices.Sort(names)
	out := make([][]list.Publication, len(names))
	for i, n := range names {
		out[i] = groups[n]
	}
	return out
}

// choose returns the newest publication of a list that had been issued on the
// day and, unless knownAt is zero, imported by then.
func choose(held []list.Publication, on navicert.Date, knownAt time.Time) (list.Publication, bool) {
	var best list.Publication
	found := false
	for _, p := range held {
		if p.Date > on || !knownAt.IsZero() && p.ImportedAt.After(knownAt) {
			continue
		}
		if !found || p.Date > best.Date {
			best, found = p, true
		}
	}
	return best, found
}

// searchedOf says what an answer rests on.
func searchedOf(held []list.Publication, p list.Publication, ok bool, on navicert.Date) navicert.Searched {
	if !ok {
		newest := held[len(held)-1]
		return navicert.Searched{Kind: navicert.SourceList, Source: newest.List, Title: newest.Title, State: navicert.Missing, Simulated: newest.Simulated}
	}
	return navicert.Searched{
		Kind: navicert.SourceList, Source: p.List, Title: p.Title, Publication: p.Date, SHA256: p.SHA256, Entries: p.Entries,
		AgeDays: p.AgeDays(on), MaxAgeDays: p.MaxAgeDays, State: p.State(on), Simulated: p.Simulated,
	}
}

// Screen asks one question. An error is a query that asks for nothing or for
// what cannot be.
func (v *View) Screen(q Query, o Options) (Answer, error) {
	q, err := q.Normal()
	if err != nil {
		return Answer{}, err
	}
	a := Answer{ID: q.ID, Hits: []Hit{}, Searched: v.searchedIn(o)}
	qu := newQuestion(q)
	for i, ix := range v.indexes {
		if !o.wantsList(v.publications[i].List) {
			continue
		}
		hits := ix.search(qu, &v.publications[i], o)
		at := slices.IndexFunc(a.Searched, func(s navicert.Searched) bool { return s.Source == v.publications[i].List })
		for _, h := range hits {
			if h.Match {
				a.Searched[at].Found++
			}
		}
		a.Hits = append(a.Hits, hits...)
	}
	slices.SortFunc(a.Hits, byStrength)
	a.cut(o.Limit)
	return a, nil
}

// ScreenAll asks many questions on all processors and returns the answers in
// their order. The first query that cannot be asked ends it.
func (v *View) ScreenAll(ctx context.Context, qs []Query, o Options) ([]Answer, error) {
	answers := make([]Answer, len(qs))
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < len(qs); i += workers {
				if err := ctx.Err(); err != nil {
					return err
				}
				a, err := v.Screen(qs[i], o)
				if err != nil {
					return err
				}
				answers[i] = a
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return answers, nil
}

// searchedIn returns what the answers rest on that are asked of some lists.
func (v *View) searchedIn(o Options) []navicert.Searched {
	if len(o.Lists) == 0 {
		return slices.Clone(v.searched)
	}
	var out []navicert.Searched
	for _, s := range v.searched {
		if o.wantsList(s.Source) {
			out = append(out, s)
		}
	}
	return out
}

// Publications returns the publications that are searched, one of each list.
func (v *View) Publications() []list.Publication { return slices.Clone(v.publications) }

// Entry returns the whole entry of a hit of this view.
func (v *View) Entry(ctx context.Context, h *Hit) (list.Entry, error) {
	return v.EntryByID(ctx, h.List, h.EntryID)
}

// EntryByID returns an entry of one of the publications searched. None of that
// identifier is a navicert.NotFound error.
func (v *View) EntryByID(ctx context.Context, listName, id string) (list.Entry, error) {
	for i, p := range v.publications {
		if p.List != listName {
			continue
		}
		for j := range v.indexes[i].entries {
			if e := &v.indexes[i].entries[j]; e.ID == id {
				return *e, ctx.Err()
			}
		}
	}
	return list.Entry{}, navicert.Errorf(navicert.NotFound, "screen", listName+" "+id, "no publication that is searched has such an entry")
}

// Searched returns what the view's answers rest on.
func (v *View) Searched() []navicert.Searched { return slices.Clone(v.searched) }

// index returns the index of a publication, built if need be.
func (s *Screener) index(ctx context.Context, p list.Publication) (*index, error) {
	key := strings.Join([]string{p.ID(), p.SHA256}, " ")
	if ix := s.keptIndex(key); ix != nil {
		return ix, nil
	}
	// The one who builds must not fail the others when its caller gives up.
	built := s.build.DoChan(key, func() (any, error) {
		if ix := s.keptIndex(key); ix != nil {
			return ix, nil
		}
		entries := make([]list.Entry, 0, p.Entries)
		for e, err := range s.store.Entries(context.WithoutCancel(ctx), p.List, p.Date) {
			if err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
		if len(entries) != p.Entries {
			return nil, navicert.Errorf(navicert.Unavailable, "screen", p.ID(), "the store gave %d of its %d entries", len(entries), p.Entries)
		}
		ix := newIndex(entries)
		s.keep(key, ix)
		return ix, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-built:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*index), nil
	}
}

func (s *Screener) keptIndex(key string) *index {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range s.kept {
		if k.key == key {
			s.kept = append(slices.Delete(s.kept, i, i+1), k)
			return k.ix
		}
	}
	return nil
}

func (s *Screener) keep(key string, ix *index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, keptIndex{key, ix})
	if len(s.kept) > keptIndexes {
		s.kept = slices.Delete(s.kept, 0, len(s.kept)-keptIndexes)
	}
}

package screen

import (
	"context"
	"iter"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"navicert"
	"navicert/list"
	"navicert/screen/own"
)

// keptBytes is how much of indexes is kept in memory, the least lately used
// going first, but for the one just used: today's lists and some past days. The
// index of the full SDN list takes some 10 MB, and opening a stored one some
// hundredths of a second.
const keptBytes = 64 << 20

// Store is what a Screener reads.
type Store interface {
	// DataVersion returns a number that differs from an earlier one when
	// publications have changed since. It may differ without that.
	DataVersion(ctx context.Context) (int64, error)
	// Publications and Entries are those of a [list.Store].
	Publications(ctx context.Context) ([]list.Publication, error)
	Entries(ctx context.Context, list string, date navicert.Date) iter.Seq2[list.Entry, error]
	// EntryAt returns one entry of a publication by its position among its
	// Entries, from 0.
	EntryAt(ctx context.Context, list string, date navicert.Date, position int) (list.Entry, error)
	// PullStates is that of a [list.PullStore].
	PullStates(ctx context.Context, by time.Time) ([]list.PullState, error)
}

// Cache keeps built indexes. What it gives is checked: it may lose, damage and
// mix up what it was given.
type Cache interface {
	// LoadIndex returns what was saved under a name, or "" when it has nothing.
	LoadIndex(ctx context.Context, name string) (string, error)
	// SaveIndex keeps an index under a name, instead of what was there.
	SaveIndex(ctx context.Context, name, index string) error
}

// Screener searches the publications of a store. It is safe for concurrent
// use; an index is built when a publication is first searched, once however
// many ask.
type Screener struct {
	store     Store
	cache     Cache      // nil: indexes are built in each process
	ownership *Ownership // nil: who owns whom is not looked at
	clearings *clearingSource
	build     singleflight.Group

	mu    sync.Mutex
	kept  []keptIndex // the most lately used last
	views []keptView  // likewise
}

// keptViews is how many views are kept. A view keeps its indexes in memory: a
// server that is asked about today, and now and then about a past day, needs
// two.
const keptViews = 2

// keptView is a view with what it is of: it holds for a whole day.
type keptView struct {
	version int64 // of the store's data
	on      navicert.Date
	knownAt time.Time
	view    *View // without ownership
	facts   bool  // ownership facts are held
}

type keptIndex struct {
	key string
	ix  *index
}

// New makes a Screener over a store. A cache keeps indexes from one process to
// the next; it may be nil.
func New(store Store, cache Cache) *Screener { return &Screener{store: store, cache: cache} }

// WithOwnership makes answers say who owns the party asked about; call it
// before the first question.
func (s *Screener) WithOwnership(o *Ownership) *Screener {
	s.ownership = o
	return s
}

// Screen asks one question of the lists as they stood, and reads the whole
// entry of each hit, however many there are; asOf is needed. See [Screener.At]
// for many questions.
func (s *Screener) Screen(ctx context.Context, q Query, asOf, knownAt time.Time) (Answer, error) {
	v, err := s.At(ctx, When{AsOf: asOf, KnownAt: knownAt})
	if err != nil {
		return Answer{}, err
	}
	a, err := v.Screen(q, Options{Limit: math.MaxInt})
	if err != nil {
		return a, err
	}
	for i := range a.Hits {
		e, err := v.Entry(ctx, &a.Hits[i])
		if err != nil {
			return a, err
		}
		a.Hits[i].Entry = &e
	}
	return a, nil
}

// View is the lists as they stood at one time. It is safe for concurrent use.
type View struct {
	store        Store
	publications []list.Publication
	indexes      []*index // one for each publication
	searched     []navicert.Searched
	at           When
	graph        *own.Graph // nil when no ownership fact is held
	clearings    *Clearings // nil: none is heeded
}

// At chooses, of every list, the newest publication that was issued and
// imported by then, and makes its index ready.
func (s *Screener) At(ctx context.Context, at When) (*View, error) {
	if at.AsOf.IsZero() {
		return nil, navicert.Errorf(navicert.Invalid, "screen", "", "the time asked about is missing")
	}
	version, err := s.store.DataVersion(ctx) // before the publications: what comes between is read again
	if err != nil {
		return nil, err
	}
	of := keptView{version: version, on: navicert.DateOf(at.AsOf), knownAt: at.KnownAt}
	kept, ok := s.keptView(of)
	if !ok {
		kept = of
		if kept.view, err = s.newView(ctx, of.on, at.KnownAt); err != nil {
			return nil, err
		}
		if kept.facts, err = s.ownership.any(ctx); err != nil {
			return nil, err
		}
		s.keepView(kept)
	}
	if !kept.facts {
		return kept.view, nil
	}
	v := *kept.view // facts are of a moment, not of a day
	v.at = at
	v.graph, err = s.ownership.at(ctx, at)
	return &v, err
}

func (s *Screener) keptView(of keptView) (keptView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range s.views {
		if k.version == of.version && k.on == of.on && k.knownAt.Equal(of.knownAt) {
			s.views = append(slices.Delete(s.views, i, i+1), k)
			return k, true
		}
	}
	return keptView{}, false
}

func (s *Screener) keepView(of keptView) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views = slices.DeleteFunc(s.views, func(k keptView) bool { return k.version != of.version })
	if len(s.views) >= keptViews {
		s.views = slices.Delete(s.views, 0, 1)
	}
	s.views = append(s.views, of)
}

func (s *Screener) newView(ctx context.Context, on navicert.Date, knownAt time.Time) (*View, error) {
	all, err := s.store.Publications(ctx)
	if err != nil {
		return nil, err
	}
	v := &View{store: s.store, at: When{AsOf: on.Start(), KnownAt: knownAt}}
	if v.clearings, err = s.clearings.read(ctx); err != nil {
		return nil, err
	}
	failed, err := s.pullsFailed(ctx, on, knownAt)
	if err != nil {
		return nil, err
	}
	for _, held := range byList(all) {
		chosen, ok := choose(held, on, knownAt)
		searched := searchedOf(held, chosen, ok, on)
		if at, is := failed[searched.Source]; is && ok {
			searched.State, searched.PullFailed = navicert.Stale, navicert.At(at)
		}
		v.searched = append(v.searched, searched)
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

// pullsFailed gives the lists whose publishers were asked in vain when they were
// asked last, by the end of a day and by what was known, with that time. There
// may be a newer issue than the one that is held.
func (s *Screener) pullsFailed(ctx context.Context, on navicert.Date, knownAt time.Time) (map[string]time.Time, error) {
	by := on.Start().Add(24*time.Hour - time.Millisecond)
	if !knownAt.IsZero() && knownAt.Before(by) {
		by = knownAt
	}
	states, err := s.store.PullStates(ctx, by)
	if err != nil {
		return nil, err
	}
	failed := map[string]time.Time{}
	for _, p := range states {
		if p.Last.InVain() {
			failed[p.List] = p.Last.At
		}
	}
	return failed, nil
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

// Screen asks one question, and who owns the party asked about. An error is a
// query that asks for nothing or for what cannot be.
func (v *View) Screen(q Query, o Options) (Answer, error) {
	a, err := v.lists(q, o)
	if err != nil {
		return a, err
	}
	a.Ownership, err = v.owned(q)
	return a, err
}

// lists asks the lists, and what has been cleared is no match.
func (v *View) lists(q Query, o Options) (Answer, error) {
	a, err := v.find(q, o)
	if err == nil {
		err = v.clear(q, &a)
	}
	if err != nil {
		return a, err
	}
	slices.SortFunc(a.Hits, byStrength)
	a.cut(o.Limit)
	return a, nil
}

// search asks the lists, whatever has been cleared.
func (v *View) search(q Query, o Options) (Answer, error) {
	a, err := v.find(q, o)
	if err != nil {
		return a, err
	}
	slices.SortFunc(a.Hits, byStrength)
	a.cut(o.Limit)
	return a, nil
}

// find finds hits, in no order.
func (v *View) find(q Query, o Options) (Answer, error) {
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
	return v.store.EntryAt(ctx, h.List, h.Publication, int(h.position))
}

// EntryByID returns an entry of one of the publications searched. None of that
// identifier is a navicert.NotFound error.
func (v *View) EntryByID(ctx context.Context, listName, id string) (list.Entry, error) {
	for i, p := range v.publications {
		if p.List != listName {
			continue
		}
		if at, ok := v.indexes[i].withID(id); ok {
			return v.store.EntryAt(ctx, p.List, p.Date, int(at))
		}
	}
	return list.Entry{}, navicert.Errorf(navicert.NotFound, "screen", listName+" "+id, "no publication that is searched has such an entry")
}

// Searched returns what the view's answers rest on.
func (v *View) Searched() []navicert.Searched { return slices.Clone(v.searched) }

// Prepared is the index of a publication whose entries were at hand.
type Prepared struct {
	p   list.Publication
	key string
	ix  *index
}

// Prepare builds the index of a publication from its entries. It changes
// nothing that it is given and touches no store, so that the entries can be
// stored at the same time.
func Prepare(p list.Publication, entries []list.Entry) *Prepared {
	key := indexKey(&p)
	return &Prepared{p, key, newIndex(key, entries)}
}

// Keep holds an index ready and saves it, so that nobody has to wait for it
// later. Its publication is to be in the store by then.
func (s *Screener) Keep(ctx context.Context, r *Prepared) error {
	s.keep(r.key, r.ix)
	if s.cache == nil {
		return nil
	}
	return s.cache.SaveIndex(ctx, r.p.ID(), r.ix.blob)
}

// index returns the index of a publication: the one in memory, the one that
// was saved, or one built now.
func (s *Screener) index(ctx context.Context, p list.Publication) (*index, error) {
	key := indexKey(&p)
	if ix := s.keptIndex(key); ix != nil {
		return ix, nil
	}
	// The one who builds must not fail the others when its caller gives up.
	built := s.build.DoChan(key, func() (any, error) {
		if ix := s.keptIndex(key); ix != nil {
			return ix, nil
		}
		ix, err := s.makeIndex(context.WithoutCancel(ctx), p, key)
		if err == nil {
			s.keep(key, ix)
		}
		return ix, err
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

// makeIndex opens the saved index, or builds and saves one when there is none,
// or it is damaged, or of another version. A cache that fails costs time and no
// answer, so that its error is not the asker's.
func (s *Screener) makeIndex(ctx context.Context, p list.Publication, key string) (*index, error) {
	if s.cache != nil {
		if blob, err := s.cache.LoadIndex(ctx, p.ID()); err == nil {
			if ix, ok := openIndex(blob, key); ok && ix.count == p.Entries {
				return ix, nil
			}
		}
	}
	entries := make([]list.Entry, 0, p.Entries)
	for e, err := range s.store.Entries(ctx, p.List, p.Date) {
		if err != nil {
			return nil, err
		}
		dropShown(&e)
		entries = append(entries, e)
	}
	if len(entries) != p.Entries {
		return nil, navicert.Errorf(navicert.Unavailable, "screen", p.ID(), "the store gave %d of its %d entries", len(entries), p.Entries)
	}
	ix := newIndex(key, entries)
	if s.cache != nil {
		_ = s.cache.SaveIndex(ctx, p.ID(), ix.blob)
	}
	return ix, nil
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
	s.kept = slices.DeleteFunc(s.kept, func(k keptIndex) bool { return k.key == key })
	s.kept = append(s.kept, keptIndex{key, ix})
	size := 0
	for _, k := range s.kept {
		size += len(k.ix.blob)
	}
	for size > keptBytes && len(s.kept) > 1 {
		size -= len(s.kept[0].ix.blob)
		s.kept = slices.Delete(s.kept, 0, 1)
	}
}

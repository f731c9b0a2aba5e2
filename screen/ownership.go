package screen

import (
	"context"
	"strings"
	"sync"
	"time"

	"navicert/list"
	"navicert/screen/own"
)

// Ownership keeps the graph of ownership facts that was last asked for. It is
// safe for concurrent use.
type Ownership struct {
	store own.Store

	mu   sync.Mutex
	key  graphKey
	kept *own.Graph
}

type graphKey struct {
	asOf, knownAt time.Time
	revision      int64
}

// NewOwnership makes an Ownership over a store.
func NewOwnership(store own.Store) *Ownership { return &Ownership{store: store} }

// any reports whether any fact is held.
func (o *Ownership) any(ctx context.Context) (bool, error) {
	if o == nil {
		return false, nil
	}
	revision, err := o.store.OwnershipRevision(ctx)
	return revision != 0, err
}

// at returns the facts as they stood, or nil when none is held.
func (o *Ownership) at(ctx context.Context, at When) (*own.Graph, error) {
	if o == nil {
		return nil, nil
	}
	revision, err := o.store.OwnershipRevision(ctx)
	if err != nil || revision == 0 {
		return nil, err
	}
	key := graphKey{at.AsOf, at.KnownAt, revision}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept != nil && o.key == key {
		return o.kept, nil
	}
	facts, err := o.store.Ownership(ctx, at.AsOf, at.KnownAt)
	if err != nil {
		return nil, err
	}
	if len(facts) == 0 {
		return nil, nil
	}
	o.key, o.kept = key, own.NewGraph(facts, at.AsOf)
	return o.kept, nil
}

// Graph returns the facts as they stood, nil when none is held.
func (o *Ownership) Graph(ctx context.Context, at When) (*own.Graph, error) { return o.at(ctx, at) }

// owned says who owns the party of a query, nil when no fact is held at all.
func (v *View) owned(q Query) (*own.Answer, error) {
	if v.graph == nil {
		return nil, nil
	}
	p := own.Party{Name: q.Name, IMO: q.IMO, Country: q.Country}
	if q.Kind != Any && q.Kind != AnyParty {
		p.Kind = list.Kind(q.Kind)
	}
	a, err := v.check(p)
	return &a, err
}

// check asks the facts and the lists that are searched.
func (v *View) check(p own.Party) (own.Answer, error) {
	a, err := v.graph.Check(p, own.Rules(v.at.AsOf), v.listings)
	lists := make([]string, len(v.publications))
	for i, pub := range v.publications {
		lists[i] = pub.List
	}
	a.Unsearched(lists)
	return a, err
}

// Owned says of a party whether listed persons own or control it, by the facts
// and the lists of the view's time. Without any fact nothing is known of it.
func (v *View) Owned(p own.Party) (own.Answer, error) {
	a := own.Answer{Party: p, Tests: []own.Test{}}
	if v.graph != nil {
		var err error
		if a, err = v.check(p); err != nil {
			return a, err
		}
	}
	a.Searched = v.Searched()
	return a, nil
}

// Graph returns the ownership facts of the view's time, nil when none is held.
func (v *View) Graph() *own.Graph { return v.graph }

// maxListings is how many entries one party of a fact is looked for in.
const maxListings = 100

// listings asks the lists for a party of an ownership fact. Only lists that
// block count: the other measures do not pass on to what the listed own.
func (v *View) listings(p own.Party) ([]own.Listing, error) {
	q := Query{Kind: string(p.Kind), Name: p.Name, IMO: p.IMO, Country: p.Country}
	if q.Kind == "" {
		q.Kind = Any
	}
	a, err := v.search(q, Options{Limit: maxListings})
	if err != nil {
		return nil, err
	}
	of, id, _ := strings.Cut(p.ID, "/")
	out := v.entryListing(of, id)
	for _, h := range a.Hits {
		if h.Measure != list.Block || !h.Match || h.List == of {
			continue // of the list that it names an entry of, no other entry is meant
		}
		out = append(out, own.Listing{
			List: h.List, Publication: h.Publication, Entry: h.EntryID, Name: h.Name, Programmes: h.Programmes, Identity: h.Identity,
		})
	}
	return out, nil
}

// entryListing is the entry that a party's identifier names, whatever its name.
func (v *View) entryListing(listName, id string) []own.Listing {
	for i, p := range v.publications {
		if p.List != listName {
			continue
		}
		at, ok := v.indexes[i].withID(id)
		if !ok {
			return nil // it is not on the list at this time
		}
		e := v.indexes[i].entry(at)
		if e.Measure != list.Block {
			return nil
		}
		return []own.Listing{{List: p.List, Publication: p.Date, Entry: id, Name: e.Name, Programmes: e.Programmes, Identity: true}}
	}
	return nil
}

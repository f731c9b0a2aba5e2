package screen

import (
	"context"
	"slices"
	"strings"
	"sync"

	"navicert/list"
	"navicert/screen/own"
)

// keptGraphs is how many graphs of ownership facts are kept, the least lately
// used going first: of today and of some past days.
const keptGraphs = 4

// Ownership makes graphs of ownership facts, and keeps those that were last
// asked for: all times between two changes of the facts share one. It is safe
// for concurrent use.
type Ownership struct {
	store own.Store

	mu       sync.Mutex
	revision int64
	changes  own.Changes
	kept     []keptGraph // of the revision, the most lately used last
}

// keptGraph is the facts in force in one span of the world's time and of the
// installation's; nil when there are none.
type keptGraph struct {
	world, known int
	graph        *own.Graph
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
	o.mu.Lock()
	defer o.mu.Unlock()
	if revision != o.revision {
		changes, err := o.store.OwnershipChanges(ctx)
		if err != nil {
			return nil, err
		}
		o.revision, o.changes, o.kept = revision, changes, nil
	}
	world, known := own.Span(o.changes.World, at.AsOf), own.Span(o.changes.Known, at.KnownAt)
	for i, k := range o.kept {
		if k.world == world && k.known == known {
			o.kept = append(slices.Delete(o.kept, i, i+1), k)
			return k.graph, nil
		}
	}
	facts, err := o.store.Ownership(ctx, at.AsOf, at.KnownAt)
	if err != nil {
		return nil, err
	}
	k := keptGraph{world: world, known: known}
	if len(facts) > 0 {
		k.graph = own.NewGraph(facts, at.AsOf)
	}
	if o.kept = append(o.kept, k); len(o.kept) > keptGraphs {
		o.kept = slices.Delete(o.kept, 0, 1)
	}
	return k.graph, nil
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

package own

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"navicert"
	"navicert/list"
)

// Graph is the facts in force at one time, with the parties that they name
// joined where they are the same. It does not change and is safe for
// concurrent use.
type Graph struct {
	parties []Party   // by node
	named   [][]Party // by node: every way in which facts name it
	alone   []bool    // by node: nothing but a name without a country identifies it
	owners  [][]edge  // by owned node
	facts   int
	sha256  string // of the facts

	byIMO  map[navicert.IMO]int
	byID   map[string]int
	byName map[string][]int // folded
}

// edge is what the facts say together of one owner and one owned.
type edge struct {
	owner   int
	kind    Kind
	share   Share // of ownership; from nothing to everything when it is not known
	unknown bool  // no share is stated
	doubt   bool  // which party is meant is not certain, or it may only be control
	settled bool
	facts   []*Fact
}

// owns reports whether the edge is, or may be, ownership.
func (e *edge) owns() bool { return e.kind == Owns || e.kind == OwnsOrControls }

// least is what the owner holds at the least.
func (e *edge) least() Percent {
	if e.doubt || e.kind == OwnsOrControls {
		return 0
	}
	return e.share.Least
}

// NewGraph joins the facts in force at t. Parties are the same when they have
// the same IMO number or the same ID; one that has neither is the party of the
// same name and country, letter for letter, if there is only one. Where there
// are several the fact counts for each of them as possible.
//
// Of two facts of one source about the same parties, the one that begins later
// has taken the other's place. Two sources that say different things make a
// range of both.
func NewGraph(facts []Fact, t time.Time) *Graph {
	held := inForce(facts, t)
	g := &Graph{facts: len(held), sha256: hashOf(held)}
	j := newJoiner(held)
	type pair struct {
		owner, owned int
		kind         Kind
	}
	said := map[pair][]claim{}
	for _, f := range held {
		owners, owneds := j.nodes(f.Owner), j.nodes(f.Owned)
		for _, o := range owners {
			for _, d := range owneds {
				if o != d {
					p := pair{o, d, f.Kind}
					said[p] = append(said[p], claim{f, len(owners)+len(owneds) > 2})
				}
			}
		}
	}
	g.parties, g.alone, g.named = j.parties, j.alone, j.named
	g.byIMO, g.byID, g.byName = j.byIMO, j.byID, j.byName
	g.owners = make([][]edge, len(g.parties))
	for p, claims := range said {
		e := joinClaims(p.kind, claims)
		e.owner = p.owner
		g.owners[p.owned] = append(g.owners[p.owned], e)
	}
	for _, es := range g.owners {
		for i := range es {
			if es[i].kind == OwnsOrControls && slices.ContainsFunc(es, func(e edge) bool { return e.kind == Owns && e.owner == es[i].owner }) {
				es[i].share = Share{} // another fact says how much is owned
			}
		}
		slices.SortFunc(es, func(a, b edge) int {
			return cmp.Or(cmp.Compare(g.parties[a.owner].Label(), g.parties[b.owner].Label()), cmp.Compare(a.owner, b.owner), cmp.Compare(a.kind, b.kind))
		})
	}
	return g
}

// inForce returns the facts that hold at t, by their identifiers.
func inForce(facts []Fact, t time.Time) []*Fact {
	type keyed struct {
		id   string
		fact *Fact
	}
	var all []keyed
	for i := range facts {
		if facts[i].InForce(t) {
			all = append(all, keyed{facts[i].ID(), &facts[i]})
		}
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Compare(a.id, b.id) })
	held := make([]*Fact, len(all))
	for i, k := range all {
		held[i] = k.fact
	}
	return held
}

// claim is a fact about a pair of nodes, in doubt where the names fit several.
type claim struct {
	fact  *Fact
	doubt bool
}

// joinClaims makes one edge of what the sources say of one pair.
func joinClaims(kind Kind, claims []claim) edge {
	latest := map[string]navicert.Instant{} // by source
	for _, c := range claims {
		if from := latest[c.fact.Source]; c.fact.From.After(from.Time) {
			latest[c.fact.Source] = c.fact.From
		}
	}
	e := edge{kind: kind, share: Share{Whole, 0}, settled: true}
	for _, c := range claims {
		if c.fact.From.Before(latest[c.fact.Source].Time) {
			continue // the same source tells a later state
		}
		share, known := c.fact.Share.Get()
		if !known {
			share, e.unknown = Share{0, Whole}, true
		}
		e.share = Share{min(e.share.Least, share.Least), max(e.share.Most, share.Most)}
		e.doubt = e.doubt || c.doubt
		e.settled = e.settled && c.fact.Settled()
		e.facts = append(e.facts, c.fact)
	}
	return e
}

// Facts is how many facts are in force.
func (g *Graph) Facts() int { return g.facts }

// joiner finds which mentions of parties are the same node.
type joiner struct {
	parties []Party
	named   [][]Party
	alone   []bool
	byIMO   map[navicert.IMO]int
	byID    map[string]int
	byName  map[string][]int // nodes of a folded name, whatever their country
	node    map[string]int   // by Party.key, of mentions with a number
	parent  []int
}

func newJoiner(facts []*Fact) *joiner {
	j := &joiner{byIMO: map[navicert.IMO]int{}, byID: map[string]int{}, byName: map[string][]int{}, node: map[string]int{}}
	mentions := map[string]Party{}
	for _, f := range facts {
		mentions[f.Owner.key()], mentions[f.Owned.key()] = f.Owner, f.Owned
	}
	keys := make([]string, 0, len(mentions))
	for k := range mentions {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys { // those with a number first: they can be told apart
		if p := mentions[k]; p.IMO != 0 || p.ID != "" {
			j.numbered(p)
		}
	}
	j.index()
	for _, withCountry := range []bool{true, false} {
		for _, k := range keys {
			if p := mentions[k]; p.IMO == 0 && p.ID == "" && (p.Country != "") == withCountry && len(j.candidates(p)) == 0 {
				j.add(p, p.Country == "")
			}
		}
	}
	return j
}

func (j *joiner) add(p Party, alone bool) int {
	n := len(j.parties)
	j.parties, j.named, j.alone = append(j.parties, p), append(j.named, []Party{p}), append(j.alone, alone)
	k := fold(p.Name)
	j.byName[k] = append(j.byName[k], n)
	return n
}

// numbered adds a party with a number, joined with those that share one.
func (j *joiner) numbered(p Party) {
	n := len(j.parties)
	j.parties, j.alone, j.parent = append(j.parties, p), append(j.alone, false), append(j.parent, n)
	join := func(o int, ok bool) {
		if ok {
			j.parent[j.root(n)] = j.root(o)
		}
	}
	if p.IMO != 0 {
		o, ok := j.byIMO[p.IMO]
		join(o, ok)
		j.byIMO[p.IMO] = n
	}
	if p.ID != "" {
		o, ok := j.byID[p.ID]
		join(o, ok)
		j.byID[p.ID] = n
	}
}

func (j *joiner) root(n int) int {
	for j.parent[n] != n {
		n = j.parent[n]
	}
	return n
}

// index numbers the joined nodes anew and lists their names: a party keeps
// every name, country and number that it is given under.
func (j *joiner) index() {
	at := map[int]int{}
	var parties []Party
	var named [][]Party
	names := map[string][]int{}
	for n, p := range j.parties {
		r := j.root(n)
		i, ok := at[r]
		if !ok {
			i = len(parties)
			at[r] = i
			parties, named = append(parties, p), append(named, nil)
		}
		named[i] = append(named[i], p)
		parties[i] = merged(parties[i], p)
		k := fold(p.Name)
		if !slices.Contains(names[k], i) {
			names[k] = append(names[k], i)
		}
		if p.IMO != 0 {
			j.byIMO[p.IMO] = i
		}
		if p.ID != "" {
			j.byID[p.ID] = i
		}
	}
	j.parties, j.named, j.byName = parties, named, names
	j.alone, j.parent = make([]bool, len(parties)), nil
}

// merged is a party with what another mention of it adds.
func merged(p, o Party) Party {
	p.Name = cmp.Or(p.Name, o.Name)
	p.Kind = list.Kind(cmp.Or(string(p.Kind), string(o.Kind)))
	p.ID = cmp.Or(p.ID, o.ID)
	p.IMO = cmp.Or(p.IMO, o.IMO)
	p.Country = cmp.Or(p.Country, o.Country)
	return p
}

// nodes are those that a mention means: one, or several when a name fits
// several.
func (j *joiner) nodes(p Party) []int {
	if n, ok := j.byIMO[p.IMO]; ok && p.IMO != 0 {
		return []int{n}
	}
	if n, ok := j.byID[p.ID]; ok && p.ID != "" {
		return []int{n}
	}
	return j.candidates(p)
}

// candidates are the nodes of a name whose country does not contradict; those
// whose country is the same go before those of which none is known.
func (j *joiner) candidates(p Party) []int {
	k := fold(p.Name)
	var same, open []int
	for _, n := range j.byName[k] {
		if otherSort(j.parties[n].Kind, p.Kind) {
			continue
		}
		switch c := j.parties[n].Country; {
		case c == p.Country:
			same = append(same, n)
		case c == "" || p.Country == "":
			open = append(open, n)
		}
	}
	if len(same) > 0 && p.Country != "" {
		return same
	}
	return append(same, open...)
}

// otherSort reports whether one is a ship and the other something else.
func otherSort(a, b list.Kind) bool {
	return a != "" && b != "" && (a == list.Vessel) != (b == list.Vessel)
}

// hashOf is a hash of what the facts say, in the order of their identifiers.
func hashOf(facts []*Fact) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, f := range facts {
		said := *f
		said.RecordedAt = navicert.Instant{} // the same facts recorded anew are the same
		_ = enc.Encode(said)                 // a hash takes everything, and a fact has nothing that JSON cannot write
	}
	return hex.EncodeToString(h.Sum(nil))
}

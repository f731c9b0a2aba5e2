package screen

import (
	"slices"
	"sync"

	"navicert"
	"navicert/list"
)

// index finds the entries of one publication by identifier and by name. It is
// safe for concurrent use; names are indexed kind by kind when they are first
// asked for.
type index struct {
	entries  []list.Entry
	imo      map[navicert.IMO][]int32
	company  map[string][]int32 // IMO numbers of companies
	mmsi     map[navicert.MMSI][]int32
	callSign map[navicert.CallSign][]int32
	parts    map[list.Kind]func() *part // made when first asked for: most checks ask about vessels only
}

// part holds the names of the entries of one kind.
type part struct {
	kind     list.Kind
	names    []listed
	vocab    *vocabulary
	postings [][]posting // by word of the vocabulary
	scratch  sync.Pool   // of *scratch
}

// listed is a name that an entry has.
type listed struct {
	name
	entry int32
	alias int32 // its place in Entry.Aliases, -1 for the primary name
}

// posting says that a name has a word, or two words that joined are one of the
// vocabulary, and what it weighs there.
type posting struct {
	name   int32
	weight float32
}

// kinds are the kinds of entry that have a part in an index.
var kinds = [...]list.Kind{list.Vessel, list.Person, list.Organization, list.Aircraft}

func newIndex(entries []list.Entry) *index {
	ix := &index{
		entries: entries,
		imo:     map[navicert.IMO][]int32{}, company: map[string][]int32{},
		mmsi: map[navicert.MMSI][]int32{}, callSign: map[navicert.CallSign][]int32{},
		parts: map[list.Kind]func() *part{},
	}
	byKind := map[list.Kind][]int32{}
	for i := range entries {
		e := &entries[i]
		n := int32(i)
		byKind[e.Kind] = append(byKind[e.Kind], n)
		if e.IMO != 0 {
			ix.imo[e.IMO] = append(ix.imo[e.IMO], n)
		}
		for _, m := range e.MMSIs {
			ix.mmsi[m] = append(ix.mmsi[m], n)
		}
		for _, c := range e.CallSigns {
			ix.callSign[c] = append(ix.callSign[c], n)
		}
		for _, id := range e.Identifiers {
			if id.Type == list.CompanyIMO {
				ix.company[id.Value] = append(ix.company[id.Value], n)
			}
		}
	}
	for _, k := range kinds {
		ix.parts[k] = sync.OnceValue(func() *part { return newPart(k, entries, byKind[k]) })
	}
	return ix
}

func newPart(k list.Kind, entries []list.Entry, of []int32) *part {
	p := &part{kind: k}
	words := map[string]struct{}{}
	for _, i := range of {
		e := &entries[i]
		p.add(e.Name, i, -1, words)
		for j := range e.Aliases {
			p.add(e.Aliases[j].Name, i, int32(j), words)
		}
	}
	all := make([]string, 0, len(words))
	for w := range words {
		all = append(all, w)
	}
	p.vocab = newVocabulary(all)
	p.postings = make([][]posting, len(all))
	for i := range p.names {
		p.names[i].units(func(text string, _ int, weight float64) {
			w := p.vocab.byText[text]
			p.postings[w] = append(p.postings[w], posting{int32(i), float32(weight)})
		})
	}
	p.scratch.New = func() any {
		return &scratch{
			counts: counts{shared: make([]uint8, len(all))},
			asked:  make([]float32, len(p.names)),
			listed: make([]float32, len(p.names)),
		}
	}
	return p
}

func (p *part) add(s string, entry, alias int32, words map[string]struct{}) {
	n := listed{normalise(s, p.kind), entry, alias}
	if len(n.words) == 0 {
		return // nothing in it can be compared, as in a name of signs only
	}
	n.units(func(text string, _ int, _ float64) { words[text] = struct{}{} })
	p.names = append(p.names, n)
}

// units calls f for each word of a name and each two neighbours joined, with
// the number of words and their weight.
func (n *name) units(f func(text string, words int, weight float64)) {
	for i, w := range n.words {
		f(w.text, 1, w.weight)
		if i+1 < len(n.words) {
			f(w.text+n.words[i+1].text, 2, w.weight+n.words[i+1].weight)
		}
	}
}

// scratch is what one search of a part needs; it is all zeros between searches.
type scratch struct {
	counts
	asked, listed []float32 // by name: the most that its cover can be of the name asked, and of itself
	touched       []int32
	likes         []likeness
}

// candidate is a name that came near and how near.
type candidate struct {
	name      int32
	closeness float64
}

// near returns the names of the part that come at least as near as floor.
//
// Names are first weighed by their words alone, which gives a bound on how near
// they can come; those whose bound reaches the floor are compared in full.
func (p *part) near(q *name, floor float64) []candidate {
	if len(q.words) == 0 || len(p.names) == 0 {
		return nil
	}
	s := p.scratch.Get().(*scratch)
	defer p.scratch.Put(s)
	q.units(func(text string, words int, weight float64) {
		s.likes = p.vocab.like(text, &s.counts, s.likes[:0])
		for _, l := range s.likes {
			for _, post := range p.postings[l.word] {
				if s.asked[post.name] == 0 {
					s.touched = append(s.touched, post.name)
				}
				s.asked[post.name] += float32(l.alike * weight)
				s.listed[post.name] += float32(l.alike) * post.weight
			}
		}
	})
	var out []candidate
	b := blendOf(p.kind)
	for _, i := range s.touched {
		n := &p.names[i].name
		coverQ := min(1, float64(s.asked[i])/q.weight)
		coverN := min(1, float64(s.listed[i])/n.weight)
		s.asked[i], s.listed[i] = 0, 0
		if bound := b.score(coverQ, coverN, true, true); bound+1e-3 < floor {
			continue
		}
		if c := closeness(q, n, p.kind); c >= floor {
			out = append(out, candidate{i, c})
		}
	}
	s.touched = s.touched[:0]
	slices.SortFunc(out, func(a, b candidate) int { return int(a.name - b.name) })
	return out
}

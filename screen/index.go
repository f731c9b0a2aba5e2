package screen

import (
	"crypto/sha256"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"

	"navicert"
	"navicert/list"
)

// index finds the entries of one publication by identifier and by name. It is
// safe for concurrent use. It reads from its blob, see build.go; beside that
// it holds next to nothing.
type index struct {
	blob    string
	count   int // entries
	entries texts
	texts   texts
	kindOf  string

	imo, company, mmsi, callSign, id pairs

	parts [len(kinds)]part // as kinds
}

// part holds the names of the entries that are, or may be, of one kind.
type part struct {
	kind     list.Kind
	names    texts
	of       u32s // for each name its entry and its alias
	weight   u32s
	table    nameTable
	vocab    vocabulary
	from     u32s // for each word where its postings begin
	postings u32s
	scratch  sync.Pool // of *scratch
}

// listed is a name that an entry has.
type listed struct {
	name
	entry int32
	alias int32 // its place in Entry.Aliases, -1 for the primary name
	weak  bool  // an alias that the publisher calls weak
}

// kinds are the kinds of name that have a part in an index: each is compared in
// its own way. entryKinds are those of entries.
var (
	kinds      = [...]list.Kind{list.Vessel, list.Person, list.Organization, list.Aircraft}
	entryKinds = list.Kinds()
)

// partsOf returns the parts, as places in kinds, in which an entry's names are:
// that of its kind, and where the kind is not known those of both it may be.
func partsOf(k list.Kind) []int32 {
	if k == list.UnknownKind {
		return []int32{partOf(list.Person), partOf(list.Organization)}
	}
	return []int32{partOf(k)}
}

func partOf(k list.Kind) int32 { return int32(slices.Index(kinds[:], k)) }

// indexKey says what the index of a publication is of: the publication, and
// how it was made.
func indexKey(p *list.Publication) string {
	return fmt.Sprintf("%s %s %d %d %s", p.ID(), p.SHA256, p.Entries, indexVersion, shape)
}

// shape is a hash of the fields of entries and names.
var shape = func() string {
	h := sha256.New()
	for _, t := range []reflect.Type{reflect.TypeFor[list.Entry](), reflect.TypeFor[name](), reflect.TypeFor[word]()} {
		describe(h.Write, t)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}()

func describe(write func([]byte) (int, error), t reflect.Type) {
	_, _ = write([]byte(t.String() + " " + t.Kind().String() + ";")) // a hash takes all
	switch t.Kind() {
	case reflect.Slice:
		describe(write, t.Elem())
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if !shownOnly[f.Name] {
				_, _ = write([]byte(f.Name + " "))
				describe(write, f.Type)
			}
		}
	}
}

func newIndex(key string, entries []list.Entry) *index {
	ix, ok := openIndex(build(key, entries), key)
	if !ok {
		panic("screen: an index that was just built cannot be opened") // a fault of this package
	}
	return ix
}

// openIndex opens a blob; false when it is damaged or of something else.
func openIndex(blob, key string) (*index, bool) {
	s, ok := unseal(blob, key)
	if !ok || len(s) != entrySections+len(kinds)*partSections {
		return nil, false
	}
	ix := &index{
		blob: blob, count: len(s[secKinds]), kindOf: s[secKinds],
		entries: texts{u32s(s[secEntryFrom]), s[secEntries]},
		texts:   texts{u32s(s[secTextFrom]), s[secTexts]},
		imo:     pairs(s[secIMO]), company: pairs(s[secCompany]), mmsi: pairs(s[secMMSI]),
		callSign: pairs(s[secCallSign]), id: pairs(s[secID]),
	}
	for i, k := range kinds {
		ix.parts[i].open(k, s[entrySections+i*partSections:][:partSections])
	}
	return ix, true
}

func (p *part) open(k list.Kind, s []string) {
	p.kind = k
	p.names = texts{u32s(s[secNameFrom]), s[secNames]}
	p.of, p.weight = u32s(s[secNameOf]), u32s(s[secNameWeight])
	p.from, p.postings = u32s(s[secPostedFrom]), u32s(s[secPostings])
	for w := u32s(s[secWeights]); w != ""; w = w[8:] {
		p.table.weights = append(p.table.weights, math.Float64frombits(uint64(w.at(0))|uint64(w.at(1))<<32))
	}
	for l, i := (texts{u32s(s[secLegalFrom]), s[secLegal]}), 0; i < l.len(); i++ {
		p.table.legal = append(p.table.legal, l.at(i))
	}
	p.vocab.open(texts{u32s(s[secWordFrom]), s[secWords]}, u32s(s[secLetters]), u32s(s[secFileFrom]), u32s(s[secFiles]))
	p.scratch.New = func() any {
		return &scratch{
			counts: counts{shared: make([]uint8, p.vocab.words.len())},
			asked:  make([]float32, p.names.len()),
			listed: make([]float32, p.names.len()),
		}
	}
}

// part returns the part of a kind.
func (ix *index) part(k list.Kind) *part { return &ix.parts[partOf(k)] }

// entry returns an entry without what is in shownOnly.
func (ix *index) entry(i int32) *list.Entry {
	p := packed{ix.entries.at(int(i)), ix.texts}
	return p.entry()
}

// kind returns the kind of an entry.
func (ix *index) kind(i int32) list.Kind { return entryKinds[ix.kindOf[i]] }

// withID returns the entry of an identifier of the publisher's.
func (ix *index) withID(id string) (int32, bool) {
	for _, i := range ix.id.of(hash(id)) {
		if ix.entry(i).ID == id {
			return i, true
		}
	}
	return 0, false
}

// withCallSign returns the entries that have a call sign.
func (ix *index) withCallSign(c navicert.CallSign) []int32 {
	return slices.DeleteFunc(ix.callSign.of(hash(string(c))), func(i int32) bool {
		return !slices.Contains(ix.entry(i).CallSigns, c)
	})
}

// ofCompany returns the entries that have an IMO number as a company.
func (ix *index) ofCompany(imo navicert.IMO) []int32 {
	value := imo.String()
	return slices.DeleteFunc(ix.company.of(hash(value)), func(i int32) bool {
		return !slices.ContainsFunc(ix.entry(i).Identifiers, func(id list.Identifier) bool {
			return id.Type == list.CompanyIMO && id.Value == value
		})
	})
}

// listed returns a name of the part.
func (p *part) listed(i int32) *listed {
	l := &listed{entry: p.entryOf(i)}
	p.name(i, &l.name)
	alias := p.of.at(2*int(i) + 1)
	l.alias, l.weak = int32(alias&^weakBit)-1, alias&weakBit != 0
	return l
}

func (p *part) entryOf(i int32) int32 { return int32(p.of.at(2 * int(i))) }

// name reads a name into n, whose slices it uses again.
func (p *part) name(i int32, n *name) {
	r := packed{rest: p.names.at(int(i))}
	r.name(n, &p.table)
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

// spellings calls f for each word, and each two neighbours joined, that can be
// written in more ways than one.
func (n *name) spellings(f func(how *spelling, weight float64)) {
	if n.asking == nil {
		return
	}
	for i, how := range n.asking.how {
		if how != nil {
			f(how, n.words[i].weight)
		}
		if joined := n.asking.howJoined[i]; joined != nil {
			f(joined, n.words[i].weight+n.words[i+1].weight)
		}
	}
}

// scratch is what one search of a part needs; it is all zeros between searches.
type scratch struct {
	counts
	asked, listed []float32 // by name: the most that its cover can be of the name asked, and of itself
	touched       []int32
	name          name
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
	if len(q.words) == 0 || p.names.len() == 0 {
		return nil
	}
	s := p.scratch.Get().(*scratch)
	defer p.scratch.Put(s)
	q.units(func(text string, words int, weight float64) {
		for _, l := range p.vocab.like(text, &s.counts) {
			p.weigh(s, l, weight)
		}
	})
	q.spellings(func(how *spelling, weight float64) {
		p.vocab.spelled(how, func(word int32) { p.weigh(s, likeness{word, minSpelled}, weight) })
	})
	initials := p.weighInitials(s, q)
	if p.kind == list.Aircraft { // they are few, and a slip may be in every part of a tail number
		p.touchAll(s)
	}
	var out []candidate
	b := blendOf(p.kind)
	for _, i := range s.touched {
		weight := float64(math.Float32frombits(p.weight.at(int(i))))
		asked := float64(s.asked[i])
		coverQ := min(1, (asked+initials)/q.weight)
		coverN := min(1, (float64(s.listed[i])+initials*maxWordWeight)/weight)
		s.asked[i], s.listed[i] = 0, 0
		if b.score(coverQ, coverN, true, true)+boundSlack < floor && !p.mayBeSlip(q, i, asked) {
			continue
		}
		p.name(i, &s.name)
		if c := closeness(q, &s.name, p.kind); c >= floor {
			out = append(out, candidate{i, c})
		}
	}
	s.touched = s.touched[:0]
	slices.SortFunc(out, func(a, b candidate) int { return int(a.name - b.name) })
	return out
}

// boundSlack is more than sums of float32 lose.
const boundSlack = 1e-3

// weigh adds a word's likeness to every name that has the word.
func (p *part) weigh(s *scratch, l likeness, weight float64) {
	alike, asked := float32(l.alike), float32(l.alike*weight)
	for at, end := int(p.from.at(int(l.word))), int(p.from.at(int(l.word)+1)); at < end; at++ {
		n := p.postings.at(2 * at)
		if s.asked[n] == 0 {
			s.touched = append(s.touched, int32(n))
		}
		s.asked[n] += asked
		s.listed[n] += alike * math.Float32frombits(p.postings.at(2*at+1))
	}
}

// touchAll has every name compared.
func (p *part) touchAll(s *scratch) {
	for i := range p.names.len() {
		if s.asked[i] == 0 {
			s.touched = append(s.touched, int32(i))
		}
	}
}

// weighInitials adds the initials of listed persons that the words of a name
// can stand for. It returns how many initials the name itself has: they are not
// looked up, since they are like too many words.
func (p *part) weighInitials(s *scratch, q *name) (initials float64) {
	if p.kind != list.Person {
		return 0
	}
	for _, w := range q.words {
		if len(w.text) == 1 {
			initials++
			continue
		}
		if word, ok := p.vocab.find(w.text[:1]); ok {
			p.weigh(s, likeness{word, initialAlike}, w.weight)
		}
	}
	return initials
}

// mayBeSlip reports whether slip may find more in common with a name than the
// words show, of which asked is the weight that has its like: a slip is in one
// word or between two.
func (p *part) mayBeSlip(q *name, i int32, asked float64) bool {
	if p.kind == list.Aircraft {
		return true
	}
	if asked < q.weight-2*maxWordWeight-boundSlack {
		return false
	}
	r := packed{rest: p.names.at(int(i))}
	d := letterCount(q.text) - letterCount(r.take(int(r.uvarint())))
	if p.kind == list.Person {
		return d == 0 // only the blanks are elsewhere
	}
	return d >= -slipLetters && d <= slipLetters
}

// slipLetters is by how many letters the texts of names can differ that differ
// by one slip: one, and two marks of a letter.
const slipLetters = 3

// letterCount counts the letters of a name's text without its legal form.
func letterCount(text string) int {
	n := 0
	for i := range len(text) {
		if text[i] == '|' {
			break
		}
		if text[i] >= 'a' && text[i] <= 'z' {
			n++
		}
	}
	return n
}

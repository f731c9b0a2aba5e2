package screen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"navicert/list"
)

// Thresholds are the least scores at which an entry of each kind is a match.
type Thresholds struct{ Vessel, Person, Organization, Aircraft float64 }

// Default is what a match takes.
//
// A ship's name is short, so one slip must be allowed for: 0.79 takes one edit
// in a name of five letters or more and two in one of fifteen. Persons and
// organisations have more words, which innocents share: 0.87 takes one slip in
// a person's name of eight letters, or a missing middle name, but not a missing
// or other family name; 0.85 the same of an organisation of seven. Aircraft are
// listed under their tail numbers, where one letter is another aircraft: they
// must be equal.
//
// Measured on the list of 2025-12-24 (screen/accuracy): 2.4 % of real merchant
// ships that are not listed match by their name alone, 0.16 % of innocent
// persons; of listed names with one letter wrong (screen/accuracy) 92 % are found.
var Default = Thresholds{Vessel: 0.79, Person: 0.87, Organization: 0.85, Aircraft: 0.98}

// of returns the threshold of a kind.
func (t Thresholds) of(k list.Kind) float64 {
	switch k {
	case list.Vessel:
		return t.Vessel
	case list.Person:
		return t.Person
	case list.Aircraft:
		return t.Aircraft
	}
	return t.Organization
}

// blend says how the two sides of a comparison share in its score. Cover is the
// part of a name's weight that has its like in the other name; one has more of
// it when the other name is longer. fuller weighs the fuller cover if that name
// is telling: two words or more, of tellingWeight together. One word, or two
// short ones (LIU Yang), shows little and counts fullerAlone.
//
// Persons leave names out (a middle name, a father's), so the fuller side
// counts most. A ship with a word more is another ship.
type blend struct{ fuller, fullerAlone float64 }

func blendOf(k list.Kind) blend {
	switch k {
	case list.Person:
		return blend{0.7, 0.2}
	case list.Vessel:
		return blend{0.3, 0.2}
	}
	return blend{0.5, 0.2}
}

// tellingWeight is what makes two words tell: five letters each.
const tellingWeight = 10

// score blends the covers; tellingA and tellingB say whether the names are.
func (b blend) score(coverA, coverB float64, tellingA, tellingB bool) float64 {
	full, part, telling := coverA, coverB, tellingA
	if coverB > coverA {
		full, part, telling = coverB, coverA, tellingB
	}
	share := b.fullerAlone
	if telling {
		share = b.fuller
	}
	return share*full + (1-share)*part
}

func (n *name) telling() bool { return len(n.words) >= 2 && n.weight >= tellingWeight }

// What a name that is not wholly the same can reach at most: equal names score
// 1, and nothing else does.
const (
	mostRespaced  = 0.98 // the same letters in the same order, spaced otherwise
	mostReordered = 0.97 // the same words in another order
	mostOther     = 0.96 // all else, such as another legal form or spelling
)

// closeness returns how alike two names of a kind are, from 0 to 1, marks left
// aside.
func closeness(a, b *name, k list.Kind) float64 {
	switch {
	case len(a.words) == 0 || len(b.words) == 0:
		return 0
	case a.text == b.text:
		return 1
	}
	var pairs [2 * maxWords]pair
	coverA, coverB := cover(align(a, b, pairs[:0]), a, b)
	s := blendOf(k).score(coverA, coverB, a.telling(), b.telling())
	most := mostOther
	switch {
	case a.legal != b.legal:
	case sameLetters(a.words, b.words):
		most = mostRespaced
	case sameWords(a.words, b.words):
		most = mostReordered
	}
	return min(s, most)
}

// pair is words of one name set against words of the other: one on each side,
// or two that stand together against one.
type pair struct {
	a, na, b, nb int // first word and number of words on each side
	alike        float64
	weight       float64 // of both sides
}

// align sets words against words, the weightiest likenesses first, each word
// at most once, and appends the pairs to out.
func align(a, b *name, out []pair) []pair {
	var all []pair
	add := func(p pair, x, y string) {
		if p.alike = alike(x, y); p.alike == 0 {
			return
		}
		for i := range p.na {
			p.weight += a.words[p.a+i].weight
		}
		for i := range p.nb {
			p.weight += b.words[p.b+i].weight
		}
		all = append(all, p)
	}
	for i := range a.words {
		for j := range b.words {
			x, y := a.words[i].text, b.words[j].text
			add(pair{a: i, na: 1, b: j, nb: 1}, x, y)
			if i+1 < len(a.words) && len(y) > len(x) {
				add(pair{a: i, na: 2, b: j, nb: 1}, x+a.words[i+1].text, y)
			}
			if j+1 < len(b.words) && len(x) > len(y) {
				add(pair{a: i, na: 1, b: j, nb: 2}, x, y+b.words[j+1].text)
			}
		}
	}
	slices.SortStableFunc(all, func(p, q pair) int { return cmp.Compare(q.alike*q.weight, p.alike*p.weight) })
	var usedA, usedB [maxWords]bool
	for _, p := range all {
		if slices.Contains(usedA[p.a:p.a+p.na], true) || slices.Contains(usedB[p.b:p.b+p.nb], true) {
			continue
		}
		for i := range p.na {
			usedA[p.a+i] = true
		}
		for i := range p.nb {
			usedB[p.b+i] = true
		}
		out = append(out, p)
	}
	return out
}

// cover returns the part of each name's weight that the pairs cover.
func cover(pairs []pair, a, b *name) (coverA, coverB float64) {
	for _, p := range pairs {
		for i := range p.na {
			coverA += p.alike * a.words[p.a+i].weight
		}
		for i := range p.nb {
			coverB += p.alike * b.words[p.b+i].weight
		}
	}
	return coverA / a.weight, coverB / b.weight
}

func sameLetters(a, b []word) bool { return joined(a) == joined(b) }

func joined(ws []word) string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w.text)
	}
	return b.String()
}

func sameWords(a, b []word) bool {
	if len(a) != len(b) {
		return false
	}
	x, y := slices.Clone(a), slices.Clone(b)
	byText := func(p, q word) int { return strings.Compare(p.text, q.text) }
	slices.SortFunc(x, byText)
	slices.SortFunc(y, byText)
	return slices.EqualFunc(x, y, func(p, q word) bool { return p.text == q.text })
}

// explain says in a line how two names compare.
func explain(a, b *name) string {
	if a.text == b.text {
		return "the same name"
	}
	var said []string
	pairs := align(a, b, nil)
	slices.SortFunc(pairs, func(p, q pair) int { return cmp.Compare(p.a, q.a) })
	matchedA, matchedB := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		x, y := joined(a.words[p.a:p.a+p.na]), joined(b.words[p.b:p.b+p.nb])
		for i := range p.na {
			matchedA[p.a+i] = true
		}
		for i := range p.nb {
			matchedB[p.b+i] = true
		}
		if x == y {
			said = append(said, x)
		} else {
			said = append(said, fmt.Sprintf("%s ~ %s %.2f", x, y, p.alike))
		}
	}
	out := "words in common: " + strings.Join(said, ", ")
	if len(said) == 0 {
		out = "no words in common"
	}
	if rest := unmatched(a.words, matchedA); rest != "" {
		out += "; only asked: " + rest
	}
	if rest := unmatched(b.words, matchedB); rest != "" {
		out += "; only listed: " + rest
	}
	return out
}

func unmatched(ws []word, matched map[int]bool) string {
	var rest []string
	for i, w := range ws {
		if !matched[i] {
			rest = append(rest, w.text)
		}
	}
	return strings.Join(rest, " ")
}

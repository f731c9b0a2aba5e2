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
// in a name of five letters or more, or two in one of fifteen, and not another
// word, however short. Persons share their names with many, and have more words:
// 0.87 takes one slip in a name of eight letters, or a middle name that is left
// out, but neither another family name nor another middle name. Organisations
// have longer names, of which the legal form tells little: 0.80 takes one edit
// in five letters, but not another word in the place of one. Aircraft are listed
// under their tail numbers, where one letter is another aircraft: only in a
// number of four digits or more may one be wrong.
//
// An entry of which it is not known whether it is a person or an organisation
// has no threshold of its own: compared as the one it takes 0.87, as the other
// 0.80.
//
// How often each is right and wrong is measured by navicert screen --bench, see
// docs/screening.md.
var Default = Thresholds{Vessel: 0.79, Person: 0.87, Organization: 0.80, Aircraft: 0.90}

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
		return blend{0.2, 0.2}
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
// aside; a is the one asked for.
func closeness(a, b *name, k list.Kind) float64 {
	switch {
	case len(a.words) == 0 || len(b.words) == 0:
		return 0
	case a.text == b.text:
		return 1
	}
	var space [2 * maxWords]pair
	pairs := align(a, b, space[:0])
	coverA, coverB := cover(pairs, a, b)
	telling := !a.asking.isStrict()
	s := blendOf(k).score(coverA, coverB, telling && a.telling(), telling && b.telling())
	s -= contradiction(pairs, a, b, k)
	most := mostOther
	switch {
	case a.legal != b.legal:
	case sameLetters(a.words, b.words):
		if most = mostRespaced; len(pairs) > 0 && (1-coverA)*a.weight <= 2*maxWordWeight {
			s = most
		}
	case sameWords(a.words, b.words):
		most = mostReordered
	}
	switch k {
	case list.Person:
	case list.Aircraft:
		s = max(s, tailSlip(a, b))
	default:
		s = max(s, slip(pairs, a, b))
	}
	if la, lb := a.length(), b.length(); k == list.Vessel && la != lb && min(la, lb) < leastShipName && !a.romanised && !b.romanised {
		most = mostShort
	}
	return max(0, min(s, most))
}

// A letter more or less in a ship's name of four letters or fewer makes another
// ship's: ARGO is not ARGOS. A name in another script has no one length.
const (
	leastShipName = 5
	mostShort     = 0.75
)

// What it costs that names say different things, besides what they lack of each
// other. A name that one side leaves out is common; a name in the place of
// another is another name: a brother, another plant, another ship.
const (
	costReplaced = 0.06 // a word on each side that the other does not have
	costInitial  = 0.1  // another initial
	costTurned   = 0.15 // syllables in another order, where each is a word
	costForm     = 0.15 // a foundation's or an authority's form against a company's
)

// contradiction adds up what speaks against two names.
func contradiction(pairs []pair, a, b *name, k list.Kind) float64 {
	var hasA, hasB [maxWords]bool
	for _, p := range pairs {
		for i := range p.na {
			hasA[p.a+i] = true
		}
		for i := range p.nb {
			hasB[p.b+i] = true
		}
	}
	wordsA, initialsA := left(a, hasA[:], k)
	wordsB, initialsB := left(b, hasB[:], k)
	cost := costReplaced * float64(max(0, min(wordsA, wordsB)-cutOff(a, b, hasA[:], hasB[:])))
	if k == list.Person && initialsA+initialsB > 0 && initialsA+wordsA > 0 && initialsB+wordsB > 0 {
		cost += costInitial
	}
	if a.asking.isStrict() && turned(pairs) {
		cost += costTurned
	}
	if (a.legal == public) != (b.legal == public) && a.legal != "" && b.legal != "" {
		cost += costForm
	}
	return cost
}

// left counts the words that have no like on the other side, and the initials
// among them.
func left(n *name, has []bool, k list.Kind) (words, initials int) {
	for i, w := range n.words {
		switch {
		case has[i] || k == list.Person && isParticle(w.text):
		case len(w.text) == 1:
			initials++
		default:
			words++
		}
	}
	return words, initials
}

// cutOff counts the words without a like that begin one on the other side: forms
// cut long names off.
func cutOff(a, b *name, hasA, hasB []bool) int {
	n := 0
	for i, x := range a.words {
		for j, y := range b.words {
			short, long := x.text, y.text
			if len(short) > len(long) {
				short, long = long, short
			}
			if !hasA[i] && !hasB[j] && len(short) > 1 && strings.HasPrefix(long, short) {
				n++
			}
		}
	}
	return n
}

// turned reports whether the words of one name come in another order in the
// other, the family's name first or last left aside: one walk around a circle
// must meet them in the order of both.
func turned(pairs []pair) bool {
	order := slices.Clone(pairs)
	slices.SortFunc(order, func(p, q pair) int { return cmp.Compare(p.a, q.a) })
	falls := 0
	for i, p := range order {
		if next := order[(i+1)%len(order)]; next.b < p.b {
			falls++
		}
	}
	return falls > 1
}

// minSlipped is the least number of letters of a whole name in which one slip
// may be anywhere.
const minSlipped = 6

// slip returns how alike two names are that differ by one slip somewhere, also
// in a word that is too short to be compared with slips, or 0: "FI YUAN YU" is
// FU YUAN YU. A word must be the same in both.
func slip(pairs []pair, a, b *name) float64 {
	la, lb := a.length(), b.length()
	if max(la, lb) < minSlipped || la > lb+1 || lb > la+1 || max(la, lb) > 2*maxLetters ||
		!slices.ContainsFunc(pairs, func(p pair) bool { return p.alike == 1 }) {
		return 0
	}
	d := distance(joined(a.words), joined(b.words), 1)
	if d > editCost {
		return 0
	}
	if x, y := joined(a.words), joined(b.words); swapped(x, y) {
		d = swapCost
	}
	return 1 - float64(d)/editCost/float64(max(la, lb))
}

// tailSlip returns how alike two tail numbers are that have four digits or more
// and differ by one slip anywhere, or 0.
func tailSlip(a, b *name) float64 {
	count := func(n *name) (signs, digits int) {
		for i := range len(n.text) {
			if n.text[i] != ' ' {
				signs++
			}
			if isDigit(n.text[i]) {
				digits++
			}
		}
		return signs, digits
	}
	signsA, digitsA := count(a)
	signsB, digitsB := count(b)
	if max(digitsA, digitsB) < longMark || max(signsA, signsB) > 2*maxLetters || max(signsA, signsB)-min(signsA, signsB) > 1 {
		return 0
	}
	without := func(n *name) string { return strings.ReplaceAll(n.text, " ", "") }
	if distance(without(a), without(b), 1) > editCost {
		return 0
	}
	return mostOther
}

// length is the number of letters of the words.
func (n *name) length() int {
	sum := 0
	for _, w := range n.words {
		sum += len(w.text)
	}
	return sum
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
		if p.alike = a.like(p.a, p.na, x, y); p.alike == 0 {
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

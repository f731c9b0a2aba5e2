package screen

import (
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"
)

// vocabulary finds the words of many names that are like a word asked for.
//
// Each word, with its letters replaced by their sound classes, is filed under
// every pair of neighbouring letters in it, ends included. An edit takes away
// at most three pairs (a swap of neighbours), so a word within e edits of one
// with n different pairs shares at least n-3e of them: only words that share so
// many are compared letter by letter. Words are numbered by length, so that a
// file is read only for the lengths that e edits can reach.
type vocabulary struct {
	words   texts                   // by length, then alphabet
	letters u32s                    // the set of each word's letters, as two numbers
	from    u32s                    // for each pair where its file begins
	files   u32s                    // numbers of words
	lengths [maxLetters*2 + 8]int32 // lengths[n] is the first word of n letters or more

	mu    sync.Mutex
	kept  map[string][]likeness // of words that were asked for lately
	likes int                   // all that are kept, each word as one more
}

// maxKeptLikes bounds the likenesses that are kept, to some 500 KB a vocabulary:
// the names of fleets are made of few words (SHIPPING, MARINE, LTD).
const maxKeptLikes = 1 << 15

// gramCodes: a to z, 0 to 9 and the end of a word.
const gramCodes = 37

func gramCode(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 1
	case c >= '0' && c <= '9':
		return int(c-'0') + 27
	}
	return 0
}

// grams appends the different pairs of a word to out.
func grams(w string, out []int) []int {
	last := 0
	for i := 0; i <= len(w); i++ {
		code := 0
		if i < len(w) {
			code = gramCode(sound(w[i]))
		}
		if g := last*gramCodes + code; !slices.Contains(out, g) {
			out = append(out, g)
		}
		last = code
	}
	return out
}

func (v *vocabulary) open(words texts, letters, from, files u32s) {
	v.words, v.letters, v.from, v.files = words, letters, from, files
	n := words.len()
	for length := range v.lengths {
		v.lengths[length] = int32(sort.Search(n, func(i int) bool { return len(words.at(i)) >= length }))
	}
}

// find returns the number of a word.
func (v *vocabulary) find(w string) (int32, bool) {
	from, end := v.lengths[len(w)], v.lengths[len(w)+1]
	for from < end {
		mid := (from + end) / 2
		switch c := strings.Compare(v.words.at(int(mid)), w); {
		case c == 0:
			return mid, true
		case c < 0:
			from = mid + 1
		default:
			end = mid
		}
	}
	return 0, false
}

func (v *vocabulary) letterSet(i int32) uint64 {
	return uint64(v.letters.at(2*int(i))) | uint64(v.letters.at(2*int(i)+1))<<32
}

// file returns the words filed under a pair that are numbered from on and
// before to.
func (v *vocabulary) file(pair int, from, to int32) u32s {
	f := v.files[4*v.from.at(pair) : 4*v.from.at(pair+1)]
	first := f.search(uint32(from))
	f = f[4*first:]
	return f[:4*f.search(uint32(to))]
}

// likeness is a word of the vocabulary and how like it is.
type likeness struct {
	word  int32
	alike float64
}

// counts is scratch space of a look-up; it is all zeros between look-ups.
type counts struct {
	shared []uint8
	seen   []int32
	grams  []int
	files  []u32s
}

// like returns the words of the vocabulary that are alike w. It must not be
// changed; c is scratch space.
func (v *vocabulary) like(w string, c *counts) []likeness {
	v.mu.Lock()
	found, ok := v.kept[w]
	v.mu.Unlock()
	if ok {
		return found
	}
	found = slices.Clip(v.search(w, c))
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.kept == nil || v.likes+len(found) >= maxKeptLikes {
		v.kept, v.likes = map[string][]likeness{}, 0
	}
	if _, ok := v.kept[w]; !ok && len(found) < maxKeptLikes/2 {
		v.kept[strings.Clone(w)] = found
		v.likes += 1 + len(found)
	}
	return found
}

// search finds the words of the vocabulary that are alike w.
func (v *vocabulary) search(w string, c *counts) (out []likeness) {
	shorter, longer := maxEdits(len(w)), reach(len(w))
	if longer == 0 {
		if i, ok := v.find(w); ok {
			out = append(out, likeness{i, 1})
		}
		return out
	}
	c.grams = grams(w, c.grams[:0])
	from, to := v.lengths[len(w)-shorter], v.lengths[len(w)+longer+1]
	c.files = c.files[:0]
	for _, g := range c.grams {
		c.files = append(c.files, v.file(g, from, to))
	}
	most := maxEdits(len(w) + longer)
	least := uint8(max(1, len(c.files)-pairsPerEdit*most))
	for _, f := range c.files {
		for ; f != ""; f = f[4:] {
			i := f.at(0)
			if c.shared[i]++; c.shared[i] == least {
				c.seen = append(c.seen, int32(i))
			}
		}
	}
	set := letterSet(w)
	for _, i := range c.seen {
		other, letters := v.words.at(int(i)), v.letterSet(i)
		edits := maxEdits(max(len(w), len(other)))
		// Each edit takes at most one letter out of a word's set and puts at most one in.
		if int(c.shared[i]) < len(c.files)-pairsPerEdit*edits || bits.OnesCount64(set&^letters) > edits || bits.OnesCount64(letters&^set) > edits {
			continue
		}
		if s := alike(w, other); s > 0 {
			out = append(out, likeness{i, s})
		}
	}
	clear(c.shared[from:to])
	c.seen = c.seen[:0]
	return out
}

// pairsPerEdit is how many pairs of neighbouring letters an edit takes away at
// most: a swap of neighbours three.
const pairsPerEdit = 3

// spelled calls f for the words of the vocabulary that are a way to write one.
func (v *vocabulary) spelled(how *spelling, f func(word int32)) {
	for _, w := range how.whole {
		if i, ok := v.find(w); ok {
			f(i)
		}
	}
	if how.whole != nil {
		return
	}
	least, most := how.bounds()
	for length := least; length <= min(most, len(v.lengths)-2); length++ {
		for at, end := v.lengths[length], v.lengths[length+1]; at < end; {
			w := v.words.at(int(at))
			if how.first&letterBit(w[0]) == 0 { // on to the words with the next letter
				at += int32(sort.Search(int(end-at), func(i int) bool { return v.words.at(int(at) + i)[0] > w[0] }))
				continue
			}
			if how.matches(w) {
				f(at)
			}
			at++
		}
	}
}

// bounds returns the length of the shortest word that can match, and of the
// longest: each group of letters may be written double, and with loose two
// vowels may follow each but the last, and one that.
func (s *spelling) bounds() (least, most int) {
	for _, alternatives := range s.tokens {
		short, long := maxSpelled, 0
		for _, a := range alternatives {
			short, long = min(short, len(a)), max(long, len(a))
		}
		least += short
		most += long + 1
	}
	if s.loose {
		most += 2 * len(s.tokens)
	}
	return max(1, least), most
}

// letterSet returns the set of a word's letters and digits, by sound class.
func letterSet(w string) uint64 {
	var set uint64
	for i := range len(w) {
		set |= 1 << gramCode(sound(w[i]))
	}
	return set
}

// reach returns how many letters longer than n a word may be that is alike one
// of n letters.
func reach(n int) int {
	for e := maxEdits(2 * maxLetters); e > 0; e-- {
		if maxEdits(n+e) >= e {
			return e
		}
	}
	return 0
}

package screen

// Costs of edits, in tenths, for words in small ASCII letters. Letters of one
// class stand for the same sound in different romanisations and misspellings
// (Tetyana, Tetiana; Qasim, Kasim), so exchanging them costs little.
const (
	editCost  = 10
	soundCost = 3
	swapCost  = 5 // of a word's only edit: hands swap neighbours, and few names differ by it
)

// sound returns the letter that stands for c's class. Classes map one letter to
// one, so that an edit distance between mapped words is never more than between
// the words themselves: the index of candidates relies on it.
func sound(c byte) byte {
	switch c {
	case 'y':
		return 'i'
	case 'q', 'c':
		return 'k'
	case 'w':
		return 'v'
	case 'o':
		return 'u'
	case 'z':
		return 's'
	}
	return c
}

// tooFar is what distance returns when words are further apart than allowed.
const tooFar = 1 << 14

// distance returns the cheapest sequence of insertions, deletions, exchanges
// and swaps of neighbours that makes b of a (optimal string alignment), in
// tenths of an edit, or tooFar when it takes more than most whole edits and a
// part. Words have at most 2*maxLetters letters.
func distance(a, b string, most int) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > most {
		return tooFar
	}
	limit := int16((most+1)*editCost - 1)
	var rows [3][2*maxLetters + 2]int16
	before, prev, cur := rows[0][:len(b)+1], rows[1][:len(b)+1], rows[2][:len(b)+1]
	for j := range prev {
		prev[j] = int16(j * editCost)
	}
	for i := 1; i <= len(a); i++ {
		// Beyond most insertions or deletions a path costs too much.
		from, to := max(1, i-most), min(len(b), i+most)
		least := int16(tooFar)
		cur[from-1] = tooFar
		if from == 1 {
			cur[0] = int16(i * editCost)
			least = cur[0]
		}
		for j := from; j <= to; j++ {
			best := prev[j-1]
			if a[i-1] != b[j-1] {
				if sound(a[i-1]) == sound(b[j-1]) {
					best += soundCost
				} else {
					best += editCost
				}
			}
			if j < i+most { // else prev[j] is outside its row's band
				best = min(best, prev[j]+editCost)
			}
			best = min(best, cur[j-1]+editCost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				best = min(best, before[j-2]+editCost)
			}
			cur[j] = best
			least = min(least, best)
		}
		if least > limit {
			return tooFar
		}
		before, prev, cur = prev, cur, before
	}
	return int(prev[len(b)])
}

// minAlike is the least similarity at which two words count as the same word
// written differently. Below it nearly all pairs are different words.
const minAlike = 0.6

// alike returns how similar two words are, 1 for equal ones, and 0 below
// minAlike. One edit costs a letter's share of the longer word, and each
// further one more than the one before it: one slip is common, three in a word
// make another word. Words of one or two letters are alike only when equal.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	long := max(len(a), len(b))
	most := maxEdits(long)
	if most == 0 || long-min(len(a), len(b)) > most {
		return 0
	}
	d := distance(a, b, most)
	if d/editCost > most {
		return 0
	}
	if d == editCost && swapped(a, b) {
		d = swapCost
	}
	if s := 1 - penalty(float64(d)/editCost)/float64(long); s >= minAlike {
		return s
	}
	return 0
}

// swapped reports whether two words differ by one swap of neighbours.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// penalty is what d edits cost: 1, 3, 6, 10 for 1, 2, 3, 4.
func penalty(d float64) float64 { return d + max(0, d*(d-1)/2) }

// maxEdits returns how many whole edits two words may be apart, of which the
// longer has n letters, and still reach minAlike.
func maxEdits(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 8:
		return 1
	case n < 15:
		return 2
	case n < 25:
		return 3
	}
	return 4
}

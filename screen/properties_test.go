package screen

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert/list"
)

// drawName makes a name of words of a few letters, so that names come near each
// other often.
func drawName(t *rapid.T, label string) string {
	words := rapid.SliceOfN(rapid.StringMatching(`[a-e]{1,2}[ilmnorst][a-e]{0,3}[lmnrst]?`), 1, 4).Draw(t, label)
	words = slices.DeleteFunc(words, func(w string) bool { return isParticle(w) || isArticle(w) }) // they read otherwise by where they stand
	return strings.Join(append(words, "tarvosk"), " ")
}

// What holds of every two names: the score is from 0 to 1, the same one way and
// the other, and nothing is nearer to a name than itself.
func TestClosenessProperties(t *testing.T) {
	kind := rapid.SampledFrom(kinds[:])
	rapid.Check(t, func(t *rapid.T) {
		k := kind.Draw(t, "kind")
		x, y := drawName(t, "x"), drawName(t, "y")
		a, b := ask(x, k), ask(y, k)
		s := closeness(&a, &b, k)
		if s < 0 || s > 1 {
			t.Fatalf("%v", s)
		}
		if back := closeness(&b, &a, k); back != s {
			t.Fatalf("%v one way, %v the other", s, back)
		}
		if self := closeness(&a, &a, k); self != 1 {
			t.Fatalf("%v near itself", self)
		}
		if s == 1 && a.text != b.text {
			t.Fatalf("%q and %q score 1", a.text, b.text)
		}
	})
}

// The order of an organisation's words makes nearly no difference: neither
// order is nearer to another name by more than equal words in another order are
// from equal ones.
func TestOrderOfWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawName(t, "x")
		words := strings.Fields(x)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		a, b := normalise(x, list.Person), normalise(strings.Join(words, " "), list.Person)
		if len(a.words) != len(words) || len(b.words) != len(words) {
			return // a particle or title at the front
		}
		if s := closeness(&a, &b, list.Person); s < mostReordered {
			t.Fatalf("%q, %q: %v", a.text, b.text, s)
		}
	})
}

// A word that has nothing in common with a name never brings it nearer.
func TestNoiseNeverHelps(t *testing.T) {
	kind := rapid.SampledFrom([]list.Kind{list.Vessel, list.Person, list.Organization})
	rapid.Check(t, func(t *rapid.T) {
		k := kind.Draw(t, "kind")
		x, y := drawName(t, "x"), drawName(t, "y")
		a, b, noisy := ask(x, k), normalise(y, k), ask(x+" zzyzxqq", k)
		if len(a.words) == 0 || len(noisy.words) != len(a.words)+1 {
			return
		}
		plain, more := closeness(&a, &b, k), closeness(&noisy, &b, k)
		if more > plain+1e-9 && a.telling() == noisy.telling() {
			t.Fatalf("%q, %q: %v, with a word more %v", x, y, plain, more)
		}
	})
}

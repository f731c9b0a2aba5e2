package screen

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"navicert/list"
)

// distort writes a name as people, feeds and other lists might: with slips,
// reordered, run together, cut, or all of these.
func distort(r *rand.Rand, s string) string {
	for range 1 + r.IntN(2) {
		words := strings.Fields(s)
		switch r.IntN(9) {
		case 0: // one letter for another
			b := []byte(s)
			b[r.IntN(len(b))] = byte('A' + r.IntN(26))
			s = string(b)
		case 1: // one left out
			at := r.IntN(len(s))
			s = s[:at] + s[at+1:]
		case 2: // one too many
			at := r.IntN(len(s) + 1)
			s = s[:at] + string(rune('A'+r.IntN(26))) + s[at:]
		case 3: // neighbours swapped
			b := []byte(s)
			if at := r.IntN(len(b)); at > 0 {
				b[at-1], b[at] = b[at], b[at-1]
			}
			s = string(b)
		case 4:
			r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			s = strings.Join(words, " ")
		case 5: // two words run together
			if len(words) > 1 {
				at := 1 + r.IntN(len(words)-1)
				words[at-1] += words[at]
				s = strings.Join(slices.Delete(words, at, at+1), " ")
			}
		case 6: // a word in two
			if at := r.IntN(len(s)); at > 0 {
				s = s[:at] + " " + s[at:]
			}
		case 7: // a word left out
			if len(words) > 1 {
				at := r.IntN(len(words))
				s = strings.Join(slices.Delete(words, at, at+1), " ")
			}
		case 8: // an initial
			if len(words) > 1 {
				at := r.IntN(len(words))
				words[at] = words[at][:1] + "."
				s = strings.Join(words, " ")
			}
		}
		if s == "" {
			s = "X"
		}
	}
	return s
}

// TestRecall holds the index against a comparison with every listed name, on
// distorted names of the real list: what reaches the floor must be found, all
// of it, and as near. So the bound that saves comparisons is one.
func TestRecall(t *testing.T) {
	_, entries := realSDN(t)
	ix := newIndex("recall", entries)
	asked := 300
	if testing.Short() {
		asked = 24
	}
	all := map[list.Kind][]name{}
	for i := range ix.parts {
		p := &ix.parts[i]
		names := make([]name, p.names.len())
		for j := range names {
			names[j] = p.listed(int32(j)).name
		}
		all[p.kind] = names
	}
	r := rand.New(rand.NewPCG(11, 12))
	compared, reached := 0, 0
	for n := range asked {
		e := &entries[r.IntN(len(entries))]
		source := e.Name
		if k := len(e.Aliases); k > 0 && n%2 == 1 {
			source = e.Aliases[r.IntN(k)].Name
		}
		p := ix.part(e.Kind)
		text := distort(r, source)
		q := ask(text, p.kind)
		floor := Default.of(p.kind)
		if n%4 == 0 {
			floor = 0.6 // lower than any threshold: with --min-score
		}
		got := map[int32]float64{}
		for _, c := range p.near(&q, floor) {
			got[c.name] = c.closeness
		}
		for i := range all[p.kind] {
			compared++
			want := closeness(&q, &all[p.kind][i], p.kind)
			if want < floor {
				want = 0
			} else {
				reached++
			}
			if got[int32(i)] != want {
				t.Errorf("%s %q of %q: %q is %.4f near, the index says %.4f", p.kind, text, source, all[p.kind][i].text, want, got[int32(i)])
			}
		}
	}
	if reached < asked/2 {
		t.Errorf("only %d names reached the floor: the test shows little", reached)
	}
	t.Logf("%d questions, %d comparisons, %d reached the floor, all found by the index", asked, compared, reached)
}

// Every word of a vocabulary that is alike a word asked for is found.
func TestVocabularyFindsAllThatIsAlike(t *testing.T) {
	letters := rapid.SampledFrom([]rune("abcdiyoksz19"))
	text := rapid.StringOfN(letters, 1, 14, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := map[string]uint32{}
		for _, w := range rapid.SliceOfN(text, 1, 40).Draw(t, "words") {
			words[w] = 0
		}
		sorted := sortedWords(words)
		var w textsWriter
		for _, s := range sorted {
			w.add(s)
		}
		sections := w.sections()
		letters, from, files := files(sorted)
		var v vocabulary
		v.open(texts{u32s(sections[0]), string(sections[1])}, u32s(letters), u32s(from), u32s(files))
		asked := text.Draw(t, "asked")
		got := map[string]float64{}
		c := counts{shared: make([]uint8, len(sorted))}
		for _, l := range v.like(asked, &c) {
			got[v.words.at(int(l.word))] = l.alike
		}
		for _, s := range sorted {
			if want := alike(asked, s); got[s] != want {
				t.Fatalf("%q and %q are %.3f alike, the vocabulary says %.3f", asked, s, want, got[s])
			}
		}
	})
}

// What is kept of a vocabulary is bounded, whatever is asked for.
func TestKeptLikesAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	var w textsWriter
	words := make([]string, 0, 26*26)
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			words = append(words, "shipp"+string(a)+string(b)) // all of them alike
		}
	}
	for _, s := range words {
		w.add(s)
	}
	sections := w.sections()
	letters, from, files := files(words)
	var v vocabulary
	v.open(texts{u32s(sections[0]), string(sections[1])}, u32s(letters), u32s(from), u32s(files))
	c := counts{shared: make([]uint8, len(words))}
	asked, most := 0, 0
	for a := 'a'; a <= 'z'; a++ {
		for _, s := range words {
			asked += len(v.like(s[:5]+string(a)+s[5:], &c))
			held := 0
			for _, l := range v.kept {
				held += 1 + len(l)
			}
			if most = max(most, held); held != v.likes || held > maxKeptLikes {
				t.Fatalf("%d likenesses are kept, counted as %d", held, v.likes)
			}
		}
	}
	if asked < 2*maxKeptLikes || most < maxKeptLikes/2 {
		t.Errorf("%d likenesses in all, at most %d kept: it was not put to the test", asked, most)
	}
}

// Of the words of a real vocabulary exactly those are found by a spelling that
// match it, though most are not looked at.
func TestVocabularyFindsAllSpellings(t *testing.T) {
	_, entries := realSDN(t)
	ix := newIndex("spellings", entries)
	found := 0
	for _, text := range []string{"Владимир Путин", "Ёлкин Щур", "محمد عبد الله الحسن", "王小明", "김정은", "שלמה לוי", "สมชาย ใจดี", "Αλέξανδρος Παπάς", "山田太郎"} {
		q := ask(text, list.Person)
		p := ix.part(list.Person)
		q.spellings(func(how *spelling, _ float64) {
			if how.whole != nil {
				return
			}
			got := map[int32]bool{}
			p.vocab.spelled(how, func(w int32) { got[w] = true })
			for i := range p.vocab.words.len() {
				w := p.vocab.words.at(i)
				if want := how.matches(w); want != got[int32(i)] {
					t.Errorf("%s: %q matches: %v, found: %v", text, w, want, got[int32(i)])
				}
			}
			found += len(got)
		})
	}
	if found < 20 {
		t.Errorf("only %d words matched: the test shows little", found)
	}
}

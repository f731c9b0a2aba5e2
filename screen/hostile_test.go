package screen

import (
	"fmt"
	"strings"
	"testing"

	"navicert/list"
)

// manyServants is a name of maxWords words, each of which is taken apart.
func manyServants(with string) string {
	words := make([]string, maxWords)
	for i := range words {
		words[i] = fmt.Sprintf("abdul%c%s", 'a'+i, with)
	}
	return strings.Join(words, " ")
}

// A name has at most maxWords words, also when "Abdul" makes two of one.
func TestWordsTakenApartAreCounted(t *testing.T) {
	asked, listed := ask(manyServants("zaq"), list.Person), normalise(manyServants("zak"), list.Person)
	if len(asked.words) != maxWords || len(listed.words) != maxWords {
		t.Errorf("%d and %d words, want %d", len(asked.words), len(listed.words), maxWords)
	}
	if s := closeness(&asked, &listed, list.Person); s < 0.5 || s > mostOther {
		t.Errorf("closeness %v", s)
	}
	_, person := ships(t)
	ix := newIndex("k", []list.Entry{person, {ID: "9", Kind: list.Person, Name: "Abdul Karim"}, {ID: "10", Kind: list.Person, Name: manyServants("zak")}})
	if found := ix.part(list.Person).near(&asked, 0.3); len(found) == 0 {
		t.Error("nothing near")
	}
}

// Numerals as long as a name can be are compared like others, or not at all.
func TestLongNumerals(t *testing.T) {
	long := strings.Repeat("1", maxLetters)
	for _, c := range []struct {
		asked, listed []string
		want          bool
	}{
		{[]string{long, long}, []string{long, long[1:] + "2"}, true},
		{[]string{long, long, long}, []string{long, long, long[1:] + "2"}, false},
		{[]string{"1234"}, []string{"1235"}, true},
		{[]string{"123"}, []string{"124"}, false},
	} {
		if got := slippedMark(c.asked, c.listed); got != c.want {
			t.Errorf("%v, %v: %v", c.asked, c.listed, got)
		}
	}
}

// What a person has cleared is shown beyond any limit, and nothing that was cut
// off is kept in memory.
func TestCutKeepsWhatWasCleared(t *testing.T) {
	a := Answer{Hits: make([]Hit, 50)}
	a.Hits[40] = Hit{EntryID: "cleared", Cleared: &Cleared{ID: "c-1"}}
	a.cut(3)
	if len(a.Hits) != 4 || a.Hits[3].EntryID != "cleared" || a.More != 46 || cap(a.Hits) > 16 {
		t.Errorf("%d hits, %d more, room for %d", len(a.Hits), a.More, cap(a.Hits))
	}
}

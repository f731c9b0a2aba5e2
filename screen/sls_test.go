package screen

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSLS(t *testing.T) {
	for _, c := range []struct {
		asked, listed string
		want          int
	}{
		{"COPPER LANTERN", "COPPER LANTERN", 100},
		{"lantern copper", "COPPER LANTERN", 100}, // words in any order
		{"Lantern", "LANTERN, Copper", 100},       // those typed in are what counts
		{"Lantern A", "LANTERN, Copper", 100},     // a short word does not
		{"A", "B A", 100},                         // unless there is no other
		{"Lanterm", "LANTERN, Copper", 95},
		{"Nothing Alike", "ZUUK", 0},
		{"Фонарь", "LANTERN", 0}, // other scripts find nothing
		{"", "LANTERN", 0},
	} {
		if got := SLS(c.asked, c.listed); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.asked, c.listed, got, c.want)
		}
	}
}

func TestSoundex(t *testing.T) { // the examples of the National Archives' page on it
	for w, want := range map[string]string{
		"washington": "W252", "lee": "L000", "gutierrez": "G362", "pfister": "P236", "jackson": "J250",
		"tymczak": "T522", "vandeusen": "V532", "ashcraft": "A261",
	} {
		if got := soundex(w); got[1:] != want[1:] || got[0] != w[0] {
			t.Errorf("%s: %s, want %s", w, got, want)
		}
	}
}

func TestJaroWinkler(t *testing.T) {
	words := rapid.StringMatching(`[a-e]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		if s := jaroWinkler(a, b); s < 0 || s > 1 || (s == 1) != (a == b) {
			t.Fatalf("%q, %q: %v", a, b, s)
		}
	})
}

func TestScreenSLS(t *testing.T) {
	v := sampleView(t)
	a, err := v.ScreenSLS(Query{Kind: "vessel", Name: "LANTERN COPER"}, Options{})
	if err != nil || len(a.Hits) == 0 || a.Hits[0].EntryID != "9201" || len(a.Searched) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, h := range a.Hits {
		checkHit(t, h)
		if h.Match || h.Kind != "vessel" || h.Score < SLSMinimum {
			t.Errorf("%+v", h)
		}
	}
	if _, err := v.ScreenSLS(Query{}, Options{}); err == nil {
		t.Error("a question about nothing is answered")
	}
	if a, err := v.ScreenSLS(Query{IMO: 2000016}, Options{}); err != nil || len(a.Hits) != 0 {
		t.Errorf("a number alone: %+v, %v", a.Hits, err)
	}
}

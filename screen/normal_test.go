package screen

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"navicert/list"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		kind        list.Kind
		in          string
		text, marks string
	}{
		{list.Vessel, "COPPER LANTERN", "copper lantern", ""},
		{list.Vessel, "M/V Copper  Lantern", "copper lantern", ""},
		{list.Vessel, "m.t. COPPER-LANTERN", "copper lantern", ""},
		{list.Vessel, "Motor Tanker Copper Lantern", "copper lantern", ""},
		{list.Vessel, "MS", "ms", ""}, // all that there is
		{list.Vessel, "MARBLE FINCH II", "marble finch 2", "2"},
		{list.Vessel, "MARBLE FINCH 02", "marble finch 2", "2"},
		{list.Vessel, "MARBLE FINCH2", "marble finch 2", "2"},
		{list.Vessel, "Marble Finch No. 2", "marble finch 2", "2"},
		{list.Vessel, "MARBLE FINCH TWO", "marble finch 2", "2"},
		{list.Vessel, "GILT AVOCET I", "gilt avocet 1", "1"},
		{list.Vessel, "GILT AVOCET E", "gilt avocet e", "e"},
		{list.Vessel, "S E A HERON", "sea heron", ""},
		{list.Vessel, "VIII", "viii", ""},
		{list.Vessel, "7", "7", ""},
		{list.Vessel, "МЕДНЫЙ ФОНАРЬ", "medny fonar", ""},
		{list.Vessel, "FJÆRE Ø", "fjaere o", "o"},
		{list.Person, "TARVOSK, Imrel Danow", "imrel danow tarvosk", ""},
		{list.Person, "Imrel Danow Tarvosk", "imrel danow tarvosk", ""},
		{list.Person, "Mr. Imrel D. O'Tarvosk", "imrel d otarvosk", ""},
		{list.Person, "AL-NU'MAN, Sabeth", "sabeth al numan", ""},
		{list.Organization, "BRAMBLE TIDE SHIPPING CO., LTD.", "bramble tide shipping | limited", ""},
		{list.Organization, "Bramble Tide Shipping Company Limited", "bramble tide shipping | limited", ""},
		{list.Organization, "OOO Bramble Tide", "bramble tide | limited", ""},
		{list.Organization, "Limited Liability Company BRAMBLE & TIDE", "bramble tide | limited", ""},
		{list.Organization, "Limtied Liabilty Company BRAMBLE", "bramble | limited", ""},
		{list.Organization, "OBSIDIAN HERON TRADING S.A. de C.V.", "obsidian heron trading | stock", ""},
		{list.Organization, "11420 CORP.", "11420 | stock", ""},
		{list.Organization, "224TH FLIGHT UNIT", "224 flight unit", "224"},
		{list.Organization, "LLC", "llc", ""},
		{list.Organization, "-- !", "", ""},
		{list.Aircraft, "EX-QAA", "ex qaa", ""},
	} {
		n := normalise(c.in, c.kind)
		if n.text != c.text || strings.Join(n.marks, " ") != c.marks {
			t.Errorf("%s %q: %q with marks %v, want %q, %q", c.kind, c.in, n.text, n.marks, c.text, c.marks)
		}
	}
}

// Whatever comes in, what comes out is small ASCII letters and digits within
// the limits, and making it comparable again changes nothing.
func TestNormaliseProperties(t *testing.T) {
	kind := rapid.SampledFrom(kinds[:])
	rapid.Check(t, func(t *rapid.T) {
		checkNormal(t, rapid.String().Draw(t, "name"), kind.Draw(t, "kind"))
	})
}

type fataler interface{ Fatalf(string, ...any) }

func checkNormal(t fataler, s string, k list.Kind) {
	n := normalise(s, k)
	if len(n.words) > maxWords {
		t.Fatalf("%d words", len(n.words))
	}
	total := 0.0
	for _, w := range n.words {
		total += w.weight
		if w.weight <= 0 || len(w.text) == 0 || len(w.text) > maxLetters+maxWords {
			t.Fatalf("word %+v of %q", w, s)
		}
		for _, r := range w.text {
			if r > unicode.MaxASCII || !unicode.IsLower(r) && !unicode.IsDigit(r) {
				t.Fatalf("word %q of %q", w.text, s)
			}
		}
	}
	if total != n.weight {
		t.Fatalf("weight %v, words %v", n.weight, total)
	}
	if c := closeness(&n, &n, k); c != 1 && len(n.words) > 0 {
		t.Fatalf("%q is %v close to itself", s, c)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"M/V COPPER LANTERN II", "TARVOSK, Imrel", "S. DE R.L. DE C.V.", "МЕДНЫЙ", "نعمان", "清水 陽一", "'`&.,/", "a.b.c/d 1x2y3", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range kinds {
			checkNormal(t, s, k)
		}
		if len(s) < 200 {
			a := normalise(s, list.Vessel)
			b := normalise("COPPER LANTERN II", list.Vessel)
			if x, y := closeness(&a, &b, list.Vessel), closeness(&b, &a, list.Vessel); x < 0 || x > 1 || x != y {
				t.Errorf("closeness %v one way, %v the other", x, y)
			}
		}
	})
}

func TestCloseness(t *testing.T) {
	for _, c := range []struct {
		kind     list.Kind
		a, b     string
		min, max float64
	}{
		{list.Vessel, "COPPER LANTERN", "MT Copper Lantern", 1, 1},
		{list.Vessel, "COPPER LANTERN", "COPPERLANTERN", 0.98, 0.98},
		{list.Vessel, "COPPER LANTERN", "LANTERN COPPER", 0.97, 0.97},
		{list.Vessel, "COPPER LANTERN", "COPER LANTERN", 0.9, 0.96},
		{list.Vessel, "HERON", "HERUN", 0.79, 0.96}, // one slip in five letters
		{list.Vessel, "WREN", "WREM", 0, 0.78},      // in four it is another word
		{list.Vessel, "COPPER LANTERN", "COPPER", 0, 0.7},
		{list.Vessel, "COPPER LANTERN", "COPPER KETTLE", 0, 0.7},
		{list.Person, "Imrel Danow Tarvosk", "Imrel Tarvosk", 0.87, 0.95}, // a middle name left out
		{list.Person, "Imrel Danow Tarvosk", "Imrel Danow", 0, 0.9},
		{list.Person, "Imrel Danow Tarvosk", "Tarvosk", 0, 0.6},
		{list.Person, "Tetyana Qasimow", "Tetiana Kasimov", 0.92, 0.96},
		{list.Organization, "Quillmere Petroleum LLC", "Quillmere Petroleum Ltd", 1, 1},
		{list.Organization, "Quillmere Petroleum LLC", "Quillmere Petroleum", 0.96, 0.96},
		{list.Organization, "Quillmere Petroleum LLC", "Quillmere Petroleum AG", 0.96, 0.96},
		{list.Organization, "Quillmere Petroleum", "Petroleum Trading", 0, 0.6},
		{list.Organization, "11420 CORP.", "CORP.", 0, 0},
	} {
		a, b := ask(c.a, c.kind), normalise(c.b, c.kind)
		got := closeness(&a, &b, c.kind)
		if got < c.min || got > c.max {
			t.Errorf("%s %q, %q: %.3f, want %v to %v (%s)", c.kind, c.a, c.b, got, c.min, c.max, explain(&a, &b))
		}
		if back := closeness(&b, &a, c.kind); back != got {
			t.Errorf("%q, %q: %.4f, and %.4f the other way round", c.a, c.b, got, back)
		}
	}
}

func TestParseBirth(t *testing.T) {
	for _, c := range []struct {
		asked, listed string
		want          bool
	}{
		{"1961-03-14", "14 Mar 1961", true},
		{"1961-03-15", "14 Mar 1961", false},
		{"1961", "14 Mar 1961", true}, // a year is a year
		{"1961-03", "1961", true},
		{"1961-01-01", "1961", true},
		{"1962", "14 Mar 1961", false},
		{"1974", "circa 1975", true},
		{"1972", "circa 1975", false},
		{"1957-06-01", "1956 to 1958", true},
		{"1959", "1956 to 1958", false},
		{"1970", "between 1969 and 1971", true},
		{"1961-03", "Mar 1961", true},
	} {
		a, okA := parseBirth(c.asked)
		b, okB := parseBirth(c.listed)
		if !okA || !okB || a.overlaps(b) != c.want {
			t.Errorf("%q, %q: %v %v, %v", c.asked, c.listed, okA, okB, a.overlaps(b))
		}
	}
	for _, s := range []string{"", "1961-02-30", "31 Jun 1961", "yesterday", "19610314", "0001", "1958 to 1956", "circa", "to"} {
		if d, ok := parseBirth(s); ok {
			t.Errorf("%q was read as %v", s, d)
		}
	}
}

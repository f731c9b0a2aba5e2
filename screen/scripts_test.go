package screen

import (
	"strings"
	"testing"

	"navicert/list"
)

// Names in nine scripts and how they are written in Latin letters. They are
// names of places, public figures of history and ships' names that are words,
// none of them listed for it.
func TestScripts(t *testing.T) {
	for _, c := range []struct {
		script, asked, listed string
		kind                  list.Kind
		want                  bool
	}{
		{"Cyrillic", "Чайковский Пётр Ильич", "TCHAIKOVSKY, Pyotr Ilyich", list.Person, true},
		{"Cyrillic", "Юрий Гагарин", "GAGARIN, Yuri", list.Person, true},
		{"Cyrillic", "Юрій Гагарін", "Iurii Gagarin", list.Person, true},
		{"Cyrillic", "Юрий Гагарин", "GAGARINA, Olga", list.Person, false},
		{"Cyrillic", "Медный Всадник", "MEDNIY VSADNIK", list.Vessel, true},
		{"Cyrillic", "т/х Каштан", "KASHTAN", list.Vessel, true},
		{"Cyrillic", "ООО Северный Ветер", "SEVERNYY VETER LLC", list.Organization, true},
		{"Arabic", "نجيب محفوظ", "MAHFOUZ, Naguib", list.Person, true},
		{"Arabic", "عبد الرحمن منيف", "Abdelrahman Munif", list.Person, true},
		{"Arabic", "عبد الحليم حافظ", "HAFEZ, Abdul Halim", list.Person, true},
		{"Arabic", "أم كلثوم", "Umm Kulthum", list.Person, true},
		{"Arabic", "نجيب محفوظ", "Najib Mikati", list.Person, false},
		{"Arabic", "نجمة البحر", "NAJMAT AL BAHR", list.Vessel, true},
		{"Persian", "فروغ فرخزاد", "FARROKHZAD, Forough", list.Person, true},
		{"Persian", "محمد رضا شجریان", "Mohammad Reza Shajarian", list.Person, true},
		{"Persian", "پارس گل", "PARS GOL", list.Vessel, true},
		{"Persian", "فروغ فرخزاد", "Farid Farjad", list.Person, false},
		{"Hebrew", "דוד בן גוריון", "BEN GURION, David", list.Person, true},
		{"Hebrew", "גולדה מאיר", "MEIR, Golda", list.Person, true},
		{"Hebrew", "גולדה מאיר", "Gilad Amir", list.Person, false},
		{"Greek", "Μελίνα Μερκούρη", "MERCOURI, Melina", list.Person, true},
		{"Greek", "Νίκος Καζαντζάκης", "Nikos Kazantzakis", list.Person, true},
		{"Greek", "Αγία Μαρίνα", "AGIA MARINA", list.Vessel, true},
		{"Greek", "Μελίνα Μερκούρη", "Malena Mercado", list.Person, false},
		{"Chinese", "鲁迅", "LU, Xun", list.Person, true},
		{"Chinese", "孫中山", "Sun Zhongshan", list.Person, true},
		{"Chinese", "蔣介石", "Chiang Chieh-shih", list.Person, true}, // Wade-Giles
		{"Chinese", "远望", "YUAN WANG", list.Vessel, true},
		{"Chinese", "鲁迅", "LI, Xin", list.Person, false},
		{"Japanese", "ヘルマン・ヘッセ", "Hermann Hesse", list.Person, true},
		{"Japanese", "さくら", "SAKURA", list.Vessel, true},
		{"Japanese", "中村健", "NAKAMURA, Ken", list.Person, true},
		{"Japanese", "さくら", "SAKATA", list.Vessel, false},
		{"Korean", "박경리", "PARK, Kyong-ni", list.Person, true},
		{"Korean", "백석", "PAEK, Sok", list.Person, true},
		{"Korean", "이상화", "YI, Sang Hwa", list.Person, true},
		{"Korean", "윤동주", "Yoon Dong-ju", list.Person, true},
		{"Korean", "윤동주", "Yun Ju Dong", list.Person, false}, // other syllables first
		{"Korean", "무지개", "MU JI GAE", list.Vessel, true},
		{"Thai", "สมชาย", "Somchai", list.Person, true},
		{"Thai", "ปรีดี พนมยงค์", "Pridi Phanomyong", list.Person, true},
		{"Thai", "ปรีดี พนมยงค์", "Prida Phanich", list.Person, false},
		{"Thai", "นารี", "NAREE", list.Vessel, true},
	} {
		a, b := ask(c.asked, c.kind), normalise(c.listed, c.kind)
		score := closeness(&a, &b, c.kind)
		if got := score >= Default.of(c.kind); got != c.want {
			t.Errorf("%s: %q, %q: %.3f, want a match: %v (%s; %s)", c.script, c.asked, c.listed, score, c.want, a.text, explain(&a, &b))
		}
	}
}

// A text in another script keeps what is Latin in it, digits of any script
// become those of ours, and nothing but small ASCII is left.
func TestRomanise(t *testing.T) {
	for in, want := range map[string]string{
		"ЗВЕЗДА 2":      "zvezda 2",
		"نجم ٢":         "najam 2",
		"星 SEA 海":       "xing SEA hai",
		"Ἀγία":          "agia",
		"плюс+STAR":     "plyus+STAR",
		"":              "",
		"no other here": "no other here",
	} {
		got, _ := romanise(in)
		if got = strings.Join(strings.Fields(plain(got)), " "); got != strings.ToLower(want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzCompare compares any two names of each kind.
func FuzzCompare(f *testing.F) {
	for _, s := range []string{"M/T COPPER LANTERN II", "TARVOSK, Imrel", "Медный Всадник", "نجمة البحر", "星海 2", "백석", "ヘルマン", "ปรีดี", "Αγία", "L.L.C. \xff A&B", "т/х", "ー", "์"} {
		f.Add(s, "COPPER LANTERN 2")
	}
	f.Fuzz(func(t *testing.T, asked, listed string) {
		for _, k := range kinds {
			a, b := ask(asked, k), normalise(listed, k)
			for _, w := range a.words {
				if w.text == "" || w.weight <= 0 || strings.ContainsFunc(w.text, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
					t.Fatalf("%s %q: word %+v", k, asked, w)
				}
			}
			s := closeness(&a, &b, k)
			if s < 0 || s > 1 {
				t.Fatalf("%s %q, %q: %v", k, asked, listed, s)
			}
			if same := closeness(&a, &a, k); len(a.words) > 0 && same != 1 || same < s && len(a.words) > 0 {
				t.Fatalf("%s %q is %v near itself, %v near %q", k, asked, same, s, listed)
			}
			_ = explain(&a, &b)
		}
	})
}

package screen

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The tables of this file say how letters of other scripts are written in Latin
// ones, alternatives parted by "|". The first is the commonest, in it a word is
// shown. They hold ISO 9, BGN/PCGN, ALA-LC, McCune-Reischauer, Revised
// Romanization, Wade-Giles, Hepburn and RTGS beside what passports of the
// countries, and English, French and German newspapers, write.

// letters makes a table of lines "letters ways", where letters parted by commas
// are read alike.
func letters(lines string) map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(lines) {
		keys, ways, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		for _, k := range strings.Split(keys, ",") {
			table[k] = ways
		}
	}
	return table
}

var cyrillicLetters = letters(`
а a|o|ia
б b
в v|w|f|ff|b|u
г g|h|gh
ґ g
д d
е e|ye|ie|je|io|yo|i
є ie|e|ye|je
ё yo|e|io|jo|o|ie
ж zh|j|z|g|sh|s
з z|s
и i|y|e
і,ї i|yi|y|ji
й y|i|j|
к k|c|q|ck
кс ks|x|cs
л l
м m
н n
о o|a
п p
р r
с s|ss|c|z
т t
у u|ou|w|oo|oe|v
ў u|w|v
ф f|ph|v
х kh|h|ch|x|kg
ц ts|c|tz|z|tc|t
ч ch|tch|tsch|c|cs|tj|ts|tsj|cz
ш sh|sch|s|ch|sz|sj
щ shch|sch|sh|s|shtch|sht
ъ |a
ы y|i|e
ь |i|y|j
э e|ae
ю yu|iu|u|ju|io|ew|yoo
я ya|ia|a|ja|ea
ий,ый y|iy|i|ij|ii|yy|yi
ей ei|ey|ej|ay|ai|eii
дж j|dzh|dj|g|dsch
дж j|dzh|dj
ье ie|ye|iye|yie|e
ья ya|ia|iya|ja|a
ьев iev|yev|ev|iew
др dr|der
тр tr|ter
^е ye|e|ie|je
^э e
ђ dj|d|dz
ћ c|ch|tj
љ lj|l|ly
њ nj|n|ny
џ dz|dzh|j|dj
ј j|y|i
қ k|q
ғ gh|g
ң n|ng
ү,ұ u
ө o|u
ә a|e
һ h
`)

var greekLetters = letters(`
α a
β v|b|w
γ g|y|gh|j
δ d|dh
ε e
ζ z
η i|e|y
θ th|t
ι i|y|j
κ k|c
λ l
μ m
ν n
ξ x|ks|ch
ο,ω o|ou
π p
ρ r|rh
σ,ς s|sh|z|
τ t
υ y|i|u|v
φ f|ph
χ ch|h|kh|x|k
ψ ps
αι e|ai|ae
ει,οι i|ei|oi|e|y
ου ou|u|oo|w
αυ av|af|au
ευ ev|ef|eu
μπ b|mp|mb
ντ d|nt|nd
γκ,γγ g|ng|gk|nk
τζ tz|j|dz|dj|g
τσ ts|ch|tch|c|tsch
νδρ ndr|nder
δρος dros|der|dro|dre
ος os|o|
`)

func greekPlain(rs []rune) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(string(rs))))
}

var arabicLetters = letters(`
ا a|e|o|aa|ah|u|i
^ا a|e|i|o|u|ea
أ a|o|u|e|
إ i|e|
آ a|aa|o
ٱ a|e|i|o|u
ب b|p|v
پ p
ت,ٹ t
ث th|t|s
ج j|g|dj|zh|dzh|gu
چ ch|tch|c|tsch
ح h|
خ kh|k|h|x|j|ch
د,ڈ d
ذ dh|d|z|th
ر,ڑ r
ز z|s
ژ zh|j|g|z
س s|c|ss
ش sh|ch|s|sch|sj
تش ch|tch|tsh|c|tsch|cz
ص s|c|ss
ض d|dh|z|th
ط t|th
ظ z|dh|d|th
ع a|e|i|o|u||aa|ou
غ gh|g|rh
ف f|v|ph
ڤ v
ق q|k|g|c|gh|kh|gu
ك,ک k|c|q|g|ck|ch
گ g
ل l
م m
ن,ں n
ه,ہ,ھ,ۀ,ە h||eh|ah
ة a|ah|eh|e|at|ath|et|
و u|w|o|ou|oo|v|ow|au|aw|eu|uw|oe
ؤ u|o||w|ou
ي,ی i|y|e|ee|ei|ai|ey|ay|iy|j|ie
ى a|i|y|e|aa
ئ |i|y|e|a
ء |a
ے e|i|ay
`)

// arabicWords reads a word of Arabic, Persian or Urdu. The article is a word of
// its own, as it is in Latin letters: "al-Assad". Marks for short vowels are
// left out, as they nearly always are.
func arabicWords(rs []rune) []spelled {
	var bare []rune
	for _, r := range rs {
		if unicode.IsLetter(r) && r != 'ـ' {
			bare = append(bare, r)
		}
	}
	const article = 2
	if len(bare) > article+2 && bare[0] == 'ا' && bare[1] == 'ل' {
		al := spelled{"al", newSpelling([][]string{{"a", "e", "u", "i"}, {"l"}}, false, false)}
		return append([]spelled{al}, voweled(one(bare[article:], arabicLetters, true))...)
	}
	return voweled(one(bare, arabicLetters, true))
}

// voweled puts an "a" where three consonants, or two that begin a word, meet, so
// that a word can be read and is nearer to what it may be.
func voweled(ws []spelled) []spelled {
	for i, w := range ws {
		var b strings.Builder
		for j := range len(w.text) {
			if j > 0 && isConsonant(w.text[j]) && isConsonant(w.text[j-1]) && strings.IndexByte("h", w.text[j]) < 0 &&
				(j == 1 || j+1 == len(w.text) || isConsonant(w.text[j+1])) {
				b.WriteByte('a')
			}
			b.WriteByte(w.text[j])
		}
		ws[i].text = b.String()
	}
	return ws
}

func isConsonant(c byte) bool { return strings.IndexByte("aeiou", c) < 0 }

var hebrewLetters = letters(`
א |a|e|i|o|u
^א a|e|i|o|u|
ב b|v|w
ג g|j
ד d
ה h|a|ah|e|eh|
ו u|v|o|w|oo|ou|
ז z|s
ח h|ch|kh|x
ט t
י i|y|e|j|ee|ei|ai|ey|
כ,ך k|ch|kh|c|q
ל l
מ,ם m
נ,ן n
ס s|c
ע a||e|i|o|u
פ,ף p|f|ph
צ,ץ ts|tz|z|c|s|tch
ק k|q|c|ck
ר r
ש sh|s|sch
ת t|th|s
יי y|i|ay|ai|ei
וו v|w
`)

var thaiLetters = letters(`
ก k|g
ข,ค,ฆ,ฃ,ฅ kh|k|c|g
ง ng
จ ch|j|c|t
ฉ,ช,ฌ ch|t|sh
ซ s|t|z
ญ y|n
ด,ฎ d|t
ต,ฏ t|d
ถ,ท,ธ,ฐ,ฑ,ฒ th|t|d
น,ณ n
บ b|p|v
ป p|b
ผ,พ,ภ ph|p|b
ฝ,ฟ f|p|b
ม m
ย y|i||j
ร r|n|l|
ล,ฬ l|n
ว w|v|o|u||ao
ศ,ษ,ส s|t
ห h|
อ |o|a|or
ฮ h
ะ,ั a|u|
า a|ar|aa|ah
ำ am|um
ิ,ี i|ee|y|e
ึ,ื ue|u|eu|e
ุ,ู u|oo|o
ฤ rue|ri|ru|roe
รร an|a|ar|
`)

// thaiPlain leaves out tones, silenced consonants, and vowels written before
// the consonant that they follow in speech: the looseness puts them back.
func thaiPlain(rs []rune) []rune {
	var out []rune
	for _, r := range rs {
		switch {
		case r == '์': // silences the consonant before it, with a vowel on it
			for len(out) > 0 && unicode.Is(unicode.Mn, out[len(out)-1]) {
				out = out[:len(out)-1]
			}
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		case strings.ContainsRune("เแโใไ็่้๊๋ๆ", r):
		default:
			out = append(out, r)
		}
	}
	return out
}

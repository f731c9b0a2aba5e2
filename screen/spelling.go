package screen

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// A word in another script has no one spelling in Latin letters: بوتين is
// Putin, Boutin, Bouteen; 정 is Jong, Jung, Chung, Jeong. A spelling holds all
// of them at once: for each letter, or group that is read as one, the ways to
// write it. Standards of romanisation, the spelling of newspapers and what
// passports carry are alternatives side by side.
type spelling struct {
	tokens [][]string // in small ASCII letters; "" is a letter that may be left out
	// loose lets short vowels stand between the tokens: Arabic, Hebrew and Thai
	// leave them out.
	loose bool
	// strict words are compared by their spelling only: a slip of the pen in a
	// Chinese character makes another word, not one a letter away.
	strict bool
	first  uint32 // the letters that it can begin with, a bit each

	whole []string // instead of all these: whole words that are the same name
}

// minSpelled is how like a word is that can be a spelling of one in another
// script. It is less than an equal word, and more than any with a slip.
const minSpelled = 0.95

// maxSpelled is how long a Latin word may be that is held against a spelling: a
// bit for each place.
const maxSpelled = 62

func newSpelling(tokens [][]string, loose, strict bool) *spelling {
	s := &spelling{tokens: tokens, loose: loose, strict: strict}
	for _, alternatives := range tokens {
		empty := false
		for _, a := range alternatives {
			if a == "" {
				empty = true
			} else {
				s.first |= letterBit(a[0])
			}
		}
		if !empty {
			break
		}
	}
	return s
}

func letterBit(c byte) uint32 {
	if c < 'a' || c > 'z' {
		return 0
	}
	return 1 << (c - 'a')
}

// and returns the spelling of two words written as one.
func (s *spelling) and(o *spelling) *spelling {
	if s == nil || o == nil || s.whole != nil || o.whole != nil {
		return nil
	}
	tokens := append(append([][]string(nil), s.tokens...), o.tokens...)
	return newSpelling(tokens, s.loose || o.loose, s.strict || o.strict)
}

// matches reports whether a word in small Latin letters is a way to write it.
func (s *spelling) matches(w string) bool {
	if s.whole != nil {
		return slices.Contains(s.whole, w)
	}
	if w == "" || len(w) > maxSpelled || s.first&letterBit(w[0]) == 0 {
		return false
	}
	at := uint64(1) // the places in w that the tokens so far can end at
	for i, alternatives := range s.tokens {
		if s.loose && i > 0 {
			at = overVowels(at, w, 2)
		}
		var next uint64
		for j := 0; j <= len(w); j++ {
			if at&(1<<j) == 0 {
				continue
			}
			for _, a := range alternatives {
				if a == "" {
					next |= 1 << j
					continue
				}
				if !strings.HasPrefix(w[j:], a) {
					continue
				}
				end := j + len(a)
				next |= 1 << end
				if end < len(w) && w[end] == a[len(a)-1] { // written double
					next |= 1 << (end + 1)
				}
			}
		}
		if at = next; at == 0 {
			return false
		}
	}
	if s.loose {
		at = overVowels(at, w, 1)
	}
	return at&(1<<len(w)) != 0
}

// overVowels lets places move over so many vowels.
func overVowels(at uint64, w string, most int) uint64 {
	for range most {
		for j := len(w) - 1; j >= 0; j-- {
			if at&(1<<j) != 0 && strings.IndexByte("aeiou", w[j]) >= 0 {
				at |= 1 << (j + 1)
			}
		}
	}
	return at
}

// spelled is one word of a text in another script.
type spelled struct {
	text string // romanised one way, for a reader and for comparing letter by letter
	how  *spelling
}

// script names the scripts that have spellings.
type script int

const (
	latin script = iota // and all others that have none
	cyrillic
	greek
	arabic
	hebrew
	hangul
	han
	kana
	thai
)

func scriptOf(r rune) script {
	switch {
	case r <= unicode.MaxASCII:
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Hebrew, r):
		return hebrew
	case unicode.Is(unicode.Hangul, r):
		return hangul
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r), r == 'ー':
		return kana
	case unicode.Is(unicode.Thai, r):
		return thai
	}
	return latin
}

// romanise replaces the words of a text that are in another script by Latin
// ones, and returns for each of those the ways in which it can be written.
func romanise(s string) (string, map[string]*spelling) {
	rs := []rune(norm.NFKC.String(s))
	var out strings.Builder
	var how map[string]*spelling
	foreign := foreignInHangul(rs)
	for i := 0; i < len(rs); {
		sc := scriptOf(rs[i])
		if sc == latin || !unicode.IsLetter(rs[i]) {
			out.WriteRune(rs[i])
			i++
			continue
		}
		j := i + 1
		for j < len(rs) && (scriptOf(rs[j]) == sc && !unicode.IsDigit(rs[j]) || unicode.Is(unicode.Mn, rs[j])) {
			j++
		}
		words := wordsOf(sc, rs[i:j], foreign)
		apart := ""
		if len(words) > 1 || sc == han || sc == kana || sc == hangul { // these are not parted by blanks
			apart = " "
		}
		for _, w := range words {
			if how == nil {
				how = map[string]*spelling{}
			}
			out.WriteString(apart + w.text + apart)
			how[w.text] = w.how
		}
		i = j
	}
	return out.String(), how
}

// wordsOf reads one run of letters of a script.
func wordsOf(sc script, rs []rune, foreign bool) []spelled {
	switch sc {
	case cyrillic:
		return one(rs, cyrillicLetters, false)
	case greek:
		return one(greekPlain(rs), greekLetters, false)
	case arabic:
		return arabicWords(rs)
	case hebrew:
		return one(rs, hebrewLetters, true)
	case thai:
		return one(thaiPlain(rs), thaiLetters, true)
	case hangul:
		return hangulWords(rs, foreign)
	case kana:
		return kanaWords(rs)
	case han:
		return hanWords(rs)
	}
	return nil
}

// one reads a run as one word by a table of letters, groups of letters first.
// The first alternative of each makes the text. Letters that the table does not
// have are romanised as they come; marks are left out.
func one(rs []rune, table map[string]string, loose bool) []spelled {
	var text strings.Builder
	var tokens [][]string
	for i := 0; i < len(rs); {
		n := min(3, len(rs)-i)
		var alternatives []string
		for ; n > 0; n-- {
			key := strings.ToLower(string(rs[i : i+n]))
			if i == 0 {
				if v, ok := table["^"+key]; ok { // at the beginning of a word
					alternatives = strings.Split(v, "|")
					break
				}
			}
			if v, ok := table[key]; ok {
				alternatives = strings.Split(v, "|")
				break
			}
		}
		if n == 0 {
			n = 1
			if unicode.IsLetter(rs[i]) {
				if w := plainWord(string(rs[i])); w != "" {
					alternatives = []string{w}
				}
			}
		}
		if alternatives != nil {
			tokens = append(tokens, alternatives)
			text.WriteString(alternatives[0])
		}
		i += n
	}
	if len(tokens) == 0 {
		return nil
	}
	return []spelled{{text.String(), newSpelling(tokens, loose, false)}}
}

// plainWord romanises letters that have no table.
func plainWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(unidecode.Unidecode(s)))
}

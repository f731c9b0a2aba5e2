package screen

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"navicert/list"
)

// name is a name made comparable: in small ASCII letters and digits, split into
// words, with what says nothing about who it is set apart.
type name struct {
	text      string   // all words in order, and the legal form: equal texts are the same name
	words     []word   // what is compared
	marks     []string // numerals and, of ships, single letters: they tell hulls of one name apart
	legal     string   // the family of the legal form, "" when there is none
	weight    float64  // of all words
	romanised bool     // was written in another script

	asking *asking // of a name that is asked for; an index never has it
}

// asking is what is known of a name that is asked for besides what is known of
// listed ones.
type asking struct {
	// How each word, and each two neighbours joined, can be written; nil where
	// there is but one way.
	how, howJoined []*spelling

	person bool // initials stand for words
	strict bool // in a script whose syllables are words: their order counts
}

// word is one word of a name. Its weight says how much it tells: its length up
// to maxWordWeight, less for words that many names have.
type word struct {
	text   string
	weight float64
}

const (
	maxWordWeight = 8   // letters beyond the eighth add nothing
	genericShare  = 0.5 // weight of "shipping", "trading" against a word that is a name
	particleShare = 0.3 // weight of "al", "bin", "de"
	leastShipWord = 4   // weight of a ship's shortest word: YM HARMONY is not HARMONY
	markWeight    = 2   // weight of a numeral, whatever its length
	maxWords      = 24  // a name has at most so many words; the rest is not compared
	maxLetters    = 60  // nor the rest of a longer word
)

// normalise makes a name of an entry of some kind comparable: accents, case and
// punctuation go, other scripts are romanised, persons' names written "LAST,
// First" are put in the order of speech, ships lose "M/T" and the like, Roman
// numerals become Arabic, legal forms are set apart.
func normalise(s string, kind list.Kind) name {
	n := name{romanised: otherScript(s)}
	if n.romanised {
		s, _ = romanise(s)
	}
	if kind == list.Organization {
		s = partForm(s)
	}
	s = plain(s)
	if kind == list.Person {
		if last, first, ok := strings.Cut(s, ","); ok {
			s = first + " " + last
		}
	}
	words := split(s)
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	if kind == list.Person {
		words = dropLeading(words, isHonorific)
		n.text = strings.Join(words, " ")
		n.addWords(particles(words), kind)
		return n
	}
	words = joinLetters(words)
	if kind == list.Vessel {
		words = dropShipPrefix(words)
	} else {
		words = abbreviate(words)
		words, n.legal = cutLegalForm(words)
		words = slices.DeleteFunc(words, func(w string) bool { return len(words) > 1 && (w == "and" || w == "of" || w == "the") })
	}
	words = numerals(words, kind)
	n.text = strings.Join(words, " ")
	if n.legal != "" {
		n.text += " | " + n.legal
	}
	n.addWords(words, kind)
	if kind == list.Organization && n.legal == "" {
		n.lightenSlippedForm()
	}
	return n
}

// ask makes a name that is asked for comparable: as normalise does, and knowing
// in how many ways a word of another script, or a person's given name, can be
// written.
func ask(s string, kind list.Kind) name {
	n := normalise(s, kind)
	q := &asking{person: kind == list.Person}
	n.asking = q
	var foreign map[string]*spelling
	if n.romanised {
		_, foreign = romanise(s)
	}
	for i, w := range n.words {
		how := foreign[w.text]
		if how == nil && kind == list.Person {
			how = equalsOf(w.text)
		}
		if how == nil {
			continue
		}
		if q.how == nil {
			q.how, q.howJoined = make([]*spelling, len(n.words)), make([]*spelling, len(n.words))
		}
		q.how[i] = how
		q.strict = q.strict || how.strict
	}
	for i := 1; i < len(q.how); i++ {
		q.howJoined[i-1] = q.how[i-1].and(q.how[i])
	}
	return n
}

// spelled returns how one word from i, or two joined, can be written.
func (q *asking) spelled(i, words int) *spelling {
	switch {
	case q == nil || q.how == nil:
		return nil
	case words == 1:
		return q.how[i]
	}
	return q.howJoined[i]
}

func (q *asking) isStrict() bool { return q != nil && q.strict }

// like returns how like a word of the name from i, or two joined, whose text is
// given, is to a word of another name.
func (n *name) like(i, words int, text, other string) float64 {
	how := n.asking.spelled(i, words)
	switch {
	case text == other:
		return 1
	case n.asking != nil && n.asking.person && words == 1 && (len(text) == 1) != (len(other) == 1) && text[0] == other[0]:
		return initialAlike
	case how == nil:
		return alike(text, other)
	case how.matches(other):
		return minSpelled
	case how.strict:
		return 0
	}
	return alike(text, other)
}

// initialAlike is how like an initial is to a word that begins with it.
const initialAlike = 0.8

// addWords sorts words into those compared and marks, and weighs them. A name
// of marks only is compared by them.
func (n *name) addWords(words []string, kind list.Kind) {
	for _, w := range words {
		if kind != list.Person && (isDigits(w) || kind == list.Vessel && len(w) == 1) {
			n.marks = append(n.marks, w)
			continue
		}
		n.add(w, kind)
	}
	if len(n.words) == 0 {
		for _, m := range n.marks {
			n.add(m, kind)
		}
		n.marks = nil
	}
	slices.Sort(n.marks)
}

// add adds a word to those compared. There can be more than were read: "Abdul"
// is taken apart from what follows it.
func (n *name) add(w string, kind list.Kind) {
	if len(n.words) == maxWords {
		return
	}
	weight := float64(min(len(w), maxWordWeight))
	switch {
	case isDigits(w):
		weight = markWeight
	case kind == list.Person && (isParticle(w) || isTitle(w)):
		weight *= particleShare
	case kind == list.Person && isServant(w):
		weight *= genericShare
	case kind == list.Organization && isGeneric(w):
		weight *= genericShare
	case kind == list.Vessel:
		weight = max(weight, leastShipWord)
	}
	n.words = append(n.words, word{w, weight})
	n.weight += weight
}

// slippedFormShare is the weight of a word at a name's end that is one slip
// from a legal form, in a name that has none.
const slippedFormShare = 0.2

// lightenSlippedForm takes weight from a word at either end that is most likely
// a legal form with a slip: "GOO BITRIVER-B".
func (n *name) lightenSlippedForm() {
	if len(n.words) < 2 {
		return
	}
	lighten := func(i int) { n.words[i].weight *= slippedFormShare }
	for _, i := range []int{0, len(n.words) - 1} {
		if w := n.words[i].text; len(w) > 5 || !nearForm(w) {
			continue
		}
		lighten(i)
		if i > 1 && isForm(n.words[i-1].text) { // "CO LT"
			lighten(i - 1)
		}
	}
	n.weight = 0
	for _, w := range n.words {
		n.weight += w.weight
	}
}

// otherScript reports whether any letter is not Latin.
func otherScript(s string) bool {
	for _, r := range s {
		if r > unicode.MaxASCII && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return true
		}
	}
	return false
}

// plain returns the text in small ASCII letters.
func plain(s string) string {
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			s = unidecode.Unidecode(norm.NFC.String(s))
			break
		}
	}
	return strings.ToLower(s)
}

var unquote = strings.NewReplacer("'", "", "`", "", "&", " and ")

// split cuts plain text into words of letters or digits. Apostrophes join
// ("nu'man"), letters with full stops or strokes between are one word ("s.a.",
// "m/v"), a digit beside a letter begins a new word ("star18").
func split(s string) []string {
	var words []string
	for _, chunk := range strings.FieldsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '/' || r == '\'' || r == '`' || r == '&')
	}) {
		if strings.ContainsAny(chunk, "'`&") {
			chunk = unquote.Replace(chunk)
		}
		parts := strings.FieldsFunc(chunk, func(r rune) bool { return r == '.' || r == '/' || r == ' ' })
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return len(p) > 1 }) {
			parts = []string{strings.Join(parts, "")}
		}
		for _, p := range parts {
			words = append(words, splitDigits(p)...)
		}
	}
	return words
}

// splitDigits parts letters from digits and drops the ending of an ordinal.
func splitDigits(s string) []string {
	var out []string
	from := 0
	for i := 1; i <= len(s); i++ {
		if i < len(s) && isDigit(s[i]) == isDigit(s[i-1]) {
			continue
		}
		w := s[from:i]
		from = i
		ordinal := len(out) > 0 && isDigits(out[len(out)-1]) && (w == "st" || w == "nd" || w == "rd" || w == "th")
		if !ordinal {
			out = append(out, w[:min(len(w), maxLetters)])
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isDigits(s string) bool { return s != "" && isDigit(s[0]) } // words never mix

// joinLetters makes one word of single letters in a row: "s e a" is SEA.
func joinLetters(words []string) []string {
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && len(words[j]) == 1 && !isDigit(words[j][0]) {
			j++
		}
		if j > i+1 {
			out = append(out, strings.Join(words[i:j], ""))
			i = j
			continue
		}
		out = append(out, words[i])
		i++
	}
	return out
}

// dropLeading drops words from the front while they satisfy drop and others
// are left.
func dropLeading(words []string, drop func(string) bool) []string {
	for len(words) > 1 && drop(words[0]) {
		words = words[1:]
	}
	return words
}

// dropShipPrefix drops "mv", "motor tanker" and the like from the front.
func dropShipPrefix(words []string) []string {
	for len(words) > 2 && isShipPrefix(words[0]+" "+words[1]) {
		words = words[2:]
	}
	return dropLeading(words, isShipPrefix)
}

// numerals writes numbers in one way: Arabic, without leading zeros and without
// "no." before them. Roman numerals and number words count behind another word;
// one letter (I, V, X) only at a ship's name's end.
func numerals(words []string, kind list.Kind) []string {
	var out []string
	for i, w := range words {
		last := i == len(words)-1
		switch {
		case isDigits(w):
			if w = strings.TrimLeft(w, "0"); w == "" {
				w = "0"
			}
			if n := len(out); n > 1 && (out[n-1] == "no" || out[n-1] == "nr" || out[n-1] == "number") {
				out = out[:n-1]
			}
		case i == 0 || kind == list.Aircraft:
		case isTens(w) && i+1 < len(words) && len(numberWord(words[i+1])) == 1:
			w = numberWord(w)[:1] + numberWord(words[i+1])
			out = append(out, w)
			words[i+1] = ""
			continue
		case w == "":
			continue
		case len(w) > 1 || last && kind == list.Vessel:
			if r := roman(w); r != "" {
				w = r
			} else if d := numberWord(w); d != "" && last {
				w = d
			}
		}
		out = append(out, w)
	}
	return out
}

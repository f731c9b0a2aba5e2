// Package fields turns what the columns and elements of lists hold into the
// fields of entries. What cannot be used is counted under a reason that all
// forms share, and stays in the entry's row.
package fields

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"navicert"
	"navicert/list"
)

// Reasons in Publication.Rejected.
const (
	BadIMO        = "IMO number that fails its check digit or length, kept as an identifier"
	SecondIMO     = "second IMO number of one vessel, kept as an identifier"
	BadMMSI       = "MMSI without nine digits, kept in the row"
	BadCallSign   = "call sign that is none, kept in the row"
	BadCountry    = "country not recognised, kept as text"
	BadDate       = "date not recognised, kept in the row"
	RepeatedName  = "alias that repeats a name of its entry"
	NamelessAlias = "alias without a name"
)

// VesselNumber is the type of an IMO number that cannot be a hull's number.
const VesselNumber = "IMO number, not valid"

// Reader reads fields and counts what it cannot read. It is not safe for
// concurrent use.
type Reader struct {
	Rejected *navicert.Tally

	flags map[string]navicert.Flag
}

// Flag reads a country's name or code. Words that say that it is not known give
// none; what is not recognised is counted.
func (r *Reader) Flag(name string) navicert.Flag {
	name = strings.TrimSpace(name)
	f, seen := r.flags[name]
	if !seen {
		if r.flags == nil {
			r.flags = map[string]navicert.Flag{}
		}
		var err error
		if f, err = navicert.ParseFlag(name); err != nil { // "Iran (Islamic Republic of)"
			short, _, _ := strings.Cut(name, " (")
			f, _ = navicert.ParseFlag(short)
		}
		r.flags[name] = f
	}
	if f == "" && !NoCountry(name) {
		r.Rejected.Add(BadCountry, name)
	}
	return f
}

// NoCountry reports whether a country's place says that there is none.
func NoCountry(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "-", "unknown", "undetermined", "none identified", "none", "n/a", "na", "not known", "not available", "stateless":
		return true
	}
	return false
}

// IMO gives a vessel its IMO number, and others theirs as that of a company.
// Several may stand in one text, with anything but digits between them.
func (r *Reader) IMO(e *list.Entry, text string) {
	for _, digits := range strings.FieldsFunc(text, func(c rune) bool { return c < '0' || c > '9' }) {
		imo, err := navicert.ParseIMO(digits)
		id := list.Identifier{Type: VesselNumber, Value: digits}
		switch {
		case e.Kind != list.Vessel:
			id.Type = list.CompanyIMO
		case err != nil:
			r.Rejected.Add(BadIMO, e.ID+" "+digits)
		case e.IMO == 0 || e.IMO == imo:
			e.IMO = imo
			continue
		default:
			r.Rejected.Add(SecondIMO, e.ID+" "+digits)
			id.Type = "IMO number"
		}
		AddOnce(&e.Identifiers, id)
	}
}

// MMSI adds an MMSI.
func (r *Reader) MMSI(e *list.Entry, text string) {
	m, err := navicert.ParseMMSI(text)
	if err != nil {
		r.Rejected.Add(BadMMSI, e.ID+" "+text)
		return
	}
	AddOnce(&e.MMSIs, m)
}

// CallSign adds a call sign.
func (r *Reader) CallSign(e *list.Entry, text string) {
	c, err := navicert.ParseCallSign(text)
	if err != nil {
		r.Rejected.Add(BadCallSign, e.ID+" "+text)
		return
	}
	AddOnce(&e.CallSigns, c)
}

// Date reads a date in one of the layouts of package time; what cannot be read
// is counted, and an empty text is no date.
func (r *Reader) Date(text string, layouts ...string) navicert.Date {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			return navicert.DateOf(t)
		}
	}
	r.Rejected.Add(BadDate, text)
	return ""
}

// Alias gives an entry a further name. A strong alias replaces a weak one of the
// same name; a name that the entry has already is counted. The script of a name
// in other letters than Latin is set when it is not given.
func (r *Reader) Alias(e *list.Entry, a list.Alias) {
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	if a.Name == "" {
		r.Rejected.Add(NamelessAlias, e.ID)
		return
	}
	if a.Kind == "" {
		a.Kind = list.AKA
	}
	if a.Script == "" {
		a.Script = Script(a.Name)
	}
	i := slices.IndexFunc(e.Aliases, func(h list.Alias) bool { return h.Name == a.Name })
	switch {
	case a.Name == e.Name, i >= 0 && (a.Weak || !e.Aliases[i].Weak):
		r.Rejected.Add(RepeatedName, e.ID+" "+a.Name)
	case i >= 0:
		e.Aliases[i] = a
	default:
		e.Aliases = append(e.Aliases, a)
	}
}

// scripts are the ISO 15924 codes of the scripts that lists hold.
var scripts = [...]struct {
	code  string
	table *unicode.RangeTable
}{
	{"Cyrl", unicode.Cyrillic},
	{"Arab", unicode.Arabic},
	{"Hebr", unicode.Hebrew},
	{"Grek", unicode.Greek},
	{"Hang", unicode.Hangul},
	{"Kana", unicode.Katakana},
	{"Hira", unicode.Hiragana},
	{"Hani", unicode.Han},
	{"Thai", unicode.Thai},
	{"Geor", unicode.Georgian},
	{"Armn", unicode.Armenian},
	{"Deva", unicode.Devanagari},
	{"Beng", unicode.Bengali},
	{"Mymr", unicode.Myanmar},
	{"Khmr", unicode.Khmer},
	{"Ethi", unicode.Ethiopic},
}

// Script is the ISO 15924 code of the first letter that is not Latin, or "" when
// all are, or the script is none of those that lists hold.
func Script(name string) string {
	for _, c := range name {
		if c < 0x250 {
			continue
		}
		for _, s := range scripts {
			if unicode.Is(s.table, c) {
				return s.code
			}
		}
	}
	return ""
}

// Measures gives an entry its measures; none is the fallback.
func Measures(e *list.Entry, measures []list.Measure, fallback list.Measure) {
	e.Measure, e.Measures = fallback, nil
	var all []list.Measure
	for _, m := range list.Measures() {
		if slices.Contains(measures, m) {
			all = append(all, m)
		}
	}
	if len(all) > 0 {
		e.Measure = all[0]
	}
	if len(all) > 1 {
		e.Measures = all
	}
}

// Split cuts a text at any of the separators and drops blanks and empty parts.
func Split(text, separators string) []string {
	var parts []string
	for _, p := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// Join puts parts that are not empty together.
func Join(separator string, parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, separator)
}

// AddOnce appends v unless it is zero or there already.
func AddOnce[T comparable](s *[]T, v T) {
	var zero T
	if v != zero && !slices.Contains(*s, v) {
		*s = append(*s, v)
	}
}

// IDs finds entries that are in a file twice.
type IDs map[string]int

// Add notes an entry's number and the line it stands on, or returns the error of
// one that is there already.
func (s IDs) Add(id, at string, line int) error {
	if first, twice := s[id]; twice {
		return navicert.Errorf(navicert.Invalid, "list", at, "entry %s is already on line %s", id, strconv.Itoa(first)).
			WithHint("are two publications in one file?")
	}
	s[id] = line
	return nil
}

// What an entry keeps of a long row.
const (
	longRow  = 4 << 10 // bytes from which a row is cut
	keptHead = 1 << 10 // bytes that stay
)

// Row is what an entry keeps of its source row: all of it, or, where it has
// thousands of bytes, its beginning and the hash of the whole.
func Row(raw []byte) string {
	if len(raw) < longRow {
		return string(raw)
	}
	head := raw[:keptHead]
	for len(head) > 0 && !utf8.RuneStart(raw[len(head)]) {
		head = head[:len(head)-1]
	}
	return fmt.Sprintf("%s… sha256:%x of %d bytes", head, sha256.Sum256(raw), len(raw))
}

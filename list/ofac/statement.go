package ofac

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Reasons in Publication.Rejected of the XML forms.
const (
	noSanctions = "party without an entry on the list, its measure taken from the list"
	unknownWord = "value that its reference set does not name, kept as its number"
	lostLink    = "link to a party that is not in the file, kept without its name"
	badDate     = "date that is none, kept as text"
)

// say takes a statement as the CSV form would word it in its remarks: what has
// a field goes there, and everything that has none is kept in the remarks.
func (b *builder) say(e *list.Entry, s string) {
	n := len(e.Identifiers)
	if b.quotedAlias(e, s) || b.statement(e, s) {
		return
	}
	if b.identifier(e, s); len(e.Identifiers) == n {
		remark(e, s)
	}
}

// sayAll takes the statements of remarks, of which this form may put the links
// in brackets.
func (b *builder) sayAll(e *list.Entry, remarks string) {
	for _, s := range strings.Split(strings.TrimSuffix(remarks, "."), "; ") {
		s = strings.TrimSpace(s)
		if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
			s = s[1 : len(s)-1]
		}
		if s = strings.TrimPrefix(s, "alt. "); s != "" {
			b.say(e, s)
		}
	}
}

// remark adds a statement to the remarks.
func remark(e *list.Entry, s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	if e.Remarks = strings.TrimSuffix(e.Remarks, "."); e.Remarks != "" {
		e.Remarks += "; "
	}
	e.Remarks += strings.TrimSuffix(s, ".") + "."
}

// numbered is a document or number as the XML forms hold it.
type numbered struct {
	typ, value, country, issued, expires string
	note                                 string // what is said of it beside: "Fraudulent"
}

// number takes a number: a ship's register and MMSI go to their fields, others
// are identifiers. Its dates and what is said of it are kept in the remarks.
func (b *builder) number(e *list.Entry, n numbered) {
	if n.typ == "" {
		n.typ = "Number"
	}
	value := n.value
	if n.country != "" {
		value += " (" + n.country + ")"
	}
	if n.value == "" {
		remark(e, strings.TrimSpace(n.typ+" "+value)) // "Gender Male" is written with a value, but not all are
		return
	}
	if n.issued+n.expires+n.note != "" {
		s := n.typ + " " + value
		if n.issued != "" {
			s += " issued " + n.issued
		}
		if n.expires != "" {
			s += " expires " + n.expires
		}
		if n.note != "" {
			s += ": " + n.note
		}
		remark(e, s)
	}
	switch n.typ {
	case "Vessel Registration Identification":
		b.registration(e, value)
		return
	case "MMSI":
		b.mmsi(e, n.value)
		return
	}
	id := list.Identifier{Type: strings.TrimSuffix(n.typ, " -"), Value: value}
	b.bracketedCountry(&id)
	if digits, ok := strings.CutPrefix(id.Value, "IMO "); ok && e.Kind != list.Vessel {
		id.Type, id.Value = list.CompanyIMO, strings.TrimSpace(digits)
	}
	if !slices.Contains(e.Identifiers, id) {
		e.Identifiers = append(e.Identifiers, id)
	}
}

// isNumber reports whether a kind of statement of the SDN.XML form's list of
// numbers is really a number: that list holds features too ("Gender", "Former
// Vessel Flag").
func isNumber(typ string) bool {
	if typ == "Vessel Registration Identification" || typ == "MMSI" {
		return true
	}
	return identifierType(typ+" ") == typ
}

// address adds a place. What is empty is left out.
func (b *builder) address(e *list.Entry, street, city, country string) {
	var parts []string
	for _, p := range [...]string{street, city, country} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return // says only that no address is known
	}
	a := list.Address{Street: street, City: city, Country: b.flag(country), Text: strings.Join(parts, ", ")}
	e.Addresses = append(e.Addresses, a)
	addOnce(&e.Countries, a.Country)
}

// cityLine is a city, its state or province and its code, as the CSV form
// writes them in one column.
func cityLine(city, state, code string) string {
	s := city
	if state != "" {
		if s != "" {
			s += ", "
		}
		s += state
	}
	if code != "" {
		if s != "" {
			s += " "
		}
		s += code
	}
	return s
}

// fullName is a name as OFAC writes it on one line: "LAST, First Middle".
func fullName(last, first string) string {
	switch {
	case last == "":
		return first
	case first == "":
		return last
	}
	return last + ", " + first
}

// aliasKind reads "a.k.a.", "A.K.A.", "F.K.A." and so on; a second name that is
// only called a name is also one.
func aliasKind(s string) list.AliasKind {
	switch strings.ToLower(strings.ReplaceAll(s, ".", "")) {
	case "fka":
		return list.FKA
	case "nka":
		return list.NKA
	case "aka", "name", "":
		return list.AKA
	}
	return ""
}

// add keeps an entry; a second one of the same number is an error.
func (b *builder) add(d *document, e list.Entry) error {
	if n, err := strconv.ParseUint(e.ID, 10, 32); err != nil || n == 0 {
		return d.fail(navicert.Invalid, "an entry's number, %s, is none", strconv.Quote(e.ID))
	}
	if _, twice := b.byID[e.ID]; twice {
		return d.fail(navicert.Invalid, "entry %s is there twice", e.ID).WithHint("are two publications in one file?")
	}
	if e.Name == "" {
		return d.fail(navicert.Invalid, "entry %s has no name", e.ID)
	}
	b.byID[e.ID] = len(b.entries)
	b.entries = append(b.entries, e)
	return nil
}

// setMeasures orders measures and drops those that are there twice; none is the
// list's own.
func (b *builder) setMeasures(e *list.Entry, found []list.Measure) {
	e.Measure, e.Measures = b.measure, nil
	var all []list.Measure
	for _, m := range list.Measures() {
		if slices.Contains(found, m) {
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

// measureOf reads the name of a kind of sanction. "Block" blocks; the others
// (rejected transactions, debt and equity of the directives, correspondent
// accounts) restrict. "Program" only names the programme.
func measureOf(typ string) list.Measure {
	if strings.EqualFold(typ, "Block") {
		return list.Block
	}
	return list.Restrict
}

// scripts are the ISO 15924 codes of the scripts that OFAC names; it writes
// some of them by code and some by word. Latin is the rule and is not noted.
func scriptCode(s string) string {
	switch strings.ToLower(s) {
	case "", "latin", "latn":
		return ""
	case "arabic", "arab":
		return "Arab"
	case "armenian", "armn":
		return "Armn"
	case "chinese simplified", "simplified chinese", "hans":
		return "Hans"
	case "chinese traditional", "traditional chinese", "hant":
		return "Hant"
	case "cyrillic", "cyrl":
		return "Cyrl"
	case "georgian", "geor":
		return "Geor"
	case "greek", "grek":
		return "Grek"
	case "hebrew", "hebr":
		return "Hebr"
	case "japanese", "jpan":
		return "Jpan"
	case "korean", "kore":
		return "Kore"
	}
	if len(s) == 4 {
		return s
	}
	return ""
}

// calendarDay is a day as the XML forms hold it.
type calendarDay struct{ year, month, day int }

func (c calendarDay) valid() bool {
	t := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	return c.year > 0 && c.year < 10000 && t.Year() == c.year && int(t.Month()) == c.month && t.Day() == c.day
}

func (c calendarDay) date() navicert.Date {
	return navicert.DateOf(time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC))
}

func (c calendarDay) lastOfMonth() bool {
	return c.day == time.Date(c.year, time.Month(c.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// words writes the time from one day to another as OFAC does in remarks: a day,
// a month or a year that is meant whole, or "14 Mar 1961 to 18 Mar 1963". A year
// alone is a year, not its first day.
func words(from, to calendarDay, about bool) string {
	const day, month = "02 Jan 2006", "Jan 2006"
	write := func(c calendarDay, layout string) string {
		return time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC).Format(layout)
	}
	var s string
	wholeYears := from.month == 1 && from.day == 1 && to.month == 12 && to.day == 31
	wholeMonths := from.day == 1 && to.lastOfMonth()
	switch {
	case from == to:
		s = write(from, day)
	case wholeYears && from.year == to.year:
		s = itoa(from.year)
	case wholeYears:
		s = itoa(from.year) + " to " + itoa(to.year)
	case wholeMonths && from.year == to.year && from.month == to.month:
		s = write(from, month)
	case wholeMonths:
		s = write(from, month) + " to " + write(to, month)
	default:
		s = write(from, day) + " to " + write(to, day)
	}
	if about {
		s = "circa " + s
	}
	return s
}

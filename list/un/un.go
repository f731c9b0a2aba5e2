// Package un reads the United Nations Security Council Consolidated List in its
// XML form: one file of individuals and entities under all its regimes.
//
//	<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">
//	  <INDIVIDUALS><INDIVIDUAL><DATAID>…<FIRST_NAME>…<REFERENCE_NUMBER>KPi.001 …
//	  <ENTITIES><ENTITY>…
//
// The day of publication is that of dateGenerated. An entry's number is its
// permanent reference number, by which States refer to it.
//
// # Measures
//
// The file does not say what a listing demands. Every regime on the list
// freezes assets, so every entry is blocked. Most also ban travel, and some the
// supply of arms; which do for whom is in the resolutions, not in the file, and
// is not added here.
//
// # Ships
//
// The file has no record of ships. The 1718 Committee keeps those it has
// designated on a list of its own. IMO numbers in comments are those of ships
// that an entity runs or of the entity itself as a company; only the latter,
// "International Maritime Organization (IMO) Number: 1234567", is read.
package un

import (
	"bytes"
	"context"
	"io/fs"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/record"
	"navicert/list/xmlstream"
)

// MaxAgeDays is how old the list may be and still show that somebody is not on
// it. The file is generated daily whether or not it changed; in the list of
// February 2026 there are 9 days of change in the year before. A week leaves time
// for a source that is down over a long weekend.
const MaxAgeDays = 7

// maxFileBytes is the most that the file may have: twenty-four times
// that of February 2026 (2.0 MB).
const maxFileBytes = 48 << 20

// Format returns the format.
func Format() list.Format { return format{} }

type format struct{}

func (format) Info() list.Info {
	return list.Info{
		Name: "un-xml", List: "un", Title: "United Nations Security Council Consolidated List",
		Files: "un_consolidated.xml (or consolidated.xml)", MaxAgeDays: MaxAgeDays, Dated: true,
	}
}

// search does not go by "consolidated.xml", as the UN names the file, since OFAC
// names one of its own so; it looks into it.
var search = list.Search{
	Names: []string{"un_consolidated.xml"}, Ending: ".xml",
	Is: func(head []byte) bool { return bytes.Contains(head, []byte("<CONSOLIDATED_LIST")) },
}

func (format) Recognise(fsys fs.FS) (bool, error) {
	name, err := search.Find(fsys)
	return name != "", err
}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.Info(), src)
	r, err := record.Open(ctx, src, f.Info(), search, maxFileBytes)
	if err != nil {
		return p, nil, err
	}
	defer r.Close()
	root, err := r.Root("CONSOLIDATED_LIST")
	if err != nil {
		return p, nil, err
	}
	stated, _, _ := strings.Cut(record.Attr(root, "dateGenerated"), "T")
	day, err := navicert.ParseDate(stated)
	if err != nil {
		return p, nil, r.Fail(navicert.Invalid, "dateGenerated: %w", err)
	}
	if p.Date, err = list.DateOf(src, r.Name, day); err != nil {
		return p, nil, err
	}
	b := builder{Reader: r, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, ids: fields.IDs{}}
	if err := b.sections(); err != nil {
		return p, nil, err
	}
	if err := r.End(); err != nil {
		return p, nil, err
	}
	if len(b.entries) == 0 {
		return p, nil, navicert.Errorf(navicert.Invalid, "list", r.Name, "it holds no entries")
	}
	p.SHA256 = r.SHA256()
	p.CountVessels(b.entries)
	p.Aliases, p.Addresses = b.aliases, b.addresses
	return p, b.entries, nil
}

// builder makes entries of records.
type builder struct {
	*record.Reader
	fields    fields.Reader
	simulated bool
	ids       fields.IDs

	entries            []list.Entry
	aliases, addresses int
}

// sections reads the two parts of the file, each of which must be there.
func (b *builder) sections() error {
	var individuals, entities bool
	err := b.Children(func(n xmlstream.Node) error {
		switch name := string(n.Name()); {
		case name == "INDIVIDUALS" && !individuals:
			individuals = true
			b.Enter()
			return b.Each(func(n xmlstream.Node) error { return b.entry(n, "INDIVIDUAL", list.Person) })
		case name == "ENTITIES" && !entities:
			entities = true
			b.Enter()
			return b.Each(func(n xmlstream.Node) error { return b.entry(n, "ENTITY", list.Organization) })
		default:
			return b.Fail(navicert.Unsupported, "a part <%s> that the form does not have, or has once", name)
		}
	})
	if err == nil && (!individuals || !entities) {
		err = b.Fail(navicert.Invalid, "<INDIVIDUALS> or <ENTITIES> is missing").WithHint("is it the whole list?")
	}
	return err
}

// entry makes an entry of a record.
func (b *builder) entry(n xmlstream.Node, element string, kind list.Kind) error {
	if !n.Is(element) {
		return b.Fail(navicert.Unsupported, "<%s> where <%s> is due", n.Name(), element)
	}
	text := func(name string) string { return record.Text(n, name) }
	e := list.Entry{
		ID: text("REFERENCE_NUMBER"), Kind: kind, Measure: list.Block, Row: b.Raw(), Simulated: b.simulated,
		Name:   fields.Join(" ", text("FIRST_NAME"), text("SECOND_NAME"), text("THIRD_NAME"), text("FOURTH_NAME")),
		Gender: text("GENDER"), Remarks: text("COMMENTS1"),
	}
	if e.ID == "" || e.Name == "" {
		return b.Fail(navicert.Invalid, "an entry without a reference number or name")
	}
	if err := b.ids.Add(e.ID, b.At(), b.Line()); err != nil {
		return err
	}
	if regime := text("UN_LIST_TYPE"); regime != "" {
		e.Programmes = []string{regime}
	}
	e.Listed = b.fields.Date(text("LISTED_ON"), "2006-01-02", "2006-01-02-07:00", "2006-01-02Z07:00")
	if name := text("NAME_ORIGINAL_SCRIPT"); name != "" {
		b.fields.Alias(&e, list.Alias{Name: name, Kind: list.AKA})
	}
	for c := range n.Children() {
		b.part(&e, c)
	}
	b.companyNumber(&e)
	b.entries = append(b.entries, e)
	return nil
}

// part reads one child of a record that can be there several times.
func (b *builder) part(e *list.Entry, n xmlstream.Node) {
	switch string(n.Name()) {
	case "NATIONALITY":
		for v := range n.Children() {
			fields.AddOnce(&e.Countries, b.fields.Flag(string(v.Text())))
		}
	case "INDIVIDUAL_ALIAS", "ENTITY_ALIAS":
		b.alias(e, n)
	case "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS":
		b.address(e, n)
	case "INDIVIDUAL_DATE_OF_BIRTH":
		fields.AddOnce(&e.BirthDates, birthDate(n))
	case "INDIVIDUAL_DOCUMENT":
		b.document(e, n)
	}
}

// alias reads a name and its quality: Good or Low for individuals, a.k.a. or
// f.k.a. for entities.
func (b *builder) alias(e *list.Entry, n xmlstream.Node) {
	name, note := record.Text(n, "ALIAS_NAME"), strings.ToLower(record.Text(n, "NOTE"))
	if name == "" {
		return // the form writes an empty element where there is no alias
	}
	b.aliases++
	a := list.Alias{Name: name, Kind: list.AKA}
	switch record.Text(n, "QUALITY") {
	case "Low":
		a.Weak = true
	case "f.k.a.":
		a.Kind = list.FKA
	}
	if strings.HasPrefix(note, "previously listed as") || strings.HasPrefix(note, "formerly listed as") {
		a.Kind = list.FKA
	}
	b.fields.Alias(e, a)
}

func (b *builder) address(e *list.Entry, n xmlstream.Node) {
	a := list.Address{Street: record.Text(n, "STREET"), City: record.Text(n, "CITY")}
	country := record.Text(n, "COUNTRY")
	a.Text = fields.Join(", ", a.Street, a.City, record.Text(n, "STATE_PROVINCE"), record.Text(n, "ZIP_CODE"), country, record.Text(n, "NOTE"))
	if a.Text == "" {
		return
	}
	b.addresses++
	a.Country = b.fields.Flag(country)
	fields.AddOnce(&e.Countries, a.Country)
	e.Addresses = append(e.Addresses, a)
}

// birthDate is a date of birth as the list words it: "1971", "circa 1960",
// "between 1962 and 1964", with its note.
func birthDate(n xmlstream.Node) string {
	when := record.Text(n, "DATE")
	when, _, _ = strings.Cut(when, "T")
	if when == "" {
		when = record.Text(n, "YEAR")
	}
	from, to := record.Text(n, "FROM_YEAR"), record.Text(n, "TO_YEAR")
	if when == "" && from != "" && to != "" {
		when = "between " + from + " and " + to
	}
	if when != "" && record.Text(n, "TYPE_OF_DATE") == "APPROXIMATELY" {
		when = "circa " + when
	}
	if note := record.Text(n, "NOTE"); note != "" && when != "" {
		return when + " (" + note + ")"
	} else if note != "" {
		return note
	}
	return when
}

func (b *builder) document(e *list.Entry, n xmlstream.Node) {
	number := record.Text(n, "NUMBER")
	if number == "" {
		return
	}
	id := list.Identifier{Type: record.Text(n, "TYPE_OF_DOCUMENT"), Value: number}
	if id.Type == "" {
		id.Type = record.Text(n, "TYPE_OF_DOCUMENT2")
	}
	if id.Type == "" {
		id.Type = "document"
	}
	country := record.Text(n, "ISSUING_COUNTRY")
	if country == "" {
		country = record.Text(n, "COUNTRY_OF_ISSUE")
	}
	id.Country = b.fields.Flag(country)
	fields.AddOnce(&e.Identifiers, id)
}

// companyMark is what stands before a company's own IMO number.
const companyMark = "International Maritime Organization (IMO) Number:"

func (b *builder) companyNumber(e *list.Entry) {
	_, rest, ok := strings.Cut(e.Remarks, companyMark)
	rest = strings.TrimSpace(rest)
	if !ok || len(rest) < 7 || strings.Trim(rest[:7], "0123456789") != "" {
		return
	}
	fields.AddOnce(&e.Identifiers, list.Identifier{Type: list.CompanyIMO, Value: rest[:7]})
}

package eu

import (
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// builder makes entries of entities, one after the other.
type builder struct {
	pub       *list.Publication
	fields    fields.Reader
	simulated bool
	ids       fields.IDs

	now     *draft
	entries []list.Entry
}

// draft is the entity that is being read.
type draft struct {
	list.Entry
	rows table.Rows
}

// open begins an entity.
func (b *builder) open(id, class, at string, line int) error {
	d := &draft{Entry: list.Entry{ID: id, Measure: list.Block, Simulated: b.simulated}}
	switch strings.ToLower(class) {
	case "p", "person":
		d.Kind = list.Person
	case "e", "enterprise":
		d.Kind = list.Organization
	default:
		return navicert.Errorf(navicert.Unsupported, "list", at, "subject type %q is neither P (person) nor E (enterprise)", class)
	}
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return navicert.Errorf(navicert.Invalid, "list", at, "logical id %q is no number", id).WithHint("is the file damaged?")
	}
	if err := b.ids.Add(id, at, line); err != nil {
		return err
	}
	b.now = d
	return nil
}

// close ends the entity that is being read, if one is.
func (b *builder) close() error {
	d := b.now
	b.now = nil
	if d == nil {
		return nil
	}
	if d.Name == "" {
		return navicert.Errorf(navicert.Invalid, "list", "entity "+d.ID, "it has no name")
	}
	if d.Row == "" {
		d.Row = d.rows.String()
	}
	b.entries = append(b.entries, d.Entry)
	return nil
}

// entity reads what an entity itself says.
func (b *builder) entity(get attributes) {
	for _, id := range [...]list.Identifier{
		{Type: "EU reference", Value: get("euReferenceNumber")}, {Type: "UN reference", Value: get("unitedNationId")},
	} {
		if id.Value != "" {
			b.now.Identifiers = append(b.now.Identifiers, id)
		}
	}
	b.now.Listed = b.fields.Date(get("designationDate"), "2006-01-02", "02/01/2006")
	b.remark(get("designationDetails"))
}

func (b *builder) basis(programme, title string) {
	fields.AddOnce(&b.now.Programmes, programme)
	fields.AddOnce(&b.now.LegalBasis, title)
}

// remark adds a remark. The CSV writes a line break as \n.
func (b *builder) remark(text string) {
	b.now.Remarks = fields.Join("; ", b.now.Remarks, strings.ReplaceAll(text, `\n`, " "))
}

// name reads a name. The list does not say which is the primary: the first is
// taken. A name is weak where the XML says that it is not strong, or its remark
// that it is of low quality; former where its remark says so in English.
func (b *builder) name(get attributes, remark string) {
	d := b.now
	whole := get("wholeName")
	if whole == "" {
		whole = fields.Join(" ", get("firstName"), get("middleName"), get("lastName"))
	}
	switch g := get("gender"); {
	case d.Gender != "":
	case g == "M":
		d.Gender = "male"
	case g == "F":
		d.Gender = "female"
	}
	b.pub.Aliases++
	remark = strings.ToLower(remark)
	a := list.Alias{Name: whole, Kind: list.AKA, Weak: get("strong") == "false" || strings.Contains(remark, "low quality")}
	if strings.HasPrefix(remark, "formerly") || strings.HasPrefix(remark, "former name") || strings.HasPrefix(remark, "previous") {
		a.Kind = list.FKA
	}
	if d.Name == "" && whole != "" {
		d.Name = strings.Join(strings.Fields(whole), " ")
		return
	}
	b.fields.Alias(&d.Entry, a)
}

// country reads a code; 00 is "unknown".
func (b *builder) country(code string) navicert.Flag {
	if code == "00" {
		return ""
	}
	return b.fields.Flag(code)
}

func (b *builder) address(get attributes) {
	b.pub.Addresses++
	a := list.Address{Street: get("street"), City: get("city"), Country: b.country(get("countryIso2Code"))}
	country := get("countryDescription")
	if country == "UNKNOWN" {
		country = ""
	}
	a.Text = fields.Join(", ", a.Street, get("poBox"), get("place"), a.City, get("region"), get("zipCode"), country)
	if a.Text == "" {
		return
	}
	fields.AddOnce(&b.now.Countries, a.Country)
	b.now.Addresses = append(b.now.Addresses, a)
}

// birth reads a date of birth: a day, a year or a range of years, "circa" where
// the list says so.
func (b *builder) birth(get attributes) {
	text := get("birthdate")
	if text == "" {
		text = get("year")
	}
	if from, to := get("yearRangeFrom"), get("yearRangeTo"); text == "" && (from != "" || to != "") {
		text = "between " + from + " and " + to
	}
	if text == "" {
		return
	}
	if c := strings.ToLower(get("circa")); c == "yes" || c == "true" {
		text = "circa " + text
	}
	if c := get("calendarType"); c != "" && c != "GREGORIAN" {
		text += " (" + strings.ToLower(c) + " calendar)"
	}
	fields.AddOnce(&b.now.BirthDates, text)
}

func (b *builder) citizenship(get attributes) {
	fields.AddOnce(&b.now.Countries, b.country(get("countryIso2Code")))
}

// identification reads a number. The CSV writes its type and remarks behind it:
// "541939 (passport-National passport) ".
func (b *builder) identification(get attributes) {
	code := get("identificationTypeCode")
	number, _, _ := strings.Cut(get("number"), " ("+code+"-")
	number = strings.TrimSpace(number)
	if number == "" {
		return
	}
	if code == "imo" {
		b.fields.IMO(&b.now.Entry, number)
		return
	}
	typ := get("identificationTypeDescription")
	if typ == "" {
		typ = code
	}
	fields.AddOnce(&b.now.Identifiers, list.Identifier{Type: typ, Value: number, Country: b.country(get("countryIso2Code"))})
}

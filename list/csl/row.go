package csl

import (
	"regexp"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// other is the code of lists that are not known.
const other = "other"

type builder struct {
	pub       *list.Publication
	fields    fields.Reader
	simulated bool
	ids       fields.IDs

	entries []list.Entry
	counts  map[string]int // entries by list
}

// source finds the list that a row comes from.
func (b *builder) source(text string) source {
	for _, s := range sources {
		if strings.HasPrefix(text, s.mark) {
			return s
		}
	}
	b.fields.Rejected.Add(unknownSource, text)
	return source{other, text, list.ExportControl}
}

// row makes an entry of a row.
func (b *builder) row(r table.Row, at string) error {
	s := b.source(r.Get("source"))
	id := r.Get("id")
	e := list.Entry{
		ID: s.code + "-" + id, Name: strings.Join(strings.Fields(r.Get("name")), " "), Measure: s.measure, Row: r.Raw, Simulated: b.simulated,
		Programmes: append([]string{s.code}, fields.Split(r.Get("programs"), ";")...), VesselType: r.Get("vessel_type"),
		Tonnage: r.Get("gross_tonnage"), GRT: r.Get("gross_registered_tonnage"), Owner: r.Get("vessel_owner"),
		BirthDates: fields.Split(r.Get("dates_of_birth"), ";"),
	}
	if s.code == other {
		e.Programmes[0] = s.mark
	}
	if id == "" || e.Name == "" {
		return navicert.Errorf(navicert.Invalid, "list", at, "the row has no _id or no name").WithHint("is the file damaged?")
	}
	if err := b.ids.Add(e.ID, at, r.Line); err != nil {
		return err
	}
	switch strings.ToLower(r.Get("type")) {
	case "individual":
		e.Kind = list.Person
	case "vessel":
		e.Kind = list.Vessel
	case "aircraft":
		e.Kind = list.Aircraft
	case "entity":
		e.Kind = list.Organization
	case "":
		e.Kind = list.UnknownKind
		b.fields.Rejected.Add(noType, at)
	default:
		return navicert.Errorf(navicert.Unsupported, "list", at, "type %q is none of Entity, Individual, Vessel, Aircraft", r.Get("type"))
	}
	if notice := r.Get("federal_register_notice"); notice != "" {
		e.LegalBasis = []string{notice}
	}
	e.Listed = b.fields.Date(r.Get("start_date"), "2006-01-02")
	e.Remarks = fields.Join("; ", r.Get("title"), r.Get("remarks"), label("until ", r.Get("end_date")), r.Get("license_requirement"), r.Get("license_policy"))
	b.party(&e, r)
	for _, part := range strings.Split(r.Get("ids"), "; ") {
		b.identifier(&e, part)
	}
	b.counts[s.code]++
	b.entries = append(b.entries, e)
	return nil
}

func label(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

// linked finds the parties that remarks link an entry to.
var linked = regexp.MustCompile(`\(Linked To: ([^()]+(?:\([^()]*\)[^()]*)*)\)`)

func (b *builder) party(e *list.Entry, r table.Row) {
	if names := r.Get("alt_names"); names != "[]" {
		for _, name := range fields.Split(names, ";") {
			b.pub.Aliases++
			b.fields.Alias(e, list.Alias{Name: name, Kind: list.AKA})
		}
	}
	if c := r.Get("call_sign"); c != "" {
		b.fields.CallSign(e, c)
	}
	e.Flag = b.fields.Flag(r.Get("vessel_flag"))
	if e.Owner != "" {
		e.Links = append(e.Links, list.Link{Kind: list.OwnedBy, Name: e.Owner})
	}
	for _, m := range linked.FindAllStringSubmatch(r.Get("remarks"), -1) {
		fields.AddOnce(&e.Links, list.Link{Kind: list.LinkedTo, Name: strings.TrimSpace(m[1])})
	}
	for _, column := range [...]string{"nationalities", "citizenships"} {
		for _, c := range fields.Split(r.Get(column), ";") {
			fields.AddOnce(&e.Countries, b.fields.Flag(c))
		}
	}
	for _, text := range fields.Split(r.Get("addresses"), ";") {
		b.pub.Addresses++
		a := list.Address{Text: text}
		if last := strings.TrimSpace(text[strings.LastIndexByte(text, ',')+1:]); len(last) == 2 { // "Havana, CU"
			a.Country = b.fields.Flag(last)
			fields.AddOnce(&e.Countries, a.Country)
		}
		e.Addresses = append(e.Addresses, a)
	}
}

// facts are the kinds of statement in "ids" that are no identifiers; those with
// a field are read, the others stay in the row.
var facts = [...]string{
	"Organization Established Date", "Organization Type", "Target Type", "Executive Order", "Transactions Prohibited", "Aircraft Model",
	"Aircraft Manufacture Date", "Aircraft Operator", "Issuer Name", "Equity Ticker", "Listing Date", "Effective Date", "Purchase/Sales",
	"Other Vessel Type", "Nationality of Registration", "CAATSA Section", "PEESA Information", "Effective", "Menu-Based",
}

// identifier reads a statement "Type, value, CC" of the column "ids".
func (b *builder) identifier(e *list.Entry, text string) {
	typ, value, ok := strings.Cut(strings.TrimSpace(text), ", ")
	if value = strings.TrimSpace(value); !ok || value == "" {
		return
	}
	switch {
	case strings.HasPrefix(typ, "Secondary sanctions risk"), strings.HasPrefix(typ, "Additional Sanctions Information"):
		fields.AddOnce(&e.Secondary, strings.TrimRight(typ, " -")+" "+value)
		return
	case typ == "Vessel Registration Identification" && strings.HasPrefix(value, "IMO"),
		typ == "Vessel Registration Identification" && len(value) == 7,
		typ == "Identification Number" && strings.HasPrefix(value, "IMO "):
		value, _, _ = strings.Cut(value, ",")
		b.fields.IMO(e, value)
		return
	case typ == "MMSI":
		b.fields.MMSI(e, value)
		return
	case typ == "Gender":
		e.Gender = value
		return
	case typ == "Former Vessel Flag", typ == "Other Vessel Flag":
		fields.AddOnce(&e.FormerFlags, b.fields.Flag(value))
		return
	case typ == "Other Vessel Call Sign", typ == "Former Vessel Call Sign":
		b.fields.CallSign(e, value)
		return
	case typ == "Vessel Year of Build":
		e.BuildYear = value
		return
	}
	for _, f := range facts {
		if strings.HasPrefix(typ, f) {
			return
		}
	}
	id := list.Identifier{Type: strings.TrimRight(typ, " -:"), Value: value}
	if i := strings.LastIndex(value, ", "); i > 0 && len(value)-i == 4 {
		if f := b.fields.Flag(value[i+2:]); f != "" {
			id.Value, id.Country = value[:i], f
		}
	}
	fields.AddOnce(&e.Identifiers, id)
}

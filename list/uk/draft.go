package uk

import (
	"regexp"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// noPrimary is counted for an entry none of whose names is called primary.
const noPrimary = "entry without a primary name: its first name is taken"

// builder makes entries of rows or records.
type builder struct {
	pub       *list.Publication
	fields    fields.Reader
	simulated bool

	drafts []*draft
	byID   map[string]*draft
}

func newBuilder(p *list.Publication, src list.Source) *builder {
	return &builder{pub: p, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, byID: map[string]*draft{}}
}

// draft is an entry while rows still add to it.
type draft struct {
	list.Entry
	rows     table.Rows
	measures []list.Measure
	primary  bool // Name is one that is called primary
	seen     map[string]bool
}

// draft returns the entry of a number; a new one when the number is new.
func (b *builder) draft(id string, kind list.Kind) (d *draft, added bool) {
	if d = b.byID[id]; d != nil {
		return d, false
	}
	d = &draft{Entry: list.Entry{ID: id, Kind: kind, Simulated: b.simulated}, seen: map[string]bool{}}
	b.byID[id] = d
	b.drafts = append(b.drafts, d)
	return d, true
}

// once reports whether a value was not given before under a label.
func (d *draft) once(label, value string) bool {
	key := label + "\x00" + value
	if value == "" || d.seen[key] {
		return false
	}
	d.seen[key] = true
	return true
}

// kindOf reads what an entry is.
func kindOf(word string) (list.Kind, bool) {
	switch strings.ToLower(word) {
	case "individual":
		return list.Person, true
	case "entity":
		return list.Organization, true
	case "ship":
		return list.Vessel, true
	}
	return "", false
}

// name adds a name of a type: "Primary name", "Primary name variation", "Alias",
// "AKA", "FKA".
func (b *builder) name(d *draft, name, typ, strength string) {
	name = strings.Join(strings.Fields(name), " ")
	if !d.once("name", name) {
		return
	}
	typ = strings.ToLower(typ)
	if strings.Contains(typ, "primary") && !strings.Contains(typ, "variation") && !d.primary {
		if d.Name != "" {
			d.Aliases = append(d.Aliases, list.Alias{Name: d.Name, Kind: list.AKA})
			b.pub.Aliases++
		}
		d.Name, d.primary = name, true
		return
	}
	a := list.Alias{Name: name, Kind: list.AKA, Weak: strings.HasPrefix(strings.ToLower(strength), "low"), Script: fields.Script(name)}
	if typ == "fka" {
		a.Kind = list.FKA
	}
	d.Aliases = append(d.Aliases, a)
	b.pub.Aliases++
}

// script adds a name in other letters.
func (b *builder) script(d *draft, name string) {
	b.name(d, name, "alias", "")
}

func (b *builder) address(d *draft, lines []string, postcode, country string) {
	text := fields.Join(", ", append(slices.Clone(lines), postcode, country)...)
	if !d.once("address", text) {
		return
	}
	a := list.Address{Text: text, Country: b.fields.Flag(country)}
	var there []string
	for _, l := range lines {
		if l != "" {
			there = append(there, l)
		}
	}
	if n := len(lines); n > 0 && lines[n-1] != "" { // the last line is the town
		a.City, there = lines[n-1], there[:len(there)-1]
	}
	a.Street = fields.Join(", ", there...)
	fields.AddOnce(&d.Countries, a.Country)
	d.Addresses = append(d.Addresses, a)
	b.pub.Addresses++
}

// numbered is how the lists put several values into one column: "(1) Uganda (2) Sudan".
var numbered = regexp.MustCompile(`\(\d{1,2}\)`)

// values are the single values of a column.
func values(text string) []string {
	var out []string
	for _, v := range numbered.Split(text, -1) {
		if v = strings.Trim(v, " .;"); v != "" && v != "-" {
			out = append(out, v)
		}
	}
	return out
}

// birthDate reads a date of birth. Parts that are not known are written dd, mm
// or 00: "dd/mm/1967" is a year, "00/03/1967" a month.
func birthDate(text string) string {
	p := strings.Split(strings.ToLower(strings.TrimSpace(text)), "/")
	if len(p) != 3 || len(p[2]) != 4 {
		return strings.TrimSpace(text)
	}
	day, month, year := p[0], p[1], p[2]
	switch {
	case month == "mm" || month == "00":
		return year
	case day == "dd" || day == "00":
		return year + "-" + month
	}
	if d := year + "-" + month + "-" + day; len(month) == 2 && len(day) == 2 {
		if _, err := navicert.ParseDate(d); err == nil {
			return d
		}
	}
	return strings.TrimSpace(text)
}

func (b *builder) birth(d *draft, text string) {
	if d.once("dob", text) {
		fields.AddOnce(&d.BirthDates, birthDate(text))
	}
}

func (b *builder) nationality(d *draft, text string) {
	if d.once("nationality", text) {
		for _, v := range values(text) {
			fields.AddOnce(&d.Countries, b.fields.Flag(v))
		}
	}
}

func (b *builder) identifier(d *draft, typ, text string) {
	if d.once(typ, text) {
		for _, v := range values(text) {
			fields.AddOnce(&d.Identifiers, list.Identifier{Type: typ, Value: v})
		}
	}
}

func (b *builder) link(d *draft, l list.Link) {
	if l.Name = strings.TrimSpace(l.Name); l.Name != "" {
		fields.AddOnce(&d.Links, l)
	}
}

// parent and subsidiary are the companies that a list ties an entity to.
func (b *builder) parent(d *draft, text string) {
	for _, v := range values(text) {
		b.link(d, list.Link{Kind: list.OwnedBy, Name: v, Text: "parent company"})
	}
}

func (b *builder) subsidiary(d *draft, text string) {
	for _, v := range values(text) {
		b.link(d, list.Link{Kind: list.LinkedTo, Name: v, Text: "subsidiary"})
	}
}

// ship holds what the lists say of a ship.
type ship struct {
	imo, owner, formerOwner, flag, formerFlags, typ, tonnage, length, built, hull string
}

func (b *builder) ship(d *draft, s ship) {
	if d.once("imo", s.imo) {
		b.fields.IMO(&d.Entry, s.imo)
	}
	if d.Kind != list.Vessel {
		return
	}
	if d.once("owner", s.owner) {
		d.Owner = fields.Join("; ", d.Owner, s.owner)
		for _, v := range values(s.owner) {
			b.link(d, list.Link{Kind: list.OwnedOrControlled, Name: v, Text: "current owner/operator"})
		}
	}
	if d.once("former owner", s.formerOwner) {
		for _, v := range values(s.formerOwner) {
			b.link(d, list.Link{Kind: list.OwnedOrControlled, Name: v, Former: true, Text: "previous owner/operator"})
		}
	}
	if d.once("flag", s.flag) {
		for _, v := range values(s.flag) {
			switch f := b.fields.Flag(v); {
			case d.Flag == "":
				d.Flag = f
			case f != d.Flag: // the list believes in more than one
				fields.AddOnce(&d.FormerFlags, f)
			}
		}
	}
	if d.once("flags", s.formerFlags) {
		for _, v := range values(s.formerFlags) {
			for _, f := range fields.Split(v, ",;/") {
				fields.AddOnce(&d.FormerFlags, b.fields.Flag(f))
			}
		}
	}
	for _, f := range [...]struct {
		field *string
		value string
	}{{&d.VesselType, s.typ}, {&d.Tonnage, s.tonnage}, {&d.BuildYear, s.built}} {
		if *f.field == "" {
			*f.field = f.value
		}
	}
	if d.once("length", s.length) {
		d.Remarks = fields.Join("; ", d.Remarks, "Length of ship "+s.length)
	}
	if d.once("hull", s.hull) {
		fields.AddOnce(&d.Identifiers, list.Identifier{Type: "Hull identification number", Value: s.hull})
	}
}

// finish returns the entries.
func (b *builder) finish() ([]list.Entry, error) {
	entries := make([]list.Entry, 0, len(b.drafts))
	for _, d := range b.drafts {
		if !d.primary {
			if len(d.Aliases) == 0 {
				return nil, navicert.Errorf(navicert.Invalid, "list", "entry "+d.ID, "it has no name")
			}
			b.fields.Rejected.Add(noPrimary, d.ID)
			d.Name, d.Aliases = d.Aliases[0].Name, d.Aliases[1:]
			b.pub.Aliases--
		}
		if len(d.Aliases) == 0 {
			d.Aliases = nil
		}
		if len(d.measures) == 0 {
			b.fields.Rejected.Add(noMeasure, d.ID)
		}
		fields.Measures(&d.Entry, d.measures, list.Block)
		if d.Row == "" {
			d.Row = d.rows.String()
		}
		entries = append(entries, d.Entry)
	}
	if len(entries) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, "list", b.pub.From, "it holds no entries")
	}
	return entries, nil
}

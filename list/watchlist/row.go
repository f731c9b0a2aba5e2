package watchlist

import (
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// row makes an entry of a row.
func (b *builder) row(r table.Row, at string) error {
	b.at = at
	e := list.Entry{
		Name: b.get(r, "name"), Row: r.Raw, Simulated: b.simulated,
		VesselType: b.get(r, "vessel_type"), Tonnage: b.get(r, "tonnage"), GRT: b.get(r, "grt"),
		BuildYear: b.get(r, "build_year"), Owner: b.get(r, "owner"), Gender: b.get(r, "gender"),
		Remarks: b.get(r, "remarks"), Programmes: b.parts(r, "programmes"), LegalBasis: b.parts(r, "legal_basis"),
		BirthDates: b.parts(r, "birth_date"),
	}
	if e.Name == "" {
		return b.fail("", "the entry has no name")
	}
	if err := b.kind(&e, r); err != nil {
		return err
	}
	if e.ID = b.get(r, "id"); e.ID == "" {
		e.ID = strings.ToUpper(strings.Join(strings.Fields(e.Name), " "))
		if imo, err := navicert.ParseIMO(b.get(r, "imo")); err == nil {
			e.ID = "IMO " + imo.String()
		}
	}
	if err := b.ids.Add(e.ID, b.at, r.Line); err != nil {
		return err
	}
	if err := b.measure(&e, r); err != nil {
		return err
	}
	if err := b.listed(&e, r); err != nil {
		return err
	}
	b.names(&e, r)
	b.hull(&e, r)
	b.party(&e, r)
	b.entries = append(b.entries, e)
	return nil
}

func (b *builder) fail(hint, format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, "list", b.at, format, args...).WithHint(hint)
}

// kinds are the words for each kind.
var kinds = map[string]list.Kind{
	"vessel": list.Vessel, "ship": list.Vessel,
	"person": list.Person, "individual": list.Person,
	"organization": list.Organization, "organisation": list.Organization, "entity": list.Organization, "company": list.Organization,
	"business": list.Organization, "group": list.Organization,
	"legal_entity": list.UnknownKind, "legalentity": list.UnknownKind, "unknown": list.UnknownKind,
	"aircraft": list.Aircraft, "airplane": list.Aircraft,
}

func (b *builder) kind(e *list.Entry, r table.Row) error {
	word := b.get(r, "type")
	kind, ok := kinds[table.Key(word)]
	switch {
	case ok:
		e.Kind = kind
	case word != "":
		return b.fail("write vessel, person, organization, aircraft or unknown", "type %q is none that is known", word)
	case b.get(r, "imo") != "", b.get(r, "mmsi") != "", b.get(r, "call_sign") != "":
		e.Kind = list.Vessel
	default:
		e.Kind = list.UnknownKind
		b.fields.Rejected.Add(noType, b.at)
	}
	return nil
}

// measures are the words for each measure, beside its own name.
var measures = map[string]list.Measure{
	"blocked": list.Block, "blocking": list.Block, "asset_freeze": list.Block, "freeze": list.Block,
	"no_port_access": list.PortBan, "port_access_ban": list.PortBan, "service_ban": list.ServicesBan,
	"deflag": list.Deregister, "de_flag": list.Deregister, "sectoral": list.Restrict, "watch_list": list.Watch, "watchlist": list.Watch,
}

func (b *builder) measure(e *list.Entry, r table.Row) error {
	var found []list.Measure
next:
	for _, word := range b.parts(r, "measure") {
		key := table.Key(word)
		for _, m := range list.Measures() {
			if key == string(m) {
				found = append(found, m)
				continue next
			}
		}
		m, ok := measures[key]
		if !ok {
			return b.fail("write block, port_ban, services_ban, detention, deregister, restrict, export_control, travel_ban or watch",
				"measure %q is none that is known", word)
		}
		found = append(found, m)
	}
	fields.Measures(e, found, list.Watch)
	return nil
}

func (b *builder) listed(e *list.Entry, r table.Row) error {
	text := b.get(r, "listed")
	if text == "" {
		return nil
	}
	d, err := navicert.ParseDate(text)
	if err != nil {
		return b.fail("", "day of listing: %w", err)
	}
	e.Listed = d
	return nil
}

func (b *builder) names(e *list.Entry, r table.Row) {
	for _, c := range [...]struct {
		column string
		alias  list.Alias
	}{
		{"aliases", list.Alias{Kind: list.AKA}},
		{"former_names", list.Alias{Kind: list.FKA}},
		{"weak_aliases", list.Alias{Kind: list.AKA, Weak: true}},
	} {
		for _, name := range b.parts(r, c.column) {
			a := c.alias
			a.Name = name
			b.aliases++
			b.fields.Alias(e, a)
		}
	}
}

func (b *builder) hull(e *list.Entry, r table.Row) {
	b.fields.IMO(e, b.get(r, "imo"))
	for _, m := range b.parts(r, "mmsi") {
		b.fields.MMSI(e, m)
	}
	for _, c := range b.parts(r, "call_sign") {
		b.fields.CallSign(e, c)
	}
	e.Flag = b.fields.Flag(b.get(r, "flag"))
	for _, f := range b.parts(r, "former_flags") {
		fields.AddOnce(&e.FormerFlags, b.fields.Flag(f))
	}
}

func (b *builder) party(e *list.Entry, r table.Row) {
	for _, c := range [...]struct {
		column string
		kind   list.LinkKind
	}{{"owner", list.OwnedBy}, {"controlled_by", list.ControlledBy}, {"linked_to", list.LinkedTo}} {
		for _, name := range b.parts(r, c.column) {
			fields.AddOnce(&e.Links, list.Link{Kind: c.kind, Name: name})
		}
	}
	for _, c := range b.parts(r, "country") {
		fields.AddOnce(&e.Countries, b.fields.Flag(c))
	}
	for _, text := range b.parts(r, "address") {
		b.addresses++
		a := list.Address{Text: text}
		if last := text[strings.LastIndexByte(text, ',')+1:]; len(last) < len(text) { // "1 Example Quay, Valletta, Malta"
			if f, err := navicert.ParseFlag(last); err == nil {
				a.Country = f
				fields.AddOnce(&e.Countries, f)
			}
		}
		e.Addresses = append(e.Addresses, a)
	}
	for _, text := range b.parts(r, "identifiers") { // "passport: X123"
		typ, value, ok := strings.Cut(text, ":")
		if !ok {
			typ, value = "identifier", text
		}
		fields.AddOnce(&e.Identifiers, list.Identifier{Type: strings.TrimSpace(typ), Value: strings.TrimSpace(value)})
	}
}

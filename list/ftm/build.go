package ftm

import (
	"context"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
)

// builder makes entries of entities.
type builder struct {
	pub       *list.Publication
	fields    fields.Reader
	simulated bool

	order   []*entity
	byID    map[string]*entity
	entries []list.Entry

	sanctioned map[string]bool           // entities that a sanction names
	measures   map[string][]list.Measure // by entity, of its sanctions
}

// kinds are the schemata that become entries.
var kinds = map[string]list.Kind{
	"Person": list.Person, "Organization": list.Organization, "Company": list.Organization, "LegalEntity": list.UnknownKind,
	"PublicBody": list.Organization, "Vessel": list.Vessel, "Airplane": list.Aircraft,
}

// parts are the schemata that say something of other entities.
var parts = map[string]func(*builder, *entity){
	"Sanction":       (*builder).sanction,
	"Identification": (*builder).document, "Passport": (*builder).document, "CryptoWallet": (*builder).wallet,
	"Address":   nil, // named by the entities that have it
	"Ownership": (*builder).tie, "Directorship": (*builder).tie, "UnknownLink": (*builder).tie, "Representation": (*builder).tie,
	"Family": (*builder).tie, "Associate": (*builder).tie, "Membership": (*builder).tie, "Employment": (*builder).tie, "Succession": (*builder).tie,
}

// build makes the entries, then reads what others say of them.
func (b *builder) build(ctx context.Context, name string) error {
	b.sanctioned, b.measures = map[string]bool{}, map[string][]list.Measure{}
	for _, e := range b.order {
		if e.schema == "Sanction" {
			for _, id := range e.all("entity") {
				b.sanctioned[id] = true
			}
		}
	}
	targets := 0
	for _, e := range b.order {
		if e.mayBeTarget() && b.isTarget(e) {
			targets++
		}
	}
	b.entries = make([]list.Entry, 0, targets)
	for i, e := range b.order {
		if i%512 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		kind, ok := kinds[e.schema]
		_, part := parts[e.schema]
		switch {
		case ok && b.isTarget(e):
			b.entity(e, kind)
		case ok:
			b.fields.Rejected.Add(onlyParty, e.id)
		case !part:
			b.fields.Rejected.Add(unknownSchema, e.schema+" "+e.id)
		}
	}
	if len(b.entries) == 0 {
		return navicert.Errorf(navicert.Invalid, "list", name, "it holds no targets")
	}
	for i, e := range b.order {
		if i%512 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if read := parts[e.schema]; read != nil {
			read(b, e)
			e.props = nil
		}
	}
	for _, e := range b.order {
		if e.entry > 0 {
			b.measure(e)
		}
	}
	return nil
}

// isTarget reports whether an entity is one that the file is about.
func (b *builder) isTarget(e *entity) bool {
	if e.target != nil {
		return *e.target
	}
	return len(e.all("topics")) > 0 || b.sanctioned[e.id]
}

// entity makes an entry.
func (b *builder) entity(e *entity, kind list.Kind) {
	x := list.Entry{ID: e.id, Kind: kind, Simulated: b.simulated, Row: e.row, Name: e.caption}
	if names := e.all("name"); x.Name == "" && len(names) > 0 {
		x.Name = names[0]
	}
	if x.Name = strings.Join(strings.Fields(x.Name), " "); x.Name == "" {
		x.Name = e.id
	}
	if x.Row == "" { // it stands within another
		x.Row = e.id
	}
	for _, p := range [...]struct {
		name  string
		alias list.Alias
	}{
		{"name", list.Alias{Kind: list.AKA}},
		{"alias", list.Alias{Kind: list.AKA}},
		{"abbreviation", list.Alias{Kind: list.AKA}},
		{"previousName", list.Alias{Kind: list.FKA}},
		{"weakAlias", list.Alias{Kind: list.AKA, Weak: true}},
	} {
		for _, name := range e.all(p.name) {
			if name = strings.Join(strings.Fields(name), " "); name == x.Name || has(x.Aliases, name) {
				continue // each source of the list gives the names anew
			}
			b.pub.Aliases++
			a := p.alias
			a.Name = name
			b.fields.Alias(&x, a)
		}
	}
	b.particulars(&x, e)
	for _, id := range e.all("addressEntity") {
		a := b.byID[id]
		if a == nil {
			b.fields.Rejected.Add(loose, "address "+id)
			continue
		}
		b.address(&x, a)
	}
	for _, text := range e.all("address") {
		if !slices.ContainsFunc(x.Addresses, func(a list.Address) bool { return a.Text == text }) {
			b.pub.Addresses++
			x.Addresses = append(x.Addresses, list.Address{Text: text})
		}
	}
	b.entries = append(b.entries, x)
	e.entry, e.row = len(b.entries), ""
	e.props = []property{{"topics", e.all("topics")}} // the rest has been read
}

func has(aliases []list.Alias, name string) bool {
	return slices.ContainsFunc(aliases, func(a list.Alias) bool { return a.Name == name })
}

// numbers are the properties that are identifiers, with the types they become.
var numbers = [...]struct{ property, typ string }{
	{"passportNumber", "Passport"},
	{"idNumber", "ID number"},
	{"taxNumber", "Tax number"},
	{"registrationNumber", "Registration number"},
	{"innCode", "INN"},
	{"ogrnCode", "OGRN"},
	{"kppCode", "KPP"},
	{"leiCode", "LEI"},
	{"swiftBic", "SWIFT/BIC"},
	{"dunsCode", "D-U-N-S number"},
	{"uniqueEntityId", "Unique Entity ID"},
	{"vatCode", "VAT number"},
	{"crsNumber", "CRS number"},
	{"serialNumber", "Serial number"},
	{"wikidataId", "Wikidata"},
	{"isin", "ISIN"},
	{"isinCode", "ISIN"},
}

// particulars reads the properties of an entity but its names and addresses.
func (b *builder) particulars(x *list.Entry, e *entity) {
	x.BirthDates = e.all("birthDate")
	x.Gender = e.get("gender")
	for _, p := range [...]string{"nationality", "citizenship", "country", "jurisdiction", "mainCountry"} {
		for _, c := range e.all(p) {
			fields.AddOnce(&x.Countries, b.fields.Flag(c))
		}
	}
	for _, n := range numbers {
		for _, v := range e.all(n.property) {
			fields.AddOnce(&x.Identifiers, list.Identifier{Type: n.typ, Value: v})
		}
	}
	for _, v := range e.all("imoNumber") {
		b.fields.IMO(x, v)
	}
	for _, v := range e.all("mmsi") {
		b.fields.MMSI(x, v)
	}
	for _, v := range e.all("callSign") {
		b.fields.CallSign(x, v)
	}
	for _, v := range e.all("flag") {
		switch f := b.fields.Flag(v); {
		case x.Flag == "":
			x.Flag = f
		case f != x.Flag: // sources differ on which is the present one
			fields.AddOnce(&x.FormerFlags, f)
		}
	}
	for _, v := range e.all("pastFlags") {
		fields.AddOnce(&x.FormerFlags, b.fields.Flag(v))
	}
	if x.Kind == list.Vessel {
		x.VesselType, x.Tonnage, x.GRT, x.BuildYear = e.get("type"), e.get("tonnage"), e.get("grossRegisteredTonnage"), e.get("buildDate")
	}
	x.Remarks = fields.Join("; ", append(label("topics ", strings.Join(e.all("topics"), ", ")), e.all("notes")...)...)
}

func label(label, text string) []string {
	if text == "" {
		return nil
	}
	return []string{label + text}
}

func (b *builder) address(x *list.Entry, a *entity) {
	full := a.get("full")
	street, city, country := a.get("street"), a.get("city"), b.fields.Flag(a.get("country"))
	if full == "" {
		full = fields.Join(", ", street, a.get("street2"), a.get("postalCode"), city, a.get("region"), a.get("state"), a.get("country"))
	}
	if full == "" {
		return
	}
	b.pub.Addresses++
	fields.AddOnce(&x.Countries, country)
	x.Addresses = append(x.Addresses, list.Address{Street: street, City: city, Country: country, Text: full})
}

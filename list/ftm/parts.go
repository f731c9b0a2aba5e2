package ftm

import (
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
)

// of calls do with the entry of each entity that a part names. One that is not in
// the file is counted.
func (b *builder) of(part *entity, property string, do func(*list.Entry)) {
	for _, id := range part.all(property) {
		switch e := b.byID[id]; {
		case e == nil:
			b.fields.Rejected.Add(loose, part.schema+" "+part.id)
		case e.entry > 0:
			do(&b.entries[e.entry-1])
		}
	}
}

// sanction adds a designation to the entity that it names.
func (b *builder) sanction(s *entity) {
	measures := provisions(s)
	b.of(s, "entity", func(x *list.Entry) {
		programmes := s.all("programId")
		if len(programmes) == 0 {
			programmes = s.all("program")
		}
		for _, p := range programmes {
			fields.AddOnce(&x.Programmes, p)
		}
		for _, p := range s.all("program") {
			fields.AddOnce(&x.LegalBasis, fields.Join(": ", s.get("authority"), p))
		}
		for _, p := range [...]string{"listingDate", "startDate"} {
			for _, d := range s.all(p) {
				day, err := navicert.ParseDate(d)
				if err == nil && (x.Listed == "" || day < x.Listed) { // a year alone is no day
					x.Listed = day
				}
			}
		}
		for _, p := range [...]struct{ property, typ string }{{"authorityId", "authority's number"}, {"unscId", "UN reference"}} {
			for _, v := range s.all(p.property) {
				fields.AddOnce(&x.Identifiers, list.Identifier{Type: fields.Join(" ", s.get("authority"), p.typ), Value: v})
			}
		}
		b.measures[x.ID] = append(b.measures[x.ID], measures...)
	})
}

// words are what in a sanction's provisions stands for a measure.
var words = [...]struct {
	word    string
	measure list.Measure
}{
	{"asset freeze", list.Block},
	{"block", list.Block},
	{"freez", list.Block},
	{"port entry", list.PortBan},
	{"port access", list.PortBan},
	{"port ban", list.PortBan},
	{"services", list.ServicesBan},
	{"chartering", list.ServicesBan},
	{"detention", list.Detention},
	{"de-flag", list.Deregister},
	{"deflag", list.Deregister},
	{"registration", list.Deregister},
	{"travel ban", list.TravelBan},
	{"entry ban", list.TravelBan},
	{"arms embargo", list.ExportControl},
	{"export", list.ExportControl},
	{"sector", list.Restrict},
	{"debar", list.Restrict},
	{"correspondent", list.Restrict},
}

// provisions are the measures of a sanction: those that it names, else those of
// its programme.
func provisions(s *entity) []list.Measure {
	var found []list.Measure
	for _, text := range s.all("provisions") {
		text = strings.ToLower(text)
		for _, w := range words {
			if strings.Contains(text, w.word) {
				found = append(found, w.measure)
			}
		}
	}
	switch {
	case len(found) > 0:
		return found
	case slices.Contains(s.all("programId"), "EU-MARE"):
		return []list.Measure{list.PortBan, list.ServicesBan}
	}
	return []list.Measure{list.Block}
}

// measure settles an entry's measures from its sanctions, else from its topics.
func (b *builder) measure(e *entity) {
	x := &b.entries[e.entry-1]
	found := b.measures[x.ID]
	if len(b.measures[x.ID]) == 0 {
		for _, t := range e.all("topics") {
			switch {
			case t == "sanction":
				found = append(found, list.Block)
			case t == "export.control":
				found = append(found, list.ExportControl)
			case t == "debarment":
				found = append(found, list.Restrict)
			}
		}
	}
	fields.Measures(x, found, list.Watch)
}

// document makes a passport or another document an identifier of its holder.
func (b *builder) document(d *entity) {
	number := d.get("number")
	if number == "" {
		number = d.get("passportNumber")
	}
	typ := d.get("type")
	if typ == "" {
		typ = d.schema
	}
	b.of(d, "holder", func(x *list.Entry) {
		id := list.Identifier{Type: typ, Value: number, Country: b.fields.Flag(d.get("country"))}
		if number == "" {
			return
		}
		for i := range x.Identifiers { // the holder's own property has the number without its country
			if h := &x.Identifiers[i]; h.Value == number && h.Country == "" {
				*h = id
				return
			}
		}
		fields.AddOnce(&x.Identifiers, id)
	})
}

// wallet makes a wallet an identifier of its holder.
func (b *builder) wallet(w *entity) {
	key := w.get("publicKey")
	if len(w.all("holder")) == 0 {
		b.fields.Rejected.Add(unknownSchema, "CryptoWallet without a holder "+w.id)
	}
	b.of(w, "holder", func(x *list.Entry) {
		if key != "" {
			fields.AddOnce(&x.Identifiers, list.Identifier{Type: fields.Join(" ", "Digital currency address", w.get("currency")), Value: key})
		}
	})
}

// ties are the schemata that link two entities: by which properties they name
// them, and how the first stands to the second and the second to the first.
var ties = map[string]struct {
	from, to string
	link     list.LinkKind // that the entry of "from" gets
	back     list.LinkKind // that the entry of "to" gets
}{
	"Ownership":      {"asset", "owner", list.OwnedBy, list.LinkedTo},
	"Directorship":   {"director", "organization", list.LeaderOf, list.LinkedTo},
	"UnknownLink":    {"subject", "object", list.LinkedTo, list.LinkedTo},
	"Representation": {"agent", "client", list.ActsFor, list.LinkedTo},
	"Family":         {"person", "relative", list.FamilyOf, list.FamilyOf},
	"Associate":      {"person", "associate", list.AssociateOf, list.AssociateOf},
	"Membership":     {"member", "organization", list.LinkedTo, list.LinkedTo},
	"Employment":     {"employee", "employer", list.LinkedTo, list.LinkedTo},
	"Succession":     {"predecessor", "successor", list.LinkedTo, list.LinkedTo},
}

// used are the properties that are read, of whatever schema, each by itself: one
// text for all entities. What other properties hold is let go as it is read.
var used = func() map[string]string {
	all := map[string]string{}
	for _, name := range strings.Fields(`
name alias abbreviation previousName weakAlias topics notes address addressEntity
birthDate gender nationality citizenship country jurisdiction mainCountry
imoNumber mmsi callSign flag pastFlags type tonnage grossRegisteredTonnage buildDate
full street street2 postalCode city region state
entity program programId authority authorityId unscId listingDate startDate provisions
holder number publicKey currency
role relationship percentage endDate`) {
		all[name] = name
	}
	for _, n := range numbers {
		all[n.property] = n.property
	}
	for _, t := range ties {
		all[t.from], all[t.to] = t.from, t.to
	}
	return all
}()

// tie gives both entries of a tie a link to the other.
func (b *builder) tie(t *entity) {
	k := ties[t.schema]
	text := t.get("role")
	if text == "" {
		text = t.get("relationship")
	}
	text = fields.Join(", ", text, percent(t.get("percentage")))
	if text == "" {
		text = t.schema
	}
	former := false
	for _, end := range t.all("endDate") { // a year or month sorts before its days, so only a past one is past
		former = former || end < string(b.pub.Date)[:min(len(end), len(b.pub.Date))]
	}
	link := func(at, other string, kind list.LinkKind) {
		b.of(t, at, func(x *list.Entry) {
			for _, id := range t.all(other) {
				l := list.Link{Kind: kind, Former: former, Text: text}
				if o := b.byID[id]; o != nil {
					l.Name = o.caption
					if l.Name == "" {
						l.Name = o.get("name")
					}
					if o.entry > 0 {
						l.Entry = id
						l.Name = b.entries[o.entry-1].Name
					}
				}
				if l.Name != "" || l.Entry != "" {
					fields.AddOnce(&x.Links, l)
				}
			}
		})
	}
	link(k.from, k.to, k.link)
	link(k.to, k.from, k.back)
}

func percent(share string) string {
	if share == "" || strings.Contains(share, "%") {
		return share
	}
	return share + " %"
}

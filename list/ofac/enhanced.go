package ofac

import (
	"strconv"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// enhancedSpaces is the namespace of the ENHANCED form.
var enhancedSpaces = []string{"https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"}

// SDNEnhanced returns the SDN_ENHANCED.XML form of the Specially Designated
// Nationals list.
func SDNEnhanced() list.Format { return sdnEnhanced() }

// ConsEnhanced returns the CONS_ENHANCED.XML form of the list of those who are
// not blocked.
func ConsEnhanced() list.Format { return consEnhanced() }

func sdnEnhanced() *xmlForm { return enhancedForm().ofSDN("ofac-sdn-enhanced", "sdn_enhanced.xml") }

func consEnhanced() *xmlForm { return enhancedForm().ofCons("ofac-cons-enhanced", "cons_enhanced.xml") }

func enhancedForm() *xmlForm {
	return &xmlForm{root: "sanctionsData", spaces: enhancedSpaces, read: (*xmlForm).readEnhanced}
}

// enhanced is a file of the ENHANCED form while it is read: one element holds
// all that is said of an entry, with words beside the numbers.
type enhanced struct {
	*document
	*builder
	cons   bool
	refs   map[string]string // reference values by number
	turned []turnedLink      // links told from the other's side, until all entries are there
}

type turnedLink struct {
	of string
	list.Link
}

func (f *xmlForm) readEnhanced(d *document, b *builder) error {
	x := &enhanced{document: d, builder: b, cons: f.cons, refs: map[string]string{}}
	dated, entities := false, false
	err := d.sections(map[string]func() error{
		"publicationInfo": func() error { dated = true; return x.publication() },
		"referenceValues": func() error {
			d.Enter()
			return d.each(func(n xmlstream.Node) error {
				x.refs[string(n.Attr("refId"))] = text(n, "value")
				return nil
			})
		},
		"entities": func() error { entities = true; d.Enter(); return d.each(x.entity) },
	})
	if err != nil {
		return err
	}
	if !entities {
		return navicert.Errorf(navicert.Invalid, "list", d.name, "it has no <entities>")
	}
	if !dated {
		if err := d.published(""); err != nil {
			return err
		}
	}
	for _, l := range x.turned {
		if i, ok := b.byID[l.of]; ok {
			addOnce(&b.entries[i].Links, l.Link)
		} else {
			b.rejected.Add(strayLink, "entry "+l.of)
		}
	}
	return nil
}

// publication reads what the file is: its day, and which list it was cut from.
func (x *enhanced) publication() error {
	n, err := x.Element()
	if err != nil {
		return err
	}
	stated := text(n, "dataAsOf")
	day, _, _ := strings.Cut(stated, "T")
	date, err := navicert.ParseDate(day)
	if err != nil {
		return x.fail(navicert.Invalid, "its dataAsOf, %s, begins with no day", strconv.Quote(stated))
	}
	filters := n.Find("filters")
	if filters.Find("sanctionsPrograms").There() {
		return x.fail(navicert.Unsupported, "it is cut down to some programmes, so it cannot show that somebody is not listed").
			WithHint("fetch the whole list")
	}
	for l := range filters.Find("sanctionsLists").Children() {
		if strings.HasPrefix(string(l.Text()), "SDN") == x.cons {
			return x.fail(navicert.Invalid, "it is of the %s, not of the %s", l.Text(), x.info.Title).
				WithHint("give the file the name that OFAC gives it")
		}
	}
	return x.published(date)
}

// entity makes the entry of its element.
func (x *enhanced) entity(n xmlstream.Node) error {
	if !n.Is("entity") {
		return x.fail(navicert.Unsupported, "<%s> stands where only <entity> is known", n.Name())
	}
	e := list.Entry{ID: string(n.Attr("id")), Measure: x.measure, Row: x.row(), Simulated: x.simulated}
	info := n.Find("generalInfo")
	switch typ := text(info, "entityType"); typ {
	case "Entity":
		e.Kind = list.Organization
	case "Individual":
		e.Kind = list.Person
	case "Vessel":
		e.Kind = list.Vessel
	case "Aircraft":
		e.Kind = list.Aircraft
	default:
		return x.fail(navicert.Unsupported, "entity %s: type %s is none of Entity, Individual, Vessel, Aircraft", e.ID, strconv.Quote(typ))
	}
	if err := x.names(&e, n.Find("names")); err != nil {
		return err
	}
	remark(&e, text(info, "title"))
	x.sayAll(&e, text(info, "remarks"))
	x.sanctions(&e, n)
	for f := range n.Find("features").Children() {
		x.feature(&e, f)
	}
	for doc := range n.Find("identityDocuments").Children() {
		note := ""
		if valid := doc.Find("isValid"); valid.There() && !isTrue(valid.Text()) {
			note = "not valid"
		}
		x.number(&e, numbered{
			text(doc, "type"), text(doc, "documentNumber"), text(doc, "issuingCountry"),
			x.when(doc.Find("issueDate")), x.when(doc.Find("expirationDate")), note,
		})
	}
	for a := range n.Find("addresses").Children() {
		x.place(&e, a)
	}
	for r := range n.Find("relationships").Children() {
		x.relationship(&e, r)
	}
	return x.add(x.document, e)
}

// names takes the names of an entity; each can be there in several scripts.
func (x *enhanced) names(e *list.Entry, all xmlstream.Node) error {
	for n := range all.Children() {
		kind := aliasKind(text(n, "aliasType"))
		if kind == "" {
			return x.fail(navicert.Unsupported, "entity %s: alias type %q is none of A.K.A., F.K.A., N.K.A.", e.ID, text(n, "aliasType"))
		}
		primary, weak := isTrue(n.Find("isPrimary").Text()), isTrue(n.Find("isLowQuality").Text())
		for t := range n.Find("translations").Children() {
			name := text(t, "formattedFullName")
			if name == "" {
				name = fullName(text(t, "formattedLastName"), text(t, "formattedFirstName"))
			}
			script := scriptCode(text(t, "script"))
			if primary && script == "" && e.Name == "" {
				e.Name = name
				continue
			}
			x.named(e, list.Alias{Name: name, Kind: kind, Weak: weak, Script: script})
		}
	}
	return nil
}

// sanctions takes since when an entity is listed, and what is demanded.
func (x *enhanced) sanctions(e *list.Entry, n xmlstream.Node) {
	listed := false
	for l := range n.Find("sanctionsLists").Children() {
		if strings.HasPrefix(string(l.Text()), "SDN") == x.cons {
			continue
		}
		listed = true
		if s := string(l.Attr("datePublished")); s != "" {
			day, err := navicert.ParseDate(s)
			if err != nil {
				x.rejected.Add(badDate, x.at())
			} else if e.Listed == "" || day < e.Listed {
				e.Listed = day
			}
		}
	}
	if !listed {
		x.rejected.Add(noSanctions, "entry "+e.ID)
	}
	for p := range n.Find("sanctionsPrograms").Children() {
		addOnce(&e.Programmes, string(p.Text()))
	}
	for l := range n.Find("legalAuthorities").Children() {
		if s := string(l.Text()); s != "Unknown" {
			addOnce(&e.LegalBasis, s)
		}
	}
	var found []list.Measure
	for t := range n.Find("sanctionsTypes").Children() {
		m := measureOf(string(t.Text()))
		if found = append(found, m); m != list.Block {
			remark(e, sanctionsType+string(t.Text()))
		}
	}
	x.setMeasures(e, found)
}

func (x *enhanced) feature(e *list.Entry, f xmlstream.Node) {
	typ, value := text(f, "type"), text(f, "value")
	if value == "" {
		value = x.refs[string(f.Find("valueRefId").Text())]
	}
	if value == "" {
		value = x.when(f.Find("valueDate"))
	}
	if value != "" && !strings.EqualFold(typ, "Location") { // a location is among the addresses too
		x.featureText(e, typ, value)
	}
	if c := text(f, "comments"); c != "" {
		remark(e, typ+": "+c)
	}
}

// when writes a period in words.
func (x *enhanced) when(n xmlstream.Node) string {
	if !n.There() {
		return ""
	}
	from, ok := isoDay(text(n, "fromDateBegin"))
	if !ok {
		if s := string(n.Text()); s != "" {
			return s
		}
		x.rejected.Add(badDate, x.at())
		return ""
	}
	to := from
	for _, s := range [...]string{text(n, "toDateEnd"), text(n, "toDateBegin"), text(n, "fromDateEnd")} {
		if c, ok := isoDay(s); ok && c.date() >= from.date() {
			to = c
			break
		}
	}
	return words(from, to, isTrue(n.Find("isApproximate").Text()))
}

func isoDay(s string) (calendarDay, bool) {
	day, _, _ := strings.Cut(s, "T")
	d, err := navicert.ParseDate(day)
	if err != nil {
		return calendarDay{}, false
	}
	t := d.Start()
	return calendarDay{t.Year(), int(t.Month()), t.Day()}, true
}

func (x *enhanced) place(e *list.Entry, a xmlstream.Node) {
	var street []string
	var city, state, code string
	var latin xmlstream.Node
	for t := range a.Find("translations").Children() {
		if t.Is("translation") && (!latin.There() || isTrue(t.Find("isPrimary").Text())) {
			latin = t
		}
	}
	for p := range latin.Find("addressParts").Children() {
		v := text(p, "value")
		switch strings.ToUpper(text(p, "type")) {
		case "CITY":
			city = v
		case "STATE/PROVINCE":
			state = v
		case "POSTAL CODE":
			code = v
		default:
			if v != "" {
				street = append(street, v)
			}
		}
	}
	x.address(e, strings.Join(street, ", "), cityLine(city, state, code), text(a, "country"))
}

func (x *enhanced) relationship(e *list.Entry, r xmlstream.Node) {
	typ, other := text(r, "type"), r.Find("relatedEntity")
	kind, turned := linkKind(typ)
	l := list.Link{Kind: kind, Name: string(other.Text()), Entry: string(other.Attr("entityId")), Text: typ}
	if turned {
		x.turned = append(x.turned, turnedLink{l.Entry, list.Link{Kind: kind, Name: e.Name, Entry: e.ID, Text: typ}})
		return
	}
	addOnce(&e.Links, l)
}

package ofac

import (
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// sdnSpaces are the namespaces of SDN.XML and CONSOLIDATED.XML: of the service
// since 2024, and before.
var sdnSpaces = []string{
	"https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML",
	"http://tempuri.org/sdnList.xsd",
}

// SDNXML returns the SDN.XML form of the Specially Designated Nationals list.
func SDNXML() list.Format { return sdnXML() }

// ConsXML returns the CONSOLIDATED.XML form of the list of those who are not
// blocked.
func ConsXML() list.Format { return consXML() }

func sdnXML() *xmlForm { return plainForm().ofSDN("ofac-sdn-xml", "sdn.xml") }

func consXML() *xmlForm { return plainForm().ofCons("ofac-cons-xml", "consolidated.xml", "cons.xml") }

func plainForm() *xmlForm {
	return &xmlForm{root: "sdnList", spaces: sdnSpaces, read: (*xmlForm).readSDN}
}

func (f *xmlForm) readSDN(d *document, b *builder) error {
	dated, count := false, 0
	err := d.each(func(n xmlstream.Node) error {
		switch string(n.Name()) {
		case "publshInformation", "publishInformation":
			if dated {
				return d.fail(navicert.Invalid, "it states its publication twice")
			}
			dated = true
			day, err := time.Parse("01/02/2006", string(n.Find("Publish_Date").Text()))
			if err != nil {
				return d.fail(navicert.Invalid, "its day of publication, %s, is not MM/DD/YYYY", strconv.Quote(string(n.Find("Publish_Date").Text())))
			}
			if count, err = strconv.Atoi(string(n.Find("Record_Count").Text())); err != nil || count < 0 {
				return d.fail(navicert.Invalid, "its count of records, %s, is no number", strconv.Quote(string(n.Find("Record_Count").Text())))
			}
			return d.published(navicert.DateOf(day))
		case "sdnEntry":
			e, err := b.sdnEntry(d, n)
			if err != nil {
				return err
			}
			return b.add(d, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !dated {
		if err := d.published(""); err != nil {
			return err
		}
	} else if count != len(b.entries) {
		return navicert.Errorf(navicert.Invalid, "list", d.name, "it says that it has %d entries, and has %d", count, len(b.entries)).
			WithHint("is it whole? fetch it again")
	}
	return nil
}

// sdnEntry makes an entry of its element.
func (b *builder) sdnEntry(d *document, n xmlstream.Node) (list.Entry, error) {
	e := list.Entry{
		ID: text(n, "uid"), Name: fullName(text(n, "lastName"), text(n, "firstName")),
		Measure: b.measure, Row: string(d.Raw()), Simulated: b.simulated,
	}
	switch typ := text(n, "sdnType"); typ {
	case "Entity":
		e.Kind = list.Organization
	case "Individual":
		e.Kind = list.Person
	case "Vessel":
		e.Kind = list.Vessel
	case "Aircraft":
		e.Kind = list.Aircraft
	default:
		return e, d.fail(navicert.Unsupported, "entry %s: type %s is none of Entity, Individual, Vessel, Aircraft", e.ID, strconv.Quote(typ))
	}
	for p := range n.Find("programList").Children() {
		addOnce(&e.Programmes, string(p.Text()))
	}
	b.vesselInfo(&e, n.Find("vesselInfo"))
	for c := range n.Children() {
		b.sdnPart(&e, c)
	}
	if err := b.sdnAliases(d, &e, n.Find("akaList")); err != nil {
		return e, err
	}
	for a := range n.Find("addressList").Children() {
		var street []string
		for _, line := range [...]string{"address1", "address2", "address3"} {
			if s := text(a, line); s != "" {
				street = append(street, s)
			}
		}
		b.address(&e, strings.Join(street, ", "), cityLine(text(a, "city"), text(a, "stateOrProvince"), text(a, "postalCode")), text(a, "country"))
	}
	return e, nil
}

// text is the text of an element's first child with a name.
func text(n xmlstream.Node, name string) string { return string(n.Find(name).Text()) }

// sdnPart takes what one child of an entry says, but for its names, programmes
// and addresses.
func (b *builder) sdnPart(e *list.Entry, c xmlstream.Node) {
	switch string(c.Name()) {
	case "title":
		remark(e, string(c.Text()))
	case "remarks":
		b.sayAll(e, string(c.Text()))
	case "idList":
		for id := range c.Children() {
			b.sdnID(e, id)
		}
	case "nationalityList", "citizenshipList":
		for i := range c.Children() {
			addOnce(&e.Countries, b.flag(text(i, "country")))
		}
	case "dateOfBirthList":
		for i := range c.Children() {
			addOnce(&e.BirthDates, text(i, "dateOfBirth"))
		}
	case "placeOfBirthList":
		for i := range c.Children() {
			b.say(e, "POB "+text(i, "placeOfBirth"))
		}
	}
}

// vesselInfo takes what the CSV form has columns for.
func (b *builder) vesselInfo(e *list.Entry, n xmlstream.Node) {
	if s := text(n, "callSign"); s != "" {
		b.callSign(e, s)
	}
	e.VesselType, e.Tonnage, e.GRT = text(n, "vesselType"), text(n, "tonnage"), text(n, "grossRegisteredTonnage")
	e.Flag, e.Owner = b.flag(text(n, "vesselFlag")), text(n, "vesselOwner")
}

// sdnID takes one of an entry's numbers and features, which this form keeps in
// one list.
func (b *builder) sdnID(e *list.Entry, id xmlstream.Node) {
	n := numbered{text(id, "idType"), text(id, "idNumber"), text(id, "idCountry"), text(id, "issueDate"), text(id, "expirationDate"), ""}
	if isNumber(n.typ) {
		b.number(e, n)
		return
	}
	if n.country != "" { // features have none: it is a number of a kind that is not known
		b.number(e, n)
		return
	}
	b.say(e, strings.TrimSpace(n.typ+" "+n.value))
}

func (b *builder) sdnAliases(d *document, e *list.Entry, all xmlstream.Node) error {
	for a := range all.Children() {
		kind := aliasKind(text(a, "type"))
		weak := false
		switch category := text(a, "category"); category {
		case "weak":
			weak = true
		case "strong", "":
		default:
			return d.fail(navicert.Unsupported, "entry %s: alias category %s is neither strong nor weak", e.ID, strconv.Quote(category))
		}
		if kind == "" {
			return d.fail(navicert.Unsupported, "entry %s: alias type %s is none of a.k.a., f.k.a., n.k.a.", e.ID, strconv.Quote(text(a, "type")))
		}
		b.named(e, list.Alias{Name: fullName(text(a, "lastName"), text(a, "firstName")), Kind: kind, Weak: weak})
	}
	return nil
}

// named adds an alias. A ship's is never weak: see the package comment.
func (b *builder) named(e *list.Entry, a list.Alias) {
	if a.Name == "" {
		b.rejected.Add(aliasNameless, "entry "+e.ID)
		return
	}
	a.Weak = a.Weak && e.Kind != list.Vessel
	b.alias(e, a, "entry "+e.ID)
}

package ofac

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// advancedSpaces are the namespaces of the ADVANCED form: of the service since
// 2024, and of the United Nations' model that it follows, before.
var advancedSpaces = []string{
	"https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML",
	"http://www.un.org/sanctions/1.0",
	"https://www.un.org/sanctions/1.0",
}

// SDNAdvanced returns the SDN_ADVANCED.XML form of the Specially Designated
// Nationals list.
func SDNAdvanced() list.Format { return sdnAdvanced() }

// ConsAdvanced returns the CONS_ADVANCED.XML form of the list of those who are
// not blocked.
func ConsAdvanced() list.Format { return consAdvanced() }

func sdnAdvanced() *xmlForm { return advancedForm().ofSDN("ofac-sdn-advanced", "sdn_advanced.xml") }

func consAdvanced() *xmlForm { return advancedForm().ofCons("ofac-cons-advanced", "cons_advanced.xml") }

func advancedForm() *xmlForm {
	return &xmlForm{root: "Sanctions", spaces: advancedSpaces, read: (*xmlForm).readAdvanced}
}

// advanced is what the sections of a file say, until its entries are whole. The
// sections refer to each other by numbers: locations and documents come before
// the parties that have them, relationships and sanctions after.
type advanced struct {
	*document
	*builder
	cons bool
	refs references

	locations map[string]location
	documents map[string][]numbered // by identity
	profiles  map[string]int32      // by number: the place of its entry
	sanctions map[int32]*sanctions  // by entry
	words     map[string]string     // texts that come again and again, held once
	delta     *delta                // nil in a whole publication
}

// location is a place as a feature or document names it.
type location struct{ street, city, country string }

// sanctions gathers the sanctions entries of a party.
type sanctions struct {
	measures []list.Measure
}

func (f *xmlForm) readAdvanced(d *document, b *builder) error {
	a := &advanced{
		document: d, builder: b, cons: f.cons, refs: references{}, locations: map[string]location{}, documents: map[string][]numbered{},
		profiles: map[string]int32{}, sanctions: map[int32]*sanctions{}, words: map[string]string{},
	}
	var err error
	if a.delta, err = d.openBase(); err != nil {
		return err
	}
	if a.delta != nil {
		a.simulated = a.delta.base.Simulated
		d.pub.Simulated = a.simulated
	}
	section := func(record string, do func(xmlstream.Node) error) func() error {
		return func() error {
			d.Enter()
			return d.each(func(n xmlstream.Node) error {
				if !n.Is(record) {
					return d.fail(navicert.Unsupported, "<%s> stands where only <%s> is known", n.Name(), record)
				}
				return do(n)
			})
		}
	}
	dated, parties, listed := false, false, false
	err = d.sections(map[string]func() error{
		"DateOfIssue":          func() error { dated = true; return a.dateOfIssue() },
		"ReferenceValueSets":   func() error { d.Enter(); return d.each(a.refs.set) },
		"Locations":            section("Location", a.location),
		"IDRegDocuments":       section("IDRegDocument", a.idDocument),
		"DistinctParties":      func() error { parties = true; return section("DistinctParty", a.party)() },
		"ProfileRelationships": section("ProfileRelationship", a.relationship),
		"SanctionsEntries":     func() error { listed = true; return section("SanctionsEntry", a.sanctionsEntry)() },
	})
	if err != nil {
		return err
	}
	if !parties || !listed {
		return navicert.Errorf(navicert.Invalid, "list", d.name, "it has no <DistinctParties>, or no <SanctionsEntries>").
			WithHint("is it whole? fetch it again")
	}
	if !dated {
		if err := d.published(""); err != nil {
			return err
		}
	}
	a.finish()
	if a.delta != nil {
		return a.apply()
	}
	for _, identity := range slices.Sorted(maps.Keys(a.documents)) {
		a.rejected.Add(strayDocument, "identity "+identity)
	}
	return nil
}

func (a *advanced) dateOfIssue() error {
	n, err := a.Element()
	if err != nil {
		return err
	}
	c, ok := dayOf(n)
	if !ok {
		return a.fail(navicert.Invalid, "its date of issue is no day")
	}
	return a.published(c.date())
}

// dayOf reads <Year>, <Month> and <Day>.
func dayOf(n xmlstream.Node) (c calendarDay, ok bool) {
	for part, to := range map[string]*int{"Year": &c.year, "Month": &c.month, "Day": &c.day} {
		v, err := strconv.Atoi(string(n.Find(part).Text()))
		if err != nil {
			return c, false
		}
		*to = v
	}
	return c, c.valid()
}

// word holds a text once, however often it comes.
func (a *advanced) word(b []byte) string {
	if s, ok := a.words[string(b)]; ok {
		return s
	}
	s := string(b)
	a.words[s] = s
	return s
}

// location keeps a place for the features that name it.
func (a *advanced) location(n xmlstream.Node) error {
	action, err := a.action(n)
	if err != nil || action == "delete" {
		return err
	}
	var l location
	var street []string
	var city, state, code string
	for c := range n.Children() {
		switch string(c.Name()) {
		case "LocationCountry":
			l.country = a.name("Country", c.Attr("CountryID"))
		case "LocationAreaCode":
			if l.country == "" {
				l.country = a.name("AreaCode", c.Attr("AreaCodeID"))
			}
		case "LocationPart":
			v := partValue(c)
			switch strings.ToUpper(a.name("LocPartType", c.Attr("LocPartTypeID"))) {
			case "CITY":
				city = v
			case "STATE/PROVINCE":
				state = v
			case "POSTAL CODE":
				code = v
			default: // ADDRESS1 to ADDRESS3, REGION, Unknown
				if v != "" {
					street = append(street, v)
				}
			}
		}
	}
	l.street, l.city = strings.Join(street, ", "), cityLine(city, state, code)
	a.locations[string(n.Attr("ID"))] = l
	if action == "revise" {
		a.delta.revised[string(n.Attr("ID"))] = true
	}
	return nil
}

// partValue is the primary value of a part of a location, or its first.
func partValue(part xmlstream.Node) string {
	first := ""
	for v := range part.Children() {
		if !v.Is("LocationPartValue") {
			continue
		}
		s := text(v, "Value")
		if isTrue(v.Attr("Primary")) {
			return s
		}
		if first == "" {
			first = s
		}
	}
	return first
}

func isTrue(b []byte) bool { return string(b) == "true" || string(b) == "1" }

// idDocument keeps a document for the party that has it.
func (a *advanced) idDocument(n xmlstream.Node) error {
	action, err := a.action(n)
	if err != nil {
		return err
	}
	if a.delta != nil {
		a.delta.documented[string(n.Attr("IdentityID"))] = true
	}
	if action == "delete" {
		return nil
	}
	id := numbered{
		typ: a.name("IDRegDocType", n.Attr("IDRegDocTypeID")), value: text(n, "IDRegistrationNo"),
		country: a.name("Country", n.Attr("IssuedBy-CountryID")),
	}
	for c := range n.Children() {
		if !c.Is("DocumentDate") {
			continue
		}
		s, ok := period(c.Find("DatePeriod"))
		if !ok {
			a.rejected.Add(badDate, a.at())
			continue
		}
		if strings.HasPrefix(strings.ToLower(a.name("IDRegDocDateType", c.Attr("IDRegDocDateTypeID"))), "expir") {
			id.expires = s
		} else {
			id.issued = s
		}
	}
	if v := a.refs["Validity"][string(n.Attr("ValidityID"))]; v != "" && !strings.EqualFold(v, "Valid") {
		id.note = v
	}
	owner := string(n.Attr("IdentityID"))
	a.documents[owner] = append(a.documents[owner], id)
	return nil
}

// period writes a DatePeriod in words.
func period(n xmlstream.Node) (string, bool) {
	start, end := n.Find("Start"), n.Find("End")
	from, ok := dayOf(start.Find("From"))
	if !ok {
		return "", false
	}
	to := from
	for _, last := range [...]xmlstream.Node{end.Find("To"), end.Find("From"), start.Find("To")} {
		if c, ok := dayOf(last); ok {
			to = c
			break
		}
	}
	if to.date() < from.date() {
		return "", false
	}
	return words(from, to, isTrue(start.Attr("Approximate")) || isTrue(end.Attr("Approximate"))), true
}

// relationship gives the party it comes from a link to the other.
func (a *advanced) relationship(n xmlstream.Node) error {
	action, err := a.action(n)
	if err != nil {
		return err
	}
	from, to := string(n.Attr("From-ProfileID")), string(n.Attr("To-ProfileID"))
	owner := from
	typ := a.name("RelationType", n.Attr("RelationTypeID"))
	kind, turned := linkKind(typ)
	if turned {
		from, to = to, from
	}
	l := list.Link{Kind: kind, Entry: to, Former: isTrue(n.Attr("Former")), Text: typ}
	if done, err := a.relink(owner, from, action, l); done || err != nil {
		return err
	}
	e := a.linked(from)
	if e == nil {
		a.rejected.Add(strayLink, a.at()+": profile "+from)
		return nil
	}
	if other := a.linked(to); other != nil {
		l.Entry, l.Name = other.ID, other.Name
	} else {
		a.rejected.Add(lostLink, a.at()+": profile "+to)
	}
	addOnce(&e.Links, l)
	return nil
}

const (
	strayLink     = "link of a party that is not in the file"
	strayDocument = "document of an identity that is not in the file"
)

// linkKind reads the name of a relation; turned says that it is told from the
// other's side. What has no kind of its own is only a link, with its name.
func linkKind(typ string) (kind list.LinkKind, turned bool) {
	switch strings.ToLower(typ) {
	case "owned or controlled by":
		return list.OwnedOrControlled, false
	case strings.ToLower(ownsOrOperates):
		return list.OwnedOrControlled, true
	case "acting for or on behalf of":
		return list.ActsFor, false
	case "providing support to":
		return list.Supports, false
	case "leader or official of", "principal executive officer":
		return list.LeaderOf, false
	case "family member of":
		return list.FamilyOf, false
	case "associate of":
		return list.AssociateOf, false
	}
	return list.LinkedTo, false // among them "Playing a significant role in" and "Property in the interest of"
}

// sanctionsEntry takes what the list says of a party: since when, on what law,
// under which programmes, and what is demanded.
func (a *advanced) sanctionsEntry(n xmlstream.Node) error {
	action, err := a.action(n)
	if err != nil || action == "delete" {
		return err
	}
	i, ok := a.profiles[string(n.Attr("ProfileID"))]
	if !ok && a.delta != nil {
		return a.fail(navicert.Unsupported, "it changes the sanctions of party %s, but does not give the party anew", n.Attr("ProfileID")).
			WithHint("fetch the whole publication")
	}
	if !ok {
		return a.fail(navicert.Invalid, "the sanctions entry %s is of profile %s, which is not in the file", n.Attr("ID"), n.Attr("ProfileID")).
			WithHint("is the file cut, or put together of two?")
	}
	if onSDN := a.isSDN(n.Attr("ListID")); onSDN == a.cons {
		return nil // what the other list says of the party is in the other file
	}
	s := a.sanctions[i]
	if s == nil {
		s = &sanctions{}
		a.sanctions[i] = s
	}
	e := &a.entries[i]
	for c := range n.Children() {
		switch string(c.Name()) {
		case "EntryEvent":
			if day, ok := dayOf(c.Find("Date")); ok {
				if d := day.date(); e.Listed == "" || d < e.Listed {
					e.Listed = d
				}
			} else {
				a.rejected.Add(badDate, a.at())
			}
			if basis := a.name("LegalBasis", c.Attr("LegalBasisID")); basis != "Unknown" {
				addOnce(&e.LegalBasis, basis)
			}
		case "SanctionsMeasure":
			typ := a.name("SanctionsType", c.Attr("SanctionsTypeID"))
			if strings.EqualFold(typ, "Program") {
				addOnce(&e.Programmes, a.word(c.Find("Comment").Text()))
				continue
			}
			m := measureOf(typ)
			s.measures = append(s.measures, m)
			if m != list.Block {
				remark(e, sanctionsType+typ)
			}
		}
	}
	return nil
}

// sdnListID is the number of the SDN list in all files since 2015.
const sdnListID = "1550"

// isSDN reports whether a sanctions entry is on the list of the blocked. One
// that names no list is taken for this file's.
func (a *advanced) isSDN(id []byte) bool {
	if id == nil {
		return !a.cons
	}
	return string(id) == sdnListID || strings.HasPrefix(a.name("List", id), "SDN")
}

// finish gives each entry its measures, and counts those that the list says
// nothing of.
func (a *advanced) finish() {
	for i := range a.entries {
		s := a.sanctions[int32(i)]
		if s == nil {
			s = &sanctions{}
			if a.delta != nil && a.delta.changed[a.entries[i].ID] && a.delta.has(a.entries[i].ID) {
				continue // as it was, see carry
			}
			a.rejected.Add(noSanctions, "entry "+a.entries[i].ID)
		}
		a.setMeasures(&a.entries[i], s.measures)
	}
}

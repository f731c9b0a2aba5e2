package uk

import (
	"context"
	"iter"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/record"
	"navicert/list/xmlstream"
)

func readXML(ctx context.Context, f format, src list.Source, b *builder) error {
	r, err := record.Open(ctx, src, f.info, f.search, maxTextBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := r.Root("Designations"); err != nil {
		return err
	}
	var day navicert.Date
	err = r.Each(func(n xmlstream.Node) error {
		switch {
		case n.Is("DateGenerated"):
			day = b.fields.Date(string(n.Text()), "02/01/2006", "2006-01-02")
			return nil
		case n.Is("Designation"):
			return b.designation(r, n)
		}
		return r.Fail(navicert.Unsupported, "<%s> where <Designation> is due", n.Name())
	})
	if err != nil {
		return err
	}
	if err := r.End(); err != nil {
		return err
	}
	b.pub.SHA256 = r.SHA256()
	b.pub.Date, err = list.DateOf(src, r.Name, day)
	return err
}

// all yields the elements at the end of a path of names.
func all(n xmlstream.Node, path ...string) iter.Seq[xmlstream.Node] {
	return func(yield func(xmlstream.Node) bool) { each(n, path, yield) }
}

func each(n xmlstream.Node, path []string, yield func(xmlstream.Node) bool) bool {
	if len(path) == 0 {
		return yield(n)
	}
	for c := range n.Children() {
		if c.Is(path[0]) && !each(c, path[1:], yield) {
			return false
		}
	}
	return true
}

// texts yields the texts of the elements at the end of a path.
func texts(n xmlstream.Node, path ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for c := range all(n, path...) {
			if s := strings.Join(strings.Fields(string(c.Text())), " "); s != "" && !yield(s) {
				return
			}
		}
	}
}

// designation makes an entry of a record.
func (b *builder) designation(r *record.Reader, n xmlstream.Node) error {
	text := func(name string) string { return record.Text(n, name) }
	id := text("UniqueID")
	kind, ok := kindOf(text("IndividualEntityShip"))
	switch {
	case id == "":
		return r.Fail(navicert.Invalid, "a designation without UniqueID")
	case !ok:
		return r.Fail(navicert.Unsupported, "%q is none of Individual, Entity, Ship", text("IndividualEntityShip"))
	}
	d, added := b.draft(id, kind)
	if !added {
		return r.Fail(navicert.Invalid, "designation %s is there twice", id).WithHint("are two publications in one file?")
	}
	d.Row = r.Raw()
	fields.AddOnce(&d.Programmes, text("RegimeName"))
	fields.AddOnce(&d.LegalBasis, text("RegimeName"))
	d.Listed = b.fields.Date(text("DateDesignated"), "02/01/2006", "2006-01-02")
	d.Remarks = fields.Join("; ", text("OtherInformation"), text("UKStatementofReasons"))
	if ref := text("UNReferenceNumber"); ref != "" {
		d.Identifiers = append(d.Identifiers, list.Identifier{Type: "UN reference", Value: ref})
	}
	b.imposed(d, n)
	b.namesOf(d, n)
	for a := range all(n, "Addresses", "Address") {
		get := func(name string) string { return record.Text(a, name) }
		b.address(d, []string{
			get("AddressLine1"), get("AddressLine2"), get("AddressLine3"), get("AddressLine4"), get("AddressLine5"), get("AddressLine6"),
		}, get("AddressPostalCode"), get("AddressCountry"))
	}
	for p := range all(n, "IndividualDetails", "Individual") {
		b.individual(d, p)
	}
	for e := range all(n, "EntityDetails", "Entity") {
		for v := range texts(e, "BusinessRegistrationNumbers", "BusinessRegistrationNumber") {
			b.identifier(d, "Business registration number", v)
		}
		for v := range texts(e, "ParentCompanies", "ParentCompany") {
			b.parent(d, v)
		}
		for v := range texts(e, "Subsidiaries", "Subsidiary") {
			b.subsidiary(d, v)
		}
	}
	for s := range all(n, "ShipDetails", "Ship") {
		b.shipDetails(d, s)
	}
	return nil
}

// imposed reads the measures: the text where there is one, else the indicators.
func (b *builder) imposed(d *draft, n xmlstream.Node) {
	if text := record.Text(n, "SanctionsImposed"); text != "" {
		for _, m := range fields.Split(text, "|") {
			b.measure(d, m)
		}
		return
	}
	for m := range n.Find("SanctionsImposedIndicators").Children() {
		if strings.EqualFold(string(m.Text()), "true") {
			b.measure(d, string(m.Name()))
		}
	}
}

func (b *builder) namesOf(d *draft, n xmlstream.Node) {
	for c := range all(n, "Names", "Name") {
		get := func(name string) string { return record.Text(c, name) }
		b.name(d, fields.Join(" ", get("Name1"), get("Name2"), get("Name3"), get("Name4"), get("Name5"), get("Name6")),
			get("NameType"), get("AliasStrength"))
	}
	for name := range texts(n, "NonLatinNames", "NonLatinName", "NameNonLatinScript") {
		b.script(d, name)
	}
}

func (b *builder) individual(d *draft, n xmlstream.Node) {
	for v := range texts(n, "DOBs", "DOB") {
		b.birth(d, v)
	}
	for v := range texts(n, "Nationalities", "Nationality") {
		b.nationality(d, v)
	}
	for v := range texts(n, "NationalIdentifierDetails", "NationalIdentifier", "NationalIdentifierNumber") {
		b.identifier(d, "National identifier", v)
	}
	for v := range texts(n, "PassportDetails", "Passport", "PassportNumber") {
		b.identifier(d, "Passport", v)
	}
	for v := range texts(n, "Genders", "Gender") {
		d.Gender = v
	}
}

func (b *builder) shipDetails(d *draft, n xmlstream.Node) {
	first := func(path ...string) string {
		for v := range texts(n, path...) {
			return v
		}
		return ""
	}
	b.ship(d, ship{
		typ: first("TypeOfShipDetails", "TypeOfShip"), tonnage: first("TonnageOfShipDetails", "TonnageOfShip"),
		length: first("LengthOfShipDetails", "LengthOfShip"), built: first("YearsBuilt", "YearBuilt"),
	})
	for v := range texts(n, "IMONumbers", "IMONumber") {
		b.ship(d, ship{imo: v})
	}
	for v := range texts(n, "CurrentOwnerOperators", "CurrentOwnerOperator") {
		b.ship(d, ship{owner: v})
	}
	for v := range texts(n, "PreviousOwnerOperators", "PreviousOwnerOperator") {
		b.ship(d, ship{formerOwner: v})
	}
	for v := range texts(n, "CurrentBelievedFlagOfShips", "CurrentBelievedFlagOfShip") {
		b.ship(d, ship{flag: v})
	}
	for v := range texts(n, "PreviousFlags", "PreviousFlag") {
		b.ship(d, ship{formerFlags: v})
	}
	for v := range texts(n, "HullIdentificationNumbers", "HullIdentificationNumber") {
		b.ship(d, ship{hull: v})
	}
}

package ofacgen

import (
	"io"
	"strconv"

	"navicert/list"
)

// Enhanced writes entries in the ENHANCED form.
func Enhanced(w io.Writer, issue Issue, entries []list.Entry) error {
	p := newPrinter(w)
	byName := numbers(entries)
	p.begin("ENHANCED")
	p.open("sanctionsData", "xmlns", "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML")
	p.open("publicationInfo")
	p.leaf("dataAsOf", string(issue.Date)+"T00:00:00")
	p.open("filters")
	p.open("sanctionsLists")
	p.leaf("sanctionsList", "SDN List", "refId", "1550")
	p.close("sanctionsLists")
	p.close("filters")
	p.close("publicationInfo")
	p.open("referenceValues")
	p.open("referenceValue", "refId", "91526")
	p.leaf("type", "Gender")
	p.leaf("value", "Male")
	p.close("referenceValue")
	p.close("referenceValues")
	p.open("entities")
	for i := range entries {
		p.entity(issue, &entries[i], byName)
	}
	p.close("entities")
	p.close("sanctionsData")
	return p.end()
}

func (p *printer) number() string { return strconv.Itoa(p.next()) }

func (p *printer) entity(issue Issue, e *list.Entry, byName map[string]string) {
	p.open("entity", "id", e.ID)
	p.open("generalInfo")
	p.leaf("identityId", p.number())
	p.leaf("entityType", map[list.Kind]string{list.Organization: "Entity", list.Person: "Individual", list.Vessel: "Vessel", list.Aircraft: "Aircraft"}[e.Kind],
		"refId", map[list.Kind]string{list.Person: "600", list.Organization: "601", list.Aircraft: "602", list.Vessel: "603"}[e.Kind])
	p.close("generalInfo")
	p.open("sanctionsLists")
	p.leaf("sanctionsList", "SDN List", "refId", "1550", "id", p.number(), "datePublished", string(issue.Date))
	p.close("sanctionsLists")
	p.open("sanctionsPrograms")
	for _, s := range e.Programmes {
		p.leaf("sanctionsProgram", s, "refId", "1", "id", p.number())
	}
	p.close("sanctionsPrograms")
	p.open("sanctionsTypes")
	p.leaf("sanctionsType", "Block", "refId", "1705", "id", p.number())
	p.close("sanctionsTypes")
	p.open("legalAuthorities")
	p.leaf("legalAuthority", "Unknown", "refId", "1", "id", p.number())
	p.close("legalAuthorities")
	p.open("names")
	p.name(e, list.Alias{Name: e.Name}, true)
	for _, a := range e.Aliases {
		p.name(e, a, false)
	}
	p.close("names")
	p.enhancedPlaces(e)
	p.enhancedFeatures(e)
	p.enhancedDocuments(e)
	p.relationships(e, byName)
	p.close("entity")
}

func (p *printer) name(e *list.Entry, a list.Alias, primary bool) {
	p.open("name", "id", p.number())
	p.leaf("isPrimary", strconv.FormatBool(primary))
	if !primary {
		id, label := aliasType(a.Kind)
		p.leaf("aliasType", label, "refId", id)
	}
	p.leaf("isLowQuality", strconv.FormatBool(a.Weak))
	p.open("translations")
	p.open("translation", "id", p.number())
	p.leaf("isPrimary", "true")
	id, script := scriptType(a.Script)
	p.leaf("script", script, "refId", id)
	last, first := parts(e, a.Name)
	p.optional("formattedFirstName", first)
	p.leaf("formattedLastName", last)
	p.leaf("formattedFullName", a.Name)
	p.open("nameParts")
	for _, part := range nameParts(e, a.Name) {
		p.open("namePart", "id", p.number())
		p.leaf("type", part.label, "refId", part.id)
		p.leaf("value", part.value)
		p.close("namePart")
	}
	p.close("nameParts")
	p.close("translation")
	p.close("translations")
	p.close("name")
}

func (p *printer) enhancedPlaces(e *list.Entry) {
	if len(e.Addresses) == 0 {
		return
	}
	p.open("addresses")
	for _, a := range e.Addresses {
		p.open("address", "id", p.number())
		if c := country(a); c != "" {
			p.leaf("country", c, "refId", countryID(c))
		}
		p.open("translations")
		p.open("translation", "id", p.number())
		p.leaf("isPrimary", "true")
		p.leaf("script", "Latin", "refId", "20122")
		p.open("addressParts")
		for _, part := range [...]struct{ id, label, value string }{{"1451", "ADDRESS1", a.Street}, {"1454", "CITY", a.City}} {
			if part.value != "" {
				p.open("addressPart", "id", p.number())
				p.leaf("type", part.label, "refId", part.id)
				p.leaf("value", part.value)
				p.close("addressPart")
			}
		}
		p.close("addressParts")
		p.close("translation")
		p.close("translations")
		p.close("address")
	}
	p.close("addresses")
}

func (p *printer) enhancedFeatures(e *list.Entry) {
	p.open("features")
	feature := func(typ, value string, primary bool) {
		if value == "" {
			return
		}
		p.open("feature", "id", p.number())
		p.leaf("type", typ, "featureTypeId", featureType(typ))
		p.leaf("versionId", p.number())
		p.leaf("value", value)
		if from, to, about, ok := Days(value); ok && typ == "Birthdate" {
			p.open("valueDate", "id", p.number())
			p.leaf("fromDateBegin", string(from))
			p.leaf("fromDateEnd", string(from))
			p.leaf("toDateBegin", string(to))
			p.leaf("toDateEnd", string(to))
			p.leaf("isApproximate", strconv.FormatBool(about))
			p.leaf("isDateRange", strconv.FormatBool(from != to))
			p.close("valueDate")
		}
		p.leaf("isPrimary", strconv.FormatBool(primary))
		p.leaf("reliability", "Unknown", "refId", "1560")
		p.close("feature")
	}
	for i, d := range e.BirthDates {
		feature("Birthdate", d, i == 0)
	}
	for _, c := range countryNames(nationalities(e)) {
		feature("Nationality Country", c, true)
	}
	for _, f := range vesselFeatures(e) {
		feature(f.typ, f.value, true)
	}
	for _, f := range facts(e) {
		if f.isDocument() {
			continue
		}
		value := f.value
		if f.country != "" {
			value += " (" + countryName(f.country) + ")"
		}
		feature(f.typ, value, true)
	}
	p.close("features")
}

func (p *printer) enhancedDocuments(e *list.Entry) {
	p.open("identityDocuments")
	for _, f := range facts(e) {
		if !f.isDocument() {
			continue
		}
		p.open("identityDocument", "id", p.number())
		p.leaf("type", f.typ, "refId", documentType(f.typ))
		p.leaf("documentNumber", f.value)
		p.leaf("isValid", "true")
		if f.country != "" {
			p.leaf("issuingCountry", countryName(f.country), "refId", countryID(countryName(f.country)))
		}
		p.close("identityDocument")
	}
	p.close("identityDocuments")
}

func (p *printer) relationships(e *list.Entry, byName map[string]string) {
	p.open("relationships")
	for _, l := range e.Links {
		id, label := relationType(e.Kind)
		if to := byName[linkedName(l.Name)]; to != "" {
			p.open("relationship", "id", p.number())
			p.leaf("type", label, "refId", id)
			p.leaf("relatedEntity", l.Name, "entityId", to)
			p.close("relationship")
		}
	}
	p.close("relationships")
}

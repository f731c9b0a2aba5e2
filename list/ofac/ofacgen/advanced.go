package ofacgen

import (
	"io"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

// Advanced writes entries in the ADVANCED form. The numbers of identities,
// locations and profiles that sections refer to each other by come from the
// order of the entries.
func Advanced(w io.Writer, issue Issue, entries []list.Entry) error {
	p := newPrinter(w)
	p.begin("ADVANCED")
	attrs := []string{
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xmlns", "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML", "Version", strconv.Itoa(max(1, issue.Version)),
	}
	if issue.Base > 0 {
		attrs = append(attrs, "DeltaBaseVersion", strconv.Itoa(issue.Base))
	}
	p.open("Sanctions", attrs...)
	p.open("DateOfIssue", "CalendarTypeID", "1")
	p.day(issue.Date)
	p.close("DateOfIssue")
	p.referenceSets(entries)
	g := &advanced{printer: p, issue: issue, entries: entries, byName: numbers(entries)}
	g.section("Locations", g.locations)
	g.section("IDRegDocuments", g.documents)
	g.location = 0
	g.section("DistinctParties", g.party)
	g.section("ProfileRelationships", g.relationships)
	g.section("SanctionsEntries", g.sanctions)
	p.empty("SanctionsEntryLinks")
	p.close("Sanctions")
	return p.end()
}

type advanced struct {
	*printer
	issue    Issue
	entries  []list.Entry
	byName   map[string]string
	location int // the last number given to one
}

func (g *advanced) section(name string, write func(i int, e *list.Entry)) {
	g.open(name)
	for i := range g.entries {
		write(i, &g.entries[i])
	}
	g.close(name)
}

func (g *advanced) deleted(e *list.Entry) bool { return g.issue.Action[e.ID] == "delete" }

// identity is the number of an entry's identity.
func identity(i int) string { return strconv.Itoa(100_000 + i) }

func (p *printer) day(d navicert.Date) {
	y, m, day := d.Start().Date()
	p.leaf("Year", strconv.Itoa(y))
	p.leaf("Month", strconv.Itoa(int(m)))
	p.leaf("Day", strconv.Itoa(day))
}

func (g *advanced) locations(_ int, e *list.Entry) {
	if g.deleted(e) {
		return
	}
	for _, a := range e.Addresses {
		g.location++
		g.open("Location", "ID", strconv.Itoa(g.location))
		if c := country(a); c != "" {
			g.empty("LocationAreaCode", "AreaCodeID", countryID(c))
			g.empty("LocationCountry", "CountryID", countryID(c), "CountryRelevanceID", "1413")
		}
		for _, part := range [...]struct{ id, value string }{{"1451", a.Street}, {"1454", a.City}} {
			if part.value == "" {
				continue
			}
			g.open("LocationPart", "LocPartTypeID", part.id)
			g.open("LocationPartValue", "Primary", "true", "LocPartValueTypeID", "1", "LocPartValueStatusID", "1")
			g.empty("Comment")
			g.leaf("Value", part.value)
			g.close("LocationPartValue")
			g.close("LocationPart")
		}
		g.close("Location")
	}
	for _, f := range nationalities(e) {
		g.location++
		g.open("Location", "ID", strconv.Itoa(g.location))
		g.empty("LocationCountry", "CountryID", countryID(countryName(f)), "CountryRelevanceID", "1413")
		g.close("Location")
	}
}

func (g *advanced) documents(i int, e *list.Entry) {
	if g.deleted(e) {
		return
	}
	for _, f := range facts(e) {
		if !f.isDocument() {
			continue
		}
		attrs := []string{"ID", g.number(), "IDRegDocTypeID", documentType(f.typ), "IdentityID", identity(i)}
		if f.country != "" {
			attrs = append(attrs, "IssuedBy-CountryID", countryID(countryName(f.country)))
		}
		g.open("IDRegDocument", append(attrs, "ValidityID", "1")...)
		g.empty("Comment")
		g.leaf("IDRegistrationNo", f.value)
		g.empty("IssuingAuthority")
		g.empty("DocumentedNameReference", "DocumentedNameID", identity(i))
		g.close("IDRegDocument")
	}
}

func (g *advanced) party(i int, e *list.Entry) {
	attrs := []string{"FixedRef", e.ID}
	if a := g.issue.Action[e.ID]; a != "" {
		attrs = append(attrs, "DeltaAction", a)
	}
	g.open("DistinctParty", attrs...)
	g.empty("Comment")
	g.open("Profile", "ID", e.ID, "PartySubTypeID", map[list.Kind]string{list.Vessel: "1", list.Aircraft: "2", list.Organization: "3", list.Person: "4"}[e.Kind])
	g.open("Identity", "ID", identity(i), "FixedRef", e.ID, "Primary", "true", "False", "false")
	groups := g.alias(e, list.Alias{Name: e.Name}, "1403", true)
	for _, a := range e.Aliases {
		id, _ := aliasType(a.Kind)
		groups = append(groups, g.alias(e, a, id, false)...)
	}
	g.open("NamePartGroups")
	for _, part := range groups {
		g.open("MasterNamePartGroup")
		g.empty("NamePartGroup", "ID", part.group, "NamePartTypeID", part.id)
		g.close("MasterNamePartGroup")
	}
	g.close("NamePartGroups")
	g.close("Identity")
	g.features(i, e)
	g.close("Profile")
	g.close("DistinctParty")
}

func (g *advanced) alias(e *list.Entry, a list.Alias, typ string, primary bool) []namePart {
	g.open("Alias", "FixedRef", e.ID, "AliasTypeID", typ, "Primary", strconv.FormatBool(primary), "LowQuality", strconv.FormatBool(a.Weak))
	status := "2"
	if primary {
		status = "1"
	}
	g.open("DocumentedName", "ID", g.number(), "FixedRef", e.ID, "DocNameStatusID", status)
	script, _ := scriptType(a.Script)
	all := nameParts(e, a.Name)
	for i := range all {
		all[i].group = g.number()
		g.open("DocumentedNamePart")
		g.leaf("NamePartValue", all[i].value, "NamePartGroupID", all[i].group, "ScriptID", advancedScript(script), "ScriptStatusID", "1", "Acronym", "false")
		g.close("DocumentedNamePart")
	}
	g.close("DocumentedName")
	g.close("Alias")
	return all
}

// features writes all features of an entry.
func (g *advanced) features(i int, e *list.Entry) {
	if g.deleted(e) {
		return
	}
	feature := func(typ string, inside func()) {
		g.open("Feature", "ID", g.number(), "FeatureTypeID", featureType(typ))
		g.open("FeatureVersion", "ID", g.number(), "ReliabilityID", "1560")
		g.empty("Comment")
		inside()
		g.close("FeatureVersion")
		g.empty("IdentityReference", "IdentityID", identity(i), "IdentityFeatureLinkTypeID", "1")
		g.close("Feature")
	}
	place := func() {
		g.location++
		g.empty("VersionLocation", "LocationID", strconv.Itoa(g.location))
	}
	for range e.Addresses {
		feature("Location", place)
	}
	for range nationalities(e) {
		feature("Nationality Country", place)
	}
	for _, d := range e.BirthDates {
		feature("Birthdate", func() {
			if from, to, about, ok := Days(d); ok {
				g.datePeriod(from, to, about)
				g.empty("VersionDetail", "DetailTypeID", "1430")
			} else {
				g.leaf("VersionDetail", d, "DetailTypeID", "1432")
			}
		})
	}
	for _, f := range append(vesselFeatures(e), facts(e)...) {
		switch {
		case f.isDocument():
		case f.typ == "Gender" && (f.value == "Male" || f.value == "Female"):
			feature(f.typ, func() { g.empty("VersionDetail", "DetailTypeID", "1431", "DetailReferenceID", genders[f.value]) })
		default:
			value := f.value
			if f.country != "" {
				value += " (" + countryName(f.country) + ")"
			}
			feature(f.typ, func() { g.leaf("VersionDetail", value, "DetailTypeID", "1432") })
		}
	}
}

func (g *advanced) datePeriod(from, to navicert.Date, about bool) {
	fixed := []string{"YearFixed", "false", "MonthFixed", "false", "DayFixed", "false"}
	g.open("DatePeriod", append([]string{"CalendarTypeID", "1"}, fixed...)...)
	for _, b := range [...]struct {
		name string
		day  navicert.Date
	}{{"Start", from}, {"End", to}} {
		g.open(b.name, append([]string{"Approximate", strconv.FormatBool(about)}, fixed...)...)
		for _, end := range [...]string{"From", "To"} {
			g.open(end)
			g.day(b.day)
			g.close(end)
		}
		g.close(b.name)
	}
	g.close("DatePeriod")
}

func (g *advanced) relationships(_ int, e *list.Entry) {
	if g.deleted(e) {
		return
	}
	for _, l := range e.Links {
		id, _ := relationType(e.Kind)
		to := l.Entry
		if to == "" {
			to = g.byName[linkedName(l.Name)]
		}
		if to == "" {
			continue
		}
		g.open("ProfileRelationship", "ID", g.number(), "From-ProfileID", e.ID, "To-ProfileID", to, "RelationTypeID", id,
			"RelationQualityID", "1", "Former", strconv.FormatBool(l.Former), "SanctionsEntryID", e.ID)
		g.empty("Comment")
		g.close("ProfileRelationship")
	}
}

func (g *advanced) sanctions(_ int, e *list.Entry) {
	if g.deleted(e) {
		return
	}
	listed := e.Listed
	if listed == "" {
		listed = g.issue.Date
	}
	g.open("SanctionsEntry", "ID", e.ID, "ProfileID", e.ID, "ListID", "1550")
	g.open("EntryEvent", "ID", e.ID, "EntryEventTypeID", "1", "LegalBasisID", "1")
	g.empty("Comment")
	g.open("Date", "CalendarTypeID", "1")
	g.day(listed)
	g.close("Date")
	g.close("EntryEvent")
	fixed := []string{"CalendarTypeID", "1", "YearFixed", "true", "MonthFixed", "true", "DayFixed", "true"}
	g.open("SanctionsMeasure", "ID", g.number(), "SanctionsTypeID", "1705")
	g.empty("DatePeriod", fixed...)
	g.close("SanctionsMeasure")
	for _, s := range e.Programmes {
		g.open("SanctionsMeasure", "ID", g.number(), "SanctionsTypeID", "1")
		g.leaf("Comment", s)
		g.empty("DatePeriod", fixed...)
		g.close("SanctionsMeasure")
	}
	g.close("SanctionsEntry")
}

// Days reads a date in OFAC's words: "14 Mar 1961", "Mar 1961", "1961", two of
// them with "to" between, and "circa" before.
func Days(s string) (from, to navicert.Date, about, ok bool) {
	s, about = strings.CutPrefix(s, "circa ")
	first, last, ranged := strings.Cut(s, " to ")
	if !ranged {
		last = first
	}
	from, _, ok1 := span(first)
	_, to, ok2 := span(last)
	return from, to, about, ok1 && ok2 && from <= to
}

// span is the first and the last day of a day, month or year.
func span(s string) (first, last navicert.Date, ok bool) {
	for _, l := range [...]struct {
		layout       string
		years, month int
	}{{"02 Jan 2006", 0, 0}, {"Jan 2006", 0, 1}, {"2006", 1, 0}} {
		t, err := time.Parse(l.layout, s)
		if err != nil {
			continue
		}
		end := t
		if l.years+l.month > 0 {
			end = t.AddDate(l.years, l.month, -1)
		}
		return navicert.DateOf(t), navicert.DateOf(end), true
	}
	return "", "", false
}

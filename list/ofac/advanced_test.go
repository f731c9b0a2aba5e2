package ofac_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/ofac"
	"navicert/list/ofac/ofacgen"
)

const (
	oldSpace = `xmlns="http://www.un.org/sanctions/1.0"`
	newSpace = `xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"`
)

// referenceSets are the sets that the documents of these tests need, with OFAC's
// numbers where they are known.
const referenceSets = `<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<AreaCodeValues><AreaCode ID="11073" CountryID="11073" Description="Cuba" AreaCodeTypeID="1">CU</AreaCode><AreaCode ID="11115" Description="Japan" AreaCodeTypeID="1">JP</AreaCode></AreaCodeValues>
<CountryValues><Country ID="11066">Colombia</Country><Country ID="11073">Cuba</Country><Country ID="11082">Egypt</Country><Country ID="11109">Iran</Country><Country ID="11115">Japan</Country><Country ID="11162">Panama</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="1">Vessel Call Sign</FeatureType><FeatureType ID="2">VESSEL TYPE</FeatureType><FeatureType ID="3">Vessel Flag</FeatureType><FeatureType ID="8">Birthdate</FeatureType>
<FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="24">Former Vessel Flag</FeatureType><FeatureType ID="25">Location</FeatureType><FeatureType ID="26">Title</FeatureType>
<FeatureType ID="125">Additional Sanctions Information -</FeatureType><FeatureType ID="224">Gender</FeatureType><FeatureType ID="344">Digital Currency Address - XBT</FeatureType><FeatureType ID="504">Secondary sanctions risk:</FeatureType></FeatureTypeValues>
<IDRegDocDateTypeValues><IDRegDocDateType ID="1480">Issue Date</IDRegDocDateType><IDRegDocDateType ID="1481">Expiration Date</IDRegDocDateType></IDRegDocDateTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1570">Cedula No.</IDRegDocType><IDRegDocType ID="1571">Passport</IDRegDocType><IDRegDocType ID="1608">Identification Number</IDRegDocType><IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType><IDRegDocType ID="91264">MMSI</IDRegDocType></IDRegDocTypeValues>
<LegalBasisValues><LegalBasis ID="1" LegalBasisShortRef="Unknown" /><LegalBasis ID="1828" LegalBasisShortRef="Executive Order 13224 (Terrorism)">long</LegalBasis></LegalBasisValues>
<ListValues><List ID="1550">SDN List</List><List ID="91507">Sectoral Sanctions Identifications List</List><List ID="91512">Consolidated List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1452">ADDRESS2</LocPartType><LocPartType ID="1454">CITY</LocPartType><LocPartType ID="1455">STATE/PROVINCE</LocPartType><LocPartType ID="1456">POSTAL CODE</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType><NamePartType ID="1526">Vessel Name</NamePartType><NamePartType ID="91708">Patronymic</NamePartType><NamePartType ID="91709">Matronymic</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="2" PartyTypeID="4">Aircraft</PartySubType><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="1555">Associate Of</RelationType><RelationType ID="15001">Providing support to</RelationType><RelationType ID="15002">Acting for or on behalf of</RelationType><RelationType ID="15003">Owned or Controlled By</RelationType><RelationType ID="92019">Owns, controls, or operates</RelationType><RelationType ID="92122">Property in the interest of</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="1705">Block</SanctionsType><SanctionsType ID="91505">Directive 1 - Debt and Equity</SanctionsType></SanctionsTypeValues>
<ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity></ValidityValues>
<ScriptValues><Script ID="160" ScriptCode="Arab">Arabic</Script><Script ID="215" ScriptCode="Latn">Latin</Script><Script ID="220" ScriptCode="Cyrl">Cyrillic</Script></ScriptValues>
</ReferenceValueSets>`

// advancedFile puts sections together to a file.
func advancedFile(attrs, locations, documents, parties, relationships, sanctions string) []byte {
	return []byte(`<?xml version="1.0" encoding="utf-8"?><Sanctions ` + attrs + `><DateOfIssue CalendarTypeID="1"><Year>2024</Year><Month>3</Month><Day>6</Day></DateOfIssue>` +
		referenceSets + "<Locations>" + locations + "</Locations><IDRegDocuments>" + documents + "</IDRegDocuments>\n<DistinctParties>" + parties +
		"</DistinctParties>\n<ProfileRelationships>" + relationships + "</ProfileRelationships><SanctionsEntries>" + sanctions + "</SanctionsEntries><SanctionsEntryLinks /></Sanctions>")
}

func readAdvanced(t *testing.T, f list.Format, data []byte) (list.Publication, map[string]list.Entry) {
	t.Helper()
	p, entries, err := f.Read(context.Background(), list.Source{FS: fstest.MapFS{f.Info().Files: {Data: data}}, Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := listtest.Sound(p, entries); err != nil {
		t.Error(err)
	}
	byID := map[string]list.Entry{}
	for _, e := range entries {
		e.Row = ""
		byID[e.ID] = e
	}
	return p, byID
}

// TestRealSections reads small sections of the real list of 6 March 2024.
func TestRealSections(t *testing.T) {
	dir := realdata.Dir(t, "lists/ofac-advanced-2024")
	section := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, "minified_"+name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		s := strings.TrimSpace(string(b))
		if outer := "<" + name + ">"; strings.HasPrefix(s, outer) {
			s = strings.TrimSuffix(strings.TrimPrefix(s, outer), "</"+name+">")
		}
		return s
	}
	location25 := `<Location ID="25"><LocationAreaCode AreaCodeID="11073" /><LocationCountry CountryID="11073" CountryRelevanceID="1413" />` +
		`<LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1"><Value>Havana</Value></LocationPartValue></LocationPart></Location>`
	documents := strings.TrimSuffix(strings.TrimPrefix(section("IDRegistrationNo"), "<IDRegDocuments>"), "</IDRegDocuments>")
	for _, space := range []string{oldSpace, newSpace} {
		p, got := readAdvanced(t, ofac.SDNAdvanced(), advancedFile(space+` Version="3"`, location25+section("Locations"), documents,
			section("DistinctParties")+section("ReferenceValueSets"), section("ProfileRelationships"), section("SanctionsEntries")))
		if p.Date != "2024-03-06" || p.Version != "3" || len(got) != 2 {
			t.Errorf("%s, version %s, %d entries", p.ID(), p.Version, len(got))
		}
		want := list.Entry{
			ID: "36", Kind: list.Organization, Name: "AEROCARIBBEAN AIRLINES", Aliases: []list.Alias{{Name: "AERO-CARIBBEAN", Kind: list.AKA}},
			Programmes: []string{"CUBA"}, Measure: list.Block, Listed: "1986-12-10", Countries: []navicert.Flag{"CU"},
			Addresses: []list.Address{{City: "Havana", Country: "CU", Text: "Havana, Cuba"}},
		}
		if d := cmp.Diff(want, got["36"]); d != "" {
			t.Errorf("entry 36 (-want +got):\n%s", d)
		}
		person := got["25057"]
		weak := 0
		for _, a := range person.Aliases {
			if a.Weak {
				weak++
			}
		}
		if person.Name != "al-Rawi, 'Adnan Muhammad Amin" || weak < 3 || !slices.Equal(person.BirthDates, []string{"07 Jan 1985", "28 Aug 1982"}) || person.Gender != "Male" {
			t.Errorf("entry 25057: %+v", person)
		}
		if n := p.Rejected.Count("document of an identity that is not in the file"); n != 2 {
			t.Errorf("%d documents of identities that are not there, want 2", n)
		}
		if n := p.Rejected.Count("link of a party that is not in the file"); n != 2 {
			t.Errorf("%d links of parties that are not there, want 2", n)
		}
	}
}

// name is an alias of a party in a file.
func name(typ string, primary, weak bool, parts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<Alias FixedRef="1" AliasTypeID="%s" Primary="%v" LowQuality="%v">`, typ, primary, weak)
	for _, spelling := range parts {
		script, text, _ := strings.Cut(spelling, ":")
		b.WriteString(`<DocumentedName ID="1" FixedRef="1" DocNameStatusID="1">`)
		for _, part := range strings.Split(text, "|") {
			group, value, _ := strings.Cut(part, "=")
			fmt.Fprintf(&b, `<DocumentedNamePart><NamePartValue NamePartGroupID="%s" ScriptID="%s" ScriptStatusID="1" Acronym="false">%s</NamePartValue></DocumentedNamePart>`, group, script, value)
		}
		b.WriteString(`</DocumentedName>`)
	}
	return b.String() + `</Alias>`
}

func groups(types ...string) string {
	s := "<NamePartGroups>"
	for i, typ := range types {
		s += fmt.Sprintf(`<MasterNamePartGroup><NamePartGroup ID="%d" NamePartTypeID="%s" /></MasterNamePartGroup>`, i+1, typ)
	}
	return s + "</NamePartGroups>"
}

func feature(typ, inside string) string {
	return `<Feature ID="1" FeatureTypeID="` + typ + `"><FeatureVersion ID="1" ReliabilityID="1560"><Comment />` + inside + `</FeatureVersion><IdentityReference IdentityID="1" IdentityFeatureLinkTypeID="1" /></Feature>`
}

func party(id, subType, identity, names, features string) string {
	return `<DistinctParty FixedRef="` + id + `"><Comment /><Profile ID="` + id + `" PartySubTypeID="` + subType + `"><Identity ID="` + identity +
		`" FixedRef="` + id + `" Primary="true" False="false">` + names + `</Identity>` + features + `</Profile></DistinctParty>`
}

func dates(about bool, days ...string) string {
	point := func(tag, s string) string {
		p := strings.Split(s, "-")
		return "<" + tag + "><Year>" + p[0] + "</Year><Month>" + p[1] + "</Month><Day>" + p[2] + "</Day></" + tag + ">"
	}
	return fmt.Sprintf(`<DatePeriod CalendarTypeID="1" YearFixed="false" MonthFixed="false" DayFixed="false"><Start Approximate="%v">%s%s</Start><End Approximate="%v">%s%s</End></DatePeriod><VersionDetail DetailTypeID="1430" />`,
		about, point("From", days[0]), point("To", days[1]), about, point("From", days[2]), point("To", days[3]))
}

// inventedAdvanced holds what the CSV form cannot: other scripts, weak aliases,
// measures of two lists, typed links in both directions.
func inventedAdvanced() []byte {
	return advancedFile(
		newSpace+` Version="7"`,
		`<Location ID="1"><LocationCountry CountryID="11162" CountryRelevanceID="1413" /></Location><Location ID="2"><LocationCountry CountryID="11109" CountryRelevanceID="1413" />`+
			`<LocationPart LocPartTypeID="1452"><LocationPartValue Primary="false"><Value>no</Value></LocationPartValue><LocationPartValue Primary="true"><Value>Quay 4 &amp; 5</Value></LocationPartValue></LocationPart>`+
			`<LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Port Ansel</Value></LocationPartValue></LocationPart><LocationPart LocPartTypeID="1456"><LocationPartValue Primary="true"><Value>7001</Value></LocationPartValue></LocationPart></Location>`,
		`<IDRegDocument ID="1" IDRegDocTypeID="1626" IdentityID="31" ValidityID="1"><IDRegistrationNo>IMO 2000016</IDRegistrationNo></IDRegDocument>`+
			`<IDRegDocument ID="2" IDRegDocTypeID="91264" IdentityID="31" ValidityID="1"><IDRegistrationNo>200000011</IDRegistrationNo></IDRegDocument>`+
			`<IDRegDocument ID="3" IDRegDocTypeID="1608" IdentityID="30" ValidityID="1"><IDRegistrationNo>IMO 2100012</IDRegistrationNo></IDRegDocument>`+
			`<IDRegDocument ID="4" IDRegDocTypeID="1571" IdentityID="32" IssuedBy-CountryID="11082" ValidityID="2"><IDRegistrationNo>XQ1</IDRegistrationNo>`+
			`<DocumentDate IDRegDocDateTypeID="1481">`+strings.TrimSuffix(dates(false, "2022-02-01", "2022-02-01", "2022-02-01", "2022-02-01"), `<VersionDetail DetailTypeID="1430" />`)+`</DocumentDate></IDRegDocument>`,
		party("8001", "3", "30", name("1403", true, false, "215:1=BRAMBLE TIDE", "220:1=БРЭМБЛ ТАЙД", "160:1=برامبل")+name("1400", false, true, "215:1=BT")+groups("1525"),
			feature("25", `<VersionLocation LocationID="2" />`)+feature("344", `<VersionDetail DetailTypeID="1432">bc1invented</VersionDetail>`)+feature("504", `<VersionDetail DetailTypeID="1432">Invented Regulations</VersionDetail>`))+
			party("8002", "1", "31", name("1403", true, false, "215:1=COPPER LANTERN")+name("1401", false, true, "215:1=TIN WHISTLE")+groups("1526"),
				feature("1", `<VersionDetail DetailTypeID="1432">HPEX1</VersionDetail>`)+feature("2", `<VersionDetail DetailTypeID="1432">Crude Oil Tanker</VersionDetail>`)+
					feature("3", `<VersionLocation LocationID="1" />`)+feature("24", `<VersionDetail DetailTypeID="1432">Cuba</VersionDetail>`)+
					feature("125", `<VersionDetail DetailTypeID="1432">Subject to Secondary Sanctions</VersionDetail>`))+
			party("8003", "4", "32", name("1403", true, false, "215:2=Imrel|1=TARVOSK|3=Danovich|4=SENDA")+name("1400", false, false, "220:1=ТАРВОСК|2=Имрел")+groups("1520", "1521", "91708", "91709"),
				feature("8", dates(false, "1961-03-14", "1961-03-14", "1961-03-14", "1961-03-14"))+feature("8", dates(true, "1975-01-01", "1975-01-01", "1975-12-31", "1975-12-31"))+
					feature("8", dates(false, "1962-01-01", "1962-01-01", "1963-12-31", "1963-12-31"))+feature("8", dates(false, "1964-02-01", "1964-02-01", "1964-02-29", "1964-02-29"))+
					feature("26", `<VersionDetail DetailTypeID="1432">Director</VersionDetail>`)+feature("10", `<VersionLocation LocationID="1" />`)),
		`<ProfileRelationship ID="1" From-ProfileID="8002" To-ProfileID="8001" RelationTypeID="15003" RelationQualityID="1" Former="true" SanctionsEntryID="8002" />`+
			`<ProfileRelationship ID="2" From-ProfileID="8003" To-ProfileID="8002" RelationTypeID="92019" RelationQualityID="1" Former="false" SanctionsEntryID="8003" />`+
			`<ProfileRelationship ID="3" From-ProfileID="8003" To-ProfileID="8001" RelationTypeID="15002" RelationQualityID="1" Former="false" SanctionsEntryID="8003" />`+
			`<ProfileRelationship ID="4" From-ProfileID="8001" To-ProfileID="8003" RelationTypeID="92122" RelationQualityID="1" Former="false" SanctionsEntryID="8001" />`,
		sanctionsEntry("8001", "1550", "1828", "2020-05-04", "1705", "SDGT")+sanctionsEntry("8001", "91507", "1", "2014-07-16", "91505", "UKRAINE-EO13662")+
			sanctionsEntry("8002", "1550", "1828", "2021-01-02", "1705", "SDGT")+sanctionsEntry("8002", "1550", "1", "2019-01-02", "91505", "IRAN")+
			sanctionsEntry("8003", "1550", "1828", "2020-05-04", "1705", "SDGT"))
}

func sanctionsEntry(profile, onList, basis, day, typ, programme string) string {
	p := strings.Split(day, "-")
	return `<SanctionsEntry ID="` + profile + `" ProfileID="` + profile + `" ListID="` + onList + `"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="` + basis +
		`"><Comment /><Date CalendarTypeID="1"><Year>` + p[0] + `</Year><Month>` + p[1] + `</Month><Day>` + p[2] + `</Day></Date></EntryEvent>` +
		`<SanctionsMeasure ID="1" SanctionsTypeID="` + typ + `"><DatePeriod CalendarTypeID="1" /></SanctionsMeasure>` +
		`<SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>` + programme + `</Comment><DatePeriod CalendarTypeID="1" /></SanctionsMeasure></SanctionsEntry>`
}

func TestAdvancedEntries(t *testing.T) {
	_, got := readAdvanced(t, ofac.SDNAdvanced(), inventedAdvanced())
	for _, want := range []list.Entry{
		{
			ID: "8001", Kind: list.Organization, Name: "BRAMBLE TIDE", Programmes: []string{"SDGT"}, Measure: list.Block,
			Aliases: []list.Alias{
				{Name: "БРЭМБЛ ТАЙД", Kind: list.AKA, Script: "Cyrl"},
				{Name: "برامبل", Kind: list.AKA, Script: "Arab"},
				{Name: "BT", Kind: list.AKA, Weak: true},
			},
			LegalBasis: []string{"Executive Order 13224 (Terrorism)"}, Listed: "2020-05-04", Countries: []navicert.Flag{"IR"},
			Links:       []list.Link{{Kind: list.LinkedTo, Name: "TARVOSK SENDA, Imrel Danovich", Entry: "8003", Text: "Property in the interest of"}},
			Addresses:   []list.Address{{Street: "Quay 4 & 5", City: "Port Ansel 7001", Country: "IR", Text: "Quay 4 & 5, Port Ansel 7001, Iran"}},
			Identifiers: []list.Identifier{{Type: "Digital Currency Address", Value: "XBT bc1invented"}, {Type: list.CompanyIMO, Value: "2100012"}},
			Secondary:   []string{"Secondary sanctions risk: Invented Regulations"},
		},
		{
			ID: "8002", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"SDGT", "IRAN"}, Measure: list.Block, Measures: []list.Measure{list.Block, list.Restrict},
			Aliases: []list.Alias{{Name: "TIN WHISTLE", Kind: list.FKA}}, LegalBasis: []string{"Executive Order 13224 (Terrorism)"}, Listed: "2019-01-02",
			IMO: 2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1"}, Flag: "PA", FormerFlags: []navicert.Flag{"CU"}, VesselType: "Crude Oil Tanker",
			Links: []list.Link{
				{Kind: list.OwnedOrControlled, Name: "BRAMBLE TIDE", Entry: "8001", Former: true, Text: "Owned or Controlled By"},
				{Kind: list.OwnedOrControlled, Name: "TARVOSK SENDA, Imrel Danovich", Entry: "8003", Text: "Owns, controls, or operates"},
			},
			Secondary: []string{"Additional Sanctions Information - Subject to Secondary Sanctions"},
			Remarks:   "Sanctions type Directive 1 - Debt and Equity.",
		},
		{
			ID: "8003", Kind: list.Person, Name: "TARVOSK SENDA, Imrel Danovich", Programmes: []string{"SDGT"}, Measure: list.Block,
			Aliases:    []list.Alias{{Name: "ТАРВОСК, Имрел", Kind: list.AKA, Script: "Cyrl"}},
			LegalBasis: []string{"Executive Order 13224 (Terrorism)"}, Listed: "2020-05-04", Countries: []navicert.Flag{"PA"},
			BirthDates:  []string{"14 Mar 1961", "circa 1975", "1962 to 1963", "Feb 1964"},
			Links:       []list.Link{{Kind: list.ActsFor, Name: "BRAMBLE TIDE", Entry: "8001", Text: "Acting for or on behalf of"}},
			Identifiers: []list.Identifier{{Type: "Passport", Value: "XQ1", Country: "EG"}},
			Remarks:     "Director; Passport XQ1 (Egypt) expires 01 Feb 2022: Fraudulent.",
		},
	} {
		if d := cmp.Diff(want, got[want.ID]); d != "" {
			t.Errorf("entry %s (-want +got):\n%s", want.ID, d)
		}
	}
	// What the other list says of the same party, its file says.
	p, _ := readAdvanced(t, ofac.ConsAdvanced(), inventedAdvanced())
	if p.List != "ofac-cons" {
		t.Errorf("list %s", p.List)
	}
	_, cons := readAdvanced(t, ofac.ConsAdvanced(), inventedAdvanced())
	if e := cons["8001"]; e.Measure != list.Restrict || e.Listed != "2014-07-16" || !slices.Equal(e.Programmes, []string{"UKRAINE-EO13662"}) {
		t.Errorf("on the other list: %+v", e)
	}
}

func TestAdvancedSentences(t *testing.T) {
	whole := string(inventedAdvanced())
	for _, c := range []struct{ what, from, to, want string }{
		{"another vocabulary", "PublicationPreview/exports/ADVANCED_XML", "other", "vocabulary (xmlns) is"},
		{"a delta", ` Version="7"`, ` Version="7" DeltaBaseVersion="6"`, "it holds only what changed since version 6 of ofac-sdn, and there is nothing to apply it to"},
		{"a mark without a base", `FixedRef="8001">`, `FixedRef="8001" DeltaAction="add">`, "it marks a change (DeltaAction), but names no version"},
		{"a new type of party", `PartySubTypeID="1"`, `PartySubTypeID="9"`, "party 8002: its type"},
		{"a location that is not there", `LocationID="2"`, `LocationID="9"`, "party 8001 names location 9, which is not in the file"},
		{"a party twice", `"8002"`, `"8001"`, "its profile's number"},
		{"sanctions of a stranger", `ProfileID="8003" ListID`, `ProfileID="9" ListID`, "is of profile 9, which is not in the file"},
		{"no parties", whole[strings.Index(whole, "<ReferenceValueSets>"):strings.Index(whole, "<SanctionsEntryLinks")], "", "it has no <DistinctParties>, or no <SanctionsEntries>"},
		{"no sanctions", "SanctionsEntries>", "Others>", "it has no <DistinctParties>, or no <SanctionsEntries>"},
		{"a date that is none", "<Month>3</Month>", "<Month>13</Month>", "its date of issue is no day"},
	} {
		data := []byte(strings.ReplaceAll(whole, c.from, c.to))
		_, _, err := ofac.SDNAdvanced().Read(context.Background(), list.Source{FS: fstest.MapFS{"sdn_advanced.xml": {Data: data}}, Name: "test"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.what, err, c.want)
		}
	}
}

// A delta applied to the publication it is of gives what the whole next
// publication gives.
func TestDelta(t *testing.T) {
	_, entries := read(t, ofac.SDN(), sample(t))
	write := func(issue ofacgen.Issue, entries []list.Entry) fstest.MapFS {
		var b bytes.Buffer
		if err := ofacgen.Advanced(&b, issue, entries); err != nil {
			t.Fatal(err)
		}
		return fstest.MapFS{"sdn_advanced.xml": {Data: b.Bytes()}}
	}
	first := write(ofacgen.Issue{Date: issued, Version: 41}, entries)
	readBase := func() (list.Publication, []list.Entry) {
		p, held, err := ofac.SDNAdvanced().Read(context.Background(), list.Source{FS: first, Name: "base"})
		if err != nil {
			t.Fatal(err)
		}
		return p, held
	}
	source := func(fsys fstest.MapFS) list.Source {
		return list.Source{FS: fsys, Name: "delta", Base: func(_ context.Context, l, version string) (list.Publication, []list.Entry, error) {
			if l != "ofac-sdn" || version != "41" {
				return list.Publication{}, nil, navicert.Errorf(navicert.NotFound, "lists", version, "no such version")
			}
			p, held := readBase()
			return p, held, nil
		}}
	}
	_, held := readBase()
	rapid.Check(t, func(rt *rapid.T) {
		var next, changed []list.Entry
		actions := map[string]string{}
		for _, e := range held {
			switch rapid.SampledFrom([]string{"keep", "keep", "revise", "delete"}).Draw(rt, e.ID) {
			case "keep":
				next = append(next, e)
			case "delete":
				if slices.ContainsFunc(held, func(o list.Entry) bool {
					return slices.ContainsFunc(o.Links, func(l list.Link) bool { return l.Entry == e.ID })
				}) {
					next = append(next, e) // OFAC takes back who is linked to it first
					continue
				}
				actions[e.ID] = "delete"
				changed = append(changed, e)
			case "revise":
				e.Name += " II"
				e.Aliases = append(slices.Clone(e.Aliases), list.Alias{Name: "NEW " + e.ID, Kind: list.AKA})
				actions[e.ID] = "revise"
				next, changed = append(next, e), append(changed, e)
			}
		}
		if rapid.Bool().Draw(rt, "add") {
			e := list.Entry{ID: "9999", Kind: list.Organization, Name: "ADDED", Programmes: []string{"EXAMPLE"}, Links: []list.Link{{Entry: next[0].ID}}}
			actions[e.ID] = "add"
			next, changed = append(next, e), append(changed, e)
		}
		if len(changed) == 0 {
			return
		}
		_, want, err := ofac.SDNAdvanced().Read(context.Background(), list.Source{FS: write(ofacgen.Issue{Date: "2001-02-04", Version: 42}, next), Name: "whole"})
		if err != nil {
			rt.Fatal(err)
		}
		p, got, err := ofac.SDNAdvanced().Read(context.Background(), source(write(ofacgen.Issue{Date: "2001-02-04", Version: 42, Base: 41, Action: actions}, changed)))
		if err != nil {
			rt.Fatal(err)
		}
		if err := listtest.Sound(p, got); err != nil {
			rt.Fatal(err)
		}
		for _, all := range [][]list.Entry{want, got} {
			for i := range all {
				all[i].Row = "" // numbers of features differ from file to file
			}
		}
		relisted := func(e list.Entry) list.Entry { e.Listed = ""; return e } // the generator dates by the issue
		for i := range want {
			if d := cmp.Diff(relisted(want[i]), relisted(got[i])); d != "" {
				rt.Fatalf("entry %s (-whole +delta):\n%s", want[i].ID, d)
			}
		}
		if len(got) != len(want) || p.Version != "42" || p.Date != "2001-02-04" {
			rt.Fatalf("%d entries, want %d; version %s of %s", len(got), len(want), p.Version, p.Date)
		}
	})
	// What a file does not say of a party that it gives anew is as it was.
	vessel := slices.IndexFunc(held, func(e list.Entry) bool { return e.ID == "9201" })
	revised := held[vessel]
	revised.Name, revised.Links, revised.Programmes = "COPPER LANTERN II", nil, nil
	fsys := write(ofacgen.Issue{Date: "2001-02-04", Version: 42, Base: 41, Action: map[string]string{"9201": "change"}}, []list.Entry{revised})
	cut := func(fsys fstest.MapFS, from, to, with string) {
		s := string(fsys["sdn_advanced.xml"].Data)
		i, j := strings.Index(s, from), strings.Index(s, to)
		fsys["sdn_advanced.xml"].Data = []byte(s[:i] + with + s[j:])
	}
	cut(fsys, "<SanctionsEntry ", "</SanctionsEntries>", "")
	relation := func(from, to, action string) string {
		return `<ProfileRelationship ID="1" From-ProfileID="` + from + `" To-ProfileID="` + to + `" RelationTypeID="15003" RelationQualityID="1" Former="false" SanctionsEntryID="1" DeltaAction="` + action + `" />`
	}
	cut(fsys, "</ProfileRelationships>", "</ProfileRelationships>", relation("9204", "9002", "add")+relation("9202", "9002", "delete"))
	_, got, err := ofac.SDNAdvanced().Read(context.Background(), source(fsys))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range got {
		want := held[i]
		switch e.ID {
		case "9201":
			want.Name = "COPPER LANTERN II"
		case "9202":
			want.Links = nil
		case "9204":
			want.Links = append(want.Links, list.Link{Kind: list.OwnedOrControlled, Name: "QUILLMERE PETROLEUM LIMITED LIABILITY COMPANY", Entry: "9002", Text: "Owned or Controlled By"})
		}
		e.Row, want.Row = "", ""
		if d := cmp.Diff(want, e); d != "" {
			t.Errorf("entry %s (-want +got):\n%s", e.ID, d)
		}
	}
	for _, c := range []struct {
		what   string
		issue  ofacgen.Issue
		change func(string) string
		want   string
	}{
		{"a base that is not held", ofacgen.Issue{Base: 40, Action: map[string]string{"9001": "revise"}}, nil, "since version 40 of ofac-sdn, which is not held"},
		{"adding what is there", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "add"}}, nil, "it adds party 9001, which ofac-sdn@2001-02-03 has"},
		{"a part of a party", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "revise"}}, func(s string) string {
			return strings.Replace(s, `<Alias `, `<Alias DeltaAction="add" `, 1)
		}, "it changes a part of a <DistinctParty>"},
		{"a party without the documents that it had", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "revise"}}, func(s string) string {
			i, j := strings.Index(s, "<IDRegDocument "), strings.Index(s, "</IDRegDocuments>")
			return s[:i] + s[j:]
		}, "it gives party 9001 anew without its documents, which ofac-sdn@2001-02-03 has"},
		{"a relationship of a party that is not there", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "revise"}}, func(s string) string {
			return strings.Replace(s, "</ProfileRelationships>", strings.Replace(relation("9002", "9001", "x"), ` DeltaAction="x"`, "", 1)+"</ProfileRelationships>", 1)
		}, "it has a relationship of party 9002 without a mark"},
		{"sanctions of a party that is not there", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "revise"}}, func(s string) string {
			return strings.Replace(s, `ProfileID="9001" ListID`, `ProfileID="9002" ListID`, 1)
		}, "it changes the sanctions of party 9002, but does not give the party anew"},
		{"a location of a party that is not there", ofacgen.Issue{Base: 41, Action: map[string]string{"9001": "revise"}}, func(s string) string {
			return strings.Replace(s, `<Locations>`, `<Locations><Location ID="777" DeltaAction="revise" />`, 1)
		}, "it changes location 777, but does not give the party anew that has it"},
	} {
		c.issue.Date = "2001-02-04"
		fsys := write(c.issue, held[:1])
		if c.change != nil {
			fsys["sdn_advanced.xml"].Data = []byte(c.change(string(fsys["sdn_advanced.xml"].Data)))
		}
		if _, _, err := ofac.SDNAdvanced().Read(context.Background(), source(fsys)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.what, err, c.want)
		}
	}
}

// FuzzXMLForms reads anything as each of the XML forms: an error or a sound
// publication.
func FuzzXMLForms(f *testing.F) {
	for i := range xmlForms {
		f.Add(i, xmlSample(f, i))
	}
	f.Add(1, inventedAdvanced())
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		form := xmlForms[uint(i)%uint(len(xmlForms))]
		p, entries, err := form.format.Read(context.Background(), list.Source{FS: fstest.MapFS{form.file: {Data: data}}, Name: "fuzz"})
		if err != nil {
			return
		}
		if err := listtest.Sound(p, entries); err != nil {
			t.Error(err)
		}
	})
}

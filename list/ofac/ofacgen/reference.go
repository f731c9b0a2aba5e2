package ofacgen

import (
	"strconv"
	"strings"
	"sync"

	"navicert"
	"navicert/list"
)

// documentTable is the number and name of each kind of document. The numbers are
// those of the ADVANCED list of 6 March 2024; which name a number has was found
// by looking up its documents in the CSV list, which writes the names.
const documentTable = `1570 Cedula No.
1571 Passport
1572 SSN
1573 R.F.C.
1574 D.N.I.
1575 NIT #
1576 US FEIN
1577 Driver's License No.
1578 RUC #
1580 C.I.F.
1581 Business Registration Document #
1582 RIF #
1584 National ID No.
1585 Registration ID
1586 LE Number
1588 Registered Charity No.
1589 V.A.T. Number
1590 Credencial electoral
1592 Italian Fiscal Code
1595 C.U.I.T.
1596 Tax ID No.
1600 C.U.R.P.
1602 C.R. No.
1603 UK Company Number
1605 Travel Document Number
1607 Electoral Registry No.
1608 Identification Number
1611 National Foreign ID Number
1612 RFC
1613 Diplomatic Passport
1615 Trade License No.
1619 Commercial Registry Number
1620 Certificate of Incorporation Number
1625 C.U.I.P.
1626 Vessel Registration Identification
1627 Personal ID Card
1630 VisaNumberID
1631 Matricula Mercantil No
1632 Residency Number
1636 Government Gazette Number
1643 Folio Mercantil No.
1644 Istanbul Chamber of Comm. No.
1645 Turkish Identification Number
91264 MMSI
91412 Company Number
91475 Public Registration Number
91481 RTN
91482 Numero de Identidad
91504 License
91712 I.F.E.
91720 Enterprise Number
91739 Citizen's Card Number
91747 United Social Credit Code Certificate (USCCC)
91751 Chamber of Commerce Number
91752 Legal Entity Number
91753 Business Number
91759 Birth Certificate Number
91760 Business Registration Number
91761 Registration Number
91835 File Number
91854 C.U.I.
92001 Unified Social Credit Code (USCC)
92067 Central Registration System Number
92121 Economic Register Number (CBLS)
92159 Permit Number`

// featureTable is the number and name of each kind of feature that is known with
// both: from that list and from public samples of the form. Others are given a
// number from 990001 on, which OFAC does not use.
const featureTable = `1 Vessel Call Sign
2 VESSEL TYPE
3 Vessel Flag
4 Vessel Owner
5 Vessel Tonnage
6 Vessel Gross Registered Tonnage
8 Birthdate
9 Place of Birth
10 Nationality Country
11 Citizenship Country
13 SWIFT/BIC
14 Website
21 Email Address
25 Location
125 Additional Sanctions Information -
164 BIK (RU)
224 Gender
344 Digital Currency Address - XBT
345 Digital Currency Address - ETH
364 D-U-N-S Number
504 Secondary sanctions risk:
524 Phone Number
990001 Former Vessel Flag
990002 Other Vessel Call Sign
990003 Vessel Year of Build`

// firstFree is the first number that a kind of feature gets that is in no table.
const firstFree = 990100

// tables are the tables above as maps, and the names of countries by flag.
type tables struct {
	documents, features, countries map[string]string // number by name
	flags                          map[navicert.Flag]string
}

var table = sync.OnceValue(func() tables {
	t := tables{byName(documentTable), byName(featureTable), byName(countryTable), map[navicert.Flag]string{}}
	for _, line := range strings.Split(countryTable, "\n") {
		_, name, _ := strings.Cut(line, " ")
		if f, err := navicert.ParseFlag(name); err == nil && t.flags[f] == "" {
			t.flags[f] = name
		}
	}
	return t
})

func byName(table string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(table, "\n") {
		id, name, _ := strings.Cut(line, " ")
		m[name] = id
	}
	return m
}

// documentType is the number of a kind of document, "" for what is a feature.
func documentType(name string) string { return table().documents[name] }

// featureType is the number of a kind of feature. What is in no table gets one
// that its name makes.
func featureType(name string) string {
	if id := table().features[name]; id != "" {
		return id
	}
	sum := 0
	for _, c := range []byte(name) {
		sum = (sum*131 + int(c)) % 9000
	}
	return strconv.Itoa(firstFree + sum)
}

// countryName is OFAC's name of a country, or ours where OFAC's is not known.
func countryName(f navicert.Flag) string {
	if f == "" {
		return ""
	}
	if name := table().flags[f]; name != "" {
		return name
	}
	return f.Name()
}

// countryID is the number of a country by its name.
func countryID(name string) string {
	if id := table().countries[name]; id != "" {
		return id
	}
	sum := 0
	for _, c := range []byte(name) {
		sum = (sum*131 + int(c)) % 9000
	}
	return strconv.Itoa(firstFree + sum)
}

func aliasType(k list.AliasKind) (id, label string) {
	switch k {
	case list.FKA:
		return "1401", "F.K.A."
	case list.NKA:
		return "1402", "N.K.A."
	}
	return "1400", "A.K.A."
}

// scriptType is OFAC's word for a script; the numbers of the ENHANCED form are
// not known but that of Latin.
func scriptType(code string) (id, label string) {
	for _, s := range scriptTable {
		if s.code == code {
			return s.enhanced, s.label
		}
	}
	return "20122", "Latin"
}

var scriptTable = [...]struct{ advanced, enhanced, code, label string }{
	{"215", "20122", "", "Latin"},
	{"160", "990160", "Arab", "Arabic"},
	{"220", "990220", "Cyrl", "Cyrillic"},
	{"501", "990501", "Hans", "Chinese Simplified"},
	{"502", "990502", "Hant", "Chinese Traditional"},
	{"125", "990125", "Hebr", "Hebrew"},
	{"200", "990200", "Grek", "Greek"},
	{"230", "990230", "Armn", "Armenian"},
	{"240", "990240", "Geor", "Georgian"},
	{"413", "990413", "Jpan", "Japanese"},
	{"287", "990287", "Kore", "Korean"},
}

// advancedScript is the number of a script in the ADVANCED form.
func advancedScript(enhanced string) string {
	for _, s := range scriptTable {
		if s.enhanced == enhanced {
			return s.advanced
		}
	}
	return "215"
}

var genders = map[string]string{"Male": "91526", "Female": "91527"}

func relationType(k list.Kind) (id, label string) {
	if k == list.Vessel || k == list.Aircraft || k == list.Organization {
		return "15003", "Owned or Controlled By"
	}
	return "15002", "Acting for or on behalf of"
}

// namePart is one part of a name with its type.
type namePart struct{ id, label, value, group string }

func nameParts(e *list.Entry, name string) []namePart {
	switch e.Kind {
	case list.Vessel:
		return []namePart{{id: "1526", label: "Vessel Name", value: name}}
	case list.Aircraft:
		return []namePart{{id: "1524", label: "Aircraft Name", value: name}}
	case list.Person:
		last, first := parts(e, name)
		all := []namePart{{id: "1520", label: "Last Name", value: last}}
		if first != "" {
			all = append(all, namePart{id: "1521", label: "First Name", value: first})
		}
		return all
	}
	return []namePart{{id: "1525", label: "Entity Name", value: name}}
}

// vesselFeatures are what the CSV form has columns for.
func vesselFeatures(e *list.Entry) []fact {
	var all []fact
	for _, f := range [...]fact{
		{typ: "Vessel Call Sign", value: callSign(e)},
		{typ: "VESSEL TYPE", value: e.VesselType},
		{typ: "Vessel Flag", value: countryName(e.Flag)},
		{typ: "Vessel Owner", value: e.Owner},
		{typ: "Vessel Tonnage", value: e.Tonnage},
		{typ: "Vessel Gross Registered Tonnage", value: e.GRT},
	} {
		if f.value != "" {
			all = append(all, f)
		}
	}
	return all
}

// numbers are the numbers of entries by their names, for links, which the CSV
// form gives by name.
func numbers(entries []list.Entry) map[string]string {
	m := make(map[string]string, len(entries))
	for i := range entries {
		if name := linkedName(entries[i].Name); m[name] == "" {
			m[name] = entries[i].ID
		}
	}
	return m
}

// linkedName is a name without the full stop that the end of remarks takes.
func linkedName(s string) string { return strings.TrimSuffix(strings.ToUpper(s), ".") }

// referenceSets writes the sets that the entries need.
func (p *printer) referenceSets(entries []list.Entry) {
	features, places, documents := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range entries {
		e := &entries[i]
		for _, f := range append(vesselFeatures(e), facts(e)...) {
			if f.isDocument() {
				documents[documentType(f.typ)] = f.typ
			} else {
				features[featureType(f.typ)] = f.typ
			}
			if f.country != "" {
				places[countryID(countryName(f.country))] = countryName(f.country)
			}
		}
		for _, a := range e.Addresses {
			if c := country(a); c != "" {
				places[countryID(c)] = c
			}
		}
		for _, c := range countryNames(e.Countries) {
			places[countryID(c)] = c
		}
	}
	for _, name := range [...]string{"Location", "Birthdate", "Nationality Country"} {
		features[featureType(name)] = name
	}
	p.open("ReferenceValueSets")
	set := func(name string, pairs ...string) {
		p.open(name + "Values")
		for i := 0; i+1 < len(pairs); i += 2 {
			p.leaf(name, pairs[i+1], "ID", pairs[i])
		}
		p.close(name + "Values")
	}
	set("AliasType", "1400", "A.K.A.", "1401", "F.K.A.", "1402", "N.K.A.", "1403", "Name")
	set("AreaCode", sortedPairs(places)...)
	set("CalendarType", "1", "Gregorian")
	set("Country", sortedPairs(places)...)
	set("DetailReference", genders["Male"], "Male", genders["Female"], "Female")
	set("DetailType", "1430", "DATE", "1431", "LOOKUP", "1432", "TEXT", "1433", "COUNTRY")
	set("EntryEventType", "1", "Created")
	set("FeatureType", sortedPairs(features)...)
	set("IDRegDocType", sortedPairs(documents)...)
	set("LegalBasis", "1", "Unknown")
	set("List", "1550", "SDN List", "91512", "Consolidated List")
	set("LocPartType", "1451", "ADDRESS1", "1454", "CITY", "1455", "STATE/PROVINCE", "1456", "POSTAL CODE")
	set("NamePartType", "1520", "Last Name", "1521", "First Name", "1522", "Middle Name", "1524", "Aircraft Name", "1525", "Entity Name", "1526", "Vessel Name")
	p.open("PartySubTypeValues")
	for _, s := range [...][3]string{{"1", "4", "Vessel"}, {"2", "4", "Aircraft"}, {"3", "2", "Unknown"}, {"4", "1", "Unknown"}} {
		p.leaf("PartySubType", s[2], "ID", s[0], "PartyTypeID", s[1])
	}
	p.close("PartySubTypeValues")
	set("PartyType", "1", "Individual", "2", "Entity", "4", "Transport")
	set("RelationType", "15001", "Providing support to", "15002", "Acting for or on behalf of", "15003", "Owned or Controlled By")
	set("SanctionsType", "1", "Program", "1705", "Block")
	p.open("ScriptValues")
	for _, s := range scriptTable {
		p.leaf("Script", s.label, "ID", s.advanced, "ScriptCode", map[bool]string{true: "Latn", false: s.code}[s.code == ""])
	}
	p.close("ScriptValues")
	p.close("ReferenceValueSets")
}

package ofac_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
	"navicert/list/all"
	"navicert/list/ofac"
)

const enhancedHead = `<?xml version="1.0" encoding="utf-8"?>
<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML">
<publicationInfo><dataAsOf>2026-07-27T00:00:00</dataAsOf><filters><sanctionsLists><sanctionsList refId="1550">SDN List</sanctionsList></sanctionsLists></filters></publicationInfo>
<referenceValues><referenceValue refId="91526"><type>Gender</type><value>Male</value></referenceValue></referenceValues>
<entities>`

// enhancedFile holds what the forms above do not: several scripts of one name,
// values given by number, relations told from the owner's side.
const enhancedFile = enhancedHead + `
<entity id="8001"><generalInfo><identityId>1</identityId><entityType refId="601">Entity</entityType><title>Holding</title><remarks>(Linked To: NOBODY); a.k.a. 'BTX'.</remarks></generalInfo>
<sanctionsLists><sanctionsList refId="91512" id="1" datePublished="2014-10-10">Consolidated List</sanctionsList><sanctionsList refId="1550" id="2" datePublished="2020-05-04">SDN List</sanctionsList></sanctionsLists>
<sanctionsPrograms><sanctionsProgram refId="1" id="1">SDGT</sanctionsProgram></sanctionsPrograms>
<sanctionsTypes><sanctionsType refId="1706" id="1">Reject</sanctionsType><sanctionsType refId="1705" id="2">Block</sanctionsType></sanctionsTypes>
<legalAuthorities><legalAuthority refId="1" id="1">Executive Order 13224 (Terrorism)</legalAuthority></legalAuthorities>
<names><name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
<translation id="1"><isPrimary>true</isPrimary><script refId="20122">Latin</script><formattedFullName>BRAMBLE &amp; TIDE</formattedFullName></translation>
<translation id="2"><isPrimary>false</isPrimary><script refId="1">Cyrillic</script><formattedFullName>БРЭМБЛ</formattedFullName></translation></translations></name>
<name id="2"><isPrimary>false</isPrimary><aliasType refId="1400">A.K.A.</aliasType><isLowQuality>true</isLowQuality><translations><translation id="3"><isPrimary>true</isPrimary><formattedLastName>BT</formattedLastName></translation></translations></name></names>
<addresses><address id="1"><country refId="91021">Iran</country><translations><translation id="1"><isPrimary>true</isPrimary><addressParts><addressPart id="1"><type refId="1454">CITY</type><value>Port Ansel</value></addressPart></addressParts></translation></translations></address></addresses>
<features><feature id="1"><type featureTypeId="25">Location</type><value>Iran</value></feature><feature id="2"><type featureTypeId="344">Digital Currency Address - XBT</type><value>bc1invented</value></feature></features>
<relationships><relationship id="1"><type refId="1">Owns, controls, or operates</type><relatedEntity entityId="8002">COPPER LANTERN</relatedEntity></relationship></relationships></entity>
<entity id="8002"><generalInfo><identityId>2</identityId><entityType refId="603">Vessel</entityType></generalInfo>
<sanctionsLists><sanctionsList refId="1550" id="2" datePublished="2020-05-04">SDN List</sanctionsList></sanctionsLists>
<names><name id="3"><isPrimary>true</isPrimary><translations><translation id="4"><isPrimary>true</isPrimary><script>Latin</script><formattedFullName>COPPER LANTERN</formattedFullName></translation></translations></name></names>
<features><feature id="3"><type featureTypeId="3">Vessel Flag</type><value>Panama</value></feature></features>
<identityDocuments><identityDocument id="1"><type refId="1626">Vessel Registration Identification</type><documentNumber>IMO 2000016</documentNumber><isValid>true</isValid></identityDocument></identityDocuments></entity>
<entity id="8003"><generalInfo><identityId>3</identityId><entityType refId="600">Individual</entityType></generalInfo>
<names><name id="4"><isPrimary>true</isPrimary><translations><translation id="5"><isPrimary>true</isPrimary><script>Latin</script><formattedFullName>TARVOSK, Imrel</formattedFullName></translation></translations></name></names>
<features><feature id="4"><type featureTypeId="8">Birthdate</type><value>1951</value><valueDate id="1"><fromDateBegin>1951-01-01</fromDateBegin></valueDate></feature>
<feature id="5"><type featureTypeId="8">Birthdate</type><valueDate id="2"><fromDateBegin>1951-03-04T00:00:00</fromDateBegin><toDateEnd>1951-03-04</toDateEnd><isApproximate>true</isApproximate></valueDate></feature>
<feature id="6"><type featureTypeId="224">Gender</type><valueRefId>91526</valueRefId></feature></features>
<identityDocuments><identityDocument id="2"><type refId="1571">Passport</type><documentNumber>XQ1</documentNumber><issuingCountry refId="1">Egypt</issuingCountry><issueDate id="1"><fromDateBegin>2012-02-02</fromDateBegin><toDateEnd>2012-02-02</toDateEnd></issueDate></identityDocument></identityDocuments></entity>
</entities></sanctionsData>
`

func TestEnhancedEntries(t *testing.T) {
	p, got := readAdvanced(t, ofac.SDNEnhanced(), []byte(enhancedFile))
	if p.Date != "2026-07-27" || p.Rejected.Count("party without an entry on the list, its measure taken from the list") != 1 {
		t.Errorf("%s, rejected %s", p.ID(), p.Rejected.String())
	}
	for _, want := range []list.Entry{
		{
			ID: "8001", Kind: list.Organization, Name: "BRAMBLE & TIDE", Programmes: []string{"SDGT"}, Measure: list.Block, Measures: []list.Measure{list.Block, list.Restrict},
			Aliases: []list.Alias{{Name: "БРЭМБЛ", Kind: list.AKA, Script: "Cyrl"}, {Name: "BT", Kind: list.AKA, Weak: true}, {Name: "BTX", Kind: list.AKA, Weak: true}},
			Listed:  "2020-05-04", LegalBasis: []string{"Executive Order 13224 (Terrorism)"}, Countries: []navicert.Flag{"IR"},
			Addresses:   []list.Address{{City: "Port Ansel", Country: "IR", Text: "Port Ansel, Iran"}},
			Identifiers: []list.Identifier{{Type: "Digital Currency Address", Value: "XBT bc1invented"}},
			Links:       []list.Link{{Kind: list.LinkedTo, Name: "NOBODY"}}, Remarks: "Holding; Sanctions type Reject.",
		},
		{
			ID: "8002", Kind: list.Vessel, Name: "COPPER LANTERN", Measure: list.Block, Listed: "2020-05-04", IMO: 2000016, Flag: "PA",
			Links: []list.Link{{Kind: list.OwnedOrControlled, Name: "BRAMBLE & TIDE", Entry: "8001", Text: "Owns, controls, or operates"}},
		},
		{
			ID: "8003", Kind: list.Person, Name: "TARVOSK, Imrel", Measure: list.Block, Gender: "Male", BirthDates: []string{"1951", "circa 04 Mar 1951"},
			Identifiers: []list.Identifier{{Type: "Passport", Value: "XQ1", Country: "EG"}}, Remarks: "Passport XQ1 (Egypt) issued 02 Feb 2012.",
		},
	} {
		if d := cmp.Diff(want, got[want.ID]); d != "" {
			t.Errorf("entry %s (-want +got):\n%s", want.ID, d)
		}
	}
}

// What is not the whole list, or not this one, is refused.
func TestEnhancedSentences(t *testing.T) {
	for _, c := range []struct{ what, from, to, want string }{
		{"another list", `refId="1550">SDN List</sanctionsList></sanctionsLists></filters>`, `refId="91512">Consolidated List</sanctionsList></sanctionsLists></filters>`, "it is of the Consolidated List, not of the OFAC Specially"},
		{"a part of the list", "<filters>", "<filters><sanctionsPrograms><sanctionsProgram>IRAN</sanctionsProgram></sanctionsPrograms>", "it is cut down to some programmes"},
		{"a new type", ">Vessel<", ">Airship<", `entity 8002: type "Airship" is none of`},
		{"no day", "2026-07-27T00:00:00", "soon", `its dataAsOf, "soon", begins with no day`},
		{"an entry twice", `id="8002"`, `id="8001"`, "entry 8001 is there twice"},
		{"no entries", "entities>", "things>", "it has no <entities>"},
	} {
		data := []byte(strings.ReplaceAll(enhancedFile, c.from, c.to))
		_, _, err := ofac.SDNEnhanced().Read(context.Background(), list.Source{FS: fstest.MapFS{"sdn_enhanced.xml": {Data: data}}, Name: "test"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.what, err, c.want)
		}
	}
}

const sdnFile = `<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"><publshInformation><Publish_Date>06/22/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
<sdnEntry><uid>8002</uid><lastName>COPPER LANTERN</lastName><sdnType>Vessel</sdnType><remarks>(Linked To: BRAMBLE TIDE)</remarks><programList><program>SDGT</program></programList>
<idList><id><uid>1</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 2000016</idNumber></id><id><uid>2</uid><idType>MMSI</idType><idNumber>200000011</idNumber></id><id><uid>3</uid><idType>Former Vessel Flag</idType><idNumber>Malta</idNumber></id></idList>
<vesselInfo><callSign>HPEX1</callSign><vesselType>Crude Oil Tanker</vesselType><vesselFlag>Panama</vesselFlag><tonnage>298,000</tonnage></vesselInfo></sdnEntry>
<sdnEntry><uid>8003</uid><firstName>Imrel Danow</firstName><lastName>TARVOSK</lastName><title>Director</title><sdnType>Individual</sdnType><programList><program>SDGT</program></programList>
<idList><id><uid>4</uid><idType>Passport</idType><idNumber>XQ1</idNumber><idCountry>Egypt</idCountry><expirationDate>01 Feb 2022</expirationDate></id><id><uid>5</uid><idType>Gender</idType><idNumber>Male</idNumber></id>
<id><uid>6</uid><idType>Secondary sanctions risk:</idType><idNumber>Invented Regulations</idNumber></id><id><uid>7</uid><idType>Invented Number</idType><idNumber>5</idNumber><idCountry>Egypt</idCountry></id></idList>
<akaList><aka><uid>8</uid><type>a.k.a.</type><category>weak</category><lastName>THE PILOT</lastName></aka><aka><uid>9</uid><type>f.k.a.</type><category>strong</category><lastName>TARVOSK</lastName><firstName>Imre</firstName></aka></akaList>
<addressList><address><uid>10</uid><address1>Quay 4</address1><address2>Shed 5</address2><city>Port Ansel</city><stateOrProvince>North</stateOrProvince><postalCode>7001</postalCode><country>Panama</country></address></addressList>
<nationalityList><nationality><uid>11</uid><country>Malta</country><mainEntry>true</mainEntry></nationality></nationalityList><dateOfBirthList><dateOfBirthItem><uid>12</uid><dateOfBirth>14 Mar 1961</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>
<placeOfBirthList><placeOfBirthItem><uid>13</uid><placeOfBirth>Qum, Iran</placeOfBirth><mainEntry>true</mainEntry></placeOfBirthItem></placeOfBirthList></sdnEntry></sdnList>`

func TestSDNXMLEntries(t *testing.T) {
	p, got := readAdvanced(t, ofac.SDNXML(), []byte(sdnFile))
	if p.Date != "2026-06-22" {
		t.Errorf("day %s", p.Date)
	}
	for _, want := range []list.Entry{
		{
			ID: "8002", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"SDGT"}, Measure: list.Block, IMO: 2000016, MMSIs: []navicert.MMSI{200000011},
			CallSigns: []navicert.CallSign{"HPEX1"}, Flag: "PA", FormerFlags: []navicert.Flag{"MT"}, VesselType: "Crude Oil Tanker", Tonnage: "298,000",
			Links: []list.Link{{Kind: list.LinkedTo, Name: "BRAMBLE TIDE"}},
		},
		{
			ID: "8003", Kind: list.Person, Name: "TARVOSK, Imrel Danow", Programmes: []string{"SDGT"}, Measure: list.Block, Gender: "Male", BirthDates: []string{"14 Mar 1961"},
			Aliases:     []list.Alias{{Name: "THE PILOT", Kind: list.AKA, Weak: true}, {Name: "TARVOSK, Imre", Kind: list.FKA}},
			Countries:   []navicert.Flag{"MT", "IR", "PA"},
			Addresses:   []list.Address{{Street: "Quay 4, Shed 5", City: "Port Ansel, North 7001", Country: "PA", Text: "Quay 4, Shed 5, Port Ansel, North 7001, Panama"}},
			Identifiers: []list.Identifier{{Type: "Passport", Value: "XQ1", Country: "EG"}, {Type: "Invented Number", Value: "5", Country: "EG"}},
			Secondary:   []string{"Secondary sanctions risk: Invented Regulations"}, Remarks: "Director; Passport XQ1 (Egypt) expires 01 Feb 2022.",
		},
	} {
		if d := cmp.Diff(want, got[want.ID]); d != "" {
			t.Errorf("entry %s (-want +got):\n%s", want.ID, d)
		}
	}
	for _, c := range []struct{ what, from, to, want string }{
		{"fewer than it says", "<Record_Count>2<", "<Record_Count>3<", "it says that it has 3 entries, and has 2"},
		{"a date that is none", "06/22/2026", "2026-06-22", `"2026-06-22", is not MM/DD/YYYY`},
		{"a new category", ">weak<", ">feeble<", "is neither strong nor weak"},
	} {
		_, _, err := ofac.SDNXML().Read(context.Background(), list.Source{FS: fstest.MapFS{"sdn.xml": {Data: []byte(strings.ReplaceAll(sdnFile, c.from, c.to))}}, Name: "test"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.what, err, c.want)
		}
	}
}

// A file under a name that OFAC does not give is known by its content.
func TestRecogniseByContent(t *testing.T) {
	for _, c := range []struct {
		files map[string]string
		want  []string
	}{
		{map[string]string{"download (3).xml": sdnFile}, []string{"ofac-sdn-xml"}},
		{map[string]string{"cons of today.XML": sdnFile}, []string{"ofac-cons-xml"}},
		{map[string]string{"list-2024.xml": string(inventedAdvanced())}, []string{"ofac-sdn-advanced"}},
		{map[string]string{"x.xml": enhancedFile, "readme.txt": ""}, []string{"ofac-sdn-enhanced"}},
		{map[string]string{"consolidated.xml": sdnFile}, []string{"ofac-cons-xml"}},
		{map[string]string{"consolidated.xml": "<CONSOLIDATED_LIST></CONSOLIDATED_LIST>"}, []string{"un-xml"}},
		{map[string]string{"x.xml": "<html></html>"}, nil},
		{map[string]string{"x.xml": enhancedFile, "y.xml": sdnFile}, nil},
	} {
		fsys := fstest.MapFS{}
		for name, data := range c.files {
			fsys[name] = &fstest.MapFile{Data: []byte(data)}
		}
		found, err := all.Recognise(fsys)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, f.Info().Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", slices.Sorted(maps.Keys(c.files)), got, c.want)
		}
	}
}

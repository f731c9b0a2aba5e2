package uk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/table"
	"navicert/list/uk"
)

const (
	csvName, odsName      = "UK-Sanctions-List.csv", "UK-Sanctions-List.ods"
	xmlName, conList      = "UK-Sanctions-List.xml", "ConList.csv"
	sampleDay             = navicert.Date("2025-11-03")
	spreadsheet           = "application/vnd.oasis.opendocument.spreadsheet"
	unknown, unstated     = "measure not known, taken for a restriction", "measure not stated, taken for an asset freeze"
	nameless, badIMO      = "entry without a primary name: its first name is taken", "IMO number that fails its check digit or length, kept as an identifier"
	badCountry, otherBits = "country not recognised, kept as text", "testdata/sample"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// document packs a table into an OpenDocument file, not compressed, so that its
// text can be looked for.
func document(t testing.TB, mimetype, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range [][2]string{{"mimetype", mimetype}, {"content.xml", content}, {"meta.xml", "<meta/>"}} {
		part, err := w.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sampleODS(t testing.TB) []byte {
	return document(t, spreadsheet, string(file(t, "testdata/content.xml")))
}

func TestContract(t *testing.T) {
	firstCell := func(row string) string { return strings.SplitN(row, "\t", 3)[1] }
	for _, c := range []struct {
		format list.Format
		sample listtest.Sample
	}{
		{uk.CSV(), listtest.Sample{FS: os.DirFS(otherBits), Files: []string{csvName}, Endless: true, Filler: "\n", Verbatim: table.FirstRow}},
		{uk.ODS(), listtest.Sample{FS: fstest.MapFS{odsName: {Data: sampleODS(t)}}, Files: []string{odsName}, Verbatim: firstCell}},
		{uk.XML(), listtest.Sample{FS: os.DirFS(otherBits), Files: []string{xmlName}, Filler: "\n"}},
		{uk.ConList(), listtest.Sample{FS: os.DirFS(otherBits), Files: []string{conList}, Endless: true, Scattered: true, Filler: "\n", Verbatim: table.FirstRow}},
	} {
		c.sample.Published = sampleDay
		t.Run(c.format.Info().Name, func(t *testing.T) { listtest.Run(t, c.format, c.sample) })
	}
}

func read(f list.Format, name string, data []byte) (list.Publication, []list.Entry, error) {
	return f.Read(context.Background(), list.Source{FS: fstest.MapFS{name: {Data: data}}, Name: "here"})
}

// designations are what all three forms of the UK Sanctions List say in the
// sample.
func designations() []list.Entry {
	regime := []string{"The Example (Sanctions) Regulations 2019"}
	return []list.Entry{
		{
			ID: "EXA0001", Kind: list.Person, Name: "Imrel Danow Tarvosk", Programmes: regime, LegalBasis: regime,
			Measure: list.Block, Measures: []list.Measure{list.Block, list.TravelBan}, Listed: "2020-12-31",
			Aliases: []list.Alias{
				{Name: "Imre Tarfosk", Kind: list.AKA}, {Name: "Имре Тарвоск", Kind: list.AKA, Script: "Cyrl"}, {Name: "Pilot", Kind: list.AKA, Weak: true},
			},
			BirthDates: []string{"1961-03-14", "1962"}, Gender: "Male", Countries: []navicert.Flag{"MT", "PA"},
			Addresses: []list.Address{{Street: "12 Invented Quay", City: "Port Ansel", Country: "MT", Text: "12 Invented Quay, Port Ansel, 101, Malta"}},
			Identifiers: []list.Identifier{
				{Type: "UN reference", Value: "EXi.001"},
				{Type: "National identifier", Value: "77"},
				{Type: "National identifier", Value: "78"},
				{Type: "Passport", Value: "XQ0001234"},
			},
			Remarks: "An invented person",
		},
		{
			ID: "EXA0002", Kind: list.Organization, Name: "Bramble Tide Shipping", Programmes: regime, LegalBasis: regime,
			Measure: list.Block, Listed: "2021-02-01", Aliases: []list.Alias{{Name: "BTS", Kind: list.AKA}},
			Links: []list.Link{
				{Kind: list.OwnedBy, Name: "Quillmere Holding", Text: "parent company"},
				{Kind: list.LinkedTo, Name: "Wren Lines", Text: "subsidiary"},
				{Kind: list.LinkedTo, Name: "Finch Lines", Text: "subsidiary"},
			},
			Identifiers: []list.Identifier{{Type: "Business registration number", Value: "55-0101"}},
		},
		{
			ID: "EXA0003", Kind: list.Vessel, Name: "Copper Lantern", Programmes: regime, LegalBasis: regime,
			Measure: list.PortBan, Measures: []list.Measure{list.PortBan, list.Deregister}, Listed: "2022-10-03",
			Links: []list.Link{
				{Kind: list.OwnedOrControlled, Name: "Bramble Tide Shipping", Text: "current owner/operator"},
				{Kind: list.OwnedOrControlled, Name: "Quillmere Managers", Former: true, Text: "previous owner/operator"},
			},
			IMO: 2000016, Flag: "PA", FormerFlags: []navicert.Flag{"MT", "CK"}, VesselType: "Oil tanker", Tonnage: "160000", BuildYear: "2001",
			Owner: "Bramble Tide Shipping", Identifiers: []list.Identifier{{Type: "Hull identification number", Value: "EX1"}},
			Remarks: "Length of ship 274",
		},
		{
			ID: "EXA0004", Kind: list.Vessel, Name: "Grey Marlin", Programmes: regime, LegalBasis: regime,
			Measure: list.Detention, Measures: []list.Measure{list.Detention, list.Restrict}, Listed: "2022-10-03",
			Identifiers: []list.Identifier{{Type: "IMO number, not valid", Value: "2000029"}},
		},
		{
			ID: "EXA0005", Kind: list.Organization, Name: "Nobody", Programmes: regime, LegalBasis: regime, Measure: list.Block, Listed: "2022-10-03",
		},
	}
}

func TestUKSanctionsList(t *testing.T) {
	for _, c := range []struct {
		format list.Format
		name   string
		data   []byte
	}{
		{uk.CSV(), csvName, file(t, "testdata/sample/"+csvName)},
		{uk.ODS(), odsName, sampleODS(t)},
		{uk.XML(), xmlName, file(t, "testdata/sample/"+xmlName)},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, entries, err := read(c.format, c.name, c.data)
			if err != nil {
				t.Fatal(err)
			}
			sorted := cmpopts.SortSlices(func(a, b list.Link) bool { return a.Name < b.Name })
			byName := cmpopts.SortSlices(func(a, b list.Alias) bool { return a.Name < b.Name })
			byValue := cmpopts.SortSlices(func(a, b list.Identifier) bool { return a.Type+a.Value < b.Type+b.Value })
			if d := cmp.Diff(designations(), entries, cmpopts.IgnoreFields(list.Entry{}, "Row"), sorted, byValue, byName); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
			want := "1 " + badIMO + ", 1 " + nameless + ", 1 " + unknown + ", 1 " + unstated
			if got := p.Rejected.String(); got != want || p.Date != sampleDay || p.Aliases != 4 || p.Addresses != 1 || p.List != "uk" {
				t.Errorf("%+v; rejected %s", p, got)
			}
		})
	}
}

// A group is listed from the day of its earliest row, under the regimes of all,
// whichever row comes first.
func TestConListGroup(t *testing.T) {
	con := string(file(t, "testdata/sample/"+conList))
	for name, c := range map[string][2]string{
		"a later row is earlier":     {"Example 2,01/02/2021", "Example 2,07/09/2019"},
		"the first row says nothing": {"Primary name,,Example,01/02/2021", "Primary name,,Example,"},
	} {
		_, entries, err := read(uk.ConList(), conList, []byte(strings.Replace(con, c[0], c[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		want := navicert.Date("2021-02-01")
		if strings.HasPrefix(c[1], "Example 2") {
			want = "2019-09-07"
		}
		if e := entries[1]; e.Listed != want || strings.Join(e.Programmes, "|") != "Example|Example 2" {
			t.Errorf("%s: listed %q under %q, want %s", name, e.Listed, e.Programmes, want)
		}
	}
}

func TestConList(t *testing.T) {
	p, entries, err := read(uk.ConList(), conList, file(t, "testdata/sample/"+conList))
	if err != nil {
		t.Fatal(err)
	}
	want := []list.Entry{
		{
			ID: "101", Kind: list.Person, Name: "Imrel Danow TARVOSK", Programmes: []string{"Example"}, Measure: list.Block, Listed: "2021-01-01",
			Aliases:    []list.Alias{{Name: "PILOT", Kind: list.AKA, Weak: true}, {Name: "Имре Тарвоск", Kind: list.AKA, Script: "Cyrl"}},
			BirthDates: []string{"1962", "1961-03-14"}, Gender: "Male", Countries: []navicert.Flag{"MT", "PA"},
			Addresses: []list.Address{{Street: "12 Invented Quay", City: "Port Ansel", Country: "MT", Text: "12 Invented Quay, Port Ansel, 101, Malta"}},
			Identifiers: []list.Identifier{
				{Type: "UK Sanctions List reference", Value: "EXA0001"},
				{Type: "UN reference", Value: "EXi.001"},
				{Type: "Passport", Value: "XQ0001234"},
				{Type: "Passport", Value: "XQ0001235"},
			},
		},
		{
			ID: "102", Kind: list.Organization, Name: "BRAMBLE TIDE SHIPPING", Programmes: []string{"Example", "Example 2"}, Measure: list.Block, Listed: "2021-02-01",
			Aliases: []list.Alias{{Name: "TIDEWRACK LINES", Kind: list.FKA}},
			Links: []list.Link{
				{Kind: list.OwnedBy, Name: "Quillmere Holding", Text: "parent company"},
				{Kind: list.LinkedTo, Name: "Wren Lines", Text: "subsidiary"},
				{Kind: list.LinkedTo, Name: "Finch Lines", Text: "subsidiary"},
			},
			Identifiers: []list.Identifier{{Type: "UK Sanctions List reference", Value: "EXA0002"}, {Type: "Business registration number", Value: "55-0101"}},
		},
		{
			ID: "103", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"Example"}, Measure: list.Block, Listed: "2022-10-03",
			Links: []list.Link{{Kind: list.OwnedOrControlled, Name: "Bramble Tide Shipping", Text: "current owner/operator"}},
			IMO:   2000016, Flag: "PA", FormerFlags: []navicert.Flag{"MT"}, VesselType: "Oil tanker", Tonnage: "160000", BuildYear: "2001",
			Owner: "Bramble Tide Shipping", Identifiers: []list.Identifier{{Type: "UK Sanctions List reference", Value: "EXA0003"}},
		},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row", "Remarks")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if p.Date != sampleDay || p.Aliases != 3 || p.Addresses != 1 || p.Rejected.Total() != 0 {
		t.Errorf("%+v; rejected %s", p, p.Rejected.String())
	}
	if !strings.Contains(entries[0].Row, "\n+ 1 more rows, sha256 of all ") {
		t.Errorf("row %q", entries[0].Row)
	}
}

func TestRefused(t *testing.T) {
	csv, con := string(file(t, "testdata/sample/"+csvName)), string(file(t, "testdata/sample/"+conList))
	xml, content := string(file(t, "testdata/sample/"+xmlName)), string(file(t, "testdata/content.xml"))
	for _, c := range []struct {
		name   string
		format list.Format
		file   string
		data   string
		want   string
		kind   navicert.Kind
	}{
		{"no day", uk.CSV(), csvName, strings.Replace(csv, "03-Nov-2025", "soon", 1), "the file states none", navicert.Invalid},
		{"another type", uk.CSV(), csvName, strings.ReplaceAll(csv, ",Ship,", ",Boat,"), "none of Individual, Entity, Ship", navicert.Unsupported},
		{"rows apart", uk.CSV(), csvName, strings.Replace(csv, "EXA0005", "EXA0001", 1), "the rows of EXA0001 do not stand together", navicert.Invalid},
		{"no number", uk.CSV(), csvName, strings.Replace(csv, "EXA0005", "", 1), "the row has no Unique ID", navicert.Invalid},
		{"two types", uk.ConList(), conList, strings.Replace(con, ",Entity,FKA", ",Ship,FKA", 1), "group 102 is of two types", navicert.Invalid},
		{"no group", uk.ConList(), conList, strings.Replace(con, ",103\n", ",x\n", 1), `Group ID "x" is no number`, navicert.Invalid},
		{"twice", uk.XML(), xmlName, strings.Replace(xml, "EXA0005", "EXA0001", 1), "designation EXA0001 is there twice", navicert.Invalid},
		{"another element", uk.XML(), xmlName, strings.ReplaceAll(xml, "Designation>", "Person>"), "<Person> where <Designation> is due", navicert.Unsupported},
		{"a text document", uk.ODS(), odsName, string(document(t, "application/vnd.oasis.opendocument.text", content)), "no OpenDocument table", navicert.Invalid},
		{"no table", uk.ODS(), odsName, string(document(t, spreadsheet, "<a/>")), "it holds no table", navicert.Invalid},
		{"another table", uk.ODS(), odsName, string(document(t, spreadsheet, strings.ReplaceAll(content, "Unique ID", "Number"))), "its first table has no header", navicert.Invalid},
	} {
		_, _, err := read(c.format, c.file, []byte(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || navicert.KindOf(err) != c.kind {
			t.Errorf("%s: error %v, want %q of kind %s", c.name, err, c.want, c.kind)
		}
	}
}

// A table that is far larger than its file is found without holding it.
func TestExpansion(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, _ := w.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	_, _ = part.Write([]byte(spreadsheet))
	part, _ = w.Create("content.xml")
	head, _, _ := strings.Cut(string(file(t, "testdata/content.xml")), "<table:table-row")
	_, _ = part.Write([]byte(head))
	row := bytes.Repeat([]byte("<!-- "+strings.Repeat("x", 4000)+" -->\n"), 256)
	for range 1700 {
		if _, err := part.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(uk.ODS(), odsName, b.Bytes()); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("error %v, want one of kind limit", err)
	}
}

// real reads a publication of the real lists and counts what is in it.
func real(t *testing.T, f list.Format, fsys fs.FS) (list.Publication, map[string]int) {
	t.Helper()
	p, entries, err := f.Read(context.Background(), list.Source{FS: fsys, Name: "here"})
	if err != nil {
		t.Fatal(err)
	}
	if err := listtest.Sound(p, entries); err != nil {
		t.Error(err)
	}
	n := map[string]int{"aliases": p.Aliases, "addresses": p.Addresses}
	for _, e := range entries {
		n[string(e.Kind)]++
		if e.IMO != 0 {
			n["imo"]++
		}
		if e.Listed != "" {
			n["listed"]++
		}
		n["links"] += len(e.Links)
		measures := e.Measures
		if len(measures) == 0 {
			measures = []list.Measure{e.Measure}
		}
		for _, m := range measures {
			n[string(m)]++
		}
		for _, a := range e.Aliases {
			if a.Weak {
				n["weak"]++
			}
			if a.Script != "" {
				n["other scripts"]++
			}
		}
	}
	for _, r := range p.Rejected.Reasons() {
		n[r] = p.Rejected.Count(r)
	}
	return p, n
}

// The UK Sanctions List of 30 November 2022.
func TestRealODS(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	p, n := real(t, uk.ODS(), os.DirFS(realdata.Dir(t, "lists/uk-2024-01")))
	want := map[string]int{
		"person": 3019, "organization": 672, "vessel": 37, "imo": 36, "aliases": 9436, "addresses": 2524, "links": 343, "listed": 3711,
		"other scripts": 2350, "weak": 591, "block": 3694, "port_ban": 180, "services_ban": 155, "deregister": 15, "restrict": 168,
		"export_control": 395, "travel_ban": 2935, badCountry: 1, nameless: 1, unstated: 2,
	}
	if d := cmp.Diff(want, n); d != "" || p.Date != "2022-11-30" {
		t.Errorf("%s: -want +got\n%s", p.ID(), d)
	}
}

// OFSI's Consolidated List of 25 January 2024.
func TestRealConList(t *testing.T) {
	p, n := real(t, uk.ConList(), list.OnlyFile(os.DirFS(realdata.Dir(t, "lists/uk-2024-01")), "ConList_2024-01-25.csv.gz"))
	want := map[string]int{
		"person": 3422, "organization": 817, "vessel": 15, "imo": 15, "aliases": 10399, "addresses": 2863, "links": 213, "listed": 4254,
		"other scripts": 2763, "weak": 590, "block": 4254, badCountry: 17, nameless: 11,
	}
	if d := cmp.Diff(want, n); d != "" || p.Date != "2024-01-25" || p.Entries != 4254 {
		t.Errorf("%s, %d entries: -want +got\n%s", p.ID(), p.Entries, d)
	}
}

func FuzzRead(f *testing.F) {
	formats := []list.Format{uk.CSV(), uk.ConList(), uk.XML(), uk.ODS()}
	names := []string{csvName, conList, xmlName, odsName}
	for i, name := range names[:3] {
		f.Add(byte(i), file(f, "testdata/sample/"+name))
	}
	f.Add(byte(3), sampleODS(f))
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		i := int(which) % len(formats)
		if p, entries, err := read(formats[i], names[i], data); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}

package eu_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/eu"
	"navicert/list/listtest"
	"navicert/list/table"
)

const (
	csvName, xmlName = "csvFullSanctionsList.csv", "xmlFullSanctionsList_1_1.xml"
	vesselName       = "eu-vessels.csv"
	repeated         = "alias that repeats a name of its entry"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestContract(t *testing.T) {
	for _, c := range []struct {
		format list.Format
		sample listtest.Sample
	}{
		{eu.CSV(), listtest.Sample{
			FS: os.DirFS("testdata/sample"), Files: []string{csvName}, Published: "2025-11-03", Endless: true, Filler: "\n", Verbatim: table.FirstRow,
		}},
		{eu.XML(), listtest.Sample{FS: os.DirFS("testdata/sample"), Files: []string{xmlName}, Published: "2025-11-03", Filler: "\n"}},
		{eu.Vessels(), listtest.Sample{FS: os.DirFS("testdata/vessels"), Files: []string{vesselName}, Endless: true, Filler: "\n"}},
	} {
		t.Run(c.format.Info().Name, func(t *testing.T) { listtest.Run(t, c.format, c.sample) })
	}
}

func read(f list.Format, name string, data []byte, day navicert.Date) (list.Publication, []list.Entry, error) {
	return f.Read(context.Background(), list.Source{
		FS: fstest.MapFS{name: {Data: data}}, Name: "here", Options: list.Options{Published: day},
	})
}

// Both forms of the FSF say the same in the sample.
func TestFSF(t *testing.T) {
	want := []list.Entry{
		{
			ID: "13", Kind: list.Person, Name: "Imrel Danow Tarvosk", Programmes: []string{"EXA"}, Measure: list.Block,
			LegalBasis: []string{"1/2001 (OJ L1)"}, Listed: "2014-04-29",
			Aliases: []list.Alias{
				{Name: "Имрел Тарвоск", Kind: list.AKA, Script: "Cyrl"}, {Name: "Pilot", Kind: list.AKA, Weak: true}, {Name: "I. Tarfosk", Kind: list.FKA},
			},
			BirthDates: []string{"1961-03-14", "circa 1962", "between 1960 and 1963", "1380 (islamic calendar)"}, Gender: "male",
			Countries: []navicert.Flag{"MT", "PA"},
			Addresses: []list.Address{{Street: "12 Invented Quay", City: "Port Ansel", Country: "MT", Text: "12 Invented Quay, Port Ansel, 101, MALTA"}},
			Identifiers: []list.Identifier{
				{Type: "EU reference", Value: "EU.1.1"},
				{Type: "UN reference", Value: "EXi.001"},
				{Type: "National passport", Value: "XQ0001234", Country: "PA"},
			},
			Remarks: "(Date of UN designation: 2014-04-29) (none)",
		},
		{
			ID: "14", Kind: list.Organization, Name: "Bramble Tide Shipping", Programmes: []string{"EXB"}, Measure: list.Block,
			LegalBasis: []string{"2/2002 (OJ L2)"},
			Identifiers: []list.Identifier{
				{Type: "EU reference", Value: "EU.1.2"}, {Type: list.CompanyIMO, Value: "2100012"},
			},
		},
	}
	anyOrder := cmpopts.SortSlices(func(a, b navicert.Flag) bool { return a < b })
	for name, f := range map[string]list.Format{csvName: eu.CSV(), xmlName: eu.XML()} {
		p, entries, err := read(f, name, file(t, "sample/"+name), "")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row"), anyOrder); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
		if got := p.Rejected.String(); got != "1 "+repeated || p.Date != "2025-11-03" || p.Aliases != 6 || p.Addresses != 2 {
			t.Errorf("%s: %+v; rejected %s", name, p, got)
		}
	}
}

// TestSameEveryDay: a list that was generated anew and says nothing else has the
// same entries.
func TestSameEveryDay(t *testing.T) {
	csv := string(file(t, "sample/"+csvName))
	_, before, err := read(eu.CSV(), csvName, []byte(csv), "")
	if err != nil {
		t.Fatal(err)
	}
	p, after, err := read(eu.CSV(), csvName, []byte(strings.ReplaceAll(csv, "03/11/2025;", "04/11/2025;")), "")
	if err != nil || p.Date != "2025-11-04" {
		t.Fatalf("published %s, %v", p.Date, err)
	}
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("-first day +next day\n%s", d)
	}
}

func TestVessels(t *testing.T) {
	p, entries, err := read(eu.Vessels(), vesselName, file(t, "vessels/"+vesselName), "2025-03-01")
	if err != nil {
		t.Fatal(err)
	}
	bans := []list.Measure{list.PortBan, list.ServicesBan}
	programme := []string{"Regulation (EU) No 833/2014, Annex XLII"}
	want := []list.Entry{
		{
			ID: "IMO 2000016", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: programme, Measure: list.PortBan, Measures: bans,
			LegalBasis: []string{"Regulation (EU) 2024/1"}, Listed: "2024-06-25", IMO: 2000016, Flag: "PA",
			Aliases: []list.Alias{{Name: "SALLOW WREN", Kind: list.AKA}}, Remarks: "invented",
		},
		{
			ID: "IMO 2000092", Kind: list.Vessel, Name: "GREY MARLIN, II", Programmes: programme, Measure: list.PortBan, Measures: bans,
			LegalBasis: []string{"Regulation (EU) No 833/2014, Article 3s and Annex XLII"}, Listed: "2025-02-25", IMO: 2000092,
		},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row")); d != "" || p.WithIMO != 2 || p.Rejected.Total() != 0 {
		t.Errorf("%+v: -want +got\n%s", p, d)
	}
}

func TestRefused(t *testing.T) {
	csv, xml, ships := string(file(t, "sample/"+csvName)), string(file(t, "sample/"+xmlName)), string(file(t, "vessels/"+vesselName))
	for _, c := range []struct {
		name   string
		format list.Format
		file   string
		data   string
		want   string
	}{
		{"two days", eu.CSV(), csvName, strings.Replace(csv, "03/11/2025;14", "04/11/2025;14", 1), `generated on "04/11/2025", those before on "03/11/2025"`},
		{"no day", eu.CSV(), csvName, strings.ReplaceAll(csv, "03/11/2025", "soon"), "the file states none"},
		{"another type", eu.CSV(), csvName, strings.ReplaceAll(csv, "enterprise", "ship"), "neither P (person) nor E (enterprise)"},
		{"rows apart", eu.CSV(), csvName, csv + strings.SplitAfter(csv, "\n")[1], "entry 13 is already on line 2"},
		{"no number", eu.CSV(), csvName, strings.ReplaceAll(csv, ";14;", ";x;"), `logical id "x" is no number`},
		{"no name", eu.CSV(), csvName, strings.ReplaceAll(csv, "Bramble Tide Shipping", ""), "entity 14: it has no name"},
		{"no day in XML", eu.XML(), xmlName, strings.Replace(xml, "generationDate", "date", 1), "generationDate"},
		{"twice in XML", eu.XML(), xmlName, strings.Replace(xml, `"EU.1.2" logicalId="14"`, `"EU.1.2" logicalId="13"`, 1), "entry 13 is already on line"},
		{"another element", eu.XML(), xmlName, strings.ReplaceAll(xml, "sanctionEntity", "ship"), "<ship> where <sanctionEntity> is due"},
		{"no IMO number", eu.Vessels(), vesselName, strings.Replace(ships, "2000016", "", 1), "eu-vessels.csv line 2"},
		{"bad check digit", eu.Vessels(), vesselName, strings.Replace(ships, "2000016", "2000017", 1), "check digit"},
		{"ship twice", eu.Vessels(), vesselName, strings.Replace(ships, "2000092", "2000016", 1), "entry IMO 2000016 is already on line 2"},
		{"no such day", eu.Vessels(), vesselName, strings.Replace(ships, "25.02.2025", "31.02.2025", 1), `date of application "31.02.2025" is no day`},
	} {
		day := navicert.Date("2025-03-01")
		if c.file != vesselName {
			day = ""
		}
		if _, _, err := read(c.format, c.file, []byte(c.data), day); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// The FSF of 24 January 2024.
func TestRealPublication(t *testing.T) {
	p, entries, err := eu.CSV().Read(context.Background(), list.Source{FS: os.DirFS(realdata.Dir(t, "lists/eu-2024-01")), Name: "here"})
	if err != nil {
		t.Fatal(err)
	}
	if err := listtest.Sound(p, entries); err != nil {
		t.Error(err)
	}
	n := map[string]int{}
	for _, e := range entries {
		n[string(e.Kind)]++
		n["birth dates"] += len(e.BirthDates)
		if e.Listed != "" {
			n["listed"]++
		}
		for _, id := range e.Identifiers {
			if id.Type == list.CompanyIMO {
				n["company IMO"]++
			}
		}
		for _, a := range e.Aliases {
			n[string(a.Kind)]++
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
	want := map[string]int{
		"person": 3619, "organization": 970, "aka": 18491, "fka": 80, "weak": 169, "other scripts": 2120, "birth dates": 3399,
		"listed": 3864, "company IMO": 17, repeated: 264, "country not recognised, kept as text": 1,
	}
	if d := cmp.Diff(want, n); d != "" || p.Entries != 4589 || p.Aliases != 23424 || p.Addresses != 1605 || p.Date != "2024-01-24" {
		t.Errorf("%s, %d entries, %d names, %d addresses: -want +got\n%s", p.ID(), p.Entries, p.Aliases, p.Addresses, d)
	}
}

func FuzzRead(f *testing.F) {
	formats := []list.Format{eu.CSV(), eu.XML(), eu.Vessels()}
	names := []string{csvName, xmlName, vesselName}
	for i, name := range []string{"sample/" + csvName, "sample/" + xmlName, "vessels/" + vesselName} {
		f.Add(byte(i), file(f, name))
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		i := int(which) % len(formats)
		day := navicert.Date("")
		if i == 2 {
			day = "2025-03-01"
		}
		if p, entries, err := read(formats[i], names[i], data, day); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}

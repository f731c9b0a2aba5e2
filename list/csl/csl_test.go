package csl_test

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
	"navicert/list/csl"
	"navicert/list/listtest"
)

const (
	name       = "consolidated.csv"
	noType     = "type not given: it may be a person or an organisation"
	missing    = "list that the file does not hold, of those that it should"
	repeated   = "alias that repeats a name of its entry"
	badCountry = "country not recognised, kept as text"
)

func sample(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/sample/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(data []byte) (list.Publication, []list.Entry, error) {
	return csl.Format().Read(context.Background(), list.Source{
		FS: fstest.MapFS{name: {Data: data}}, Name: "here", Options: list.Options{Published: "2025-11-03"},
	})
}

func TestContract(t *testing.T) {
	listtest.Run(t, csl.Format(), listtest.Sample{FS: os.DirFS("testdata/sample"), Files: []string{name}, Endless: true, Filler: "\n"})
}

func TestSample(t *testing.T) {
	p, entries, err := read(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []list.Entry{
		{
			ID: "SDN-901", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"SDN", "EXA", "EXB"}, Measure: list.Block,
			Aliases: []list.Alias{{Name: "SALLOW WREN", Kind: list.AKA}, {Name: "TIN WHISTLE", Kind: list.AKA}},
			Links: []list.Link{
				{Kind: list.OwnedBy, Name: "Bramble Tide (Holding) Ltd"}, {Kind: list.LinkedTo, Name: "BRAMBLE TIDE (EX) LTD"}, {Kind: list.LinkedTo, Name: "QUILLMERE"},
			},
			IMO: 2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1"}, Flag: "PA", FormerFlags: []navicert.Flag{"MT"},
			VesselType: "Crude Oil Tanker", Tonnage: "298000", GRT: "160000", BuildYear: "2001", Owner: "Bramble Tide (Holding) Ltd",
			Secondary: []string{"Additional Sanctions Information Subject to Secondary Sanctions"},
			Remarks:   "(Linked To: BRAMBLE TIDE (EX) LTD) (Linked To: QUILLMERE)",
		},
		{
			ID: "SDN-902", Kind: list.Person, Name: "TARVOSK, Imrel Danow", Programmes: []string{"SDN", "EXA"}, Measure: list.Block,
			BirthDates: []string{"1961-03-14", "1962"}, Gender: "Male", Countries: []navicert.Flag{"PA", "MT"},
			Addresses:   []list.Address{{Country: "PA", Text: "12 Invented Quay, Port Ansel, PA"}, {Country: "MT", Text: "MT"}},
			Identifiers: []list.Identifier{{Type: "Passport", Value: "XQ0001234", Country: "PA"}}, Remarks: "Director",
		},
		{
			ID: "SSI-902", Kind: list.Organization, Name: "BRAMBLE TIDE SHIPPING", Programmes: []string{"SSI", "EXC"}, Measure: list.Restrict,
			Identifiers: []list.Identifier{{Type: list.CompanyIMO, Value: "2100012"}, {Type: "Tax ID No.", Value: "55-0101", Country: "MT"}},
		},
		{
			ID: "EL-1b59", Kind: list.UnknownKind, Name: "Heron Works", Programmes: []string{"EL"}, Measure: list.ExportControl,
			LegalBasis: []string{"68 FR 1"}, Listed: "2003-06-19", Aliases: []list.Alias{{Name: "Heron Factory", Kind: list.AKA}},
			Addresses: []list.Address{{Text: "Atlantis, XX"}}, Remarks: "until 2056-06-29; For all items; Presumption of denial",
		},
		{
			ID: "other-77", Kind: list.UnknownKind, Name: "Grey Marlin", Programmes: []string{"Some New List (SNL) - Some Department"}, Measure: list.ExportControl,
		},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	const rejected = "1 " + badCountry + ", 1 list not known, taken for export control, 10 " + missing + ", 2 " + noType
	if got := p.Rejected.String(); got != rejected || p.Aliases != 3 || p.Addresses != 3 {
		t.Errorf("%+v; rejected %s", p, got)
	}
	const title = "US Consolidated Screening List: SDN 2, SSI 1, FSE 0, PLC 0, CAP 0, MBS 0, CMIC 0, EL 1, DPL 0, MEU 0, UVL 0, DTC 0, ISN 0, others 1"
	if p.Title != title {
		t.Errorf("title %q", p.Title)
	}
}

func TestRefused(t *testing.T) {
	text := string(sample(t))
	for _, c := range []struct{ name, old, new, want string }{
		{"no name", `"COPPER LANTERN"`, `""`, "line 2: the row has no _id or no name"},
		{"twice", `"902","Spec`, `"901","Spec`, "entry SDN-901 is already on line 2"},
		{"another type", `"Vessel","EXA`, `"Boat","EXA`, `type "Boat" is none of`},
		{"another header", "source_list_url", "url", "no header with the columns"},
	} {
		if _, _, err := read([]byte(strings.Replace(text, c.old, c.new, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// The list of May 2025.
func TestRealPublication(t *testing.T) {
	p, entries, err := csl.Format().Read(context.Background(), list.Source{
		FS: os.DirFS(realdata.Dir(t, "lists/us_csl-2025-05")), Name: "here", Options: list.Options{Published: "2025-05-31"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := listtest.Sound(p, entries); err != nil {
		t.Error(err)
	}
	n := map[string]int{}
	for _, e := range entries {
		n[string(e.Kind)]++
		n[string(e.Measure)]++
		n[e.Programmes[0]]++
		n["links"] += len(e.Links)
		n["mmsi"] += len(e.MMSIs)
	}
	for _, r := range p.Rejected.Reasons() {
		n[r] = p.Rejected.Count(r)
	}
	want := map[string]int{
		"SDN": 17920, "SSI": 286, "FSE": 1, "PLC": 78, "CAP": 1, "MBS": 12, "CMIC": 68, "EL": 3313, "DPL": 529, "MEU": 70, "UVL": 222, "DTC": 771, "ISN": 161,
		"organization": 9218, "unknown": 5066, "person": 7518, "vessel": 1256, "aircraft": 374, "block": 17920, "restrict": 446, "export_control": 5066,
		"links": 7000, "mmsi": 522, noType: 5066, repeated: 15, badCountry: 3,
		"MMSI without nine digits, kept in the row": 2, "call sign that is none, kept in the row": 1,
	}
	if d := cmp.Diff(want, n); d != "" || p.Entries != 23432 || p.Vessels != 1256 || p.WithIMO != 1251 || p.Aliases != 30454 || p.Addresses != 28503 {
		t.Errorf("%d entries, %d vessels, %d with IMO, %d aliases, %d addresses: -want +got\n%s", p.Entries, p.Vessels, p.WithIMO, p.Aliases, p.Addresses, d)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, entries, err := read(data); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}

package ftm_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
	"navicert/list"
	"navicert/list/ftm"
	"navicert/list/listtest"
)

const (
	entitiesName, nestedName = "entities.ftm.json", "targets.nested.json"
	loose                    = "sanction, address, document or tie of an entity that is not in the file"
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
	for dir, name := range map[string]string{"entities": entitiesName, "nested": nestedName} {
		t.Run(dir, func(t *testing.T) {
			listtest.Run(t, ftm.Format(), listtest.Sample{
				FS: os.DirFS("testdata/" + dir), Files: []string{name}, Endless: true, Scattered: true, Filler: strings.Repeat(" ", 999) + "\n",
			})
		})
	}
}

func read(name string, data []byte) (list.Publication, []list.Entry, error) {
	return ftm.Format().Read(context.Background(), list.Source{
		FS: fstest.MapFS{name: {Data: data}}, Name: "here", Options: list.Options{Published: "2025-11-03"},
	})
}

func TestEntities(t *testing.T) {
	p, entries, err := read(entitiesName, file(t, "entities/"+entitiesName))
	if err != nil {
		t.Fatal(err)
	}
	want := []list.Entry{
		{
			ID: "NK-ship", Kind: list.Vessel, Name: "COPPER LANTERN", Programmes: []string{"EX-REG"},
			LegalBasis: []string{"Example Office: Example Regulations"}, Listed: "2024-02-01",
			Measure: list.Block, Measures: []list.Measure{list.Block, list.PortBan},
			Aliases: []list.Alias{
				{Name: "Copper Lantern", Kind: list.AKA},
				{Name: "ФОНАРЬ", Kind: list.AKA, Script: "Cyrl"},
				{Name: "SALLOW WREN", Kind: list.FKA},
				{Name: "LANTERN", Kind: list.AKA, Weak: true},
			},
			Links: []list.Link{{Kind: list.OwnedBy, Name: "Bramble Tide Shipping", Entry: "NK-co", Former: true, Text: "60 %"}},
			IMO:   2000016, MMSIs: []navicert.MMSI{200000011}, CallSigns: []navicert.CallSign{"HPEX1"}, Flag: "PA", FormerFlags: []navicert.Flag{"MT"},
			VesselType: "Crude Oil Tanker", Tonnage: "298000", GRT: "160000", BuildYear: "2001",
			Identifiers: []list.Identifier{{Type: "Example Office authority's number", Value: "77"}}, Remarks: "topics sanction, mare.shadow",
		},
		{
			ID: "NK-co", Kind: list.Organization, Name: "Bramble Tide Shipping", Programmes: []string{"Example Regulations"},
			LegalBasis: []string{"Example Regulations"}, Measure: list.Block, Countries: []navicert.Flag{"PA"},
			Links: []list.Link{
				{Kind: list.LinkedTo, Name: "COPPER LANTERN", Entry: "NK-ship", Former: true, Text: "60 %"},
				{Kind: list.OwnedBy, Name: "Quillmere Holding", Text: "shareholder"},
				{Kind: list.LinkedTo, Name: "Imrel Tarvosk", Entry: "NK-man", Text: "chairman"},
			},
			Addresses:   []list.Address{{Street: "Quay 2", City: "Port Ansel", Country: "PA", Text: "Quay 2, Port Ansel"}},
			Identifiers: []list.Identifier{{Type: "INN", Value: "7700000000"}, {Type: list.CompanyIMO, Value: "2100012"}}, Remarks: "topics sanction",
		},
		{
			ID: "NK-man", Kind: list.Person, Name: "Imrel Tarvosk", Measure: list.Watch, BirthDates: []string{"1961-03-14", "1962"}, Gender: "male",
			Countries: []navicert.Flag{"MT"}, Addresses: []list.Address{{Text: "12 Invented Quay, Port Ansel"}},
			Links: []list.Link{{Kind: list.LeaderOf, Name: "Bramble Tide Shipping", Entry: "NK-co", Text: "chairman"}},
			Identifiers: []list.Identifier{
				{Type: "Passport", Value: "XQ0001234", Country: "PA"}, {Type: "Digital currency address XBT", Value: "1Example"},
			},
			Remarks: "topics role.pep; An invented person",
		},
		{
			ID: "NK-eu", Kind: list.Vessel, Name: "GREY MARLIN", Programmes: []string{"EU-MARE"}, Listed: "2025-05-20", IMO: 2000092,
			Measure: list.PortBan, Measures: []list.Measure{list.PortBan, list.ServicesBan}, Remarks: "topics sanction",
		},
		{ID: "NK-el", Kind: list.Organization, Name: "Heron Works", Measure: list.ExportControl, Remarks: "topics export.control"},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	const rejected = "1 country not recognised, kept as text, 1 entity of a kind that is not read, 1 party that is no target, kept in links only, 1 " + loose
	if got := p.Rejected.String(); got != rejected || p.Aliases != 4 || p.Addresses != 2 {
		t.Errorf("%+v; rejected %s", p, got)
	}
}

// Entities within others are taken out, and one with a line of its own is that.
func TestNested(t *testing.T) {
	p, entries, err := read(nestedName, file(t, "nested/"+nestedName))
	if err != nil {
		t.Fatal(err)
	}
	want := []list.Entry{
		{
			ID: "NK-co", Kind: list.Organization, Name: "Bramble Tide Shipping", Measure: list.Block, Countries: []navicert.Flag{"PA"}, Remarks: "topics sanction",
			Links:     []list.Link{{Kind: list.LinkedTo, Name: "COPPER LANTERN", Entry: "NK-ship", Text: "Ownership"}},
			Addresses: []list.Address{{Country: "PA", Text: "Quay 2, Port Ansel"}},
		},
		{
			ID: "NK-ship", Kind: list.Vessel, Name: "COPPER LANTERN", Measure: list.Block, IMO: 2000016, Programmes: []string{"EX-REG"}, Listed: "2024-02-03",
			Links: []list.Link{{Kind: list.OwnedBy, Name: "Bramble Tide Shipping", Entry: "NK-co", Text: "Ownership"}}, Remarks: "topics sanction",
		},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row")); d != "" || p.Rejected.Total() != 0 {
		t.Errorf("rejected %s: -want +got\n%s", p.Rejected.String(), d)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Row, `{"id":"`+e.ID) {
			t.Errorf("row of %s: %q", e.ID, e.Row)
		}
	}
}

func TestRefused(t *testing.T) {
	text := string(file(t, "entities/"+entitiesName))
	deep := `{"id":"a","schema":"Person","properties":{"x":[` + strings.Repeat(`{"id":"b","schema":"Person","properties":{"x":[`, 20) + strings.Repeat(`]}}`, 21)
	for _, c := range []struct {
		name, text, want string
		kind             navicert.Kind
	}{
		{"no JSON", text + "x\n", "line 18", navicert.Invalid},
		{"no schema", strings.Replace(text, `"schema":"Person"`, `"kind":"Person"`, 1), "line 3: the entity has no id, schema or properties", navicert.Invalid},
		{"a number", strings.Replace(text, `["200000011"]`, `[200000011]`, 1), "line 1: property mmsi", navicert.Invalid},
		{"twice", text + text, "line 18: entity NK-ship is already on line 1", navicert.Invalid},
		{"deep", deep + "\n", "more than 8 deep", navicert.Invalid},
		{"a long line", `{"id":"` + strings.Repeat("x", 9<<20), "it has more than", navicert.Limit},
		{"no targets", `{"id":"a","schema":"Person","target":false,"properties":{}}` + "\n", "it holds no targets", navicert.Invalid},
	} {
		if _, _, err := read(entitiesName, []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) || navicert.KindOf(err) != c.kind {
			t.Errorf("%s: error %v, want %q of kind %s", c.name, err, c.want, c.kind)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(f, "entities/"+entitiesName))
	f.Add(file(f, "nested/"+nestedName))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, entries, err := read(entitiesName, data); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}

// An entry keeps the beginning and the hash of a long line, and a reading does
// not keep what is said of entities that are no targets.
func TestLongLine(t *testing.T) {
	long := strings.Repeat("An invented remark. ", 100_000) // 2 MB
	var text strings.Builder
	text.WriteString(`{"id":"T","schema":"Person","caption":"Imrel Tarvosk","target":true,"properties":{"name":["Imrel Tarvosk"],"biography":["` + long + `"]}}` + "\n")
	text.WriteString(`{"id":"O","schema":"Ownership","properties":{"owner":["T"],"asset":["C1"],"summary":["` + long + `"]}}` + "\n")
	for i := range 20 {
		text.WriteString(`{"id":"C` + string(rune('0'+i)) + `","schema":"Company","target":false,"properties":{"name":["Quillmere"],"notes":["` + long + `"]}}` + "\n")
	}
	data := []byte(text.String())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, entries, err := read(entitiesName, data)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if e := entries[0]; len(e.Row) > 2<<10 || !strings.HasPrefix(e.Row, `{"id":"T"`) || !strings.Contains(e.Row, "… sha256:") {
		t.Errorf("row of %d bytes: %.200s", len(e.Row), e.Row)
	}
	if l := entries[0].Links; len(l) != 1 || l[0].Name != "Quillmere" {
		t.Errorf("links %+v", l)
	}
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 1<<20 {
		t.Errorf("%d bytes are held", held)
	}
	runtime.KeepAlive(data)
}

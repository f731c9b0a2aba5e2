package un_test

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
	"navicert/list/listtest"
	"navicert/list/un"
)

const sample = "testdata/sample/un_consolidated.xml"

func TestContract(t *testing.T) {
	listtest.Run(t, un.Format(), listtest.Sample{
		FS: os.DirFS("testdata/sample"), Files: []string{"un_consolidated.xml"}, Published: "2025-11-03", Filler: "\n",
	})
}

func read(text []byte) (list.Publication, []list.Entry, error) {
	return un.Format().Read(context.Background(), list.Source{FS: fstest.MapFS{"un_consolidated.xml": {Data: text}}, Name: "here"})
}

func TestSample(t *testing.T) {
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	p, entries, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	want := []list.Entry{
		{
			ID: "EXi.001", Kind: list.Person, Name: "IMREL DANOW TARVOSK & SON", Programmes: []string{"EXAMPLE"}, Measure: list.Block,
			Listed: "2012-12-31", Gender: "Male", Remarks: "An invented person.",
			Aliases: []list.Alias{
				{Name: "Имрел Тарвоск", Kind: list.AKA, Script: "Cyrl"},
				{Name: "IMRE TARVOSK", Kind: list.AKA},
				{Name: "Pilot", Kind: list.AKA, Weak: true},
				{Name: "I. Tarfosk", Kind: list.FKA},
			},
			Countries:  []navicert.Flag{"PA", "MT"},
			Addresses:  []list.Address{{Street: "12 Invented Quay", City: "Port Ansel", Country: "MT", Text: "12 Invented Quay, Port Ansel, North, 101, Malta, as of 2016"}},
			BirthDates: []string{"1961-03-14", "circa 1962", "between 1960 and 1963", "30-35 years old"},
			Identifiers: []list.Identifier{
				{Type: "Passport", Value: "XQ0001234", Country: "PA"}, {Type: "ration card", Value: "77", Country: "MT"},
			},
		},
		{
			ID: "EXe.002", Kind: list.Organization, Name: "BRAMBLE TIDE SHIPPING", Programmes: []string{"EXAMPLE"}, Measure: list.Block,
			Listed: "2014-07-28", Remarks: "International Maritime Organization (IMO) Number: 2100012. Runs IMO 2000016.",
			Aliases:     []list.Alias{{Name: "BTS", Kind: list.AKA}, {Name: "TIDEWRACK LINES", Kind: list.FKA}},
			Countries:   []navicert.Flag{"PA"},
			Addresses:   []list.Address{{City: "Port Ansel", Country: "PA", Text: "Port Ansel, Panama"}},
			Identifiers: []list.Identifier{{Type: list.CompanyIMO, Value: "2100012"}},
		},
	}
	if d := cmp.Diff(want, entries, cmpopts.IgnoreFields(list.Entry{}, "Row")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if got := p.Rejected.String(); got != "1 country not recognised, kept as text" || p.Aliases != 5 || p.Addresses != 2 || p.Date != "2025-11-03" {
		t.Errorf("%+v; rejected %s", p, got)
	}
}

func TestRefused(t *testing.T) {
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"no day", "2025-11-03T00:00:09.554Z", "soon", "dateGenerated"},
		{"another root", "CONSOLIDATED_LIST", "OTHER_LIST", "its root is <OTHER_LIST>"},
		{"one number twice", "EXe.002", "EXi.001", "entry EXi.001 is already on line"},
		{"no number", "EXe.002", "", "without a reference number"},
		{"a part missing", "ENTITIES>", "SHIPS>", "a part <SHIPS>"},
		{"another record", "ENTITY>", "VESSEL>", "<VESSEL> where <ENTITY> is due"},
	} {
		if _, _, err := read([]byte(strings.ReplaceAll(string(data), c.old, c.new))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// The UN's own name for the file is one that OFAC has too.
func TestRecognise(t *testing.T) {
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"consolidated.xml", string(data), true},
		{"CONSOLIDATED.XML", "<sdnList/>", false},
		{"list.xml", string(data), true},
		{"list.txt", string(data), false},
	} {
		got, err := un.Format().Recognise(fstest.MapFS{c.name: {Data: []byte(c.text)}})
		if got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// The list of 27 February 2026.
func TestRealPublication(t *testing.T) {
	dir := realdata.Dir(t, "lists/un-2026-02-27")
	p, entries, err := un.Format().Read(context.Background(), list.Source{FS: os.DirFS(dir), Name: dir})
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
		n["documents"] += len(e.Identifiers)
		for _, a := range e.Aliases {
			n[string(a.Kind)]++
			if a.Weak {
				n["weak"]++
			}
			if a.Script != "" {
				n["other scripts"]++
			}
		}
		if e.Listed != "" {
			n["listed"]++
		}
	}
	want := map[string]int{
		"person": 730, "organization": 273, "aka": 3063, "fka": 55, "weak": 615, "other scripts": 416, "birth dates": 870, "documents": 455, "listed": 1003,
	}
	if d := cmp.Diff(want, n); d != "" || p.Date != "2026-02-27" || p.Aliases != 2752 || p.Addresses != 811 ||
		p.Rejected.String() != "12 alias that repeats a name of its entry, 1 country not recognised, kept as text" {
		t.Errorf("%s, %d aliases, %d addresses, rejected %s: -want +got\n%s", p.ID(), p.Aliases, p.Addresses, p.Rejected.String(), d)
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`<CONSOLIDATED_LIST dateGenerated="2025-11-03T"><INDIVIDUALS/><ENTITIES/></CONSOLIDATED_LIST>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, entries, err := read(text); err == nil {
			if err := listtest.Sound(p, entries); err != nil {
				t.Error(err)
			}
		}
	})
}

package ofac_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/list"
	"navicert/list/listtest"
	"navicert/list/ofac"
	"navicert/list/ofac/ofacgen"
)

var update = flag.Bool("update", false, "write the generated samples anew")

// xmlForms are the XML forms of the SDN list, and what writes them.
var xmlForms = []struct {
	name   string
	format list.Format
	file   string
	write  func(io.Writer, ofacgen.Issue, []list.Entry) error
}{
	{"SDN.XML", ofac.SDNXML(), "sdn.xml", ofacgen.SDN},
	{"ADVANCED", ofac.SDNAdvanced(), "sdn_advanced.xml", ofacgen.Advanced},
	{"ENHANCED", ofac.SDNEnhanced(), "sdn_enhanced.xml", ofacgen.Enhanced},
}

const issued = navicert.Date("2001-02-03")

// xmlSample returns the invented list in a form; its CSV form is what it was
// generated from.
func xmlSample(t testing.TB, i int) []byte {
	t.Helper()
	f := xmlForms[i]
	path := "testdata/xml/" + f.file
	if *update {
		m := fstest.MapFS{}
		for _, name := range sdnFiles {
			b, err := os.ReadFile("testdata/sample/" + name)
			if err != nil {
				t.Fatal(err)
			}
			m[name] = &fstest.MapFile{Data: b}
		}
		_, entries, err := ofac.SDN().Read(context.Background(), list.Source{FS: m, Name: "sample", Options: list.Options{Published: issued}})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.write(&b, ofacgen.Issue{Date: issued}, entries); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestContractOfXMLForms(t *testing.T) {
	for i, f := range xmlForms {
		t.Run(f.name, func(t *testing.T) {
			s := listtest.Sample{
				FS: fstest.MapFS{f.file: {Data: xmlSample(t, i)}}, Files: []string{f.file}, Published: issued, Filler: "\n",
				Verbatim: func(row string) string {
					tag, _, _ := strings.Cut(row, " sha256:")
					return tag
				},
			}
			listtest.Run(t, f.format, s)
		})
	}
}

// comparable is an entry without what the forms word differently: the row, the
// remarks, the day of listing (CSV has none), and the kind of links.
func comparable(e list.Entry) list.Entry {
	e.Row, e.Remarks, e.Listed, e.Measures = "", "", "", nil
	slices.SortFunc(e.Aliases, func(a, b list.Alias) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(e.Identifiers, func(a, b list.Identifier) int { return strings.Compare(a.Type+a.Value, b.Type+b.Value) })
	var links []list.Link
	for _, l := range e.Links {
		links = append(links, list.Link{Kind: list.LinkedTo, Name: strings.ToUpper(strings.TrimSuffix(l.Name, "."))})
	}
	e.Links = links
	var births []string // the XML forms hold days, which "1973" and "1973 to 1973" both mean
	for _, d := range e.BirthDates {
		if from, to, about, ok := ofacgen.Days(d); ok {
			d = fmt.Sprint(from, to, about)
		}
		if !slices.Contains(births, d) {
			births = append(births, d)
		}
	}
	e.BirthDates = births
	for _, s := range [...]*[]navicert.Flag{&e.Countries, &e.FormerFlags} {
		if len(*s) == 0 {
			*s = nil
		}
	}
	return e
}

// equalForms reads entries back from each form and holds them against what was
// written, field by field.
func equalForms(t *testing.T, entries []list.Entry, knownLinks bool) {
	t.Helper()
	byName := map[string]bool{}
	for _, e := range entries {
		byName[strings.ToUpper(strings.TrimSuffix(e.Name, "."))] = true
	}
	for _, f := range xmlForms {
		var b bytes.Buffer
		if err := f.write(&b, ofacgen.Issue{Date: issued}, entries); err != nil {
			t.Fatal(err)
		}
		p, got, err := f.format.Read(context.Background(), list.Source{FS: fstest.MapFS{f.file: {Data: b.Bytes()}}, Name: "generated"})
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		if err := listtest.Sound(p, got); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if p.Date != issued || p.List != "ofac-sdn" || len(got) != len(entries) {
			t.Errorf("%s: %s, %d entries of %d", f.name, p.ID(), len(got), len(entries))
			continue
		}
		wrong := 0
		for i := range got {
			want := comparable(entries[i])
			if f.name != "SDN.XML" && knownLinks { // these name other entries, which a name alone may not find
				want.Links = slices.DeleteFunc(want.Links, func(l list.Link) bool { return !byName[l.Name] })
				if len(want.Links) == 0 {
					want.Links = nil
				}
			}
			if d := cmp.Diff(want, comparable(got[i])); d != "" {
				if wrong++; wrong <= 6 {
					t.Errorf("%s: entry %s (-CSV +%s):\n%s", f.name, got[i].ID, f.name, d)
				}
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d of %d entries differ; rejected %s", f.name, wrong, len(got), p.Rejected.String())
		}
		t.Logf("%s: %d bytes, rejected %s", f.name, b.Len(), p.Rejected.String())
	}
}

func TestFormsAgree(t *testing.T) {
	_, entries := read(t, ofac.SDN(), sample(t))
	equalForms(t, entries, true)
}

func TestRealFormsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	_, entries := readReal(t, ofac.SDN(), "ofac-2025-12")
	equalForms(t, entries, true)
}

package all_test

import (
	"testing"
	"testing/fstest"

	"navicert"
	"navicert/list/all"
)

// Each format has a name of its own; the forms of one list call it alike.
func TestFormatsAreDistinct(t *testing.T) {
	names, titles := map[string]bool{}, map[string]string{}
	for _, f := range all.Formats() {
		i := f.Info()
		if names[i.Name] {
			t.Errorf("%s is there twice", i.Name)
		}
		if titles[i.List] != "" && titles[i.List] != i.Title {
			t.Errorf("%s is called %q and %q", i.List, titles[i.List], i.Title)
		}
		names[i.Name], titles[i.List] = true, i.Title
	}
}

func TestRecognise(t *testing.T) {
	file := &fstest.MapFile{}
	for _, c := range []struct {
		name  string
		files []string
		want  []string
		kind  navicert.Kind
	}{
		{"SDN in capitals", []string{"SDN.CSV", "ALT.CSV"}, []string{"ofac-sdn"}, ""},
		{"SDN compressed", []string{"sdn.csv.gz"}, []string{"ofac-sdn"}, ""},
		{"both lists", []string{"sdn.csv", "CONS_PRIM.CSV.zst"}, []string{"ofac-sdn", "ofac-cons"}, ""},
		{"neither", []string{"notes.txt", "alt.csv"}, nil, ""},
		{"ADVANCED", []string{"SDN_ADVANCED.XML"}, []string{"ofac-sdn"}, ""},
		{"ENHANCED in an archive", []string{"SDN_ENHANCED.ZIP"}, []string{"ofac-sdn"}, ""},
		{"both in XML", []string{"sdn.xml.gz", "cons.xml"}, []string{"ofac-sdn", "ofac-cons"}, ""},
		{"two forms", []string{"sdn.csv", "sdn.xml"}, nil, navicert.Conflict},
		{"two that could be meant", []string{"sdn.csv", "sdn.csv.gz"}, nil, navicert.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, f := range c.files {
				fsys[f] = file
			}
			got, err := all.Recognise(fsys)
			if navicert.KindOf(err) != c.kind {
				t.Fatalf("error %v, want kind %q", err, c.kind)
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d formats, want %v", len(got), c.want)
			}
			for i, f := range got {
				if f.Info().List != c.want[i] {
					t.Errorf("got %s, want %s", f.Info().List, c.want[i])
				}
			}
		})
	}
}

package all_test

import (
	"testing"
	"testing/fstest"

	"navicert"
	"navicert/list/all"
)

// Each format has a name and a list of its own, and says when it is stale.
func TestFormatsAreDistinct(t *testing.T) {
	names, lists := map[string]bool{}, map[string]bool{}
	for _, f := range all.Formats() {
		i := f.Info()
		if names[i.Name] || lists[i.List] {
			t.Errorf("%s (%s) is there twice", i.Name, i.List)
		}
		names[i.Name], lists[i.List] = true, true
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

package demo_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert/app/demo"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/ofac"
)

// None of the invented names is found on a real list or in a list of ships.
func TestNoRealNames(t *testing.T) {
	root := realdata.Dir(t, "lists")
	_, entries, err := ofac.SDN().Read(t.Context(), list.Source{
		FS: os.DirFS("data/2025-12-24"), Name: "demo", Options: list.Options{Published: "2025-12-24"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
		for _, a := range e.Aliases {
			if len(a.Name) > 6 { // PLS and the like are weak because they are common
				names = append(names, a.Name)
			}
		}
	}
	voyages, err := demo.Voyages()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range voyages {
		names = append(names, v.Voyage.Vessel.Name)
		for _, p := range v.Voyage.Parties {
			names = append(names, p.Name)
		}
	}
	for _, path := range []string{
		"ofac-2025-12/sdn.csv.gz", "ofac-2025-12/alt.csv.gz", "us_csl-2025-05/consolidated.csv.gz", "eu-2024-01/eu_csl_2024-01-24.csv.gz",
		"uk-2024-01/ConList_2024-01-25.csv.gz", "vessels/imo-vessel-names-3-first-half.csv",
		"vessels/imo-vessel-names-4-first-half.csv", "vessels/imo-vessel-names-5-first-half.csv",
	} {
		text := bytes.ToUpper(unpacked(t, filepath.Join(root, path)))
		if len(text) < 1000 {
			t.Fatalf("%s: only %d bytes", path, len(text))
		}
		for _, name := range names {
			if bytes.Contains(text, []byte(strings.ToUpper(name))) {
				t.Errorf("%s holds the name %s", path, name)
			}
		}
	}
}

func unpacked(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

package demo

import (
	"strings"
	"testing"

	"navicert"
)

func TestVoyagesAreReadStrictly(t *testing.T) {
	voyages, err := Voyages()
	if err != nil {
		t.Fatal(err)
	}
	if len(voyages) != 8 {
		t.Fatalf("%d voyages, want eight", len(voyages))
	}
	for i, v := range voyages {
		if want := "demo-" + string(rune('1'+i)); v.Voyage.ID != want || v.Story == "" || v.AsOf.IsZero() {
			t.Errorf("voyage %d is %q (%q, %s), want %s", i+1, v.Voyage.ID, v.Story, v.AsOf, want)
		}
	}
	good := `{"as_of":"2026-01-02","voyage":{"id":"x"},"expect":{"verdict":"clear"},"story":"s"}`
	for name, line := range map[string]string{
		"a field that there is not": strings.Replace(good, `"story"`, `"tale"`, 1),
		"a field of the voyage":     strings.Replace(good, `"id"`, `"ident"`, 1),
		"an impossible day":         strings.Replace(good, "2026-01-02", "2026-02-30", 1),
		"two on a line":             good + good,
		"half a line":               good[:40],
	} {
		_, err := readVoyages([]byte(good + "\n" + line + "\n"))
		if navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v, want an error of line 2", name, err)
		}
	}
}

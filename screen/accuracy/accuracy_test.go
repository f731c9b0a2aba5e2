package accuracy_test

import (
	"context"
	"testing"

	"navicert"
	"navicert/internal/realdata"
	"navicert/screen/accuracy"
)

// least holds what was last measured on the test data, a little rounded: no
// change may make the matching worse in silence. Figures with a bar that they
// meet are held to the bar.
var least = map[string]float64{
	"name pairs (nomenklatura name_bench, half), F1":                         0.788,
	"name pairs (nomenklatura name_bench, half), right, of the strong cases": 0.96,
	"entity pairs (nomenklatura entity_bench, half), F1":                     0.786,
	"listed names with one letter wrong, recall":                             0.935,
	"real ships that are not listed, by name alone, false against ofac-sdn":  0.029,
	"pairs across scripts (watchman), recall":                                0.31,
	"spellings of one name (rigour), recall":                                 0.46,
}

// TestFigures measures everything and prints it. navicert screen --bench prints
// the same, with the misses.
func TestFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	r, err := accuracy.Run(context.Background(), accuracy.Options{Dir: realdata.Dir(t, "matching"), Sample: 2000})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range r.Figures {
		t.Logf("%s, %s: %.4f of %d (bar %.4f; %s)", f.Set, f.Measure, f.Value, f.Of, f.Bar, f.Others)
		bar, ok := least[f.Set+", "+f.Measure]
		if ok {
			seen++
			f.Bar = bar
		}
		if !f.Met() {
			t.Errorf("%s, %s: %.4f, was %.4f", f.Set, f.Measure, f.Value, f.Bar)
		}
	}
	if seen != len(least) {
		t.Errorf("%d of the %d figures held to what they were are measured", seen, len(least))
	}
	for _, a := range r.Absent {
		t.Logf("not measured: %s", a)
	}
}

func TestNoFolder(t *testing.T) {
	_, err := accuracy.Run(context.Background(), accuracy.Options{Dir: "testdata/none"})
	if navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// An empty folder measures nothing and says so, part by part.
func TestAbsent(t *testing.T) {
	r, err := accuracy.Run(context.Background(), accuracy.Options{Dir: t.TempDir()})
	if err != nil || len(r.Figures) != 0 || len(r.Absent) < 8 {
		t.Errorf("%+v, %v", r, err)
	}
}

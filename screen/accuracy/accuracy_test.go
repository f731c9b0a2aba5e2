package accuracy_test

import (
	"context"
	"testing"

	"navicert"
	"navicert/internal/realdata"
	"navicert/screen/accuracy"
)

// least holds what was last measured of figures without a bar, a little
// rounded: no change may make the matching worse in silence.
var least = map[string]float64{
	"entity pairs (nomenklatura entity_bench, half), F1": 0.86,
	"pairs across scripts (watchman), recall":            0.95,
	"spellings of one name (rigour), recall":             0.66,
}

// TestFigures measures everything and prints it. navicert screen --bench prints
// the same, with the misses.
func TestFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	r, err := accuracy.Run(context.Background(), accuracy.Options{Dir: realdata.Dir(t, "matching")})
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
			t.Errorf("%s, %s: %.4f, want %.4f", f.Set, f.Measure, f.Value, f.Bar)
		}
	}
	if seen != len(least) {
		t.Errorf("%d of the %d figures held to what they were are measured", seen, len(least))
	}
	for _, a := range r.Absent {
		t.Errorf("not measured: %s", a)
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

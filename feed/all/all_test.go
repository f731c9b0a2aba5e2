package all

import (
	"os"
	"testing"

	"navicert/feed/feedtest"
)

// TestContract runs the suite on each format; every format needs a sample.
func TestContract(t *testing.T) {
	samples := map[string][]feedtest.Case{
		"nmea": {{Input: sample(t, "sample.nmea"), Fixes: 3, Statics: 4}},
		"marinecadastre": {
			{Input: sample(t, "old.csv"), Fixes: 4, Statics: 4},
			{Input: sample(t, "new.csv"), Fixes: 3, Statics: 1},
		},
	}
	for _, f := range Formats() {
		if len(samples[f.Name]) == 0 || f.Title == "" {
			t.Errorf("format %s has no sample or no title", f.Name)
		}
		for _, c := range samples[f.Name] {
			c.Format = f.Name
			t.Run(f.Name, func(t *testing.T) { feedtest.Run(t, c) })
		}
	}
}

func sample(t *testing.T, name string) []byte {
	b, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

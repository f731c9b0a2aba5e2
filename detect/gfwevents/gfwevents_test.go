package gfwevents

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert"
	"navicert/internal/realdata"
)

// What differs from a set is named, what is not there is not found, and what
// cannot be read is an error: nothing of it counts as agreeing.
func TestSourcesDiffer(t *testing.T) {
	changes := map[string]struct{ old, new, miss string }{
		gapsName:       {`"expected_gaps": 1`, `"expected_gaps": 7`, "want 7"},
		encountersName: {`"vessel_1_point_count": `, `"vessel_1_point_count": 1`, "points"},
		resampleName:   {`"point_density": `, `"point_density": 7`, "density"},
		visitsName:     {`"confidence": `, `"confidence": 1`, "confidence"},
	}
	for _, s := range Sources() {
		t.Run(s.Name, func(t *testing.T) {
			if _, err := s.Compare(filepath.Join(t.TempDir(), "none")); navicert.KindOf(err) != navicert.NotFound {
				t.Errorf("what is not there: %v", err)
			}
			c, ok := changes[s.Name]
			if !ok {
				return
			}
			b, err := os.ReadFile(realdata.Dir(t, s.Path))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "changed.json")
			changed := bytes.Replace(b, []byte(c.old), []byte(c.new), 1)
			if bytes.Equal(b, changed) {
				t.Fatalf("%s is not in the file", c.old)
			}
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			set, err := s.Compare(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Misses) != 1 || !strings.Contains(set.Misses[0], c.miss) || set.Agree != set.All-1 {
				t.Errorf("%d of %d agree, %q, want one miss for %s", set.Agree, set.All, set.Misses, c.miss)
			}
			if err := os.WriteFile(path, b[:len(b)/2], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Compare(path); navicert.KindOf(err) != navicert.Invalid {
				t.Errorf("half a file: %v", err)
			}
		})
	}
}

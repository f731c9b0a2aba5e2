package identity

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"navicert/internal/realdata"
)

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"BOA TY", "BOATY", true},
		{"A123@@@", "A123", true},
		{"M/V Example-1", "MV EXAMPLE 1", true},
		{"EXAMPLE", "EXAMPLES", false},
		{"EXAMPLE 1", "EXAMPLE 2", false},
		{"", "@", true},
	} {
		if got := sameName(c.a, c.b); got != c.same || sameName(c.b, c.a) != c.same {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.same)
		}
	}
}

// TestNamesAsPipeSegment compares names as Global Fishing Watch normalises them
// (pipe-segment b72a868, Apache-2.0).
func TestNamesAsPipeSegment(t *testing.T) {
	b, err := os.ReadFile(realdata.Dir(t, "behaviour/pipe-segment/ident-messages-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.Lines(b) {
		var row map[string]any
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		for raw, normal := range map[string]string{"shipname": "n_shipname", "callsign": "n_callsign"} {
			was, ok := row[raw].(string)
			want, has := row[normal].(string)
			if ok && has {
				n++
				if !sameName(was, want) {
					t.Errorf("%q is not the same as %q", was, want)
				}
			}
		}
	}
	if n == 0 {
		t.Fatalf("no names in %s", b)
	}
}

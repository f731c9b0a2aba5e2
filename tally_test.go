package navicert

import (
	"slices"
	"testing"
)

func TestTallyAddN(t *testing.T) {
	var a, b Tally
	a.AddN("checksum", 5, "one", "two")
	a.AddN("checksum", 1, "three")
	a.AddN("checksum", 1, "four")
	a.AddN("nothing", 0, "x")
	b.AddN("short", 1<<40, "big")
	b.Merge(&a)
	if a.Count("checksum") != 7 || len(a.Reasons()) != 1 || b.Count("short") != 1<<40 || b.Count("checksum") != 7 {
		t.Errorf("counted %s, merged %s", a.String(), b.String())
	}
	if got := b.Examples("checksum"); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("examples %q, want the first three", got)
	}
}

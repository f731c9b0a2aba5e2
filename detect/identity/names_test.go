package identity

import "testing"

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
		{"@X", "", true},
		{"пример 1", "пример1", true},
	} {
		if got := SameName(c.a, c.b); got != c.same || SameName(c.b, c.a) != c.same {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.same)
		}
	}
}

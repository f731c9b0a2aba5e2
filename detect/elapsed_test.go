package detect

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestElapsed: it is what time.Sub says, of times that lie far apart too.
func TestElapsed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) time.Time {
			return time.Unix(rapid.Int64Range(-1<<36, 1<<36).Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name+" ns"))
		}
		from, to := at("from"), at("to")
		if rapid.Bool().Draw(t, "near") {
			to = from.Add(time.Duration(rapid.Int64Range(-1<<61, 1<<61).Draw(t, "after")))
		}
		if got, want := Elapsed(from, to), to.Sub(from); got != want {
			t.Fatalf("from %s to %s %s, want %s", from, to, got, want)
		}
	})
}

package navicert_test

import (
	"errors"
	"testing"

	"navicert"
)

// TestErrorSentence leaves out what is empty, with the mark before it.
func TestErrorSentence(t *testing.T) {
	for want, e := range map[string]*navicert.Error{
		"lists: sdn.csv line 4: 9 columns (cut off?)": {Op: "lists", Subject: "sdn.csv line 4", Err: errors.New("9 columns"), Hint: "cut off?"},
		"query 2: nothing to search for":              {Subject: "query 2", Err: errors.New("nothing to search for")},
		"nothing to search for":                       {Err: errors.New("nothing to search for")},
		"screen: the time is missing":                 {Op: "screen", Err: errors.New("the time is missing")},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

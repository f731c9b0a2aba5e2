package gap_test

import (
	"testing"

	"navicert/detect/gfwevents"
	"navicert/internal/realdata"
)

func TestGFWCases(t *testing.T) {
	set, err := gfwevents.Gaps(realdata.Dir(t, "behaviour/gfw_gaps_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 20)
}

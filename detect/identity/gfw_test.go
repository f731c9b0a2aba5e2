package identity_test

import (
	"testing"

	"navicert/detect/gfwevents"
	"navicert/internal/realdata"
)

func TestNamesAsPipeSegment(t *testing.T) {
	set, err := gfwevents.Names(realdata.Dir(t, "behaviour/pipe-segment"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 8)
}

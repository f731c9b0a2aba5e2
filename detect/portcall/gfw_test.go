package portcall_test

import (
	"testing"

	"navicert/detect/gfwevents"
	"navicert/internal/realdata"
)

func TestGFWVisits(t *testing.T) {
	set, err := gfwevents.Visits(realdata.Dir(t, "behaviour/gfw_port_visits_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 4)
}

package encounter_test

import (
	"testing"

	"navicert/detect/gfwevents"
	"navicert/internal/realdata"
)

func TestGFWEncounters(t *testing.T) {
	set, err := gfwevents.Encounters(realdata.Dir(t, "behaviour/gfw_encounters_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 9)
}

func TestGFWResample(t *testing.T) {
	set, err := gfwevents.Resample(realdata.Dir(t, "behaviour/gfw_resample_case.json"))
	if err != nil {
		t.Fatal(err)
	}
	set.Check(t, 14)
}

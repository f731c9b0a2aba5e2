package track

import (
	"testing"

	"navicert"
)

// A ship that is heard every few hours is accepted, whatever stood first or stands
// between under its MMSI.
func TestSparse(t *testing.T) {
	for _, step := range []float64{0.5, 2, 6, 7.5} {
		var fixes []*navicert.Fix
		fixes = append(fixes, fixAt(0, 0, 0, 10)) // damaged
		for i := 1.0; i <= 40; i++ {
			fixes = append(fixes, fixAt(60*step*i, 10, -60+i*step/5.91, 10))
		}
		if got := keptOf(t, fixes); got[0] != 1 || got[1] != 40 {
			t.Errorf("every %g h: kept %d of the damaged one and %d of 40", step, got[0], got[1])
		}

		fixes = nil
		of := 0
		for i := range 400 {
			minutes := 10 * float64(i)
			fixes = append(fixes, fixAt(minutes, 10, -60+minutes/60/5.91, 10))
			if i > 50 && i%int(6*step) == 0 {
				fixes = append(fixes, fixAt(minutes, -30, 100+minutes/60/5.12, 10))
				of++
			}
		}
		got := keptOf(t, fixes)
		if lost := of - got[1]; got[0] != 400 || lost > 3 {
			t.Errorf("a second ship every %g h: kept %d of 400 of the first, %d of %d of the second", step, got[0], got[1], of)
		}
	}
}

// keptOf returns how many fixes were kept of the vessels of an MMSI: in the half of
// the Earth of the first fix, and in the other.
func keptOf(t *testing.T, fixes []*navicert.Fix) (kept [2]int) {
	t.Helper()
	where := map[bool]int{fixes[0].Pos.Lat > 5: 0, fixes[0].Pos.Lat <= 5: 1}
	tr := NewTracker(GateGuardian(), func(s Step) error {
		kept[where[s.Fix.Pos.Lat > 5]]++
		return nil
	})
	for _, f := range fixes {
		if err := tr.Fix(f); err != nil {
			t.Fatal(err)
		}
	}
	tr.Close()
	if tally := tr.SetAside().Tally(); tr.Kept()+tally.Total() != len(fixes) {
		t.Errorf("%d came, %d kept, %d set aside", len(fixes), tr.Kept(), tally.Total())
	}
	return kept
}

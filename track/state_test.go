package track

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/track/state"
)

// saved returns the bytes of a tracker.
func saved(t interface{ Fatal(...any) }, tr *Tracker) []byte {
	c := state.Saving()
	tr.State(c)
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// loaded returns a new tracker that holds what the bytes say.
func loaded(t interface{ Fatal(...any) }, b []byte, step func(Step) error) *Tracker {
	tr := NewTracker(GateGuardian(), step)
	c := state.Loading(b)
	tr.State(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return tr
}

// A run that is broken off and taken up again at any point goes on as if it
// had not been.
func TestTrackerStateAtAnyPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var told []string
		tell := func(s Step) error {
			line := fmt.Sprintf("%s %d segment %d kept %d new %t heard %d: %v", s.Vessel.MMSI, s.Vessel.Index, s.Vessel.Segment, s.Vessel.Kept, s.NewSegment, s.Vessel.HeardHours(s.Fix.Time), *s.Fix)
			if s.Prev != nil {
				line += fmt.Sprintf(" after %v", *s.Prev)
			}
			said, forgotten := s.Vessel.tracker.History(s.Vessel)
			told = append(told, line+fmt.Sprint(said, forgotten, s.Vessel.Draught()))
			return nil
		}
		whole := NewTracker(GateGuardian(), tell)
		var wholeTold []string
		broken := NewTracker(GateGuardian(), tell)
		var brokenTold []string
		for _, f := range drawFixes(t) {
			f.MMSI = rapid.SampledFrom([]navicert.MMSI{ship, ship, ship, ship + 1, 2320001}).Draw(t, "mmsi")
			if rapid.IntRange(0, 4).Draw(t, "static") == 0 {
				s := navicert.Static{MMSI: f.MMSI, Time: f.Time, Name: rapid.SampledFrom([]string{"", "AN EXAMPLE", "ANOTHER EXAMPLE"}).Draw(t, "name"), DraughtM: rapid.SampledFrom([]navicert.Opt[float64]{{}, navicert.Some(5.0), navicert.Some(11.0)}).Draw(t, "draught"), Ref: navicert.Ref{Source: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source"), Line: 7}}
				whole.Static(&s)
				broken.Static(&s)
			}
			if rapid.IntRange(0, 9).Draw(t, "late") == 0 {
				f.Time = f.Time.Add(-time.Hour)
			}
			told = nil
			if err := whole.Fix(&f); err != nil {
				t.Fatal(err)
			}
			wholeTold = append(wholeTold, told...)
			told = nil
			if err := broken.Fix(&f); err != nil {
				t.Fatal(err)
			}
			brokenTold = append(brokenTold, told...)
			if rapid.IntRange(0, 4).Draw(t, "break") == 0 {
				b := saved(t, broken)
				broken = loaded(t, b, tell)
				if string(saved(t, broken)) != string(b) {
					t.Fatal("what was loaded is saved differently")
				}
			}
		}
		whole.Close()
		broken.Close()
		if fmt.Sprint(wholeTold) != fmt.Sprint(brokenTold) {
			t.Fatalf("undisturbed %q\nbroken off  %q", wholeTold, brokenTold)
		}
		a, b := whole.SetAside().Tally(), broken.SetAside().Tally()
		if a.String() != b.String() || whole.Kept() != broken.Kept() || whole.Received() != broken.Received() {
			t.Fatalf("undisturbed %s, broken off %s", a.String(), b.String())
		}
		if string(saved(t, whole)) != string(saved(t, broken)) {
			t.Fatal("they end differently")
		}
	})
}

func TestTrackerStateRefusesDamage(t *testing.T) {
	tr := NewTracker(GateGuardian(), func(Step) error { return nil })
	for i, m := range []float64{0, 10, 11} {
		if err := tr.Fix(with(fixAt(m, 10, -65, 12), func(f *navicert.Fix) { f.MMSI += navicert.MMSI(i) })); err != nil {
			t.Fatal(err)
		}
	}
	b := saved(t, tr)
	for n := range b {
		c := state.Loading(b[:n])
		NewTracker(GateGuardian(), nil).State(c)
		if c.Close() == nil {
			t.Errorf("cut to %d of %d bytes: no error", n, len(b))
		}
	}
	other := GateGuardian()
	other.Name = "other"
	c := state.Loading(b)
	NewTracker(other, nil).State(c)
	if c.Close() == nil {
		t.Error("another gate's state was taken")
	}
}

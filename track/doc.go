// Package track is a vessel's history as its transponder tells it: what was
// received, cleaned, vessel by vessel.
//
// Fixes and static reports enter a [Tracker] in the order of their arrival;
// it keeps those that a ship could have sent from where it was a moment
// before, and gives each kept fix to a function with the one before it. What
// it does not keep it counts by reason with examples, see [SetAside]. The
// tracker holds one [Vessel] per MMSI, of a size that does not grow with time.
//
//	t := track.NewTracker(track.GateGuardian(), func(s track.Step) error {
//		fmt.Println(s.Vessel.MMSI, s.Fix.Time, s.Fix.Pos)
//		return nil
//	})
//	err := t.Fix(&fix)
//	err = t.Close()
//	fmt.Println(t.SetAside())
//
// [Store] is what the program needs of a database for fixes and identities.
package track

package encounter

import (
	"cmp"
	"fmt"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// LeapPreset is when a ship is where it is only by a leap: its track breaks, since no
// one ship can have sent both positions, and it was not seen to sail since.
type LeapPreset struct {
	// NM is how far a leap goes at least.
	NM float64
	// SailedNM is how far from where it landed a ship must be seen, to have sailed.
	SailedNM float64
	// Unseen is the silence after which a ship that leapt is not known to have sailed
	// where it is heard again.
	Unseen time.Duration
}

// leaping is RadianceFleet's least distance of a jump; that false positions which go
// round and round do so within a mile or two; and the silence that ends a segment of
// Global Fishing Watch's.
func leaping() LeapPreset { return LeapPreset{NM: 1, SailedNM: 5, Unseen: 8 * time.Hour} }

// leaps is which ships are where they are only by a leap. Few are.
type leaps struct {
	preset LeapPreset
	landed map[int32]place // by vessel: where
}

// see takes the next fix of a ship. Whether one that leapt has sailed is looked at
// every ten minutes.
func (l *leaps) see(s *detect.Step) {
	const every = 600 // seconds
	switch {
	case s.NewSegment:
		l.breaks(s)
	case len(l.landed) > 0 && s.Prev != nil && s.Unix()/every != s.Prev.Time.Unix()/every:
		l.follow(s)
	}
}

// breaks looks whether a ship whose track breaks, or that is told apart from others
// under its MMSI, leapt to its fix.
func (l *leaps) breaks(s *detect.Step) {
	before := s.Prev
	if before == nil {
		before = lastOf(s.Vessel.Other())
	}
	if before == nil || geo.DistanceNM(before.Pos, s.Fix.Pos) < l.preset.NM {
		return
	}
	if l.landed == nil {
		l.landed = map[int32]place{}
	}
	l.landed[int32(s.Vessel.Index)] = placeOf(s.Fix.Pos)
}

func lastOf(v *track.Vessel) *navicert.Fix {
	if v == nil {
		return nil
	}
	return v.Last()
}

func (l *leaps) follow(s *detect.Step) {
	i := int32(s.Vessel.Index)
	landed, ok := l.landed[i]
	switch at := placeOf(s.Fix.Pos); {
	case !ok:
	case s.Elapsed() > l.preset.Unseen:
		l.landed[i] = at
	case landed.metresTo(at) > l.preset.SailedNM*geo.MetresPerNM:
		delete(l.landed, i)
	}
}

// has reports whether a ship is where it is only by a leap.
func (l *leaps) has(vessel int32) bool {
	if len(l.landed) == 0 {
		return false
	}
	_, ok := l.landed[vessel]
	return ok
}

func (l *leaps) state(c *state.Coder) {
	state.Map(c, &l.landed, cmp.Compare[int32], state.Int[int32], placeState)
}

// leapText says of the ships of a meeting which came there by a leap, "" if none did.
func leapText(ships *[2]identity, leapt [2]bool) string {
	for i, is := range leapt {
		if is {
			return fmt.Sprintf("%s came there by a leap: no one ship can have sent this and what came under its number before, and it was not seen to sail since; where it was is in doubt", ships[i].mmsi)
		}
	}
	return ""
}

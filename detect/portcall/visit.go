package portcall

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track/brief"
)

// Turn is a moment in a ship's visit to a port.
type Turn uint8

// The turns, in the order in which those of one time are taken.
const (
	Entry Turn = iota + 1
	GapBegin
	GapEnd
	StopBegin
	StopEnd
	Exit
)

// Moment is a turn with its time and the port point that the ship was last in
// range of.
type Moment struct {
	Turn    Turn
	Time    time.Time
	Port    int32 // its number
	At      navicert.Position
	Segment int
	fix     brief.Fix // the ship's
}

// Visit is moments that belong together.
type Visit struct {
	First, Last Moment
	Place       Moment // the first stop's, or what comes next to it
	placed      Turn   // the rank of Place: 0 not known
	Entry, Exit bool
	Stops, Gaps int
	gap         time.Duration
	gapBegan    time.Time
	stopFix     brief.Fix // at the first stop, or the first that said it was moored
	told        bool
}

// Confidence is Global Fishing Watch's: 4 entry and exit with a stop or a gap, 3
// one of entry and exit with it, 2 a stop or a gap only, 1 a pass-by.
func (v *Visit) Confidence() int {
	halted := v.Stops > 0 || v.Gaps > 0
	switch {
	case !halted:
		return 1
	case v.Entry && v.Exit:
		return 4
	case v.Entry || v.Exit:
		return 3
	}
	return 2
}

// ID is the id that Global Fishing Watch gives a visit of a vessel.
func (v *Visit) ID(vessel string) string {
	coordinate := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	text := vessel + "-" + v.First.Time.UTC().Format("2006-01-02T15:04:05+00:00") + "-" + coordinate(v.First.At.Lon) + "-" + coordinate(v.First.At.Lat)
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ClosedBy reports whether a moment does not belong to the visit any more: an
// entry, or another segment too far away.
func (v *Visit) ClosedBy(m *Moment, segmentNM float64) bool {
	return m.Turn == Entry || m.Segment != v.Last.Segment && geo.DistanceNM(m.At, v.Last.At) > segmentNM
}

// placeRank is how good a turn is to say where the visit was.
var placeRank = [...]Turn{StopBegin: 4, StopEnd: 3, GapBegin: 2, GapEnd: 1, Entry: 0, Exit: 0}

// Add takes a moment that belongs to the visit.
func (v *Visit) Add(m *Moment) {
	if v.First.Turn == 0 {
		v.First, v.Place = *m, *m
	}
	v.Last = *m
	if r := placeRank[m.Turn]; r > v.placed {
		v.placed, v.Place = r, *m
	}
	switch m.Turn {
	case Entry:
		v.Entry = true
	case Exit:
		v.Exit = true
	case StopBegin, StopEnd:
		if m.Turn == StopBegin || v.Stops == 0 {
			v.Stops++
		}
		if !v.stopFix.Known() {
			v.stopFix = m.fix
		}
	case GapBegin:
		v.Gaps++
		v.gapBegan = m.Time
	case GapEnd:
		if v.Gaps == 0 {
			v.Gaps++
		}
		if !v.gapBegan.IsZero() {
			v.gap += m.Time.Sub(v.gapBegan)
			v.gapBegan = time.Time{}
		}
	}
}

package track

import (
	"fmt"

	"navicert"
)

// Reason is why a fix was set aside. The zero Reason is none.
type Reason uint8

// The reasons.
const (
	NotShip    Reason = iota + 1 // the MMSI is that of a coast station, buoy, beacon, aircraft, or none
	NoTime                       // no time of reception, or one before 1990 or after 2099
	NoPosition                   // latitude or longitude out of range
	NoSpeed                      // speed not available
	NoiseSpeed                   // a speed that is noise, see segment.Noise
	NoCourse                     // no course although under way
	Duplicate                    // says what the fix before it said
	OutOfOrder                   // older than the vessel's last fix
	Coarse                       // type 27, to 1/10 minute, soon after another fix
	Jump                         // no ship could have got there, and no next fix confirmed it
	TooMany                      // more vessels than the tracker holds
	reasonCount
)

var reasonText = [reasonCount]string{
	NotShip: "not a ship's MMSI", NoTime: "no possible time", NoPosition: "position out of range", NoSpeed: "no speed", NoiseSpeed: "noise speed",
	NoCourse: "no course under way", Duplicate: "duplicate", OutOfOrder: "out of order", Jump: "implausible jump",
	Coarse:  "type 27 soon after another",
	TooMany: "too many vessels",
}

// String names the reason as it is counted.
func (r Reason) String() string { return reasonText[r] }

// SetAside counts fixes that were not kept.
type SetAside struct {
	n        [reasonCount]int
	examples [reasonCount][]string
}

func (s *SetAside) add(r Reason, f *navicert.Fix) {
	s.n[r]++
	if len(s.examples[r]) < navicert.TallyExamples {
		s.examples[r] = append(s.examples[r], exampleText(f))
	}
}

func exampleText(f *navicert.Fix) string {
	where := fmt.Sprintf("offset %d", f.Ref.Offset)
	if f.Ref.Line > 0 {
		where = fmt.Sprintf("line %d", f.Ref.Line)
	}
	return fmt.Sprintf("%s %s: MMSI %s at %s, %.5f,%.5f", f.Ref.Source, where, f.MMSI, navicert.At(f.Time), f.Pos.Lat, f.Pos.Lon)
}

// Count returns how many were set aside for a reason.
func (s *SetAside) Count(r Reason) int { return s.n[r] }

// Tally returns the counts with their examples.
func (s *SetAside) Tally() navicert.Tally {
	var t navicert.Tally
	for r := Reason(1); r < reasonCount; r++ {
		t.AddN(r.String(), s.n[r], s.examples[r]...)
	}
	return t
}

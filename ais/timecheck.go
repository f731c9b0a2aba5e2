package ais

import "navicert"

// secondAt is where the UTC second of a position stands, by type; 0: nowhere.
var secondAt = [28]uint8{1: 137, 2: 137, 3: 137, 4: 72, 9: 128, 11: 72, 18: 133, 19: 133, 21: 253}

// True receptions lie within this many seconds before and after the second in
// the message; times of delivery are spread evenly (docs/ais.md).
const (
	secondEarly = 5
	secondLate  = 20
)

// secondCheck is what the comparison found.
type secondCheck uint8

const (
	secondUnchecked secondCheck = iota // no receive time, or no second in the message
	secondFits
	secondUnfit
)

var timeChecks = [...]navicert.TimeCheck{"", navicert.TimeFits, navicert.TimeUnfit}

// checkSecond compares the receive time with the second that the message of
// type t holds, and counts.
func (c *Counts) checkSecond(b *Bits, t uint8, ns int64) secondCheck {
	off := secondAt[t]
	if off == 0 {
		return secondUnchecked
	}
	second := int64(b.u(uint(off), 6))
	if second > 59 {
		return secondUnchecked
	}
	if (ns/1e9-second+60+secondEarly)%60 <= secondEarly+secondLate {
		c.SecondFits++
		return secondFits
	}
	c.SecondUnfit++
	return secondUnfit
}

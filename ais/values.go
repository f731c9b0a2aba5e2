package ais

import (
	"math"

	"navicert"
)

// The types below hold numbers as they were sent. Their methods give the value
// in everyday units, or an empty Opt when the number means unknown. The marks
// are those of ITU-R M.1371-5, annex 8, tables 48 to 72.

// Lon is a longitude in 1/10000 minute, east positive. 181° is unknown, and
// what lies beyond 180° is none.
type Lon int32

// Lat is a latitude in 1/10000 minute, north positive. 91° is unknown, and
// what lies beyond 90° is none.
type Lat int32

// CoarseLon is a longitude in 1/10 minute, as types 17, 22, 23 and 27 send it.
type CoarseLon int32

// CoarseLat is a latitude in 1/10 minute.
type CoarseLat int32

// Marks for unknown.
const (
	LonUnknown     Lon     = 181 * 600000
	LatUnknown     Lat     = 91 * 600000
	SpeedUnknown   Speed   = 1023
	CourseUnknown  Course  = 3600
	HeadingUnknown Heading = 511
	TurnUnknown    Turn    = -128
	SecondUnknown  Second  = 60
	StatusUnknown  Status  = 15
)

// Degrees returns the longitude.
func (v Lon) Degrees() navicert.Opt[float64] { return degrees(int32(v), 180*600000, 600000) }

// Degrees returns the latitude.
func (v Lat) Degrees() navicert.Opt[float64] { return degrees(int32(v), 90*600000, 600000) }

// Degrees returns the longitude.
func (v CoarseLon) Degrees() navicert.Opt[float64] { return degrees(int32(v), 180*600, 600) }

// Degrees returns the latitude.
func (v CoarseLat) Degrees() navicert.Opt[float64] { return degrees(int32(v), 90*600, 600) }

func degrees(v, limit int32, unit float64) navicert.Opt[float64] {
	if v > limit || v < -limit {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v) / unit)
}

// position joins latitude and longitude; it is unknown when one of them is.
func position(lat, lon navicert.Opt[float64]) navicert.Opt[navicert.Position] {
	la, ok1 := lat.Get()
	lo, ok2 := lon.Get()
	if !ok1 || !ok2 {
		return navicert.Opt[navicert.Position]{}
	}
	return navicert.Some(navicert.Position{Lat: la, Lon: lo})
}

// LatLon turns a position into the units of a message, rounded to the nearest.
func LatLon(p navicert.Position) (Lat, Lon) {
	if !p.Valid() {
		return LatUnknown, LonUnknown
	}
	return Lat(math.Round(p.Lat * 600000)), Lon(math.Round(p.Lon * 600000))
}

// Speed is a speed over ground in 1/10 knot; 1022 stands for 102.2 knots or
// more, 1023 is unknown.
type Speed uint16

// Knots returns the speed.
func (v Speed) Knots() navicert.Opt[float64] {
	if v >= SpeedUnknown {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v) / 10)
}

// MakeSpeed turns knots into the units of a message, rounded to the nearest.
func MakeSpeed(knots float64) Speed {
	if math.IsNaN(knots) || knots < 0 {
		return SpeedUnknown
	}
	return Speed(min(math.Round(knots*10), 1022))
}

// WholeKnots is a speed over ground in knots as an aircraft sends it; 1022
// stands for 1022 knots or more, 1023 is unknown.
type WholeKnots uint16

// Knots returns the speed.
func (v WholeKnots) Knots() navicert.Opt[float64] {
	if v >= 1023 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v))
}

// Course is a course over ground in 1/10 degree; 3600 is unknown and more is
// not used.
type Course uint16

// Degrees returns the course, from true north.
func (v Course) Degrees() navicert.Opt[float64] {
	if v >= CourseUnknown {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v) / 10)
}

// MakeCourse turns degrees into the units of a message, rounded to the nearest.
func MakeCourse(degrees float64) Course {
	if math.IsNaN(degrees) || math.IsInf(degrees, 0) {
		return CourseUnknown
	}
	return Course(math.Mod(math.Round(math.Mod(degrees, 360)*10)+3600, 3600))
}

// Heading is a true heading in degrees; 511 is unknown and 360 to 510 are not
// used.
type Heading uint16

// Degrees returns the heading.
func (v Heading) Degrees() navicert.Opt[float64] {
	if v >= 360 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v))
}

// MakeHeading turns degrees into the units of a message, rounded to the
// nearest.
func MakeHeading(degrees float64) Heading {
	if math.IsNaN(degrees) || math.IsInf(degrees, 0) {
		return HeadingUnknown
	}
	return Heading(math.Mod(math.Round(math.Mod(degrees, 360))+360, 360))
}

// Turn is a rate of turn, to starboard positive: the square of a 4.733rd of it
// is in degrees a minute. 127 and -127 stand for more than 5° in 30 s measured
// without a turn indicator; -128 is unknown.
type Turn int8

// DegreesPerMinute returns the rate of turn; it is unknown too when only its
// direction is known.
func (v Turn) DegreesPerMinute() navicert.Opt[float64] {
	if v == TurnUnknown || v == 127 || v == -127 {
		return navicert.Opt[float64]{}
	}
	r := float64(v) / 4.733
	return navicert.Some(math.Copysign(r*r, r))
}

// Status is a navigational status; 15 is not defined and so unknown.
type Status uint8

// Nav returns the status.
func (v Status) Nav() navicert.Opt[navicert.NavStatus] {
	if v >= StatusUnknown {
		return navicert.Opt[navicert.NavStatus]{}
	}
	return navicert.Some(navicert.NavStatus(v))
}

// Second is the UTC second of a position; 60 is unknown, 61 says that the
// position was put in by hand, 62 that it is dead reckoning, 63 that the
// positioning system is inoperative.
type Second uint8

// Value returns the second, 0 to 59.
func (v Second) Value() navicert.Opt[int] {
	if v >= SecondUnknown {
		return navicert.Opt[int]{}
	}
	return navicert.Some(int(v))
}

// ShipType is the type of ship and cargo of table 53; 0 is unknown. Numbers
// above 99 are sent too, and kept.
type ShipType uint8

// Value returns the type.
func (v ShipType) Value() navicert.Opt[int] {
	if v == 0 {
		return navicert.Opt[int]{}
	}
	return navicert.Some(int(v))
}

// Draught is in 1/10 metre; 0 is unknown, 255 stands for 25.5 m or more.
type Draught uint8

// Metres returns the draught.
func (v Draught) Metres() navicert.Opt[float64] {
	if v == 0 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(v) / 10)
}

// EPFD is the kind of position fixing device; 0 and 15 are unknown.
type EPFD uint8

// Dimensions are the distances in metres from the point whose position is
// reported to the ship's bow, stern, port and starboard side. 0 is unknown; 511
// (ahead, astern) and 63 (to the sides) stand for that or more.
type Dimensions struct {
	Bow, Stern      uint16
	Port, Starboard uint8
}

// Length returns the ship's length; it is unknown when both distances are.
// With the bow distance 0 and the stern distance not, the reference point is
// not given but the length is.
func (d Dimensions) Length() navicert.Opt[float64] { return sum(int(d.Bow), int(d.Stern)) }

// Beam returns the ship's beam, by the same rule.
func (d Dimensions) Beam() navicert.Opt[float64] { return sum(int(d.Port), int(d.Starboard)) }

func sum(a, b int) navicert.Opt[float64] {
	if a+b == 0 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(float64(a + b))
}

// ETA is an estimated time of arrival in UTC without a year: month 0, day 0,
// hour 24 and minute 60 are unknown, each on its own.
type ETA struct{ Month, Day, Hour, Minute uint8 }

// etaUnknown is an ETA of which nothing is known.
var etaUnknown = ETA{Hour: 24, Minute: 60}

// Known reports whether month and day are a date.
func (e ETA) Known() bool {
	return e.Month >= 1 && e.Month <= 12 && e.Day >= 1 && e.Day <= 31
}

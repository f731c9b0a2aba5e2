package segment

import (
	"math"
	"time"

	"navicert"
)

// Preset is the thresholds by which positions are given to segments.
type Preset struct {
	Name string
	// MaxHours is the longest silence within a segment.
	MaxHours float64
	// PenaltyHours and HoursExp say how dead reckoning is trusted less with
	// time: of dt hours dt / (1 + (dt/PenaltyHours)^(1-HoursExp)) are reckoned.
	PenaltyHours, HoursExp float64
	// BufferHours is added, at a right angle, to the hours between two positions.
	BufferHours float64
	// MaxKn times the padded hours is the largest discrepancy.
	MaxKn float64
	// PenaltyKn is the speed, relative to where the ship is expected, from which
	// a match is strongly discouraged.
	PenaltyKn float64
	// Lookback is how many of a segment's last positions a new one is compared
	// with; LookbackFactor times the number of skipped ones divides the metric.
	Lookback       int
	LookbackFactor float64
	// ShapeFactor multiplies discrepancies that assume that the ship stayed where
	// it was, or is somewhere along its course.
	ShapeFactor float64
	// ClassMismatch multiplies the metric when the transponder's class is none of
	// those of the positions that it is compared with.
	ClassMismatch float64
	// ShortSegment is the number of positions below which a segment weighs less.
	ShortSegment float64
	// Ambiguity is the factor within which another segment's metric is as good.
	Ambiguity float64
	// LongRangeHours is how long after another position a type 27 message, whose
	// position is rounded to 1/10 minute, is noise.
	LongRangeHours float64
	// MaxOpen is how many segments are open at once.
	MaxOpen int
	// RestKn is the speed up to which a ship without a course is at rest.
	RestKn float64
}

// GFW is what gpsdio-segment 0.20.2 (commit 8109193; core.py, matcher.py,
// discrepancy.py) runs with.
func GFW() Preset {
	return Preset{
		Name: "gfw", MaxHours: 8, PenaltyHours: 4, HoursExp: 0.5, BufferHours: 0.25, MaxKn: 25, PenaltyKn: 5,
		Lookback: 5, LookbackFactor: 2, ShapeFactor: 4, ClassMismatch: 0.1, ShortSegment: 10, Ambiguity: 10,
		LongRangeHours: 1, MaxOpen: 20, RestKn: 0.35,
	}
}

// Classes is a set of transponder classes.
type Classes uint8

// The classes. A position from class A and one of which nothing is known have
// no class in common, nor have two of which nothing is known.
const (
	ClassA Classes = 1 << iota
	ClassB
)

// Point is a position as it is compared with others.
type Point struct {
	Lat, Lon  float64
	SpeedKn   float64 // 0 without a course
	CourseDeg float64
	Class     Classes
}

// PenalizedHours is for how many of the hours between two positions the ship is
// reckoned on.
func (p *Preset) PenalizedHours(hours float64) float64 {
	if p.HoursExp == 0.5 {
		return hours / (1 + math.Sqrt(hours/p.PenaltyHours))
	}
	return hours / (1 + math.Pow(hours/p.PenaltyHours, 1-p.HoursExp))
}

// Discrepancy is by how many nautical miles b is off from where a ship at a
// would be: the least of three figures. The first is the mean distance between
// each of the two positions and the one reckoned from the other; the second
// assumes that the ship stayed, the third that it is somewhere along its course,
// both multiplied by the ShapeFactor. The plane in which it is reckoned is good
// enough for the distances that count. Hours are penalised ones.
func (p *Preset) Discrepancy(a, b *Point, hours float64) float64 {
	const nmPerDegree = 60
	perLon := nmPerDegree * math.Cos((a.Lat+b.Lat)/2*math.Pi/180)
	north, east := nmPerDegree*(b.Lat-a.Lat), perLon*wrap(b.Lon-a.Lon)
	stayed := math.Hypot(north, east)

	sinA, cosA := math.Sincos(a.CourseDeg * math.Pi / 180)
	sinB, cosB := math.Sincos(b.CourseDeg * math.Pi / 180)
	ran, runB := a.SpeedKn*hours, b.SpeedKn*hours
	// reckoned returns how far the position to lies from the one reckoned from
	// another over a signed distance.
	reckoned := func(from, to *Point, nm, sin, cos float64) float64 {
		lat := from.Lat + nm*cos/nmPerDegree
		lon := from.Lon + nm*sin/nmPerDegree/(math.Cos(from.Lat*math.Pi/180)+courseEpsilon)
		return math.Hypot(perLon*wrap(lon-to.Lon), nmPerDegree*(lat-to.Lat))
	}
	least := (reckoned(a, b, ran, sinA, cosA) + reckoned(b, a, -runB, sinB, cosB)) / 2
	least = min(least, stayed*p.ShapeFactor)

	// Along and across the two courses.
	alongA, alongB := east*sinA+north*cosA, east*sinB+north*cosB
	if alongA > 0 && alongA <= ran && alongB > 0 && alongB <= runB {
		acrossA, acrossB := math.Abs(east*cosA-north*sinA), math.Abs(east*cosB-north*sinB)
		least = min(least, (acrossA+acrossB)/2*p.ShapeFactor)
	}
	return least
}

// courseEpsilon keeps a reckoned longitude finite at the poles.
const courseEpsilon = 0.001

func wrap(degrees float64) float64 {
	if degrees >= -180 && degrees < 180 {
		return degrees
	}
	d := math.Mod(degrees+180, 360)
	if d < 0 {
		d += 360
	}
	return d - 180
}

// Metric says how well a position fits that is off by a discrepancy after some
// hours: the higher the better, 0 when it does not fit.
func (p *Preset) Metric(discrepancy, hours float64) float64 {
	pad := math.Hypot(hours, p.BufferHours)
	allowed := pad * p.MaxKn
	if discrepancy > allowed {
		return 0
	}
	alpha := p.MaxKn / p.PenaltyKn * discrepancy / allowed
	return math.Exp(-alpha*alpha) / pad
}

// Fit is Metric of the Discrepancy of two positions that lie hours apart, with
// the weight for the class.
func (p *Preset) Fit(a, b *Point, hours float64, sameClass bool) float64 {
	m := p.Metric(p.Discrepancy(a, b, p.PenalizedHours(hours)), hours)
	if !sameClass {
		m *= p.ClassMismatch
	}
	return m
}

// Weight lowers the metric of a segment of n positions when it is short.
func (p *Preset) Weight(n int) float64 {
	a := float64(n) / p.ShortSegment
	return a / math.Sqrt(1+a*a)
}

// Hours is a duration as the presets count it.
func Hours(d time.Duration) float64 { return d.Seconds() / 3600 }

// ClassesOf are those that a fix can come from (types 1-3 from A, 18 and 19 from
// B, 27 from either as gpsdio-segment has it).
func ClassesOf(f *navicert.Fix) Classes {
	switch {
	case f.LongRange:
		return ClassA | ClassB
	case f.Class == navicert.ClassA:
		return ClassA
	case f.Class == navicert.ClassB:
		return ClassB
	}
	return 0
}

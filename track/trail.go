package track

import (
	"math"
	"time"

	"navicert"
	"navicert/track/segment"
)

// gfw is the preset by which fixes are given to segments.
var gfw = segment.GFW()

// maxSilence is the longest silence within a segment.
var maxSilence = time.Duration(gfw.MaxHours * float64(time.Hour))

// lookback is how many of a segment's last fixes a new one is compared with.
const lookback = 5

// spot is a fix as later ones are compared with it, in 20 bytes.
type spot struct {
	lat, lon      int32  // 1e-7 degrees, about a centimetre
	ms            uint32 // since 1970, of which only differences are used
	speed, course uint16 // 0.01 kn and 0.01 degrees
	station       uint16 // a hash of the receiver's name
	class         segment.Classes
	sameClass     bool // its class was among those of the fixes before it
}

func spotOf(f *navicert.Fix) spot {
	return spot{
		lat: rounded(f.Pos.Lat * 1e7), lon: rounded(f.Pos.Lon * 1e7), ms: uint32(f.Time.UnixMilli()),
		speed: hundredths(f.SpeedKn.Or(0)), course: hundredths(f.CourseDeg.Or(0)), class: segment.ClassesOf(f),
	}
}

func rounded(v float64) int32 {
	if v < 0 {
		return int32(v - 0.5)
	}
	return int32(v + 0.5)
}

// hashOf makes a number of a receiver's name (FNV-1a, folded).
func hashOf(station string) uint16 {
	h := uint32(2166136261)
	for i := range len(station) {
		h = (h ^ uint32(station[i])) * 16777619
	}
	return uint16(h ^ h>>16)
}

func hundredths(v float64) uint16 {
	if !(v > 0) {
		return 0
	}
	return uint16(min(v*100+0.5, math.MaxUint16))
}

func (s *spot) position() navicert.Position {
	return navicert.Position{Lat: float64(s.lat) / 1e7, Lon: float64(s.lon) / 1e7}
}

func (s *spot) point() segment.Point {
	pos := s.position()
	return segment.Point{
		Lat: pos.Lat, Lon: pos.Lon,
		SpeedKn: float64(s.speed) / 100, CourseDeg: float64(s.course) / 100, Class: s.class,
	}
}

// hoursTo is the time from one spot to a later one of its segment. None are
// farther apart than some five times maxSilence, far less than what the
// milliseconds wrap round after.
func (s *spot) hoursTo(later *spot) float64 { return float64(later.ms-s.ms) / 3.6e6 }

// trail is the end of a segment.
type trail struct {
	spots [lookback]spot // the newest at index at, the one before it at at-1, round
	at, n uint8
	size  int32 // fixes of the segment in all
}

// back returns the kth spot from the end.
func (t *trail) back(k int) *spot {
	i := int(t.at) - k
	if i < 0 {
		i += lookback
	}
	return &t.spots[i]
}

// start begins a segment with a spot.
func (t *trail) start(s spot) {
	*t = trail{n: 1, size: 1}
	t.spots[0] = s
}

// add appends a spot, which shows the last skipped ones not to belong.
func (t *trail) add(s spot, skipped int) {
	s.sameClass = t.hasClass(s.class)
	at := int(t.at) + 1 - skipped
	switch {
	case at < 0:
		at += lookback
	case at >= lookback:
		at -= lookback
	}
	t.at = uint8(at)
	t.n = min(t.n-uint8(skipped)+1, lookback)
	t.spots[t.at] = s
	t.size++
}

// hasClass reports whether a class is among those of the spots.
func (t *trail) hasClass(c segment.Classes) bool {
	if c == 0 {
		return false
	}
	for k := range int(t.n) {
		if t.back(k).class&c != 0 {
			return true
		}
	}
	return false
}

// fit is how a spot fits a segment.
type fit struct {
	skipped int     // of the segment's last spots, which it shows not to belong
	hours   float64 // since the spot that it follows
	metric  float64
}

// match compares a spot with the last ones of a segment that is no more than
// maxSilence old, as [segment.Segmenter] does; beside that, no match asks for
// more speed than the gate allows. It ends, unless it is to be in full, where no spot
// farther back could fit better.
func (t *trail) match(g *Gate, s *spot, inFull bool) (best fit, ok bool) {
	same := t.hasClass(s.class)
	highest := 1.000001 // what a metric times the hours is at most, and what is rounded
	if !same {
		highest *= gfw.ClassMismatch
	}
	to := s.point()
	bestDivided := 0.0
	for k := range int(t.n) {
		before := t.back(k)
		hours := before.hoursTo(s)
		if hours > gfw.MaxHours {
			break
		}
		if !inFull && ok && bestDivided*float64(k)*gfw.LookbackFactor*max(hours, gfw.BufferHours) >= highest {
			break
		}
		from := before.point()
		if !g.reachableSpot(before, s, hours) {
			continue
		}
		metric := gfw.Fit(&from, &to, hours, same)
		divided := metric / max(1, float64(k)*gfw.LookbackFactor)
		stands := 0.0
		if k > 0 {
			stands = t.stands(k - 1)
		}
		if divided > stands && divided > bestDivided {
			bestDivided = divided
			best, ok = fit{skipped: k, hours: hours, metric: metric}, true
		}
	}
	return best, ok
}

// stands is the metric with which the kth spot from the end joined. It follows
// from the spot before it, and so need not be held.
func (t *trail) stands(k int) float64 {
	s, before := t.back(k), t.back(k+1)
	from, to := before.point(), s.point()
	return gfw.Fit(&from, &to, before.hoursTo(s), s.sameClass)
}

// near reports whether match would give a fix to the segment of the one before
// it and skip nothing, as far as a glance tells: the metric of what lies within
// sureKn of where it may be expected is more than half of the highest there can
// be, and one with a skipped spot counts half at most. The distance is nm at
// most.
func near(nm, hours float64) bool {
	return nm*gfw.ShapeFactor <= sureKn*max(hours, gfw.BufferHours)
}

// expected is near for fixes that are farther apart: it looks at course and
// speed.
func expected(a, b *navicert.Fix, hours float64) bool {
	allowed := sureKn * max(hours, gfw.BufferHours)
	from := segment.Point{Lat: a.Pos.Lat, Lon: a.Pos.Lon, SpeedKn: a.SpeedKn.Or(0), CourseDeg: a.CourseDeg.Or(0)}
	to := segment.Point{Lat: b.Pos.Lat, Lon: b.Pos.Lon, SpeedKn: b.SpeedKn.Or(0), CourseDeg: b.CourseDeg.Or(0)}
	penalized := gfw.PenalizedHours(hours)
	return discrepancyAtMost(&from, &to, penalized) <= allowed || gfw.Discrepancy(&from, &to, penalized) <= allowed
}

// discrepancyAtMost is a glance at [segment.Preset.Discrepancy]: no less than
// its first figure, from whole degrees of course and latitude. The allowance for
// that, a twentieth of the distances, is more than twice what it can make; it
// does not hold near the poles, where the answer is infinite.
func discrepancyAtMost(a, b *segment.Point, hours float64) float64 {
	dLat := b.Lat - a.Lat
	if !(math.Abs(a.Lat) <= 75 && math.Abs(dLat) <= 0.25 && a.CourseDeg >= 0 && a.CourseDeg <= 360 && b.CourseDeg >= 0 && b.CourseDeg <= 360) {
		return math.Inf(1)
	}
	dLon := b.Lon - a.Lon
	if dLon > 180 {
		dLon -= 360
	} else if dLon < -180 {
		dLon += 360
	}
	north, east := 60*dLat, 60*dLon*sines[90-int(math.Abs(a.Lat)+0.5)]
	ranA, ranB := a.SpeedKn*hours, b.SpeedKn*hours
	i, k := int(a.CourseDeg+0.5), int(b.CourseDeg+0.5)
	forth := math.Abs(north-ranA*sines[i+90]) + math.Abs(east-ranA*sines[i])
	back := math.Abs(north-ranB*sines[k+90]) + math.Abs(east-ranB*sines[k])
	return (forth+back)/2 + (ranA+ranB+math.Abs(north)+math.Abs(east))/20
}

// sines are of whole degrees; the cosine of a course is the sine 90 degrees on.
var sines = func() (s [451]float64) {
	for i := range s {
		s[i] = math.Sin(float64(i) * math.Pi / 180)
	}
	return s
}()

// sureKn is MaxKn times 0.16: exp(-(5 x 0.16)^2) is 0.527.
const sureKn = 25 * 0.16

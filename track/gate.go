package track

import (
	"math"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track/segment"
)

// Gate is the thresholds by which a fix is kept or set aside.
type Gate struct {
	Name string
	// MaxKn is the highest speed between two fixes that one ship may need.
	MaxKn float64
	// Slack is added to the time between two fixes before the speed is formed:
	// it makes up for the rounding of positions and times.
	Slack time.Duration
	// Skew is added instead when the two fixes came through different
	// receivers, whose clocks differ.
	Skew time.Duration
	// OneShip takes fixes that MaxKn allows for one ship's, whatever their course
	// and speed: ships that are near each other under one MMSI are not told
	// apart. For comparison with programs that do not, on input that they made.
	OneShip bool
}

// GateGuardian keeps what needs no more than 60 kn, with 10 s of slack: the
// teleport rule of AISGuardian (jaimelopez89/AISGuardian 3b70a2c). The 120 s
// between receivers is RadianceFleet's (dec5ab1) tolerance for clock skew.
func GateGuardian() Gate {
	return Gate{Name: "guardian", MaxKn: 60, Slack: 10 * time.Second, Skew: 120 * time.Second}
}

const (
	// restKn is the speed up to which a ship without a course is at rest
	// (gpsdio-segment 8109193).
	restKn = 0.35
	// firstSecond and endSecond bound the times that are believed, in Unix time:
	// 1990 to 2099. AIS was first tried in the 1990s.
	firstSecond, endSecond = 631152000, 4102444800
)

// unusable returns why a fix by itself cannot be used, or zero. A fix at rest
// without a course is usable, and its speed then counts as 0.
func unusable(f *navicert.Fix) Reason {
	if notShip(f.MMSI) {
		return NotShip
	}
	if noTime(f.Time) {
		return NoTime
	}
	if !f.Pos.Valid() {
		return NoPosition
	}
	speed, ok := f.SpeedKn.Get()
	if !ok {
		return NoSpeed
	}
	if segment.Noise(speed) {
		return NoiseSpeed
	}
	if !f.CourseDeg.Known() && speed > restKn {
		return NoCourse
	}
	return 0
}

// notShip reports whether an MMSI is given to something that is not a ship.
// Kinds that ships are known to use by mistake pass.
func notShip(m navicert.MMSI) bool {
	switch m.Kind() {
	case navicert.MMSICoast, navicert.MMSIGroup, navicert.MMSIAid, navicert.MMSISART, navicert.MMSIMOB,
		navicert.MMSIEPIRB, navicert.MMSIAircraft:
		return true
	}
	return m == 0
}

func noTime(t time.Time) bool {
	s := t.Unix()
	return s < firstSecond || s >= endSecond
}

// reachable reports whether one ship could have sent b after a.
func (g *Gate) reachable(a, b *navicert.Fix) bool {
	return g.reachableIn(b.Time.Sub(a.Time), a, b)
}

// reachableIn is reachable for two fixes that lie a time apart.
func (g *Gate) reachableIn(elapsed time.Duration, a, b *navicert.Fix) bool {
	slack := g.Slack
	if a.Station != b.Station {
		slack = g.Skew
	}
	nm := g.MaxKn * (elapsed + slack).Hours()
	return within(a.Pos, b.Pos, nm)
}

// reachableSpot is reachable for two spots that lie hours apart.
func (g *Gate) reachableSpot(a, b *spot, hours float64) bool {
	slack := g.Slack
	if a.station != b.station {
		slack = g.Skew
	}
	nm := g.MaxKn * (hours + slack.Hours())
	return within(a.position(), b.position(), nm)
}

// within reports whether two positions lie within a distance. A glance mostly tells.
func within(a, b navicert.Position, nm float64) bool {
	return nmAtMost(a, b) <= nm || geo.LeastNM(a, b) <= nm && geo.DistanceNM(a, b) <= nm
}

// nmAtMost is a glance at the distance: no two points are farther apart than
// their differences in degrees laid end to end along a meridian and the equator.
func nmAtMost(a, b navicert.Position) float64 {
	dLon := math.Abs(a.Lon - b.Lon)
	if dLon > 180 {
		dLon = 360 - dLon
	}
	return (math.Abs(a.Lat-b.Lat) + dLon) * degreeNM
}

func distanceNM(a, b *navicert.Fix) float64 { return geo.DistanceNM(a.Pos, b.Pos) }

// degreeNM is a degree of a great circle, rounded up.
const degreeNM = geo.EarthRadiusKM*1000/geo.MetresPerNM*math.Pi/180 + 1e-6

// repeats reports whether b only says again what a said: the same instant, or
// a moving ship with every value the same to the precision in which AIS sends
// it (gpsdio-segment 8109193; a ship at rest may repeat itself). Unlike there
// a repeat counts only for a while, so that a ship alongside that keeps sending
// 0.1 kn is not thought silent.
func repeats(a, b *navicert.Fix) bool {
	if a.Time.Equal(b.Time) {
		return true
	}
	speed := b.SpeedKn.Or(0)
	return speed > 0 && math.Abs(a.Pos.Lat-b.Pos.Lat) < positionUnit && math.Abs(a.Pos.Lon-b.Pos.Lon) < positionUnit &&
		math.Abs(a.SpeedKn.Or(0)-speed) < 0.05 && sameDeg(a.CourseDeg, b.CourseDeg, 0.05) &&
		sameDeg(a.HeadingDeg, b.HeadingDeg, 0.5) && b.Time.Sub(a.Time) <= repeatFor
}

// repeatFor is how long a fix can be repeated.
const repeatFor = 10 * time.Minute

// positionUnit is half of 1/60000 degree, to which positions are compared.
const positionUnit = 0.5 / 60000

func sameDeg(a, b navicert.Opt[float64], tolerance float64) bool {
	x, ok := a.Get()
	y, also := b.Get()
	return ok == also && math.Abs(x-y) < tolerance
}

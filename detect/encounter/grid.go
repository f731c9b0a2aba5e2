package encounter

import (
	"math"
	"time"

	"navicert"
	"navicert/geo"
)

// Grid is how tracks are resampled: to UTC multiples of Every, between two
// fixes along a straight line in latitude, longitude and speed.
type Grid struct {
	Every time.Duration // whole seconds
	// MaxGap is how long two fixes may lie apart, less than, to be joined.
	MaxGap time.Duration
	// Reckon is how far past a fix that is not joined to the next, and before one
	// that is not joined to the last, positions are reckoned from its course and
	// speed: claims that rest on no fix. Zero: not at all.
	Reckon time.Duration
}

// Sample is a track at a moment of the grid.
type Sample struct {
	Slot    int64 // the moment, in multiples of Every since 1970
	Pos     navicert.Position
	SpeedKn float64
	// Density is the share of a fix that the sample stands for: 1 with fixes
	// every Every or more often.
	Density float64
}

// slotOf is the last moment of the grid at or before a time.
func (g *Grid) slotOf(t time.Time) int64 {
	every := int64(g.Every / time.Second)
	s := t.Unix()
	if s < 0 {
		s -= every - 1
	}
	return s / every
}

// Time is the moment of a slot.
func (g *Grid) Time(slot int64) time.Time {
	return time.Unix(slot*int64(g.Every/time.Second), 0).UTC()
}

// Slots is how many moments of the grid a duration is.
func (g *Grid) Slots(d time.Duration) int64 { return int64(d / g.Every) }

// Leg yields the samples after the fix a, up to and at the fix b. Without a, or
// with one too long before, only b itself is known, when it lies on the grid.
func (g *Grid) Leg(a, b *navicert.Fix, yield func(Sample)) {
	last, until := g.slotOf(b.Time), b.Time.UnixNano()
	onGrid := until == last*int64(g.Every)
	density := 1.0
	if a != nil && until-a.Time.UnixNano() < int64(g.MaxGap) {
		from := a.Time.UnixNano()
		span := max(until-from, 1)
		density = min(1, float64(g.Every)/float64(span))
		dLon := b.Pos.Lon - a.Pos.Lon
		if math.Abs(dLon) > 180 {
			dLon = math.Remainder(dLon, 360)
		}
		dSpeed := b.SpeedKn.Or(0) - a.SpeedKn.Or(0)
		for slot := g.slotOf(a.Time) + 1; slot < last || slot == last && !onGrid; slot++ {
			f := float64(slot*int64(g.Every)-from) / float64(span)
			yield(Sample{
				Slot:    slot,
				Pos:     navicert.Position{Lat: a.Pos.Lat + f*(b.Pos.Lat-a.Pos.Lat), Lon: wrapped(a.Pos.Lon + f*dLon)},
				SpeedKn: a.SpeedKn.Or(0) + f*dSpeed, Density: density,
			})
		}
	} else if g.Reckon > 0 {
		if a != nil {
			g.After(a, yield)
		}
		g.reckon(b, g.slotOf(b.Time.Add(-g.Reckon))+1, last-b2i(onGrid), yield)
	}
	if onGrid {
		yield(Sample{Slot: last, Pos: b.Pos, SpeedKn: b.SpeedKn.Or(0), Density: density})
	}
}

// After yields what is reckoned past a fix that no other follows.
func (g *Grid) After(f *navicert.Fix, yield func(Sample)) {
	if g.Reckon > 0 {
		g.reckon(f, g.slotOf(f.Time)+1, g.slotOf(f.Time.Add(g.Reckon)), yield)
	}
}

func (g *Grid) reckon(f *navicert.Fix, from, to int64, yield func(Sample)) {
	sin, cos := math.Sincos(f.CourseDeg.Or(0) * math.Pi / 180)
	for slot := from; slot <= to; slot++ {
		away := g.Time(slot).Sub(f.Time)
		degrees := f.SpeedKn.Or(0) * away.Hours() / 60
		yield(Sample{
			Slot: slot,
			Pos: navicert.Position{
				Lat: max(-90, min(90, f.Pos.Lat+degrees*cos)),
				Lon: wrapped(f.Pos.Lon + degrees*sin/max(1e-6, math.Cos(f.Pos.Lat*math.Pi/180))),
			},
			SpeedKn: f.SpeedKn.Or(0), Density: min(1, float64(g.Every)/float64(max(away, -away))),
		})
	}
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// wrapped brings a longitude to [-180, 180].
func wrapped(lon float64) float64 {
	switch {
	case lon > 180:
		return lon - 360
	case lon < -180:
		return lon + 360
	}
	return lon
}

// unit is a ten millionth of a degree, about a centimetre: the precision of
// positions that are held.
const unit = 1e-7

// place is a position to the unit.
type place struct{ lat, lon int32 }

func placeOf(p navicert.Position) place {
	return place{int32(math.Round(p.Lat / unit)), int32(math.Round(p.Lon / unit))}
}

func (p place) position() navicert.Position {
	return navicert.Position{Lat: float64(p.lat) * unit, Lon: float64(p.lon) * unit}
}

func (p place) metresTo(q place) float64 { return geo.DistanceM(p.position(), q.position()) }

// withinM reports whether q lies within a distance of p. Degrees laid end to end
// are never less than the way, and mostly decide.
func (p place) withinM(q place, metres float32) bool {
	const unitM = 0.01113 // a unit of latitude, or of longitude at the equator, rounded up
	if float32(lonApart(p.lat, q.lat)+lonApart(p.lon, q.lon))*unitM < metres {
		return true
	}
	return p.metresTo(q) < float64(metres)
}

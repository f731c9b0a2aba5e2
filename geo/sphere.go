package geo

import (
	"math"

	"github.com/golang/geo/r3"
	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"

	"navicert"
)

const (
	// EarthRadiusKM is the mean radius R1 of the WGS 84 ellipsoid (Moritz,
	// Geodetic Reference System 1980).
	EarthRadiusKM = 6371.0088
	// MetresPerNM is the international nautical mile.
	MetresPerNM = 1852.0

	nmPerRadian = EarthRadiusKM * 1000 / MetresPerNM
)

// DistanceNM is the great-circle distance between two positions in nautical
// miles, right for near, far and antipodal points alike (haversine).
func DistanceNM(a, b navicert.Position) float64 {
	const rad = math.Pi / 180
	lat := math.Sin((b.Lat - a.Lat) * rad / 2)
	lon := math.Sin((b.Lon - a.Lon) * rad / 2)
	h := lat*lat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*lon*lon
	return 2 * nmPerRadian * math.Asin(math.Sqrt(min(h, 1)))
}

// DistanceM is DistanceNM in metres.
func DistanceM(a, b navicert.Position) float64 { return DistanceNM(a, b) * MetresPerNM }

// BearingDeg is the initial true bearing of the great circle from a to b, in
// [0, 360). It is 0 when a and b are the same point or opposite each other.
func BearingDeg(a, b navicert.Position) float64 {
	const rad = math.Pi / 180
	dLon := (b.Lon - a.Lon) * rad
	y := math.Sin(dLon) * math.Cos(b.Lat*rad)
	x := math.Cos(a.Lat*rad)*math.Sin(b.Lat*rad) - math.Sin(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Cos(dLon)
	if math.Abs(x) < 1e-15 && math.Abs(y) < 1e-15 {
		return 0
	}
	deg := math.Mod(math.Atan2(y, x)/rad+360, 360)
	if deg >= 360 {
		return 0
	}
	return deg
}

// Interpolate returns the point at a fraction (0 is a, 1 is b) of the great
// circle from a to b.
func Interpolate(a, b navicert.Position, fraction float64) navicert.Position {
	switch fraction {
	case 0:
		return a
	case 1:
		return b
	}
	return fromPoint(between(fraction, toPoint(a), toPoint(b)))
}

// Destination returns the point reached from p after a distance along the
// great circle that starts with a true bearing.
func Destination(p navicert.Position, bearingDeg, distanceNM float64) navicert.Position {
	return fromPoint(arcFrom(p, bearingDeg, distanceNM).q)
}

// toPoint puts a position on the unit sphere. All spellings of one place give
// the same point: longitudes 180 and -180, and any longitude at a pole.
func toPoint(p navicert.Position) s2.Point {
	switch {
	case p.Lat >= 90:
		return s2.Point{Vector: r3.Vector{Z: 1}}
	case p.Lat <= -90:
		return s2.Point{Vector: r3.Vector{Z: -1}}
	}
	lon := p.Lon
	if lon <= -180 || lon > 180 {
		lon = math.Remainder(lon, 360)
		if lon == -180 {
			lon = 180
		}
	}
	// As s2.PointFromLatLng has it; a sine and its cosine cost less together.
	sinLat, cosLat := math.Sincos(p.Lat * float64(s1.Degree))
	sinLon, cosLon := math.Sincos(lon * float64(s1.Degree))
	return s2.Point{Vector: r3.Vector{X: cosLon * cosLat, Y: sinLon * cosLat, Z: sinLat}}
}

// between is s2.Interpolate, which has no direction to go in between points
// that are the same but for rounding, and then gives no number.
func between(fraction float64, p, q s2.Point) s2.Point {
	if p.ApproxEqual(q) {
		return p
	}
	return s2.Interpolate(fraction, p, q)
}

// arc is a great-circle leg of which several points are asked: what all need is
// reckoned once. They are those of between, but for rounding.
type arc struct {
	p, q  s2.Point
	ahead r3.Vector // of p, towards q, at a right angle
	angle float64
}

func newArc(p, q s2.Point) arc {
	const clear = 1e-6 // of six metres, up to which p and q are about the same or opposite
	across := p.Cross(q.Vector)
	sin := across.Norm()
	if sin < clear {
		return arc{p, q, p.PointCross(q).Cross(p.Vector).Normalize(), p.Distance(q).Radians()}
	}
	return arc{p, q, across.Mul(1 / sin).Cross(p.Vector), math.Atan2(sin, p.Dot(q.Vector))}
}

// arcFrom is the leg from p of a length along the great circle that starts with a
// true bearing.
func arcFrom(p navicert.Position, bearingDeg, nm float64) arc {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat * rad)
	sinLon, cosLon := math.Sincos(p.Lon * rad)
	sinB, cosB := math.Sincos(bearingDeg * rad)
	up := r3.Vector{X: cosLat * cosLon, Y: cosLat * sinLon, Z: sinLat}
	north := r3.Vector{X: -sinLat * cosLon, Y: -sinLat * sinLon, Z: cosLat}
	east := r3.Vector{X: -sinLon, Y: cosLon}
	a := arc{p: s2.Point{Vector: up}, ahead: north.Mul(cosB).Add(east.Mul(sinB)), angle: nm / nmPerRadian}
	a.q = a.at(1)
	return a
}

func (a *arc) at(fraction float64) s2.Point {
	sin, cos := math.Sincos(fraction * a.angle)
	return s2.Point{Vector: a.p.Mul(cos).Add(a.ahead.Mul(sin)).Normalize()}
}

func fromPoint(p s2.Point) navicert.Position {
	ll := s2.LatLngFromPoint(p)
	return navicert.Position{Lat: ll.Lat.Degrees(), Lon: ll.Lng.Degrees()}
}

// chord is the straight line through the unit sphere under an angle.
func chord(radians float64) float64 { return 2 * math.Sin(min(radians, math.Pi)/2) }

func angleNM(a s1.Angle) float64      { return a.Radians() * nmPerRadian }
func angleFromNM(nm float64) s1.Angle { return s1.Angle(nm / nmPerRadian) }
func chordNM(c s1.ChordAngle) float64 { return angleNM(c.Angle()) }

// LeastNM is a glance at the distance of two positions, which is no less: it costs no
// sine. It is 0 where they lie more than a degree apart.
func LeastNM(a, b navicert.Position) float64 {
	dLat, dLon := math.Abs(a.Lat-b.Lat), math.Abs(a.Lon-b.Lon)
	if !(dLat <= 1 && dLon <= 1) {
		return 0
	}
	// By the haversine formula, with the sines of half a degree or less less than the
	// arcs by a hundred-thousandth at most; a degree has 60.04 nm.
	dLon *= leastCosines[min(90, int(max(math.Abs(a.Lat), math.Abs(b.Lat)))+1)]
	return 60 * math.Sqrt(dLat*dLat+dLon*dLon)
}

// leastCosines are of whole degrees of latitude, rounded down.
var leastCosines = func() (c [91]float64) {
	for i := range 90 {
		c[i] = math.Cos(float64(i)*math.Pi/180) * (1 - 1e-9)
	}
	return c
}()

// LegNM is the distance from p to the great-circle leg from a to b.
func LegNM(p, a, b navicert.Position) float64 { return segmentNM(p, a, b) }

// segmentNM is the distance from p to the great-circle leg from a to b.
func segmentNM(p, a, b navicert.Position) float64 {
	return angleNM(s2.DistanceFromSegment(toPoint(p), toPoint(a), toPoint(b)))
}

package fixblock

import "math"

// circle is the cosine of each tenth of a degree in 1/32768, so that what is
// predicted is the same on every machine.
var circle = func() (t [3601]int64) {
	for i := range t {
		t[i] = int64(math.Round(math.Cos(float64(i)*math.Pi/1800) * 32768))
	}
	return t
}()

// Beyond these nothing is reckoned.
const (
	maxReckonMillis = 3 * 3600 * 1000
	maxTenthKnots   = 1000
)

// reckon is how far north and east, in units to the degree, a vessel came from
// the row before to this one by the mean of their speeds and the course now.
func reckon(before, now *Row, unit float64) (north, east int64) {
	dt := now.Millis - before.Millis
	v, known := now.Speed.Get()
	w, _ := before.Speed.Get()
	course, courseKnown := now.Course.Get()
	speed := multiple(v, 10) + multiple(w, 10) // twice, in tenths
	at := multiple(course, 10)
	if !known || !courseKnown || dt <= 0 || dt > maxReckonMillis || speed <= 0 || speed > 2*maxTenthKnots || at < 0 || at > 3600 {
		return 0, 0
	}
	// A degree is 60 nautical miles; 1/64 of a unit is kept until the end.
	way := speed * dt * (int64(unit) / 60) / (2 * 10 * 3600 * 1000 / 64)
	lat := multiple(before.Lat, 10)
	wide := max(circle[min(max(lat, -lat), 900)], 512)
	sin := circle[(at+2700)%3600]
	return way * circle[at] / 32768 / 64, way * sin / wide / 64
}

// fade is how far off predictions were of late: the newest counts most.
func fade(old uint64, lat, lon int64) uint64 {
	const far = 1 << 40
	a, _ := size(lat)
	b, _ := size(lon)
	return old - old/4 + min(a, far) + min(b, far)
}

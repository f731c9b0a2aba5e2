package fixblock

import (
	"math"
	"math/bits"

	"navicert"
)

// The units of which a source's numbers are multiples; the first that fits is
// used.
var (
	degreeUnits  = []float64{600_000, 100_000, 1_000_000, 10_000_000} // AIS's own and decimals
	tenthUnits   = []float64{10, 100, 10_000}
	headingUnits = []float64{1, 10, 10_000}
)

// Modes of a number: absent, a multiple of unit mode-1, or all of its bits.
const (
	absent  = 0
	rawMode = 7
)

// maxMultiple is up to where a float64 holds every whole number.
const maxMultiple = 1 << 53

// multiple is v in the unit, rounded; 0 for what is too large.
func multiple(v, unit float64) int64 {
	k := math.Round(v * unit)
	if !(k >= -maxMultiple && k <= maxMultiple) {
		return 0
	}
	return int64(k)
}

// fits reports whether v is a multiple of the unit, to the last bit.
func fits(v, unit float64) bool {
	return math.Float64bits(float64(multiple(v, unit))/unit) == math.Float64bits(v)
}

// modeOf picks how to write numbers: as the one before, if that can be.
func modeOf(units []float64, before int, fit func(unit float64) bool) int {
	if before > absent && before <= len(units) && fit(units[before-1]) {
		return before
	}
	for i, u := range units {
		if fit(u) {
			return i + 1
		}
	}
	return rawMode
}

// decimals is the model of one measure.
type decimals struct {
	latest
	values [4][groups + 1]signs
}

type latest struct {
	before int // the mode
	last   float64
	group  int
	mode   [8][8]prob
}

// measure codes a number that may be absent; kind, below 4, is what else tells
// how it may differ from the one before.
func (s *state) measure(c *coder, d *decimals, units []float64, v navicert.Opt[float64], kind int, same bool) navicert.Opt[float64] {
	x, known := v.Get()
	mode := absent
	if known && !c.reading {
		mode = modeOf(units, d.before, func(u float64) bool { return fits(x, u) })
	}
	mode = int(c.tree(d.mode[d.before][:], uint64(mode), 3))
	d.before = mode
	switch {
	case mode == absent:
		return navicert.Opt[float64]{}
	case mode > len(units):
		x = s.bitsOf(c, x, d.last)
	default:
		unit := units[mode-1]
		at := d.group
		if !same {
			at = groups
		}
		want := multiple(d.last, unit)
		diff := c.signed(&d.values[kind][at], multiple(x, unit)-want)
		d.group = groupOf(diff)
		x = float64(want+diff) / unit
	}
	d.last = x
	return navicert.Some(x)
}

func (s *state) motion(c *coder, r *Row, same bool) {
	r.Speed = s.measure(c, &s.n.speed, tenthUnits, r.Speed, 0, same)
	kind := 3
	if v, ok := r.Speed.Get(); ok {
		switch {
		case v < 0.25:
			kind = 0
		case v < 2:
			kind = 1
		default:
			kind = 2
		}
	}
	r.Course = s.measure(c, &s.n.course, tenthUnits, r.Course, kind, same)
	r.Heading = s.measure(c, &s.n.heading, headingUnits, r.Heading, kind, same)
}

// position codes latitude and longitude as they differ from where the vessel
// was, or would be by its speed and course: whichever was nearer of late.
func (s *state) position(c *coder, r *Row, same bool) {
	mode := absent
	if !c.reading {
		mode = modeOf(degreeUnits, s.m.positionWas, func(u float64) bool { return fits(r.Lat, u) && fits(r.Lon, u) })
	}
	mode = int(c.tree(s.m.positionMode[s.m.positionWas][:], uint64(mode), 3))
	s.m.positionWas = mode
	if mode == absent || mode > len(degreeUnits) {
		r.Lat, r.Lon = s.bitsOf(c, r.Lat, s.prev.Lat), s.bitsOf(c, r.Lon, s.prev.Lon)
		return
	}
	unit := degreeUnits[mode-1]
	if !same && !s.v1 && s.inCells(c, r, unit) {
		return
	}
	lat, lon := multiple(s.prev.Lat, unit), multiple(s.prev.Lon, unit)
	var north, east int64
	latGroup, lonGroup := groups, groups
	if same {
		north, east = reckon(&s.prev, r, unit)
		latGroup, lonGroup = s.m.latGroup, s.m.lonGroup
	}
	useNorth, useEast := north, east
	if s.m.reckon > s.m.stay {
		useNorth, useEast = 0, 0
	}
	dLat := c.signed(&s.n.lat[latGroup], multiple(r.Lat, unit)-lat-useNorth)
	if same && !s.v1 {
		lonGroup = groupOf(dLat)
	}
	dLon := c.signed(&s.n.lon[lonGroup], multiple(r.Lon, unit)-lon-useEast)
	s.m.latGroup, s.m.lonGroup = groupOf(dLat), groupOf(dLon)
	dLat, dLon = dLat+useNorth, dLon+useEast
	r.Lat, r.Lon = float64(lat+dLat)/unit, float64(lon+dLon)/unit
	if same {
		s.m.stay = fade(s.m.stay, dLat, dLon)
		s.m.reckon = fade(s.m.reckon, dLat-north, dLon-east)
	} else {
		s.m.stay, s.m.reckon = 0, 0
	}
}

// cellBits is how many bits of a place on a circle say in which of its cells, a
// quarter of a degree or so wide, it is.
const cellBits = 11

// inCells codes the first position of a vessel by the cells in which others were
// first, and the place in the cell; false is one that is in no cell.
func (s *state) inCells(c *coder, r *Row, unit float64) bool {
	half := int64(unit) * 180
	width := bits.Len64(uint64(2 * half))
	lat, lon := multiple(r.Lat, unit)+half, multiple(r.Lon, unit)+half
	if !c.flag(&s.m.inCells, min(lat, lon) >= 0 && max(lat, lon) < 1<<width) {
		return false
	}
	place := func(cells *[1 << cellBits]prob, at int64) float64 {
		lower := width - cellBits
		at = int64(c.tree(cells[:], uint64(at>>lower), cellBits)<<lower | c.plain(uint64(at)&(1<<lower-1), lower))
		return float64(at-half) / unit
	}
	r.Lat, r.Lon = place(&s.m.latCell, lat), place(&s.m.lonCell, lon)
	s.m.stay, s.m.reckon, s.m.latGroup, s.m.lonGroup = 0, 0, groups, groups
	return true
}

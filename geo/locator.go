package geo

import (
	"math"

	"github.com/golang/geo/s2"

	"navicert"
)

// Locator finds the S2 cell of one level that holds a position, as [CellID] does, in
// a third of the time: it reckons the place of the cell with sines from a table, and
// remembers the cells that it found. Near an edge, where the rounding could tell, it
// asks CellID. It is not safe for concurrent use.
type Locator struct {
	level int
	wide  float64 // cells along a side of a face
	known []located
}

// located is a cell with its place: its face, row and column; 0 is none.
type located struct {
	place uint64
	id    s2.CellID
}

// maxLocated is how many cells are remembered, in 64 KB: as many places share them.
const maxLocated = 1 << 12

// NewLocator returns a locator for a level, 0 to 20.
func NewLocator(level int) *Locator {
	return &Locator{level: level, wide: float64(int(1) << level), known: make([]located, maxLocated)}
}

// Cell returns the cell that holds p.
func (l *Locator) Cell(p navicert.Position) s2.CellID {
	place := l.place(p)
	if place == 0 {
		return CellID(p, l.level)
	}
	const golden = 0x9E3779B97F4A7C15 // 2^64 by the golden ratio: spreads what lies side by side
	k := &l.known[place*golden>>(64-12)]
	if k.place != place {
		*k = located{place, CellID(p, l.level)}
	}
	return k.id
}

// place is where the cell lies, 0 where that is not sure.
func (l *Locator) place(p navicert.Position) uint64 {
	if !p.Valid() {
		return 0
	}
	sinLat, cosLat := sinCosDeg(p.Lat)
	sinLon, cosLon := sinCosDeg(p.Lon)
	x, y, z := cosLat*cosLon, cosLat*sinLon, sinLat
	var face uint64
	var u, v, by float64
	switch ax, ay, az := math.Abs(x), math.Abs(y), math.Abs(z); {
	case ax >= ay && ax >= az:
		if face, u, v, by = 0, y, z, x; x < 0 {
			face, u, v = 3, z, y
		}
	case ay >= az:
		if face, u, v, by = 1, -x, z, y; y < 0 {
			face, u, v = 4, z, -x
		}
	default:
		if face, u, v, by = 2, -x, -y, z; z < 0 {
			face, u, v = 5, -y, -x
		}
	}
	by = 1 / by
	u, v = u*by, v*by
	s, t := stretched(u)*l.wide, stretched(v)*l.wide
	i, j := int(s), int(t)
	s, t = s-float64(i), t-float64(j)
	// Where two faces meet, s or t is whole.
	const sure = 1e-6 // far more than is rounded, a millionth of the cell
	if s < sure || s > 1-sure || t < sure || t > 1-sure {
		return 0
	}
	return (face<<l.level|uint64(i))<<l.level | uint64(j) + 1
}

// stretched is S2's way of making cells of a face about equally large.
func stretched(u float64) float64 {
	if u >= 0 {
		return 0.5 * math.Sqrt(1+3*u)
	}
	return 1 - 0.5*math.Sqrt(1-3*u)
}

// sinCosDeg are the sine and the cosine of an angle of -180 to 180 degrees, to some
// 1e-13: from a table of eighths of a degree and the first terms of the series.
func sinCosDeg(deg float64) (sin, cos float64) {
	const eighths = 8
	i := int((deg+180)*eighths + 0.5)
	d := (deg - (float64(i)/eighths - 180)) * (math.Pi / 180)
	s, c := eighthSines[i], eighthSines[i+90*eighths]
	dd := d * d
	sinD, cosD := d*(1-dd/6), 1-dd/2*(1-dd/12)
	return s*cosD + c*sinD, c*cosD - s*sinD
}

// eighthSines are of eighths of a degree from -180 to 270.
var eighthSines = func() (s [450*8 + 1]float64) {
	for i := range s {
		s[i] = math.Sin((float64(i)/8 - 180) * math.Pi / 180)
	}
	return s
}()

package geo

import (
	"math"

	"github.com/golang/geo/s2"

	"navicert"
)

// SmallLevel is the level of the cells of [SmallCell], some 150 m wide.
const SmallLevel = 16

// SmallCell returns the S2 cell of SmallLevel that holds p, as [CellID] does, in half
// the time: with sines from a table. Near an edge, where the rounding could tell, it
// asks CellID.
func SmallCell(p navicert.Position) s2.CellID {
	if !p.Valid() {
		return CellID(p, SmallLevel)
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
	const wide = 1 << SmallLevel // cells along a side of a face
	s, t := stretched(u)*wide, stretched(v)*wide
	i, j := int(s), int(t)
	s, t = s-float64(i), t-float64(j)
	// Where two faces meet, s or t is whole.
	const sure = 1e-6 // far more than is rounded, a millionth of the cell
	if s < sure || s > 1-sure || t < sure || t > 1-sure {
		return CellID(p, SmallLevel)
	}
	pos, turn := uint64(0), int(face&1)
	for shift := SmallLevel - hilbertBits; shift >= 0; shift -= hilbertBits {
		next := hilbert[(i>>shift&hilbertMask)<<(hilbertBits+2)|(j>>shift&hilbertMask)<<2|turn]
		pos, turn = pos<<(2*hilbertBits)|uint64(next>>2), int(next&3)
	}
	return s2.CellID(face<<61 | (pos<<1|1)<<(2*(s2.MaxLevel-SmallLevel)))
}

const (
	hilbertBits = 4 // of row and column are looked up at once
	hilbertMask = 1<<hilbertBits - 1
)

// hilbert is where S2's curve comes to a cell, by its row and column and how the curve
// is turned: the place on it, and how it goes on from there, in the lowest two bits.
var hilbert = func() (to [4 << (2 * hilbertBits)]uint16) {
	place := [4][4]uint16{{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}} // by turn, row and column
	turns := [4]uint16{1, 0, 0, 3}                                                // by place
	for k := range to {
		i, j, turn, pos := k>>(hilbertBits+2), k>>2&hilbertMask, uint16(k&3), uint16(0)
		for bit := hilbertBits - 1; bit >= 0; bit-- {
			p := place[turn][i>>bit&1<<1|j>>bit&1]
			pos, turn = pos<<2|p, turn^turns[p]
		}
		to[k] = pos<<2 | turn
	}
	return to
}()

// stretched is S2's way of making cells of a face about equally large.
func stretched(u float64) float64 {
	if u >= 0 {
		return 0.5 * math.Sqrt(1+3*u)
	}
	return 1 - 0.5*math.Sqrt(1-3*u)
}

// sinCosDeg are the sine and the cosine of an angle of -180 to 180 degrees, to some
// 1e-15: from a table of whole degrees, which is small enough to stay in the cache,
// and the first terms of the series.
func sinCosDeg(deg float64) (sin, cos float64) {
	i := int(deg + 180.5)
	d := (deg - float64(i-180)) * (math.Pi / 180)
	s, c := wholeSines[i], wholeSines[i+90]
	dd := d * d
	sinD, cosD := d*(1-dd/6*(1-dd/20)), 1-dd/2*(1-dd/12)
	return s*cosD + c*sinD, c*cosD - s*sinD
}

// wholeSines are of whole degrees from -180 to 270.
var wholeSines = func() (s [451]float64) {
	for i := range s {
		s[i] = math.Sin(float64(i-180) * math.Pi / 180)
	}
	return s
}()

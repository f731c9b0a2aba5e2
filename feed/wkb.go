package feed

import (
	"encoding/binary"
	"math"
)

// wkbPoint reads a point in well-known binary (OGC 06-103r4), of either byte
// order: longitude, latitude. Height, measure and the SRID of EWKB are left
// alone. A point of NaN is empty, and known is false; what is no point is not ok.
func wkbPoint(b []byte) (lat, lon float64, known, ok bool) {
	if len(b) < 21 || b[0] > 1 {
		return 0, 0, false, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 1 {
		order = binary.LittleEndian
	}
	kind := order.Uint32(b[1:])
	const hasSRID, flags = 0x20000000, 0xe0000000 // EWKB: Z, M, SRID
	b = b[5:]
	if kind&hasSRID != 0 {
		b = b[4:]
	}
	switch kind &^ flags {
	case 1, 1001, 2001, 3001: // a point, with Z, M, both
	default:
		return 0, 0, false, false
	}
	if len(b) < 16 {
		return 0, 0, false, false
	}
	lon, lat = math.Float64frombits(order.Uint64(b)), math.Float64frombits(order.Uint64(b[8:]))
	return lat, lon, !math.IsNaN(lat) || !math.IsNaN(lon), true
}

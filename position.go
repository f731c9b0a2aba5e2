package navicert

import (
	"math"
	"strconv"
	"strings"
)

// Position is a point on WGS 84, in degrees: latitude north, longitude east.
type Position struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Valid reports whether latitude lies in [-90, 90] and longitude in
// [-180, 180].
func (p Position) Valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180 &&
		!math.IsNaN(p.Lat) && !math.IsNaN(p.Lon)
}

// String prints degrees and minutes as on a chart: 10°12.34'N 064°51.00'W.
func (p Position) String() string {
	var buf [32]byte
	return string(p.Append(buf[:0]))
}

// Append appends what String prints.
func (p Position) Append(b []byte) []byte {
	b = appendDM(b, p.Lat, 10, 'N', 'S')
	return appendDM(append(b, ' '), p.Lon, 100, 'E', 'W')
}

// appendDM appends an angle with the digits of its degrees from some power of ten
// down.
func appendDM(b []byte, v float64, digits int, pos, neg byte) []byte {
	h := pos
	if v < 0 {
		h, v = neg, -v
	}
	hundredths := int(math.Round(v * 60 * 100))
	deg, minutes := hundredths/6000, hundredths%6000
	for ; digits > 1 && deg < digits; digits /= 10 {
		b = append(b, '0')
	}
	b = append(strconv.AppendInt(b, int64(deg), 10), "°"...)
	m := [5]byte{byte('0' + minutes/1000), byte('0' + minutes/100%10), '.', byte('0' + minutes/10%10), byte('0' + minutes%10)}
	return append(append(b, m[:]...), '\'', h)
}

// ParsePosition reads "LAT,LON" in decimal degrees, e.g. "10.2,-64.85".
func ParsePosition(s string) (Position, error) {
	lat, lon, ok := strings.Cut(s, ",")
	if !ok {
		return Position{}, Errorf(Invalid, "position", strconv.Quote(s), "want LAT,LON in decimal degrees")
	}
	var p Position
	var err1, err2 error
	p.Lat, err1 = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p.Lon, err2 = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err1 != nil || err2 != nil || !p.Valid() {
		return Position{}, Errorf(Invalid, "position", strconv.Quote(s), "want LAT,LON in decimal degrees, latitude -90 to 90, longitude -180 to 180")
	}
	return p, nil
}

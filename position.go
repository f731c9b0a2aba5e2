package navicert

import (
	"fmt"
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
	return dm(p.Lat, 2, 'N', 'S') + " " + dm(p.Lon, 3, 'E', 'W')
}

func dm(v float64, width int, pos, neg byte) string {
	h := pos
	if v < 0 {
		h, v = neg, -v
	}
	hundredths := math.Round(v * 60 * 100)
	deg := math.Floor(hundredths / 6000)
	return fmt.Sprintf("%0*d°%05.2f'%c", width, int(deg), hundredths/100-deg*60, h)
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

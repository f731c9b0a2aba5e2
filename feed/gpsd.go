package feed

import (
	"bytes"
	"time"

	"navicert"
)

// gpsd is JSON lines of gpsd, scaled or not, and of navicert decode, which has
// the time of reception beside; gpsd gives none.
func gpsd() Format {
	scaled := layout{
		name: "gpsd", title: "JSON lines of gpsd, and of navicert decode",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "time", colLat: "lat", colLon: "lon", colSOG: "speed", colCOG: "course",
			colHeading: "heading", colName: "shipname", colIMO: "imo", colCallSign: "callsign", colType: "shiptype",
			colStatus: "status", colDraught: "draught", colBow: "to_bow", colStern: "to_stern", colPort: "to_port",
			colStarboard: "to_starboard", colDestination: "destination", colKind: "type", colStation: "station",
			colExtra: "time_from",
		},
		unknown:  []string{"nan", "fast"}, // "fast" is 102.2 knots and more
		statuses: statusWords(), when: gpsdTime, kind: gpsdKind,
	}
	unscaled := scaled
	unscaled.perDegree, unscaled.perKnot, unscaled.perCourse, unscaled.perMetre = 600000, 10, 10, 10
	longRange := scaled
	longRange.perDegree = 600
	return jsonLines{
		layout: scaled,
		is: func(o object) bool {
			switch o["class"] {
			case "VERSION", "DEVICES", "DEVICE", "WATCH", "TPV", "SKY":
				return true
			case "AIS":
				return !isCatcherObject(o)
			}
			return false
		},
		pick: func(o object) (*layout, string, string) {
			switch {
			case o["class"] != "AIS":
				return &scaled, "", OtherType
			case o["scaled"] != "false":
				return &scaled, "", ""
			case o["type"] == "27":
				return &longRange, "", ""
			}
			return &unscaled, "", ""
		},
	}.format()
}

// Coarse is the reason of positions of long-range messages that were rounded to
// a tenth of a degree, up to 4 miles off.
const Coarse = "coarse"

// gpsdKind is messageKind; gpsd writes scaled positions of type 27 with one
// decimal, where the message has 1/600 degree.
func gpsdKind(t *tableReader) (navicert.Class, string) {
	class, why := messageKind(t)
	if why == "" && t.long && t.lay.perDegree == 0 && decimals(t.col(colLat)) < 2 && decimals(t.col(colLon)) < 2 {
		return class, Coarse
	}
	return class, why
}

// decimals returns how many digits a number has behind its point.
func decimals(s []byte) int {
	i := bytes.IndexByte(s, '.')
	if i < 0 {
		return 0
	}
	return len(s) - i - 1
}

// gpsdTime reads the time that navicert decode writes, with the clock it names.
func gpsdTime(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
	from := string(t.col(colExtra))
	if !isKnownClock(from) { // base stations' own times are under other names
		return time.Time{}, "", true
	}
	at, ok := t.day.parse(t.col(colTime))
	return at, navicert.TimeFrom(from), ok
}

package feed

import (
	"strings"
	"time"

	"navicert"
)

// dma is the daily table of the Danish Maritime Authority, with 22 columns or,
// with the antenna's place, 26. Days come first in its dates, a report that
// several stations heard stands there several times, and base stations and aids
// are among the vessels.
func dma() Format {
	return tableFormat(layout{
		name: "dma", title: "Danish Maritime Authority CSV, 22 or 26 columns",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "timestamp", colLat: "latitude", colLon: "longitude", colSOG: "sog", colCOG: "cog",
			colHeading: "heading", colName: "name", colIMO: "imo", colCallSign: "callsign", colType: "ship type",
			colStatus: "navigational status", colLength: "length", colWidth: "width", colDraught: "draught",
			colBow: "a", colStern: "b", colPort: "c", colStarboard: "d", colDestination: "destination",
			colKind: "type of mobile", colExtra: "cargo type",
		},
		also:    []string{"type of mobile", "navigational status"},
		unknown: []string{"Unknown", "Undefined", "Unknown value"},
		repeats: true, statuses: statusWords(), when: dayFirst, kind: mobileKind, shipType: danishType,
	})
}

// dayFirst reads "01/06/2018 00:00:00", the first of June.
func dayFirst(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
	s := t.col(colTime)
	if len(s) != 19 || s[2] != '/' || s[5] != '/' || s[10] != ' ' {
		return time.Time{}, navicert.TimeFile, false
	}
	iso := [19]byte{s[6], s[7], s[8], s[9], '-', s[3], s[4], '-', s[0], s[1]}
	copy(iso[10:], s[10:])
	at, ok := t.day.parse(iso[:])
	return at, navicert.TimeFile, ok
}

// mobileKind reads the type of mobile; what is neither class is no vessel.
func mobileKind(t *tableReader) (navicert.Class, string) {
	switch string(t.col(colKind)) {
	case "Class A":
		return navicert.ClassA, ""
	case "Class B":
		return navicert.ClassB, ""
	}
	return "", NotVessel
}

// danishType makes a ship type of its two columns: "Tanker" and "Category X"
// are 81. Words without a number of their own are unknown.
func danishType(t *tableReader) (int, bool) {
	code, ok := map[string]int{
		"fishing": 30, "towing": 31, "towing long/wide": 32, "dredging": 33, "diving": 34, "military": 35, "sailing": 36,
		"pleasure": 37, "pilot": 50, "sar": 51, "tug": 52, "port tender": 53, "anti-pollution": 54, "law enforcement": 55,
		"medical": 58, "not party to conflict": 59,
		"wig": 20, "hsc": 40, "passenger": 60, "cargo": 70, "tanker": 80, "other": 90,
	}[strings.ToLower(string(t.col(colType)))]
	if !ok || code%10 != 0 || code == 30 || code == 50 {
		return code, ok
	}
	switch strings.ToLower(string(t.col(colExtra))) {
	case "category x":
		code++
	case "category y":
		code += 2
	case "category z":
		code += 3
	case "category os":
		code += 4
	case "no additional information":
		code += 9
	}
	return code, true
}

// statusWords are the navigational statuses of ITU-R M.1371 as the Danish
// tables and gpsd spell them, in small letters.
func statusWords() map[string]navicert.NavStatus {
	return map[string]navicert.NavStatus{
		"under way using engine": navicert.UnderWayEngine, "at anchor": navicert.AtAnchor, "not under command": 2,
		"restricted maneuverability": 3, "restricted manoeuverability": 3, "restricted manoeuvrability": 3,
		"constrained by her draught": 4, "moored": navicert.Moored, "aground": navicert.Aground,
		"engaged in fishing": navicert.Fishing, "under way sailing": navicert.UnderWaySail,
		"reserved for future amendment [hsc]": 9, "reserved for future amendment [wig]": 10,
		"power-driven vessel towing astern": 11, "power-driven vessel pushing ahead or towing alongside": 12,
		"reserved for future use": 13, "ais-sart": 14, "ais-sart (active)": 14,
	}
}

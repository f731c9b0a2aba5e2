package feed

import (
	"time"

	"navicert"
)

// exactEarth is exactEarth's table of decoded messages, satellite and shore: 139
// quoted columns, in which each message fills those that it has.
func exactEarth() Format {
	return tableFormat(layout{
		name: "exactearth", title: "exactEarth CSV of 139 columns",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "time", colLat: "latitude", colLon: "longitude", colSOG: "sog", colCOG: "cog",
			colHeading: "heading", colName: "vessel_name", colIMO: "imo", colCallSign: "call_sign", colType: "ship_type",
			colStatus: "navigational_status", colDraught: "draught", colBow: "dimension_to_bow", colStern: "dimension_to_stern",
			colPort: "dimension_to_port", colStarboard: "dimension_to_starboard", colDestination: "destination",
			colKind: "message_id", colExtra: "millisecond",
		},
		also: []string{"message_id", "millisecond"}, unknown: []string{"None"}, perMetre: 10,
		when: exactEarthTime, kind: messageKind,
	})
}

// exactEarthTime reads "20210701_185151" and the milliseconds beside it.
func exactEarthTime(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
	s := t.col(colTime)
	if len(s) != 15 || s[8] != '_' {
		return time.Time{}, navicert.TimeFile, false
	}
	iso := [19]byte{
		s[0], s[1], s[2], s[3], '-', s[4], s[5], '-', s[6], s[7], 'T', s[9], s[10], ':', s[11], s[12], ':', s[13], s[14],
	}
	at, ok := t.day.parse(iso[:])
	if ms := t.col(colExtra); ok && len(ms) > 0 {
		var n uint64
		n, ok = wholeNumber(ms, 4) // 1002 happens
		at = at.Add(time.Duration(n) * time.Millisecond)
	}
	return at, navicert.TimeFile, ok
}

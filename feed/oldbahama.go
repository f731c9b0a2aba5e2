package feed

// oldBahama is the table of the Old Bahama Channel. Its positions are means of
// five minutes, and the fixes are marked so: a mean may lie in a zone that the
// ship went around.
func oldBahama() Format {
	return tableFormat(layout{
		name: "obc", title: "Old Bahama Channel CSV of five-minute averages",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "period", colLat: "lat_avg|lat", colLon: "lon_avg|lon", colSOG: "speed_knots|speed",
			colCOG: "cog_deg|cog", colHeading: "heading_deg|heading", colStatus: "nav_status", colName: "name",
			colIMO: "imo_number", colCallSign: "call_sign", colType: "ship_and_cargo_type", colDraught: "draught",
			colBow: "dim_bow", colStern: "dim_stern", colPort: "dim_port", colStarboard: "dim_starboard",
			colDestination: "destination", colKind: "msg_type", colStation: "receiver",
		},
		unknown: []string{"None"}, average: true, when: zoneTime, kind: messageKind,
	})
}

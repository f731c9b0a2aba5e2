package feed

// spire is an extract of Spire's messages: position reports and static reports
// in one table, each with the columns that it has. timestamp is when the
// message was sent; created_at, when the record was made, is not read.
func spire() Format {
	return tableFormat(layout{
		name: "spire", title: "Spire CSV extract",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "timestamp", colLat: "latitude", colLon: "longitude", colSOG: "speed", colCOG: "course",
			colHeading: "heading", colName: "name", colIMO: "imo", colCallSign: "call_sign|callsign",
			colType: "ship_and_cargo_type|ship_type", colStatus: "status", colLength: "length", colWidth: "width",
			colDraught: "draught", colDestination: "destination", colKind: "msg_type",
			colStation: "collection_type", // terrestrial, satellite or dynamic
		},
		also: []string{"created_at", "msg_type"}, unknown: []string{"NULL", "null", "None"},
		when: zoneTime, kind: messageKind,
	})
}

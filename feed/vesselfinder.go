package feed

// vesselFinder is an export of VesselFinder. ETA is the service's own guess of
// a year and is not read.
func vesselFinder() Format {
	return tableFormat(layout{
		name: "vesselfinder", title: "VesselFinder CSV export",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "timestamp", colLat: "latitude", colLon: "longitude", colSOG: "speed", colCOG: "course",
			colHeading: "heading", colStatus: "navstat", colIMO: "imo", colName: "name", colCallSign: "callsign", colType: "type",
			colBow: "a", colStern: "b", colPort: "c", colStarboard: "d", colDraught: "draught", colDestination: "destination",
		},
		also: []string{"speed", "course", "navstat", "src"}, unknown: []string{"NULL", "null"},
		when: zoneTime,
	})
}

package feed

// gfwCSV is a table of Global Fishing Watch's positions. Its numbers went
// through 32 bits and carry their noise, and it is thinned.
func gfwCSV() Format {
	return tableFormat(layout{
		name: "gfw-csv", title: "Global Fishing Watch CSV",
		columns: gfwNames(), also: []string{"ssvid"}, when: zoneTime,
	})
}

func gfwNames() columnNames {
	return columnNames{
		colMMSI: "ssvid", colTime: "timestamp", colLat: "lat", colLon: "lon", colSOG: "speed|speed_knots", colCOG: "course",
		colHeading: "heading", colName: "shipname", colIMO: "imo", colCallSign: "callsign", colDestination: "destination",
	}
}

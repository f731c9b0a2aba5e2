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

// gfwJSON is the same as one JSON object a line.
func gfwJSON() Format {
	lay := layout{name: "gfw-json", title: "Global Fishing Watch JSON lines", columns: gfwNames(), when: zoneTime}
	return jsonLines{
		layout: lay,
		is:     func(o object) bool { return o["ssvid"] != "" && o["timestamp"] != "" },
		pick:   func(object) (*layout, string, string) { return &lay, "", "" },
	}.format()
}

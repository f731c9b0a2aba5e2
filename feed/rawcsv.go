package feed

// rawCSV is a table of position reports whose numbers are those of the message:
// 1/10000 of a minute, tenths of knots and degrees. The Singapore tanker tracks
// are of this kind; their file names, the IMO numbers, are not read: nobody
// received them.
func rawCSV() Format {
	return tableFormat(layout{
		name: "raw-csv", title: "CSV of position reports with the integers of the message",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "timestamp", colLat: "latitude", colLon: "longitude", colSOG: "speed_over_ground",
			colCOG: "course_over_ground", colHeading: "true_heading", colStatus: "navigation_status", colKind: "message_type",
		},
		also:      []string{"message_type", "speed_over_ground", "course_over_ground", "true_heading"},
		perDegree: 600000, perKnot: 10, perCourse: 10, kind: messageKind, when: zoneTime,
	})
}

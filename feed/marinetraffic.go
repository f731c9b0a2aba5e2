package feed

import "bytes"

// SpeedUnit is noted for speeds that may be in knots or in tenths of one.
const SpeedUnit = "speed_unit"

// marineTraffic is an export of MarineTraffic, now Kpler. Its old ones have
// whole tenths of a knot under SPEED and its new ones knots, with the same
// header: the first 64 KiB of rows decide. A speed with a point says that all
// are knots, one over 102 without any point that all are tenths. When neither
// is there, speeds are left out.
func marineTraffic() Format {
	knots := layout{
		name: "marinetraffic", title: "MarineTraffic and Kpler CSV export",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "timestamp", colLat: "lat", colLon: "lon", colSOG: "speed", colCOG: "course",
			colHeading: "heading", colStatus: "status", colName: "shipname|ship_name", colIMO: "imo", colCallSign: "callsign",
			colType: "shiptype|ship_type", colDestination: "destination",
		},
		also: []string{"speed", "course", "heading", "status"}, unknown: []string{"NULL", "null"},
		when: zoneTime,
	}
	unsure := knots
	unsure.noSpeed = true
	tenths := knots
	tenths.perKnot = 10
	unsure.choose = func(h *header, head []byte) *layout {
		found := &unsure
		var r row
		for line := range bytes.Lines(head) {
			if !bytes.HasSuffix(line, []byte{'\n'}) || r.split(bytes.TrimRight(line, "\r\n"), h.width) != "" {
				continue
			}
			s := r.field(h.at[colSOG])
			v, ok := decimal(s)
			switch {
			case ok && bytes.IndexByte(s, '.') >= 0:
				return &knots
			case ok && v > 102:
				found = &tenths
			}
		}
		return found
	}
	return tableFormat(unsure)
}

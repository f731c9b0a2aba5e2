package feed

// invalid is the reason of messages that their decoder calls damaged.
const invalid = "invalid"

// aisstream is the frames of aisstream.io, and of openwaters.io, one a line. The
// position and the name under MetaData are the ship's last known ones and not
// this message's; they are not read.
func aisstream() Format {
	lay := layout{
		name: "aisstream", title: "JSON of aisstream.io and openwaters.io, a frame a line",
		columns: columnNames{
			colMMSI: "UserID", colTime: "MetaData.time_utc", colLat: "Latitude", colLon: "Longitude", colSOG: "Sog",
			colCOG: "Cog", colHeading: "TrueHeading", colName: "Name|ReportA.Name", colIMO: "ImoNumber",
			colCallSign: "CallSign|ReportB.CallSign", colType: "Type|ReportB.ShipType", colStatus: "NavigationalStatus",
			colDraught: "MaximumStaticDraught", colBow: "Dimension.A|ReportB.Dimension.A",
			colStern: "Dimension.B|ReportB.Dimension.B", colPort: "Dimension.C|ReportB.Dimension.C",
			colStarboard: "Dimension.D|ReportB.Dimension.D", colDestination: "Destination", colKind: "MessageID",
		},
		when: zoneTime, kind: messageKind,
	}
	return jsonLines{
		layout: lay,
		is:     func(o object) bool { return o["MessageType"] != "" && o["MetaData.time_utc"] != "" },
		pick: func(o object) (*layout, string, string) {
			prefix := "Message." + o["MessageType"] + "."
			switch {
			case o[prefix+"MessageID"] == "":
				return &lay, prefix, OtherType
			case o[prefix+"Valid"] == "false":
				return &lay, prefix, invalid
			}
			return &lay, prefix, ""
		},
	}.format()
}

package feed

import (
	"strings"
	"time"

	"navicert"
)

// digitraffic is what Fintraffic's Digitraffic sends: its WebSocket frames, one
// a line, or its MQTT messages with the topic beside, as mosquitto_sub -F %J
// prints them. The class is not said.
func digitraffic() Format {
	lay := layout{
		name: "digitraffic", title: "JSON lines of Digitraffic, from WebSocket or MQTT",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "properties.timestampExternal|timestamp", colExtra: "time",
			colLat: "geometry.coordinates.1|lat", colLon: "geometry.coordinates.0|lon", colSOG: "properties.sog|sog",
			colCOG: "properties.cog|cog", colHeading: "properties.heading|heading", colStatus: "properties.navStat|navStat",
			colName: "name", colIMO: "imo", colCallSign: "callSign", colType: "shipType|type", colDraught: "draught",
			colBow: "referencePointA|refA", colStern: "referencePointB|refB", colPort: "referencePointC|refC",
			colStarboard: "referencePointD|refD", colDestination: "destination",
		},
		perMetre: 10, when: digitrafficTime,
	}
	return jsonLines{
		layout: lay,
		is: func(o object) bool {
			return strings.HasPrefix(o["type"], "VESSEL_") || o["type"] == "STATUS" && o["data.status"] != "" ||
				strings.HasPrefix(o["topic"], "vessels-v2/")
		},
		pick: func(o object) (*layout, string, string) {
			kind, topic := o["type"], strings.Split(o["topic"], "/")
			delete(o, "type")
			switch {
			case kind == "VESSEL_LOCATION":
				delete(o, "data.type") // of GeoJSON, not of the ship
				return &lay, "data.", ""
			case kind == "VESSEL_METADATA":
				return &lay, "data.", ""
			case len(topic) == 3 && topic[0] == "vessels-v2":
				o["payload.mmsi"] = topic[1]
				return &lay, "payload.", ""
			}
			return &lay, "", OtherType
		},
	}.format()
}

// digitrafficTime reads milliseconds, or seconds under another name.
func digitrafficTime(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
	if s := t.col(colExtra); len(s) > 0 {
		at, ok := epoch(s, 1)
		return at, navicert.TimeFile, ok
	}
	s := t.col(colTime)
	if len(s) == 0 {
		return time.Time{}, "", true
	}
	at, ok := epoch(s, 1000)
	return at, navicert.TimeFile, ok
}

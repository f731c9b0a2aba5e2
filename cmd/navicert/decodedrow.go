package main

import (
	"time"

	"navicert"
	"navicert/ais"
)

// decodedRow is what decode's tables have of a message, or of a report of a
// table: the values that most of them share.
type decodedRow struct {
	at          time.Time
	from        navicert.TimeFrom // "": no time
	station     string
	kind        uint8 // of the message, 1 to 27; 0 for reports of tables
	mmsi        navicert.MMSI
	lat, lon    navicert.Opt[float64]
	speed       navicert.Opt[float64]
	course      navicert.Opt[float64]
	heading     navicert.Opt[float64]
	status      navicert.Opt[navicert.NavStatus]
	imo         uint32 // as sent, 0 unknown
	callSign    string
	shipName    string
	shipType    navicert.Opt[int]
	length      navicert.Opt[float64]
	beam        navicert.Opt[float64]
	draught     navicert.Opt[float64]
	destination string
	raw         []string // the sentences, when withRaw
}

// message makes the row of a message.
func (r *decodedRow) message(m *ais.Message, withRaw bool) {
	h := m.Body.Head()
	raw := r.raw[:0]
	*r = decodedRow{kind: h.Type, mmsi: h.MMSI, station: m.Station()}
	r.at, r.from = m.Time()
	if withRaw {
		for i := range m.Parts() {
			raw = append(raw, string(m.Part(i)))
		}
		r.raw = raw
	}
	switch b := m.Body.(type) {
	case *ais.PositionA:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
		r.status = b.Status.Nav()
	case *ais.PositionB:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
	case *ais.ExtendedB:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
		r.shipName = b.ShipName.String()
		r.vessel(b.ShipType.Value(), b.Dim)
	case *ais.LongRange:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Knots(), b.CourseDegrees(), navicert.Opt[float64]{})
		r.status = b.Status.Nav()
	case *ais.BaseStation:
		r.lat, r.lon = b.Lat.Degrees(), b.Lon.Degrees()
	case *ais.Aid:
		r.lat, r.lon, r.shipName = b.Lat.Degrees(), b.Lon.Degrees(), string(b.AppendName(nil))
	case *ais.Aircraft:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), navicert.Opt[float64]{})
	case *ais.StaticVoyage:
		r.imo, r.callSign, r.shipName = uint32(b.IMO), b.CallSign.String(), b.ShipName.String()
		r.vessel(b.ShipType.Value(), b.Dim)
		r.draught, r.destination = b.Draught.Metres(), b.Destination.String()
	case *ais.StaticB:
		r.callSign, r.shipName = b.CallSign.String(), b.ShipName.String()
		r.vessel(b.ShipType.Value(), b.Dim)
	}
}

func (r *decodedRow) moving(lat, lon, speed, course, heading navicert.Opt[float64]) {
	r.lat, r.lon, r.speed, r.course, r.heading = lat, lon, speed, course, heading
}

func (r *decodedRow) vessel(kind navicert.Opt[int], dim ais.Dimensions) {
	r.shipType, r.length, r.beam = kind, dim.Length(), dim.Beam()
}

// fix makes the row of a position that a table reports.
func (r *decodedRow) fix(f *navicert.Fix) {
	*r = decodedRow{at: f.Time, from: f.TimeFrom, station: f.Station, mmsi: f.MMSI, status: f.Status}
	r.moving(navicert.Some(f.Pos.Lat), navicert.Some(f.Pos.Lon), f.SpeedKn, f.CourseDeg, f.HeadingDeg)
}

// static makes the row of what a table says of a vessel.
func (r *decodedRow) static(s *navicert.Static) {
	*r = decodedRow{
		at: s.Time, from: s.TimeFrom, station: s.Station, mmsi: s.MMSI,
		imo: uint32(s.IMO), callSign: string(s.CallSign), shipName: s.Name, shipType: s.ShipType,
		length: s.LengthM, beam: s.BeamM, draught: s.DraughtM, destination: s.Destination,
	}
}

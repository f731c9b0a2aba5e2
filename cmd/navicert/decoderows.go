package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/ais"
)

// The columns of decode's tables, with their widths on a terminal.
var decodeColumns = []struct {
	name  string
	width int
}{
	{"time", 20},
	{"time_from", 8},
	{"station", 10},
	{"type", 4},
	{"mmsi", 9},
	{"lat", 10},
	{"lon", 11},
	{"speed", 5},
	{"course", 6},
	{"heading", 7},
	{"status", 6},
	{"imo", 7},
	{"callsign", 8},
	{"shipname", 20},
	{"shiptype", 8},
	{"length", 6},
	{"beam", 5},
	{"draught", 7},
	{"destination", 20},
}

// decodeRows prints the fields that most reports have, as CSV or in columns of
// fixed width: messages come without end, and a table that fits its content
// would have to wait for it.
type decodeRows struct {
	w   *bufio.Writer
	csv *csv.Writer // nil: columns
	row []string
}

func newDecodeRows(w *bufio.Writer, asCSV bool) *decodeRows {
	r := &decodeRows{w: w}
	if asCSV {
		r.csv = csv.NewWriter(w)
	}
	for _, c := range decodeColumns {
		r.row = append(r.row, c.name)
	}
	_ = r.print() // an error stays in the writer
	return r
}

func (r *decodeRows) print() error {
	if r.csv != nil {
		return r.csv.Write(r.row)
	}
	var line strings.Builder
	for i, c := range decodeColumns {
		fmt.Fprintf(&line, "%-*.*s ", c.width, c.width, r.row[i])
	}
	_, err := r.w.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	return err
}

// set puts values into columns by name.
func (r *decodeRows) set(names string, values ...string) {
	for i, name := range strings.Fields(names) {
		for k, c := range decodeColumns {
			if c.name == name {
				r.row[k] = values[i]
			}
		}
	}
}

// begin clears the row and sets what every report has.
func (r *decodeRows) begin(at time.Time, from navicert.TimeFrom, station string, mmsi navicert.MMSI) {
	clear(r.row)
	when := ""
	if from != "" {
		when = at.Format(time.RFC3339Nano)
	}
	r.set("time time_from station mmsi", when, string(from), station, fmt.Sprintf("%09d", uint32(mmsi)))
}

func (r *decodeRows) message(m *ais.Message) error {
	at, from := m.Time()
	h := m.Body.Head()
	r.begin(at, from, m.Station(), h.MMSI)
	r.set("type", strconv.Itoa(int(h.Type)))
	switch b := m.Body.(type) {
	case *ais.PositionA:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
		r.set("status", status(b.Status.Nav()))
	case *ais.PositionB:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
	case *ais.ExtendedB:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), b.Heading.Degrees())
		r.vessel("", "", b.ShipName.String(), b.ShipType.Value(), b.Dim.Length(), b.Dim.Beam())
	case *ais.LongRange:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Knots(), b.CourseDegrees(), navicert.Opt[float64]{})
		r.set("status", status(b.Status.Nav()))
	case *ais.BaseStation:
		r.set("lat lon", degrees(b.Lat.Degrees()), degrees(b.Lon.Degrees()))
	case *ais.Aid:
		r.set("lat lon shipname", degrees(b.Lat.Degrees()), degrees(b.Lon.Degrees()), string(b.AppendName(nil)))
	case *ais.Aircraft:
		r.moving(b.Lat.Degrees(), b.Lon.Degrees(), b.Speed.Knots(), b.Course.Degrees(), navicert.Opt[float64]{})
	case *ais.StaticVoyage:
		imo := ""
		if b.IMO != 0 {
			imo = strconv.Itoa(int(b.IMO))
		}
		r.vessel(imo, b.CallSign.String(), b.ShipName.String(), b.ShipType.Value(), b.Dim.Length(), b.Dim.Beam())
		r.set("draught destination", decimal(b.Draught.Metres()), b.Destination.String())
	case *ais.StaticB:
		r.vessel("", b.CallSign.String(), b.ShipName.String(), b.ShipType.Value(), b.Dim.Length(), b.Dim.Beam())
	}
	return r.print()
}

func (r *decodeRows) fix(f *navicert.Fix) error {
	r.begin(f.Time, f.TimeFrom, f.Station, f.MMSI)
	r.moving(navicert.Some(f.Pos.Lat), navicert.Some(f.Pos.Lon), f.SpeedKn, f.CourseDeg, f.HeadingDeg)
	r.set("status", status(f.Status))
	return r.print()
}

func (r *decodeRows) static(s *navicert.Static) error {
	r.begin(s.Time, s.TimeFrom, s.Station, s.MMSI)
	r.vessel(s.IMO.String(), string(s.CallSign), s.Name, s.ShipType, s.LengthM, s.BeamM)
	r.set("draught destination", decimal(s.DraughtM), s.Destination)
	return r.print()
}

func (r *decodeRows) moving(lat, lon, speed, course, heading navicert.Opt[float64]) {
	r.set("lat lon speed course heading", degrees(lat), degrees(lon), decimal(speed), decimal(course), decimal(heading))
}

func (r *decodeRows) vessel(imo, callSign, name string, kind navicert.Opt[int], length, beam navicert.Opt[float64]) {
	shipType := ""
	if v, ok := kind.Get(); ok {
		shipType = strconv.Itoa(v)
	}
	r.set("imo callsign shipname shiptype length beam", imo, callSign, name, shipType, decimal(length), decimal(beam))
}

// degrees prints six decimals, decimal as many as there are, status the number.
func degrees(v navicert.Opt[float64]) string {
	d, ok := v.Get()
	if !ok {
		return ""
	}
	return strconv.FormatFloat(d, 'f', 6, 64)
}

func decimal(v navicert.Opt[float64]) string {
	d, ok := v.Get()
	if !ok {
		return ""
	}
	return strconv.FormatFloat(d, 'f', -1, 64)
}

func status(v navicert.Opt[navicert.NavStatus]) string {
	s, ok := v.Get()
	if !ok {
		return ""
	}
	return strconv.Itoa(int(s))
}

func (r *decodeRows) flush() error {
	if r.csv != nil {
		r.csv.Flush()
		if err := r.csv.Error(); err != nil {
			return err
		}
	}
	return r.w.Flush()
}

func (r *decodeRows) close() error { return r.flush() }

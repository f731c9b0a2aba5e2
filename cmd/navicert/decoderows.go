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
	w    *bufio.Writer
	csv  *csv.Writer // nil: columns
	row  decodedRow
	text []string
}

func newDecodeRows(w *bufio.Writer, asCSV bool) *decodeRows {
	r := &decodeRows{w: w}
	if asCSV {
		r.csv = csv.NewWriter(w)
	}
	for _, c := range decodeColumns {
		r.text = append(r.text, c.name)
	}
	_ = r.write() // an error stays in the writer
	return r
}

func (r *decodeRows) message(m *ais.Message) error {
	r.row.message(m, false)
	return r.print()
}

func (r *decodeRows) fix(f *navicert.Fix) error {
	r.row.fix(f)
	return r.print()
}

func (r *decodeRows) static(s *navicert.Static) error {
	r.row.static(s)
	return r.print()
}

// print writes the row, in the order of decodeColumns.
func (r *decodeRows) print() error {
	d := &r.row
	when := ""
	if d.from != "" {
		when = d.at.Format(time.RFC3339Nano)
	}
	shipType := ""
	if v, ok := d.shipType.Get(); ok {
		shipType = strconv.Itoa(v)
	}
	r.text = append(
		r.text[:0], when, string(d.from), d.station, number(uint64(d.kind)), fmt.Sprintf("%09d", uint32(d.mmsi)),
		degrees(d.lat), degrees(d.lon), decimal(d.speed), decimal(d.course), decimal(d.heading), status(d.status),
		number(uint64(d.imo)), d.callSign, d.shipName, shipType, decimal(d.length), decimal(d.beam), decimal(d.draught), d.destination,
	)
	return r.write()
}

func (r *decodeRows) write() error {
	if r.csv != nil {
		return r.csv.Write(r.text)
	}
	var line strings.Builder
	for i, c := range decodeColumns {
		fmt.Fprintf(&line, "%-*.*s ", c.width, c.width, r.text[i])
	}
	_, err := r.w.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	return err
}

// number prints a number of which 0 is unknown.
func number(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
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

func (r *decodeRows) abandon() { _ = r.flush() }

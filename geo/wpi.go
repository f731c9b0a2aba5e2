package geo

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"navicert"
)

// wpiWithinNM is how well the World Port Index knows a position: it is rounded
// to the minute.
const wpiWithinNM = 1

// Reasons for which a row of the World Port Index is refused, and what is noted
// of rows that are used.
const (
	WPIColumns      = "wrong number of columns"
	WPINoNumber     = "no index number"
	WPINoName       = "no name"
	WPIBadPosition  = "no position on earth"
	WPIRepeated     = "the same row again" // number, name and place
	WPINumberAgain  = "index number of another row"
	WPIBadCode      = "malformed UN/LOCODE, left out"
	WPINoCode       = "no UN/LOCODE"
	WPICodeAgain    = "UN/LOCODE of another row"
	WPINoCountry    = "country not known"
	WPIFarFromCode  = "farther than 60 nm from the place of its UN/LOCODE"
	farFromCodeNM   = 60
	maxWPIRows      = 100_000
	maxWPIFieldSize = 4 << 10
	maxWPIBytes     = 16 << 20 // that of April 2026 has 3.5 MB
	maxWPILine      = 256 << 10
)

// wpiColumns are the columns that are read, of 109.
var wpiColumns = [...]string{
	"World Port Index Number", "Main Port Name", "UN/LOCODE", "Country Code", "Latitude", "Longitude", "Facilities - Oil Terminal",
}

// PortFile is what was read from a file of ports: Rows = len(Ports) + what
// Refused counts.
type PortFile struct {
	Rows    int            `json:"rows"`
	Ports   []Port         `json:"ports"`
	Refused navicert.Tally `json:"refused"`
	Noted   navicert.Tally `json:"noted"`
}

// ReadWPI reads the World Port Index (NGA Pub. 150) in CSV, by the names of its
// columns. Rows that cannot be used are refused with the reason; a file that is
// something else is refused whole. Its positions, rounded to the minute, are
// compared with those of the UN/LOCODE database, which knows many only by the
// town: the port's own is taken, and what lies far apart is noted.
func ReadWPI(ctx context.Context, r io.Reader, name string) (PortFile, error) {
	const op = "read ports"
	var f PortFile
	in := csv.NewReader(&wpiBytes{ctx: ctx, from: r, name: name})
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil {
		if navicert.KindOf(err) != "" || ctx.Err() != nil {
			return f, err
		}
		return f, navicert.Errorf(navicert.Invalid, op, name, "it has no header: %w", err)
	}
	column := map[string]int{}
	for i, h := range header {
		column[strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))] = i
	}
	w := wpiReader{file: &f, ids: map[string]Port{}, again: map[string]int{}, codes: map[string]bool{}}
	for _, c := range []struct {
		name string
		at   *int
	}{
		{wpiColumns[0], &w.number},
		{wpiColumns[1], &w.name},
		{wpiColumns[2], &w.code},
		{wpiColumns[3], &w.country},
		{wpiColumns[4], &w.lat},
		{wpiColumns[5], &w.lon},
		{wpiColumns[6], &w.oil},
	} {
		i, ok := column[c.name]
		if !ok {
			return f, navicert.Errorf(navicert.Invalid, op, name, "there is no column %q", c.name).WithHint("want the World Port Index, NGA Pub. 150, in CSV")
		}
		*c.at = i
	}
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if f.Rows++; f.Rows > maxWPIRows {
			return f, navicert.Errorf(navicert.Limit, op, name, "it has more than %d rows", maxWPIRows)
		}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			return f, navicert.Errorf(navicert.Invalid, op, fmt.Sprintf("%s line %d", name, bad.Line), "%w", bad.Err).WithHint("is the file cut off?")
		case err != nil:
			return f, err
		}
		line, _ := in.FieldPos(0)
		if len(row) != len(header) {
			f.Refused.Add(WPIColumns, fmt.Sprintf("line %d: %d of %d", line, len(row), len(header)))
			continue
		}
		w.row(row, line)
	}
	if len(f.Ports) == 0 {
		return f, navicert.Errorf(navicert.Invalid, op, name, "none of its %d rows is a port", f.Rows)
	}
	return f, nil
}

// wpiBytes reads no more than a file of ports can have, in all and on one line, and
// ends with the context: what is no table may be one row without an end.
type wpiBytes struct {
	ctx  context.Context
	from io.Reader
	read int
	line int // of it since the last line ended
	name string
}

func (b *wpiBytes) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.from.Read(p)
	b.read += n
	b.line += n
	if end := bytes.LastIndexByte(p[:n], '\n'); end >= 0 {
		b.line = n - end
	}
	switch {
	case b.read > maxWPIBytes:
		return 0, navicert.Errorf(navicert.Limit, "read ports", b.name, "it has more than %d MB", maxWPIBytes>>20)
	case b.line > maxWPILine:
		return 0, navicert.Errorf(navicert.Limit, "read ports", b.name, "it has a line of more than %d KB", maxWPILine>>10)
	}
	return n, err
}

type wpiReader struct {
	file                                       *PortFile
	number, name, code, country, lat, lon, oil int
	ids                                        map[string]Port
	again                                      map[string]int // how often an index number has come in all
	codes                                      map[string]bool
}

func (w *wpiReader) row(row []string, line int) {
	f := w.file
	p := Port{Name: strings.Clone(clean(row[w.name])), Kind: SeaPort, WithinNM: wpiWithinNM}
	number, ok := wpiNumber(row[w.number])
	where := fmt.Sprintf("line %d: %s %s", line, row[w.number], p.Name)
	switch {
	case !ok:
		f.Refused.Add(WPINoNumber, where)
		return
	case p.Name == "":
		f.Refused.Add(WPINoName, where)
		return
	}
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(row[w.lat]), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(row[w.lon]), 64)
	p.Pos = navicert.Position{Lat: round6(lat), Lon: round6(lon)}
	if err1 != nil || err2 != nil || !p.Pos.Valid() || p.Pos == (navicert.Position{}) {
		f.Refused.Add(WPIBadPosition, where+fmt.Sprintf(" at %s, %s", row[w.lat], row[w.lon]))
		return
	}
	p.WPI, p.Source, p.ID = number, "WPI "+number, "wpi:"+number
	if before, again := w.ids[p.ID]; again {
		if before.Name == p.Name && DistanceNM(before.Pos, p.Pos) < wpiWithinNM {
			f.Refused.Add(WPIRepeated, where)
			return
		}
		f.Noted.Add(WPINumberAgain, where+", which "+before.Name+" has")
		n := w.again[number] + 2
		w.again[number]++
		p.ID = fmt.Sprintf("wpi:%s/%d", number, n) // no number has a stroke in it
	}
	if clean(row[w.oil]) == "Yes" {
		p.Kind = OilTerminal
	}
	w.place(&p, row, where)
	w.ids[p.ID] = p
	f.Ports = append(f.Ports, p)
}

// place finds country and code.
func (w *wpiReader) place(p *Port, row []string, where string) {
	f := w.file
	var err error
	if p.Country, err = navicert.ParseFlag(clean(row[w.country])); err != nil {
		p.Country = ""
	}
	code := strings.ToUpper(strings.ReplaceAll(clean(row[w.code]), " ", ""))
	switch {
	case code == "":
		f.Noted.Add(WPINoCode, where)
	case len(code) != 5 || !isLocode(code):
		f.Noted.Add(WPIBadCode, where+": "+code)
	default:
		p.Code = code
		if p.Country == "" {
			p.Country, _ = navicert.ParseFlag(code[:2])
		}
		if w.codes[code] {
			f.Noted.Add(WPICodeAgain, where+": "+code)
		}
		w.codes[code] = true
		if place, err := locodePlace(code); err == nil {
			if at, ok := place.Pos.Get(); ok && DistanceNM(at, p.Pos) > farFromCodeNM {
				f.Noted.Add(WPIFarFromCode, fmt.Sprintf("%s: %s, %.0f nm", where, code, DistanceNM(at, p.Pos)))
			}
		}
	}
	if p.Country == "" {
		f.Noted.Add(WPINoCountry, where+": "+clean(row[w.country]))
	}
}

// clean takes the blanks off a field, and all of one that says nothing.
func clean(s string) string {
	if len(s) > maxWPIFieldSize {
		s = s[:maxWPIFieldSize]
	}
	if s = strings.TrimSpace(s); s == "Unknown" {
		return ""
	}
	return s
}

// wpiNumber reads "12180.0" or "9510.1" as the index writes its numbers.
func wpiNumber(s string) (string, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(v >= 1 && v < 1e6) {
		return "", false
	}
	return strconv.FormatFloat(v, 'f', -1, 64), true
}

func round6(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 6, 64), 64)
	return r
}

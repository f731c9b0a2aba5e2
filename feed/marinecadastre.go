package feed

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
)

// Reasons for which rows of a table are dropped.
const (
	BadColumns = "columns"  // fewer or more columns than the header
	BadQuote   = "quote"    // a quoted field that does not end
	BadMMSI    = "mmsi"     // no number of up to nine digits
	BadTime    = "time"     // no date and time, or one that does not exist
	BadNumber  = "position" // latitude or longitude is no number or lies outside the earth
	TooLong    = "too_long" // more than 64 KiB
)

// Values that are left out of records.
const (
	IMOCheck    = "imo_check"
	BadCallSign = "call_sign"
	badSpeed    = "speed"
	badCourse   = "course"
	badHeading  = "heading"
	badStatus   = "status"
	badType     = "vessel_type"
	badSize     = "size"
)

// marineCadastre is the table of MarineCadastre.gov, a day of the United
// States' coastal AIS thinned to one fix a minute: with the header of 2015 to
// 2023, or that of 2024 on, which puts longitude first.
func marineCadastre() Format {
	return Format{Name: "marinecadastre", Title: "MarineCadastre CSV, with the header of either kind", detect: isMarineCadastre, read: readMarineCadastre}
}

// The columns that are read, by number.
const (
	colMMSI = iota
	colTime
	colLat
	colLon
	colSOG
	colCOG
	colHeading
	colName
	colIMO
	colCallSign
	colType
	colStatus
	colLength
	colWidth
	colDraught
	colClass
	columns
)

// columnNames are the names of the columns in the old header and the new, in
// small letters.
var columnNames = [columns][2]string{
	colMMSI: {"mmsi", "mmsi"}, colTime: {"basedatetime", "base_date_time"}, colLat: {"lat", "latitude"},
	colLon: {"lon", "longitude"}, colSOG: {"sog", "sog"}, colCOG: {"cog", "cog"}, colHeading: {"heading", "heading"},
	colName: {"vesselname", "vessel_name"}, colIMO: {"imo", "imo"}, colCallSign: {"callsign", "call_sign"},
	colType: {"vesseltype", "vessel_type"}, colStatus: {"status", "status"}, colLength: {"length", "length"},
	colWidth: {"width", "width"}, colDraught: {"draft", "draft"}, colClass: {"transceiverclass", "transceiver"},
}

func isMarineCadastre(head []byte, whole bool) bool {
	line, _, ok := bytes.Cut(head, []byte{'\n'})
	if !ok && !whole {
		return false
	}
	_, err := parseHeader(line, "")
	return err == nil
}

// header says where the columns stand.
type header struct {
	at     [columns]int // -1: not there
	width  int
	static [][2]int // first and last of the columns in a row that say what a vessel is
}

// findStatic fills static.
func (h *header) findStatic() {
	for i := range h.width {
		if !slices.ContainsFunc(staticColumns[:], func(c int) bool { return h.at[c] == i }) {
			continue
		}
		if n := len(h.static); n > 0 && h.static[n-1][1] == i-1 {
			h.static[n-1][1] = i
		} else {
			h.static = append(h.static, [2]int{i, i})
		}
	}
}

// parseHeader finds the columns by name. Identity, time and place must be
// there.
func parseHeader(line []byte, subject string) (header, error) {
	h := header{}
	for i := range h.at {
		h.at[i] = -1
	}
	s := strings.TrimPrefix(strings.TrimRight(string(line[:min(len(line), 4096)]), "\r\n"), "\ufeff")
	for i, name := range strings.Split(s, ",") {
		name = strings.ToLower(strings.Trim(name, "\" \t"))
		h.width++
		for c, n := range columnNames {
			if (name == n[0] || name == n[1]) && h.at[c] < 0 {
				h.at[c] = i
				break
			}
		}
	}
	for _, c := range []int{colMMSI, colTime, colLat, colLon} {
		if h.at[c] < 0 {
			return h, navicert.Errorf(navicert.Invalid, "marinecadastre", subject, "the header has no column %s or %s", columnNames[c][0], columnNames[c][1]).
				WithHint("the first line must name the columns")
		}
	}
	if h.width > maxColumns {
		return h, navicert.Errorf(navicert.Limit, "marinecadastre", subject, "%d columns, at most %d", h.width, maxColumns)
	}
	h.findStatic()
	return h, nil
}

// statics is how many vessels are remembered so as not to report the same
// static data with every row.
const statics = 1 << 20

// staticEvery is after what time they are reported again though nothing has
// changed.
const staticEvery = time.Hour

// tableReader turns rows into reports.
type tableReader struct {
	o      Options
	sink   Sink
	stats  Stats
	head   header
	row    row
	line   int64
	offset int64
	fix    navicert.Fix
	static navicert.Static
	day    dayCache
	seed   maphash.Seed
	seen   map[navicert.MMSI]staticSeen
}

type staticSeen struct {
	hash uint64
	at   int64 // Unix seconds of the last report
}

func readMarineCadastre(_ context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	t := tableReader{o: o, sink: s, stats: Stats{Format: "marinecadastre"}, seed: maphash.MakeSeed(), seen: map[navicert.MMSI]staticSeen{}}
	err := t.readAll(newLineReader(r))
	return t.stats, err
}

func (t *tableReader) readAll(in *lineReader) error {
	line, _, _, err := in.next()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
		return navicert.Errorf(navicert.Invalid, "marinecadastre", t.o.Source, "%w", err).WithHint("the file is empty")
	}
	if err != nil {
		return err
	}
	if t.head, err = parseHeader(line, t.o.Source+" line 1"); err != nil {
		return err
	}
	for {
		line, offset, long, err := in.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		t.line, t.offset = in.number, offset
		t.stats.Records++
		if long {
			t.drop(TooLong, line)
			continue
		}
		why, err := t.read(line)
		if err != nil {
			return err
		}
		if why != "" {
			t.drop(why, line)
		} else {
			t.stats.Used++
		}
	}
}

// drop counts a row, with where it stands.
func (t *tableReader) drop(why string, line []byte) {
	example := ""
	if t.stats.Dropped.Count(why) < navicert.TallyExamples {
		example = fmt.Sprintf("%s line %d: %s", t.o.Source, t.line, line)
	}
	t.stats.Dropped.Add(why, example)
}

// note counts a value that is left out.
func (t *tableReader) note(why string, value []byte) {
	example := ""
	if t.stats.Noted.Count(why) < navicert.TallyExamples {
		example = fmt.Sprintf("%s line %d: %s", t.o.Source, t.line, value)
	}
	t.stats.Noted.Add(why, example)
}

// read reads one row and hands on what it reports; why is the reason when that
// is nothing.
func (t *tableReader) read(line []byte) (why string, err error) {
	if why := t.row.split(line, t.head.width); why != "" {
		return why, nil
	}
	mmsi, ok := wholeNumber(t.col(colMMSI), 9)
	if !ok || mmsi == 0 {
		return BadMMSI, nil
	}
	id := navicert.MMSI(mmsi)
	if !isVessel(id) {
		return NotVessel, nil
	}
	at, ok := t.day.parse(t.col(colTime))
	if !ok {
		return BadTime, nil
	}
	class := navicert.Class("")
	switch c := t.col(colClass); {
	case len(c) == 1 && c[0] == 'A':
		class = navicert.ClassA
	case len(c) == 1 && c[0] == 'B':
		class = navicert.ClassB
	}
	where, why := t.position()
	if why == BadNumber {
		return why, nil
	}
	sent, err := t.sendStatic(id, at, class)
	if err != nil {
		return "", err
	}
	if why != "" {
		if sent {
			return "", nil
		}
		return why, nil
	}
	t.fix = navicert.Fix{
		MMSI: id, Time: at, TimeFrom: navicert.TimeFile, Pos: where, SpeedKn: t.speed(), CourseDeg: t.course(),
		HeadingDeg: t.heading(), Status: t.status(), Class: class, Simulated: t.o.Simulated,
		Ref: navicert.Ref{Source: t.o.Source, Offset: t.offset, Line: t.line},
	}
	t.stats.Fixes++
	return "", t.sink.Fix(&t.fix)
}

// col returns the field of a column, nothing when the table lacks it.
func (t *tableReader) col(c int) []byte {
	if i := t.head.at[c]; i >= 0 {
		return t.row.field(i)
	}
	return nil
}

// position reads latitude and longitude; blank, 91 and 181 are unknown.
func (t *tableReader) position() (p navicert.Position, why string) {
	lat, lon := t.col(colLat), t.col(colLon)
	if len(lat) == 0 || len(lon) == 0 {
		return p, NoPosition
	}
	var ok1, ok2 bool
	p.Lat, ok1 = decimal(lat)
	p.Lon, ok2 = decimal(lon)
	switch {
	case ok1 && ok2 && (p.Lat == 91 || p.Lon == 181):
		return p, NoPosition
	case !ok1 || !ok2 || !p.Valid():
		return p, BadNumber
	}
	return p, ""
}

// value reads a number that must lie in [0, below); unknown and blank are
// absent, and what is neither is noted.
func (t *tableReader) value(c int, below float64, unknown float64, why string) navicert.Opt[float64] {
	s := t.col(c)
	if len(s) == 0 {
		return navicert.Opt[float64]{}
	}
	v, ok := decimal(s)
	switch {
	case ok && v == unknown:
		return navicert.Opt[float64]{}
	case !ok || v < 0 || v >= below:
		t.note(why, s)
		return navicert.Opt[float64]{}
	}
	return navicert.Some(v)
}

func (t *tableReader) speed() navicert.Opt[float64]  { return t.value(colSOG, 102.3, 102.3, badSpeed) }
func (t *tableReader) course() navicert.Opt[float64] { return t.value(colCOG, 360, 360, badCourse) }
func (t *tableReader) heading() navicert.Opt[float64] {
	return t.value(colHeading, 360, 511, badHeading)
}

func (t *tableReader) status() navicert.Opt[navicert.NavStatus] {
	v, ok := t.value(colStatus, 15, 15, badStatus).Get()
	if !ok {
		return navicert.Opt[navicert.NavStatus]{}
	}
	if v != float64(int(v)) {
		t.note(badStatus, t.col(colStatus))
		return navicert.Opt[navicert.NavStatus]{}
	}
	return navicert.Some(navicert.NavStatus(v))
}

// staticColumns are those that say what a vessel is.
var staticColumns = [...]int{colName, colIMO, colCallSign, colType, colLength, colWidth, colDraught, colClass}

// sendStatic hands on the vessel's static data when they are new or an hour
// old, and reports whether the row has any.
func (t *tableReader) sendStatic(id navicert.MMSI, at time.Time, class navicert.Class) (has bool, err error) {
	for _, c := range staticColumns {
		has = has || c != colClass && len(t.col(c)) > 0
	}
	if !has {
		return false, nil
	}
	var hash uint64
	for _, run := range t.head.static {
		hash = hash*31 + maphash.Bytes(t.seed, t.row.between(run[0], run[1]))
	}
	now := at.Unix()
	if old, ok := t.seen[id]; ok && old.hash == hash && max(now-old.at, old.at-now) < int64(staticEvery/time.Second) {
		return true, nil
	}
	if len(t.seen) >= statics {
		clear(t.seen)
	}
	t.seen[id] = staticSeen{hash, now}
	t.static = navicert.Static{
		MMSI: id, Time: at, TimeFrom: navicert.TimeFile, IMO: t.imo(), Name: t.text(colName), CallSign: t.callSign(),
		LengthM: t.size(colLength), BeamM: t.size(colWidth), DraughtM: t.size(colDraught), Class: class,
		Simulated: t.o.Simulated, Ref: navicert.Ref{Source: t.o.Source, Offset: t.offset, Line: t.line},
	}
	if v, ok := t.value(colType, 256, 0, badType).Get(); ok {
		t.static.ShipType = navicert.Some(int(v))
	}
	t.stats.Statics++
	return true, t.sink.Static(&t.static)
}

func (t *tableReader) text(c int) string {
	return strings.ToValidUTF8(strings.TrimSpace(string(t.col(c))), "\ufffd")
}

// size reads a length; 0 is unknown. No ship is half a kilometre long and more.
func (t *tableReader) size(c int) navicert.Opt[float64] { return t.value(c, 1023, 0, badSize) }

// imo reads "IMO8207721"; zeros and blank are unknown, and what has no right
// check digit is noted.
func (t *tableReader) imo() navicert.IMO {
	s := t.col(colIMO)
	digits := bytes.TrimPrefix(s, []byte("IMO"))
	if len(bytes.Trim(digits, "0")) == 0 {
		return 0
	}
	n, ok := wholeNumber(digits, 7)
	if !ok || !navicert.IMO(n).Valid() {
		t.note(IMOCheck, s)
		return 0
	}
	return navicert.IMO(n)
}

func (t *tableReader) callSign() navicert.CallSign {
	s := t.text(colCallSign)
	if s == "" {
		return ""
	}
	c, err := navicert.ParseCallSign(s)
	if err != nil {
		t.note(BadCallSign, t.col(colCallSign))
	}
	return c
}

package feed

import (
	"bytes"
	"hash/maphash"
	"io"
	"strings"
	"time"

	"navicert"
)

// Reasons for which rows of a table are dropped.
const (
	BadColumns = "columns"  // fewer or more columns than the header
	BadQuote   = "quote"    // a quoted field that does not end
	BadMMSI    = "mmsi"     // no number of up to nine digits
	BadTime    = "time"     // no date and time, or one that does not exist or is not of the years 1990 to 2099
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

// statics is how many vessels are remembered so as not to report the same
// static data with every row.
const statics = 1 << 20

// staticEvery is after what time they are reported again though nothing has
// changed.
const staticEvery = time.Hour

// tableReader turns records into reports.
type tableReader struct {
	lay    *layout
	o      Options
	sink   Sink
	stats  Stats
	head   header
	row    row
	line   int64
	offset int64
	long   bool // the record is a long-range message
	fix    navicert.Fix
	static navicert.Static
	day    dayCache
	seed   maphash.Seed
	seen   seenTable

	copies   map[uint64]struct{} // hashes of the rows of copyTime
	copyTime time.Time
}

func newTableReader(lay *layout, o Options, s Sink) *tableReader {
	return &tableReader{
		lay: lay, o: o, sink: s, stats: Stats{Format: lay.name}, seed: maphash.MakeSeed(),
		copies: map[uint64]struct{}{},
	}
}

func (t *tableReader) readAll(in *lineReader) error {
	line, _, _, err := in.next()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
		return navicert.Errorf(navicert.Invalid, t.lay.name, t.o.Source, "%w", err).WithHint("the file is empty")
	}
	if err != nil {
		return err
	}
	if t.head, err = t.lay.parseHeader(line, t.o.Source+" line 1"); err != nil {
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
		why := t.row.split(line, t.head.width)
		if why == "" {
			if why, err = t.record(line); err != nil {
				return err
			}
		}
		t.count(why, line)
	}
}

// count says what became of a record: used, or why not.
func (t *tableReader) count(why string, text []byte) {
	if why == "" {
		t.stats.Used++
	} else {
		t.drop(why, text)
	}
}

// drop counts a record, with where it stands.
func (t *tableReader) drop(why string, text []byte) {
	example := ""
	if t.stats.Dropped.Count(why) < navicert.TallyExamples {
		example = t.example(text)
	}
	t.stats.Dropped.Add(why, example)
}

// note counts a value that is left out.
func (t *tableReader) note(why string, value []byte) {
	example := ""
	if t.stats.Noted.Count(why) < navicert.TallyExamples {
		example = t.example(value)
	}
	t.stats.Noted.Add(why, example)
}

// record hands on what the record in row reports; why is the reason when that
// is nothing. The text is the record as it was written.
func (t *tableReader) record(text []byte) (why string, err error) {
	mmsi, ok := wholeNumber(t.col(colMMSI), 9)
	if !ok || mmsi == 0 {
		return BadMMSI, nil
	}
	id := navicert.MMSI(mmsi)
	if !isVessel(id) {
		return NotVessel, nil
	}
	t.long = false
	class := navicert.Class("")
	if t.lay.kind != nil {
		if class, why = t.lay.kind(t); why != "" {
			return why, nil
		}
	} else {
		class = letterClass(t.col(colClass))
	}
	at, from, why := t.time()
	if why != "" {
		return why, nil
	}
	if t.lay.repeats && t.isCopy(at, text) {
		return Copy, nil
	}
	where, why := t.position()
	if why == BadNumber {
		return why, nil
	}
	sent, err := t.sendStatic(id, at, from, class)
	if err != nil {
		return "", err
	}
	if why != "" {
		if sent {
			return "", nil
		}
		return why, nil
	}
	f := &t.fix // every field anew, without a copy of the whole
	f.MMSI, f.Time, f.TimeFrom, f.Pos, f.Class = id, at, from, where, class
	f.SpeedKn, f.CourseDeg, f.HeadingDeg, f.Status = t.speed(), t.course(), t.heading(), t.status()
	f.LongRange, f.Average, f.Simulated = t.long, t.lay.average, t.o.Simulated
	f.Station, f.Ref = t.text(colStation), t.ref()
	t.stats.Fixes++
	return "", t.sink.Fix(&t.fix)
}

func (t *tableReader) ref() navicert.Ref {
	return navicert.Ref{Source: t.o.Source, Offset: t.offset, Line: t.line}
}

// time reads when the record was received.
func (t *tableReader) time() (at time.Time, from navicert.TimeFrom, why string) {
	ok := false
	if t.lay.when == nil {
		from = navicert.TimeFile
		at, ok = t.day.parse(t.col(colTime))
	} else {
		at, from, ok = t.lay.when(t)
	}
	switch {
	case !ok || from != "" && !believed(at.Unix()):
		return at, from, BadTime
	case from != "":
		return at, from, ""
	case t.o.Arrival != nil:
		return t.o.Arrival().UTC(), navicert.TimeArrival, ""
	}
	return at, from, NoTime
}

// isCopy reports whether an equal record of the same time has been there.
func (t *tableReader) isCopy(at time.Time, text []byte) bool {
	if !at.Equal(t.copyTime) || len(t.copies) >= copiesKept {
		clear(t.copies)
		t.copyTime = at
	}
	hash := maphash.Bytes(t.seed, text)
	_, is := t.copies[hash]
	t.copies[hash] = struct{}{}
	return is
}

// col returns the field of a column, nothing when the table lacks it.
func (t *tableReader) col(c int) []byte {
	i := t.head.at[c]
	if i < 0 {
		return nil
	}
	if t.lay.unknown != nil {
		return t.known(i)
	}
	return t.row.field(i)
}

// known returns a field unless it says that its value is unknown.
func (t *tableReader) known(i int) []byte {
	s := bytes.TrimSpace(t.row.field(i))
	if t.lay.isUnknown(s) {
		return nil
	}
	return s
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
	if per := t.lay.perDegree; per != 0 {
		p.Lat /= per
		p.Lon /= per
	}
	switch {
	case ok1 && ok2 && (p.Lat == 91 || p.Lon == 181):
		return p, NoPosition
	case !ok1 || !ok2 || !p.Valid():
		return p, BadNumber
	}
	return p, ""
}

// value reads a number that must lie in [0, below) after division by per, when
// that is not 0; unknown and blank are absent, and what is neither is noted.
func (t *tableReader) value(c int, per, below, unknown float64, why string) navicert.Opt[float64] {
	s := t.col(c)
	if len(s) == 0 {
		return navicert.Opt[float64]{}
	}
	v, ok := decimal(s)
	if per != 0 {
		v /= per
	}
	switch {
	case ok && v == unknown:
		return navicert.Opt[float64]{}
	case !ok || v < 0 || v >= below:
		t.note(why, s)
		return navicert.Opt[float64]{}
	}
	return navicert.Some(v)
}

func (t *tableReader) speed() navicert.Opt[float64] {
	if t.lay.noSpeed {
		if s := t.col(colSOG); len(s) > 0 {
			t.note(SpeedUnit, s)
		}
		return navicert.Opt[float64]{}
	}
	unknown := 102.3
	if t.long { // whole knots
		unknown = 63
	}
	return t.value(colSOG, t.lay.perKnot, 102.3, unknown, badSpeed)
}

func (t *tableReader) course() navicert.Opt[float64] {
	unknown := 360.0
	if t.long { // whole degrees
		unknown = 511
	}
	return t.value(colCOG, t.lay.perCourse, 360, unknown, badCourse)
}

func (t *tableReader) heading() navicert.Opt[float64] {
	return t.value(colHeading, 0, 360, 511, badHeading)
}

func (t *tableReader) status() navicert.Opt[navicert.NavStatus] {
	if t.lay.statuses != nil {
		s := t.col(colStatus)
		v, ok := t.lay.statuses[strings.ToLower(string(s))]
		if ok {
			return navicert.Some(v)
		}
	}
	v, ok := t.value(colStatus, 0, 15, 15, badStatus).Get()
	if !ok {
		return navicert.Opt[navicert.NavStatus]{}
	}
	if v != float64(int(v)) {
		t.note(badStatus, t.col(colStatus))
		return navicert.Opt[navicert.NavStatus]{}
	}
	return navicert.Some(navicert.NavStatus(v))
}

// sendStatic hands on the vessel's static data when they are new or an hour
// old, and reports whether the record has any.
func (t *tableReader) sendStatic(id navicert.MMSI, at time.Time, from navicert.TimeFrom, class navicert.Class) (has bool, err error) {
	var hash uint64
	for _, run := range t.head.static {
		hash = hash*31 + maphash.Bytes(t.seed, t.row.between(run[0], run[1]))
	}
	now := at.Unix()
	place := t.seen.find(id)
	if place.mmsi != 0 && place.hash == hash && max(now-place.at, place.at-now) < int64(staticEvery/time.Second) {
		return !place.none, nil
	}
	if !t.saysStatic() {
		return false, nil
	}
	imo, sent := t.imo()
	t.static = navicert.Static{
		MMSI: id, Time: at, TimeFrom: from, IMO: imo, IMOSent: sent, Name: t.text(colName), CallSign: t.callSign(),
		LengthM: t.size(colLength, colBow, colStern), BeamM: t.size(colWidth, colPort, colStarboard),
		DraughtM: t.value(colDraught, t.lay.perMetre, 1023, 0, badSize), Destination: t.text(colDestination),
		Class: class, Station: t.text(colStation), Simulated: t.o.Simulated, Ref: t.ref(),
	}
	if t.lay.shipType != nil {
		if v, ok := t.lay.shipType(t); ok {
			t.static.ShipType = navicert.Some(v)
		}
	} else if v, ok := t.value(colType, 0, 256, 0, badType).Get(); ok {
		t.static.ShipType = navicert.Some(int(v))
	}
	none := t.static == navicert.Static{
		MMSI: id, Time: at, TimeFrom: from, Class: class, Station: t.static.Station, Simulated: t.o.Simulated, Ref: t.static.Ref,
	}
	t.seen.put(place, seen{mmsi: id, none: none, hash: hash, at: now})
	if none {
		return false, nil
	}
	t.stats.Statics++
	return true, t.sink.Static(&t.static)
}

// saysStatic reports whether the record has any static data but the class.
func (t *tableReader) saysStatic() bool {
	for _, c := range t.head.says {
		if len(t.col(c)) > 0 {
			return true
		}
	}
	return false
}

func (t *tableReader) text(c int) string {
	s := t.col(c)
	if len(s) == 0 {
		return ""
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(s)), "\ufffd")
}

// size reads a length, as a whole or in two parts from the antenna; 0 is
// unknown. No ship is half a kilometre long and more.
func (t *tableReader) size(whole, fore, aft int) navicert.Opt[float64] {
	if t.head.at[fore] < 0 || len(t.col(whole)) > 0 {
		return t.value(whole, 0, 1023, 0, badSize)
	}
	v := t.value(fore, 0, 512, -1, badSize).Or(0) + t.value(aft, 0, 512, -1, badSize).Or(0)
	if v == 0 {
		return navicert.Opt[float64]{}
	}
	return navicert.Some(v)
}

// imo reads "IMO8207721" or the bare number; zeros and blank are unknown, and
// what has no right check digit is noted and, when it is a number, returned as
// what was sent.
func (t *tableReader) imo() (imo navicert.IMO, sent uint32) {
	s := t.col(colIMO)
	digits := bytes.TrimSuffix(bytes.TrimPrefix(s, []byte("IMO")), []byte(".0")) // a column of floats
	if len(bytes.Trim(digits, "0")) == 0 {
		return 0, 0
	}
	n, ok := wholeNumber(digits, 9)
	if !ok || !navicert.IMO(n).Valid() {
		t.note(IMOCheck, s)
		return 0, uint32(n) // 0 when it is no number
	}
	return navicert.IMO(n), 0
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

package feed

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"navicert"
)

// The values that records may have, by number. A table has a column for each, a
// JSON object a member, an XML element an attribute.
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
	colBow // distances of the antenna, which make length and width
	colStern
	colPort
	colStarboard
	colDestination
	colKind    // number of the message, or words for what sent it
	colStation // the receiver's name
	colExtra   // what a format needs beside: a second time, a finer type
	columns
)

// columnNames are what a format calls its values; several names of one value are
// parted by |, the first that is there counts.
type columnNames [columns]string

// layout says how the records of a format are written: what the values are
// called, in which units they are, and what means unknown. The zero value of a
// field is the plain case: degrees, knots, metres, RFC 3339 times.
type layout struct {
	name, title string
	columns     columnNames // in small letters for tables
	also        []string    // columns that a table must have to be taken for one of this format

	perDegree float64 // what one degree of latitude and longitude is written as
	perKnot   float64
	perCourse float64 // one degree of course
	perMetre  float64 // of draught
	unknown   []string

	noSpeed  bool // the unit of speeds is not known
	average  bool // positions are means over a time
	repeats  bool // rows come several times; equal rows of one time are one
	statuses map[string]navicert.NavStatus

	when     func(t *tableReader) (time.Time, navicert.TimeFrom, bool) // nil: colTime
	choose   func(h *header, head []byte) *layout                      // looks at the first rows for what the header does not say
	kind     func(t *tableReader) (class navicert.Class, why string)   // nil: colClass
	shipType func(t *tableReader) (code int, ok bool)                  // nil: colType
}

// tableFormat is a format of rows with commas, told by its header.
func tableFormat(lay layout) Format {
	return Format{
		Name: lay.name, Title: lay.title,
		detect: func(head []byte, whole bool) bool {
			line, _, ok := bytes.Cut(head, []byte{'\n'})
			if !ok && !whole {
				return false
			}
			_, err := lay.parseHeader(line, "")
			return err == nil
		},
		read: func(_ context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
			t := newTableReader(&lay, o, s)
			if lay.choose != nil {
				head, rest := headOf(r)
				r = rest
				if line, rows, _ := bytes.Cut(head, []byte{'\n'}); len(rows) > 0 {
					if h, err := lay.parseHeader(line, ""); err == nil {
						t.lay = lay.choose(&h, rows)
					}
				}
			}
			err := t.readAll(newLineReader(r))
			return t.stats, err
		},
	}
}

// headOf returns the beginning of r, and r with it in front again. An error of r
// comes after it.
func headOf(r io.Reader) (head []byte, whole io.Reader) {
	head = make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	switch err {
	case nil:
		return head, io.MultiReader(bytes.NewReader(head), r)
	case io.EOF, io.ErrUnexpectedEOF:
		return head, bytes.NewReader(head)
	}
	return head, io.MultiReader(bytes.NewReader(head), errReader{err})
}

// errReader fails with its error.
type errReader struct{ err error }

// Read implements io.Reader.
func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// header says where the columns stand.
type header struct {
	at     [columns]int // -1: not there
	width  int
	static [][2]int // first and last of the columns in a row that say what a vessel is
	says   []int    // the static columns that are there, without the class
}

// staticColumns are those that say what a vessel is.
var staticColumns = [...]int{
	colName, colIMO, colCallSign, colType, colLength, colWidth, colDraught, colClass,
	colBow, colStern, colPort, colStarboard, colDestination,
}

// findStatic fills static and says.
func (h *header) findStatic() {
	for _, c := range staticColumns {
		if h.at[c] >= 0 && c != colClass {
			h.says = append(h.says, c)
		}
	}
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
// there, and what tells the format from others.
func (lay *layout) parseHeader(line []byte, subject string) (header, error) {
	h := header{}
	for i := range h.at {
		h.at[i] = -1
	}
	s := strings.TrimPrefix(strings.TrimRight(string(line[:min(len(line), 4096)]), "\r\n"), "\ufeff")
	var have []string
	for name := range strings.SplitSeq(strings.TrimPrefix(s, "# "), ",") {
		have = append(have, strings.ToLower(strings.Trim(name, "\" \t")))
	}
	h.width = len(have)
	for c, called := range lay.columns {
		for name := range strings.SplitSeq(called, "|") {
			if i := slices.Index(have, name); i >= 0 && called != "" {
				h.at[c] = i
				break
			}
		}
	}
	for _, c := range []int{colMMSI, colTime, colLat, colLon} {
		if h.at[c] < 0 {
			return h, navicert.Errorf(navicert.Invalid, lay.name, subject, "the header has no column %s", strings.ReplaceAll(lay.columns[c], "|", " or ")).
				WithHint("the first line must name the columns")
		}
	}
	for _, name := range lay.also {
		if !slices.Contains(have, name) {
			return h, navicert.Errorf(navicert.Invalid, lay.name, subject, "the header has no column %s", name).
				WithHint("name the format with --input-format when it is another")
		}
	}
	if h.width > maxColumns {
		return h, navicert.Errorf(navicert.Limit, lay.name, subject, "%d columns, at most %d", h.width, maxColumns)
	}
	h.findStatic()
	return h, nil
}

// isUnknown reports whether a value is blank or a word of the format for
// unknown.
func (lay *layout) isUnknown(s []byte) bool {
	if len(s) == 0 {
		return true
	}
	for _, u := range lay.unknown {
		if string(s) == u {
			return true
		}
	}
	return false
}

// Times that several formats write.

// zoneTime reads "2011-04-12 10:40:27 GMT", with T or a blank, a fraction, and
// any of the spellings of UTC behind it.
func zoneTime(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
	s := t.col(colTime)
	if len(s) == 0 {
		return time.Time{}, "", true
	}
	for _, zone := range []string{" UTC", " GMT", " +0000", "+00:00", "+00"} {
		s = bytes.TrimSuffix(s, []byte(zone))
	}
	at, ok := t.day.parse(s)
	return at, navicert.TimeFile, ok
}

// believed reports whether Unix seconds lie in the years 1990 to 2099, as package ais
// believes them: AIS was first tried in the 1990s.
func believed[T int64 | float64](seconds T) bool { return seconds >= 631152000 && seconds < 4102444800 }

// epoch reads Unix seconds, or milliseconds when per is 1000, with a fraction;
// years 1990 to 2099.
func epoch(s []byte, per float64) (time.Time, bool) {
	v, ok := decimal(s)
	v /= per
	if !ok || !believed(v) {
		return time.Time{}, false
	}
	return time.UnixMicro(int64(math.Round(v * 1e6))).UTC(), true
}

// messageKind tells the class by the number of the AIS message, and leaves out
// what is no report of a vessel. In a table without such a column all rows count.
func messageKind(t *tableReader) (navicert.Class, string) {
	if t.head.at[colKind] < 0 {
		return "", ""
	}
	switch s := t.col(colKind); string(s) {
	case "1", "2", "3", "5":
		return navicert.ClassA, ""
	case "27":
		t.long = true
		return navicert.ClassA, ""
	case "18", "19", "24":
		return navicert.ClassB, ""
	case "4", "9", "11", "17", "21":
		return "", NotVessel
	}
	return "", OtherType
}

// copiesKept is how many rows of one time are remembered to tell copies.
const copiesKept = 1 << 16

// Copy is the reason of rows that are equal to one before, of the same time.
const Copy = "copy"

// example says where a record stands and what it is, for a Tally.
func (t *tableReader) example(text []byte) string {
	return fmt.Sprintf("%s line %d: %s", t.o.Source, t.line, text[:min(len(text), 300)])
}

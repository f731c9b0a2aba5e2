package feed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"strings"
	"time"

	"navicert"
)

// BadXML is the reason of XML that is no element.
const BadXML = "xml"

// refusal is what AISHub answers, instead of data, to more than one request a
// minute.
const refusal = "Too frequent requests!"

// aisHub is what AISHub's web service returns: CSV, JSON or XML, with the
// integers of the message (format=0: 1/600000 degree, tenths of knots and
// degrees, decimetres, Unix time) or in human units (format=1). The time of each
// record tells which.
func aisHub() Format {
	return Format{
		Name: "aishub", Title: "AISHub CSV, JSON or XML, format 0 or 1", read: readAISHub,
		detect: func(head []byte, whole bool) bool {
			human, _ := aisHubLayouts()
			head = trimStart(head)
			switch {
			case bytes.HasPrefix(head, []byte(refusal)):
				return true
			case len(head) > 0 && head[0] == '<':
				return bytes.Contains(head, []byte("<vessel ")) && bytes.Contains(head, []byte(` MMSI="`))
			case len(head) > 0 && (head[0] == '[' || head[0] == '{'):
				text, ok, err := newJSONPieces(bufio.NewReader(bytes.NewReader(head))).next()
				if err != nil || !ok {
					return false
				}
				o, ok := parseObject(text)
				return ok && (o["ERROR"] != "" || o["MMSI"] != "" && o["NAVSTAT"] != "" && o["TIME"]+o["TSTAMP"] != "")
			}
			return tableFormat(*human).detect(head, whole)
		},
	}
}

func newJSONPieces(r *bufio.Reader) *pieces { return newPieces(r, '{', '}', `"`, "[], \t\r\n") }

// trimStart drops a byte order mark and blanks.
func trimStart(b []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
}

// aisHubLayouts are how its records are written, in human units and raw.
func aisHubLayouts() (human, raw *layout) {
	lay := layout{
		name: "aishub", title: "AISHub",
		columns: columnNames{
			colMMSI: "mmsi", colTime: "tstamp|time", colLat: "latitude", colLon: "longitude", colSOG: "sog", colCOG: "cog",
			colHeading: "heading", colStatus: "navstat", colName: "name", colIMO: "imo", colCallSign: "callsign",
			colType: "type", colBow: "a", colStern: "b", colPort: "c", colStarboard: "d", colDraught: "draught",
			colDestination: "dest",
		},
		also: []string{"navstat", "dest"}, when: zoneTime,
	}
	integers := lay
	human, raw = &lay, &integers
	human.kind = func(t *tableReader) (navicert.Class, string) {
		if t.lay = human; len(t.col(colTime)) > 0 && len(bytes.Trim(t.col(colTime), "0123456789")) == 0 {
			t.lay = raw
		}
		return "", ""
	}
	raw.kind = human.kind
	raw.perDegree, raw.perKnot, raw.perCourse, raw.perMetre = 600000, 10, 10, 10
	raw.when = func(t *tableReader) (time.Time, navicert.TimeFrom, bool) {
		at, ok := epoch(t.col(colTime), 1)
		return at, navicert.TimeFile, ok
	}
	return human, raw
}

func readAISHub(ctx context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	human, _ := aisHubLayouts()
	br := bufio.NewReaderSize(r, 64<<10)
	head, err := br.Peek(1)
	for ; err == nil && len(trimStart(head)) == 0 && len(head) < 64; head, err = br.Peek(len(head) + 1) {
	}
	first := byte(0)
	if b := trimStart(head); len(b) > 0 {
		first = b[0]
	}
	a := &aisHubReader{t: newTableReader(human, o, s)}
	switch first {
	case '<':
		a.bad, a.pieces, a.object = BadXML, newPieces(br, '<', '>', `"'`, " \t\r\n\ufeff"), elementObject
	case '{', '[':
		a.bad, a.pieces, a.object = BadJSON, newJSONPieces(br), upperObject
	default:
		if head, _ := br.Peek(len(refusal)); string(head) == refusal {
			return a.t.stats, a.refused(refusal)
		}
		return tableFormat(*human).read(ctx, br, o, s)
	}
	a.t.head = human.memberHeader()
	err = a.readAll()
	return a.t.stats, err
}

// aisHubReader reads records that are objects or elements.
type aisHubReader struct {
	t      *tableReader
	pieces *pieces
	bad    string // the reason of what is no record

	// object reads a piece; nil and true is one that is no record and need be
	// none, such as the end of an element.
	object func(text []byte) (object, bool)
}

func (a *aisHubReader) refused(why string) error {
	return navicert.Errorf(navicert.Unavailable, "aishub", a.t.o.Source, "the service answered: %s", why).
		WithHint("it may be asked once a minute; ask again later")
}

func (a *aisHubReader) readAll() error {
	t := a.t
	for {
		text, ok, err := a.pieces.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !ok && bytes.Contains(text, []byte(refusal)) {
			return a.refused(refusal)
		}
		t.line, t.offset = a.pieces.line, a.pieces.offset
		var o object
		if ok {
			o, ok = a.object(text)
		}
		switch {
		case !ok:
			t.stats.Records++
			t.drop(a.bad, text)
			continue
		case o["error"] == "true":
			return a.refused(o["error_message"])
		case o == nil, o["error"] != "":
			continue // not a record: what stands around and before them
		}
		t.stats.Records++
		t.fill(o, "")
		why, err := t.record(text)
		if err != nil {
			return err
		}
		t.count(why, text)
	}
}

// upperObject reads an object whose members are in capitals.
func upperObject(text []byte) (object, bool) {
	o, ok := parseObject(text)
	small := object{}
	for k, v := range o {
		small[strings.ToLower(k)] = v
	}
	return small, ok
}

// elementObject reads the attributes of an element called vessel.
func elementObject(text []byte) (object, bool) {
	if bytes.HasPrefix(text, []byte("</")) || bytes.HasPrefix(text, []byte("<?")) || bytes.HasPrefix(text, []byte("<!")) {
		return nil, true
	}
	token, err := xml.NewDecoder(bytes.NewReader(text)).RawToken()
	e, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return nil, false
	}
	if !strings.EqualFold(e.Name.Local, "vessel") {
		return nil, true
	}
	o := object{}
	for _, a := range e.Attr {
		o[strings.ToLower(a.Name.Local)] = a.Value
	}
	return o, len(e.Attr) <= maxMembers
}

package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"navicert"
)

// maxEnvelope is how long a line of AIS-catcher may be: an HTTP envelope holds
// what a busy station heard in a minute.
const maxEnvelope = 4 << 20

// aisCatcher is AIS-catcher's JSON: an object a line for each message, or the
// envelope of its HTTP posts. Only the sentences under nmea are used: its own
// positions went through 32 bits. They are read as NMEA lines with a tag block
// of the time and station that stand beside them.
func aisCatcher() Format {
	return Format{Name: "aiscatcher", Title: "AIS-catcher JSON lines and HTTP envelopes", detect: isAISCatcher, read: readAISCatcher}
}

func isAISCatcher(head []byte, whole bool) bool {
	line, _, ok := bytes.Cut(head, []byte{'\n'})
	if bytes.HasPrefix(line, []byte(`{"protocol":"jsonaiscatcher"`)) {
		return true
	}
	if !ok && !whole {
		return false
	}
	o, ok := parseObject(line)
	return ok && (isCatcherObject(o) || o["protocol"] == "jsonaiscatcher")
}

// isCatcherObject reports whether an object is a message of AIS-catcher.
func isCatcherObject(o object) bool { return o["nmea.0"] != "" && o["rxuxtime"] != "" }

// catcherLine is a message, or an envelope of several.
type catcherLine struct {
	catcherMessage
	Protocol string           `json:"protocol"`
	Station  string           `json:"stationid"`
	Messages []catcherMessage `json:"msgs"`
}

type catcherMessage struct {
	NMEA     []string    `json:"nmea"`
	Received json.Number `json:"rxuxtime"` // Unix seconds on the receiver's clock
	Arrived  json.Number `json:"toa"`      // the time of the tag block, when it reads a recording
	Hardware string      `json:"hardware"`
}

func readAISCatcher(_ context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	c := &catcherReader{in: newLongLineReader(r, maxEnvelope), source: o.Source}
	n := nmeaReader{o: o, sink: s, stats: Stats{Format: "aiscatcher"}, ref: c.ref}
	stats, err := n.run(c)
	stats.Records += int64(c.bad.Total())
	stats.Dropped.Merge(&c.bad)
	return stats, err
}

// catcherReader gives the sentences of AIS-catcher's messages as lines.
type catcherReader struct {
	in     *lineReader
	source string
	out    []byte // lines not given yet
	given  int64  // bytes of lines before out
	marks  []catcherMark
	bad    navicert.Tally
}

// catcherMark says from which line the lines came that begin at an offset.
type catcherMark struct{ given, offset, line int64 }

// marksKept is more lines than a reader can hold unread in 256 KiB.
const marksKept = 1 << 16

// ref returns where a sentence stands in the JSON.
func (c *catcherReader) ref(given int64) navicert.Ref {
	i := sort.Search(len(c.marks), func(i int) bool { return c.marks[i].given > given })
	if i == 0 {
		return navicert.Ref{Source: c.source}
	}
	// No Line: what has one is a row, and not a message.
	return navicert.Ref{Source: c.source, Offset: c.marks[i-1].offset}
}

// Read implements io.Reader.
func (c *catcherReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		line, offset, long, err := c.in.next()
		if err != nil {
			return 0, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		why := TooLong
		if !long {
			if len(c.marks) >= marksKept {
				c.marks = slices.Delete(c.marks, 0, marksKept/2)
			}
			c.marks = append(c.marks, catcherMark{c.given, offset, c.in.number})
			why = c.translate(line)
		}
		if why != "" {
			c.bad.Add(why, fmt.Sprintf("%s line %d: %s", c.source, c.in.number, line[:min(len(line), 300)]))
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	c.given += int64(n)
	return n, nil
}

// translate puts the sentences of a line into out.
func (c *catcherReader) translate(line []byte) (why string) {
	var l catcherLine
	if line[0] != '{' || json.Unmarshal(line, &l) != nil {
		return BadJSON
	}
	c.out = c.out[:0]
	if l.Protocol == "" {
		l.Messages = []catcherMessage{l.catcherMessage}
	}
	station := strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune(`,*\`, r) {
			return '_'
		}
		return r
	}, l.Station[:min(len(l.Station), 64)])
	for _, m := range l.Messages {
		tag := m.tag(station)
		for _, s := range m.NMEA {
			if !strings.HasPrefix(s, "!") || strings.ContainsAny(s, "\r\n\\") {
				c.bad.Add(BadJSON, fmt.Sprintf("%s line %d: sentence %q", c.source, c.in.number, s[:min(len(s), 100)]))
				continue
			}
			c.out = append(append(append(c.out, tag...), s...), '\n')
		}
	}
	if l.Protocol == "" && len(l.NMEA) == 0 {
		return OtherType
	}
	return ""
}

// tag makes the tag block of a message. When a recording is played the
// receiver's clock says when that was done, and not when it was received.
func (m *catcherMessage) tag(station string) string {
	at := m.Arrived
	if at == "" && !strings.HasPrefix(m.Hardware, "File") {
		at = m.Received
	}
	var fields []string
	if station != "" {
		fields = append(fields, "s:"+station)
	}
	if t, ok := epoch([]byte(at), 1); ok {
		if ms := t.UnixMilli(); ms%1000 != 0 {
			fields = append(fields, fmt.Sprintf("c:%d", ms))
		} else {
			fields = append(fields, fmt.Sprintf("c:%d", t.Unix()))
		}
	}
	if len(fields) == 0 {
		return ""
	}
	text := strings.Join(fields, ",")
	var sum byte
	for i := range len(text) {
		sum ^= text[i]
	}
	return fmt.Sprintf(`\%s*%02X\`, text, sum)
}

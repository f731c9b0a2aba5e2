package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"navicert"
)

// BadJSON is the reason of lines that hold no JSON object, or one that is
// larger than any report.
const BadJSON = "json"

// Limits on JSON objects. Real ones have up to 60 members, four deep.
const (
	maxDepth   = 8
	maxMembers = 512
)

// object is a JSON object, flat: a member of a member is "outer.inner", an
// element of an array "outer.0". Values are their text, numbers as they were
// written; null is not there.
type object map[string]string

// parseObject reads an object with nothing behind it.
func parseObject(text []byte) (object, bool) {
	if text = bytes.TrimSpace(text); len(text) == 0 || text[0] != '{' {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || len(bytes.TrimSpace(text[d.InputOffset():])) > 0 {
		return nil, false
	}
	o := object{}
	return o, o.add("", v, 0)
}

// add puts a value into the object, and those within it; it reports whether
// they keep to the limits.
func (o object) add(name string, v any, depth int) bool {
	if depth > maxDepth || len(o) > maxMembers {
		return false
	}
	within := name
	if name != "" {
		within += "."
	}
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if !o.add(within+k, inner, depth+1) {
				return false
			}
		}
	case []any:
		for i, inner := range v {
			if !o.add(within+strconv.Itoa(i), inner, depth+1) {
				return false
			}
		}
	case string:
		o[name] = v
	case json.Number:
		o[name] = v.String()
	case bool:
		o[name] = strconv.FormatBool(v)
	}
	return true
}

// jsonLines is a format of one JSON object a line.
type jsonLines struct {
	layout
	is func(o object) bool // one of the first lines is of this format

	// pick looks at an object before its values are read: prefix stands before
	// their names (those that are not there are sought without it), lay is how
	// they are written, why is the reason to leave the object out.
	pick func(o object) (lay *layout, prefix, why string)
}

// headLines is how many of the first lines may tell the format.
const headLines = 20

func (f jsonLines) format() Format {
	return Format{
		Name: f.name, Title: f.title,
		detect: func(head []byte, whole bool) bool {
			for range headLines {
				line, rest, ok := bytes.Cut(head, []byte{'\n'})
				if !ok && !whole {
					return false
				}
				if o, ok := parseObject(line); ok && f.is(o) {
					return true
				}
				head = rest
			}
			return false
		},
		read: f.read,
	}
}

// memberHeader is the header of records that come as members by name.
func (lay *layout) memberHeader() header {
	h := header{width: columns}
	for c, called := range lay.columns {
		if h.at[c] = c; called == "" {
			h.at[c] = -1
		}
	}
	h.findStatic()
	return h
}

func (f jsonLines) read(_ context.Context, r io.Reader, o Options, s Sink) (Stats, error) {
	t := newTableReader(&f.layout, o, s)
	t.head = f.memberHeader()
	in := newLineReader(r)
	for {
		line, offset, long, err := in.next()
		if err == io.EOF {
			return t.stats, nil
		}
		if err != nil {
			return t.stats, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		t.line, t.offset = in.number, offset
		t.stats.Records++
		if long {
			t.drop(TooLong, line)
			continue
		}
		why := BadJSON
		if obj, ok := parseObject(line); ok {
			var prefix string
			if t.lay, prefix, why = f.pick(obj); why == "" {
				t.fill(obj, prefix)
				if why, err = t.record(line); err != nil {
					return t.stats, err
				}
			}
		}
		t.count(why, line)
	}
}

// fill makes a row of an object's members.
func (t *tableReader) fill(o object, prefix string) {
	r := &t.row
	r.scratch, r.ends[0] = r.scratch[:0], -1
	for c, called := range t.lay.columns {
		for name := range strings.SplitSeq(called, "|") {
			v, ok := o[prefix+name]
			if !ok {
				v = o[name]
			}
			if v != "" {
				r.scratch = append(r.scratch, v...)
				break
			}
		}
		r.ends[c+1] = len(r.scratch)
		r.scratch = append(r.scratch, ',')
	}
	r.text = r.scratch
}

// isKnownClock reports whether a word names one of the clocks.
func isKnownClock(s string) bool {
	switch navicert.TimeFrom(s) {
	case navicert.TimeTag, navicert.TimePGHP, navicert.TimeSuffix, navicert.TimeDelivery, navicert.TimePrefix,
		navicert.TimeClock, navicert.TimeFile, navicert.TimeArrival:
		return true
	}
	return false
}

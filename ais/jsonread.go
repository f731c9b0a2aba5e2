package ais

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
)

// A JSONMessage is a message read from JSON.
type JSONMessage struct {
	Bodies  []Body    // one, or both parts of a type 24, which gpsd writes as one object
	Time    time.Time // of reception; zero when it is unknown
	Station string    // "" when it is unknown
	Channel byte      // 0 when it is unknown
	Own     bool      // sent by the receiving station itself

	// Unused names the members that say nothing about a message of this type,
	// in order of the alphabet.
	Unused []string
}

// ErrNotAIS says that a JSON object is none of class AIS, such as gpsd writes
// about other things.
var ErrNotAIS = errors.New("the object is not of class AIS")

var errNotJSON = errors.New("it is no JSON object")

// ParseJSON reads one message from a JSON object such as [Message.AppendJSON]
// and [Message.AppendUnscaledJSON] write, and gpsd in its scaled and unscaled
// forms. A member that is not there means that the value is unknown; type, mmsi
// and scaled must be there. Scaled values are rounded to the nearest number that
// can be sent, from their decimals as written.
//
// Small letters become capitals. What does not fit its field, in size, length
// or alphabet, is an error of kind [navicert.Invalid], and so is binary data of
// which neither the bits (data) nor the fields of a known application are there.
func ParseJSON(object []byte) (*JSONMessage, error) {
	r := jsonReader{used: map[string]bool{}}
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	if err := d.Decode(&r.object); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "AIS JSON", "", "%w: %w", errNotJSON, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, navicert.Errorf(navicert.Invalid, "AIS JSON", "", "%w: more than one value", errNotJSON)
	}
	if class, there := r.object["class"]; there && class != "AIS" {
		return nil, ErrNotAIS
	}
	m, err := r.message()
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "AIS JSON", "", "%w", err)
	}
	return m, nil
}

func (r *jsonReader) message() (*JSONMessage, error) {
	scaled, isBool := r.object["scaled"].(bool)
	if !isBool {
		return nil, errors.New("scaled is not there as true or false")
	}
	r.scaled = scaled
	for _, name := range []string{"type", "mmsi"} {
		if _, there := r.object[name]; !there {
			return nil, fmt.Errorf("%s is missing", name)
		}
	}
	h := Header{
		Type: uint8(r.num(unsigned("type", 6), 0)), Repeat: uint8(r.num(unsigned("repeat", 2), 0)),
		MMSI: navicert.MMSI(r.num(unsigned("mmsi", 30), 0)),
	}
	if h.Type == 0 || int(h.Type) >= len(minBits) {
		r.fail("type %d does not exist", h.Type)
	}
	r.limit = int(r.num(unsigned("bits", 11), 0))
	m := &JSONMessage{Own: r.object["own"] == true}
	r.reception(m)
	if r.err != nil {
		return nil, r.err
	}
	for _, part := range r.parts(h.Type) {
		var d bodies
		body := d.body(int(h.Type))
		*body.Head() = h
		if part != "" {
			r.object["part"] = part
		}
		r.head, r.pos, r.short = body.Head(), 38, false
		body.layout(r)
		if r.err != nil {
			return nil, r.err
		}
		m.Bodies = append(m.Bodies, body)
	}
	m.Unused = r.unused()
	return m, nil
}

// reception reads what is known beside the message.
func (r *jsonReader) reception(m *JSONMessage) {
	if s, there := r.string("time"); there {
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			r.fail("time %q is not of RFC 3339", s)
		}
		m.Time = t.UTC()
	}
	m.Station, _ = r.string("station")
	if i := strings.IndexFunc(m.Station, notInTag); i >= 0 {
		r.fail("station %q cannot stand in a tag block", m.Station)
	}
	if s, _ := r.string("channel"); s != "" {
		if m.Channel = s[0]; len(s) > 1 || strings.IndexFunc(s, notInTag) >= 0 {
			r.fail("channel %q is not one character", s)
		}
	}
}

// notInTag reports whether a character may not stand in a field of a sentence
// or tag block.
func notInTag(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`,*\!$`, c) }

// parts returns the parts of a type 24 that the object holds; of other types
// there is one without a name.
func (r *jsonReader) parts(typ uint8) []string {
	if _, named := r.object["part"]; named || typ != 24 {
		return []string{""}
	}
	r.vendor()
	_, a := r.object["shipname"]
	_, b := r.object["shiptype"]
	_, c := r.object["callsign"]
	switch {
	case a && (b || c):
		return []string{"A", "B"}
	case b || c:
		return []string{"B"}
	}
	return []string{"A"}
}

// vendor takes gpsd's vendorid of seven characters apart, of which the last
// four are model and serial number.
func (r *jsonReader) vendor() {
	s, _ := r.object["vendorid"].(string)
	if len(s) <= 3 || len(s) > 7 {
		return
	}
	r.object["vendorid"] = s[:3]
	if _, there := r.object["serial"]; there {
		return
	}
	var b Bits
	b.putTextOf(MakeText(s, 7), 7)
	r.object["model"], r.object["serial"] = json.Number(fmt.Sprint(b.u(18, 4))), json.Number(fmt.Sprint(b.u(22, 20)))
}

// unused returns the members that nothing asked for and that are not those
// which our JSON or gpsd's has beside a message's fields.
func (r *jsonReader) unused() []string {
	beside := []string{"class", "device", "scaled", "time_from", "time_check", "tag_unverified", "own", "raw"}
	var names []string
	for name := range r.object {
		if !r.used[name] && !strings.HasSuffix(name, "_text") && !slices.Contains(beside, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// jsonReader is the visitor that fills a message in from a JSON object.
type jsonReader struct {
	object map[string]any
	used   map[string]bool
	scaled bool
	head   *Header
	pos    int  // bits so far
	limit  int  // the message's length when it is short, else 0
	short  bool // the limit is reached
	err    error
}

func (r *jsonReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// get returns a member; null is none.
func (r *jsonReader) get(name string) (any, bool) {
	r.used[name] = true
	v := r.object[name]
	return v, v != nil
}

func (r *jsonReader) string(name string) (string, bool) {
	v, there := r.get(name)
	s, is := v.(string)
	if there && !is {
		r.fail("%s is no string", name)
	}
	return s, is
}

// room moves on by a field and reports whether a short message has it.
func (r *jsonReader) room(width int) bool {
	if r.short = r.short || r.limit != 0 && r.pos+width > r.limit; r.short {
		return false
	}
	r.pos += width
	return true
}

func (r *jsonReader) num(f field, _ int64) int64 {
	if r.head != nil && !r.room(f.width) {
		return 0
	}
	return r.value(f)
}

// value reads a member as a number that can be sent.
func (r *jsonReader) value(f field) int64 {
	v, there := r.get(f.name)
	if !there {
		return f.unknown
	}
	n, err := f.parse(v, r.scaled)
	if err != nil {
		r.fail("%s %w", f.name, err)
		return f.unknown
	}
	if low, high := f.bounds(); n < low || n > high {
		r.fail("%s %v does not fit its %d bits", f.name, v, f.width)
	}
	return n
}

func (r *jsonReader) opt(f field, v int64, _ bool) (int64, bool) {
	before := r.pos
	if there := r.object[f.name] != nil; !r.room(f.width) || !there {
		return 0, false
	}
	r.pos = before // which num moves on
	return r.num(f, v), true
}

func (r *jsonReader) flag(name string, _ bool) bool {
	return r.num(field{name: name, width: 1, form: truth}, 0) != 0
}

func (r *jsonReader) text(name string, n int, _ Text) Text {
	s, _ := r.string(name)
	if err := fits(s, n); err != nil {
		r.fail("%s %w", name, err)
	}
	if r.limit != 0 && r.pos+6*n > r.limit {
		n = max(0, (r.limit-r.pos)/6)
		r.pos += 6 * n
		r.short = true
	} else {
		r.pos += 6 * n
	}
	return MakeText(s, n)
}

// fits reports whether the text can be sent in n characters.
func fits(s string, n int) error {
	if len(s) > n {
		return fmt.Errorf("%q has more than %d characters", s, n)
	}
	for _, c := range s {
		if c < ' ' || c > 'z' || c == '`' {
			return fmt.Errorf("%q has the character %q, which six bits cannot send", s, c)
		}
	}
	return nil
}

func (r *jsonReader) aidName(m *Aid) {
	s, _ := r.string("name")
	if err := fits(s, maxAidName); err != nil {
		r.fail("name %w", err)
		return
	}
	m.Name = MakeText(s, 20)
	r.pos += 120
	if len(s) > 20 {
		m.more = MakeLetters(s[20:])
		for m.more.Len()%8 != 0 { // ITU-R M.1371-5 fills up to whole bytes
			m.more.bits.put(1, 0)
			m.more.end++
		}
	}
}

func (r *jsonReader) aidMore(*Aid) {}

func (r *jsonReader) fixed() {
	if r.short {
		r.head.sent = sent{ends: int16(r.pos), short: true, lacks: true}
		if rest := r.limit - r.pos; rest > 0 {
			var zeros Bits
			zeros.put(rest, 0)
			r.head.sent.rest = MakeData(zeros)
		}
	}
}

func (r *jsonReader) data(Data) Data {
	s, there := r.string("data")
	if !there {
		return Data{}
	}
	d, err := parseData(s)
	if err != nil {
		r.fail("data %w", err)
	}
	return d
}

func (r *jsonReader) contents(m applied, _ Data) Data {
	if _, there := r.object["data"]; there {
		return r.data(Data{})
	}
	dac, fid := m.identifier()
	app, known := NewApplication(m.Head().Type, dac, fid)
	if !known {
		r.fail("data is missing, and the fields of application %d/%d are not known", dac, fid)
		return Data{}
	}
	r.application(&app)
	return app.Data()
}

func (r *jsonReader) letters(Data) Data {
	s, _ := r.string("text")
	if err := fits(s, maxChars); err != nil {
		r.fail("text %w", err)
		return Data{}
	}
	return MakeLetters(s)
}

func (r *jsonReader) spare(width int) { r.room(width) }

func (r *jsonReader) count(first string, most, _ int) int {
	n := 1
	if r.object[first+ordinals[0]] == nil {
		r.fail("%s1 is missing", first)
	}
	for n < most && r.object[first+ordinals[n]] != nil {
		n++
	}
	return n
}

func (r *jsonReader) early(name string, _ bool) bool {
	return r.value(field{name: name, width: 1, form: truth}) != 0
}

func (r *jsonReader) follows(name string, _ bool) bool { return r.object[name] != nil }

func (r *jsonReader) end(int) {}

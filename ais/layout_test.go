package ais

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// A lister is the visitor that writes down the fields.
type lister struct{ strings.Builder }

func fieldsOf(body Body) string {
	var l lister
	h := body.Head()
	fmt.Fprintf(&l, "%d %d %d", h.Type, h.Repeat, h.MMSI)
	body.layout(&l)
	return l.String()
}

func (l *lister) say(name string, v any)     { fmt.Fprintf(l, " %s=%v", name, v) }
func (l *lister) num(f field, v int64) int64 { l.say(f.name, v); return v }
func (l *lister) opt(f field, v int64, there bool) (int64, bool) {
	if there {
		l.say(f.name, v)
	}
	return v, there
}
func (l *lister) flag(name string, v bool) bool        { l.say(name, v); return v }
func (l *lister) text(name string, _ int, t Text) Text { l.say(name, t); return t }
func (l *lister) aidName(m *Aid)                       { l.say("name", m.Name) }
func (l *lister) aidMore(m *Aid)                       { l.data(m.more) }
func (l *lister) fixed()                               {}
func (l *lister) data(d Data) Data                     { l.say("data", string(d.Append(nil))); return d }
func (l *lister) contents(_ applied, d Data) Data      { return l.data(d) }
func (l *lister) letters(d Data) Data                  { return l.data(d) }
func (l *lister) arrival(e ETA) ETA                    { l.say("eta", e); return e }
func (l *lister) spare(int)                            {}
func (l *lister) count(first string, _, n int) int     { l.say(first, n); return n }
func (l *lister) early(_ string, v bool) bool          { return v }
func (l *lister) follows(_ string, v bool) bool        { return v }
func (l *lister) end(int)                              {}
func (l *lister) clock(m *BaseStation) {
	l.say("timestamp", []int{int(m.Year), int(m.Month), int(m.Day), int(m.Hour), int(m.Minute), int(m.Second)})
}

// A drawer is the visitor that fills a message with any values.
type drawer struct {
	t     *rapid.T
	bits  int             // of data
	truth map[string]bool // drawn early
}

func (d *drawer) num(f field, _ int64) int64 {
	low, high := f.bounds()
	if f.form == partLetter {
		high = PartB // nothing is read of the others
	}
	return rapid.Int64Range(low, high).Draw(d.t, f.name)
}

func (d *drawer) opt(f field, v int64, _ bool) (int64, bool) { return d.num(f, v), true }

func (d *drawer) flag(name string, _ bool) bool {
	if v, there := d.truth[name]; there {
		return v
	}
	return rapid.Bool().Draw(d.t, name)
}

func (d *drawer) text(name string, n int, _ Text) Text {
	return MakeText(rapid.StringOfN(rapid.RuneFrom([]rune(sixBit)), 0, n, -1).Draw(d.t, name), n)
}

func (d *drawer) aidName(m *Aid) { m.Name = d.text("name", 20, Text{}) }
func (d *drawer) aidMore(m *Aid) { d.bits = 88; m.more = d.data(Data{}) }
func (d *drawer) fixed()         {}

func (d *drawer) data(Data) Data {
	var b Bits
	n := rapid.IntRange(0, d.bits).Draw(d.t, "bits")
	for b.n < n {
		b.put(min(64, n-b.n), rapid.Uint64().Draw(d.t, "data"))
	}
	return MakeData(b)
}

func (d *drawer) contents(applied, Data) Data { return d.data(Data{}) }
func (d *drawer) letters(Data) Data           { return d.data(Data{}) }

func (d *drawer) clock(m *BaseStation) {
	m.Year, m.Month, m.Day = uint16(d.num(unsigned("year", 14), 0)), uint8(d.num(unsigned("month", 4), 0)), uint8(d.num(unsigned("day", 5), 0))
	m.Hour, m.Minute = uint8(d.num(unsigned("hour", 5), 0)), uint8(d.num(unsigned("minute", 6), 0))
	m.Second = Second(d.num(unsigned("second", 6), 0))
}

func (d *drawer) arrival(ETA) ETA {
	return ETA{
		uint8(d.num(unsigned("month", 4), 0)), uint8(d.num(unsigned("day", 5), 0)),
		uint8(d.num(unsigned("hour", 5), 0)), uint8(d.num(unsigned("minute", 6), 0)),
	}
}

func (d *drawer) spare(int) {}

func (d *drawer) count(first string, most, _ int) int {
	return rapid.IntRange(1, most).Draw(d.t, first)
}

func (d *drawer) early(name string, v bool) bool {
	d.truth = map[string]bool{name: d.flag(name, v)}
	return d.truth[name]
}

func (d *drawer) follows(name string, v bool) bool { return d.flag(name, v) }

func (d *drawer) end(int) {}

// anyMessage draws a message of a type with any values in its fields.
func anyMessage(t *rapid.T, typ int) Body {
	var d bodies
	body := d.body(typ)
	h := body.Head()
	h.Type, h.Repeat = uint8(typ), uint8(rapid.IntRange(0, 3).Draw(t, "repeat"))
	show(&drawer{t: t}, &h.MMSI, unsigned("mmsi", 30))
	if typ == 24 && rapid.Bool().Draw(t, "craft") {
		h.MMSI = 982990001
	}
	body.layout(&drawer{t: t, bits: 700})
	if b, ok := body.(*Interrogation); ok && b.HasAsk2 {
		b.N = 2 // the bits between are sent, so it is read
	}
	return body
}

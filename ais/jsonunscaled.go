package ais

import "strconv"

// appendUnscaled appends the fields of a message as JSON members with the
// numbers that were sent.
func appendUnscaled(dst []byte, body Body) []byte {
	w := jsonWriter{dst: dst}
	body.layout(&w)
	return w.dst
}

// jsonWriter is the visitor that writes gpsd's unscaled JSON.
type jsonWriter struct{ dst []byte }

// member begins a member.
func (w *jsonWriter) member(name string) {
	w.dst = append(append(append(w.dst, `,"`...), name...), `":`...)
}

func (w *jsonWriter) num(f field, v int64) int64 {
	if f.name == "" {
		return v
	}
	w.member(f.name)
	if f.form == partLetter {
		w.dst = append(w.dst, '"', 'A'+byte(v), '"')
	} else {
		w.dst = strconv.AppendInt(w.dst, v, 10)
	}
	return v
}

func (w *jsonWriter) opt(f field, v int64, there bool) (int64, bool) {
	switch {
	case !there:
	case f.form == truth:
		w.member(f.name)
		w.dst = strconv.AppendBool(w.dst, v != 0)
	default:
		w.num(f, v)
	}
	return v, there
}

func (w *jsonWriter) flag(name string, v bool) bool {
	w.member(name)
	if name == "dte" { // a number with gpsd
		w.dst = bit(w.dst, "", v)
	} else {
		w.dst = strconv.AppendBool(w.dst, v)
	}
	return v
}

func (w *jsonWriter) text(name string, _ int, t Text) Text {
	var buf [2 * textHalf]byte
	w.string(name, t.Append(buf[:0]))
	return t
}

func (w *jsonWriter) string(name string, s []byte) {
	w.member(name)
	w.dst = str(w.dst, "", s)
}

func (w *jsonWriter) aidName(m *Aid) {
	var buf [2*textHalf + maxChars]byte
	w.string("name", m.AppendName(buf[:0]))
}

func (w *jsonWriter) data(d Data) Data {
	w.dst = data(w.dst, d)
	return d
}

func (w *jsonWriter) contents(m applied, d Data) Data {
	app, ok := m.Application()
	if !ok {
		return w.data(d)
	}
	w.dst = app.AppendFields(w.dst, false)
	return d
}

func (w *jsonWriter) letters(d Data) Data {
	var buf [maxChars]byte
	w.string("text", d.AppendText(buf[:0]))
	return d
}

func (w *jsonWriter) clock(m *BaseStation) {
	w.member("timestamp")
	d := append(w.dst, '"')
	for _, tens := range []uint16{1000, 100, 10, 1} {
		if m.Year < tens {
			d = append(d, '0')
		}
	}
	if m.Year > 0 {
		d = strconv.AppendUint(d, uint64(m.Year), 10)
	}
	d = append(two(append(two(append(d, '-'), m.Month), '-'), m.Day), 'T')
	w.dst = append(two(append(two(append(two(d, m.Hour), ':'), m.Minute), ':'), uint8(m.Second)), 'Z', '"')
}

func (w *jsonWriter) arrival(e ETA) ETA {
	w.member("eta")
	d := append(two(append(two(append(w.dst, '"'), e.Month), '-'), e.Day), 'T')
	w.dst = append(two(append(two(d, e.Hour), ':'), e.Minute), 'Z', '"')
	return e
}

func (w *jsonWriter) count(_ string, most, n int) int { return min(max(n, 0), most) }

func (w *jsonWriter) early(_ string, v bool) bool { return v }

func (w *jsonWriter) follows(_ string, v bool) bool { return v }

func (w *jsonWriter) fixed()       {}
func (w *jsonWriter) spare(int)    {}
func (w *jsonWriter) aidMore(*Aid) {}
func (w *jsonWriter) end(int)      {}

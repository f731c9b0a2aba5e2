package ais

import (
	"strconv"
	"time"

	"navicert"
)

// AppendJSON appends the message as one JSON object, without a line break. Names
// and units are those of gpsd's scaled form, degrees with six decimals; what is
// unknown is absent. To these come time, time_from, time_check, tag_unverified,
// station, channel, own (of the station itself) and raw, the sentences as received:
//
//	{"class":"AIS","type":1,"repeat":0,"mmsi":357322000,"scaled":true,"status":0,…,"raw":["!AIVDM,…*37"]}
func (m *Message) AppendJSON(dst []byte) []byte {
	h := m.Body.Head()
	dst = append(h.appendJSON(dst), `,"scaled":true`...)
	dst = m.Body.appendFields(dst)
	return m.appendReception(dst, h)
}

// AppendUnscaledJSON is AppendJSON with gpsd's unscaled form: the numbers as
// they were sent, those that mean unknown too. Only fields that a short message
// lacks are absent.
func (m *Message) AppendUnscaledJSON(dst []byte) []byte {
	h := m.Body.Head()
	dst = append(h.appendJSON(dst), `,"scaled":false`...)
	return m.appendReception(appendUnscaled(dst, m.Body), h)
}

func (h *Header) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"class":"AIS"`...)
	dst = num(dst, `,"type":`, uint64(h.Type))
	dst = num(dst, `,"repeat":`, uint64(h.Repeat))
	return num(dst, `,"mmsi":`, uint64(h.MMSI))
}

// appendReception appends what is known beside the fields, and closes the
// object.
func (m *Message) appendReception(dst []byte, h *Header) []byte {
	if h.sent.lacks {
		dst = num(dst, `,"bits":`, uint64(m.Bits.n))
	}
	if m.stamp.from != fromNone {
		dst = append(dst, `,"time":"`...)
		dst = m.reader.appendTime(dst, m.stamp.time)
		dst = append(append(append(dst, `","time_from":"`...), timeFrom[m.stamp.from]...), '"')
	}
	if m.check != secondUnchecked {
		dst = append(append(append(dst, `,"time_check":"`...), timeChecks[m.check]...), '"')
	}
	if m.stamp.unverified {
		dst = append(dst, `,"tag_unverified":true`...)
	}
	if m.stamp.stationLen > 0 {
		dst = str(dst, `,"station":`, m.stamp.stationName())
	}
	if m.Channel != 0 {
		dst = str(dst, `,"channel":`, []byte{m.Channel})
	}
	if m.Own {
		dst = append(dst, `,"own":true`...)
	}
	sep := `,"raw":[`
	for i := range m.Parts() {
		dst = str(dst, sep, m.Part(i))
		sep = ","
	}
	return append(dst, "]}"...)
}

// appendTime appends a time in nanoseconds by RFC 3339. Messages come many to a
// second, so the last one's text is kept.
func (r *Reader) appendTime(dst []byte, ns int64) []byte {
	sec, frac := ns/1e9, ns%1e9 // times are after 1970
	if frac != 0 {
		return time.Unix(sec, frac).UTC().AppendFormat(dst, time.RFC3339Nano)
	}
	if sec != r.second || len(r.secondText) == 0 {
		r.second = sec
		r.secondText = time.Unix(sec, 0).UTC().AppendFormat(r.secondText[:0], time.RFC3339)
	}
	return append(dst, r.secondText...)
}

func num(dst []byte, name string, v uint64) []byte {
	return strconv.AppendUint(append(dst, name...), v, 10)
}

// numIf appends a number unless it is the one that means unknown.
func numIf(dst []byte, name string, v, unknown uint64) []byte {
	if v == unknown {
		return dst
	}
	return num(dst, name, v)
}

func boolean(dst []byte, name string, v bool) []byte {
	return strconv.AppendBool(append(dst, name...), v)
}

// bit appends a truth as 0 or 1, as gpsd writes dte.
func bit(dst []byte, name string, v bool) []byte {
	if v {
		return append(append(dst, name...), '1')
	}
	return append(append(dst, name...), '0')
}

// tenths appends a number of tenths with its one decimal.
func tenths(dst []byte, name string, v uint64) []byte {
	dst = num(dst, name, v/10)
	return append(dst, '.', '0'+byte(v%10))
}

const hexLower = "0123456789abcdef"

// str appends a string. Bytes that are no ASCII text are written as the Latin-1
// characters of the same number.
func str(dst []byte, name string, s []byte) []byte {
	dst = append(append(dst, name...), '"')
	for _, c := range s {
		if c == '"' || c == '\\' || c < ' ' || c >= 0x7f {
			return append(escape(dst, s), '"')
		}
	}
	return append(append(dst, s...), '"')
}

func escape(dst, s []byte) []byte {
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ' || c >= 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hexLower[c>>4], hexLower[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// text appends a text field unless it is empty.
func text(dst []byte, name string, t Text) []byte {
	var buf [2 * textHalf]byte
	s := t.Append(buf[:0])
	if len(s) == 0 {
		return dst
	}
	return str(dst, name, s)
}

// degrees6 appends v, of which there are unit to a degree, with six decimals;
// what lies beyond the limit in degrees is unknown.
func degrees6(dst []byte, name string, v, unit, limit int64) []byte {
	if v > limit*unit || v < -limit*unit {
		return dst
	}
	dst = append(dst, name...)
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	micro := uint64((v*2000000 + unit) / (2 * unit))
	dst = strconv.AppendUint(dst, micro/1000000, 10)
	frac := micro % 1000000
	return append(dst, '.', '0'+byte(frac/100000), '0'+byte(frac/10000%10), '0'+byte(frac/1000%10),
		'0'+byte(frac/100%10), '0'+byte(frac/10%10), '0'+byte(frac%10))
}

func lonLat(dst []byte, lon Lon, lat Lat) []byte {
	dst = degrees6(dst, `,"lon":`, int64(lon), 600000, 180)
	return degrees6(dst, `,"lat":`, int64(lat), 600000, 90)
}

func coarse(dst []byte, lonName string, lon CoarseLon, latName string, lat CoarseLat) []byte {
	dst = degrees6(dst, lonName, int64(lon), 600, 180)
	return degrees6(dst, latName, int64(lat), 600, 90)
}

func area(dst []byte, a Area) []byte {
	dst = coarse(dst, `,"ne_lon":`, a.NELon, `,"ne_lat":`, a.NELat)
	return coarse(dst, `,"sw_lon":`, a.SWLon, `,"sw_lat":`, a.SWLat)
}

func speed(dst []byte, v Speed) []byte {
	if v >= SpeedUnknown {
		return dst
	}
	return tenths(dst, `,"speed":`, uint64(v))
}

func course(dst []byte, v Course) []byte {
	if v >= CourseUnknown {
		return dst
	}
	return tenths(dst, `,"course":`, uint64(v))
}

func heading(dst []byte, v Heading) []byte {
	if v >= 360 {
		return dst
	}
	return num(dst, `,"heading":`, uint64(v))
}

func second(dst []byte, v Second) []byte {
	return numIf(dst, `,"second":`, uint64(v), uint64(SecondUnknown))
}

// turn appends degrees per minute with up to two decimals, or the word that
// says only in which direction the ship turns.
func turn(dst []byte, v Turn) []byte {
	switch v {
	case TurnUnknown:
		return dst
	case 127:
		return append(dst, `,"turn":"fastright"`...)
	case -127:
		return append(dst, `,"turn":"fastleft"`...)
	}
	dst = append(dst, `,"turn":`...)
	if v < 0 {
		dst = append(dst, '-')
	}
	r := float64(v) / 4.733
	h := uint64(r*r*100 + 0.5)
	dst = strconv.AppendUint(dst, h/100, 10)
	if h %= 100; h > 0 {
		dst = append(dst, '.', '0'+byte(h/10))
		if h%10 > 0 {
			dst = append(dst, '0'+byte(h%10))
		}
	}
	return dst
}

func epfd(dst []byte, v EPFD) []byte {
	if v == 15 {
		return dst
	}
	return numIf(dst, `,"epfd":`, uint64(v), 0)
}

// dimensions appends both distances along the ship when one is known, and the
// same across it: a single 0 says that the reference point is not given.
func dimensions(dst []byte, d Dimensions) []byte {
	if d.Bow|d.Stern != 0 {
		dst = num(dst, `,"to_bow":`, uint64(d.Bow))
		dst = num(dst, `,"to_stern":`, uint64(d.Stern))
	}
	if d.Port|d.Starboard != 0 {
		dst = num(dst, `,"to_port":`, uint64(d.Port))
		dst = num(dst, `,"to_starboard":`, uint64(d.Starboard))
	}
	return dst
}

// eta appends "MM-DDTHH:MMZ", or "MM-DD" when the time of day is unknown.
func eta(dst []byte, e ETA) []byte {
	if !e.Known() {
		return dst
	}
	dst = append(dst, `,"eta":"`...)
	dst = two(append(two(dst, e.Month), '-'), e.Day)
	if e.Hour < 24 && e.Minute < 60 {
		dst = append(two(append(two(append(dst, 'T'), e.Hour), ':'), e.Minute), 'Z')
	}
	return append(dst, '"')
}

func two(dst []byte, v uint8) []byte { return append(dst, '0'+v/10, '0'+v%10) }

func optRadio(dst []byte, v navicert.Opt[uint32]) []byte {
	if r, ok := v.Get(); ok {
		return num(dst, `,"radio":`, uint64(r))
	}
	return dst
}

func optBit(dst []byte, name string, v navicert.Opt[bool]) []byte {
	if f, ok := v.Get(); ok {
		return bit(dst, name, f)
	}
	return dst
}

func data(dst []byte, d Data) []byte {
	dst = append(dst, `,"data":"`...)
	return append(d.Append(dst), '"')
}

// longText appends six-bit text, of which " and \ must be escaped.
func longText(dst []byte, name string, d Data) []byte {
	var buf [maxChars]byte
	s := d.AppendText(buf[:0])
	if len(s) == 0 {
		return dst
	}
	return str(dst, name, s)
}

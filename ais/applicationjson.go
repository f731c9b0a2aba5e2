package ais

import "strconv"

// AppendFields appends the fields as JSON members with gpsd's names. Scaled,
// they are in everyday units (but for 200/10, whose lengths gpsd leaves in
// decimetres and centimetres) and what is unknown is absent; else all are as
// they were sent.
func (a Application) AppendFields(dst []byte, scaled bool) []byte {
	off, part, begin := 0, 0, 0
	for i := range a.fields {
		f := &a.fields[i]
		if f.part != part {
			if part == 0 {
				dst = append(dst, `,"tidals":[{`...)
			} else {
				dst = append(withoutComma(dst, begin), "},{"...)
			}
			part, begin = f.part, len(dst)
		}
		dst = a.appendField(dst, f, off, scaled)
		off += f.width
	}
	if part > 0 {
		dst = append(withoutComma(dst, begin), "}]"...)
	}
	return dst
}

// withoutComma takes away the comma before the first member of an object that
// begins there.
func withoutComma(dst []byte, begin int) []byte {
	if len(dst) == begin {
		return dst
	}
	return append(dst[:begin], dst[begin+1:]...)
}

func (a Application) appendField(dst []byte, f *appField, off int, scaled bool) []byte {
	width, v := f.width, int64(0)
	switch f.kind {
	case appRest:
		width = a.data.Len() - off
		fallthrough
	case appText:
		var buf [maxChars]byte
		s := a.data.bits.appendText(buf[:0], a.data.off+off, a.data.off+off+width)
		if scaled && len(s) == 0 {
			return dst
		}
		return str(dst, member(f.name), s)
	default:
		v = a.number(f, off)
	}
	switch {
	case f.kind == appBool:
		return boolean(dst, member(f.name), v != 0)
	case f.kind == appMonths || f.kind == appDays:
		return appTime(dst, f, v, scaled)
	case !scaled:
		return strconv.AppendInt(append(dst, member(f.name)...), v, 10)
	case f.kind == appSome && v == 0 || f.not > 0 && v >= f.not || f.not < 0 && v <= f.not:
		return dst
	case f.kind == appLon && (v > 180*60000 || v < -180*60000), f.kind == appLat && (v > 90*60000 || v < -90*60000):
		return dst
	case f.kind == appFineLon:
		return degrees6(dst, member(f.name), v, 600000, 180)
	case f.kind == appFineLat:
		return degrees6(dst, member(f.name), v, 600000, 90)
	}
	dst = append(dst, member(f.name)...)
	switch {
	case f.kind == appLon || f.kind == appLat:
		return strconv.AppendFloat(dst, float64(v)/60000, 'f', 4, 64)
	case f.unit > 10:
		return strconv.AppendFloat(dst, float64(v+f.add)/float64(f.unit), 'f', 2, 64)
	case f.unit == 10:
		return strconv.AppendFloat(dst, float64(v+f.add)/10, 'f', 1, 64)
	}
	return strconv.AppendInt(dst, v+f.add, 10)
}

// number returns a field's number as it was sent; off is the field's place.
func (a Application) number(f *appField, off int) int64 {
	if f.isSigned() {
		return a.data.bits.Int(a.data.off+off, f.width)
	}
	return int64(a.data.bits.Uint(a.data.off+off, f.width))
}

func member(name string) string { return `,"` + name + `":` }

// appTime appends "MM-DDTHH:MMZ" or, without the month, "DDTHH:MMZ"; scaled,
// only when there is such a date and time of day.
func appTime(dst []byte, f *appField, v int64, scaled bool) []byte {
	month, day, hour, minute := uint8(v>>16), uint8(v>>11)&31, uint8(v>>6)&31, uint8(v)&63
	if scaled && (day == 0 || hour > 23 || minute > 59 || f.kind == appMonths && (month == 0 || month > 12)) {
		return dst
	}
	dst = append(append(dst, member(f.name)...), '"')
	if f.kind == appMonths {
		dst = append(two(dst, month), '-')
	}
	return append(two(append(two(append(two(dst, day), 'T'), hour), ':'), minute), 'Z', '"')
}

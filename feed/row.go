package feed

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// maxColumns is how many columns a table may have.
const maxColumns = 64

// row is one line of a table, split at its commas. Fields lie in the line, or
// in scratch when they were quoted.
type row struct {
	fields  [maxColumns][]byte
	scratch []byte
}

// split finds the fields of a line that should have width of them.
func (r *row) split(line []byte, width int) (why string) {
	n, start := 0, 0
	for i, c := range line {
		switch c {
		case ',':
			if n == width {
				return BadColumns
			}
			r.fields[n] = line[start:i]
			n, start = n+1, i+1
		case '"':
			return r.splitQuoted(line, width)
		}
	}
	if n != width-1 {
		return BadColumns
	}
	r.fields[n] = line[start:]
	return ""
}

// splitQuoted does the same for a line with quoted fields, in which a quote is
// written twice (RFC 4180). A field does not go on in the next line.
func (r *row) splitQuoted(line []byte, width int) (why string) {
	r.scratch = slices.Grow(r.scratch[:0], len(line)) // fields lie in it: it must not move
	n := 0
	for i := 0; ; n++ {
		if n == width {
			return BadColumns
		}
		start := len(r.scratch)
		if i < len(line) && line[i] == '"' {
			for i++; ; i++ {
				if i == len(line) {
					return BadQuote
				}
				if line[i] == '"' {
					if i+1 == len(line) || line[i+1] != '"' {
						i++
						break
					}
					i++
				}
				r.scratch = append(r.scratch, line[i])
			}
			if i < len(line) && line[i] != ',' {
				return BadQuote
			}
		} else {
			for ; i < len(line) && line[i] != ','; i++ {
				r.scratch = append(r.scratch, line[i])
			}
		}
		r.fields[n] = r.scratch[start:len(r.scratch):len(r.scratch)]
		if i == len(line) {
			break
		}
		i++ // the comma
	}
	if n != width-1 {
		return BadColumns
	}
	return ""
}

// wholeNumber reads a number of at most digits digits.
func wholeNumber(s []byte, digits int) (n uint64, ok bool) {
	if len(s) == 0 || len(s) > digits {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// powers of ten that a float64 holds exactly.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads "-88.56408" to the nearest float64. The digits are read as a
// whole number below 2^53 and divided by a power of ten once, which rounds
// once; longer numbers and exponents are left to strconv.
func decimal(s []byte) (float64, bool) {
	digits, point, negative := s, -1, false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative, digits = s[0] == '-', s[1:]
	}
	if len(digits) == 0 || len(digits) > 16 {
		return parseFloat(s)
	}
	var n uint64
	for i, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + uint64(c-'0')
		case c == '.' && point < 0:
			point = i
		default:
			return parseFloat(s)
		}
	}
	v := float64(n)
	if point >= 0 {
		if len(digits) == 1 {
			return 0, false
		}
		v /= powers[len(digits)-point-1]
	}
	if n >= 1<<53 {
		return parseFloat(s)
	}
	if negative {
		v = -v
	}
	return v, true
}

func parseFloat(s []byte) (float64, bool) {
	v, err := strconv.ParseFloat(string(s), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// dayCache reads dates and times; the date is looked at only when it changes.
type dayCache struct {
	date  [10]byte
	start int64 // Unix seconds at its midnight
}

// parse reads "2022-01-03T00:00:00", with T or a blank, an optional fraction
// and an optional Z, in UTC.
func (d *dayCache) parse(s []byte) (time.Time, bool) {
	if len(s) < 19 || s[10] != 'T' && s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	if string(s[:10]) != string(d.date[:]) {
		day, err := time.Parse(time.DateOnly, string(s[:10]))
		if err != nil {
			return time.Time{}, false
		}
		copy(d.date[:], s)
		d.start = day.Unix()
	}
	hour, ok1 := twoDigits(s[11], s[12])
	minute, ok2 := twoDigits(s[14], s[15])
	second, ok3 := twoDigits(s[17], s[18])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	nanos, ok := fraction(s[19:])
	return time.Unix(d.start+int64(hour*3600+minute*60+second), nanos).UTC(), ok
}

func twoDigits(a, b byte) (int, bool) {
	a, b = a-'0', b-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

// fraction reads ".250", "Z", ".250Z" or nothing.
func fraction(s []byte) (nanos int64, ok bool) {
	if n := len(s); n > 0 && s[n-1] == 'Z' {
		s = s[:n-1]
	}
	if len(s) == 0 {
		return 0, true
	}
	if s[0] != '.' || len(s) < 2 || len(s) > 10 {
		return 0, false
	}
	scale := int64(1e8)
	for _, c := range s[1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		nanos += int64(c-'0') * scale
		scale /= 10
	}
	return nanos, true
}

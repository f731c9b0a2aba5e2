package feed

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"time"
)

// maxColumns is how many columns a table may have; exactEarth's has 139.
const maxColumns = 160

// row is one line of a table, split at its commas.
type row struct {
	text    []byte // the line, or scratch
	ends    [maxColumns + 1]int
	scratch []byte // the line without quotes, when it has some
}

// field returns a field; it lies in text.
func (r *row) field(i int) []byte { return r.text[r.ends[i]+1 : r.ends[i+1]] }

// between returns fields i to j with the commas between them.
func (r *row) between(i, j int) []byte { return r.text[r.ends[i]+1 : r.ends[j+1]] }

const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// has marks the bytes of x that equal c by their top bits. Of bytes behind one
// that does, it may mark some that do not.
func has(x uint64, c byte) uint64 {
	x ^= uint64(c) * ones
	return (x - ones) &^ x & tops
}

// split finds the fields of a line that should have width of them.
func (r *row) split(line []byte, width int) (why string) {
	r.text, r.ends[0] = line, -1
	n, i := 0, 0
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:])
		if has(x, '"') != 0 && bytes.IndexByte(line[i:i+8], '"') >= 0 {
			return r.splitQuoted(line, width)
		}
		for m := has(x, ','); m != 0; m &= m - 1 {
			at := i + bits.TrailingZeros64(m)>>3
			if line[at] != ',' {
				continue
			}
			if n++; n >= width {
				return BadColumns
			}
			r.ends[n] = at
		}
	}
	for ; i < len(line); i++ {
		switch line[i] {
		case ',':
			if n++; n >= width {
				return BadColumns
			}
			r.ends[n] = i
		case '"':
			return r.splitQuoted(line, width)
		}
	}
	if n != width-1 {
		return BadColumns
	}
	r.ends[width] = len(line)
	return ""
}

// splitQuoted does the same for a line with quoted fields, in which a quote is
// written twice (RFC 4180). A field does not go on in the next line.
func (r *row) splitQuoted(line []byte, width int) (why string) {
	r.scratch, r.ends[0] = r.scratch[:0], -1
	n := 0
	for i := 0; ; i++ {
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
		if n++; n > width {
			return BadColumns
		}
		r.ends[n] = len(r.scratch)
		if i == len(line) {
			break
		}
		r.scratch = append(r.scratch, ',')
	}
	if n != width {
		return BadColumns
	}
	r.text = r.scratch
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
	i, negative := 0, false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative, i = s[0] == '-', 1
	}
	if len(s) == i || len(s)-i > 16 {
		return parseFloat(s)
	}
	first := i
	var n uint64
	for ; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
	}
	point := i
	if i < len(s) {
		if s[i] != '.' || len(s)-first == 1 {
			return parseFloat(s)
		}
		for i++; i < len(s); i++ {
			d := s[i] - '0'
			if d > 9 {
				return parseFloat(s)
			}
			n = n*10 + uint64(d)
		}
	}
	if n >= 1<<53 {
		return parseFloat(s)
	}
	v := float64(n)
	if point < len(s) {
		v /= powers[len(s)-point-1]
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

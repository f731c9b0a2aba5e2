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
	lows = 0x7f * ones

	zeros = '0' * ones
)

// equal marks the bytes of x that equal c by their top bits.
func equal(x uint64, c byte) uint64 {
	x ^= uint64(c) * ones
	return ^((x&lows + lows) | x | lows)
}

// pack makes one bit of each byte of a mask of top bits, the first byte's lowest.
func pack(m uint64) uint64 { return (m >> 7) * 0x0102040810204080 >> 56 }

// split finds the fields of a line that should have width of them. It looks at
// 64 bytes at a time, so that the number of commas among few bytes, which
// nothing foretells, costs no wrong branch. It may look at what lies behind the
// line in its buffer.
func (r *row) split(line []byte, width int) (why string) {
	if bytes.IndexByte(line, '"') >= 0 {
		return r.splitQuoted(line, width)
	}
	r.text, r.ends[0] = line, -1
	n := 0
	for base := 0; base < len(line); base += 64 {
		left := min(len(line)-base, 64)
		commas := uint64(0)
		if block := line[base:cap(line)]; len(block) >= 64 {
			for i := 0; i < left; i += 8 {
				commas |= pack(equal(binary.LittleEndian.Uint64(block[i:]), ',')) << (i & 63)
			}
			commas &= ^uint64(0) >> (64 - left)
		} else {
			for i, c := range block[:left] {
				if c == ',' {
					commas |= 1 << i
				}
			}
		}
		for ; commas != 0; commas &= commas - 1 {
			if n++; n >= width {
				return BadColumns
			}
			r.ends[n] = base + bits.TrailingZeros64(commas)
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
	if len(s) == 9 { // an MMSI
		x := binary.LittleEndian.Uint64(s[1:9]) - zeros
		if s[0]-'0' > 9 || !allDigits(x) {
			return 0, false
		}
		return uint64(s[0]-'0')*100000000 + number(x), true
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
	digits := s[i:]
	if len(digits) == 0 || len(digits) > 16 {
		return parseFloat(s)
	}
	var n uint64
	decimals := 0
	if len(digits) > 5 && len(digits) <= 9 && cap(digits) >= 8 {
		var ok bool
		if n, decimals, ok = eightDigits(digits); !ok {
			return parseFloat(s)
		}
	} else {
		point := len(digits) - 1
		for k, c := range digits {
			if d := c - '0'; d <= 9 {
				n = n*10 + uint64(d)
				continue
			}
			if c != '.' || point < len(digits)-1 || len(digits) == 1 {
				return parseFloat(s)
			}
			point = k
		}
		decimals = len(digits) - 1 - point
		if n >= 1<<53 {
			return parseFloat(s)
		}
	}
	v := float64(n)
	if decimals != 0 {
		v /= powers[decimals]
	}
	if negative {
		v = -v
	}
	return v, true
}

// eightDigits reads up to eight digits with a point among them, all at once:
// how long a number is and where its point stands costs no wrong branch. s has
// one to nine characters and stands in a buffer of eight or more.
func eightDigits(s []byte) (n uint64, decimals int, ok bool) {
	var x uint64
	first := uint64('0')
	if len(s) <= 8 { // move them to the end of eight characters, zeros in front
		x = binary.LittleEndian.Uint64(s[:8])<<((64-8*len(s))&63) | zeros>>(8*len(s))
	} else {
		x, first = binary.LittleEndian.Uint64(s[1:9]), uint64(s[0])
	}
	if point := equal(x, '.'); point != 0 {
		at := bits.TrailingZeros64(point) - 7
		before := uint64(1)<<(at&63) - 1
		x = x&^(before<<8|0xff) | x&before<<8 | first // what stands before it moves into its place
		decimals = 7 - at/8
	} else if len(s) == 9 {
		return 0, 0, false
	}
	x -= zeros
	if !allDigits(x) {
		return 0, 0, false
	}
	return number(x), decimals, true
}

// allDigits reports whether each byte of x is 0 to 9.
func allDigits(x uint64) bool { return (x|(x+0x76*ones))&tops == 0 }

// number makes a number of eight digits, the first in the lowest byte: of pairs,
// then fours, then all.
func number(x uint64) uint64 {
	const pairs = 0x000000ff000000ff
	x = x*10 + x>>8
	return ((x&pairs)*(100+1000000<<32) + (x>>16&pairs)*(1+10000<<32)) >> 32
}

func parseFloat(s []byte) (float64, bool) {
	v, err := strconv.ParseFloat(string(s), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// dayCache reads dates and times; the date is looked at only when it changes.
type dayCache struct {
	date  [10]byte
	start int64 // Unix seconds at its midnight
	known bool  // a date has been read
}

// parse reads "2022-01-03T00:00:00", with T or a blank, an optional fraction
// and an optional Z, in UTC.
func (d *dayCache) parse(s []byte) (time.Time, bool) {
	if len(s) < 19 || s[10] != 'T' && s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	if !d.known || string(s[:10]) != string(d.date[:]) {
		day, err := time.Parse(time.DateOnly, string(s[:10]))
		if err != nil {
			return time.Time{}, false
		}
		copy(d.date[:], s)
		d.start, d.known = day.Unix(), true
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

package ais

import (
	"bytes"
	"encoding/binary"
)

// tag reads the tag block at the beginning of s, which is a backslash, into the
// stamp: c (time), s (station) and g (group); the other fields say nothing that
// is used. It returns the place behind the closing backslash, 0 when this is no
// tag block.
//
// A wrong checksum marks the stamp and nothing more: two systematic faults are
// common, a checksum that is always 00 and one that was made before a g field
// was put in front. The second kind is verified without that field.
func (s *stamp) tag(line []byte) (end int) {
	s.reset()
	i := 1
	var g int // where the field behind a leading g begins
	for {
		from := i + 2
		if from >= len(line) || line[i+1] != ':' {
			return s.odd(line)
		}
		key := line[i]
		i = from
		if key == 'c' && from+10 < len(line) && (line[from+10] == '*' || line[from+10] == ',') {
			if t, ok := tenDigits(line[from : from+10]); ok {
				s.setTime(t, fromTag)
				key, i = 0, from+10
			}
		}
		for ; i < len(line) && line[i] != ',' && line[i] != '*'; i++ {
			if line[i] == '\\' {
				return s.odd(line)
			}
		}
		if i+3 >= len(line) {
			return s.odd(line)
		}
		switch key {
		case 's':
			if n := i - from; n <= 16 && from+16 <= len(line) {
				copy(s.station[:16], line[from:from+16]) // of one size: no call
				s.stationLen = uint8(n)
			} else {
				s.setStation(line[from:i])
			}
		case 'c':
			s.field('c', line[from:i])
		case 'g':
			s.field('g', line[from:i])
			if from == 3 {
				g = i + 1
			}
		}
		if line[i] == '*' {
			break
		}
		i++
	}
	if line[i+3] != '\\' {
		return s.odd(line)
	}
	sum, ok := hexByte(line[i+1], line[i+2])
	s.unverified = !ok || sum != xor(line[1:i]) && (g == 0 || g > i || sum != xor(line[g:i]))
	return i + 4
}

// field takes the value of one field.
func (s *stamp) field(key byte, value []byte) {
	switch key {
	case 'c':
		if t, _, ok := epoch(value); ok {
			s.setTime(t, fromTag)
		}
	case 's':
		s.setStation(value)
	case 'g':
		s.group = parseGroup(value)
	}
}

// odd reads a tag block that has fields without a colon, a * in a field or no
// checksum: what can be read of it, unverified.
func (s *stamp) odd(line []byte) (end int) {
	n := bytes.IndexByte(line[1:], '\\')
	if n < 0 || bytes.IndexByte(line[1:1+n], ':') < 0 {
		return 0
	}
	s.reset()
	s.unverified = true
	body := line[1 : 1+n]
	if star := bytes.LastIndexByte(body, '*'); star >= 0 {
		if len(body) == star+3 {
			sum, ok := hexByte(body[star+1], body[star+2])
			s.unverified = !ok || sum != xor(body[:star])
		}
		body = body[:star]
	}
	for len(body) > 0 {
		var field []byte
		field, body, _ = bytes.Cut(body, []byte{','})
		if len(field) > 2 && field[1] == ':' {
			s.field(field[0], field[2:])
		}
	}
	return n + 2
}

// tenDigits reads a time in seconds, the common case.
func tenDigits(s []byte) (ns int64, ok bool) {
	n, ok := eightDigits(binary.LittleEndian.Uint64(s))
	lo, hi := s[9]-'0', s[8]-'0'
	n = n*100 + int64(hi)*10 + int64(lo)
	return n * 1e9, ok && lo <= 9 && hi <= 9 && n >= minEpoch && n < maxEpoch
}

// eightDigits reads eight digits, the first one in the low byte.
func eightDigits(x uint64) (n int64, ok bool) {
	v := x - '0'*ones
	if (x|v|(x+0x46*ones))&tops != 0 {
		return 0, false
	}
	v = v*10 + v>>8 // pairs in every other byte
	v = (v&0x000000ff000000ff*(100+1000000<<32) + v>>16&0x000000ff000000ff*(1+10000<<32)) >> 32
	return int64(v & 0xffffffff), true
}

// parseGroup reads "1-2-3985".
func parseGroup(s []byte) group {
	a, rest, ok1 := bytes.Cut(s, []byte{'-'})
	b, id, ok2 := bytes.Cut(rest, []byte{'-'})
	n, ok3 := number(a)
	total, ok4 := number(b)
	if !ok1 || !ok2 || !ok3 || !ok4 || len(id) == 0 {
		return group{}
	}
	h := uint32(2166136261) // FNV-1a: ids are compared, not shown
	for _, c := range id {
		h = (h ^ uint32(c)) * 16777619
	}
	return group{uint16(n), uint16(total), h}
}

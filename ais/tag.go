package ais

import (
	"bytes"
	"encoding/binary"
)

// tag reads the tag block s, what stands between the two backslashes, into the
// stamp: c (time), s (station) and g (group); the other fields say nothing that
// is used. It reports whether s looks like a tag block at all.
//
// A wrong checksum marks the stamp and nothing more: two systematic faults are
// common, a checksum that is always 00 and one that was made before a g field
// was put in front. The second kind is verified without that field.
func (s *stamp) tag(block []byte) bool {
	body, sum, whole := block, byte(0), false
	if n := len(block); n >= 3 && block[n-3] == '*' {
		body = block[:n-3]
		sum, whole = hexByte(block[n-2], block[n-1])
	}
	if len(body) < 2 || body[1] != ':' && !bytes.Contains(body, []byte{':'}) {
		return false
	}
	s.reset()
	var gField []byte
	for rest := body; len(rest) > 0; {
		field := rest
		if n := bytes.IndexByte(rest, ','); n >= 0 {
			field, rest = rest[:n], rest[n+1:]
		} else {
			rest = nil
		}
		if len(field) < 3 || field[1] != ':' {
			continue
		}
		switch value := field[2:]; field[0] {
		case 'c':
			if t, ok := tagTime(value); ok {
				s.setTime(t, fromTag)
			}
		case 's':
			s.setStation(value)
		case 'g':
			gField = field
			s.group = parseGroup(value)
		}
	}
	s.unverified = !whole || sum != xor(body) && !withoutGroup(body, gField, sum)
	return true
}

// withoutGroup reports whether the checksum is that of the block before the
// field g and its comma were put in front.
func withoutGroup(body, gField []byte, sum byte) bool {
	if gField == nil || len(body) <= len(gField) || !bytes.HasPrefix(body, gField) {
		return false
	}
	return xor(body[len(gField)+1:]) == sum
}

// tagTime reads the time of field c; ten digits, seconds, are the common case.
func tagTime(s []byte) (ns int64, ok bool) {
	if len(s) == 10 {
		if n, ok := eightDigits(binary.LittleEndian.Uint64(s)); ok {
			lo, hi := s[9]-'0', s[8]-'0'
			if lo <= 9 && hi <= 9 {
				n = n*100 + int64(hi)*10 + int64(lo)
				return n * 1e9, n >= minEpoch && n < maxEpoch
			}
		}
		return 0, false
	}
	ns, _, ok = epoch(s)
	return ns, ok
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

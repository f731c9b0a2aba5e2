package ais

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// unarmour turns characters into bits, six each, and reports whether all of
// them are of the alphabet ('0' to 'W', '`' to 'w'). There must be no more than
// MaxBits/6 of them. It works on eight characters at a time.
func (b *Bits) unarmour(chars []byte) bool {
	b.n = 6 * len(chars)
	var acc, bad uint64
	word, have := 0, uint(0) // words that are full, and bits in acc
	for in := 0; in < len(chars); in += 8 {
		v, wrong := sixBits(eight(chars, in))
		bad |= wrong
		acc |= v >> have
		if have += 48; have >= 64 {
			b.w[word] = acc
			word++
			have -= 64
			acc = v << (48 - have)
		}
	}
	b.w[word] = acc
	return bad == 0
}

// eight returns the eight characters from in on, the first one high, with '0'
// for those beyond the end.
func eight(chars []byte, in int) uint64 {
	if in+8 <= len(chars) {
		return binary.BigEndian.Uint64(chars[in:])
	}
	beyond := 8 * uint(in+8-len(chars))
	var x uint64
	if in > 0 { // the last eight characters hold what is left
		x = binary.BigEndian.Uint64(chars[len(chars)-8:]) << beyond
	} else {
		for _, c := range chars {
			x = x<<8 | uint64(c)
		}
		x <<= beyond
	}
	return x | '0'*ones&(1<<beyond-1)
}

// sixBits turns the eight characters of x, the first one high, into 48 bits at
// the high end; wrong is not zero when one is outside the alphabet.
func sixBits(x uint64) (v, wrong uint64) {
	// Adding k to each byte sets its top bit when the character is 0x80-k or
	// more; with no top bit in x there is no carry.
	low := x &^ tops
	from30 := low + 0x50*ones // '0' or more
	from58 := low + 0x28*ones // beyond 'W'
	from60 := low + 0x20*ones // '`' or more
	from78 := low + 0x08*ones // beyond 'w'
	wrong = (x | ^from30 | (from58 ^ from60) | from78) & tops
	v = low - '0'*ones - from60&tops>>4 // 8 less from '`' on
	v &= 0x3f * ones
	v = v&0x3f003f003f003f00>>2 | v&0x003f003f003f003f
	v = v&0x0fff00000fff0000>>4 | v&0x00000fff00000fff
	v = v>>32<<24 | v&0xffffff
	return v << 16, wrong
}

// xor returns the exclusive or of the bytes, eight at a time.
func xor(s []byte) byte {
	var x uint64
	for len(s) >= 8 {
		x ^= binary.LittleEndian.Uint64(s)
		s = s[8:]
	}
	if len(s) >= 4 {
		x ^= uint64(binary.LittleEndian.Uint32(s))
		s = s[4:]
	}
	for _, c := range s {
		x ^= uint64(c)
	}
	x ^= bits.RotateLeft64(x, 32)
	x ^= x >> 16
	return byte(x ^ x>>8)
}

// unhex holds the value of a hexadecimal digit, or 0xff.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range 10 {
		t['0'+i] = byte(i)
	}
	for i := range 6 {
		t['A'+i], t['a'+i] = byte(10+i), byte(10+i)
	}
	return t
}()

// hexByte reads two hexadecimal digits.
func hexByte(hi, lo byte) (v byte, ok bool) {
	h, l := unhex[hi], unhex[lo]
	return h<<4 | l, h|l < 16
}

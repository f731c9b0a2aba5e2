package ais

import (
	"encoding/hex"
	"strconv"
)

// MaxBits is the length of the longest message: type 26 with 1,064 bits, in
// whole characters of six.
const MaxBits = 1068

// bitsWords holds MaxBits, and beyond them what reading and writing whole words
// may touch.
const bitsWords = MaxBits/64 + 1 + 3

// Bits is the payload of one message: bits in the order sent, the first one
// high. The zero Bits is empty.
type Bits struct {
	n int
	w [bitsWords]uint64 // the first bit is the highest of the first word
}

// Len returns the number of bits.
func (b *Bits) Len() int { return b.n }

// Uint returns width bits (at most 64) from offset off as an unsigned number.
// Bits beyond the end read as zero.
func (b *Bits) Uint(off, width int) uint64 {
	if off < 0 || width <= 0 || width > 64 || off >= b.n {
		return 0
	}
	v := b.u(uint(off), uint(width))
	if over := off + width - b.n; over > 0 {
		v = v >> uint(over) << uint(over)
	}
	return v
}

// Int returns width bits (at most 64) from offset off as a signed number in
// two's complement. Bits beyond the end read as zero.
func (b *Bits) Int(off, width int) int64 {
	if width <= 0 || width > 64 {
		return 0
	}
	s := 64 - uint(width)
	return int64(b.Uint(off, width)<<s) >> s
}

// Hash returns a number that is equal for equal payloads, and hardly ever for
// others.
func (b *Bits) Hash() uint64 {
	h := uint64(b.n) * 0x9e3779b97f4a7c15
	for off := 0; off < b.n; off += 64 {
		h = (h ^ b.Uint(off, 64)) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	return h
}

// has reports whether the field at off is there in full.
func (b *Bits) has(off, width int) bool { return off+width <= b.n }

// u reads without looking at the length: the caller knows that the bits are
// there, or that what is not there is not used. width is 1 to 64.
func (b *Bits) u(off, width uint) uint64 {
	v := b.w[off>>6] << (off & 63)
	if off&63+width > 64 {
		v |= b.w[off>>6+1] >> (64 - off&63)
	}
	return v >> (64 - width)
}

// s is u for signed numbers.
func (b *Bits) s(off, width uint) int64 {
	return int64(b.u(off, width)<<(64-width)) >> (64 - width)
}

// flag reads one bit.
func (b *Bits) flag(off uint) bool { return b.w[off>>6]>>(63-off&63)&1 != 0 }

// put appends the low width bits of v, width at most 64. Bits beyond MaxBits
// are dropped.
func (b *Bits) put(width int, v uint64) {
	width = min(width, MaxBits-b.n)
	for width > 0 {
		at := b.n & 63
		take := min(64-at, width)
		if at == 0 {
			b.w[b.n>>6] = 0
		}
		piece := v >> uint(width-take) << uint(64-take) >> uint(at)
		b.w[b.n>>6] |= piece
		b.n += take
		width -= take
	}
}

// appendData appends the bits from off on in gpsd's form, "LENGTH:hex", the
// last byte filled with zeros.
func (b *Bits) appendData(dst []byte, off, end int) []byte {
	n := max(0, min(end, b.n)-off)
	dst = strconv.AppendInt(dst, int64(n), 10)
	dst = append(dst, ':')
	for i := 0; i < n; i += 8 {
		w := min(8, n-i)
		one := [1]byte{byte(b.u(uint(off+i), uint(w)) << uint(8-w))}
		dst = hex.AppendEncode(dst, one[:])
	}
	return dst
}

// ParseBits reads a payload written as '0' and '1', the first bit first.
func ParseBits(s string) (Bits, error) {
	var b Bits
	if len(s) > MaxBits {
		return b, errTooLong(len(s))
	}
	for i := range len(s) {
		switch s[i] {
		case '0', '1':
			b.put(1, uint64(s[i]-'0'))
		default:
			return Bits{}, errBit(s[i])
		}
	}
	return b, nil
}

// String writes the payload as '0' and '1', the first bit first.
func (b *Bits) String() string {
	s := make([]byte, b.n)
	for i := range s {
		s[i] = '0' + byte(b.u(uint(i), 1))
	}
	return string(s)
}

package ais

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// MaxBits is the length of the longest message: type 26 with 1,064 bits, in
// whole characters of six.
const MaxBits = 1068

// bitsBytes holds MaxBits, and beyond them what reading and writing eight bytes
// at a time may touch.
const bitsBytes = MaxBits/8 + 1 + 18

// Bits is the payload of one message: bits in the order sent, the first one
// high. The zero Bits is empty.
type Bits struct {
	n int
	b [bitsBytes]byte
}

// Len returns the number of bits.
func (b *Bits) Len() int { return b.n }

// Uint returns width bits (at most 57) from offset off as an unsigned number.
// Bits beyond the end read as zero.
func (b *Bits) Uint(off, width int) uint64 {
	if off < 0 || width <= 0 || width > 57 || off >= b.n {
		return 0
	}
	v := b.u(uint(off), uint(width))
	if over := off + width - b.n; over > 0 {
		v = v >> uint(over) << uint(over)
	}
	return v
}

// Int returns width bits (at most 57) from offset off as a signed number in
// two's complement. Bits beyond the end read as zero.
func (b *Bits) Int(off, width int) int64 {
	if width <= 0 || width > 57 {
		return 0
	}
	s := 64 - uint(width)
	return int64(b.Uint(off, width)<<s) >> s
}

// has reports whether the field at off is there in full.
func (b *Bits) has(off, width int) bool { return off+width <= b.n }

// u reads without looking at the length: the caller knows that the bits are
// there, or that what is not there is not used. width is at most 57.
func (b *Bits) u(off, width uint) uint64 {
	return binary.BigEndian.Uint64(b.b[off>>3:]) << (off & 7) >> (64 - width)
}

// s is u for signed numbers.
func (b *Bits) s(off, width uint) int64 {
	return int64(binary.BigEndian.Uint64(b.b[off>>3:])<<(off&7)) >> (64 - width)
}

// flag reads one bit.
func (b *Bits) flag(off uint) bool { return b.b[off>>3]>>(7-off&7)&1 != 0 }

// put appends the low width bits of v, width at most 57. Bits beyond MaxBits
// are dropped.
func (b *Bits) put(width int, v uint64) {
	for width > 0 && b.n < MaxBits {
		free := 8 - b.n&7
		take := min(free, width)
		piece := byte(v>>uint(width-take)) & (1<<uint(take) - 1)
		i := b.n >> 3
		if free == 8 {
			b.b[i] = 0
		}
		b.b[i] |= piece << uint(free-take)
		b.n += take
		width -= take
	}
}

// putBool appends one bit.
func (b *Bits) putBool(v bool) {
	if v {
		b.put(1, 1)
	} else {
		b.put(1, 0)
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

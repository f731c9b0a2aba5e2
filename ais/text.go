package ais

import "bytes"

// sixBit is the alphabet of text in messages, for the codes 0 to 63.
const sixBit = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"

// textHalf is how many characters one half of a Text holds.
const textHalf = 10

// Text is a field of at most 20 characters, kept as the six-bit codes that were
// sent; two Texts are equal when the codes are. The zero Text is empty.
type Text struct {
	hi, lo uint64 // characters 0-9 and 10-19, in the low 60 bits, the first high
	n      uint8  // characters sent
}

// Len returns the length of the field in characters, fill included.
func (t Text) Len() int { return int(t.n) }

// code returns the code of character i.
func (t Text) code(i int) byte {
	if i < textHalf {
		return byte(t.hi>>(6*uint(textHalf-1-i))) & 63
	}
	return byte(t.lo>>(6*uint(2*textHalf-1-i))) & 63
}

// Append appends the text: all up to the first @ (what follows is rubbish),
// without trailing blanks. Nothing is appended when it is unknown.
func (t Text) Append(dst []byte) []byte {
	start := len(dst)
	for i := range int(t.n) {
		c := t.code(i)
		if c == 0 {
			break
		}
		dst = append(dst, sixBit[c])
	}
	return trimBlanks(dst, start)
}

// String returns the text, "" when it is unknown; see [Text.Append].
func (t Text) String() string {
	var buf [2 * textHalf]byte
	return string(t.Append(buf[:0]))
}

// trimBlanks cuts trailing blanks off what was appended after start.
func trimBlanks(dst []byte, start int) []byte {
	return dst[:start+len(bytes.TrimRight(dst[start:], " "))]
}

// MakeText makes a field of n characters (at most 20). Small letters become
// capitals, a character that the alphabet lacks becomes '?', what is too long
// is cut, and the rest is filled with @.
func MakeText(s string, n int) Text {
	t := Text{n: uint8(min(max(n, 0), 2*textHalf))}
	for i := range int(t.n) {
		var c uint64
		if i < len(s) {
			c = uint64(sixBitCode(s[i]))
		}
		if i < textHalf {
			t.hi |= c << (6 * uint(textHalf-1-i))
		} else {
			t.lo |= c << (6 * uint(2*textHalf-1-i))
		}
	}
	return t
}

// sixBitCode returns the code of an ASCII character; '?' stands for those that
// have none.
func sixBitCode(c byte) byte {
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	switch {
	case c >= '@' && c <= '_':
		return c - '@'
	case c >= ' ' && c <= '?':
		return c
	}
	return '?'
}

// text reads a field of n characters (at most 20) at off; characters that are
// not all there are left out.
func (b *Bits) text(off uint, n int) Text {
	n = max(0, min(n, (b.n-int(off))/6))
	t := Text{n: uint8(n)}
	if n <= textHalf {
		t.hi = b.u(off, 60) & (^uint64(0) << (6 * uint(textHalf-n)))
		return t
	}
	t.hi = b.u(off, 60)
	t.lo = b.u(off+6*textHalf, 60) & (^uint64(0) << (6 * uint(2*textHalf-n)))
	return t
}

// appendText appends the text of the whole characters from off to end, by the
// rules of [Text.Append].
func (b *Bits) appendText(dst []byte, off, end int) []byte {
	start := len(dst)
	for ; off+6 <= min(end, b.n); off += 6 {
		c := b.u(uint(off), 6)
		if c == 0 {
			break
		}
		dst = append(dst, sixBit[c])
	}
	return trimBlanks(dst, start)
}

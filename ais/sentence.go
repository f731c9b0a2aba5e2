package ais

import (
	"bytes"
	"encoding/binary"
)

// A sentence as it was received. Its slices lie in the line it was read from.
type sentence struct {
	raw     []byte // from ! to the checksum
	payload []byte
	key     uint64 // talker, VDM or VDO, total, sequence id, channel: what parts of a message share
	total   uint8
	number  uint8
	fill    uint8
	channel byte // 0 when empty
	own     bool // VDO: the own station's
	sum     byte // checksum
	guess   bool // the payload's length is a guess that its characters must bear out
}

// isSentence reports whether an AIS sentence begins at s[0]: !, two characters
// of the talker, VDM or VDO, and a comma.
func isSentence(s []byte) bool {
	return len(s) >= 7 && s[0] == '!' && s[3] == 'V' && s[4] == 'D' && (s[5] == 'M' || s[5] == 'O') && s[6] == ','
}

// parse reads the sentence at the beginning of s, for which isSentence holds.
// It returns the place behind the checksum, or where to look on when the
// sentence cannot be used, with the reason.
func (x *sentence) parse(s []byte) (next int, why Reason) {
	if n, ok := x.usual(s); ok {
		return n, x.check()
	}
	return x.unusual(s)
}

// positionChars is the length of the most common payload, 168 bits.
const positionChars = 28

// usual reads a sentence of the usual form with a right checksum, and returns
// the place behind it.
func (x *sentence) usual(s []byte) (end int, ok bool) {
	if len(s) < 19 || s[8] != ',' || s[10] != ',' {
		return 0, false
	}
	i := 11
	var seq byte
	if s[i] != ',' {
		seq = s[i]
		i++
		if s[i] != ',' {
			return 0, false
		}
	}
	i++
	x.channel = 0
	if s[i] != ',' {
		x.channel = s[i]
		i++
		if s[i] != ',' {
			return 0, false
		}
	}
	i++
	n := positionChars
	// A comma before that place makes the payload bad, and is looked for then.
	if x.guess = s[7] == '1' && len(s) > i+n+4 && s[i+n] == ',' && s[i+n+2] == '*'; !x.guess {
		if n = bytes.IndexByte(s[i:], ','); n < 0 {
			return 0, false
		}
	}
	fill := i + n + 1
	if fill+4 > len(s) || s[fill+1] != '*' {
		return 0, false
	}
	sum, ok := hexByte(s[fill+2], s[fill+3])
	if !ok || sum != xor(s[1:fill+1]) {
		return 0, false
	}
	x.payload, x.raw, x.sum = s[i:i+n], s[:fill+4], sum
	x.fill, x.own = s[fill]-'0', s[5] == 'O'
	x.total, x.number = s[7]-'0', s[9]-'0'
	x.key = key(s, s[7], seq, x.channel)
	return fill + 4, true
}

// check looks at the numbers of a sentence whose checksum is right.
func (x *sentence) check() Reason {
	switch {
	case x.total == 1 && x.number == 1 && x.fill <= 9:
		return used
	case x.fill > 9:
		return Fields
	case x.total > 9 || x.number > 9:
		return Fields
	case x.number == 0 || x.number > x.total:
		return PartNumber
	}
	return used
}

// unusual reads the sentence at the beginning of s when it is not of the usual
// form, or finds out why it cannot be used, and where to look on: behind it, or
// where the next tag block or sentence begins inside it.
func (x *sentence) unusual(s []byte) (next int, why Reason) {
	x.guess = false
	body := s[:1+interrupted(s[1:])]
	star := bytes.IndexByte(body, '*')
	if star < 0 || star+3 > len(body) {
		x.raw = body
		return len(body), NoChecksum
	}
	sum, ok := hexByte(body[star+1], body[star+2])
	if !ok {
		x.raw = body
		return len(body), NoChecksum
	}
	x.raw, x.sum = body[:star+3], sum
	if sum != xor(body[1:star]) {
		return star + 3, Checksum
	}
	if !x.split(body[:star]) {
		return star + 3, Fields
	}
	return star + 3, x.check()
}

// interrupted returns the place in s where a tag block or another sentence
// begins, or the end.
func interrupted(s []byte) int {
	end := len(s)
	if n := bytes.IndexByte(s, '\\'); n >= 0 {
		end = n
	}
	for i := 0; i < end; i++ {
		n := bytes.IndexByte(s[i:end], '!')
		if n < 0 {
			break
		}
		if i += n; isSentence(s[i:]) {
			return i
		}
	}
	return end
}

// split reads the fields by their commas: the fill may be missing, and Navico
// GoFree sends an eighth field behind it.
func (x *sentence) split(s []byte) bool {
	var f [8][]byte
	n := 0
	for rest, more := s, true; more; n++ {
		if n == len(f) {
			return false
		}
		f[n], rest, more = bytes.Cut(rest, []byte{','})
	}
	if n < 6 || len(f[1]) != 1 || len(f[2]) != 1 || len(f[3]) > 1 || len(f[6]) > 1 {
		return false
	}
	x.total, x.number, x.payload, x.own = f[1][0]-'0', f[2][0]-'0', f[5], s[5] == 'O'
	x.channel, x.fill = first(f[4]), 0
	if len(f[6]) == 1 {
		x.fill = f[6][0] - '0'
	}
	x.key = key(s, f[1][0], first(f[3]), x.channel)
	return true
}

func first(s []byte) byte {
	if len(s) == 0 {
		return 0
	}
	return s[0]
}

// key packs what the parts of a message share.
func key(s []byte, total, seq, channel byte) uint64 {
	return uint64(binary.LittleEndian.Uint16(s[1:]))<<32 | uint64(s[5])<<24 |
		uint64(total)<<16 | uint64(seq)<<8 | uint64(channel)
}

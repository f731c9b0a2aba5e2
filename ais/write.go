package ais

import (
	"strconv"
	"time"
)

// charsPerSentence keeps a sentence within the 82 characters of IEC 61162-1.
const charsPerSentence = 60

// maxParts is the largest number of sentences that a message may have.
const maxParts = 9

// Sentences appends the sentences that carry a payload, each ended by CR LF:
//
//	!AIVDM,1,1,,A,15MwkT1P05GJ0b8E@LHR9?vT0<0F,0*15
//
// The talker is "AI" for a ship, "BS" for a base station, or with the kind of
// sentence "AIVDO" for what the own station sent; channel is 'A', 'B'
// or 0 for none; seq ties the sentences of a message together, 0 to 9, and
// should go up by one from message to message.
func Sentences(dst []byte, talker string, channel byte, seq int, payload Bits) []byte {
	chars := (payload.n + 5) / 6
	fill := chars*6 - payload.n
	total := max(1, (chars+charsPerSentence-1)/charsPerSentence)
	for part := range total {
		start := len(dst)
		dst = append(append(dst, '!'), talker...)
		if len(talker) == 2 {
			dst = append(dst, "VDM"...)
		}
		dst = append(dst, ',', '0'+byte(total), ',', '1'+byte(part), ',')
		if total > 1 {
			dst = append(dst, '0'+byte((seq%10+10)%10))
		}
		dst = append(dst, ',')
		if channel != 0 {
			dst = append(dst, channel)
		}
		dst = append(dst, ',')
		last := min(chars, (part+1)*charsPerSentence)
		for i := part * charsPerSentence; i < last; i++ {
			dst = append(dst, armour(byte(payload.padded(i*6))))
		}
		dst = append(dst, ',')
		if part == total-1 {
			dst = append(dst, '0'+byte(fill))
		} else {
			dst = append(dst, '0')
		}
		dst = appendChecksum(dst, dst[start+1:])
		dst = append(dst, "\r\n"...)
	}
	return dst
}

// padded reads six bits, with zeros for those beyond the end.
func (b *Bits) padded(off int) uint64 { return b.Uint(off, 6) }

// armour turns six bits into the character that stands for them.
func armour(v byte) byte {
	if v < 40 {
		return v + '0'
	}
	return v + '8'
}

// AppendTag appends a tag block with the receiving station and the time of
// reception in whole seconds, to be followed by a sentence:
//
//	\s:2573555,c:1707873398*05\
//
// An empty station is left out, and so is a zero time; with neither, nothing is
// appended. The station may hold letters, digits and what else is not one of
// , * and \.
func AppendTag(dst []byte, station string, t time.Time) []byte {
	return appendTag(dst, station, t, t.Unix())
}

// AppendFineTag is AppendTag with the whole time: a fraction of a second makes
// it milliseconds, or as much finer as it must be. Readers tell the unit by the
// number's size.
func AppendFineTag(dst []byte, station string, t time.Time) []byte {
	c := t.Unix()
	switch ns := t.Nanosecond(); {
	case ns == 0:
	case ns%1e6 == 0:
		c = t.UnixMilli()
	case ns%1e3 == 0:
		c = t.UnixMicro()
	default:
		c = t.UnixNano()
	}
	return appendTag(dst, station, t, c)
}

func appendTag(dst []byte, station string, t time.Time, c int64) []byte {
	if station == "" && t.IsZero() {
		return dst
	}
	dst = append(dst, '\\')
	start := len(dst)
	if station != "" {
		dst = append(append(dst, "s:"...), station...)
	}
	if !t.IsZero() {
		if station != "" {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, "c:"...), c, 10)
	}
	return append(appendChecksum(dst, dst[start:]), '\\')
}

const hexDigits = "0123456789ABCDEF"

// appendChecksum appends "*hh" for the bytes in body.
func appendChecksum(dst, body []byte) []byte {
	var x byte
	for _, c := range body {
		x ^= c
	}
	return append(dst, '*', hexDigits[x>>4], hexDigits[x&15])
}

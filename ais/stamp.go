package ais

import (
	"bytes"
	"time"

	"navicert"
)

// stationBytes caps the name of a station; what is longer is cut.
const stationBytes = 48

// source numbers the clocks for counting; 0 is none.
type source uint8

const (
	fromNone source = iota
	fromTag
	fromPGHP
	fromSuffix
	fromDelivery
	fromPrefix
	fromClock
	fromArrival
	timeSources
)

var timeFrom = [timeSources]navicert.TimeFrom{
	"", navicert.TimeTag, navicert.TimePGHP, navicert.TimeSuffix, navicert.TimeDelivery, navicert.TimePrefix, navicert.TimeClock,
	navicert.TimeArrival,
}

// stamp is what stands around a sentence: when and where it was received.
type stamp struct {
	time       int64 // Unix nanoseconds, when from is not fromNone
	from       source
	unverified bool  // the tag block's checksum is wrong
	stationLen uint8 // 0: not named
	station    [stationBytes]byte
	group      group // of the tag block; zero: none
}

// group is field g of a tag block: sentence number of total, with an id that is
// not unique.
type group struct {
	number, total uint16
	id            uint32
}

// reset forgets all without clearing the station's bytes.
func (s *stamp) reset() {
	s.from, s.unverified, s.stationLen, s.group = fromNone, false, 0, group{}
}

func (s *stamp) setStation(name []byte) {
	s.stationLen = uint8(copy(s.station[:], name))
}

func (s *stamp) stationName() []byte { return s.station[:s.stationLen] }

func (s *stamp) setTime(t int64, from source) { s.time, s.from = t, from }

// Plausible times: AIS began in the nineties.
const (
	minEpoch = 631152000  // 1990
	maxEpoch = 4102444800 // 2100
)

// epoch reads Unix time in seconds, milli-, micro- or nanoseconds, told apart
// by size, and returns nanoseconds.
func epoch(s []byte) (ns int64, millis, ok bool) {
	if len(s) < 9 || len(s) > 19 {
		return 0, false, false
	}
	var n int64
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false, false
		}
		n = n*10 + int64(c-'0')
	}
	switch {
	case n < 1e11:
		return n * 1e9, false, n >= minEpoch && n < maxEpoch
	case n < 1e14:
		return n * 1e6, true, n >= minEpoch*1e3 && n < maxEpoch*1e3
	case n < 1e17:
		return n * 1e3, false, n >= minEpoch*1e6 && n < maxEpoch*1e6
	}
	return n, false, n >= minEpoch*1e9 && n < maxEpoch*1e9
}

// suffix reads what stands behind the checksum in US Coast Guard and other
// logs, ",r003669707,1152921693": the station (r or b and its name) and the
// time, the first one if there are two. Seconds are of reception, milliseconds
// of delivery by the provider. In between may stand signal strength, slot and
// times of arrival.
func (s *stamp) suffix(tail []byte) {
	var known, named bool
	for len(tail) > 0 && tail[0] == ',' {
		var token []byte
		tail = tail[1:]
		if n := bytes.IndexByte(tail, ','); n >= 0 {
			token, tail = tail[:n], tail[n:]
		} else {
			token, tail = tail, nil
		}
		token = bytes.TrimRight(token, " \t\r")
		switch {
		case len(token) < 3:
		case token[0] >= '0' && token[0] <= '9':
			if t, millis, ok := epoch(token); ok && !known {
				known = true
				if s.from == fromNone {
					s.setTime(t, fromSuffix)
					if millis {
						s.from = fromDelivery
					}
				}
			}
		case token[0] == 'r' || token[0] == 'b':
			if !named && s.stationLen == 0 {
				s.setStation(token)
			}
			named = true
		}
	}
}

// prefix reads the time in front of a sentence, the last word there or the
// first: Unix time, or ISO 8601 in UTC unless it names an offset.
func (s *stamp) prefix(head []byte) {
	const between = " \t;,|"
	head = bytes.Trim(head, between+":")
	if len(head) < 9 {
		return
	}
	last, first := head, head
	if i := bytes.LastIndexAny(head, between); i >= 0 {
		last = head[i+1:]
	}
	if i := bytes.IndexAny(head, between); i >= 0 {
		first = head[:i]
		if i == 10 && len(head) >= 19 && head[i] == ' ' { // a date and a time with a blank between them
			first = head[:19]
		}
	}
	for _, word := range [2][]byte{last, first} {
		t, _, ok := epoch(word)
		if !ok {
			t, ok = isoTime(word)
		}
		if ok {
			s.setTime(t, fromPrefix)
			return
		}
	}
}

// isoTime reads 2017-02-20T00:00:00 with an optional fraction and offset.
func isoTime(s []byte) (ns int64, ok bool) {
	if len(s) < 19 || len(s) > 40 || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	const day = "2006-01-02"
	for _, layout := range []string{day + "T15:04:05", day + "T15:04:05Z07:00", day + " 15:04:05"} {
		if t, err := time.Parse(layout, string(s)); err == nil {
			return t.UnixNano(), t.Unix() >= minEpoch && t.Unix() < maxEpoch
		}
	}
	return 0, false
}

// pghp is the Gatehouse sentence in front of a message.
type pghp struct {
	time    int64
	check   byte // exclusive or of the checksums of all parts of the message
	station [12]byte
	length  uint8 // of station
	set     bool
}

// parse reads $PGHP,1,year,month,day,hour,minute,second,ms,country,region,
// station,…,check*hh. A sentence that is damaged says nothing.
func (p *pghp) parse(s []byte) {
	p.set = false
	star := bytes.IndexByte(s, '*')
	if star < 0 || star+3 > len(s) {
		return
	}
	if sum, ok := hexByte(s[star+1], s[star+2]); !ok || sum != xor(s[1:star]) {
		return
	}
	var f [16][]byte
	n := 0
	for rest, more := s[:star], true; more && n < len(f); n++ {
		f[n], rest, more = bytes.Cut(rest, []byte{','})
	}
	if n != 14 || string(f[1]) != "1" || len(f[13]) != 2 {
		return
	}
	var v [7]int // year to millisecond
	for i := range v {
		var ok bool
		if v[i], ok = number(f[2+i]); !ok {
			return
		}
	}
	check, ok := hexByte(f[13][0], f[13][1])
	if !ok || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 || v[4] > 59 || v[5] > 60 || v[6] > 999 {
		return
	}
	t := time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], v[6]*1e6, time.UTC)
	if t.Unix() < minEpoch || t.Unix() >= maxEpoch {
		return
	}
	p.time, p.check, p.set = t.UnixNano(), check, true
	p.length = 0
	if len(f[11]) <= len(p.station) {
		p.length = uint8(copy(p.station[:], f[11]))
	}
}

// number reads up to four digits.
func number(s []byte) (n int, ok bool) {
	if len(s) == 0 || len(s) > 4 {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

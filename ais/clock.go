package ais

import (
	"bytes"
	"time"
)

// clockLines is for how many lines the time of a ZDA or RMC sentence holds.
// Receivers repeat them every second or two; in real logs up to 155 lines lie
// between two of them.
const clockLines = 256

// clock is the time that a receiver's own position or time sentence gave last.
type clock struct {
	time int64 // Unix nanoseconds
	line int64 // in which it stood; 0: there is none
}

// at returns the time for a message in the given line.
func (c *clock) at(line int64) (ns int64, ok bool) {
	return c.time, c.line > 0 && line-c.line <= clockLines
}

// read takes the time of a sentence of any talker:
//
//	$GPZDA,hhmmss.ss,dd,mm,yyyy,…*hh
//	$GPRMC,hhmmss.ss,A,lat,N,lon,E,speed,course,ddmmyy,…*hh
//
// What is damaged, or marked as a warning (V), says nothing: the time before it
// holds on. It reports whether it did.
func (c *clock) read(s []byte, line int64) bool {
	if len(s) < 7 || s[6] != ',' {
		return false
	}
	zda := string(s[3:6]) == "ZDA"
	if !zda && string(s[3:6]) != "RMC" {
		return false
	}
	star := bytes.IndexByte(s, '*')
	if star < 0 || star+3 > len(s) {
		return false
	}
	if sum, ok := hexByte(s[star+1], s[star+2]); !ok || sum != xor(s[1:star]) {
		return false
	}
	var f [10][]byte
	n := 0
	for rest, more := s[:star], true; more && n < len(f); n++ {
		f[n], rest, more = bytes.Cut(rest, []byte{','})
	}
	var day, month, year int
	var ok bool
	switch {
	case zda && n >= 5 && len(f[4]) == 4:
		day, month, year, ok = three(f[2], f[3], f[4])
	case !zda && n == len(f) && string(f[2]) == "A" && len(f[9]) == 6:
		day, month, year, ok = three(f[9][:2], f[9][2:4], f[9][4:])
		if year += 2000; year >= 2090 {
			year -= 100
		}
	}
	nanos, fine := timeOfDay(f[1])
	if !ok || !fine || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Unix() < minEpoch || t.Unix() >= maxEpoch {
		return false
	}
	c.time, c.line = t.UnixNano()+nanos, line
	return true
}

func three(a, b, c []byte) (x, y, z int, ok bool) {
	x, ok1 := number(a)
	y, ok2 := number(b)
	z, ok3 := number(c)
	return x, y, z, ok1 && ok2 && ok3
}

// timeOfDay reads hhmmss with up to nine decimals and returns nanoseconds since
// midnight.
func timeOfDay(s []byte) (ns int64, ok bool) {
	if len(s) < 6 || len(s) > 16 || len(s) == 7 {
		return 0, false
	}
	h, m, sec, ok := three(s[:2], s[2:4], s[4:6])
	if !ok || h > 23 || m > 59 || sec > 60 {
		return 0, false
	}
	ns = int64(h*3600+m*60+sec) * 1e9
	if len(s) == 6 {
		return ns, true
	}
	if s[6] != '.' {
		return 0, false
	}
	unit := int64(1e8)
	for _, c := range s[7:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		ns += int64(c-'0') * unit
		unit /= 10
	}
	return ns, true
}

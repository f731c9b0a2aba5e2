package navicert

import (
	"bytes"
	"math"
	"strconv"
)

// Numbers and positions are read and written here as encoding/json does, several
// times as fast. Each function says whether it could; what it leaves is for
// encoding/json, errors among it.

// appendNumber appends a number without an exponent.
func appendNumber(b []byte, f float64) ([]byte, bool) {
	if abs := math.Abs(f); abs != 0 && !(abs >= 1e-6 && abs < 1e21) { // false of NaN, too
		return b, false
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64), true
}

func appendPosition(b []byte, p Position) (_ []byte, ok bool) {
	if b, ok = appendNumber(append(b, `{"lat":`...), p.Lat); !ok {
		return b, false
	}
	if b, ok = appendNumber(append(b, `,"lon":`...), p.Lon); !ok {
		return b, false
	}
	return append(b, '}'), true
}

// readNumber reads a number as RFC 8259 has it, and returns what follows.
func readNumber(b []byte) (f float64, rest []byte, ok bool) {
	digits := func(i int) int {
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i
	}
	whole := 0
	if len(b) > 0 && b[0] == '-' {
		whole = 1
	}
	i := digits(whole)
	if i == whole || b[whole] == '0' && i > whole+1 {
		return 0, b, false
	}
	if i < len(b) && b[i] == '.' {
		from := i + 1
		if i = digits(from); i == from {
			return 0, b, false
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		return 0, b, false
	}
	f, err := strconv.ParseFloat(string(b[:i]), 64)
	return f, b[i:], err == nil
}

// readPosition reads what appendPosition writes.
func readPosition(b []byte) (p Position, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte(`{"lat":`))
	if ok {
		p.Lat, b, ok = readNumber(b)
	}
	if ok {
		b, ok = bytes.CutPrefix(b, []byte(`,"lon":`))
	}
	if ok {
		p.Lon, b, ok = readNumber(b)
	}
	return p, ok && string(b) == "}"
}

package navicert

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// IMO is a ship's IMO number: seven digits, the last a check digit, given to a
// hull for life. Zero is unknown. The same numbering is used for companies,
// which are kept apart by the field that holds them.
type IMO uint32

// ParseIMO reads an IMO number in the spellings that lists, feeds and people
// use: "9074729", "IMO 9074729", "IMO9074729", "imo-9074729", and with a
// country in brackets behind it, "IMO 9074729 (Russia)". It fails unless
// exactly seven digits remain and the check digit is right.
func ParseIMO(s string) (IMO, error) {
	t := strings.TrimSpace(s)
	if len(t) >= 3 && strings.EqualFold(t[:3], "IMO") {
		t = t[3:]
		t = strings.TrimLeft(t, " .:-#\u00a0")
		if len(t) >= 2 && strings.EqualFold(t[:2], "NO") {
			t = strings.TrimLeft(t[2:], " .:")
		}
	}
	if i := strings.IndexByte(t, '('); i >= 0 && strings.HasSuffix(t, ")") {
		t = strings.TrimSpace(t[:i])
	}
	if len(t) != 7 || strings.Trim(t, "0123456789") != "" {
		return 0, Errorf(Invalid, "IMO number", strconv.Quote(s), "want seven digits")
	}
	n, _ := strconv.ParseUint(t, 10, 32)
	imo := IMO(n)
	if !imo.Valid() {
		return 0, Errorf(Invalid, "IMO number", strconv.Quote(s), "check digit is %d, want %d", n%10, imo.checkDigit())
	}
	return imo, nil
}

// Valid reports whether the number has seven digits and a right check digit:
// the last digit of 7a+6b+5c+4d+3e+2f (IMO Res. A.1117(30)). A valid number
// may still belong to no ship.
func (n IMO) Valid() bool {
	return n >= 1000000 && n <= 9999999 && n.checkDigit() == uint32(n%10)
}

func (n IMO) checkDigit() uint32 {
	var sum uint32
	rest := uint32(n) / 10
	for weight := uint32(2); weight <= 7; weight++ {
		sum += weight * (rest % 10)
		rest /= 10
	}
	return sum % 10
}

// String prints the seven digits, or "" when unknown.
func (n IMO) String() string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%07d", uint32(n))
}

// MarshalJSON writes a number.
func (n IMO) MarshalJSON() ([]byte, error) { return strconv.AppendUint(nil, uint64(n), 10), nil }

// UnmarshalJSON reads a number, or a string in any spelling of [ParseIMO];
// null, 0 and "" are unknown.
func (n *IMO) UnmarshalJSON(b []byte) error {
	s, empty := unquoteID(b)
	if empty {
		*n = 0
		return nil
	}
	v, err := ParseIMO(s)
	if err != nil {
		return err
	}
	*n = v
	return nil
}

// unquoteID returns the text of a JSON number or string that holds an
// identifier, and whether it says that there is none.
func unquoteID(b []byte) (s string, empty bool) {
	b = bytes.TrimSpace(b)
	s = string(b)
	if len(b) >= 2 && b[0] == '"' {
		if u, err := strconv.Unquote(s); err == nil {
			s = u
		}
	}
	s = strings.TrimSpace(s)
	return s, s == "" || s == "0" || s == "null"
}

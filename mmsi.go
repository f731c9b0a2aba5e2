package navicert

import (
	"strconv"
	"strings"
)

// MMSI is a Maritime Mobile Service Identity: nine digits, of which leading
// zeros count. Zero is unknown.
type MMSI uint32

// MMSIKind says what an MMSI is given to, by its first digits (ITU-R M.585).
type MMSIKind string

// The kinds of station that an MMSI names.
const (
	MMSIShip     MMSIKind = "ship"         // 2-7, first three digits are the MID
	MMSIGroup    MMSIKind = "group"        // 0MID
	MMSICoast    MMSIKind = "coast"        // 00MID
	MMSIAircraft MMSIKind = "sar_aircraft" // 111MID
	MMSIHandheld MMSIKind = "handheld"     // 8MID
	MMSISART     MMSIKind = "sart"         // 970
	MMSIMOB      MMSIKind = "mob"          // 972
	MMSIEPIRB    MMSIKind = "epirb"        // 974
	MMSICraft    MMSIKind = "craft"        // 98MID, craft of a mother ship
	MMSIAid      MMSIKind = "aid"          // 99MID, aid to navigation
	MMSIOther    MMSIKind = "other"        // none of these
)

// ParseMMSI reads nine digits; blanks around them are dropped.
func ParseMMSI(s string) (MMSI, error) {
	t := strings.TrimSpace(s)
	if len(t) != 9 || strings.Trim(t, "0123456789") != "" {
		return 0, Errorf(Invalid, "MMSI", strconv.Quote(s), "want nine digits")
	}
	n, _ := strconv.ParseUint(t, 10, 32)
	if n == 0 {
		return 0, Errorf(Invalid, "MMSI", strconv.Quote(s), "all zeros is no station")
	}
	return MMSI(n), nil
}

// Kind returns what the MMSI is given to.
func (m MMSI) Kind() MMSIKind {
	switch n := uint32(m); {
	case n >= 200000000 && n <= 799999999:
		return MMSIShip
	case n < 1 || n > 999999999:
		return MMSIOther
	case n < 10000000:
		return MMSICoast
	case n < 100000000:
		return MMSIGroup
	case n/1000000 == 111:
		return MMSIAircraft
	case n/100000000 == 8:
		return MMSIHandheld
	case n/1000000 == 970:
		return MMSISART
	case n/1000000 == 972:
		return MMSIMOB
	case n/1000000 == 974:
		return MMSIEPIRB
	case n/10000000 == 98:
		return MMSICraft
	case n/10000000 == 99:
		return MMSIAid
	}
	return MMSIOther
}

// MID returns the maritime identification digits (the country part), or 0 for
// a kind that carries none.
func (m MMSI) MID() int {
	n := uint32(m)
	switch m.Kind() {
	case MMSIShip:
		return int(n / 1000000)
	case MMSICoast:
		return int(n / 10000)
	case MMSIGroup:
		return int(n / 100000)
	case MMSIAircraft, MMSIHandheld, MMSICraft, MMSIAid:
		if m.Kind() == MMSIAircraft {
			return int(n / 1000 % 1000)
		}
		if m.Kind() == MMSIHandheld {
			return int(n / 100000 % 1000)
		}
		return int(n / 10000 % 1000)
	}
	return 0
}

// Flag returns the flag that the MID stands for, and false when the MID is not
// allocated or the kind carries none.
func (m MMSI) Flag() (Flag, bool) {
	f := midFlags()[m.MID()]
	return f, f != ""
}

// String prints nine digits, or "" when unknown.
func (m MMSI) String() string {
	if m == 0 {
		return ""
	}
	var buf [10]byte
	digits := strconv.AppendUint(buf[:0], uint64(m), 10)
	return "000000000"[:max(0, 9-len(digits))] + string(digits)
}

// MarshalJSON writes a number.
func (m MMSI) MarshalJSON() ([]byte, error) { return strconv.AppendUint(nil, uint64(m), 10), nil }

// UnmarshalJSON reads a number or a string of nine digits; null, 0 and "" are
// unknown. A number shorter than nine digits is one whose leading zeros were
// lost, as in a coast station's.
func (m *MMSI) UnmarshalJSON(b []byte) error {
	s, empty := unquoteID(b)
	if empty {
		*m = 0
		return nil
	}
	if len(s) < 9 && len(b) > 0 && b[0] != '"' {
		s = strings.Repeat("0", 9-len(s)) + s
	}
	v, err := ParseMMSI(s)
	if err != nil {
		return err
	}
	*m = v
	return nil
}

// CallSign is a radio call sign: capital letters and digits, nothing between.
// Empty is unknown.
type CallSign string

// ParseCallSign normalises a call sign: capitals, blanks and punctuation
// dropped. It fails when nothing or more than ten characters are left, or a
// character is neither letter nor digit.
func ParseCallSign(s string) (CallSign, error) {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ', r == '-', r == '.', r == '/':
		default:
			return "", Errorf(Invalid, "call sign", strconv.Quote(s), "want letters and digits")
		}
	}
	if b.Len() == 0 || b.Len() > 10 {
		return "", Errorf(Invalid, "call sign", strconv.Quote(s), "want 1 to 10 letters and digits")
	}
	return CallSign(b.String()), nil
}

package ais

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

var errNoNumber = errors.New("is no number")

// parse reads a field's value from JSON as the number to be sent.
func (f *field) parse(v any, scaled bool) (int64, error) {
	word, isWord := v.(string)
	switch b, isBool := v.(bool); {
	case isBool && f.width == 1:
		if b {
			return 1, nil
		}
		return 0, nil
	case f.form == partLetter && len(word) == 1 && word[0] >= 'A' && word[0] <= 'D':
		return int64(word[0] - 'A'), nil
	case f.form == partLetter:
		return 0, fmt.Errorf("%v is not A or B", v)
	case !scaled:
		return decimal(v, 1)
	}
	switch f.form {
	case tenth:
		return decimal(v, 10)
	case knotTenth:
		switch word {
		case "nan":
			return int64(SpeedUnknown), nil
		case "fast":
			return int64(SpeedUnknown) - 1, nil
		}
		return decimal(v, 10)
	case navStatus:
		if i := slices.Index(gpsdStatuses[:], word); isWord && word != "" && i >= 0 {
			return int64(i), nil
		}
	case rateOfTurn:
		return parseTurn(v, word)
	case fineDegree:
		return decimal(v, 600000)
	case milliDegree:
		return decimal(v, 60000)
	case coarseDegree:
		return decimal(v, 600)
	}
	return decimal(v, 1)
}

// gpsdStatuses are gpsd's words for the navigational status, which it writes for
// type 27. It has one word for 11 to 14, which says too little.
var gpsdStatuses = [16]string{
	"Under way using engine", "At anchor", "Not under command", "Restricted manoeuverability", "Constrained by her draught", "Moored",
	"Aground", "Engaged in fishing", "Under way sailing", "Reserved for HSC", "Reserved for WIG", 15: "Not defined",
}

// parseTurn reads degrees a minute, or the words for what has no number. The
// nearest rate that can be sent is found in whole numbers: v with
// (2v-1)² < 4·4.733²·x <= (2v+1)².
func parseTurn(v any, word string) (int64, error) {
	switch word {
	case "nan":
		return int64(TurnUnknown), nil
	case "fastright":
		return 127, nil
	case "fastleft":
		return -127, nil
	}
	x, err := decimal(v, 1000000) // millionths
	if err != nil {
		return 0, err
	}
	sign := int64(1)
	if x < 0 {
		sign, x = -1, -x
	}
	if x > 720_000_000 {
		return 0, fmt.Errorf("%v is more than a rate of turn can say", v)
	}
	for n := int64(0); n <= 126; n++ {
		hi, lo := bits.Mul64(uint64(x), 4*22401289) // 4.733² in millionths
		wantHi, wantLo := bits.Mul64(uint64((2*n+1)*(2*n+1)), 1e12)
		if hi < wantHi || hi == wantHi && lo <= wantLo {
			return sign * n, nil
		}
	}
	return 0, fmt.Errorf("%v is more than a rate of turn can say", v)
}

// decimal reads a number, or a string that holds one, times unit, rounded to the
// nearest whole number, half away from zero. It works on the digits as they are
// written.
func decimal(v any, unit int64) (int64, error) {
	var s string
	switch n := v.(type) {
	case json.Number:
		s = string(n)
	case string:
		s = n
	default:
		return 0, fmt.Errorf("%v %w", v, errNoNumber)
	}
	mantissa, places, negative, ok := digits(s)
	if !ok {
		return 0, fmt.Errorf("%q %w", s, errNoNumber)
	}
	for ; places < 0; places++ {
		if mantissa > 1<<53 {
			return 0, fmt.Errorf("%s is too large", s)
		}
		mantissa *= 10
	}
	hi, lo := bits.Mul64(mantissa, uint64(unit))
	divisor := uint64(1)
	for range min(places, 19) {
		divisor *= 10
	}
	if hi >= divisor {
		return 0, fmt.Errorf("%s is too large", s)
	}
	n, rest := bits.Div64(hi, lo, divisor)
	if unit == 1 && rest != 0 {
		return 0, fmt.Errorf("%s is not whole", s)
	}
	if rest >= divisor-rest {
		n++
	}
	if n > 1<<53 {
		return 0, fmt.Errorf("%s is too large", s)
	}
	if negative {
		return -int64(n), nil
	}
	return int64(n), nil
}

// digits takes a JSON number apart: its digits without leading zeros, and how
// many of them stand behind the point, less than zero when zeros are missing.
// Of more than 18 digits the last ones behind the point are left out.
func digits(s string) (mantissa uint64, places int, negative, ok bool) {
	s, negative = strings.CutPrefix(s, "-")
	s, exponent, hasExponent := strings.Cut(strings.ToLower(s), "e")
	if hasExponent {
		e, err := strconv.Atoi(exponent)
		if err != nil || e < -19 || e > 19 {
			return 0, 0, false, false
		}
		places = -e
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if whole == "" || len(s) > 40 {
		return 0, 0, false, false
	}
	for i, part := range [2]string{whole, fraction} {
		for _, c := range []byte(part) {
			switch {
			case c < '0' || c > '9':
				return 0, 0, false, false
			case mantissa >= 1e17 && i == 0:
				return 0, 0, false, false
			case mantissa >= 1e17:
				continue
			}
			mantissa = mantissa*10 + uint64(c-'0')
			places += i
		}
	}
	if places > 19 {
		return 0, 0, negative, true // less than any unit
	}
	return mantissa, places, negative, true
}

// parseData reads bits written as "LENGTH:hex".
func parseData(s string) (Data, error) {
	length, digits, found := strings.Cut(s, ":")
	n, err := strconv.ParseUint(length, 10, 16)
	if !found || err != nil {
		return Data{}, fmt.Errorf("%q is not LENGTH:hex", s)
	}
	raw, err := hex.DecodeString(digits)
	if err != nil || n > MaxBits || len(raw) != (int(n)+7)/8 {
		return Data{}, fmt.Errorf("%q does not hold %s bits", s, length)
	}
	var b Bits
	for i, c := range raw {
		w := min(8, int(n)-8*i)
		b.put(w, uint64(c>>(8-w)))
	}
	return MakeData(b), nil
}

// parseETA reads "MM-DDTHH:MMZ", "MM-DD", or without months "DDTHH:MMZ".
func parseETA(s string, months bool) (ETA, error) {
	e := etaUnknown
	form := "00T00:00Z"
	into := []*uint8{&e.Day, &e.Hour, &e.Minute}
	if months {
		form, into = "00-00T00:00Z", append([]*uint8{&e.Month}, into...)
		if len(s) == 5 {
			form = "00-00"
		}
	}
	numbers, ok := digitPairs(s, form)
	if !ok {
		return e, fmt.Errorf("%q is not %s", s, strings.ReplaceAll(form, "0", "N"))
	}
	for i, n := range numbers {
		*into[i] = n
	}
	if e.Month > 15 || e.Day > 31 || e.Hour > 31 || e.Minute > 63 {
		return e, fmt.Errorf("%q cannot be sent", s)
	}
	return e, nil
}

// digitPairs reads the two-digit numbers of a text that has digits where the
// form has 0 and is like it elsewhere.
func digitPairs(s, form string) (numbers []uint8, ok bool) {
	if len(s) != len(form) {
		return nil, false
	}
	for i := 0; i < len(s); i++ {
		if form[i] != '0' {
			if s[i] != form[i] {
				return nil, false
			}
			continue
		}
		hi, lo := s[i]-'0', s[i+1]-'0'
		if hi > 9 || lo > 9 {
			return nil, false
		}
		numbers = append(numbers, hi*10+lo)
		i++
	}
	return numbers, true
}

func (r *jsonReader) arrival(ETA) ETA {
	r.room(20)
	s, there := r.string("eta")
	if !there {
		return etaUnknown
	}
	e, err := parseETA(s, true)
	if err != nil {
		r.fail("eta %w", err)
	}
	return e
}

// clock reads "YYYY-MM-DDTHH:MM:SSZ"; a year of more than four digits can be
// sent too.
func (r *jsonReader) clock(m *BaseStation) {
	r.room(40)
	m.Hour, m.Minute, m.Second = 24, 60, SecondUnknown
	s, there := r.string("timestamp")
	if !there {
		return
	}
	year, rest, _ := strings.Cut(s, "-")
	y, err := strconv.ParseUint(year, 10, 14)
	n, ok := digitPairs(rest, "00-00T00:00:00Z")
	if err != nil || !ok || len(year) < 4 {
		r.fail("timestamp %q is not YYYY-MM-DDTHH:MM:SSZ", s)
		return
	}
	m.Year, m.Month, m.Day, m.Hour, m.Minute, m.Second = uint16(y), n[0], n[1], n[2], n[3], Second(n[4])
	if m.Month > 15 || m.Day > 31 || m.Hour > 31 || m.Minute > 63 || m.Second > 63 {
		r.fail("timestamp %q cannot be sent", s)
	}
}

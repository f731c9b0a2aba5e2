package own

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Percent is a share in millionths of a percent, so that 33.33 and 16.67 are
// exactly 50. On the wire it is a number of percent.
type Percent int64

// One and Whole are one percent and all of it.
const (
	One   Percent = 1_000_000
	Whole         = 100 * One
)

// String prints the percent without needless digits: "50", "33.33".
func (p Percent) String() string {
	s := fmt.Sprintf("%d.%06d", p/One, p%One)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// MarshalJSON writes a number.
func (p Percent) MarshalJSON() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalJSON reads a number from 0 to 100 with at most six decimals.
func (p *Percent) UnmarshalJSON(b []byte) error {
	v, err := parsePercent(string(b))
	*p = v
	return err
}

// parsePercent reads "50", "33.33" or "33.33%".
func parsePercent(s string) (Percent, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	whole, part, dot := strings.Cut(s, ".")
	if len(part) > 6 {
		return 0, fmt.Errorf("%q has more than six decimals", s)
	}
	n, err := strconv.ParseUint(whole, 10, 32)
	if err != nil || dot && part == "" {
		return 0, fmt.Errorf("%q is not a percentage", s)
	}
	var frac uint64
	if part != "" {
		if frac, err = strconv.ParseUint((part + "000000")[:6], 10, 32); err != nil {
			return 0, fmt.Errorf("%q is not a percentage", s)
		}
	}
	p := Percent(min(n, 1000))*One + Percent(frac)
	if p > Whole {
		return 0, fmt.Errorf("%s is more than 100 percent", s)
	}
	return p, nil
}

// Share is how much of a party another owns: exactly when Least equals Most.
type Share struct {
	Least Percent `json:"least"`
	Most  Percent `json:"most"`
}

// Exactly makes a share that is known exactly.
func Exactly(p Percent) Share { return Share{p, p} }

// String prints "50 %" or "25 to 50 %".
func (s Share) String() string {
	if s.Least == s.Most {
		return s.Least.String() + " %"
	}
	return s.Least.String() + " to " + s.Most.String() + " %"
}

// UnmarshalJSON refuses a range that is upside down.
func (s *Share) UnmarshalJSON(b []byte) error {
	type plain Share
	if err := json.Unmarshal(b, (*plain)(s)); err != nil {
		return err
	}
	if s.Least > s.Most {
		return fmt.Errorf("share %s: the least is more than the most", s)
	}
	return nil
}

// ParseShare reads "50", "25-50", ">25-50" (more than 25, at most 50), ">50",
// ">=50", "<50" and "<=50", each with or without "%". Empty and "unknown" are
// no share: known is false.
func ParseShare(s string) (share Share, known bool, err error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "unknown") {
		return Share{}, false, nil
	}
	rest, above := strings.CutPrefix(s, ">")
	above = above && !strings.HasPrefix(rest, "=")
	least, most, ranged := strings.Cut(strings.TrimPrefix(rest, "="), "-")
	switch {
	case strings.HasPrefix(s, "<"):
		rest, orEqual := strings.CutPrefix(s[1:], "=")
		p, err := parsePercent(rest)
		if err != nil {
			return Share{}, false, err
		}
		if !orEqual && p > 0 {
			p--
		}
		return Share{0, p}, true, nil
	case ranged:
		if share.Most, err = parsePercent(most); err != nil {
			return Share{}, false, err
		}
	case strings.HasPrefix(s, ">"):
		share.Most = Whole
	}
	if share.Least, err = parsePercent(least); err != nil {
		return Share{}, false, err
	}
	if above {
		share.Least++
	}
	if !ranged && !strings.HasPrefix(s, ">") {
		share.Most = share.Least
	}
	if share.Least > share.Most {
		return Share{}, false, fmt.Errorf("%q: the least is more than the most", s)
	}
	return share, true, nil
}

package screen

import (
	"regexp"
	"strings"
	"time"
)

// days is a span of calendar days, both ends included: a birth date that is
// known to the year is the whole of that year, not its first day.
type days struct{ from, to time.Time }

// circaYears is how far "circa 1950" reaches either way. Lists do not say; two
// years is the least that such entries and their other records differ by.
const circaYears = 2

var birthRange = regexp.MustCompile(`^(.+?) (?:to|and) (.+)$`)

// parseBirth reads a birth date as queries write it ("1966-04-18", "1966-04",
// "1966") or as lists do ("18 Apr 1966", "Apr 1966", "circa 1966", "1956 to
// 1957"); false when it is none of these.
func parseBirth(s string) (days, bool) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(strings.ToLower(s), "circa "); ok {
		d, ok := parseBirth(rest)
		return days{d.from.AddDate(-circaYears, 0, 0), d.to.AddDate(circaYears, 0, 0)}, ok
	}
	if m := birthRange.FindStringSubmatch(strings.TrimPrefix(strings.ToLower(s), "between ")); m != nil {
		a, okA := parseBirth(m[1])
		b, okB := parseBirth(m[2])
		return days{a.from, b.to}, okA && okB && !b.to.Before(a.from)
	}
	for _, l := range []struct {
		layout              string
		years, months, days int
	}{
		{"2006-01-02", 0, 0, 1},
		{"2 Jan 2006", 0, 0, 1},
		{"2 January 2006", 0, 0, 1},
		{"2006-01", 0, 1, 0},
		{"Jan 2006", 0, 1, 0},
		{"January 2006", 0, 1, 0},
		{"2006", 1, 0, 0},
	} {
		if t, err := time.Parse(l.layout, s); err == nil && t.Year() >= 1800 {
			return days{t, t.AddDate(l.years, l.months, l.days).AddDate(0, 0, -1)}, true
		}
	}
	return days{}, false
}

// ISODate writes a birth date as ISO 8601, as exactly as it is known: "1966",
// "1966-04" or "1966-04-18". One that is a span of other days, or that cannot
// be read, gives "".
func ISODate(s string) string {
	d, ok := parseBirth(s)
	if !ok {
		return ""
	}
	for _, l := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		t, err := time.Parse(l.layout, d.from.Format(l.layout))
		if err == nil && t.Equal(d.from) && t.AddDate(l.years, l.months, l.days).AddDate(0, 0, -1).Equal(d.to) {
			return d.from.Format(l.layout)
		}
	}
	return ""
}

// overlaps reports whether the two can be the same day.
func (d days) overlaps(o days) bool { return !d.from.After(o.to) && !o.from.After(d.to) }

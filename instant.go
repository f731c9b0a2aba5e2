package navicert

import (
	"bytes"
	"strconv"
	"time"
)

// Instant is a UTC time as the wire shapes write it: RFC 3339. It reads a bare
// date as midnight UTC. The zero Instant is unknown.
type Instant struct{ time.Time }

// At makes an Instant of a time.
func At(t time.Time) Instant { return Instant{t.UTC()} }

// ParseInstant reads RFC 3339 ("2026-01-02T15:04:05Z", with any offset) or a
// date ("2026-01-02").
func ParseInstant(s string) (Instant, error) {
	if len(s) == len(time.DateOnly) { // what fails to be a date takes longer than what is a time
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return At(t), nil
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Instant{}, Errorf(Invalid, "time", strconv.Quote(s), "want 2026-01-02 or 2026-01-02T15:04:05Z")
	}
	return At(t), nil
}

// MarshalText writes RFC 3339 in UTC.
func (i Instant) MarshalText() ([]byte, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UTC().AppendFormat(nil, time.RFC3339Nano), nil
}

// UnmarshalText reads what [ParseInstant] reads; empty is unknown.
func (i *Instant) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = Instant{}
		return nil
	}
	v, err := ParseInstant(string(b))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

// MarshalJSON writes a string, or null when unknown.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i.IsZero() {
		return []byte("null"), nil
	}
	b := append(make([]byte, 0, len(time.RFC3339Nano)+2), '"')
	return append(i.UTC().AppendFormat(b, time.RFC3339Nano), '"'), nil
}

// UnmarshalJSON reads a string; null is unknown.
func (i *Instant) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*i = Instant{}
		return nil
	}
	if n := len(b) - 1; n > 0 && b[0] == '"' && b[n] == '"' && bytes.IndexByte(b[1:n], '\\') < 0 {
		return i.UnmarshalText(b[1:n])
	}
	u, err := strconv.Unquote(string(b))
	if err != nil {
		return Errorf(Invalid, "time", string(b), "want a string")
	}
	return i.UnmarshalText([]byte(u))
}

// String prints RFC 3339, or "".
func (i Instant) String() string {
	b, _ := i.MarshalText()
	return string(b)
}

// Date is a calendar day, "2026-01-02"; dates order as strings. Empty is
// unknown.
type Date string

// ParseDate reads "2026-01-02" and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", Errorf(Invalid, "date", strconv.Quote(s), "want YYYY-MM-DD")
	}
	return Date(s), nil
}

// DateOf returns the UTC day of a time.
func DateOf(t time.Time) Date { return Date(t.UTC().Format(time.DateOnly)) }

// Start returns midnight UTC at which the day begins, or the zero time when
// the date is unknown or malformed.
func (d Date) Start() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

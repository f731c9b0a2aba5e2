package store

import (
	"database/sql"
	"math"
	"time"

	"navicert"
)

// The columns' time is in milliseconds; what RFC 3339 can write, the years 1
// to 9999, is what a value may hold.
var (
	oldestTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	newestTime = time.Date(9999, 12, 31, 23, 59, 59, int(time.Second-1), time.UTC)
)

// millis is a time as a column holds it, rounded down. A time outside the
// years 1 to 9999 becomes the nearest within.
func millis(t time.Time) int64 {
	if t.Before(oldestTime) {
		t = oldestTime
	} else if t.After(newestTime) {
		t = newestTime
	}
	return t.UnixMilli()
}

// millisUp is a time as a column holds it, rounded up: the bound of a
// selection by >= or <.
func millisUp(t time.Time) int64 {
	if ms := millis(t); !time.UnixMilli(ms).Before(t) || t.After(newestTime) {
		return ms
	}
	return millis(t) + 1
}

// fromMillis is the time that a column holds.
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// storable fails for a time that is unknown or that no body can hold.
func storable(t time.Time, what string) error {
	if t.IsZero() {
		return navicert.Errorf(navicert.Invalid, "store", "", "%s has no time", what)
	}
	if t.Before(oldestTime) || t.After(newestTime) {
		return navicert.Errorf(navicert.Invalid, "store", "", "%s has a time in year %d: want 1 to 9999", what, t.UTC().Year())
	}
	return nil
}

// upTo is the millisecond up to which a selection goes; the zero time does not
// restrict it.
func upTo(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return millis(t)
}

// nullable makes a column's value of one that may be unknown.
func nullable[T any](o navicert.Opt[T]) sql.Null[T] {
	v, ok := o.Get()
	return sql.Null[T]{V: v, Valid: ok}
}

// optional makes a value that may be unknown of a column's.
func optional[T any](n sql.Null[T]) navicert.Opt[T] {
	if !n.Valid {
		return navicert.Opt[T]{}
	}
	return navicert.Some(n.V)
}

package list

import (
	"fmt"
	"regexp"
	"time"

	"navicert"
)

// PublishedIn is what a folder's name says about the day of publication.
type PublishedIn struct {
	Date     navicert.Date // the day; when only the month is known, the last day it can have been
	Earliest navicert.Date // the first day it can have been; the same when the day is known
}

// Exact reports whether the day is known.
func (p PublishedIn) Exact() bool { return p.Date == p.Earliest }

// Note says what was taken for the date and why, or "" when the day is known.
func (p PublishedIn) Note() string {
	if p.Exact() {
		return ""
	}
	return fmt.Sprintf("the folder's name gives a month, not a day: publication taken as %s, the latest it can be, "+
		"so that no earlier day is searched with it, and its age counted from %s; --published YYYY-MM-DD sets the day", p.Date, p.Earliest)
}

var (
	nameDate  = regexp.MustCompile(`(?:^|[^0-9])(\d{4}-\d{2}-\d{2})(?:[^0-9]|$)`)
	nameMonth = regexp.MustCompile(`(?:^|[^0-9])(\d{4}-\d{2})(?:[^0-9-]|$)`)
)

// DateFromName finds the publication date in a folder's name ("2025-12-24",
// "ofac-2025-12-24"). File times are not looked at: they tell when a copy was
// made.
//
// A name that ends in a month ("ofac-2025-12") leaves the day open, and each
// choice can do harm. The first day would let a question about an earlier day
// of that month be answered with what was not yet published. The last day
// would make the list look fresher than it is. So the last day (or today, if
// that comes first) is the date, and the first day is what its age counts
// from, see Publication.Earliest.
// today is the day of the import; a date after it is an error.
func DateFromName(name string, today navicert.Date) (PublishedIn, error) {
	const hint = "say when the list was published: --published YYYY-MM-DD"
	fail := func(kind navicert.Kind, format string, args ...any) (PublishedIn, error) {
		return PublishedIn{}, navicert.Errorf(kind, "publication date", name, format, args...).WithHint(hint)
	}
	if m := nameDate.FindStringSubmatch(name); m != nil {
		d, err := navicert.ParseDate(m[1])
		switch {
		case err != nil:
			return fail(navicert.Invalid, "there is no day %s", m[1])
		case d > today:
			return fail(navicert.Invalid, "%s is after today, %s", d, today)
		}
		return PublishedIn{d, d}, nil
	}
	if m := nameMonth.FindStringSubmatch(name); m != nil {
		first, err := time.Parse("2006-01", m[1])
		switch {
		case err != nil:
			return fail(navicert.Invalid, "there is no month %s", m[1])
		case navicert.DateOf(first) > today:
			return fail(navicert.Invalid, "%s is after today, %s", m[1], today)
		}
		last := navicert.DateOf(first.AddDate(0, 1, -1))
		return PublishedIn{min(last, today), navicert.DateOf(first)}, nil
	}
	return fail(navicert.Invalid, "the name holds no date")
}

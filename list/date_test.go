package list_test

import (
	"testing"

	"navicert"
	"navicert/list"
)

func TestDateFromName(t *testing.T) {
	const today = "2026-01-15"
	for _, c := range []struct {
		name           string
		date, earliest navicert.Date
	}{
		{"2025-12-24", "2025-12-24", "2025-12-24"},
		{"ofac-2025-12-24", "2025-12-24", "2025-12-24"},
		{"sdn_2024-02-29_csv", "2024-02-29", "2024-02-29"},
		{"2026-01-15", "2026-01-15", "2026-01-15"},
		{"ofac-2025-12", "2025-12-31", "2025-12-01"},
		{"ofac-2024-02", "2024-02-29", "2024-02-01"},
		{"2025-02 sdn", "2025-02-28", "2025-02-01"},
		{"ofac-2026-01", "2026-01-15", "2026-01-01"}, // it cannot have been issued after today
		{"2023-02-29", "", ""},                       // no such day
		{"2026-01-16", "", ""},                       // not yet
		{"ofac-2026-02", "", ""},
		{"ofac-2025-13", "", ""},
		{"ofac-2025-00", "", ""},
		{"12025-12-24", "", ""},
		{"2025-12-240", "", ""},
		{"lists", "", ""},
		{"", "", ""},
	} {
		got, err := list.DateFromName(c.name, today)
		if got.Date != c.date || got.Earliest != c.earliest || (err != nil) != (c.date == "") {
			t.Errorf("%q: %+v, %v; want %s, %s", c.name, got, err, c.date, c.earliest)
		}
		if err != nil && navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%q: kind %q", c.name, navicert.KindOf(err))
		}
		if err == nil && (got.Note() == "") != got.Exact() {
			t.Errorf("%q: note %q although exact is %v", c.name, got.Note(), got.Exact())
		}
	}
}

func TestAgeAndState(t *testing.T) {
	day := list.Publication{Date: "2025-12-24", MaxAgeDays: 14}
	month := list.Publication{Date: "2025-12-31", Earliest: "2025-12-01", MaxAgeDays: 14}
	for _, c := range []struct {
		p    list.Publication
		on   navicert.Date
		age  int
		want navicert.SourceState
	}{
		{day, "2025-12-24", 0, navicert.Current},
		{day, "2026-01-07", 14, navicert.Current},
		{day, "2026-01-08", 15, navicert.Stale},
		{month, "2025-12-31", 30, navicert.Stale}, // it may be that old
		{list.Publication{Date: "2025-12-24"}, "2025-12-25", 1, navicert.Stale},
	} {
		if age, state := c.p.AgeDays(c.on), c.p.State(c.on); age != c.age || state != c.want {
			t.Errorf("%s on %s: %d days, %s; want %d, %s", c.p.Date, c.on, age, state, c.age, c.want)
		}
	}
}

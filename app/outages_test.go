package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
)

// TestOutagesBetween compares with what a look at each outage finds.
func TestOutagesBetween(t *testing.T) {
	minute := func(n int) time.Time { return time.Unix(int64(n)*60, 0).UTC() }
	rapid.Check(t, func(t *rapid.T) {
		s := newOutages(nil)
		held := map[int]navicert.Outage{}
		for range rapid.IntRange(0, 30).Draw(t, "outages") {
			from := rapid.IntRange(0, 100).Draw(t, "from")
			o := navicert.Outage{Feed: "a", From: minute(from), To: minute(from + rapid.IntRange(1, 30).Draw(t, "lasts"))}
			if begun := o; rapid.Bool().Draw(t, "begins first") {
				begun.To = time.Time{}
				s.put(begun)
			}
			s.put(o)
			held[from] = o
		}
		from := rapid.IntRange(0, 130).Draw(t, "since")
		to := from + rapid.IntRange(1, 30).Draw(t, "until")
		var want []navicert.Outage
		for i := range 101 {
			if o, ok := held[i]; ok && o.From.Before(minute(to)) && o.To.After(minute(from)) {
				want = append(want, o)
			}
		}
		if got := s.between(minute(from), minute(to)); !slices.Equal(got, want) {
			t.Fatalf("between %d and %d: %v, want %v", from, to, got, want)
		}
	})
}

func TestOutagesThatLast(t *testing.T) {
	at := time.Unix(1e9, 0).UTC()
	s := newOutages([]navicert.Outage{{From: at}, {From: at.Add(time.Hour)}})
	want := []navicert.Outage{{From: at, To: at.Add(time.Hour)}, {From: at.Add(time.Hour)}}
	if got := s.between(at, at.Add(99*time.Hour)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i := range 3 * maxOutages {
		from := at.Add(time.Duration(i+2) * time.Hour)
		s.put(navicert.Outage{From: from})
		s.put(navicert.Outage{From: from, To: from.Add(time.Minute)})
	}
	if n := len(s.between(at, at.Add(99*maxOutages*time.Hour))); n > maxOutages || n < maxOutages/2 {
		t.Errorf("%d outages are held", n)
	}
}

// countingStore counts what is asked of a store.
type countingStore struct {
	detect.CoverageStore
	feeds   []navicert.FeedHealth
	outages []navicert.Outage
	asked   int
}

func (s *countingStore) Feeds(context.Context) ([]navicert.FeedHealth, error) {
	s.asked++
	return s.feeds, nil
}

func (s *countingStore) Outages(context.Context, detect.OutageFilter) ([]navicert.Outage, error) {
	s.asked++
	return s.outages, nil
}

// TestCoverageAsksOnce holds that the outages of a feed are read once, not for
// each silent ship.
func TestCoverageAsksOnce(t *testing.T) {
	at := time.Unix(1e9, 0).UTC()
	const feed = "udp://:1"
	db := &countingStore{
		feeds:   []navicert.FeedHealth{{Feed: feed, At: at, Opened: at}},
		outages: []navicert.Outage{{Feed: feed, From: at, To: at.Add(time.Hour)}},
	}
	c, err := newCoverage(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		out, _, err := c.outages(feed, at, at.Add(2*time.Hour))
		if err != nil || len(out) == 0 {
			t.Fatalf("outages %v, %v", out, err)
		}
	}
	if db.asked != 2 {
		t.Errorf("the store was asked %d times, want 2", db.asked)
	}
}

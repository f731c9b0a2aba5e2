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
	c, err := newCoverage(t.Context(), db, func() time.Time { return at })
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

// TestCoverageOfOthers asks about feeds that the run does not listen to.
func TestCoverageOfOthers(t *testing.T) {
	at := time.Unix(1e9, 0).UTC()
	hour := func(h float64) time.Time { return at.Add(time.Duration(h * float64(time.Hour))) }
	const feed = "udp://:1"
	known := navicert.Outage{Feed: feed, From: hour(1), To: hour(2), Why: "silent for 2m0s"}
	since := func(h float64) navicert.Outage {
		return navicert.Outage{Feed: feed, From: hour(h), Why: notListening}
	}
	health := navicert.FeedHealth{Feed: feed, State: navicert.FeedEnded, At: hour(6), Opened: hour(3), FirstOpened: hour(0), Last: hour(5)}
	change := func(f func(*navicert.FeedHealth)) navicert.FeedHealth {
		h := health
		f(&h)
		return h
	}
	lasts := known
	lasts.To = time.Time{}
	for _, c := range []struct {
		name     string
		health   navicert.FeedHealth
		outages  []navicert.Outage
		from, to float64
		want     []navicert.Outage
		watched  bool
	}{
		{"while it was heard", health, []navicert.Outage{known}, 3, 5, nil, true},
		{"in an outage", health, []navicert.Outage{known}, 1.5, 4, []navicert.Outage{known}, true},
		{"after the last data", health, []navicert.Outage{known}, 4, 9, []navicert.Outage{since(5)}, true},
		{"over all", health, []navicert.Outage{known}, 0, 9, []navicert.Outage{known, since(5)}, true},
		{"from before it was first opened", health, []navicert.Outage{known}, -1, 4, []navicert.Outage{known}, false},
		{"before it was first opened", health, nil, -9, -1, nil, false},
		{"opened when nobody knows", change(func(h *navicert.FeedHealth) { h.FirstOpened = time.Time{} }), nil, 3, 4, nil, false},
		{"nothing came", change(func(h *navicert.FeedHealth) { h.Last = time.Time{} }), nil, 2, 4, []navicert.Outage{since(3)}, true},
		{"killed in an outage", change(func(h *navicert.FeedHealth) { h.State = navicert.FeedLost }), []navicert.Outage{lasts}, 0.5, 9, []navicert.Outage{lasts}, true},
		{"killed", change(func(h *navicert.FeedHealth) { h.State = navicert.FeedLive }), nil, 4, 9, []navicert.Outage{since(5)}, true},
		{"another program listens", change(func(h *navicert.FeedHealth) { h.State, h.At = navicert.FeedLive, hour(9) }), nil, 4, 9, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := &countingStore{feeds: []navicert.FeedHealth{c.health}, outages: c.outages}
			v, err := newCoverage(t.Context(), db, func() time.Time { return hour(9) })
			if err != nil {
				t.Fatal(err)
			}
			got, watched, err := v.outages(feed, hour(c.from), hour(c.to))
			if err != nil || !slices.Equal(got, c.want) || watched != c.watched {
				t.Errorf("%v, watched %v, %v; want %v, %v", got, watched, err, c.want, c.watched)
			}
			if _, watched, _ := v.outages("ais.log", hour(c.from), hour(c.to)); watched {
				t.Error("a file is watched")
			}
		})
	}
}

// TestCoverageOfAnotherProgram: what another program tells of its feed is read
// again.
func TestCoverageOfAnotherProgram(t *testing.T) {
	at := time.Unix(1e9, 0).UTC()
	const feed = "udp://:1"
	now := at
	db := &countingStore{feeds: []navicert.FeedHealth{{Feed: feed, State: navicert.FeedLive, At: at, Opened: at, FirstOpened: at, Last: at}}}
	c, err := newCoverage(t.Context(), db, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // an hour after the run began, and another later
		now = now.Add(time.Hour)
		db.feeds[0].At, db.feeds[0].Last = now, now
		if out, _, err := c.outages(feed, at, now); err != nil || len(out) > 0 {
			t.Fatalf("outages %v, %v of a feed that another program hears", out, err)
		}
	}
	now = now.Add(time.Hour)
	if out, _, err := c.outages(feed, at, now); err != nil || len(out) != 1 || out[0].Why != notListening {
		t.Errorf("outages %v, %v of a feed that it has stopped to hear", out, err)
	}
}

package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/geo"
)

var coverageTests = map[string]func(*testing.T, Store){
	"nothing is held":      noCoverage,
	"an outage ends":       outageEnds,
	"outages overlapping":  outagesOverlapping,
	"newest outages":       newestOutages,
	"names and reasons":    hostileOutages,
	"health round trip":    healthRoundTrip,
	"only a newer health":  newerHealth,
	"refused":              badCoverage,
	"cancelled":            cancelledCoverage,
	"concurrent":           concurrentCoverage,
	"feeds are kept apart": twoFeeds,
	"who was heard":        heardRoundTrip,
	"heard again":          heardAgain,
	"heard, as known then": heardKnown,
	"heard, simulated":     heardSimulated,
	"reception":            reception,
	"heard, refused":       badHeard,
}

// outage is of an invented feed; an end of 0 hours is none yet.
func outage(feed string, from, to float64) navicert.Outage {
	o := navicert.Outage{Feed: feed, From: at(from), Why: "silent for 2m0s"}
	if to > 0 {
		o.To = at(to)
	}
	return o
}

func health(feed string, hour float64) navicert.FeedHealth {
	return navicert.FeedHealth{
		Feed: feed, State: navicert.FeedLost, Why: "connection refused", At: at(hour), Opened: at(0), Last: at(hour / 2),
		Rate: 1.5, Lines: 12, Other: 3, Bytes: 700, Dropped: 2, Opens: 4, Outages: 1,
		FirstOpened: at(0),
	}
}

func putOutages(t *testing.T, s Store, os ...navicert.Outage) {
	t.Helper()
	for _, o := range os {
		if err := s.PutOutage(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
}

func putHealth(t *testing.T, s Store, h navicert.FeedHealth) {
	t.Helper()
	if err := s.PutHealth(t.Context(), h); err != nil {
		t.Fatal(err)
	}
}

func wantOutages(t *testing.T, s Store, what string, f detect.OutageFilter, want ...navicert.Outage) {
	t.Helper()
	same(t, what, must(s.Outages(t.Context(), f))(t), want)
	if n := must(s.CountOutages(t.Context(), f))(t); f.Limit == 0 && n != len(want) {
		t.Errorf("%s: %d are counted, want %d", what, n, len(want))
	}
}

func wantFeeds(t *testing.T, s Store, want ...navicert.FeedHealth) {
	t.Helper()
	same(t, "feeds", must(s.Feeds(t.Context()))(t), want)
}

func noCoverage(t *testing.T, s Store) {
	os := must(s.Outages(t.Context(), detect.OutageFilter{}))(t)
	fs := must(s.Feeds(t.Context()))(t)
	if os == nil || fs == nil || len(os)+len(fs) > 0 {
		t.Errorf("an empty store has outages %#v and feeds %#v, want none and not nil", os, fs)
	}
}

func outageEnds(t *testing.T, s Store) {
	begun := outage("udp://:1", 1, 0)
	putOutages(t, s, begun, begun)
	wantOutages(t, s, "one that lasts", detect.OutageFilter{}, begun)
	ended := outage("udp://:1", 1, 2)
	ended.Why = "navicert was not listening" // why it began stays
	putOutages(t, s, ended)
	wantOutages(t, s, "one that has ended", detect.OutageFilter{}, outage("udp://:1", 1, 2))
	again := begun
	again.From = again.From.Add(time.Microsecond) // the same to the millisecond: it goes on
	putOutages(t, s, again)
	wantOutages(t, s, "one that goes on", detect.OutageFilter{}, begun)
}

func outagesOverlapping(t *testing.T, s Store) {
	first, second, lasts := outage("a", 1, 2), outage("a", 4, 6), outage("a", 8, 0)
	putOutages(t, s, lasts, second, first)
	for _, tt := range []struct {
		name     string
		from, to time.Time
		want     []navicert.Outage
	}{
		{"all", time.Time{}, time.Time{}, []navicert.Outage{first, second, lasts}},
		{"within one", at(4.5), at(5), []navicert.Outage{second}},
		{"up to a beginning", at(2), at(4), nil},
		{"just over a beginning", at(2), at(4).Add(time.Microsecond), []navicert.Outage{second}},
		{"from an end", at(6), at(8), nil},
		{"just before an end", at(6).Add(-time.Millisecond), at(8), []navicert.Outage{second}},
		{"long after", at(500), time.Time{}, []navicert.Outage{lasts}},
		{"before all", time.Time{}, at(1), nil},
	} {
		wantOutages(t, s, tt.name, detect.OutageFilter{From: tt.from, To: tt.to}, tt.want...)
	}
}

func newestOutages(t *testing.T, s Store) {
	for hour := range 5 {
		putOutages(t, s, outage("a", float64(hour), float64(hour)+0.5))
	}
	wantOutages(t, s, "the newest two", detect.OutageFilter{Limit: 2}, outage("a", 3, 3.5), outage("a", 4, 4.5))
	if n := must(s.CountOutages(t.Context(), detect.OutageFilter{Limit: 2, From: at(1)}))(t); n != 4 {
		t.Errorf("%d outages are counted, want all 4", n)
	}
}

func twoFeeds(t *testing.T, s Store) {
	putOutages(t, s, outage("b", 1, 2), outage("a", 1, 3), outage("a", 0.5, 0.75))
	wantOutages(t, s, "both", detect.OutageFilter{}, outage("a", 0.5, 0.75), outage("a", 1, 3), outage("b", 1, 2))
	wantOutages(t, s, "one", detect.OutageFilter{Feed: "b"}, outage("b", 1, 2))
	wantOutages(t, s, "an unknown one", detect.OutageFilter{Feed: "c"})
	putHealth(t, s, health("b", 1))
	putHealth(t, s, health("a", 2))
	wantFeeds(t, s, health("a", 2), health("b", 1))
}

func hostileOutages(t *testing.T, s Store) {
	var want []navicert.Outage
	for i, h := range hostile {
		o := outage(h, float64(i+1), float64(i+2))
		o.Why = h
		want = append(want, o)
	}
	putOutages(t, s, want...)
	wantOutages(t, s, "outages", detect.OutageFilter{}, want...)
	for i, h := range hostile {
		wantOutages(t, s, "outages of a feed", detect.OutageFilter{Feed: h}, want[i])
	}
}

func healthRoundTrip(t *testing.T, s Store) {
	full := health("tcp://[::1]:5631", 3)
	wantAllFields(t, full)
	full.At, full.Last = full.At.Add(123), full.Last.Add(456) // to the nanosecond
	putHealth(t, s, full)
	bare := navicert.FeedHealth{Feed: "udp://:1", At: at(1)}
	putHealth(t, s, bare)
	wantFeeds(t, s, full, bare)
}

func newerHealth(t *testing.T, s Store) {
	putHealth(t, s, health("a", 2))
	putHealth(t, s, health("a", 1))
	wantFeeds(t, s, health("a", 2))
	putHealth(t, s, health("a", 3))
	wantFeeds(t, s, health("a", 3))
	ended := health("a", 3)
	ended.State = navicert.FeedEnded // at the same moment
	putHealth(t, s, ended)
	wantFeeds(t, s, ended)
	later := health("a", 5)
	later.Opened, later.FirstOpened = at(4).Add(123), at(4) // which is not when it was first opened
	putHealth(t, s, later)
	later.FirstOpened = at(0)
	wantFeeds(t, s, later)
	unknown := navicert.FeedHealth{Feed: "a", At: at(6)}
	putHealth(t, s, unknown)
	unknown.FirstOpened = at(0)
	wantFeeds(t, s, unknown)
}

func badCoverage(t *testing.T, s Store) {
	wantErr(t, s.PutOutage(t.Context(), outage("", 1, 2)), navicert.Invalid)
	wantErr(t, s.PutOutage(t.Context(), navicert.Outage{Feed: "a", To: at(1)}), navicert.Invalid)
	wantErr(t, s.PutOutage(t.Context(), outage("a", 2, 1)), navicert.Invalid)
	wantErr(t, s.PutHealth(t.Context(), health("", 1)), navicert.Invalid)
	wantErr(t, s.PutHealth(t.Context(), navicert.FeedHealth{Feed: "a"}), navicert.Invalid)
	wantOutages(t, s, "outages", detect.OutageFilter{})
	wantFeeds(t, s)
}

func cancelledCoverage(t *testing.T, s Store) {
	wantCanceled(t, s.PutOutage(canceled(), outage("a", 1, 2)))
	wantCanceled(t, s.PutHealth(canceled(), health("a", 1)))
	_, err := s.Outages(canceled(), detect.OutageFilter{})
	wantCanceled(t, err)
	_, err = s.CountOutages(canceled(), detect.OutageFilter{})
	wantCanceled(t, err)
	_, err = s.Feeds(canceled())
	wantCanceled(t, err)
	wantOutages(t, s, "outages", detect.OutageFilter{})
	wantFeeds(t, s)
}

func concurrentCoverage(t *testing.T, s Store) {
	const writers, each = 4, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			feed := fmt.Sprint("feed ", w)
			for i := range each {
				hour := float64(i + 1)
				for _, o := range []navicert.Outage{outage(feed, hour, 0), outage(feed, hour, hour+0.5)} {
					if err := s.PutOutage(context.Background(), o); err != nil {
						t.Error(err)
					}
				}
				if err := s.PutHealth(context.Background(), health("shared", hour)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	os := must(s.Outages(t.Context(), detect.OutageFilter{}))(t)
	if len(os) != writers*each {
		t.Errorf("%d outages are held, want %d", len(os), writers*each)
	}
	for _, o := range os {
		if o.To.IsZero() {
			t.Errorf("the end of %+v was lost", o)
		}
	}
	wantFeeds(t, s, health("shared", each))
}

// heardRow is of an invented receiver, of the clock hour after an hour.
func heardRow(hour float64, lat float64, receiver string, class navicert.Class) detect.Heard {
	return detect.Heard{
		Cell: geo.CellID(navicert.Position{Lat: lat, Lon: -65}, detect.CellLevel), Hour: at(hour), Receiver: receiver, Class: class,
		Ships: 3, Fixes: 40, Last: at(hour + 0.5),
	}
}

func wantHeard(t *testing.T, s Store, what string, f detect.HeardFilter, want ...detect.Heard) {
	t.Helper()
	same(t, what, must(s.Heard(t.Context(), f))(t), want)
}

func heardRoundTrip(t *testing.T, s Store) {
	if rows := must(s.Heard(t.Context(), detect.HeardFilter{}))(t); rows == nil || len(rows) > 0 {
		t.Errorf("an empty store has %#v, want none and not nil", rows)
	}
	south, north := heardRow(1, -40, "pier", navicert.ClassA), heardRow(1, 10, "pier", navicert.ClassA)
	b, mole, later := heardRow(1, 10, "pier", navicert.ClassB), heardRow(1, 10, "mole", ""), heardRow(3, 10, "pier", navicert.ClassA)
	rows := []detect.Heard{later, b, mole, north, south}
	putHeard(t, s, at(4), rows...)
	here := []s2.CellID{north.Cell}
	wantHeard(t, s, "one cell", detect.HeardFilter{Cells: here}, mole, north, b, later)
	wantHeard(t, s, "its second hour", detect.HeardFilter{Cells: here, From: at(2)}, later)
	wantHeard(t, s, "within an hour", detect.HeardFilter{Cells: here, From: at(3.5), To: at(3.6)}, later)
	wantHeard(t, s, "before", detect.HeardFilter{Cells: here, To: at(3)}, mole, north, b)
	wantHeard(t, s, "no cell", detect.HeardFilter{Cells: []s2.CellID{}})
	if all := must(s.Heard(t.Context(), detect.HeardFilter{}))(t); len(all) != len(rows) {
		t.Errorf("%d rows, want %d", len(all), len(rows))
	}
	for i, name := range hostile {
		r := heardRow(5+float64(i), 10, name, navicert.ClassA)
		putHeard(t, s, at(50), r)
		wantHeard(t, s, "a receiver's name", detect.HeardFilter{From: r.Hour, To: r.Last}, r)
	}
}

func heardAgain(t *testing.T, s Store) {
	a := heardRow(1, 10, "pier", navicert.ClassA)
	more, less := a, a
	more.Ships, more.Fixes, more.Last = 5, 39, at(1.25)
	less.Ships, less.Fixes = 1, 1
	for i, rows := range [][]detect.Heard{{a}, {a, less}, {more}, {a}, {more, less}} {
		putHeard(t, s, at(float64(i)), rows...)
	}
	a.Ships = 5
	wantHeard(t, s, "the greatest", detect.HeardFilter{}, a)
}

func putHeard(t *testing.T, s Store, recorded time.Time, rows ...detect.Heard) {
	t.Helper()
	if err := s.PutHeard(t.Context(), recorded, rows); err != nil {
		t.Fatal(err)
	}
}

// heardKnown: what a row came to say later was not known before.
func heardKnown(t *testing.T, s Store) {
	first, more := heardRow(1, 10, "pier", navicert.ClassA), heardRow(1, 10, "pier", navicert.ClassA)
	more.Ships, more.Last = 7, at(1.9)
	putHeard(t, s, at(2), first)
	putHeard(t, s, at(5), more, heardRow(1, 10, "mole", navicert.ClassA))
	putHeard(t, s, at(3), first) // nothing new
	wantHeard(t, s, "before", detect.HeardFilter{KnownAt: at(1.5)})
	wantHeard(t, s, "at first", detect.HeardFilter{KnownAt: at(2)}, first)
	wantHeard(t, s, "just before more was known", detect.HeardFilter{KnownAt: at(5).Add(-time.Millisecond)}, first)
	wantHeard(t, s, "when more was known", detect.HeardFilter{KnownAt: at(5)}, heardRow(1, 10, "mole", navicert.ClassA), more)
	f := detect.HeardFilter{Cells: []s2.CellID{first.Cell}, From: at(0), To: at(3), KnownAt: at(4)}
	wantReception(t, s, "at first", f, false, detect.Reception{Hours: 1, Receivers: 1, Ships: 3, Last: at(1.5), Listened: 1})
	f.KnownAt = at(1.5)
	wantReception(t, s, "before", f, false, detect.Reception{})
}

// heardSimulated: invented ships do not speak for real waters, nor the other way.
func heardSimulated(t *testing.T, s Store) {
	real, invented := heardRow(1, 10, "pier", navicert.ClassA), heardRow(1, 10, "pier", navicert.ClassA)
	invented.Simulated, invented.Ships = true, 9
	putHeard(t, s, at(2), invented, real)
	wantHeard(t, s, "both", detect.HeardFilter{}, real, invented)
	f := detect.HeardFilter{Cells: []s2.CellID{real.Cell}, From: at(0), To: at(4)}
	wantReception(t, s, "real", f, false, detect.Reception{Hours: 1, Receivers: 1, Ships: 3, Last: at(1.5), Listened: 1})
	wantReception(t, s, "simulated", f, true, detect.Reception{Hours: 1, Receivers: 1, Ships: 9, Last: at(1.5), Listened: 1})
}

func wantReception(t *testing.T, s Store, what string, f detect.HeardFilter, simulated bool, want detect.Reception) {
	t.Helper()
	same(t, what, must(s.Reception(t.Context(), f, simulated))(t), want)
}

func reception(t *testing.T, s Store) {
	a, b, far := heardRow(1, 10, "pier", navicert.ClassA), heardRow(3, 10, "mole", navicert.ClassB), heardRow(4, -40, "pier", navicert.ClassA)
	b.Ships = 5
	beside := heardRow(3, 10.5, "pier", navicert.ClassA)
	putHeard(t, s, at(6), a, b, far, beside)
	here := []s2.CellID{a.Cell, beside.Cell}
	for _, c := range []struct {
		what     string
		from, to time.Time
		want     detect.Reception
	}{
		{"all hours", at(0), at(10), detect.Reception{Hours: 2, Receivers: 2, Ships: 5, Last: at(3.5), Listened: 3}},
		{"the hours that overlap", at(1.9), at(3), detect.Reception{Hours: 1, Receivers: 1, Ships: 3, Last: at(1.5), Listened: 1}},
		{"up into an hour", at(2), at(3.1), detect.Reception{Hours: 1, Receivers: 2, Ships: 5, Last: at(3.5), Listened: 1}},
		{"heard elsewhere only", at(4), at(9), detect.Reception{Listened: 1}},
		{"nobody listened", at(5), at(9), detect.Reception{}},
		{"no time", at(1), at(1), detect.Reception{}},
	} {
		wantReception(t, s, c.what, detect.HeardFilter{Cells: here, From: c.from, To: c.to}, false, c.want)
	}
	for _, f := range []detect.HeardFilter{
		{From: at(0), To: at(1)},
		{Cells: here, From: at(1), To: at(0)},
		{Cells: here},
		{Cells: here, From: at(0), To: at(detect.ReceptionHours + 1)},
		{Cells: make([]s2.CellID, detect.ReceptionCells+1), From: at(0), To: at(1)},
	} {
		if r, err := s.Reception(t.Context(), f, false); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%d cells from %s to %s: %+v, %v", len(f.Cells), f.From, f.To, r, err)
		}
	}
	_, err := s.Reception(canceled(), detect.HeardFilter{Cells: here, From: at(0), To: at(1)}, false)
	wantCanceled(t, err)
}

func badHeard(t *testing.T, s Store) {
	for name, change := range map[string]func(*detect.Heard){
		"no cell": func(r *detect.Heard) { r.Cell = 0 }, "no receiver": func(r *detect.Heard) { r.Receiver = "" },
		"no hour": func(r *detect.Heard) { r.Hour = time.Time{} }, "half an hour": func(r *detect.Heard) { r.Hour = at(1.5) },
		"no time": func(r *detect.Heard) { r.Last = time.Time{} },
	} {
		r := heardRow(1, 10, "pier", navicert.ClassA)
		change(&r)
		if err := s.PutHeard(t.Context(), at(6), []detect.Heard{heardRow(2, 10, "pier", ""), r}); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.PutHeard(t.Context(), time.Time{}, []detect.Heard{heardRow(2, 10, "pier", "")}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("recorded at no time: %v", err)
	}
	wantHeard(t, s, "after refusals", detect.HeardFilter{})
}

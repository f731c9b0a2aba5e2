package app_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/detect/gap"
	"navicert/store"
)

// ship is a position of an invented ship at rest off Jose, without a time.
const ship = "!AIVDM,1,1,,A,1;T3>6@P00KG8vP5mR@0j?wp0000,0*69\n"

// station is a receiver that serves sentences over TCP to one listener at a
// time; the clock that navicert sees is its own.
type station struct {
	t     *testing.T
	l     net.Listener
	clock atomic.Int64
	conn  net.Conn
}

func newStation(t *testing.T) *station {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &station{t: t, l: l}
}

func (s *station) feed() string { return "tcp://" + s.l.Addr().String() }

func (s *station) now() time.Time { return time.Unix(0, s.clock.Load()) }

func (s *station) at(hours float64) { s.clock.Store(hour(hours).UnixNano()) }

func hour(h float64) time.Time { return day(20).Add(time.Duration(h * float64(time.Hour))) }

// accept waits for the listener.
func (s *station) accept() {
	s.t.Helper()
	_ = s.l.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second))
	c, err := s.l.Accept()
	if err != nil {
		s.t.Fatal(err)
	}
	s.conn = c
}

func (s *station) send() {
	s.t.Helper()
	if _, err := s.conn.Write([]byte(ship)); err != nil {
		s.t.Fatal(err)
	}
}

// listening is a replay of the station's feed that is under way.
type listening struct {
	*station
	app   *app.App
	stop  context.CancelFunc
	ended chan error

	mu     sync.Mutex
	events []navicert.Event // closed
}

func (s *station) listen(dir string, noStore bool) *listening {
	s.t.Helper()
	a, err := app.New(s.t.Context(), app.Config{Data: dir, Clock: s.now})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = a.Close() })
	ctx, cancel := context.WithCancel(s.t.Context())
	r := &listening{station: s, app: a, stop: cancel, ended: make(chan error, 1)}
	go func() {
		_, err := a.Replay(ctx, app.ReplayOptions{
			NoStore: noStore,
			Event:   r.event,
		}, app.ReplayInput{Path: s.feed()})
		r.ended <- err
	}()
	s.accept()
	return r
}

func (r *listening) event(ev navicert.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ev.State == navicert.EventClosed {
		r.events = append(r.events, ev)
	}
	return nil
}

func (r *listening) told() []navicert.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// confirming is how many reports untilTold sends: eight confirm a leap in time, and
// events wait for the next record.
const confirming = 9

// untilTold waits for the first event that ends, and sends what it takes.
func (r *listening) untilTold() {
	r.t.Helper()
	const beRead = 200 * time.Millisecond // nothing tells that a line has been read
	time.Sleep(beRead)
	for range confirming {
		r.clock.Add(int64(31 * time.Second))
		r.send()
		time.Sleep(beRead)
	}
	for end := time.Now().Add(20 * time.Second); len(r.told()) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatal("waited in vain for an event")
		}
	}
}

// until waits for something of the feed's record to come true.
func (r *listening) until(what string, ok func(navicert.FeedRecord) bool) {
	r.t.Helper()
	var got []navicert.FeedRecord
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var err error
		if got, err = r.app.Feeds(r.t.Context(), time.Time{}, time.Time{}, 100); err != nil {
			r.t.Fatal(err)
		}
		if len(got) == 1 && ok(got[0]) {
			return
		}
	}
	r.t.Fatalf("waited in vain for %s: %+v", what, got)
}

// end stops the replay and returns its closed events.
func (r *listening) end() []navicert.Event {
	r.t.Helper()
	r.stop()
	if err := <-r.ended; !errors.Is(err, context.Canceled) {
		r.t.Fatalf("the replay ended with %v", err)
	}
	_ = r.conn.Close()
	return r.told()
}

func outages(n int, ended bool) func(navicert.FeedRecord) bool {
	return func(f navicert.FeedRecord) bool {
		return len(f.Intervals) == n && f.Intervals[n-1].To.IsZero() != ended
	}
}

func wantBlind(t *testing.T, events []navicert.Event, why ...string) {
	t.Helper()
	if len(events) != 1 || gap.ClassOf(events[0]) != gap.Outage {
		t.Fatalf("events %+v, want one gap of class outage", events)
	}
	for _, w := range append(why, "no coverage") {
		if !strings.Contains(events[0].Explanations[1], w) {
			t.Errorf("explanation %q does not say %q", events[0].Explanations[1], w)
		}
	}
}

// TestOutageIsNoGap cuts a feed, resumes it, stops listening and listens again:
// both silences of the ship are the feed's.
func TestOutageIsNoGap(t *testing.T) {
	dir := t.TempDir()
	s := newStation(t)
	s.at(0)
	r := s.listen(dir, false)
	s.send()
	s.at(0.5)
	s.send()
	_ = s.conn.Close()
	r.until("an outage", outages(1, false))
	s.at(8)
	s.accept()
	s.send()
	r.until("its end", outages(1, true))
	r.untilTold()
	wantBlind(t, r.end(), s.feed()+" was not heard from 2025-12-20T00:30:00Z to 2025-12-20T08:00:00Z (the other side ended the connection)")
	r.until("the end of listening", func(f navicert.FeedRecord) bool {
		return f.State == navicert.FeedEnded && f.Last.Equal(hour(8).Add(confirming*31*time.Second)) && f.Lines == 3+confirming
	})

	s.at(20)
	r = s.listen(dir, false)
	r.until("an outage of not listening", outages(2, false))
	s.at(20.5)
	s.send()
	r.until("its end", outages(2, true))
	r.untilTold()
	wantBlind(t, r.end(), "from 2025-12-20T08:04:39Z to 2025-12-20T20:30:00Z (navicert was not listening)")

	s.at(40)
	r = s.listen(dir, false) // and nothing comes
	r.until("a third", outages(3, false))
	if ev := r.end(); len(ev) > 0 {
		t.Errorf("events %+v of a feed that brought nothing", ev)
	}
	s.at(50)
	r = s.listen(dir, false)
	s.at(50.5)
	s.send()
	r.until("a fourth, from the end of the third", outages(4, true))
	r.untilTold()
	wantBlind(t, r.end(), "from 2025-12-20T20:34:39Z to 2025-12-21T16:00:00Z (navicert was not listening), from 2025-12-21T16:00:00Z to 2025-12-22T02:30:00Z")
}

// TestOutageWithoutStore holds that a run that keeps nothing knows its own
// outages.
func TestOutageWithoutStore(t *testing.T) {
	dir := t.TempDir()
	s := newStation(t)
	s.at(0)
	r := s.listen(dir, true)
	s.send()
	time.Sleep(200 * time.Millisecond) // nothing tells that the line has been read
	_ = s.conn.Close()
	s.accept() // it connects again: the outage has begun
	s.at(9)
	s.send()
	r.untilTold()
	wantBlind(t, r.end(), "from 2025-12-20T00:00:00Z to 2025-12-20T09:00:00Z")
	if feeds, err := r.app.Feeds(t.Context(), time.Time{}, time.Time{}, 10); err != nil || len(feeds) > 0 {
		t.Errorf("kept %+v, %v", feeds, err)
	}
}

// sentences are positions at rest of an invented ship, at hours of the day.
func sentences(t *testing.T, hours ...float64) []byte {
	t.Helper()
	var b strings.Builder
	for _, h := range hours {
		tag := fmt.Sprintf("c:%d", hour(h).Unix())
		sum := byte(0)
		for i := range len(tag) {
			sum ^= tag[i]
		}
		fmt.Fprintf(&b, "\\%s*%02X\\%s", tag, sum, ship)
	}
	return []byte(b.String())
}

// follow follows a file until an event has closed.
func follow(t *testing.T, a *app.App, path string, noStore bool) []navicert.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var events []navicert.Event
	_, err := a.Replay(ctx, app.ReplayOptions{
		Feed: app.FeedOptions{Follow: true}, NoStore: noStore,
		Event: func(ev navicert.Event) error {
			if ev.State == navicert.EventClosed {
				events = append(events, ev)
				cancel()
			}
			return nil
		},
	}, app.ReplayInput{Path: path})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("following ended with %v", err)
	}
	return events
}

func put(t *testing.T, dir string, h navicert.FeedHealth, os ...navicert.Outage) {
	t.Helper()
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PutHealth(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	for _, o := range os {
		if err := db.PutOutage(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
}

// wantUnknown wants a gap that claims no knowledge of outages: nobody watched
// the file as it was written.
func wantUnknown(t *testing.T, ev navicert.Event) {
	t.Helper()
	if last := ev.Explanations[len(ev.Explanations)-1]; !strings.HasPrefix(last, "not looked into: outages of the feed") {
		t.Errorf("the last explanation is %q", last)
	}
}

// TestFollowedFilesAreKeptApart: an outage of a followed file is none of another
// file of the same name, and is still one of its own silences, of which the
// beginning was read by an earlier run.
func TestFollowedFilesAreKeptApart(t *testing.T) {
	one, other := filepath.Join(t.TempDir(), "ais.log"), filepath.Join(t.TempDir(), "ais.log")
	early, late := sentences(t, 0, 0.1), sentences(t, 12, 12.1, 12.2, 12.3, 12.4, 12.5, 12.6, 12.7)
	for path, content := range map[string][]byte{one: early, other: append(early, late...)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() string {
		dir := t.TempDir()
		put(t, dir, navicert.FeedHealth{Feed: one, At: hour(13), Opened: hour(-1), Last: hour(12)},
			navicert.Outage{Feed: one, From: hour(0.1), To: hour(12), Why: "silent for 2m0s"})
		return dir
	}

	plain := open(t, kept())
	var read []navicert.Event
	if _, err := plain.Replay(t.Context(), app.ReplayOptions{Event: func(ev navicert.Event) error {
		read = append(read, ev)
		return nil
	}}, app.ReplayInput{Path: other}); err != nil {
		t.Fatal(err)
	}
	followed := follow(t, open(t, kept()), other, true)
	for name, evs := range map[string][]navicert.Event{"read": read, "followed": followed} {
		if len(evs) != 1 || strings.Contains(strings.Join(evs[0].Explanations, "; "), "no coverage") {
			t.Errorf("%s: %+v, want one gap without the outage of another file", name, evs)
		}
		wantUnknown(t, evs[0])
	}

	var seconds atomic.Int64
	a, err := app.New(t.Context(), app.Config{Data: kept(), Clock: func() time.Time { // a second passes between two records
		return hour(24).Add(time.Duration(seconds.Add(1)) * time.Second)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.Replay(t.Context(), app.ReplayOptions{}, app.ReplayInput{Path: one}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(one, late, 0o600); err != nil { // rotated
		t.Fatal(err)
	}
	continued := follow(t, a, one, false)
	wantBlind(t, continued, one+" was not heard from 2025-12-20T00:06:00Z to 2025-12-20T12:00:00Z")
	if last := continued[0].Explanations; !strings.HasPrefix(last[len(last)-1], "not looked into: other outages of the feed") {
		t.Errorf("the last explanation is %q", last[len(last)-1])
	}
}

package feedtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/feed"
)

// Peer is the other side of a transport, as the suite plays it.
type Peer interface {
	// Address is what to open.
	Address() string
	// Send sends text, whole lines or a piece of one, as one write or message; it
	// waits until somebody is there to take it.
	Send(text string) error
	// Cut breaks the connection; it waits until there is one, and later ones are
	// taken again.
	Cut() error
	Close()
}

// Transport is a transport and how it is tried.
type Transport struct {
	New    func(t *testing.T) Peer
	Opener feed.Opener // what it needs beside the address

	Whole   bool // messages come whole or not at all: none can be cut in the middle
	Passive bool // it waits for others and does not connect anew
}

// RunTransport is the contract of every transport: what is sent arrives, cut
// anywhere, slowly read and among rubbish; a lost connection and a silent one
// are noticed, made anew and recorded; nothing is left behind.
func RunTransport(t *testing.T, tr Transport) {
	type test struct {
		name string
		run  func(*testing.T, Transport)
	}
	tests := []test{
		{"arrives", arrives},
		{"connects again", connectsAgain},
		{"silence", silence},
		{"not heard since an earlier run", heardBefore},
		{"outages that cannot be kept", outageFails},
		{"slow reader", slowReader},
		{"garbage", garbage},
		{"huge line", hugeLine},
		{"context ends while waiting", contextEnds},
		{"closed while waiting", closedUnread},
	}
	if !tr.Whole { // lines may be cut
		tests = append(tests, test{"in pieces", inPieces}, test{"cut in mid-line", cutInMidLine})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, tr)
			nothingLeft(t)
		})
	}
}

func line(i int) string { return fmt.Sprintf("!line %d\n", i) }

func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

func arrives(t *testing.T, tr Transport) {
	before := time.Now()
	s := tr.start(t, nil)
	defer s.stop()
	if !s.stream.Live && !s.stream.Follows {
		t.Error("the stream is not live")
	}
	if name := feed.Name(s.peer.Address()); s.stream.Name != name {
		t.Errorf("the stream is called %q, want %q", s.stream.Name, name)
	}
	for i := range 100 {
		s.send(line(i))
	}
	s.untilRead(line(99))
	if got := s.got(); got != lines(100) {
		t.Errorf("read %.200q, want 100 lines as they were sent", got)
	}
	h, ok := s.stream.Health()
	if !ok || h.State != navicert.FeedLive || h.Lines != 100 || h.Bytes != int64(len(lines(100))) || h.Opens != 1 ||
		h.Last.Before(before) || h.Last.After(time.Now()) || h.Rate <= 0 || h.Rate > 100 {
		t.Errorf("health %v %+v after 100 lines", ok, h)
	}
	if len(s.kept()) > 0 {
		t.Errorf("outages of a feed that was heard: %v", s.kept())
	}
}

func inPieces(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	defer s.stop()
	text := lines(30)
	for i := 0; i < len(text); i += 7 {
		s.send(text[i:min(i+7, len(text))])
	}
	s.untilRead(line(29))
	if s.got() != text {
		t.Errorf("read %q, want %q", s.got(), text)
	}
}

// cutInMidLine breaks the connection in a line: what comes next must not go on
// with it.
func cutInMidLine(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	defer s.stop()
	s.send("!whole\n!half of a li")
	s.untilRead("!whole\n")
	if err := s.peer.Cut(); err != nil {
		t.Fatal(err)
	}
	s.send("!after\n")
	s.untilRead("!after\n")
	got := strings.ReplaceAll(s.got(), gapMark, "")
	if got != "!whole\n!half of a li\n!after\n" && got != "!whole\n!after\n" {
		t.Errorf("read %q: half a line was joined with the next", got)
	}
	if !tr.Passive && !strings.Contains(s.got(), gapMark+"!after") {
		t.Errorf("read %q: the reader was not told of the interruption", s.got())
	}
}

func connectsAgain(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	defer s.stop()
	for i := range 4 {
		if i > 0 {
			if err := s.peer.Cut(); err != nil {
				t.Fatal(err)
			}
		}
		s.send(line(i))
		s.untilRead(line(i))
	}
	if tr.Passive {
		return
	}
	s.until("three outages that ended", func() bool { k := s.kept(); return len(k) == 3 && !k[2].To.IsZero() })
	for _, o := range s.kept() {
		if o.Feed != s.stream.Name || o.Why == "" || !o.To.After(o.From) {
			t.Errorf("outage %+v: without feed, reason or duration", o)
		}
	}
	if h, _ := s.stream.Health(); h.Opens != 4 || h.Outages != 3 || h.State != navicert.FeedLive {
		t.Errorf("health %+v, want 4 connections and 3 outages", h)
	}
}

// silence keeps the connection open and says nothing but what is no data.
func silence(t *testing.T, tr Transport) {
	const most = 300 * time.Millisecond
	s := tr.start(t, func(o *feed.Opener) { o.Silence = most })
	defer s.stop()
	s.send(line(0))
	s.untilRead(line(0))
	silent := func() bool { k := s.kept(); return len(k) > 0 && k[len(k)-1].To.IsZero() }
	s.until("an outage", func() bool {
		if err := s.peer.Send("$GPRMC,,V,,,,,,,,,,N*53\n# all is well\n\n"); err != nil {
			t.Log(err) // cut while sending: as it should be
		}
		time.Sleep(20 * time.Millisecond)
		return silent()
	})
	h, _ := s.stream.Health()
	if h.State == navicert.FeedLive || h.Why == "" || h.Other == 0 {
		t.Errorf("health of a silent feed: %+v", h)
	}
	if first := s.kept()[0]; first.From.IsZero() || first.From.After(h.Last) {
		t.Errorf("the outage begins at %v, data came last at %v", first.From, h.Last)
	}
	s.until("the end of the outage", func() bool {
		if err := s.peer.Send(line(1)); err != nil {
			t.Log(err)
		}
		time.Sleep(20 * time.Millisecond)
		return strings.Contains(s.got(), line(1)) && !silent()
	})
	if o := s.kept()[0]; !strings.Contains(o.Why, "silent") || o.To.Sub(o.From) < most {
		t.Errorf("outage %+v, want one of at least %s for silence", o, most)
	}
}

func heardBefore(t *testing.T, tr Transport) {
	heard := time.Now().Add(-time.Hour)
	s := tr.start(t, func(o *feed.Opener) { o.Heard = heard })
	defer s.stop()
	if k := s.kept(); len(k) != 1 || !k[0].From.Equal(heard) || !k[0].To.IsZero() {
		t.Errorf("outages %v, want one since %v", k, heard)
	}
	s.send(line(0))
	s.until("the end of the outage", func() bool { k := s.kept(); return len(k) == 1 && !k[0].To.IsZero() })
}

// outageFails holds that an outage that could not be written down ends the
// reading, with the store's error.
func outageFails(t *testing.T, tr Transport) {
	full := errors.New("disk full")
	s := tr.start(t, func(o *feed.Opener) {
		o.Silence = 20 * time.Millisecond
		o.Outage = func(navicert.Outage) error { return full }
	})
	s.until("the store's error", func() bool { return errors.Is(s.ended(), full) })
	s.stop()
}

// slowReader sends much and reads later: everything must come, or be counted as
// dropped, and the feed was not silent.
func slowReader(t *testing.T, tr Transport) {
	const silence = 800 * time.Millisecond // longer than a busy machine keeps a goroutine waiting
	s := tr.open(t, func(o *feed.Opener) { o.Silence = silence })
	const n, per = 400, 20
	sent := make(chan error, 1)
	go func() {
		batch := strings.Repeat("!line "+strings.Repeat("x", 80)+"\n", per)
		for range n {
			if err := s.peer.Send(batch); err != nil {
				sent <- err
				return
			}
			if tr.Whole {
				time.Sleep(100 * time.Microsecond) // no faster than a system with small buffers takes it
			}
		}
		sent <- nil
	}()
	time.Sleep(silence + 100*time.Millisecond)
	go s.read()
	defer s.stop()
	if err := <-sent; err != nil {
		t.Fatalf("the other side cannot send: %v; outages %v", err, s.kept())
	}
	s.until("all lines", func() bool {
		h, _ := s.stream.Health()
		return h.Lines+h.Dropped*per >= n*per
	})
	if strings.Contains(s.got(), gapMark) {
		t.Error("a slow reader was taken for a silent feed")
	}
}

func garbage(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	defer s.stop()
	rubbish := []string{"\x00\x00\x00\n", "\xff\xfe\x80\n", "\r\n\r\n", "{\n", "[]\n", "\x1a\n", strings.Repeat("\n", 500)}
	for i, r := range rubbish {
		s.send(r)
		s.send(line(i))
		s.untilRead(line(i))
	}
	if strings.Contains(s.got(), gapMark) || len(s.kept()) > 0 {
		t.Errorf("rubbish broke the connection: %v", s.kept())
	}
}

// hugeLine sends a line of 200 kB, which is more than any transport holds of one,
// in messages of a size that every transport can take.
func hugeLine(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	defer s.stop()
	s.send("!before\n")
	piece := strings.Repeat("y", 12_500)
	for range 16 {
		s.send(piece)
	}
	s.send("\n!after\n")
	s.untilRead("!after\n")
	if !strings.Contains(s.got(), "!before\n") {
		t.Error("the line before was lost")
	}
}

func contextEnds(t *testing.T, tr Transport) {
	s := tr.start(t, nil)
	s.send(line(0))
	s.untilRead(line(0))
	s.stop()
	if err := s.ended(); !errors.Is(err, context.Canceled) {
		t.Errorf("reading ended with %v, want %v", err, context.Canceled)
	}
	if h, _ := s.stream.Health(); h.State != navicert.FeedEnded {
		t.Errorf("health %+v, want it ended", h)
	}
}

func closedUnread(t *testing.T, tr Transport) {
	s := tr.open(t, nil)
	close(s.done)
	if err := s.stream.Close(); err != nil {
		t.Error(err)
	}
	if n, err := s.stream.Read(make([]byte, 10)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("a closed stream gives %d bytes and %v", n, err)
	}
	s.stop()
}

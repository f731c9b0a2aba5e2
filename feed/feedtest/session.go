package feedtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/feed"
)

// patience is how long the suite waits for what must come.
const patience = 10 * time.Second

// session is an open transport, its other side and what has been read.
type session struct {
	t      *testing.T
	peer   Peer
	stream *feed.Stream
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	text    bytes.Buffer // gaps are written as gapMark
	err     error        // that ended the reading
	outages []navicert.Outage

	recorded bytes.Buffer // of the one who reads
}

const gapMark = "<gap>"

// start opens the transport and reads from it until the test stops it.
func (tr Transport) start(t *testing.T, set func(*feed.Opener)) *session {
	t.Helper()
	s := tr.open(t, set)
	go s.read()
	return s
}

func (tr Transport) open(t *testing.T, set func(*feed.Opener)) *session {
	t.Helper()
	s := &session{t: t, peer: tr.New(t), done: make(chan struct{})}
	o := tr.Opener
	o.Pause, o.Silence = 5*time.Millisecond, -1
	o.Outage = func(out navicert.Outage) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.outages = append(s.outages, out)
		return nil
	}
	if set != nil {
		set(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	stream, err := o.Open(ctx, s.peer.Address())
	if err != nil {
		cancel()
		s.peer.Close()
		t.Fatal(err)
	}
	s.stream = stream
	stream.Record(&s.recorded, 7)
	return s
}

func (s *session) read() {
	defer close(s.done)
	buf := make([]byte, 1000)
	for {
		n, err := s.stream.Read(buf)
		s.mu.Lock()
		s.text.Write(buf[:n])
		if errors.Is(err, ais.ErrGap) {
			s.text.WriteString(gapMark)
			err = nil
		}
		s.err = err
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// stop ends the session; the reading must end with it.
func (s *session) stop() {
	s.t.Helper()
	s.cancel()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatal("reading goes on when the context has ended")
	}
	if want := strings.ReplaceAll(s.got(), gapMark, ""); s.recorded.String() != want {
		s.t.Errorf("recorded is %.300q, read was %.300q", s.recorded.String(), want)
	}
	_ = s.stream.Close() // what it says of a connection that is broken already does not matter
	s.peer.Close()
}

func (s *session) got() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// ended is what ended the reading.
func (s *session) ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *session) send(text string) {
	s.t.Helper()
	if err := s.peer.Send(text); err != nil {
		s.t.Fatalf("the other side cannot send: %v", err)
	}
}

// until waits for something to be so.
func (s *session) until(what string, so func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			h, _ := s.stream.Health()
			s.t.Fatalf("waited in vain for %s; read %.300q; health %+v; outages %v", what, s.got(), h, s.kept())
		}
	}
}

func (s *session) untilRead(text string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%.60q", text), func() bool { return strings.Contains(s.got(), text) })
}

// kept are the outages as a store would hold them: by their beginning.
func (s *session) kept() []navicert.Outage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []navicert.Outage
	for _, o := range s.outages {
		if n := len(out); n > 0 && out[n-1].From.Equal(o.From) {
			out[n-1] = o
		} else {
			out = append(out, o)
		}
	}
	return out
}

// nothingLeft fails when a goroutine of the transport is still there.
func nothingLeft(t *testing.T) {
	t.Helper()
	var left []string
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		left = left[:0]
		buf := make([]byte, 1<<20)
		for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			for _, ours := range []string{"navicert/feed.", "eclipse/paho", "coder/websocket"} {
				if strings.Contains(g, ours) && !strings.Contains(g, "testing.tRunner(") {
					left = append(left, g)
					break
				}
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
		}
	}
}

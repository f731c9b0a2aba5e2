package feed_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"navicert/feed/feedtest"
)

// waitFor is how long a peer waits for somebody to take what it sends.
const waitFor = 10 * time.Second

// server serves lines over TCP, to whoever has connected last.
type server struct {
	scheme string
	l      net.Listener

	mu    sync.Mutex
	conn  net.Conn
	asked string // what the client sent first
}

func newServer(scheme string) func(t *testing.T) feedtest.Peer {
	return func(t *testing.T) feedtest.Peer {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := &server{scheme: scheme, l: l}
		go s.accept()
		return s
	}
}

func (s *server) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		asked := ""
		if s.scheme == "gpsd://" {
			asked, _ = bufio.NewReader(c).ReadString('\n')
		}
		s.mu.Lock()
		if s.conn != nil {
			_ = s.conn.Close()
		}
		s.conn, s.asked = c, asked
		s.mu.Unlock()
	}
}

func (s *server) Address() string { return s.scheme + s.l.Addr().String() }

func (s *server) greeting() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// connected waits for a connection.
func (s *server) connected() (net.Conn, error) {
	return waitForConn(&s.mu, &s.conn)
}

// waitForConn waits until there is a connection.
func waitForConn[C comparable](mu *sync.Mutex, conn *C) (C, error) {
	var none C
	for end := time.Now().Add(waitFor); time.Now().Before(end); time.Sleep(time.Millisecond) {
		mu.Lock()
		c := *conn
		mu.Unlock()
		if c != none {
			return c, nil
		}
	}
	return none, errors.New("nobody connects")
}

func (s *server) Send(text string) error {
	c, err := s.connected()
	if err != nil {
		return err
	}
	if _, err = c.Write([]byte(text)); err != nil {
		s.forget(c)
	}
	return err
}

func (s *server) forget(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == c {
		s.conn = nil
	}
}

func (s *server) Cut() error {
	c, err := s.connected()
	if err != nil {
		return err
	}
	s.forget(c)
	return c.Close()
}

func (s *server) Close() {
	_ = s.l.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		_ = s.conn.Close()
	}
}

// freePort is a port that nobody uses, most likely.
func freePort(t *testing.T, network string) int {
	t.Helper()
	if network == "udp" {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.LocalAddr().(*net.UDPAddr).Port
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// sender sends lines to one who listens.
type sender struct {
	scheme, network, to string

	mu   sync.Mutex
	conn net.Conn
}

func newSender(t *testing.T) feedtest.Peer {
	return &sender{scheme: "tcp-listen://", network: "tcp", to: fmt.Sprintf("127.0.0.1:%d", freePort(t, "tcp"))}
}

func newDatagrams(t *testing.T) feedtest.Peer {
	return &sender{scheme: "udp://", network: "udp", to: fmt.Sprintf("127.0.0.1:%d", freePort(t, "udp"))}
}

func (s *sender) Address() string { return s.scheme + s.to }

func (s *sender) Send(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		c, err := net.Dial(s.network, s.to)
		if err != nil {
			return err
		}
		s.conn = c
	}
	if _, err := s.conn.Write([]byte(text)); err != nil {
		_ = s.conn.Close()
		s.conn = nil
		return err
	}
	return nil
}

func (s *sender) Cut() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return errors.New("not connected")
	}
	err := s.conn.Close()
	s.conn = nil
	return err
}

func (s *sender) Close() { _ = s.Cut() } // it may not be connected

// growingFile is a log that a program writes; cut, it is rotated.
type growingFile struct {
	path string
	n    int
}

func newGrowingFile(t *testing.T) feedtest.Peer {
	g := &growingFile{path: filepath.Join(t.TempDir(), "growing.log")}
	if err := os.WriteFile(g.path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *growingFile) Address() string { return g.path }

func (g *growingFile) Send(text string) error {
	f, err := os.OpenFile(g.path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(text)
	return err
}

func (g *growingFile) Cut() error {
	g.n++
	if err := os.Rename(g.path, fmt.Sprintf("%s.%d", g.path, g.n)); err != nil {
		return err
	}
	return os.WriteFile(g.path, nil, 0o600)
}

func (g *growingFile) Close() {}

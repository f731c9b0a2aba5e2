package feed

import (
	"context"
	"math/rand/v2"
	"net"
	"time"

	"navicert"
	"navicert/ais"
)

// Of a live feed over TCP.
const (
	dialTimeout  = 15 * time.Second
	keepAlive    = 30 * time.Second
	firstPause   = time.Second
	pauseDoubles = 5 // times
)

// dial connects to a feed that sends lines over TCP. The first connection must
// succeed; later, the stream connects again by itself.
func (o Opener) dial(ctx context.Context, name, address string) (*Stream, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%w", err).WithHint("want tcp://HOST:PORT")
	}
	t := &tcpReader{ctx: ctx, address: address, pause: o.Pause}
	if t.pause <= 0 {
		t.pause = firstPause
	}
	if err := t.connect(); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "feed", name, "%w", err).WithHint("is the address right, and does the feed allow this network?")
	}
	s := &Stream{Name: name, Live: true, Size: -1}
	s.r = &countReader{r: t, n: &s.read}
	s.close = append(s.close, t.Close)
	return s, nil
}

// tcpReader reads from a connection and makes a new one when it breaks or the
// other side ends it, until the context ends.
type tcpReader struct {
	ctx     context.Context
	address string
	pause   time.Duration
	conn    net.Conn
	stop    func() bool // of the context's watch over conn
	fails   int         // attempts in a row that brought no data
}

func (t *tcpReader) connect() error {
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	c, err := d.DialContext(t.ctx, "tcp", t.address)
	if err != nil {
		return err
	}
	t.conn = c
	t.stop = context.AfterFunc(t.ctx, func() { _ = c.Close() })
	return nil
}

// Read implements io.Reader. It returns ais.ErrGap when the connection is lost,
// and the context's error when that has ended; else it waits.
func (t *tcpReader) Read(p []byte) (int, error) {
	for {
		if t.conn == nil {
			if err := t.wait(); err != nil {
				return 0, err
			}
			if err := t.connect(); err != nil {
				t.fails++
				continue
			}
		}
		n, err := t.conn.Read(p)
		if n > 0 {
			t.fails = 0
			return n, nil // an error comes again
		}
		if err == nil {
			continue
		}
		_ = t.Close()
		if t.ctx.Err() != nil {
			return 0, t.ctx.Err()
		}
		t.fails++
		return 0, ais.ErrGap
	}
}

// wait pauses before an attempt to connect: longer each time that it failed,
// and by chance a fifth more or less, so that many clients do not come at once.
func (t *tcpReader) wait() error {
	d := t.pause << min(max(t.fails-1, 0), pauseDoubles)
	d += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(d))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
}

// Close ends the connection.
func (t *tcpReader) Close() error {
	if t.conn == nil {
		return nil
	}
	t.stop()
	c := t.conn
	t.conn = nil
	return c.Close()
}

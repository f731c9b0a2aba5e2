package feed

import (
	"bytes"
	"context"
	"net"
	"sync"
	"time"

	"navicert"
)

// Of feeds that are sent to us.
const (
	// maxSenders is how many may be connected at once.
	maxSenders = 64
	// queueBytes is what may wait for a slow reader: ten seconds of the whole
	// world's AIS.
	queueBytes = 16 << 20
	// acceptPause is the wait after a connection that could not be taken.
	acceptPause = 50 * time.Millisecond
)

// tcpServer listens for senders of lines: tcp-listen://[HOST]:PORT.
type tcpServer struct {
	address string
	silence time.Duration // after which a sender is let go; negative: never
}

func newTCPServer(name, address string, silence time.Duration) (transport, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%w", err).WithHint("want tcp-listen://:PORT or tcp-listen://HOST:PORT")
	}
	if silence == 0 {
		silence = DefaultSilence
	}
	return &tcpServer{address: address, silence: silence}, nil
}

func (t *tcpServer) connect(ctx context.Context) (link, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	t.address = l.Addr().String() // the same port when it must be opened again
	k := &tcpSenders{queue: newQueue(queueBytes), listener: l, silence: t.silence, conns: map[net.Conn]struct{}{}}
	k.running.Go(k.accept)
	return k, nil
}

// tcpSenders are the connections of senders. Their lines are merged whole: half
// a line of a sender that leaves is left out.
type tcpSenders struct {
	*queue
	listener net.Listener
	silence  time.Duration
	running  sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

func (k *tcpSenders) accept() {
	for {
		c, err := k.listener.Accept()
		if err != nil {
			k.mu.Lock()
			closed := k.closed
			k.mu.Unlock()
			if closed {
				return
			}
			time.Sleep(acceptPause) // out of file handles, or a sender that was gone already
			continue
		}
		k.mu.Lock()
		if k.closed || len(k.conns) >= maxSenders {
			k.mu.Unlock()
			_ = c.Close()
			continue
		}
		k.conns[c] = struct{}{}
		k.running.Go(func() { k.receive(c) })
		k.mu.Unlock()
	}
}

// receive takes the lines of one sender.
func (k *tcpSenders) receive(c net.Conn) {
	defer func() {
		k.mu.Lock()
		delete(k.conns, c)
		k.mu.Unlock()
		_ = c.Close()
	}()
	buf := make([]byte, 2*maxLine)
	n, skipping := 0, false
	for {
		if k.silence > 0 {
			_ = c.SetReadDeadline(time.Now().Add(k.silence))
		}
		m, err := c.Read(buf[n:])
		n += m
		end := bytes.LastIndexByte(buf[:n], '\n') + 1
		whole := buf[:end]
		if end > 0 && skipping {
			whole, skipping = whole[bytes.IndexByte(whole, '\n')+1:], false
		}
		if len(whole) > 0 && !k.put(whole) {
			return
		}
		n = copy(buf, buf[end:n])
		if n > maxLine {
			if !skipping {
				skipping = true
				k.lose(1)
			}
			n = 0
		}
		if err != nil {
			if n > 0 && !skipping {
				k.lose(1) // half a line
			}
			return
		}
	}
}

// Close ends listening and all connections.
func (k *tcpSenders) Close() error {
	k.mu.Lock()
	k.closed = true
	err := k.listener.Close()
	for c := range k.conns {
		_ = c.Close()
	}
	k.mu.Unlock()
	k.fail(net.ErrClosed)
	k.running.Wait()
	return err
}

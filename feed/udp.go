package feed

import (
	"bytes"
	"context"
	"net"
	"sync"

	"navicert"
)

// udpBuffer is what the system is asked to hold for us.
const udpBuffer = 4 << 20

// udpServer listens for datagrams of lines: udp://[HOST]:PORT.
type udpServer struct{ address string }

func newUDP(name, address string) (transport, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%w", err).WithHint("want udp://:PORT or udp://HOST:PORT, where HOST is an address of this machine")
	}
	return &udpServer{address}, nil
}

func (t *udpServer) connect(ctx context.Context) (link, error) {
	var lc net.ListenConfig
	c, err := lc.ListenPacket(ctx, "udp", t.address)
	if err != nil {
		return nil, err
	}
	t.address = c.LocalAddr().String()
	if u, ok := c.(*net.UDPConn); ok {
		_ = u.SetReadBuffer(udpBuffer) // the system may give less
	}
	k := &udpLink{queue: newQueue(queueBytes), conn: c}
	k.running.Go(k.receive)
	return k, nil
}

// udpLink takes datagrams as fast as they come; those that find no room are
// counted.
type udpLink struct {
	*queue
	conn    net.PacketConn
	running sync.WaitGroup
}

func (k *udpLink) receive() {
	buf := make([]byte, 64<<10)
	for {
		n, _, err := k.conn.ReadFrom(buf[:len(buf)-1])
		if n > 0 {
			k.offer(frameLines(buf[:n]))
		}
		if err != nil {
			k.fail(err)
			return
		}
	}
}

// Close ends listening.
func (k *udpLink) Close() error {
	err := k.conn.Close()
	k.running.Wait()
	return err
}

// frameLines makes lines of a message that stands alone: its end is the end of
// a line, and JSON that is written over several lines becomes one. It may use
// the byte behind b.
func frameLines(b []byte) []byte {
	b = bytes.TrimRight(b, "\r\n\x00")
	if len(b) > 0 && b[0] == '{' {
		for i := range len(b) - 1 {
			if b[i] == '\n' && b[i+1] != '{' {
				b[i] = ' '
			}
		}
	}
	return append(b, '\n')
}

package feed_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/feed"
	"navicert/feed/feedtest"
)

var (
	soakFor  = flag.Duration("soak", 8*time.Second, "how long TestSoak sends")
	soakRate = flag.Int("soak.rate", 20_000, "messages a second over each of its feeds")
)

const (
	soakSilence = time.Second
	perDatagram = 3
	delay       = 5 * time.Second // that a busy machine may add to a moment
)

// cut is a time in which nothing was sent to a feed, and before which message.
type cut struct {
	how      string
	at       time.Time // of the last that was sent
	resumed  time.Time // of the next
	before   int64     // number of the next
	mayLose  bool      // what was on its way may be lost
	noOutage bool      // shorter than a feed may be silent
}

// soaked is one feed under test: what was sent to it and what came of it.
type soaked struct {
	t       *testing.T
	rand    *rand.Rand
	next    int64 // number of the next message to send
	cuts    []cut
	buf     []byte
	mu      sync.Mutex
	outages []navicert.Outage
	got     int64
	last    int64 // number that came last, from 1
	holes   [][2]int64
	faults  []string
}

// message appends a message that carries its number: a position, and each 25th
// a static report of two sentences that carries it in both.
func (s *soaked) message() {
	s.next++
	if s.next%25 == 0 {
		m := ais.NewStaticVoyage(201999901)
		text := fmt.Sprintf("N%d", s.next)
		m.ShipName, m.Destination = ais.MakeText(text, 20), ais.MakeText(text, 20)
		s.buf = ais.Sentences(s.buf, "AI", 'A', int(s.next/25), m.Encode())
		return
	}
	m := ais.NewPositionA(201999901)
	m.Lon, m.Lat = ais.Lon(s.next), 0
	s.buf = ais.Sentences(s.buf, "AI", 'B', 0, m.Encode())
}

// take notes a message that came.
func (s *soaked) take(m *ais.Message) error {
	var n int64
	switch b := m.Body.(type) {
	case *ais.PositionA:
		n = int64(b.Lon)
	case *ais.StaticVoyage:
		text := b.ShipName.String()
		n, _ = strconv.ParseInt(strings.TrimPrefix(text, "N"), 10, 64)
		if b.Destination.String() != text {
			s.fault("a message of two: %q and %q", text, b.Destination.String())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n <= s.last {
		s.faults = append(s.faults, fmt.Sprintf("number %d after %d", n, s.last))
	} else if n > s.last+1 {
		s.holes = append(s.holes, [2]int64{s.last + 1, n})
	}
	s.got, s.last = s.got+1, n
	return nil
}

func (s *soaked) fault(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

func (s *soaked) keep(o navicert.Outage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.outages); n > 0 && s.outages[n-1].From.Equal(o.From) {
		s.outages[n-1] = o
		return nil
	}
	s.outages = append(s.outages, o)
	return nil
}

// pace sends at the rate until a time; send takes as many messages as it is told.
func (s *soaked) pace(until time.Time, send func(n int) error) error {
	start, sent := time.Now(), 0
	for now := start; now.Before(until); now = time.Now() {
		n := min(int(now.Sub(start).Seconds()*float64(*soakRate))-sent, 600)
		n -= n % perDatagram
		if n > 0 {
			if err := send(n); err != nil {
				return err
			}
			sent += n
		}
		time.Sleep(3 * time.Millisecond)
	}
	return nil
}

func (s *soaked) between(lo, hi time.Duration) time.Duration {
	return lo + time.Duration(s.rand.Int64N(int64(hi-lo)))
}

// spell is how long a feed is left alone: a small part of a short run, up to
// half a minute of a long one.
func (s *soaked) spell() time.Duration {
	longest := min(*soakFor/8, 30*time.Second)
	return s.between(longest/3, longest)
}

// serveTCP sends over TCP until a time, and ends connections in every way.
func (s *soaked) serveTCP(l net.Listener, end time.Time) error {
	address := l.Addr().String()
	conns := make(chan net.Conn, 100)
	accept := func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns <- c
		}
	}
	go accept(l)
	defer func() { _ = l.Close() }()
	c := <-conns
	for {
		err := s.pace(minTime(end, time.Now().Add(s.spell())), func(n int) error {
			if k := len(s.cuts); k > 0 && s.cuts[k-1].resumed.IsZero() {
				s.cuts[k-1].resumed = time.Now()
			}
			s.buf = s.buf[:0]
			for range n {
				s.message()
			}
			_ = c.SetWriteDeadline(time.Now().Add(waitFor))
			_, err := c.Write(s.buf)
			return err
		})
		if err != nil || !time.Now().Before(end) {
			time.Sleep(soakSilence / 2)
			_ = c.Close()
			return err
		}
		k := cut{at: time.Now(), before: s.next + 1}
		switch s.rand.IntN(5) {
		case 0:
			k.how, k.mayLose = "killed", true
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
			c = <-conns
		case 1:
			k.how = "ended"
			_ = c.Close()
			c = <-conns
		case 2:
			k.how, k.mayLose = "server away", true
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = l.Close()
			_ = c.Close()
			time.Sleep(s.between(soakSilence/2, 3*soakSilence))
			if l, err = net.Listen("tcp", address); err != nil {
				return err
			}
			go accept(l)
			c = <-conns
		case 3:
			k.how = "silent"
			time.Sleep(s.between(soakSilence, 3*soakSilence))
			for len(conns) > 0 {
				_ = (<-conns).Close()
			}
			_ = c.Close()
			c = <-conns
		default:
			k.how, k.noOutage = "paused", true
			time.Sleep(s.between(0, soakSilence/4))
		}
		s.cuts = append(s.cuts, k)
	}
}

// sendUDP sends datagrams until a time, and pauses.
func (s *soaked) sendUDP(c net.Conn, end time.Time) error {
	for {
		err := s.pace(minTime(end, time.Now().Add(s.spell())), func(n int) error {
			if k := len(s.cuts); k > 0 && s.cuts[k-1].resumed.IsZero() {
				s.cuts[k-1].resumed = time.Now()
			}
			for range n / perDatagram {
				s.buf = s.buf[:0]
				for range perDatagram {
					s.message()
				}
				if _, err := c.Write(s.buf); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !time.Now().Before(end) {
			return err
		}
		k := cut{how: "silent", at: time.Now(), before: s.next + 1}
		if s.rand.IntN(3) == 0 {
			k.how, k.noOutage = "paused", true
			time.Sleep(s.between(0, soakSilence/4))
		} else {
			time.Sleep(s.between(2*soakSilence, 4*soakSilence))
		}
		s.cuts = append(s.cuts, k)
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// TestSoak sends numbered messages over TCP and UDP at once, cuts and resumes
// both, and accounts for every message and every cut. `make soak` is the long one.
func TestSoak(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %s at %d messages/s over each feed", seed, *soakFor, *soakRate)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp := freePort(t, "udp")
	tcp := &soaked{t: t, rand: rand.New(rand.NewPCG(seed, 1))}
	dgram := &soaked{t: t, rand: rand.New(rand.NewPCG(seed, 2))}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tcpStream, tcpDone := tcp.read(ctx, "tcp://"+l.Addr().String())
	udpStream, udpDone := dgram.read(ctx, fmt.Sprintf("udp://127.0.0.1:%d", udp))
	c, err := net.Dial("udp", fmt.Sprintf("127.0.0.1:%d", udp))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	end := time.Now().Add(*soakFor)
	var sending sync.WaitGroup
	sending.Go(func() {
		if err := tcp.serveTCP(l, end); err != nil {
			tcp.fault("sending: %v", err)
		}
	})
	sending.Go(func() {
		if err := dgram.sendUDP(c, end); err != nil {
			dgram.fault("sending: %v", err)
		}
	})
	heap := watchHeap(end)
	sending.Wait()
	time.Sleep(soakSilence / 2) // for what is on its way
	kernel := kernelDrops(t, udp)
	tcpHealth, _ := tcpStream.Health()
	udpHealth, _ := udpStream.Health()
	cancel()
	tcpStats, udpStats := <-tcpDone, <-udpDone

	for name, s := range map[string]*soaked{"tcp": tcp, "udp": dgram} {
		for i, f := range s.faults[:min(len(s.faults), 10)] {
			t.Errorf("%s: fault %d of %d: %s", name, i+1, len(s.faults), f)
		}
		s.checkOutages(name, end)
	}
	lost := tcp.checkTCP()
	datagrams := dgram.missing()
	if datagrams%perDatagram != 0 || datagrams/perDatagram != kernel+udpHealth.Dropped {
		t.Errorf("udp: %d messages are missing, but the kernel dropped %d datagrams and the feed %d, of %d messages each", datagrams, kernel, udpHealth.Dropped, perDatagram)
	}
	t.Logf("tcp: %d sent, %d received, %d on their way when killed; %d cuts, %d outages, %d connections; sentences %d, dropped %d",
		tcp.next, tcp.got, lost, len(tcp.cuts), len(tcp.outages), tcpHealth.Opens, tcpStats.AIS.Sentences, tcpStats.AIS.Sentences-tcpStats.AIS.Used)
	t.Logf("udp: %d sent, %d received, dropped %d datagrams by the kernel and %d by the feed; %d cuts, %d outages; sentences %d, dropped %d",
		dgram.next, dgram.got, kernel, udpHealth.Dropped, len(dgram.cuts), len(dgram.outages), udpStats.AIS.Sentences, udpStats.AIS.Sentences-udpStats.AIS.Used)
	checkHeap(t, heap)
}

// read opens a feed and reads it with full decoding.
func (s *soaked) read(ctx context.Context, address string) (*feed.Stream, chan feed.Stats) {
	stream, err := feed.Opener{Pause: 20 * time.Millisecond, Silence: soakSilence, Outage: s.keep}.Open(ctx, address)
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan feed.Stats, 1)
	go func() {
		stats, err := feed.Read(ctx, stream, feed.Options{Source: stream.Name, Format: "nmea", Arrival: time.Now, Message: s.take}, &countSink{})
		if !errors.Is(err, context.Canceled) {
			s.fault("reading ended with %v", err)
		}
		_ = stream.Close()
		done <- stats
	}()
	return stream, done
}

// countSink takes reports and keeps none.
type countSink struct{ feedtest.Collected }

func (*countSink) Fix(*navicert.Fix) error       { return nil }
func (*countSink) Static(*navicert.Static) error { return nil }

// missing counts the numbers that did not come.
func (s *soaked) missing() (n int64) {
	for _, h := range s.holes {
		n += h[1] - h[0]
	}
	return n + s.next - s.last
}

// checkTCP holds that nothing is missing but the last before a connection was
// killed, and returns how much that is.
func (s *soaked) checkTCP() int64 {
	if s.last != s.next {
		s.t.Errorf("tcp: number %d came last, %d was sent", s.last, s.next)
	}
	for _, h := range s.holes {
		i := slices.IndexFunc(s.cuts, func(k cut) bool { return k.before == h[1] })
		if i < 0 || !s.cuts[i].mayLose {
			s.t.Errorf("tcp: numbers %d to %d are missing, and no connection was killed there", h[0], h[1]-1)
		}
	}
	return s.missing()
}

// checkOutages holds that each cut has one outage that covers it, and that there
// is no other but that in which the sending ended.
func (s *soaked) checkOutages(name string, end time.Time) {
	cuts := slices.DeleteFunc(slices.Clone(s.cuts), func(k cut) bool { return k.noOutage || k.resumed.IsZero() })
	if len(s.outages) < len(cuts) || len(s.outages) > len(cuts)+1 {
		s.t.Errorf("%s: %d outages for %d cuts", name, len(s.outages), len(cuts))
		return
	}
	outages := s.outages[:len(cuts)]
	for _, o := range s.outages[len(cuts):] {
		if o.To.Before(end) {
			s.t.Errorf("%s: outage %+v without a cut", name, o)
		}
	}
	for i, k := range cuts {
		o := outages[i]
		if o.Why == "" || o.From.After(k.at.Add(delay)) || o.To.Before(k.resumed) || o.To.After(k.resumed.Add(delay)) {
			s.t.Errorf("%s: cut %d (%s) from %s to %s, outage %+v", name, i, k.how, k.at, k.resumed, o)
		}
	}
}

// kernelDrops reads how many datagrams the system dropped at a port.
func kernelDrops(t *testing.T, port int) int64 {
	b, err := os.ReadFile("/proc/net/udp")
	if err != nil {
		t.Logf("what the system dropped is not known here: %v", err)
		return 0
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) > 12 && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port)) {
			n, err := strconv.ParseInt(f[len(f)-1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("port %d is not in /proc/net/udp", port)
	return 0
}

// watchHeap samples what is on the heap until a time.
func watchHeap(end time.Time) []uint64 {
	var heap []uint64
	for time.Now().Before(end) {
		time.Sleep(max(*soakFor/200, 200*time.Millisecond))
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		heap = append(heap, m.HeapAlloc)
	}
	return heap
}

// checkHeap holds that the heap of the last quarter is that of the first, but for
// 16 MiB that a queue may have grown by.
func checkHeap(t *testing.T, heap []uint64) {
	q := max(len(heap)/4, 1)
	early, late := slices.Max(heap[:q]), slices.Max(heap[len(heap)-q:])
	t.Logf("heap: %.1f MB at most in the first quarter, %.1f in the last; %d samples from %.1f to %.1f", float64(early)/1e6,
		float64(late)/1e6, len(heap), float64(slices.Min(heap))/1e6, float64(slices.Max(heap))/1e6)
	if late > early+16<<20 {
		t.Error("memory grows")
	}
}

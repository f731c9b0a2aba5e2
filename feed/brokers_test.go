package feed_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"

	"navicert"
	"navicert/feed"
	"navicert/feed/feedtest"
)

// streamServer is a WebSocket server as aisstream.io is one: it wants a
// subscription within three seconds, and no second connection.
type streamServer struct {
	http *httptest.Server

	mu     sync.Mutex
	conn   *websocket.Conn
	subs   []string
	faults []string
	status int // with which handshakes are refused,
	times  int // so often
}

func newStreamServer(start func(http.Handler) *httptest.Server) func(t *testing.T) feedtest.Peer {
	return func(t *testing.T) feedtest.Peer {
		s := &streamServer{}
		s.http = start(http.HandlerFunc(s.serve))
		t.Cleanup(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, f := range s.faults {
				t.Error(f)
			}
		})
		return s
	}
}

// refuse answers the next handshakes with a status.
func (s *streamServer) refuse(status, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.times = status, times
}

func (s *streamServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refused := s.times > 0
	s.times--
	s.mu.Unlock()
	if refused {
		http.Error(w, "not now", s.status)
		return
	}
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	_, sub, err := c.Read(ctx)
	late := ctx.Err() != nil && r.Context().Err() == nil
	cancel()
	open := s.openStill()
	s.mu.Lock()
	if late {
		s.faults = append(s.faults, "no subscription within three seconds")
	}
	if err != nil { // the client has gone, as at the end of a test
		s.mu.Unlock()
		return
	}
	if open {
		s.faults = append(s.faults, "a second connection while the first is open")
	}
	s.conn = c
	s.subs = append(s.subs, string(sub))
	s.mu.Unlock()
	_, _, _ = c.Read(r.Context()) // until one side ends it
	s.forget(c)
}

// openStill reports whether an earlier connection stays open. Its handler may
// need a moment to see that the client has closed it.
func (s *streamServer) openStill() bool {
	for end := time.Now().Add(time.Second); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		open := s.conn != nil
		s.mu.Unlock()
		if !open || time.Now().After(end) {
			return open
		}
	}
}

func (s *streamServer) forget(c *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == c {
		s.conn = nil
	}
}

func (s *streamServer) Address() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + "/v0/stream?box=10,-66,12,-60&type=PositionReport"
}

func (s *streamServer) connected() (*websocket.Conn, error) {
	return waitForConn(&s.mu, &s.conn)
}

func (s *streamServer) Send(text string) error {
	c, err := s.connected()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), waitFor)
	defer cancel()
	return c.Write(ctx, websocket.MessageBinary, []byte(text))
}

func (s *streamServer) Cut() error {
	c, err := s.connected()
	if err != nil {
		return err
	}
	s.forget(c) // first: the client may come again at once
	_ = c.CloseNow()
	return nil
}

func (s *streamServer) Close() {
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c != nil {
		_ = c.CloseNow()
	}
	s.http.Close()
}

func TestSubscription(t *testing.T) {
	p := newStreamServer(httptest.NewServer)(t).(*streamServer)
	defer p.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := feed.Opener{Key: "secret", Pause: time.Millisecond}.Open(ctx, p.Address()+"&mmsi=201999901")
	if err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		for ctx.Err() == nil {
			_, _ = s.Read(make([]byte, 100))
		}
	})
	defer func() {
		cancel()
		reading.Wait()
	}()
	if err := p.Cut(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.connected(); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	want := `{"APIKey":"secret","BoundingBoxes":[[[10,-66],[12,-60]]],"FiltersShipMMSI":["201999901"],"FilterMessageTypes":["PositionReport"]}`
	if len(p.subs) != 2 || p.subs[0] != want || p.subs[1] != want {
		t.Errorf("subscriptions %q, want twice %s", p.subs, want)
	}
	if h, _ := s.Health(); strings.Contains(fmt.Sprint(h, s.Name), "secret") {
		t.Errorf("the key is in %+v", h)
	}
}

// TestRefusedKey holds that a feed that says why it serves nothing is not asked
// again for ever.
func TestRefusedKey(t *testing.T) {
	p := newStreamServer(httptest.NewServer)(t)
	defer p.Close()
	s, err := feed.Opener{Key: "wrong"}.Open(t.Context(), p.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := p.Send(`{"error": "Api Key Is Not Valid"}`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(make([]byte, 100)); navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), "Api Key Is Not Valid") {
		t.Errorf("error %v, want what the feed says", err)
	}
}

func TestHandshakeRefused(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }))
	defer srv.Close()
	_, err := feed.Open(t.Context(), "ws"+strings.TrimPrefix(srv.URL, "http"))
	if navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), "429") {
		t.Errorf("error %v, want one that says 429", err)
	}
}

// TestStreamEnds holds that every way in which such services end a connection is
// noticed, said and mended: never with two connections at once.
func TestStreamEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(*streamServer, *websocket.Conn) error
		why  string
	}{
		{"no close frame, status 1006", func(_ *streamServer, c *websocket.Conn) error { return c.CloseNow() }, "EOF|reset|closed|ended"},
		{"slow reader, status 1008", func(_ *streamServer, c *websocket.Conn) error {
			return c.Close(websocket.StatusPolicyViolation, "slow consumer")
		}, "PolicyViolation"},
		{"going away", func(_ *streamServer, c *websocket.Conn) error { return c.Close(websocket.StatusGoingAway, "") }, "ended the connection"},
		{"an error frame", func(_ *streamServer, c *websocket.Conn) error {
			return c.Write(t.Context(), websocket.MessageText, []byte(`{"error":"overloaded"}`))
		}, "overloaded"},
		{"503 at the next handshakes", func(s *streamServer, c *websocket.Conn) error {
			s.refuse(http.StatusServiceUnavailable, 3)
			return c.CloseNow()
		}, "EOF|reset|closed|ended"},
		{"429 at the next handshakes", func(s *streamServer, c *websocket.Conn) error {
			s.refuse(http.StatusTooManyRequests, 2)
			return c.Close(websocket.StatusPolicyViolation, "")
		}, "PolicyViolation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newStreamServer(httptest.NewServer)(t).(*streamServer)
			defer p.Close()
			var mu sync.Mutex
			outages := map[time.Time]navicert.Outage{}
			ctx, cancel := context.WithCancel(t.Context())
			s, err := feed.Opener{Pause: time.Millisecond, Outage: func(o navicert.Outage) error {
				mu.Lock()
				defer mu.Unlock()
				outages[o.From] = o
				return nil
			}}.Open(ctx, p.Address())
			if err != nil {
				t.Fatal(err)
			}
			lines := make(chan string, 100)
			var reading sync.WaitGroup
			reading.Go(func() {
				buf := make([]byte, 1000)
				for ctx.Err() == nil {
					n, _ := s.Read(buf)
					for line := range strings.Lines(string(buf[:n])) {
						lines <- line
					}
				}
			})
			defer func() {
				cancel()
				reading.Wait()
			}()
			for i := range 3 {
				want := fmt.Sprintf("{\"number\":%d}\n", i)
				if err := p.Send(want); err != nil {
					t.Fatal(err)
				}
				select {
				case got := <-lines:
					if got != want {
						t.Fatalf("read %q, want %q", got, want)
					}
				case <-time.After(waitFor):
					h, _ := s.Health()
					t.Fatalf("number %d did not come: %+v", i, h)
				}
				conn, err := p.connected()
				if err != nil {
					t.Fatal(err)
				}
				p.forget(conn)
				if err := c.end(p, conn); err != nil {
					t.Logf("the end: %v", err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			ended := 0
			for _, o := range outages {
				if !regexp.MustCompile(c.why).MatchString(o.Why) {
					t.Errorf("outage because of %q, want %s", o.Why, c.why)
				}
				if !o.To.IsZero() {
					ended++
				}
			}
			if ended != 2 {
				t.Errorf("outages %v, want two that ended", outages)
			}
		})
	}
}

// TestDigitraffic holds that its messages come with the ship's number, which is
// in the topic alone, and that the service is told who asks.
func TestDigitraffic(t *testing.T) {
	b := newSocketBroker(t)
	defer b.Close()
	asked := make(chan string, 10)
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		asked <- r.In.Header.Get("Digitraffic-User")
		r.SetURL(&url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", b.socket)})
	}})
	defer front.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := feed.Open(ctx, "mqtt+ws"+strings.TrimPrefix(front.URL, "http")+"/mqtt?topic=vessels-v2/#&user=test/harbour")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if user := <-asked; user != "test/harbour" {
		t.Errorf("the service was told %q", user)
	}
	b.topic = "vessels-v2/201999901/location"
	if err := b.Send(`{"time":1767323045,"sog":10.5,"cog":90.1,"navStat":0,"lat":59.5,"lon":24.9,"heading":91}`); err != nil {
		t.Fatal(err)
	}
	var got feedtest.Collected
	stop := errors.New("enough")
	got.Fail = stop
	if _, err := feed.Read(ctx, s, feed.Options{Source: s.Name}, &got); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if len(got.Fixes) != 1 || got.Fixes[0].MMSI != 201999901 || got.Fixes[0].Pos.Lat != 59.5 {
		t.Errorf("fixes %+v", got.Fixes)
	}
}

func TestBoxesRefused(t *testing.T) {
	for _, query := range []string{"box=1,2,3", "box=1,2,3,x", "box=12,0,10,1", "box=0,0,91,1", "mmsi=12"} {
		if _, err := feed.Open(t.Context(), "ws://127.0.0.1:1/v0/stream?"+query); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: error %v, want one that says what is wrong with it", query, err)
		}
	}
}

// broker is a real mosquitto and one who publishes to it.
type broker struct {
	t      *testing.T
	binary string
	config string
	port   int
	socket int // the port of its WebSocket listener; 0: none
	secure *tls.Config

	mu    sync.Mutex
	proc  *exec.Cmd
	pub   *paho.Client
	topic string // to publish to; "": ais/station
}

// mosquitto finds Debian's broker, which prepare.sh installs.
func mosquitto(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"mosquitto", "/usr/sbin/mosquitto"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const says = "there is no mosquitto: apt-get install mosquitto"
	if os.Getenv("CI") == "true" {
		t.Fatal(says)
	}
	t.Skip(says)
	return ""
}

// bridgedBroker is a broker behind a WebSocket server of the test's own, as
// mosquitto's sends long messages at 50 kB a second.
type bridgedBroker struct {
	*broker
	front *httptest.Server
}

func newBridgedBroker(t *testing.T) feedtest.Peer {
	b := newBroker("", nil)(t).(*broker)
	return &bridgedBroker{b, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"mqtt"}})
		if err != nil {
			return
		}
		defer c.CloseNow()
		to, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", b.port))
		if err != nil {
			return
		}
		defer to.Close()
		from := websocket.NetConn(context.Background(), c, websocket.MessageBinary)
		go func() {
			_, _ = io.Copy(to, from)
			_ = to.Close()
		}()
		_, _ = io.Copy(from, to)
	}))}
}

func (b *bridgedBroker) Address() string {
	return "mqtt+ws" + strings.TrimPrefix(b.front.URL, "http") + "/mqtt?topic=ais/#"
}

func (b *bridgedBroker) Close() {
	b.broker.Close()
	b.front.Close()
}

// newSocketBroker serves MQTT over WebSocket, and plain MQTT to the publisher.
func newSocketBroker(t *testing.T) *broker {
	socket := freePort(t, "tcp")
	b := newBroker(fmt.Sprintf("listener %d 127.0.0.1\nprotocol websockets\n", socket), nil)(t).(*broker)
	b.socket = socket
	b.listening(socket)
	return b
}

func newBroker(config string, secure *tls.Config) func(t *testing.T) feedtest.Peer {
	return func(t *testing.T) feedtest.Peer {
		b := &broker{t: t, binary: mosquitto(t), port: freePort(t, "tcp"), secure: secure}
		b.config = filepath.Join(t.TempDir(), "mosquitto.conf")
		text := fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\npersistence false\n%s", b.port, config)
		if err := os.WriteFile(b.config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		b.start()
		return b
	}
}

func (b *broker) start() {
	b.t.Helper()
	b.proc = exec.Command(b.binary, "-c", b.config)
	if err := b.proc.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.listening(b.port)
	if b.socket != 0 {
		b.listening(b.socket)
	}
}

// listening waits until the broker takes connections at a port; with WebSocket
// it does so some time after it has opened the port.
func (b *broker) listening(port int) {
	b.t.Helper()
	for end := time.Now().Add(waitFor); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		to := fmt.Sprintf("127.0.0.1:%d", port)
		if port == b.socket {
			if c, _, err := websocket.Dial(b.t.Context(), "ws://"+to, &websocket.DialOptions{Subprotocols: []string{"mqtt"}}); err == nil {
				_ = c.CloseNow()
				return
			}
		} else if c, err := net.Dial("tcp", to); err == nil {
			_ = c.Close()
			return
		}
	}
	b.t.Fatal("mosquitto does not listen")
}

func (b *broker) Address() string {
	scheme := "mqtt"
	if b.secure != nil {
		scheme = "mqtts"
	}
	return fmt.Sprintf("%s://127.0.0.1:%d/ais/#", scheme, b.port)
}

// publisher is connected to the broker.
func (b *broker) publisher() (*paho.Client, error) {
	if b.pub != nil {
		return b.pub, nil
	}
	to := fmt.Sprintf("127.0.0.1:%d", b.port)
	var c net.Conn
	var err error
	if b.secure != nil {
		c, err = tls.Dial("tcp", to, b.secure)
	} else {
		c, err = net.Dial("tcp", to)
	}
	if err != nil {
		return nil, err
	}
	pub := paho.NewClient(paho.ClientConfig{Conn: packets.NewThreadSafeConn(c)})
	ctx, cancel := context.WithTimeout(context.Background(), waitFor)
	defer cancel()
	if _, err := pub.Connect(ctx, &paho.Connect{ClientID: "publisher", CleanStart: true, KeepAlive: 30}); err != nil {
		return nil, err
	}
	b.pub = pub
	return pub, nil
}

// noSubscribers is the broker's answer when nobody takes a message.
const noSubscribers = 0x10

func (b *broker) Send(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), waitFor)
	defer cancel()
	for ; ; time.Sleep(2 * time.Millisecond) {
		pub, err := b.publisher()
		if err != nil {
			return err
		}
		resp, err := pub.Publish(ctx, &paho.Publish{Topic: cmp.Or(b.topic, "ais/station"), QoS: 1, Payload: []byte(text)})
		if err != nil || resp.ReasonCode != noSubscribers {
			return err
		}
	}
}

func (b *broker) Cut() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kill()
	b.start()
	return nil
}

func (b *broker) kill() {
	if b.pub != nil {
		_ = b.pub.Disconnect(&paho.Disconnect{})
		<-b.pub.Done()
		b.pub = nil
	}
	_ = b.proc.Process.Kill()
	_ = b.proc.Wait()
}

func (b *broker) Close() { b.kill() }

// brokerTLS writes the test server's certificate for mosquitto and says how a
// client trusts it.
func brokerTLS(t *testing.T) (config string, client *tls.Config) {
	t.Helper()
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	cert := srv.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert.Certificate[0]}, "key.pem": {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	// As root, mosquitto becomes another user, who could not read the key.
	return fmt.Sprintf("user root\ncertfile %s/cert.pem\nkeyfile %s/key.pem\n", dir, dir), &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

func TestMQTTRefused(t *testing.T) {
	for _, path := range []string{"mqtt://", "mqtt://host", "mqtt://host/", "mqtt:///topic", "mqtt+wss://", "mqtt+wss://host/mqtt", "mqtt+wss:///?topic=a"} {
		if _, err := feed.Open(t.Context(), path); navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: error %v, want one that says what is wrong with it", path, err)
		}
	}
}

// TestMQTTPassword holds that a broker that wants one gets it, and that it is
// not in the stream's name.
func TestMQTTPassword(t *testing.T) {
	file := filepath.Join(t.TempDir(), "passwords")
	mosquitto(t)
	if out, err := exec.Command("mosquitto_passwd", "-b", "-c", file, "reader", "s3cret").CombinedOutput(); err != nil {
		t.Fatalf("mosquitto's own program makes no passwords: %v %s", err, out)
	}
	b := newBroker("user root\nallow_anonymous false\npassword_file "+file+"\n", nil)(t).(*broker)
	defer b.Close()
	if _, err := feed.Open(t.Context(), b.Address()); err == nil || !strings.Contains(err.Error(), "0x87") {
		t.Errorf("without a password: error %v, want not authorised", err)
	}
	s, err := feed.Open(t.Context(), strings.Replace(b.Address(), "://", "://reader:s3cret@", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if strings.Contains(s.Name, "s3cret") {
		t.Errorf("the password is in %q", s.Name)
	}
}

package feed

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"navicert"
)

const (
	// subscribeWithin is how soon aisstream.io wants the subscription.
	subscribeWithin = 3 * time.Second
	// maxFrame is how long a frame may be; longer ones are left out.
	maxFrame = 256 << 10
)

// webSocket connects to a feed of frames: ws://HOST/PATH or wss://HOST/PATH. One
// whose path ends in /v0/stream, as those of aisstream.io and openwaters.io do,
// or that a key is given for, is sent a subscription.
type webSocket struct {
	url       string
	subscribe []byte // nil: nothing is sent
	tls       *tls.Config
}

// subscription is what aisstream.io wants first; corners are latitude, longitude.
type subscription struct {
	APIKey             string
	BoundingBoxes      [][2][2]float64
	FiltersShipMMSI    []string `json:",omitempty"`
	FilterMessageTypes []string `json:",omitempty"`
}

func newWebSocket(name, scheme, address, key string, config *tls.Config) (transport, error) {
	u, err := url.Parse(scheme + "://" + address)
	if err != nil || u.Host == "" {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "is no address of a WebSocket").WithHint("want wss://HOST/PATH")
	}
	w := &webSocket{tls: config}
	if key != "" || strings.HasSuffix(u.Path, "/v0/stream") {
		q := u.Query()
		sub, err := newSubscription(q, key)
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%w", err).WithHint("want wss://HOST/PATH?box=SOUTH,WEST,NORTH,EAST&mmsi=NUMBER&type=PositionReport")
		}
		if w.subscribe, err = json.Marshal(sub); err != nil {
			return nil, err
		}
		for _, own := range []string{"box", "mmsi", "type"} {
			q.Del(own)
		}
		u.RawQuery = q.Encode()
	}
	w.url = u.String()
	return w, nil
}

// newSubscription reads a subscription from an address's query; without a box
// it is to the whole world.
func newSubscription(q url.Values, key string) (subscription, error) {
	s := subscription{APIKey: key, FiltersShipMMSI: q["mmsi"], FilterMessageTypes: q["type"]}
	for _, m := range s.FiltersShipMMSI {
		if _, err := navicert.ParseMMSI(m); err != nil {
			return s, err
		}
	}
	for _, text := range q["box"] {
		parts := strings.Split(text, ",")
		if len(parts) != 4 {
			return s, fmt.Errorf("the box %q has %d numbers, not four", text, len(parts))
		}
		var v [4]float64
		for i, p := range parts {
			var err error
			if v[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil {
				return s, fmt.Errorf("the box %q: %q is no number", text, p)
			}
		}
		low, high := navicert.Position{Lat: v[0], Lon: v[1]}, navicert.Position{Lat: v[2], Lon: v[3]}
		if !low.Valid() || !high.Valid() || v[0] >= v[2] {
			return s, fmt.Errorf("the box %q does not go from south to north on the earth", text)
		}
		s.BoundingBoxes = append(s.BoundingBoxes, [2][2]float64{{v[0], v[1]}, {v[2], v[3]}})
	}
	if s.BoundingBoxes == nil {
		s.BoundingBoxes = [][2][2]float64{{{-90, -180}, {90, 180}}}
	}
	return s, nil
}

func (w *webSocket) connect(ctx context.Context) (link, error) {
	dialing, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := dialWebSocket(dialing, w.url, w.tls, &websocket.DialOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return nil, err
	}
	k := &webSocketLink{conn: c}
	k.ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if w.subscribe != nil {
		sending, done := context.WithTimeout(ctx, subscribeWithin)
		defer done()
		if err := c.Write(sending, websocket.MessageText, w.subscribe); err != nil {
			_ = k.Close()
			return nil, fmt.Errorf("the subscription could not be sent: %w", err)
		}
	}
	return k, nil
}

// dialWebSocket makes a connection of its own, and leaves none when it fails.
func dialWebSocket(ctx context.Context, to string, config *tls.Config, o *websocket.DialOptions) (*websocket.Conn, error) {
	by := &http.Transport{
		Proxy:           http.ProxyFromEnvironment, // as all programs of a network do that is left through one
		DialContext:     (&net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}).DialContext,
		TLSClientConfig: config,
	}
	defer by.CloseIdleConnections() // that of a handshake that was refused
	o.HTTPClient = &http.Client{Transport: by}
	c, resp, err := websocket.Dial(ctx, to, o)
	switch {
	case err != nil && resp != nil:
		return nil, fmt.Errorf("the server answers %s", resp.Status)
	case err != nil:
		if asked := (*url.Error)(nil); errors.As(err, &asked) {
			err = asked.Err // the address is said already
		}
		return nil, err
	}
	c.SetReadLimit(-1) // a long frame is left out, and no reason to end the connection
	return c, nil
}

// webSocketLink gives each frame as a line, or as the lines that it holds.
type webSocketLink struct {
	conn   *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc
	once   sync.Once
	frame  bytes.Buffer
	rest   []byte // of the frame's lines
	lost   atomic.Int64
}

// Read implements io.Reader.
func (k *webSocketLink) Read(p []byte) (int, error) {
	for len(k.rest) == 0 {
		_, r, err := k.conn.Reader(k.ctx)
		if err != nil {
			return 0, closeReason(err)
		}
		k.frame.Reset()
		n, err := k.frame.ReadFrom(io.LimitReader(r, maxFrame+1))
		if err != nil {
			return 0, closeReason(err)
		}
		if n > maxFrame {
			k.lost.Add(1)
			if _, err := io.Copy(io.Discard, r); err != nil {
				return 0, closeReason(err)
			}
			continue
		}
		if says, ok := errorFrame(k.frame.Bytes()); ok {
			return 0, refusedError{says}
		}
		k.rest = frameLines(k.frame.Bytes())
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// closeReason makes the end that the other side gave readable.
func closeReason(err error) error {
	switch status := websocket.CloseStatus(err); status {
	case -1:
		return err
	case websocket.StatusNormalClosure, websocket.StatusGoingAway:
		return io.EOF
	default:
		return fmt.Errorf("the other side ended the connection with %s", status)
	}
}

// errorFrame reads the one frame in which aisstream.io and openwaters.io say why
// they serve nothing.
func errorFrame(b []byte) (string, bool) {
	if len(b) > maxLine || !bytes.HasPrefix(bytes.TrimSpace(b), []byte(`{"error"`)) {
		return "", false
	}
	var f struct {
		Error string `json:"error"`
	}
	return f.Error, json.Unmarshal(b, &f) == nil && f.Error != ""
}

func (k *webSocketLink) dropped() int64 { return k.lost.Load() }

// Close ends the connection.
func (k *webSocketLink) Close() error {
	k.once.Do(func() {
		k.cancel()
		_ = k.conn.CloseNow() // it may be broken already
	})
	return nil
}

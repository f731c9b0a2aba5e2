package feed

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"

	"navicert"
)

const (
	digitrafficHost = ".digitraffic.fi"
	// digitrafficUser is the header in which Digitraffic wants to be told whose
	// program asks.
	digitrafficUser = "Digitraffic-User"
)

// newMQTTSocket connects to an MQTT broker over WebSocket:
// mqtt+ws[s]://[USER:PASSWORD@]HOST[:PORT]/PATH?topic=TOPIC[&topic=TOPIC][&user=NAME].
// Digitraffic is told the user, navicert unless said.
func newMQTTSocket(name, scheme, address string, config *tls.Config) (transport, error) {
	address = strings.ReplaceAll(address, "#", "%23") // the wildcard: such addresses have no fragments
	u, err := url.Parse(strings.TrimPrefix(scheme, "mqtt+") + "://" + address)
	if err != nil || u.Hostname() == "" {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "is no address of a WebSocket").WithHint("want mqtt+wss://HOST/PATH?topic=TOPIC")
	}
	q := u.Query()
	b := &mqttBroker{user: u.User, topics: q["topic"], clientID: newClientID()}
	if len(b.topics) == 0 || b.topics[0] == "" {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "no topic is named").WithHint("want mqtt+wss://HOST/PATH?topic=TOPIC, such as mqtt+wss://meri.digitraffic.fi/mqtt?topic=vessels-v2/#")
	}
	header := http.Header{}
	switch user := q.Get("user"); {
	case user != "":
		header.Set(digitrafficUser, user)
	case strings.HasSuffix(u.Hostname(), digitrafficHost):
		header.Set(digitrafficUser, "navicert")
	}
	q.Del("topic")
	q.Del("user")
	u.User, u.RawQuery = nil, q.Encode()
	b.dial = func(ctx context.Context) (net.Conn, error) {
		c, err := dialWebSocket(ctx, u.String(), config, &websocket.DialOptions{Subprotocols: []string{"mqtt"}, HTTPHeader: header})
		if err != nil {
			return nil, err
		}
		return &socketConn{websocket.NetConn(context.WithoutCancel(ctx), c, websocket.MessageBinary), c}, nil
	}
	return b, nil
}

// socketConn is a WebSocket as a connection that is closed without waiting for
// the other side's answer, which may be gone.
type socketConn struct {
	net.Conn
	socket *websocket.Conn
}

func (c *socketConn) Close() error { return c.socket.CloseNow() }

package feed

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/eclipse/paho.golang/paho"

	"navicert"
)

const (
	mqttKeepAlive = 30 // seconds
	// maxMQTTPacket is the longest message that the broker may send us.
	maxMQTTPacket = 1 << 20
)

// mqttBroker subscribes to topics of an MQTT 5 broker, to which AIS-catcher and
// others publish: mqtt[s]://[USER:PASSWORD@]HOST[:PORT]/TOPIC[,TOPIC]. A topic may
// hold the wildcards + and #, and is taken as it stands.
type mqttBroker struct {
	dial     func(context.Context) (net.Conn, error)
	user     *url.Userinfo
	topics   []string
	clientID string // no two may be connected with one
}

func newMQTT(name, scheme, address string, config *tls.Config) (transport, error) {
	where, topics, _ := strings.Cut(address, "/")
	b := &mqttBroker{clientID: newClientID()}
	if strings.Contains(topics, "@") {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "there is an @ behind the first /").
			WithHint("write / as %2F and @ as %40 in the user and the password; topics with @ are not known")
	}
	if i := strings.LastIndexByte(where, '@'); i >= 0 {
		user, err := parseUser(where[:i])
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "feed", name, "the user or the password cannot be read").WithHint("write % as %25 in them")
		}
		b.user = user
		where = where[i+1:]
	}
	port := "1883"
	var secure *tls.Config // nil: plain
	if scheme == "mqtts" {
		port = "8883"
		secure = &tls.Config{MinVersion: tls.VersionTLS12}
		if config != nil {
			secure = config.Clone()
		}
	}
	for topic := range strings.SplitSeq(topics, ",") {
		if topic != "" {
			b.topics = append(b.topics, topic)
		}
	}
	host, given, err := net.SplitHostPort(where)
	if err != nil {
		host, given = strings.Trim(where, "[]"), port
	}
	if host == "" || len(b.topics) == 0 {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "no host or no topic is named").WithHint("want " + scheme + "://HOST:PORT/TOPIC, such as mqtt://localhost:1883/ais/#")
	}
	if secure != nil && secure.ServerName == "" {
		secure.ServerName = host
	}
	b.dial = func(ctx context.Context) (net.Conn, error) {
		d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
		if secure != nil {
			return (&tls.Dialer{NetDialer: &d, Config: secure}).DialContext(ctx, "tcp", net.JoinHostPort(host, given))
		}
		return d.DialContext(ctx, "tcp", net.JoinHostPort(host, given))
	}
	return b, nil
}

// parseUser reads USER:PASSWORD, percent-encoded as in all addresses.
func parseUser(text string) (*url.Userinfo, error) {
	name, password, has := strings.Cut(text, ":")
	name, err := url.PathUnescape(name)
	if err != nil || !has {
		return url.User(name), err
	}
	if password, err = url.PathUnescape(password); err != nil {
		return nil, err
	}
	return url.UserPassword(name, password), nil
}

func newClientID() string { return "navicert-" + rand.Text()[:12] }

func (b *mqttBroker) connect(ctx context.Context) (link, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := b.dial(ctx)
	if err != nil {
		return nil, err
	}
	k := &mqttLink{queue: newQueue(queueBytes), conn: c}
	k.client = paho.NewClient(paho.ClientConfig{
		Conn:          packets.NewThreadSafeConn(c),
		PacketTimeout: dialTimeout,
		OnPublishReceived: []func(paho.PublishReceived) (bool, error){func(p paho.PublishReceived) (bool, error) {
			k.offer(messageLines(p.Packet.Topic, p.Packet.Payload))
			return true, nil
		}},
		OnClientError: k.fail,
		OnServerDisconnect: func(d *paho.Disconnect) {
			k.fail(fmt.Errorf("the broker ended the connection with code %#x", d.ReasonCode))
		},
	})
	if err := b.subscribe(ctx, k); err != nil {
		_ = k.Close()
		return nil, err
	}
	return k, nil
}

func (b *mqttBroker) subscribe(ctx context.Context, k *mqttLink) error {
	longest := uint32(maxMQTTPacket)
	cp := &paho.Connect{
		ClientID: b.clientID, CleanStart: true, KeepAlive: mqttKeepAlive,
		Properties: &paho.ConnectProperties{MaximumPacketSize: &longest},
	}
	if b.user != nil {
		password, has := b.user.Password()
		cp.Username, cp.UsernameFlag, cp.Password, cp.PasswordFlag = b.user.Username(), true, []byte(password), has
	}
	ack, err := k.client.Connect(ctx, cp)
	if err != nil {
		if ack != nil {
			return fmt.Errorf("the broker refuses the connection with code %#x", ack.ReasonCode)
		}
		return err
	}
	k.connected = true
	sub := &paho.Subscribe{}
	for _, topic := range b.topics {
		sub.Subscriptions = append(sub.Subscriptions, paho.SubscribeOptions{Topic: topic})
	}
	_, err = k.client.Subscribe(ctx, sub)
	return err
}

// digitrafficTopics begins the topics of Digitraffic.
const digitrafficTopics = "vessels-v2/"

// messageLines makes lines of a message. Digitraffic names the ship in the topic
// alone, so that its messages are given with it, as mosquitto_sub -F %J prints
// them.
func messageLines(topic string, payload []byte) []byte {
	if !strings.HasPrefix(topic, digitrafficTopics) || !json.Valid(payload) {
		return frameLines(payload)
	}
	line, err := json.Marshal(struct {
		Topic   string          `json:"topic"`
		Payload json.RawMessage `json:"payload"`
	}{topic, payload})
	if err != nil {
		return frameLines(payload)
	}
	return append(line, '\n')
}

// mqttLink takes messages as fast as they come; those that find no room are
// counted.
type mqttLink struct {
	*queue
	client    *paho.Client
	conn      net.Conn
	connected bool
	once      sync.Once
}

// Close ends the connection.
func (k *mqttLink) Close() error {
	k.once.Do(func() {
		k.fail(errors.New("closed"))
		if k.connected {
			_ = k.conn.SetWriteDeadline(time.Now().Add(time.Second))
			_ = k.client.Disconnect(&paho.Disconnect{}) // the broker may be gone
		}
		_ = k.conn.Close()
		if k.connected {
			<-k.client.Done()
		}
	})
	return nil
}

package feed

import (
	"context"
	"io"
	"net"
	"strings"
	"time"

	"navicert"
)

// tcpClient connects to a feed that sends lines over TCP: tcp://HOST:PORT.
type tcpClient struct {
	address string
	hello   string // sent first
}

func newTCPClient(name, address string) (transport, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%w", err).WithHint("want tcp://HOST:PORT")
	}
	return tcpClient{address: address}, nil
}

// gpsdWatch asks gpsd for its reports as JSON, with the integers of the
// messages: scaled, it rounds some of them.
const gpsdWatch = `?WATCH={"enable":true,"json":true,"scaled":false};` + "\n"

// gpsdWatchNMEA asks gpsd for the sentences as it received them.
const gpsdWatchNMEA = `?WATCH={"enable":true,"nmea":true};` + "\n"

const gpsdPort = "2947"

// newGPSD connects to gpsd: gpsd://HOST[:PORT], with ?nmea for sentences.
func newGPSD(name, address string) (transport, error) {
	address, how, _ := strings.Cut(address, "?")
	address = strings.TrimSuffix(address, "/")
	c := tcpClient{address: address, hello: gpsdWatch}
	switch how {
	case "":
	case "nmea":
		c.hello = gpsdWatchNMEA
	default:
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "%q is not known", how).WithHint("want gpsd://HOST:PORT or gpsd://HOST:PORT?nmea")
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		c.address = net.JoinHostPort(strings.Trim(address, "[]"), gpsdPort)
	}
	if strings.HasPrefix(c.address, ":") {
		return nil, navicert.Errorf(navicert.Invalid, "feed", name, "no host is named").WithHint("want gpsd://HOST:PORT")
	}
	return c, nil
}

func (t tcpClient) connect(ctx context.Context) (link, error) {
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	c, err := d.DialContext(ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	if t.hello == "" {
		return c, nil
	}
	_ = c.SetWriteDeadline(time.Now().Add(dialTimeout))
	if _, err := io.WriteString(c, t.hello); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

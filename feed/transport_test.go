package feed_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navicert"
	"navicert/feed"
	"navicert/feed/feedtest"
)

func TestTransports(t *testing.T) {
	brokerConfig, brokerClient := brokerTLS(t)
	web := httptest.NewTLSServer(http.NotFoundHandler())
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate()) // that of all test servers
	for name, tr := range map[string]feedtest.Transport{
		"tcp":        {New: newServer("tcp://")},
		"gpsd":       {New: newServer("gpsd://")},
		"tcp-listen": {New: newSender, Passive: true},
		"udp":        {New: newDatagrams, Passive: true, Whole: true},
		"follow":     {New: newGrowingFile, Opener: feed.Opener{Follow: true}, Passive: true},
		"ws":         {New: newStreamServer(httptest.NewServer), Opener: feed.Opener{Key: "key"}, Whole: true},
		"wss":        {New: newStreamServer(httptest.NewTLSServer), Opener: feed.Opener{Key: "key", TLS: &tls.Config{RootCAs: roots}}, Whole: true},
		"mqtt":       {New: newBroker("", nil), Whole: true},
		"mqtt+ws":    {New: newBridgedBroker, Whole: true},
		"mqtts":      {New: newBroker(brokerConfig, brokerClient), Opener: feed.Opener{TLS: brokerClient}, Whole: true},
	} {
		t.Run(name, func(t *testing.T) { feedtest.RunTransport(t, tr) })
	}
}

func TestGPSDIsAsked(t *testing.T) {
	for query, want := range map[string]string{"": `"json":true`, "?nmea": `"nmea":true`} {
		p := newServer("gpsd://")(t)
		s, err := feed.Open(t.Context(), p.Address()+query)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Send("!x\n"); err != nil {
			t.Fatal(err)
		}
		if asked := p.(*server).greeting(); !strings.HasPrefix(asked, "?WATCH={") || !strings.Contains(asked, want) {
			t.Errorf("gpsd was asked %q, want %s", asked, want)
		}
		_ = s.Close()
		p.Close()
	}
}

func TestNames(t *testing.T) {
	for path, want := range map[string]string{
		"/var/log/ais.log": "ais.log", "-": "stdin", "tcp://1.2.3.4:5": "tcp://1.2.3.4:5",
		"wss://user:secret@host:1/v0/stream?key=secret": "wss://host:1/v0/stream",
		"mqtt://u:p@ss@host/ais/#":                      "mqtt://host/ais/#",
		"mqtt://u:pa/s3cret@host:1/ais":                 "mqtt://host:1/ais",
		"mqtt://u:s3cret?x@host/ais":                    "mqtt://host/ais",

		// What is asked for tells feeds of one server apart.
		"wss://host/v0/stream?key=s3cret&type=B&box=1,2,3,4&box=5,6,7,8": "wss://host/v0/stream?box=1,2,3,4&box=5,6,7,8&type=B",
		"mqtt+wss://u:s3cret@host/mqtt?topic=vessels-v2/#&user=me":       "mqtt+wss://host/mqtt?topic=vessels-v2/#",
		"gpsd://host?nmea": "gpsd://host",
	} {
		if got := feed.Name(path); got != want {
			t.Errorf("Name(%q) is %q, want %q", path, got, want)
		}
	}
}

func TestAddressesRefused(t *testing.T) {
	for _, path := range []string{"tcp://", "tcp-listen://nowhere", "udp://", "gpsd://", "gpsd://host?xml", "tcp-listen://:99999", "mqtt://u:pa/s3cret@127.0.0.1:1/ais", "mqtt://u:%zz@127.0.0.1:1/ais"} {
		s, err := feed.Open(t.Context(), path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", path)
		} else if navicert.KindOf(err) == "" {
			t.Errorf("%s: error %v, want one that says what to do", path, err)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("error %v holds the password", err)
		}
	}
}

func TestFollowRefuses(t *testing.T) {
	dir := t.TempDir()
	packed := filepath.Join(dir, "a.gz")
	if err := os.WriteFile(packed, []byte("\x1f\x8b\x08\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, kind := range map[string]navicert.Kind{
		filepath.Join(dir, "none"): navicert.Unavailable, dir: navicert.Invalid, packed: navicert.Unsupported,
	} {
		if _, err := (feed.Opener{Follow: true}).Open(t.Context(), path); navicert.KindOf(err) != kind {
			t.Errorf("%s: error %v, want one of kind %s", path, err, kind)
		}
	}
}

package feed

import (
	"net/url"
	"path/filepath"
	"strings"

	"navicert"
)

// Address is a kind of live feed.
type Address struct {
	Form  string // "udp://:PORT"
	Title string // what it is, for a reader
}

// Addresses returns the kinds of live feeds that Open knows.
func Addresses() []Address {
	return []Address{
		{"tcp://HOST:PORT", "connects to a server of lines"},
		{"tcp-listen://:PORT", "waits for senders of lines"},
		{"udp://:PORT", "takes datagrams of lines"},
		{"gpsd://HOST[:PORT][?nmea]", "asks gpsd for its JSON, or its sentences"},
		{"wss://HOST/PATH", "takes the frames of a WebSocket, with aisstream's subscription"},
		{"mqtt://HOST[:PORT]/TOPIC", "subscribes to topics, such as AIS-catcher's; mqtts:// too"},
		{"mqtt+wss://HOST/PATH?topic=TOPIC", "the same over WebSocket, such as Digitraffic's; mqtt+ws:// too"},
	}
}

// transport makes the transport of an address.
func (o Opener) transport(scheme, address string) (transport, error) {
	name := Name(scheme + "://" + address)
	switch scheme {
	case "tcp":
		return newTCPClient(name, address)
	case "tcp-listen":
		return newTCPServer(name, address, o.Silence)
	case "udp":
		return newUDP(name, address)
	case "gpsd":
		return newGPSD(name, address)
	case "ws", "wss":
		return newWebSocket(name, scheme, address, o.Key, o.TLS)
	case "mqtt", "mqtts":
		return newMQTT(name, scheme, address, o.TLS)
	case "mqtt+ws", "mqtt+wss":
		return newMQTTSocket(name, scheme, address, o.TLS)
	}
	return nil, navicert.Errorf(navicert.Unsupported, "feed", name, "%s feeds are not known", scheme).WithHint("known: " + forms() + ", a file, - for standard input")
}

func forms() string {
	var fs []string
	for _, a := range Addresses() {
		fs = append(fs, a.Form)
	}
	return strings.Join(fs, ", ")
}

// tellable are the parameters of addresses that say what is asked for, and are
// no secrets.
var tellable = []string{"box", "mmsi", "topic", "type"}

// Name returns what the stream of a path or address is called: an address
// without user, password and those parts of the query that may hold keys; a
// file's own name.
func Name(path string) string {
	scheme, rest, ok := strings.Cut(path, "://")
	if !ok {
		if path == "-" {
			return "stdin"
		}
		return filepath.Base(path)
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:] // first: a password may hold anything
	where, query, _ := strings.Cut(rest, "?")
	asked, err := url.ParseQuery(query)
	if err != nil {
		asked = nil
	}
	sep := "?"
	for _, key := range tellable {
		for _, v := range asked[key] {
			where += sep + key + "=" + v
			sep = "&"
		}
	}
	return scheme + "://" + where
}

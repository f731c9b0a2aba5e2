package pull

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestSentOn: a server that was asked by https sends on by https only, also
// where plain http would be taken if it had been asked for.
func TestSentOn(t *testing.T) {
	check := New(Options{}).client.CheckRedirect
	request := func(address string) *http.Request {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Request{URL: u}
	}
	for _, c := range []struct{ from, to, want string }{
		{"https://lists.example/a.csv", "https://cdn.example/2026-08-20/a.csv", ""},
		{"http://127.0.0.1:1/a.csv", "http://127.0.0.1:1/2026-08-20/a.csv", ""},
		{"https://lists.example/a.csv", "http://127.0.0.1:8080/a.csv?key=secret", "sent on from https to http://127.0.0.1:8080/a.csv"},
		{"https://lists.example/a.csv", "http://localhost/a.csv", "sent on from https"},
		{"https://lists.example/a.csv", "http://cdn.example/a.csv", "sent on from https"},
	} {
		err := check(request(c.to), []*http.Request{request(c.from)})
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s to %s: error %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

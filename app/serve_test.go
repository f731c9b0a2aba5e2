package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/app"
	"navicert/serve"
)

// TestServe serves an empty data directory: the page is there, a check is
// answered and kept, and the server ends when it is told to.
func TestServe(t *testing.T) {
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- a.Serve(ctx, app.ServeOptions{Listen: "127.0.0.1:0", Ready: func(addr string) { ready <- addr }})
	}()
	var url string
	select {
	case addr := <-ready:
		url = "http://" + addr
	case err := <-done:
		t.Fatal(err)
	}

	if body := fetch(t, http.MethodGet, url+"/", ""); !strings.Contains(body, "<title>navicert") {
		t.Errorf("the page is %.200q", body)
	}
	var c navicert.Certificate
	decode(t, fetch(t, http.MethodPost, url+"/api/v1/check", `{"voyage":{"vessel":{"imo":1000007}},"as_of":"2026-01-02"}`), &c)
	if c.Verdict != navicert.Refer || len(c.Reasons) == 0 || c.Reasons[0].Rule != "general/no-list-searched" {
		t.Errorf("without a list the verdict is %s: %+v", c.Verdict, c.Reasons)
	}
	var again navicert.Certificate
	decode(t, fetch(t, http.MethodGet, url+"/api/v1/certificates/"+c.ID, ""), &again)
	if again.Digest != c.Digest {
		t.Errorf("the certificate kept has digest %s, the one given %s", again.Digest, c.Digest)
	}
	var settled, listed struct{ Settlements []serve.SettlementNow }
	decode(t, fetch(t, http.MethodPost, url+"/api/v1/settlements", `{"certificate":"`+c.ID+`","rule":"no-list-searched","who":"N. N.","what":"asked the publisher","why":"no list was in force","until":"2999-12-31"}`), &settled)
	decode(t, fetch(t, http.MethodGet, url+"/api/v1/settlements", ""), &listed)
	if len(settled.Settlements) != 1 || len(listed.Settlements) != 1 || listed.Settlements[0] != settled.Settlements[0] ||
		listed.Settlements[0].Certificate != c.ID || !strings.HasPrefix(listed.Settlements[0].State, "in force") {
		t.Errorf("settled %+v, listed %+v", settled, listed)
	}
	decode(t, fetch(t, http.MethodPost, url+"/api/v1/check", `{"voyage":{"vessel":{"imo":1000007}},"as_of":"2026-01-02"}`), &again)
	if again.Verdict != navicert.Clear || again.Reasons[0].SettledBy == nil || again.Reasons[0].SettledBy.Who != "N. N." {
		t.Errorf("after it was settled the verdict is %s: %+v", again.Verdict, again.Reasons)
	}
	var back serve.SettlementNow
	decode(t, fetch(t, http.MethodPost, url+"/api/v1/settlements/"+settled.Settlements[0].ID+"/withdrawal", `{"who":"M. M.","why":"of another list"}`), &back)
	if back.ID != settled.Settlements[0].ID || back.Removed == nil || back.Removed.Why != "of another list" || !strings.HasPrefix(back.State, "taken back by M. M.") {
		t.Errorf("taken back it is %+v", back)
	}
	var s serve.Status
	decode(t, fetch(t, http.MethodGet, url+"/api/v1/status", ""), &s)
	if s.Counts.Certificates != 2 || s.Version != app.Version || len(s.Sources) != 1 || s.Sources[0].State != navicert.Missing {
		t.Errorf("status is %+v", s)
	}

	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server did not end")
	}
}

// TestServeAddressTaken: one sentence that says what to do.
func TestServeAddressTaken(t *testing.T) {
	a, err := app.New(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	err = a.Serve(t.Context(), app.ServeOptions{Listen: "127.0.0.1:notaport"})
	if navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("%v", err)
	}
}

func fetch(t *testing.T, method, url, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s", method, url, resp.Status, b)
	}
	return string(b)
}

func decode(t *testing.T, body string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), v); err != nil {
		t.Fatalf("%v in %.300s", err, body)
	}
}

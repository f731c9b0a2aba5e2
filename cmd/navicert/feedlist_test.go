package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/store"
)

// invented is a position of an invented ship at rest off Jose.
const invented = "!AIVDM,1,1,,A,1;T3>6@P00KG8vP5mR@0j?wp0000,0*69\n"

// feedsOf runs navicert feeds.
func feedsOf(t *testing.T, data string, args ...string) []byte {
	t.Helper()
	out, err := command(data, append([]string{"feeds"}, args...)...).Output()
	if err != nil {
		t.Fatalf("navicert feeds: %v", err)
	}
	return out
}

// untilFeed waits for the record of the one feed to be as asked.
func untilFeed(t *testing.T, data, what string, ok func(navicert.FeedRecord) bool) navicert.FeedRecord {
	t.Helper()
	var out []byte
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		out = feedsOf(t, data)
		var f navicert.FeedRecord
		if len(out) > 0 {
			if err := json.Unmarshal(out, &f); err != nil {
				t.Fatalf("%s: %v", out, err)
			}
			if ok(f) {
				return f
			}
		}
	}
	t.Fatalf("waited in vain for %s: %s", what, out)
	return navicert.FeedRecord{}
}

// TestFeedCutKilledResumed cuts a feed, resumes it, kills the program and starts
// it again: navicert feeds tells of each time that nothing was heard.
func TestFeedCutKilledResumed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accept := func() net.Conn {
		t.Helper()
		_ = l.(*net.TCPListener).SetDeadline(time.Now().Add(30 * time.Second))
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(invented)); err != nil {
			t.Fatal(err)
		}
		return c
	}
	data, address := t.TempDir(), "tcp://"+l.Addr().String()
	start := func() *exec.Cmd {
		t.Helper()
		c := command(data, "replay", address)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill() }) // long ended when all is well
		return c
	}

	if out := feedsOf(t, data); len(out) > 0 {
		t.Errorf("feeds of an empty directory: %s", out)
	}
	p := start()
	_ = accept().Close()
	untilFeed(t, data, "an outage", func(f navicert.FeedRecord) bool {
		return len(f.Intervals) == 1 && f.Intervals[0].To.IsZero() && f.Feed == address
	})
	conn := accept()
	untilFeed(t, data, "its end", func(f navicert.FeedRecord) bool { return !f.Intervals[0].To.IsZero() })
	_ = p.Process.Kill()
	_ = p.Wait()
	_ = conn.Close()

	p = start()
	conn = accept()
	f := untilFeed(t, data, "the end of a second", func(f navicert.FeedRecord) bool {
		return len(f.Intervals) == 2 && !f.Intervals[1].To.IsZero()
	})
	if o := f.Intervals[1]; o.Why != "navicert was not listening" || o.From.Before(f.Intervals[0].To) {
		t.Errorf("outages %+v: the second is not that of the kill", f.Intervals)
	}
	interrupt(t, p)
	_ = conn.Close()
	untilFeed(t, data, "the end", func(f navicert.FeedRecord) bool { return f.State == navicert.FeedEnded && f.Lines == 1 })

	out, err := exec.Command("navicert", "feeds", "--data", data, "--outages", "--format", "csv").Output()
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(rows) != 3 || rows[0] != "feed,from,to,lasted,why" || !strings.HasPrefix(rows[1], address+",20") ||
		!strings.HasSuffix(rows[2], ",navicert was not listening") {
		t.Errorf("outages as CSV:\n%s", strings.Join(rows, "\n"))
	}
	if out := feedsOf(t, data, "--to", "2020-01-01", "--outages"); len(out) > 0 {
		t.Errorf("outages of before 2020: %s", out)
	}
}

// TestFollowedKilledInOutage kills a program that follows a file while the file
// is silent: the program started after it ends the outage.
func TestFollowedKilledInOutage(t *testing.T) {
	data, path := t.TempDir(), filepath.Join(t.TempDir(), "f.nmea")
	if err := os.WriteFile(path, []byte(invented), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func() *exec.Cmd {
		t.Helper()
		c := command(data, "replay", "--follow", "--silence", "300ms", path)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill() }) // long ended when all is well
		return c
	}
	p := start()
	begun := untilFeed(t, data, "an outage", func(f navicert.FeedRecord) bool {
		return len(f.Intervals) == 1 && f.Intervals[0].To.IsZero()
	}).Intervals[0]
	_ = p.Process.Kill()
	_ = p.Wait()

	p = start()
	ended := untilFeed(t, data, "its end", func(f navicert.FeedRecord) bool { return !f.Intervals[0].To.IsZero() }).Intervals[0]
	if !ended.From.Equal(begun.From) || ended.Why != begun.Why {
		t.Errorf("the outage %+v ended as %+v", begun, ended)
	}
	interrupt(t, p)
}

// TestFeedsLimit: outages that are left out are counted, and the user is told.
func TestFeedsLimit(t *testing.T) {
	data := t.TempDir()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	for d := range 5 {
		if err := db.PutOutage(t.Context(), navicert.Outage{Feed: "udp://:1", From: day(d + 1), To: day(d + 1).Add(time.Hour), Why: "silent for 2m0s"}); err != nil {
			t.Fatal(err)
		}
	}
	err = db.PutHealth(t.Context(), navicert.FeedHealth{Feed: "udp://:1", State: navicert.FeedEnded, At: day(9), Opened: day(1), Last: day(9)})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	const note = "udp://:1 had 4 outages in the period, of which the newest 2 are given"
	for _, c := range []struct {
		format, args, out string
		noted             bool
	}{
		{"ndjson", "", `"outages_in_period":4}`, true},
		{"csv", "--outages", "2026-01-04T00:00:00Z,2026-01-04T01:00:00Z", true},
		{"csv", "", ",4,2026-01-05T00:00:00Z to 2026-01-05T01:00:00Z,", false},
	} {
		args := append([]string{"feeds", "--data", data, "--from", "2026-01-02", "--limit", "2", "--format", c.format}, strings.Fields(c.args)...)
		var stderr strings.Builder
		p := exec.Command("navicert", args...)
		p.Stderr = &stderr
		out, err := p.Output()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out), c.out) || strings.Contains(stderr.String(), note) != c.noted {
			t.Errorf("%s %s: %s\n%s", c.format, c.args, out, stderr.String())
		}
	}
}

// interrupt stops a process as a user does and waits for it.
func interrupt(t *testing.T, p *exec.Cmd) {
	t.Helper()
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = p.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("it does not stop")
	}
}

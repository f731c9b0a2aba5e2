package detect_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
)

func TestLogEntry(t *testing.T) {
	at := func(h int) navicert.Instant { return navicert.At(t0.Add(time.Duration(h) * time.Hour)) }
	good := detect.LogEntry{MMSI: ship, From: at(2), To: at(9), Reason: "pirates reported", RecordedBy: "duty officer", Document: "log.pdf", SHA256: "ab"}
	ev, err := good.Event(t0.Add(100 * time.Hour))
	if err != nil || ev.State != navicert.EventClosed || ev.Evidence[0].Ref != "sha256 ab" || ev.Evidence[0].Text != good.Reason {
		t.Errorf("%+v, %v", ev, err)
	}
	for name, change := range map[string]func(*detect.LogEntry){
		"no vessel": func(l *detect.LogEntry) { l.MMSI = 0 }, "no time": func(l *detect.LogEntry) { l.From = navicert.Instant{} },
		"backwards": func(l *detect.LogEntry) { l.To = at(1) }, "no reason": func(l *detect.LogEntry) { l.Reason = " " },
		"nobody":  func(l *detect.LogEntry) { l.RecordedBy = "" },
		"to come": func(l *detect.LogEntry) { l.From, l.To = at(101), navicert.Instant{} }, "ends to come": func(l *detect.LogEntry) { l.To = at(101) },
		"before AIS": func(l *detect.LogEntry) { l.From = navicert.At(detect.AISSince.Add(-time.Second)) },
	} {
		l := good
		if change(&l); true {
			if _, err := l.Event(t0.Add(100 * time.Hour)); navicert.KindOf(err) != navicert.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	still := good
	still.From, still.To = at(20), navicert.Instant{}
	open, err := still.Event(t0.Add(100 * time.Hour))
	if err != nil || open.State != navicert.EventOpen || open.ID == ev.ID {
		t.Errorf("%+v, %v", open, err)
	}
	for _, c := range []struct {
		from, to int
		want     int
	}{{0, 2, 0}, {0, 3, 1}, {8, 12, 1}, {9, 12, 0}, {8, 30, 2}, {21, 0, 1}} {
		gap := navicert.Event{MMSI: ship, Start: at(c.from)}
		if c.to > 0 {
			gap.End = at(c.to)
		}
		if got := detect.Logged(&gap, []navicert.Event{ev, open, {MMSI: ship, Kind: "zone", Start: at(0)}}); len(got) != c.want {
			t.Errorf("%d to %d: %d entries, want %d", c.from, c.to, len(got), c.want)
		}
	}
}

// TestEarliestLogEntry: up to now, and from the day on which AIS became a standard.
func TestEarliestLogEntry(t *testing.T) {
	l := detect.LogEntry{MMSI: ship, From: navicert.At(detect.AISSince), To: navicert.At(t0), Reason: "piracy", RecordedBy: "duty officer"}
	if ev, err := l.Event(t0); err != nil || ev.End != navicert.At(t0) {
		t.Errorf("%+v, %v", ev, err)
	}
}

// TestWithdrawLogEntry: an entry that was taken back keeps what it said, says who
// took it back, and stands beside nothing.
func TestWithdrawLogEntry(t *testing.T) {
	l := detect.LogEntry{MMSI: ship, From: navicert.At(t0), Reason: "piracy", RecordedBy: "duty officer"}
	ev, err := l.Event(t0.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	gap := navicert.Event{Kind: "gap", MMSI: ship, Start: navicert.At(t0)}
	back, err := detect.WithdrawLogEntry(ev, "N. N.", "another ship's page", t0.Add(48*time.Hour))
	if err != nil || back.ID != ev.ID || detect.Stands(&back) || !detect.Stands(&ev) || len(detect.Logged(&gap, []navicert.Event{back})) != 0 {
		t.Errorf("%+v, %v", back, err)
	}
	text := strings.Join(back.Explanations, "; ")
	if !strings.Contains(text, "taken back by N. N. on "+t0.Add(48*time.Hour).Format(time.DateOnly)+": another ship's page") || !strings.Contains(text, "says the ship's log: piracy") {
		t.Errorf("it says %s", text)
	}
	if strings.Contains(strings.Join(ev.Explanations, "; "), "taken back") {
		t.Error("the entry itself has changed")
	}
	for name, c := range map[string]struct {
		ev   navicert.Event
		who  string
		want navicert.Kind
	}{"nobody": {ev, " ", navicert.Invalid}, "twice": {back, "N. N.", navicert.Conflict}, "a gap": {gap, "N. N.", navicert.Invalid}} {
		if _, err := detect.WithdrawLogEntry(c.ev, c.who, "", t0); navicert.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestBesideLog: beside an entry a gap does not say that the log was not looked
// into, and says still what was not.
func TestBesideLog(t *testing.T) {
	l := detect.LogEntry{MMSI: ship, From: navicert.At(t0), Reason: "piracy", RecordedBy: "duty officer"}
	entry, err := l.Event(t0)
	if err != nil {
		t.Fatal(err)
	}
	for last, want := range map[string]string{
		"not looked into: the ship's own log":                            "",
		"not looked into: outages of the feed, the ship's own log":       "not looked into: outages of the feed",
		"not looked into: ports, the ship's own log, waiting areas":      "not looked into: ports, waiting areas",
		"at the start the vessel reported itself at anchor":              "at the start the vessel reported itself at anchor",
		"not looked into: registers of bunker ships, notified transfers": "not looked into: registers of bunker ships, notified transfers",
	} {
		gap := navicert.Event{MMSI: ship, Start: navicert.At(t0), Explanations: []string{"class: coverage", last}}
		got := detect.BesideLog(gap, []navicert.Event{entry, entry}).Explanations
		wanted := []string{"class: coverage", want}
		if want == "" {
			wanted = wanted[:1]
		}
		if wanted = append(wanted, entry.Explanations[1:]...); !slices.Equal(got, wanted) {
			t.Errorf("%q becomes %q", last, got)
		}
		if without := detect.BesideLog(gap, nil); !slices.Equal(without.Explanations, gap.Explanations) || gap.Explanations[1] != last {
			t.Errorf("without an entry %q becomes %q", last, without.Explanations)
		}
	}
}

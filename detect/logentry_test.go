package detect_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
)

func TestLogEntry(t *testing.T) {
	at := func(h int) navicert.Instant { return navicert.At(t0.Add(time.Duration(h) * time.Hour)) }
	good := detect.LogEntry{MMSI: ship, From: at(2), To: at(9), Reason: "pirates reported", RecordedBy: "duty officer", Document: "log.pdf", SHA256: "ab"}
	ev, err := good.Event()
	if err != nil || ev.State != navicert.EventClosed || ev.Evidence[0].Ref != "sha256 ab" || ev.Evidence[0].Text != good.Reason {
		t.Errorf("%+v, %v", ev, err)
	}
	for name, change := range map[string]func(*detect.LogEntry){
		"no vessel": func(l *detect.LogEntry) { l.MMSI = 0 }, "no time": func(l *detect.LogEntry) { l.From = navicert.Instant{} },
		"backwards": func(l *detect.LogEntry) { l.To = at(1) }, "no reason": func(l *detect.LogEntry) { l.Reason = " " },
		"nobody": func(l *detect.LogEntry) { l.RecordedBy = "" },
	} {
		l := good
		if change(&l); true {
			if _, err := l.Event(); navicert.KindOf(err) != navicert.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	still := good
	still.From, still.To = at(20), navicert.Instant{}
	open, err := still.Event()
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

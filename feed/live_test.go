package feed

import (
	"strings"
	"testing"
	"time"

	"navicert"
)

func TestPrintable(t *testing.T) {
	l := live{secret: "TOPSECRET"}
	for says, want := range map[string]string{
		"the key TOPSECRET is not known": "the key (the key) is not known",
		"two\nlines\x1b[2J":              "two lines [2J",
		"a\xff\xfeb":                     "a?b",
		strings.Repeat("é", 300):         strings.Repeat("é", maxWhy) + "…",
	} {
		if got := l.printable(says); got != want {
			t.Errorf("%q is kept as %q, want %q", says, got, want)
		}
	}
}

// TestClockSetBack: an outage does not end before it begins.
func TestClockSetBack(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var got navicert.Outage
	l := live{outage: navicert.Outage{Feed: "tcp://sim", From: began}, report: func(o navicert.Outage) error {
		got = o
		return nil
	}}
	if err := l.endOutage(began.Add(-5 * time.Second)); err != nil || !got.From.Equal(began) || !got.To.Equal(began) {
		t.Errorf("outage %+v, %v", got, err)
	}
}

// TestQueueHolds: what is being read counts as held too.
func TestQueueHolds(t *testing.T) {
	q := newQueue(10)
	q.offer([]byte("12345678"))
	p := make([]byte, 2)
	if n, err := q.Read(p); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if q.offer([]byte("abcdef")); q.dropped() != 1 {
		t.Error("12 bytes are held of 10")
	}
	if q.offer([]byte("abcd")); q.dropped() != 1 {
		t.Error("there was room for 4 bytes")
	}
	done := make(chan bool)
	go func() { done <- q.put([]byte("waits")) }()
	for range 5 {
		if _, err := q.Read(p); err != nil {
			t.Fatal(err)
		}
	}
	if !<-done {
		t.Error("put found the queue closed")
	}
}

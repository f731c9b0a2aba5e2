package app

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
)

// TestDecodeLive decodes what a feed sends over TCP, stamped on arrival, and
// flushes before it waits.
func TestDecodeLive(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := ais.NewPositionA(299000001)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = c.Write(ais.Sentences(nil, "AI", 'A', 0, m.Encode()))
		_, _ = io.Copy(io.Discard, c) // until the reader hangs up
		_ = c.Close()
	}()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []navicert.MMSI
	inputs, err := Decode(ctx, DecodeOptions{
		Clock: func() time.Time { return at },
		Message: func(m *ais.Message) error {
			if when, from := m.Time(); !when.Equal(at) || from != navicert.TimeArrival {
				t.Errorf("time %v from %q, want arrival", when, from)
			}
			got = append(got, m.Body.Head().MMSI)
			return nil
		},
		Idle: func() error {
			if len(got) > 0 {
				cancel() // the message came before the next read, which would wait
			}
			return nil
		},
	}, "tcp://"+l.Addr().String())
	if !errors.Is(err, context.Canceled) || len(got) != 1 || got[0] != 299000001 {
		t.Errorf("messages of %v, %v", got, err)
	}
	if len(inputs) != 1 || inputs[0].AIS == nil || inputs[0].AIS.Messages != 1 {
		t.Errorf("inputs %+v", inputs)
	}
}

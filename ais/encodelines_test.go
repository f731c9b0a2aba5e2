package ais

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const aMessage = `{"type":10,"mmsi":299000001,"scaled":true,"dest_mmsi":299000002}` + "\n"

// TestEncoderLines counts every line, good, bad and too long, and goes on.
func TestEncoderLines(t *testing.T) {
	many := `{"type":10,"mmsi":1,"scaled":true`
	for i := range 80 {
		many += fmt.Sprintf(`,"made_up_%d":1`, i)
	}
	in := "\ufeff" + aMessage + "\n# comment\n" + strings.Repeat("x", 3*maxJSONLine) + "\n" + aMessage + many + "}\n" +
		`{"type":10,"mmsi":299000001,"scaled":true,"time":"1970-01-01T00:00:00Z"}` + "\n" +
		`{"type":10,"mmsi":299000001,"scaled":true} {}` + "\n" + strings.TrimSuffix(aMessage, "\n")
	var out bytes.Buffer
	c, err := NewEncoder(&out, EncoderOptions{Tag: true}).Lines(iotest.HalfReader(strings.NewReader(in)))
	if err != nil || c.Lines != 9 || c.Skipped != 2 || c.Messages != 4 || c.Sentences != 4 {
		t.Errorf("%+v, %v", c, err)
	}
	if c.Lines != c.Skipped+c.Messages+int64(c.Dropped.Total()) {
		t.Errorf("%d lines, but %d skipped, %d messages, %d dropped", c.Lines, c.Skipped, c.Messages, c.Dropped.Total())
	}
	if got := c.Dropped.String(); got != "1 bad_message, 1 long_line, 1 not_json" {
		t.Errorf("dropped %s", got)
	}
	if n := len(c.Unused.Reasons()); c.Unused.Total() != 80 || n != maxUnused+1 {
		t.Errorf("%d members without a use by %d names, want 80 by %d", c.Unused.Total(), n, maxUnused+1)
	}
	if n := bytes.Count(out.Bytes(), []byte("\r\n")); n != 4 {
		t.Errorf("%d sentences written: %s", n, out.Bytes())
	}
}

// TestEncoderPause writes out what there is before it waits for more, drops the
// line that a gap cuts off, and returns other errors.
func TestEncoderPause(t *testing.T) {
	var out bytes.Buffer
	broken := errors.New("broken")
	reads := []func(p []byte) (int, error){
		func(p []byte) (int, error) { return copy(p, aMessage+aMessage[:10]), nil }, // a pipe ends its blocks anywhere
		func(p []byte) (int, error) {
			if bytes.Count(out.Bytes(), []byte("\r\n")) != 1 {
				t.Errorf("not written before the pause: %q", out.Bytes())
			}
			return copy(p, aMessage[10:20]), nil
		},
		func([]byte) (int, error) { return 0, ErrGap },
		func(p []byte) (int, error) { return copy(p, aMessage), nil },
		func([]byte) (int, error) { return 0, broken },
	}
	c, err := NewEncoder(&out, EncoderOptions{}).Lines(readerFunc(func(p []byte) (int, error) {
		next := reads[0]
		reads = reads[1:]
		return next(p)
	}))
	if !errors.Is(err, broken) || c.Messages != 2 || c.Dropped.Count(NotJSON) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := NewEncoder(failing{}, EncoderOptions{}).Lines(strings.NewReader(aMessage)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v of a writer that fails", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

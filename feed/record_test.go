package feed_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"navicert/feed"
)

// failing takes so many bytes and no more.
type failing struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.Len()+len(p) > f.room {
		return 0, errFull
	}
	return f.Buffer.Write(p)
}

// TestRecordFails: what was read is given, also where it can no longer be
// recorded; then the error comes, and again.
func TestRecordFails(t *testing.T) {
	s, err := feed.Opener{Stdin: io.MultiReader(strings.NewReader("one\n"), strings.NewReader("two\n"), strings.NewReader("three\n"))}.Open(t.Context(), "-")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if from, ok := s.Recorded(); ok {
		t.Errorf("recorded from %d before it is", from)
	}
	w := &failing{room: 6}
	s.Record(w, 1000)
	if from, ok := s.Recorded(); !ok || from != 1000 {
		t.Errorf("recorded from %d, %v", from, ok)
	}
	got, err := io.ReadAll(s)
	if !errors.Is(err, errFull) || !strings.HasPrefix("one\ntwo\nthree\n", string(got)) || len(got) <= w.Len() {
		t.Errorf("read %q, %v; recorded %q", got, err, w.String())
	}
	if n, err := s.Read(make([]byte, 10)); n != 0 || !errors.Is(err, errFull) {
		t.Errorf("again: %d, %v", n, err)
	}
}

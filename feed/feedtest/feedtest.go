// Package feedtest is the contracts that every feed format and every transport
// must keep, as test suites. Of a format: reports are sound and say where they
// come from, every record is counted once, damage stops nothing, and errors of
// the sink and the context come back. Of a transport: what is sent arrives, and
// losses and silence are noticed and recorded.
//
//	feedtest.Run(t, feedtest.Case{Format: "nmea", Input: sample, Fixes: 4, Statics: 2})
//	feedtest.RunTransport(t, feedtest.Transport{New: newPeer})
package feedtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navicert"
	"navicert/feed"
)

// Case is a sample of a format and what it holds.
type Case struct {
	Format  string // its name
	Input   []byte
	Fixes   int
	Statics int
}

// Collected is a sink that keeps copies of what it is given.
type Collected struct {
	Fixes   []navicert.Fix
	Statics []navicert.Static
	Fail    error // returned by both, when set
}

// Fix implements feed.Sink.
func (c *Collected) Fix(f *navicert.Fix) error {
	c.Fixes = append(c.Fixes, *f)
	return c.Fail
}

// Static implements feed.Sink.
func (c *Collected) Static(s *navicert.Static) error {
	c.Statics = append(c.Statics, *s)
	return c.Fail
}

const source = "sample"

// Run runs the suite.
func Run(t *testing.T, c Case) {
	whole, stats := read(t, c.Format, bytes.NewReader(c.Input))
	if len(whole.Fixes) != c.Fixes || len(whole.Statics) != c.Statics {
		t.Fatalf("%d fixes and %d static reports, want %d and %d (%s dropped)", len(whole.Fixes), len(whole.Statics), c.Fixes, c.Statics, stats.Dropped.String())
	}
	t.Run("sound", func(t *testing.T) { sound(t, whole) })
	t.Run("auto", func(t *testing.T) { same(t, whole, first(read(t, feed.Auto, bytes.NewReader(c.Input)))) })
	t.Run("byte by byte", func(t *testing.T) {
		same(t, whole, first(read(t, c.Format, iotest.OneByteReader(bytes.NewReader(c.Input)))))
	})
	t.Run("CR LF", func(t *testing.T) {
		crlf := bytes.ReplaceAll(bytes.ReplaceAll(c.Input, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
		got, _ := read(t, c.Format, bytes.NewReader(crlf))
		if len(got.Fixes) != c.Fixes || len(got.Statics) != c.Statics {
			t.Errorf("%d fixes and %d static reports, want %d and %d", len(got.Fixes), len(got.Statics), c.Fixes, c.Statics)
		}
	})
	t.Run("damage in the middle", func(t *testing.T) { damage(t, c) })
	t.Run("cut off anywhere", func(t *testing.T) { cutOff(t, c, whole) })
	t.Run("the sink's error", func(t *testing.T) {
		fail := errors.New("disk full")
		_, err := feed.Read(t.Context(), bytes.NewReader(c.Input), feed.Options{Format: c.Format}, &Collected{Fail: fail})
		if !errors.Is(err, fail) {
			t.Errorf("error %v, want the sink's", err)
		}
	})
	t.Run("the source's error", func(t *testing.T) {
		fail := errors.New("cable cut")
		in := io.MultiReader(bytes.NewReader(c.Input), iotest.ErrReader(fail))
		var got Collected
		stats, err := feed.Read(t.Context(), in, feed.Options{Format: c.Format, Source: source}, &got)
		if !errors.Is(err, fail) {
			t.Errorf("error %v, want the source's", err)
		}
		same(t, whole, &got)
		conserved(t, &stats, &got)
	})
	t.Run("the context's end", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := feed.Read(ctx, bytes.NewReader(c.Input), feed.Options{Format: c.Format}, &Collected{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
	t.Run("simulated", func(t *testing.T) {
		var got Collected
		if _, err := feed.Read(t.Context(), bytes.NewReader(c.Input), feed.Options{Format: c.Format, Simulated: true}, &got); err != nil {
			t.Fatal(err)
		}
		for _, f := range got.Fixes {
			if !f.Simulated {
				t.Errorf("fix not marked: %+v", f)
			}
		}
		for _, s := range got.Statics {
			if !s.Simulated {
				t.Errorf("static report not marked: %+v", s)
			}
		}
	})
}

func read(t *testing.T, format string, r io.Reader) (*Collected, feed.Stats) {
	t.Helper()
	var c Collected
	stats, err := feed.Read(t.Context(), r, feed.Options{Source: source, Format: format}, &c)
	if err != nil {
		t.Fatal(err)
	}
	conserved(t, &stats, &c)
	return &c, stats
}

func first(c *Collected, _ feed.Stats) *Collected { return c }

// conserved checks that every record is counted once.
func conserved(t *testing.T, s *feed.Stats, c *Collected) {
	t.Helper()
	if s.Records != s.Used+int64(s.Dropped.Total()) {
		t.Errorf("%d records, but %d used and %s dropped", s.Records, s.Used, s.Dropped.String())
	}
	if s.Fixes != int64(len(c.Fixes)) || s.Statics != int64(len(c.Statics)) {
		t.Errorf("%d fixes and %d static reports counted, %d and %d given", s.Fixes, s.Statics, len(c.Fixes), len(c.Statics))
	}
}

func same(t *testing.T, want, got *Collected) {
	t.Helper()
	opts := cmp.Options{
		cmpopts.EquateEmpty(), cmp.Comparer(equalOpt[float64]), cmp.Comparer(equalOpt[int]), cmp.Comparer(equalOpt[navicert.NavStatus]),
	}
	if d := cmp.Diff(want, got, opts); d != "" {
		t.Errorf("read differently (-want +got):\n%s", d)
	}
}

func equalOpt[T comparable](a, b navicert.Opt[T]) bool { return a == b }

// sound checks what holds for every report.
func sound(t *testing.T, c *Collected) {
	for _, f := range c.Fixes {
		if f.MMSI == 0 || f.Time.IsZero() || f.Time.Location() != time.UTC || f.TimeFrom == "" || !f.Pos.Valid() {
			t.Errorf("fix %+v: without sender, time in UTC and its origin, or place", f)
		}
		if f.Ref.Source != source {
			t.Errorf("fix of %q, want %q", f.Ref.Source, source)
		}
		if v, ok := f.HeadingDeg.Get(); ok && (v < 0 || v >= 360) {
			t.Errorf("heading %v", v)
		}
		if v, ok := f.CourseDeg.Get(); ok && (v < 0 || v >= 360) {
			t.Errorf("course %v", v)
		}
		if v, ok := f.SpeedKn.Get(); ok && (v < 0 || v >= 102.3) {
			t.Errorf("speed %v", v)
		}
		if v, ok := f.Status.Get(); ok && v >= 15 {
			t.Errorf("status %v", v)
		}
	}
	for _, s := range c.Statics {
		if s.MMSI == 0 || s.Time.IsZero() || s.Time.Location() != time.UTC || s.TimeFrom == "" || s.Ref.Source != source {
			t.Errorf("static report %+v: without sender, time in UTC and its origin, or source", s)
		}
		if s.IMO != 0 && !s.IMO.Valid() {
			t.Errorf("IMO number %d fails its check digit", uint32(s.IMO))
		}
	}
}

// damage puts rubbish between the lines: nothing else may be lost by it, but for
// the one message whose parts a skipped line stands between, since that line
// could have held a part of another.
func damage(t *testing.T, c Case) {
	rubbish := [][]byte{
		[]byte("\x00\x00\x00\n"), []byte("\x1a\n"), []byte("\xff\xfe\x80rubbish\n"), []byte("\n"),
		append(bytes.Repeat([]byte{'x'}, 200<<10), '\n'), []byte(`"` + "\n"), []byte("\\s:\n"),
	}
	for _, r := range rubbish {
		lines := bytes.SplitAfter(c.Input, []byte("\n"))
		for at := 1; at < len(lines); at++ {
			in := slices.Concat(bytes.Join(lines[:at], nil), r, bytes.Join(lines[at:], nil))
			got, _ := read(t, c.Format, bytes.NewReader(in))
			lost := c.Fixes + c.Statics - len(got.Fixes) - len(got.Statics)
			if split := len(r) > 64<<10 && lost == 1 && oneMessage(lines[at-1], lines[at]); split {
				continue
			}
			if len(got.Fixes) != c.Fixes || len(got.Statics) != c.Statics {
				t.Fatalf("%.20q before line %d: %d fixes and %d static reports, want %d and %d",
					r, at+1, len(got.Fixes), len(got.Statics), c.Fixes, c.Statics)
			}
		}
	}
}

// oneMessage reports whether two lines are the two parts of one message.
func oneMessage(a, b []byte) bool {
	return bytes.Contains(a, []byte("VDM,2,1,")) && bytes.Contains(b, []byte("VDM,2,2,"))
}

// cutOff ends the input after every byte: nothing may be reported that the
// whole does not hold, and what is before the last line must be.
func cutOff(t *testing.T, c Case, whole *Collected) {
	known := map[navicert.Fix]bool{}
	for _, f := range whole.Fixes {
		known[f] = true
	}
	last := 0
	for n := range c.Input {
		var got Collected
		stats, err := feed.Read(t.Context(), bytes.NewReader(c.Input[:n]), feed.Options{Source: source, Format: c.Format}, &got)
		if err != nil {
			if kind := navicert.KindOf(err); kind == "" {
				t.Fatalf("after %d bytes: %v: not an error that says what to do", n, err)
			}
			continue
		}
		conserved(t, &stats, &got)
		if len(got.Fixes) < last {
			t.Errorf("after %d bytes: %d fixes, one byte less had %d", n, len(got.Fixes), last)
		}
		if n > 0 && c.Input[n-1] == '\n' {
			last = len(got.Fixes)
			for _, f := range got.Fixes {
				if !known[f] {
					t.Errorf("after %d bytes: %+v is not in the whole", n, f)
				}
			}
		}
	}
}

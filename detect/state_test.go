package detect_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/feed"
	"navicert/internal/realdata"
	"navicert/track/state"
)

// record is a fix or a static report.
type record struct {
	fix    navicert.Fix
	static *navicert.Static // nil: it is the fix
}

func (r *record) time() time.Time {
	if r.static != nil {
		return r.static.Time
	}
	return r.fix.Time
}

// collector is a feed.Sink.
type collector []record

func (c *collector) Fix(f *navicert.Fix) error { *c = append(*c, record{fix: *f}); return nil }

func (c *collector) Static(s *navicert.Static) error {
	held := *s
	*c = append(*c, record{static: &held})
	return nil
}

// recording reads the beginning of real data, in order of time.
func recording(t testing.TB, name string) []record {
	t.Helper()
	in, err := feed.Open(t.Context(), realdata.Dir(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var c collector
	if _, err := feed.Read(t.Context(), in, feed.Options{Source: in.Name}, &c); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(c, func(a, b record) int { return a.time().Compare(b.time()) })
	return c[:min(len(c), 10_000)]
}

// withReports adds static reports to traffic: of each ship every hour, and once
// another name.
func withReports(fixes []navicert.Fix) (out []record) {
	for i, f := range fixes {
		if i%19 == 0 {
			s := &navicert.Static{MMSI: f.MMSI, Time: f.Time, Name: fmt.Sprint("EXAMPLE STAR ", uint32(f.MMSI)), DraughtM: navicert.Some(8.5), Ref: f.Ref}
			if i%5 == 0 {
				s.Name, s.DraughtM = "EXAMPLE OTHER", navicert.Some(12.0)
			}
			out = append(out, record{static: s})
		}
		out = append(out, record{fix: f})
	}
	return out
}

// told is all that an engine gives out, byte by byte.
type told []string

func (o *told) options(t testing.TB, lateness time.Duration) detect.Options {
	say := func(what string, v any) error {
		b, err := json.Marshal(v)
		*o = append(*o, what+" "+string(b))
		return err
	}
	return detect.Options{
		Detectors: all.Detectors(all.Config{Zones: zones(t)}), Lateness: lateness,
		Event: func(ev navicert.Event) error { return say("event", ev) },
		Kept: func(f *navicert.Fix) error {
			c := state.Saving()
			c.Fix(f)
			b, err := c.Bytes()
			*o = append(*o, fmt.Sprintf("fix {\"mmsi\":%d} %x", f.MMSI, b))
			return err
		},
		Reported: func(s *navicert.Static) error { return say("static", s) },
	}
}

func give(t testing.TB, e *detect.Engine, rs []record) {
	t.Helper()
	for i := range rs {
		var err error
		if rs[i].static != nil {
			err = e.Static(rs[i].static)
		} else {
			err = e.Fix(&rs[i].fix)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func saved(t testing.TB, e *detect.Engine) []byte {
	t.Helper()
	c := state.Saving()
	e.State(c)
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func loaded(t testing.TB, b []byte, o detect.Options) *detect.Engine {
	t.Helper()
	e := detect.NewEngine(o)
	c := state.Loading(b)
	e.State(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestState is the contract of Engine.State: saved at any moment and loaded into
// a new engine, the rest of the run gives the same, byte for byte, down to the
// counts.
func TestState(t *testing.T) {
	for name, rs := range map[string][]record{
		"invented traffic": withReports(traffic(40, 48)),
		"marinecadastre":   recording(t, "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz"),
		"dma":              recording(t, "ais/nmea/dma-aisabnormal-ais-sample.txt.gz"),
		"drift":            recording(t, "ais/nmea/dma-aisabnormal-538004030_drift_1.ais"),
		"old bahama":       recording(t, "ais/tracks/obc/test_data.csv.gz"),
	} {
		t.Run(name, func(t *testing.T) {
			const lateness = time.Minute
			var whole told
			e := detect.NewEngine(whole.options(t, lateness))
			give(t, e, rs)
			if err := e.Close(time.Time{}); err != nil {
				t.Fatal(err)
			}
			stats := statsText(e)
			if len(whole) == 0 {
				t.Fatal("nothing came out")
			}
			r := rand.New(rand.NewPCG(11, uint64(len(rs))))
			for range 3 {
				var got told
				e := detect.NewEngine(got.options(t, lateness))
				from := 0
				for range 3 {
					to := from + r.IntN(len(rs)-from)
					give(t, e, rs[from:to])
					b := saved(t, e)
					e = loaded(t, b, got.options(t, lateness))
					if again := saved(t, e); string(again) != string(b) {
						t.Fatalf("saved after %d reports, loaded and saved again: %d and %d bytes that differ", to, len(b), len(again))
					}
					from = to
				}
				give(t, e, rs[from:])
				if err := e.Close(time.Time{}); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, whole) {
					t.Fatalf("saved and loaded it gives something else: %s", firstDifference(got, whole))
				}
				if s := statsText(e); s != stats {
					t.Errorf("counts %s, want %s", s, stats)
				}
			}
		})
	}
}

func statsText(e *detect.Engine) string {
	s := e.Stats()
	return fmt.Sprintf("%d fixes, %d kept, %d vessels, aside: %s", s.Fixes, s.Kept, s.Vessels, s.SetAside.String())
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("number %d of %d and %d:\n%s\n%s", i, len(got), len(want), g, w)
		}
	}
	return "none"
}

// TestStateOfAnother: what another version, or an engine of other options, has
// saved is refused.
func TestStateOfAnother(t *testing.T) {
	var o told
	e := detect.NewEngine(o.options(t, time.Minute))
	give(t, e, withReports(traffic(3, 6)))
	b := saved(t, e)
	for name, change := range map[string]func(*detect.Options){
		"lateness":  func(o *detect.Options) { o.Lateness = time.Hour },
		"detectors": func(o *detect.Options) { o.Detectors = o.Detectors[1:] },
	} {
		opts := o.options(t, time.Minute)
		change(&opts)
		c := state.Loading(b)
		detect.NewEngine(opts).State(c)
		if navicert.KindOf(c.Close()) != navicert.Invalid {
			t.Errorf("%s: error %v", name, c.Close())
		}
	}
	for n := 0; n < len(b); n += 1 + len(b)/50 {
		c := state.Loading(b[:n])
		detect.NewEngine(o.options(t, time.Minute)).State(c)
		if c.Close() == nil {
			t.Fatalf("%d of %d bytes were taken for a state", n, len(b))
		}
	}
}

// TestArrivalIsForgotten: reports that arrive in any order within the lateness,
// some of them twice, give the same events, fixes and reports, byte for byte.
func TestArrivalIsForgotten(t *testing.T) {
	const lateness = 2 * time.Minute
	rs := withReports(traffic(40, 48))
	r := rand.New(rand.NewPCG(3, 9))
	for i := range len(rs) {
		if f := rs[i].fix; rs[i].static == nil && i%7 == 0 { // copies: by another receiver, and cut off
			f.Station = "second"
			rs = append(rs, record{fix: f})
			f.HeadingDeg, f.Ref.Line = navicert.Some(91.0), f.Ref.Line+1
			rs = append(rs, record{fix: f})
		}
	}
	var want told
	for run := range 4 {
		type arrival struct {
			at time.Time
			record
		}
		as := make([]arrival, len(rs))
		for i := range rs {
			as[i] = arrival{rs[i].time().Add(time.Duration(r.Float64() * float64(lateness))), rs[i]}
		}
		slices.SortFunc(as, func(a, b arrival) int { return a.at.Compare(b.at) })
		var got told
		e := detect.NewEngine(got.options(t, lateness))
		for _, a := range as {
			give(t, e, []record{a.record})
		}
		if err := e.Close(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			want = got
		} else if !slices.Equal(got, want) {
			t.Fatalf("arrival %d gives something else: %s", run, firstDifference(got, want))
		}
	}
	if len(want) < 1000 {
		t.Errorf("only %d things came out", len(want))
	}
}

// TestFutureDoesNotEndTheOrder: one position of a far-future time leaves the
// events of all others as they were, also of those that arrive late.
func TestFutureDoesNotEndTheOrder(t *testing.T) {
	const lateness = 2 * time.Minute
	rs := withReports(traffic(20, 30))
	play := func(wrong bool, late bool) (events told) {
		var got told
		e := detect.NewEngine(got.options(t, lateness))
		for i := range rs {
			if wrong && i == 50 {
				f := fixAt(299_999_999, 0, 10, -65)
				f.Time = t0.AddDate(73, 0, 0)
				give(t, e, []record{{fix: f}})
			}
			k := i
			if late { // pairs change places
				k = i ^ 1
			}
			if k < len(rs) {
				give(t, e, rs[k:k+1])
			}
		}
		if len(rs)%2 == 1 && late {
			give(t, e, rs[len(rs)-1:])
		}
		if err := e.Close(rs[len(rs)-1].time()); err != nil {
			t.Fatal(err)
		}
		for _, line := range got {
			var of struct{ MMSI navicert.MMSI }
			_, body, _ := strings.Cut(line, " ")
			if err := json.NewDecoder(strings.NewReader(body)).Decode(&of); err != nil {
				t.Fatal(err)
			}
			if of.MMSI != 299_999_999 {
				events = append(events, line)
			}
		}
		return events
	}
	want := play(false, false)
	for _, c := range []struct{ wrong, late bool }{{true, false}, {false, true}, {true, true}} {
		if got := play(c.wrong, c.late); !slices.Equal(got, want) {
			t.Errorf("a wrong position %v, late arrivals %v: %s", c.wrong, c.late, firstDifference(got, want))
		}
	}
}

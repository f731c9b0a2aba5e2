package detect_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"syscall"
	"testing"
	"time"

	"navicert"
	"navicert/ais"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/detecttest"
	"navicert/feed"
	"navicert/geo"
	"navicert/internal/realdata"
)

// input is positions and static reports in the order of a recording.
type input struct {
	fixes  []navicert.Fix
	static []navicert.Static
	order  []bool    // true: the next is a fix
	until  time.Time // later fixes are left out
}

func (in *input) Fix(f *navicert.Fix) error {
	if !in.until.IsZero() && f.Time.After(in.until) {
		return nil
	}
	in.fixes, in.order = append(in.fixes, *f), append(in.order, true)
	return nil
}

func (in *input) Static(s *navicert.Static) error {
	in.static, in.order = append(in.static, *s), append(in.order, false)
	return nil
}

// play gives the input to an engine with all detectors and returns how many
// events came of it.
func (in *input) play(b *testing.B, with all.Config) (events int) {
	e := detect.NewEngine(detect.Options{
		Detectors: all.Detectors(with),
		Event:     func(navicert.Event) error { events++; return nil },
	})
	fixes, static := in.fixes, in.static
	for _, isFix := range in.order {
		var err error
		if isFix {
			err, fixes = e.Fix(&fixes[0]), fixes[1:]
		} else {
			err, static = e.Static(&static[0]), static[1:]
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Close(e.Newest()); err != nil {
		b.Fatal(err)
	}
	return events
}

// BenchmarkReplay measures decoded positions through tracker and all detectors,
// with forty zones in the area: dense are invented ships that cross zone after
// zone, recorded is 17 minutes of the coasts of the United States.
func BenchmarkReplay(b *testing.B) {
	run := func(b *testing.B, in *input, index *geo.Index) {
		detecttest.OneCore(b)
		with := config(b, index)
		in.play(b, with) // tables that are made once
		b.ReportAllocs()
		n, events := 0, 0
		for b.Loop() {
			events += in.play(b, with)
			n += len(in.fixes)
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "positions/s")
		b.ReportMetric(1000*float64(events)/float64(n), "events/1000")
	}
	b.Run("dense", func(b *testing.B) {
		in := &input{fixes: traffic(400, 48)}
		in.order = make([]bool, len(in.fixes))
		for i := range in.order {
			in.order[i] = true
		}
		run(b, in, zones(b))
	})
	b.Run("recorded", func(b *testing.B) {
		r, err := feed.Open(b.Context(), realdata.Dir(b, "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz"))
		if err != nil {
			b.Fatal(err)
		}
		defer r.Close()
		in := &input{until: time.Date(2022, 1, 3, 1, 0, 0, 0, time.UTC)} // but for some hundred rows of later hours
		if _, err := feed.Read(b.Context(), r, feed.Options{Source: "bench"}, in); err != nil {
			b.Fatal(err)
		}
		run(b, in, zonesAmid(b, in.fixes))
	})
}

// config is zones and all that the program carries: land and ports.
func config(t testing.TB, zones *geo.Index) all.Config {
	t.Helper()
	return all.Config{Zones: zones, Land: detecttest.World(t), Ports: geo.NewPorts(geo.KnownPorts(nil, nil))}
}

// zonesAmid are forty circles of 20 nm around ships of the input.
func zonesAmid(t testing.TB, fixes []navicert.Fix) *geo.Index {
	t.Helper()
	var zs []geo.Zone
	for i := range 40 {
		a, err := geo.NewCircle(fixes[i*len(fixes)/40].Pos, 20)
		if err != nil {
			t.Fatal(err)
		}
		zs = append(zs, geo.Zone{ID: string(rune('A' + i)), Kind: geo.Danger, Effect: geo.Warns, From: navicert.At(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), Area: a})
	}
	return geo.NewIndex(zs)
}

// engineSink gives reports to an engine.
type engineSink struct{ *detect.Engine }

func (s engineSink) Fix(f *navicert.Fix) error       { return s.Engine.Fix(f) }
func (s engineSink) Static(r *navicert.Static) error { return s.Engine.Static(r) }

// paced puts the time in a tag block before each sentence of a recording that tells
// none, at the pace of the base stations in it: ships that were heard for hours would
// otherwise have gone their way in seconds, and be torn apart.
func paced(b *testing.B, text []byte) []byte {
	var out []byte
	now, done := t0, int64(0)
	until := func(end int64) {
		for _, line := range bytes.SplitAfter(text[done:end], []byte("\n")) {
			if len(line) > 0 {
				out = append(ais.AppendTag(out, "", now), line...)
			}
		}
		done = end
	}
	clock := detect.NewClock(time.Hour)
	r := ais.NewReader(bytes.NewReader(text), ais.Options{})
	for {
		m, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		station, ok := m.Body.(*ais.BaseStation)
		if !ok {
			continue
		}
		if t, ok := station.UTC().Get(); ok {
			before := clock.Now()
			clock.Tick(t)
			if on := clock.Now().Sub(before); !before.IsZero() && on > 0 && on < time.Hour { // else another recording begins
				until(m.Offset)
				now = now.Add(on)
			}
		}
	}
	until(int64(len(text)))
	return out
}

// BenchmarkReplayNMEA measures positions from the bytes of sentences through
// reader, joining of receptions, waiting room, tracker and all detectors, with
// forty zones: dense is the invented sea of BenchmarkReplay, recorded a real
// recording.
func BenchmarkReplayNMEA(b *testing.B) {
	run := func(b *testing.B, text []byte) {
		detecttest.OneCore(b)
		with := config(b, zones(b))
		pass := func() int64 {
			e := detect.NewEngine(detect.Options{
				Detectors: all.Detectors(with), Lateness: time.Minute,
				Event: func(navicert.Event) error { return nil },
			})
			o := feed.Options{Source: "bench", Unique: true, Lateness: time.Minute}
			stats, err := feed.Read(b.Context(), bytes.NewReader(text), o, engineSink{e})
			if err != nil {
				b.Fatal(err)
			}
			if err := e.Close(time.Time{}); err != nil {
				b.Fatal(err)
			}
			return stats.Fixes
		}
		if pass() == 0 { // tables that are made once
			b.Fatal("no positions")
		}
		b.ReportAllocs()
		var n int64
		for b.Loop() {
			n += pass()
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "positions/s")
	}
	b.Run("dense", func(b *testing.B) { run(b, sentences(traffic(400, 48))) })
	b.Run("recorded", func(b *testing.B) {
		in, err := feed.Open(b.Context(), realdata.Dir(b, "ais/bench100k.nmea.gz"))
		if err != nil {
			b.Fatal(err)
		}
		defer in.Close()
		text, err := io.ReadAll(in)
		if err != nil {
			b.Fatal(err)
		}
		run(b, paced(b, text))
	})
}

// sentences are the positions as a station writes them, each with its time.
func sentences(fixes []navicert.Fix) (text []byte) {
	for _, f := range fixes {
		m := ais.NewPositionA(f.MMSI)
		m.Lat, m.Lon = ais.Lat(math.Round(600_000*f.Pos.Lat)), ais.Lon(math.Round(600_000*f.Pos.Lon))
		m.Speed, m.Course, m.Status = ais.MakeSpeed(f.SpeedKn.Or(0)), ais.MakeCourse(f.CourseDeg.Or(0)), 0 // under way
		text = ais.AppendTag(text, "", f.Time)
		text = ais.Sentences(text, "AI", 'A', 0, m.Encode())
	}
	return text
}

// BenchmarkLive measures 300,000 ships that send 20,000 sentences a second, one
// every fifteen seconds each, over the turn of an hour, from the bytes of sentences
// through everything that replay does but the store. cores is how much of one core
// that takes, live.
func BenchmarkLive(b *testing.B) {
	const ships, rate, rounds = 300_000, 20_000, 5
	var text bytes.Buffer
	var line []byte
	for r := range rounds {
		for i := range ships {
			m := ais.NewPositionA(navicert.MMSI(200_000_001 + 7*i%500_000_000))
			east := 0.0 // of every three ships two are moored
			if i%3 == 0 {
				east = 12.0 / 3600 * float64(r) * ships / rate / 60
				m.Speed, m.Course, m.Heading, m.Status = 120, 900, 90, 0
			} else {
				m.Speed, m.Status = 0, 5
			}
			m.Lat = ais.Lat(600_000 * (float64(i/1000%100) - 50 + float64(i%10)/20))
			m.Lon = ais.Lon(600_000 * (float64(i%360) - 180 + east))
			line = ais.Sentences(line[:0], "AI", 'A', 0, m.Encode())
			text.Write(line)
		}
	}
	with := config(b, zones(b))
	b.ReportAllocs()
	n := 0
	began := cpuSeconds(b)
	for b.Loop() {
		now := t0.Add(time.Hour - ships*time.Second/rate*rounds/2)
		e := detect.NewEngine(detect.Options{
			Detectors: all.Detectors(with), Lateness: time.Minute,
			Event: func(navicert.Event) error { return nil },
		})
		o := feed.Options{Source: "live", Unique: true, Lateness: time.Minute, Arrival: func() time.Time {
			now = now.Add(time.Second / rate)
			return now
		}}
		if _, err := feed.Read(b.Context(), bytes.NewReader(text.Bytes()), o, engineSink{e}); err != nil {
			b.Fatal(err)
		}
		if s := e.Stats(); s.Vessels < ships*9/10 {
			b.Fatalf("%d vessels", s.Vessels)
		}
		n += ships * rounds
	}
	b.ReportMetric((cpuSeconds(b)-began)/(float64(n)/rate), "cores")
}

// cpuSeconds is the processor time that the process has used, on all cores.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

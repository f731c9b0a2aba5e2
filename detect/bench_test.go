package detect_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/feed"
	"navicert/internal/realdata"
)

// engineSink gives reports to an engine.
type engineSink struct{ *detect.Engine }

func (s engineSink) Fix(f *navicert.Fix) error       { return s.Engine.Fix(f) }
func (s engineSink) Static(r *navicert.Static) error { return s.Engine.Static(r) }

// BenchmarkReplayNMEA measures positions from the bytes of a real recording of
// sentences through reader, joining of receptions, waiting room, tracker and all
// detectors, with forty zones.
func BenchmarkReplayNMEA(b *testing.B) {
	in, err := feed.Open(b.Context(), realdata.Dir(b, "ais/bench100k.nmea.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		b.Fatal(err)
	}
	index := zones(b)
	b.ReportAllocs()
	var n int64
	for b.Loop() {
		now := t0
		e := detect.NewEngine(detect.Options{
			Detectors: all.Detectors(all.Config{Zones: index}), Lateness: time.Minute,
			Event: func(navicert.Event) error { return nil },
		})
		o := feed.Options{Source: "bench", Unique: true, Lateness: time.Minute, Arrival: func() time.Time { // sentences without a time
			now = now.Add(50 * time.Microsecond)
			return now
		}}
		stats, err := feed.Read(b.Context(), bytes.NewReader(text), o, engineSink{e})
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Close(time.Time{}); err != nil {
			b.Fatal(err)
		}
		n += stats.Fixes
	}
	if n == 0 {
		b.Fatal("no positions")
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "positions/s")
}

package sim

import (
	"io"
	"testing"
	"time"
)

// BenchmarkWrite measures how fast a crowded world is played.
func BenchmarkWrite(b *testing.B) {
	sc, err := Builtin("caribbean")
	if err != nil {
		b.Fatal(err)
	}
	w, err := New(sc, Options{Vessels: 2000, To: sc.From.Add(24 * time.Hour)})
	if err != nil {
		b.Fatal(err)
	}
	sentences := 0
	for b.Loop() {
		stats, err := w.Write(b.Context(), io.Discard, nil)
		if err != nil {
			b.Fatal(err)
		}
		sentences += stats.Sentences
	}
	b.ReportMetric(float64(sentences)/b.Elapsed().Seconds(), "sentences/s")
}

package screen

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/list"
)

func realView(tb testing.TB) (*View, []list.Entry) {
	tb.Helper()
	p, entries := realSDN(tb)
	s := New(&fakeStore{pubs: []list.Publication{p}, entries: map[string][]list.Entry{p.ID(): entries}}, nil)
	v, err := s.At(context.Background(), When{AsOf: time.Date(2025, 12, 26, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		tb.Fatal(err)
	}
	return v, entries
}

// typos returns names of entries of all kinds with one letter changed, and
// their kinds: what a search is slowest at.
func typos(entries []list.Entry, n int) []Query {
	r := rand.New(rand.NewPCG(1, 2))
	var qs []Query
	for range n {
		e := &entries[r.IntN(len(entries))]
		name := []byte(e.Name)
		name[r.IntN(len(name))] = byte('A' + r.IntN(26))
		qs = append(qs, Query{Kind: string(e.Kind), Name: string(name)})
	}
	return qs
}

func benchNames(b *testing.B, kind string) {
	v, entries := realView(b)
	qs := typos(entries, 2000)
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q := qs[i%len(qs)]
		i++
		if kind != "" {
			q.Kind = kind
		}
		start := time.Now()
		if _, err := v.Screen(q, Options{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "names/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func BenchmarkScreenName(b *testing.B) {
	b.Run("kind given", func(b *testing.B) { benchNames(b, "") })
	b.Run("any kind", func(b *testing.B) { benchNames(b, Any) })
}

func BenchmarkScreenIMO(b *testing.B) {
	v, entries := realView(b)
	var qs []Query
	for _, e := range entries {
		if e.IMO != 0 {
			qs = append(qs, Query{Kind: string(list.Vessel), IMO: e.IMO})
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		a, err := v.Screen(qs[i%len(qs)], Options{})
		if err != nil || !a.Matched() {
			b.Fatal(err, a)
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "hulls/s")
}

// BenchmarkIndexBuild reads the CSV files and builds the index: what a start
// without a store takes.
func BenchmarkIndexBuild(b *testing.B) {
	n := 0
	var ix *index
	b.ReportAllocs()
	for b.Loop() {
		_, entries := realSDN(b)
		ix = newIndex("bench", entries)
		n += len(entries)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MiB")
	runtime.KeepAlive(ix)
}

var _ navicert.IMO

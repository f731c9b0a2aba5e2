package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/feed"
	"navicert/internal/realdata"
	"navicert/store"
)

// BenchmarkStoreBytesPerFix writes the positions of real recordings as replays
// do and reports by how much the closed database grows for each position, pages,
// indexes and the summary of each vessel included: B/fix beside an empty one, and
// B/next-fix when as much of the same vessels comes from another file a day later.
func BenchmarkStoreBytesPerFix(b *testing.B) {
	for _, f := range []struct{ name, path string }{
		{"marinecadastre", "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz"},
		{"nmea", "ais/nmea/dma-aisabnormal-ais-sample.txt.gz"},
	} {
		b.Run(f.name, func(b *testing.B) {
			fixes := realFixes(b, f.path)
			next := slices.Clone(fixes)
			for i := range next {
				next[i].Time = next[i].Time.AddDate(0, 0, 1)
				next[i].Ref.Source += " of the next day"
			}
			n := float64(len(fixes))
			for b.Loop() {
				none, one, two := databaseSize(b), databaseSize(b, fixes), databaseSize(b, fixes, next)
				b.ReportMetric(float64(one-none)/n, "B/fix")
				b.ReportMetric(float64(two-one)/n, "B/next-fix")
			}
		})
	}
}

// realFixes reads the positions of a recording that the store will tell apart.
func realFixes(b *testing.B, path string) []navicert.Fix {
	b.Helper()
	s, err := feed.Open(b.Context(), realdata.Dir(b, path))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var fixes fixSink
	if _, err := feed.Read(b.Context(), s, feed.Options{Source: s.Name}, &fixes); err != nil {
		b.Fatal(err)
	}
	return fixes
}

type fixSink []navicert.Fix

func (s *fixSink) Fix(f *navicert.Fix) error {
	if !f.Time.IsZero() {
		*s = append(*s, *f)
	}
	return nil
}

func (*fixSink) Static(*navicert.Static) error { return nil }

// databaseSize is how large the database is in which some recordings are.
func databaseSize(b *testing.B, recordings ...[]navicert.Fix) int64 {
	b.Helper()
	ctx, dir := context.Background(), b.TempDir()
	db, err := store.Open(ctx, dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, fixes := range recordings {
		added := 0
		for batch := range slices.Chunk(fixes, batchSize) {
			n, err := db.AppendFixes(ctx, batch)
			if err != nil {
				b.Fatal(err)
			}
			added += n
		}
		if added != len(fixes) {
			b.Fatalf("%d of %d positions are held", added, len(fixes))
		}
		if _, err := db.AppendBatch(ctx, &store.Batch{Input: "bench", Ended: true, RecordedAt: time.Unix(0, 0)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, store.FileName))
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

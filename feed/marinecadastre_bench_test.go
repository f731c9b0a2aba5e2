package feed

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"

	"navicert/internal/realdata"
)

// realRows returns the header and the 99,999 rows of the real sample, the rows
// as often as asked.
func realRows(tb testing.TB, times int) []byte {
	tb.Helper()
	f, err := os.Open(realdata.Dir(tb, "ais/csv/marinecadastre-2022-01-03-first99999.csv.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	head, rows, _ := bytes.Cut(text, []byte{'\n'})
	return append(append(bytes.Clone(head), '\n'), bytes.Repeat(rows, times)...)
}

// BenchmarkMarineCadastre reads the real sample eleven times in one stream, from
// memory. On one core of a small cloud machine others made, of the same rows, 3.2 M
// rows/s (Go's encoding/csv alone), 2.0 M (with strconv and time.Parse), 2.85 M
// (DuckDB 1.1.3 on one thread) and 6.95 M (split by hand and numbers only).
func BenchmarkMarineCadastre(b *testing.B) {
	const rows = 99999 * 11
	text := realRows(b, 11)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		stats, err := Read(b.Context(), bytes.NewReader(text), Options{Source: "bench"}, &funcSink{})
		if err != nil || stats.Records != rows {
			b.Fatal(err, stats.Records)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// TestRowsAllocateNothing reads rows again of vessels whose static data are known
// and the same.
func TestRowsAllocateNothing(t *testing.T) {
	const rows = 2000
	head, all, _ := bytes.Cut(realRows(t, 1), []byte{'\n'})
	var lines [][]byte
	known := map[string]bool{}
	for line := range bytes.SplitSeq(all, []byte{'\n'}) {
		if mmsi, _, _ := bytes.Cut(line, []byte{','}); len(mmsi) == 9 && !known[string(mmsi)] && len(lines) < rows {
			known[string(mmsi)] = true
			lines = append(lines, line)
		}
	}
	lay := marineCadastreLayout()
	r := newTableReader(&lay, Options{Source: "a.csv"}, &funcSink{})
	var err error
	if r.head, err = lay.parseHeader(head, ""); err != nil {
		t.Fatal(err)
	}
	read := func() {
		for _, line := range lines {
			why := r.row.split(line, r.head.width)
			if why == "" {
				why, err = r.record(line)
			}
			r.count(why, line)
		}
	}
	read()
	if n := testing.AllocsPerRun(5, read); n != 0 {
		t.Errorf("%v allocations in %d rows", n, rows)
	}
	if err != nil || r.stats.Fixes < 6*rows {
		t.Errorf("%v, %d fixes", err, r.stats.Fixes)
	}
}

package ftm_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"navicert/list"
	"navicert/list/ftm"
)

var readFile = flag.String("readfile", "", "read a file of entities and print the time and memory it took")

// TestMain lets the benchmark run a reading as a process of its own, so that
// what made the file is not counted as its memory.
func TestMain(m *testing.M) {
	flag.Parse()
	if *readFile == "" {
		os.Exit(m.Run())
	}
	if err := readOnce(*readFile); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// reading is what one reading took.
type reading struct {
	Entries int
	Seconds float64
	PeakMiB float64
	HeldMiB float64
}

func readOnce(path string) error {
	start := time.Now()
	_, entries, err := ftm.Format().Read(context.Background(), list.Source{
		FS: os.DirFS(filepath.Dir(path)), Name: path, Options: list.Options{Published: "2025-11-03"},
	})
	if err != nil {
		return err
	}
	r := reading{Entries: len(entries), Seconds: time.Since(start).Seconds(), PeakMiB: highWater()}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	r.HeldMiB = float64(m.HeapAlloc) / (1 << 20)
	runtime.KeepAlive(entries)
	return json.NewEncoder(os.Stdout).Encode(r)
}

// highWater is the most memory that this process has had, in MiB.
func highWater() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	_, _ = fmt.Sscanf(rest, "%f kB", &kib)
	return kib / 1024
}

// generate writes an invented file of so many bytes in the proportions that
// OpenSanctions describes: for each target a sanction, an address, a tie and two
// entities that are none, of which much is said that no list needs.
func generate(b *testing.B, path string, size int64) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	prose := strings.Repeat("An invented person of whom much is written. ", 12)
	written := int64(0)
	for i := 0; written < size; i++ {
		n, err := fmt.Fprintf(w, `{"id":"T%[1]d","schema":"Person","caption":"Tarvosk Imrel %[1]d","target":true,"datasets":["a","b"],"first_seen":"2024-01-01T00:00:00","properties":{"name":["Tarvosk Imrel %[1]d","Имрел Тарвоск %[1]d"],"alias":["I. Tarvosk %[1]d","Tarvosk, I. %[1]d"],"birthDate":["1961-03-%02[2]d"],"nationality":["pa"],"topics":["sanction"],"passportNumber":["X%07[1]d"],"addressEntity":["A%[1]d"],"sourceUrl":["https://lists.example/%[1]d"],"biography":["%[3]s"]}}
{"id":"S%[1]d","schema":"Sanction","properties":{"entity":["T%[1]d"],"authority":["Example Office"],"program":["Example Regulations"],"programId":["EX-REG"],"listingDate":["2024-02-01"],"reason":["%[3]s"]}}
{"id":"A%[1]d","schema":"Address","properties":{"full":["%[1]d Invented Quay, Port Ansel"],"country":["pa"]}}
{"id":"O%[1]d","schema":"Ownership","properties":{"owner":["T%[1]d"],"asset":["C%[1]d"],"percentage":["60"]}}
{"id":"C%[1]d","schema":"Company","caption":"Bramble Tide %[1]d","target":false,"properties":{"name":["Bramble Tide %[1]d"],"notes":["%[3]s"],"registrationNumber":["%[1]d"]}}
{"id":"P%[1]d","schema":"Person","caption":"Quillmere Anso %[1]d","target":false,"properties":{"name":["Quillmere Anso %[1]d"],"notes":["%[3]s"],"birthDate":["1970"]}}
`, i, 1+i%28, prose)
		if err != nil {
			b.Fatal(err)
		}
		written += int64(n)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReadEntities reads a generated file of 200 MB in a process of its
// own.
func BenchmarkReadEntities(b *testing.B) {
	const size = 200_000_000
	path := filepath.Join(b.TempDir(), entitiesName)
	generate(b, path, size)
	b.SetBytes(size)
	var seconds, peak, held float64
	entries := 0
	for b.Loop() {
		out, err := exec.Command(os.Args[0], "-readfile", path).Output()
		if err != nil {
			b.Fatal(err)
		}
		var r reading
		if err := json.Unmarshal(out, &r); err != nil {
			b.Fatal(err)
		}
		seconds, peak, held, entries = seconds+r.Seconds, max(peak, r.PeakMiB), r.HeldMiB, r.Entries
	}
	b.ReportMetric(seconds/float64(b.N), "s/file")
	b.ReportMetric(peak, "peak-MiB")
	b.ReportMetric(held, "held-MiB")
	b.ReportMetric(float64(entries), "entries")
}

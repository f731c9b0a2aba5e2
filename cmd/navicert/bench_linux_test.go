package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"navicert/internal/realdata"
)

// benchSentences returns the 100,000 real sentences of which the benchmarks make
// two million and more.
func benchSentences(b *testing.B) []byte {
	b.Helper()
	f, err := os.Open(realdata.Dir(b, "ais/bench100k.nmea.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	all, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	end := 0
	for range 100000 {
		end += bytes.IndexByte(all[end:], '\n') + 1
	}
	return all[:end]
}

// decodeProcess runs decode as a process on one core, its output thrown away, and
// returns what it has counted as messages and the most memory it had, in bytes.
func decodeProcess(b *testing.B, stdin io.Reader, args ...string) (messages, peak int64) {
	b.Helper()
	c := exec.Command("navicert", append([]string{"decode", "--stats", "--format", "ndjson"}, args...)...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	var stderr bytes.Buffer
	c.Stdin, c.Stderr = stdin, &stderr
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	var err error
	for running := true; running; {
		select {
		case err = <-done:
			running = false
		case <-time.After(20 * time.Millisecond):
			peak = max(peak, highWater(c.Process.Pid))
		}
	}
	if err != nil {
		b.Fatalf("%v: %s", err, stderr.String())
	}
	var stats struct {
		Files []struct {
			AIS struct {
				Messages int64 `json:"messages"`
			} `json:"ais"`
		} `json:"files"`
	}
	if err := json.Unmarshal(stderr.Bytes(), &stats); err != nil || len(stats.Files) != 1 {
		b.Fatalf("%v: %s", err, stderr.String())
	}
	return stats.Files[0].AIS.Messages, peak
}

// highWater returns the most memory that a process has had since its start, in
// bytes. What the kernel tells at its end (ru_maxrss) counts that of the process
// that started it too.
func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0 // it has just ended
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	_, _ = fmt.Sscanf(rest, "%d kB", &kib)
	return kib << 10
}

// BenchmarkDecodeProcess is the whole program: two million sentences of a file,
// as JSON lines, to /dev/null.
func BenchmarkDecodeProcess(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench2m.nmea")
	if err := os.WriteFile(path, bytes.Repeat(benchSentences(b), 20), 0o600); err != nil {
		b.Fatal(err)
	}
	var messages int64
	for b.Loop() {
		n, _ := decodeProcess(b, nil, path)
		messages += n
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkDecodeMemory reads two and twenty million sentences from a pipe: both
// take the same memory.
func BenchmarkDecodeMemory(b *testing.B) {
	chunk := benchSentences(b)
	for _, millions := range []int{2, 20} {
		b.Run(fmt.Sprintf("%dM", millions), func(b *testing.B) {
			var most int64
			for b.Loop() {
				n, peak := decodeProcess(b, &repeated{chunk: chunk, left: 10 * millions}, "-")
				if n < int64(millions)*900_000 {
					b.Fatalf("%d messages", n)
				}
				most = max(most, peak)
			}
			b.ReportMetric(float64(most)/(1<<20), "peak-MiB")
		})
	}
}

// repeated reads a chunk several times.
type repeated struct {
	chunk []byte
	at    int
	left  int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.chunk[r.at:])
	if r.at += n; r.at == len(r.chunk) {
		r.at = 0
		r.left--
	}
	return n, nil
}

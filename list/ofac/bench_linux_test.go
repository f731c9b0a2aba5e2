package ofac_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"navicert/list"
	"navicert/list/ofac"
	"navicert/list/ofac/ofacgen"
)

// advancedBytes is the size of OFAC's own file on 10 September 2026.
const advancedBytes = 127_023_009

var readFile = flag.String("readfile", "", "read an ADVANCED file and print the time and memory it took")

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
	Entries    int
	Seconds    float64
	CPUSeconds float64
	PeakMiB    float64
	HeldMiB    float64
}

func readOnce(path string) error {
	start := time.Now()
	_, entries, err := ofac.SDNAdvanced().Read(context.Background(), list.Source{FS: os.DirFS(filepath.Dir(path)), Name: path})
	if err != nil {
		return err
	}
	r := reading{Entries: len(entries), Seconds: time.Since(start).Seconds(), PeakMiB: highWater(), CPUSeconds: cpuSeconds()}
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

// BenchmarkReadAdvanced reads a generated ADVANCED file of the size of the real
// one in a process of its own.
func BenchmarkReadAdvanced(b *testing.B) {
	_, entries := readReal(b, ofac.SDN(), "ofac-2025-12")
	path := filepath.Join(b.TempDir(), "sdn_advanced.xml")
	size := int64(0)
	for count := len(entries); ; count = int(float64(count)*float64(advancedBytes)/float64(size)) + 50 {
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := ofacgen.Advanced(f, ofacgen.Issue{Date: issued}, ofacgen.Enlarge(entries, count)); err != nil {
			b.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		if size = info.Size(); size >= advancedBytes {
			break
		}
	}
	b.SetBytes(size)
	var seconds, cpu, peak, held float64
	for b.Loop() {
		out, err := exec.Command(os.Args[0], "-readfile", path).Output()
		if err != nil {
			b.Fatal(err)
		}
		var r reading
		if err := json.Unmarshal(out, &r); err != nil {
			b.Fatal(err)
		}
		seconds, cpu, peak, held = seconds+r.Seconds, cpu+r.CPUSeconds, max(peak, r.PeakMiB), r.HeldMiB
	}
	b.ReportMetric(seconds/float64(b.N), "s/file")
	b.ReportMetric(cpu/float64(b.N), "cpu-s/file")
	b.ReportMetric(peak, "peak-MiB")
	b.ReportMetric(held, "held-MiB")
}

// cpuSeconds is the processor time that this process has taken: what it would
// have taken alone on the machine.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

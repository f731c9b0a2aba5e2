package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert/internal/realdata"
)

// watched runs a command to its end and returns what it printed, how long it
// took and the most memory it had, in bytes.
func watched(tb testing.TB, stdin io.Reader, args ...string) (stdout []byte, took time.Duration, peak int64) {
	tb.Helper()
	c := exec.Command("navicert", args...)
	var out, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = stdin, &out, &stderr
	start := time.Now()
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				tb.Fatalf("%v: %v: %s", args, err, stderr.String())
			}
			return out.Bytes(), time.Since(start), peak
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, highWater(c.Process.Pid))
		}
	}
}

// importSDN makes a data directory with the SDN list of December 2025.
func importSDN(tb testing.TB) (data string, took time.Duration, peak int64) {
	tb.Helper()
	folder := realdata.Dir(tb, "lists/ofac-2025-12")
	data = filepath.Join(tb.TempDir(), "data")
	_, took, peak = watched(tb, nil, "lists", "import", "--data", data, "--published", "2025-12-24", folder)
	return data, took, peak
}

// TestEveryHullFromAFile asks for each ship of the list by its number, as a
// number and in texts.
func TestEveryHullFromAFile(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	data, _, _ := importSDN(t)
	type answer struct {
		ID   string `json:"id"`
		Hits []struct {
			IMO      int  `json:"imo"`
			Identity bool `json:"identity"`
		} `json:"hits"`
	}
	listed, err := os.ReadFile(filepath.Join("testdata", "imo-spellings.txt"))
	if err != nil {
		t.Fatal(err)
	}
	spellings := strings.Split(strings.TrimRight(string(listed), "\n"), "\n")
	var file bytes.Buffer
	asked := 0
	for _, imo := range sdnNumbers(t) {
		for _, s := range spellings {
			fmt.Fprintf(&file, `{"id":"%d","kind":"vessel","imo":%s}`+"\n", imo, fmt.Sprintf(s, imo))
			asked++
		}
	}
	out, _, _ := watched(t, &file, "screen", "--data", data, "--as-of", "2025-12-26", "--format", "ndjson", "--file", "-")
	answered := 0
	for line := range bytes.Lines(out) {
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answered++
		if len(a.Hits) == 0 || fmt.Sprint(a.Hits[0].IMO) != a.ID || !a.Hits[0].Identity {
			t.Errorf("IMO %s was not found: %s", a.ID, line)
		}
	}
	if answered != asked || asked < 1409*5 {
		t.Errorf("%d answers to %d questions", answered, asked)
	}
}

// sdnNumbers are the different IMO numbers of ships in sdn.csv as OFAC writes
// them, read without this program.
func sdnNumbers(t *testing.T) []int {
	t.Helper()
	all, err := exec.Command("gzip", "-dc", realdata.Dir(t, "lists/ofac-2025-12/sdn.csv.gz")).Output()
	if err != nil {
		t.Skipf("gzip: %v", err)
	}
	seen := map[int]bool{}
	var out []int
	for line := range strings.Lines(string(all)) {
		if !strings.Contains(line, `,"vessel",`) {
			continue
		}
		_, rest, ok := strings.Cut(line, "Vessel Registration Identification ")
		if !ok {
			continue
		}
		rest = strings.TrimLeft(strings.TrimPrefix(rest, "IMO"), " ")
		var imo int
		if n, err := fmt.Sscanf(rest, "%7d", &imo); n != 1 || err != nil || imo < 1_000_000 || seen[imo] {
			continue
		}
		seen[imo] = true
		out = append(out, imo)
	}
	if len(out) < 1400 {
		t.Fatalf("only %d numbers read", len(out))
	}
	return out
}

// BenchmarkListImport is the whole command: the CSV files read, stored and
// indexed.
func BenchmarkListImport(b *testing.B) {
	var took time.Duration
	var most int64
	n := 0
	for b.Loop() {
		_, t, peak := importSDN(b)
		took += t
		most = max(most, peak)
		n++
	}
	b.ReportMetric(took.Seconds()/float64(n), "s")
	b.ReportMetric(float64(most)/(1<<20), "peak-MiB")
}

// BenchmarkScreenStart is the whole command on a data directory that is there:
// one ship looked up.
func BenchmarkScreenStart(b *testing.B) {
	data, _, _ := importSDN(b)
	var took time.Duration
	var most int64
	n := 0
	for b.Loop() {
		_, t, peak := watched(b, nil, "screen", "--data", data, "--as-of", "2025-12-26", "--imo", "9308065")
		took += t
		most = max(most, peak)
		n++
	}
	b.ReportMetric(took.Seconds()/float64(n), "s")
	b.ReportMetric(float64(most)/(1<<20), "peak-MiB")
}

// BenchmarkServeMemory is the server with all lists of the test data that are
// read, in many publications, asked by names of every kind as of each day.
func BenchmarkServeMemory(b *testing.B) {
	data := filepath.Join(b.TempDir(), "data")
	root := realdata.Dir(b, "lists")
	var importPeak int64
	publications := 0
	folders, err := os.ReadDir(root)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range folders {
		c := exec.Command("navicert", "lists", "import", "--data", data, filepath.Join(root, f.Name()))
		if c.Run() == nil { // folders that hold no list are not imported
			publications++
		}
	}
	sdn := realdata.Dir(b, "lists/ofac-2025-12")
	for day := 1; day <= 9; day++ { // the same entries under other dates, as most are from one day to the next
		_, _, peak := watched(b, nil, "lists", "import", "--data", data, "--published", fmt.Sprintf("2026-02-%02d", day), sdn)
		importPeak = max(importPeak, peak)
		publications++
	}
	var peak int64
	for b.Loop() {
		peak = max(peak, servedPeak(b, data))
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	b.ReportMetric(float64(importPeak)/(1<<20), "import-peak-MiB")
	b.ReportMetric(float64(publications), "publications")
}

// servedPeak serves a data directory, asks and returns the most memory.
func servedPeak(b *testing.B, data string) int64 {
	b.Helper()
	c := exec.Command("navicert", "serve", "--data", data, "--listen", "127.0.0.1:0")
	stderr, err := c.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	url := ""
	buf := make([]byte, 4<<10)
	for url == "" {
		n, err := stderr.Read(buf)
		if err != nil {
			b.Fatal(err)
		}
		if _, rest, ok := strings.Cut(string(buf[:n]), "http://"); ok {
			url = "http://" + strings.TrimRight(strings.Fields(rest)[0], "/.,")
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf(`{"name":"Ivan Petrov Shipping %d"},{"kind":"vessel","name":"Ocean Star %d"}`, i, i))
	}
	body := "[" + strings.Join(names, ",") + "]"
	for day := 1; day <= 9; day++ {
		for _, asOf := range []string{fmt.Sprintf("2026-02-%02d", day), "2026-03-01"} {
			resp, err := http.Post(url+"/api/v1/screen?as_of="+asOf, "application/json", strings.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Fatal(resp.Status, err)
			}
		}
	}
	return highWater(c.Process.Pid)
}

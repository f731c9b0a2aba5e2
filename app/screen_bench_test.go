package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/ofac"
	"navicert/screen"
	"navicert/serve"
	"navicert/web"
)

// served is the whole server over the real SDN list of December 2025, and what
// other lists it was given.
type served struct {
	url     string
	entries []list.Entry
}

func serveSDN(b *testing.B, more ...string) served {
	b.Helper()
	dir := realdata.Dir(b, "lists/ofac-2025-12")
	a, err := New(context.Background(), Config{Data: b.TempDir(), Clock: func() time.Time { return navicert.Date("2026-03-01").Start() }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	if _, err := a.ImportLists(context.Background(), dir, ImportOptions{Published: "2025-12-24"}); err != nil {
		b.Fatal(err)
	}
	for _, folder := range more {
		if _, err := a.ImportLists(context.Background(), realdata.Dir(b, "lists/"+folder), ImportOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	h, err := serve.New(a.Backend(), web.FS(), serve.Options{Version: Version})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := serve.Server(h)
	go func() { _ = srv.Serve(l) }() // Close ends it with an error that says so
	b.Cleanup(func() { _ = srv.Close() })
	_, entries, err := ofac.SDN().Read(context.Background(), list.Source{FS: os.DirFS(dir), Name: dir, Options: list.Options{Published: "2025-12-24"}})
	if err != nil {
		b.Fatal(err)
	}
	return served{"http://" + l.Addr().String(), entries}
}

// names are queries by names of the list with one letter changed, of all kinds,
// the kind given: what a search is slowest at.
func (s *served) names(n int) [][]byte {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([][]byte, n)
	for i := range out {
		e := &s.entries[r.IntN(len(s.entries))]
		name := []byte(e.Name)
		name[r.IntN(len(name))] = byte('A' + r.IntN(26))
		out[i], _ = json.Marshal(screen.Query{Kind: string(e.Kind), Name: string(name)})
	}
	return out
}

func (s *served) hulls() [][]byte {
	var out [][]byte
	for _, e := range s.entries {
		if e.IMO != 0 {
			q, _ := json.Marshal(screen.Query{Kind: string(list.Vessel), IMO: e.IMO})
			out = append(out, q)
		}
	}
	return out
}

// load sends the bodies over and over from so many clients, each on its own
// connection, and reports what they measured. Clients and server share the
// machine.
func load(b *testing.B, url string, bodies [][]byte, clients int, unit string) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	next := make(chan int, 64)
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for range clients {
		wg.Go(func() {
			var mine []time.Duration
			for i := range next {
				start := time.Now()
				resp, err := client.Post(url, "application/json", bytes.NewReader(bodies[i%len(bodies)]))
				if err != nil {
					b.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, resp.Body)
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Error(resp.Status, err)
				}
				resp.Body.Close()
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	i := 0
	start := time.Now()
	for b.Loop() {
		next <- i
		i++
	}
	close(next)
	wg.Wait()
	elapsed := time.Since(start)
	slices.Sort(took)
	b.ReportMetric(float64(i)/elapsed.Seconds(), unit)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkScreenHTTP asks the server one question a request.
func BenchmarkScreenHTTP(b *testing.B) {
	s := serveSDN(b)
	for _, clients := range []int{1, 2} {
		b.Run(fmt.Sprintf("names/%dclients", clients), func(b *testing.B) { load(b, s.url+"/api/v1/screen", s.names(4000), clients, "names/s") })
		b.Run(fmt.Sprintf("imo/%dclients", clients), func(b *testing.B) { load(b, s.url+"/api/v1/screen", s.hulls(), clients, "hulls/s") })
	}
}

// BenchmarkScreenBatch asks all lists about 10,000 ships in one call, by name and
// number: the real ships that are not listed, and then listed hulls, a letter of
// whose name is another.
func BenchmarkScreenBatch(b *testing.B) {
	s := serveSDN(b, "un-2026-02-27", "eu-2024-01", "uk-2024-01", "us_csl-2025-05")
	qs := realShips(b)
	r := rand.New(rand.NewPCG(5, 6))
	for len(qs) < 10_000 {
		e := &s.entries[r.IntN(len(s.entries))]
		if e.Kind != list.Vessel {
			continue
		}
		name := []byte(e.Name)
		name[r.IntN(len(name))] = byte('A' + r.IntN(26))
		qs = append(qs, screen.Query{Kind: string(list.Vessel), Name: string(name), IMO: e.IMO})
	}
	body, err := json.Marshal(qs)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.Post(s.url+"/api/v1/screen", "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	var answers []screen.Answer
	if err := json.NewDecoder(resp.Body).Decode(&answers); err != nil || len(answers) != len(qs) || len(answers[0].Searched) < 5 {
		b.Fatalf("%s, %d answers, %v", resp.Status, len(answers), err)
	}
	resp.Body.Close()
	load(b, s.url+"/api/v1/screen", [][]byte{body}, 1, "batches/s")
}

// realShips are queries about merchant ships by name and number.
func realShips(b *testing.B) []screen.Query {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(realdata.Dir(b, "lists/vessels"), "*.csv"))
	if err != nil {
		b.Fatal(err)
	}
	var out []screen.Query
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			b.Fatal(name, err)
		}
		for _, row := range rows[1:] {
			if imo, err := navicert.ParseIMO(row[0]); err == nil && row[1] != "" {
				out = append(out, screen.Query{Kind: string(list.Vessel), Name: row[1], IMO: imo})
			}
		}
	}
	if len(out) < 5000 {
		b.Fatalf("%d real ships", len(out))
	}
	return out
}

package pull_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/list/pull"
)

// publisher is a server that behaves as OFAC's does, sending on to a dated
// folder, but for what a test has it do to single answers.
type publisher struct {
	t     *testing.T
	url   string
	files map[string]string // content by name

	mu     sync.Mutex
	day    string
	faults []fault // each for one answer in the dated folder, in order; then it behaves
	log    []string
}

// fault spoils one answer, or not if it does nothing.
type fault func(p *publisher, w http.ResponseWriter, r *http.Request, content string)

func newPublisher(t *testing.T) *publisher {
	p := &publisher{t: t, day: "2026-08-20", files: map[string]string{}}
	for _, name := range []string{"SDN.CSV", "ALT.CSV", "ADD.CSV", "SDN_COMMENTS.CSV"} {
		p.files[name] = name + "," + strings.Repeat("0123456789", 1000) + "\n"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/exports/{name}", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		http.Redirect(w, r, "/Published/6f14/"+p.day+"/ac39/"+r.PathValue("name")+"?Signature=secret", http.StatusFound)
	})
	mux.HandleFunc("/Published/6f14/{day}/ac39/{name}", p.answer)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}

func (p *publisher) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := r.PathValue("name")
	content := p.files[name]
	entry := name
	for _, h := range []string{"Range", "If-Range", "If-None-Match"} {
		if v := r.Header.Get(h); v != "" {
			entry += " " + h + "=" + v
		}
	}
	p.log = append(p.log, entry)
	w.Header().Set("ETag", etag(content))
	if len(p.faults) > 0 {
		f := p.faults[0]
		p.faults = p.faults[1:]
		if f != nil {
			f(p, w, r, content)
			return
		}
	}
	w.Header().Set("Content-Type", "text/csv")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
}

func etag(content string) string { return `"` + strconv.Itoa(len(content)) + content[:3] + `"` }

// half sends half of what it announces and breaks off.
func half(_ *publisher, w http.ResponseWriter, _ *http.Request, content string) {
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write([]byte(content[:len(content)/2]))
	panic(http.ErrAbortHandler)
}

// stall sends a little and then nothing.
func stall(p *publisher, w http.ResponseWriter, r *http.Request, content string) {
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write([]byte(content[:100]))
	_ = http.NewResponseController(w).Flush()
	p.mu.Unlock()
	defer p.mu.Lock()
	<-r.Context().Done()
}

// stallHead sends not even a head.
func stallHead(p *publisher, _ http.ResponseWriter, r *http.Request, _ string) {
	p.mu.Unlock()
	defer p.mu.Lock()
	<-r.Context().Done()
}

// dated is a fault of content that was last changed in some year.
func dated(f fault, year int) fault {
	return func(p *publisher, w http.ResponseWriter, r *http.Request, content string) {
		w.Header().Set("Last-Modified", time.Date(2020+year, 1, 1, 0, 0, 0, 0, time.UTC).Format(http.TimeFormat))
		f(p, w, r, content)
	}
}

func status(code int) fault {
	return func(_ *publisher, w http.ResponseWriter, _ *http.Request, _ string) { http.Error(w, "no", code) }
}

func body(contentType, text string) fault {
	return func(_ *publisher, w http.ResponseWriter, _ *http.Request, _ string) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(text))
	}
}

// source is OFAC's SDN list at the publisher.
func (p *publisher) source() pull.Source {
	p.t.Helper()
	s, err := pull.Sources()[0].At(p.url + "/exports/")
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// waits counts what a fetcher would have waited.
type waits struct{ d []time.Duration }

func (w *waits) sleep(ctx context.Context, d time.Duration) error {
	w.d = append(w.d, d)
	return ctx.Err()
}

func fetcher(w *waits) *pull.Fetcher {
	return pull.New(pull.Options{Agent: "test", Tries: 3, Stall: 200 * time.Millisecond, Sleep: w.sleep, Bytes: 50_000})
}

// whole fails unless the folder holds what the publisher has.
func (p *publisher) whole(dir string) {
	p.t.Helper()
	for name, content := range p.files {
		got, err := os.ReadFile(filepath.Join(dir, strings.ToLower(name)))
		if err != nil || string(got) != content {
			p.t.Errorf("%s: %d bytes, %v, want %d", name, len(got), err, len(content))
		}
	}
}

// TestFetch: whatever a server does once or twice, the publication comes whole
// and is dated by its folder.
func TestFetch(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []fault
		waits  string
		log    string // what was asked for SDN.CSV
	}{
		{"nothing", nil, "[]", "SDN.CSV | SDN.CSV If-None-Match=E"},
		{"broken off", []fault{half}, "[1s]", `SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV If-None-Match=E`},
		{"broken off twice", []fault{half, half}, "[1s 4s]", `SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV If-None-Match=E`},
		{"stalled", []fault{stall}, "[1s]", "SDN.CSV | SDN.CSV Range=bytes=100- If-Range=E | SDN.CSV If-None-Match=E"},
		{"out of order", []fault{status(503), status(500)}, "[1s 4s]", "SDN.CSV | SDN.CSV | SDN.CSV | SDN.CSV If-None-Match=E"},
		{"other content in between", []fault{half, func(p *publisher, w http.ResponseWriter, r *http.Request, _ string) {
			p.files["SDN.CSV"] = "NEW" + strings.Repeat("x", 3000) + "\n"
			w.Header().Set("ETag", etag(p.files["SDN.CSV"]))
			http.ServeContent(w, r, "sdn.csv", time.Time{}, strings.NewReader(p.files["SDN.CSV"]))
		}}, "[1s]", "SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV If-None-Match=N"},
		{"a wrong rest", []fault{half, func(_ *publisher, w http.ResponseWriter, _ *http.Request, content string) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 7-%d/%d", len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte(content[7:]))
		}}, "[1s 4s]", "SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV | SDN.CSV If-None-Match=E"},
		{"a rest of other content", []fault{half, func(_ *publisher, w http.ResponseWriter, _ *http.Request, content string) {
			w.Header().Set("ETag", `"other"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", len(content)/2, len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte(strings.Repeat("x", len(content)-len(content)/2)))
		}}, "[1s 4s]", "SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV | SDN.CSV If-None-Match=E"},
		{"a rest of content last changed later", []fault{dated(half, 1), dated(func(_ *publisher, w http.ResponseWriter, _ *http.Request, content string) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", len(content)/2, len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte(strings.Repeat("x", len(content)-len(content)/2)))
		}, 2)}, "[1s 4s]", "SDN.CSV | SDN.CSV Range=bytes=5004- If-Range=E | SDN.CSV | SDN.CSV If-None-Match=E"},
		{
			"out of order when it is asked whether all is as it was",
			[]fault{nil, nil, nil, nil, status(503), stallHead},
			"[1s 4s]",
			"SDN.CSV | SDN.CSV If-None-Match=E | SDN.CSV If-None-Match=E | SDN.CSV If-None-Match=E",
		},
		{"slow down", []fault{func(_ *publisher, w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}}, "[7s]", "SDN.CSV | SDN.CSV | SDN.CSV If-None-Match=E"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, w, dir := newPublisher(t), &waits{}, t.TempDir()
			p.faults = c.faults
			old := etag(p.files["SDN.CSV"])
			got, err := fetcher(w).Fetch(t.Context(), p.source(), dir, pull.Known{})
			if err != nil {
				t.Fatal(err)
			}
			p.whole(dir)
			if got.Published != "2026-08-20" || got.Unchanged || len(got.Files) != 4 {
				t.Errorf("got %+v", got)
			}
			if strings.Contains(fmt.Sprint(got), "secret") || got.Files[0].From != p.url+"/Published/6f14/2026-08-20/ac39/SDN.CSV" {
				t.Errorf("it came from %s", got.Files[0].From)
			}
			if s := fmt.Sprint(w.d); s != c.waits {
				t.Errorf("waited %s, want %s", s, c.waits)
			}
			var asked []string
			for _, l := range p.log {
				if strings.HasPrefix(l, "SDN.CSV") {
					asked = append(asked, strings.NewReplacer(old, "E", etag(p.files["SDN.CSV"]), "N").Replace(l))
				}
			}
			if s := strings.Join(asked, " | "); s != c.log {
				t.Errorf("asked\n%s, want\n%s", s, c.log)
			}
		})
	}
}

// TestFetchFails: what cannot be a publication is an error that says so, after
// a bounded number of tries.
func TestFetchFails(t *testing.T) {
	page := "\n <!DOCTYPE html><html><title>Maintenance</title></html>"
	for _, c := range []struct {
		name   string
		faults []fault
		kind   navicert.Kind
		says   string
		asked  int
	}{
		{"web page", []fault{body("text/html; charset=utf-8", page)}, navicert.Invalid, "a web page in place of the list", 1},
		{"web page called csv", []fault{body("text/csv", page)}, navicert.Invalid, "a web page in place of the list", 1},
		{"JSON", []fault{body("text/csv", `{"error":"no"}`)}, navicert.Invalid, "something that is no CSV", 1},
		{"nothing", []fault{body("text/csv", " \n")}, navicert.Invalid, "the server sends nothing", 1},
		{"too large", []fault{body("text/csv", strings.Repeat("a,b\n", 20_000))}, navicert.Limit, "more than 49 KiB", 1},
		{"gone", []fault{status(404)}, navicert.NotFound, "404 Not Found", 1},
		{"forbidden", []fault{status(403)}, navicert.Unavailable, "403 Forbidden", 1},
		{"always stalls", []fault{stall, stall, stall}, navicert.Unavailable, "the server stalled: nothing came for 200ms, 3 times tried", 3},
		{"always breaks off", []fault{half, half, half}, navicert.Unavailable, "the server broke off, 3 times tried", 3},
		{"always out of order", []fault{status(500), status(502), status(503)}, navicert.Unavailable, "503 Service Unavailable, 3 times tried", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, w := newPublisher(t), &waits{}
			p.faults = c.faults
			_, err := fetcher(w).Fetch(t.Context(), p.source(), t.TempDir(), pull.Known{})
			if navicert.KindOf(err) != c.kind || !strings.Contains(fmt.Sprint(err), c.says) || strings.Contains(fmt.Sprint(err), "secret") {
				t.Errorf("error %v, want one of kind %s that says %q", err, c.kind, c.says)
			}
			if len(p.log) != c.asked {
				t.Errorf("asked %d times: %q, want %d", len(p.log), p.log, c.asked)
			}
		})
	}
}

// TestUnchanged: what is known is not fetched again; a new day is, also when
// the bytes are the same.
func TestUnchanged(t *testing.T) {
	p, w, dir := newPublisher(t), &waits{}, t.TempDir()
	f := fetcher(w)
	first, err := f.Fetch(t.Context(), p.source(), dir, pull.Known{})
	if err != nil {
		t.Fatal(err)
	}
	known := pull.Known{Published: first.Published, Files: first.Files}
	p.log = nil
	again, err := f.Fetch(t.Context(), p.source(), t.TempDir(), known)
	if err != nil || !again.Unchanged || len(p.log) != 4 {
		t.Errorf("again: %+v, %v, asked %q", again, err, p.log)
	}
	for i := range again.Files {
		if again.Files[i] != first.Files[i] {
			t.Errorf("known as %+v, now %+v", first.Files[i], again.Files[i])
		}
	}

	p.files["ALT.CSV"] = "other,alias\n"
	dir = t.TempDir()
	if got, err := f.Fetch(t.Context(), p.source(), dir, known); err != nil || got.Unchanged {
		t.Errorf("one file changed: %+v, %v", got, err)
	}
	p.whole(dir)

	p = newPublisher(t)
	first, err = f.Fetch(t.Context(), p.source(), t.TempDir(), pull.Known{})
	if err != nil {
		t.Fatal(err)
	}
	p.day = "2026-08-21"
	dir = t.TempDir()
	got, err := f.Fetch(t.Context(), p.source(), dir, pull.Known{Published: first.Published, Files: first.Files})
	if err != nil || got.Unchanged || got.Published != "2026-08-21" {
		t.Errorf("issued again unchanged: %+v, %v", got, err)
	}
	p.whole(dir)
}

// TestMoved: files of two days, or of two issues of a day, are never mixed.
func TestMoved(t *testing.T) {
	nextDay := func(p *publisher, w http.ResponseWriter, r *http.Request, content string) {
		p.day = "2026-08-21"
		http.ServeContent(w, r, "x.csv", time.Time{}, strings.NewReader(content))
	}
	secondIssue := func(p *publisher, w http.ResponseWriter, r *http.Request, content string) {
		p.files["SDN.CSV"] = "second issue\n"
		http.ServeContent(w, r, "x.csv", time.Time{}, strings.NewReader(content))
	}
	for name, c := range map[string]struct {
		f   fault
		day navicert.Date
	}{"the day": {nextDay, "2026-08-21"}, "the content": {secondIssue, "2026-08-20"}} {
		t.Run(name, func(t *testing.T) {
			p, w, dir := newPublisher(t), &waits{}, t.TempDir()
			p.faults = []fault{nil, c.f}
			got, err := fetcher(w).Fetch(t.Context(), p.source(), dir, pull.Known{})
			if err != nil || got.Published != c.day {
				t.Fatalf("%+v, %v", got, err)
			}
			p.whole(dir)
		})
	}
	t.Run("always", func(t *testing.T) {
		p, w := newPublisher(t), &waits{}
		n := 0
		move := func(p *publisher, w http.ResponseWriter, r *http.Request, content string) {
			n++
			p.day = fmt.Sprintf("2026-09-%02d", n)
			http.ServeContent(w, r, "x.csv", time.Time{}, strings.NewReader(content))
		}
		for range 50 {
			p.faults = append(p.faults, move)
		}
		_, err := fetcher(w).Fetch(t.Context(), p.source(), t.TempDir(), pull.Known{})
		if navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(err.Error(), "changed while they were fetched") {
			t.Errorf("error %v", err)
		}
	})
}

// TestUndated: OFAC's list without a dated folder has no day.
func TestUndated(t *testing.T) {
	p := newPublisher(t)
	p.day = "current"
	_, err := fetcher(&waits{}).Fetch(t.Context(), p.source(), t.TempDir(), pull.Known{})
	if navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), "does not say when it was published") {
		t.Errorf("error %v", err)
	}
}

// TestStopped: a fetch ends with its context, also while it waits.
func TestStopped(t *testing.T) {
	p := newPublisher(t)
	p.faults = []fault{stall}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := fetcher(&waits{}).Fetch(ctx, p.source(), t.TempDir(), pull.Known{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// TestSecure: no address that somebody on the way could answer for is taken,
// not as a mirror and not as where a server sends on to.
func TestSecure(t *testing.T) {
	for address, want := range map[string]string{
		"http://mirror.example/ofac/":  "only https is taken",
		"ftp://mirror.example/ofac/":   "only https is taken",
		"https://mirror.example/ofac":  "a folder is wanted",
		"mirror.example/ofac/":         "is no address",
		"https://mirror.example/ofac/": "",
		"http://127.0.0.1:1/ofac/":     "",
		"http://localhost:1/ofac/":     "",
	} {
		s, err := pull.Sources()[0].At(address)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", address, err, want)
		}
		if err == nil && s.Files[3].Address != address+"SDN_COMMENTS.CSV" {
			t.Errorf("%s: %s", address, s.Files[3].Address)
		}
	}
	for to, want := range map[string]string{
		"http://mirror.example/2026-08-20/SDN.CSV": "only https is taken",
		"/loop": "sent on more than 5 times",
	} {
		s := httptest.NewServer(http.RedirectHandler(to, http.StatusFound))
		defer s.Close()
		src, err := pull.Sources()[0].At(s.URL + "/")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = fetcher(&waits{}).Fetch(t.Context(), src, t.TempDir(), pull.Known{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("sent on to %s: error %v, want %q", to, err, want)
		}
	}
}

// TestSources: every official address is https and names its file.
func TestSources(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range pull.Sources() {
		if seen[s.List] || len(s.Files) == 0 {
			t.Errorf("%+v", s)
		}
		seen[s.List] = true
		for _, f := range s.Files {
			if !strings.HasPrefix(f.Address, "https://") || f.Name == "" || f.Name != strings.ToLower(f.Name) || f.Type != pull.CSV && f.Type != pull.XML {
				t.Errorf("%s: %+v", s.List, f)
			}
		}
	}
}

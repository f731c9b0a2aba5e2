package screen

import (
	"context"
	"flag"
	"iter"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/internal/realdata"
	"navicert/list"
	"navicert/list/ofac"
)

// fakeStore is a list.Store in memory.
type fakeStore struct {
	pulls   []list.PullState
	mu      sync.Mutex
	pubs    []list.Publication
	entries map[string][]list.Entry
	read    int // how often entries were asked for
}

func (f *fakeStore) Put(_ context.Context, p list.Publication, entries []list.Entry) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.entries == nil {
		f.entries = map[string][]list.Entry{}
	}
	p.CountVessels(entries)
	f.pubs = append(f.pubs, p)
	f.entries[p.ID()] = entries
	return true, nil
}

// DataVersion returns how many publications there are.
func (f *fakeStore) DataVersion(context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.pubs)), nil
}

func (f *fakeStore) PullStates(_ context.Context, by time.Time) (out []list.PullState, _ error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.pulls {
		if by.IsZero() || !p.Last.At.After(by) {
			out = append(out, p)
		}
	}
	return out, nil
}

func (f *fakeStore) Publications(context.Context) ([]list.Publication, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]list.Publication(nil), f.pubs...), nil
}

func (f *fakeStore) Entries(_ context.Context, l string, d navicert.Date) iter.Seq2[list.Entry, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read++
	entries := f.entries[l+"@"+string(d)]
	return func(yield func(list.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (f *fakeStore) EntryAt(_ context.Context, l string, d navicert.Date, position int) (list.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.entries[l+"@"+string(d)][position], nil
}

// realSDN reads the list of 2025-12-24.
func realSDN(t testing.TB) (list.Publication, []list.Entry) {
	t.Helper()
	dir := realdata.Dir(t, "lists/ofac-2025-12")
	p, entries, err := ofac.SDN().Read(context.Background(), list.Source{
		FS: os.DirFS(dir), Name: dir, Options: list.Options{Published: "2025-12-24"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, entries
}

var update = flag.Bool("update", false, "write the golden files anew")

func checkGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-file +now; -update writes it anew):\n%s", file, d)
	}
}

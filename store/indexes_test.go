package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/list"
)

func TestIndexes(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	db, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if got, err := db.LoadIndex(ctx, "a@2025-12-24"); got != "" || err != nil {
		t.Errorf("nothing was kept: %q, %v", got, err)
	}
	left := filepath.Join(dir, "index", "new-1")
	if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("index ", 1<<20)
	for _, s := range []string{"one", big, "three"} {
		if err := db.SaveIndex(ctx, "../../a/b@2025-12-24", s); err != nil {
			t.Fatal(err)
		}
		if got, err := db.LoadIndex(ctx, "../../a/b@2025-12-24"); got != s || err != nil {
			t.Errorf("kept %d bytes, got %d, %v", len(s), len(got), err)
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, "index"))
	if err != nil || len(files) != 1 {
		t.Errorf("%d files in the folder, want 1: %v", len(files), err)
	}
	// Several at once leave one whole file.
	var wg sync.WaitGroup
	for _, s := range []string{"a", "b"} {
		wg.Go(func() {
			for range 20 {
				if err := db.SaveIndex(ctx, "x", strings.Repeat(s, 100_000)); err != nil {
					t.Error(err)
				}
				if got, err := db.LoadIndex(ctx, "x"); err != nil || strings.Trim(got, got[:1]) != "" || len(got) != 100_000 {
					t.Errorf("a file of two: %d bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
	if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveIndex(ctx, "x", "y"); navicert.KindOf(err) != navicert.Unavailable {
		t.Errorf("a folder that cannot be: %v", err)
	}
	if _, err := db.LoadIndex(ctx, "x"); navicert.KindOf(err) != navicert.Unavailable {
		t.Errorf("a folder that is none: %v", err)
	}
}

func TestEntryAt(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	entries := []list.Entry{{ID: "2", Name: "B", Row: "row B"}, {ID: "1", Name: "A", Row: "row A"}}
	p := list.Publication{List: "l", Date: "2025-12-24", SHA256: "x", Entries: 2}
	if _, err := db.Put(ctx, p, entries); err != nil {
		t.Fatal(err)
	}
	for i, want := range entries {
		if got, err := db.EntryAt(ctx, "l", "2025-12-24", i); err != nil || got.ID != want.ID || got.Row != want.Row {
			t.Errorf("entry %d is %+v, %v", i, got, err)
		}
	}
	for _, c := range []struct {
		date navicert.Date
		at   int
	}{{"2025-12-24", 2}, {"2025-12-24", -1}, {"2025-12-25", 0}} {
		if _, err := db.EntryAt(ctx, "l", c.date, c.at); navicert.KindOf(err) != navicert.NotFound {
			t.Errorf("entry %d of %s: %v", c.at, c.date, err)
		}
	}
}

// A connection that has broken is replaced, and the number is another: what
// happened in between nobody saw.
func TestDataVersionOfABrokenConnection(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before, err := db.DataVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if same, err := db.DataVersion(t.Context()); err != nil || same != before {
		t.Fatalf("%d, then %d, %v", before, same, err)
	}
	if err := db.watch.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := db.DataVersion(t.Context()); err != nil || after == before {
		t.Errorf("%d, and %d after the connection broke, %v", before, after, err)
	}
}

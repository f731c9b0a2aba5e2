package app

import (
	"context"
	"os"
	"testing"
	"time"

	"navicert"
)

// onDay opens one data directory as if on a day.
func onDay(t *testing.T, dir, day string) *App {
	t.Helper()
	a, err := New(context.Background(), Config{Data: dir, Clock: func() time.Time { return navicert.Date(day).Start().Add(10 * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// A folder named for a month is dated once: the first import's day, or the last
// of the month, and later imports of the same files find it again. A day that
// is given is kept, beside the one that was assumed.
func TestImportOfAMonth(t *testing.T) {
	ctx := context.Background()
	dir, folder := t.TempDir(), t.TempDir()+"/sdn-2025-12"
	copySample(t, folder)
	for _, c := range []struct {
		today     string
		published navicert.Date
		want      navicert.Date
		earliest  navicert.Date
		added     bool
	}{
		{"2025-12-28", "", "2025-12-28", "2025-12-01", true},
		{"2026-01-10", "", "2025-12-28", "2025-12-01", false},
		{"2026-01-11", "2025-12-24", "2025-12-24", "", true},
		{"2026-01-12", "2025-12-24", "2025-12-24", "", false},
	} {
		got, err := onDay(t, dir, c.today).ImportLists(ctx, folder, ImportOptions{Published: c.published})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Date != c.want || got[0].Earliest != c.earliest || got[0].Added != c.added {
			t.Errorf("on %s, published %q: %+v", c.today, c.published, got)
		}
		if got[0].Note == "" {
			t.Errorf("on %s: nothing is said of what was assumed or is held twice", c.today)
		}
	}
	a := onDay(t, dir, "2026-01-13")
	held, err := a.ListStatuses(ctx, time.Time{})
	if err != nil || len(held) != 2 {
		t.Fatalf("held %+v, %v", held, err)
	}
	if held[0].State != "superseded" || held[1].State != "stale" || held[1].AgeDays != 43 {
		t.Errorf("%s, %s after %d days", held[0].State, held[1].State, held[1].AgeDays)
	}
}

// An import that fails keeps nothing, also of the lists that were well.
func TestImportIsWholeOrNothing(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir() + "/sdn-2025-12-24"
	copySample(t, folder)
	write(t, folder+"/cons_prim.csv", "not a list\n")
	a := onDay(t, t.TempDir(), "2025-12-28")
	if got, err := a.ImportLists(ctx, folder, ImportOptions{}); err == nil || len(got) != 0 {
		t.Errorf("imported %+v, %v", got, err)
	}
	if held, err := a.ListStatuses(ctx, time.Time{}); err != nil || len(held) != 0 {
		t.Errorf("held %+v, %v", held, err)
	}
	if _, err := a.ImportLists(ctx, folder, ImportOptions{List: "mine"}); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("one name for two lists: %v", err)
	}
}

// copySample copies the invented list into a new folder.
func copySample(t *testing.T, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS("../list/ofac/testdata/sample")); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

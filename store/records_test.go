package store

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestRecordFolders: the folder used last comes first, each once, and of many the
// newest are remembered.
func TestRecordFolders(t *testing.T) {
	db := openTest(t, t.TempDir())
	put := func(path string, minute int) {
		t.Helper()
		if err := db.PutRecordFolder(t.Context(), path, runDay.Add(time.Duration(minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	held := func() []string {
		t.Helper()
		paths, err := db.RecordFolders(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return paths
	}
	if got := held(); len(got) != 0 {
		t.Errorf("at first %v", got)
	}
	put("/a", 1)
	put("/b", 2)
	put("/a", 3)
	if got, want := held(), []string{"/a", "/b"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i := range maxRecordFolders {
		put(fmt.Sprintf("/%d", i), 10+i)
	}
	if got := held(); len(got) != maxRecordFolders || got[0] != fmt.Sprintf("/%d", maxRecordFolders-1) || slices.Contains(got, "/b") {
		t.Errorf("%d, the first %s", len(got), got[0])
	}
}

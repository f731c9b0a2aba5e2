package store

import (
	"fmt"
	"testing"

	"navicert"
	"navicert/list"
)

// TestEntriesAreShared: ten publications of a list that hardly changes take the
// room of one and what changed, with all that is kept aside.
func TestEntriesAreShared(t *testing.T) {
	const size, changed = 500, 3
	db := openTest(t, t.TempDir())
	entries := make([]list.Entry, size)
	for i := range entries {
		entries[i] = list.Entry{ID: fmt.Sprint(i), Kind: list.Person, Name: fmt.Sprintf("PERSON %d", i), Measure: list.Block, Row: "row"}
	}
	pub := func(day int) list.Publication {
		return list.Publication{List: "l", Date: navicert.Date(fmt.Sprintf("2026-01-%02d", day)), SHA256: fmt.Sprint(day), Entries: size, ImportedAt: newestTime}
	}
	for day := 1; day <= 10; day++ {
		if day > 1 {
			for i := range changed {
				entries[day*10+i].Remarks = fmt.Sprintf("changed on day %d", day)
			}
		}
		if _, err := db.Put(t.Context(), pub(day), entries); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Hold(t.Context(), list.Held{Publication: pub(11), HeldAt: newestTime, Why: "x"}, entries); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{"entry": size + 9*changed, "publication_entry": 10 * size, "held_entry": size} {
		var n int
		if err := db.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != want {
			t.Errorf("%s has %d rows, want %d (%v)", table, n, want, err)
		}
	}
}

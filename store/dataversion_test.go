package store

import (
	"context"
	"testing"

	"navicert/list"
)

// The number changes with what this process and another one write, and not
// without a change.
func TestDataVersion(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	db, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	last, err := db.DataVersion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, writer := range []*DB{db, nil, other, nil} {
		if writer != nil {
			p := list.Publication{List: "l", Date: "2025-12-24", SHA256: "x"}
			p.List += string(rune('a' + i))
			if _, err := writer.Put(ctx, p, nil); err != nil {
				t.Fatal(err)
			}
		}
		now, err := db.DataVersion(ctx)
		if err != nil || (now != last) != (writer != nil) {
			t.Errorf("step %d: %d became %d, %v", i, last, now, err)
		}
		last = now
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.DataVersion(ctx); err == nil {
		t.Error("no error after the directory was closed")
	}
}

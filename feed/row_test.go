package feed

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSplit compares with encoding/csv on what that reads as one record.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune(`ab,,"-,é`))), 1, 30).Draw(t, "line"), "")
		width := strings.Count(line, ",") + 1 - rapid.IntRange(0, 2).Draw(t, "fewer")
		if width < 1 || width > maxColumns {
			return
		}
		var r row
		// In a buffer with more behind it, and at the end of one.
		buffer := []byte(line + strings.Repeat(`,"`, 40))
		why := r.split(buffer[:len(line)], width)
		if end := r.split(slices.Clip([]byte(line)), width); end != why {
			t.Fatalf("%q in %d columns: %q at the end of a buffer, %q within", line, width, end, why)
		}
		cr := csv.NewReader(strings.NewReader(line + "\n"))
		want, err := cr.Read()
		if err != nil || line == "" {
			return // a quote inside a field, which we take as it stands, or an error for both
		}
		if (why == "") != (len(want) == width) {
			t.Fatalf("%q in %d columns: %q, want %d fields %q", line, width, why, len(want), want)
		}
		if why != "" {
			return
		}
		for i, w := range want {
			if got := string(r.field(i)); got != w {
				t.Fatalf("%q: field %d is %q, want %q", line, i, got, w)
			}
		}
		if got := string(r.between(0, width-1)); got != strings.Join(want, ",") {
			t.Fatalf("%q: all fields %q, want %q", line, got, want)
		}
	})
}

// TestDayCacheBegins: before a date has been read none is known.
func TestDayCacheBegins(t *testing.T) {
	var d dayCache
	for _, s := range []string{string(make([]byte, 10)) + "T00:00:04", "2026-02-30T00:00:00"} {
		if at, ok := d.parse([]byte(s)); ok {
			t.Errorf("%q is %s", s, at)
		}
	}
	if at, ok := d.parse([]byte("2026-01-02T03:04:05")); !ok || at.Unix() != 1767323045 {
		t.Errorf("%v, %v", at, ok)
	}
}

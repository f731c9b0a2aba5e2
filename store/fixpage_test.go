package store

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

// TestFixPages: the pages of any size, one behind the other, are what Fixes gives
// at once, however the fixes came, and no page is longer than was asked for.
func TestFixPages(t *testing.T) {
	db := openTest(t, t.TempDir())
	mmsi := navicert.MMSI(201999900)
	rapid.Check(t, func(r *rapid.T) {
		mmsi++
		at := func(name string) time.Time {
			return runDay.Add(time.Duration(rapid.IntRange(0, 40).Draw(r, name)) * time.Millisecond)
		}
		for range rapid.IntRange(1, 4).Draw(r, "batches") {
			var fixes []navicert.Fix
			for i := range rapid.IntRange(0, 30).Draw(r, "fixes") {
				source := rapid.SampledFrom([]string{"b", "a"}).Draw(r, "source")
				fixes = append(fixes, navicert.Fix{MMSI: mmsi, Time: at("time"), Ref: navicert.Ref{Source: source, Offset: int64(i)}})
			}
			if _, err := db.AppendFixes(t.Context(), fixes); err != nil {
				r.Fatal(err)
			}
		}
		from, to := at("from"), at("to")
		want, err := db.Fixes(t.Context(), mmsi, from, to)
		if err != nil {
			r.Fatal(err)
		}
		if n, err := db.CountFixes(t.Context(), mmsi, from, to); err != nil || n != len(want) {
			r.Fatalf("%d are counted, %v; want %d", n, err, len(want))
		}
		p := FixPage{MMSI: mmsi, From: from, To: to, Limit: rapid.IntRange(1, 20).Draw(r, "limit")}
		got := []navicert.Fix{}
		for {
			page, err := db.FixPage(t.Context(), p)
			if err != nil {
				r.Fatal(err)
			}
			if len(page) > p.Limit || len(page) < p.Limit && len(got)+len(page) != len(want) {
				r.Fatalf("a page of %d behind %d of %d, limit %d", len(page), len(got), len(want), p.Limit)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			p.After = &page[len(page)-1]
		}
		if !slices.Equal(got, want) {
			r.Fatalf("got %v\nwant %v", got, want)
		}
	})
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/store/fixblock"
	"navicert/store/vesselpage"
)

// TestVesselPages adds to vessels in any order and holds that each is found with
// all that was added to it, that none is found that was not, and that no page
// grows beyond its size.
func TestVesselPages(t *testing.T) {
	db := openTest(t, t.TempDir())
	ctx := t.Context()
	rapid.Check(t, func(r *rapid.T) {
		tx, err := db.writer.BeginTx(ctx, nil)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		want := map[navicert.MMSI]vesselpage.Vessel{}
		for range rapid.IntRange(1, 4).Draw(r, "batches") {
			batch := spanSet{}
			from := rapid.SampledFrom([]uint32{1, 201999000, 366000000, math.MaxUint32 - 900}).Draw(r, "from")
			step := rapid.Uint32Range(1, 3).Draw(r, "step")
			for i := range rapid.Uint32Range(1, 300).Draw(r, "vessels") {
				ms := rapid.Int64Range(-5, 5).Draw(r, "ms")
				f := navicert.Fix{MMSI: navicert.MMSI(from + i*step), Simulated: ms == 5}
				batch.add(&f, ms)
				w, held := want[f.MMSI]
				if !held {
					w = vesselpage.Vessel{MMSI: f.MMSI, First: ms, Last: ms}
				}
				w.First, w.Last, w.Fixes, w.Simulated = min(w.First, ms), max(w.Last, ms), w.Fixes+1, w.Simulated || f.Simulated
				want[f.MMSI] = w
			}
			if err := batch.store(ctx, tx); err != nil {
				r.Fatal(err)
			}
		}
		pages := newVesselPages(ctx, tx)
		for m, w := range want {
			if got, held, err := pages.of(m); err != nil || !held || got != w {
				r.Fatalf("%s is %+v, %v, %v, want %+v", m, got, held, err, w)
			}
			if _, in := want[m+1]; !in && m < math.MaxUint32 {
				if got, held, err := pages.of(m + 1); err != nil || held {
					r.Fatalf("%s is %+v, %v and was never heard", m+1, got, err)
				}
			}
		}
		for _, span := range []times{{-9, 9}, {-1, 1}, {4, 4}} {
			got, err := vesselsIn(ctx, tx, span)
			if err != nil || !slices.IsSortedFunc(got, func(a, b vesselpage.Vessel) int { return int(int64(a.MMSI) - int64(b.MMSI)) }) {
				r.Fatal(err, "or not in order")
			}
			n := 0
			for _, w := range want {
				if w.First <= span.newest && w.Last >= span.oldest {
					n++
				}
			}
			if len(got) != n {
				r.Fatalf("%d vessels in %+v, want %d", len(got), span, n)
			}
		}
		var most int
		if err := tx.QueryRowContext(ctx, "SELECT max(vessels) FROM vessel_page").Scan(&most); err != nil || most > maxInPage {
			r.Fatalf("a page has %d vessels, %v", most, err)
		}
	})
}

// TestDamagedVesselPage holds that every reader says that a page is damaged, and
// none that there is nothing.
func TestDamagedVesselPage(t *testing.T) {
	for name, damage := range map[string]string{
		"cut":   "UPDATE vessel_page SET body = substr(body, 1, length(body) - 1)",
		"empty": "UPDATE vessel_page SET body = x''",
		"a bit": "UPDATE vessel_page SET body = cast(substr(body, 1, 7) || x'55' || substr(body, 9) AS BLOB)",
		"later": "UPDATE vessel_page SET body = x'7f0000000000'",
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, t.TempDir())
			if _, err := db.AppendFixes(t.Context(), []navicert.Fix{runFix(0), runFix(1)}); err != nil {
				t.Fatal(err)
			}
			if _, err := db.writer.ExecContext(t.Context(), damage); err != nil {
				t.Fatal(err)
			}
			_, latest := db.Latest(t.Context(), runDay.AddDate(0, 0, 1), 48*time.Hour)
			_, _, _, span := db.Span(t.Context(), 201999901, runDay.AddDate(0, 0, 1))
			_, same := db.AppendFixes(t.Context(), []navicert.Fix{runFix(0)})
			_, more := db.AppendFixes(t.Context(), []navicert.Fix{runFix(7)})
			for what, err := range map[string]error{"reading the latest": latest, "reading a span": span, "appending again": same, "appending more": more} {
				if navicert.KindOf(err) != navicert.Invalid {
					t.Errorf("%s says %v", what, err)
				}
			}
		})
	}
}

// TestVesselRowsToPages brings a directory of before vessels lay in pages, with a
// block as it was written then: it answers as it did, and goes on.
func TestVesselRowsToPages(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join("fixblock", "testdata", "voyage.block")) // of two vessels, a hundred fixes each
	if err != nil {
		t.Fatal(err)
	}
	var r fixblock.Reader
	if err := r.Reset(body); err != nil {
		t.Fatal(err)
	}
	spans := map[navicert.MMSI]times{}
	for row := (fixblock.Row{}); r.Next(&row); {
		s, held := spans[row.MMSI]
		s.add(row.Millis, !held)
		spans[row.MMSI] = s
	}
	one, two := spans[201999901], spans[201999902]
	dir, ctx := t.TempDir(), t.Context()
	old, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(ctx, old, ms[:vesselPagesVersion-1]); err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(ctx, `INSERT INTO word VALUES (1, 'log'), (2, 'rows'), (7, 'pier'), (9, 'tower');
		INSERT INTO fix_run (id, fixes, oldest, newest) VALUES (1, 200, ?1, ?4);
		INSERT INTO fix_run_source VALUES (1, 1, 0, 47520), (1, 2, 48000, 95520);
		INSERT INTO fix_block (run, first_mmsi, first_time, last_mmsi, last_time, oldest, newest, body) VALUES (1, 201999901, ?1, 201999902, ?4, ?1, ?4, ?5);
		INSERT INTO vessel VALUES (201999901, ?1, ?2, 100, 0), (201999902, ?3, ?4, 100, 1);
		WITH RECURSIVE more (m) AS (VALUES (366000000) UNION ALL SELECT m + 7 FROM more LIMIT 1000)
			INSERT INTO vessel SELECT m, 5000, 6000 + m % 10, m % 10 + 1, 0 FROM more`,
		one.oldest, one.newest, two.oldest, two.newest, body)
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	for pass := range 2 { // the second time it is a directory of now
		db, err := Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		var held []navicert.Fix
		for m, want := range spans {
			fixes, err := db.Fixes(ctx, m, at(0), at(two.newest+1))
			if err != nil || len(fixes) != 100 || fixes[0].Time != at(want.oldest) || fixes[99].Time != at(want.newest) {
				t.Fatalf("%s has %d fixes, %v", m, len(fixes), err)
			}
			held = append(held, fixes...)
			if n, err := db.AppendFixes(ctx, fixes); err != nil || n != 0 {
				t.Errorf("of the fixes that are held %d were added, %v", n, err)
			}
		}
		if from, to, n, err := db.Span(ctx, 366000007, at(9000)); err != nil || n != 8 || from != at(5000) || to != at(6007) {
			t.Errorf("a ship that was held in a row was heard from %v to %v, %d times, %v", from, to, n, err)
		}
		c, err := db.Counts(ctx)
		if err != nil || c.Vessels != 1002 || c.Fixes != 200+5500+pass || c.Oldest != at(5000) || !c.Simulated {
			t.Errorf("the directory holds %+v, %v", c, err)
		}
		if none, err := db.NothingAfter(ctx, at(two.newest)); err != nil || none != (pass == 0) {
			t.Errorf("nothing is newer: %v, %v", none, err)
		}
		if pass == 0 { // the block is merged with what comes
			f := held[0]
			f.Time, f.Ref.Offset = at(two.newest+1), 99_999
			added, err := db.AppendBatch(ctx, &Batch{Fixes: []navicert.Fix{f}, Input: "log", Ended: true, RecordedAt: at(0)})
			if err != nil || added.Fixes != 1 || added.Damaged != 0 {
				t.Fatalf("%+v were added, %v", added, err)
			}
			if n, err := db.AppendFixes(ctx, []navicert.Fix{f}); err != nil || n != 0 {
				t.Errorf("again %d were added, %v", n, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

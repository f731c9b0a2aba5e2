package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"navicert"
)

var runDay = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

// runFix is the i-th fix of some invented vessels that are heard in turn.
func runFix(i int) navicert.Fix {
	return navicert.Fix{
		MMSI: 201999901 + navicert.MMSI(i%7), Time: runDay.Add(time.Duration(i) * time.Second), Class: navicert.ClassA,
		Pos: navicert.Position{Lat: 10, Lon: float64(i) / 600_000}, Ref: navicert.Ref{Source: "log", Offset: int64(i) * 80},
	}
}

// wantRunFixes reads the first n fixes of runFix, each once.
func wantRunFixes(t *testing.T, db *DB, n int) {
	t.Helper()
	got := 0
	for m := range 7 {
		fixes, err := db.Fixes(t.Context(), 201999901+navicert.MMSI(m), runDay, runDay.AddDate(1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range fixes {
			if want := runFix(m + 7*i); f != want {
				t.Fatalf("fix %d of vessel %d is %+v, want %+v", i, m, f, want)
			}
		}
		got += len(fixes)
	}
	if got != n {
		t.Errorf("%d fixes are held, want %d", got, n)
	}
}

func runsHeld(t *testing.T, db *DB) (runs, blocks, fixes int) {
	t.Helper()
	err := db.reader.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM fix_run), (SELECT count(*) FROM fix_block),
		(SELECT coalesce(sum(fixes), 0) FROM fix_run)`).Scan(&runs, &blocks, &fixes)
	if err != nil {
		t.Fatal(err)
	}
	return runs, blocks, fixes
}

// TestRunsMerge: a live feed writes a few fixes at a time; the runs stay few, and
// the end of an input makes one of them. The file then has no free pages.
func TestRunsMerge(t *testing.T) {
	const batches, each = 700, 9
	db := openTest(t, t.TempDir())
	for b := range batches {
		var fixes []navicert.Fix
		for i := range each {
			fixes = append(fixes, runFix(b*each+i))
		}
		if n, err := db.AppendFixes(t.Context(), fixes); err != nil || n != each {
			t.Fatal(n, err)
		}
		if runs, _, held := runsHeld(t, db); runs > 3*(mergeAt-1)+1 || held != (b+1)*each {
			t.Fatalf("after %d batches there are %d runs of %d fixes", b+1, runs, held)
		}
	}
	wantRunFixes(t, db, batches*each)
	if _, err := db.AppendBatch(t.Context(), &Batch{Input: "in", Ended: true, RecordedAt: runDay}); err != nil {
		t.Fatal(err)
	}
	runs, blocks, held := runsHeld(t, db)
	if runs != 1 || blocks > 8 || held != batches*each {
		t.Errorf("at the end there are %d runs of %d blocks and %d fixes", runs, blocks, held)
	}
	wantRunFixes(t, db, batches*each)
	var free int
	if err := db.reader.QueryRowContext(t.Context(), "PRAGMA freelist_count").Scan(&free); err != nil || free != 0 {
		t.Errorf("%d pages are free, %v", free, err)
	}
	if n, err := db.AppendFixes(t.Context(), []navicert.Fix{runFix(0), runFix(5000), runFix(batches * each)}); err != nil || n != 1 {
		t.Errorf("of two that are held and one that is not, %d were added, %v", n, err)
	}
}

// TestReadsFewBlocks holds that the track of one vessel over an hour unpacks the
// blocks of that vessel and hour, and no others: all others are damaged here.
func TestReadsFewBlocks(t *testing.T) {
	db := openTest(t, t.TempDir())
	var fixes []navicert.Fix
	for i := range 70_000 {
		f := runFix(i)
		f.Pos.Lat = float64(i*i%599_999) / 600_000 // so that blocks are full soon
		fixes = append(fixes, f)
	}
	if _, err := db.AppendFixes(t.Context(), fixes); err != nil {
		t.Fatal(err)
	}
	from, to := runDay.Add(5*time.Hour), runDay.Add(6*time.Hour)
	_, err := db.writer.ExecContext(t.Context(), `UPDATE fix_block SET body = x'00' WHERE NOT (first_mmsi <= 201999904 AND last_mmsi >= 201999904
		AND oldest < ? AND newest >= ?)`, to.UnixMilli(), from.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	if _, blocks, _ := runsHeld(t, db); blocks < 15 {
		t.Fatalf("the test needs more than %d blocks", blocks)
	}
	got, err := db.Fixes(t.Context(), 201999904, from, to)
	if err != nil || len(got) != 3600/7 && len(got) != 3600/7+1 {
		t.Errorf("%d fixes of an hour, %v", len(got), err)
	}
	if _, err := db.Fixes(t.Context(), 201999903, from, to); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("reading a damaged block says %v", err)
	}
}

// TestDamagedBlock holds that every reader says that a block is damaged, and
// none that there is nothing.
func TestDamagedBlock(t *testing.T) {
	for name, damage := range map[string]string{
		"cut":           "UPDATE fix_block SET body = substr(body, 1, length(body) - 3)",
		"empty":         "UPDATE fix_block SET body = x''",
		"a bit":         "UPDATE fix_block SET body = cast(substr(body, 1, 9) || x'55' || substr(body, 11) AS BLOB)",
		"no such name":  "DELETE FROM fix_run_source; PRAGMA foreign_keys = 0; UPDATE word SET id = id + 100",
		"another block": "UPDATE fix_block SET body = x'7f0000000000'",
	} {
		t.Run(name, func(t *testing.T) {
			db := openTest(t, t.TempDir())
			var fixes []navicert.Fix
			for i := range 100 {
				fixes = append(fixes, runFix(i))
			}
			if _, err := db.AppendFixes(t.Context(), fixes); err != nil {
				t.Fatal(err)
			}
			if _, err := db.writer.ExecContext(t.Context(), damage); err != nil {
				t.Fatal(err)
			}
			said := func(what string, err error) {
				t.Helper()
				if e := err; navicert.KindOf(e) != navicert.Invalid {
					t.Errorf("%s says %v", what, err)
				}
			}
			_, err := db.Fixes(t.Context(), 201999901, runDay, runDay.AddDate(0, 0, 1))
			said("reading a track", err)
			_, err = db.Latest(t.Context(), runDay.AddDate(0, 0, 1), 48*time.Hour)
			said("reading the latest", err)
			if name == "no such name" { // counts and comparisons need no names
				return
			}
			_, _, _, err = db.Span(t.Context(), 201999901, runDay.Add(time.Minute))
			said("counting up to a past time", err)
			_, err = db.AppendFixes(t.Context(), fixes[:1])
			said("appending again", err)
		})
	}
}

// TestFixRowsToBlocks brings a directory of before to blocks: what was held in
// rows is read as it was, and is known to be held.
func TestFixRowsToBlocks(t *testing.T) {
	ms, err := sqliteMigrations()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	old, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if err := migrate(ctx, old, ms[:fixBlocksVersion-1]); err != nil {
		t.Fatal(err)
	}
	_, err = old.ExecContext(ctx, `INSERT INTO word VALUES (1, 'log.nmea'), (2, 'shore 1'), (3, 'rows.csv');
		INSERT INTO vessel VALUES (201999901, 1000, 5000, 3, 0), (201999902, -7, -7, 1, 1);
		INSERT INTO fix (mmsi, time, source, lat, lon, speed, course, heading, status, class, long_range, time_from, station,
			average, simulated, ref_offset, ref_line, time_check, unverified, also, receptions) VALUES
		(201999901, 1000, 1, 10.5, -64.123456789, 12.3, 181.5, 180, 0, 'A', 0, 'tag', 2, 0, 0, 77, 0, 'fits', 1, 'ship' || char(31) || 'shore 2', 3),
		(201999901, 5000, 1, 10.5, -64.12, NULL, NULL, NULL, NULL, '', 0, '', NULL, 0, 0, 99, 0, '', 0, '', 0),
		(201999901, 5000, 3, 10.5, -64.12, 0, 0, 0, 5, 'B', 1, 'file', NULL, 1, 0, 4000, 12, '', 0, '', 0),
		(201999902, -7, 3, -0.0, 180, NULL, NULL, NULL, NULL, 'B', 0, 'file', NULL, 0, 1, 9223372036854775807, 13, 'unfit', 0, '', 0)`)
	if err == nil {
		err = old.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	some, status := navicert.Some[float64], navicert.Some[navicert.NavStatus]
	want := []navicert.Fix{
		{
			MMSI: 201999901, Time: at(1000), TimeFrom: navicert.TimeTag, TimeCheck: navicert.TimeFits, TimeUnverified: true,
			Pos: navicert.Position{Lat: 10.5, Lon: -64.123456789}, SpeedKn: some(12.3), CourseDeg: some(181.5), HeadingDeg: some(180), Status: status(0),
			Class: navicert.ClassA, Station: "shore 1", OtherStations: navicert.MakeStations("ship", "shore 2"), Receptions: 3,
			Ref: navicert.Ref{Source: "log.nmea", Offset: 77},
		},
		{MMSI: 201999901, Time: at(5000), Pos: navicert.Position{Lat: 10.5, Lon: -64.12}, Ref: navicert.Ref{Source: "log.nmea", Offset: 99}},
		{
			MMSI: 201999901, Time: at(5000), TimeFrom: navicert.TimeFile, Pos: navicert.Position{Lat: 10.5, Lon: -64.12},
			SpeedKn: some(0), CourseDeg: some(0), HeadingDeg: some(0), Status: status(5), Class: navicert.ClassB, LongRange: true, Average: true,
			Ref: navicert.Ref{Source: "rows.csv", Offset: 4000, Line: 12},
		},
		{
			MMSI: 201999902, Time: at(-7), TimeFrom: navicert.TimeFile, TimeCheck: navicert.TimeUnfit, Pos: navicert.Position{Lon: 180},
			Class: navicert.ClassB, Simulated: true, Ref: navicert.Ref{Source: "rows.csv", Offset: 1<<63 - 1, Line: 13},
		},
	}
	for range 2 { // the second time it is a directory of now
		db, err := Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []navicert.Fix
		for _, m := range []navicert.MMSI{201999901, 201999902} {
			fixes, err := db.Fixes(ctx, m, time.Time{}, at(10_000))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fixes...)
		}
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
			t.Errorf("the fixes are\n%+v\nwant\n%+v", got, want)
		}
		if n, err := db.AppendFixes(ctx, want); err != nil || n != 0 {
			t.Errorf("%d were added of those that are held, %v", n, err)
		}
		if _, _, n, err := db.Span(ctx, 201999901, at(4000)); err != nil || n != 1 {
			t.Errorf("%d fixes by a past time, %v", n, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedRunStopsNothing: what comes after a block was damaged is kept, and the
// damage is said when it is found, and to whoever reads it.
func TestDamagedRunStopsNothing(t *testing.T) {
	for name, damage := range map[string]string{
		"a block":  "UPDATE fix_block SET body = zeroblob(length(body)) WHERE id = (SELECT min(id) FROM fix_block)",
		"no block": "DELETE FROM fix_block WHERE id = (SELECT min(id) FROM fix_block)",
	} {
		t.Run(name, func(t *testing.T) {
			const batches, each = 300, 9
			db := openTest(t, t.TempDir())
			said := 0
			for b := range batches {
				if b == 10 {
					if _, err := db.writer.ExecContext(t.Context(), damage); err != nil {
						t.Fatal(err)
					}
				}
				batch := Batch{Run: "run", RecordedAt: runDay}
				for i := range each {
					batch.Fixes = append(batch.Fixes, runFix(b*each+i))
				}
				added, err := db.AppendBatch(t.Context(), &batch)
				if err != nil || added.Fixes != each {
					t.Fatalf("batch %d: %+v, %v", b, added, err)
				}
				said += added.Damaged
			}
			if _, err := db.AppendBatch(t.Context(), &Batch{Input: "in", Ended: true, RecordedAt: runDay}); err != nil {
				t.Fatal(err)
			}
			runs, _, held := runsHeld(t, db)
			if said != 1 || runs > 4 || held != batches*each {
				t.Errorf("the damage was said %d times; there are %d runs of %d fixes", said, runs, held)
			}
			last := runDay.Add(each * time.Second)
			if fixes, err := db.Fixes(t.Context(), 201999901, last, runDay.AddDate(0, 0, 1)); err != nil || len(fixes) != (batches*each-each)/7 {
				t.Errorf("%d fixes of a vessel after the damaged ones, %v", len(fixes), err)
			}
			if name == "no block" { // nothing says to which vessel they belonged
				return
			}
			if _, err := db.Fixes(t.Context(), 201999901, runDay, last); navicert.KindOf(err) != navicert.Invalid {
				t.Errorf("reading the damaged ones says %v", err)
			}
		})
	}
}

// TestSpanOfRuns: a span as of a past time is that of all runs, in whatever order
// they came.
func TestSpanOfRuns(t *testing.T) {
	db := openTest(t, t.TempDir())
	at := func(hour int) navicert.Fix {
		return navicert.Fix{
			MMSI: 201999901, Time: runDay.Add(time.Duration(hour) * time.Hour), Class: navicert.ClassA,
			Pos: navicert.Position{Lat: 10, Lon: 1}, Ref: navicert.Ref{Source: "log", Offset: int64(hour) * 80},
		}
	}
	for _, fixes := range [][]navicert.Fix{{at(240), at(250), at(300)}, {at(1), at(2)}} {
		if _, err := db.AppendFixes(t.Context(), fixes); err != nil {
			t.Fatal(err)
		}
	}
	for by, want := range map[int]struct{ last, n int }{0: {}, 1: {1, 1}, 3: {2, 2}, 245: {240, 3}, 260: {250, 4}, 300: {300, 5}} {
		first, last, n, err := db.Span(t.Context(), 201999901, runDay.Add(time.Duration(by)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if n != want.n || n > 0 && (!first.Equal(at(1).Time) || !last.Equal(at(want.last).Time)) {
			t.Errorf("by hour %d: %d fixes from %v to %v, want %+v", by, n, first, last, want)
		}
	}
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/store/fixblock"
)

// AppendFixes implements track.Store. A fix without MMSI or time, or with a
// number that is none, is a navicert.Invalid error, and none of them is
// stored.
func (db *DB) AppendFixes(ctx context.Context, fixes []navicert.Fix) (added int, err error) {
	if err := checkFixes(ctx, fixes); err != nil || len(fixes) == 0 {
		return 0, err
	}
	err = db.write(ctx, storeFixes, "", func(ctx context.Context, tx *sql.Tx) (err error) {
		added, _, err = appendFixes(ctx, tx, fixes)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

const storeFixes = "store fixes"

// appendFixes returns, beside how many were added, how many of the runs that are
// held turned out to be damaged.
func appendFixes(ctx context.Context, tx *sql.Tx, fixes []navicert.Fix) (added, damaged int, err error) {
	if len(fixes) == 0 {
		return 0, 0, nil
	}
	w := newWords(ctx, tx)
	fresh, err := newFixes(ctx, tx, w, fixes)
	if err != nil || len(fresh) == 0 {
		return 0, 0, err
	}
	run, err := newRun(ctx, tx)
	if err != nil {
		return 0, 0, err
	}
	spans := spanSet{}
	var row fixblock.Row
	for i := range fresh {
		f := &fixes[fresh[i].index]
		if err := w.row(&row, f, fresh[i].fixKey); err != nil {
			return 0, 0, err
		}
		if err := run.add(&row); err != nil {
			return 0, 0, err
		}
		spans.add(f, row.Millis)
	}
	if err := run.end(); err != nil {
		return 0, 0, err
	}
	if damaged, err = mergeFull(ctx, tx); err != nil {
		return 0, 0, err
	}
	return len(fresh), damaged, spans.store(ctx, tx)
}

func checkFixes(ctx context.Context, fixes []navicert.Fix) error {
	for i := range fixes {
		if err := checkFix(&fixes[i]); err != nil {
			return failure(ctx, storeFixes, refText(fixes[i].Ref), err)
		}
	}
	return nil
}

func checkFix(f *navicert.Fix) error {
	if f.MMSI == 0 {
		return navicert.Errorf(navicert.Invalid, "store fixes", "", "a fix has no MMSI")
	}
	if err := storable(f.Time, "the fix of MMSI "+f.MMSI.String()); err != nil {
		return err
	}
	for _, v := range []float64{f.Pos.Lat, f.Pos.Lon, f.SpeedKn.Or(0), f.CourseDeg.Or(0), f.HeadingDeg.Or(0)} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return navicert.Errorf(navicert.Invalid, "store fixes", "", "the fix of MMSI %s at %s holds %v", f.MMSI, navicert.At(f.Time), v)
		}
	}
	return nil
}

func refText(r navicert.Ref) string {
	if r.Line > 0 {
		return fmt.Sprintf("%s line %d", r.Source, r.Line)
	}
	return fmt.Sprintf("%s offset %d", r.Source, r.Offset)
}

// Fixes implements track.Store. Fixes of one millisecond come in the order of
// their sources' names and of their places in them.
func (db *DB) Fixes(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error) {
	fixes := []navicert.Fix{}
	err := db.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r := newFixReader(ctx, tx)
		return r.vessel(mmsi, millisUp(from), millisUp(to), func(row *fixblock.Row) error {
			f, err := r.fix(row)
			fixes = append(fixes, f)
			return err
		})
	})
	if err != nil {
		return nil, failure(ctx, readFixes, "MMSI "+mmsi.String(), err)
	}
	slices.SortStableFunc(fixes, compareFixes)
	return fixes, nil
}

// compareFixes is the order of the fixes of one vessel.
func compareFixes(a, b navicert.Fix) int {
	return cmp.Or(a.Time.Compare(b.Time), compareRefs(a.Ref, b.Ref))
}

// compareRefs is the order of fixes of one vessel and millisecond.
func compareRefs(a, b navicert.Ref) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Line, b.Line))
}

const readFixes = "read fixes"

// Span implements track.Store.
func (db *DB) Span(ctx context.Context, mmsi navicert.MMSI, t time.Time) (first, last time.Time, n int, err error) {
	var lo, hi int64
	by := millis(t)
	err = db.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		v, held, err := newVesselPages(ctx, tx).of(mmsi)
		if err != nil || !held {
			return err
		}
		if lo, hi, n = v.First, v.Last, int(v.Fixes); hi <= by {
			return nil
		}
		if lo > by {
			n = 0
			return nil
		}
		n, hi = 0, lo // a past time: what there was by then is counted
		return newFixReader(ctx, tx).vessel(mmsi, lo, by+1, func(row *fixblock.Row) error {
			hi = max(hi, row.Millis)
			n++
			return nil
		})
	})
	if err != nil {
		return time.Time{}, time.Time{}, 0, failure(ctx, readFixes, "MMSI "+mmsi.String(), err)
	}
	if n == 0 {
		return time.Time{}, time.Time{}, 0, nil
	}
	return fromMillis(lo), fromMillis(hi), n, nil
}

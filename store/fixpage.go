package store

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/store/fixblock"
)

// FixPage asks for some of the fixes of one MMSI with From <= time < To: the
// first Limit of them, in the order of [DB.Fixes], behind After.
type FixPage struct {
	MMSI     navicert.MMSI
	From, To time.Time
	After    *navicert.Fix // the last one that is had; nil: from the first
	Limit    int
}

// FixPage returns a page of fixes; it holds at most twice as many at once.
func (db *DB) FixPage(ctx context.Context, p FixPage) ([]navicert.Fix, error) {
	from, newest := millisUp(p.From), int64(math.MaxInt64)
	if p.After != nil {
		from = max(from, millis(p.After.Time))
	}
	fixes := []navicert.Fix{}
	cut := func() {
		if slices.SortStableFunc(fixes, compareFixes); len(fixes) > p.Limit {
			fixes = fixes[:p.Limit]
			newest = millis(fixes[p.Limit-1].Time)
		}
	}
	err := db.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r := newFixReader(ctx, tx)
		return r.vessel(p.MMSI, from, millisUp(p.To), func(row *fixblock.Row) error {
			if row.Millis > newest {
				return errEnough // those behind it in its block are newer
			}
			f, err := r.fix(row)
			if err != nil || p.After != nil && compareFixes(f, *p.After) <= 0 {
				return err
			}
			if fixes = append(fixes, f); len(fixes) >= 2*p.Limit {
				cut()
			}
			return nil
		})
	})
	if err != nil {
		return nil, failure(ctx, readFixes, "MMSI "+p.MMSI.String(), err)
	}
	cut()
	return fixes, nil
}

// CountFixes returns how many fixes Fixes would.
func (db *DB) CountFixes(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) (n int, err error) {
	err = db.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return newFixReader(ctx, tx).vessel(mmsi, millisUp(from), millisUp(to), func(*fixblock.Row) error {
			n++
			return nil
		})
	})
	if err != nil {
		return 0, failure(ctx, readFixes, "MMSI "+mmsi.String(), err)
	}
	return n, nil
}

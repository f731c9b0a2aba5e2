package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
)

// PutHeard implements detect.CoverageStore. A row without cell or receiver, or
// whose hour is none, is a navicert.Invalid error, and none of them is stored.
func (db *DB) PutHeard(ctx context.Context, rows []detect.Heard) error {
	if err := checkHeard(ctx, rows); err != nil || len(rows) == 0 {
		return err
	}
	return db.write(ctx, storeHeard, "", func(ctx context.Context, tx *sql.Tx) error { return putHeard(ctx, tx, rows) })
}

const storeHeard = "store coverage"

func checkHeard(ctx context.Context, rows []detect.Heard) error {
	for i := range rows {
		r := &rows[i]
		if !r.Cell.IsValid() || r.Receiver == "" || !r.Hour.Truncate(time.Hour).Equal(r.Hour) {
			return navicert.Errorf(navicert.Invalid, storeHeard, r.Receiver, "it names no cell, no receiver or no whole hour")
		}
		for _, t := range []time.Time{r.Hour, r.Last} {
			if err := storable(t, "the coverage"); err != nil {
				return failure(ctx, storeHeard, r.Receiver, err)
			}
		}
	}
	return nil
}

func putHeard(ctx context.Context, tx *sql.Tx, rows []detect.Heard) error {
	if len(rows) == 0 {
		return nil
	}
	w := newWords(ctx, tx)
	b := newBulk(
		ctx, tx, "INSERT INTO heard (cell, hour, receiver, class, ships, fixes, last_at) VALUES ", "(?, ?, ?, ?, ?, ?, ?)",
		` ON CONFLICT (cell, hour, receiver, class) DO UPDATE SET ships = max(ships, excluded.ships),
			fixes = max(fixes, excluded.fixes), last_at = max(last_at, excluded.last_at)
			WHERE excluded.ships > ships OR excluded.fixes > fixes OR excluded.last_at > last_at`,
	)
	for i := range rows {
		r := &rows[i]
		receiver, err := w.id(r.Receiver)
		if err != nil {
			return err
		}
		if err := b.add(int64(r.Cell), r.Hour.Unix()/3600, receiver, string(r.Class), r.Ships, r.Fixes, millis(r.Last)); err != nil {
			return err
		}
	}
	return b.flush()
}

// cellsAtOnce is how many cells one query asks for.
const cellsAtOnce = 500

// Heard implements detect.CoverageStore.
func (db *DB) Heard(ctx context.Context, f detect.HeardFilter) ([]detect.Heard, error) {
	out := []detect.Heard{}
	if f.Cells == nil {
		err := db.heard(ctx, f, &out)
		return out, err
	}
	for cells := range slices.Chunk(f.Cells, cellsAtOnce) {
		part := f
		part.Cells = cells
		if err := db.heard(ctx, part, &out); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b detect.Heard) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Receiver, b.Receiver), cmp.Compare(a.Class, b.Class))
	})
	return out, nil
}

func (db *DB) heard(ctx context.Context, f detect.HeardFilter, out *[]detect.Heard) error {
	text := `SELECT h.cell, h.hour, w.text, h.class, h.ships, h.fixes, h.last_at
		FROM heard h JOIN word w ON w.id = h.receiver WHERE true`
	var args []any
	if f.Cells != nil {
		text += " AND h.cell IN (" + strings.TrimSuffix(strings.Repeat("?, ", len(f.Cells)), ", ") + ")"
		for _, c := range f.Cells {
			args = append(args, int64(c))
		}
	}
	if !f.From.IsZero() {
		text += " AND h.hour >= ?"
		args = append(args, f.From.Unix()/3600)
	}
	if !f.To.IsZero() {
		text += " AND h.hour * 3600 < ?"
		args = append(args, f.To.Unix())
	}
	err := query(ctx, db.reader, text+" ORDER BY h.hour, h.cell, w.text, h.class", args, func(rows *sql.Rows) error {
		var r detect.Heard
		var cell, hour, last int64
		if err := rows.Scan(&cell, &hour, &r.Receiver, &r.Class, &r.Ships, &r.Fixes, &last); err != nil {
			return err
		}
		r.Cell, r.Hour, r.Last = s2.CellID(cell), time.Unix(hour*3600, 0).UTC(), fromMillis(last)
		*out = append(*out, r)
		return nil
	})
	if err != nil {
		return failure(ctx, "read coverage", "", err)
	}
	return nil
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
)

// PutHeard implements detect.CoverageStore. A row without cell or receiver, or
// whose hour is none, is a navicert.Invalid error, and none of them is stored.
func (db *DB) PutHeard(ctx context.Context, recordedAt time.Time, rows []detect.Heard) error {
	if err := checkHeard(ctx, recordedAt, rows); err != nil || len(rows) == 0 {
		return err
	}
	return db.write(ctx, storeHeard, "", func(ctx context.Context, tx *sql.Tx) error { return putHeard(ctx, tx, recordedAt, rows) })
}

const storeHeard = "store coverage"

func checkHeard(ctx context.Context, recordedAt time.Time, rows []detect.Heard) error {
	if err := storable(recordedAt, "the recording"); err != nil {
		return failure(ctx, storeHeard, "", err)
	}
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

// putHeard writes a row where none is held that says as much.
func putHeard(ctx context.Context, tx *sql.Tx, recordedAt time.Time, rows []detect.Heard) error {
	if len(rows) == 0 {
		return nil
	}
	w := newWords(ctx, tx)
	insert, err := tx.PrepareContext(ctx, `INSERT INTO heard (cell, hour, receiver, class, simulated, ships, fixes, last_at, recorded_at)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
		WHERE NOT EXISTS (SELECT 1 FROM heard WHERE cell = ?1 AND hour = ?2 AND receiver = ?3 AND class = ?4 AND simulated = ?5
			AND ships >= ?6 AND fixes >= ?7 AND last_at >= ?8)
		ON CONFLICT (cell, hour, receiver, class, simulated, recorded_at) DO UPDATE SET ships = max(ships, excluded.ships),
			fixes = max(fixes, excluded.fixes), last_at = max(last_at, excluded.last_at)`)
	if err != nil {
		return err
	}
	recorded := millis(recordedAt)
	for i := range rows {
		r := &rows[i]
		receiver, err := w.id(r.Receiver)
		if err != nil {
			return err
		}
		_, err = insert.ExecContext(ctx, int64(r.Cell), r.Hour.Unix()/3600, receiver, string(r.Class), r.Simulated, r.Ships, r.Fixes, millis(r.Last), recorded)
		if err != nil {
			return err
		}
	}
	return nil
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
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Receiver, b.Receiver), cmp.Compare(a.Class, b.Class),
			cmp.Compare(number(a.Simulated), number(b.Simulated)))
	})
	return out, nil
}

func (db *DB) heard(ctx context.Context, f detect.HeardFilter, out *[]detect.Heard) error {
	text := `SELECT h.cell, h.hour, w.text, h.class, h.simulated, max(h.ships), max(h.fixes), max(h.last_at)
		FROM heard h JOIN word w ON w.id = h.receiver WHERE h.recorded_at <= ?`
	args := []any{upTo(f.KnownAt)}
	if f.Cells != nil {
		text += " AND h.cell IN (" + marks(len(f.Cells)) + ")"
		args = appendCells(args, f.Cells)
	}
	if !f.From.IsZero() {
		text += " AND h.hour >= ?"
		args = append(args, f.From.Unix()/3600)
	}
	if !f.To.IsZero() {
		text += " AND h.hour * 3600 < ?"
		args = append(args, f.To.Unix())
	}
	err := query(ctx, db.reader, text+" GROUP BY h.cell, h.hour, h.receiver, h.class, h.simulated ORDER BY h.hour, h.cell, w.text, h.class, h.simulated", args, func(rows *sql.Rows) error {
		var r detect.Heard
		var cell, hour, last int64
		if err := rows.Scan(&cell, &hour, &r.Receiver, &r.Class, &r.Simulated, &r.Ships, &r.Fixes, &last); err != nil {
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

// Reception implements detect.CoverageStore.
func (db *DB) Reception(ctx context.Context, f detect.HeardFilter, simulated bool) (r detect.Reception, err error) {
	const op = "read coverage"
	from, to := f.From.Unix()/3600, (f.To.Unix()+3599)/3600
	if len(f.Cells) == 0 || len(f.Cells) > detect.ReceptionCells || f.From.IsZero() || from > to || to-from > detect.ReceptionHours {
		return r, navicert.Errorf(navicert.Invalid, op, "", "%d cells and %d hours: want 1 to %d and 0 to %d", len(f.Cells), to-from, detect.ReceptionCells, detect.ReceptionHours)
	}
	known := upTo(f.KnownAt)
	hours := make([]string, 0, to-from)
	for h := from; h < to; h++ {
		hours = append(hours, strconv.FormatInt(h, 10))
	}
	args := appendCells([]any{"[" + strings.Join(hours, ",") + "]", simulated, known}, f.Cells)
	args = append(args, from, to, simulated, known)
	var last sql.NullInt64
	err = db.reader.QueryRowContext(ctx, `SELECT count(DISTINCT hour), count(DISTINCT receiver), coalesce(max(ships), 0), max(last_at),
		(SELECT count(*) FROM json_each(?) j WHERE EXISTS
			(SELECT 1 FROM heard a WHERE a.hour = j.value AND a.simulated = ? AND a.recorded_at <= ?))
		FROM heard WHERE cell IN (`+marks(len(f.Cells))+`) AND hour >= ? AND hour < ? AND simulated = ? AND recorded_at <= ?`, args...).
		Scan(&r.Hours, &r.Receivers, &r.Ships, &last, &r.Listened)
	if err != nil {
		return detect.Reception{}, failure(ctx, op, "", err)
	}
	if last.Valid {
		r.Last = fromMillis(last.Int64)
	}
	return r, nil
}

// marks are the places of so many arguments.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func appendCells(args []any, cells []s2.CellID) []any {
	for _, c := range cells {
		args = append(args, int64(c))
	}
	return args
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

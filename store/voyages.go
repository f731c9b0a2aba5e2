package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"navicert"
	"navicert/decide"
)

// PutVoyages implements decide.Voyages.
func (db *DB) PutVoyages(ctx context.Context, voyages []decide.SavedVoyage) (changed int, err error) {
	const op = "save voyages"
	said := make([]string, len(voyages))
	for i, v := range voyages {
		if v.Voyage.ID == "" {
			return 0, navicert.Errorf(navicert.Invalid, op, v.Voyage.Vessel.Label(), "a voyage needs an id")
		}
		if err := storable(v.At, "the saving"); err != nil {
			return 0, failure(ctx, op, v.Voyage.ID, err)
		}
		v.At = time.Time{}
		b, err := json.Marshal(v)
		if err != nil {
			return 0, navicert.Errorf(navicert.Invalid, op, v.Voyage.ID, "%w", err)
		}
		said[i] = string(b)
	}
	err = db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		changed = 0
		for i, v := range voyages {
			r, err := tx.ExecContext(
				ctx, `INSERT INTO voyage (id, said, saved_at) VALUES (?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET said = excluded.said, saved_at = excluded.saved_at WHERE said <> excluded.said`,
				v.Voyage.ID, said[i], millis(v.At),
			)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			changed += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// RemoveVoyage implements decide.Voyages.
func (db *DB) RemoveVoyage(ctx context.Context, id string) error {
	const op = "remove voyage"
	return db.write(ctx, op, id, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "DELETE FROM voyage WHERE id = ?", id)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err == nil && n == 0 {
			return navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no such voyage is saved").WithHint("navicert voyages list shows those that are")
		}
		return err
	})
}

// Voyages implements decide.Voyages.
func (db *DB) Voyages(ctx context.Context) ([]decide.SavedVoyage, error) {
	voyages := []decide.SavedVoyage{}
	err := query(ctx, db.reader, "SELECT said, saved_at FROM voyage ORDER BY id", nil, func(rows *sql.Rows) error {
		var said string
		var at int64
		if err := rows.Scan(&said, &at); err != nil {
			return err
		}
		var v decide.SavedVoyage
		if err := json.Unmarshal([]byte(said), &v); err != nil {
			return err
		}
		v.At = fromMillis(at)
		voyages = append(voyages, v)
		return nil
	})
	if err != nil {
		return nil, failure(ctx, "read voyages", "", err)
	}
	return voyages, nil
}

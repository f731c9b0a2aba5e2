package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"navicert"
	"navicert/rule"
)

// PutLicences implements decide.Licences. A record without an id or without
// who entered it, or an id twice, is a navicert.Invalid error, and none of them
// is stored.
func (db *DB) PutLicences(ctx context.Context, recorded time.Time, ls []rule.HeldLicence) (changed int, err error) {
	const op = "store licences"
	if err := storable(recorded, "the import"); err != nil {
		return 0, failure(ctx, op, "", err)
	}
	bodies := make([]string, len(ls))
	seen := map[string]bool{}
	for i, l := range ls {
		if l.ID == "" || l.EnteredBy == "" || seen[l.ID] {
			return 0, navicert.Errorf(navicert.Invalid, op, strconv.Quote(l.ID), "licence %d needs an id of its own and who entered it", i+1)
		}
		seen[l.ID] = true
		l.RecordedAt = navicert.Instant{} // the row's own column
		body, err := json.Marshal(l)
		if err != nil {
			return 0, failure(ctx, op, l.ID, err)
		}
		bodies[i] = string(body)
	}
	err = db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		for i := range ls {
			var held string
			err := tx.QueryRowContext(ctx, "SELECT body FROM licence WHERE id = ? ORDER BY seq DESC LIMIT 1", ls[i].ID).Scan(&held)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if err == nil && held == bodies[i] {
				continue
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO licence (id, recorded_at, body) VALUES (?, ?, ?)", ls[i].ID, millis(recorded), bodies[i]); err != nil {
				return err
			}
			changed++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// Licences implements decide.Licences.
func (db *DB) Licences(ctx context.Context, knownAt time.Time) ([]rule.HeldLicence, error) {
	recorded := upTo(knownAt)
	ls := []rule.HeldLicence{}
	err := query(
		ctx, db.reader, `SELECT l.recorded_at, l.body FROM licence l WHERE l.recorded_at <= ? AND NOT EXISTS
			(SELECT 1 FROM licence n WHERE n.id = l.id AND n.seq > l.seq AND n.recorded_at <= ?) ORDER BY l.id`,
		[]any{recorded, recorded}, func(rows *sql.Rows) error {
			var body sql.RawBytes
			var ms int64
			if err := rows.Scan(&ms, &body); err != nil {
				return err
			}
			var l rule.HeldLicence
			if err := json.Unmarshal(body, &l); err != nil {
				return fmt.Errorf("a licence that cannot be read: %w", err)
			}
			l.RecordedAt = navicert.At(fromMillis(ms))
			ls = append(ls, l)
			return nil
		},
	)
	if err != nil {
		return nil, failure(ctx, "read licences", "", err)
	}
	return ls, nil
}

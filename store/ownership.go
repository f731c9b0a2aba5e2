package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"navicert"
	"navicert/screen/own"
)

// ownershipRow is a fact as it is stored.
type ownershipRow struct {
	fact *own.Fact
	id   string
	body string
}

// PutOwnership implements own.Store. A fact that is impossible, or there twice
// in one set, is a navicert.Invalid error, and none of them is stored.
func (db *DB) PutOwnership(ctx context.Context, set own.Set) (changed int, err error) {
	const op = "store ownership"
	if err := storable(set.RecordedAt, "the import"); err != nil {
		return 0, failure(ctx, op, set.Source, err)
	}
	rows, err := ownershipRows(set.Facts)
	if err != nil {
		return 0, failure(ctx, op, set.Source, err)
	}
	err = db.write(ctx, op, set.Source, func(ctx context.Context, tx *sql.Tx) error {
		var news []ownershipRow
		for _, r := range rows {
			var body string
			err := tx.QueryRowContext(ctx, "SELECT body FROM ownership WHERE id = ? ORDER BY seq DESC LIMIT 1", r.id).Scan(&body)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if err != nil || body != r.body {
				news = append(news, r)
			}
		}
		if changed = len(news); changed == 0 {
			return nil
		}
		return insertOwnership(ctx, tx, set, news)
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func ownershipRows(facts []own.Fact) ([]ownershipRow, error) {
	rows := make([]ownershipRow, len(facts))
	seen := make(map[string]bool, len(facts))
	for i := range facts {
		f := facts[i]
		f.RecordedAt = navicert.Instant{} // the row's own column
		if err := f.Check(); err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "store ownership", "", "fact %d: %w", i+1, err)
		}
		id := f.ID()
		if seen[id] {
			return nil, navicert.Errorf(navicert.Invalid, "store ownership", "", "fact %d: %s of %s is there twice", i+1, f.Owner.Label(), f.Owned.Label())
		}
		seen[id] = true
		body, err := json.Marshal(f)
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "store ownership", "", "fact %d: %w", i+1, err)
		}
		rows[i] = ownershipRow{&facts[i], id, string(body)}
	}
	return rows, nil
}

func insertOwnership(ctx context.Context, tx *sql.Tx, set own.Set, rows []ownershipRow) error {
	var id int64
	err := tx.QueryRowContext(
		ctx, "INSERT INTO ownership_set (source, sha256, recorded_at) VALUES (?, ?, ?) RETURNING id",
		set.Source, set.SHA256, millis(set.RecordedAt),
	).Scan(&id)
	if err != nil {
		return err
	}
	b := newBulk(ctx, tx, "INSERT INTO ownership (id, ownership_set, recorded_at, published, simulated, body) VALUES ", "(?, ?, ?, ?, ?, ?)", "")
	for _, r := range rows {
		if err := b.add(r.id, id, millis(set.RecordedAt), millis(r.fact.Published.Time), r.fact.Simulated, r.body); err != nil {
			return err
		}
	}
	return b.flush()
}

// Ownership implements own.Store. A fact whose publication time is unknown
// counts as always published.
func (db *DB) Ownership(ctx context.Context, asOf, knownAt time.Time) ([]own.Fact, error) {
	published, recorded := upTo(asOf), upTo(knownAt)
	facts := []own.Fact{}
	err := query(
		ctx, db.reader, `SELECT o.recorded_at, o.body FROM ownership o WHERE o.published <= ? AND o.recorded_at <= ? AND NOT EXISTS
			(SELECT 1 FROM ownership n WHERE n.id = o.id AND n.seq > o.seq AND n.published <= ? AND n.recorded_at <= ?) ORDER BY o.id`,
		[]any{published, recorded, published, recorded}, func(rows *sql.Rows) error {
			var body sql.RawBytes
			var ms int64
			if err := rows.Scan(&ms, &body); err != nil {
				return err
			}
			var f own.Fact
			if err := json.Unmarshal(body, &f); err != nil {
				return fmt.Errorf("a fact that cannot be read: %w", err)
			}
			f.RecordedAt = navicert.At(fromMillis(ms))
			facts = append(facts, f)
			return nil
		},
	)
	if err != nil {
		return nil, failure(ctx, "read ownership", "", err)
	}
	return facts, nil
}

// OwnershipRevision implements own.Store.
func (db *DB) OwnershipRevision(ctx context.Context) (int64, error) {
	var rev int64
	if err := db.reader.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM ownership").Scan(&rev); err != nil {
		return 0, failure(ctx, "read ownership", "", err)
	}
	return rev, nil
}

// OwnershipChanges implements own.Store.
func (db *DB) OwnershipChanges(ctx context.Context) (own.Changes, error) {
	var c own.Changes
	world := map[time.Time]bool{}
	err := query(ctx, db.reader, "SELECT DISTINCT recorded_at FROM ownership ORDER BY recorded_at", nil, func(rows *sql.Rows) error {
		var ms int64
		err := rows.Scan(&ms)
		c.Known = append(c.Known, fromMillis(ms))
		return err
	})
	if err == nil {
		err = query(ctx, db.reader, "SELECT DISTINCT published FROM ownership", nil, func(rows *sql.Rows) error {
			var ms int64
			err := rows.Scan(&ms)
			world[fromMillis(ms)] = true
			return err
		})
	}
	if err == nil {
		err = query(
			ctx, db.reader, `SELECT DISTINCT t FROM (SELECT json_extract(body, '$.from') AS t FROM ownership
				UNION SELECT json_extract(body, '$.until') FROM ownership) WHERE t IS NOT NULL`, nil, func(rows *sql.Rows) error {
				var text string
				if err := rows.Scan(&text); err != nil {
					return err
				}
				t, err := time.Parse(time.RFC3339Nano, text)
				world[t.UTC()] = true
				return err
			},
		)
	}
	if err != nil {
		return own.Changes{}, failure(ctx, "read ownership", "", err)
	}
	c.World = slices.SortedFunc(maps.Keys(world), time.Time.Compare)
	return c, nil
}

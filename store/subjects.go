package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"navicert"
	"navicert/screen"
)

// PutSubjects implements screen.SubjectStore.
func (db *DB) PutSubjects(ctx context.Context, subjects []screen.Subject) (changed int, err error) {
	const op = "store subjects"
	bodies := make([]string, len(subjects))
	for i := range subjects {
		s := subjects[i]
		if s.ID == "" {
			return 0, navicert.Errorf(navicert.Invalid, op, strconv.Quote(s.Query.Name), "a subject needs an id")
		}
		if err := storable(s.At, "the subject"); err != nil {
			return 0, failure(ctx, op, s.ID, err)
		}
		s.At = s.At.UTC()
		body, err := json.Marshal(s)
		if err != nil {
			return 0, failure(ctx, op, s.ID, err)
		}
		bodies[i] = string(body)
	}
	err = db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		changed = 0
		for i := range subjects {
			held, err := heldSubject(ctx, tx, subjects[i].ID)
			if err != nil {
				return err
			}
			if held != nil && held.Query == subjects[i].Query && held.Note == subjects[i].Note && held.Who == subjects[i].Who {
				continue
			}
			_, err = tx.ExecContext(
				ctx, "INSERT INTO subject (id, recorded_at, removed, body) VALUES (?, ?, 0, ?)",
				subjects[i].ID, millis(subjects[i].At), bodies[i],
			)
			if err != nil {
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

// heldSubject is a subject as it stands, or nil.
func heldSubject(ctx context.Context, tx *sql.Tx, id string) (*screen.Subject, error) {
	var removed bool
	var body []byte
	err := tx.QueryRowContext(ctx, "SELECT removed, body FROM subject WHERE id = ? ORDER BY seq DESC LIMIT 1", id).Scan(&removed, &body)
	if errors.Is(err, sql.ErrNoRows) || err == nil && removed {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &screen.Subject{}
	return s, json.Unmarshal(body, s)
}

// RemoveSubject implements screen.SubjectStore.
func (db *DB) RemoveSubject(ctx context.Context, id string, r screen.Removal) error {
	const op = "remove subject"
	if err := storable(r.At, "the removal"); err != nil {
		return failure(ctx, op, id, err)
	}
	r.At = r.At.UTC()
	body, err := json.Marshal(r)
	if err != nil {
		return failure(ctx, op, id, err)
	}
	return db.write(ctx, op, id, func(ctx context.Context, tx *sql.Tx) error {
		held, err := heldSubject(ctx, tx, id)
		if err != nil {
			return err
		}
		if held == nil {
			return navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no such subject is saved").
				WithHint("navicert subjects list shows those that are")
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO subject (id, recorded_at, removed, body) VALUES (?, ?, 1, ?)", id, millis(r.At), string(body))
		return err
	})
}

// Subjects implements screen.SubjectStore.
func (db *DB) Subjects(ctx context.Context, knownAt time.Time) ([]screen.Subject, error) {
	subjects := []screen.Subject{}
	by := upTo(knownAt)
	err := query(
		ctx, db.reader, `SELECT s.body FROM subject s WHERE s.removed = 0 AND s.recorded_at <= ? AND NOT EXISTS
			(SELECT 1 FROM subject n WHERE n.id = s.id AND n.seq > s.seq AND n.recorded_at <= ?) ORDER BY s.id`,
		[]any{by, by}, func(rows *sql.Rows) error {
			s, err := scanJSON[screen.Subject](rows)
			subjects = append(subjects, s)
			return err
		},
	)
	if err != nil {
		return nil, failure(ctx, "read subjects", "", err)
	}
	return subjects, nil
}

// PutClearing implements screen.ClearingStore.
func (db *DB) PutClearing(ctx context.Context, c screen.Clearing) error {
	const op = "store clearing"
	if _, err := navicert.ParseDate(string(c.Until)); err != nil || c.ID == "" || c.List == "" || c.Entry == "" || c.EntrySHA256 == "" || c.Who == "" || c.Why == "" {
		return navicert.Errorf(navicert.Invalid, op, strconv.Quote(c.ID), "a clearing needs its id, its entry and that one's hash, who and why, and until when it holds")
	}
	if err := storable(c.At, "the clearing"); err != nil {
		return failure(ctx, op, c.ID, err)
	}
	c.At, c.Removed = c.At.UTC(), nil
	return db.putFinding(ctx, "clearing", c.ID, c, "INSERT INTO clearing (id, recorded_at, body) VALUES (?, ?, ?)", c.ID, millis(c.At))
}

// RemoveClearing implements screen.ClearingStore.
func (db *DB) RemoveClearing(ctx context.Context, id string, r screen.Removal) error {
	return takeBack(ctx, db, finding{"clearing", "navicert cleared list"}, id, r, func(c *screen.Clearing) **screen.Removal { return &c.Removed })
}

// Clearings implements screen.ClearingStore.
func (db *DB) Clearings(ctx context.Context) ([]screen.Clearing, error) {
	clearings := []screen.Clearing{}
	err := query(ctx, db.reader, "SELECT body FROM clearing ORDER BY seq", nil, func(rows *sql.Rows) error {
		c, err := scanJSON[screen.Clearing](rows)
		clearings = append(clearings, c)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read clearings", "", err)
	}
	return clearings, nil
}

// ClearingRevision implements screen.ClearingStore: it grows with each clearing
// and with each that is taken back.
func (db *DB) ClearingRevision(ctx context.Context) (n int64, err error) {
	err = db.reader.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) + count(removed_at) FROM clearing").Scan(&n)
	if err != nil {
		return 0, failure(ctx, "read clearings", "", err)
	}
	return n, nil
}

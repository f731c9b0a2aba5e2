package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/screen"
)

// What a person found is kept under its id and never changed; it can be taken
// back once, and stays as history. Clearings and settlements are of this kind.

// finding is a table of them, which is also the noun, and the command that
// lists them.
type finding struct{ table, lister string }

// putFinding inserts one; the statement's last value is its body.
func (db *DB) putFinding(ctx context.Context, noun, id string, of any, insert string, args ...any) error {
	op := "store " + noun
	body, err := json.Marshal(of)
	if err != nil {
		return failure(ctx, op, id, err)
	}
	return db.write(ctx, op, id, func(ctx context.Context, tx *sql.Tx) error {
		var seq int64
		err := tx.QueryRowContext(ctx, insert+" ON CONFLICT (id) DO NOTHING RETURNING seq", append(args, string(body))...).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return navicert.Errorf(navicert.Conflict, op, id, "a %s of that id is held", noun)
		}
		return err
	})
}

// takeBack writes who took a finding back into it.
func takeBack[T any](ctx context.Context, db *DB, f finding, id string, r screen.Removal, removed func(*T) **screen.Removal) error {
	op := "remove " + f.table
	if r.Who == "" {
		return navicert.Errorf(navicert.Invalid, op, id, "it must say who takes it back")
	}
	if err := storable(r.At, "the removal"); err != nil {
		return failure(ctx, op, id, err)
	}
	r.At = r.At.UTC()
	return db.write(ctx, op, id, func(ctx context.Context, tx *sql.Tx) error {
		var body []byte
		err := tx.QueryRowContext(ctx, "SELECT body FROM "+f.table+" WHERE id = ?", id).Scan(&body)
		if errors.Is(err, sql.ErrNoRows) {
			return navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no such %s is held", f.table).
				WithHint(f.lister + " shows those that are")
		}
		if err != nil {
			return err
		}
		var held T
		if err := json.Unmarshal(body, &held); err != nil {
			return err
		}
		by := removed(&held)
		if *by != nil {
			return navicert.Errorf(navicert.Conflict, op, id, "%s took it back on %s", (*by).Who, navicert.DateOf((*by).At))
		}
		*by = &r
		if body, err = json.Marshal(held); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE "+f.table+" SET removed_at = ?, body = ? WHERE id = ?", millis(r.At), string(body), id)
		return err
	})
}

// PutSettlement implements decide.Settlements.
func (db *DB) PutSettlement(ctx context.Context, s decide.Settlement) error {
	const op = "store settlement"
	if _, err := navicert.ParseDate(string(s.Until)); err != nil || s.ID == "" || s.Matter == "" || s.Rule == "" || s.Who == "" || s.Why == "" {
		return navicert.Errorf(navicert.Invalid, op, strconv.Quote(s.ID), "a settlement needs its id, the rule and the matter that it settles, who and why, and until when it holds")
	}
	if err := storable(s.At, "the settlement"); err != nil {
		return failure(ctx, op, s.ID, err)
	}
	s.At, s.Removed = s.At.UTC(), nil
	return db.putFinding(
		ctx, "settlement", s.ID, s, "INSERT INTO settlement (id, thing, recorded_at, body) VALUES (?, ?, ?, ?)",
		s.ID, decide.Thing(s.Matter), millis(s.At),
	)
}

// RemoveSettlement implements decide.Settlements.
func (db *DB) RemoveSettlement(ctx context.Context, id string, r screen.Removal) error {
	return takeBack(ctx, db, finding{"settlement", "navicert settlements list"}, id, r, func(s *decide.Settlement) **screen.Removal { return &s.Removed })
}

// Settlements implements decide.Settlements.
func (db *DB) Settlements(ctx context.Context) ([]decide.Settlement, error) {
	return db.settlements(ctx, "SELECT body FROM settlement ORDER BY seq")
}

// thingsAtOnce is how many things one statement asks for: SQLite takes 32,766
// values, and a certificate rarely refers for more than a few.
const thingsAtOnce = 500

// SettlementsAbout implements decide.Settlements.
func (db *DB) SettlementsAbout(ctx context.Context, things []string, knownAt time.Time) ([]decide.Settlement, error) {
	all := []decide.Settlement{}
	for len(things) > 0 {
		n := min(len(things), thingsAtOnce)
		text := "SELECT body FROM settlement WHERE thing IN (?" + strings.Repeat(", ?", n-1) + ")"
		args := make([]any, n, n+2)
		for i, t := range things[:n] {
			args[i] = t
		}
		if knownAt.IsZero() {
			text += " AND removed_at IS NULL"
		} else {
			text += " AND recorded_at <= ? AND (removed_at IS NULL OR removed_at > ?)"
			args = append(args, millis(knownAt), millis(knownAt))
		}
		some, err := db.settlements(ctx, text+" ORDER BY seq", args...)
		if err != nil {
			return nil, err
		}
		all, things = append(all, some...), things[n:]
	}
	return all, nil
}

func (db *DB) settlements(ctx context.Context, text string, args ...any) ([]decide.Settlement, error) {
	all := []decide.Settlement{}
	err := query(ctx, db.reader, text, args, func(rows *sql.Rows) error {
		s, err := scanJSON[decide.Settlement](rows)
		all = append(all, s)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read settlements", "", err)
	}
	return all, nil
}

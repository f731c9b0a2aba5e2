package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
)

// PutOutage implements detect.CoverageStore. An outage without feed or From, or
// one that ends before it begins, is a navicert.Invalid error.
func (db *DB) PutOutage(ctx context.Context, o navicert.Outage) error {
	const op = "store outage"
	if err := storable(o.From, "the outage"); err != nil {
		return failure(ctx, op, o.Feed, err)
	}
	if o.Feed == "" || !o.To.IsZero() && o.To.Before(o.From) {
		return navicert.Errorf(navicert.Invalid, op, o.Feed, "it names no feed, or ends before it begins")
	}
	to := sql.NullInt64{Int64: millis(o.To), Valid: !o.To.IsZero()}
	return db.write(ctx, op, o.Feed, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx, `INSERT INTO outage (feed, from_at, to_at, why) VALUES (?, ?, ?, ?)
				ON CONFLICT (feed, from_at) DO UPDATE SET to_at = excluded.to_at`,
			o.Feed, millis(o.From), to, o.Why,
		)
		return err
	})
}

// selected is the condition of a filter but for its Limit, and its arguments.
func selected(f detect.OutageFilter) (where string, args []any) {
	where = "true"
	also := func(condition string, arg any) {
		where, args = where+" AND "+condition, append(args, arg)
	}
	if f.Feed != "" {
		also("feed = ?", f.Feed)
	}
	if !f.From.IsZero() {
		also("(to_at IS NULL OR to_at > ?)", millis(f.From))
	}
	if !f.To.IsZero() {
		also("from_at < ?", millisUp(f.To))
	}
	return where, args
}

// CountOutages implements detect.CoverageStore.
func (db *DB) CountOutages(ctx context.Context, f detect.OutageFilter) (n int, err error) {
	where, args := selected(f)
	if err := db.reader.QueryRowContext(ctx, "SELECT count(*) FROM outage WHERE "+where, args...).Scan(&n); err != nil {
		return 0, failure(ctx, "count outages", f.Feed, err)
	}
	return n, nil
}

// Outages implements detect.CoverageStore.
func (db *DB) Outages(ctx context.Context, f detect.OutageFilter) ([]navicert.Outage, error) {
	where, args := selected(f)
	text := "SELECT feed, from_at, to_at, why FROM outage WHERE " + where + " ORDER BY from_at DESC, feed DESC"
	if f.Limit > 0 {
		text += " LIMIT ?"
		args = append(args, f.Limit)
	}
	outages := []navicert.Outage{}
	err := query(ctx, db.reader, text, args, func(rows *sql.Rows) error {
		var o navicert.Outage
		var from int64
		var to sql.NullInt64
		err := rows.Scan(&o.Feed, &from, &to, &o.Why)
		o.From = fromMillis(from)
		if to.Valid {
			o.To = fromMillis(to.Int64)
		}
		outages = append(outages, o)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read outages", f.Feed, err)
	}
	slices.Reverse(outages)
	return outages, nil
}

// PutHealth implements detect.CoverageStore. A health without feed or moment is
// a navicert.Invalid error.
func (db *DB) PutHealth(ctx context.Context, h navicert.FeedHealth) error {
	const op = "store feed"
	if err := storable(h.At, "its health"); err != nil {
		return failure(ctx, op, h.Feed, err)
	}
	if h.Feed == "" {
		return navicert.Errorf(navicert.Invalid, op, "", "it has no name")
	}
	opened := sql.NullInt64{Int64: millis(h.Opened), Valid: !h.Opened.IsZero()}
	h.FirstOpened = time.Time{} // kept beside it
	body, err := json.Marshal(h)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, op, h.Feed, "%w", err)
	}
	return db.write(ctx, op, h.Feed, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx, `INSERT INTO feed (name, at, body, first_opened) VALUES (?, ?, ?, ?)
				ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body,
					first_opened = coalesce(min(first_opened, excluded.first_opened), first_opened, excluded.first_opened)
				WHERE excluded.at >= at`,
			h.Feed, millis(h.At), string(body), opened,
		)
		return err
	})
}

// Feeds implements detect.CoverageStore.
func (db *DB) Feeds(ctx context.Context) ([]navicert.FeedHealth, error) {
	feeds := []navicert.FeedHealth{}
	err := query(ctx, db.reader, "SELECT body, first_opened FROM feed ORDER BY name", nil, func(rows *sql.Rows) error {
		var body string
		var opened sql.NullInt64
		if err := rows.Scan(&body, &opened); err != nil {
			return err
		}
		var h navicert.FeedHealth
		if err := json.Unmarshal([]byte(body), &h); err != nil {
			return err
		}
		if opened.Valid {
			h.FirstOpened = fromMillis(opened.Int64)
		}
		feeds = append(feeds, h)
		return nil
	})
	if err != nil {
		return nil, failure(ctx, "read feeds", "", err)
	}
	return feeds, nil
}

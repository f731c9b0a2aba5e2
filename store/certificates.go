package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"navicert"
)

// PutCertificate implements decide.Certificates. What is returned has been
// read from the bytes that are stored. A certificate without ID or time of
// issue is a navicert.Invalid error.
func (db *DB) PutCertificate(ctx context.Context, c navicert.Certificate) (navicert.Certificate, error) {
	const op = "store certificate"
	var none navicert.Certificate
	if c.ID == "" {
		return none, navicert.Errorf(navicert.Invalid, op, "", "it has no id")
	}
	if err := storable(c.IssuedAt.Time, "the issue"); err != nil {
		return none, failure(ctx, op, c.ID, err)
	}
	b, err := json.Marshal(c)
	if err != nil {
		return none, navicert.Errorf(navicert.Invalid, op, c.ID, "%w", err)
	}
	body := string(b)
	err = db.write(ctx, op, c.ID, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx, "INSERT INTO certificate (id, issued_at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
			c.ID, millis(c.IssuedAt.Time), body,
		)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT body FROM certificate WHERE id = ?", c.ID).Scan(&body)
	})
	if err != nil {
		return none, err
	}
	var held navicert.Certificate
	if err := json.Unmarshal([]byte(body), &held); err != nil {
		return none, failure(ctx, op, c.ID, err)
	}
	return held, nil
}

// Certificate implements decide.Certificates. An unknown id is a
// navicert.NotFound error.
func (db *DB) Certificate(ctx context.Context, id string) (navicert.Certificate, error) {
	const op = "read certificate"
	var c navicert.Certificate
	var body string
	err := db.reader.QueryRowContext(ctx, "SELECT body FROM certificate WHERE id = ?", id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return c, navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no certificate of this id is held")
	}
	if err != nil {
		return c, failure(ctx, op, id, err)
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return c, failure(ctx, op, id, err)
	}
	return c, nil
}

// FindCertificates implements decide.Certificates.
func (db *DB) FindCertificates(ctx context.Context, of string) ([]string, error) {
	for _, text := range []string{
		"SELECT id FROM certificate WHERE id = ?1",
		"SELECT id FROM certificate WHERE json_extract(body, '$.subject.id') = ?1 ORDER BY issued_at DESC, seq DESC LIMIT 1",
		"SELECT id FROM certificate WHERE id >= ?1 AND id < ?1 || 'g' AND length(?1) >= 4 LIMIT 2", // ids are hexadecimal
	} {
		ids := []string{}
		err := query(ctx, db.reader, text, []any{of}, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return nil, failure(ctx, "find certificate", strconv.Quote(of), err)
		}
		if len(ids) > 0 {
			return ids, nil
		}
	}
	return nil, nil
}

// Certificates implements decide.Certificates: those issued at or after since,
// at most limit of them unless it is 0.
func (db *DB) Certificates(ctx context.Context, since time.Time, limit int) ([]navicert.Certificate, error) {
	text, args := "SELECT body FROM certificate WHERE issued_at >= ? ORDER BY issued_at DESC, seq DESC", []any{millisUp(since)}
	if limit > 0 {
		text += " LIMIT ?"
		args = append(args, limit)
	}
	cs := []navicert.Certificate{}
	err := query(ctx, db.reader, text, args, func(rows *sql.Rows) error {
		c, err := scanJSON[navicert.Certificate](rows)
		cs = append(cs, c)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read certificates", "", err)
	}
	return cs, nil
}

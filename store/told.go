package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"navicert"
)

// PutTold implements decide.Told.
func (db *DB) PutTold(ctx context.Context, at time.Time, certificates map[string]string) error {
	const op = "store what was told"
	if err := storable(at, "the telling"); err != nil {
		return failure(ctx, op, "", err)
	}
	return db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		for _, voyage := range slices.Sorted(maps.Keys(certificates)) {
			if voyage == "" || certificates[voyage] == "" {
				return navicert.Errorf(navicert.Invalid, op, strconv.Quote(voyage), "it needs the voyage's id and the certificate's")
			}
			_, err := tx.ExecContext(
				ctx, `INSERT INTO told (voyage, certificate, told_at) VALUES (?, ?, ?)
				ON CONFLICT (voyage) DO UPDATE SET certificate = excluded.certificate, told_at = excluded.told_at`,
				voyage, certificates[voyage], millis(at),
			)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Told implements decide.Told.
func (db *DB) Told(ctx context.Context, voyage string) (certificate string, err error) {
	err = db.reader.QueryRowContext(ctx, "SELECT certificate FROM told WHERE voyage = ?", voyage).Scan(&certificate)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", failure(ctx, "read what was told", strconv.Quote(voyage), err)
	}
	return certificate, nil
}

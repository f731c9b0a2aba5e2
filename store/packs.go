package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"navicert"
)

// PutPack implements decide.Packs.
func (db *DB) PutPack(ctx context.Context, ref navicert.PackRef, source []byte) error {
	const op = "store rule pack"
	if sum := sha256.Sum256(source); hex.EncodeToString(sum[:]) != ref.SHA256 {
		return navicert.Errorf(navicert.Invalid, op, ref.Pack, "its bytes do not have the hash %s", ref.SHA256)
	}
	return db.write(ctx, op, ref.Pack, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx, "INSERT INTO rule_pack (sha256, pack, version, source) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
			ref.SHA256, ref.Pack, ref.Version, source,
		)
		return err
	})
}

// Pack implements decide.Packs.
func (db *DB) Pack(ctx context.Context, sum string) ([]byte, error) {
	const op = "read rule pack"
	var source []byte
	err := db.reader.QueryRowContext(ctx, "SELECT source FROM rule_pack WHERE sha256 = ?", sum).Scan(&source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, navicert.Errorf(navicert.NotFound, op, sum, "no rule pack of this hash is held")
	}
	if err != nil {
		return nil, failure(ctx, op, sum, err)
	}
	return source, nil
}

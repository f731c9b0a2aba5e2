package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"

	"navicert"
)

// Unsealed implements tlog.Store.
func (db *DB) Unsealed(ctx context.Context, limit int) ([]navicert.Certificate, error) {
	cs := []navicert.Certificate{}
	err := query(ctx, db.reader, "SELECT c.id, u.digest FROM certificate_unsealed u JOIN certificate c ON c.seq = u.certificate ORDER BY u.certificate LIMIT ?", []any{limit}, func(rows *sql.Rows) error {
		var c navicert.Certificate
		err := rows.Scan(&c.ID, &c.Digest)
		cs = append(cs, c)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read unsealed certificates", "", err)
	}
	return cs, nil
}

// Seal returns the seal of a certificate, nil when it has none yet. An unknown id
// is a navicert.NotFound error.
func (db *DB) Seal(ctx context.Context, id string) (*navicert.Seal, error) {
	const op = "read seal"
	var sealed sql.NullString
	err := db.reader.QueryRowContext(ctx, "SELECT s.seal FROM certificate c LEFT JOIN certificate_seal s ON s.certificate = c.seq WHERE c.id = ?", id).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no certificate of this id is held")
	}
	if err != nil {
		return nil, failure(ctx, op, id, err)
	}
	s, err := readSeal(sealed)
	if err != nil {
		return nil, failure(ctx, op, id, err)
	}
	return s, nil
}

// SealedTo implements tlog.Store.
func (db *DB) SealedTo(ctx context.Context) (uint64, error) {
	var n int64
	err := db.reader.QueryRowContext(ctx, "SELECT coalesce(max(log_index) + 1, 0) FROM certificate_seal").Scan(&n)
	if err != nil {
		return 0, failure(ctx, "read seals", "", err)
	}
	return uint64(n), nil
}

// PutSeals implements tlog.Store. A certificate that is not held, or that has
// another seal, is a navicert.Conflict error.
func (db *DB) PutSeals(ctx context.Context, seals map[string]navicert.Seal) error {
	const op = "store seals"
	put, err := db.writing(ctx, `INSERT INTO certificate_seal (certificate, log_index, seal)
		SELECT u.certificate, ?, ? FROM certificate_unsealed u JOIN certificate c ON c.seq = u.certificate WHERE c.id = ?`)
	if err != nil {
		return failure(ctx, op, "", err)
	}
	sealed, err := db.writing(ctx, "DELETE FROM certificate_unsealed WHERE certificate = (SELECT seq FROM certificate WHERE id = ?)")
	if err != nil {
		return failure(ctx, op, "", err)
	}
	return db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		put, sealed := put(tx), sealed(tx)
		for _, id := range slices.Sorted(maps.Keys(seals)) {
			b, err := json.Marshal(seals[id])
			if err != nil {
				return err
			}
			r, err := put.ExecContext(ctx, int64(seals[id].Index), string(b), id)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil {
				return err
			} else if n != 1 {
				return navicert.Errorf(navicert.Conflict, op, id, "no such certificate is held that has no seal yet")
			}
			if _, err := sealed.ExecContext(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// AllCertificates yields every certificate in the order in which they were
// stored, a page at a time: the caller may call any method of the store
// between two of them.
func (db *DB) AllCertificates(ctx context.Context) iter.Seq2[navicert.Certificate, error] {
	const page = 500
	return func(yield func(navicert.Certificate, error) bool) {
		last := int64(0)
		for {
			var cs []navicert.Certificate
			err := query(ctx, db.reader, "SELECT c.seq, c.body, s.seal FROM certificate c LEFT JOIN certificate_seal s ON s.certificate = c.seq WHERE c.seq > ? ORDER BY c.seq LIMIT ?", []any{last, page}, func(rows *sql.Rows) error {
				var body string
				var sealed sql.NullString
				if err := rows.Scan(&last, &body, &sealed); err != nil {
					return err
				}
				c, err := readCertificate(body, sealed)
				cs = append(cs, c)
				return err
			})
			if err != nil {
				yield(navicert.Certificate{}, failure(ctx, "read certificates", "", err))
				return
			}
			for _, c := range cs {
				if !yield(c, nil) {
					return
				}
			}
			if len(cs) < page {
				return
			}
		}
	}
}

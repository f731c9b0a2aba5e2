package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/v1"

	"navicert"
	"navicert/decide"
)

// PutCertificate implements decide.Certificates.
func (db *DB) PutCertificate(ctx context.Context, c decide.Issued) (navicert.Certificate, error) {
	held, err := db.PutCertificates(ctx, []decide.Issued{c})
	if err != nil {
		return navicert.Certificate{}, err
	}
	return held[0], nil
}

// PutCertificates implements decide.Certificates. A certificate that was held
// before is returned as it was stored, with its seal. A seal is not stored by it, see
// [DB.PutSeals]. A certificate without ID or time of issue is a
// navicert.Invalid error, and none of them is stored.
func (db *DB) PutCertificates(ctx context.Context, cs []decide.Issued) ([]navicert.Certificate, error) {
	const op = "store certificate"
	bodies, seals := make([]string, len(cs)), make([]sql.NullString, len(cs))
	held, before := make([]navicert.Certificate, len(cs)), make([]bool, len(cs))
	for i := range cs {
		c := cs[i].Certificate
		c.Seal = nil
		held[i] = c
		if c.ID == "" {
			return nil, navicert.Errorf(navicert.Invalid, op, "", "it has no id")
		}
		if err := storable(c.IssuedAt.Time, "the issue"); err != nil {
			return nil, failure(ctx, op, c.ID, err)
		}
		if cs[i].JSON != nil {
			bodies[i] = string(cs[i].JSON)
			continue
		}
		b, err := json.Marshal(c)
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, op, c.ID, "%w", err)
		}
		bodies[i] = string(b)
	}
	insert, err := db.writing(ctx, "INSERT INTO certificate (id, issued_at, body, voyage) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING")
	if err != nil {
		return nil, failure(ctx, op, "", err)
	}
	wait, err := db.writing(ctx, "INSERT INTO certificate_unsealed (certificate, digest) VALUES (last_insert_rowid(), ?)")
	if err != nil {
		return nil, failure(ctx, op, "", err)
	}
	err = db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) error {
		insert, wait := insert(tx), wait(tx)
		for i := range cs {
			r, err := insert.ExecContext(
				ctx, cs[i].ID, millis(cs[i].IssuedAt.Time), bodies[i], cs[i].Subject.ID,
			)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			if before[i] = n == 0; before[i] {
				err = tx.QueryRowContext(ctx, selectCertificate+" WHERE c.id = ?", cs[i].ID).Scan(&bodies[i], &seals[i])
			} else {
				_, err = wait.ExecContext(ctx, cs[i].Digest)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range held {
		if !before[i] {
			continue
		}
		if held[i], err = readCertificate(bodies[i], seals[i]); err != nil {
			return nil, failure(ctx, op, cs[i].ID, err)
		}
	}
	return held, nil
}

// selectCertificate reads what readCertificate takes.
const selectCertificate = "SELECT c.body, s.seal FROM certificate c LEFT JOIN certificate_seal s ON s.certificate = c.seq"

// readCertificate reads a certificate as it is stored: its bytes as issued, and
// its seal beside them.
func readCertificate(body string, sealed sql.NullString) (c navicert.Certificate, err error) {
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return c, err
	}
	c.Seal, err = readSeal(sealed)
	return c, err
}

func readSeal(sealed sql.NullString) (*navicert.Seal, error) {
	if !sealed.Valid {
		return nil, nil
	}
	s := new(navicert.Seal)
	return s, json.Unmarshal([]byte(sealed.String), s)
}

func scanCertificate(rows *sql.Rows) (navicert.Certificate, error) {
	var body string
	var sealed sql.NullString
	if err := rows.Scan(&body, &sealed); err != nil {
		return navicert.Certificate{}, err
	}
	return readCertificate(body, sealed)
}

// Certificate implements decide.Certificates. An unknown id is a
// navicert.NotFound error.
func (db *DB) Certificate(ctx context.Context, id string) (navicert.Certificate, error) {
	const op = "read certificate"
	var none navicert.Certificate
	var body string
	var sealed sql.NullString
	err := db.reader.QueryRowContext(ctx, selectCertificate+" WHERE c.id = ?", id).Scan(&body, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return none, navicert.Errorf(navicert.NotFound, op, strconv.Quote(id), "no certificate of this id is held")
	}
	if err != nil {
		return none, failure(ctx, op, id, err)
	}
	c, err := readCertificate(body, sealed)
	if err != nil {
		return none, failure(ctx, op, id, err)
	}
	return c, nil
}

// FindCertificates implements decide.Certificates.
func (db *DB) FindCertificates(ctx context.Context, of string) ([]string, error) {
	for _, text := range []string{
		"SELECT id FROM certificate WHERE id = ?1",
		"SELECT id FROM certificate WHERE voyage = ?1 AND ?1 <> '' ORDER BY issued_at DESC, seq DESC LIMIT 1",
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
	text, args := selectCertificate+" WHERE c.issued_at >= ? ORDER BY c.issued_at DESC, c.seq DESC", []any{millisUp(since)}
	if limit > 0 {
		text += " LIMIT ?"
		args = append(args, limit)
	}
	cs := []navicert.Certificate{}
	err := query(ctx, db.reader, text, args, func(rows *sql.Rows) error {
		c, err := scanCertificate(rows)
		cs = append(cs, c)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read certificates", "", err)
	}
	return cs, nil
}

package store

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"navicert"
)

// migrations holds a folder for each engine with numbered files, applied in
// order and each once. A file that has been released never changes.
//
//go:embed sqlite/*.sql
var migrations embed.FS

// applicationID marks the file as navicert's in SQLite's header: "NAVC".
// sqlite/0001_start.sql sets it.
const applicationID = 0x4e415643

type migration struct {
	version int
	name    string
	text    string
	then    func(context.Context, *sql.Tx) error // what SQL cannot say, after the text; or nil
}

// sqliteMigrations reads the embedded files: 0001_start.sql, 0002_….sql.
func sqliteMigrations() ([]migration, error) {
	files, err := fs.Glob(migrations, "sqlite/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	ms := make([]migration, 0, len(files))
	for i, f := range files {
		name := path.Base(f)
		number, _, _ := strings.Cut(name, "_")
		if v, err := strconv.Atoi(number); err != nil || v != i+1 {
			return nil, navicert.Errorf(navicert.Invalid, "migrations", f, "want number %04d", i+1)
		}
		text, err := migrations.ReadFile(f)
		if err != nil {
			return nil, err
		}
		m := migration{version: i + 1, name: name, text: string(text)}
		switch m.version {
		case fixBlocksVersion:
			m.then = fixRowsToBlocks
		case vesselPagesVersion:
			m.then = vesselRowsToPages
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// migrate brings the tables up to date in one transaction; of two processes
// that open a new directory at once, one does it and the other finds it done.
func migrate(ctx context.Context, db *sql.DB, ms []migration) error {
	have, err := schemaVersion(ctx, db)
	if err != nil || have == len(ms) {
		return err
	}
	if have > len(ms) {
		return newerError(have, len(ms))
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	if have, err = schemaVersion(ctx, tx); err != nil {
		return err
	}
	if have > len(ms) {
		return newerError(have, len(ms))
	}
	for _, m := range ms[have:] {
		if _, err := tx.ExecContext(ctx, m.text); err != nil {
			return navicert.Errorf(navicert.Invalid, "open data directory", "", "migration %s: %w", m.name, err)
		}
		if m.then != nil {
			if err := m.then(ctx, tx); err != nil {
				return navicert.Errorf(navicert.Invalid, "open data directory", "", "migration %s: %w", m.name, err)
			}
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO schema_version (version, name) VALUES (?, ?)", m.version, m.name); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func newerError(have, known int) error {
	return navicert.Errorf(navicert.Unsupported, "open data directory", "", "a newer navicert has written it (schema %d, this version knows 1 to %d)", have, known).
		WithHint("use the newer version, or another --data directory")
}

// rowQuerier is a *sql.DB or *sql.Tx.
type rowQuerier interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

// schemaVersion returns the version of the tables, 0 when there are none yet.
func schemaVersion(ctx context.Context, q rowQuerier) (int, error) {
	var id, tables, known int
	err := q.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), count(*),
		count(CASE WHEN name = 'schema_version' THEN 1 END) FROM sqlite_schema WHERE type = 'table'`).Scan(&id, &tables, &known)
	switch {
	case err != nil:
		return 0, err
	case tables == 0 && id == 0:
		return 0, nil
	case id != applicationID || known == 0:
		return 0, navicert.Errorf(navicert.Invalid, "open data directory", "", "%s is not a navicert database", FileName).
			WithHint("choose another --data directory")
	}
	var v int
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM schema_version").Scan(&v)
	return v, err
}

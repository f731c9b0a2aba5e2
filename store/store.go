// Package store keeps everything in SQL behind the interfaces that the packages
// above it declare: list.Store, list.PullStore, list.HeldStore,
// screen.SubjectStore, screen.ClearingStore, track.Store, detect.Store,
// detect.CoverageStore, geo.ZoneStore, own.Store, decide.Licences,
// decide.Settlements, decide.Packs, decide.Certificates and tlog.Store. Values come in and go out as those packages' own types;
// no caller sees SQL.
//
// The embedded default is one SQLite file, navicert.db, in the data directory;
// its tables are made and brought up to date when it is opened. What a method
// has returned from is on the disk: it survives kill -9 and a loss of power.
// What a killed process had not finished is not there at all.
//
//	db, err := store.Open(ctx, dir)
//	defer db.Close()
//	added, err := db.Put(ctx, publication, entries)
//
// Times are kept to the millisecond in columns, by which they are selected;
// positions and measures are kept exactly. The contract suite in
// store/storetest holds what every engine must do.
package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/geo"
	"navicert/list"
	"navicert/screen"
	"navicert/screen/own"
	"navicert/seal/tlog"
	"navicert/track"
)

// FileName is the name of the SQLite file in the data directory.
const FileName = "navicert.db"

var (
	_ list.Store           = (*DB)(nil)
	_ list.PullStore       = (*DB)(nil)
	_ list.HeldStore       = (*DB)(nil)
	_ screen.SubjectStore  = (*DB)(nil)
	_ screen.ClearingStore = (*DB)(nil)
	_ track.Store          = (*DB)(nil)
	_ detect.Store         = (*DB)(nil)
	_ detect.CoverageStore = (*DB)(nil)
	_ geo.ZoneStore        = (*DB)(nil)
	_ own.Store            = (*DB)(nil)
	_ decide.Certificates  = (*DB)(nil)
	_ decide.Licences      = (*DB)(nil)
	_ decide.Settlements   = (*DB)(nil)
	_ decide.Packs         = (*DB)(nil)
	_ tlog.Store           = (*DB)(nil)
)

// DB is an open data directory. It is safe for concurrent use, and several
// processes may have the same directory open: writers wait for each other.
type DB struct {
	dir    string
	writer *connections // one
	reader *connections // several, read-only
	copier *copier
	zones  zonesRead

	watching sync.Mutex
	watch    *sql.Conn // of reader, made when first needed: see DataVersion
	watches  int64     // how many there have been
}

// Open opens dir, making it (for this user alone) and its tables if need be.
//
// A directory that a newer version of the program has written is a
// navicert.Unsupported error; one that cannot be reached or stays locked by
// another process for longer than ten seconds is navicert.Unavailable; a file
// that is not a navicert database is navicert.Invalid.
func Open(ctx context.Context, dir string) (*DB, error) {
	const op = "open data directory"
	if dir == "" {
		return nil, navicert.Errorf(navicert.Invalid, op, "", "no directory was named").WithHint("give --data DIR")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, dir, "%w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, dir, "%w", err).WithHint("is there a file of that name, or no permission?")
	}
	writer, err := openWriter(ctx, filepath.Join(dir, FileName))
	if err != nil {
		return nil, failure(ctx, op, dir, err)
	}
	reader, err := openReader(ctx, filepath.Join(dir, FileName))
	if err != nil {
		return nil, closeAfter(failure(ctx, op, dir, err), writer)
	}
	copier, err := newCopier(filepath.Join(dir, FileName))
	if err != nil {
		return nil, closeAfter(closeAfter(failure(ctx, op, dir, err), reader), writer)
	}
	return &DB{dir: dir, writer: newConnections(writer), reader: newConnections(reader), copier: copier}, nil
}

// Close releases the directory. Calls under way end first.
func (db *DB) Close() error {
	if err := errors.Join(db.endWatch(), db.copier.Close(), db.reader.Close(), db.writer.Close()); err != nil {
		return navicert.Errorf(navicert.Unavailable, "close data directory", db.dir, "%w", err)
	}
	return nil
}

// write runs fn in one transaction, which holds the write lock from its start.
// The statements of fn take the context that it is given: it does not end with
// ctx, whose end is checked between statements instead, because the driver
// starts a goroutine for each statement under a context that can end.
func (db *DB) write(ctx context.Context, op, subject string, fn func(context.Context, *sql.Tx) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return failure(ctx, op, subject, err)
	}
	defer tx.Rollback() // after Commit it does nothing
	if err := fn(context.WithoutCancel(ctx), tx); err != nil {
		return failure(ctx, op, subject, err)
	}
	if err := tx.Commit(); err != nil {
		return failure(ctx, op, subject, err)
	}
	db.copier.committed()
	return nil
}

// read runs fn in one transaction that reads: what it reads is of one moment.
// The statements of fn take the context that it is given, as those of write.
func (db *DB) read(ctx context.Context, fn func(context.Context, *sql.Tx) error) error {
	tx, err := db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // a reading transaction has nothing to commit
	return fn(ctx, tx)
}

// query runs one SELECT on q and calls scan for each row.
func query(ctx context.Context, q querier, text string, args []any, scan func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, scan)
}

// eachRow calls scan for each row and closes them.
func eachRow(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// querier is a *sql.DB or *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

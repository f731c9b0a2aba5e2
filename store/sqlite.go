package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"navicert"
)

// busyTimeoutMS is how long a writer waits for another process's transaction;
// the longest of this program's own, the import of a whole list, takes about a
// second.
const busyTimeoutMS = 10_000

// pageSize is SQLite's of a new database, in bytes.
const pageSize = 4096

// maxReaders bounds the read-only connections; each holds a page cache of at
// most 4 MiB.
const maxReaders = 8

// sqliteDSN names the file with the settings of every connection to it.
//
// The journal is a write-ahead log that is synced at each commit (FULL), so
// that a commit survives a loss of power, not only the end of the process:
// https://www.sqlite.org/pragma.html#pragma_synchronous.
func sqliteDSN(file string, params ...string) string {
	params = append(
		params,
		fmt.Sprintf("_pragma=busy_timeout(%d)", busyTimeoutMS), // first: the others may have to wait
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_pragma=cache_size(-4096)",
		"_dqs=0",
		"_defensive=1",
	)
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + strings.Join(params, "&")
}

// openWriter opens the file with the one connection that writes, making the
// file and its tables if need be.
func openWriter(ctx context.Context, file string) (*sql.DB, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		// Only a new file can be made one that gives pages back, and only the
		// connection that makes it should try: on another it waits for writers.
		db, err := prepared(ctx, file, "_pragma=auto_vacuum(incremental)")
		if err != nil {
			return nil, err
		}
		if err := db.Close(); err != nil {
			return nil, err
		}
	}
	return prepared(ctx, file)
}

func prepared(ctx context.Context, file string, first ...string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(sqliteDSN(file, append(
		first,
		"_txlock=immediate",
		"_pragma=journal_mode(WAL)",
		fmt.Sprintf("_pragma=journal_size_limit(%d)", maxWalPages*pageSize),
		fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", maxWalPages),
	)...))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	if err := patiently(ctx, func() error { return prepareFile(ctx, db) }); err != nil {
		return nil, closeAfter(err, db)
	}
	return db, nil
}

// patiently does again what another process's lock prevents, for as long as a
// writer would wait. SQLite itself does not wait when two processes turn a new
// file to a write-ahead log at once.
func patiently(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, busyTimeoutMS*time.Millisecond)
	defer cancel()
	for {
		err := do()
		if e := (*sqlite.Error)(nil); !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func prepareFile(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return navicert.Errorf(navicert.Unavailable, "open data directory", "", "its file system cannot hold a write-ahead log (journal mode is %q)", mode).
			WithHint("choose a --data directory on a local disk")
	}
	ms, err := sqliteMigrations()
	if err != nil {
		return err
	}
	return migrate(ctx, db, ms)
}

// openReader opens the file, which must exist, with connections that cannot
// write.
func openReader(ctx context.Context, file string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(sqliteDSN(file, "mode=ro", "_query_only=1"))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	n := min(max(runtime.GOMAXPROCS(0), 2), maxReaders)
	db.SetMaxOpenConns(n + 1) // one watches, see DataVersion
	db.SetMaxIdleConns(n + 1)
	if err := db.PingContext(ctx); err != nil {
		return nil, closeAfter(err, db)
	}
	return db, nil
}

// closeAfter closes db because of err and returns it.
func closeAfter(err error, db *sql.DB) error {
	if closing := db.Close(); closing != nil {
		return errors.Join(err, closing)
	}
	return err
}

const damagedHint = FileName + " is damaged or no database: put back a copy of it"

// failure makes the error that a method returns: what was being done, to what,
// why it failed and, where a user can do something, what.
func failure(ctx context.Context, op, subject string, err error) error {
	if known := (*navicert.Error)(nil); errors.As(err, &known) {
		if known == err && known.Subject == "" {
			with := *known
			with.Subject = subject
			return &with
		}
		return err
	}
	if ctx.Err() != nil {
		return navicert.Errorf(navicert.Unavailable, op, subject, "%w", ctx.Err())
	}
	kind, hint := navicert.Unavailable, ""
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			hint = "another navicert has been writing to this data directory for more than ten seconds: try again"
		case sqlite3.SQLITE_FULL:
			hint = "the disk is full"
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
			hint = "is the directory writable?"
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			kind, hint = navicert.Invalid, damagedHint
		}
	}
	return navicert.Errorf(kind, op, subject, "%w", err).WithHint(hint)
}

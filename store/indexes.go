package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

// indexFolder holds search indexes of publications, beside the database: they
// can be made again from it at any time.
const indexFolder = "index"

// maxIndex is more than the index of any list takes; a longer file is none.
const maxIndex = 1 << 30

// DataVersion implements screen.Store: the number changes with every change to
// the database by this process or another. SQLite tells a connection what
// others changed (https://www.sqlite.org/pragma.html#pragma_data_version), so
// that one connection is kept for asking.
func (db *DB) DataVersion(ctx context.Context) (int64, error) {
	db.watching.Lock()
	defer db.watching.Unlock()
	var err error
	for range 2 { // a connection that has broken is replaced
		var v int64
		if v, err = db.askWatch(ctx); err == nil {
			return db.watches<<32 + v, nil
		}
		if db.watch != nil {
			_ = db.watch.Close() // it is of no use any more
			db.watch = nil
		}
	}
	return 0, failure(ctx, "read data version", db.dir, err)
}

// askWatch asks the connection kept for it. SQLite's number is of one
// connection: each new one begins another count.
func (db *DB) askWatch(ctx context.Context) (v int64, err error) {
	if db.watch == nil {
		if db.watch, err = db.reader.Conn(ctx); err != nil {
			db.watch = nil
			return 0, err
		}
		db.watches++
	}
	// Without a context that can end, the driver starts no goroutine.
	err = db.watch.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA data_version").Scan(&v)
	return v, err
}

func (db *DB) endWatch() error {
	db.watching.Lock()
	defer db.watching.Unlock()
	if db.watch == nil {
		return nil
	}
	err := db.watch.Close()
	db.watch = nil
	return err
}

// EntryAt implements screen.Store.
func (db *DB) EntryAt(ctx context.Context, listName string, date navicert.Date, position int) (list.Entry, error) {
	const op = "read entry"
	subject := list.Publication{List: listName, Date: date}.ID()
	var body []byte
	err := db.reader.QueryRowContext(ctx, `SELECT e.body FROM publication p JOIN publication_entry x ON x.publication = p.id JOIN entry e ON e.id = x.entry
		WHERE p.list = ? AND p.date = ? AND x.position = ?`, listName, string(date), position).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return list.Entry{}, navicert.Errorf(navicert.NotFound, op, subject, "it has no entry number %d", position)
	}
	var e list.Entry
	if err == nil {
		err = json.Unmarshal(body, &e)
	}
	if err != nil {
		return list.Entry{}, failure(ctx, op, subject, err)
	}
	return e, nil
}

// indexFile is where an index is kept. The name may hold anything, so that it
// becomes a hash.
func (db *DB) indexFile(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(db.dir, indexFolder, hex.EncodeToString(sum[:10]))
}

// LoadIndex implements screen.Cache.
func (db *DB) LoadIndex(_ context.Context, name string) (string, error) {
	fail := func(err error) (string, error) {
		return "", navicert.Errorf(navicert.Unavailable, "read index", name, "%w", err)
	}
	f, err := os.Open(db.indexFile(name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	var b strings.Builder
	b.Grow(int(min(info.Size(), maxIndex)))
	if _, err := io.Copy(&b, io.LimitReader(f, maxIndex)); err != nil {
		return fail(err)
	}
	return b.String(), nil
}

// SaveIndex implements screen.Cache. A reader finds the old file or the new one,
// never a part; after a loss of power it may find a damaged one, which the
// index's own checksum tells.
func (db *DB) SaveIndex(_ context.Context, name, index string) error {
	fail := func(err error) error {
		return navicert.Errorf(navicert.Unavailable, "keep index", name, "%w", err)
	}
	path := db.indexFile(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return fail(err)
	}
	removeLeft(f)
	_, err = io.WriteString(f, index)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fail(err), os.Remove(f.Name()))
	}
	return nil
}

// leftAfter is the age at which a file that was being written is one that a
// killed process left.
const leftAfter = time.Hour

// removeLeft removes what killed processes left beside a file that is being
// written. What cannot be removed only takes space.
func removeLeft(f *os.File) {
	now, err := f.Stat()
	if err != nil {
		return
	}
	all, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Name()), "new-*"))
	for _, other := range all {
		if info, err := os.Stat(other); err == nil && now.ModTime().Sub(info.ModTime()) > leftAfter {
			_ = os.Remove(other)
		}
	}
}

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/v1"
	"golang.org/x/sync/errgroup"

	"navicert"
	"navicert/list"
)

// entriesPerPage is how many entries one SELECT reads, so that no connection
// is held while the caller works on them.
const entriesPerPage = 2000

// Put implements list.Store.
func (db *DB) Put(ctx context.Context, p list.Publication, entries []list.Entry) (added bool, err error) {
	const op = "store publication"
	if _, err := navicert.ParseDate(string(p.Date)); err != nil || p.List == "" || p.SHA256 == "" {
		return false, navicert.Errorf(navicert.Invalid, op, strconv.Quote(p.ID()), "a publication needs its list, its date and the hash of its files")
	}
	p.ImportedAt = p.ImportedAt.UTC()
	err = db.write(ctx, op, p.ID(), func(ctx context.Context, tx *sql.Tx) error {
		id, err := insertPublication(ctx, tx, p)
		if err != nil || id == 0 {
			return err
		}
		added = true
		return insertEntries(ctx, tx, "publication_entry (publication, position, entry)", id, p.List, entries)
	})
	return added && err == nil, err
}

// insertPublication adds a publication without its entries and returns its
// number, or 0 when it is held already with the same content.
func insertPublication(ctx context.Context, tx *sql.Tx, p list.Publication) (id int64, err error) {
	const op = "store publication"
	var held string
	err = tx.QueryRowContext(ctx, "SELECT sha256 FROM publication WHERE list = ? AND date = ?", p.List, string(p.Date)).Scan(&held)
	switch {
	case err == nil && held == p.SHA256:
		return 0, nil
	case err == nil:
		return 0, navicert.Errorf(navicert.Conflict, op, p.ID(), "it is held already with other content (sha256 %s, now %s)", held, p.SHA256).
			WithHint("a publisher that issued twice in a day: import the later one under the next day's date; another form of the same list: keep it under another name with --as")
	case !errors.Is(err, sql.ErrNoRows):
		return 0, err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(
		ctx, "INSERT INTO publication (list, date, sha256, simulated, body) VALUES (?, ?, ?, ?, ?) RETURNING id",
		p.List, string(p.Date), p.SHA256, p.Simulated, string(body),
	).Scan(&id)
	return id, err
}

// insertEntries adds the entries that are not held and links them all to the
// publication, in the table that is named with its columns. What is stored of an
// entry is made when its turn comes: all of a large list together would take as
// much memory again as the list.
func insertEntries(ctx context.Context, tx *sql.Tx, table string, publication int64, listName string, entries []list.Entry) error {
	hashes := make([][sha256.Size]byte, len(entries))
	held := newBulk(
		ctx, tx, "INSERT INTO entry (hash, list, entry_id, body) VALUES ",
		"(?, ?, ?, ?)", " ON CONFLICT (hash) DO NOTHING",
	)
	for i := range entries {
		body, err := json.Marshal(&entries[i])
		if err != nil {
			return err
		}
		hashes[i] = sha256.Sum256(append([]byte(listName+"\x00"), body...))
		if err := held.add(hashes[i][:], listName, entries[i].ID, string(body)); err != nil {
			return err
		}
	}
	if err := held.flush(); err != nil {
		return err
	}
	linked := newBulk(
		ctx, tx, "INSERT INTO "+table+" SELECT v.column1, v.column2, e.id FROM (VALUES ",
		"(?, ?, ?)", ") AS v JOIN entry e ON e.hash = v.column3",
	)
	for i := range hashes {
		if err := linked.add(publication, i, hashes[i][:]); err != nil {
			return err
		}
	}
	if err := linked.flush(); err != nil {
		return err
	}
	if linked.changed != len(entries) {
		return fmt.Errorf("%d of %d entries were linked", linked.changed, len(entries))
	}
	return nil
}

// Publications implements list.Store.
func (db *DB) Publications(ctx context.Context) ([]list.Publication, error) {
	const op = "read publications"
	ps := []list.Publication{}
	err := query(ctx, db.reader, "SELECT body FROM publication ORDER BY list, date", nil, func(rows *sql.Rows) error {
		p, err := scanJSON[list.Publication](rows)
		ps = append(ps, p)
		return err
	})
	if err != nil {
		return nil, failure(ctx, op, "", err)
	}
	return ps, nil
}

// Entries implements list.Store. It reads a page at a time: the caller may
// call any method of the store between two entries.
func (db *DB) Entries(ctx context.Context, listName string, date navicert.Date) iter.Seq2[list.Entry, error] {
	return func(yield func(list.Entry, error) bool) {
		subject := list.Publication{List: listName, Date: date}.ID()
		fail := func(err error) { yield(list.Entry{}, failure(ctx, "read entries", subject, err)) }
		var id int64
		err := db.reader.QueryRowContext(ctx, "SELECT id FROM publication WHERE list = ? AND date = ?", listName, string(date)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			err = navicert.Errorf(navicert.NotFound, "read entries", subject, "this publication is not held").
				WithHint("navicert lists status shows those that are")
		}
		if err != nil {
			fail(err)
			return
		}
		pageEntries(ctx, func(from int) ([]list.Entry, error) {
			return db.entryPage(ctx, "publication_entry", "publication", id, from)
		}, "read entries", subject, yield)
	}
}

// pageEntries yields entries a page at a time.
func pageEntries(ctx context.Context, read func(from int) ([]list.Entry, error), op, subject string, yield func(list.Entry, error) bool) {
	for from := 0; ; from += entriesPerPage {
		page, err := read(from)
		if err != nil {
			yield(list.Entry{}, failure(ctx, op, subject, err))
			return
		}
		for i := range page {
			if !yield(page[i], nil) {
				return
			}
		}
		if len(page) < entriesPerPage {
			return
		}
	}
}

// entryPage reads a page of the entries that a table links to a publication,
// whose number is in the column.
func (db *DB) entryPage(ctx context.Context, table, column string, publication int64, from int) ([]list.Entry, error) {
	bodies := make([][]byte, 0, entriesPerPage)
	err := query(
		ctx, db.reader, "SELECT e.body FROM "+table+" p JOIN entry e ON e.id = p.entry WHERE p."+column+` = ?
			AND p.position >= ? AND p.position < ? ORDER BY p.position`,
		[]any{publication, from, from + entriesPerPage}, func(rows *sql.Rows) error {
			var body []byte
			err := rows.Scan(&body)
			bodies = append(bodies, body)
			return err
		},
	)
	if err != nil {
		return nil, err
	}
	return decodeAll[list.Entry](bodies)
}

// decodeAll reads a value from each body, on all processors: three quarters of
// the time of loading a list, or a ship's events, is spent on their JSON. The
// bodies are this package's own, so that names need not be compared without
// regard to case, which takes as long again.
func decodeAll[T any](bodies [][]byte) ([]T, error) {
	values := make([]T, len(bodies))
	workers := min(runtime.GOMAXPROCS(0), len(bodies))
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			for i := w; i < len(bodies); i += workers {
				if err := jsonv2.Unmarshal(bodies[i], &values[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return values, g.Wait()
}

// scanJSON reads a value from the one column of a row.
func scanJSON[T any](rows *sql.Rows) (v T, err error) {
	var body sql.RawBytes
	if err := rows.Scan(&body); err != nil {
		return v, err
	}
	return v, json.Unmarshal(body, &v)
}

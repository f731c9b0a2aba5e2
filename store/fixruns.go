package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"navicert"
	"navicert/store/fixblock"
)

// Positions lie in runs. A run is what was appended together, in the order of
// fixKey, cut into blocks; runs are written whole and never change. When there
// are mergeAt runs of about one size, they become one run, so that the number
// of runs to look into grows with the logarithm of what is held, until a run
// has runEnough fixes: it stays, and holds one stretch of time of a stream.
const (
	mergeAt   = 16
	runEnough = 1 << 16
)

// sizeClass is by which runs are of about one size.
func sizeClass(fixes int) int {
	class := 0
	for ; fixes >= mergeAt; fixes /= mergeAt {
		class++
	}
	return class
}

// fixKey is what makes a fix itself and no other.
type fixKey struct {
	mmsi         navicert.MMSI
	ms           int64
	source       int64
	offset, line int64
}

func (k fixKey) compare(o fixKey) int {
	return cmp.Or(
		cmp.Compare(k.mmsi, o.mmsi), cmp.Compare(k.ms, o.ms), cmp.Compare(k.source, o.source),
		cmp.Compare(k.offset, o.offset), cmp.Compare(k.line, o.line),
	)
}

func keyOf(r *fixblock.Row) fixKey {
	return fixKey{r.MMSI, r.Millis, r.Source, r.Offset, r.Line}
}

// times is from when to when.
type times struct{ oldest, newest int64 }

func (t *times) add(ms int64, first bool) {
	if first {
		*t = times{ms, ms}
	}
	t.oldest, t.newest = min(t.oldest, ms), max(t.newest, ms)
}

// stretch is from where to where in a source.
type stretch struct{ first, last int64 }

// stretches are those of each source.
type stretches map[int64]*stretch

func (s stretches) add(source, offset int64) {
	if p := s[source]; p != nil {
		p.first, p.last = min(p.first, offset), max(p.last, offset)
		return
	}
	s[source] = &stretch{offset, offset}
}

// runWriter writes a run.
type runWriter struct {
	ctx         context.Context
	tx          *sql.Tx
	id          int64
	w           fixblock.Writer
	insert      *sql.Stmt // the end of the transaction closes it
	first, last fixKey    // of the block
	block, run  times
	sources     stretches
	fixes       int
}

func newRun(ctx context.Context, tx *sql.Tx) (*runWriter, error) {
	w := &runWriter{ctx: ctx, tx: tx, sources: stretches{}}
	err := tx.QueryRowContext(ctx, "INSERT INTO fix_run (fixes, oldest, newest) VALUES (0, 0, 0) RETURNING id").Scan(&w.id)
	if err != nil {
		return nil, err
	}
	w.insert, err = tx.PrepareContext(ctx, `INSERT INTO fix_block
		(run, first_mmsi, first_time, last_mmsi, last_time, oldest, newest, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	return w, err
}

// add takes the next fix in order.
func (w *runWriter) add(r *fixblock.Row) error {
	w.run.add(r.Millis, w.fixes == 0)
	w.block.add(r.Millis, w.w.Rows() == 0)
	w.last = keyOf(r)
	if w.w.Rows() == 0 {
		w.first = w.last
	}
	w.sources.add(r.Source, r.Offset)
	w.fixes++
	if err := w.w.Add(r); err != nil {
		return navicert.Errorf(navicert.Invalid, storeFixes, "MMSI "+r.MMSI.String(), "%w", err)
	}
	if !w.w.Full() {
		return nil
	}
	return w.flush()
}

func (w *runWriter) flush() error {
	_, err := w.insert.ExecContext(
		w.ctx, w.id, uint32(w.first.mmsi), w.first.ms, uint32(w.last.mmsi), w.last.ms, w.block.oldest, w.block.newest, w.w.Finish(),
	)
	return err
}

// end writes what is left.
func (w *runWriter) end() error {
	if w.w.Rows() > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	for source, at := range w.sources {
		_, err := w.tx.ExecContext(w.ctx, "INSERT INTO fix_run_source VALUES (?, ?, ?, ?)", w.id, source, at.first, at.last)
		if err != nil {
			return err
		}
	}
	_, err := w.tx.ExecContext(
		w.ctx, "UPDATE fix_run SET fixes = ?, oldest = ?, newest = ? WHERE id = ?", w.fixes, w.run.oldest, w.run.newest, w.id,
	)
	return err
}

// smallRuns lists the runs that may still be merged, smallest first.
func smallRuns(ctx context.Context, tx *sql.Tx) (runs []heldRun, err error) {
	const text = "SELECT id, fixes FROM fix_run WHERE fixes < ? AND damaged = 0 ORDER BY fixes, id"
	err = query(ctx, tx, text, []any{runEnough}, func(rows *sql.Rows) error {
		var r heldRun
		err := rows.Scan(&r.id, &r.fixes)
		runs = append(runs, r)
		return err
	})
	return runs, err
}

type heldRun struct {
	id    int64
	fixes int
}

// mergeFull merges the runs of each size of which there are mergeAt, and returns
// how many turned out to be damaged.
func mergeFull(ctx context.Context, tx *sql.Tx) (damaged int, err error) {
	runs, err := smallRuns(ctx, tx)
	if err != nil {
		return 0, err
	}
	for from := 0; from < len(runs); {
		class := sizeClass(runs[from].fixes)
		to := from
		for to < len(runs) && sizeClass(runs[to].fixes) == class {
			to++
		}
		if to-from < mergeAt {
			from = to
			continue
		}
		merged, ok, err := mergeSound(ctx, tx, runs[from:to])
		if err != nil {
			return 0, err
		}
		from = 0
		if !ok {
			damaged++
			if runs, err = smallRuns(ctx, tx); err != nil {
				return 0, err
			}
			continue
		}
		runs = append(runs[:0], runs[to:]...) // what lay before is of smaller sizes
		if merged.fixes < runEnough {
			at, _ := slices.BinarySearchFunc(runs, merged.fixes, func(r heldRun, n int) int { return cmp.Compare(r.fixes, n) })
			runs = slices.Insert(runs, at, merged)
		}
	}
	return damaged, nil
}

// mergeSmall merges the small runs at the end of an input, when no more comes
// for now: each with those smaller than it, unless it is so large beside them
// that writing it again would not pay.
func mergeSmall(ctx context.Context, tx *sql.Tx) (damaged int, err error) {
	const larger = 4
	for {
		runs, err := smallRuns(ctx, tx)
		if err != nil {
			return 0, err
		}
		n, sum := 0, 0
		for n < len(runs) && (n == 0 || runs[n].fixes <= larger*sum) {
			sum += runs[n].fixes
			n++
		}
		if n < 2 {
			return damaged, nil
		}
		if _, ok, err := mergeSound(ctx, tx, runs[:n]); ok || err != nil {
			return damaged, err
		}
		damaged++
	}
}

// giveBack takes the pages that are free out of the file; of one that an earlier
// version made, SQLite keeps them for what comes, until it is vacuumed.
func giveBack(ctx context.Context, tx *sql.Tx) error {
	return query(ctx, tx, "PRAGMA incremental_vacuum", nil, func(*sql.Rows) error { return nil })
}

// damagedRun is an error of a run that cannot be read to its end.
type damagedRun struct {
	id int64
	error
}

// mergeSound makes one run of several, or, when one of them turns out to be
// damaged, leaves all as they are and that one out from then on: what comes has
// nothing to do with it, and must not wait until it is mended.
func mergeSound(ctx context.Context, tx *sql.Tx, runs []heldRun) (merged heldRun, ok bool, err error) {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT merge"); err != nil {
		return heldRun{}, false, err
	}
	merged, err = merge(ctx, tx, runs)
	var bad damagedRun
	if errors.As(err, &bad) {
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO merge"); err != nil {
			return heldRun{}, false, err
		}
		_, err = tx.ExecContext(ctx, "UPDATE fix_run SET damaged = 1 WHERE id = ?", bad.id)
	} else {
		ok = err == nil
	}
	if err != nil {
		return heldRun{}, false, err
	}
	_, err = tx.ExecContext(ctx, "RELEASE merge")
	return merged, ok, err
}

// merge makes one run of several. Blocks are read one at a time of each run and
// deleted when they have been, so that their pages take the new ones.
func merge(ctx context.Context, tx *sql.Tx, runs []heldRun) (heldRun, error) {
	var from []*runReader
	for _, r := range runs {
		c, err := readRun(ctx, tx, r.id)
		if err != nil {
			return heldRun{}, err
		}
		from = append(from, c)
	}
	w, err := newRun(ctx, tx)
	if err != nil {
		return heldRun{}, err
	}
	for len(from) > 0 {
		least := 0
		for i := 1; i < len(from); i++ {
			if from[i].key.compare(from[least].key) < 0 {
				least = i
			}
		}
		if err := w.add(&from[least].row); err != nil {
			return heldRun{}, err
		}
		more, err := from[least].next()
		if err != nil {
			return heldRun{}, err
		}
		if !more {
			from = slices.Delete(from, least, least+1)
		}
	}
	for _, r := range runs {
		for _, text := range []string{"DELETE FROM fix_run_source WHERE run = ?", "DELETE FROM fix_run WHERE id = ?"} {
			if _, err := tx.ExecContext(ctx, text, r.id); err != nil {
				return heldRun{}, err
			}
		}
	}
	return heldRun{w.id, w.fixes}, w.end()
}

// runReader reads a run to its end and deletes its blocks.
type runReader struct {
	ctx    context.Context
	tx     *sql.Tx
	id     int64
	blocks []int64
	r      fixblock.Reader
	row    fixblock.Row
	key    fixKey
}

// readRun begins with the first fix of a run, which has one.
func readRun(ctx context.Context, tx *sql.Tx, run int64) (*runReader, error) {
	c := &runReader{ctx: ctx, tx: tx, id: run}
	err := query(ctx, tx, "SELECT id FROM fix_block WHERE run = ? ORDER BY id", []any{run}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		c.blocks = append(c.blocks, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	more, err := c.next()
	if err == nil && !more {
		err = damagedRun{run, damaged("run %d of positions has none", run)}
	}
	return c, err
}

func (c *runReader) next() (bool, error) {
	for !c.r.Next(&c.row) {
		if err := c.r.Err(); err != nil {
			return false, damagedRun{c.id, damagedBlock(err)}
		}
		if len(c.blocks) == 0 {
			return false, nil
		}
		body, err := blockBody(c.ctx, c.tx, c.blocks[0])
		if err != nil {
			return false, err
		}
		if err := c.r.Reset(body); err != nil {
			return false, damagedRun{c.id, damagedBlock(err)}
		}
		if _, err := c.tx.ExecContext(c.ctx, "DELETE FROM fix_block WHERE id = ?", c.blocks[0]); err != nil {
			return false, err
		}
		c.blocks = c.blocks[1:]
	}
	c.key = keyOf(&c.row)
	return true, nil
}

func blockBody(ctx context.Context, tx *sql.Tx, id int64) (body []byte, err error) {
	err = tx.QueryRowContext(ctx, "SELECT body FROM fix_block WHERE id = ?", id).Scan(&body)
	return body, err
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sort"

	"navicert"
	"navicert/store/fixblock"
)

// freshFix is a fix that is not held, by its index in what was given.
type freshFix struct {
	fixKey
	index int
}

// newFixes returns the fixes that are not held, in order; of equal keys the
// first given.
func newFixes(ctx context.Context, tx *sql.Tx, w *words, fixes []navicert.Fix) ([]freshFix, error) {
	keys := make([]freshFix, len(fixes))
	var t times
	at := stretches{}
	for i := range fixes {
		f := &fixes[i]
		source, err := w.id(f.Ref.Source)
		if err != nil {
			return nil, err
		}
		keys[i] = freshFix{fixKey{f.MMSI, millis(f.Time), source, f.Ref.Offset, f.Ref.Line}, i}
		t.add(keys[i].ms, i == 0)
		at.add(source, f.Ref.Offset)
	}
	slices.SortFunc(keys, func(a, b freshFix) int { return cmp.Or(a.compare(b.fixKey), cmp.Compare(a.index, b.index)) })
	keys = slices.CompactFunc(keys, func(a, b freshFix) bool { return a.fixKey == b.fixKey })
	held, err := heldFixes(ctx, tx, keys, t, at)
	if err != nil {
		return nil, err
	}
	if held == nil {
		return keys, nil
	}
	n := 0
	for i, k := range keys {
		if !held[i] {
			keys[n] = k
			n++
		}
	}
	return keys[:n], nil
}

// heldFixes says which of the keys, in order, are held; nil when none is. Only
// blocks in which one might be are unpacked: of the runs that have something of
// their sources from there and of their time.
func heldFixes(ctx context.Context, tx *sql.Tx, keys []freshFix, t times, at stretches) (held []bool, err error) {
	runs, err := runsOf(ctx, tx, t, at)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	blocks, err := blocksOf(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	blocks = slices.DeleteFunc(blocks, func(b heldBlock) bool { return !runs[b.run] })
	vessels := newVesselPages(ctx, tx)
	if err := vessels.many(); err != nil {
		return nil, err
	}
	var r fixblock.Reader
	var row fixblock.Row
	for _, b := range blocks {
		from := sort.Search(len(keys), func(i int) bool { return !before(keys[i].mmsi, keys[i].ms, b.firstMMSI, b.firstTime) })
		to := from
		maybe := false
		for ; to < len(keys) && !before(b.lastMMSI, b.lastTime, keys[to].mmsi, keys[to].ms); to++ {
			k := &keys[to]
			if maybe || k.ms < b.oldest || k.ms > b.newest {
				continue
			}
			v, known, err := vessels.of(k.mmsi)
			if err != nil {
				return nil, err
			}
			maybe = known && k.ms <= v.Last
		}
		if !maybe {
			continue
		}
		body, err := blockBody(ctx, tx, b.id)
		if err != nil {
			return nil, err
		}
		if err := r.Reset(body); err != nil {
			return nil, damagedBlock(err)
		}
		for from < to && r.Next(&row) {
			k := keyOf(&row)
			for from < to && keys[from].compare(k) < 0 {
				from++
			}
			if from < to && keys[from].fixKey == k {
				if held == nil {
					held = make([]bool, len(keys))
				}
				held[from] = true
			}
		}
		if err := r.Err(); err != nil {
			return nil, damagedBlock(err)
		}
	}
	return held, nil
}

// runsOf is the set of runs with fixes of a time from some stretches of sources.
func runsOf(ctx context.Context, tx *sql.Tx, t times, at stretches) (map[int64]bool, error) {
	runs := map[int64]bool{}
	for source, p := range at {
		err := query(
			ctx, tx, `SELECT r.id FROM fix_run r JOIN fix_run_source s ON s.run = r.id
				WHERE r.newest >= ? AND r.oldest <= ? AND s.source = ? AND s.last_offset >= ? AND s.first_offset <= ?`,
			[]any{t.oldest, t.newest, source, p.first, p.last}, func(rows *sql.Rows) error {
				var id int64
				err := rows.Scan(&id)
				runs[id] = true
				return err
			},
		)
		if err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// before reports whether one vessel and time stands before another in a run.
func before(m navicert.MMSI, ms int64, om navicert.MMSI, oms int64) bool {
	return m < om || m == om && ms < oms
}

// heldBlock is a block without its body.
type heldBlock struct {
	id, run             int64
	firstMMSI, lastMMSI navicert.MMSI
	firstTime, lastTime int64
	times
}

// blocksOf lists the blocks that have a fix of a time, newest first.
func blocksOf(ctx context.Context, tx *sql.Tx, t times) (blocks []heldBlock, err error) {
	err = query(ctx, tx, `SELECT b.id, b.run, b.first_mmsi, b.first_time, b.last_mmsi, b.last_time, b.oldest, b.newest
		FROM fix_run r CROSS JOIN fix_block b ON b.run = r.id -- CROSS: only blocks of the runs concerned
		WHERE r.newest >= ? AND r.oldest <= ? AND b.newest >= ? AND b.oldest <= ? ORDER BY b.newest DESC, b.id`,
		[]any{t.oldest, t.newest, t.oldest, t.newest}, func(rows *sql.Rows) error {
			var b heldBlock
			err := rows.Scan(&b.id, &b.run, &b.firstMMSI, &b.firstTime, &b.lastMMSI, &b.lastTime, &b.oldest, &b.newest)
			blocks = append(blocks, b)
			return err
		},
	)
	return blocks, err
}

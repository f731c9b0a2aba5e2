package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sort"
	"strconv"
	"time"

	"navicert"
	"navicert/store/fixblock"
	"navicert/store/vesselpage"
	"navicert/track"
)

// Latest implements track.Store. The vessels are in the order of their MMSIs;
// of several fixes in one millisecond the one whose source's name is first is
// given. The Identity of a vessel that sent none by then is zero.
func (db *DB) Latest(ctx context.Context, t time.Time, window time.Duration) ([]track.Last, error) {
	span := times{millisUp(t.Add(-window)), millis(t)}
	latest := []track.Last{}
	err := db.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		heard, err := vesselsIn(ctx, tx, span)
		if err != nil || len(heard) == 0 {
			return err
		}
		identities, err := newestIdentities(ctx, tx, span, heard)
		if err != nil {
			return err
		}
		vessels, err := newestFixes(ctx, tx, span, heard)
		if err != nil {
			return err
		}
		for i := range vessels {
			if v := &vessels[i]; v.found {
				latest = append(latest, track.Last{Fix: v.fix, Identity: identities[v.mmsi]})
			}
		}
		return nil
	})
	if err != nil {
		return nil, failure(ctx, "read latest positions", "", err)
	}
	return latest, nil
}

// newestIdentities is what the vessels heard in a span of time called themselves
// at its end.
func newestIdentities(ctx context.Context, tx *sql.Tx, span times, heard []vesselpage.Vessel) (map[navicert.MMSI]track.Identity, error) {
	newest := map[navicert.MMSI]track.Identity{}
	mmsis := []byte("[")
	for i := range heard {
		if i > 0 {
			mmsis = append(mmsis, ',')
		}
		mmsis = strconv.AppendUint(mmsis, uint64(heard[i].MMSI), 10)
	}
	ids, err := readIdentities(ctx, tx, span.newest, "i.mmsi IN (SELECT value FROM json_each(?))", string(append(mmsis, ']')))
	for _, id := range ids {
		if held, ok := newest[id.MMSI]; !ok || newerIdentity(id, held) < 0 {
			newest[id.MMSI] = id
		}
	}
	return newest, err
}

// newestFix is the newest fix of a vessel in a span of time, as far as blocks
// have been read.
type newestFix struct {
	mmsi  navicert.MMSI
	last  int64 // the time of its newest fix, when that is in the span; else later
	found bool
	fix   navicert.Fix
	ms    int64 // of fix
}

// newestFixes reads the newest blocks first, and of the others those that may
// still hold a newer fix of a vessel: when the span ends now, those that hold
// the last of one.
func newestFixes(ctx context.Context, tx *sql.Tx, span times, heard []vesselpage.Vessel) ([]newestFix, error) {
	vessels := make([]newestFix, len(heard))
	for i := range heard {
		vessels[i].mmsi, vessels[i].last = heard[i].MMSI, heard[i].Last
	}
	blocks, err := blocksOf(ctx, tx, span)
	if err != nil {
		return nil, err
	}
	r := newFixReader(ctx, tx)
	for i := range blocks {
		b := &blocks[i]
		from := sort.Search(len(vessels), func(i int) bool { return vessels[i].mmsi >= b.firstMMSI })
		to := from + sort.Search(len(vessels)-from, func(i int) bool { return vessels[from+i].mmsi > b.lastMMSI })
		of := vessels[from:to]
		if !slices.ContainsFunc(of, func(v newestFix) bool { return v.mayBeIn(b, span) }) {
			continue
		}
		body, err := blockBody(ctx, tx, b.id)
		if err != nil {
			return nil, err
		}
		if err := r.newest(body, of, span); err != nil {
			return nil, err
		}
	}
	return vessels, nil
}

// mayBeIn reports whether a block may hold what is looked for.
func (v *newestFix) mayBeIn(b *heldBlock, span times) bool {
	if v.last <= span.newest {
		return b.oldest <= v.last && v.last <= b.newest
	}
	return !v.found || v.ms <= b.newest
}

// newest takes what a block holds of vessels, which are in order.
func (r *fixReader) newest(body []byte, of []newestFix, span times) error {
	var row fixblock.Row // the newest so far of the first of them; it becomes a fix when no newer one follows
	var others []int64
	waiting := false
	take := func() error {
		if !waiting {
			return nil
		}
		waiting = false
		return of[0].take(r, &row)
	}
	err := r.block(body, func(next *fixblock.Row) error {
		if len(of) == 0 || next.MMSI < of[0].mmsi {
			return nil
		}
		if next.MMSI > of[0].mmsi {
			if err := take(); err != nil {
				return err
			}
			for len(of) > 0 && of[0].mmsi < next.MMSI {
				of = of[1:]
			}
			if len(of) == 0 || of[0].mmsi != next.MMSI {
				return nil
			}
		}
		if !of[0].wants(next.Millis, span) {
			return nil
		}
		if waiting && row.Millis == next.Millis {
			if err := take(); err != nil {
				return err
			}
		}
		others = append(others[:0], next.Others...)
		row, waiting = *next, true
		row.Others = others
		return nil
	})
	return cmp.Or(err, take())
}

// wants reports whether a fix of that time may be the newest.
func (v *newestFix) wants(ms int64, span times) bool {
	return ms >= span.oldest && ms <= span.newest && (!v.found || ms >= v.ms) && (v.last > span.newest || ms == v.last)
}

func (v *newestFix) take(r *fixReader, row *fixblock.Row) error {
	f, err := r.fix(row)
	if err != nil {
		return err
	}
	if !v.found || row.Millis > v.ms || compareRefs(f.Ref, v.fix.Ref) < 0 {
		v.found, v.fix, v.ms = true, f, row.Millis
	}
	return nil
}

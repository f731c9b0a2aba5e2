package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"math"
	"slices"

	"navicert"
	"navicert/store/vesselpage"
)

// A page of vessels that would hold more than maxInPage is cut into pages of at
// most fullPage, so that the next vessels have room. A page that is read is read
// whole: it takes as long as SQLite takes to find it.
const (
	maxInPage = 128
	fullPage  = 96
)

// spanSet is what a batch adds to vessels.
type spanSet map[navicert.MMSI]*vesselpage.Vessel

func (s spanSet) add(f *navicert.Fix, ms int64) {
	v := s[f.MMSI]
	if v == nil {
		v = &vesselpage.Vessel{MMSI: f.MMSI, First: ms, Last: ms}
		s[f.MMSI] = v
	}
	v.Fixes++
	v.First, v.Last = min(v.First, ms), max(v.Last, ms)
	v.Simulated = v.Simulated || f.Simulated
}

// store adds them to what is held, page by page.
func (s spanSet) store(ctx context.Context, tx *sql.Tx) error {
	added := slices.SortedFunc(maps.Values(s), func(a, b *vesselpage.Vessel) int { return cmp.Compare(a.MMSI, b.MMSI) })
	pages := newVesselPages(ctx, tx)
	if err := pages.many(); err != nil {
		return err
	}
	w, err := newVesselWriter(ctx, tx)
	if err != nil {
		return err
	}
	for len(added) > 0 {
		if err := pages.find(added[0].MMSI); err != nil {
			return err
		}
		to, err := w.after(pages.from)
		if err != nil {
			return err
		}
		n := 1
		for n < len(added) && int64(added[n].MMSI) < to {
			n++
		}
		if err := w.write(pages.from, withAdded(pages.vessels, added[:n])); err != nil {
			return err
		}
		added = added[n:]
	}
	return nil
}

// withAdded is what is held of vessels with what is added; both are in order.
func withAdded(held []vesselpage.Vessel, added []*vesselpage.Vessel) []vesselpage.Vessel {
	all := make([]vesselpage.Vessel, 0, len(held)+len(added))
	for _, a := range added {
		for len(held) > 0 && held[0].MMSI < a.MMSI {
			all, held = append(all, held[0]), held[1:]
		}
		v := *a
		if len(held) > 0 && held[0].MMSI == a.MMSI {
			h := &held[0]
			v.First, v.Last, v.Fixes, v.Simulated = min(v.First, h.First), max(v.Last, h.Last), v.Fixes+h.Fixes, v.Simulated || h.Simulated
			held = held[1:]
		}
		all = append(all, v)
	}
	return append(all, held...)
}

// vesselWriter writes pages.
type vesselWriter struct {
	ctx       context.Context
	put, next *sql.Stmt // the end of the transaction closes them
}

func newVesselWriter(ctx context.Context, tx *sql.Tx) (*vesselWriter, error) {
	put, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO vessel_page
		(from_mmsi, vessels, fixes, first_fix, last_fix, simulated, body) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return nil, err
	}
	next, err := tx.PrepareContext(ctx, "SELECT coalesce(min(from_mmsi), ?) FROM vessel_page WHERE from_mmsi > ?")
	return &vesselWriter{ctx, put, next}, err
}

// after is from where the page after another is, or where MMSIs end.
func (w *vesselWriter) after(from navicert.MMSI) (next int64, err error) {
	err = w.next.QueryRowContext(w.ctx, math.MaxUint32+1, uint32(from)).Scan(&next)
	return next, err
}

// write writes the page that is from an MMSI, or several when it has grown.
func (w *vesselWriter) write(from navicert.MMSI, vs []vesselpage.Vessel) error {
	pages := 1
	if len(vs) > maxInPage {
		pages = (len(vs) + fullPage - 1) / fullPage
	}
	for part := range slices.Chunk(vs, (len(vs)+pages-1)/pages) {
		all := part[0]
		for _, v := range part[1:] {
			all.First, all.Last, all.Fixes, all.Simulated = min(all.First, v.First), max(all.Last, v.Last), all.Fixes+v.Fixes, all.Simulated || v.Simulated
		}
		body, err := vesselpage.Pack(part)
		if err != nil {
			return navicert.Errorf(navicert.Invalid, storeFixes, "", "%w", err)
		}
		if _, err := w.put.ExecContext(w.ctx, uint32(from), len(part), all.Fixes, all.First, all.Last, all.Simulated, body); err != nil {
			return err
		}
		from = part[len(part)-1].MMSI + 1 // where the next page begins, if there is one
	}
	return nil
}

// vesselPages reads the pages of vessels, one at a time.
type vesselPages struct {
	ctx     context.Context
	tx      *sql.Tx
	get     *sql.Stmt // of pageOfVessel, or nil; the end of the transaction closes it
	from    navicert.MMSI
	vessels []vesselpage.Vessel
}

func newVesselPages(ctx context.Context, tx *sql.Tx) *vesselPages {
	return &vesselPages{ctx: ctx, tx: tx}
}

const pageOfVessel = "SELECT from_mmsi, body FROM vessel_page WHERE from_mmsi <= ? ORDER BY from_mmsi DESC LIMIT 1"

// many prepares for many vessels; for one that takes longer than to ask.
func (p *vesselPages) many() (err error) {
	p.get, err = p.tx.PrepareContext(p.ctx, pageOfVessel)
	return err
}

// find reads the page that a vessel belongs to, unless it is at hand. Of an empty
// table that is the first, which holds none.
func (p *vesselPages) find(m navicert.MMSI) error {
	if n := len(p.vessels); n > 0 && p.from <= m && m <= p.vessels[n-1].MMSI {
		return nil
	}
	p.vessels = p.vessels[:0]
	var row *sql.Row
	if p.get != nil {
		row = p.get.QueryRowContext(p.ctx, uint32(m))
	} else {
		row = p.tx.QueryRowContext(p.ctx, pageOfVessel, uint32(m))
	}
	var body []byte
	err := row.Scan(&p.from, &body)
	if errors.Is(err, sql.ErrNoRows) {
		p.from = 0
		return nil
	}
	if err == nil {
		p.vessels, err = unpackVessels(p.vessels, body)
	}
	return err
}

// of returns what is held of a vessel; false is nothing.
func (p *vesselPages) of(m navicert.MMSI) (v vesselpage.Vessel, held bool, err error) {
	if err := p.find(m); err != nil {
		return v, false, err
	}
	i, held := slices.BinarySearchFunc(p.vessels, m, func(v vesselpage.Vessel, m navicert.MMSI) int { return cmp.Compare(v.MMSI, m) })
	if held {
		v = p.vessels[i]
	}
	return v, held, nil
}

func unpackVessels(vs []vesselpage.Vessel, body []byte) ([]vesselpage.Vessel, error) {
	vs, err := vesselpage.Unpack(vs, body)
	if err != nil {
		err = damaged("a page of vessels is damaged: %w", err)
	}
	return vs, err
}

// vesselsIn lists the vessels whose positions' spans touch a span of time, in
// the order of their MMSIs.
func vesselsIn(ctx context.Context, q querier, span times) (vs []vesselpage.Vessel, err error) {
	err = query(
		ctx, q, "SELECT body FROM vessel_page WHERE first_fix <= ? AND last_fix >= ? ORDER BY from_mmsi", []any{span.newest, span.oldest},
		func(rows *sql.Rows) error {
			var body sql.RawBytes
			err := rows.Scan(&body)
			if err != nil {
				return err
			}
			n := len(vs)
			if vs, err = unpackVessels(vs, body); err != nil {
				return err
			}
			in := slices.DeleteFunc(vs[n:], func(v vesselpage.Vessel) bool { return v.First > span.newest || v.Last < span.oldest })
			vs = vs[:n+len(in)]
			return nil
		},
	)
	return vs, err
}

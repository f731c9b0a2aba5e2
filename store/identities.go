package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

	"navicert"
	"navicert/track"
)

// AppendStatics implements track.Store. A report without MMSI or time, or with
// a number that is none, is a navicert.Invalid error, and none of them is
// stored.
func (db *DB) AppendStatics(ctx context.Context, reports []navicert.Static) (added int, err error) {
	if err := checkStatics(ctx, reports); err != nil || len(reports) == 0 {
		return 0, err
	}
	err = db.write(ctx, storeStatics, "", func(ctx context.Context, tx *sql.Tx) (err error) {
		added, err = appendStatics(ctx, tx, reports)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

const storeStatics = "store static reports"

func appendStatics(ctx context.Context, tx *sql.Tx, reports []navicert.Static) (added int, err error) {
	if len(reports) == 0 {
		return 0, nil
	}
	w, err := newStaticWriter(ctx, tx)
	if err != nil {
		return 0, err
	}
	for i := range reports {
		isNew, err := w.write(&reports[i])
		if err != nil {
			return 0, err
		}
		if isNew {
			added++
		}
	}
	return added, w.storeSpans()
}

func checkStatics(ctx context.Context, reports []navicert.Static) error {
	for i := range reports {
		if err := checkStatic(&reports[i]); err != nil {
			return failure(ctx, storeStatics, refText(reports[i].Ref), err)
		}
	}
	return nil
}

func checkStatic(s *navicert.Static) error {
	if s.MMSI == 0 {
		return navicert.Errorf(navicert.Invalid, "store static reports", "", "a report has no MMSI")
	}
	if err := storable(s.Time, "the static report of MMSI "+s.MMSI.String()); err != nil {
		return err
	}
	for _, v := range []float64{s.LengthM.Or(0), s.BeamM.Or(0), s.DraughtM.Or(0)} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return navicert.Errorf(navicert.Invalid, "store static reports", "", "the report of MMSI %s at %s holds %v", s.MMSI, navicert.At(s.Time), v)
		}
	}
	return nil
}

// particulars are what rows of the table identity differ in. It is finer than
// a track.Identity, so that the ship type and length of a past time can be
// told from few rows.
type particulars struct {
	imo       navicert.IMO
	name      string
	callSign  navicert.CallSign
	shipType  navicert.Opt[int]
	lengthM   navicert.Opt[float64]
	simulated bool
}

// particularsRow is a row of the table identity: its number and the span and
// count of its reports.
type particularsRow struct {
	id          int64
	first, last int64
	reports     int
	changed     bool
}

// staticWriter writes reports within one transaction.
type staticWriter struct {
	ctx            context.Context
	tx             *sql.Tx
	words          *words
	held           map[navicert.MMSI]map[particulars]*particularsRow
	exists, insert *sql.Stmt
}

func newStaticWriter(ctx context.Context, tx *sql.Tx) (*staticWriter, error) {
	w := &staticWriter{ctx: ctx, tx: tx, words: newWords(ctx, tx), held: map[navicert.MMSI]map[particulars]*particularsRow{}}
	var err error
	w.exists, err = tx.PrepareContext(ctx, "SELECT count(*) FROM static_report WHERE mmsi = ? AND time = ? AND source = ?")
	if err != nil {
		return nil, err
	}
	w.insert, err = tx.PrepareContext(ctx, `INSERT INTO static_report (mmsi, time, source, identity, beam, draught,
		destination, class, time_from, station, ref_offset, ref_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	return w, err
}

// write stores one report and folds it into its identity, unless it is held.
func (w *staticWriter) write(s *navicert.Static) (added bool, err error) {
	source, err := w.words.id(s.Ref.Source)
	if err != nil {
		return false, err
	}
	ms := millis(s.Time)
	var held int
	if err := w.exists.QueryRowContext(w.ctx, uint32(s.MMSI), ms, source).Scan(&held); err != nil || held > 0 {
		return false, err
	}
	station, err := w.words.optionalID(s.Station)
	if err != nil {
		return false, err
	}
	row, err := w.row(s.MMSI, ms, particulars{s.IMO, s.Name, s.CallSign, s.ShipType, s.LengthM, s.Simulated})
	if err != nil {
		return false, err
	}
	_, err = w.insert.ExecContext(
		w.ctx, uint32(s.MMSI), ms, source, row.id, nullable(s.BeamM), nullable(s.DraughtM),
		s.Destination, string(s.Class), string(s.TimeFrom), station, s.Ref.Offset, s.Ref.Line,
	)
	if err != nil {
		return false, err
	}
	row.first, row.last = min(row.first, ms), max(row.last, ms)
	row.reports++
	row.changed = true
	return true, nil
}

// row returns the row of table identity for what an MMSI sent, making it if
// there is none.
func (w *staticWriter) row(mmsi navicert.MMSI, ms int64, p particulars) (*particularsRow, error) {
	rows, err := w.rows(mmsi)
	if err != nil {
		return nil, err
	}
	if row := rows[p]; row != nil {
		return row, nil
	}
	row := &particularsRow{first: ms, last: ms}
	err = w.tx.QueryRowContext(
		w.ctx, `INSERT INTO identity (mmsi, imo, name, call_sign, ship_type, length, simulated,
			first_seen, last_seen, reports) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING id`,
		uint32(mmsi), uint32(p.imo), p.name, string(p.callSign), nullable(p.shipType), nullable(p.lengthM), p.simulated, ms, ms,
	).Scan(&row.id)
	rows[p] = row
	return row, err
}

// rows returns all rows of table identity of an MMSI, reading them once.
func (w *staticWriter) rows(mmsi navicert.MMSI) (map[particulars]*particularsRow, error) {
	if rows, ok := w.held[mmsi]; ok {
		return rows, nil
	}
	held := map[particulars]*particularsRow{}
	w.held[mmsi] = held
	return held, query(
		w.ctx, w.tx, `SELECT id, imo, name, call_sign, ship_type, length, simulated, first_seen, last_seen, reports
			FROM identity WHERE mmsi = ?`, []any{uint32(mmsi)}, func(rows *sql.Rows) error {
			var p particulars
			var r particularsRow
			var shipType sql.Null[int]
			var length sql.Null[float64]
			err := rows.Scan(&r.id, &p.imo, &p.name, &p.callSign, &shipType, &length, &p.simulated, &r.first, &r.last, &r.reports)
			p.shipType, p.lengthM = optional(shipType), optional(length)
			held[p] = &r
			return err
		},
	)
}

// storeSpans writes the spans and counts that have changed.
func (w *staticWriter) storeSpans() error {
	stmt, err := w.tx.PrepareContext(w.ctx, "UPDATE identity SET first_seen = ?, last_seen = ?, reports = ? WHERE id = ?")
	if err != nil {
		return err
	}
	for _, rows := range w.held {
		for _, r := range rows {
			if !r.changed {
				continue
			}
			if _, err := stmt.ExecContext(w.ctx, r.first, r.last, r.reports, r.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Identities implements track.Store.
func (db *DB) Identities(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, t time.Time) ([]track.Identity, error) {
	const op = "read identities"
	where, arg, subject := "i.mmsi = ?", uint32(mmsi), "MMSI "+mmsi.String()
	if imo != 0 {
		where, arg, subject = "i.imo <> 0 AND i.imo = ?", uint32(imo), "IMO "+imo.String()
	}
	if (imo == 0) == (mmsi == 0) {
		return nil, navicert.Errorf(navicert.Invalid, op, "", "want an IMO number or an MMSI, one of the two")
	}
	ids, err := readIdentities(ctx, db.reader, millis(t), where, arg)
	if err != nil {
		return nil, failure(ctx, op, subject, err)
	}
	slices.SortFunc(ids, newerIdentity)
	return ids, nil
}

// newerIdentity orders identities newest first.
func newerIdentity(a, b track.Identity) int {
	return cmp.Or(
		b.LastSeen.Compare(a.LastSeen), b.FirstSeen.Compare(a.FirstSeen), cmp.Compare(a.MMSI, b.MMSI),
		cmp.Compare(b.IMO, a.IMO), cmp.Compare(b.Name, a.Name), cmp.Compare(b.CallSign, a.CallSign),
	)
}

// identityKey is what makes an identity.
type identityKey struct {
	mmsi     navicert.MMSI
	imo      navicert.IMO
	name     string
	callSign navicert.CallSign
}

// readIdentities reads the identities that a condition on table identity (i)
// selects, from reports up to the millisecond ms, in no order. The newest
// report that gives a ship type or length decides it; one simulated report
// makes the identity simulated.
func readIdentities(ctx context.Context, q querier, ms int64, where string, args ...any) ([]track.Identity, error) {
	type folded struct {
		track.Identity
		typeSeen, lengthSeen int64
	}
	byKey := map[identityKey]*folded{}
	err := query(
		ctx, q, `SELECT i.mmsi, i.imo, i.name, i.call_sign, i.ship_type, i.length, i.simulated, i.first_seen,
				CASE WHEN i.last_seen <= ? THEN i.last_seen
				ELSE (SELECT max(r.time) FROM static_report r WHERE r.identity = i.id AND r.time <= ?) END,
				CASE WHEN i.last_seen <= ? THEN i.reports
				ELSE (SELECT count(*) FROM static_report r WHERE r.identity = i.id AND r.time <= ?) END
			FROM identity i WHERE i.first_seen <= ? AND `+where+` ORDER BY i.id`,
		append([]any{ms, ms, ms, ms, ms}, args...), func(rows *sql.Rows) error {
			var k identityKey
			var shipType sql.Null[int]
			var length sql.Null[float64]
			var first, last int64
			var reports int
			var simulated bool
			err := rows.Scan(&k.mmsi, &k.imo, &k.name, &k.callSign, &shipType, &length, &simulated, &first, &last, &reports)
			if err != nil {
				return err
			}
			id := byKey[k]
			if id == nil {
				id = &folded{Identity: track.Identity{
					MMSI: k.mmsi, IMO: k.imo, Name: k.name, CallSign: k.callSign,
					FirstSeen: fromMillis(first), LastSeen: fromMillis(last),
				}}
				byKey[k] = id
			}
			if t := fromMillis(first); t.Before(id.FirstSeen) {
				id.FirstSeen = t
			}
			if t := fromMillis(last); t.After(id.LastSeen) {
				id.LastSeen = t
			}
			id.Reports += reports
			id.Simulated = id.Simulated || simulated
			if shipType.Valid && (!id.ShipType.Known() || last >= id.typeSeen) {
				id.ShipType, id.typeSeen = optional(shipType), last
			}
			if length.Valid && (!id.LengthM.Known() || last >= id.lengthSeen) {
				id.LengthM, id.lengthSeen = optional(length), last
			}
			return nil
		},
	)
	ids := make([]track.Identity, 0, len(byKey))
	for _, id := range byKey {
		ids = append(ids, id.Identity)
	}
	return ids, err
}

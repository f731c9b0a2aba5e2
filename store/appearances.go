package store

import (
	"context"
	"database/sql"
	"time"

	"navicert"
	"navicert/track"
)

// Appearances implements track.Store.
func (db *DB) Appearances(ctx context.Context, imo navicert.IMO, mmsi navicert.MMSI, t time.Time) ([]track.Appearance, error) {
	const op = "read appearances"
	ids, err := db.Identities(ctx, imo, mmsi, t)
	if err != nil {
		return nil, err
	}
	where, arg, subject := "i.mmsi = ?", uint32(mmsi), "MMSI "+mmsi.String()
	if imo != 0 {
		where, arg, subject = "i.imo <> 0 AND i.imo = ?", uint32(imo), "IMO "+imo.String()
	}
	type ends struct {
		first, last           int64
		firstPlace, lastPlace navicert.Ref
	}
	byKey := map[identityKey]*ends{}
	ms := millis(t)
	err = query(
		ctx, db.reader, `SELECT i.mmsi, i.imo, i.name, i.call_sign, r.time, w.text, r.ref_offset, r.ref_line
			FROM identity i JOIN static_report r ON r.identity = i.id JOIN word w ON w.id = r.source
			WHERE `+where+` AND r.time IN (
				(SELECT min(e.time) FROM static_report e WHERE e.identity = i.id),
				(SELECT max(e.time) FROM static_report e WHERE e.identity = i.id AND e.time <= ?)) AND r.time <= ?
			ORDER BY r.time, w.text`, []any{arg, ms, ms}, func(rows *sql.Rows) error {
			var k identityKey
			var at int64
			var r navicert.Ref
			if err := rows.Scan(&k.mmsi, &k.imo, &k.name, &k.callSign, &at, &r.Source, &r.Offset, &r.Line); err != nil {
				return err
			}
			e := byKey[k]
			if e == nil {
				e = &ends{first: at, firstPlace: r}
				byKey[k] = e
			}
			if e.last < at || e.lastPlace == (navicert.Ref{}) {
				e.last, e.lastPlace = at, r
			}
			return nil
		},
	)
	if err != nil {
		return nil, failure(ctx, op, subject, err)
	}
	all := make([]track.Appearance, 0, len(ids))
	for _, id := range ids {
		a := track.Appearance{Identity: id}
		a.Flag, _ = id.MMSI.Flag()
		if e := byKey[identityKey{id.MMSI, id.IMO, id.Name, id.CallSign}]; e != nil {
			a.FirstReport, a.LastReport = e.firstPlace, e.lastPlace
		}
		all = append(all, a)
	}
	return all, nil
}

// Draught implements track.Store.
func (db *DB) Draught(ctx context.Context, mmsi navicert.MMSI, t time.Time) (track.Draught, error) {
	const op = "read draughts"
	var d track.Draught
	var most, least, now sql.NullFloat64
	var since, at sql.NullInt64
	ms := millis(t)
	const given = " FROM static_report WHERE mmsi = ? AND time <= ? AND draught > 0"
	err := db.reader.QueryRowContext(ctx, "SELECT count(*), max(draught), min(draught), min(time), max(time)"+given, uint32(mmsi), ms).
		Scan(&d.Reports, &most, &least, &since, &at)
	if err == nil && d.Reports > 0 {
		err = db.reader.QueryRowContext(ctx, "SELECT draught"+given+" ORDER BY time DESC, source LIMIT 1", uint32(mmsi), ms).Scan(&now)
	}
	if err != nil {
		return track.Draught{}, failure(ctx, op, "MMSI "+mmsi.String(), err)
	}
	if d.Reports > 0 {
		d.NowM, d.MostM, d.LeastM = now.Float64, most.Float64, least.Float64
		d.Since, d.At = fromMillis(since.Int64), fromMillis(at.Int64)
	}
	return d, nil
}

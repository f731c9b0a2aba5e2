package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"navicert"
	"navicert/store/fixblock"
)

// stationSep stands between the names of navicert.Stations.
const stationSep = "\x1f"

// row makes the row of a fix whose key is known.
func (w *words) row(r *fixblock.Row, f *navicert.Fix, k fixKey) error {
	station, err := w.optionalID(f.Station)
	if err != nil {
		return err
	}
	*r = fixblock.Row{
		MMSI: k.mmsi, Millis: k.ms, Source: k.source, Offset: k.offset, Line: k.line,
		Station: station.Int64, Others: r.Others[:0], Receptions: f.Receptions,
		Lat: f.Pos.Lat, Lon: f.Pos.Lon, Speed: f.SpeedKn, Course: f.CourseDeg, Heading: f.HeadingDeg, Status: f.Status,
		Kind: fixblock.Kind{
			Class: f.Class, TimeFrom: f.TimeFrom, TimeCheck: f.TimeCheck, Unverified: f.TimeUnverified,
			LongRange: f.LongRange, Average: f.Average, Simulated: f.Simulated,
		},
	}
	for name := range f.OtherStations.All() {
		id, err := w.id(name)
		if err != nil {
			return err
		}
		r.Others = append(r.Others, id)
	}
	return nil
}

// fixReader turns rows into fixes within one transaction.
type fixReader struct {
	ctx   context.Context
	tx    *sql.Tx
	r     fixblock.Reader
	row   fixblock.Row
	names map[int64]string
}

func newFixReader(ctx context.Context, tx *sql.Tx) *fixReader {
	return &fixReader{ctx: ctx, tx: tx, names: map[int64]string{}}
}

// vessel gives the rows of one vessel with from <= time < to, run by run.
func (r *fixReader) vessel(mmsi navicert.MMSI, from, to int64, give func(*fixblock.Row) error) error {
	var runs []int64
	err := query(r.ctx, r.tx, "SELECT id FROM fix_run WHERE newest >= ? AND oldest < ?", []any{from, to}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		runs = append(runs, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, run := range runs {
		if err := r.ofRun(run, mmsi, from, to, give); err != nil {
			return err
		}
	}
	return nil
}

// ofRun reads the blocks of a run that may hold the vessel at the time: one, or
// some that follow each other.
func (r *fixReader) ofRun(run int64, mmsi navicert.MMSI, from, to int64, give func(*fixblock.Row) error) error {
	rows, err := r.tx.QueryContext(
		r.ctx, `SELECT first_mmsi, first_time, oldest, newest, body FROM fix_block
			WHERE run = ? AND (last_mmsi, last_time) >= (?, ?) ORDER BY last_mmsi, last_time, id`, run, uint32(mmsi), from,
	)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var firstMMSI navicert.MMSI
		var firstTime int64
		var t times
		var body []byte
		if err := rows.Scan(&firstMMSI, &firstTime, &t.oldest, &t.newest, &body); err != nil {
			return err
		}
		if firstMMSI > mmsi || firstMMSI == mmsi && firstTime >= to {
			break
		}
		if t.newest < from || t.oldest >= to {
			continue
		}
		if err := r.block(body, func(row *fixblock.Row) error {
			switch {
			case row.MMSI < mmsi || row.MMSI == mmsi && row.Millis < from:
				return nil
			case row.MMSI > mmsi || row.Millis >= to:
				return errEnough
			}
			return give(row)
		}); err != nil && !errors.Is(err, errEnough) {
			return err
		}
	}
	return rows.Err()
}

// errEnough ends the reading of a block.
var errEnough = errors.New("the rest of the block is not wanted")

// block gives the rows of a block.
func (r *fixReader) block(body []byte, give func(*fixblock.Row) error) error {
	if err := r.r.Reset(body); err != nil {
		return damagedBlock(err)
	}
	for r.r.Next(&r.row) {
		if err := give(&r.row); err != nil {
			return err
		}
	}
	if err := r.r.Err(); err != nil {
		return damagedBlock(err)
	}
	return nil
}

// fix makes the fix of a row.
func (r *fixReader) fix(row *fixblock.Row) (f navicert.Fix, err error) {
	f = navicert.Fix{
		MMSI: row.MMSI, Time: fromMillis(row.Millis), TimeFrom: row.TimeFrom, TimeCheck: row.TimeCheck, TimeUnverified: row.Unverified,
		Pos: navicert.Position{Lat: row.Lat, Lon: row.Lon}, SpeedKn: row.Speed, CourseDeg: row.Course, HeadingDeg: row.Heading,
		Status: row.Status, Class: row.Class, LongRange: row.LongRange, Average: row.Average, Receptions: row.Receptions,
		Simulated: row.Simulated, Ref: navicert.Ref{Offset: row.Offset, Line: row.Line},
	}
	if f.Ref.Source, err = r.name(row.Source); err != nil {
		return f, err
	}
	if row.Station != 0 {
		if f.Station, err = r.name(row.Station); err != nil {
			return f, err
		}
	}
	if len(row.Others) == 0 {
		return f, nil
	}
	names := make([]string, len(row.Others))
	for i, id := range row.Others {
		if names[i], err = r.name(id); err != nil {
			return f, err
		}
	}
	f.OtherStations = navicert.Stations(strings.Join(names, stationSep))
	return f, nil
}

// name looks a name up, once in a transaction.
func (r *fixReader) name(id int64) (string, error) {
	if name, ok := r.names[id]; ok {
		return name, nil
	}
	var name string
	err := r.tx.QueryRowContext(r.ctx, "SELECT text FROM word WHERE id = ?", id).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", damaged("a block of positions has a name of number %d, and there is none", id)
	}
	r.names[id] = name
	return name, err
}

func damagedBlock(err error) error { return damaged("a block of positions is damaged: %w", err) }

func damaged(format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, readFixes, "", format, args...).WithHint(damagedHint)
}

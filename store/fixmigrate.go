package store

import (
	"context"
	"database/sql"

	"navicert"
	"navicert/store/fixblock"
)

// fixBlocksVersion is the migration that fixRowsToBlocks belongs to.
const fixBlocksVersion = 17

// fixRowsToBlocks puts the positions that versions before kept in a row each
// into one run of blocks, in the order in which they lie. What the file then
// has to spare is used by what comes.
func fixRowsToBlocks(ctx context.Context, tx *sql.Tx) error {
	var any bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM fix)").Scan(&any); err != nil {
		return err
	}
	if any {
		run, err := newRun(ctx, tx)
		if err != nil {
			return err
		}
		w := newWords(ctx, tx)
		err = query(
			ctx, tx, `SELECT f.mmsi, f.time, f.source, f.ref_offset, f.ref_line, coalesce(r.text, ''), f.also, f.receptions,
				f.lat, f.lon, f.speed, f.course, f.heading, f.status, f.class, f.time_from, f.time_check, f.unverified,
				f.long_range, f.average, f.simulated
				FROM fix f LEFT JOIN word r ON r.id = f.station ORDER BY f.mmsi, f.time, f.source`, nil,
			func(rows *sql.Rows) error {
				row, err := scanFixRow(rows, w)
				if err != nil {
					return err
				}
				return run.add(row)
			},
		)
		if err != nil {
			return err
		}
		if err := run.end(); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "DROP TABLE fix")
	return err
}

func scanFixRow(rows *sql.Rows, w *words) (*fixblock.Row, error) {
	var f navicert.Fix
	var k fixKey
	var speed, course, heading sql.Null[float64]
	var status sql.Null[navicert.NavStatus]
	err := rows.Scan(
		&k.mmsi, &k.ms, &k.source, &k.offset, &k.line, &f.Station, &f.OtherStations, &f.Receptions,
		&f.Pos.Lat, &f.Pos.Lon, &speed, &course, &heading, &status, &f.Class, &f.TimeFrom, &f.TimeCheck, &f.TimeUnverified,
		&f.LongRange, &f.Average, &f.Simulated,
	)
	if err != nil {
		return nil, err
	}
	f.SpeedKn, f.CourseDeg, f.HeadingDeg = optional(speed), optional(course), optional(heading)
	f.Status = optional(status)
	row := &fixblock.Row{}
	return row, w.row(row, &f, k)
}

package store

import (
	"context"
	"database/sql"

	"navicert/store/vesselpage"
)

// vesselPagesVersion is the migration that vesselRowsToPages belongs to.
const vesselPagesVersion = 23

// vesselRowsToPages puts what versions before kept in a row for each vessel into
// pages.
func vesselRowsToPages(ctx context.Context, tx *sql.Tx) error {
	var vs []vesselpage.Vessel
	err := query(ctx, tx, "SELECT mmsi, first_fix, last_fix, fixes, simulated FROM vessel ORDER BY mmsi", nil, func(rows *sql.Rows) error {
		var v vesselpage.Vessel
		err := rows.Scan(&v.MMSI, &v.First, &v.Last, &v.Fixes, &v.Simulated)
		vs = append(vs, v)
		return err
	})
	if err != nil {
		return err
	}
	if len(vs) > 0 {
		w, err := newVesselWriter(ctx, tx)
		if err != nil {
			return err
		}
		if err := w.write(0, vs); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "DROP TABLE vessel")
	return err
}

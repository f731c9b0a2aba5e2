package store

import (
	"context"
	"time"
)

// Counts is how much a data directory holds.
type Counts struct {
	Publications int
	Vessels      int // MMSIs with a fix
	Fixes        int
	Events       int // the newest version of each
	Zones        int // the newest revision of each
	Certificates int

	Oldest, Newest time.Time // of the fixes; zero when there are none
	Simulated      bool      // any of it is invented
}

// Counts counts what is held.
func (db *DB) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var oldest, newest int64
	err := db.reader.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM publication),
		(SELECT coalesce(sum(vessels), 0) FROM vessel_page),
		(SELECT coalesce(sum(fixes), 0) FROM vessel_page),
		(SELECT count(DISTINCT id) FROM event),
		(SELECT count(DISTINCT id) FROM zone),
		(SELECT count(*) FROM certificate),
		(SELECT coalesce(min(first_fix), 0) FROM vessel_page),
		(SELECT coalesce(max(last_fix), 0) FROM vessel_page),
		EXISTS (SELECT 1 FROM publication WHERE simulated <> 0) OR EXISTS (SELECT 1 FROM vessel_page WHERE simulated <> 0)
			OR EXISTS (SELECT 1 FROM identity WHERE simulated <> 0) OR EXISTS (SELECT 1 FROM zone WHERE simulated <> 0)
			OR EXISTS (SELECT 1 FROM event WHERE simulated <> 0)`).Scan(
		&c.Publications, &c.Vessels, &c.Fixes, &c.Events, &c.Zones, &c.Certificates, &oldest, &newest, &c.Simulated,
	)
	if err != nil {
		return Counts{}, failure(ctx, "count what is held", db.dir, err)
	}
	if c.Vessels > 0 {
		c.Oldest, c.Newest = fromMillis(oldest), fromMillis(newest)
	}
	return c, nil
}

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"navicert"
	"navicert/geo"
)

// zoneRow is a zone as it is stored; geometry is null for a zone without area.
type zoneRow struct {
	zone     *geo.Zone
	body     string
	geometry sql.NullString
}

// PutZones implements geo.ZoneStore. A set that is held and changes nothing is
// not listed again by ZoneSets. A zone without id, or an id twice in one set,
// is a navicert.Invalid error, and none of them is stored.
func (db *DB) PutZones(ctx context.Context, set geo.ZoneSet) (changed int, err error) {
	const op = "store zones"
	if err := storable(set.ImportedAt, "the import"); err != nil {
		return 0, failure(ctx, op, set.Source, err)
	}
	rows, err := zoneRows(set.Zones)
	if err != nil {
		return 0, failure(ctx, op, set.Source, err)
	}
	err = db.write(ctx, op, set.Source, func(ctx context.Context, tx *sql.Tx) error {
		var news []zoneRow
		for _, r := range rows {
			same, err := sameZone(ctx, tx, r)
			if err != nil {
				return err
			}
			if !same {
				news = append(news, r)
			}
		}
		var held int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM zone_set WHERE source = ? AND sha256 = ?", set.Source, set.SHA256).Scan(&held)
		if err != nil || (held > 0 && len(news) == 0) {
			return err
		}
		changed = len(news)
		return insertZones(ctx, tx, set, news)
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func zoneRows(zones []geo.Zone) ([]zoneRow, error) {
	rows := make([]zoneRow, len(zones))
	seen := map[string]bool{}
	for i := range zones {
		z := &zones[i]
		if z.ID == "" || seen[z.ID] {
			return nil, navicert.Errorf(navicert.Invalid, "store zones", "", "zone %d, %q: the id %s is missing or not the only one", i+1, z.Name, strconv.Quote(z.ID))
		}
		seen[z.ID] = true
		body, err := json.Marshal(z)
		if err != nil {
			return nil, navicert.Errorf(navicert.Invalid, "store zones", "", "zone %s: %w", z.ID, err)
		}
		rows[i] = zoneRow{zone: z, body: string(body)}
		if z.Area != nil {
			rows[i].geometry = sql.NullString{String: string(z.Area.GeoJSON()), Valid: true}
		}
	}
	return rows, nil
}

// sameZone reports whether the newest revision of a zone is this one.
func sameZone(ctx context.Context, tx *sql.Tx, r zoneRow) (bool, error) {
	var body string
	var geometry sql.NullString
	err := tx.QueryRowContext(ctx, "SELECT body, geometry FROM zone WHERE id = ? ORDER BY seq DESC LIMIT 1", r.zone.ID).Scan(&body, &geometry)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return body == r.body && geometry == r.geometry, err
}

func insertZones(ctx context.Context, tx *sql.Tx, set geo.ZoneSet, rows []zoneRow) error {
	var id int64
	err := tx.QueryRowContext(
		ctx, "INSERT INTO zone_set (source, sha256, imported_at) VALUES (?, ?, ?) RETURNING id",
		set.Source, set.SHA256, millis(set.ImportedAt),
	).Scan(&id)
	if err != nil {
		return err
	}
	b := newBulk(
		ctx, tx, "INSERT INTO zone (id, zone_set, recorded_at, published, simulated, body, geometry) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?)", "",
	)
	for _, r := range rows {
		if err := b.add(r.zone.ID, id, millis(set.ImportedAt), millis(r.zone.Published.Time), r.zone.Simulated, r.body, r.geometry); err != nil {
			return err
		}
	}
	return b.flush()
}

// Zones implements geo.ZoneStore. A zone whose publication time is unknown
// counts as always published.
func (db *DB) Zones(ctx context.Context, asOf, knownAt time.Time) ([]geo.Zone, error) {
	const op = "read zones"
	published, recorded := upTo(asOf), upTo(knownAt)
	var seqs []int64
	err := query(
		ctx, db.reader, `SELECT z.seq FROM zone z WHERE z.published <= ? AND z.recorded_at <= ? AND NOT EXISTS
			(SELECT 1 FROM zone n WHERE n.id = z.id AND n.seq > z.seq AND n.published <= ? AND n.recorded_at <= ?) ORDER BY z.id`,
		[]any{published, recorded, published, recorded}, func(rows *sql.Rows) error {
			var seq int64
			err := rows.Scan(&seq)
			seqs = append(seqs, seq)
			return err
		},
	)
	if err != nil {
		return nil, failure(ctx, op, "", err)
	}
	zones := make([]geo.Zone, len(seqs))
	for i, seq := range seqs {
		if zones[i], err = db.zone(ctx, seq); err != nil {
			return nil, failure(ctx, op, "", err)
		}
	}
	return zones, nil
}

// maxZonesRead bounds the zones that are kept as read, in bytes of their rows: a
// sea area of four corners takes one kilobyte.
const maxZonesRead = 8 << 20

// zonesRead are revisions of zones as they were read. A revision never changes:
// most of the time of reading it is spent on its area.
type zonesRead struct {
	mu    sync.Mutex
	got   map[int64]geo.Zone
	bytes int
}

// zone reads a revision of a zone, once for many questions.
func (db *DB) zone(ctx context.Context, seq int64) (z geo.Zone, err error) {
	db.zones.mu.Lock()
	z, ok := db.zones.got[seq]
	db.zones.mu.Unlock()
	if ok {
		return z, nil
	}
	var body []byte
	var geometry sql.Null[[]byte]
	if err := db.reader.QueryRowContext(ctx, "SELECT body, geometry FROM zone WHERE seq = ?", seq).Scan(&body, &geometry); err != nil {
		return z, err
	}
	if err := json.Unmarshal(body, &z); err != nil {
		return z, err
	}
	if geometry.Valid {
		if z.Area, err = geo.ParseArea(geometry.V); err != nil {
			return z, fmt.Errorf("zone %s: %w", z.ID, err)
		}
	}
	db.zones.keep(seq, z, len(body)+len(geometry.V))
	return z, nil
}

func (r *zonesRead) keep(seq int64, z geo.Zone, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.got == nil || r.bytes+bytes > maxZonesRead {
		r.got, r.bytes = map[int64]geo.Zone{}, 0
	}
	r.got[seq] = z
	r.bytes += bytes
}

// ZoneSets implements geo.ZoneStore, oldest import first.
func (db *DB) ZoneSets(ctx context.Context) ([]geo.ZoneSet, error) {
	sets := []geo.ZoneSet{}
	err := query(
		ctx, db.reader, "SELECT source, sha256, imported_at FROM zone_set ORDER BY imported_at, id", nil,
		func(rows *sql.Rows) error {
			var s geo.ZoneSet
			var ms int64
			err := rows.Scan(&s.Source, &s.SHA256, &ms)
			s.ImportedAt = fromMillis(ms)
			sets = append(sets, s)
			return err
		},
	)
	if err != nil {
		return nil, failure(ctx, "read zone sets", "", err)
	}
	return sets, nil
}

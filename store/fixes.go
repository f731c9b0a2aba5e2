package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"navicert"
)

// AppendFixes implements track.Store. A fix without MMSI or time, or with a
// number that is none, is a navicert.Invalid error, and none of them is
// stored.
func (db *DB) AppendFixes(ctx context.Context, fixes []navicert.Fix) (added int, err error) {
	if err := checkFixes(ctx, fixes); err != nil || len(fixes) == 0 {
		return 0, err
	}
	err = db.write(ctx, storeFixes, "", func(ctx context.Context, tx *sql.Tx) (err error) {
		added, err = appendFixes(ctx, tx, fixes)
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

const storeFixes = "store fixes"

func appendFixes(ctx context.Context, tx *sql.Tx, fixes []navicert.Fix) (added int, err error) {
	if len(fixes) == 0 {
		return 0, nil
	}
	w := newWords(ctx, tx)
	b := newBulk(
		ctx, tx, `INSERT INTO fix (mmsi, time, source, lat, lon, speed, course, heading, status, class,
			long_range, time_from, time_check, unverified, station, also, receptions, average, simulated,
			ref_offset, ref_line) VALUES `,
		"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", " ON CONFLICT DO NOTHING RETURNING mmsi",
	)
	spans := spanSet{}
	b.added = func(mmsi uint32) { spans[navicert.MMSI(mmsi)].added++ }
	for _, i := range fixOrder(fixes) {
		f := &fixes[i]
		source, err := w.id(f.Ref.Source)
		if err != nil {
			return 0, err
		}
		station, err := w.optionalID(f.Station)
		if err != nil {
			return 0, err
		}
		ms := millis(f.Time)
		spans.add(f, ms)
		err = b.add(
			uint32(f.MMSI), ms, source, f.Pos.Lat, f.Pos.Lon, nullable(f.SpeedKn), nullable(f.CourseDeg),
			nullable(f.HeadingDeg), nullable(f.Status), string(f.Class), f.LongRange, string(f.TimeFrom),
			string(f.TimeCheck), f.TimeUnverified, station, string(f.OtherStations), f.Receptions, f.Average, f.Simulated, f.Ref.Offset, f.Ref.Line,
		)
		if err != nil {
			return 0, err
		}
	}
	if err := b.flush(); err != nil {
		return 0, err
	}
	return b.changed, spans.store(ctx, tx)
}

func checkFixes(ctx context.Context, fixes []navicert.Fix) error {
	for i := range fixes {
		if err := checkFix(&fixes[i]); err != nil {
			return failure(ctx, storeFixes, refText(fixes[i].Ref), err)
		}
	}
	return nil
}

func checkFix(f *navicert.Fix) error {
	if f.MMSI == 0 {
		return navicert.Errorf(navicert.Invalid, "store fixes", "", "a fix has no MMSI")
	}
	if err := storable(f.Time, "the fix of MMSI "+f.MMSI.String()); err != nil {
		return err
	}
	for _, v := range []float64{f.Pos.Lat, f.Pos.Lon, f.SpeedKn.Or(0), f.CourseDeg.Or(0), f.HeadingDeg.Or(0)} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return navicert.Errorf(navicert.Invalid, "store fixes", "", "the fix of MMSI %s at %s holds %v", f.MMSI, navicert.At(f.Time), v)
		}
	}
	return nil
}

func refText(r navicert.Ref) string {
	if r.Line > 0 {
		return fmt.Sprintf("%s line %d", r.Source, r.Line)
	}
	return fmt.Sprintf("%s offset %d", r.Source, r.Offset)
}

// fixOrder returns the indexes of the fixes in the table's order, which makes
// the insertion run along the tree; of equal keys the first given stays first.
func fixOrder(fixes []navicert.Fix) []int {
	order := make([]int, len(fixes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &fixes[a], &fixes[b]
		return cmp.Or(cmp.Compare(x.MMSI, y.MMSI), x.Time.Compare(y.Time))
	})
	return order
}

// fixSpan is the span of one vessel's fixes in a batch, and how many of them
// are new.
type fixSpan struct {
	first, last int64
	added       int
	simulated   bool
}

type spanSet map[navicert.MMSI]*fixSpan

func (s spanSet) add(f *navicert.Fix, ms int64) {
	span := s[f.MMSI]
	if span == nil {
		span = &fixSpan{first: ms, last: ms}
		s[f.MMSI] = span
	}
	span.first, span.last = min(span.first, ms), max(span.last, ms)
	span.simulated = span.simulated || f.Simulated
}

func (s spanSet) store(ctx context.Context, tx *sql.Tx) error {
	b := newBulk(
		ctx, tx, "INSERT INTO vessel (mmsi, first_fix, last_fix, fixes, simulated) VALUES ", "(?, ?, ?, ?, ?)",
		` ON CONFLICT (mmsi) DO UPDATE SET
			first_fix = CASE WHEN excluded.first_fix < vessel.first_fix THEN excluded.first_fix ELSE vessel.first_fix END,
			last_fix = CASE WHEN excluded.last_fix > vessel.last_fix THEN excluded.last_fix ELSE vessel.last_fix END,
			simulated = CASE WHEN excluded.simulated <> 0 THEN 1 ELSE vessel.simulated END,
			fixes = vessel.fixes + excluded.fixes`,
	)
	for mmsi, span := range s {
		if span.added == 0 {
			continue
		}
		if err := b.add(uint32(mmsi), span.first, span.last, span.added, span.simulated); err != nil {
			return err
		}
	}
	return b.flush()
}

// fixColumns are the columns that scanFix reads, of fix f with its words.
const fixColumns = `f.mmsi, f.time, s.text, f.lat, f.lon, f.speed, f.course, f.heading, f.status, f.class,
	f.long_range, f.time_from, f.time_check, f.unverified, r.text, f.also, f.receptions, f.average, f.simulated, f.ref_offset, f.ref_line`

const fixWords = ` JOIN word s ON s.id = f.source LEFT JOIN word r ON r.id = f.station `

func scanFix(rows *sql.Rows) (f navicert.Fix, err error) {
	var ms int64
	var speed, course, heading sql.Null[float64]
	var status sql.Null[navicert.NavStatus]
	var station sql.NullString
	err = rows.Scan(
		&f.MMSI, &ms, &f.Ref.Source, &f.Pos.Lat, &f.Pos.Lon, &speed, &course, &heading, &status, &f.Class,
		&f.LongRange, &f.TimeFrom, &f.TimeCheck, &f.TimeUnverified, &station, &f.OtherStations, &f.Receptions, &f.Average, &f.Simulated, &f.Ref.Offset, &f.Ref.Line,
	)
	f.Time = fromMillis(ms)
	f.SpeedKn, f.CourseDeg, f.HeadingDeg = optional(speed), optional(course), optional(heading)
	f.Status, f.Station = optional(status), station.String
	return f, err
}

// Fixes implements track.Store. Fixes of one millisecond come in the order of
// their sources' names.
func (db *DB) Fixes(ctx context.Context, mmsi navicert.MMSI, from, to time.Time) ([]navicert.Fix, error) {
	fixes := []navicert.Fix{}
	err := query(
		ctx, db.reader, "SELECT "+fixColumns+" FROM fix f"+fixWords+
			"WHERE f.mmsi = ? AND f.time >= ? AND f.time < ? ORDER BY f.time",
		[]any{uint32(mmsi), millisUp(from), millisUp(to)}, func(rows *sql.Rows) error {
			f, err := scanFix(rows)
			fixes = append(fixes, f)
			return err
		},
	)
	if err != nil {
		return nil, failure(ctx, "read fixes", "MMSI "+mmsi.String(), err)
	}
	slices.SortStableFunc(fixes, func(a, b navicert.Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Ref.Source, b.Ref.Source))
	})
	return fixes, nil
}

// Span implements track.Store.
func (db *DB) Span(ctx context.Context, mmsi navicert.MMSI, t time.Time) (first, last time.Time, n int, err error) {
	fail := func(err error) (time.Time, time.Time, int, error) {
		return time.Time{}, time.Time{}, 0, failure(ctx, "read fixes", "MMSI "+mmsi.String(), err)
	}
	var lo, hi int64
	row := db.reader.QueryRowContext(ctx, "SELECT first_fix, last_fix, fixes FROM vessel WHERE mmsi = ?", uint32(mmsi))
	if err := row.Scan(&lo, &hi, &n); errors.Is(err, sql.ErrNoRows) || (err == nil && lo > millis(t)) {
		return time.Time{}, time.Time{}, 0, nil
	} else if err != nil {
		return fail(err)
	}
	if hi > millis(t) { // a past time: what there was by then is counted
		row := db.reader.QueryRowContext(ctx, "SELECT max(time), count(*) FROM fix WHERE mmsi = ? AND time <= ?", uint32(mmsi), millis(t))
		if err := row.Scan(&hi, &n); err != nil {
			return fail(err)
		}
	}
	return fromMillis(lo), fromMillis(hi), n, nil
}

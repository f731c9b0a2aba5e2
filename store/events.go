package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
)

// PutEvents implements detect.Store. An event becomes a new version unless a
// held version equals it, or the newest one is closed and the event is open: a
// repeated run passes again through states that are behind it. An event
// without id or start, or with neither MMSI nor zone, is a navicert.Invalid error, and none of them is
// stored.
func (db *DB) PutEvents(ctx context.Context, recordedAt time.Time, events []navicert.Event) (changed int, err error) {
	bodies, err := eventBodies(ctx, recordedAt, events)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	err = db.write(ctx, storeEvents, "", func(ctx context.Context, tx *sql.Tx) (err error) {
		changed, err = putEvents(ctx, tx, recordedAt, events, bodies)
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

const storeEvents = "store events"

func eventBodies(ctx context.Context, recordedAt time.Time, events []navicert.Event) (bodies []string, err error) {
	if err := storable(recordedAt, "the recording"); err != nil {
		return nil, failure(ctx, storeEvents, "", err)
	}
	bodies = make([]string, len(events))
	for i := range events {
		if bodies[i], err = eventBody(&events[i]); err != nil {
			return nil, failure(ctx, storeEvents, strconv.Quote(events[i].ID), err)
		}
	}
	return bodies, nil
}

func putEvents(ctx context.Context, tx *sql.Tx, recordedAt time.Time, events []navicert.Event, bodies []string) (changed int, err error) {
	for i := range events {
		isNew, err := newVersion(ctx, tx, &events[i], bodies[i])
		if err != nil {
			return 0, err
		}
		if !isNew {
			continue
		}
		if err := insertEvent(ctx, tx, recordedAt, &events[i], bodies[i]); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

func eventBody(e *navicert.Event) (string, error) {
	invalid := func(why string) error { return navicert.Errorf(navicert.Invalid, "store events", "", "%s", why) }
	switch {
	case e.ID == "":
		return "", invalid("an event has no id")
	case e.MMSI == 0 && e.Zone == "":
		return "", invalid("the event has no MMSI, and is not of an area")
	case e.State != navicert.EventOpen && e.State != navicert.EventClosed:
		return "", invalid("the event is neither open nor closed")
	}
	if err := storable(e.Start.Time, "the event"); err != nil {
		return "", err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return "", navicert.Errorf(navicert.Invalid, "store events", "", "%w", err)
	}
	return string(body), nil
}

// newVersion reports whether an event says something that is not held.
func newVersion(ctx context.Context, tx *sql.Tx, e *navicert.Event, body string) (bool, error) {
	var state string
	err := tx.QueryRowContext(ctx, "SELECT state FROM event WHERE id = ? ORDER BY seq DESC LIMIT 1", e.ID).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil || (state == string(navicert.EventClosed) && e.State == navicert.EventOpen) {
		return false, err
	}
	var same int
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM event WHERE id = ? AND body = ?", e.ID, body).Scan(&same)
	return same == 0, err
}

func insertEvent(ctx context.Context, tx *sql.Tx, recordedAt time.Time, e *navicert.Event, body string) error {
	end := sql.NullInt64{}
	if !e.End.IsZero() {
		end = sql.NullInt64{Int64: millis(e.End.Time), Valid: true}
	}
	_, err := tx.ExecContext(
		ctx, `INSERT INTO event (id, recorded_at, kind, mmsi, other, start_at, end_at, state, simulated, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, millis(recordedAt), e.Kind, uint32(e.MMSI), uint32(e.Other), millis(e.Start.Time), end, string(e.State), e.Simulated, body,
	)
	return err
}

// Events implements detect.Store. An event overlaps [From, To) when it starts
// before To and has not ended before From; an open one has not ended.
func (db *DB) Events(ctx context.Context, f detect.Filter) ([]navicert.Event, error) {
	known := upTo(f.KnownAt)
	where := []string{
		"e.recorded_at <= ?",
		"NOT EXISTS (SELECT 1 FROM event n WHERE n.id = e.id AND n.seq > e.seq AND n.recorded_at <= ?)",
	}
	args := []any{known, known}
	also := func(condition string, arg any) {
		where, args = append(where, condition), append(args, arg)
	}
	if f.ID != "" {
		also("e.id >= ?", f.ID)
		also("e.id < ?", f.ID+"g") // ids are hexadecimal
	}
	if f.MMSI != 0 {
		also("(e.mmsi = ? OR e.other = ?)", uint32(f.MMSI))
		args = append(args, uint32(f.MMSI))
	}
	if f.Kind != "" {
		also("e.kind = ?", f.Kind)
	}
	if !f.From.IsZero() {
		also("(e.end_at IS NULL OR e.end_at >= ?)", millis(f.From))
	}
	if !f.To.IsZero() {
		also("e.start_at < ?", millisUp(f.To))
	}
	text := "SELECT e.body FROM event e WHERE " + strings.Join(where, " AND ") + " ORDER BY e.start_at, e.id"
	if f.Limit > 0 {
		text += " LIMIT ?"
		args = append(args, f.Limit)
	}
	var bodies [][]byte
	err := query(ctx, db.reader, text, args, func(rows *sql.Rows) error {
		var body []byte
		err := rows.Scan(&body)
		bodies = append(bodies, body)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read events", "", err)
	}
	events, err := decodeAll[navicert.Event](bodies)
	if err != nil {
		return nil, failure(ctx, "read events", "", err)
	}
	return events, nil
}

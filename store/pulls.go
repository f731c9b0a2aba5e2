package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"strconv"
	"time"

	"navicert"
	"navicert/list"
)

// PutPull implements list.PullStore.
func (db *DB) PutPull(ctx context.Context, p list.Pull) error {
	const op = "store pull"
	if p.List == "" || p.Outcome == "" {
		return navicert.Errorf(navicert.Invalid, op, strconv.Quote(p.List), "a pull needs its list and its outcome")
	}
	if err := storable(p.At, "the pull"); err != nil {
		return failure(ctx, op, p.List, err)
	}
	p.At = p.At.UTC()
	body, err := json.Marshal(p)
	if err != nil {
		return failure(ctx, op, p.List, err)
	}
	return db.write(ctx, op, p.List, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(
			ctx, "INSERT INTO pull (list, at, outcome, body) VALUES (?, ?, ?, ?)",
			p.List, millis(p.At), string(p.Outcome), string(body),
		)
		return err
	})
}

// Pulls implements list.PullStore.
func (db *DB) Pulls(ctx context.Context, listName string, limit int) ([]list.Pull, error) {
	pulls := []list.Pull{}
	err := query(
		ctx, db.reader, "SELECT body FROM pull WHERE ? = '' OR list = ? ORDER BY seq DESC LIMIT ?",
		[]any{listName, listName, max(limit, 0)}, func(rows *sql.Rows) error {
			p, err := scanJSON[list.Pull](rows)
			pulls = append(pulls, p)
			return err
		},
	)
	if err != nil {
		return nil, failure(ctx, "read pulls", listName, err)
	}
	return pulls, nil
}

// PullStates implements list.PullStore.
func (db *DB) PullStates(ctx context.Context, by time.Time) ([]list.PullState, error) {
	states := []list.PullState{}
	most := int64(math.MaxInt64)
	if !by.IsZero() {
		most = millis(by)
	}
	// One that the user stopped says nothing of the publisher: what was found
	// before it stands, unless there is nothing else.
	err := query(
		ctx, db.reader, `SELECT p.body FROM pull p WHERE p.seq IN (SELECT max(seq) FROM pull WHERE at <= ? GROUP BY list)
			OR p.seq IN (SELECT max(seq) FROM pull WHERE at <= ? AND outcome <> ? GROUP BY list)
			OR p.seq IN (SELECT max(seq) FROM pull WHERE at <= ? AND body ->> '$.stopped' IS NOT 1 GROUP BY list)
			ORDER BY p.list, p.seq`,
		[]any{most, most, string(list.PullFailed), most}, func(rows *sql.Rows) error {
			p, err := scanJSON[list.Pull](rows)
			if err != nil {
				return err
			}
			if n := len(states); n == 0 || states[n-1].List != p.List {
				states = append(states, list.PullState{List: p.List})
			}
			s := &states[len(states)-1]
			if s.Last.List == "" || !p.Stopped {
				s.Last = p
			}
			if p.Outcome != list.PullFailed {
				s.Success = &p
			}
			return nil
		},
	)
	if err != nil {
		return nil, failure(ctx, "read pulls", "", err)
	}
	return states, nil
}

// Hold implements list.HeldStore.
func (db *DB) Hold(ctx context.Context, h list.Held, entries []list.Entry) (added bool, err error) {
	const op = "hold publication"
	if _, err := navicert.ParseDate(string(h.Date)); err != nil || h.List == "" || h.SHA256 == "" || h.Why == "" {
		return false, navicert.Errorf(navicert.Invalid, op, strconv.Quote(h.ID()), "it needs its list, its date, the hash of its files and a reason")
	}
	if err := storable(h.HeldAt, "it"); err != nil {
		return false, failure(ctx, op, h.ID(), err)
	}
	h.HeldAt, h.ImportedAt = h.HeldAt.UTC(), h.ImportedAt.UTC()
	h.State, h.Decision = list.HeldOpen, nil
	body, err := json.Marshal(h)
	if err != nil {
		return false, failure(ctx, op, h.ID(), err)
	}
	err = db.write(ctx, op, h.ID(), func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(
			ctx, `INSERT INTO held (list, date, sha256, state, body) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (list, date, sha256) DO NOTHING RETURNING id`,
			h.List, string(h.Date), h.SHA256, string(h.State), string(body),
		).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		added = true
		return insertEntries(ctx, tx, "held_entry (held, position, entry)", id, h.List, entries)
	})
	return added && err == nil, err
}

// Held implements list.HeldStore.
func (db *DB) Held(ctx context.Context) ([]list.Held, error) {
	held := []list.Held{}
	err := query(ctx, db.reader, "SELECT body FROM held ORDER BY list, date, id", nil, func(rows *sql.Rows) error {
		h, err := scanJSON[list.Held](rows)
		held = append(held, h)
		return err
	})
	if err != nil {
		return nil, failure(ctx, "read held publications", "", err)
	}
	return held, nil
}

// HeldEntries implements list.HeldStore. The entries of one that was accepted
// are its publication's.
func (db *DB) HeldEntries(ctx context.Context, listName string, date navicert.Date, sha string) iter.Seq2[list.Entry, error] {
	const op = "read held entries"
	return func(yield func(list.Entry, error) bool) {
		subject := list.Publication{List: listName, Date: date}.ID()
		h, id, err := heldRow(ctx, db.reader, listName, date, sha)
		if err != nil {
			yield(list.Entry{}, failure(ctx, op, subject, err))
			return
		}
		if h.State == list.HeldAccepted {
			db.Entries(ctx, listName, h.Decision.As)(yield)
			return
		}
		pageEntries(ctx, func(from int) ([]list.Entry, error) { return db.entryPage(ctx, "held_entry", "held", id, from) }, op, subject, yield)
	}
}

func heldRow(ctx context.Context, q rowQuerier, listName string, date navicert.Date, sha string) (h list.Held, id int64, err error) {
	var body []byte
	err = q.QueryRowContext(ctx, "SELECT id, body FROM held WHERE list = ? AND date = ? AND sha256 = ?", listName, string(date), sha).Scan(&id, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return h, 0, navicert.Errorf(navicert.NotFound, "held publication", "", "no such publication is kept aside").
			WithHint("navicert lists held shows those that are")
	}
	if err == nil {
		err = json.Unmarshal(body, &h)
	}
	return h, id, err
}

// Decide implements list.HeldStore.
func (db *DB) Decide(ctx context.Context, listName string, date navicert.Date, sha string, state list.HeldState, d list.HeldDecision) (list.Publication, error) {
	const op = "decide on held publication"
	subject := list.Publication{List: listName, Date: date}.ID()
	if state != list.HeldAccepted && state != list.HeldRejected || d.Who == "" || d.Why == "" {
		return list.Publication{}, navicert.Errorf(navicert.Invalid, op, subject, "a decision accepts or rejects, and says who made it and why")
	}
	if err := storable(d.At, "the decision"); err != nil {
		return list.Publication{}, failure(ctx, op, subject, err)
	}
	d.At = d.At.UTC()
	var p list.Publication
	err := db.write(ctx, op, subject, func(ctx context.Context, tx *sql.Tx) error {
		h, id, err := heldRow(ctx, tx, listName, date, sha)
		if err != nil {
			return err
		}
		if h.State != list.HeldOpen {
			return navicert.Errorf(navicert.Conflict, op, subject, "%s has %s it on %s", h.Decision.Who, h.State, navicert.DateOf(h.Decision.At))
		}
		if state == list.HeldAccepted {
			if d.As == "" {
				d.As = h.Date
			}
			p = h.Publication
			p.Date, p.ImportedAt = d.As, d.At
			if err := acceptHeld(ctx, tx, id, p); err != nil {
				return err
			}
		}
		h.State, h.Decision = state, &d
		body, err := json.Marshal(h)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE held SET state = ?, body = ? WHERE id = ?", string(state), string(body), id)
		return err
	})
	if err != nil {
		return list.Publication{}, err
	}
	return p, nil
}

// acceptHeld puts a publication that was kept aside into force.
func acceptHeld(ctx context.Context, tx *sql.Tx, held int64, p list.Publication) error {
	if _, err := navicert.ParseDate(string(p.Date)); err != nil {
		return err
	}
	id, err := insertPublication(ctx, tx, p)
	if err != nil {
		return err
	}
	if id == 0 {
		return navicert.Errorf(navicert.Conflict, "decide on held publication", p.ID(), "it is in force already with the same content")
	}
	_, err = tx.ExecContext(
		ctx, "INSERT INTO publication_entry (publication, position, entry) SELECT ?, position, entry FROM held_entry WHERE held = ?", id, held,
	)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM held_entry WHERE held = ?", held)
	}
	return err
}

package store

import (
	"context"
	"database/sql"
	"errors"
)

// words numbers the names that repeat (sources, receivers) within one
// transaction. Nothing is remembered from one transaction to the next, so that
// one that is rolled back leaves no wrong number behind.
type words struct {
	ctx context.Context
	tx  *sql.Tx
	ids map[string]int64
}

func newWords(ctx context.Context, tx *sql.Tx) *words {
	return &words{ctx: ctx, tx: tx, ids: map[string]int64{}}
}

// id returns the number of a name, giving it one if it has none.
func (w *words) id(text string) (int64, error) {
	if id, ok := w.ids[text]; ok {
		return id, nil
	}
	var id int64
	err := w.tx.QueryRowContext(w.ctx, "SELECT id FROM word WHERE text = ?", text).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = w.tx.QueryRowContext(w.ctx, "INSERT INTO word (text) VALUES (?) RETURNING id", text).Scan(&id)
	}
	if err != nil {
		return 0, err
	}
	w.ids[text] = id
	return id, nil
}

// optionalID is id, where an empty name has no number.
func (w *words) optionalID(text string) (sql.NullInt64, error) {
	if text == "" {
		return sql.NullInt64{}, nil
	}
	id, err := w.id(text)
	return sql.NullInt64{Int64: id, Valid: true}, err
}

package store

import (
	"context"
	"database/sql"
	"sync"

	"navicert"
)

// maxPrepared bounds the statements that are kept prepared, far above the number
// of texts that the package asks by.
const maxPrepared = 256

// connections keep each statement prepared that is asked through them: to parse a
// query and plan it takes longer than to answer most of them.
type connections struct {
	*sql.DB

	mu   sync.RWMutex
	held map[string]*sql.Stmt // closed with the DB
}

func newConnections(db *sql.DB) *connections {
	return &connections{DB: db, held: map[string]*sql.Stmt{}}
}

// QueryContext is that of [sql.DB].
func (r *connections) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := r.prepared(ctx, text)
	if stmt == nil || err != nil {
		return r.DB.QueryContext(ctx, text, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext is that of [sql.DB].
func (r *connections) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	stmt, err := r.prepared(ctx, text)
	if stmt == nil || err != nil {
		return r.DB.QueryRowContext(ctx, text, args...)
	}
	return stmt.QueryRowContext(ctx, args...)
}

// prepared returns the statement of a text, nil when too many are held. What is
// wrong with a text that cannot be prepared, asking it says.
func (r *connections) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	r.mu.RLock()
	stmt, n := r.held[text], len(r.held)
	r.mu.RUnlock()
	if stmt != nil || n >= maxPrepared {
		return stmt, nil
	}
	fresh, err := r.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stmt := r.held[text]; stmt != nil {
		return stmt, fresh.Close() // another was quicker
	}
	r.held[text] = fresh
	return fresh, nil
}

// within is a statement of a text within a transaction on the writing connection.
// Where that connection has been replaced meanwhile it is prepared again.
type within func(tx *sql.Tx) *sql.Stmt

// writing prepares a statement for transactions that write. It has to be called
// before one is begun, which takes the one connection there is.
func (db *DB) writing(ctx context.Context, text string) (within, error) {
	stmt, err := db.writer.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return nil, navicert.Errorf(navicert.Unsupported, "store", "", "more than %d statements are prepared", maxPrepared)
	}
	return func(tx *sql.Tx) *sql.Stmt { return tx.StmtContext(context.WithoutCancel(ctx), stmt) }, nil
}

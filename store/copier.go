package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// What commits append to the write-ahead log has to be copied into the database
// file from time to time (https://www.sqlite.org/wal.html#ckpt). SQLite does it
// within the commit that makes the log longer than a thousand pages, which takes
// ten times as long as others. A connection of its own does it instead, while
// nobody waits; only where it does not keep pace a commit does, at sixteen thousand.
const (
	copyAfter      = 500 * time.Millisecond
	maxWalPages    = 16_384 // 64 MiB, to which journal_size_limit cuts the log back
	walCheckpoints = "PRAGMA wal_checkpoint(PASSIVE)"
)

// copier copies commits into the database file.
type copier struct {
	db      *sql.DB
	commits chan struct{}
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

func newCopier(file string) (*copier, error) {
	connector, err := sqlite.NewConnector(sqliteDSN(file))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &copier{db: sql.OpenDB(connector), commits: make(chan struct{}, 1), stop: stop}
	c.db.SetMaxOpenConns(1)
	c.stopped.Go(func() { c.copy(ctx) })
	return c, nil
}

// committed says that there is something to copy.
func (c *copier) committed() {
	select {
	case c.commits <- struct{}{}:
	default:
	}
}

func (c *copier) copy(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.commits:
		}
		select { // others join
		case <-ctx.Done():
			return
		case <-time.After(copyAfter):
		}
		// What fails stays in the log, from which it is read as well, and is tried
		// again after the next commit and when the database is closed.
		_, _ = c.db.ExecContext(context.WithoutCancel(ctx), walCheckpoints)
	}
}

// Close waits for a copy under way.
func (c *copier) Close() error {
	c.stop()
	c.stopped.Wait()
	return c.db.Close()
}

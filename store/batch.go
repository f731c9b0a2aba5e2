package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/klauspost/compress/zstd"

	"navicert"
	"navicert/detect"
)

// Batch is what a replay writes in one transaction.
type Batch struct {
	Fixes      []navicert.Fix
	Statics    []navicert.Static
	Heard      []detect.Heard
	Events     []navicert.Event
	RecordedAt time.Time // of coverage and events

	// Input is the set of inputs that Position is of; with none there is none.
	Input string
	// Position, when not nil, is where the replay stands after this batch.
	Position []byte
	// Ended says that the replay came to its end: its position goes.
	Ended bool
	// End, when it has a State, is what another replay can continue from. It is
	// kept when nothing was added since the run began but by it: else the state
	// has not seen all.
	End End
	// Run names the run of the replay, however often it is cut short and goes on.
	Run string
	// Follows is what [DB.Additions] gave when the run began.
	Follows int64
}

// End is where a replay stood that came to its end.
type End struct {
	How   string    // hash of how it was read: who continues does so too
	At    time.Time // of the stream
	State []byte
}

// Added is how much of a batch was new.
type Added struct {
	Fixes, Statics int
	Events         int // new, or a new version
	// Damaged is how many of the runs of positions that are held turned out to be
	// so, and are put together with no others from then on.
	Damaged int
}

func (a Added) any() bool { return a.Fixes+a.Statics+a.Events > 0 }

// maxCheckpoints is how many sets of inputs can have a checkpoint: the newest.
const maxCheckpoints = 8

// maxState bounds what a checkpoint may unpack to.
const maxState = 8 << 30

// AppendBatch writes fixes as AppendFixes does, static reports as AppendStatics,
// coverage as PutHeard and events as PutEvents, with the checkpoint: all of it or nothing.
func (db *DB) AppendBatch(ctx context.Context, b *Batch) (added Added, err error) {
	const op = "store a batch of a replay"
	if err := checkFixes(ctx, b.Fixes); err != nil {
		return Added{}, err
	}
	if err := checkStatics(ctx, b.Statics); err != nil {
		return Added{}, err
	}
	if err := checkHeard(ctx, b.RecordedAt, b.Heard); err != nil {
		return Added{}, err
	}
	bodies, err := eventBodies(ctx, b.RecordedAt, b.Events)
	if err != nil {
		return Added{}, err
	}
	if len(b.Fixes)+len(b.Statics)+len(b.Heard)+len(b.Events) == 0 && b.Input == "" {
		return Added{}, nil
	}
	position, err := pack(b.Position)
	if err != nil {
		return Added{}, failure(ctx, op, "", err)
	}
	end, err := pack(b.End.State)
	if err != nil {
		return Added{}, failure(ctx, op, "", err)
	}
	err = db.write(ctx, op, "", func(ctx context.Context, tx *sql.Tx) (err error) {
		if added.Fixes, added.Damaged, err = appendFixes(ctx, tx, b.Fixes); err != nil {
			return err
		}
		if added.Statics, err = appendStatics(ctx, tx, b.Statics); err != nil {
			return err
		}
		if err := putHeard(ctx, tx, b.RecordedAt, b.Heard); err != nil {
			return err
		}
		if added.Events, err = putEvents(ctx, tx, b.RecordedAt, b.Events, bodies); err != nil {
			return err
		}
		alone, err := noteRun(ctx, tx, b, added.any())
		if err != nil {
			return err
		}
		if !alone {
			end = nil
		}
		if added.any() { // who continued from an end would not know of it
			if _, err := tx.ExecContext(ctx, "DELETE FROM checkpoint WHERE ended <> 0"); err != nil {
				return err
			}
		}
		if b.Ended {
			damaged, err := mergeSmall(ctx, tx)
			if err != nil {
				return err
			}
			added.Damaged += damaged
			if err := giveBack(ctx, tx); err != nil {
				return err
			}
		}
		return putCheckpoints(ctx, tx, b, position, end)
	})
	if err != nil {
		return Added{}, err
	}
	return added, nil
}

// noteRun notes who has added something, and reports whether since the batch's run
// began nobody else has.
func noteRun(ctx context.Context, tx *sql.Tx, b *Batch, adds bool) (alone bool, err error) {
	var additions int64
	var run string
	if err := tx.QueryRowContext(ctx, "SELECT additions, run FROM replay_run").Scan(&additions, &run); err != nil {
		return false, err
	}
	alone = additions == b.Follows || run != "" && run == b.Run
	if !adds {
		return alone, nil
	}
	run = ""
	if alone {
		run = b.Run
	}
	_, err = tx.ExecContext(ctx, "UPDATE replay_run SET additions = ?, run = ?", additions+1, run)
	return alone, err
}

// Additions is how many batches have added something.
func (db *DB) Additions(ctx context.Context) (n int64, err error) {
	if err = db.reader.QueryRowContext(ctx, "SELECT additions FROM replay_run").Scan(&n); err != nil {
		err = failure(ctx, "read the checkpoint of a replay", "", err)
	}
	return n, err
}

func putCheckpoints(ctx context.Context, tx *sql.Tx, b *Batch, position, end []byte) error {
	if b.Ended && b.Input != "" {
		if _, err := tx.ExecContext(ctx, "DELETE FROM checkpoint WHERE input = ?", b.Input); err != nil {
			return err
		}
	}
	const put = `INSERT OR REPLACE INTO checkpoint (input, ended, stream_at, written_at, state) VALUES (?, ?, ?, ?, ?)`
	if end != nil {
		if _, err := tx.ExecContext(ctx, put, b.End.How, 1, millis(b.End.At), millis(b.RecordedAt), end); err != nil {
			return err
		}
	}
	if position == nil || b.Ended || b.Input == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, put, b.Input, 0, 0, millis(b.RecordedAt), position); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM checkpoint WHERE ended = 0 AND input <> ? AND input NOT IN
		(SELECT input FROM checkpoint WHERE ended = 0 AND input <> ? ORDER BY written_at DESC, input LIMIT ?)`, b.Input, b.Input, maxCheckpoints-1)
	return err
}

// Checkpoint returns where the replay of a set of inputs stood that did not come
// to its end, or nil when there is no such.
func (db *DB) Checkpoint(ctx context.Context, input string) ([]byte, error) {
	return db.state(ctx, "SELECT state FROM checkpoint WHERE input = ? AND ended = 0", input)
}

// End returns where the last replay stood that was read as how says and came to
// its end, when its stream had come no further than to at; else nil.
func (db *DB) End(ctx context.Context, how string, at time.Time) ([]byte, error) {
	return db.state(ctx, "SELECT state FROM checkpoint WHERE input = ? AND ended = 1 AND stream_at <= ?", how, millis(at))
}

func (db *DB) state(ctx context.Context, query string, args ...any) ([]byte, error) {
	const op = "read the checkpoint of a replay"
	var packed []byte
	err := db.reader.QueryRowContext(ctx, query, args...).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, failure(ctx, op, "", err)
	}
	state, err := unpack(packed)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, op, "", "%w", err)
	}
	return state, nil
}

// NothingAfter reports whether no fix is held that is newer than a time.
func (db *DB) NothingAfter(ctx context.Context, t time.Time) (bool, error) {
	var none bool
	err := db.reader.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM vessel_page WHERE last_fix > ?)", millis(t)).Scan(&none)
	if err != nil {
		return false, failure(ctx, "read fixes", "", err)
	}
	return none, nil
}

// pack packs a state, behind the hash of what it is packed to; of nil it makes nil.
// A state is read back into structures that trust it: one that was damaged on disk
// must not be taken for another, and the packing's own sum can be damaged away.
func pack(b []byte) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	packed := z.EncodeAll(b, make([]byte, sha256.Size, sha256.Size+len(b)/4))
	sum := sha256.Sum256(packed[sha256.Size:])
	copy(packed, sum[:])
	return packed, nil
}

func unpack(b []byte) ([]byte, error) {
	if len(b) < sha256.Size {
		return nil, errors.New("it is cut off")
	}
	sum, packed := b[:sha256.Size], b[sha256.Size:]
	if is := sha256.Sum256(packed); !bytes.Equal(sum, is[:]) {
		return nil, errors.New("its bytes do not have the hash that they were written with")
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxState))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return z.DecodeAll(packed, nil)
}

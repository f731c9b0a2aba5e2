// Package tlog keeps an installation's transparency log, which only grows, and
// seals certificates with it. The log is a folder in the form of tlog-tiles
// (https://c2sp.org/tlog-tiles), written by Tessera's POSIX driver; entries
// come in, and checkpoints, proofs and seals go out.
//
//	s := tlog.NewSealer(tlog.New(dir), ring, store, time.Now)
//	err := s.Seal(ctx) // whatever is issued and has no seal yet
//
// One process at a time writes: each batch is written under a lock of the
// folder, for which others wait. Reading needs no lock.
package tlog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/storage/posix"
	"k8s.io/klog/v2"

	"navicert"
	"navicert/seal"
)

// lockFile is held while a batch is written.
const lockFile = "write.lock"

// lockWait is how long a writer waits for another, as the database's does.
const lockWait = 10 * time.Second

// Log is a log in a folder.
type Log struct{ dir string }

// New returns the log in a folder, which need not exist yet.
func New(dir string) *Log { return &Log{dir: dir} }

// lock makes the folder and takes the right to write into it, waiting for other
// processes and for other goroutines of this one.
func (l *Log) lock(ctx context.Context) (unlock func() error, err error) {
	const op = "log"
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, l.dir, "%w", err)
	}
	f, err := os.OpenFile(filepath.Join(l.dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, l.dir, "%w", err)
	}
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f.Close, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(navicert.Errorf(navicert.Unavailable, op, l.dir, "%w", err), f.Close())
		}
		select {
		case <-wait.Done():
			err := navicert.Errorf(navicert.Unavailable, op, l.dir, "another navicert has been writing to it for more than %v", lockWait).WithHint("try again")
			if ctx.Err() != nil {
				err = navicert.Errorf(navicert.Unavailable, op, l.dir, "%w", ctx.Err())
			}
			return nil, errors.Join(err, f.Close())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// quiet silences the library's own log, once: failures come back as errors.
var quiet = sync.OnceFunc(func() { klog.SetLogger(logr.Discard()) })

// writer writes one batch into the log.
type writer struct {
	log   *Log
	add   tessera.AddFn
	read  tessera.LogReader
	n     int // entries that it becomes part of the log with, in one step
	close context.CancelFunc
}

// open opens the writer for one batch of n entries, making the log if need be.
// Tessera publishes no checkpoints: the caller does, once it holds the batch.
func (l *Log) open(ctx context.Context, k *seal.Key, n int) (*writer, error) {
	quiet()
	driver, err := posix.New(ctx, posix.Config{Path: l.dir})
	if err != nil {
		return nil, l.failure(err)
	}
	const never = 250 * 365 * 24 * time.Hour
	opts := tessera.NewAppendOptions().
		WithCheckpointSigner(k.Signer()).
		WithCheckpointInterval(never).
		WithCheckpointRepublishInterval(0).
		WithGarbageCollectionInterval(0).
		WithBatching(uint(max(n, 1)), time.Minute)
	ctx, cancel := context.WithCancel(ctx)
	a, _, r, err := tessera.NewAppender(ctx, driver, opts)
	if err != nil {
		cancel()
		return nil, l.failure(err)
	}
	return &writer{log: l, add: a.Add, read: r, n: n, close: cancel}, nil
}

// size is how many entries the log has.
func (w *writer) size(ctx context.Context) (uint64, error) {
	n, err := w.read.IntegratedSize(ctx)
	if err != nil {
		return 0, w.log.failure(err)
	}
	return n, nil
}

func (l *Log) failure(err error) error {
	if known := (*navicert.Error)(nil); errors.As(err, &known) {
		return err
	}
	return navicert.Errorf(navicert.Unavailable, "log", l.dir, "%w", err)
}

// append adds a batch of entries in their order, under the lock, to a log of a
// size.
func (w *writer) append(ctx context.Context, entries [][]byte, size uint64) error {
	fail := func(format string, args ...any) error {
		return navicert.Errorf(navicert.Conflict, "log", w.log.dir, format+": something else writes to it", args...)
	}
	if len(entries) != w.n {
		return fmt.Errorf("a writer of %d entries was given %d", w.n, len(entries))
	}
	futures := make([]tessera.IndexFuture, len(entries))
	for i, e := range entries {
		futures[i] = w.add(ctx, tessera.NewEntry(e))
	}
	for i, f := range futures {
		x, err := f()
		if err != nil {
			return w.log.failure(err)
		}
		if want := size + uint64(i); x.Index != want {
			return fail("entry %d of a batch became entry %d, not %d", i, x.Index, want)
		}
	}
	now, err := w.size(ctx)
	if err != nil {
		return err
	}
	if want := size + uint64(len(entries)); now != want {
		return fail("it has %d entries after a batch that ends at %d", now, want)
	}
	return nil
}

// Checkpoint returns the newest published checkpoint, as signed;
// navicert.NotFound when the log has none.
func (l *Log) Checkpoint() ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(l.dir, layout.CheckpointPath))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, navicert.Errorf(navicert.NotFound, "log", l.dir, "there is no log: nothing has been sealed yet")
	}
	if err != nil {
		return nil, l.failure(err)
	}
	return b, nil
}

// read reads the tile or bundle at a path: partial when p is not 0, else, or
// when the log has outgrown that, whole.
func (l *Log) read(p uint8, path func(p uint8) string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(l.dir, path(p)))
	if p != 0 && errors.Is(err, fs.ErrNotExist) {
		b, err = os.ReadFile(filepath.Join(l.dir, path(0)))
	}
	return b, err
}

func (l *Log) tile(_ context.Context, level, index uint64, p uint8) ([]byte, error) {
	return l.read(p, func(p uint8) string { return layout.TilePath(level, index, p) })
}

func (l *Log) bundle(_ context.Context, index uint64, p uint8) ([]byte, error) {
	return l.read(p, func(p uint8) string { return layout.EntriesPath(index, p) })
}

// Root computes the root hash of the first size entries from the tiles.
func (l *Log) Root(ctx context.Context, size uint64) ([]byte, error) {
	return l.rootWith(ctx, size, nil)
}

// rootWith computes the root hash that the first size entries have with others
// behind them.
func (l *Log) rootWith(ctx context.Context, size uint64, more [][]byte) ([]byte, error) {
	h := rfc6962.DefaultHasher
	if size == 0 && len(more) == 0 {
		return h.EmptyRoot(), nil
	}
	factory := compact.RangeFactory{Hash: h.HashChildren}
	r := factory.NewEmptyRange(0)
	if size > 0 {
		nodes, err := client.FetchRangeNodes(ctx, size, l.tile)
		if err != nil {
			return nil, l.failure(err)
		}
		if r, err = factory.NewRange(0, size, nodes); err != nil {
			return nil, l.failure(err)
		}
	}
	for _, e := range more {
		if err := r.Append(h.HashLeaf(e), nil); err != nil {
			return nil, l.failure(err)
		}
	}
	return r.GetRootHash(nil)
}

// InclusionProofs returns the proofs that entries are in the log of a size.
func (l *Log) InclusionProofs(ctx context.Context, size uint64, indexes ...uint64) ([][][]byte, error) {
	b, err := client.NewProofBuilder(ctx, size, l.tile)
	if err != nil {
		return nil, l.failure(err)
	}
	proofs := make([][][]byte, len(indexes))
	for i, index := range indexes {
		if proofs[i], err = b.InclusionProof(ctx, index); err != nil {
			return nil, l.failure(err)
		}
	}
	return proofs, nil
}

// ConsistencyProof implements seal.Log.
func (l *Log) ConsistencyProof(older, newer uint64) ([][]byte, error) {
	if older == 0 || older == newer {
		return nil, nil
	}
	if older > newer {
		return nil, fmt.Errorf("it has %d entries, fewer than %d", newer, older)
	}
	ctx := context.Background()
	b, err := client.NewProofBuilder(ctx, newer, l.tile)
	if err != nil {
		return nil, l.failure(err)
	}
	return b.ConsistencyProof(ctx, older, newer)
}

// Entry implements seal.Log.
func (l *Log) Entry(index uint64) ([]byte, error) {
	_, size, _, err := l.published()
	if err != nil {
		return nil, err
	}
	if index >= size {
		return nil, navicert.Errorf(navicert.NotFound, "log", l.dir, "it has %d entries", size)
	}
	for e, err := range l.Entries(context.Background(), index, index+1, size) {
		return e, err
	}
	return nil, navicert.Errorf(navicert.NotFound, "log", l.dir, "entry %d is not there", index)
}

func (l *Log) published() (name string, size uint64, root []byte, err error) {
	b, err := l.Checkpoint()
	if err != nil {
		return "", 0, nil, err
	}
	return seal.PeekCheckpoint(b)
}

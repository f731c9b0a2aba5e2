package tlog

import (
	"context"
	"encoding/base64"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"navicert"
	"navicert/seal"
)

// Store keeps what is sealed.
//
// Unsealed returns identifier and digest of certificates without a seal, in the
// order in which they were stored, at most limit. SealedTo is one more than the highest index of a
// seal, 0 when there is none. PutSeals keeps seals by the certificates'
// identifiers, all or none. Safe for concurrent use.
type Store interface {
	Unsealed(ctx context.Context, limit int) ([]navicert.Certificate, error)
	SealedTo(ctx context.Context) (uint64, error)
	PutSeals(ctx context.Context, seals map[string]navicert.Seal) error
	// Seal returns the seal of a certificate, nil when it has none yet. An unknown
	// identifier is a navicert.NotFound error.
	Seal(ctx context.Context, id string) (*navicert.Seal, error)
}

// maxBatch is how many certificates are sealed under one checkpoint: enough
// that the syncs of a batch do not count, few enough to be in memory at once.
const maxBatch = 2048

// Sealer seals certificates: a certificate is stored first, then it becomes an
// entry of the log, then its seal is stored. A process may be killed between
// any two of these. The next batch then finds in the log what had become an
// entry, and appends what had not, so that each certificate is in it once.
type Sealer struct {
	log   *Log
	ring  *seal.Ring
	store Store
	now   func() time.Time
	mu    sync.Mutex // one batch at a time in this process

	tidying tidying
}

// NewSealer puts log, keys and store together.
func NewSealer(l *Log, r *seal.Ring, s Store, now func() time.Time) *Sealer {
	return &Sealer{log: l, ring: r, store: s, now: now, tidying: tidying{log: l}}
}

// Close removes what the log has replaced by something whole. Nothing is sealed
// after it.
func (s *Sealer) Close() error { return s.tidying.close() }

// Ready makes the key if there is none and reads it, so that a key that cannot
// be read is an error before anything is issued under it.
func (s *Sealer) Ready(ctx context.Context) (err error) {
	return s.locked(ctx, func(*seal.Key) error { return s.log.sweep() })
}

// Seal seals every certificate that has no seal yet.
func (s *Sealer) Seal(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if waiting, err := s.store.Unsealed(ctx, 1); err != nil || len(waiting) == 0 {
		return err // a batch that was under way when this call came has taken it in
	}
	return s.batches(ctx)
}

func (s *Sealer) batches(ctx context.Context) error {
	for {
		n := 0
		err := s.locked(ctx, func(k *seal.Key) (err error) {
			n, err = s.batch(ctx, k)
			return err
		})
		if err != nil || n < maxBatch {
			return err
		}
	}
}

// locked runs fn with the key in use, under the log's lock.
func (s *Sealer) locked(ctx context.Context, fn func(*seal.Key) error) (err error) {
	unlock, err := s.log.lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	k, err := s.key(ctx)
	if err != nil {
		return err
	}
	return fn(k)
}

// key is the key in use. It is made only where nothing has been sealed yet.
func (s *Sealer) key(ctx context.Context) (*seal.Key, error) {
	if _, err := s.ring.Public(); navicert.KindOf(err) == navicert.NotFound {
		if _, err := s.log.Checkpoint(); err == nil {
			return nil, seal.Lost(s.ring.Dir(), "the log "+s.log.dir+" has a checkpoint")
		} else if navicert.KindOf(err) != navicert.NotFound {
			return nil, err
		}
		n, err := s.store.SealedTo(ctx)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, seal.Lost(s.ring.Dir(), "certificates have been sealed")
		}
		return s.ring.First(s.now())
	}
	return s.ring.Key(s.now())
}

// batch seals up to maxBatch certificates and returns how many there were.
func (s *Sealer) batch(ctx context.Context, k *seal.Key) (int, error) {
	waiting, err := s.store.Unsealed(ctx, maxBatch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	w, err := s.log.open(ctx, k, len(waiting))
	if err != nil {
		return 0, err
	}
	defer w.close()
	size, err := w.size(ctx)
	if err != nil {
		return 0, err
	}
	from, err := s.store.SealedTo(ctx)
	if err != nil {
		return 0, err
	}
	if size < from {
		return 0, navicert.Errorf(navicert.Conflict, "log", s.log.dir, "it has %d entries, but %d were sealed: entries were removed", size, from).
			WithHint("put back the whole data directory from one copy; nothing is sealed before that")
	}
	index, err := s.found(ctx, from, size)
	if err != nil {
		return 0, err
	}
	var entries [][]byte
	for _, c := range waiting {
		e := seal.Entry(c.ID, c.Digest)
		if _, ok := index[string(e)]; !ok {
			index[string(e)] = size + uint64(len(entries))
			entries = append(entries, e)
		}
	}
	if len(entries) > 0 && len(entries) != w.n { // some had become entries before
		if w, err = s.log.open(ctx, k, len(entries)); err != nil {
			return 0, err
		}
		defer w.close()
	}
	c, err := s.grow(ctx, k, w, size, entries)
	if err != nil {
		return 0, err
	}
	return len(waiting), s.record(ctx, k, waiting, index, c)
}

// grow adds entries, which may be none, to the log of a size, and publishes the
// checkpoint that it then has. That is written meanwhile.
func (s *Sealer) grow(ctx context.Context, k *seal.Key, w *writer, size uint64, entries [][]byte) (*checkpoint, error) {
	var c *checkpoint
	var writing errgroup.Group
	writing.Go(func() (err error) {
		c, err = s.log.checkpoint(ctx, k, size, entries)
		return err
	})
	var err error
	if len(entries) > 0 {
		err = w.append(ctx, entries, size)
	}
	if err := errors.Join(err, writing.Wait()); err != nil {
		return nil, errors.Join(err, c.discard())
	}
	s.tidying.grew(size, c.size)
	return c, c.publish(ctx)
}

// size is how many entries the log has, after making it if need be.
func (s *Sealer) size(ctx context.Context, k *seal.Key) (uint64, error) {
	w, err := s.log.open(ctx, k, 0)
	if err != nil {
		return 0, err
	}
	defer w.close()
	return w.size(ctx)
}

// found returns the indexes of the entries behind the last that is recorded:
// those of a process that was killed before it could record them.
func (s *Sealer) found(ctx context.Context, from, size uint64) (map[string]uint64, error) {
	index := map[string]uint64{}
	n := from
	for e, err := range s.log.Entries(ctx, from, size, size) {
		if err != nil {
			return nil, err
		}
		if _, ok := index[string(e)]; !ok {
			index[string(e)] = n
		}
		n++
	}
	return index, nil
}

// record stores the seals under a checkpoint that was published. Both are on the
// disk when it returns.
func (s *Sealer) record(ctx context.Context, k *seal.Key, cs []navicert.Certificate, index map[string]uint64, under *checkpoint) error {
	indexes := make([]uint64, len(cs))
	for i, c := range cs {
		indexes[i] = index[string(seal.Entry(c.ID, c.Digest))]
	}
	proofs, err := s.log.InclusionProofs(ctx, under.size, indexes...)
	if err != nil {
		return err
	}
	seals := make(map[string]navicert.Seal, len(cs))
	for i, c := range cs {
		signature, err := k.Sign(seal.Entry(c.ID, c.Digest))
		if err != nil {
			return err
		}
		seals[c.ID] = navicert.Seal{
			Log: k.Name(), Key: k.Public(), Signature: signature, Index: indexes[i],
			Checkpoint: string(under.text), Proof: encode(proofs[i]),
		}
	}
	var syncing errgroup.Group
	syncing.Go(func() error { return seal.SyncDir(s.log.dir) })
	return errors.Join(s.store.PutSeals(ctx, seals), syncing.Wait())
}

func encode(hashes [][]byte) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = base64.StdEncoding.EncodeToString(h)
	}
	return out
}

// With runs fn with the key in use while nothing is written to the log: to sign
// something else with it.
func (s *Sealer) With(ctx context.Context, fn func(*seal.Key) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locked(ctx, fn)
}

// Rotate replaces the key, after sealing what waits under the old one. The
// published checkpoint is then signed anew, and cosignatures that were kept of
// it remain good.
func (s *Sealer) Rotate(ctx context.Context, passphrase func() (string, error)) (keys seal.Keys, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.batches(ctx); err != nil {
		return keys, err
	}
	err = s.locked(ctx, func(k *seal.Key) error {
		size, err := s.size(ctx, k)
		if err != nil {
			return err
		}
		root, err := s.log.Root(ctx, size)
		if err != nil {
			return err
		}
		if keys, err = s.ring.Rotate(s.now(), size, root, passphrase); err != nil {
			return err
		}
		if k, err = s.ring.Key(s.now()); err != nil {
			return err
		}
		if _, err := s.grow(ctx, k, nil, size, nil); err != nil {
			return err
		}
		return seal.SyncDir(s.log.dir)
	})
	return keys, err
}

package tlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"

	"navicert"
	"navicert/seal"
)

// Entries yields the entries from one index up to another of the log of a size.
func (l *Log) Entries(ctx context.Context, from, to, size uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for i := from / layout.EntryBundleWidth; i*layout.EntryBundleWidth < to; i++ {
			if err := ctx.Err(); err != nil {
				yield(nil, l.failure(err))
				return
			}
			b, err := client.GetEntryBundle(ctx, l.bundle, i, size)
			if err != nil {
				yield(nil, l.failure(err))
				return
			}
			first := i * layout.EntryBundleWidth
			if want := min(to-first, layout.EntryBundleWidth); uint64(len(b.Entries)) < want {
				yield(nil, navicert.Errorf(navicert.Invalid, "log", l.dir, "entries %d and on are missing", first+uint64(len(b.Entries))))
				return
			}
			for j, e := range b.Entries {
				if n := first + uint64(j); n >= to {
					return
				} else if n >= from && !yield(e, nil) {
					return
				}
			}
		}
	}
}

// Audit is what a reading of the whole log found.
type Audit struct {
	Log        string   `json:"log"`
	Entries    uint64   `json:"entries"`
	Issued     int      `json:"issued"`     // certificates that the store holds
	Unsealed   int      `json:"unsealed"`   // of these, not sealed yet
	Missing    []string `json:"missing"`    // sealed, and not in the log
	Twice      []string `json:"twice"`      // in the log more than once
	Unknown    []uint64 `json:"unknown"`    // entries that are no certificate of the store's
	Root       bool     `json:"root"`       // the entries hash to the published checkpoint
	Checkpoint string   `json:"checkpoint"` // as published
}

// OK reports whether the log is whole and every sealed certificate in it once.
func (a Audit) OK() bool {
	return a.Root && len(a.Missing)+len(a.Twice)+len(a.Unknown) == 0
}

// Audit reads the whole log, computes its root hash from the entries alone and
// compares them with the certificates that the store holds, by their
// identifier and digest. The published checkpoint is verified by trust, which is
// asked for after it has been read.
//
// Others may seal meanwhile: what the store had been given by the time it was
// read, and the log not yet, is looked for in what the log has grown by since.
func (l *Log) Audit(ctx context.Context, trust func() (*seal.Trust, error), witnesses seal.Witnesses, issued iter.Seq2[navicert.Certificate, error]) (Audit, error) {
	r := reading{
		log: l, trust: trust, witnesses: witnesses, tree: (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0), at: map[string]*place{},
		Audit: Audit{Missing: []string{}, Twice: []string{}, Unknown: []uint64{}, Root: true},
	}
	if err := r.grow(ctx); err != nil {
		return r.Audit, err
	}
	first := r.Entries
	type later struct {
		id, entry string
		index     uint64
	}
	var sealedSince []later
	for cert, err := range issued {
		if err != nil {
			return r.Audit, err
		}
		r.Issued++
		entry := string(seal.Entry(cert.ID, cert.Digest))
		p := r.at[entry]
		if p != nil {
			p.seen = true
		}
		switch {
		case cert.Seal == nil:
			r.Unsealed++
		case cert.Seal.Index >= first:
			sealedSince = append(sealedSince, later{cert.ID, entry, cert.Seal.Index})
		case p == nil || p.index != cert.Seal.Index:
			r.Missing = append(r.Missing, cert.ID)
		}
	}
	if len(sealedSince) > 0 {
		if err := r.grow(ctx); err != nil {
			return r.Audit, err
		}
		for _, c := range sealedSince {
			if p := r.at[c.entry]; p == nil || p.index != c.index {
				r.Missing = append(r.Missing, c.id)
			}
		}
	}
	for _, p := range r.at {
		if !p.seen && p.index < first { // what came later may be of certificates issued since
			r.Unknown = append(r.Unknown, p.index)
		}
	}
	slices.Sort(r.Unknown)
	return r.Audit, nil
}

// place is where an entry stands, and whether a certificate is known to it.
type place struct {
	index uint64
	seen  bool
}

// reading is an audit on its way.
type reading struct {
	Audit
	log       *Log
	trust     func() (*seal.Trust, error)
	witnesses seal.Witnesses
	tree      *compact.Range
	at        map[string]*place // by entry
}

// grow reads the published checkpoint and the entries up to it that have not
// been read yet.
func (r *reading) grow(ctx context.Context) error {
	raw, err := r.log.Checkpoint()
	if err != nil {
		return err
	}
	trust, err := r.trust()
	if err != nil {
		return err
	}
	c, err := seal.OpenCheckpoint(raw, trust, r.witnesses)
	if err != nil {
		return navicert.Errorf(navicert.Conflict, "log", r.log.dir, "its checkpoint: %w", err)
	}
	if c.Size < r.Entries {
		return navicert.Errorf(navicert.Conflict, "log", r.log.dir, "it had %d entries and now has %d: entries were removed", r.Entries, c.Size)
	}
	r.Log, r.Checkpoint = c.Log, string(raw)
	h := rfc6962.DefaultHasher
	for e, err := range r.log.Entries(ctx, r.Entries, c.Size, c.Size) {
		if err != nil {
			return err
		}
		index := r.tree.End()
		if err := r.tree.Append(h.HashLeaf(e), nil); err != nil {
			return r.log.failure(err)
		}
		id, _, err := seal.ParseEntry(e)
		switch {
		case err != nil:
			r.Unknown = append(r.Unknown, index)
		case r.at[string(e)] != nil:
			r.Twice = append(r.Twice, id)
		default:
			r.at[string(e)] = &place{index: index}
		}
	}
	r.Entries = c.Size
	root, err := r.tree.GetRootHash(nil)
	if err != nil {
		return r.log.failure(err)
	}
	if c.Size == 0 {
		root = h.EmptyRoot()
	}
	r.Root = r.Root && bytes.Equal(root, c.Root)
	return nil
}

// Err says in a sentence what is wrong.
func (a Audit) Err() error {
	var errs []error
	if !a.Root {
		errs = append(errs, errors.New("its entries do not hash to its checkpoint: it was rewritten"))
	}
	if n := len(a.Missing); n > 0 {
		errs = append(errs, fmt.Errorf("%d sealed certificates are not in it, such as %s", n, a.Missing[0]))
	}
	if n := len(a.Twice); n > 0 {
		errs = append(errs, fmt.Errorf("%d certificates are in it more than once, such as %s", n, a.Twice[0]))
	}
	if n := len(a.Unknown); n > 0 {
		errs = append(errs, fmt.Errorf("%d entries, such as %d, are no certificate that is held", n, a.Unknown[0]))
	}
	return errors.Join(errs...)
}

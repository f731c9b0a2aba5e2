package tlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

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
// identifier and digest. The published checkpoint is verified by trust.
func (l *Log) Audit(ctx context.Context, trust *seal.Trust, witnesses seal.Witnesses, issued iter.Seq2[navicert.Certificate, error]) (Audit, error) {
	raw, err := l.Checkpoint()
	if err != nil {
		return Audit{}, err
	}
	c, err := seal.OpenCheckpoint(raw, trust, witnesses)
	if err != nil {
		return Audit{}, navicert.Errorf(navicert.Conflict, "log", l.dir, "its checkpoint: %w", err)
	}
	a := Audit{Log: c.Log, Entries: c.Size, Checkpoint: string(raw), Missing: []string{}, Twice: []string{}, Unknown: []uint64{}}
	h := rfc6962.DefaultHasher
	factory := compact.RangeFactory{Hash: h.HashChildren}
	tree := factory.NewEmptyRange(0)
	type place struct {
		index uint64
		seen  bool
	}
	at := map[string]*place{}
	for e, err := range l.Entries(ctx, 0, c.Size, c.Size) {
		if err != nil {
			return a, err
		}
		index := tree.End()
		if err := tree.Append(h.HashLeaf(e), nil); err != nil {
			return a, l.failure(err)
		}
		id, _, err := seal.ParseEntry(e)
		switch {
		case err != nil:
			a.Unknown = append(a.Unknown, index)
		case at[string(e)] != nil:
			a.Twice = append(a.Twice, id)
		default:
			at[string(e)] = &place{index: index}
		}
	}
	root, err := tree.GetRootHash(nil)
	if err != nil {
		return a, l.failure(err)
	}
	if c.Size == 0 {
		root = h.EmptyRoot()
	}
	a.Root = bytes.Equal(root, c.Root)
	for cert, err := range issued {
		if err != nil {
			return a, err
		}
		a.Issued++
		p := at[string(seal.Entry(cert.ID, cert.Digest))]
		if p != nil {
			p.seen = true
		}
		switch {
		case cert.Seal == nil:
			a.Unsealed++
		case p == nil || p.index != cert.Seal.Index:
			a.Missing = append(a.Missing, cert.ID)
		}
	}
	for _, p := range at {
		if !p.seen {
			a.Unknown = append(a.Unknown, p.index)
		}
	}
	return a, nil
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

package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"navicert"
	"navicert/feed"
	"navicert/list"
	"navicert/screen"
	"navicert/screen/own"
)

// OwnershipImport says what became of a file of ownership facts.
type OwnershipImport struct {
	Source   string         `json:"source"`
	SHA256   string         `json:"sha256"` // of the file, unpacked
	Facts    int            `json:"facts"`
	Changed  int            `json:"changed"`  // new, or a new revision
	Rejected navicert.Tally `json:"rejected"` // by reason
}

// OwnershipOptions are what the user may say about a file of facts.
type OwnershipOptions struct {
	By   string // answers for the facts that name nobody
	List string // of FollowTheMoney: the list whose entries the entities are
}

// ImportOwnership reads a file of ownership facts, packed or not, in CSV or
// FollowTheMoney's JSON lines, and keeps them. Importing the same file again
// changes nothing.
func (a *App) ImportOwnership(ctx context.Context, path string, o OwnershipOptions) (OwnershipImport, error) {
	s, err := feed.Open(ctx, path)
	if err != nil {
		return OwnershipImport{}, err
	}
	defer s.Close()
	return a.ImportOwnershipFrom(ctx, s, s.Name, o)
}

// ImportOwnershipFrom does the same for a stream.
func (a *App) ImportOwnershipFrom(ctx context.Context, r io.Reader, source string, o OwnershipOptions) (OwnershipImport, error) {
	h := sha256.New()
	facts, rejected, err := own.ReadFile(io.TeeReader(r, h), source, cmp.Or(o.List, "ftm"), o.By)
	if err != nil {
		return OwnershipImport{}, err
	}
	return a.putOwnership(ctx, own.Set{Source: source, SHA256: hex.EncodeToString(h.Sum(nil)), Facts: facts}, rejected)
}

// ImportOwnershipLinks keeps what a publication's entries say of who owns or
// controls them.
func (a *App) ImportOwnershipLinks(ctx context.Context, p list.Publication) (OwnershipImport, error) {
	entries, err := a.entries(ctx, p)
	if err != nil {
		return OwnershipImport{}, err
	}
	facts, unused := own.FromEntries(p, entries)
	return a.putOwnership(ctx, own.Set{Source: p.ID(), SHA256: p.SHA256, Facts: facts}, unused)
}

func (a *App) putOwnership(ctx context.Context, set own.Set, rejected navicert.Tally) (OwnershipImport, error) {
	set.RecordedAt = a.now()
	changed, err := a.db.PutOwnership(ctx, set)
	if err != nil {
		return OwnershipImport{}, err
	}
	return OwnershipImport{Source: set.Source, SHA256: set.SHA256, Facts: len(set.Facts), Changed: changed, Rejected: rejected}, nil
}

// HeldOwnership is a fact with its identifier and whether it is in force at
// the time asked about.
type HeldOwnership struct {
	ID string `json:"id"`
	own.Fact
	InForce bool `json:"in_force"`
}

// Ownership returns the facts as they stood; a zero AsOf is now. With a party,
// only those that name it as owner or owned.
func (a *App) Ownership(ctx context.Context, at screen.When, of own.Party) ([]HeldOwnership, error) {
	if err := notYet("ownership", at.KnownAt, a.now()); err != nil {
		return nil, err
	}
	if at.AsOf.IsZero() {
		at.AsOf = a.now()
	}
	facts, err := a.db.Ownership(ctx, at.AsOf, at.KnownAt)
	if err != nil {
		return nil, err
	}
	out := []HeldOwnership{}
	for i := range facts {
		f := &facts[i]
		if of != (own.Party{}) && !f.Names(of) {
			continue
		}
		out = append(out, HeldOwnership{ID: f.ID(), Fact: *f, InForce: f.InForce(at.AsOf)})
	}
	return out, nil
}

// CheckOwnership says whether listed persons own or control a party, as the
// facts and lists stood; a zero AsOf is now. That nothing is held of the party
// is an answer with Known false.
func (a *App) CheckOwnership(ctx context.Context, p own.Party, at screen.When) (own.Answer, error) {
	if err := notYet("ownership", at.KnownAt, a.now()); err != nil {
		return own.Answer{}, err
	}
	v, err := a.ScreenView(ctx, at)
	if err != nil {
		return own.Answer{}, err
	}
	return v.Owned(p)
}

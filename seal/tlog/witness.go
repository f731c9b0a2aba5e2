package tlog

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"navicert"
	"navicert/seal"
)

// witnessedDir holds the cosigned checkpoints of this log, each under its size.
const witnessedDir = "witnessed"

// Request returns what a witness is asked to cosign: the published checkpoint,
// with the proof that it goes on from an older size.
func (l *Log) Request(old uint64) (seal.Request, error) {
	raw, err := l.Checkpoint()
	if err != nil {
		return seal.Request{}, err
	}
	_, size, _, err := seal.PeekCheckpoint(raw)
	if err != nil {
		return seal.Request{}, err
	}
	p, err := l.ConsistencyProof(old, size)
	if err != nil {
		return seal.Request{}, navicert.Errorf(navicert.Invalid, "log checkpoint", "", "%w", err)
	}
	return seal.Request{Old: old, Proof: p, Checkpoint: raw}, nil
}

// Cosigned keeps a checkpoint of this log that witnesses have cosigned. It must
// be one that this log has had. Cosignatures of one size are joined.
func (s *Sealer) Cosigned(ctx context.Context, raw []byte, trust *seal.Trust, witnesses seal.Witnesses) (c seal.Checkpoint, err error) {
	const op = "witness import"
	err = s.With(ctx, func(*seal.Key) error {
		if c, err = seal.OpenCheckpoint(raw, trust, witnesses); err != nil {
			return navicert.Errorf(navicert.Invalid, op, "", "%w", err)
		}
		if len(c.Witnesses) == 0 {
			return navicert.Errorf(navicert.Invalid, op, "", "no cosignature on it is by a witness that is known").
				WithHint("navicert witness add NAME KEY makes one known")
		}
		root, err := s.log.Root(ctx, c.Size)
		if err != nil {
			return err
		}
		if !bytes.Equal(root, c.Root) {
			return navicert.Errorf(navicert.Conflict, op, "", "the checkpoint of %d entries is not of this log: one of the two was forked", c.Size)
		}
		dir := filepath.Join(s.log.dir, witnessedDir)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return s.log.failure(err)
		}
		file := filepath.Join(dir, strconv.FormatUint(c.Size, 10))
		if kept, err := os.ReadFile(file); err == nil {
			joined := seal.WithCosignatures(kept, raw)
			if c, err = seal.OpenCheckpoint(joined, trust, witnesses); err != nil {
				return navicert.Errorf(navicert.Invalid, op, "", "%w", err)
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return s.log.failure(err)
		}
		if err := seal.WriteFile(file, c.Note); err != nil {
			return s.log.failure(err)
		}
		return nil
	})
	return c, err
}

// Witnessed returns the oldest cosigned checkpoint that holds an entry and that
// at least required witnesses have cosigned; navicert.NotFound when there is
// none.
func (l *Log) Witnessed(index uint64, required int, trust *seal.Trust, witnesses seal.Witnesses) (seal.Checkpoint, error) {
	files, err := os.ReadDir(filepath.Join(l.dir, witnessedDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return seal.Checkpoint{}, l.failure(err)
	}
	var sizes []uint64
	for _, f := range files {
		if n, err := strconv.ParseUint(f.Name(), 10, 64); err == nil && n > index {
			sizes = append(sizes, n)
		}
	}
	slices.Sort(sizes)
	for _, n := range sizes {
		raw, err := os.ReadFile(filepath.Join(l.dir, witnessedDir, strconv.FormatUint(n, 10)))
		if err != nil {
			return seal.Checkpoint{}, l.failure(err)
		}
		c, err := seal.OpenCheckpoint(raw, trust, witnesses)
		if err != nil {
			return c, navicert.Errorf(navicert.Invalid, "log", l.dir, "the cosigned checkpoint of %d entries: %w", n, err)
		}
		if len(c.Witnesses) >= max(required, 1) {
			return c, nil
		}
	}
	return seal.Checkpoint{}, navicert.Errorf(navicert.NotFound, "log", l.dir, "no checkpoint with entry %d has been cosigned by %d witnesses", index, max(required, 1))
}

// Upgrade returns a seal with another checkpoint of this log, which must hold
// its entry.
func (l *Log) Upgrade(ctx context.Context, s navicert.Seal, c seal.Checkpoint) (navicert.Seal, error) {
	p, err := l.InclusionProofs(ctx, c.Size, s.Index)
	if err != nil {
		return s, err
	}
	s.Checkpoint, s.Proof = string(c.Note), encode(p[0])
	return s, nil
}

// Memory is what a witness remembers of the logs whose checkpoints it cosigns,
// in a folder: of each its keys and the newest checkpoint.
type Memory struct{ dir string }

// NewMemory returns the memory in a folder, which need not exist yet.
func NewMemory(dir string) *Memory { return &Memory{dir: dir} }

type remembered struct {
	Keys       seal.Keys `json:"keys"`
	Checkpoint string    `json:"checkpoint"`
}

// Witness cosigns a request, when the checkpoint is by the log's key and goes
// on from the one cosigned before, and returns the checkpoint with the
// cosignature. It remembers the checkpoint first. The log's keys need to be
// given for its first checkpoint and when they have changed.
func (m *Memory) Witness(k *seal.Key, r seal.Request, given *seal.Keys) ([]byte, error) {
	const op = "witness sign"
	name, _, _, err := seal.PeekCheckpoint(r.Checkpoint)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(m.dir, base64.RawURLEncoding.EncodeToString([]byte(name)))
	before, err := m.load(file)
	if err != nil {
		return nil, err
	}
	if before == nil && given == nil {
		return nil, navicert.Errorf(navicert.NotFound, op, name, "this log is not known yet").WithHint("give its public key once, by --key")
	}
	now := remembered{Checkpoint: string(r.Checkpoint)}
	keys := []seal.Keys{}
	var rotations []string
	if before != nil {
		now.Keys = before.Keys
		keys = append(keys, before.Keys)
	}
	if given != nil {
		now.Keys = *given
		rotations = given.Rotations
		if before == nil {
			keys = append(keys, *given)
		}
	}
	trust, err := seal.NewTrust(keys, rotations...)
	if err != nil {
		return nil, err
	}
	if before != nil && given != nil && !trust.Has(given.Key) {
		return nil, navicert.Errorf(navicert.Conflict, op, name, "the key given is another than the one known of this log, and no rotation leads from that one to it").
			WithHint("ask the issuer for his navicert keys export, which has the rotations")
	}
	c, err := seal.OpenCheckpoint(r.Checkpoint, trust, nil)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, op, name, "%w", err)
	}
	if before != nil {
		if err := goesOn(before, c, r, trust); err != nil {
			return nil, navicert.Errorf(navicert.Conflict, op, name, "%w", err)
		}
	}
	line, err := seal.Cosign(k, c)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(now)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, m.dir, "%w", err)
	}
	if err := seal.WriteFile(file, b); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, m.dir, "%w", err)
	}
	return append(bytes.Clone(r.Checkpoint), line...), nil
}

func (m *Memory) load(file string) (*remembered, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var r remembered
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "witness sign", file, "%w", err)
	}
	return &r, nil
}

// goesOn fails unless a checkpoint is the one that was cosigned before or goes
// on from it.
func goesOn(before *remembered, c seal.Checkpoint, r seal.Request, trust *seal.Trust) error {
	last, err := seal.OpenCheckpoint([]byte(before.Checkpoint), trust, nil)
	if err != nil {
		return fmt.Errorf("the checkpoint cosigned before: %w", err)
	}
	switch {
	case c.Size < last.Size:
		return fmt.Errorf("it has %d entries, and one of %d was cosigned before", c.Size, last.Size)
	case c.Size > last.Size && last.Size > 0 && (r.Old != last.Size || len(r.Proof) == 0):
		return fmt.Errorf("it comes without the proof that it goes on from %d entries, which were cosigned before (navicert log checkpoint --since %d writes it)", last.Size, last.Size)
	case c.Size == last.Size:
		return seal.Consistent(last, c, nil)
	}
	return seal.Consistent(last, c, r.Proof)
}

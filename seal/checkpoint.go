package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	cosign "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"navicert"
)

// Checkpoint is a state of a log that its key has signed: how many entries it
// has and the hash that commits to all of them
// (https://c2sp.org/tlog-checkpoint).
type Checkpoint struct {
	Log       string   // the log's name
	Size      uint64   // number of entries
	Root      []byte   // RFC 6962 root hash
	Note      []byte   // as signed
	Key       string   // the public key by which it was verified
	Witnesses []string // names of the witnesses whose cosignatures were verified
	Unknown   int      // number of signatures by other keys

	superseded bool // the key has been replaced since
}

// maxCheckpoint bounds the bytes of a checkpoint with its cosignatures.
const maxCheckpoint = 64 << 10

// OpenCheckpoint verifies a checkpoint by a key that trust holds to be the
// log's at that size, and counts the witnesses' cosignatures.
func OpenCheckpoint(b []byte, trust *Trust, witnesses Witnesses) (Checkpoint, error) {
	if len(b) > maxCheckpoint {
		return Checkpoint{}, fmt.Errorf("it has %d bytes, more than a checkpoint can have", len(b))
	}
	verifiers := trust.verifiers()
	for _, w := range witnesses {
		verifiers = append(verifiers, w.verifier)
	}
	n, err := openNote(b, verifiers...)
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{Note: bytes.Clone(b), Unknown: len(n.UnverifiedSigs)}
	var parsed log.Checkpoint
	if rest, err := parsed.Unmarshal([]byte(n.Text)); err != nil || len(rest) > 0 || string(parsed.Marshal()) != n.Text || len(parsed.Hash) != 32 {
		return c, errors.New("it is not of the form name, size and root hash")
	}
	c.Log, c.Size, c.Root = parsed.Origin, parsed.Size, parsed.Hash
	for _, s := range n.Sigs {
		if k := trust.key(s.Name, s.Hash); k != nil {
			if s.Name != c.Log {
				return c, fmt.Errorf("the log is called %s, but %s signed", c.Log, s.Name)
			}
			if k.superseded && c.Size > k.maxSize {
				return c, fmt.Errorf("its key was replaced when the log had %d entries: it may not sign for %d", k.maxSize, c.Size)
			}
			if k.superseded && c.Size == k.maxSize && !bytes.Equal(c.Root, k.maxRoot) {
				return c, fmt.Errorf("its key was replaced when the log had %d entries, and these were others: the log was forked", k.maxSize)
			}
			c.Key, c.superseded = k.text, k.superseded
		} else if w := witnesses.find(s.Name, s.Hash); w != nil {
			c.Witnesses = append(c.Witnesses, w.Name)
		}
	}
	if c.Key == "" {
		return c, errors.New("the log's own key has not signed it")
	}
	return c, nil
}

// SignCheckpoint writes and signs a checkpoint.
func SignCheckpoint(k *Key, size uint64, root []byte) ([]byte, error) {
	text := log.Checkpoint{Origin: k.Name(), Size: size, Hash: root}.Marshal()
	return note.Sign(&note.Note{Text: string(text)}, k.signer)
}

// PeekCheckpoint returns the name and size that a checkpoint states, without
// asking who signed it.
func PeekCheckpoint(b []byte) (name string, size uint64, root []byte, err error) {
	var c log.Checkpoint
	if len(b) > maxCheckpoint {
		return "", 0, nil, navicert.Errorf(navicert.Limit, "checkpoint", "", "it has %d bytes, more than a checkpoint can have", len(b))
	}
	if _, err := c.Unmarshal(b); err != nil {
		return "", 0, nil, navicert.Errorf(navicert.Invalid, "checkpoint", "", "%w", err)
	}
	return c.Origin, c.Size, c.Hash, nil
}

// Consistent fails unless the proof shows that the older state of a log is the
// beginning of the newer one.
func Consistent(older, newer Checkpoint, hashes [][]byte) error {
	if older.Log != newer.Log {
		return fmt.Errorf("the checkpoints are of two logs, %s and %s", older.Log, newer.Log)
	}
	if err := proof.VerifyConsistency(rfc6962.DefaultHasher, older.Size, newer.Size, hashes, older.Root, newer.Root); err != nil {
		return fmt.Errorf("the state of %d entries is not the beginning of that of %d: the log was forked or rewritten", older.Size, newer.Size)
	}
	return nil
}

// Request is what a witness is asked to cosign: a checkpoint, and the proof
// that it goes on from an older one (https://c2sp.org/tlog-witness).
type Request struct {
	Old        uint64   // the older size; 0 when there is none
	Proof      [][]byte // of consistency from there
	Checkpoint []byte
}

// maxProof is more than any tree of 2^64 entries needs.
const maxProof = 64 * 2

// Marshal writes the request as witnesses read it.
func (r Request) Marshal() []byte {
	b := []byte("old " + strconv.FormatUint(r.Old, 10) + "\n")
	for _, h := range r.Proof {
		b = append(base64.StdEncoding.AppendEncode(b, h), '\n')
	}
	return append(append(b, '\n'), r.Checkpoint...)
}

// ParseRequest reads a request, or a checkpoint alone.
func ParseRequest(b []byte) (Request, error) {
	bad := func(format string, args ...any) (Request, error) {
		return Request{}, navicert.Errorf(navicert.Invalid, "checkpoint", "", format, args...)
	}
	if len(b) > maxCheckpoint {
		return bad("it has %d bytes, more than a checkpoint can have", len(b))
	}
	if !bytes.HasPrefix(b, []byte("old ")) {
		return Request{Checkpoint: b}, nil
	}
	head, checkpoint, ok := strings.Cut(string(b), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) > 1+maxProof {
		return bad("its proof does not end")
	}
	size := strings.TrimPrefix(lines[0], "old ")
	old, err := strconv.ParseUint(size, 10, 64)
	if err != nil || strconv.FormatUint(old, 10) != size {
		return bad("%q is no number of entries", lines[0])
	}
	r := Request{Old: old, Checkpoint: []byte(checkpoint)}
	for _, l := range lines[1:] {
		h, err := strictHash(l)
		if err != nil {
			return bad("its proof: %w", err)
		}
		r.Proof = append(r.Proof, h)
	}
	return r, nil
}

// Witness is a key of somebody else that cosigns checkpoints of this log.
type Witness struct {
	Name string `json:"name"` // the label that this installation gives it
	Key  string `json:"key"`  // name+hash+base64

	verifier note.Verifier
}

// Witnesses are those that are known.
type Witnesses []Witness

// NewWitness reads a witness's public key, which is written as an
// installation's own or as its cosigning key.
func NewWitness(name, key string) (Witness, error) {
	v, err := cosign.NewVerifierForCosignatureV1(key)
	if err != nil {
		return Witness{}, navicert.Errorf(navicert.Invalid, "witness", name, "%q is no public key: %w", short(key), err).
			WithHint("navicert keys show, run by the witness, prints it")
	}
	if parsed, err := note.NewVerifier(key); err == nil && parsed.Name() != v.Name() {
		return Witness{}, navicert.Errorf(navicert.Invalid, "witness", name, "the key names two witnesses")
	}
	return Witness{Name: name, Key: key, verifier: v}, nil
}

// With adds a witness. One that is there already, by its key, is not added
// again: notes are verified by each key once.
func (ws Witnesses) With(w Witness) Witnesses {
	if ws.Has(w) {
		return ws
	}
	return append(ws, w)
}

// Has reports whether a witness of the same key is among them, in either of the
// two ways in which the key is written.
func (ws Witnesses) Has(w Witness) bool {
	return ws.find(w.verifier.Name(), w.verifier.KeyHash()) != nil
}

func (ws Witnesses) find(name string, hash uint32) *Witness {
	for i := range ws {
		if ws[i].verifier.Name() == name && ws[i].verifier.KeyHash() == hash {
			return &ws[i]
		}
	}
	return nil
}

// Cosign returns the line by which the key witnesses a checkpoint: a timed
// signature (https://c2sp.org/tlog-cosignature). The caller has verified that
// the checkpoint is its log's and goes on from the one cosigned before.
func Cosign(k *Key, c Checkpoint) (string, error) {
	s, err := cosign.NewSignerForCosignatureV1(k.secret)
	if err != nil {
		return "", err
	}
	text, _, _ := bytes.Cut(c.Note, []byte("\n\n"))
	b64, err := sign(append(text, '\n'), s)
	if err != nil {
		return "", err
	}
	return signatureLine(s.Name(), b64), nil
}

// WithCosignatures adds to a checkpoint the signatures of another copy of it
// by those who have not signed it yet. Who cosigned it twice stays with what is
// there: the time of a cosignature differs, and the first bounds the most.
func WithCosignatures(checkpoint, other []byte) []byte {
	out := bytes.Clone(checkpoint)
	_, mine, _ := bytes.Cut(checkpoint, []byte("\n\n"))
	signed := map[string]bool{}
	for line := range bytes.Lines(mine) {
		signed[signerOf(line)] = true
	}
	_, block, _ := bytes.Cut(other, []byte("\n\n"))
	for line := range bytes.Lines(block) {
		if by := signerOf(line); !signed[by] {
			signed[by] = true
			out = append(out, line...)
		}
	}
	return out
}

// signerOf is the name and the key hash in a signature's line, as far as they can
// be read; a line that has none is itself.
func signerOf(line []byte) string {
	fields := strings.Fields(string(line))
	if len(fields) != 3 {
		return string(line)
	}
	b, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(b) < 4 {
		return string(line)
	}
	return fields[1] + " " + string(b[:4])
}

func short(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

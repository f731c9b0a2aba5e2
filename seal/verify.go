package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"navicert"
)

// MaxCertificate bounds the bytes of a certificate that is read.
const MaxCertificate = 16 << 20

// The checks that a verification is made of.
const (
	CheckCanonical   = "canonical bytes"
	CheckIdentifier  = "identifier"
	CheckDigest      = "digest"
	CheckSignature   = "signature"
	CheckCheckpoint  = "checkpoint"
	CheckInclusion   = "inclusion"
	CheckWitnesses   = "witnesses"
	CheckConsistency = "consistency"
	CheckLog         = "log"
)

// Check is one thing that was verified.
type Check struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Report is what a verification found. It holds when every check does.
type Report struct {
	Certificate string           `json:"certificate,omitempty"`
	Verdict     navicert.Verdict `json:"verdict,omitempty"`
	OK          bool             `json:"ok"`
	Checks      []Check          `json:"checks"`
}

// Add adds a check: err says why it failed, detail what was found.
func (r *Report) Add(check string, err error, detail string) {
	if len(r.Checks) == 0 {
		r.OK = true
	}
	c := Check{Check: check, OK: err == nil, Detail: detail}
	if err != nil {
		c.Detail, r.OK = err.Error(), false
	}
	r.Checks = append(r.Checks, c)
}

// Policy is what a reader asks of a certificate beside its issuer's key.
type Policy struct {
	Trust     *Trust
	Witnesses Witnesses
	Required  int         // how many of the witnesses must have cosigned the checkpoint
	Older     *Request    // a checkpoint that was kept, with which the certificate's must be consistent
	Log       Log         // the issuer's log, where it can be read
	Now       *Checkpoint // that log's own checkpoint, verified
}

// Log is a readable copy of a log.
type Log interface {
	Entry(index uint64) ([]byte, error)
	ConsistencyProof(older, newer uint64) ([][]byte, error)
}

// ReadCertificate reads a certificate strictly: nothing in the file may be
// without meaning to this version.
func ReadCertificate(b []byte) (navicert.Certificate, error) {
	var c navicert.Certificate
	if len(b) > MaxCertificate {
		return c, fmt.Errorf("it has %d bytes, at most %d are read", len(b), MaxCertificate)
	}
	given, err := Canonical(json.RawMessage(b))
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return c, err
	}
	read, err := Canonical(c)
	if err != nil {
		return c, err
	}
	if !bytes.Equal(given, read) {
		return c, errors.New("it has fields or values that this version does not know")
	}
	return c, nil
}

// Verify checks a certificate with its seal.
func Verify(b []byte, p Policy) Report {
	var r Report
	c, err := ReadCertificate(b)
	r.Certificate, r.Verdict = c.ID, c.Verdict
	r.Add(CheckCanonical, err, "every field is known and is written in one way (RFC 8785)")
	if err != nil {
		return r
	}
	id, err := identifier(c)
	if err == nil && id != c.ID {
		err = fmt.Errorf("its content gives %s", id)
	}
	r.Add(CheckIdentifier, err, id)
	r.Add(CheckDigest, Validate(c), c.Digest)
	if c.Seal == nil {
		r.Add(CheckSignature, errors.New("it has no seal"), "")
		return r
	}
	verifySeal(&r, c, p)
	return r
}

func verifySeal(r *Report, c navicert.Certificate, p Policy) {
	s := c.Seal
	entry := Entry(c.ID, c.Digest)
	r.Add(CheckSignature, verifySignature(entry, *s, p.Trust), "by "+s.Key)
	at, err := OpenCheckpoint([]byte(s.Checkpoint), p.Trust, p.Witnesses)
	if err == nil && at.Log != s.Log {
		err = fmt.Errorf("it is of the log %s, the seal of %s", at.Log, s.Log)
	}
	detail := fmt.Sprintf("%s, %d entries", at.Log, at.Size)
	if at.superseded {
		detail += "; by a key that was replaced since: whoever has that key can have written another past, which a copy of the log (--log), a kept checkpoint or a witness tells apart"
	}
	r.Add(CheckCheckpoint, err, detail)
	if err != nil {
		return
	}
	r.Add(CheckInclusion, verifyInclusion(entry, *s, at), fmt.Sprintf("entry %d", s.Index))
	if p.Required > 0 || len(p.Witnesses) > 0 {
		verifyWitnesses(r, at, p)
	}
	if p.Older != nil {
		err := verifyOlder(at, p)
		r.Add(CheckConsistency, err, "the log goes on from the checkpoint that was kept")
	}
	if p.Log != nil && p.Now != nil {
		r.Add(CheckLog, verifyLog(entry, *s, at, p), fmt.Sprintf("entry %d of %d is this certificate's, and the log goes on from its checkpoint", s.Index, p.Now.Size))
	}
}

// VerifyText verifies a signature over a text by a key that is trusted.
func VerifyText(text []byte, key, b64 string, trust *Trust) error {
	name, _, _ := strings.Cut(key, "+")
	n, err := openNote(signed(text, name, b64), trust.verifiers()...)
	if err != nil {
		return err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) > 0 || n.Text != string(text) || n.Sigs[0].Base64 != b64 {
		return errors.New("it is not one signature")
	}
	if k := trust.key(n.Sigs[0].Name, n.Sigs[0].Hash); k == nil || k.text != key {
		return errors.New("another key signed it than the one that is named")
	}
	return nil
}

func verifySignature(entry []byte, s navicert.Seal, trust *Trust) error {
	if name, _, _ := strings.Cut(s.Key, "+"); name != s.Log {
		return fmt.Errorf("the key is called %s, the log %s", short(name), short(s.Log))
	}
	if k := trust.find(s.Key); k != nil && k.superseded && s.Index >= k.maxSize {
		return fmt.Errorf("its key was replaced when the log had %d entries: it may not sign entry %d", k.maxSize, s.Index)
	}
	return VerifyText(entry, s.Key, s.Signature, trust)
}

func verifyInclusion(entry []byte, s navicert.Seal, at Checkpoint) error {
	if len(s.Proof) > maxProof {
		return fmt.Errorf("its proof has %d hashes, more than any log needs", len(s.Proof))
	}
	hashes := make([][]byte, len(s.Proof))
	for i, h := range s.Proof {
		var err error
		if hashes[i], err = strictHash(h); err != nil {
			return err
		}
	}
	h := rfc6962.DefaultHasher
	if err := proof.VerifyInclusion(h, s.Index, at.Size, h.HashLeaf(entry), hashes, at.Root); err != nil {
		return fmt.Errorf("the proof does not lead from entry %d to the checkpoint's root hash", s.Index)
	}
	return nil
}

func verifyWitnesses(r *Report, at Checkpoint, p Policy) {
	detail := fmt.Sprintf("%d of %d known witnesses cosigned, %d are asked for", len(at.Witnesses), len(p.Witnesses), p.Required)
	if len(at.Witnesses) > 0 {
		detail += ": " + strings.Join(at.Witnesses, ", ")
	}
	var err error
	if len(at.Witnesses) < p.Required {
		err = errors.New(detail)
	}
	r.Add(CheckWitnesses, err, detail)
}

// verifyOlder holds the checkpoint of a seal against one that was kept. Either
// may be the older.
func verifyOlder(at Checkpoint, p Policy) error {
	kept, err := OpenCheckpoint(p.Older.Checkpoint, p.Trust, p.Witnesses)
	if err != nil {
		return fmt.Errorf("the checkpoint that was kept: %w", err)
	}
	older, newer := kept, at
	if older.Size > newer.Size {
		older, newer = newer, older
	}
	if older.Size == newer.Size || older.Size == 0 {
		return Consistent(older, newer, nil)
	}
	if p.Older.Old == older.Size && newer.Size == kept.Size && p.Older.Proof != nil {
		return Consistent(older, newer, p.Older.Proof)
	}
	if p.Log == nil {
		return fmt.Errorf("that of %d entries cannot be held against that of %d without the log (--log) or a proof between them", kept.Size, at.Size)
	}
	hashes, err := p.Log.ConsistencyProof(older.Size, newer.Size)
	if err != nil {
		return fmt.Errorf("the log proves nothing: %w", err)
	}
	return Consistent(older, newer, hashes)
}

// verifyLog holds a seal against the log as it is now.
func verifyLog(entry []byte, s navicert.Seal, at Checkpoint, p Policy) error {
	if p.Now.Size < at.Size {
		return fmt.Errorf("the log has %d entries, it had %d: entries were removed", p.Now.Size, at.Size)
	}
	hashes, err := p.Log.ConsistencyProof(at.Size, p.Now.Size)
	if err != nil {
		return fmt.Errorf("the log proves nothing: %w", err)
	}
	if err := Consistent(at, *p.Now, hashes); err != nil {
		return err
	}
	held, err := p.Log.Entry(s.Index)
	if err != nil {
		return fmt.Errorf("entry %d: %w", s.Index, err)
	}
	if !bytes.Equal(held, entry) {
		return fmt.Errorf("entry %d of the log is another than this certificate's", s.Index)
	}
	return nil
}

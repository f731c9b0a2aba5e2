package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"navicert"
)

// namePrefix begins the name of every installation: the rest is random.
const namePrefix = "navicert/"

// Key is the private key of an installation. It signs entries, checkpoints and
// bundles, and cosigns other installations' checkpoints.
type Key struct {
	secret string // PRIVATE+KEY+name+hash+base64
	public string
	signer note.Signer
}

// GenerateKey makes an Ed25519 key. An empty name makes that of a new
// installation.
func GenerateKey(name string) (*Key, error) {
	if name == "" {
		var b [8]byte
		if _, err := rand.Read(b[:]); err != nil {
			return nil, err
		}
		name = namePrefix + hex.EncodeToString(b[:])
	}
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return nil, err
	}
	return parseKey(secret)
}

// parseKey reads a private key as it is written.
func parseKey(secret string) (*Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, err
	}
	public, err := publicOf(secret)
	if err != nil {
		return nil, err
	}
	return &Key{secret: secret, public: public, signer: signer}, nil
}

// publicOf derives the public key from a private one.
func publicOf(secret string) (string, error) {
	parts := strings.SplitN(secret, "+", 5) // PRIVATE, KEY, name, hash, base64
	b, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if len(parts) != 5 || err != nil || len(b) != 1+ed25519.SeedSize {
		return "", errors.New("it is not written as a private key")
	}
	return note.NewEd25519VerifierKey(parts[2], ed25519.NewKeyFromSeed(b[1:]).Public().(ed25519.PublicKey))
}

// Name is the name of the installation and of its log.
func (k *Key) Name() string { return k.signer.Name() }

// Public is the public key: name+hash+base64.
func (k *Key) Public() string { return k.public }

// Signer signs notes.
func (k *Key) Signer() note.Signer { return k.signer }

// Sign returns the signature of a text in base64.
func (k *Key) Sign(text []byte) (string, error) { return sign(text, k.signer) }

// Note makes the signed note of a text.
func (k *Key) Note(text []byte) ([]byte, error) {
	return note.Sign(&note.Note{Text: string(text)}, k.signer)
}

// Fingerprint is the SHA-256 of a public key's 32 bytes, to be compared over
// another channel.
func Fingerprint(public string) (string, error) {
	parts := strings.SplitN(public, "+", 3)
	b, err := base64.StdEncoding.Strict().DecodeString(parts[len(parts)-1])
	if len(parts) != 3 || err != nil || len(b) != 33 {
		return "", navicert.Errorf(navicert.Invalid, "public key", short(public), "it is not written name+hash+base64")
	}
	h := sha256.Sum256(b[1:])
	return "sha256:" + hex.EncodeToString(h[:]), nil
}

// Keys is what an installation publishes of its keys: the one in use, and the
// rotations that led to it, oldest first.
type Keys struct {
	Key         string           `json:"key"`
	Fingerprint string           `json:"fingerprint"`
	Since       navicert.Instant `json:"since,omitzero"`
	Rotations   []string         `json:"rotations,omitempty"` // signed notes
}

// maxRotations bounds how many rotations are read.
const maxRotations = 1000

// ParseKeys reads a public key: one line name+hash+base64, or what
// "navicert keys export" writes.
func ParseKeys(b []byte) (Keys, error) {
	const op = "public key"
	text := strings.TrimSpace(string(b))
	k := Keys{Key: text}
	if strings.HasPrefix(text, "{") {
		k = Keys{}
		if err := json.Unmarshal(b, &k); err != nil {
			return k, navicert.Errorf(navicert.Invalid, op, "", "%w", err)
		}
		if len(k.Rotations) > maxRotations {
			return k, navicert.Errorf(navicert.Limit, op, "", "it has %d rotations, at most %d are read", len(k.Rotations), maxRotations)
		}
	}
	if _, err := note.NewVerifier(k.Key); err != nil {
		return k, navicert.Errorf(navicert.Invalid, op, strconv.Quote(short(k.Key)), "it is not written name+hash+base64").
			WithHint("navicert keys export writes it")
	}
	f, err := Fingerprint(k.Key)
	if err != nil {
		return k, err
	}
	if k.Fingerprint != "" && k.Fingerprint != f {
		return k, navicert.Errorf(navicert.Invalid, op, short(k.Key), "its fingerprint is %s, not %s", f, k.Fingerprint)
	}
	k.Fingerprint = f
	return k, nil
}

// Rotation is the replacement of an installation's key by another, which both
// sign. The old key is good for the log up to the size that it had then.
type Rotation struct {
	Log  string           `json:"log"`
	Old  string           `json:"old"`
	New  string           `json:"new"`
	At   navicert.Instant `json:"at"`
	Size uint64           `json:"size"` // of the log
	Root []byte           `json:"root"`
}

func (r Rotation) text() []byte {
	return fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s\n%d\n%s\n", rotationHead, r.Log, r.Old, r.New, r.At, r.Size, base64.StdEncoding.EncodeToString(r.Root))
}

// Rotate makes the statement that the old key is replaced by the new one, from
// the state that the log has.
func Rotate(from, to *Key, at time.Time, size uint64, root []byte) (string, error) {
	r := Rotation{Log: from.Name(), Old: from.public, New: to.public, At: navicert.At(at), Size: size, Root: root}
	n, err := note.Sign(&note.Note{Text: string(r.text())}, from.signer, to.signer)
	return string(n), err
}

// ParseRotation reads a rotation and verifies that both keys have signed it.
func ParseRotation(s string) (Rotation, error) {
	var r Rotation
	bad := func(err error) (Rotation, error) {
		return Rotation{}, navicert.Errorf(navicert.Invalid, "key rotation", "", "%w", err)
	}
	lines := strings.SplitN(s, "\n", 8)
	if len(s) > maxCheckpoint || len(lines) != 8 || lines[0] != rotationHead {
		return bad(fmt.Errorf("it is not one"))
	}
	var err error
	r.Log, r.Old, r.New = lines[1], lines[2], lines[3]
	if r.At, err = navicert.ParseInstant(lines[4]); err != nil {
		return bad(err)
	}
	if r.Size, err = strconv.ParseUint(lines[5], 10, 64); err != nil {
		return bad(err)
	}
	if r.Root, err = strictHash(lines[6]); err != nil {
		return bad(err)
	}
	from, err := note.NewVerifier(r.Old)
	if err != nil {
		return bad(err)
	}
	to, err := note.NewVerifier(r.New)
	if err != nil {
		return bad(err)
	}
	n, err := openNote([]byte(s), from, to)
	if err != nil {
		return bad(err)
	}
	switch {
	case n.Text != string(r.text()):
		return bad(fmt.Errorf("it is not of the form of one"))
	case len(n.Sigs) != 2 || len(n.UnverifiedSigs) > 0:
		return bad(fmt.Errorf("both keys must sign it, and nobody else"))
	case from.Name() != r.Log || to.Name() != r.Log:
		return bad(fmt.Errorf("the keys have not the log's name %s", r.Log))
	}
	return r, nil
}

// Trust is the set of keys that a reader holds to be one installation's: those
// that he was given, and those that rotations link to them. A rotation is
// signed by both keys, so that it can be followed either way.
type Trust struct{ keys []trustedKey }

type trustedKey struct {
	text       string
	verifier   note.Verifier
	superseded bool
	maxSize    uint64 // of the log, when superseded
	maxRoot    []byte // and its root hash
}

// NewTrust trusts the keys given. Rotations from elsewhere, such as a bundle,
// may be added: each must verify, and those that lead to no trusted key are of
// no effect. A key has one successor: two are a Conflict error, since one that was
// replaced could sign another.
func NewTrust(given []Keys, rotations ...string) (*Trust, error) {
	t := &Trust{}
	for _, k := range given {
		if err := t.add(k.Key); err != nil {
			return nil, err
		}
		rotations = append(rotations, k.Rotations...)
	}
	var all []Rotation
	for _, s := range rotations {
		r, err := ParseRotation(s)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	for grown := true; grown; {
		grown = false
		for _, r := range all {
			older, newer := t.Has(r.Old), t.Has(r.New)
			if older == newer {
				continue
			}
			grown = true
			if err := t.add(r.Old); err != nil {
				return nil, err
			}
			if err := t.add(r.New); err != nil {
				return nil, err
			}
		}
	}
	next := map[string]string{}
	for _, r := range all {
		if other, ok := next[r.Old]; ok && other != r.New && t.Has(r.Old) {
			return nil, navicert.Errorf(navicert.Conflict, "key rotation", short(r.Old), "two keys, %s and %s, are said to have taken its place", short(other), short(r.New)).
				WithHint("a replaced key that was stolen can sign this: ask the issuer which key is its own")
		}
		next[r.Old] = r.New
		for i := range t.keys {
			if k := &t.keys[i]; k.text == r.Old && (!k.superseded || r.Size < k.maxSize) {
				k.superseded, k.maxSize, k.maxRoot = true, r.Size, r.Root
			}
		}
	}
	return t, nil
}

func (t *Trust) add(key string) error {
	if t.Has(key) {
		return nil
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, "public key", short(key), "%w", err)
	}
	if t.key(v.Name(), v.KeyHash()) != nil {
		return navicert.Errorf(navicert.Conflict, "public key", short(key), "another key has its name and hash")
	}
	t.keys = append(t.keys, trustedKey{text: key, verifier: v})
	return nil
}

// Has reports whether a public key is trusted.
func (t *Trust) Has(key string) bool { return t.find(key) != nil }

func (t *Trust) find(key string) *trustedKey {
	for i := range t.keys {
		if t.keys[i].text == key {
			return &t.keys[i]
		}
	}
	return nil
}

func (t *Trust) key(name string, hash uint32) *trustedKey {
	for i := range t.keys {
		if v := t.keys[i].verifier; v.Name() == name && v.KeyHash() == hash {
			return &t.keys[i]
		}
	}
	return nil
}

func (t *Trust) verifiers() []note.Verifier {
	vs := make([]note.Verifier, len(t.keys))
	for i, k := range t.keys {
		vs[i] = k.verifier
	}
	return vs
}

// Signer is the trusted key that has signed something.
type Signer struct {
	Key        string
	Superseded bool   // it has been replaced by another
	MaxSize    uint64 // that of the log then, when superseded
}

// OpenNote verifies a note that one trusted key has signed, and nobody else,
// and returns its text. A key that was replaced signs still: the caller says for
// what it is good.
func (t *Trust) OpenNote(b []byte) (text []byte, by Signer, err error) {
	n, err := openNote(b, t.verifiers()...)
	if err != nil {
		return nil, by, err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) > 0 {
		return nil, by, errors.New("it has other signatures than one")
	}
	k := t.key(n.Sigs[0].Name, n.Sigs[0].Hash)
	return []byte(n.Text), Signer{k.text, k.superseded, k.maxSize}, nil
}

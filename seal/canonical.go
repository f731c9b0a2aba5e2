// Package seal makes a certificate provable: its canonical bytes and the
// digest over them. Certificates come in, and go out with their identifier and
// digest; anyone can recompute both with any RFC 8785 implementation.
//
//	cert, err := seal.Digest(cert)
//	err = seal.Validate(cert)          // a changed byte fails
package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/gowebpki/jcs"

	"navicert"
)

// Canonical returns the JSON of v in the canonical form of RFC 8785 (JSON
// Canonicalization Scheme): sorted keys, shortest numbers, no white space.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "canonical JSON", "", "%w", err)
	}
	c, err := jcs.Transform(b)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "canonical JSON", "", "%w", err)
	}
	return c, nil
}

// Digest fills in a certificate's ID and Digest. The ID is the first 128 bits
// of the hash of what the certificate says, without when it was issued and by
// which engine, so that the same inputs give the same ID; the digest covers
// every field but itself and the seal.
func Digest(c navicert.Certificate) (navicert.Certificate, error) {
	var err error
	if c.ID, err = identifier(c); err != nil {
		return c, err
	}
	c.Digest, err = digest(c)
	return c, err
}

func identifier(c navicert.Certificate) (string, error) {
	c.ID, c.Digest, c.Engine, c.IssuedAt, c.Seal = "", "", "", navicert.Instant{}, nil
	b, err := Canonical(c)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:16]), nil
}

// Validate recomputes the digest and fails when it does not match.
func Validate(c navicert.Certificate) error {
	want, err := digest(c)
	if err != nil {
		return err
	}
	if want != c.Digest {
		return navicert.Errorf(navicert.Conflict, "certificate", c.ID, "the digest is %s but its content gives %s: it was changed", c.Digest, want)
	}
	return nil
}

func digest(c navicert.Certificate) (string, error) {
	c.Digest, c.Seal = "", nil
	b, err := Canonical(c)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(h[:]), nil
}

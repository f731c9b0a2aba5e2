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
	"fmt"
	"maps"
	"slices"

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
	body, err := canonicalBody(c)
	if err != nil {
		return c, err
	}
	c.ID = identifierOf(body)
	c.Digest, err = digestWith(c, body)
	return c, err
}

func identifier(c navicert.Certificate) (string, error) {
	body, err := canonicalBody(c)
	return identifierOf(body), err
}

func identifierOf(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:16])
}

// canonicalBody is the canonical form of what a certificate says, without its
// identifier, and when it was issued and by which engine.
func canonicalBody(c navicert.Certificate) ([]byte, error) {
	c.ID, c.Digest, c.Engine, c.IssuedAt, c.Seal = "", "", "", navicert.Instant{}, nil
	return Canonical(c)
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
	body, err := canonicalBody(c)
	if err != nil {
		return "", err
	}
	return digestWith(c, body)
}

// digestWith is the digest of a certificate whose canonical body is known: the
// same as that of its whole canonical form without digest and seal, since only
// members at the top differ, and those are put in their order.
func digestWith(c navicert.Certificate, body []byte) (string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return "", navicert.Errorf(navicert.Invalid, "canonical JSON", c.ID, "%w", err)
	}
	head, err := Canonical(navicert.Certificate{ID: c.ID, Engine: c.Engine, IssuedAt: c.IssuedAt})
	if err != nil {
		return "", err
	}
	var own map[string]json.RawMessage
	if err := json.Unmarshal(head, &own); err != nil {
		return "", navicert.Errorf(navicert.Invalid, "canonical JSON", c.ID, "%w", err)
	}
	for _, name := range []string{"id", "engine", "issued_at"} {
		delete(members, name)
		if v, ok := own[name]; ok {
			members[name] = v
		}
	}
	h := sha256.New()
	h.Write([]byte{'{'})
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			h.Write([]byte{','})
		}
		fmt.Fprintf(h, "%q:", name)
		h.Write(members[name])
	}
	h.Write([]byte{'}'})
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

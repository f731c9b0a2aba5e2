// Package seal makes a certificate provable: its canonical bytes and the
// digest over them. Certificates come in, and go out with their identifier and
// digest; anyone can recompute both with any RFC 8785 implementation.
//
//	cert, err := seal.Digest(cert)
//	err = seal.Validate(cert)          // a changed byte fails
package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-json-experiment/json/v1"

	"navicert"
)

// Canonical returns the JSON of v in the canonical form of RFC 8785 (JSON
// Canonicalization Scheme): sorted keys, shortest numbers, no white space.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "canonical JSON", "", "%w", err)
	}
	c := jsontext.Value(b)
	if err := c.Canonicalize(); err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "canonical JSON", "", "%w", err)
	}
	return c, nil
}

// Digest fills in a certificate's ID and Digest. The ID is the first 128 bits
// of the hash of what the certificate says, without when it was issued and by
// which engine, so that the same inputs give the same ID; the digest covers
// every field but itself and the seal.
func Digest(c navicert.Certificate) (navicert.Certificate, error) {
	c, _, err := Issue(c)
	return c, err
}

// Issue is Digest that returns the certificate's canonical JSON too, without a
// seal: what is stored.
func Issue(c navicert.Certificate) (navicert.Certificate, []byte, error) {
	body, err := canonicalBody(c)
	if err != nil {
		return c, nil, err
	}
	c.ID = identifierOf(body)
	whole, err := wholeOf(c, body)
	if err != nil {
		return c, nil, err
	}
	c.Digest = whole.digest()
	return c, whole.with(c.Digest), nil
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
	whole, err := wholeOf(c, body)
	if err != nil {
		return "", err
	}
	return whole.digest(), nil
}

// whole is the canonical form of a certificate without its seal, whose digest is
// yet empty: it stands at two quotes.
type whole struct {
	text   []byte
	quotes int
}

// wholeOf is made of the canonical body: only members at the top differ, and
// those stand in the body, empty.
func wholeOf(c navicert.Certificate, body []byte) (whole, error) {
	fail := func(err error) (whole, error) {
		return whole{}, navicert.Errorf(navicert.Invalid, "canonical JSON", c.ID, "%w", err)
	}
	own := map[string]any{"id": c.ID, "engine": c.Engine, "issued_at": c.IssuedAt, "digest": ""}
	in := jsontext.NewDecoder(bytes.NewBuffer(body))
	if _, err := in.ReadToken(); err != nil {
		return fail(err)
	}
	w := whole{text: append(make([]byte, 0, len(body)+300), '{')}
	for in.PeekKind() == '"' {
		name, err := in.ReadValue()
		if err != nil {
			return fail(err)
		}
		field := string(name[1 : len(name)-1])
		if len(w.text) > 1 {
			w.text = append(w.text, ',')
		}
		w.text = append(append(w.text, name...), ':')
		value, err := in.ReadValue()
		if err != nil {
			return fail(err)
		}
		if v, ok := own[field]; ok {
			delete(own, field)
			if value, err = Canonical(v); err != nil {
				return whole{}, err
			}
			if field == "digest" {
				w.quotes = len(w.text)
			}
		}
		w.text = append(w.text, value...)
	}
	if len(own) > 0 {
		return fail(fmt.Errorf("no %s at the top", strings.Join(slices.Sorted(maps.Keys(own)), ", ")))
	}
	w.text = append(w.text, '}')
	return w, nil
}

func (w whole) digest() string {
	h := sha256.Sum256(w.text)
	return "sha256:" + hex.EncodeToString(h[:])
}

// with is the form with its digest.
func (w whole) with(digest string) []byte {
	return slices.Insert(w.text, w.quotes+1, []byte(digest)...)
}

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
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-json-experiment/json/v1"
	"golang.org/x/sync/errgroup"

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
	says, err := saysOf(c)
	if err != nil {
		return c, nil, err
	}
	c.ID = says.identifier()
	whole, err := says.issued(c)
	if err != nil {
		return c, nil, err
	}
	c.Digest = whole.digest()
	return c, whole.with(c.Digest), nil
}

func identifier(c navicert.Certificate) (string, error) {
	says, err := saysOf(c)
	return says.identifier(), err
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
	says, err := saysOf(c)
	if err != nil {
		return "", err
	}
	whole, err := says.issued(c)
	if err != nil {
		return "", err
	}
	return whole.digest(), nil
}

// members are those of an object, in their order, each in canonical form: a name,
// and a value in pieces that follow on each other.
type members []member

type member struct {
	name  string
	value [][]byte
}

// saysOf is what a certificate says, without its identifier, and when it was issued
// and by which engine. Events, most of a long certificate, are written on all
// processors.
func saysOf(c navicert.Certificate) (members, error) {
	c.ID, c.Digest, c.Engine, c.IssuedAt, c.Seal = "", "", "", navicert.Instant{}, nil
	var events [][]byte
	if len(c.Events) > 0 {
		var err error
		if events, err = canonicalPieces(c.Events); err != nil {
			return nil, err
		}
		c.Events = []navicert.Event{}
	}
	body, err := Canonical(c)
	if err != nil {
		return nil, err
	}
	says, err := membersOf(body)
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, "canonical JSON", c.ID, "%w", err)
	}
	if events != nil {
		at := slices.IndexFunc(says, func(m member) bool { return m.name == "events" })
		says[at].value = events
	}
	return says, nil
}

// canonicalPieces is the canonical form of an array, in pieces.
func canonicalPieces[T any](values []T) ([][]byte, error) {
	n := min(runtime.GOMAXPROCS(0), len(values))
	pieces := make([][]byte, n)
	var g errgroup.Group
	for i := range n {
		g.Go(func() error {
			b, err := Canonical(values[i*len(values)/n : (i+1)*len(values)/n])
			if err != nil {
				return err
			}
			if i > 0 {
				b[0] = ','
			}
			if i < n-1 {
				b = b[:len(b)-1]
			}
			pieces[i] = b
			return nil
		})
	}
	return pieces, g.Wait()
}

func membersOf(body []byte) (ms members, err error) {
	in := jsontext.NewDecoder(bytes.NewBuffer(body))
	if _, err := in.ReadToken(); err != nil {
		return nil, err
	}
	for in.PeekKind() == '"' {
		name, err := in.ReadToken()
		if err != nil {
			return nil, err
		}
		m := member{name: name.String()}
		value, err := in.ReadValue()
		if err != nil {
			return nil, err
		}
		m.value = [][]byte{bytes.Clone(value)}
		ms = append(ms, m)
	}
	return ms, nil
}

// text is the object, and where in it the value of a member begins.
func (ms members) text(of string) (b []byte, at int) {
	n := 2
	for _, m := range ms {
		n += len(m.name) + 4
		for _, v := range m.value {
			n += len(v)
		}
	}
	b = append(make([]byte, 0, n+100), '{') // room for a digest
	for i, m := range ms {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), m.name...), '"', ':')
		if m.name == of {
			at = len(b)
		}
		for _, v := range m.value {
			b = append(b, v...)
		}
	}
	return append(b, '}'), at
}

func (ms members) identifier() string {
	b, _ := ms.text("")
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:16])
}

// issued is the certificate without its seal, whose digest is yet empty: of what it
// says only members at the top differ, and those stand there, empty.
func (ms members) issued(c navicert.Certificate) (w whole, err error) {
	own := map[string]any{"id": c.ID, "engine": c.Engine, "issued_at": c.IssuedAt, digestMember: ""}
	ms = slices.Clone(ms)
	for i := range ms {
		v, ok := own[ms[i].name]
		if !ok {
			continue
		}
		delete(own, ms[i].name)
		b, err := Canonical(v)
		if err != nil {
			return w, err
		}
		ms[i].value = [][]byte{b}
	}
	if len(own) > 0 {
		return w, navicert.Errorf(navicert.Invalid, "canonical JSON", c.ID, "no %s at the top", strings.Join(slices.Sorted(maps.Keys(own)), ", "))
	}
	w.text, w.quotes = ms.text(digestMember)
	return w, nil
}

const digestMember = "digest"

// whole is the canonical form of a certificate without its seal, whose digest is
// yet empty: it stands at two quotes.
type whole struct {
	text   []byte
	quotes int
}

func (w whole) digest() string {
	h := sha256.Sum256(w.text)
	return "sha256:" + hex.EncodeToString(h[:])
}

// with is the form with its digest.
func (w whole) with(digest string) []byte {
	return slices.Insert(w.text, w.quotes+1, []byte(digest)...)
}

package seal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"navicert"
	"navicert/seal"
)

func cert() navicert.Certificate {
	return navicert.Certificate{
		Verdict:  navicert.Refer,
		Subject:  navicert.Voyage{ID: "v", Vessel: navicert.Vessel{IMO: 9074729, Name: "Grüße\u2028 <&>"}},
		AsOf:     navicert.At(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)),
		IssuedAt: navicert.At(time.Date(2026, 1, 2, 1, 0, 0, 0, time.UTC)),
		Engine:   "navicert 0",
		Events:   []navicert.Event{{ID: "e", Measures: map[string]float64{"b": 1e21, "a": 0.1}}},
	}
}

// TestCanonicalVectors holds the form against the examples of RFC 8785 that
// matter here: key order by UTF-16 units, number form, escapes.
func TestCanonicalVectors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"b":1.0,"a":[1e30,4.50,2e-3,0.000000000000000000000000001]}`, `{"a":[1e+30,4.5,0.002,1e-27],"b":1}`},
		{`{"\u20ac":1,"\r":2,"1":3,"\ud83d\ude00":4,"\u0080":5}`, "{\"\\r\":2,\"1\":3,\"\u0080\":5,\"€\":1,\"😀\":4}"},
		{`"\u003c\u000f\n"`, `"<\u000f\n"`},
	} {
		got, err := seal.Canonical(json.RawMessage(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("Canonical(%s) = %s, %v; want %s", c.in, got, err, c.want)
		}
	}
}

// Another implementation of RFC 8785 writes the same bytes, whatever the
// certificate says: whoever holds one can compute the digest.
func TestCanonicalIsAnothers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cert()
		c.Subject.Vessel.Name = rapid.String().Draw(t, "name")
		c.Events[0].Explanations = rapid.SliceOf(rapid.String()).Draw(t, "explanations")
		c.Events[0].Measures = rapid.MapOf(rapid.String(), rapid.Float64()).Filter(func(m map[string]float64) bool {
			for _, v := range m {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return false
				}
			}
			return true
		}).Draw(t, "measures")
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jcs.Transform(b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := seal.Canonical(c); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("it is\n%s, %v\nanother writes\n%s", got, err, want)
		}
	})
}

// What is stored of a certificate is its canonical form, and the digest is over
// that with an empty digest.
func TestIssue(t *testing.T) {
	c, b, err := seal.Issue(cert())
	if err != nil {
		t.Fatal(err)
	}
	if want, err := seal.Canonical(c); err != nil || !bytes.Equal(b, want) {
		t.Errorf("the form is\n%s\nwant, %v\n%s", b, err, want)
	}
	none := c
	none.Digest = ""
	over, err := seal.Canonical(none)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256(over)); c.Digest != want {
		t.Errorf("the digest is %s, want %s", c.Digest, want)
	}
}

func TestDigest(t *testing.T) {
	a, err := seal.Digest(cert())
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.Validate(a); err != nil {
		t.Error(err)
	}
	later := cert()
	later.IssuedAt = navicert.At(later.IssuedAt.Add(time.Hour))
	b, err := seal.Digest(later)
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != b.ID {
		t.Errorf("the ID depends on when it was issued: %s, %s", a.ID, b.ID)
	}
	if a.Digest == b.Digest {
		t.Error("the digest does not cover when it was issued")
	}
	other := cert()
	other.Subject.Vessel.IMO = 9256860
	c, err := seal.Digest(other)
	if err != nil {
		t.Fatal(err)
	}
	if a.ID == c.ID {
		t.Error("two voyages have one ID")
	}
}

// TestRoundTrip holds that a certificate read back from its JSON has the same
// digest.
func TestRoundTrip(t *testing.T) {
	a, err := seal.Digest(cert())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back navicert.Certificate
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if err := seal.Validate(back); err != nil {
		t.Error(err)
	}
}

// TestTamper flips every byte of the certificate's JSON: whatever still parses
// as a different certificate must fail its check.
func TestTamper(t *testing.T) {
	a, err := seal.Digest(cert())
	if err != nil {
		t.Fatal(err)
	}
	b, err := seal.Canonical(a)
	if err != nil {
		t.Fatal(err)
	}
	caught := 0
	for i := range b {
		m := append([]byte(nil), b...)
		m[i] ^= 0x01
		var c navicert.Certificate
		if json.Unmarshal(m, &c) != nil {
			caught++
			continue
		}
		back, err := seal.Canonical(c)
		if err == nil && string(back) == string(b) {
			continue // the change did not survive reading: a key's case
		}
		if seal.Validate(c) == nil {
			t.Errorf("byte %d changed (%q) and the check passed", i, m[max(0, i-20):min(len(m), i+20)])
		}
		caught++
	}
	if caught == 0 {
		t.Error("nothing was changed")
	}
}

// TestDigestIsOfTheWhole: the digest, which is put together from parts, is that
// of the canonical form of the whole certificate without digest and seal.
func TestDigestIsOfTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cert()
		c.Engine = rapid.String().Draw(t, "engine")
		c.IssuedAt = navicert.At(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "issued"), 0))
		c.Simulated = rapid.Bool().Draw(t, "simulated")
		c.Subject.Vessel.Name = rapid.String().Draw(t, "name")
		c, err := seal.Digest(c)
		if err != nil {
			t.Fatal(err)
		}
		whole := c
		whole.Digest, whole.Seal = "", nil
		b, err := seal.Canonical(whole)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("sha256:%x", sha256.Sum256(b)); c.Digest != want {
			t.Fatalf("digest %s, of the whole %s:\n%s", c.Digest, want, b)
		}
	})
}

// TestEarlierWays: a certificate with a way that was issued before ways said how
// much of them lies ashore still reads, and verifies.
func TestEarlierWays(t *testing.T) {
	c := cert()
	c.Way = &navicert.Way{Source: "a network", LengthNM: 10, Passages: []navicert.WayPassage{}, Zones: []navicert.WayZone{}}
	c, err := seal.Digest(c)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("ashore_nm")) {
		t.Errorf("%s", b)
	}
	if c, err = seal.ReadCertificate(b); err != nil {
		t.Fatal(err)
	}
	if err := seal.Validate(c); err != nil {
		t.Error(err)
	}
}

package app

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/paper"
	"navicert/seal"
	"navicert/seal/bundle"
)

// TestBundleDocuments: a bundle has the certificate's documents, set from the
// same certificate, and every byte of them is covered.
func TestBundleDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	a := appAt(t, &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)})
	learn(t, a, "2025-12-24", "a")
	c, err := a.Check(t.Context(), navicert.Voyage{ID: "v", Vessel: navicert.Vessel{IMO: quietIMO}, From: "NLRTM", To: "USHOU"}, CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.Bundle(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.cfg.NewVerifier(VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	verify := func(b []byte) seal.Report {
		t.Helper()
		r, err := v.Verify(b)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := verify(b); !r.OK {
		t.Errorf("%+v", r)
	}
	for name, set := range map[string]func(navicert.Certificate) ([]byte, error){"certificate.html": paper.HTML, "certificate.pdf": paper.PDF} {
		want, err := set(c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := bundle.Peek(b, name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes, set from the certificate it has %d: %v", name, len(got), len(want), err)
			continue
		}
		at := bytes.Index(b, want)
		for _, i := range []int{at, at + len(want)/2, at + len(want) - 1} {
			m := bytes.Clone(b)
			m[i] ^= 1
			if r := verify(m); r.OK {
				t.Errorf("byte %d of %s was changed, and it verifies", i-at, name)
			}
		}
	}
}

// TestBundleAfterRotation: a bundle made after a rotation rests on the key in use
// alone, but for the entry, which the old one signed.
func TestBundleAfterRotation(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	var ids []string
	check := func() {
		t.Helper()
		clock.t = clock.t.Add(time.Minute)
		c, err := a.Check(t.Context(), navicert.Voyage{ID: "v", Vessel: navicert.Vessel{IMO: quietIMO}}, CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	check()
	check()
	for range 2 {
		if _, err := a.RotateKey(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		check()
	}
	v, err := a.cfg.NewVerifier(VerifyOptions{Log: filepath.Join(a.cfg.Data, logFolder)})
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		b, err := a.Bundle(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		again, err := a.Bundle(t.Context(), id)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("certificate %d: the bundle made again differs, %v", i, err)
		}
		r, err := v.Verify(b)
		if err != nil || !r.OK {
			t.Fatalf("certificate %d: %+v, %v", i, r, err)
		}
		for _, c := range r.Checks {
			if strings.Contains(c.Detail, "replaced") {
				t.Errorf("certificate %d: %+v", i, c)
			}
		}
	}
}

// Package sealtest gives tests a key that is the same in every process, as fuzz
// targets need whose corpus holds signatures. A test goes in, and the key and
// the trust in it come out.
package sealtest

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"navicert/seal"
)

// Key returns the key.
func Key(t testing.TB) (*seal.Key, *seal.Trust) {
	t.Helper()
	const name = "navicert/0123456789abcdef"
	seed := []byte("an invented seed, known to anyone")[:ed25519.SeedSize]
	public, err := note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(public, "+")[1]
	secret := strings.Join([]string{"PRIVATE", "KEY", name, hash, base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))}, "+")
	dir := t.TempDir()
	published, err := json.Marshal(seal.Keys{Key: public})
	if err != nil {
		t.Fatal(err)
	}
	for file, b := range map[string][]byte{"public.json": published, "private-" + hash: []byte(secret)} {
		if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	k, err := seal.NewRing(dir, nil).Key(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	trust, err := seal.NewTrust([]seal.Keys{{Key: public}})
	if err != nil {
		t.Fatal(err)
	}
	return k, trust
}

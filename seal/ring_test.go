package seal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/seal"
)

// TestRing holds how keys are kept, with and without a passphrase.
func TestRing(t *testing.T) {
	if testing.Short() {
		t.Skip("long, on one goroutine: make check has run it")
	}
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	phrase := func(s string) func() (string, error) { return func() (string, error) { return s, nil } }
	for _, said := range []string{"", "correct horse"} {
		dir := filepath.Join(t.TempDir(), "keys")
		k, err := seal.NewRing(dir, phrase(said)).Key(at)
		if err != nil {
			t.Fatal(err)
		}
		again, err := seal.NewRing(dir, phrase(said)).Key(at.Add(time.Hour))
		if err != nil || again.Public() != k.Public() {
			t.Errorf("with %q: %v", said, err)
		}
		encrypted, err := seal.NewRing(dir, nil).Encrypted()
		if err != nil || encrypted != (said != "") {
			t.Errorf("with %q: encrypted %v, %v", said, encrypted, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "private-*"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		b, err := os.ReadFile(files[0])
		if err != nil || strings.HasPrefix(string(b), "PRIVATE") == encrypted {
			t.Errorf("with %q the file begins %.20q, %v", said, b, err)
		}
		if said == "" {
			continue
		}
		for _, wrong := range []string{"", "battery staple"} {
			if _, err := seal.NewRing(dir, phrase(wrong)).Key(at); err == nil {
				t.Errorf("the passphrase %q opens it", wrong)
			}
		}
	}
}

// TestRingCrash: killed between any two steps of making or replacing a key, the
// installation has the one or the other, and no private key of another is gone.
func TestRingCrash(t *testing.T) {
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	dir := filepath.Join(t.TempDir(), "keys")
	private := func() string {
		files, err := filepath.Glob(filepath.Join(dir, "private-*"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		return files[0]
	}
	k, err := seal.NewRing(dir, nil).Key(at)
	if err != nil {
		t.Fatal(err)
	}
	// Published, and not yet in its place.
	if err := os.Rename(private(), filepath.Join(dir, "unpublished")); err != nil {
		t.Fatal(err)
	}
	if encrypted, err := seal.NewRing(dir, nil).Encrypted(); err != nil || encrypted {
		t.Error(encrypted, err)
	}
	if again, err := seal.NewRing(dir, nil).Key(at); err != nil || again.Public() != k.Public() {
		t.Fatal(again, err)
	}
	private()
	// Not yet published: the first key of all, and one that was to replace another.
	if err := os.WriteFile(filepath.Join(dir, "unpublished"), []byte("of a process that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := seal.NewRing(dir, nil).Key(at); err != nil || again.Public() != k.Public() {
		t.Fatal(again, err)
	}
	fresh := filepath.Join(t.TempDir(), "keys")
	if err := os.CopyFS(fresh, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{filepath.Base(private()), "public.json"} {
		if err := os.Remove(filepath.Join(fresh, f)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := seal.NewRing(fresh, nil).Key(at); err != nil {
		t.Error(err)
	}
	// A rotation deletes what it replaces, and nothing else.
	stranger := filepath.Join(dir, "private-0badc0de")
	if err := os.WriteFile(stranger, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	replaced := privateOf(t, dir, k)
	secret, err := os.ReadFile(replaced)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.NewRing(dir, nil).Rotate(at, 1, make([]byte, 32), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(stranger); err != nil {
		t.Error(err)
	}
	private()
	// Killed after the new key was published, and before the old one was deleted.
	if err := os.WriteFile(replaced, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.NewRing(dir, nil).Key(at); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(replaced); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the replaced key is still there: %v", err)
	}
}

// TestRingFirst: where nothing has been signed yet, a private key that lies alone
// is published; of two, or of one under another's name, none is.
func TestRingFirst(t *testing.T) {
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	dir := filepath.Join(t.TempDir(), "keys")
	k, err := seal.NewRing(dir, nil).First(at)
	if err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(dir, "public.json")
	lose := func() {
		t.Helper()
		if err := os.Remove(public); err != nil {
			t.Fatal(err)
		}
	}
	lose()
	if _, err := seal.NewRing(dir, nil).Key(at); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("what may have signed is taken: %v", err)
	}
	later := at.Add(time.Hour)
	if again, err := seal.NewRing(dir, nil).First(later); err != nil || again.Public() != k.Public() {
		t.Fatalf("%v, %v, want the same key", again, err)
	}
	if keys, err := seal.NewRing(dir, nil).Public(); err != nil || keys.Key != k.Public() || !keys.Since.Equal(later) || keys.Fingerprint == "" {
		t.Errorf("%+v, %v", keys, err)
	}
	lose()
	file := privateOf(t, dir, k)
	if err := os.Rename(file, filepath.Join(dir, "private-0badc0de")); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.NewRing(dir, nil).First(at); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("one under another's name: %v", err)
	}
	if err := os.CopyFS(dir+"2", os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir+"2", filepath.Base(file)), []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.NewRing(dir+"2", nil).First(at); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("two: %v", err)
	}
}

// privateOf is the file of a key's private half.
func privateOf(t *testing.T, dir string, k *seal.Key) string {
	t.Helper()
	return filepath.Join(dir, "private-"+strings.SplitN(k.Public(), "+", 3)[1])
}

package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"navicert"
)

// Ring is the folder in which an installation keeps its keys: what it publishes
// in public.json, and the private key in a file of its own, which belongs to
// the owner alone and is encrypted when a passphrase is given. The private keys
// that rotations have replaced are deleted, and no others.
//
// Methods that write are not safe for concurrent use, by processes or within
// one: the caller holds the log's lock.
type Ring struct {
	dir        string
	passphrase func() (string, error) // asked when it is needed; may be nil
	key        *Key                   // as last read
}

// Files of a ring. A new private key lies under a name of its own until its
// public half is published: a crash leaves it there, and it is nobody's key yet.
const (
	publicFile    = "public.json"
	privatePrefix = "private-"
	unpublished   = "unpublished"
)

// NewRing returns the ring in a folder, which need not exist yet. The
// passphrase is asked for when a private key is read that is encrypted, and
// when one is made: an empty answer then leaves it unencrypted.
func NewRing(dir string, passphrase func() (string, error)) *Ring {
	return &Ring{dir: dir, passphrase: passphrase}
}

// Dir is the folder.
func (r *Ring) Dir() string { return r.dir }

// Public returns what is published of the keys; navicert.NotFound when there
// are none yet.
func (r *Ring) Public() (Keys, error) {
	b, err := os.ReadFile(filepath.Join(r.dir, publicFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Keys{}, navicert.Errorf(navicert.NotFound, "keys", r.dir, "this installation has no key yet").
			WithHint("one is made when the first certificate is sealed, or by navicert keys show --create")
	}
	if err != nil {
		return Keys{}, navicert.Errorf(navicert.Unavailable, "keys", r.dir, "%w", err)
	}
	return ParseKeys(b)
}

// Key returns the private key in use, making one when there is none. When what
// is published of it is gone and private keys are there still, that is an error:
// another key would make another issuer of the installation.
func (r *Ring) Key(now time.Time) (*Key, error) {
	public, err := r.Public()
	if navicert.KindOf(err) == navicert.NotFound {
		return r.create(now)
	}
	if err != nil {
		return nil, err
	}
	if r.key != nil && r.key.public == public.Key {
		return r.key, nil
	}
	r.key, err = r.read(public)
	return r.key, err
}

// First is Key where nothing has been signed yet: a private key that lies there
// alone is published then. Of an earlier version's first key that is what a crash
// left; no other issuer comes of it.
func (r *Ring) First(now time.Time) (*Key, error) {
	_, err := r.Public()
	if navicert.KindOf(err) != navicert.NotFound {
		return r.Key(now)
	}
	held, err := r.private()
	if err != nil || len(held) != 1 {
		return r.Key(now)
	}
	k, err := r.open(held[0])
	if err != nil {
		return nil, err
	}
	if held[0] != r.privateFile(k.public) {
		return nil, navicert.Errorf(navicert.Conflict, "keys", held[0], "it holds another private key than its name says")
	}
	return k, r.publish(k, Keys{Since: navicert.At(now)})
}

func (r *Ring) private() ([]string, error) {
	return filepath.Glob(filepath.Join(r.dir, privatePrefix+"*"))
}

func (r *Ring) create(now time.Time) (*Key, error) {
	held, err := r.private()
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		return nil, Lost(r.dir, "a private key is there, "+filepath.Base(held[0]))
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, "keys", r.dir, "%w", err)
	}
	k, err := GenerateKey("")
	if err != nil {
		return nil, err
	}
	if err := r.write(k, Keys{Since: navicert.At(now)}, r.passphrase); err != nil {
		return nil, err
	}
	return k, nil
}

// Lost is the error that the keys in a folder are not published any more, though
// they were once, as a sign shows.
func Lost(dir, sign string) error {
	return navicert.Errorf(navicert.Conflict, "keys", dir, "%s is missing, but %s: another key would make another issuer of this installation", publicFile, sign).
		WithHint("put back " + publicFile + " from a copy, or what navicert keys export printed under that name; to begin anew, use another --data directory")
}

// Rotate replaces the key by a new one of the same name, which is encrypted
// when passphrase, which may be nil, gives one. The log has the size and root
// given. What is published goes over to the new key in one step; a crash
// before that leaves the old one in use.
func (r *Ring) Rotate(now time.Time, size uint64, root []byte, passphrase func() (string, error)) (Keys, error) {
	from, err := r.Key(now)
	if err != nil {
		return Keys{}, err
	}
	public, err := r.Public()
	if err != nil {
		return Keys{}, err
	}
	to, err := GenerateKey(from.Name())
	if err != nil {
		return Keys{}, err
	}
	statement, err := Rotate(from, to, now, size, root)
	if err != nil {
		return Keys{}, err
	}
	public.Rotations = append(public.Rotations, statement)
	public.Since = navicert.At(now)
	if err := r.write(to, public, passphrase); err != nil {
		return Keys{}, err
	}
	return r.Public()
}

// Encrypted reports whether the private key in use is encrypted.
func (r *Ring) Encrypted() (bool, error) {
	public, err := r.Public()
	if err != nil {
		return false, err
	}
	b, err := os.ReadFile(r.heldIn(public.Key))
	if err != nil {
		return false, navicert.Errorf(navicert.Unavailable, "keys", r.dir, "%w", err)
	}
	return bytes.HasPrefix(b, []byte(armor.Header)), nil
}

// privateFile is where the private half of a public key lies.
func (r *Ring) privateFile(public string) string {
	parts := strings.SplitN(public, "+", 3)
	return filepath.Join(r.dir, privatePrefix+parts[1])
}

// heldIn is the file in which the private half of the published key lies: after
// a crash the one in which it was before it was published.
func (r *Ring) heldIn(public string) string {
	private, before := r.privateFile(public), filepath.Join(r.dir, unpublished)
	if _, err := os.Stat(private); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(before); err == nil {
			return before
		}
	}
	return private
}

// write keeps the private key, publishes its public half, then gives the private
// key its place and deletes those that were replaced.
func (r *Ring) write(k *Key, public Keys, passphrase func() (string, error)) error {
	const op = "keys"
	text, err := protect(k.secret, passphrase)
	if err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(r.dir, unpublished), text); err != nil {
		return navicert.Errorf(navicert.Unavailable, op, r.dir, "%w", err)
	}
	return r.publish(k, public)
}

// publish publishes the public half of a key whose private half is kept.
func (r *Ring) publish(k *Key, public Keys) (err error) {
	const op = "keys"
	public.Key = k.public
	if public.Fingerprint, err = Fingerprint(k.public); err != nil {
		return err
	}
	b, err := json.MarshalIndent(public, "", " ")
	if err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(r.dir, publicFile), append(b, '\n')); err != nil {
		return navicert.Errorf(navicert.Unavailable, op, r.dir, "%w", err)
	}
	r.key = k
	return r.settle(public)
}

// settle gives the private half of the published key its place, and deletes those
// that were replaced: also after a crash between the two.
func (r *Ring) settle(public Keys) error {
	const op = "keys"
	if from, to := r.heldIn(public.Key), r.privateFile(public.Key); from != to {
		if err := os.Rename(from, to); err != nil {
			return navicert.Errorf(navicert.Unavailable, op, r.dir, "%w", err)
		}
		if err := SyncDir(r.dir); err != nil {
			return err
		}
	}
	for _, s := range public.Rotations {
		replaced, err := ParseRotation(s)
		if err != nil {
			return err
		}
		f := r.privateFile(replaced.Old)
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return navicert.Errorf(navicert.Unavailable, op, f, "the replaced key is not deleted: %w", err)
		}
	}
	return nil
}

func (r *Ring) read(public Keys) (*Key, error) {
	file := r.heldIn(public.Key)
	k, err := r.open(file)
	if err != nil {
		return nil, err
	}
	if k.public != public.Key {
		return nil, navicert.Errorf(navicert.Conflict, "keys", file, "it is not the private half of the key that is published")
	}
	return k, r.settle(public)
}

// open reads a private key.
func (r *Ring) open(file string) (*Key, error) {
	const op = "keys"
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, navicert.Errorf(navicert.Unavailable, op, file, "the private key cannot be read: %w", err).
			WithHint("put back a copy of it; without it nothing can be sealed under this name")
	}
	secret := string(b)
	if strings.HasPrefix(secret, armor.Header) {
		if secret, err = r.unprotect(b, file); err != nil {
			return nil, err
		}
	}
	k, err := parseKey(strings.TrimSpace(secret))
	if err != nil {
		return nil, navicert.Errorf(navicert.Invalid, op, file, "%w", err)
	}
	return k, nil
}

// protect writes a private key as it is kept.
func protect(secret string, passphrase func() (string, error)) ([]byte, error) {
	phrase := ""
	if passphrase != nil {
		var err error
		if phrase, err = passphrase(); err != nil {
			return nil, err
		}
	}
	if phrase == "" {
		return []byte(secret + "\n"), nil
	}
	recipient, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	lines := armor.NewWriter(&out)
	w, err := age.Encrypt(lines, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, secret); err != nil {
		return nil, err
	}
	if err := errors.Join(w.Close(), lines.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (r *Ring) unprotect(b []byte, file string) (string, error) {
	const op = "keys"
	phrase := ""
	if r.passphrase != nil {
		var err error
		if phrase, err = r.passphrase(); err != nil {
			return "", err
		}
	}
	if phrase == "" {
		return "", navicert.Errorf(navicert.Unavailable, op, file, "the private key is protected by a passphrase").
			WithHint("give it in NAVICERT_PASSPHRASE, by --passphrase-file or at a terminal")
	}
	identity, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return "", err
	}
	plain, err := age.Decrypt(armor.NewReader(bytes.NewReader(b)), identity)
	if err != nil {
		return "", navicert.Errorf(navicert.Invalid, op, file, "the passphrase does not open it: %w", err)
	}
	secret, err := io.ReadAll(io.LimitReader(plain, 4096))
	return string(secret), err
}

// WriteFile replaces a file, which belongs to the owner alone, in one step, and
// returns when it is on the disk.
func WriteFile(path string, b []byte) error {
	beside, err := WriteBeside(path, b)
	if err != nil {
		return err
	}
	if err := os.Rename(beside, path); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return SyncDir(filepath.Dir(path))
}

// Beside is the pattern of the names that [WriteBeside] gives.
const Beside = ".new-*"

// WriteBeside writes what a file is to be replaced by under another name in its
// folder, and returns that when it is on the disk.
func WriteBeside(path string, b []byte) (beside string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), Beside) // 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// SyncDir returns when what was done in a folder is on the disk.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

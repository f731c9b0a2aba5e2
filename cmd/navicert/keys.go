package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"navicert"
	"navicert/seal"
)

type keysCmd struct {
	Show   keysShowCmd   `cmd:"" default:"withargs" help:"Show the public key in use, and since when."`
	Export keysExportCmd `cmd:"" help:"Print what others verify by: the public key and its rotations, as JSON."`
	Rotate keysRotateCmd `cmd:"" help:"Replace the key by a new one; what was sealed stays verifiable."`
}

// Help is printed below the flags.
func (keysCmd) Help() string {
	return `The first certificate makes the key. With NAVICERT_PASSPHRASE or --passphrase-file
its private half is kept encrypted, and is asked for whenever something is sealed.

Examples:
  navicert keys show
  navicert keys export > issuer.pub
  navicert keys rotate`
}

// keyRow is one key.
type keyRow struct {
	Key         string           `json:"key"`
	Fingerprint string           `json:"fingerprint"`
	From        navicert.Instant `json:"from,omitzero"`
	Until       navicert.Instant `json:"until,omitzero"`
	Size        *uint64          `json:"log_size,omitempty"` // of the log, when it was replaced
	Encrypted   *bool            `json:"encrypted,omitempty"`
}

type keysShowCmd struct {
	Create bool `help:"Make the key if there is none yet."`
}

// Help is printed below the flags.
func (keysShowCmd) Help() string {
	return `Example:
  navicert keys show --create`
}

// Run prints the keys, the newest first.
func (c *keysShowCmd) Run(ctx context.Context, g *globals) error {
	if c.Create {
		a, err := g.open(ctx)
		if err != nil {
			return err
		}
		defer a.Close()
		if _, err := a.Keys(ctx); err != nil {
			return err
		}
	}
	keys, err := g.cfg.PublicKeys()
	if err != nil {
		return err
	}
	encrypted, err := g.cfg.KeyEncrypted()
	if err != nil {
		return err
	}
	return printKeys(g, keys, &encrypted)
}

func printKeys(g *globals, keys seal.Keys, encrypted *bool) error {
	rows := []keyRow{{Key: keys.Key, Fingerprint: keys.Fingerprint, From: keys.Since, Encrypted: encrypted}}
	for i := len(keys.Rotations) - 1; i >= 0; i-- {
		r, err := seal.ParseRotation(keys.Rotations[i])
		if err != nil {
			return err
		}
		f, err := seal.Fingerprint(r.Old)
		if err != nil {
			return err
		}
		old := keyRow{Key: r.Old, Fingerprint: f, Until: r.At, Size: &r.Size}
		if i > 0 {
			before, err := seal.ParseRotation(keys.Rotations[i-1])
			if err != nil {
				return err
			}
			old.From = before.At
		}
		rows = append(rows, old)
	}
	p := newPrinter(
		g,
		column[keyRow]{"key", func(r keyRow) string { return r.Key }},
		column[keyRow]{"fingerprint", func(r keyRow) string { return r.Fingerprint }},
		column[keyRow]{"from", func(r keyRow) string { return r.From.String() }},
		column[keyRow]{"until", func(r keyRow) string { return r.Until.String() }},
		column[keyRow]{"encrypted", func(r keyRow) string {
			if r.Encrypted == nil {
				return ""
			}
			return yesNo(*r.Encrypted)
		}},
	)
	for _, r := range rows {
		if err := p.print(r); err != nil {
			return err
		}
	}
	return p.close()
}

type keysExportCmd struct{}

// Help is printed below the flags.
func (keysExportCmd) Help() string {
	return `Example:
  navicert keys export > issuer.pub`
}

// Run prints what is published of the keys.
func (keysExportCmd) Run(g *globals) error {
	keys, err := g.cfg.PublicKeys()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(g.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(keys)
}

type keysRotateCmd struct {
	NoPassphrase      bool   `help:"Keep the new private key without encryption." xor:"new"`
	NewPassphraseFile string `type:"path" help:"Encrypt the new private key with the first line of this file." placeholder:"FILE" xor:"new"`
}

// Help is printed below the flags.
func (keysRotateCmd) Help() string {
	return `Both keys sign the rotation, which says how many entries the log had. The old private
key is deleted. The new one is encrypted with the passphrase of the old, unless told otherwise.

Example:
  navicert keys rotate --new-passphrase-file next.txt`
}

// Run rotates and prints the keys.
func (c *keysRotateCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	next := g.cfg.Passphrase
	switch {
	case c.NoPassphrase:
		next = nil
	case c.NewPassphraseFile != "":
		next = func() (string, error) { return passphraseIn(c.NewPassphraseFile) }
	}
	keys, err := a.RotateKey(ctx, next)
	if err != nil {
		return err
	}
	encrypted, err := g.cfg.KeyEncrypted()
	if err != nil {
		return err
	}
	g.note("Give others the new public key: navicert keys export.")
	return printKeys(g, keys, &encrypted)
}

// passphrase gives the passphrase of the private key: of the environment, of a
// file, or, when the key is encrypted and there is a terminal, as typed. It is
// asked for once.
func (g *globals) passphrase(getenv func(string) string) func() (string, error) {
	var known *string
	return func() (string, error) {
		if known != nil {
			return *known, nil
		}
		phrase, err := "", error(nil)
		switch {
		case g.PassphraseFile != "":
			phrase, err = passphraseIn(g.PassphraseFile)
		case getenv("NAVICERT_PASSPHRASE") != "":
			phrase = getenv("NAVICERT_PASSPHRASE")
		default:
			phrase, err = g.typedPassphrase()
		}
		if err == nil {
			known = &phrase
		}
		return phrase, err
	}
}

// typedPassphrase asks for the passphrase of a key that is encrypted.
func (g *globals) typedPassphrase() (string, error) {
	encrypted, err := g.cfg.KeyEncrypted()
	if navicert.KindOf(err) == navicert.NotFound || !encrypted {
		return "", nil
	}
	f, ok := g.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !isTerminal(g.stderr) {
		return "", nil
	}
	fmt.Fprint(g.stderr, "Passphrase of the key: ")
	b, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(g.stderr)
	return string(b), err
}

// passphraseIn reads the first line of a file.
func passphraseIn(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "passphrase", name, "%w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "passphrase", name, "%w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", navicert.Errorf(navicert.Invalid, "passphrase", name, "its first line is empty")
	}
	return line, nil
}

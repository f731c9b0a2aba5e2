package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"navicert"
)

// The first lines of what a key signs, beside checkpoints, whose first line is
// the name of the log: none of these is a log's name.
const (
	entryHead    = "navicert.certificate.v1"
	rotationHead = "navicert.rotation.v1"
	bundleHead   = "navicert.bundle.v1"
)

// Entry is what the log holds of a certificate, and what its issuer signs:
// three lines with the kind and version of the entry, the certificate's
// identifier and its digest.
func Entry(id, digest string) []byte {
	return []byte(entryHead + "\n" + id + "\n" + digest + "\n")
}

// ParseEntry reads an entry of the log back.
func ParseEntry(b []byte) (id, digest string, err error) {
	lines := strings.Split(string(b), "\n")
	if len(lines) != 4 || lines[0] != entryHead || lines[3] != "" {
		return "", "", navicert.Errorf(navicert.Invalid, "log entry", "", "it is no certificate's")
	}
	return lines[1], lines[2], nil
}

// BundleEntry is what the issuer signs of a bundle: the certificate's
// identifier and the hash of all bytes before the signature.
func BundleEntry(id, digest string) []byte {
	return []byte(bundleHead + "\n" + id + "\n" + digest + "\n")
}

// openNote verifies a signed note strictly: beside what [note.Open] asks, no
// two notes that differ in a byte have one meaning. Signatures by keys that are
// not among the verifiers remain in UnverifiedSigs.
func openNote(b []byte, verifiers ...note.Verifier) (*note.Note, error) {
	n, err := note.Open(b, note.VerifierList(verifiers...))
	if err != nil {
		var unknown *note.UnverifiedNoteError
		if errors.As(err, &unknown) {
			return nil, errors.New("it is not signed by a key that is trusted")
		}
		return nil, err
	}
	block := b[len(n.Text)+1:]
	if bytes.Count(block, []byte("\n")) != len(n.Sigs)+len(n.UnverifiedSigs) {
		return nil, errors.New("a signature is there twice")
	}
	for _, s := range append(n.Sigs[:len(n.Sigs):len(n.Sigs)], n.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return nil, fmt.Errorf("the signature of %s: %w", s.Name, err)
		}
	}
	return n, nil
}

// signatureLine writes a signature as notes do.
func signatureLine(name, b64 string) string { return "— " + name + " " + b64 + "\n" }

// signed makes the note of a text and one signature.
func signed(text []byte, name, b64 string) []byte {
	return append(append(bytes.Clone(text), '\n'), signatureLine(name, b64)...)
}

// sign returns the base64 signature of a text.
func sign(text []byte, s note.Signer) (string, error) {
	n, err := note.Sign(&note.Note{Text: string(text)}, s)
	if err != nil {
		return "", err
	}
	line := strings.TrimSuffix(string(n[len(text)+1:]), "\n")
	return line[strings.LastIndexByte(line, ' ')+1:], nil
}

// strictHash reads a hash in base64.
func strictHash(s string) ([]byte, error) {
	h, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(h) != 32 || base64.StdEncoding.EncodeToString(h) != s {
		return nil, fmt.Errorf("%s is no hash in base64", strconv.Quote(s[:min(len(s), 60)]))
	}
	return h, nil
}

// ParseBundleEntry reads what the issuer signs of a bundle.
func ParseBundleEntry(b []byte) (id, digest string, err error) {
	lines := strings.Split(string(b), "\n")
	if len(lines) != 4 || lines[0] != bundleHead || lines[3] != "" {
		return "", "", navicert.Errorf(navicert.Invalid, "bundle", "", "what is signed is no bundle")
	}
	return lines[1], lines[2], nil
}

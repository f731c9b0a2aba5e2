// Package bundle writes and reads the file that holds a certificate with
// everything that it rests on: a zip archive of stored files, signed as a
// whole. Named parts go in and bytes come out, the same for the same parts and
// key; reading gives the parts back after every byte has been verified.
//
//	b, err := bundle.Write(cert.ID, parts, key)
//	parts, err := bundle.Open(b, trust, &report)
//
// The archive's comment, which is its last part, is a signed note with the
// hash of all bytes before it. Any tool that reads zip shows the files.
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"

	"navicert"
	"navicert/seal"
)

// Names of parts that every bundle has.
const (
	CertificateName = "certificate.json"
	ManifestName    = "manifest.json"
	KeysName        = "keys.json"
)

// The checks of a bundle, beside those of its certificate.
const (
	CheckBytes    = "bundle bytes"
	CheckManifest = "manifest"
)

// Limits of what is read.
const (
	MaxBytes     = 256 << 20
	maxFiles     = 10_000
	maxDirectory = 4 << 20 // bytes of the list of files at the archive's end
)

// Part is one file of a bundle.
type Part struct {
	Name string
	Data []byte
}

// Manifest names every other file of a bundle.
type Manifest struct {
	Format      string `json:"format"`
	Certificate string `json:"certificate"`
	Files       []File `json:"files"`
}

// File is one line of the manifest.
type File struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const format = "navicert bundle 1"

// endRecord is the length of zip's end of central directory record before its
// comment, which stands at its end with its length in the last two bytes.
const endRecord = 22

// Write makes the bundle of a certificate, signed by a key. Parts keep their
// order; the manifest comes last.
func Write(id string, parts []Part, k *seal.Key) ([]byte, error) {
	const op = "bundle"
	if n := len(parts) + 1; n > maxFiles {
		return nil, navicert.Errorf(navicert.Limit, op, id, "it would have %d files, at most %d can be verified", n, maxFiles)
	}
	m := Manifest{Format: format, Certificate: id, Files: []File{}}
	seen := map[string]bool{ManifestName: true}
	for _, p := range parts {
		if !fs.ValidPath(p.Name) || seen[p.Name] || strings.Contains(p.Name, "\\") {
			return nil, navicert.Errorf(navicert.Invalid, op, id, "%q cannot be the name of a file in it", p.Name)
		}
		seen[p.Name] = true
		sum := sha256.Sum256(p.Data)
		m.Files = append(m.Files, File{Name: p.Name, Bytes: len(p.Data), SHA256: hex.EncodeToString(sum[:])})
	}
	manifest, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, err
	}
	comment, err := sign(id, nil, k) // of the right length
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range append(slices.Clip(parts), Part{ManifestName, append(manifest, '\n')}) {
		h := &zip.FileHeader{
			Name: p.Name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(p.Data),
			CompressedSize64: uint64(len(p.Data)), UncompressedSize64: uint64(len(p.Data)),
			//lint:ignore SA1019 CreateRaw writes this field as it stands, and Modified not at all
			ModifiedDate: 1<<5 | 1, // 1 January 1980: the bytes depend on the content alone
		}
		f, err := w.CreateRaw(h)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(p.Data); err != nil {
			return nil, err
		}
	}
	if err := w.SetComment(string(comment)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	all := b.Bytes()
	if len(all) > MaxBytes {
		return nil, navicert.Errorf(navicert.Limit, op, id, "it would have %d bytes, at most %d can be verified", len(all), MaxBytes)
	}
	if _, err := archive(all); err != nil {
		return nil, navicert.Errorf(navicert.Limit, op, id, "%w", err)
	}
	before := all[:len(all)-len(comment)]
	signed, err := sign(id, before, k)
	if err != nil {
		return nil, err
	}
	if len(signed) != len(comment) {
		return nil, navicert.Errorf(navicert.Invalid, op, id, "two signatures by one key have different lengths")
	}
	return append(before, signed...), nil
}

// sign makes the note over the bytes before it.
func sign(id string, before []byte, k *seal.Key) ([]byte, error) {
	return k.Note(seal.BundleEntry(id, Digest(before)))
}

// Digest is the hash that is signed of the bytes before the signature.
func Digest(b []byte) string {
	h := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(h[:])
}

// Is reports whether a file begins as a bundle does.
func Is(b []byte) bool { return bytes.HasPrefix(b, []byte("PK")) }

// Open verifies every byte of a bundle and returns its parts by name. What it
// has checked, and with which result, goes to the report. Nothing of the
// archive is read before the signature over it has been verified.
func Open(b []byte, trust *seal.Trust, r *seal.Report) map[string][]byte {
	id, by, err := verifyBytes(b, trust)
	detail := fmt.Sprintf("all %d are signed", len(b))
	if by.Superseded {
		detail += fmt.Sprintf(", by a key that was replaced when the log had %d entries: whoever has that key can have put the files beside the certificate together since", by.MaxSize)
	}
	r.Add(CheckBytes, err, detail)
	if err != nil {
		return nil
	}
	files, err := read(b)
	if err == nil {
		err = checkManifest(id, files)
	}
	if err == nil {
		err = checkSigner(by, files[CertificateName])
	}
	r.Add(CheckManifest, err, fmt.Sprintf("%d files, each as listed", max(0, len(files)-1)))
	if err != nil {
		return nil
	}
	return files
}

// checkSigner fails when a key that was replaced signed the bundle of a
// certificate that came into the log afterwards.
func checkSigner(by seal.Signer, certificate []byte) error {
	if !by.Superseded {
		return nil
	}
	var c navicert.Certificate // which other checks verify
	if err := json.Unmarshal(certificate, &c); err != nil || c.Seal == nil || c.Seal.Index >= by.MaxSize {
		return fmt.Errorf("its certificate is not one of the first %d entries of the log, but the key that signed it was replaced then", by.MaxSize)
	}
	return nil
}

// Peek returns a file of an archive of which nothing has been verified, to find
// out by which keys it may be verified; nil without an error when there is none.
// No other file is read.
func Peek(b []byte, name string) ([]byte, error) {
	z, err := archive(b)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil, nil
	}
	return readFile(z.File[i], seal.MaxCertificate)
}

// split divides an archive at its comment.
func split(b []byte) (before, comment []byte, err error) {
	if len(b) > MaxBytes {
		return nil, nil, fmt.Errorf("it has %d bytes, at most %d are read", len(b), MaxBytes)
	}
	i := bytes.LastIndex(b, []byte("PK\x05\x06"))
	if i < 0 || len(b)-i < endRecord {
		return nil, nil, errors.New("it is no whole zip archive: it was changed or cut off")
	}
	n := int(binary.LittleEndian.Uint16(b[i+endRecord-2:]))
	if i+endRecord+n != len(b) || n == 0 {
		return nil, nil, errors.New("it does not end with a signature: it was changed or cut off")
	}
	return b[:i+endRecord], b[i+endRecord:], nil
}

func verifyBytes(b []byte, trust *seal.Trust) (id string, by seal.Signer, err error) {
	before, comment, err := split(b)
	if err != nil {
		return "", by, err
	}
	text, by, err := trust.OpenNote(comment)
	if err != nil {
		return "", by, err
	}
	id, said, err := seal.ParseBundleEntry(text)
	if err != nil {
		return "", by, err
	}
	if got := Digest(before); got != said {
		return "", by, fmt.Errorf("its bytes have the hash %s, signed is %s: it was changed", got, said)
	}
	return id, by, nil
}

// archive reads an archive's list of files, after counting them: a list may be
// nearly as long as the archive, and each file costs more memory than its line in it.
func archive(b []byte) (*zip.Reader, error) {
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("it has %d bytes, at most %d are read", len(b), MaxBytes)
	}
	before, _, err := split(b)
	if err != nil {
		return nil, err
	}
	end := before[len(before)-endRecord:]
	said := int(binary.LittleEndian.Uint16(end[10:]))
	size, at := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	directory := before[:len(before)-endRecord]
	switch {
	case bytes.HasSuffix(directory[:max(0, len(directory)-zip64Rest)], []byte("PK\x06\x07")):
		return nil, errors.New("it is written in zip64, which no bundle is")
	case size > maxDirectory:
		return nil, fmt.Errorf("its list of files has %d bytes, at most %d are read", size, maxDirectory)
	case at+size != int64(len(directory)):
		return nil, errors.New("its list of files is not where it should be")
	}
	directory = directory[at:]
	n := 0
	for ; len(directory) > 0; n++ {
		if len(directory) < fileRecord || !bytes.HasPrefix(directory, []byte("PK\x01\x02")) {
			return nil, errors.New("its list of files cannot be read")
		}
		length := fileRecord
		for _, field := range []int{28, 30, 32} { // of its name, extra fields and comment
			length += int(binary.LittleEndian.Uint16(directory[field:]))
		}
		if length > len(directory) {
			return nil, errors.New("its list of files cannot be read")
		}
		directory = directory[length:]
	}
	switch {
	case n > maxFiles:
		return nil, fmt.Errorf("it has %d files, at most %d are read", n, maxFiles)
	case n != said:
		return nil, fmt.Errorf("it has %d files, and says %d", n, said)
	}
	return zip.NewReader(bytes.NewReader(b), int64(len(b)))
}

// Lengths of zip's records: of a file in the list of files, before its name, and
// of the rest of what points to zip64's end record, which stands before the other.
const (
	fileRecord = 46
	zip64Rest  = 16
)

// read reads the files of an archive. All are stored as they are, so that
// together they cannot be larger than the archive.
func read(b []byte) (map[string][]byte, error) {
	z, err := archive(b)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(z.File))
	left := uint64(len(b))
	for _, f := range z.File {
		if !fs.ValidPath(f.Name) || files[f.Name] != nil {
			return nil, fmt.Errorf("%q cannot be the name of a file, or is there twice", f.Name)
		}
		if files[f.Name], err = readFile(f, left); err != nil {
			return nil, err
		}
		left -= f.UncompressedSize64
	}
	return files, nil
}

// readFile reads a file, which is stored as it is and has at most so many bytes.
func readFile(f *zip.File, most uint64) ([]byte, error) {
	switch {
	case f.Method != zip.Store || f.UncompressedSize64 != f.CompressedSize64:
		return nil, fmt.Errorf("%q is compressed, which no bundle is", f.Name)
	case f.UncompressedSize64 > most:
		return nil, fmt.Errorf("%q has %d bytes, more than there can be", f.Name, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", f.Name, err)
	}
	data := make([]byte, f.UncompressedSize64)
	_, err = io.ReadFull(r, data)
	if err == nil {
		_, err = r.Read(make([]byte, 1)) // the checksum is compared at the end
	}
	if err := errors.Join(ignoreEOF(err), r.Close()); err != nil {
		return nil, fmt.Errorf("%q: %w", f.Name, err)
	}
	return data, nil
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

func checkManifest(id string, files map[string][]byte) error {
	var m Manifest
	if err := json.Unmarshal(files[ManifestName], &m); err != nil {
		return fmt.Errorf("%s: %w", ManifestName, err)
	}
	if m.Format != format {
		return fmt.Errorf("its format is %q, this version reads %q", m.Format, format)
	}
	if m.Certificate != id {
		return fmt.Errorf("it lists the files of certificate %q, signed is %q", m.Certificate, id)
	}
	listed := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		data, ok := files[f.Name]
		if !ok {
			return fmt.Errorf("%q is missing", f.Name)
		}
		if h := sha256.Sum256(data); hex.EncodeToString(h[:]) != f.SHA256 || len(data) != f.Bytes {
			return fmt.Errorf("%q is not as listed", f.Name)
		}
		listed[f.Name] = true
	}
	for name := range files {
		if !listed[name] {
			return fmt.Errorf("%q is not listed", name)
		}
	}
	return nil
}

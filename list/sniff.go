package list

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"slices"
	"strings"

	"navicert"
)

// headBytes is how much of a file Sniff looks at: more than the longest header
// row of any list (the EU's, 3.5 KB).
const headBytes = 16 << 10

// Search says how a form of one file is found in a folder.
type Search struct {
	Names  []string               // that its publisher gives the file, in small letters
	Ending string                 // of a file of another name: ".csv"
	Is     func(head []byte) bool // whether a file of another name is one, by its first bytes, without a byte order mark
}

// Find returns the name of the file: one of the publisher's names, else the
// file with the right ending whose first bytes say that it is one; "" when there
// is none. Two that could both be meant are an error of kind Conflict. A file of
// another name that cannot be opened is none: who names it is told why by the
// form that is asked to read it.
func (s Search) Find(fsys fs.FS) (string, error) {
	var found string
	take := func(name string) error {
		if found != "" && found != name {
			return navicert.Errorf(navicert.Conflict, "list", name, "the folder holds both %s and %s", found, name).
				WithHint("name the file that is meant, or leave only that one")
		}
		found = name
		return nil
	}
	for _, want := range s.Names {
		name, err := FindFile(fsys, want)
		if err != nil {
			return "", err
		}
		if name == "" {
			continue
		}
		if err := take(name); err != nil {
			return "", err
		}
	}
	if found != "" || s.Is == nil {
		return found, nil
	}
	dir, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "list", s.Names[0], "%w", err)
	}
	for _, e := range dir {
		plain := PlainName(e.Name())
		if e.IsDir() || !strings.HasSuffix(plain, s.Ending) || slices.Contains(s.Names, plain) || !s.Is(Head(fsys, e.Name())) {
			continue
		}
		if err := take(e.Name()); err != nil {
			return "", err
		}
	}
	return found, nil
}

// Head returns a file's first bytes without a byte order mark, or none when it
// cannot be opened.
func Head(fsys fs.FS, name string) []byte {
	f, err := OpenFile(fsys, name, headBytes+1)
	if err != nil {
		return nil
	}
	defer f.Close()
	b := make([]byte, headBytes)
	n, _ := io.ReadFull(f, b) // what could be read is looked at
	return bytes.TrimPrefix(b[:n], []byte("\ufeff"))
}

// OneFile is the one file of a publication while it is read.
type OneFile struct {
	Name string // in its folder
	io.ReadCloser
	hash hash.Hash
}

// OpenOne finds and opens the one file that a form consists of. Reading more
// than limit decompressed bytes is an error of kind Limit.
func OpenOne(src Source, info Info, s Search, limit int64) (*OneFile, error) {
	name, err := s.Find(src.FS)
	if err != nil {
		return nil, err
	}
	if name == "" {
		return nil, navicert.Errorf(navicert.NotFound, "list", s.Names[0], "the folder does not hold it").
			WithHint("a publication is the file " + info.Files + ", also as .gz, .zst or .zip")
	}
	f, err := OpenFile(src.FS, name, limit)
	if err != nil {
		return nil, err
	}
	return &OneFile{Name: name, ReadCloser: f, hash: sha256.New()}, nil
}

// Read reads on.
func (f *OneFile) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.hash.Write(p[:n])
	return n, err
}

// SHA256 is the hash of what was read: of the whole file once its end was seen.
func (f *OneFile) SHA256() string { return hex.EncodeToString(f.hash.Sum(nil)) }

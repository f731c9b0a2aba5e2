package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"navicert"
)

// outFile is a file that is there whole or not at all: it is written beside its
// place under another name and put there by commit.
type outFile struct {
	*os.File
	path string
}

// createOut opens a file to write. A file of that name stays until commit.
func createOut(path string) (*outFile, error) {
	part := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.part", filepath.Base(path), os.Getpid()))
	f, err := os.Create(part)
	if err != nil {
		return nil, outError(path, err)
	}
	return &outFile{f, path}, nil
}

// commit puts the file in its place.
func (f *outFile) commit() error {
	err := f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return outError(f.path, err)
	}
	return nil
}

// discard removes what was written.
func (f *outFile) discard() {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// outError says in one sentence why a file cannot be written.
func outError(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return navicert.Errorf(navicert.Unavailable, "write", path, "%w", err).WithHint("is the folder there, and may you write to it?")
}

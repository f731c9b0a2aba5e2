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
// place under another name and put there by commit. A pipe or a device is
// written to as it is.
type outFile struct {
	*os.File
	place  string // where it is put; "" when it is written in place
	called string // as the user did
}

// createOut opens a file to write. A file of that name stays until commit, and
// hands its permissions on.
func createOut(path string) (*outFile, error) {
	place := path
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, outError(path, err)
		}
		return &outFile{File: f, called: path}, nil
	}
	if err == nil { // what a link leads to is replaced, and not the link
		if place, err = filepath.EvalSymlinks(path); err != nil {
			return nil, outError(path, err)
		}
	}
	part := filepath.Join(filepath.Dir(place), fmt.Sprintf(".%s.%d.part", filepath.Base(place), os.Getpid()))
	f, err := os.Create(part)
	if err == nil && info != nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err != nil {
		return nil, outError(path, err)
	}
	return &outFile{f, place, path}, nil
}

// commit puts the file in its place.
func (f *outFile) commit() error {
	var err error
	if f.place != "" {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil && f.place != "" {
		err = os.Rename(f.Name(), f.place)
	}
	if err != nil {
		f.remove()
		return outError(f.called, err)
	}
	return nil
}

// finish writes all of a file and puts it in its place.
func (f *outFile) finish(b []byte) error {
	if _, err := f.Write(b); err != nil {
		f.discard()
		return outError(f.called, err)
	}
	return f.commit()
}

// discard removes what was written, unless it was committed; a nil file is none.
func (f *outFile) discard() {
	if f == nil {
		return
	}
	_ = f.Close()
	f.remove()
}

func (f *outFile) remove() {
	if f.place != "" {
		_ = os.Remove(f.Name())
	}
}

// outError says in one sentence why a file cannot be written.
func outError(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return navicert.Errorf(navicert.Unavailable, "write", path, "%w", err).WithHint("is the folder there, and may you write to it?")
}

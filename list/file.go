package list

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"navicert"
)

// compressed are the endings that OpenFile looks through.
var compressed = [...]string{"", ".gz", ".zst", ".zip"}

// FindFile returns the name under which the folder holds a file, whatever the
// case, with or without ".gz", ".zst" or ".zip" behind it, or with ".zip" in
// place of its own ending, or "" when it does not. Two files that both could be
// meant are an error.
func FindFile(fsys fs.FS, name string) (string, error) {
	dir, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "list", name, "%w", err)
	}
	var found string
	for _, e := range dir {
		if e.IsDir() || !isFile(e.Name(), name) {
			continue
		}
		if found != "" {
			return "", navicert.Errorf(navicert.Conflict, "list", name, "the folder holds both %s and %s", found, e.Name()).
				WithHint("leave only the one that is meant")
		}
		found = e.Name()
	}
	return found, nil
}

// isFile reports whether a file's name can stand for the name wanted.
func isFile(have, want string) bool {
	for _, end := range compressed {
		if strings.EqualFold(have, want+end) {
			return true
		}
	}
	dot := strings.LastIndexByte(want, '.')
	return dot > 0 && strings.EqualFold(have, want[:dot]+".zip")
}

// PlainName is a file's name in small letters without the ending that says how
// it is compressed: "sdn.xml" for "SDN.XML.gz".
func PlainName(name string) string {
	name = strings.ToLower(name)
	for _, end := range compressed[1:] {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// ReadFile reads a whole file, decompressed as OpenFile does it. One that would
// be larger than limit bytes is an error, found without holding more than that.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := OpenFile(fsys, name, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// OpenFile opens a file for reading from front to back and decompresses it by
// what its first bytes say: gzip, zstd, or a zip archive that holds one file.
// Reading more than limit decompressed bytes is an error of kind Limit; one
// that the compression shows to be damaged, of kind Invalid. All errors of
// Read but io.EOF are sentences that name the file.
func OpenFile(fsys fs.FS, name string, limit int64) (io.ReadCloser, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fileError(name, err)
	}
	plain, err := decompress(f, limit)
	if err != nil {
		f.Close()
		return nil, fileError(name, err)
	}
	return &limitedFile{name: name, file: f, plain: plain, left: limit, limit: limit}, nil
}

type limitedFile struct {
	name        string
	file        fs.File
	plain       io.ReadCloser
	left, limit int64
}

func (l *limitedFile) Read(p []byte) (int, error) {
	n, err := l.plain.Read(p)
	l.left -= int64(n)
	switch {
	case l.left < 0:
		return 0, fileError(l.name, tooLarge(l.limit))
	case err != nil && !errors.Is(err, io.EOF):
		return n, fileError(l.name, err)
	}
	return n, err
}

func (l *limitedFile) Close() error { return errors.Join(l.plain.Close(), l.file.Close()) }

// tooLarge is the error of a file that has more than so many bytes.
type tooLarge int64

func (t tooLarge) Error() string {
	return fmt.Sprintf("more than %s when decompressed", humanize.IBytes(uint64(t)))
}

func fileError(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return navicert.Errorf(navicert.Unavailable, "list", name, "%w", err)
	}
	if large := tooLarge(0); errors.As(err, &large) {
		return navicert.Errorf(navicert.Limit, "list", name, "%w", err).
			WithHint("no publication of this list comes near that size: is it the right file?")
	}
	return navicert.Errorf(navicert.Invalid, "list", name, "decompressing it: %w", err).
		WithHint("is the file cut off or damaged? fetch it again")
}

// decoderMemory caps what a zstd stream may make its reader hold.
const decoderMemory = 64 << 20

// documentStart is the name of the first file of an OpenDocument, 30 bytes into
// its archive: such a file is zipped, but is one file to whoever has it.
const documentStart = "mimetype"

// decompress looks at the first bytes and returns what they promise.
func decompress(f fs.File, limit int64) (io.ReadCloser, error) {
	head := make([]byte, len(documentStart)+30)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	all := io.MultiReader(bytes.NewReader(head), f)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(all)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d, err := zstd.NewReader(all, zstd.WithDecoderMaxMemory(decoderMemory), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		return d.IOReadCloser(), nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) && bytes.HasSuffix(head, []byte(documentStart)):
		return io.NopCloser(all), nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")): // the second: empty
		return unzip(f, all, limit)
	}
	return io.NopCloser(all), nil
}

// unzip opens the one file of an archive. An archive whose file system cannot
// be read at any place is taken into memory, up to the limit.
func unzip(f fs.File, all io.Reader, limit int64) (io.ReadCloser, error) {
	var at io.ReaderAt
	var size int64
	if r, ok := f.(io.ReaderAt); ok {
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		at, size = r, info.Size()
	} else {
		b, err := io.ReadAll(io.LimitReader(all, limit+1))
		if err != nil {
			return nil, err
		}
		if int64(len(b)) > limit {
			return nil, tooLarge(limit)
		}
		at, size = bytes.NewReader(b), int64(len(b))
	}
	archive, err := zip.NewReader(at, size)
	if err != nil {
		return nil, err
	}
	var found *zip.File
	for _, z := range archive.File {
		if z.FileInfo().IsDir() {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("the archive holds more than one file (%q, %q): unpack it", found.Name, z.Name)
		}
		found = z
	}
	if found == nil {
		return nil, errors.New("the archive holds no file")
	}
	return found.Open()
}

// OnlyFile is a view of a folder in which there is nothing but one file: what a
// user who names a file means.
func OnlyFile(folder fs.FS, name string) fs.FS { return onlyFile{folder, name} }

type onlyFile struct {
	folder fs.FS
	name   string
}

func (o onlyFile) Open(name string) (fs.File, error) {
	switch name {
	case o.name:
		return o.folder.Open(name)
	case ".":
		return &onlyDir{view: o}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// onlyDir is the folder of an onlyFile.
type onlyDir struct {
	view onlyFile
	done bool
}

func (d *onlyDir) ReadDir(int) ([]fs.DirEntry, error) {
	if d.done {
		return nil, nil
	}
	d.done = true
	info, err := fs.Stat(d.view.folder, d.view.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

func (d *onlyDir) Stat() (fs.FileInfo, error) { return d, nil }
func (d *onlyDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: errors.New("it is a folder")}
}
func (d *onlyDir) Close() error       { return nil }
func (d *onlyDir) Name() string       { return "." }
func (d *onlyDir) Size() int64        { return 0 }
func (d *onlyDir) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (d *onlyDir) ModTime() time.Time { return time.Time{} }
func (d *onlyDir) IsDir() bool        { return true }
func (d *onlyDir) Sys() any           { return nil }

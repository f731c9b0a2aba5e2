// Package record keeps what a live feed or standard input brings, so that it can be
// read again: the bytes as they were read, in a folder for each source.
//
//	w, err := record.Create("records", "udp://:10110", time.Now)
//	defer w.Close()
//	_, err = w.Write(line) // stands at offset w.From() of the source
//
// A byte of a source has one offset, which no other byte that the folder holds of it
// has: a run begins at the time it was begun, in seconds since 1970 times 2^20, or
// behind all that is there, whichever is more. So the offsets of a run that was not
// recorded, which begin at 0, are none of a record, nor are those of one that was
// recorded at another time in another folder, where less than a MiB a second came.
// Offsets are below 2^53 until the year 2242: JSON's numbers hold them exactly.
//
// A file is named by the offset of its first byte, and holds whole lines, of one
// run; a run goes on in another file at the next day and after 64 MiB.
package record

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"navicert"
)

const (
	// fileBytes is from what size on a file is followed by another, at the end of a
	// line, and overBytes how much more it may have when its lines do not end.
	fileBytes = 64 << 20
	overBytes = 1 << 20
	// secondBits is how many bits of an offset lie below its second.
	secondBits = 20
	suffix     = ".log"
)

// Folder returns the name of the folder of a source within that of the records:
// what kind of source it is, its host and a hash of the whole, so that nothing
// that an address may hold besides stands in it.
func Folder(source string) string {
	scheme, rest, ok := strings.Cut(source, "://")
	if !ok {
		scheme, rest = source, ""
	}
	host, _, _ := strings.Cut(rest[strings.LastIndexByte(rest, '@')+1:], "/")
	host, _, _ = strings.Cut(host, "?")
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.Trim(scheme+"-"+strings.Trim(host, "[]:"), "-"))
	sum := sha256.Sum256([]byte(source))
	return name[:min(len(name), 80)] + "-" + hex.EncodeToString(sum[:4])
}

// Writer records one source. It is for one goroutine.
type Writer struct {
	folder string
	clock  func() time.Time
	size   int64 // from which a file is followed by another
	lock   *os.File
	f      *os.File // nil: the next byte begins a file
	day    string
	from   int64 // offset of the first byte of the run
	next   int64 // of the next byte
	begun  int64 // of the first of the file
	line   bool  // the last byte ended a line
}

// Create begins a run of a source in the folder of records dir, which it makes, for
// its owner alone. Nobody else may be recording the source there.
func Create(dir, source string, clock func() time.Time) (*Writer, error) {
	w := &Writer{folder: filepath.Join(dir, Folder(source)), clock: clock, size: fileBytes}
	if err := os.MkdirAll(w.folder, 0o700); err != nil {
		return nil, failed(w.folder, err)
	}
	var err error
	if w.lock, err = os.OpenFile(filepath.Join(w.folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, failed(w.folder, err)
	}
	if err := lock(w.lock); err != nil {
		_ = w.lock.Close()
		return nil, navicert.Errorf(navicert.Conflict, "record", w.folder, "another navicert records %s there", source).WithHint("name another folder")
	}
	files, err := Files(dir, source)
	if err != nil {
		_ = w.lock.Close()
		return nil, err
	}
	w.from = clock().Unix() << secondBits
	if n := len(files); n > 0 {
		w.from = max(w.from, files[n-1].To+1) // one apart: it is another run
	}
	w.next = w.from
	return w, nil
}

func lock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != syscall.EINTR {
			return err
		}
	}
}

// From is the offset of the first byte of the run.
func (w *Writer) From() int64 { return w.from }

// Write records what has been read. It is with the system when Write returns, so
// that it stays when the program is killed.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		piece := p
		if w.f != nil && w.full() {
			if i := bytes.IndexByte(p, '\n'); w.line || w.next-w.begun >= w.size+overBytes {
				if err := w.endFile(); err != nil {
					return n, err
				}
			} else if i >= 0 {
				piece = p[:i+1]
			}
		}
		if w.f == nil {
			if err := w.beginFile(); err != nil {
				return n, err
			}
		}
		m, err := w.f.Write(piece)
		n += m
		w.next += int64(m)
		if err != nil {
			return n, failed(w.f.Name(), err)
		}
		w.line = piece[len(piece)-1] == '\n'
		p = p[len(piece):]
	}
	return n, nil
}

// full reports whether the next line is to be in another file.
func (w *Writer) full() bool {
	return w.next-w.begun >= w.size || w.today() != w.day
}

func (w *Writer) today() string { return w.clock().UTC().Format(time.DateOnly) }

func (w *Writer) beginFile() (err error) {
	name := filepath.Join(w.folder, strconv.FormatInt(w.next, 10)+suffix)
	if w.f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
		return failed(name, err)
	}
	w.begun, w.day, w.line = w.next, w.today(), false
	return nil
}

func (w *Writer) endFile() error {
	f := w.f
	if f == nil {
		return nil
	}
	w.f = nil
	err := f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return failed(f.Name(), err)
	}
	return nil
}

// Close ends the run.
func (w *Writer) Close() error {
	err := w.endFile()
	_ = w.lock.Close()
	return err
}

// failed says what went wrong with a file.
func failed(name string, err error) error {
	hint := "may navicert write there?"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		hint = "make room on the disk; what was read until then is kept, and where nothing need be recorded leave --record out"
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return navicert.Errorf(navicert.Unavailable, "record", name, "%w", err).WithHint(hint)
}

// File is a file of a record: the bytes of its source from From up to To.
type File struct {
	Path     string
	From, To int64
}

// Files returns the files of a source in a folder of records, in order; none when
// there is no such folder.
func Files(dir, source string) ([]File, error) {
	folder := filepath.Join(dir, Folder(source))
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed(folder, err)
	}
	var files []File
	for _, e := range entries {
		number, ok := strings.CutSuffix(e.Name(), suffix)
		from, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || from < 0 || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, failed(filepath.Join(folder, e.Name()), err)
		}
		files = append(files, File{filepath.Join(folder, e.Name()), from, from + info.Size()})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.From, b.From) })
	return files, nil
}

// Run returns the files of the run that holds an offset, as far as they follow
// each other, and which of them holds it; false when it was not recorded.
func Run(files []File, offset int64) (run []File, at int, ok bool) {
	i := len(files) - 1
	for i >= 0 && files[i].From > offset {
		i--
	}
	if i < 0 || offset >= files[i].To {
		return nil, 0, false
	}
	first, last := i, i
	for first > 0 && files[first-1].To == files[first].From {
		first--
	}
	for last < len(files)-1 && files[last].To == files[last+1].From {
		last++
	}
	return files[first : last+1], i - first, true
}

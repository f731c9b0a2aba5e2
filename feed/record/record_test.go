package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 2, 23, 59, 0, 0, time.UTC)} }

// TestEveryByteHasItsPlace writes in pieces cut anywhere, in several runs, through
// days and sizes: each byte is found again under its offset, no two have one, and
// files hold whole lines.
func TestEveryByteHasItsPlace(t *testing.T) {
	const source = "udp://:10110"
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			r.Fatal(err)
		}
		c := newClock()
		written := map[int64]byte{}
		for range rapid.IntRange(1, 3).Draw(r, "runs") {
			w, err := Create(dir, source, c.now)
			if err != nil {
				r.Fatal(err)
			}
			w.size = 40
			at := w.From()
			for range rapid.IntRange(0, 20).Draw(r, "pieces") {
				piece := rapid.StringMatching(`([a-z]{0,20}\n?){1,3}`).Draw(r, "piece")
				if n, err := w.Write([]byte(piece)); err != nil || n != len(piece) {
					r.Fatal(n, err)
				}
				for i := range piece {
					if _, twice := written[at]; twice {
						r.Fatalf("offset %d is given twice", at)
					}
					written[at] = piece[i]
					at++
				}
				c.Time = c.Add(time.Duration(rapid.IntRange(0, 100).Draw(r, "pause")) * time.Second)
			}
			if err := w.Close(); err != nil {
				r.Fatal(err)
			}
		}
		files, err := Files(dir, source)
		if err != nil {
			r.Fatal(err)
		}
		held := 0
		for i, f := range files {
			text, err := os.ReadFile(f.Path)
			if err != nil || int64(len(text)) != f.To-f.From || len(text) == 0 {
				r.Fatalf("%+v holds %d bytes, %v", f, len(text), err)
			}
			for k, b := range text {
				if written[f.From+int64(k)] != b {
					r.Fatalf("%s: byte %d is %q, want %q", f.Path, k, b, written[f.From+int64(k)])
				}
			}
			held += len(text)
			goesOn := i+1 < len(files) && files[i+1].From == f.To
			if goesOn && text[len(text)-1] != '\n' {
				r.Fatalf("%s ends in a line and goes on in another file", f.Path)
			}
			run, at, ok := Run(files, f.From)
			if !ok || run[at] != f || goesOn && (len(run) < at+2 || run[at+1] != files[i+1]) {
				r.Fatalf("the run of %+v is %+v, it is file %d, %v", f, run, at, ok)
			}
			if _, _, ok := Run(files, f.To); ok != goesOn {
				r.Fatalf("behind %+v there is something: %v, want %v", f, ok, goesOn)
			}
		}
		if held != len(written) {
			r.Fatalf("%d bytes are held of %d", held, len(written))
		}
	})
}

// TestFilesRoll: a run goes on in another file at the next day and when one is full,
// also when its lines never end.
func TestFilesRoll(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	w, err := Create(dir, "stdin", c.now)
	if err != nil {
		t.Fatal(err)
	}
	if w.size != 64<<20 {
		t.Errorf("files are of %d bytes", w.size)
	}
	w.size = overBytes
	write := func(text string) {
		t.Helper()
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int, when string) {
		t.Helper()
		if files, err := Files(dir, "stdin"); err != nil || len(files) != want {
			t.Errorf("%s: %d files, %v; want %d", when, len(files), err, want)
		}
	}
	write("one\ntw")
	c.Time = c.Add(2 * time.Minute)
	write("o")
	count(1, "the next day, in a line")
	write("\nthree\n")
	count(2, "the next day")
	line := strings.Repeat("x", 63) + "\n"
	write(strings.Repeat(line, overBytes/len(line)))
	write(line)
	count(3, "a full file")
	endless := make([]byte, overBytes)
	for range 2 {
		write(string(endless))
	}
	write("y")
	count(4, "lines that do not end")
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// TestKeptForTheOwner: folders and files are for their owner alone, and nothing of
// an address that may be secret is in their names; two do not record one source.
func TestKeptForTheOwner(t *testing.T) {
	dir, c := filepath.Join(t.TempDir(), "records"), newClock()
	const source = "wss://user:s3cret@example.org:8443/s3cret/stream?box=1,2,3,4&key=s3cret"
	w, err := Create(dir, source, c.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("{}\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, source, c.now); navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("another records it too: %v", err)
	}
	if other, err := Create(dir, source+"x", c.now); err != nil || !strings.HasPrefix(Folder(source), "wss-example-org-8443-") || Folder(source) == Folder(source+"x") {
		t.Errorf("%s, another source %v", Folder(source), err)
	} else {
		_ = other.Close()
	}
	n := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		info, infoErr := d.Info()
		if err = errors.Join(err, infoErr); err != nil {
			return err
		}
		n++
		if strings.Contains(path[len(dir):], "s3cret") || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s %s", info.Mode(), path)
		}
		return nil
	})
	if err != nil || n < 4 {
		t.Errorf("%d files and folders, %v", n, err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if again, err := Create(dir, source, c.now); err != nil || again.From() != w.next+1 {
		t.Errorf("again: %v, from %d, want %d", err, again.From(), w.next+1)
	}
}

// TestFullDisk says what is wrong and what to do.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full")
	}
	w, err := Create(t.TempDir(), "stdin", newClock().now)
	if err != nil {
		t.Fatal(err)
	}
	w.f, w.day, w.begun = full, w.today(), w.next
	_, err = w.Write([]byte("one\n"))
	if !errors.Is(err, syscall.ENOSPC) || navicert.KindOf(err) != navicert.Unavailable || !strings.Contains(fmt.Sprint(err), "make room on the disk") {
		t.Errorf("%v", err)
	}
}

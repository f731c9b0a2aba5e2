package feed

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
	"time"

	"navicert"
)

const (
	// followPause is how often a file that has been read up is looked at.
	followPause = 100 * time.Millisecond
	// quietLooks is how often one that has another under its name must have
	// nothing new before it is left: its writer may go on in it until it is told.
	quietLooks = 10
)

// growing reads a file from its beginning and waits at its end for more, as when
// logs are rotated: of a file that is replaced under its name, what its writer
// still puts into it is read until something stands in the new one and nothing
// has come for a second; then the new one, from its beginning. One that is made
// shorter is read from its beginning at once.
type growing struct{ path string }

func newGrowing(path string) (transport, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, navicert.Errorf(navicert.Unavailable, "feed", path, "%w", cause(err))
	case !info.Mode().IsRegular():
		return nil, navicert.Errorf(navicert.Invalid, "feed", path, "is no file that can grow").WithHint("only files that a program writes to are followed")
	}
	return growing{path}, nil
}

func (g growing) connect(context.Context) (link, error) {
	f, err := os.Open(g.path)
	if err != nil {
		return nil, cause(err)
	}
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		_ = f.Close()
		return nil, cause(err)
	}
	for _, magic := range [][]byte{gzipMagic, zstdMagic, zipMagic} {
		if bytes.HasPrefix(head[:n], magic) {
			_ = f.Close()
			return nil, navicert.Errorf(navicert.Unsupported, "feed", g.path, "packed files are not followed").WithHint("read it without --follow")
		}
	}
	return &growingLink{path: g.path, f: f, woken: make(chan struct{}, 1), closed: make(chan struct{})}, nil
}

type growingLink struct {
	path   string
	f      *os.File
	read   int64
	quiet  int // looks at it, since there is another, that found nothing new
	woken  chan struct{}
	closed chan struct{}
	once   sync.Once
}

// Read implements io.Reader. It returns errReplaced when the file of the name is
// another one, or was made shorter.
func (g *growingLink) Read(p []byte) (int, error) {
	for {
		n, err := g.f.Read(p)
		g.read += int64(n)
		if n > 0 {
			g.quiet = 0
		}
		if n > 0 || err != nil && err != io.EOF {
			return n, err
		}
		woken := false
		select {
		case <-g.closed:
			return 0, os.ErrClosed
		case <-g.woken:
			woken = true
		case <-time.After(followPause):
		}
		replaced, shorter := g.replaced()
		if n, err := g.f.Read(p); n > 0 { // written since the last look
			g.read += int64(n)
			g.quiet = 0
			return n, err
		}
		if replaced {
			g.quiet++
		}
		switch {
		case shorter, replaced && g.quiet >= quietLooks:
			return 0, errReplaced
		case woken:
			return 0, errWoken
		}
	}
}

// replaced reports whether another file of the name has something in it, or the
// same one has become shorter.
func (g *growingLink) replaced() (another, shorter bool) {
	named, err := os.Stat(g.path)
	if err != nil {
		return false, false // it may come again: what is open is read on
	}
	have, err := g.f.Stat()
	if err != nil {
		return false, false
	}
	if os.SameFile(named, have) {
		return false, have.Size() < g.read
	}
	return named.Size() > 0, false
}

func (g *growingLink) wake() {
	select {
	case g.woken <- struct{}{}:
	default:
	}
}

// Close ends reading.
func (g *growingLink) Close() error {
	var err error
	g.once.Do(func() {
		close(g.closed)
		err = g.f.Close()
	})
	return err
}

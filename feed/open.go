package feed

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"navicert"
)

// Stream is an open source of bytes, unpacked. Close it.
type Stream struct {
	Name string // for references: the file's name, "stdin", or the feed's address
	Live bool   // it comes as it happens: reports without a time are stamped on arrival
	Size int64  // of the file as it lies on disk, or -1 when there is none

	// Follows says that it is a file that is read on as it grows. What it holds
	// may be old, so that reports without a time stay without one.
	Follows bool

	r     io.Reader
	live  *live // of feeds and files that grow
	read  atomic.Int64
	file  *os.File // when it can be read at any place
	close []func() error

	recordFrom int64 // offset of the first byte in the record
	recorded   bool
}

// Health returns how a live feed, or a file that is followed, is; false for
// others. It may be called from other goroutines.
func (s *Stream) Health() (navicert.FeedHealth, bool) {
	if s.live == nil {
		return navicert.FeedHealth{}, false
	}
	return s.live.Health(), true
}

// Read implements io.Reader. A live stream returns [ais.ErrGap] once after each
// interruption.
func (s *Stream) Read(p []byte) (int, error) { return s.r.Read(p) }

// Record has all that is read of the stream from now on written to w first, where
// its first byte stands at offset from. When w fails, what was read is given still,
// and then the error. Call it before the first Read.
func (s *Stream) Record(w io.Writer, from int64) {
	s.r, s.recordFrom, s.recorded = &recorder{r: s.r, w: w}, from, true
}

// Recorded returns where the stream's first byte stands in its record; false when
// it is not recorded.
func (s *Stream) Recorded() (from int64, ok bool) { return s.recordFrom, s.recorded }

// recorder writes down what is read.
type recorder struct {
	r   io.Reader
	w   io.Writer
	err error // of w
}

func (r *recorder) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.r.Read(p)
	if n > 0 {
		if _, r.err = r.w.Write(p[:n]); r.err != nil {
			return n, nil
		}
	}
	return n, err
}

// Position returns how many bytes of the file, packed as it lies on disk, have
// been read; for progress. It may be called from other goroutines.
func (s *Stream) Position() int64 { return s.read.Load() }

// File returns the source and its size when it is a file that is not packed,
// else nil: formats that are read from their end need one.
func (s *Stream) File() (io.ReaderAt, int64) {
	if s.file == nil {
		return nil, 0
	}
	return s.file, s.Size
}

// Close releases the source.
func (s *Stream) Close() error {
	var first error
	for i := len(s.close) - 1; i >= 0; i-- {
		if err := s.close[i](); err != nil && first == nil {
			first = err
		}
	}
	s.close = nil
	return first
}

// Opener opens streams. The zero Opener is ready.
type Opener struct {
	Stdin io.Reader // what "-" reads; nil is os.Stdin

	// Follow reads files on as they grow.
	Follow bool

	// Pause is the wait before the first attempt to reconnect to a live feed;
	// it doubles up to 32 times itself and has a fifth of chance in it. 0 is one
	// second.
	Pause time.Duration
	// Silence is how long a live feed may bring no data before it is connected
	// anew: an open connection is no proof of service. 0 is [DefaultSilence];
	// negative, for ever.
	Silence time.Duration
	// Key is the API key of a WebSocket that wants a subscription.
	Key string
	// TLS is how wss:// and mqtts:// are secured; nil is the usual way.
	TLS *tls.Config
	// Outage, when set, is called when an outage of a live feed begins, and
	// again, with To, when it ends; From tells which one it is. It is called by
	// Open, Read and Close, which return its error.
	Outage func(navicert.Outage) error
	// Heard is when an earlier run heard the feed last, if one did: from then
	// until the first data there is an outage too.
	Heard time.Time
	// Clock tells the times of outages and health; nil is time.Now.
	Clock func() time.Time
}

// Open opens a file, "-" for standard input, or a live feed with the zero
// Opener.
func Open(ctx context.Context, path string) (*Stream, error) { return Opener{}.Open(ctx, path) }

// Open opens a file, "-" for standard input, or a live feed by its address
// ([Addresses]). What is packed with gzip or zstd is unpacked as it is read,
// whatever its name; data that unpack to more than a thousand times their size
// are an error of kind Limit. The context ends the reading too.
func (o Opener) Open(ctx context.Context, path string) (*Stream, error) {
	if scheme, address, ok := strings.Cut(path, "://"); ok {
		from, err := o.transport(scheme, address)
		if err != nil {
			return nil, err
		}
		return o.openLive(ctx, Name(path), from)
	}
	if o.Follow && path != "-" {
		return o.follow(ctx, path)
	}
	s := &Stream{Size: -1}
	var in io.Reader
	if path == "-" {
		s.Name = "stdin"
		in = o.Stdin
		if in == nil {
			in = os.Stdin
		}
		in = interruptible(ctx, in)
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, navicert.Errorf(navicert.Unavailable, "feed", path, "%w", cause(err))
		}
		s.Name = filepath.Base(path)
		s.close = append(s.close, f.Close)
		info, err := f.Stat()
		switch {
		case err != nil:
			_ = s.Close()
			return nil, navicert.Errorf(navicert.Unavailable, "feed", path, "%w", cause(err))
		case info.IsDir():
			_ = s.Close()
			return nil, navicert.Errorf(navicert.Invalid, "feed", path, "is a folder").WithHint("name the files in it")
		case info.Mode().IsRegular():
			s.Size = info.Size()
			in, s.file = f, f
		default: // a named pipe may keep us waiting
			in = interruptible(ctx, f)
		}
	}
	if err := s.unpack(in); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (o Opener) follow(ctx context.Context, path string) (*Stream, error) {
	from, err := newGrowing(path)
	if err != nil {
		return nil, err
	}
	s, err := o.openLive(ctx, Name(path), from)
	if err != nil {
		return nil, err
	}
	s.Live, s.Follows = false, true
	return s, nil
}

// cause returns what went wrong with a file, without the operation and path
// that the caller says already.
func cause(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// Beginnings of files, by which packing is told.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
	zipMagic  = []byte{'P', 'K', 3, 4}
)

// unpack finds out how the source is packed.
func (s *Stream) unpack(in io.Reader) error {
	counted := &countReader{r: in, n: &s.read}
	br := bufio.NewReaderSize(counted, 64<<10)
	magic, err := br.Peek(4)
	if err != nil && err != io.EOF {
		return navicert.Errorf(navicert.Unavailable, "feed", s.Name, "%w", cause(err))
	}
	switch {
	case bytes.HasPrefix(magic, gzipMagic):
		s.file = nil
		return s.unpackWith(br, openGzip)
	case bytes.HasPrefix(magic, zstdMagic):
		s.file = nil
		return s.unpackWith(br, openZstd)
	case bytes.HasPrefix(magic, zipMagic):
		return navicert.Errorf(navicert.Unsupported, "feed", s.Name, "zip archives are not read").WithHint("unpack it first: unzip -p FILE | navicert … -")
	}
	s.r = br
	return nil
}

// countReader counts what has been read.
type countReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// interruptible reads in in a goroutine of its own, so that a reader that waits
// for a pipe or a terminal is let go when the context ends. The goroutine ends
// with the source, or after the read it was in.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	r := &pipeReader{ctx: ctx, full: make(chan chunk), empty: make(chan []byte, 2)}
	for range 2 {
		r.empty <- make([]byte, 64<<10)
	}
	go func() {
		for {
			var buf []byte
			select {
			case buf = <-r.empty:
			case <-ctx.Done():
				return
			}
			n, err := in.Read(buf)
			select {
			case r.full <- chunk{buf, n, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return r
}

type chunk struct {
	buf []byte
	n   int
	err error
}

type pipeReader struct {
	ctx   context.Context
	full  chan chunk
	empty chan []byte
	cur   chunk
	off   int
	err   error
}

func (r *pipeReader) Read(p []byte) (int, error) {
	for r.off == r.cur.n {
		if r.cur.buf != nil {
			r.empty <- r.cur.buf
			r.cur = chunk{}
			r.off = 0
		}
		if r.err != nil {
			return 0, r.err
		}
		select {
		case r.cur = <-r.full:
			r.off, r.err = 0, r.cur.err
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
	n := copy(p, r.cur.buf[r.off:r.cur.n])
	r.off += n
	return n, nil
}

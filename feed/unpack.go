package feed

import (
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"navicert"
)

// Limits on packed data. AIS logs shrink to a tenth, a log repeated a hundred
// times to a thousandth; nothing is held in memory but a window.
const (
	maxRatio  = 1000
	freeBytes = 16 << 20  // the ratio is not looked at before
	maxWindow = 128 << 20 // of zstd: zstd --long=27
)

func openGzip(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }

func openZstd(r io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

func (s *Stream) unpackWith(packed io.Reader, open func(io.Reader) (io.ReadCloser, error)) error {
	z, err := open(packed)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, "feed", s.Name, "%w", err).WithHint("the file is damaged")
	}
	s.close = append(s.close, z.Close)
	s.r = &unpacker{s: s, z: z}
	return nil
}

// unpacker watches how much comes out of how little.
type unpacker struct {
	s   *Stream
	z   io.Reader
	out int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	u.out += int64(n)
	if u.out > freeBytes && u.out/maxRatio > u.s.read.Load() {
		return n, navicert.Errorf(navicert.Limit, "feed", u.s.Name, "unpacks to more than %d times its size", maxRatio).
			WithHint("no AIS log does: is it one?")
	}
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, navicert.Errorf(navicert.Invalid, "feed", u.s.Name, "%w", err).WithHint("the packed file is cut off")
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return n, navicert.Errorf(navicert.Limit, "feed", u.s.Name, "%w", err).WithHint("its window is larger than 128 MiB")
	}
	return n, navicert.Errorf(navicert.Invalid, "feed", u.s.Name, "%w", err).WithHint("the packed file is damaged")
}

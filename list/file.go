package list

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"navicert"
)

// compressed are the endings that ReadFile looks through.
var compressed = [...]string{"", ".gz", ".zst"}

// FindFile returns the name under which the folder holds a file, whatever the
// case and with or without ".gz" or ".zst" behind it, or "" when it does not.
// Two files that both could be meant are an error.
func FindFile(fsys fs.FS, name string) (string, error) {
	dir, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "list", name, "%w", err)
	}
	var found string
	for _, e := range dir {
		for _, end := range compressed {
			if e.IsDir() || !strings.EqualFold(e.Name(), name+end) {
				continue
			}
			if found != "" {
				return "", navicert.Errorf(navicert.Conflict, "list", name, "the folder holds both %s and %s", found, e.Name()).
					WithHint("leave only the one that is meant")
			}
			found = e.Name()
		}
	}
	return found, nil
}

// ReadFile reads a whole file and decompresses it by what its first bytes say.
// One that would be larger than limit bytes is an error, found without holding
// more than that.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	fail := func(err error) ([]byte, error) {
		if path := (*fs.PathError)(nil); errors.As(err, &path) {
			return nil, navicert.Errorf(navicert.Unavailable, "list", name, "%w", err)
		}
		return nil, navicert.Errorf(navicert.Invalid, "list", name, "decompressing it: %w", err).
			WithHint("is the file cut off or damaged? fetch it again")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	plain, err := decompress(f)
	if err != nil {
		return fail(err)
	}
	defer plain.Close()
	b, err := io.ReadAll(io.LimitReader(plain, limit+1))
	if err != nil {
		return fail(err)
	}
	if int64(len(b)) > limit {
		return nil, navicert.Errorf(navicert.Limit, "list", name, "more than %s when decompressed", humanize.IBytes(uint64(limit))).
			WithHint("no publication of this list comes near that size: is it the right file?")
	}
	return b, nil
}

// decoderMemory caps what a zstd stream may make its reader hold.
const decoderMemory = 64 << 20

// decompress looks at the first bytes and returns what they promise.
func decompress(r io.Reader) (io.ReadCloser, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	all := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(all)
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d, err := zstd.NewReader(all, zstd.WithDecoderMaxMemory(decoderMemory), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(all), nil
}

package feed

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Pages are read here and not by the library: it takes the sizes that a page
// claims, and the lengths of the runs in it, as they are written, so that a few
// bytes can ask for gigabytes. Here a page has at most maxPage bytes, and its
// values are taken from it one at a time.
const (
	maxPage       = 16 << 20
	maxPageHeader = 64 << 10
	maxDictionary = 1 << 20 // values

	plainDictionary format.Encoding = 2 // what writers of version 1 call RLEDictionary
)

var (
	errPageBig   = fmt.Errorf("a page is larger than %d MiB", maxPage>>20)
	errPageShort = errors.New("a page ends in the middle")
	errPageSum   = errors.New("a page has not the checksum that it says")
	errPageSize  = errors.New("a page has not the size that it says")
	errMoreRows  = errors.New("it holds more rows than the file says")
	errPageKind  = errors.New("its pages are in no known order")
)

// chunkReader reads the values of one column in one row group.
type chunkReader struct {
	in       *bufio.Reader
	codec    format.CompressionCodec
	kind     format.Type
	optional bool

	dict   [][]byte
	left   int // values of the page that are still to come
	levels hybrid
	values []byte // plain
	byDict bool
	index  hybrid
}

// next returns the bytes of the next value as PLAIN writes them, or nil when it
// is null. They hold until the next call.
func (c *chunkReader) next() ([]byte, error) {
	for c.left == 0 {
		if err := c.page(); err != nil {
			return nil, err
		}
	}
	c.left--
	if c.optional {
		level, ok := c.levels.next()
		if !ok {
			return nil, errPageShort
		}
		if level == 0 {
			return nil, nil
		}
	}
	if c.byDict {
		i, ok := c.index.next()
		if !ok {
			return nil, errPageShort
		}
		if uint64(i) >= uint64(len(c.dict)) {
			return nil, errors.New("a value is not in the dictionary")
		}
		return c.dict[i], nil
	}
	v, n, ok := c.plain(c.values)
	if !ok {
		return nil, errPageShort
	}
	c.values = c.values[n:]
	return v, nil
}

// plain returns the first value of b, and how many bytes it takes there.
func (c *chunkReader) plain(b []byte) (v []byte, n int, ok bool) {
	switch c.kind {
	case format.Int32, format.Float:
		n = 4
	case format.Int64, format.Double:
		n = 8
	default: // byte arrays
		if len(b) < 4 {
			return nil, 0, false
		}
		size := uint64(binary.LittleEndian.Uint32(b))
		if size > uint64(len(b)-4) {
			return nil, 0, false
		}
		return b[4 : 4+size : 4+size], int(4 + size), true
	}
	if len(b) < n {
		return nil, 0, false
	}
	return b[:n:n], n, true
}

// page reads the next page, and the dictionary before it.
func (c *chunkReader) page() error {
	head, err := c.header()
	if err != nil {
		return err
	}
	if head.CompressedPageSize < 0 || head.UncompressedPageSize < 0 {
		return errPageSize
	}
	if head.CompressedPageSize > maxPage || head.UncompressedPageSize > maxPage {
		return errPageBig
	}
	packed := make([]byte, head.CompressedPageSize)
	switch _, err := io.ReadFull(c.in, packed); {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return errPageShort
	case err != nil:
		return err
	case head.CRC != 0 && crc32.ChecksumIEEE(packed) != uint32(head.CRC): // 0: the writer made none
		return errPageSum
	}
	size := int(head.UncompressedPageSize)
	switch {
	case head.Type == format.DictionaryPage && head.DictionaryPageHeader.Valid && c.dict == nil:
		body, err := c.unpack(packed, size)
		if err != nil {
			return err
		}
		return c.dictionary(body, head.DictionaryPageHeader.V.NumValues, head.DictionaryPageHeader.V.Encoding)
	case head.Type == format.DataPage && head.DataPageHeader.Valid:
		h := head.DataPageHeader.V
		body, err := c.unpack(packed, size)
		if err != nil {
			return err
		}
		var levels []byte
		if c.optional {
			if h.DefinitionLevelEncoding != format.RLE {
				return fmt.Errorf("the encoding %s of nulls is not read", h.DefinitionLevelEncoding)
			}
			var n int
			var ok bool
			if levels, n, ok = (&chunkReader{kind: format.ByteArray}).plain(body); !ok {
				return errPageShort
			}
			body = body[n:]
		}
		return c.data(levels, body, h.NumValues, h.Encoding)
	case head.Type == format.DataPageV2 && head.DataPageHeaderV2.Valid:
		h := head.DataPageHeaderV2.V
		front := int64(h.RepetitionLevelsByteLength) + int64(h.DefinitionLevelsByteLength)
		if h.RepetitionLevelsByteLength != 0 || h.DefinitionLevelsByteLength < 0 || front > int64(min(len(packed), size)) {
			return errPageSize
		}
		body := packed[front:]
		if !h.IsCompressed.Valid || h.IsCompressed.V {
			if body, err = c.unpack(body, size-int(front)); err != nil {
				return err
			}
		}
		return c.data(packed[:front], body, h.NumValues, h.Encoding)
	case head.Type == format.IndexPage:
		return nil
	}
	return errPageKind
}

// ended reports whether all values of the column have been read.
func (c *chunkReader) ended() error {
	for {
		if c.left != 0 {
			return errMoreRows
		}
		if _, err := c.in.Peek(1); err == io.EOF {
			return nil
		}
		if err := c.page(); err != nil { // an index, or a page too many
			return err
		}
	}
}

// header reads what stands before a page.
func (c *chunkReader) header() (head format.PageHeader, err error) {
	b, err := c.in.Peek(maxPageHeader)
	if len(b) == 0 {
		if err == io.EOF {
			return head, errors.New("it ends before its last row")
		}
		return head, err
	}
	n, err := thriftLength(b)
	if err != nil {
		return head, err
	}
	var p thrift.CompactProtocol
	if err := thrift.NewDecoder(p.NewReaderFromBytes(bytes.Clone(b[:n]))).Decode(&head); err != nil {
		return head, err
	}
	_, err = c.in.Discard(n)
	return head, err
}

// unpack returns the size bytes that a page has unpacked.
func (c *chunkReader) unpack(packed []byte, size int) (body []byte, err error) {
	switch c.codec {
	case format.Uncompressed:
		body = packed
	case format.Snappy:
		n, err := s2.DecodedLen(packed)
		if err != nil || n != size {
			return nil, errPageSize
		}
		if body, err = s2.Decode(make([]byte, size), packed); err != nil {
			return nil, err
		}
	case format.Gzip, format.Zstd:
		var r io.Reader
		if c.codec == format.Gzip {
			r, err = gzip.NewReader(bytes.NewReader(packed))
		} else {
			var z *zstd.Decoder
			z, err = zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxPage))
			if err == nil {
				defer z.Close()
				r = z
			}
		}
		if err != nil {
			return nil, err
		}
		body = make([]byte, size+1) // one more than there may be
		n, err := io.ReadFull(r, body)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		body = body[:n]
	default:
		return nil, fmt.Errorf("its compression %s is not read", c.codec)
	}
	if len(body) != size {
		return nil, errPageSize
	}
	return body, nil
}

func (c *chunkReader) dictionary(body []byte, values int32, enc format.Encoding) error {
	if enc != format.Plain && enc != plainDictionary {
		return fmt.Errorf("the encoding %s of its dictionary is not read", enc)
	}
	if values > maxDictionary {
		return fmt.Errorf("its dictionary has %d values, at most %d", values, maxDictionary)
	}
	c.dict = [][]byte{}
	for range values {
		v, n, ok := c.plain(body)
		if !ok {
			return errPageShort
		}
		c.dict, body = append(c.dict, v), body[n:]
	}
	return nil
}

func (c *chunkReader) data(levels, body []byte, values int32, enc format.Encoding) error {
	if values < 0 {
		return errPageSize
	}
	c.left, c.levels = int(values), hybrid{rest: levels, width: 1}
	c.byDict = enc == plainDictionary || enc == format.RLEDictionary
	switch {
	case !c.byDict && enc != format.Plain:
		return fmt.Errorf("the encoding %s is not read", enc)
	case !c.byDict:
		c.values = body
	case len(body) == 0:
		c.index = hybrid{}
	case body[0] > 32:
		return errPageSize
	default:
		c.index = hybrid{rest: body[1:], width: uint(body[0])}
	}
	return nil
}

// hybrid reads numbers of a few bits that are written as runs of one number and
// runs of eight packed ones (the encoding RLE).
type hybrid struct {
	rest   []byte
	width  uint // bits of a number, up to 32
	run    uint64
	value  uint32 // of a run of one number
	packed bool
	bits   uint64 // of packed numbers that have been taken from rest
	have   uint
}

func (h *hybrid) next() (uint32, bool) {
	for h.run == 0 {
		head, n := binary.Uvarint(h.rest)
		if n <= 0 {
			return 0, false
		}
		h.rest = h.rest[n:]
		h.packed, h.run = head&1 != 0, head>>1
		if h.packed {
			if hi, lo := bits.Mul64(h.run, 8); hi == 0 {
				h.run, h.bits, h.have = lo, 0, 0
			}
			continue
		}
		size := int(h.width+7) / 8
		if len(h.rest) < size {
			return 0, false
		}
		h.value = 0
		for i := range size {
			h.value |= uint32(h.rest[i]) << (8 * i)
		}
		h.rest = h.rest[size:]
	}
	h.run--
	if !h.packed {
		return h.value, true
	}
	for h.have < h.width {
		if len(h.rest) == 0 {
			return 0, false
		}
		h.bits |= uint64(h.rest[0]) << h.have
		h.have += 8
		h.rest = h.rest[1:]
	}
	v := uint32(h.bits & (1<<h.width - 1))
	h.bits >>= h.width
	h.have -= h.width
	return v, true
}

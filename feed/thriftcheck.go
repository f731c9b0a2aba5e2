package feed

import (
	"encoding/binary"
	"errors"
)

// Limits on what is written in Thrift's compact protocol, in which Parquet says
// what a file holds.
const (
	maxThriftDepth = 16
	// maxThriftStructs is how many structures a description may hold: each takes
	// a few bytes there and up to half a kilobyte in memory. A column of a row
	// group takes some eight.
	maxThriftStructs = 1 << 17
)

var errThrift = errors.New("its description is damaged")

// thriftLength returns how many bytes the structure at the beginning of b
// takes. It finds what claims to be longer than it is before anything is
// allocated for it: no text, list or map may say that it is longer than what
// follows, nor may structures be more, or nested deeper, than Parquet's are.
func thriftLength(b []byte) (int, error) {
	w := thriftWalk{rest: b}
	w.structure(0)
	if w.bad {
		return 0, errThrift
	}
	return len(b) - len(w.rest), nil
}

type thriftWalk struct {
	rest    []byte
	structs int
	bad     bool
}

func (w *thriftWalk) skip(n uint64) {
	if n > uint64(len(w.rest)) {
		w.bad, n = true, uint64(len(w.rest))
	}
	w.rest = w.rest[n:]
}

func (w *thriftWalk) byte() byte {
	if len(w.rest) == 0 {
		w.bad = true
		return 0
	}
	c := w.rest[0]
	w.rest = w.rest[1:]
	return c
}

func (w *thriftWalk) varint() uint64 {
	v, n := binary.Uvarint(w.rest)
	if n <= 0 {
		w.bad, n = true, len(w.rest)
	}
	w.rest = w.rest[n:]
	return v
}

func (w *thriftWalk) structure(depth int) {
	if w.structs++; w.structs > maxThriftStructs {
		w.bad = true
	}
	for !w.bad {
		head := w.byte()
		if head == 0 {
			return
		}
		if head>>4 == 0 { // the field's number does not fit beside its type
			w.varint()
		}
		if kind := head & 15; kind > 2 { // 1 and 2 are truth, without a byte of their own
			w.value(kind, depth)
		}
	}
}

// value goes over a value of one of the compact protocol's types.
func (w *thriftWalk) value(kind byte, depth int) {
	if depth > maxThriftDepth {
		w.bad = true
		return
	}
	switch kind {
	case 1, 2, 3:
		w.byte()
	case 4, 5, 6:
		w.varint()
	case 7:
		w.skip(8)
	case 8:
		w.skip(w.varint())
	case 9, 10:
		w.list(depth)
	case 12:
		w.structure(depth + 1)
	default: // Parquet has no maps
		w.bad = true
	}
}

func (w *thriftWalk) list(depth int) {
	head := w.byte()
	n, kind := uint64(head>>4), head&15
	if n == 15 {
		n = w.varint()
	}
	if n > uint64(len(w.rest)) { // each takes a byte
		w.bad = true
	}
	for ; n > 0 && !w.bad; n-- {
		w.value(kind, depth+1)
	}
}

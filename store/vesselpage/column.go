package vesselpage

import (
	"errors"
	"math/bits"
)

// Every number of a column has at most maxWidth bits, so that the code of one
// is read from a single word.
const (
	maxWidth = 56
	maxValue = 1 << maxWidth
)

// How a column is written is its first byte. Below fixed it is the order k of an
// exponential Golomb code, which suits numbers that are small more often than
// large: the number of bits by which v/2^k+1 is longer than one, in zeros, that
// number and the k bits below it. From fixed on, each number has that many bits
// less fixed.
const fixed = 64

var errShort = errors.New("it ends early")

// bitWriter writes bits, the highest first.
type bitWriter struct {
	out  []byte
	held uint64 // the lowest n bits of it wait
	n    int    // < 8
}

// bits writes the lowest n bits of v, at most maxWidth.
func (w *bitWriter) bits(v uint64, n int) {
	w.held = w.held<<n | v&(1<<n-1)
	w.n += n
	for w.n >= 8 {
		w.n -= 8
		w.out = append(w.out, byte(w.held>>w.n))
	}
}

// end fills up the last byte.
func (w *bitWriter) end() []byte {
	if w.n > 0 {
		w.bits(0, 8-w.n)
	}
	return w.out
}

func (w *bitWriter) column(vs []uint64) {
	way := shortest(vs)
	w.bits(uint64(way), 8)
	if way >= fixed {
		for _, v := range vs {
			w.bits(v, way-fixed)
		}
		return
	}
	for _, v := range vs {
		q := v>>way + 1
		n := bits.Len64(q) - 1
		w.bits(0, n)
		w.bits(1, 1)
		w.bits(q, n)
		w.bits(v, way)
	}
}

// shortest picks how to write a column, from how many numbers have how many bits.
func shortest(vs []uint64) (way int) {
	var of [maxWidth + 1]int
	width := 0
	for _, v := range vs {
		n := bits.Len64(v)
		of[n]++
		width = max(width, n)
	}
	way, least := fixed+width, width*len(vs)
	longer, by := 0, 0 // how many are longer than k, by how many bits
	for k := width - 1; k >= 0; k-- {
		longer += of[k+1]
		by += longer
		if size := (1+k)*len(vs) + 2*by; size < least { // two more for a number of which all upper bits are set
			way, least = k, size
		}
	}
	return way
}

// bitReader reads what bitWriter wrote.
type bitReader struct {
	in   []byte
	held uint64 // its upper n bits come next, the others are 0
	n    int
	none int // how many of the bits taken from in there were none of
}

func (r *bitReader) fill() {
	for r.n <= 64-8 {
		if len(r.in) > 0 {
			r.held |= uint64(r.in[0]) << (64 - 8 - r.n)
			r.in = r.in[1:]
		} else {
			r.none += 8
		}
		r.n += 8
	}
}

// bits reads n bits, at most maxWidth.
func (r *bitReader) bits(n int) uint64 {
	if r.n < n {
		r.fill()
	}
	v := r.held >> (64 - n)
	r.held <<= n
	r.n -= n
	return v
}

// past reports whether more was read than there is.
func (r *bitReader) past() bool { return r.none > r.n }

func (r *bitReader) column() (way int) { return int(r.bits(8)) }

// value reads the next number of a column; of a damaged one it may be any.
func (r *bitReader) value(way int) uint64 {
	if way >= fixed {
		return r.bits(min(way-fixed, maxWidth))
	}
	r.fill()
	n := min(bits.LeadingZeros64(r.held), maxWidth)
	r.bits(n)
	r.bits(1)
	q := uint64(1)<<n | r.bits(n)
	return (q-1)<<way | r.bits(min(way, maxWidth))
}

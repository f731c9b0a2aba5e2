package fixblock

import (
	"errors"
	"math/bits"
)

// coder is an adaptive binary range coder. One method serves both ways: when
// it writes, the value given is coded and returned; when it reads, the value
// given means nothing and the one read is returned. What uses it is written
// once, so that reading cannot differ from writing.
//
// The method is that of G. N. N. Martin, "Range encoding" (1979), for bits, with
// the carry held back as Subbotin and others do.
type coder struct {
	reading bool
	rng     uint32
	share   *shares
	block   uint32 // how many were begun: what is of an earlier one is cleared when it is used

	low     uint64 // writing
	held    int    // bytes held back for a carry
	pending byte
	out     []byte

	code uint32 // reading
	in   []byte
	past int // bytes read past the end
}

func (c *coder) startWriting(out []byte, share *shares) {
	*c = coder{rng: 1<<32 - 1, share: share, block: c.block + 1, out: out}
}

func (c *coder) startReading(in []byte, share *shares) {
	*c = coder{reading: true, rng: 1<<32 - 1, share: share, block: c.block + 1, in: in}
	for range 5 { // the first byte written is always 0
		c.code = c.code<<8 | uint32(c.next())
	}
}

// maxPast is how far a sound stream is read past its end: its last zeros are
// not written.
const maxPast = 8

var errShort = errors.New("it ends early")

func (c *coder) next() byte {
	if len(c.in) == 0 {
		c.past++
		return 0
	}
	b := c.in[0]
	c.in = c.in[1:]
	return b
}

// prob is the state of one bit: how likely it is to be 1, from what it was
// before. The zero value is a half.
type prob struct {
	half uint16 // probability of 0 in 1/65536, with the top bit turned
	seen uint16
}

const (
	topBit = 1 << 15
	most   = 65536 // of a probability
	mostN  = 64    // how many bits are remembered
)

// shares[n] is what the bit after n others changes of the probability.
type shares [mostN + 1]uint32

// After n bits of which k were 1, laplace makes the probability of 1 (k+1)/(n+2):
// the rule of succession. Most probabilities of a block learn from few bits. The
// blocks of version 1 made more of the first ones, and remembered 48.
var laplace, sharesV1 = func() (l, v1 shares) {
	for n := range l {
		l[n] = most / uint32(n+3)
		v1[n] = 2 * most / uint32(2*min(n, 48)+3)
	}
	return l, v1
}()

func (p *prob) learn(p0, bit uint32, share *shares) {
	if bit == 0 {
		p0 += (most - p0) * share[p.seen] >> 16
	} else {
		p0 -= p0 * share[p.seen] >> 16
	}
	p.half = uint16(p0) ^ topBit // a share of what is left never takes it whole: 0 < p0 < most
	if p.seen < mostN {
		p.seen++
	}
}

// bit codes one bit, 0 or 1.
func (c *coder) bit(p *prob, b uint32) uint32 {
	p0 := uint32(p.half ^ topBit)
	bound := c.rng >> 16 * p0
	if c.reading {
		b = 0
		if c.code >= bound {
			b = 1
			c.code -= bound
		}
	} else if b != 0 {
		c.low += uint64(bound)
	}
	if b == 0 {
		c.rng = bound
	} else {
		c.rng -= bound
	}
	p.learn(p0, b, c.share)
	for c.rng < 1<<24 {
		c.shift()
	}
	return b
}

func (c *coder) flag(p *prob, b bool) bool {
	var v uint32
	if b {
		v = 1
	}
	return c.bit(p, v) != 0
}

// plain codes the lowest n bits of v, each as likely as not.
func (c *coder) plain(v uint64, n int) uint64 {
	var got uint64
	for i := n - 1; i >= 0; i-- {
		c.rng >>= 1
		b := v >> i & 1
		if c.reading {
			b = 0
			if c.code >= c.rng {
				b = 1
				c.code -= c.rng
			}
		} else if b != 0 {
			c.low += uint64(c.rng)
		}
		got = got<<1 | b
		if c.rng < 1<<24 {
			c.shift()
		}
	}
	return got
}

// shift moves one byte out or in.
func (c *coder) shift() {
	c.rng <<= 8
	if c.reading {
		c.code = c.code<<8 | uint32(c.next())
		return
	}
	if c.low < 0xff<<24 || c.low >= 1<<32 {
		carry := byte(c.low >> 32)
		c.out = append(c.out, c.pending+carry)
		for ; c.held > 0; c.held-- {
			c.out = append(c.out, 0xff+carry)
		}
		c.pending = byte(c.low >> 24)
	} else {
		c.held++
	}
	c.low = c.low & 0x00ffffff << 8
}

// finish writes what is held back, without the zeros at the end.
func (c *coder) finish() []byte {
	c.rng = 0
	for range 5 {
		c.shift()
	}
	for range 5 { // not more: a stream of zeros ends nowhere
		if n := len(c.out); n > 0 && c.out[n-1] == 0 {
			c.out = c.out[:n-1]
		}
	}
	return c.out
}

// modelled is how many bits below the highest of a number have a probability
// of their own; those below are as likely as not.
const modelled = 6

// numbers is the model of numbers that are small more often than large: how
// many bits, and the upper of them.
type numbers struct {
	block  uint32 // that it is of
	length [16]prob
	longer [64]prob
	bits   [16][1 << modelled]prob
}

const longLength = 15 // from here on the length is in longer

func (c *coder) tree(t []prob, v uint64, n int) uint64 {
	at := uint64(1)
	for i := n - 1; i >= 0; i-- {
		at = at<<1 | uint64(c.bit(&t[at], uint32(v>>i&1)))
	}
	return at - 1<<n
}

func (c *coder) number(m *numbers, v uint64) uint64 {
	if m.block != c.block {
		*m = numbers{block: c.block}
	}
	n := bits.Len64(v)
	short := int(c.tree(m.length[:], uint64(min(n, longLength)), 4))
	if short < longLength {
		n = short
	} else {
		n = longLength + int(c.tree(m.longer[:], uint64(n-longLength), 6))
		n = min(n, 64) // a damaged one may say more
	}
	if n < 2 {
		return uint64(n)
	}
	rest := n - 1
	upper := min(rest, modelled)
	lower := rest - upper
	got := 1<<upper | c.tree(m.bits[short][:], v>>lower&(1<<upper-1), upper)
	return got<<lower | c.plain(v&(1<<lower-1), lower)
}

// signs is numbers with a sign.
type signs struct {
	numbers
	minus [16]prob
}

func (c *coder) signed(m *signs, v int64) int64 {
	if m.block != c.block {
		*m = signs{numbers: numbers{block: c.block}}
	}
	size := uint64(v)
	if v < 0 {
		size = -size
	}
	if size = c.number(&m.numbers, size); size == 0 {
		return 0
	}
	if c.flag(&m.minus[min(bits.Len64(size), 15)], v < 0) {
		return int64(-size)
	}
	return int64(size)
}

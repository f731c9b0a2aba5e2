// Package state is the binary form of what a run holds in memory: the tracker,
// the engine and every detector write themselves out and are read back exactly,
// so that a replay that was killed goes on where its checkpoint was taken.
//
// One method says both ways what there is, so that the two cannot differ. A
// [Coder] that saves appends each value to its bytes, one that loads sets it:
//
//	func (d *Detector) State(c *state.Coder) {
//		state.Slice(c, &d.vessels, func(c *state.Coder, v *vessel) {
//			c.Time(&v.since)
//			state.Int(c, &v.fixes)
//		})
//	}
//
//	c := state.Saving()
//	d.State(c)
//	saved, err := c.Bytes()
//
//	c = state.Loading(saved)
//	d.State(c)
//	err = c.Close()
//
// The first error is kept, and what follows it does nothing. Bytes that are
// damaged give an error and no more memory than they are long times a small factor.
package state

import (
	"encoding/binary"
	"math"
	"time"

	"navicert"
)

// Coder saves or loads. It is not safe for concurrent use.
type Coder struct {
	b       []byte
	loading bool
	err     error
	seen    map[string]string // strings that were read: each is held once
	names   int
}

// Saving returns a coder that saves.
func Saving() *Coder { return &Coder{} }

// Loading returns a coder that loads what another saved.
func Loading(b []byte) *Coder { return &Coder{b: b, loading: true, seen: map[string]string{}} }

// Loads reports whether the coder loads: what can be worked out from the rest
// need not be saved, and is worked out then.
func (c *Coder) Loads() bool { return c.loading && c.err == nil }

// SetNames notes how many names what follows can speak of, by their numbers; Names
// gives it back.
func (c *Coder) SetNames(n int) { c.names = n }

// Names is what SetNames was told last.
func (c *Coder) Names() int { return c.names }

// Err is the first error.
func (c *Coder) Err() error { return c.err }

// Fail makes err the coder's error if it has none, for values that cannot be.
func (c *Coder) Fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Bytes returns what was saved.
func (c *Coder) Bytes() ([]byte, error) { return c.b, c.err }

// Close ends loading: it is an error when bytes are left.
func (c *Coder) Close() error {
	if c.err == nil && len(c.b) > 0 {
		c.err = damaged("%d bytes are left over", len(c.b))
	}
	return c.err
}

func damaged(format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, "load the state of a run", "", format, args...)
}

func (c *Coder) uvarint(v uint64) uint64 {
	if c.err != nil {
		return 0
	}
	if !c.loading {
		c.b = binary.AppendUvarint(c.b, v)
		return v
	}
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.err = damaged("it is cut off or not a state")
		return 0
	}
	c.b = c.b[n:]
	return v
}

// Mark is a word that must stand at this place: it tells of states that were
// written by another version, before their bytes are taken for something else.
func (c *Coder) Mark(word string) {
	got := word
	c.String(&got)
	if c.err == nil && got != word {
		c.err = damaged("it holds %.40q where %q is wanted: another version wrote it", got, word)
	}
}

// Bool saves or loads a truth value.
func (c *Coder) Bool(p *bool) {
	v := uint64(0)
	if *p {
		v = 1
	}
	if v = c.uvarint(v); c.Loads() {
		*p = v != 0
	}
}

// Float saves or loads a number, bit by bit.
func (c *Coder) Float(p *float64) {
	if c.err != nil {
		return
	}
	if !c.loading {
		c.b = binary.LittleEndian.AppendUint64(c.b, math.Float64bits(*p))
		return
	}
	if len(c.b) < 8 {
		c.err = damaged("it is cut off")
		return
	}
	*p = math.Float64frombits(binary.LittleEndian.Uint64(c.b))
	c.b = c.b[8:]
}

// Float32 saves or loads a number of half the size.
func (c *Coder) Float32(p *float32) {
	v := float64(*p)
	if c.Float(&v); c.Loads() {
		*p = float32(v)
	}
}

// Time saves or loads a time, to the nanosecond, in UTC; the zero Time too.
func (c *Coder) Time(p *time.Time) {
	zero := p.IsZero()
	c.Bool(&zero)
	if zero {
		if c.Loads() {
			*p = time.Time{}
		}
		return
	}
	sec, nsec := p.Unix(), int64(p.Nanosecond())
	Int(c, &sec)
	Int(c, &nsec)
	if c.Loads() {
		*p = time.Unix(sec, nsec).UTC()
	}
}

// Position saves or loads a position.
func (c *Coder) Position(p *navicert.Position) {
	c.Float(&p.Lat)
	c.Float(&p.Lon)
}

// String saves or loads a text. Equal texts that are loaded share their bytes.
func (c *Coder) String(p *string) {
	n := c.length(len(*p), 1)
	if c.err != nil {
		return
	}
	if !c.loading {
		c.b = append(c.b, *p...)
		return
	}
	s, ok := c.seen[string(c.b[:n])]
	if !ok {
		s = string(c.b[:n])
		c.seen[s] = s
	}
	*p = s
	c.b = c.b[n:]
}

// length saves or loads how many things of at least size bytes follow, which
// cannot be more than there are bytes for.
func (c *Coder) length(n, size int) int {
	v := c.uvarint(uint64(n))
	if c.Loads() && v > uint64(len(c.b)/size) {
		c.err = damaged("it says that %d things follow in %d bytes", v, len(c.b))
	}
	if c.err != nil {
		return 0
	}
	return int(v)
}

// Integer is what Int takes.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Int saves or loads a whole number of any type.
func Int[T Integer](c *Coder, p *T) {
	v := uint64(*p)
	if T(0)-1 < 0 { // signed: small negative numbers are short too
		i := int64(*p)
		v = uint64(i)<<1 ^ uint64(i>>63)
	}
	v = c.uvarint(v)
	if !c.Loads() {
		return
	}
	if T(0)-1 < 0 {
		v = v>>1 ^ -(v & 1)
	}
	if *p = T(v); uint64(*p) != v && uint64(int64(*p)) != v {
		c.err = damaged("%d does not fit %T", v, *p)
	}
}

// Text saves or loads a value of a string type.
func Text[T ~string](c *Coder, p *T) {
	s := string(*p)
	c.String(&s)
	if c.Loads() {
		*p = T(s)
	}
}

// Opt saves or loads a value that may be unknown.
func Opt[T any](c *Coder, p *navicert.Opt[T], value func(*Coder, *T)) {
	v, known := p.Get()
	c.Bool(&known)
	if known {
		value(c, &v)
	}
	switch {
	case !c.Loads():
	case known:
		*p = navicert.Some(v)
	default:
		*p = navicert.Opt[T]{}
	}
}

// Ptr saves or loads what a pointer points to; nil stays nil.
func Ptr[T any](c *Coder, p **T, value func(*Coder, *T)) {
	there := *p != nil
	c.Bool(&there)
	if c.Loads() {
		*p = nil
		if there {
			*p = new(T)
		}
	}
	if there && *p != nil {
		value(c, *p)
	}
}

// Slice saves or loads a slice; an empty one is loaded as nil.
func Slice[T any](c *Coder, p *[]T, value func(*Coder, *T)) {
	n := c.length(len(*p), 1)
	if c.Loads() {
		*p = nil
	}
	for i := 0; i < n && c.err == nil; i++ {
		if c.loading {
			*p = append(*p, *new(T))
		}
		value(c, &(*p)[i])
	}
}

// Array saves or loads the elements of an array, given as a slice of it.
func Array[T any](c *Coder, a []T, value func(*Coder, *T)) {
	for i := range a {
		value(c, &a[i])
	}
}

// Map saves or loads a map. The keys are written in the order of less, so that
// equal maps give equal bytes.
func Map[K comparable, V any](c *Coder, p *map[K]V, compare func(a, b K) int, key func(*Coder, *K), value func(*Coder, *V)) {
	n := c.length(len(*p), 1)
	if !c.loading {
		for _, k := range sortedKeys(*p, compare) {
			v := (*p)[k]
			key(c, &k)
			value(c, &v)
		}
		return
	}
	if !c.Loads() {
		return
	}
	*p = make(map[K]V, min(n, 1024))
	for i := 0; i < n && c.err == nil; i++ {
		var k K
		var v V
		key(c, &k)
		value(c, &v)
		(*p)[k] = v
	}
	if c.err == nil && len(*p) != n {
		c.err = damaged("a key stands twice")
	}
}

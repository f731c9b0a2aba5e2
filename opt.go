package navicert

import (
	"bytes"
	"encoding/json"
)

// Opt is a value that may be unknown. The zero Opt is unknown; with the JSON
// tag option omitzero an unknown value is left out of the object.
type Opt[T any] struct {
	v  T
	ok bool
}

// Some returns a known value.
func Some[T any](v T) Opt[T] { return Opt[T]{v: v, ok: true} }

// Get returns the value and whether it is known.
func (o Opt[T]) Get() (T, bool) { return o.v, o.ok }

// Known reports whether there is a value.
func (o Opt[T]) Known() bool { return o.ok }

// Or returns the value, or def when it is unknown.
func (o Opt[T]) Or(def T) T {
	if o.ok {
		return o.v
	}
	return def
}

// IsZero reports whether the value is unknown; encoding/json asks it for
// fields tagged omitzero.
func (o Opt[T]) IsZero() bool { return !o.ok }

// MarshalJSON writes the value, or null when it is unknown.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.ok {
		return []byte("null"), nil
	}
	switch v := any(&o.v).(type) { // what a certificate holds by the hundred
	case *float64:
		if b, ok := appendNumber(make([]byte, 0, 24), *v); ok {
			return b, nil
		}
	case *Position:
		if b, ok := appendPosition(make([]byte, 0, 64), *v); ok {
			return b, nil
		}
	}
	return json.Marshal(o.v)
}

// UnmarshalJSON reads a value; null is unknown.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		*o = Opt[T]{}
		return nil
	}
	switch v := any(&o.v).(type) {
	case *float64:
		if f, rest, ok := readNumber(b); ok && len(rest) == 0 {
			*v, o.ok = f, true
			return nil
		}
	case *Position:
		if p, ok := readPosition(b); ok {
			*v, o.ok = p, true
			return nil
		}
	}
	if err := json.Unmarshal(b, &o.v); err != nil {
		return err
	}
	o.ok = true
	return nil
}

package navicert

import (
	"errors"
	"fmt"
	"strings"
)

// Kind sorts errors by what the caller can do about them.
type Kind string

// The error kinds.
const (
	Invalid     Kind = "invalid"     // the input is wrong: correct it
	NotFound    Kind = "not_found"   // what was named does not exist
	Conflict    Kind = "conflict"    // it contradicts what is already held
	Limit       Kind = "limit"       // a stated limit on size, depth or number was passed
	Unsupported Kind = "unsupported" // a format or version this program does not read
	Unavailable Kind = "unavailable" // a file, store or peer could not be reached: try again
)

// Error is a failure that a user can act on: what was being done, to what, why
// it failed and what to do. It prints as one sentence:
//
//	list ofac: sdn.csv line 4411: 9 of 12 columns (is the file cut off?)
type Error struct {
	Kind    Kind
	Op      string // what was being done: "list ofac", "zones import"; may be empty
	Subject string // to what: a file and line, an identifier; may be empty
	Err     error  // why
	Hint    string // what to do; may be empty
}

// Error prints the sentence.
func (e *Error) Error() string {
	var b strings.Builder
	part := func(s string) {
		if b.Len() > 0 && s != "" {
			b.WriteString(": ")
		}
		b.WriteString(s)
	}
	part(e.Op)
	part(e.Subject)
	if e.Err != nil {
		part(e.Err.Error())
	}
	if e.Hint != "" {
		b.WriteString(" (")
		b.WriteString(e.Hint)
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error without a hint; format and args make the cause and may
// wrap one with %w.
func Errorf(kind Kind, op, subject, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Subject: subject, Err: fmt.Errorf(format, args...)}
}

// WithHint returns the error with a hint added.
func (e *Error) WithHint(hint string) *Error {
	c := *e
	c.Hint = hint
	return &c
}

// KindOf returns the kind of the first Error in err's chain, or "" when there
// is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

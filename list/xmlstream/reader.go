// Package xmlstream reads large XML files of records from front to back, in the
// memory that one record takes. It is for lists of a hundred megabytes, on which
// encoding/xml is several times too slow (see the package's benchmark).
//
//	r := xmlstream.New(file, xmlstream.Limits{})
//	root, err := r.Root()            // <sdnList …>, entered
//	for {
//	    n, ok, err := r.Next()       // the opening tag of its next child
//	    if !ok { break }             // </sdnList>
//	    entry, err := r.Element()    // the whole of it, as a tree
//	    name := entry.Find("lastName").Text()
//	}
//	err = r.End()                    // nothing may follow
//
// It is strict. What is not well formed is a *SyntaxError with its line: tags
// that do not match, attributes twice, bare ampersands, bytes that are not
// UTF-8, control characters, a file that ends early or goes on after its root. A
// document type declaration is refused, so no entity is ever defined, fetched or
// expanded. Depth and the size of one record have limits.
//
// Prefixes are part of the names, and namespaces are not resolved: Root gives
// the attributes, among them xmlns, and the caller decides whether it is the
// vocabulary that it reads.
package xmlstream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits bound what a file can make its reader hold. Zero is the default.
type Limits struct {
	Depth   int // of elements in each other; 64
	Element int // bytes of one record, tag, comment or text; 16 MiB
}

const (
	defaultDepth   = 64
	defaultElement = 16 << 20
	firstWindow    = 256 << 10
)

// SyntaxError says what is wrong with a file, and on which line.
type SyntaxError struct {
	Line int
	Text string
	// Ended is set where the file ended before it should: it is cut off.
	Ended bool
	// Limit is set where something is larger or deeper than the limits let it be.
	Limit bool
}

func (e *SyntaxError) Error() string { return e.Text }

// Reader reads one file. It is not safe for concurrent use.
type Reader struct {
	src    io.Reader
	srcErr error
	limits Limits

	buf      []byte // the window; buf[pos:end] is to be read
	pos, end int
	mark     int // where the record being read begins; offsets count from it
	line     int // of buf[0]

	open    []string // names of the elements entered, and of those read by Element
	rooted  bool
	pending bool // Next returned a child that is to be entered, read or skipped
	empty   bool // that child, or the one entered last, has no content: <a/>

	nodes []node
	attrs []attr
	arena []byte // texts that do not stand in the window as they are
	stack []int32
	from  int // where the record stands, counted from the mark
	to    int
}

// New returns a reader of a file.
func New(src io.Reader, limits Limits) *Reader {
	if limits.Depth <= 0 {
		limits.Depth = defaultDepth
	}
	if limits.Element <= 0 {
		limits.Element = defaultElement
	}
	return &Reader{src: src, limits: limits, line: 1, buf: make([]byte, firstWindow)}
}

// Line is the line that is being read.
func (r *Reader) Line() int { return r.line + bytes.Count(r.buf[:r.pos], []byte("\n")) }

func (r *Reader) fail(format string, args ...any) error {
	return &SyntaxError{Line: r.Line(), Text: fmt.Sprintf(format, args...)}
}

// ended is the error of a file that ends where it should not.
func (r *Reader) ended() error {
	if r.srcErr != nil && !errors.Is(r.srcErr, io.EOF) {
		return r.srcErr
	}
	at := "before its first element"
	if n := len(r.open); n > 0 {
		at = "within <" + r.open[n-1] + ">"
	} else if r.rooted {
		at = "within what follows its last element"
	}
	return &SyntaxError{Line: r.Line(), Text: "the file ends " + at, Ended: true}
}

// more reads further bytes into the window; false at the end of the file or
// when it cannot be read. What lies before the record is let go.
func (r *Reader) more() (bool, error) {
	if r.srcErr != nil {
		return false, nil
	}
	if keep := min(r.mark, r.pos); keep > 0 {
		r.line += bytes.Count(r.buf[:keep], []byte("\n"))
		copy(r.buf, r.buf[keep:r.end])
		r.pos, r.end, r.mark = r.pos-keep, r.end-keep, r.mark-keep
	}
	if r.end == len(r.buf) {
		if len(r.buf) >= r.limits.Element {
			return false, &SyntaxError{Line: r.Line(), Text: fmt.Sprintf("one element or text has more than %d bytes", r.limits.Element), Limit: true}
		}
		r.buf = append(r.buf, make([]byte, min(len(r.buf), r.limits.Element-len(r.buf)))...)
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.srcErr = err
		if n > 0 {
			return true, nil
		}
		if err != nil {
			return false, nil
		}
	}
	r.srcErr = io.ErrNoProgress
	return false, nil
}

// need makes n bytes stand in the window from where it is read.
func (r *Reader) need(n int) (bool, error) {
	for r.end-r.pos < n {
		if ok, err := r.more(); !ok {
			return false, err
		}
	}
	return true, nil
}

// Root reads what comes before the root and its opening tag, and enters it. The
// node is good until the next call.
func (r *Reader) Root() (Node, error) {
	r.mark = 0
	if ok, err := r.need(3); err != nil {
		return Node{}, err
	} else if ok && bytes.HasPrefix(r.buf[:r.end], []byte("\ufeff")) {
		r.pos = 3
	}
	if err := r.declaration(); err != nil {
		return Node{}, err
	}
	n, ok, err := r.next()
	if err != nil {
		return n, err
	}
	if !ok {
		return n, r.ended()
	}
	r.rooted = true
	r.Enter()
	return n, nil
}

// Next returns the opening tag of the next child of the element entered last;
// false where that element ends, which leaves it. A child that was returned and
// neither entered nor read is skipped. The node is good until the next call.
func (r *Reader) Next() (Node, bool, error) {
	if r.pending {
		if err := r.Skip(); err != nil {
			return Node{}, false, err
		}
	}
	if r.empty { // the element entered has no content
		r.empty = false
		r.open = r.open[:len(r.open)-1]
		return Node{}, false, nil
	}
	if len(r.open) == 0 {
		return Node{}, false, nil
	}
	return r.next()
}

// next is Next where the place is known.
func (r *Reader) next() (Node, bool, error) {
	for {
		r.mark, r.attrs = r.pos, r.attrs[:0]
		t, err := r.token()
		if err != nil {
			return Node{}, false, err
		}
		switch t.kind {
		case text, cdata:
			if !blank(r.at(t.from, t.to)) {
				return Node{}, false, r.fail("text %q stands between elements", short(r.at(t.from, t.to)))
			}
		case closing:
			name := r.at(t.from, t.to)
			if len(r.open) == 0 || string(name) != r.open[len(r.open)-1] {
				return Node{}, false, r.mismatch(name)
			}
			r.open = r.open[:len(r.open)-1]
			return Node{}, false, nil
		case opening:
			if len(r.open) >= r.limits.Depth {
				return Node{}, false, r.tooDeep()
			}
			r.nodes, r.arena = r.nodes[:0], r.arena[:0]
			r.nodes = append(r.nodes, node{name: t.span, attrs: t.attrs, next: -1, child: -1, last: -1})
			r.pending, r.empty = true, t.empty
			r.from, r.to = int(t.from)-1, r.pos-r.mark
			return Node{r, 0}, true, nil
		case eof:
			if len(r.open) > 0 || !r.rooted {
				return Node{}, false, r.ended()
			}
			return Node{}, false, nil
		}
	}
}

func (r *Reader) mismatch(name []byte) error {
	if len(r.open) == 0 {
		return r.fail("</%s> ends an element that was not begun", short(name))
	}
	return r.fail("</%s> ends <%s>", short(name), r.open[len(r.open)-1])
}

func (r *Reader) tooDeep() error {
	return &SyntaxError{Line: r.Line(), Text: fmt.Sprintf("elements stand more than %d deep in each other", r.limits.Depth), Limit: true}
}

// Enter goes into the child that Next returned: its children come next.
func (r *Reader) Enter() {
	if r.pending {
		r.open = append(r.open, string(Node{r, 0}.Name()))
		r.pending = false
	}
}

// Skip leaves out the child that Next returned, checking that it is well formed.
func (r *Reader) Skip() error {
	depth := len(r.open)
	empty := r.empty
	r.Enter()
	r.empty = false
	if empty {
		r.open = r.open[:depth]
		return nil
	}
	for len(r.open) > depth {
		r.mark, r.attrs = r.pos, r.attrs[:0]
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case eof:
			return r.ended()
		case opening:
			if len(r.open) >= r.limits.Depth {
				return r.tooDeep()
			}
			if !t.empty {
				r.open = append(r.open, string(r.at(t.from, t.to)))
			}
		case closing:
			if name := r.at(t.from, t.to); string(name) != r.open[len(r.open)-1] {
				return r.mismatch(name)
			}
			r.open = r.open[:len(r.open)-1]
		case text, cdata:
		}
	}
	return nil
}

// Element reads the whole of the child that Next returned. The tree is good
// until the next call of any method but Raw and Line.
func (r *Reader) Element() (Node, error) {
	r.pending = false
	if r.empty {
		r.empty = false
		return Node{r, 0}, nil
	}
	outer := len(r.open)
	r.stack = append(r.stack[:0], 0)
	r.open = append(r.open, string(Node{r, 0}.Name()))
	for len(r.stack) > 0 {
		t, err := r.token()
		if err != nil {
			return Node{}, err
		}
		top := r.stack[len(r.stack)-1]
		switch t.kind {
		case eof:
			return Node{}, r.ended()
		case text, cdata:
			r.addText(top, t)
		case opening:
			if outer+len(r.stack) >= r.limits.Depth {
				return Node{}, r.tooDeep()
			}
			i := int32(len(r.nodes))
			r.nodes = append(r.nodes, node{name: t.span, attrs: t.attrs, next: -1, child: -1, last: -1})
			if p := &r.nodes[top]; p.child < 0 {
				p.child, p.last = i, i
			} else {
				r.nodes[p.last].next = i
				p.last = i
			}
			if !t.empty {
				r.stack = append(r.stack, i)
			}
		case closing:
			n := r.nodes[top].name
			if !bytes.Equal(r.at(n.from, n.to), r.at(t.from, t.to)) {
				return Node{}, r.fail("</%s> ends <%s>", short(r.at(t.from, t.to)), short(r.at(n.from, n.to)))
			}
			r.stack = r.stack[:len(r.stack)-1]
		}
	}
	r.open = r.open[:outer]
	r.to = r.pos - r.mark
	return Node{r, 0}, nil
}

// Raw is the record that Element or Next returned last, as it stands in the
// file. It is good as long as the record is.
func (r *Reader) Raw() []byte { return r.buf[r.mark+r.from : r.mark+r.to] }

// End checks that nothing but space and comments follows the root.
func (r *Reader) End() error {
	for {
		r.mark, r.attrs = r.pos, r.attrs[:0]
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case eof:
			if r.srcErr != nil && !errors.Is(r.srcErr, io.EOF) {
				return r.srcErr
			}
			return nil
		case text:
			if blank(r.at(t.from, t.to)) {
				continue
			}
		case opening, closing, cdata:
		}
		return r.fail("something follows the end of the root element")
	}
}

// at is a part of the window; offsets count from the mark.
func (r *Reader) at(from, to uint32) []byte { return r.buf[r.mark+int(from) : r.mark+int(to)] }

// short cuts what is quoted in an error.
func short(b []byte) []byte { return b[:min(len(b), 40)] }

package xmlstream

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"
	"unicode/utf8"
)

// node is an element of the record.
type node struct {
	name, attrs       span
	text              span
	arena             bool // text stands in the arena, not in the window
	hasText           bool
	next, child, last int32 // -1: none
}

// Node is an element of the record that was read last. The zero Node is one
// that is not there: it has no name, no attributes, no text and no children.
type Node struct {
	r *Reader
	i int32
}

// There reports whether the element is there.
func (n Node) There() bool { return n.r != nil }

// Name is the element's name, good as long as the node is.
func (n Node) Name() []byte {
	if n.r == nil {
		return nil
	}
	s := n.r.nodes[n.i].name
	return n.r.at(s.from, s.to)
}

// Is reports whether the element has a name.
func (n Node) Is(name string) bool { return string(n.Name()) == name }

// Attr is the value of an attribute, good as long as the node is; nil when it
// is not there.
func (n Node) Attr(name string) []byte {
	if n.r == nil {
		return nil
	}
	s := n.r.nodes[n.i].attrs
	for _, a := range n.r.attrs[s.from:s.to] {
		if string(n.r.at(a.name.from, a.name.to)) != name {
			continue
		}
		v := n.r.at(a.value.from, a.value.to)
		if bytes.ContainsAny(v, "&\r\n\t") {
			v, _ = decode(nil, v) // it was decoded once without an error
			v = bytes.Map(func(c rune) rune {
				if c == '\n' || c == '\t' {
					return ' '
				}
				return c
			}, v)
		}
		return v
	}
	return nil
}

// Text is the character data that stands directly in the element, without space
// before and behind; good as long as the node is.
func (n Node) Text() []byte {
	if n.r == nil {
		return nil
	}
	d := &n.r.nodes[n.i]
	if !d.hasText {
		return nil
	}
	if d.arena {
		return bytes.TrimSpace(n.r.arena[d.text.from:d.text.to])
	}
	return bytes.TrimSpace(n.r.at(d.text.from, d.text.to))
}

// Find is the first child with a name.
func (n Node) Find(name string) Node {
	for c := range n.Children() {
		if c.Is(name) {
			return c
		}
	}
	return Node{}
}

// Children yields the element's children in their order.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.r == nil {
			return
		}
		for i := n.r.nodes[n.i].child; i >= 0; i = n.r.nodes[i].next {
			if !yield(Node{n.r, i}) {
				return
			}
		}
	}
}

// addText gives a node a further piece of text.
func (r *Reader) addText(i int32, t token) {
	d := &r.nodes[i]
	piece := r.at(t.from, t.to)
	if !d.hasText {
		if t.kind == text && blank(piece) {
			return
		}
		d.hasText = true
		if t.kind == cdata || t.plain {
			d.text = t.span
			return
		}
	}
	before := r.at(d.text.from, d.text.to)
	if d.arena {
		before = r.arena[d.text.from:d.text.to]
	}
	from := len(r.arena)
	r.arena = append(r.arena, before...)
	if t.kind == cdata {
		r.arena = append(r.arena, piece...)
	} else {
		r.arena, _ = decode(r.arena, piece) // token checked it
	}
	d.text, d.arena = span{uint32(from), uint32(len(r.arena))}, true
}

// decode appends b to dst with its references replaced and its line ends made
// one character.
func decode(dst, b []byte) ([]byte, error) {
	for i := 0; i < len(b); {
		switch b[i] {
		case '\r':
			dst = append(dst, '\n')
			if i++; i < len(b) && b[i] == '\n' {
				i++
			}
		case '&':
			end := bytes.IndexByte(b[i:min(len(b), i+12)], ';')
			if end < 0 {
				return dst, fmt.Errorf("an ampersand begins no reference: %q", short(b[i:]))
			}
			c, err := reference(b[i+1 : i+end])
			if err != nil {
				return dst, err
			}
			dst = utf8.AppendRune(dst, c)
			i += end + 1
		default:
			dst = append(dst, b[i])
			i++
		}
	}
	return dst, nil
}

// reference is the character that &name; stands for.
func reference(name []byte) (rune, error) {
	switch string(name) {
	case "amp":
		return '&', nil
	case "lt":
		return '<', nil
	case "gt":
		return '>', nil
	case "apos":
		return '\'', nil
	case "quot":
		return '"', nil
	}
	if digits, ok := bytes.CutPrefix(name, []byte("#")); ok {
		base := 10
		if hex, ok := bytes.CutPrefix(digits, []byte("x")); ok {
			digits, base = hex, 16
		}
		c, err := strconv.ParseUint(string(digits), base, 32)
		switch {
		case err != nil:
		case c == '\n', c == '\t', c == '\r', c >= ' ' && c < 0xd800, c > 0xdfff && c < 0xfffe, c > 0xffff && c <= utf8.MaxRune:
			return rune(c), nil
		}
	}
	return 0, fmt.Errorf("&%s; stands for no character", short(name))
}

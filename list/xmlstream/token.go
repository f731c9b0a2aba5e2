package xmlstream

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

type kind uint8

const (
	eof     kind = iota
	opening      // span is the name
	closing      // span is the name
	text         // span is the text, with its references
	cdata        // span is the text
)

// span is a part of the window, counted from the mark.
type span struct{ from, to uint32 }

type token struct {
	kind kind
	span
	attrs span // of an opening tag: its part of Reader.attrs
	empty bool // <a/>
	plain bool // of a text: nothing in it needs decoding
}

type attr struct{ name, value span }

var errMore = errors.New("the window ends")

var (
	commentOpen, commentClose = []byte("<!--"), []byte("-->")
	cdataOpen, cdataClose     = []byte("<![CDATA["), []byte("]]>")
	piClose                   = []byte("?>")
)

// token reads the next token; comments and processing instructions are checked
// and left out.
func (r *Reader) token() (token, error) {
	for {
		if r.pos == r.end {
			if ok, err := r.more(); !ok {
				if err == nil && r.srcErr != nil && !errors.Is(r.srcErr, io.EOF) {
					err = r.srcErr
				}
				return token{kind: eof}, err
			}
		}
		if r.buf[r.pos] != '<' {
			return r.text()
		}
		if ok, err := r.need(2); !ok {
			return token{}, r.orEnded(err)
		}
		switch r.buf[r.pos+1] {
		case '!':
			t, done, err := r.bang()
			if done || err != nil {
				return t, err
			}
		case '?':
			body, err := r.until(2, piClose)
			if err != nil {
				return token{}, err
			}
			target, _, _ := strings.Cut(string(body[:min(len(body), 8)]), " ")
			if strings.EqualFold(strings.TrimSpace(target), "xml") {
				return token{}, r.fail("an XML declaration stands within the file")
			}
			if err := r.chars(body); err != nil {
				return token{}, err
			}
			r.pos += len(body) + 4
		case '/':
			return r.tag(r.closingTag)
		default:
			return r.tag(r.openingTag)
		}
	}
}

func (r *Reader) orEnded(err error) error {
	if err != nil {
		return err
	}
	return r.ended()
}

// tag parses a tag, from its start again when the window had to grow.
func (r *Reader) tag(parse func() (token, error)) (token, error) {
	for {
		attrs := len(r.attrs)
		t, err := parse()
		if !errors.Is(err, errMore) {
			return t, err
		}
		r.attrs = r.attrs[:attrs]
		if ok, err := r.more(); !ok {
			return token{}, r.orEnded(err)
		}
	}
}

// until returns what stands between skip bytes from here and the mark that ends
// it, and leaves the place where it is.
func (r *Reader) until(skip int, closes []byte) ([]byte, error) {
	from := skip
	for {
		if r.end-r.pos >= from {
			if i := bytes.Index(r.buf[r.pos+from:r.end], closes); i >= 0 {
				return r.buf[r.pos+skip : r.pos+from+i], nil
			}
			from = max(from, r.end-r.pos-len(closes)+1)
		}
		if ok, err := r.more(); !ok {
			return nil, r.orEnded(err)
		}
	}
}

// bang reads a comment or a CDATA section; done says that there is a token.
func (r *Reader) bang() (t token, done bool, err error) {
	if ok, err := r.need(len(cdataOpen)); err != nil {
		return t, false, err
	} else if !ok && !bytes.HasPrefix(r.buf[r.pos:r.end], commentOpen) {
		return t, false, r.ended()
	}
	switch rest := r.buf[r.pos:r.end]; {
	case bytes.HasPrefix(rest, commentOpen):
		body, err := r.until(len(commentOpen), commentClose)
		if err != nil {
			return t, false, err
		}
		if bytes.Contains(body, []byte("--")) || bytes.HasSuffix(body, []byte("-")) {
			return t, false, r.fail("a comment holds --")
		}
		if err := r.chars(body); err != nil {
			return t, false, err
		}
		r.pos += len(commentOpen) + len(body) + len(commentClose)
		return t, false, nil
	case bytes.HasPrefix(rest, cdataOpen):
		body, err := r.until(len(cdataOpen), cdataClose)
		if err != nil {
			return t, false, err
		}
		if err := r.chars(body); err != nil {
			return t, false, err
		}
		from := r.pos - r.mark + len(cdataOpen)
		r.pos += len(cdataOpen) + len(body) + len(cdataClose)
		return token{kind: cdata, span: span{uint32(from), uint32(from + len(body))}}, true, nil
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return t, false, r.fail("the file declares a document type (DTD), which no list does")
	}
	return t, false, r.fail("<! begins neither a comment nor a CDATA section")
}

// text reads character data up to the next tag.
func (r *Reader) text() (token, error) {
	n := 0
	for {
		if i := bytes.IndexByte(r.buf[r.pos+n:r.end], '<'); i >= 0 {
			n += i
			break
		}
		n = r.end - r.pos
		ok, err := r.more()
		if err != nil {
			return token{}, err
		}
		if !ok {
			if r.srcErr != nil && !errors.Is(r.srcErr, io.EOF) {
				return token{}, r.srcErr
			}
			break
		}
	}
	b := r.buf[r.pos : r.pos+n]
	t := token{kind: text, span: span{uint32(r.pos - r.mark), uint32(r.pos - r.mark + n)}, plain: true}
	if !blank(b) {
		if bytes.Contains(b, cdataClose) {
			return t, r.fail("a text holds ]]>")
		}
		if err := r.chars(b); err != nil {
			return t, err
		}
		if bytes.IndexByte(b, '&') >= 0 {
			t.plain = false
			if _, err := decode(nil, b); err != nil {
				return t, r.fail("%s", err)
			}
		}
	}
	if t.plain && bytes.IndexByte(b, '\r') >= 0 {
		t.plain = false
	}
	r.pos += n
	return t, nil
}

// blank reports whether b is nothing but space.
func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// chars checks that b is UTF-8 and holds only what XML 1.0 lets a file hold.
func (r *Reader) chars(b []byte) error {
	ascii := true
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return r.fail("the file holds the control character 0x%02X", c)
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return nil
	}
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n == 1 || c == 0xfffe || c == 0xffff {
			return r.fail("the file is not UTF-8: byte 0x%02X", b[0])
		}
		b = b[n:]
	}
	return nil
}

// nameEnd is where the name that begins at i ends; i where none does. Names are
// ASCII: those of all lists are.
func nameEnd(b []byte, i int) int {
	first := i
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':':
		case i > first && (c >= '0' && c <= '9' || c == '-' || c == '.'):
		default:
			return i
		}
	}
	return i
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

func (r *Reader) closingTag() (token, error) {
	b := r.buf[r.pos:r.end]
	n := nameEnd(b, 2)
	i := space(b, n)
	switch {
	case i == len(b):
		return token{}, errMore
	case n == 2 || b[i] != '>':
		return token{}, r.fail("%q is not a closing tag", short(b[:i+1]))
	}
	at := r.pos - r.mark
	r.pos += i + 1
	return token{kind: closing, span: span{uint32(at + 2), uint32(at + n)}}, nil
}

func (r *Reader) openingTag() (token, error) {
	b := r.buf[r.pos:r.end]
	at := uint32(r.pos - r.mark)
	n := nameEnd(b, 1)
	if n == len(b) {
		return token{}, errMore
	}
	if n == 1 {
		return token{}, r.fail("< begins no element, and is not written &lt;")
	}
	t := token{kind: opening, span: span{at + 1, at + uint32(n)}, attrs: span{from: uint32(len(r.attrs))}}
	for i := n; ; {
		from := space(b, i)
		if from == len(b) {
			return t, errMore
		}
		switch b[from] {
		case '/':
			if from+1 == len(b) {
				return t, errMore
			}
			if b[from+1] != '>' {
				return t, r.fail("/ within <%s>", short(b[1:n]))
			}
			t.empty = true
			from++
			fallthrough
		case '>':
			t.attrs.to = uint32(len(r.attrs))
			r.pos += from + 1
			return t, nil
		}
		end, err := r.attribute(b, i, from, n, t.attrs.from)
		if err != nil {
			return t, err
		}
		i = end
	}
}

// attribute reads name="value" at from, after space that begins at i, and
// returns where it ends.
func (r *Reader) attribute(b []byte, i, from, name int, first uint32) (int, error) {
	tag := short(b[1:name])
	n := nameEnd(b, from)
	eq := space(b, n)
	if eq == len(b) {
		return 0, errMore
	}
	if n == from || from == i || b[eq] != '=' {
		return 0, r.fail("%q within <%s> is no attribute", short(b[from:eq+1]), tag)
	}
	q := space(b, eq+1)
	if q == len(b) {
		return 0, errMore
	}
	if b[q] != '"' && b[q] != '\'' {
		return 0, r.fail("the value of %s within <%s> is not quoted", short(b[from:n]), tag)
	}
	l := bytes.IndexByte(b[q+1:], b[q])
	if l < 0 {
		return 0, errMore
	}
	value := b[q+1 : q+1+l]
	if bytes.IndexByte(value, '<') >= 0 {
		return 0, r.fail("the value of %s within <%s> holds <", short(b[from:n]), tag)
	}
	if err := r.chars(value); err != nil {
		return 0, err
	}
	if bytes.IndexByte(value, '&') >= 0 {
		if _, err := decode(nil, value); err != nil {
			return 0, r.fail("%s", err)
		}
	}
	at := uint32(r.pos - r.mark)
	for _, a := range r.attrs[first:] {
		if bytes.Equal(r.at(a.name.from, a.name.to), b[from:n]) {
			return 0, r.fail("<%s> has %s twice", tag, short(b[from:n]))
		}
	}
	r.attrs = append(r.attrs, attr{
		name:  span{at + uint32(from), at + uint32(n)},
		value: span{at + uint32(q+1), at + uint32(q+1+l)},
	})
	return q + 2 + l, nil
}

// declaration reads <?xml version="1.0" encoding="utf-8"?>, if it is there.
func (r *Reader) declaration() error {
	if ok, err := r.need(6); err != nil {
		return err
	} else if !ok || !bytes.HasPrefix(r.buf[r.pos:r.end], []byte("<?xml")) || !blank(r.buf[r.pos+5:r.pos+6]) {
		if r.end-r.pos >= 2 && (r.buf[r.pos] == 0xfe || r.buf[r.pos] == 0xff || r.buf[r.pos] == 0) {
			return r.fail("the file is not UTF-8")
		}
		return nil
	}
	body, err := r.until(2, piClose)
	if err != nil {
		return err
	}
	if err := r.chars(body); err != nil {
		return err
	}
	decl := string(body)
	if i := strings.Index(decl, "encoding"); i >= 0 {
		v := strings.TrimLeft(decl[i+len("encoding"):], " =\t\r\n")
		if len(v) > 0 {
			v, _, _ = strings.Cut(v[1:], v[:1])
		}
		if !strings.EqualFold(v, "utf-8") && !strings.EqualFold(v, "us-ascii") {
			return r.fail("the file says that its encoding is %q; only UTF-8 is read", short([]byte(v)))
		}
	}
	if !strings.Contains(decl, "version") {
		return r.fail("the XML declaration names no version")
	}
	r.pos += len(body) + 4
	return nil
}

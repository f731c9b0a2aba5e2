// Package record reads lists that are one XML file of records, with
// navicert/list/xmlstream beneath, and says what is wrong with a file in
// sentences with file and line.
//
//	r, err := record.Open(ctx, src, info, search, limit)
//	defer r.Close()
//	root, err := r.Root("CONSOLIDATED_LIST")
//	err = r.Each(func(n xmlstream.Node) error { … })   // the children of the root
//	err = r.End()
//	p.SHA256 = r.SHA256()
package record

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// Reader reads one file. It is not safe for concurrent use.
type Reader struct {
	*list.OneFile
	xml  *xmlstream.Reader
	ctx  context.Context
	rows int
}

// Open finds and opens the file of a publication.
func Open(ctx context.Context, src list.Source, info list.Info, s list.Search, limit int64) (*Reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := list.OpenOne(src, info, s, limit)
	if err != nil {
		return nil, err
	}
	return &Reader{OneFile: f, xml: xmlstream.New(f, xmlstream.Limits{}), ctx: ctx}, nil
}

// Root reads the opening tag of the root and enters it. Its name counts without
// a prefix.
func (r *Reader) Root(name string) (xmlstream.Node, error) {
	root, err := r.xml.Root()
	if err != nil {
		return root, r.sentence(err)
	}
	if Local(root) != name {
		return root, r.Fail(navicert.Invalid, "its root is <%s>, not <%s>", root.Name(), name).
			WithHint("was another file, or an error page, saved in its place?")
	}
	return root, nil
}

// Local is an element's name without its prefix.
func Local(n xmlstream.Node) string {
	name := string(n.Name())
	return name[strings.IndexByte(name, ':')+1:]
}

// Children calls do for the opening tag of each child of the element entered
// last; what do neither enters with Within nor reads is skipped.
func (r *Reader) Children(do func(xmlstream.Node) error) error {
	for {
		n, ok, err := r.xml.Next()
		if err != nil {
			return r.sentence(err)
		}
		if !ok {
			return nil
		}
		if err := do(n); err != nil {
			return err
		}
	}
}

// Enter goes into the child whose opening tag was read last.
func (r *Reader) Enter() { r.xml.Enter() }

// Element reads the whole of the child whose opening tag was read last. It is
// good until the next is read, as is what Raw returns.
func (r *Reader) Element() (xmlstream.Node, error) {
	if r.rows++; r.rows%256 == 0 && r.ctx.Err() != nil {
		return xmlstream.Node{}, r.ctx.Err()
	}
	n, err := r.xml.Element()
	return n, r.sentence(err)
}

// Each calls do with every child of the element entered last, read whole.
func (r *Reader) Each(do func(xmlstream.Node) error) error {
	return r.Children(func(xmlstream.Node) error {
		n, err := r.Element()
		if err != nil {
			return err
		}
		return do(n)
	})
}

// Raw is the record that was read last, verbatim.
func (r *Reader) Raw() string { return string(r.xml.Raw()) }

// End checks that nothing follows the root.
func (r *Reader) End() error { return r.sentence(r.xml.End()) }

// Line is the line that is being read.
func (r *Reader) Line() int { return r.xml.Line() }

// At names the line that is being read.
func (r *Reader) At() string { return fmt.Sprintf("%s line %d", r.Name, r.xml.Line()) }

// Fail is an error at the line that is being read.
func (r *Reader) Fail(kind navicert.Kind, format string, args ...any) *navicert.Error {
	return navicert.Errorf(kind, "list", r.At(), format, args...)
}

func (r *Reader) sentence(err error) error { return Sentence(r.Name, err) }

// Sentence says what an xmlstream.Reader found wrong with a file. Other errors
// it leaves as they are.
func Sentence(file string, err error) error {
	var s *xmlstream.SyntaxError
	if !errors.As(err, &s) {
		return err
	}
	kind, hint := navicert.Invalid, "is the file damaged, or another one saved in its place? fetch it again"
	switch {
	case s.Limit:
		kind, hint = navicert.Limit, "no publication of this list comes near that size: is it the right file?"
	case s.Ended:
		hint = "is the file cut off? fetch it again"
	}
	return navicert.Errorf(kind, "list", fmt.Sprintf("%s line %d", file, s.Line), "%s", s.Text).WithHint(hint)
}

// Text is the text of a child, with each run of space made one blank; "" where
// there is no such child.
func Text(n xmlstream.Node, child string) string {
	return strings.Join(strings.Fields(string(n.Find(child).Text())), " ")
}

// Attr is the value of an attribute as a string.
func Attr(n xmlstream.Node, name string) string { return strings.TrimSpace(string(n.Attr(name))) }

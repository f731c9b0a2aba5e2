package rule

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"navicert"
)

// Limits on the YAML of a pack. The parser takes time with the square of the
// depth and of the number of keys in one mapping, so both are bounded before
// it starts.
const (
	maxDepth       = 24    // collections inside collections
	maxMappingKeys = 100   // keys of one mapping
	maxTokens      = 60000 // in one file
)

// document is a parsed YAML file that errors can point into.
type document struct {
	op, name string
	root     ast.Node
}

// parseYAML reads one document of plain YAML: no anchors, aliases, tags or
// merge keys, so that what a reader sees is what there is.
func parseYAML(op, name string, b []byte) (*document, error) {
	d := &document{op: op, name: name}
	if err := d.checkText(b); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(b))
	if err := d.checkTokens(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, d.yamlError(err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if d.root != nil {
			return nil, d.errorAt(doc.Body, "a second document")
		}
		d.root = doc.Body
	}
	if d.root == nil {
		return nil, navicert.Errorf(navicert.Invalid, op, name, "the file is empty")
	}
	return d, nil
}

// checkText refuses bytes that are not the text of a YAML file.
func (d *document) checkText(b []byte) error {
	line := 1
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return d.errorf(line, 0, "not UTF-8 text")
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r', r == 0x7f:
			return d.errorf(line, 0, "control character %#02x", r)
		}
		i += n
	}
	return nil
}

// checkTokens holds the limits and refuses the parts of YAML that packs do not
// use.
func (d *document) checkTokens(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return navicert.Errorf(navicert.Limit, d.op, d.name, "more than %d tokens", maxTokens)
	}
	var block nesting // by column, outside brackets
	var flow []int    // keys, by open bracket
	line, dashes := 0, 0
	for _, t := range tokens {
		at := t.Position
		if at.Line != line {
			line, dashes = at.Line, 0
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType, token.MappingKeyType:
			return d.errorf(at.Line, at.Column, "packs are plain YAML, without anchors, aliases, tags, merge keys and directives (%s)", t.Value)
		case token.InvalidType:
			return d.errorf(at.Line, at.Column, "not YAML: %s", t.Error)
		case token.SequenceStartType, token.MappingStartType:
			flow = append(flow, 0)
		case token.SequenceEndType, token.MappingEndType:
			if len(flow) > 0 {
				flow = flow[:len(flow)-1]
			}
		case token.SequenceEntryType:
			dashes++
			block.enter(at.Column)
		case token.MappingValueType:
			keys := 0
			if len(flow) > 0 {
				flow[len(flow)-1]++
				keys = flow[len(flow)-1]
			} else if t.Prev != nil {
				keys = block.key(t.Prev.Position.Column)
			}
			if keys > maxMappingKeys {
				return d.limit(at, "more than %d keys in one mapping", maxMappingKeys)
			}
		}
		if len(flow)+len(block)+dashes > maxDepth {
			return d.limit(at, "nested more than %d deep", maxDepth)
		}
	}
	return nil
}

func (d *document) limit(at *token.Position, format string, args ...any) error {
	e := d.errorf(at.Line, at.Column, format, args...)
	e.Kind = navicert.Limit
	return e
}

// nesting is the stack of block collections that are open at a token, each
// with its column and the keys counted in it.
type nesting []struct{ column, keys int }

// enter closes the collections to the right of a column and opens the one
// there, unless it is open.
func (n *nesting) enter(column int) {
	s := *n
	for len(s) > 0 && s[len(s)-1].column > column {
		s = s[:len(s)-1]
	}
	if len(s) == 0 || s[len(s)-1].column < column {
		s = append(s, struct{ column, keys int }{column: column})
	}
	*n = s
}

// key counts a key at a column and returns how many its mapping has.
func (n *nesting) key(column int) int {
	n.enter(column)
	top := &(*n)[len(*n)-1]
	top.keys++
	return top.keys
}

// errorf makes an error at a line and, when it is known, a column.
func (d *document) errorf(line, column int, format string, args ...any) *navicert.Error {
	at := fmt.Sprintf("%s:%d", d.name, line)
	if column > 0 {
		at += fmt.Sprintf(":%d", column)
	}
	return navicert.Errorf(navicert.Invalid, d.op, at, format, args...)
}

// errorAt makes an error at a node.
func (d *document) errorAt(n ast.Node, format string, args ...any) *navicert.Error {
	if n == nil || n.GetToken() == nil {
		return navicert.Errorf(navicert.Invalid, d.op, d.name, format, args...)
	}
	p := n.GetToken().Position
	return d.errorf(p.Line, p.Column, format, args...)
}

// yamlError turns the parser's error, which prints part of the file, into one
// sentence.
func (d *document) yamlError(err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		p := y.GetToken().Position
		return d.errorf(p.Line, p.Column, "not YAML: %s", y.GetMessage())
	}
	return navicert.Errorf(navicert.Invalid, d.op, d.name, "not YAML: %w", err)
}

// find returns the node at a path of keys (string) and indexes (int), or the
// nearest node above it that there is.
func (d *document) find(path ...any) ast.Node {
	n := d.root
	for _, step := range path {
		next := child(n, step)
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

func child(n ast.Node, step any) ast.Node {
	switch step := step.(type) {
	case int:
		if s, ok := n.(*ast.SequenceNode); ok && step < len(s.Values) {
			return s.Values[step]
		}
	case string:
		if m, ok := n.(ast.MapNode); ok {
			for it := m.MapRange(); it.Next(); {
				if it.Key().GetToken().Value == step {
					return it.KeyValue().Value
				}
			}
		}
	}
	return nil
}

// Package ftm reads lists in the FollowTheMoney form that OpenSanctions publishes:
// one JSON object a line, each an entity with a schema and properties that are
// lists.
//
//	{"id":"NK-1","schema":"Vessel","target":true,"properties":{"name":["…"],"imoNumber":["…"]}}
//	{"id":"x","schema":"Sanction","properties":{"entity":["NK-1"],"programId":["…"]}}
//	{"id":"y","schema":"Ownership","properties":{"owner":["NK-2"],"asset":["NK-1"]}}
//
// Two files have it: entities.ftm.json, in which sanctions, addresses, documents
// and ties between entities are lines of their own that name entities by their
// ids, and targets.nested.json, in which they stand within the properties of one
// line for each target. Both are read by the same code, which takes nested
// entities out first.
//
// # What becomes an entry
//
// Persons, organisations, vessels and aircraft that are targets: their line says
// "target", or, where it says nothing, gives a topic or has a sanction. Others are
// parties to links only, and are counted. A wallet or a document becomes an
// identifier of its holder.
//
// # Measures
//
// The form has topics, not measures. What a sanction's provisions say is read;
// without them the programme EU-MARE (the ships of Annex XLII) is a port and
// services ban, any other sanction or the topic "sanction" blocks, "export.control"
// controls exports, "debarment" restricts, and other topics (politicians, crime,
// sanctioned relatives) are watched.
package ftm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
)

// MaxAgeDays is how old the file may be and still show that somebody is not in
// it: OpenSanctions makes it several times a day; a week leaves time for a source
// that is down.
const MaxAgeDays = 7

// Limits: bytes of a file, bytes of a line, entities within each other.
const (
	maxFileBytes = 512 << 20
	maxLine      = 8 << 20
	maxNesting   = 8
)

// Reasons in Publication.Rejected.
const (
	noLineEnd     = "file without a line break behind its last line, after which more may be missing"
	unknownSchema = "entity of a kind that is not read"
	onlyParty     = "party that is no target, kept in links only"
	loose         = "sanction, address, document or tie of an entity that is not in the file"
)

// Format returns the format.
func Format() list.Format { return format{} }

type format struct{}

func (format) Info() list.Info {
	return list.Info{
		Name: "ftm-json", List: "opensanctions", Title: "OpenSanctions (FollowTheMoney entities)",
		Files: "entities.ftm.json or targets.nested.json", MaxAgeDays: MaxAgeDays,
	}
}

var search = list.Search{
	Names: []string{"entities.ftm.json", "targets.nested.json"}, Ending: ".json",
	Is: func(head []byte) bool {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		return bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"schema"`)) && bytes.Contains(line, []byte(`"properties"`))
	},
}

func (format) Recognise(fsys fs.FS) (bool, error) {
	name, err := search.Find(fsys)
	return name != "", err
}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.Info(), src)
	if err := ctx.Err(); err != nil {
		return p, nil, err
	}
	file, err := list.OpenOne(src, f.Info(), search, maxFileBytes)
	if err != nil {
		return p, nil, err
	}
	defer file.Close()
	if p.Date, err = list.DateOf(src, file.Name, ""); err != nil {
		return p, nil, err
	}
	b := builder{pub: &p, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, byID: map[string]*entity{}}
	if err := b.lines(ctx, file); err != nil {
		return p, nil, err
	}
	if err := b.build(ctx, file.Name); err != nil {
		return p, nil, err
	}
	p.SHA256 = file.SHA256()
	p.CountVessels(b.entries)
	return p, b.entries, nil
}

// entity is an object of the file.
type entity struct {
	id, caption, schema string
	target              *bool
	line                int
	row                 string // of one that stands on a line of its own and may become an entry
	props               []property
	top                 bool
	entry               int // index of its entry plus one
}

// property is one that is read, with its values.
type property struct {
	name   string
	values []string
}

// all are the values of a property.
func (e *entity) all(name string) []string {
	for i := range e.props {
		if e.props[i].name == name {
			return e.props[i].values
		}
	}
	return nil
}

// get is the first value of a property, or "".
func (e *entity) get(name string) string {
	if v := e.all(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// mayBeTarget reports whether an entity can become an entry: one of which it is
// not said waits for what its topics and sanctions say.
func (e *entity) mayBeTarget() bool {
	_, ok := kinds[e.schema]
	return ok && (e.target == nil || *e.target)
}

// forget lets go of what is not needed of an entity: all but its name of one
// that becomes no entry and says nothing of others.
func (e *entity) forget() {
	if _, part := parts[e.schema]; part || e.mayBeTarget() {
		return
	}
	if e.caption == "" {
		e.caption = e.get("name")
	}
	e.props = nil
}

// lines reads the file.
func (b *builder) lines(ctx context.Context, file *list.OneFile) error {
	r := bufio.NewReaderSize(file, 64<<10)
	var line []byte
	fail := func(kind navicert.Kind, n int, hint, format string, args ...any) error {
		return navicert.Errorf(kind, "list", fmt.Sprintf("%s line %d", file.Name, n), format, args...).WithHint(hint)
	}
	for n := 1; ; n++ {
		if n%512 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var ended bool
		var err error
		line, ended, err = readLine(r, line[:0])
		switch {
		case errors.Is(err, errLine):
			return fail(navicert.Limit, n, "is it one JSON object a line?", "%w", err)
		case err != nil:
			return err
		}
		text := line
		if n == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		text = bytes.TrimSpace(text)
		if len(text) > 0 {
			if !utf8.Valid(text) {
				return fail(navicert.Invalid, n, "is the file damaged?", "it is not UTF-8")
			}
			e, err := b.object(json.RawMessage(text), n, 0)
			if err != nil {
				return fail(navicert.Invalid, n, "is it one JSON object a line, and is the file whole? fetch it again", "%w", err)
			}
			if e.mayBeTarget() {
				e.row = fields.Row(text)
			}
			if ended {
				b.fields.Rejected.Add(noLineEnd, file.Name)
			}
		}
		if ended {
			return nil
		}
	}
}

var errLine = fmt.Errorf("it has more than %d bytes", maxLine)

// readLine reads a line without its end into a buffer; ended is true for what
// stands behind the last line break.
func readLine(r *bufio.Reader, line []byte) (_ []byte, ended bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, false, errLine
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil:
			return line[:len(line)-1], false, nil
		case !errors.Is(err, io.EOF):
			return nil, false, err
		}
		return line, true, nil
	}
}

// object reads an entity and those within it.
func (b *builder) object(raw json.RawMessage, line, depth int) (*entity, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("entities stand more than %d deep in each other", maxNesting)
	}
	var o struct {
		ID         string                       `json:"id"`
		Caption    string                       `json:"caption"`
		Schema     string                       `json:"schema"`
		Target     *bool                        `json:"target"`
		Properties map[string][]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if o.ID == "" || o.Schema == "" || o.Properties == nil {
		return nil, errors.New("the entity has no id, schema or properties")
	}
	e := &entity{id: o.ID, caption: o.Caption, schema: o.Schema, target: o.Target, line: line, top: depth == 0}
	for _, name := range slices.Sorted(maps.Keys(o.Properties)) { // the order of entities must not differ between readings
		p := property{name: used[name]}
		for _, v := range o.Properties[name] {
			if len(v) > 0 && v[0] == '{' {
				inner, err := b.object(v, line, depth+1)
				if err != nil {
					return nil, err
				}
				p.values = append(p.values, inner.id)
				continue
			}
			var s string
			if err := json.Unmarshal(v, &s); err != nil {
				return nil, fmt.Errorf("property %s: %w", name, err)
			}
			if s = strings.TrimSpace(s); s != "" {
				p.values = append(p.values, s)
			}
		}
		if len(p.values) > 0 && p.name != "" {
			e.props = append(e.props, p)
		}
	}
	e.forget()
	return b.keep(e)
}

// keep holds an entity and returns it as it is held. One on a line of its own
// goes before the same one within another; two lines are two publications.
func (b *builder) keep(e *entity) (*entity, error) {
	known := b.byID[e.id]
	switch {
	case known == nil:
		b.byID[e.id] = e
		b.order = append(b.order, e)
		return e, nil
	case e.top && known.top:
		return nil, fmt.Errorf("entity %s is already on line %d: are two publications in one file?", e.id, known.line)
	case e.top:
		*known = *e
	}
	return known, nil
}

package ofac

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/record"
	"navicert/list/xmlstream"
)

// xmlForm is one of the XML forms of one of the two lists.
type xmlForm struct {
	info    list.Info
	files   []string // names that OFAC gives the file
	cons    bool     // the list of those who are not blocked
	root    string
	spaces  []string // namespaces that OFAC has used for it
	measure list.Measure
	limit   int64 // bytes that the file may have
	read    func(*xmlForm, *document, *builder) error
}

// ofSDN fills in what all forms of the Specially Designated Nationals list have.
func (f *xmlForm) ofSDN(name string, files ...string) *xmlForm {
	f.info = list.Info{Name: name, List: sdnList, Title: sdnTitle, Files: files[0], MaxAgeDays: MaxAgeDays, Dated: true}
	f.files, f.measure, f.limit = files, list.Block, maxXMLBytes
	return f
}

// ofCons likewise of the list of those who are not blocked.
func (f *xmlForm) ofCons(name string, files ...string) *xmlForm {
	f.ofSDN(name, files...)
	f.info.List, f.info.Title, f.cons, f.measure = consList, consTitle, true, list.Restrict
	return f
}

func (f *xmlForm) Info() list.Info { return f.info }

// Recognise finds the file by its names. A folder with a single XML file of
// another name is looked into: its root says which form it is, and "cons" in
// its name that it is the list of those who are not blocked.
func (f *xmlForm) Recognise(fsys fs.FS) (bool, error) {
	name, err := f.find(fsys)
	return name != "", err
}

// unitedNations is a name that the United Nations give their list too.
const unitedNations = "consolidated.xml"

func (f *xmlForm) find(fsys fs.FS) (string, error) {
	var found string
	for _, file := range f.files {
		name, err := list.FindFile(fsys, file)
		switch {
		case err != nil:
			return "", err
		case name != "" && found != "" && name != found:
			return "", navicert.Errorf(navicert.Conflict, "list", file, "the folder holds both %s and %s", found, name).
				WithHint("leave only the one that is meant")
		case name != "" && bytes.Contains(list.Head(fsys, name), []byte("<CONSOLIDATED_LIST")):
			// the United Nations' list has the name consolidated.xml too
		case name != "":
			found = name
		}
	}
	if list.PlainName(found) == unitedNations && !f.is(fsys, found) {
		return "", nil
	}
	if found != "" {
		return found, nil
	}
	return f.sniff(fsys)
}

// sniff looks into the only XML file of a folder.
func (f *xmlForm) sniff(fsys fs.FS) (string, error) {
	dir, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "list", f.files[0], "%w", err)
	}
	var only string
	for _, e := range dir {
		plain := list.PlainName(e.Name())
		if e.IsDir() || !strings.HasSuffix(plain, ".xml") {
			continue
		}
		if only != "" || slices.Contains(officialNames(), plain) {
			return "", nil
		}
		only = e.Name()
	}
	if only == "" || strings.Contains(strings.ToLower(only), "cons") != f.cons {
		return "", nil
	}
	if !f.is(fsys, only) {
		return "", nil
	}
	return only, nil
}

// is reports whether a file's root is the form's. What cannot be opened is not:
// who names the file is told why by the form that is asked to read it.
func (f *xmlForm) is(fsys fs.FS, name string) bool {
	file, err := list.OpenFile(fsys, name, f.limit)
	if err != nil {
		return false
	}
	defer file.Close()
	root, err := xmlstream.New(file, xmlstream.Limits{}).Root()
	return err == nil && root.Is(f.root) && slices.Contains(f.spaces, string(root.Attr("xmlns")))
}

// officialNames are the names of the files of all XML forms.
func officialNames() []string {
	var names []string
	for _, f := range [...]*xmlForm{sdnXML(), consXML(), sdnAdvanced(), consAdvanced(), sdnEnhanced(), consEnhanced()} {
		names = append(names, f.files...)
	}
	return names
}

func (f *xmlForm) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.info, src)
	name, err := f.find(src.FS)
	if err != nil {
		return p, nil, err
	}
	if name == "" {
		return p, nil, navicert.Errorf(navicert.NotFound, "list", f.files[0], "the folder does not hold it").
			WithHint("a publication is the file " + f.info.Files + ", also as .gz, .zst or .zip")
	}
	file, err := list.OpenFile(src.FS, name, f.limit)
	if err != nil {
		return p, nil, err
	}
	defer file.Close()
	d := &document{ctx: ctx, name: name, src: src, pub: &p, hash: sha256.New()}
	d.Reader = xmlstream.New(io.TeeReader(file, d.hash), xmlstream.Limits{})
	b := &builder{
		format: format{info: f.info, measure: f.measure, entries: name}, rejected: &p.Rejected,
		simulated: src.Simulated, flags: map[string]navicert.Flag{}, byID: map[string]int{},
	}
	if err := d.readRoot(f); err != nil {
		return p, nil, err
	}
	if err := f.read(f, d, b); err != nil {
		return p, nil, d.err(err)
	}
	if err := d.End(); err != nil {
		return p, nil, d.err(err)
	}
	if len(b.entries) == 0 {
		return p, nil, navicert.Errorf(navicert.Invalid, "list", name, "it holds no entries")
	}
	if p.SHA256 = hex.EncodeToString(d.hash.Sum(nil)); d.baseSHA256 != "" {
		both := sha256.Sum256([]byte(d.baseSHA256 + "\n" + p.SHA256 + "\n"))
		p.SHA256 = hex.EncodeToString(both[:])
	}
	p.CountVessels(b.entries)
	for i := range b.entries {
		p.Aliases += len(b.entries[i].Aliases)
		p.Addresses += len(b.entries[i].Addresses)
	}
	return p, b.entries, nil
}

// document is a file while it is read.
type document struct {
	*xmlstream.Reader
	ctx        context.Context
	name       string
	src        list.Source
	pub        *list.Publication
	hash       hash.Hash
	rows       int
	baseSHA256 string
	base       string // the version that the file holds only the changes of; "" when it is whole
}

// readRoot checks that the file is of the form.
func (d *document) readRoot(f *xmlForm) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	root, err := d.Root()
	if err != nil {
		return d.err(err)
	}
	space := string(root.Attr("xmlns"))
	switch {
	case !root.Is(f.root):
		return d.fail(navicert.Invalid, "its root is <%s>, not <%s>", root.Name(), f.root).
			WithHint("was another file, or an error page, saved in its place?")
	case !slices.Contains(f.spaces, space):
		return d.fail(navicert.Unsupported, "its vocabulary (xmlns) is %q; read are %s", space, strings.Join(f.spaces, ", ")).
			WithHint("is it another form of the list, or has OFAC changed the form?")
	}
	d.pub.Version = string(root.Attr("Version"))
	d.base = string(root.Attr("DeltaBaseVersion"))
	return nil
}

// published settles the day that the file states.
func (d *document) published(day navicert.Date) (err error) {
	d.pub.Date, err = list.DateOf(d.src, d.name, day)
	return err
}

// each calls do for every child of the element entered last, read whole.
func (d *document) each(do func(xmlstream.Node) error) error {
	for {
		_, ok, err := d.Next()
		if err != nil || !ok {
			return err
		}
		n, err := d.Element()
		if err != nil {
			return err
		}
		if d.rows++; d.rows%512 == 0 && d.ctx.Err() != nil {
			return d.ctx.Err()
		}
		if err := do(n); err != nil {
			return err
		}
	}
}

// sections enters each child of the root that has a reader, and skips others.
func (d *document) sections(readers map[string]func() error) error {
	seen := map[string]bool{}
	for {
		n, ok, err := d.Next()
		if err != nil || !ok {
			return err
		}
		name := string(n.Name())
		if seen[name] {
			return d.fail(navicert.Invalid, "it has <%s> twice", name)
		}
		seen[name] = true
		read := readers[name]
		if read == nil {
			continue
		}
		if err := read(); err != nil {
			return err
		}
	}
}

// fail is an error at the line that is being read.
func (d *document) fail(kind navicert.Kind, format string, args ...any) *navicert.Error {
	return navicert.Errorf(kind, "list", d.at(), format, args...)
}

// at names the line that is being read.
func (d *document) at() string { return d.name + " line " + itoa(d.Line()) }

// err makes a sentence of what the XML reader found wrong.
func (d *document) err(err error) error { return record.Sentence(d.name, err) }

// row is what an entry keeps of its element: the opening tag as it stands in
// the file and the hash of the whole, which would be thousands of bytes.
func (d *document) row() string {
	raw := d.Raw()
	sum := sha256.Sum256(raw)
	return openingTag(raw) + " sha256:" + hex.EncodeToString(sum[:])
}

func openingTag(raw []byte) string {
	if i := slices.Index(raw, '>'); i >= 0 { // no value of these tags holds one
		raw = raw[:i+1]
	}
	return string(raw)
}

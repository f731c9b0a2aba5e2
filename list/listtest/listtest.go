// Package listtest holds the contract that every list format must pass. A
// format and a small sample of its files go in; failures come out through
// testing.T.
//
//	listtest.Run(t, ofac.SDN(), listtest.Sample{FS: os.DirFS("testdata/sample"), Files: []string{"sdn.csv", …}})
package listtest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"navicert"
	"navicert/list"
)

// Sample is a small publication in the format, not compressed.
type Sample struct {
	FS    fs.FS
	Files []string // names of the files that the format reads, the one with the entries first

	// Published is the day that the files themselves state, for a format whose
	// Info says that they do.
	Published navicert.Date
	// Verbatim returns what of an entry's Row must stand in the files as it is:
	// nil is the whole.
	Verbatim func(row string) string
	// Filler is what a file can go on with, as often as one likes, and still be
	// read: a bomb is made of it. Empty is a line of CSV.
	Filler string
	// Endless is set for forms that nothing ends: a file that is cut off between
	// two rows cannot be told from a shorter one. What is then read must be what
	// stands before the cut.
	Endless bool
	// Scattered is set for endless forms in which the rows of an entry do not
	// stand together, so that any entry can lack some after a cut.
	Scattered bool
}

// published is the day given for formats whose files do not state one.
const published = navicert.Date("2001-02-03")

// Run checks a format against the contract of list.Format.
func Run(t *testing.T, f list.Format, s Sample) {
	h := &harness{f: f, sample: s, files: fstest.MapFS{}, names: s.Files, date: s.Published}
	if h.date == "" {
		h.date = published
	}
	for _, name := range s.Files {
		b, err := fs.ReadFile(s.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		h.files[name] = &fstest.MapFile{Data: b}
	}
	var err error
	if h.pub, h.entries, err = h.read(h.files); err != nil {
		t.Fatalf("the sample: %v", err)
	}
	t.Run("info", h.info)
	t.Run("recognise", h.recognise)
	t.Run("one file", h.oneFile)
	t.Run("entries", h.sound)
	t.Run("options", h.options)
	t.Run("repeatable", h.repeatable)
	t.Run("hash", h.hash)
	t.Run("compressed", h.compressed)
	t.Run("truncated", h.truncated)
	t.Run("missing", h.missing)
	t.Run("hostile", h.hostile)
	t.Run("limit", h.limit)
	t.Run("mutated", h.mutated)
	t.Run("cancelled", h.cancelled)
}

type harness struct {
	f       list.Format
	sample  Sample
	date    navicert.Date
	files   fstest.MapFS
	names   []string
	pub     list.Publication
	entries []list.Entry
}

func (h *harness) read(fsys fs.FS) (list.Publication, []list.Entry, error) {
	return h.f.Read(context.Background(), list.Source{FS: fsys, Name: "sample", Options: list.Options{Published: h.date}})
}

// with returns the files with one replaced, or left out when data is nil.
func (h *harness) with(name string, data []byte) fstest.MapFS {
	m := maps.Clone(h.files)
	delete(m, name)
	if data != nil {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

func (h *harness) info(t *testing.T) {
	i := h.f.Info()
	if i.Name == "" || i.List == "" || i.Title == "" || i.Files == "" || i.MaxAgeDays <= 0 {
		t.Errorf("incomplete: %+v", i)
	}
	if i.Dated != (h.sample.Published != "") {
		t.Errorf("dated is %v, the sample states %q", i.Dated, h.sample.Published)
	}
	if strings.ContainsAny(i.List, "@ /\n") {
		t.Errorf("list %q: it must be usable in LIST@DATE", i.List)
	}
}

func (h *harness) recognise(t *testing.T) {
	for _, c := range []struct {
		what  string
		files fstest.MapFS
		want  bool
	}{
		{"sample", h.files, true},
		{"empty folder", fstest.MapFS{}, false},
		{"strange folder", fstest.MapFS{"photo.jpg": {}}, false},
	} {
		if got, err := h.f.Recognise(c.files); got != c.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", c.what, got, err, c.want)
		}
	}
}

// oneFile reads a format of one file through the view that naming the file
// gives.
func (h *harness) oneFile(t *testing.T) {
	if len(h.names) > 1 {
		t.Skip("a publication is several files")
	}
	m := h.with("other.txt", []byte("other"))
	view := list.OnlyFile(m, h.names[0])
	if ok, err := h.f.Recognise(view); !ok || err != nil {
		t.Errorf("recognised %v, %v", ok, err)
	}
	p, entries, err := h.read(view)
	if err != nil {
		t.Fatal(err)
	}
	h.same(t, "one file", p, entries)
}

// sound checks what must hold of any publication that Read returns.
func (h *harness) sound(t *testing.T) {
	if len(h.entries) == 0 {
		t.Fatal("the sample holds no entries")
	}
	if err := Sound(h.pub, h.entries); err != nil {
		t.Error(err)
	}
	var text bytes.Buffer
	for _, n := range h.names {
		text.Write(h.files[n].Data)
	}
	for _, e := range h.entries {
		row := e.Row
		if h.sample.Verbatim != nil {
			row = h.sample.Verbatim(row)
		}
		if row == "" || !bytes.Contains(text.Bytes(), []byte(row)) {
			t.Errorf("entry %s: its row is not verbatim in the files: %q", e.ID, e.Row)
		}
	}
}

// Sound returns what is wrong with a publication that a format read, or nil:
// identifiers twice or missing, kinds that do not exist, numbers that are not
// valid, counts that differ from the entries.
func Sound(p list.Publication, entries []list.Entry) error {
	seen := map[string]bool{}
	var errs []error
	bad := func(e list.Entry, format string, args ...any) {
		errs = append(errs, fmt.Errorf("entry %q: "+format, append([]any{e.ID}, args...)...))
	}
	for _, e := range entries {
		switch {
		case e.ID == "" || seen[e.ID]:
			bad(e, "identifier missing or twice")
		case e.Name == "" || e.Row == "":
			bad(e, "no name or no row")
		case !slices.Contains(list.Kinds(), e.Kind):
			bad(e, "kind %q", e.Kind)
		case !slices.Contains(list.Measures(), e.Measure):
			bad(e, "measure %q", e.Measure)
		case len(e.Measures) > 0 && (len(e.Measures) == 1 || e.Measures[0] != e.Measure):
			bad(e, "measures %q, the strongest %q", e.Measures, e.Measure)
		case e.IMO != 0 && (!e.IMO.Valid() || e.Kind != list.Vessel):
			bad(e, "IMO %s on a %s", e.IMO, e.Kind)
		case e.Simulated != p.Simulated:
			bad(e, "simulated %v in a publication with %v", e.Simulated, p.Simulated)
		}
		seen[e.ID] = true
		for _, a := range e.Aliases {
			if a.Name == "" || a.Kind != list.AKA && a.Kind != list.FKA && a.Kind != list.NKA {
				bad(e, "alias %+v", a)
			}
		}
		for _, m := range e.MMSIs {
			if m == 0 {
				bad(e, "an MMSI that is zero")
			}
		}
		for _, f := range append(append([]navicert.Flag{e.Flag}, e.FormerFlags...), e.Countries...) {
			if f != "" && len(f) != 2 {
				bad(e, "country %q is not an alpha-2 code", f)
			}
		}
	}
	q := p
	q.CountVessels(entries)
	if q.Entries != p.Entries || q.Vessels != p.Vessels || q.WithIMO != p.WithIMO {
		errs = append(errs, fmt.Errorf("publication counts %d entries, %d vessels, %d with IMO; there are %d, %d, %d",
			p.Entries, p.Vessels, p.WithIMO, q.Entries, q.Vessels, q.WithIMO))
	}
	if len(p.SHA256) != 64 || p.List == "" || p.Title == "" || p.Date == "" || p.MaxAgeDays <= 0 {
		errs = append(errs, fmt.Errorf("publication is incomplete: %+v", p))
	}
	return errors.Join(errs...)
}

func (h *harness) options(t *testing.T) {
	day := navicert.Date("2024-02-29")
	if h.sample.Published != "" {
		day = h.sample.Published
	}
	o := list.Options{Published: day, List: "other", Title: "Another", MaxAgeDays: 5, Simulated: true}
	p, entries, err := h.f.Read(context.Background(), list.Source{FS: h.files, Name: "here", Options: o})
	if err != nil {
		t.Fatal(err)
	}
	if p.List != "other" || p.Title != "Another" || p.Date != day || p.MaxAgeDays != 5 || !p.Simulated || p.From != "here" {
		t.Errorf("options not taken: %+v", p)
	}
	if err := Sound(p, entries); err != nil {
		t.Error(err)
	}
	bad := []navicert.Date{"2023-02-29", "yesterday"}
	if h.sample.Published == "" {
		bad = append(bad, "")
	} else {
		bad = append(bad, "1999-12-31") // not what the file states
		p, _, err := h.f.Read(context.Background(), list.Source{FS: h.files, Name: "here"})
		if err != nil || p.Date != h.sample.Published {
			t.Errorf("without a date: %q, %v; the file states %s", p.Date, err, h.sample.Published)
		}
	}
	for _, d := range bad {
		_, _, err := h.f.Read(context.Background(), list.Source{FS: h.files, Name: "here", Options: list.Options{Published: d}})
		if navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("published %q: error %v, want one of kind invalid", d, err)
		}
	}
}

func (h *harness) repeatable(t *testing.T) {
	p, entries, err := h.read(h.files)
	if err != nil {
		t.Fatal(err)
	}
	h.same(t, "second reading", p, entries)
}

func (h *harness) same(t *testing.T, what string, p list.Publication, entries []list.Entry) {
	t.Helper()
	if d := cmp.Diff(h.entries, entries); d != "" {
		t.Errorf("%s: other entries (-first +this):\n%s", what, d)
	}
	if p.SHA256 != h.pub.SHA256 {
		t.Errorf("%s: another hash", what)
	}
}

// hash checks that any change of any file is seen in the hash.
func (h *harness) hash(t *testing.T) {
	for _, name := range h.names {
		data := h.files[name].Data
		changed := 0
		for i := 0; i < len(data); i += 1 + len(data)/200 {
			b := bytes.Clone(data)
			if b[i] < 'a' || b[i] > 'z' {
				continue
			}
			b[i] ^= 0x20
			p, _, err := h.read(h.with(name, b))
			if err != nil {
				continue
			}
			changed++
			if p.SHA256 == h.pub.SHA256 {
				t.Fatalf("%s: byte %d changed, the hash did not", name, i)
			}
		}
		if changed == 0 {
			t.Errorf("%s: no change could be made that is still read", name)
		}
	}
}

func (h *harness) compressed(t *testing.T) {
	pack := map[string]func(io.Writer) io.WriteCloser{
		".gz":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		".zst": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
		".zip": func(w io.Writer) io.WriteCloser { return &zipped{archive: zip.NewWriter(w)} },
	}
	for end, open := range pack {
		m := fstest.MapFS{}
		for _, name := range h.names {
			var b bytes.Buffer
			w := open(&b)
			_, err := w.Write(h.files[name].Data)
			if err = errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			m[strings.ToUpper(name)+end] = &fstest.MapFile{Data: b.Bytes()}
		}
		p, entries, err := h.read(m)
		if err != nil {
			t.Fatalf("%s in capitals: %v", end, err)
		}
		h.same(t, end, p, entries)
		// Cut within its compressed bytes, a file must not be read as a shorter one.
		name := strings.ToUpper(h.names[0]) + end
		whole := m[name].Data
		for _, n := range []int{len(whole) - 1, len(whole) / 2, 20} {
			m[name] = &fstest.MapFile{Data: whole[:n]}
			if _, _, err := h.read(m); err == nil {
				t.Errorf("%s cut to %d of %d compressed bytes was read", name, n, len(whole))
			}
		}
	}
}

// zipped is an archive of one file.
type zipped struct {
	archive *zip.Writer
	file    io.Writer
}

func (z *zipped) Write(p []byte) (int, error) {
	if z.file == nil {
		var err error
		if z.file, err = z.archive.Create("anything"); err != nil {
			return 0, err
		}
	}
	return z.file.Write(p)
}

func (z *zipped) Close() error { return z.archive.Close() }

// truncated cuts each file at every byte. A publication that is then still
// read must hold everything, or say in its rejections that something may lack.
//
// With -short only every 17th byte; of a sample of more than 10,000 bytes 2,500 places.
func (h *harness) truncated(t *testing.T) {
	for _, name := range h.names {
		data := h.files[name].Data
		step := 1
		if len(data) > 10_000 {
			step = 1 + len(data)/2500
		}
		if testing.Short() {
			step *= 17
		}
		for n := 0; n < len(data); n += step {
			p, entries, err := h.read(h.with(name, data[:n]))
			if err != nil {
				wellSaid(t, fmt.Sprintf("%s cut to %d bytes", name, n), err)
				continue
			}
			if serr := Sound(p, entries); serr != nil {
				t.Fatalf("%s cut to %d bytes: %v", name, n, serr)
			}
			if h.sample.Endless && n > 0 && data[n-1] == '\n' && h.prefix(entries) {
				continue
			}
			if !cmp.Equal(entries, h.entries) && !h.tells(p.Rejected) {
				t.Fatalf("%s cut to %d of %d bytes: something is lost and nothing says so", name, n, len(data))
			}
		}
	}
}

// prefix reports whether entries are the first of the sample's. The last may
// lack rows of its own.
func (h *harness) prefix(entries []list.Entry) bool {
	n := len(entries)
	if n == 0 || n > len(h.entries) {
		return false
	}
	for i := range entries {
		if entries[i].ID != h.entries[i].ID || i < n-1 && !h.sample.Scattered && !cmp.Equal(entries[i], h.entries[i]) {
			return false
		}
	}
	return true
}

// tells reports whether anything was rejected beyond what the whole sample has
// rejected.
func (h *harness) tells(got navicert.Tally) bool {
	for _, r := range got.Reasons() {
		if got.Count(r) > h.pub.Rejected.Count(r) {
			return true
		}
	}
	return false
}

// missing leaves each file out: an error, or the same entries.
func (h *harness) missing(t *testing.T) {
	for _, name := range h.names {
		p, entries, err := h.read(h.with(name, nil))
		if err != nil {
			wellSaid(t, "without "+name, err)
			if !strings.Contains(err.Error(), name) {
				t.Errorf("without %s: the error does not name it: %v", name, err)
			}
			continue
		}
		h.same(t, "without "+name, p, entries)
	}
}

// wellSaid checks that an error is a sentence for a user.
func wellSaid(t *testing.T, what string, err error) {
	t.Helper()
	var e *navicert.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: %T is not a navicert.Error: %v", what, err, err)
		return
	}
	if e.Kind == "" || e.Op == "" || e.Subject == "" || strings.ContainsAny(err.Error(), "\n") {
		t.Errorf("%s: kind, operation or subject is missing, or it is not one line: %q", what, err)
	}
}

func (h *harness) hostile(t *testing.T) {
	first := h.names[0]
	for what, data := range map[string][]byte{
		"empty":          {},
		"HTML":           []byte("<!DOCTYPE html><html><body>Access denied</body></html>\n"),
		"zip":            []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"),
		"NUL bytes":      bytes.Repeat([]byte{0}, 1000),
		"UTF-16":         []byte("\xff\xfe1\x00,\x00"),
		"prose":          []byte("The list is being updated. Please come back later.\n"),
		"quotes":         bytes.Repeat([]byte{'"'}, 10001),
		"commas":         bytes.Repeat([]byte{','}, 100000),
		"rows twice":     append(bytes.TrimRight(bytes.Clone(h.files[first].Data), "\x1a"), h.files[first].Data...),
		"gzip of itself": gzipped(t, gzipped(t, h.files[first].Data)),
	} {
		if _, _, err := h.read(h.with(first, data)); err == nil {
			t.Errorf("%s in place of %s was read", what, first)
		} else {
			wellSaid(t, what, err)
		}
	}
}

func gzipped(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// limit feeds a file that decompresses to far more than any list has.
func (h *harness) limit(t *testing.T) {
	if testing.Short() {
		t.Skip("long: not with -short")
	}
	filler := h.sample.Filler
	if filler == "" {
		filler = "1,2,3\n"
	}
	part := gzipped(t, bytes.Repeat([]byte(filler), 66<<20/len(filler)))
	for _, name := range h.names {
		// gzip reads its parts as one, of 1.5 GiB.
		bomb := append(gzipped(t, h.files[name].Data), bytes.Repeat(part, 24)...)
		_, _, err := h.read(h.with(name, bomb))
		if navicert.KindOf(err) != navicert.Limit {
			t.Errorf("a bomb as %s: error %v, want one of kind limit", name, err)
		}
		wellSaid(t, "a bomb as "+name, err)
	}
}

// mutated changes bytes at random: an error or a sound publication.
func (h *harness) mutated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(h.names).Draw(t, "file")
		data := bytes.Clone(h.files[name].Data)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			i := rapid.IntRange(0, len(data)-1).Draw(t, "at")
			data[i] = rapid.SampledFrom([]byte("\x00\x1a\"',;\n\r -0AZ9\xff<>/&=[]{}:")).Draw(t, "byte")
		}
		p, entries, err := h.read(h.with(name, data))
		if err == nil {
			err = Sound(p, entries)
		} else if e := (*navicert.Error)(nil); errors.As(err, &e) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

func (h *harness) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := h.f.Read(ctx, list.Source{FS: h.files, Name: "sample", Options: list.Options{Published: h.date}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

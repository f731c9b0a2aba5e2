package accuracy

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/list/all"
	"navicert/screen"
)

// maxRow is how many rows a file of labelled data may have.
const maxRows = 1_000_000

// rows reads a CSV file of the labelled data, gzipped or not, without its
// header and comments. A file that is not there is noted as absent.
func (b *bench) rows(name string, columns int) ([][]string, error) {
	return b.rowsOf(b.data, name, columns)
}

func (b *bench) rowsOf(fsys fs.FS, name string, columns int) ([][]string, error) {
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		b.report.Absent = append(b.report.Absent, name+" is not there")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fail := func(err error) error { return navicert.Errorf(navicert.Invalid, "measure matching", name, "%w", err) }
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fail(err)
		}
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.Comment = '#'
	var out [][]string
	for {
		row, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fail(err)
		}
		if line, _ := c.FieldPos(0); len(row) < columns || len(out) == maxRows {
			return nil, navicert.Errorf(navicert.Invalid, "measure matching", name, "line %d has %d columns, want %d or more", line, len(row), columns)
		}
		out = append(out, row)
	}
	if len(out) > 0 && name != crossScriptFile {
		out = out[1:]
	}
	return out, nil
}

// heldList is a list of the folder beside the data.
type heldList struct {
	folder  string
	view    *screen.View
	entries []list.Entry
}

// dated is how the folders of lists are named: "ofac-2025-12", "un-2026-02-27".
var dated = regexp.MustCompile(`(\d{4}-\d{2})(-\d{2})?$`)

// list returns the newest publication of a list, or nil when there is none,
// which is noted as absent.
func (b *bench) list(ctx context.Context, name string) (*heldList, error) {
	if h, ok := b.held[name]; ok {
		return h, nil
	}
	h, err := b.newest(ctx, name)
	if err != nil {
		return nil, err
	}
	if h == nil {
		b.report.Absent = append(b.report.Absent, "the list "+name+" is not in the folder lists beside the data, in a folder named for its date")
	}
	b.held[name] = h
	return h, nil
}

func (b *bench) newest(ctx context.Context, name string) (*heldList, error) {
	folders, err := fs.ReadDir(b.lists, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	type choice struct {
		folder, date string
		format       list.Format
	}
	var best choice
	for _, f := range folders {
		date := dated.FindString(f.Name())
		if !f.IsDir() || date == "" || date <= best.date {
			continue
		}
		sub, err := fs.Sub(b.lists, f.Name())
		if err != nil {
			return nil, err
		}
		formats, err := all.Recognise(sub)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(formats, func(f list.Format) bool { return f.Info().List == name }); i >= 0 {
			best = choice{f.Name(), date, formats[i]}
		}
	}
	if best.format == nil {
		return nil, nil
	}
	sub, err := fs.Sub(b.lists, best.folder)
	if err != nil {
		return nil, err
	}
	src := list.Source{FS: sub, Name: best.folder}
	if !best.format.Info().Dated {
		src.Published = navicert.Date((best.date + "-01")[:len("2006-01-02")]) // the day makes no difference to a figure
	}
	p, entries, err := best.format.Read(ctx, src)
	if err != nil {
		return nil, err
	}
	v, err := viewOf(ctx, p, entries)
	if err != nil {
		return nil, err
	}
	return &heldList{best.folder, v, entries}, nil
}

func viewOf(ctx context.Context, p list.Publication, entries []list.Entry) (*screen.View, error) {
	p.CountVessels(entries)
	return screen.New(&memory{p, entries}, nil).At(ctx, screen.When{AsOf: p.Date.Start().Add(12 * time.Hour)})
}

// PullStates says that nothing was ever pulled.
func (*memory) PullStates(context.Context, time.Time) ([]list.PullState, error) { return nil, nil }

// memory is a screen.Store of one publication.
type memory struct {
	pub     list.Publication
	entries []list.Entry
}

// DataVersion returns that nothing changes.
func (*memory) DataVersion(context.Context) (int64, error) { return 1, nil }

// Publications returns the one there is.
func (m *memory) Publications(context.Context) ([]list.Publication, error) {
	return []list.Publication{m.pub}, nil
}

// Entries yields those of the one publication.
func (m *memory) Entries(context.Context, string, navicert.Date) iter.Seq2[list.Entry, error] {
	return func(yield func(list.Entry, error) bool) {
		for _, e := range m.entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// EntryAt returns one entry.
func (m *memory) EntryAt(_ context.Context, _ string, _ navicert.Date, position int) (list.Entry, error) {
	return m.entries[position], nil
}

// sampled returns at most n of the rows, evenly spread.
func sampled(rows [][]string, n int) [][]string {
	if len(rows) <= n {
		return rows
	}
	out := make([][]string, n)
	for i := range out {
		out[i] = rows[i*len(rows)/n]
	}
	return out
}

// asks screens many names of a kind and calls see with the matches of each.
func (h *heldList) asks(ctx context.Context, qs []screen.Query, see func(i int, a *screen.Answer)) error {
	const atOnce = 1000
	for from := 0; from < len(qs); from += atOnce {
		answers, err := h.view.ScreenAll(ctx, qs[from:min(from+atOnce, len(qs))], screen.Options{Limit: 100})
		if err != nil {
			return err
		}
		for i := range answers {
			see(from+i, &answers[i])
		}
	}
	return nil
}

// Package table reads lists that are CSV files with a header row, row by row,
// in the memory that one row takes.
//
//	t := table.New(ctx, file, table.Options{Name: "list.csv", Rejected: &p.Rejected})
//	head, err := t.Header(func(cells []string) bool { return table.Has(cells, "name") })
//	for {
//	    row, ok, err := t.Next()
//	    if !ok { break }
//	    name := row.Get("name")
//	}
//
// It is strict where a file can hide a loss: a row with fewer columns than the
// header, or with something behind its last column, a quotation that does not
// end, bytes that are not UTF-8 and control characters are errors with file and
// line. Empty columns behind the last one are not. A file without a line break
// behind its last row may be cut off within it, which is counted; one that is
// cut off between two rows cannot be told from a shorter one.
package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"navicert"
)

// maxRow is the most bytes that one row may have: fifty times the longest of the
// lists of 2024 to 2026 (20 KB, an entry of the US CSL).
const maxRow = 1 << 20

// noLineEnd is counted when the last row may be cut off.
const noLineEnd = "file without a line break behind its last row, which may be cut off"

// Options say what is read.
type Options struct {
	Name     string          // of the file, for errors
	Comma    rune            // between columns; 0 is a comma
	Rejected *navicert.Tally // where a file that may be cut off is counted
}

// Reader reads one file. It is not safe for concurrent use.
type Reader struct {
	ctx    context.Context
	opts   Options
	tape   *tape
	csv    *csv.Reader
	names  map[string]int
	header []string
	rows   int
}

// New returns a reader of a file.
func New(ctx context.Context, file io.Reader, o Options) *Reader {
	t := &tape{src: file}
	r := csv.NewReader(t)
	if o.Comma != 0 {
		r.Comma = o.Comma
	}
	r.FieldsPerRecord = -1
	return &Reader{ctx: ctx, opts: o, tape: t, csv: r}
}

// Row is one row of the file.
type Row struct {
	Line int
	Raw  string // verbatim, without the line end

	cells []string
	names map[string]int
}

// Get returns the column under a name, see Key, without blanks around it; ""
// where the file has no such column.
func (r Row) Get(name string) string {
	if i, ok := r.names[name]; ok {
		return r.cells[i]
	}
	return ""
}

// Cells are the row's columns, without blanks around them.
func (r Row) Cells() []string { return r.cells }

// Key is a column's name as Get wants it: small letters and digits, with one
// underscore for each run of anything else between them.
func Key(name string) string {
	var b strings.Builder
	gap := false
	for _, c := range strings.ToLower(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(c)
			continue
		}
		gap = true
	}
	return b.String()
}

// Keys are the names of a header row, see Key.
func Keys(cells []string) []string {
	keys := make([]string, len(cells))
	for i, c := range cells {
		keys[i] = Key(c)
	}
	return keys
}

// Header reads up to the header row, which is the first that is accepts, and
// returns its names as in the file. It gives up after five rows. What stands
// before it goes to before.
func (t *Reader) Header(is func(keys []string) bool, before func(Row)) ([]string, error) {
	for range 5 {
		row, ok, err := t.record()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		keys := Keys(row.cells)
		if !is(keys) {
			if before != nil {
				before(row)
			}
			continue
		}
		t.names = make(map[string]int, len(keys))
		last := 0
		for i, k := range keys {
			if k == "" {
				continue
			}
			if _, twice := t.names[k]; twice {
				return nil, t.fail(row.Line, "is it two tables side by side?", "two columns are named %q", k)
			}
			t.names[k], last = i, i
		}
		t.header = row.cells[:last+1]
		return t.header, nil
	}
	return nil, navicert.Errorf(navicert.Invalid, "list", t.opts.Name, "its first rows hold no header with the columns of this list").
		WithHint("is it another file, or an error page saved in its place?")
}

// Next returns the next row; false at the end of the file.
func (t *Reader) Next() (Row, bool, error) {
	row, ok, err := t.record()
	if err != nil || !ok {
		return row, false, err
	}
	t.rows++
	n := len(t.header)
	if len(row.cells) < n {
		return row, false, t.fail(row.Line, "is the file cut off or damaged?", "%d of %d columns", len(row.cells), n)
	}
	for i, c := range row.cells[n:] {
		if c != "" {
			return row, false, t.fail(row.Line, "is a quotation mark missing?", "column %d, %q, is behind the last of the header", n+i+1, short(c))
		}
	}
	row.cells, row.names = row.cells[:n], t.names
	return row, true, nil
}

// Rows is how many rows Next has returned.
func (t *Reader) Rows() int { return t.rows }

// At names a row for a person.
func (t *Reader) At(r Row) string { return fmt.Sprintf("%s line %d", t.opts.Name, r.Line) }

// record reads one row, of any number of columns.
func (t *Reader) record() (Row, bool, error) {
	if t.rows%512 == 0 && t.ctx.Err() != nil {
		return Row{}, false, t.ctx.Err()
	}
	from := t.csv.InputOffset()
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		if t.tape.any && t.tape.last != '\n' {
			t.opts.Rejected.Add(noLineEnd, t.opts.Name)
		}
		return Row{}, false, nil
	}
	if err != nil {
		return Row{}, false, t.readError(err)
	}
	line, _ := t.csv.FieldPos(0)
	row := Row{Line: line, cells: cells}
	row.Raw = strings.Trim(t.tape.cut(from, t.csv.InputOffset()), "\r\n")
	if !utf8.ValidString(row.Raw) {
		return row, false, t.fail(line, "save it as UTF-8", "it is not UTF-8")
	}
	if i := strings.IndexFunc(row.Raw, func(c rune) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' }); i >= 0 {
		return row, false, t.fail(line, "is the file damaged, or not text?", "it holds the control character 0x%02X", row.Raw[i])
	}
	if from == 0 {
		cells[0] = strings.TrimPrefix(cells[0], "\ufeff")
		row.Raw = strings.TrimPrefix(row.Raw, "\ufeff")
		switch {
		case strings.HasPrefix(strings.TrimSpace(row.Raw), "<"):
			return row, false, t.fail(line, "was an error page saved in its place? fetch it again", "it is HTML or XML, not CSV")
		case strings.HasPrefix(row.Raw, "PK"):
			return row, false, t.fail(line, "unpack it", "it is an archive, not CSV")
		}
	}
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return row, true, nil
}

func (t *Reader) fail(line int, hint, format string, args ...any) error {
	return navicert.Errorf(navicert.Invalid, "list", fmt.Sprintf("%s line %d", t.opts.Name, line), format, args...).WithHint(hint)
}

// readError says in a sentence what could not be read.
func (t *Reader) readError(err error) error {
	var p *csv.ParseError
	var e *navicert.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, errRow):
		line := t.csv.InputOffset()
		return navicert.Errorf(navicert.Limit, "list", fmt.Sprintf("%s after byte %d", t.opts.Name, line), "%w", err).
			WithHint("is a quotation mark missing?")
	case !errors.As(err, &p):
		return navicert.Errorf(navicert.Invalid, "list", t.opts.Name, "%w", err)
	case errors.Is(p.Err, csv.ErrQuote) && t.tape.ended:
		return t.fail(p.StartLine, "is the file cut off? fetch it again", "a quoted column does not end")
	}
	return t.fail(p.StartLine, "is the file damaged?", "column %d: %w", p.Column, p.Err)
}

func short(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// errRow is the error of a row that does not end.
var errRow = fmt.Errorf("one row has more than %d bytes", maxRow)

// tape passes a file on and keeps what was not yet cut off it.
type tape struct {
	src   io.Reader
	buf   []byte
	base  int64 // of buf[0] in the file
	last  byte
	any   bool
	ended bool
}

func (t *tape) Read(p []byte) (int, error) {
	if len(t.buf) > maxRow {
		return 0, errRow
	}
	n, err := t.src.Read(p)
	if n > 0 {
		t.buf = append(t.buf, p[:n]...)
		t.last, t.any = p[n-1], true
	}
	t.ended = errors.Is(err, io.EOF)
	return n, err
}

// cut returns the bytes between two offsets and lets go of all before the second.
func (t *tape) cut(from, to int64) string {
	s := string(t.buf[from-t.base : to-t.base])
	rest := copy(t.buf, t.buf[to-t.base:])
	t.buf, t.base = t.buf[:rest], to
	return s
}

// HeadKeys are the names in the first row of a file's first bytes, see Key, for
// a form that is found by them; skip rows stand before it.
func HeadKeys(head []byte, comma rune, skip int) []string {
	for range skip {
		_, rest, ok := bytes.Cut(head, []byte("\n"))
		if !ok {
			return nil
		}
		head = rest
	}
	r := csv.NewReader(bytes.NewReader(head))
	r.Comma = comma
	cells, err := r.Read()
	if err != nil {
		return nil
	}
	return Keys(cells)
}

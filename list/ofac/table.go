package ofac

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"navicert"
)

// table is one file, read whole.
type table struct {
	name string // in its folder
	rows []row
}

// row is one line of a file.
type row struct {
	line int
	raw  string   // verbatim, without the line end
	id   string   // ent_num
	col  []string // all columns; "" where the file has its null
}

// at names the row for a person.
func (t *table) at(r *row) string { return fmt.Sprintf("%s line %d", t.name, r.line) }

// endMark is the byte that ends a complete file (the end-of-file character of
// CP/M, which OFAC's export still writes).
const endMark = 0x1A

// nullText stands for "nothing" in a column, with or without a blank behind.
const nullText = "-0-"

// Reasons in Publication.Rejected that concern whole files.
const (
	noEndMark = "file without its end mark (0x1A): rows may be missing at its end"
	cutNull   = "last column of the file cut short (a null, nothing lost)"
	notUTF8   = "file not in UTF-8, read as Windows-1252"
)

// readTable reads the rows of a file, or fails with file and line. A file
// without its end mark may be cut off between two rows, which nothing in it can
// show: that is counted. One that is cut off within a row is an error.
func readTable(name string, data []byte, columns int, rejected *navicert.Tally) (table, error) {
	t := table{name: name}
	text, complete, err := plainText(name, data, rejected)
	if err != nil {
		return t, err
	}
	if !complete {
		rejected.Add(noEndMark, name)
	}
	t.rows = make([]row, 0, strings.Count(text, "\n")+1)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = columns
	for {
		from := r.InputOffset()
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		last := int(r.InputOffset()) >= len(text)
		if err != nil {
			return t, t.csvError(err, len(rec), columns, last)
		}
		line, _ := r.FieldPos(0)
		row := row{line: line, col: rec, raw: strings.Trim(text[from:r.InputOffset()], "\r\n")}
		if err := t.clean(&row, last && !complete, rejected); err != nil {
			return t, err
		}
		t.rows = append(t.rows, row)
	}
}

// plainText strips the byte order mark and the end mark, and refuses what is
// not text or is text of another kind.
func plainText(name string, data []byte, rejected *navicert.Tally) (text string, complete bool, err error) {
	fail := func(hint, format string, args ...any) (string, bool, error) {
		return "", false, navicert.Errorf(navicert.Invalid, "list", name, format, args...).WithHint(hint)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if end := bytes.TrimRight(data, "\r\n "); bytes.HasSuffix(end, []byte{endMark}) {
		data, complete = bytes.TrimRight(end, "\x1a"), true
	}
	head := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case len(head) == 0:
		return "", complete, nil
	case head[0] == '<':
		return fail("was an error page saved in its place? fetch it again", "it is HTML or XML, not CSV")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return fail("unpack it", "it is a zip archive, not CSV")
	}
	if i := bytes.IndexFunc(data, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }); i >= 0 {
		line := 1 + bytes.Count(data[:i], []byte("\n"))
		return fail("is the file damaged, or not text?", "line %d holds the control character 0x%02X", line, data[i])
	}
	if !utf8.Valid(data) {
		rejected.Add(notUTF8, name)
		if data, err = charmap.Windows1252.NewDecoder().Bytes(data); err != nil {
			return fail("is the file damaged?", "it is neither UTF-8 nor Windows-1252: %w", err)
		}
	}
	return string(data), complete, nil
}

// csvError says in a sentence what encoding/csv found wrong.
func (t *table) csvError(err error, got, want int, last bool) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return navicert.Errorf(navicert.Invalid, "list", t.name, "%w", err)
	}
	e := &navicert.Error{Kind: navicert.Invalid, Op: "list", Subject: fmt.Sprintf("%s line %d", t.name, p.StartLine)}
	switch {
	case errors.Is(p.Err, csv.ErrFieldCount):
		e.Err = fmt.Errorf("%d of %d columns", got, want)
		e.Hint = "is it another file of the set?"
	case errors.Is(p.Err, csv.ErrQuote) && last:
		e.Err = errors.New("a quoted column does not end")
	default:
		e.Err = fmt.Errorf("column %d: %w", p.Column, p.Err)
		e.Hint = "is the file damaged?"
	}
	if last {
		e.Hint = "the last row is cut short: is the file cut off? fetch it again"
	}
	return e
}

// clean checks a row's columns, takes the nulls out and finds its entry number.
// ends is true for the last row of a file that has no end mark.
func (t *table) clean(r *row, ends bool, rejected *navicert.Tally) error {
	fail := func(hint, format string, args ...any) error {
		return navicert.Errorf(navicert.Invalid, "list", t.at(r), format, args...).WithHint(hint)
	}
	for i, c := range r.col {
		switch {
		case strings.TrimRight(c, " ") == nullText:
			r.col[i] = ""
		case strings.ContainsAny(c, "\r\n"):
			return fail("is a quotation mark missing?", "column %d holds a line break", i+1)
		}
	}
	if ends {
		switch lastComma := strings.LastIndexByte(r.raw, ','); r.raw[lastComma+1:] {
		case "":
			return fail("is the file cut off? fetch it again", "the last row ends before its last column")
		case "-", "-0": // texts are quoted, so this can only be the null
			rejected.Add(cutNull, t.at(r))
			r.col[len(r.col)-1] = ""
		}
	}
	id, err := strconv.ParseUint(r.col[0], 10, 32)
	if err != nil || id == 0 {
		hint := ""
		if r.line == 1 {
			hint = "OFAC's files have no header row"
		}
		return fail(hint, "the first column, %s, is not an entry number", strconv.Quote(r.col[0]))
	}
	r.id = strconv.FormatUint(id, 10)
	return nil
}

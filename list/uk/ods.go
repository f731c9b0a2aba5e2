package uk

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/table"
	"navicert/list/xmlstream"
)

// spreadsheet is the type that an OpenDocument table states.
const spreadsheet = "application/vnd.oasis.opendocument.spreadsheet"

// maxCells is the most columns of a row that are looked at; the list has 58, and
// rows are filled up to 16,384 with one repeated empty cell.
const maxCells = 256

func readODS(ctx context.Context, f format, src list.Source, b *builder) error {
	file, err := list.OpenOne(src, f.info, f.search, maxODSBytes)
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	b.pub.SHA256 = file.SHA256()
	content, err := openContent(data, file.Name)
	if err != nil {
		return err
	}
	defer content.Close()
	s := sheet{
		ctx: ctx, name: file.Name, src: src, b: b,
		xml: xmlstream.New(&limited{Reader: content, left: maxODSText}, xmlstream.Limits{Element: 4 << 20}),
	}
	return s.read()
}

// openContent opens the table within an OpenDocument file.
func openContent(data []byte, name string) (io.ReadCloser, error) {
	fail := func(format string, args ...any) (io.ReadCloser, error) {
		return nil, navicert.Errorf(navicert.Invalid, "list", name, format, args...).WithHint("is the file cut off, damaged or of another kind? fetch it again")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fail("it is no OpenDocument file: %w", err)
	}
	if !endsOnce(data) {
		return fail("something stands before or behind the archive that it is")
	}
	var content *zip.File
	for i, z := range archive.File {
		if at, err := z.DataOffset(); i == 0 && (err != nil || z.Name != "mimetype" || at != int64(30+len(z.Name)+len(z.Extra))) {
			return fail("it does not begin with its type")
		}
		if z.Name != "content.xml" {
			continue
		}
		if content != nil {
			return fail("it holds two tables named content.xml")
		}
		content = z
	}
	if content == nil {
		return fail("it holds no content.xml")
	}
	if typ := data[30+len("mimetype"):]; !bytes.HasPrefix(typ, []byte(spreadsheet)) {
		return fail("it is no OpenDocument table")
	}
	r, err := content.Open()
	if err != nil {
		return fail("content.xml: %w", err)
	}
	return r, nil
}

// endsOnce reports whether an archive is the whole of the data, by what its end
// says of the place and size of its directory: of two archives in one file the
// first would be read.
func endsOnce(data []byte) bool {
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	if end < 0 || len(data) < end+22 {
		return false
	}
	number := func(at, n int) int {
		v := 0
		for i := n - 1; i >= 0; i-- {
			v = v<<8 | int(data[end+at+i])
		}
		return v
	}
	size, from, comment := number(12, 4), number(16, 4), number(20, 2)
	return from+size == end && end+22+comment == len(data)
}

// errExpanded is the error of a table that is far larger than its file.
var errExpanded = fmt.Errorf("its table has more than %d bytes when decompressed", int64(maxODSText))

// limited refuses to pass on more than it is let.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errExpanded
	}
	return n, err
}

// sheet reads the first table of a document. The further ones hold the same
// rows, by type of entry.
type sheet struct {
	ctx  context.Context
	name string
	src  list.Source
	b    *builder
	xml  *xmlstream.Reader

	columns map[string]int
	rows    int
	last    string
}

func (s *sheet) read() error {
	if _, err := s.xml.Root(); err != nil {
		return s.sentence(err)
	}
	found, err := s.into("office:body", "office:spreadsheet", "table:table")
	if err != nil {
		return err
	}
	if !found {
		return navicert.Errorf(navicert.Invalid, "list", s.name, "it holds no table")
	}
	var day navicert.Date
	for {
		n, ok, err := s.xml.Next()
		if err != nil {
			return s.sentence(err)
		}
		if !ok {
			break
		}
		if !n.Is("table:table-row") {
			continue
		}
		if n, err = s.xml.Element(); err != nil {
			return s.sentence(err)
		}
		if s.rows++; s.rows%512 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		text, err := s.cells(n)
		if err != nil {
			return s.sentence(err)
		}
		if err := s.row(text, &day); err != nil {
			return err
		}
	}
	if s.columns == nil {
		return navicert.Errorf(navicert.Invalid, "list", s.name, "its first table has no header with the columns of this list")
	}
	return s.drain()
}

// into enters the first element of each name within the other.
func (s *sheet) into(names ...string) (bool, error) {
	for _, name := range names {
		for {
			n, ok, err := s.xml.Next()
			if err != nil || !ok {
				return false, s.sentence(err)
			}
			if n.Is(name) {
				s.xml.Enter()
				break
			}
		}
	}
	return true, nil
}

// drain reads to the end, so that a damaged file is known as one: the sum of the
// compressed bytes is checked there.
func (s *sheet) drain() error {
	for range 3 { // the spreadsheet, the body, the root
		for {
			_, ok, err := s.xml.Next()
			if err != nil {
				return s.sentence(err)
			}
			if !ok {
				break
			}
		}
	}
	return s.sentence(s.xml.End())
}

// row reads a row of the table; rows above the header may state the day.
func (s *sheet) row(text []string, day *navicert.Date) error {
	at := fmt.Sprintf("%s row %d", s.name, s.rows)
	raw := strings.TrimRight(strings.Join(text, "\t"), "\t")
	switch {
	case raw == "":
		return nil
	case s.columns != nil:
		get := func(key string) string {
			if i, ok := s.columns[key]; ok && i < len(text) {
				return strings.TrimSpace(text[i])
			}
			return ""
		}
		return s.b.row(get, raw, at, &s.last)
	}
	keys := table.Keys(text)
	if !isDesignation(keys) {
		if *day == "" {
			*day = s.b.dayIn(table.Row{Raw: raw})
		}
		return nil
	}
	s.columns = map[string]int{}
	for i, k := range keys {
		if _, twice := s.columns[k]; twice && k != "" {
			return navicert.Errorf(navicert.Invalid, "list", at, "two columns are named %q", k)
		}
		s.columns[k] = i
	}
	var err error
	s.b.pub.Date, err = list.DateOf(s.src, s.name, *day)
	return err
}

// cells are the texts of a row. Rows with paragraphs that are more than text
// (runs of blanks, tabs and links are elements) are read by another decoder,
// which keeps their order.
func (s *sheet) cells(row xmlstream.Node) ([]string, error) {
	for _, mark := range [...]string{"<text:s", "<text:tab", "<text:line-break", "<text:a"} {
		if bytes.Contains(s.xml.Raw(), []byte(mark)) {
			return mixedCells(s.xml.Raw())
		}
	}
	var out []string
	for c := range row.Children() {
		if !c.Is("table:table-cell") && !c.Is("table:covered-table-cell") {
			continue
		}
		var lines []string
		for p := range c.Children() {
			if p.Is("text:p") {
				lines = append(lines, string(p.Text()))
			}
		}
		out = repeat(out, strings.Join(lines, "\n"), string(c.Attr("table:number-columns-repeated")))
	}
	return out, nil
}

// repeat appends a cell as often as its attribute says, up to maxCells.
func repeat(cells []string, text, times string) []string {
	n, err := strconv.Atoi(times)
	if err != nil { // it is not there
		n = 1
	}
	for range min(max(n, 1), maxCells-len(cells)) {
		cells = append(cells, text)
	}
	return cells
}

// mixedCells are the texts of a row with elements within its paragraphs.
func mixedCells(raw []byte) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	var out []string
	var text strings.Builder
	var times string
	depth, paragraphs := 0, 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Space + ":" + t.Name.Local {
			case "table:table-cell", "table:covered-table-cell":
				text.Reset()
				times, paragraphs = "", 0
				for _, a := range t.Attr {
					if a.Name.Local == "number-columns-repeated" {
						times = a.Value
					}
				}
			case "text:p":
				if depth++; paragraphs > 0 {
					text.WriteByte('\n')
				}
				paragraphs++
			case "text:s", "text:tab", "text:line-break":
				text.WriteByte(' ')
			}
		case xml.CharData:
			if depth > 0 {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Space + ":" + t.Name.Local {
			case "text:p":
				depth--
			case "table:table-cell", "table:covered-table-cell":
				out = repeat(out, text.String(), times)
			}
		}
	}
}

// sentence says what is wrong with the document.
func (s *sheet) sentence(err error) error {
	var x *xmlstream.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errExpanded), errors.As(err, &x) && x.Limit:
		return navicert.Errorf(navicert.Limit, "list", s.name, "%w", err).WithHint("no publication of this list comes near that size: is it the right file?")
	}
	return navicert.Errorf(navicert.Invalid, "list", s.name, "content.xml: %w", err).WithHint("is the file cut off or damaged? fetch it again")
}

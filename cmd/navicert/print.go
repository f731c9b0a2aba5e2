package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// column is one column of a table or CSV file of records of type T.
type column[T any] struct {
	name string
	text func(T) string
}

// printer writes records of one type in the chosen format: a table and CSV of
// the columns, JSON (one array) and ndjson of the records themselves.
type printer[T any] struct {
	w       *bufio.Writer
	format  string
	columns []column[T]
	csv     *csv.Writer
	rows    [][]string
	flushed bool  // a table has been printed
	widths  []int // of the columns of a table that goes on
	n       int
}

func newPrinter[T any](g *globals, columns ...column[T]) *printer[T] {
	p := &printer[T]{w: bufio.NewWriterSize(g.stdout, 64<<10), format: g.format(), columns: columns}
	if p.format == "csv" {
		p.csv = csv.NewWriter(p.w)
		_ = p.csv.Write(p.header()) // an error stays in the writer until Close
	}
	return p
}

func (p *printer[T]) header() []string {
	h := make([]string, len(p.columns))
	for i, c := range p.columns {
		h[i] = c.name
	}
	return h
}

// print writes one record; a table is held until close.
func (p *printer[T]) print(v T) error {
	p.n++
	switch p.format {
	case "ndjson", "json":
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if p.format == "json" {
			sep := ",\n "
			if p.n == 1 {
				sep = "[\n "
			}
			_, _ = io.WriteString(p.w, sep) // the writer keeps its error
		}
		_, _ = p.w.Write(b)
		if p.format == "ndjson" {
			return p.w.WriteByte('\n')
		}
		return nil
	}
	row := make([]string, len(p.columns))
	for i, c := range p.columns {
		row[i] = c.text(v)
	}
	if p.format == "csv" {
		return p.csv.Write(row)
	}
	p.rows = append(p.rows, row)
	return nil
}

// begin has the next rows be a table of its own.
func (p *printer[T]) begin() { p.widths = nil }

// flush sends what has been printed so far, for streams that pause: of a table
// its next rows. It fails when that did not reach the output.
func (p *printer[T]) flush() error {
	if p.csv != nil {
		p.csv.Flush()
		if err := p.csv.Error(); err != nil {
			return err
		}
	}
	if len(p.rows) > 0 {
		p.goOn()
	}
	return p.w.Flush()
}

// goOn prints rows of a table, below its header or those before.
func (p *printer[T]) goOn() {
	var header []string
	if p.widths == nil {
		header = p.header()
		p.widths = make([]int, len(header))
	}
	for _, row := range append(p.rows, header) {
		for i, cell := range row {
			p.widths[i] = max(p.widths[i], lipgloss.Width(cell))
		}
	}
	for i, cell := range p.rows[0] {
		p.rows[0][i] = cell + strings.Repeat(" ", p.widths[i]-lipgloss.Width(cell))
	}
	printTable(p.w, header, p.rows)
	p.rows, p.flushed = nil, true
}

// close ends the output.
func (p *printer[T]) close() error {
	switch p.format {
	case "json":
		if p.n == 0 {
			_, _ = io.WriteString(p.w, "[")
		}
		_, _ = io.WriteString(p.w, "\n]\n")
	case "csv":
		p.csv.Flush()
		if err := p.csv.Error(); err != nil {
			return err
		}
	case "table":
		switch {
		case len(p.rows) > 0:
			p.goOn()
		case !p.flushed:
			printTable(p.w, p.header(), nil)
		}
	}
	return p.w.Flush()
}

// printTable prints columns, as wide as they must be.
func printTable(w io.Writer, header []string, rows [][]string) {
	t := table.New().Border(lipgloss.NormalBorder()).Headers(header...).Rows(rows...).BorderHeader(header != nil).
		BorderColumn(false).BorderLeft(false).BorderRight(false).BorderTop(false).BorderBottom(false).
		StyleFunc(func(int, int) lipgloss.Style { return lipgloss.NewStyle().PaddingRight(2) })
	fmt.Fprintln(w, t)
}

package table

import (
	"context"

	"navicert"
	"navicert/list"
)

// Form is what tells the tables of one list from others: one file, with a
// header row and below it a row for each entry or part of one.
type Form struct {
	Info   list.Info
	Search list.Search
	Limit  int64                    // bytes that the file may decompress to
	Is     func(keys []string) bool // whether column names are those of the header, see Key

	// Above looks in a row above the header for the day of publication, "" where
	// it says none; nil where the form states no day.
	Above func(Row) navicert.Date
	// Head is told of the names of the columns before the first row; nil for
	// forms whose columns are known.
	Head func(names []string) error
}

// Read calls do for each row of the file of a publication, with what names the
// row for a person, and fills in the publication's day and hash. A file without
// rows is an error.
func (f Form) Read(ctx context.Context, src list.Source, p *list.Publication, do func(r Row, at string) error) error {
	file, err := list.OpenOne(src, f.Info, f.Search, f.Limit)
	if err != nil {
		return err
	}
	defer file.Close()
	t := New(ctx, file, Options{Name: file.Name, Rejected: &p.Rejected})
	var stated navicert.Date
	names, err := t.Header(f.Is, func(r Row) {
		if f.Above != nil && stated == "" {
			stated = f.Above(r)
		}
	})
	if err != nil {
		return err
	}
	if p.Date, err = list.DateOf(src, file.Name, stated); err != nil {
		return err
	}
	if f.Head != nil {
		if err := f.Head(names); err != nil {
			return err
		}
	}
	if err := t.Each(do); err != nil {
		return err
	}
	if t.Rows() == 0 {
		return navicert.Errorf(navicert.Invalid, "list", file.Name, "it holds no rows")
	}
	p.SHA256 = file.SHA256()
	return nil
}

// Each calls do for each row that is left, with what names it for a person.
func (t *Reader) Each(do func(r Row, at string) error) error {
	for {
		r, ok, err := t.Next()
		if err != nil || !ok {
			return err
		}
		if err := do(r, t.At(r)); err != nil {
			return err
		}
	}
}

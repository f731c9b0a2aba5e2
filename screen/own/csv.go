package own

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"navicert"
	"navicert/list"
)

// Limits on a file of facts.
const (
	maxRows = 1_000_000
	maxText = 500 // bytes of one cell
)

const opImport = "ownership import"

var sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Columns are the names that a CSV file's first line may have, in any order.
// owner, owned, kind and source are required; docs/ownership.md says what each
// holds.
func Columns() []string {
	return []string{
		"owner", "owner_kind", "owner_id", "owner_imo", "owner_country",
		"owned", "owned_kind", "owned_id", "owned_imo", "owned_country",
		"kind", "share", "from", "until", "published", "source", "document_sha256",
		"entered_by", "withdrawn", "note", "simulated",
	}
}

// ReadCSV reads facts from a CSV file with a header; name is the file's, for
// messages. A row that says something impossible is counted with its reason
// and line, and the others are used. A file without the required columns, or
// with one that is not known, is refused whole, since a column that is ignored
// may be the one that matters. by answers for the rows that name nobody.
func ReadCSV(r io.Reader, name, by string) (facts []Fact, rejected navicert.Tally, err error) {
	br := bufio.NewReader(r)
	if b, _ := br.Peek(3); bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		_, _ = br.Discard(3)
	}
	cr := csv.NewReader(br)
	cr.FieldsPerRecord = -1
	header, err := cr.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, rejected, navicert.Errorf(navicert.Invalid, opImport, name, "%w", err)
	}
	columns, err := readHeader(header, name)
	if err != nil {
		return nil, rejected, err
	}
	seen := map[string]bool{}
	for {
		record, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return facts, rejected, nil
		}
		if err != nil {
			return nil, rejected, navicert.Errorf(navicert.Invalid, opImport, name, "%w", err).WithHint("nothing was imported")
		}
		line, _ := cr.FieldPos(0)
		at := fmt.Sprintf("%s:%d", name, line)
		if len(facts)+rejected.Total() >= maxRows {
			return nil, rejected, navicert.Errorf(navicert.Limit, opImport, at, "more than %d rows", maxRows)
		}
		if len(record) != len(header) {
			rejected.Add("number of columns", fmt.Sprintf("%s: %d, the header has %d", at, len(record), len(header)))
			continue
		}
		row := row{cells: record, columns: columns}
		f := row.fact(by)
		if row.reason == "" {
			if err := f.Check(); err != nil {
				row.refuse(cause(err), "")
			} else if seen[f.ID()] {
				row.refuse("given twice", f.Owner.Label()+" of "+f.Owned.Label())
			}
		}
		if row.reason != "" {
			rejected.Add(row.reason, strings.TrimSpace(at+" "+row.detail))
			continue
		}
		seen[f.ID()] = true
		facts = append(facts, f)
	}
}

// cause is an error's cause without its operation.
func cause(err error) string {
	if e := (*navicert.Error)(nil); errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}

// readHeader maps column names to places.
func readHeader(header []string, name string) (map[string]int, error) {
	columns := map[string]int{}
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(Columns(), h) {
			return nil, navicert.Errorf(navicert.Invalid, opImport, name+":1", "unknown column %q", h).
				WithHint("known, separated by commas: " + strings.Join(Columns(), ", "))
		}
		if _, twice := columns[h]; twice {
			return nil, navicert.Errorf(navicert.Invalid, opImport, name+":1", "column %q is there twice", h)
		}
		columns[h] = i
	}
	for _, need := range []string{"owner", "owned", "kind", "source"} {
		if _, ok := columns[need]; !ok {
			return nil, navicert.Errorf(navicert.Invalid, opImport, name+":1", "there is no column %s", need)
		}
	}
	return columns, nil
}

// row reads the cells of one line; the first that is wrong gives the reason.
type row struct {
	cells          []string
	columns        map[string]int
	reason, detail string
}

func (r *row) refuse(reason, detail string) {
	if r.reason == "" {
		r.reason, r.detail = reason, detail
	}
}

func (r *row) text(column string) string {
	i, ok := r.columns[column]
	if !ok {
		return ""
	}
	s := strings.Join(strings.Fields(r.cells[i]), " ")
	if len(s) > maxText || !utf8.ValidString(s) {
		r.refuse("text too long or not UTF-8", column)
		return ""
	}
	return s
}

func (r *row) party(side string) Party {
	p := Party{Name: r.text(side), ID: r.text(side + "_id")}
	if k := list.Kind(strings.ToLower(r.text(side + "_kind"))); k != "" {
		if k == "company" {
			k = list.Organization
		}
		if !slices.Contains([]list.Kind{list.Vessel, list.Person, list.Organization, list.Aircraft}, k) {
			r.refuse("kind of party", fmt.Sprintf("%s_kind %q: want vessel, person, organization or aircraft", side, k))
		}
		p.Kind = k
	}
	if s := r.text(side + "_imo"); s != "" {
		imo, err := navicert.ParseIMO(s)
		if err != nil {
			r.refuse("IMO number", cause(err))
		}
		p.IMO = imo
	}
	if s := r.text(side + "_country"); s != "" {
		c, err := navicert.ParseFlag(s)
		if err != nil {
			r.refuse("country", cause(err))
		}
		p.Country = c
	}
	return p
}

func (r *row) instant(column string) navicert.Instant {
	s := r.text(column)
	if s == "" {
		return navicert.Instant{}
	}
	t, err := navicert.ParseInstant(s)
	if err != nil {
		r.refuse("time", column+" "+err.Error())
	}
	return t
}

func (r *row) yes(column string) bool {
	switch s := strings.ToLower(r.text(column)); s {
	case "", "no", "false":
		return false
	case "yes", "true":
		return true
	default:
		r.refuse("yes or no", fmt.Sprintf("%s %q", column, s))
		return false
	}
}

func (r *row) fact(by string) Fact {
	f := Fact{
		Owner: r.party("owner"), Owned: r.party("owned"), Kind: Kind(strings.ToLower(r.text("kind"))),
		From: r.instant("from"), Until: r.instant("until"), Published: r.instant("published"),
		Source: r.text("source"), SHA256: strings.ToLower(r.text("document_sha256")),
		EnteredBy: r.text("entered_by"), Note: r.text("note"), Withdrawn: r.yes("withdrawn"), Simulated: r.yes("simulated"),
	}
	if f.EnteredBy == "" {
		f.EnteredBy = by
	}
	if !slices.Contains(Kinds(), f.Kind) {
		r.refuse("kind", fmt.Sprintf("%q: want owns, controls, manages or owns_or_controls", f.Kind))
	}
	share, known, err := ParseShare(r.text("share"))
	if err != nil {
		r.refuse("share", err.Error())
	} else if known {
		f.Share = navicert.Some(share)
	}
	if f.SHA256 != "" && !sha256Pattern.MatchString(f.SHA256) {
		r.refuse("document hash", "want 64 hexadecimal digits")
	}
	return f
}

// Package watchlist reads a list of one's own: a CSV file with a header row, one
// row for each name to look out for.
//
//	id,type,name,aliases,imo,measure
//	W-1,vessel,EXAMPLE TIDE,OLD TIDE; TIDE I,9074729,watch
//
// Columns are found by their names, in any order and case; see [Columns]. Only
// the name is needed. A column that is not known is counted, and what it holds
// stays in the entry's row. Lists that others publish in this form, such as a
// list's names with identifiers, programmes and aliases, are read too.
//
// An entry without an identifier is known by its IMO number, else by its name.
// Without a type it is a vessel if it has an IMO number, MMSI or call sign, else
// a person or an organisation, which is counted. Without a measure it is watched: nothing is
// prohibited.
package watchlist

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// MaxAgeDays is how old an own list may be and still show that somebody is not
// on it: a year, since it changes when its keeper changes it, and somebody
// should look at it once a year.
const MaxAgeDays = 366

// maxFileBytes is the most that the file may decompress to: forty times the
// largest seen (the names of the SDN list, 1.6 MB).
const maxFileBytes = 64 << 20

// Reasons in Publication.Rejected.
const (
	unknownColumn = "column not known, kept in the rows"
	noType        = "type not given: it may be a person or an organisation"
)

// Format returns the format.
func Format() list.Format { return format{} }

type format struct{}

func (format) Info() list.Info {
	return list.Info{
		Name: "watchlist-csv", List: "watchlist", Title: "Own watch list",
		Files: "watchlist.csv (a table with a column \"name\")", MaxAgeDays: MaxAgeDays,
	}
}

var search = list.Search{
	Names: []string{"watchlist.csv"}, Ending: ".csv",
	Is: func(head []byte) bool { return isHeader(table.HeadKeys(head, ',', 0)) },
}

func (format) Recognise(fsys fs.FS) (bool, error) {
	name, err := search.Find(fsys)
	return name != "", err
}

// isHeader reports whether column names are those of a watch list: one is the
// name, another an identifier or type, and none is a mark of another form.
func isHeader(keys []string) bool {
	var name, other bool
	for _, k := range keys {
		switch column(k) {
		case "name":
			name = true
		case "id", "type", "imo", "mmsi", "aliases", "country", "flag", "programmes", "measure":
			other = true
		}
		if slices.Contains(foreign[:], k) {
			return false
		}
	}
	return name && (other || len(keys) == 1)
}

// foreign are columns by which other forms are known: the US consolidated
// screening list, OpenSanctions, the EU's ships.
var foreign = [...]string{"source_list_url", "entity_number", "schema", "date_of_application", "unique_id", "group_id"}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.Info(), src)
	b := builder{fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, ids: fields.IDs{}}
	form := table.Form{Info: f.Info(), Search: search, Limit: maxFileBytes, Is: isHeader, Head: b.head}
	if err := form.Read(ctx, src, &p, b.row); err != nil {
		return p, nil, err
	}
	p.CountVessels(b.entries)
	p.Aliases, p.Addresses = b.aliases, b.addresses
	return p, b.entries, nil
}

// Columns are the names of columns that are read and, behind each, others that
// mean the same. They are compared in small letters with one underscore for
// anything that is neither letter nor digit: "IMO no." is imo_no.
func Columns() map[string][]string {
	return map[string][]string{
		"id":            {"uid", "entry", "entry_id", "ref", "reference", "number"},
		"type":          {"kind", "entity_type", "sdn_type"},
		"name":          {"full_name", "vessel_name", "ship_name", "company_name", "primary_name"},
		"aliases":       {"alias", "alternate_names", "alt_names", "aka", "also_known_as", "other_names"},
		"former_names":  {"fka", "formerly_known_as", "previous_names", "ex_names"},
		"weak_aliases":  {"weak_aka", "low_quality_aliases"},
		"programmes":    {"programme", "programs", "program", "regime"},
		"measure":       {"measures", "sanction", "sanctions"},
		"legal_basis":   {"basis", "legal_act", "authority"},
		"listed":        {"listed_on", "date_listed", "designated", "designation_date"},
		"imo":           {"imo_number", "imo_no"},
		"mmsi":          {"mmsis"},
		"call_sign":     {"callsign", "call_signs"},
		"flag":          {"flag_state", "vessel_flag"},
		"former_flags":  {"previous_flags", "past_flags"},
		"vessel_type":   {"ship_type"},
		"tonnage":       {"dwt"},
		"grt":           {"gt", "gross_tonnage"},
		"build_year":    {"built", "year_built", "year_of_build"},
		"owner":         {"owners", "vessel_owner"},
		"linked_to":     {"link", "links"},
		"controlled_by": {"operator", "manager"},
		"birth_date":    {"birth_dates", "dob", "date_of_birth", "dates_of_birth"},
		"gender":        {"sex"},
		"country":       {"countries", "nationality", "nationalities", "citizenship"},
		"address":       {"addresses"},
		"identifiers":   {"identifier", "ids", "documents"},
		"remarks":       {"remark", "notes", "note", "comments", "comment"},
	}
}

// column is the name under which a column is read, or "".
func column(key string) string {
	all := Columns()
	if _, ok := all[key]; ok {
		return key
	}
	for name, others := range all {
		if slices.Contains(others, key) {
			return name
		}
	}
	return ""
}

// builder makes entries of rows.
type builder struct {
	fields    fields.Reader
	simulated bool
	ids       fields.IDs

	columns   map[string]string // by name, the column's key in this file
	at        string            // the row that is read, for a person
	entries   []list.Entry
	aliases   int
	addresses int
}

// head finds the columns.
func (b *builder) head(header []string) error {
	b.columns = map[string]string{}
	for _, h := range header {
		key := table.Key(h)
		name := column(key)
		switch first, twice := b.columns[name]; {
		case key == "":
		case name == "":
			b.fields.Rejected.Add(unknownColumn, h)
		case twice:
			return navicert.Errorf(navicert.Invalid, "list", strings.Join(header, ","), "columns %q and %q mean the same, %s", first, key, name).
				WithHint("leave one of them out, or give it another name")
		default:
			b.columns[name] = key
		}
	}
	return nil
}

// get is the text of a column, by the name of Columns.
func (b *builder) get(r table.Row, name string) string { return r.Get(b.columns[name]) }

// parts are the texts of a column that holds several.
func (b *builder) parts(r table.Row, name string) []string { return fields.Split(b.get(r, name), ";|") }

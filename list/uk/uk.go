// Package uk reads the sanctions lists of the United Kingdom: the UK Sanctions
// List in its three forms, and OFSI's Consolidated List of Asset Freeze Targets,
// which was published until January 2026.
//
//	UK-Sanctions-List.csv, .ods   a date, then a table; one row for each
//	                              combination of a designation's names, addresses
//	                              and numbers
//	UK-Sanctions-List.xml         <Designations><DateGenerated/><Designation>…
//	ConList.csv                   "Last Updated,25/01/2024", then a table; one
//	                              row for each name of a group
//
// All state their day. An entry's number is the Unique ID (RUS1234), the same in
// all three forms; in ConList, which is a list of its own, the Group ID.
//
// # Measures
//
// The UK Sanctions List names the measures of each designation; see measures.go
// for what each becomes. For ships they are several, and none is a freeze unless
// it says so. ConList holds asset freeze targets, so every entry of it is
// blocked.
package uk

import (
	"context"
	"io/fs"
	"regexp"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/table"
)

// MaxAgeDays is how old the list may be and still show that somebody is not on
// it. The day that it states is that of its last change. In the ConList of January
// 2024 there are 76 such days in the year before, the longest interval 19 days:
// after three weeks a missed publication is likelier than none.
const MaxAgeDays = 21

// Limits on the bytes of a file: the ODS form of November 2022 has 15 MB (and
// 632 MB of XML within), ConList of January 2024 14 MB.
const (
	maxTextBytes = 512 << 20
	maxODSBytes  = 128 << 20
	maxODSText   = 3 << 29
)

const (
	listName  = "uk"
	listTitle = "UK Sanctions List"
)

// CSV returns the format of the UK Sanctions List as CSV.
func CSV() list.Format {
	return format{
		info: list.Info{
			Name: "uk-csv", List: listName, Title: listTitle, Files: "UK-Sanctions-List.csv", MaxAgeDays: MaxAgeDays, Dated: true,
		},
		search: list.Search{
			Names: []string{"uk-sanctions-list.csv", "uk_sanctions_list.csv"}, Ending: ".csv",
			Is: func(head []byte) bool { return anyHeader(head, isDesignation) },
		},
		read: readCSV,
	}
}

// ODS returns the format of the UK Sanctions List as an OpenDocument table.
func ODS() list.Format {
	return format{
		info: list.Info{
			Name: "uk-ods", List: listName, Title: listTitle, Files: "UK-Sanctions-List.ods", MaxAgeDays: MaxAgeDays, Dated: true,
		},
		search: list.Search{Names: []string{"uk-sanctions-list.ods", "uk_sanctions_list.ods"}},
		read:   readODS,
	}
}

// XML returns the format of the UK Sanctions List as XML.
func XML() list.Format {
	return format{
		info: list.Info{
			Name: "uk-xml", List: listName, Title: listTitle, Files: "UK-Sanctions-List.xml", MaxAgeDays: MaxAgeDays, Dated: true,
		},
		search: list.Search{
			Names: []string{"uk-sanctions-list.xml", "uk_sanctions_list.xml"}, Ending: ".xml",
			Is: func(head []byte) bool { return strings.Contains(string(head), "<Designations") },
		},
		read: readXML,
	}
}

// ConList returns the format of OFSI's Consolidated List as CSV.
func ConList() list.Format {
	return format{
		info: list.Info{
			Name: "uk-ofsi-csv", List: "uk-ofsi", Title: "OFSI Consolidated List of Asset Freeze Targets in the UK",
			Files: "ConList.csv", MaxAgeDays: MaxAgeDays, Dated: true,
		},
		search: list.Search{
			Names: []string{"conlist.csv"}, Ending: ".csv",
			Is: func(head []byte) bool { return anyHeader(head, isGroup) },
		},
		read: readConList,
	}
}

// anyHeader looks for a header in the first three rows of a file.
func anyHeader(head []byte, is func([]string) bool) bool {
	for skip := range 3 {
		if is(table.HeadKeys(head, ',', skip)) {
			return true
		}
	}
	return false
}

type format struct {
	info   list.Info
	search list.Search
	read   func(ctx context.Context, f format, src list.Source, b *builder) error
}

func (f format) Info() list.Info { return f.info }

func (f format) Recognise(fsys fs.FS) (bool, error) {
	name, err := f.search.Find(fsys)
	return name != "", err
}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.info, src)
	if err := ctx.Err(); err != nil {
		return p, nil, err
	}
	b := newBuilder(&p, src)
	if err := f.read(ctx, f, src, b); err != nil {
		return p, nil, err
	}
	entries, err := b.finish()
	if err != nil {
		return p, nil, err
	}
	p.CountVessels(entries)
	return p, entries, nil
}

// dayPattern finds a day in the row above a table: "[Report for: 30-Nov-2022]",
// "Report Date: 21-Nov-2025", "Last Updated,25/01/2024".
var dayPattern = regexp.MustCompile(`\d{1,2}-[A-Z][a-z]{2}-\d{4}|\d{2}/\d{2}/\d{4}`)

// table is the form of a format that is a CSV file.
func (f format) table(b *builder, is func(keys []string) bool) table.Form {
	return table.Form{Info: f.info, Search: f.search, Limit: maxTextBytes, Is: is, Above: b.dayIn}
}

// dayIn is the day that a row above a table states.
func (b *builder) dayIn(r table.Row) navicert.Date {
	m := dayPattern.FindString(r.Raw)
	if m == "" {
		return ""
	}
	return b.fields.Date(m, "2-Jan-2006", "02/01/2006")
}

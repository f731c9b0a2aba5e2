// Package csl reads the Consolidated Screening List of the United States'
// International Trade Administration as CSV: thirteen lists of the Departments of
// the Treasury, Commerce and State in one table.
//
//	consolidated.csv   _id,source,entity_number,type,programs,name,…
//
// It is one list here too: a publication of all of it, in which the first
// programme of an entry is the list it comes from ("SDN", "EL"), and its number
// begins with it ("SDN-36"), since the lists number independently. What is in the
// file differs from day to day, because a list whose source could not be reached
// is left out without a word. So the publication's title says how many entries
// each list has, and a list that should be there and is not is counted among what
// was rejected.
//
// # Measures
//
// SDN blocks. The other lists of the Treasury restrict. Those of Commerce (EL,
// DPL, MEU, UVL) and State (DTC, ISN) control exports.
package csl

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// MaxAgeDays is how old the file may be and still show that somebody is not on
// its lists: it is made daily, and a week leaves time for a source that is down.
const MaxAgeDays = 7

// maxFileBytes is the most that the file may have: seventeen times that of May
// 2025 (15 MB).
const maxFileBytes = 256 << 20

// Reasons in Publication.Rejected.
const (
	missingSource = "list that the file does not hold, of those that it should"
	unknownSource = "list not known, taken for export control"
	noType        = "type not given: it may be a person or an organisation"
)

// source is one of the lists within.
type source struct {
	code    string
	mark    string // in the column "source"
	measure list.Measure
}

// sources are the lists that the file of May 2025 holds.
var sources = [...]source{
	{"SDN", "Specially Designated Nationals", list.Block},
	{"SSI", "Sectoral Sanctions Identifications", list.Restrict},
	{"FSE", "Foreign Sanctions Evaders", list.Restrict},
	{"PLC", "Palestinian Legislative Council", list.Restrict},
	{"CAP", "Capta List", list.Restrict},
	{"MBS", "Non-SDN Menu-Based Sanctions", list.Restrict},
	{"CMIC", "Non-SDN Chinese Military-Industrial", list.Restrict},
	{"EL", "Entity List", list.ExportControl},
	{"DPL", "Denied Persons List", list.ExportControl},
	{"MEU", "Military End User", list.ExportControl},
	{"UVL", "Unverified List", list.ExportControl},
	{"DTC", "ITAR Debarred", list.ExportControl},
	{"ISN", "Nonproliferation Sanctions", list.ExportControl},
}

// Format returns the format.
func Format() list.Format { return format{} }

type format struct{}

func (format) Info() list.Info {
	return list.Info{
		Name: "us-csl-csv", List: "us-csl", Title: "US Consolidated Screening List", Files: "consolidated.csv", MaxAgeDays: MaxAgeDays,
	}
}

var search = list.Search{
	Names: []string{"consolidated.csv"}, Ending: ".csv",
	Is: func(head []byte) bool { return isHeader(table.HeadKeys(head, ',', 0)) },
}

func isHeader(keys []string) bool {
	return slices.Contains(keys, "id") && slices.Contains(keys, "source") && slices.Contains(keys, "source_list_url") && slices.Contains(keys, "name")
}

func (format) Recognise(fsys fs.FS) (bool, error) {
	name, err := search.Find(fsys)
	return name != "", err
}

func (f format) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.Info(), src)
	b := builder{pub: &p, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, ids: fields.IDs{}, counts: map[string]int{}}
	form := table.Form{Info: f.Info(), Search: search, Limit: maxFileBytes, Is: isHeader}
	if err := form.Read(ctx, src, &p, b.row); err != nil {
		return p, nil, err
	}
	b.report(src.Title)
	p.CountVessels(b.entries)
	return p, b.entries, nil
}

// report says which lists the file holds.
func (b *builder) report(title string) {
	var parts []string
	for _, s := range sources {
		n := b.counts[s.code]
		if n == 0 {
			b.fields.Rejected.Add(missingSource, s.code+" "+s.mark)
		}
		parts = append(parts, fmt.Sprintf("%s %d", s.code, n))
	}
	if n := b.counts[other]; n > 0 {
		parts = append(parts, fmt.Sprintf("others %d", n))
	}
	if title == "" {
		b.pub.Title += ": " + strings.Join(parts, ", ")
	}
}

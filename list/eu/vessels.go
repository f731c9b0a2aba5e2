package eu

import (
	"context"
	"io/fs"
	"slices"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// VesselsMaxAgeDays is how old a table of the annex may be. The Union has
// amended the annex several times a year since June 2024; a table that is kept by hand is to be looked at once a month.
const VesselsMaxAgeDays = 31

// annex is the programme of its ships, and their legal basis where a row names
// no act.
const (
	annex      = "Regulation (EU) No 833/2014, Annex XLII"
	annexBasis = "Regulation (EU) No 833/2014, Article 3s and Annex XLII"
)

// Vessels returns the format of the ships of Annex XLII as a table.
func Vessels() list.Format { return vessels{} }

type vessels struct{}

func (vessels) Info() list.Info {
	return list.Info{
		Name: "eu-vessels-csv", List: "eu-vessels", Title: "EU ships without port access and services (Regulation 833/2014, Annex XLII)",
		Files: "eu-vessels.csv (columns name, imo, date_of_application, legal_act)", MaxAgeDays: VesselsMaxAgeDays,
	}
}

var vesselSearch = list.Search{
	Names: []string{"eu-vessels.csv", "eu_vessels.csv"}, Ending: ".csv",
	Is: func(head []byte) bool { return isVessel(table.HeadKeys(head, ',', 0)) },
}

func (vessels) Recognise(fsys fs.FS) (bool, error) {
	name, err := vesselSearch.Find(fsys)
	return name != "", err
}

// isVessel reports whether column names are those of the table.
func isVessel(keys []string) bool {
	return slices.Contains(keys, "name") && slices.Contains(keys, "imo") && slices.Contains(keys, "date_of_application")
}

func (f vessels) Read(ctx context.Context, src list.Source) (list.Publication, []list.Entry, error) {
	p := list.NewPublication(f.Info(), src)
	b := builder{pub: &p, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, ids: fields.IDs{}}
	form := table.Form{Info: f.Info(), Search: vesselSearch, Limit: maxFileBytes, Is: isVessel}
	if err := form.Read(ctx, src, &p, b.vessel); err != nil {
		return p, nil, err
	}
	p.CountVessels(b.entries)
	return p, b.entries, nil
}

// vessel makes an entry of a row of the annex, which gives every ship an IMO
// number.
func (b *builder) vessel(r table.Row, at string) error {
	e := list.Entry{
		Kind: list.Vessel, Name: r.Get("name"), Programmes: []string{annex}, Row: r.Raw, Simulated: b.simulated,
		Flag: b.fields.Flag(r.Get("flag")), Remarks: r.Get("remarks"),
	}
	fields.Measures(&e, []list.Measure{list.PortBan, list.ServicesBan}, list.PortBan)
	fail := func(hint, format string, args ...any) error {
		return navicert.Errorf(navicert.Invalid, "list", at, format, args...).WithHint(hint)
	}
	imo, err := navicert.ParseIMO(r.Get("imo"))
	switch {
	case e.Name == "":
		return fail("", "the ship has no name")
	case err != nil:
		return fail("the annex gives each ship one: look it up there", "%w", err)
	}
	e.IMO, e.ID = imo, "IMO "+imo.String()
	if err := b.ids.Add(e.ID, at, r.Line); err != nil {
		return err
	}
	date := r.Get("date_of_application")
	if date != "" {
		if e.Listed = b.fields.Date(date, "2006-01-02", "2.1.2006", "02/01/2006"); e.Listed == "" {
			return fail("write YYYY-MM-DD", "date of application %q is no day", date)
		}
	}
	if e.LegalBasis = fields.Split(r.Get("legal_act"), ";|"); len(e.LegalBasis) == 0 {
		e.LegalBasis = []string{annexBasis}
	}
	for _, name := range fields.Split(r.Get("aliases"), ";|") {
		b.pub.Aliases++
		b.fields.Alias(&e, list.Alias{Name: name, Kind: list.AKA})
	}
	b.entries = append(b.entries, e)
	return nil
}

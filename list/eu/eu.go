// Package eu reads the sanctions lists of the European Union: the consolidated
// list of those whose assets are frozen (the Financial Sanctions Files, FSF) as
// CSV and as XML, and the ships of Annex XLII of Regulation (EU) No 833/2014 as
// a table of one's own, since the Union publishes those only in its Official
// Journal.
//
//	csvFullSanctionsList.csv      columns separated by semicolons, one row for each
//	                              name, address, date of birth, … of an entity
//	xmlFullSanctionsList_1_1.xml  <export generationDate><sanctionEntity logicalId>
//	eu-vessels.csv                name,imo,date_of_application,legal_act
//
// The first two state their day, and number an entity alike (logicalId). Every
// entity of theirs is blocked; sectoral restrictions and ships are not in them.
// A ship of the annex is not blocked: it may not call at a port of the Union, and
// services to it are prohibited (Article 3s of the regulation).
package eu

import (
	"context"
	"io/fs"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/record"
	"navicert/list/table"
	"navicert/list/xmlstream"
)

// MaxAgeDays is how old a publication may be and still show that somebody is not
// on the list. The day that the files state is that on which they were made, which
// is every day; the acts that the list of January 2024 names were published on 53
// days of the year before. In fourteen days one or two are to be expected.
const MaxAgeDays = 14

// maxFileBytes is the most that a file may have: fourteen times the CSV of
// January 2024 (18 MB).
const maxFileBytes = 256 << 20

// CSV returns the format of the FSF as CSV.
func CSV() list.Format {
	return format{
		info: info("eu-fsf-csv", "csvFullSanctionsList.csv"),
		search: list.Search{
			Names: []string{"csvfullsanctionslist.csv", "csvfullsanctionslist_1_1.csv", "eu-fsf.csv"}, Ending: ".csv",
			Is: func(head []byte) bool { return isEntity(table.HeadKeys(head, ';', 0)) },
		},
		read: readCSV,
	}
}

// XML returns the format of the FSF as XML, version 1.1.
func XML() list.Format {
	return format{
		info: info("eu-fsf-xml", "xmlFullSanctionsList_1_1.xml"),
		search: list.Search{
			Names: []string{"xmlfullsanctionslist_1_1.xml", "xmlfullsanctionslist.xml", "eu-fsf.xml"}, Ending: ".xml",
			Is: func(head []byte) bool { return strings.Contains(string(head), space) },
		},
		read: readXML,
	}
}

func info(name, files string) list.Info {
	return list.Info{
		Name: name, List: "eu-fsf", Title: "EU Consolidated Financial Sanctions List", Files: files, MaxAgeDays: MaxAgeDays, Dated: true,
	}
}

// space is the vocabulary of the XML form.
const space = "http://eu.europa.ec/fpi/fsd/export"

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
	b := builder{pub: &p, fields: fields.Reader{Rejected: &p.Rejected}, simulated: src.Simulated, ids: fields.IDs{}}
	if err := f.read(ctx, f, src, &b); err != nil {
		return p, nil, err
	}
	if len(b.entries) == 0 {
		return p, nil, navicert.Errorf(navicert.Invalid, "list", src.Name, "it holds no entries")
	}
	p.CountVessels(b.entries)
	return p, b.entries, nil
}

// isEntity reports whether column names are those of the FSF.
func isEntity(keys []string) bool {
	return slices.Contains(keys, "entity_logicalid") && slices.Contains(keys, "namealias_wholename") && slices.Contains(keys, "filegenerationdate")
}

func readCSV(ctx context.Context, f format, src list.Source, b *builder) error {
	file, err := list.OpenOne(src, f.info, f.search, maxFileBytes)
	if err != nil {
		return err
	}
	defer file.Close()
	t := table.New(ctx, file, table.Options{Name: file.Name, Comma: ';', Rejected: &b.pub.Rejected})
	if _, err := t.Header(isEntity, nil); err != nil {
		return err
	}
	var stated string
	err = t.Each(func(r table.Row, at string) (err error) {
		switch generated := r.Get("filegenerationdate"); {
		case stated == "":
			stated = generated
			day := b.fields.Date(generated, "02/01/2006", "2006-01-02")
			if b.pub.Date, err = list.DateOf(src, file.Name, day); err != nil {
				return err
			}
		case generated != stated:
			return navicert.Errorf(navicert.Invalid, "list", at, "the row was generated on %q, those before on %q", generated, stated).
				WithHint("are two publications in one file?")
		}
		return b.row(r, at)
	})
	if err != nil {
		return err
	}
	b.pub.SHA256 = file.SHA256()
	return b.close()
}

// attributes gives the values of a part of an entity under the names of the XML
// form, which the columns of the CSV have too, behind a prefix.
type attributes func(name string) string

// row reads a row of the CSV: an entity and one of its parts.
func (b *builder) row(r table.Row, at string) error {
	id := r.Get("entity_logicalid")
	if b.now == nil || b.now.ID != id {
		if err := b.close(); err != nil {
			return err
		}
		if err := b.open(id, r.Get("entity_subjecttype_classificationcode"), at, r.Line); err != nil {
			return err
		}
		b.basis(r.Get("entity_regulation_programme"), r.Get("entity_regulation_numbertitle"))
		b.entity(func(name string) string {
			return r.Get(map[string]string{
				"euReferenceNumber": "entity_eu_referencenumber", "unitedNationId": "entity_unitednationid",
				"designationDate": "entity_designationdate", "designationDetails": "entity_designationdetails",
			}[name])
		})
		b.remark(r.Get("entity_remark"))
	}
	b.now.rows.Add(withoutDay(r))
	part := func(prefix string) attributes {
		return func(name string) string { return r.Get(prefix + "_" + table.Key(name)) }
	}
	if r.Get("namealias_logicalid") != "" {
		b.name(part("namealias"), r.Get("namealias_remark"))
	}
	if r.Get("address_logicalid") != "" {
		b.address(part("address"))
	}
	if r.Get("birthdate_logicalid") != "" {
		b.birth(part("birthdate"))
	}
	if r.Get("citizenship_logicalid") != "" {
		b.citizenship(part("citizenship"))
	}
	if r.Get("identification_logicalid") != "" {
		b.identification(func(name string) string {
			return r.Get(map[string]string{
				"number": "identification_number", "identificationTypeCode": "identification_typecode",
				"identificationTypeDescription": "identification_typedescription", "countryIso2Code": "identification_countryiso2code",
			}[name])
		})
	}
	return nil
}

// withoutDay is a row without its first column, the day on which the file was
// generated: with it each entry would be another one every day.
func withoutDay(r table.Row) string {
	if day, rest, ok := strings.Cut(r.Raw, ";"); ok && strings.TrimSpace(day) == r.Get("filegenerationdate") {
		return rest
	}
	return r.Raw
}

func readXML(ctx context.Context, f format, src list.Source, b *builder) error {
	r, err := record.Open(ctx, src, f.info, f.search, maxFileBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	root, err := r.Root("export")
	if err != nil {
		return err
	}
	stated, _, _ := strings.Cut(record.Attr(root, "generationDate"), "T")
	day, err := navicert.ParseDate(stated)
	if err != nil {
		return r.Fail(navicert.Invalid, "generationDate: %w", err)
	}
	if b.pub.Date, err = list.DateOf(src, r.Name, day); err != nil {
		return err
	}
	err = r.Each(func(n xmlstream.Node) error {
		if record.Local(n) != "sanctionEntity" {
			return r.Fail(navicert.Unsupported, "<%s> where <sanctionEntity> is due", n.Name())
		}
		return b.sanctionEntity(r, n)
	})
	if err != nil {
		return err
	}
	if err := r.End(); err != nil {
		return err
	}
	b.pub.SHA256 = r.SHA256()
	return nil
}

// sanctionEntity makes an entry of a record.
func (b *builder) sanctionEntity(r *record.Reader, n xmlstream.Node) error {
	of := func(n xmlstream.Node) attributes { return func(name string) string { return record.Attr(n, name) } }
	class := record.Attr(n.Find("subjectType"), "classificationCode")
	if class == "" {
		class = record.Attr(n.Find("subjectType"), "code")
	}
	if err := b.open(record.Attr(n, "logicalId"), class, r.At(), r.Line()); err != nil {
		return err
	}
	b.entity(of(n))
	for c := range n.Children() {
		switch record.Local(c) {
		case "regulation":
			b.basis(record.Attr(c, "programme"), record.Attr(c, "numberTitle"))
		case "remark":
			b.remark(string(c.Text()))
		case "nameAlias":
			b.name(of(c), record.Text(c, "remark"))
		case "address":
			b.address(of(c))
		case "birthdate":
			b.birth(of(c))
		case "citizenship":
			b.citizenship(of(c))
		case "identification":
			b.identification(of(c))
		}
	}
	b.now.Row = r.Raw()
	return b.close()
}

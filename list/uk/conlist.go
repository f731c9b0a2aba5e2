package uk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// isGroup reports whether column names are those of ConList.
func isGroup(keys []string) bool {
	return slices.Contains(keys, "group_id") && slices.Contains(keys, "name_6") && slices.Contains(keys, "alias_type")
}

func readConList(ctx context.Context, f format, src list.Source, b *builder) error {
	return f.table(b, isGroup).Read(ctx, src, b.pub, b.group)
}

// group reads a row, which is one name of a group. The rows of a group do not
// stand together.
func (b *builder) group(r table.Row, at string) error {
	id := r.Get("group_id")
	kind, ok := kindOf(r.Get("group_type"))
	switch {
	case id == "" || strings.Trim(id, "0123456789") != "":
		return navicert.Errorf(navicert.Invalid, "list", at, "Group ID %q is no number", id).WithHint("is the file damaged?")
	case !ok:
		return navicert.Errorf(navicert.Unsupported, "list", at, "%q is none of Individual, Entity, Ship", r.Get("group_type"))
	}
	d, added := b.draft(id, kind)
	if !added && d.Kind != kind {
		return navicert.Errorf(navicert.Invalid, "list", at, "group %s is of two types", id)
	}
	d.rows.Add(r.Raw)
	fields.AddOnce(&d.Programmes, r.Get("regime"))
	if text := r.Get("listed_on"); d.once("listed", text) { // a name or a regime can have come later
		if day := b.fields.Date(text, "02/01/2006"); day != "" && (d.Listed == "" || day < d.Listed) {
			d.Listed = day
		}
	}
	tags := tagged(r.Get("other_information"))
	if added {
		d.measures = []list.Measure{list.Block}
		d.Gender = tags["Gender"]
		d.Remarks = r.Get("other_information")
		for _, ref := range [...]struct{ tag, typ string }{{"UK Sanctions List Ref", "UK Sanctions List reference"}, {"UN Ref", "UN reference"}} {
			value, _, _ := strings.Cut(tags[ref.tag], " ")
			b.identifier(d, ref.typ, strings.TrimRight(value, ".,;"))
		}
	}
	b.name(d, joinNames(r.Get), r.Get("alias_type"), r.Get("alias_quality"))
	b.script(d, r.Get("name_non_latin_script"))
	b.address(d, []string{
		r.Get("address_1"), r.Get("address_2"), r.Get("address_3"), r.Get("address_4"), r.Get("address_5"), r.Get("address_6"),
	}, r.Get("post_zip_code"), r.Get("country"))
	b.birth(d, r.Get("dob"))
	b.nationality(d, r.Get("nationality"))
	b.identifier(d, "Passport", r.Get("passport_number"))
	b.identifier(d, "National identifier", r.Get("national_identification_number"))
	b.identifier(d, "Business registration number", tags["Business Reg No"])
	if d.once("parent", tags["Parent company"]) {
		b.parent(d, tags["Parent company"])
	}
	if d.once("subsidiaries", tags["Subsidiaries"]) {
		b.subsidiary(d, tags["Subsidiaries"])
	}
	b.ship(d, ship{
		imo: tags["IMO number"], owner: tags["Current owners"], formerOwner: tags["Previous owners"], flag: tags["Flag of ship"],
		formerFlags: tags["Previous flags"], typ: tags["Type of ship"], tonnage: tags["Tonnage of ship"],
		length: tags["Length of ship"], built: tags["Year built"],
	})
	return nil
}

// tagPattern is how ConList labels parts of "Other Information".
var tagPattern = regexp.MustCompile(`\(([A-Z][A-Za-z ]{2,40})\):`)

// tagged are the labelled parts.
func tagged(text string) map[string]string {
	at := tagPattern.FindAllStringSubmatchIndex(text, -1)
	tags := make(map[string]string, len(at))
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		tags[text[m[2]:m[3]]] = strings.TrimSpace(text[m[1]:end])
	}
	return tags
}

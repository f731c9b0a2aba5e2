package uk

import (
	"context"
	"slices"

	"navicert"
	"navicert/list"
	"navicert/list/fields"
	"navicert/list/table"
)

// isDesignation reports whether column names are those of the UK Sanctions List.
func isDesignation(keys []string) bool {
	return slices.Contains(keys, "unique_id") && slices.Contains(keys, "name_6") && slices.Contains(keys, "regime_name")
}

func readCSV(ctx context.Context, f format, src list.Source, b *builder) error {
	var last string
	return f.table(b, isDesignation).Read(ctx, src, b.pub, func(r table.Row, at string) error {
		return b.row(r.Get, r.Raw, at, &last)
	})
}

// row reads a row of the table. The rows of a designation stand together; last
// is the number of the row before.
func (b *builder) row(get func(string) string, raw, at string, last *string) error {
	id := get("unique_id")
	word := get("individual_entity_ship")
	if word == "" {
		word = get("designation_type")
	}
	kind, ok := kindOf(word)
	switch {
	case id == "":
		return navicert.Errorf(navicert.Invalid, "list", at, "the row has no Unique ID").WithHint("is the file damaged?")
	case !ok:
		return navicert.Errorf(navicert.Unsupported, "list", at, "%q is none of Individual, Entity, Ship", word)
	}
	d, added := b.draft(id, kind)
	if !added && *last != id {
		return navicert.Errorf(navicert.Invalid, "list", at, "the rows of %s do not stand together", id).WithHint("are two publications in one file?")
	}
	*last = id
	d.rows.Add(raw)
	if added {
		b.once(d, get)
	}
	b.name(d, joinNames(get), get("name_type"), get("alias_strength"))
	b.script(d, get("name_non_latin_script"))
	b.address(d, []string{
		get("address_line_1"), get("address_line_2"), get("address_line_3"),
		get("address_line_4"), get("address_line_5"), get("address_line_6"),
	}, get("address_postal_code"), get("address_country"))
	b.birth(d, get("d_o_b"))
	b.nationality(d, get("nationality_ies"))
	b.identifier(d, "National identifier", get("national_identifier_number"))
	b.identifier(d, "Passport", get("passport_number"))
	b.identifier(d, "Business registration number", get("business_registration_number_s"))
	b.parent(d, get("parent_company"))
	b.subsidiary(d, get("subsidiaries"))
	b.ship(d, ship{
		imo: get("imo_number"), owner: get("current_owner_operator_s"), formerOwner: get("previous_owner_operator_s"),
		flag: get("current_believed_flag_of_ship"), formerFlags: get("previous_flags"), typ: get("type_of_ship"),
		tonnage: get("tonnage_of_ship"), length: get("length_of_ship"), built: get("year_built"),
		hull: get("hull_identification_number_hin"),
	})
	return nil
}

// once reads what is the same in all rows of a designation.
func (b *builder) once(d *draft, get func(string) string) {
	fields.AddOnce(&d.Programmes, get("regime_name"))
	d.LegalBasis = fields.Split(get("regime_name"), "\n")
	d.Gender = get("gender")
	d.Listed = b.fields.Date(get("date_designated"), "02/01/2006")
	for _, m := range fields.Split(get("sanctions_imposed"), "|") {
		b.measure(d, m)
	}
	if ref := get("un_reference_number"); ref != "" {
		d.Identifiers = append(d.Identifiers, list.Identifier{Type: "UN reference", Value: ref})
	}
	d.Remarks = fields.Join("; ", get("other_information"), get("uk_statement_of_reasons"))
}

// joinNames puts a name's six columns together: given names, then Name 6, the
// family name or the whole name of what is not a person.
func joinNames(get func(string) string) string {
	return fields.Join(" ", get("name_1"), get("name_2"), get("name_3"), get("name_4"), get("name_5"), get("name_6"))
}

package ofac

import (
	"slices"
	"strings"

	"navicert"
	"navicert/list"
)

// remarks takes out of an entry's remarks what has a field of its own. Remarks
// are statements between semicolons, the last with a full stop; a second
// statement of a kind begins with "alt.". What is not understood stays in
// Remarks, which is kept whole.
func (b *builder) remarks(e *list.Entry) {
	if e.Remarks == "" {
		return
	}
	for _, s := range strings.Split(strings.TrimSuffix(e.Remarks, "."), "; ") {
		s = strings.TrimPrefix(strings.TrimSpace(s), "alt. ")
		if !b.quotedAlias(e, s) && !b.statement(e, s) {
			b.identifier(e, s)
		}
	}
}

// quotedAlias reads a.k.a. 'NAME'.
func (b *builder) quotedAlias(e *list.Entry, s string) bool {
	for _, q := range [...]struct {
		mark string
		kind list.AliasKind
	}{{"a.k.a. '", list.AKA}, {"f.k.a. '", list.FKA}, {"n.k.a. '", list.NKA}} {
		name, ok := strings.CutPrefix(s, q.mark)
		if !ok {
			continue
		}
		if name = strings.TrimSuffix(name, "'"); name != "" {
			b.alias(e, list.Alias{Name: name, Kind: q.kind, Weak: e.Kind != list.Vessel}, "remarks of "+e.ID)
		}
		return true
	}
	return false
}

// statement reads one statement that has a field in list.Entry; false when it
// is none.
func (b *builder) statement(e *list.Entry, s string) bool {
	after := func(word string) (string, bool) {
		rest, ok := strings.CutPrefix(s, word)
		return strings.TrimSpace(rest), ok
	}
	switch s[:min(len(s), 1)] { // most statements are none of these: look at the first letter before comparing
	case "V":
		if v, ok := after("Vessel Registration Identification "); ok {
			b.registration(e, v)
			return true
		}
		if v, ok := after("Vessel Year of Build "); ok {
			e.BuildYear = v
			return true
		}
	case "M":
		if v, ok := after("MMSI "); ok {
			b.mmsi(e, v)
			return true
		}
	case "F", "O":
		for _, w := range [...]string{"Former Vessel Flag ", "Other Vessel Flag "} {
			if v, ok := after(w); ok {
				addOnce(&e.FormerFlags, b.flag(v))
				return true
			}
		}
		for _, w := range [...]string{"Former Vessel Call Sign ", "Other Vessel Call Sign "} {
			if v, ok := after(w); ok {
				b.callSign(e, v)
				return true
			}
		}
	case "L":
		if v, ok := after("Linked To: "); ok {
			addOnce(&e.Links, list.Link{Kind: list.LinkedTo, Name: v})
			return true
		}
	case "S", "A":
		if strings.HasPrefix(s, "Secondary sanctions risk:") ||
			strings.HasPrefix(s, "Additional Sanctions Information - Subject to Secondary Sanctions") {
			addOnce(&e.Secondary, s)
			return true
		}
	case "D":
		if v, ok := after("DOB "); ok {
			addOnce(&e.BirthDates, v)
			return true
		}
	case "G":
		if v, ok := after("Gender "); ok {
			e.Gender = v
			return true
		}
	case "P":
		if v, ok := after("POB "); ok {
			// "Qum, Iran", but "Umm Tuba" too: only a country that is there counts.
			place := v[strings.LastIndexByte(v, ',')+1:]
			if f, err := navicert.ParseFlag(strings.TrimSpace(place)); err == nil && len(place) > 3 {
				addOnce(&e.Countries, f)
			}
			return true
		}
	case "n", "c":
		for _, w := range [...]string{"nationality ", "citizen "} {
			if v, ok := after(w); ok {
				addOnce(&e.Countries, b.flag(v))
				return true
			}
		}
	}
	return false
}

// registration reads what follows "Vessel Registration Identification": mostly
// "IMO 9074729", but also the number alone, with two blanks, with a country in
// brackets behind it, or a number of another register ("RS 150443 (Russia)").
// On a company it is the company's number, from the same series.
func (b *builder) registration(e *list.Entry, v string) {
	digits := strings.TrimSpace(strings.TrimPrefix(v, "IMO"))
	imo, err := navicert.ParseIMO(v)
	switch {
	case e.Kind != list.Vessel:
		e.Identifiers = append(e.Identifiers, list.Identifier{Type: list.CompanyIMO, Value: digits})
		return
	case err == nil && e.IMO == 0:
		e.IMO = imo
		return
	case err == nil && e.IMO != imo:
		b.rejected.Add(secondIMO, e.ID+" "+v)
	case err == nil:
		return
	case strings.HasPrefix(v, "IMO") || len(digits) == 7 && strings.Trim(digits, "0123456789") == "":
		b.rejected.Add(badIMO, e.ID+" "+v)
	}
	id := list.Identifier{Type: "Vessel Registration Identification", Value: v}
	b.bracketedCountry(&id)
	e.Identifiers = append(e.Identifiers, id)
}

func (b *builder) mmsi(e *list.Entry, v string) {
	m, err := navicert.ParseMMSI(v)
	if err != nil {
		b.rejected.Add(badMMSI, e.ID+" "+v)
		return
	}
	addOnce(&e.MMSIs, m)
}

// identifierTypes are the kinds of number that remarks hold, as OFAC words
// them, from the lists of 2019 to 2025.
var identifierTypes = [...]string{
	"Aircraft Construction Number (also called L/N or S/N or F/N)", "Aircraft Manufacturer's Serial Number (MSN)",
	"Aircraft Mode S Transponder Code", "Aircraft Tail Number", "BIK (RU)", "Birth Certificate Number",
	"Business Number", "Business Registration Document #", "Business Registration Number", "C.I.F.", "C.I.N.",
	"C.R. No.", "C.U.I.", "C.U.I.P.", "C.U.I.T.", "C.U.R.P.", "Cedula No.", "Central Registration System Number",
	"Certificate of Incorporation Number", "Chamber of Commerce Number", "Citizen's Card Number",
	"Commercial Registry Number", "Company Number", "Credencial electoral", "D-U-N-S Number", "D.N.I.",
	"Digital Currency Address -", "Diplomatic Passport", "Driver's License No.", "Economic Register Number (CBLS)",
	"Electoral Registry No.", "Email Address", "Enterprise Number", "File Number", "Folio Mercantil No.",
	"Global Intermediary Identification Number", "Government Gazette Number", "I.F.E.", "ISIN", "Identification Number",
	"Istanbul Chamber of Comm. No.", "Italian Fiscal Code", "LE Number", "Legal Entity Number", "License",
	"Matricula Mercantil No", "NIT #", "National Foreign ID Number", "National ID No.", "Numero de Identidad",
	"Passport", "Permit Number", "Personal ID Card", "Phone Number", "Previous Aircraft Tail Number",
	"Public Registration Number", "R.F.C.", "RFC", "RIF #", "RTN", "RUC #", "Registered Charity No.",
	"Registration ID", "Registration Number", "Residency Number", "SSN", "SWIFT/BIC", "Tax ID No.",
	"Trade License No.", "Travel Document Number", "Turkish Identification Number", "UK Company Number",
	"US FEIN", "Unified Social Credit Code (USCC)", "United Social Credit Code Certificate (USCCC)",
	"V.A.T. Number", "VisaNumberID", "Website",
}

// identifier reads "Passport A12345 (Cuba) issued 01 Jan 2001 expires …".
func (b *builder) identifier(e *list.Entry, s string) {
	typ := identifierType(s)
	if typ == "" {
		return
	}
	v := strings.TrimSpace(s[len(typ):])
	for _, word := range [...]string{" issued ", " expires "} {
		v, _, _ = strings.Cut(v, word)
	}
	id := list.Identifier{Type: strings.TrimSuffix(typ, " -"), Value: v}
	b.bracketedCountry(&id)
	if digits, ok := strings.CutPrefix(id.Value, "IMO "); ok && e.Kind != list.Vessel { // a hull's is a registration
		id.Type, id.Value = list.CompanyIMO, strings.TrimSpace(digits)
	}
	if id.Value != "" && !slices.Contains(e.Identifiers, id) {
		e.Identifiers = append(e.Identifiers, id)
	}
}

// identifierType returns the type that a statement begins with, the longest
// that fits, or "".
func identifierType(s string) string {
	best := ""
	for _, t := range identifierTypes {
		if len(t) > len(best) && len(s) > len(t) && s[len(t)] == ' ' && s[0] == t[0] && strings.HasPrefix(s, t) {
			best = t
		}
	}
	return best
}

// bracketedCountry moves a country in brackets behind the value to its field.
// Brackets that hold something else stay.
func (b *builder) bracketedCountry(id *list.Identifier) {
	v := id.Value
	open := strings.LastIndex(v, "(")
	if open <= 0 || !strings.HasSuffix(v, ")") {
		return
	}
	if f := b.lookUp(v[open+1 : len(v)-1]); f != "" {
		id.Country, id.Value = f, strings.TrimSpace(v[:open])
	}
}

package ofac

import (
	"strconv"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/list/xmlstream"
)

// references are the names behind the numbers of a file: by set, then number.
// The numbers of the sets overlap, and mean nothing without the file's own sets.
type references map[string]map[string]string

// set reads one set of ReferenceValueSets.
func (r references) set(n xmlstream.Node) error {
	for v := range n.Children() {
		kind := string(v.Name())
		if r[kind] == nil {
			r[kind] = map[string]string{}
		}
		id, name := string(v.Attr("ID")), string(v.Text())
		switch kind {
		case "Script":
			if code := v.Attr("ScriptCode"); code != nil {
				name = string(code)
			}
		case "LegalBasis":
			if short := v.Attr("LegalBasisShortRef"); len(short) > 0 {
				name = string(short)
			}
		case "AreaCode":
			if d := v.Attr("Description"); len(d) > 0 {
				name = string(d)
			}
		case "PartySubType":
			r.add("PartyTypeOf", id, string(v.Attr("PartyTypeID")))
		}
		r.add(kind, id, name)
	}
	return nil
}

func (r references) add(kind, id, name string) {
	if r[kind] == nil {
		r[kind] = map[string]string{}
	}
	r[kind][id] = name
}

// name is what a number means; "" without a number. A number that its set does
// not hold is counted and stands for itself.
func (a *advanced) name(set string, id []byte) string {
	if id == nil {
		return ""
	}
	if s, ok := a.refs[set][string(id)]; ok {
		return s
	}
	a.rejected.Add(unknownWord, a.at()+": "+set+" "+string(id))
	return set + " " + string(id)
}

// party makes the entry of a DistinctParty.
func (a *advanced) party(n xmlstream.Node) error {
	if gone, err := a.changes(n); err != nil || gone {
		return err
	}
	e := list.Entry{ID: string(n.Attr("FixedRef")), Measure: a.measure, Row: a.row(), Simulated: a.simulated}
	var profile xmlstream.Node
	for c := range n.Children() {
		switch {
		case c.Is("Comment"):
			remark(&e, string(c.Text()))
		case c.Is("Profile") && profile.There():
			return a.fail(navicert.Unsupported, "party %s has two profiles", e.ID)
		case c.Is("Profile"):
			profile = c
		}
	}
	id := string(profile.Attr("ID"))
	if _, twice := a.profiles[id]; twice || id == "" {
		return a.fail(navicert.Invalid, "party %s: its profile's number, %s, is missing or there twice", e.ID, strconv.Quote(id))
	}
	if err := a.kind(&e, profile); err != nil {
		return err
	}
	for c := range profile.Children() {
		if c.Is("Identity") {
			if err := a.identity(&e, c); err != nil {
				return err
			}
		}
	}
	var places []location
	for c := range profile.Children() {
		switch string(c.Name()) {
		case "Comment":
			remark(&e, string(c.Text()))
		case "Feature":
			if err := a.feature(&e, c, &places); err != nil {
				return err
			}
		}
	}
	for c := range profile.Children() {
		if c.Is("Identity") {
			if a.withoutDocuments(e.ID, string(c.Attr("ID"))) {
				return a.fail(navicert.Unsupported, "it gives party %s anew without its documents, which %s has", e.ID, a.delta.base.ID()).
					WithHint("fetch the whole publication")
			}
			for _, doc := range a.documents[string(c.Attr("ID"))] {
				a.number(&e, doc)
			}
			delete(a.documents, string(c.Attr("ID")))
		}
	}
	for _, l := range places {
		a.address(&e, l.street, l.city, l.country)
	}
	a.profiles[id] = int32(len(a.entries))
	return a.add(a.document, e)
}

// kind reads what a party is: ships and aircraft by the kind below, persons and
// organisations by the kind above it.
func (a *advanced) kind(e *list.Entry, profile xmlstream.Node) error {
	id := profile.Attr("PartySubTypeID")
	sub := a.name("PartySubType", id)
	super := a.refs["PartyType"][a.refs["PartyTypeOf"][string(id)]]
	switch {
	case strings.EqualFold(sub, "Vessel"):
		e.Kind = list.Vessel
	case strings.EqualFold(sub, "Aircraft"):
		e.Kind = list.Aircraft
	case strings.EqualFold(super, "Individual"):
		e.Kind = list.Person
	case strings.EqualFold(super, "Entity"):
		e.Kind = list.Organization
	default:
		return a.fail(navicert.Unsupported, "party %s: its type, %q of %q, is none of vessel, aircraft, individual, entity", e.ID, sub, super)
	}
	return nil
}

// identity takes the names of one identity. The primary alias of the primary
// identity gives the entry's name, in Latin letters; what else it gives are
// names in other scripts.
func (a *advanced) identity(e *list.Entry, n xmlstream.Node) error {
	groups := map[string]string{}
	for m := range n.Find("NamePartGroups").Children() {
		for g := range m.Children() {
			groups[string(g.Attr("ID"))] = a.name("NamePartType", g.Attr("NamePartTypeID"))
		}
	}
	for c := range n.Children() {
		if !c.Is("Alias") {
			continue
		}
		kind := aliasKind(a.name("AliasType", c.Attr("AliasTypeID")))
		if kind == "" {
			return a.fail(navicert.Unsupported, "party %s: alias type %q is none of a.k.a., f.k.a., n.k.a., name", e.ID, a.name("AliasType", c.Attr("AliasTypeID")))
		}
		primary, weak := isTrue(c.Attr("Primary")) && isTrue(n.Attr("Primary")), isTrue(c.Attr("LowQuality"))
		for doc := range c.Children() {
			if !doc.Is("DocumentedName") {
				continue
			}
			name, script := a.documentedName(doc, groups)
			if primary && script == "" && e.Name == "" {
				e.Name = name
				continue
			}
			a.named(e, list.Alias{Name: name, Kind: kind, Weak: weak, Script: script})
		}
	}
	return nil
}

// documentedName puts the parts of a name on one line: family names, then the
// others.
func (a *advanced) documentedName(n xmlstream.Node, groups map[string]string) (name, script string) {
	var last, matronymic, maiden, first, others []string
	for part := range n.Children() {
		v := part.Find("NamePartValue")
		s := string(v.Text())
		if s == "" {
			continue
		}
		if script == "" {
			script = scriptCode(a.name("Script", v.Attr("ScriptID")))
		}
		switch groups[string(v.Attr("NamePartGroupID"))] {
		case "First Name":
			first = append(first, s)
		case "Middle Name", "Patronymic", "Nickname":
			others = append(others, s)
		case "Matronymic":
			matronymic = append(matronymic, s)
		case "Maiden Name":
			maiden = append(maiden, s)
		default: // Last Name, Entity Name, Vessel Name, Aircraft Name
			last = append(last, s)
		}
	}
	family := append(append(last, matronymic...), maiden...)
	return fullName(strings.Join(family, " "), strings.Join(append(first, others...), " ")), script
}

// feature takes one feature: a date, a place, a word from a set, or a text.
func (a *advanced) feature(e *list.Entry, n xmlstream.Node, places *[]location) error {
	typ := a.name("FeatureType", n.Attr("FeatureTypeID"))
	for v := range n.Children() {
		if !v.Is("FeatureVersion") {
			continue
		}
		for c := range v.Children() {
			switch string(c.Name()) {
			case "DatePeriod":
				s, ok := period(c)
				if !ok {
					a.rejected.Add(badDate, a.at())
					continue
				}
				a.featureDate(e, typ, s)
			case "VersionLocation":
				l, ok := a.locations[string(c.Attr("LocationID"))]
				if !ok {
					return a.fail(navicert.Invalid, "party %s names location %s, which is not in the file", e.ID, c.Attr("LocationID")).
						WithHint("is the file cut, or put together of two?")
				}
				if a.delta != nil {
					delete(a.delta.revised, string(c.Attr("LocationID")))
				}
				a.featurePlace(e, typ, l, places)
			case "VersionDetail":
				s := string(c.Text())
				if ref := c.Attr("DetailReferenceID"); ref != nil && s == "" {
					s = a.name("DetailReference", ref)
				}
				if s != "" {
					a.featureText(e, typ, s)
				}
			case "Comment":
				if s := string(c.Text()); s != "" && !strings.EqualFold(s, "Alternate birthdate") {
					remark(e, typ+": "+s)
				}
			}
		}
	}
	return nil
}

func (a *advanced) featureDate(e *list.Entry, typ, when string) {
	if strings.EqualFold(typ, "Birthdate") {
		addOnce(&e.BirthDates, when)
		return
	}
	remark(e, typ+" "+when)
}

func (a *advanced) featurePlace(e *list.Entry, typ string, l location, places *[]location) {
	where := strings.Join(nonEmpty(l.street, l.city, l.country), ", ")
	switch strings.ToLower(typ) {
	case "location":
		*places = append(*places, l)
	case "nationality country", "citizenship country":
		addOnce(&e.Countries, a.flag(firstOf(l.country, where)))
	case "place of birth":
		a.say(e, "POB "+where)
	case "vessel flag":
		a.vesselFlag(e, firstOf(l.country, where))
	default: // "Former Vessel Flag", "Nationality of Registration" …
		a.say(e, typ+" "+where)
	}
}

func (b *builder) vesselFlag(e *list.Entry, s string) {
	if f := b.flag(s); e.Flag == "" {
		e.Flag = f
	} else if f != e.Flag {
		addOnce(&e.FormerFlags, f)
	}
}

// featureText takes a feature that is a text, in both forms that have features.
func (b *builder) featureText(e *list.Entry, typ, s string) {
	switch strings.ToLower(typ) {
	case "vessel call sign":
		b.callSign(e, s)
	case "vessel type":
		e.VesselType = s
	case "vessel flag":
		b.vesselFlag(e, s)
	case "vessel owner":
		e.Owner = s
	case "vessel tonnage":
		e.Tonnage = s
	case "vessel gross tonnage", "vessel gross registered tonnage":
		e.GRT = s
	case "birthdate":
		addOnce(&e.BirthDates, s)
	case "place of birth":
		b.say(e, "POB "+s)
	case "nationality country", "citizenship country":
		addOnce(&e.Countries, b.flag(s))
	case "title":
		remark(e, s)
	default:
		b.say(e, typ+" "+s)
	}
}

func nonEmpty(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

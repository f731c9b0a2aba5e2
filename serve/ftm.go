package serve

import (
	"slices"
	"strings"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// topicOf is FollowTheMoney's topic of what a measure is taken against: a
// person of interest on one's own list, what is sanctioned on all others.
func topicOf(m list.Measure) string {
	switch m {
	case list.Watch:
		return "poi"
	case list.ExportControl:
		return "export.control"
	}
	return "sanction"
}

// kindsOf returns the kinds that a schema of FollowTheMoney asks for. A schema
// of which no list holds anything is an error: "nothing found" would say that
// it had been looked for.
func kindsOf(schema string) ([]string, error) {
	switch schema {
	case "Thing":
		return []string{screen.Any}, nil
	case "LegalEntity":
		return []string{screen.AnyParty}, nil
	case "Person":
		return []string{string(list.Person)}, nil
	case "Organization", "Company", "PublicBody":
		return []string{string(list.Organization)}, nil
	case "Vessel":
		return []string{string(list.Vessel)}, nil
	case "Airplane":
		return []string{string(list.Aircraft)}, nil
	case "Vehicle":
		return []string{string(list.Vessel), string(list.Aircraft)}, nil
	case "":
		return nil, bad("the schema is missing: Person, Company, Organization, LegalEntity, Vessel, Airplane or Thing")
	}
	return nil, bad("Non-matchable schema for query: %s. There are Person, Company, Organization, LegalEntity, Vessel, Airplane, Vehicle and Thing.", schema)
}

// schemaOf is the schema of an entry.
func schemaOf(k list.Kind) string {
	switch k {
	case list.Person:
		return "Person"
	case list.Vessel:
		return "Vessel"
	case list.Aircraft:
		return "Airplane"
	case list.UnknownKind:
		return "LegalEntity" // what FollowTheMoney has for a person or an organisation
	}
	return "Organization"
}

// entity is a listed entry in FollowTheMoney's shape. Times have no zone, as
// yente writes them; when an entry was first seen or changed is not known.
type entity struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Datasets   []string            `json:"datasets"`
	Referents  []string            `json:"referents"`
	Target     bool                `json:"target"`
	FirstSeen  *string             `json:"first_seen"`
	LastSeen   *string             `json:"last_seen"`
	LastChange *string             `json:"last_change"`
}

func entityID(listName, entry string) string { return listName + "-" + entry }

func day(d navicert.Date) string { return string(d) + "T00:00:00" }

func entityOf(p list.Publication, e *list.Entry) entity {
	seen := day(p.Date)
	w := ftmWriter{e, map[string][]string{}}
	w.common()
	switch e.Kind {
	case list.Vessel, list.Aircraft:
		w.vehicle()
	default:
		w.party()
	}
	return entity{
		ID: entityID(p.List, e.ID), Caption: e.Name, Schema: schemaOf(e.Kind), Properties: w.out,
		Datasets: []string{p.List}, Referents: []string{}, Target: true, LastSeen: &seen,
	}
}

// ftmWriter collects an entry's properties under FollowTheMoney's names.
type ftmWriter struct {
	e   *list.Entry
	out map[string][]string
}

func (w *ftmWriter) add(name string, values ...string) {
	for _, v := range values {
		if v != "" && !slices.Contains(w.out[name], v) {
			w.out[name] = append(w.out[name], v)
		}
	}
}

func (w *ftmWriter) common() {
	e := w.e
	w.add("name", e.Name)
	for _, a := range e.Aliases {
		switch {
		case a.Weak:
			w.add("weakAlias", a.Name)
		case a.Kind == list.FKA:
			w.add("previousName", a.Name)
		default:
			w.add("alias", a.Name)
		}
	}
	w.add("topics", topicOf(e.Measure))
	w.add("program", e.Programmes...)
	w.add("notes", e.Remarks)
	for _, a := range e.Addresses {
		w.add("address", a.Text)
	}
}

func (w *ftmWriter) vehicle() {
	e := w.e
	if e.IMO != 0 {
		w.add("imoNumber", "IMO"+e.IMO.String())
	}
	for _, m := range e.MMSIs {
		w.add("mmsi", m.String())
	}
	for _, c := range e.CallSigns {
		w.add("callSign", string(c))
	}
	w.add("flag", country(e.Flag))
	for _, f := range e.FormerFlags {
		w.add("pastFlags", country(f))
	}
	w.add("type", e.VesselType)
	w.add("tonnage", e.Tonnage)
	w.add("grossRegisteredTonnage", e.GRT)
	w.add("buildDate", e.BuildYear)
	if e.Kind == list.Aircraft {
		w.add("registrationNumber", e.Name)
	}
	w.add("country", countries(e.Countries)...)
}

func (w *ftmWriter) party() {
	e := w.e
	w.add("country", countries(e.Countries)...)
	for _, id := range e.Identifiers {
		if id.Type == list.CompanyIMO {
			w.add("imoNumber", "IMO"+id.Value)
			continue
		}
		w.add(identifierProperty(e.Kind, id.Type), id.Value)
	}
	if e.Kind == list.Person {
		for _, d := range e.BirthDates {
			w.add("birthDate", screen.ISODate(d))
		}
		w.add("gender", strings.ToLower(e.Gender))
	}
}

// identifierProperty is the property under which an identifier goes, by what
// the publisher calls it.
func identifierProperty(k list.Kind, kind string) string {
	t := strings.ToLower(kind)
	switch {
	case strings.Contains(t, "passport") && k == list.Person:
		return "passportNumber"
	case strings.Contains(t, "tax"):
		return "taxNumber"
	case strings.Contains(t, "swift") || strings.Contains(t, "bic"):
		return "swiftBic"
	case strings.Contains(t, "website"):
		return "website"
	case strings.Contains(t, "email"):
		return "email"
	case strings.Contains(t, "phone"):
		return "phone"
	case strings.Contains(t, "regist") && k != list.Person:
		return "registrationNumber"
	}
	return "idNumber"
}

// country is a flag as FollowTheMoney writes it: small ISO letters.
func country(f navicert.Flag) string { return strings.ToLower(string(f)) }

func countries(fs []navicert.Flag) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = country(f)
	}
	return out
}

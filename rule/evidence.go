package rule

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"navicert"
)

// declared is the source of evidence that the applicant gave.
const declared = "declaration"

// isEvidence reports whether a value of the type carries evidence.
func isEvidence(t *cel.Type) bool {
	for _, fact := range []*cel.Type{hitType, holdingType, eventType, zoneType, incidentType, licenceType, sourceType, partyType} {
		if t.IsExactType(fact) || t.IsExactType(cel.ListType(fact)) {
			return true
		}
	}
	return t.IsExactType(vesselType) || t.IsExactType(voyageType) || t.IsExactType(cargoType)
}

// evidenceOf returns the evidence of a fact or a list of facts.
func evidenceOf(v ref.Val) ([]navicert.Evidence, error) {
	if list, ok := v.(traits.Lister); ok {
		var all []navicert.Evidence
		for it := list.Iterator(); it.HasNext() == types.True; {
			e, err := evidenceOf(it.Next())
			if err != nil {
				return nil, err
			}
			all = append(all, e...)
		}
		return all, nil
	}
	if f, ok := one[Hit](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Holding](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Event](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Zone](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Incident](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Licence](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Source](v); ok {
		return f.Evidence, nil
	}
	if f, ok := one[Party](v); ok {
		return f.evidence(), nil
	}
	if f, ok := one[Vessel](v); ok {
		return f.evidence(), nil
	}
	if f, ok := one[Voyage](v); ok {
		return f.evidence(), nil
	}
	if f, ok := one[Cargo](v); ok {
		return f.evidence(), nil
	}
	return nil, fmt.Errorf("a %s carries no evidence", v.Type().TypeName())
}

func said(ref string, parts ...string) []navicert.Evidence {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return []navicert.Evidence{{
		Kind: navicert.EvidenceVoyage, Source: declared, Ref: ref, Text: strings.Join(parts, ", "),
	}}
}

func labelled(label, v string) string {
	if v == "" {
		return ""
	}
	return label + v
}

func orUnknown(v string) string {
	if v == "" {
		return "not declared"
	}
	return v
}

func (v *Vessel) evidence() []navicert.Evidence {
	return said(
		"vessel", "vessel: "+orUnknown(v.Name), labelled("IMO ", v.IMO), labelled("MMSI ", v.MMSI),
		labelled("flag ", v.Flag), labelled("kind ", v.Kind),
	)
}

func (p *Party) evidence() []navicert.Evidence {
	return said("parties", labelled(p.Role, ": ")+orUnknown(p.Name), labelled("country ", p.Country))
}

func (v *Voyage) evidence() []navicert.Evidence {
	parts := []string{"voyage: from " + orUnknown(v.From), "to " + orUnknown(v.To)}
	if len(v.Via) > 0 {
		parts = append(parts, "by way of "+strings.Join(v.Via, " and "))
	}
	if !v.ETD.IsZero() {
		parts = append(parts, "departure "+v.ETD.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if !v.ETA.IsZero() {
		parts = append(parts, "arrival "+v.ETA.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return said("voyage", parts...)
}

func (c *Cargo) evidence() []navicert.Evidence {
	amount := ""
	if c.Quantity != 0 {
		amount = strings.TrimSpace(display(types.Double(c.Quantity)) + " " + c.Unit)
	}
	price := ""
	if c.PriceUSDBbl != 0 {
		price = display(types.Double(c.PriceUSDBbl)) + " USD a barrel"
	}
	return said(
		"cargo", "cargo: "+orUnknown(c.Kind), labelled("grade ", c.Grade), amount, labelled("origin ", c.Origin), price,
		labelled("price attested by ", c.Attestation),
	)
}

// distinct drops repeated evidence, keeping the first of each, and is never
// nil.
func distinct(es []navicert.Evidence) []navicert.Evidence {
	out := make([]navicert.Evidence, 0, len(es))
	seen := make(map[navicert.Evidence]bool, len(es))
	for _, e := range es {
		if !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	return out
}

package zone

import (
	"cmp"
	"fmt"

	"navicert"
	"navicert/geo"
)

// Texts are the zones of an index as evidence, each written once. Make them with
// [NewTexts].
type Texts struct {
	index   *geo.Index
	written []navicert.Evidence // by zone; without a kind it is not
}

// NewTexts returns texts of which none is written yet.
func NewTexts(index *geo.Index) Texts {
	return Texts{index, make([]navicert.Evidence, index.Len())}
}

// Of returns a zone as evidence.
func (t *Texts) Of(zone int) navicert.Evidence {
	e := &t.written[zone]
	if e.Kind == "" {
		*e = Evidence(t.index.Zone(zone))
	}
	return *e
}

// Evidence makes a zone a piece of evidence: who says what, and from when to
// when.
func Evidence(z *geo.Zone) navicert.Evidence {
	source := cmp.Or(z.Publisher, z.Authority, "zone file")
	text := fmt.Sprintf("%s (%s, %s), in force from %s", z.Name, z.Kind, z.Effect, z.From)
	if !z.To.IsZero() {
		text += " to " + z.To.String()
	}
	if !z.CancelledAt.IsZero() {
		text += ", cancelled at " + z.CancelledAt.String()
	}
	if z.Text != "" {
		text += ": " + z.Text
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceZone, Source: source, Publication: publishedOn(z), Ref: z.ID, Text: text, Time: z.From,
	}
}

func publishedOn(z *geo.Zone) navicert.Date {
	if z.Published.IsZero() {
		return ""
	}
	return navicert.DateOf(z.Published.Time)
}

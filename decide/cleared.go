package decide

import (
	"cmp"
	"fmt"

	"navicert"
	"navicert/rule"
	"navicert/screen"
)

// ClearedRule is the name under which a certificate tells of a hit that a
// person has cleared. It is no pack's rule: whatever rules are in force, what
// was cleared is told, and by whom.
const ClearedRule = "navicert/cleared-hit"

// clearedHit puts a hit into the certificate that a person found to be somebody
// else. It decides nothing; one that has lapsed is a hit again, and the rules
// speak about that.
func (g *gathering) clearedHit(like rule.Hit, h screen.Hit) {
	c := h.Cleared
	g.input("clearings/"+c.ID, c.SHA256)
	what := fmt.Sprintf("%s %s was matched by %s with %s, entry %s of %s published %s",
		subjectWords(like), like.Asked, h.By, h.Name, h.EntryID, h.List, h.Publication)
	text := fmt.Sprintf("%s. %s found on %s that it is somebody else, until %s: %s", what, c.Who, navicert.DateOf(c.At.Time), c.Until, c.Why)
	if c.Lapsed != "" {
		text = fmt.Sprintf("%s. %s had found on %s that it is somebody else, which does not hold any more: %s", what, c.Who, navicert.DateOf(c.At.Time), c.Lapsed)
	}
	g.notes = append(g.notes, navicert.Reason{
		Rule: ClearedRule, Outcome: navicert.OutcomeNote,
		Basis: "A person looked at this hit and cleared it as a false positive.",
		Text:  text,
		Evidence: []navicert.Evidence{
			hitEvidence(h),
			{Kind: navicert.EvidenceClearing, Source: "clearings", Ref: c.ID, Text: c.Who + ": " + c.Why, Time: c.At},
		},
	})
}

func subjectWords(h rule.Hit) string {
	if h.Subject == "party" {
		return "The " + cmp.Or(h.Role, "party")
	}
	return "The vessel"
}

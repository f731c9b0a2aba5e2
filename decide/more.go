package decide

import (
	"fmt"

	"navicert"
	"navicert/rule"
)

// MoreHitsRule is the identifier of the note that tells of hits beyond those that
// a certificate shows.
const MoreHitsRule = "navicert/more-hits"

// maxShown is how many reasons of one rule are shown for the hits of one
// question.
const maxShown = 20

// shorten leaves out what one rule says of the hits of one question beyond the
// strongest, and tells how many they are. The rules have seen all of them, and
// a reason of the same rule and outcome stays for each that goes, so that the
// verdict is the same.
func (g *gathering) shorten(reasons []navicert.Reason) []navicert.Reason {
	type entry struct{ list, id string }
	of := map[entry]int{} // the first hit of an entry, in the order of the facts
	for i, h := range g.facts.Hits {
		if _, ok := of[entry{h.List, h.Entry}]; !ok {
			of[entry{h.List, h.Entry}] = i
		}
	}
	type said struct {
		rule           string
		outcome        navicert.Outcome
		subject, asked string
	}
	number := map[said]int{}
	var order []said
	var hit []rule.Hit // of order
	kept := reasons[:0:0]
	for _, r := range reasons {
		var i int
		var ok bool // an owner's listing is no hit of a question
		if len(r.Evidence) > 0 && r.Evidence[0].Kind == navicert.EvidenceListEntry {
			i, ok = of[entry{r.Evidence[0].Source, r.Evidence[0].Ref}]
		}
		if !ok {
			kept = append(kept, r)
			continue
		}
		h := g.facts.Hits[i]
		k := said{r.Rule, r.Outcome, h.Subject + h.Role, h.Asked}
		if number[k]++; number[k] <= maxShown {
			kept = append(kept, r)
			continue
		}
		if number[k] == maxShown+1 {
			order, hit = append(order, k), append(hit, h)
		}
	}
	for i, k := range order {
		g.notes = append(g.notes, navicert.Reason{
			Rule: MoreHitsRule, Outcome: navicert.OutcomeNote,
			Basis: "A certificate shows the strongest hits of each question, and says how many there are.",
			Text: fmt.Sprintf("%s %s has %d further hits of which rule %s says the same, none stronger than the %d shown; navicert screen --limit shows all.",
				subjectWords(hit[i]), hit[i].Asked, number[k]-maxShown, k.rule, maxShown),
		})
	}
	return kept
}

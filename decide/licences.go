package decide

import (
	"context"
	"slices"

	"navicert"
	"navicert/rule"
)

// licences puts the licence records of the rules' packs that had been signed
// by the day asked about into the facts, and the ones that the voyage relies
// on and of which no such record is held.
func (g *gathering) licences(context.Context) error {
	claimed := g.cert.Subject.Licences
	for _, l := range g.Rules.Licences() {
		relied := slices.Contains(claimed, l.ID)
		if l.Dated != "" && l.Dated > navicert.DateOf(g.at.AsOf) {
			continue // not signed yet on the day asked about
		}
		f := l.Fact(relied, g.departure(), g.facts.Parties)
		g.facts.Licences = append(g.facts.Licences, f)
		g.cert.Simulated = g.cert.Simulated || relied && l.Simulated
	}
	for _, id := range claimed {
		known := slices.ContainsFunc(g.facts.Licences, func(l rule.Licence) bool { return l.ID == id })
		if !known {
			g.facts.Licences = append(g.facts.Licences, rule.UnknownLicence(id))
		}
	}
	return nil
}

package decide

import (
	"context"
	"slices"

	"navicert/rule"
)

// licences puts every licence record that the rules' packs hold into the
// facts, and the ones that the voyage relies on and nobody has a record of.
func (g *gathering) licences(context.Context) error {
	claimed := g.cert.Subject.Licences
	for _, l := range g.Rules.Licences() {
		relied := slices.Contains(claimed, l.ID)
		f := l.Fact(relied, g.departure(), g.facts.Parties)
		g.facts.Licences = append(g.facts.Licences, f)
		g.cert.Simulated = g.cert.Simulated || relied && l.Simulated
	}
	for _, id := range claimed {
		if _, ok := g.Rules.Licence(id); !ok {
			g.facts.Licences = append(g.facts.Licences, rule.UnknownLicence(id))
		}
	}
	return nil
}

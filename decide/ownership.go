package decide

import (
	"fmt"
	"slices"
	"strings"

	"navicert"
	"navicert/rule"
	"navicert/screen/own"
)

// owned is what was found out about the owners of the vessel and the parties.
type owned struct {
	facts   int      // in force, of anybody
	sha256  string   // of those facts
	found   int      // tests that a listed owner is behind
	unknown []string // of whose owners nothing is known
}

// ownership puts the tests of one party's owners into the facts.
func (g *gathering) ownership(a *own.Answer, like rule.Hit) {
	if a == nil {
		return // no fact is held at all
	}
	g.owned.facts, g.owned.sha256 = a.Facts, a.SHA256
	if !a.Known {
		g.owned.unknown = append(g.owned.unknown, like.Asked)
		return
	}
	for i := range a.Tests {
		t := &a.Tests[i]
		if t.Result == own.NotOwned || t.Result == own.NotSearched {
			continue
		}
		g.owned.found++
		if like.Subject == "vessel" && t.Settled {
			g.facts.Vessel.Owned = true
		}
		h := rule.Holding{
			Subject: like.Subject, Role: like.Role, Asked: like.Asked, Regime: string(t.Rule.Regime), Result: string(t.Result),
			Settled: t.Settled, Least: percent(t.Least), Most: percent(t.Most),
			Law: t.Rule.Title + ", " + t.Rule.Source, Text: t.Text,
		}
		for _, s := range t.Listed {
			h.Owners = append(h.Owners, s.Party.Label())
			for _, l := range s.Listings {
				h.Evidence = append(h.Evidence, listingEvidence(s.Party, l))
				for _, p := range l.Programmes {
					if !slices.Contains(h.Programmes, p) {
						h.Programmes = append(h.Programmes, p)
					}
				}
			}
		}
		for _, l := range t.Chain {
			for j := range l.Facts {
				h.Evidence = append(h.Evidence, ownershipEvidence(&l.Facts[j]))
				g.cert.Simulated = g.cert.Simulated || l.Facts[j].Simulated
			}
		}
		g.facts.Holdings = append(g.facts.Holdings, h)
	}
}

// percent is a share as rules see it. What decides was decided exactly.
func percent(p own.Percent) float64 { return float64(p) / float64(own.One) }

// listingEvidence is the entry of a listed owner.
func listingEvidence(p own.Party, l own.Listing) navicert.Evidence {
	how := "is the entry " + l.Name
	if !l.Identity {
		how = "has a name like the entry " + l.Name
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceListEntry, Source: l.List, Publication: l.Publication, Ref: l.Entry,
		Text: fmt.Sprintf("%s %s (%s)", p.Label(), how, strings.Join(l.Programmes, ", ")),
	}
}

// ownershipEvidence is one link of the chain.
func ownershipEvidence(f *own.Fact) navicert.Evidence {
	return navicert.Evidence{
		Kind: navicert.EvidenceOwnership, Source: f.Source, Publication: publishedOn(f), Ref: f.ID(), Text: f.Words(), Time: f.From,
	}
}

func publishedOn(f *own.Fact) navicert.Date {
	if f.Published.IsZero() {
		return ""
	}
	return navicert.DateOf(f.Published.Time)
}

// ownershipSearched states what was known of owners.
func (g *gathering) ownershipSearched() {
	const source = "ownership facts"
	if g.owned.facts == 0 {
		g.notSearched(navicert.SourceOwnership, source, "no fact of who owns whom is held: the owners of the vessel and the parties were not looked at")
		return
	}
	g.input("ownership", g.owned.sha256)
	g.cert.Searched = append(g.cert.Searched, navicert.Searched{
		Kind: navicert.SourceOwnership, Source: source, Title: "Facts of who owns whom, in force on the day asked about",
		SHA256: g.owned.sha256, Entries: g.owned.facts, State: navicert.Current, Found: g.owned.found,
	})
	if len(g.owned.unknown) > 0 {
		g.notSearched(navicert.SourceOwnership, source, "nothing is known of who owns "+strings.Join(g.owned.unknown, ", "))
	}
}

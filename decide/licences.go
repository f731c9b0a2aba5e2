package decide

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/rule"
	"navicert/screen"
	"navicert/screen/own"
)

// Owners gives the facts of who owns whom, as they stood; nil when none is
// held.
type Owners interface {
	Graph(ctx context.Context, at screen.When) (*own.Graph, error)
}

// HeldLicences gives the licence records that the user keeps, the newest of
// each recorded by knownAt.
type HeldLicences interface {
	Licences(ctx context.Context, knownAt time.Time) ([]rule.HeldLicence, error)
}

// licences puts the licence records that had been signed by the day asked
// about into the facts, those of the rules' packs and those that the user
// keeps, and the ones that the voyage relies on and of which no such record is
// held.
func (g *gathering) licences(ctx context.Context) error {
	claimed := g.cert.Subject.Licences
	records, err := g.licenceRecords(ctx)
	if err != nil {
		return err
	}
	g.signed = records
	for _, l := range records {
		relied := slices.Contains(claimed, l.ID)
		f := l.FactAmong(records, relied, g.departure(), g.facts.Parties)
		if err := g.servesOwned(ctx, &l, &f); err != nil {
			return err
		}
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

// licenceRecords are all that had been signed by the day asked about, by id. A
// pack's record goes before one that the user keeps under the same id.
func (g *gathering) licenceRecords(ctx context.Context) ([]rule.LicenceRecord, error) {
	signed := func(l *rule.LicenceRecord) bool { return l.Dated == "" || l.Dated <= navicert.DateOf(g.at.AsOf) }
	var records []rule.LicenceRecord
	for _, l := range g.Rules.Licences() {
		if signed(&l) && !l.KnownFrom().After(g.at.KnownAt) {
			records = append(records, l)
		}
	}
	if g.Licences == nil {
		return records, nil
	}
	held, err := g.Licences.Licences(ctx, g.at.KnownAt)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		if !signed(&h.LicenceRecord) {
			continue
		}
		if l, ok := g.Rules.Licence(h.ID); ok {
			g.notSearched(navicert.SourceLicence, h.ID, "pack "+l.Pack+" records a licence under this id too: the record that you keep was not used")
			continue
		}
		if slices.Contains(g.cert.Subject.Licences, h.ID) {
			said, err := json.Marshal(h.LicenceRecord)
			if err != nil {
				return nil, navicert.Errorf(navicert.Invalid, "licence", h.ID, "%w", err)
			}
			sum := sha256.Sum256(said)
			g.input("licence/"+h.ID, hex.EncodeToString(sum[:]))
		}
		records = append(records, h.LicenceRecord)
	}
	slices.SortFunc(records, func(a, b rule.LicenceRecord) int { return strings.Compare(a.ID, b.ID) })
	return records, nil
}

// servesOwned names the party of a licence that serves what its persons own by
// half or more: one that settled facts show to be owned so.
func (g *gathering) servesOwned(ctx context.Context, l *rule.LicenceRecord, f *rule.Licence) error {
	if !l.OwnedEntities || f.Party != "" || g.Owners == nil {
		return nil
	}
	graph, err := g.Owners.Graph(ctx, screen.When{AsOf: g.at.AsOf, KnownAt: g.at.KnownAt})
	if err != nil || graph == nil {
		return err
	}
	half := own.Rule{Regime: own.Other, Title: "owned by half or more", Percent: 50 * own.One, Aggregates: true}
	for _, p := range g.facts.Parties {
		a, err := graph.Check(own.Party{Name: p.Name, Country: navicert.Flag(p.Country)}, []own.Rule{half}, func(o own.Party) ([]own.Listing, error) {
			if l.Names(o.Name) {
				return []own.Listing{{List: "licence", Entry: l.ID, Name: o.Name, Identity: true}}, nil
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
		for _, t := range a.Tests {
			if t.Result == own.Owned && t.Settled {
				f.Party = p.Name
				for _, link := range t.Chain {
					for i := range link.Facts {
						f.Evidence = append(f.Evidence, ownershipEvidence(&link.Facts[i]))
					}
				}
				return nil
			}
		}
	}
	return nil
}

package decide

import (
	"context"
	"fmt"
	"slices"

	"navicert"
	"navicert/rule"
	"navicert/track"
)

// identity finds the MMSIs that the vessel is known to have used, fills in
// what AIS says and the voyage does not, and states how far the positions held
// reach.
func (g *gathering) identity(ctx context.Context) error {
	v := g.cert.Subject.Vessel
	var ids []track.Identity
	if v.IMO != 0 || v.MMSI != 0 {
		var err error
		if ids, err = g.Tracks.Identities(ctx, v.IMO, mmsiIf(v), g.at.AsOf); err != nil {
			return err
		}
	}
	if v.MMSI != 0 {
		g.mmsis = append(g.mmsis, v.MMSI)
	}
	simulated := false
	fact := rule.Vessel{
		IMO: v.IMO.String(), MMSI: v.MMSI.String(), Name: v.Name, Flag: string(v.Flag),
		Kind: v.Kind, DWT: v.DWT.Or(0), Tanker: v.Tanker(),
	}
	for _, id := range ids {
		simulated = simulated || id.Simulated
		if !slices.Contains(g.mmsis, id.MMSI) {
			g.mmsis = append(g.mmsis, id.MMSI)
		}
		if t, ok := id.ShipType.Get(); ok && v.Kind == "" && t >= 80 && t <= 89 {
			fact.Tanker, fact.Kind = true, "tanker"
		}
	}
	slices.Sort(g.mmsis)
	if fact.MMSI == "" && len(g.mmsis) == 1 {
		fact.MMSI = g.mmsis[0].String()
	}
	if fact.Flag == "" && len(g.mmsis) == 1 {
		f, _ := g.mmsis[0].Flag()
		fact.Flag = string(f)
	}
	g.facts.Vessel = fact
	for _, p := range g.cert.Subject.Parties {
		g.facts.Parties = append(g.facts.Parties, rule.Party{Role: p.Role, Name: p.Name, Country: string(p.Country)})
	}
	c := g.cert.Subject.Cargo
	g.facts.Cargo = rule.Cargo{
		Kind: c.Kind, Grade: c.Grade, Quantity: c.Quantity.Or(0), Unit: c.Unit,
		Origin: string(c.Origin), PriceUSDBbl: c.PriceUSDBbl.Or(0), Attestation: c.Attestation,
	}
	g.cert.Simulated = g.cert.Simulated || simulated
	return g.positions(ctx, simulated)
}

// mmsiIf returns the MMSI to look identities up by: none when there is an IMO
// number, which is the better key.
func mmsiIf(v navicert.Vessel) navicert.MMSI {
	if v.IMO != 0 {
		return 0
	}
	return v.MMSI
}

// freshDays is how old a vessel's newest position may be before its behaviour
// since then counts as not looked at: the longest ocean passages are about
// this long out of terrestrial reach.
const freshDays = 30

// positionsOf is how a certificate names the positions of an MMSI.
func positionsOf(m navicert.MMSI) string { return "positions of MMSI " + m.String() }

// LookedAt reports whether a certificate says that it looked for the positions of
// an MMSI.
func LookedAt(c navicert.Certificate, m navicert.MMSI) bool {
	return slices.ContainsFunc(c.Searched, func(s navicert.Searched) bool { return s.Kind == navicert.SourceAIS && s.Source == positionsOf(m) }) ||
		slices.ContainsFunc(c.NotSearched, func(s navicert.NotSearched) bool { return s.Kind == navicert.SourceAIS && s.Source == positionsOf(m) })
}

// positions states which positions were looked at.
func (g *gathering) positions(ctx context.Context, simulated bool) error {
	if len(g.mmsis) == 0 {
		g.missing(navicert.SourceAIS, "positions", "no AIS report that carries this identity is held: its behaviour was not looked at")
		return nil
	}
	for _, m := range g.mmsis {
		_, last, n, err := g.Tracks.Span(ctx, m, g.at.AsOf)
		if err != nil {
			return err
		}
		if n == 0 {
			g.missing(navicert.SourceAIS, positionsOf(m), "no position of it is held by this day: its behaviour was not looked at")
			continue
		}
		s := navicert.Searched{
			Kind: navicert.SourceAIS, Source: positionsOf(m),
			Publication: navicert.DateOf(last), Entries: n, AgeDays: days(g.at.AsOf, last), MaxAgeDays: freshDays,
			State: navicert.Current, Simulated: simulated,
		}
		if last.After(g.lastHeard) {
			g.lastHeard, g.lastMMSI = last, m
		}
		if s.AgeDays > freshDays {
			s.State = navicert.Stale
			g.notSearched(navicert.SourceAIS, s.Source, fmt.Sprintf("its newest position is %d days old: its behaviour since then was not looked at", s.AgeDays))
		}
		g.cert.Searched = append(g.cert.Searched, s)
	}
	return nil
}

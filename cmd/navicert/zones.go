package main

import (
	"context"
	"fmt"
	"time"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

type zonesCmd struct {
	Import zonesImportCmd `cmd:"" help:"Import zones from a GeoJSON file; a file with one wrong zone is refused whole."`
	List   zonesListCmd   `cmd:"" help:"List the zones held."`
	At     zonesAtCmd     `cmd:"" help:"Show the zones in force at a position."`
}

type zonesImportCmd struct {
	Files []string `arg:"" name:"file" help:"GeoJSON FeatureCollections, .gz and .zst too, or - for standard input."`
}

// Help is printed below the flags.
func (zonesImportCmd) Help() string {
	return `A feature is a Polygon, a MultiPolygon, or a Point with a property radius_nm.
Its properties: id, name, kind (blockade, danger, listed_area, territorial_sea,
closure), effect (prohibits, restricts, warns), from, to, published, order,
authority, publisher, text, scope {words, vessel_kinds, listed_only, flags,
calling_at}, cancelled_by, cancelled_at, simulated. Required: id, kind, effect,
from. A zone whose id is held already becomes a new revision of it.

Example:
  navicert zones import blockade.geojson`
}

// Run imports each file.
func (c *zonesImportCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p := newPrinter(
		g,
		column[app.ZoneImport]{"file", func(z app.ZoneImport) string { return z.Source }},
		column[app.ZoneImport]{"zones", func(z app.ZoneImport) string { return fmt.Sprint(z.Zones) }},
		column[app.ZoneImport]{"new or changed", func(z app.ZoneImport) string { return fmt.Sprint(z.Changed) }},
		column[app.ZoneImport]{"sha256", func(z app.ZoneImport) string { return z.SHA256[:12] }},
	)
	for _, file := range c.Files {
		var z app.ZoneImport
		if file == "-" {
			z, err = a.ImportZonesFrom(ctx, g.stdin, "stdin")
		} else {
			z, err = a.ImportZones(ctx, file)
		}
		if err != nil {
			_ = p.close() // what was imported before is said
			return err
		}
		if z.Unused.Total() > 0 {
			g.note("%s: %s", z.Source, z.Unused.String())
		}
		if err := p.print(z); err != nil {
			return err
		}
	}
	return p.close()
}

type zonesListCmd struct {
	At      navicert.Instant `help:"Only zones in force at this time, as far as they had been published by then." placeholder:"TIME"`
	GeoJSON bool             `name:"geojson" help:"Print one GeoJSON FeatureCollection, which zones import reads."`
}

// Run lists.
func (c *zonesListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Zones(ctx, orNow(c.At, a))
	if err != nil {
		return err
	}
	zones := all[:0]
	for _, z := range all {
		if c.At.IsZero() || z.InForce {
			zones = append(zones, z)
		}
	}
	if c.GeoJSON {
		plain := make([]geo.Zone, len(zones))
		for i, z := range zones {
			plain[i] = z.Zone
		}
		return geo.WriteZones(g.stdout, plain)
	}
	return printZones(g, zones)
}

type zonesAtCmd struct {
	Position string           `arg:"" help:"LAT,LON in decimal degrees, or a UN/LOCODE. Put -- before a negative latitude."`
	Time     navicert.Instant `help:"At this time (default now)." placeholder:"TIME"`
	Within   float64          `help:"Also zones within this distance, nautical miles." placeholder:"NM"`
}

// Help is printed below the flags.
func (zonesAtCmd) Help() string {
	return `Examples:
  navicert zones at 10.2,-64.85
  navicert zones at VEJOT --time 2025-12-30 --within 50
  navicert zones at --time 2025-12-30 -- -33.9,18.4`
}

// Run looks the zones up.
func (c *zonesAtCmd) Run(ctx context.Context, g *globals) error {
	place, err := geo.FindPlace(c.Position)
	if err != nil {
		return usageError("zones at: " + err.Error())
	}
	at, ok := place.Pos.Get()
	if !ok {
		return navicert.Errorf(navicert.NotFound, "zones at", place.Code, "its position is not known").WithHint("give LAT,LON")
	}
	if c.Within < 0 {
		return usageError("zones at: --within cannot be negative")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	zones, err := a.ZonesAt(ctx, at, orNow(c.Time, a), c.Within)
	if err != nil {
		return err
	}
	if len(zones) == 0 {
		g.note("No zone in force holds %s.", at)
	}
	return printZones(g, zones)
}

func orNow(t navicert.Instant, a *app.App) time.Time {
	if t.IsZero() {
		return a.Now()
	}
	return t.Time
}

func printZones(g *globals, zones []app.HeldZone) error {
	p := newPrinter(
		g,
		column[app.HeldZone]{"id", func(z app.HeldZone) string { return z.ID }},
		column[app.HeldZone]{"name", func(z app.HeldZone) string { return z.Name }},
		column[app.HeldZone]{"kind", func(z app.HeldZone) string { return string(z.Kind) }},
		column[app.HeldZone]{"effect", func(z app.HeldZone) string { return string(z.Effect) }},
		column[app.HeldZone]{"scope", func(z app.HeldZone) string { return z.Scope.Words }},
		column[app.HeldZone]{"from", func(z app.HeldZone) string { return z.From.String() }},
		column[app.HeldZone]{"to", func(z app.HeldZone) string { return z.To.String() }},
		column[app.HeldZone]{"state", zoneState},
		column[app.HeldZone]{"nm", func(z app.HeldZone) string {
			if nm, ok := z.DistanceNM.Get(); ok {
				return fmt.Sprintf("%.1f", nm)
			}
			return ""
		}},
	)
	for _, z := range zones {
		if err := p.print(z); err != nil {
			return err
		}
	}
	return p.close()
}

func zoneState(z app.HeldZone) string {
	state := "not in force"
	switch {
	case z.InForce:
		state = "in force"
	case !z.CancelledAt.IsZero():
		state = "cancelled"
	}
	if z.Simulated {
		state += ", simulated"
	}
	return state
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

type portsCmd struct {
	Import portsImportCmd `cmd:"" help:"Import the World Port Index (NGA Pub. 150) in CSV."`
	List   portsListCmd   `cmd:"" help:"List the ports that are known."`
	Near   portsNearCmd   `cmd:"" help:"Show the ports near a place."`
	Learn  portsLearnCmd  `cmd:"" help:"Learn anchorages and berths from the positions that are held."`
	Status portsStatusCmd `cmd:"" help:"Show which ports are known, and from where."`
}

// Help is printed below the flags.
func (portsCmd) Help() string {
	return `Detectors know a port call, and what is near a ship, by these places: ports and
oil terminals that the program knows by itself, those of the World Port Index in
their place once it is imported, and anchorages that were learned.

Examples:
  navicert ports import UpdatedPub150.csv
  navicert ports near VEJOT --within 30
  navicert ports list --country VE
  navicert ports status`
}

type portsImportCmd struct {
	File string `arg:"" name:"file" help:"The file, .gz and .zst too, or - for standard input."`
}

// Help is printed below the flags.
func (portsImportCmd) Help() string {
	return `For an edition newer than that of April 2026, whose ports the program has. Every
row is counted: what cannot be used is refused with the reason. The file is
at https://msi.nga.mil/Publications/WPI. The same file again changes nothing; an
older one stays in the data directory.

Example:
  navicert ports import UpdatedPub150.csv.gz`
}

// Run imports.
func (c *portsImportCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	var done app.PortImport
	if c.File == "-" {
		done, err = a.ImportPortsFrom(ctx, g.stdin, "stdin")
	} else {
		done, err = a.ImportPorts(ctx, c.File)
	}
	if err != nil {
		return err
	}
	g.note("%s: %d rows: %d ports, %d refused (%s)", done.Source, done.Rows, done.Ports, done.Refused.Total(), done.Refused.String())
	noteExamples(g, done.Refused)
	if done.Noted.Total() > 0 {
		g.note("  noted: %s", done.Noted.String())
	}
	p := newPrinter(
		g,
		column[app.PortImport]{"file", func(i app.PortImport) string { return i.Source }},
		column[app.PortImport]{"rows", func(i app.PortImport) string { return fmt.Sprint(i.Rows) }},
		column[app.PortImport]{"ports", func(i app.PortImport) string { return fmt.Sprint(i.Ports) }},
		column[app.PortImport]{"refused", func(i app.PortImport) string { return fmt.Sprint(i.Refused.Total()) }},
		column[app.PortImport]{"changed", func(i app.PortImport) string { return fmt.Sprint(i.Changed) }},
		column[app.PortImport]{"sha256", func(i app.PortImport) string { return i.SHA256[:12] }},
	)
	if err := p.print(done); err != nil {
		return err
	}
	return p.close()
}

func noteExamples(g *globals, t navicert.Tally) {
	for _, reason := range t.Reasons() {
		for _, ex := range t.Examples(reason) {
			g.note("  %s: %s", reason, ex)
		}
	}
}

type portsListCmd struct {
	Country string `help:"Only of this country: a name or ISO code."`
	Kind    string `default:"any" enum:"port,oil_terminal,anchorage,any" help:"Only of this kind: port, oil_terminal, anchorage."`
	Name    string `help:"Only with this in the name, or with this UN/LOCODE."`
}

// Help is printed below the flags.
func (portsListCmd) Help() string {
	return `Examples:
  navicert ports list --country VE --kind oil_terminal
  navicert ports list --name jose --format csv`
}

// Run lists.
func (c *portsListCmd) Run(ctx context.Context, g *globals) error {
	f := app.PortFilter{Name: c.Name}
	if c.Kind != "any" {
		f.Kind = geo.PortKind(c.Kind)
	}
	if c.Country != "" {
		var err error
		if f.Country, err = navicert.ParseFlag(c.Country); err != nil {
			return usageError("ports list: " + err.Error())
		}
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	ports, err := a.ListPorts(f)
	if err != nil {
		return err
	}
	if len(ports) == 0 {
		g.note("No such port is known.")
	}
	p := newPrinter(g, portColumns(func(p geo.Port) geo.Port { return p })...)
	for _, port := range ports {
		if err := p.print(port); err != nil {
			return err
		}
	}
	return p.close()
}

type portsNearCmd struct {
	Position string  `arg:"" help:"LAT,LON in decimal degrees, or a UN/LOCODE. Put -- before a negative latitude."`
	Within   float64 `default:"25" help:"Within this distance, nautical miles." placeholder:"NM"`
}

// Help is printed below the flags.
func (portsNearCmd) Help() string {
	return `Examples:
  navicert ports near 10.2,-64.85
  navicert ports near VEJOT --within 50
  navicert ports near --within 5 -- -33.9,18.4`
}

// Run looks the ports up.
func (c *portsNearCmd) Run(ctx context.Context, g *globals) error {
	place, err := geo.FindPlace(c.Position)
	if err != nil {
		return usageError("ports near: " + err.Error())
	}
	at, ok := place.Pos.Get()
	if !ok {
		return navicert.Errorf(navicert.NotFound, "ports near", place.Code, "its position is not known").WithHint("give LAT,LON")
	}
	if !(c.Within >= 0) {
		return usageError("ports near: --within cannot be negative")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	ports, err := a.PortsNear(at, c.Within)
	if err != nil {
		return err
	}
	if len(ports) == 0 {
		g.note("No port is known within %g nm of %s, which does not prove that there is none.", c.Within, at)
	}
	p := newPrinter(g, append(
		portColumns(func(p app.NearPort) geo.Port { return p.Port }),
		column[app.NearPort]{"nm", func(p app.NearPort) string { return fmt.Sprintf("%.1f", p.DistanceNM) }},
	)...)
	for _, port := range ports {
		if err := p.print(port); err != nil {
			return err
		}
	}
	return p.close()
}

func portColumns[T any](of func(T) geo.Port) []column[T] {
	return []column[T]{
		{"id", func(v T) string { return of(v).ID }},
		{"code", func(v T) string { return of(v).Code }},
		{"name", func(v T) string { return of(v).Name }},
		{"country", func(v T) string { return string(of(v).Country) }},
		{"kind", func(v T) string {
			if of(v).Offshore {
				return string(of(v).Kind) + ", offshore"
			}
			return string(of(v).Kind)
		}},
		{"handles", func(v T) string { return of(v).Handles }},
		{"position", func(v T) string { return of(v).Pos.String() }},
		{"source", func(v T) string { return of(v).Source }},
	}
}

type portsLearnCmd struct {
	From  navicert.Instant `help:"Only positions at or after this time." placeholder:"TIME"`
	To    navicert.Instant `help:"Only positions before this time." placeholder:"TIME"`
	Ships int              `default:"20" help:"So many different ships must have lain there."`
	Stay  time.Duration    `default:"12h" help:"For so long each."`
}

// Help is printed below the flags.
func (portsLearnCmd) Help() string {
	return `A place is one S2 cell of level 14, about half a kilometre, in which ships lay
within 500 m: Global Fishing Watch's rule. It is named by the port that is nearest;
where most ships say that they are moored it is a berth. What is learned is used
from then on, in place of what was learned before; simulated ships teach nothing.

Examples:
  navicert ports learn
  navicert ports learn --from 2025-12-01 --to 2026-01-01 --ships 10`
}

// Run learns.
func (c *portsLearnCmd) Run(ctx context.Context, g *globals) error {
	switch {
	case c.Ships < 1:
		return usageError("ports learn: --ships must be at least 1")
	case c.Stay <= 0:
		return usageError("ports learn: --stay must be positive")
	case !c.To.IsZero() && !c.To.After(c.From.Time):
		return usageError(fmt.Sprintf("ports learn: --to %s is not after --from %s", c.To, c.From))
	}
	rule := geo.GFWAnchorage()
	if c.Ships != rule.Ships || c.Stay != rule.Stay {
		rule.Ships, rule.Stay = c.Ships, c.Stay
		rule.Name = fmt.Sprintf("%s, but %d ships, %s", rule.Name, c.Ships, c.Stay)
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	var bar *progressbar.ProgressBar
	done, err := a.LearnPorts(ctx, app.LearnOptions{From: c.From.Time, To: c.To.Time, Rule: rule, Progress: func(n, of int) {
		if bar == nil {
			bar = g.progress(int64(of), "ships")
		}
		_ = bar.Set(n) // a bar that cannot be drawn is no reason to stop
	}})
	if bar != nil {
		_ = bar.Finish()
	}
	if err != nil {
		return err
	}
	g.note("%s: %d positions of %s, %d left out; %s, %s", done.Rule, done.Fixes, countOf(done.Ships, "ship"), done.Left, countOf(done.Stays, "stay"), countOf(len(done.Places), "place"))
	if done.Unchanged {
		g.note("Nothing was learned; what was learned before stays in use.")
	}
	p := newPrinter(g, append(
		portColumns(func(p geo.Port) geo.Port { return p }),
		column[geo.Port]{"ships", func(p geo.Port) string { return fmt.Sprint(p.Ships) }},
	)...)
	for _, port := range done.Places {
		if err := p.print(port); err != nil {
			return err
		}
	}
	return p.close()
}

type portsStatusCmd struct{}

// Help is printed below the flags.
func (portsStatusCmd) Help() string {
	return `Example:
  navicert ports status`
}

// Run shows.
func (c *portsStatusCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	sources, err := a.PortStatus()
	if err != nil {
		return err
	}
	p := newPrinter(
		g,
		column[app.PortSource]{"source", func(s app.PortSource) string { return s.Source }},
		column[app.PortSource]{"ports", func(s app.PortSource) string { return fmt.Sprint(s.Ports) }},
		column[app.PortSource]{"imported", func(s app.PortSource) string { return s.ImportedAt.String() }},
		column[app.PortSource]{"note", func(s app.PortSource) string { return s.Note }},
	)
	for _, s := range sources {
		if err := p.print(s); err != nil {
			return err
		}
	}
	return p.close()
}

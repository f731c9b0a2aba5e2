package main

import (
	"context"
	"fmt"

	"navicert"
	"navicert/app"
	"navicert/geo"
)

type portsCmd struct {
	Import portsImportCmd `cmd:"" help:"Import the World Port Index (NGA Pub. 150) in CSV."`
	List   portsListCmd   `cmd:"" help:"List the ports that are known."`
	Near   portsNearCmd   `cmd:"" help:"Show the ports near a place."`
	Status portsStatusCmd `cmd:"" help:"Show which ports are known, and from where."`
}

// Help is printed below the flags.
func (portsCmd) Help() string {
	return `Detectors know a port call, and what is near a ship, by these places: oil
terminals that the program knows by itself and, once imported, the World Port Index.

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
	return `Every row is counted: what cannot be used is refused with the reason. The file is
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

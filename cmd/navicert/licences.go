package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"navicert"
	"navicert/app"
	"navicert/rule"
)

type licencesCmd struct {
	Import licencesImportCmd `cmd:"" help:"Keep licence records of your own: specific licences, which are known to their holders alone."`
	List   licencesListCmd   `cmd:"" help:"List the licence records: yours and those of the packs in force."`
	Show   licencesShowCmd   `cmd:"" help:"Show one record whole, with the iterations before and after it."`
}

type licencesImportCmd struct {
	Files []string `arg:"" name:"file" help:"YAML or JSON files with a list under the key licences, or - for standard input."`
	By    string   `required:"" help:"Who answers for the records." placeholder:"NAME"`
}

// Help is printed below the flags.
func (licencesImportCmd) Help() string {
	return `A file holds records as a rule pack does, under the one key licences; docs/rules.md
lists the keys, and an unknown one is an error with its line. A record whose id
is held already becomes a new revision of it. Records stay in the data
directory; a voyage that relies on one names its id (check --licence ID).

Example:
  navicert licences import our-licence.yaml --by "J. Doe"

  licences:
    - id: VE-2026-000000
      kind: specific
      authority: OFAC
      title: Licence VE-2026-000000
      dated: 2026-01-05
      from: 2026-01-05T00:00:00-05:00
      until: 2027-01-31T00:01:00-05:00
      zone: America/New_York
      expiry: 12:01 a.m. eastern standard time, January 31, 2027
      programmes: [VENEZUELA-EO13850]
      goods: [crude_oil]
      countries: [VE]
      persons: [Invented Oil Inc]
      cannot_lift: [blocked_vessel]
      sha256: 0000000000000000000000000000000000000000000000000000000000000000
      source: the holder's copy
      text: Lets the holder load crude oil.`
}

// Run imports.
func (c *licencesImportCmd) Run(ctx context.Context, g *globals) error {
	if strings.TrimSpace(c.By) == "" {
		return usageError("licences import: --by: say who answers for the records")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p := newPrinter(
		g,
		column[app.LicenceImport]{"file", func(l app.LicenceImport) string { return l.Source }},
		column[app.LicenceImport]{"licences", func(l app.LicenceImport) string { return strings.Join(l.Licences, ", ") }},
		column[app.LicenceImport]{"new or changed", func(l app.LicenceImport) string { return fmt.Sprint(l.Changed) }},
		column[app.LicenceImport]{"sha256", func(l app.LicenceImport) string { return l.SHA256[:12] }},
	)
	for _, file := range c.Files {
		var l app.LicenceImport
		if file == "-" {
			l, err = a.ImportLicencesFrom(ctx, g.stdin, "stdin", c.By)
		} else {
			l, err = a.ImportLicences(ctx, file, c.By)
		}
		if err != nil {
			_ = p.close() // what was imported before is said
			return err
		}
		if err := p.print(l); err != nil {
			return err
		}
	}
	return p.close()
}

type licencesListCmd struct {
	whenFlags
	Own   bool     `help:"Only the records that you keep."`
	Rules []string `help:"Rule packs beside general: embedded names or files."`
}

// Run lists.
func (c *licencesListCmd) Run(ctx context.Context, g *globals) error {
	all, err := licencesAt(ctx, g, c.Rules, c.whenFlags)
	if err != nil {
		return err
	}
	col := func(name string, text func(app.HeldLicence) string) column[app.HeldLicence] {
		return column[app.HeldLicence]{name, text}
	}
	p := newPrinter(
		g,
		col("id", func(l app.HeldLicence) string { return l.ID }),
		col("kind", func(l app.HeldLicence) string { return l.Kind }),
		col("title", func(l app.HeldLicence) string { return l.Title }),
		col("from", func(l app.HeldLicence) string { return inZone(l.From, l.Zone) }),
		col("until", func(l app.HeldLicence) string { return inZone(l.Until, l.Zone) }),
		col("state", func(l app.HeldLicence) string { return l.State }),
		col("cannot lift", func(l app.HeldLicence) string { return strings.Join(l.CannotLift, ", ") }),
		col("held in", func(l app.HeldLicence) string { return l.HeldIn }),
	)
	for _, l := range all {
		if c.Own && l.HeldIn != app.OwnLicence {
			continue
		}
		if err := p.print(l); err != nil {
			return err
		}
	}
	return p.close()
}

// licencesAt opens the data directory for one question.
func licencesAt(ctx context.Context, g *globals, rules []string, w whenFlags) ([]app.HeldLicence, error) {
	g.cfg.Rules = append(g.cfg.Rules, rules...)
	a, err := g.open(ctx)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	return a.Licences(ctx, w.when())
}

// inZone writes a time in the zone that it was published in, UTC when that is
// not recorded.
func inZone(i navicert.Instant, zone string) string {
	if i.IsZero() {
		return ""
	}
	if z, err := time.LoadLocation(zone); zone != "" && err == nil {
		return i.In(z).Format("2006-01-02 15:04 MST")
	}
	return i.UTC().Format("2006-01-02 15:04 UTC")
}

type licencesShowCmd struct {
	whenFlags
	ID    string   `arg:"" help:"The licence's id."`
	Rules []string `help:"Rule packs beside general: embedded names or files."`
}

// Help is printed below the flags.
func (licencesShowCmd) Help() string {
	return `Example:
  navicert licences show ofac-ve-gl-5u --rules venezuela --as-of 2026-02-10

Below a table stand the iterations of the licence, each with the day from which
it stood.`
}

// Run shows.
func (c *licencesShowCmd) Run(ctx context.Context, g *globals) error {
	all, err := licencesAt(ctx, g, c.Rules, c.whenFlags)
	if err != nil {
		return err
	}
	var records []rule.LicenceRecord
	var found *app.HeldLicence
	for i := range all {
		records = append(records, all[i].LicenceRecord)
		if all[i].ID == c.ID {
			found = &all[i]
		}
	}
	if found == nil {
		return navicert.Errorf(navicert.NotFound, "licences show", c.ID, "no record of it is held for that time").
			WithHint("navicert licences list shows those that are; --rules names further packs")
	}
	if f := g.format(); f != "table" {
		p := newPrinter(g, licenceRows()...)
		if err := p.print(*found); err != nil {
			return err
		}
		return p.close()
	}
	return writeLicence(g.stdout, found, rule.Chain(records, c.ID))
}

// licenceRows are what a record says, a line each.
func licenceRows() []column[app.HeldLicence] {
	row := func(name string, text func(app.HeldLicence) string) column[app.HeldLicence] {
		return column[app.HeldLicence]{name, text}
	}
	list := func(name string, get func(app.HeldLicence) []string) column[app.HeldLicence] {
		return row(name, func(l app.HeldLicence) string { return strings.Join(get(l), "; ") })
	}
	return []column[app.HeldLicence]{
		row("id", func(l app.HeldLicence) string { return l.ID }),
		row("title", func(l app.HeldLicence) string { return l.Title }),
		row("kind", func(l app.HeldLicence) string { return l.Kind + ", " + l.Authority }),
		row("part", func(l app.HeldLicence) string { return l.Part }),
		row("dated", func(l app.HeldLicence) string { return string(l.Dated) }),
		row("authorises from", func(l app.HeldLicence) string { return inZone(l.From, l.Zone) }),
		row("until", func(l app.HeldLicence) string { return inZone(l.Until, l.Zone) }),
		row("as published", func(l app.HeldLicence) string { return l.Expiry }),
		row("state", func(l app.HeldLicence) string { return l.State }),
		list("programmes", func(l app.HeldLicence) []string { return l.Programmes }),
		list("acts", func(l app.HeldLicence) []string { return l.Acts }),
		list("goods", func(l app.HeldLicence) []string { return l.Goods }),
		list("loaded in", func(l app.HeldLicence) []string { return l.Countries }),
		list("for", func(l app.HeldLicence) []string { return l.Destinations }),
		list("persons", func(l app.HeldLicence) []string { return l.Persons }),
		row("and what they own", func(l app.HeldLicence) string { return map[bool]string{true: "by half or more"}[l.OwnedEntities] }),
		row("who", func(l app.HeldLicence) string { return l.Who }),
		list("vessels", func(l app.HeldLicence) []string { return l.Vessels }),
		list("cannot lift", func(l app.HeldLicence) []string { return l.CannotLift }),
		list("not authorised", func(l app.HeldLicence) []string { return l.Exclusions }),
		list("conditions", func(l app.HeldLicence) []string { return l.Conditions }),
		list("reports", func(l app.HeldLicence) []string {
			var out []string
			for _, d := range l.Duties {
				out = append(out, d.Words())
			}
			return append(out, l.Reports...)
		}),
		row("source", func(l app.HeldLicence) string { return l.Source }),
		row("document", func(l app.HeldLicence) string { return l.SHA256 }),
		row("held in", func(l app.HeldLicence) string { return l.HeldIn }),
		row("entered by", func(l app.HeldLicence) string { return l.EnteredBy }),
		row("says", func(l app.HeldLicence) string { return l.Text }),
	}
}

func writeLicence(w io.Writer, l *app.HeldLicence, chain []rule.LicenceRecord) error {
	var b strings.Builder
	for _, r := range licenceRows() {
		if v := r.text(*l); v != "" {
			fmt.Fprintf(&b, "%-18s %s\n", r.name, v)
		}
	}
	for i := range chain {
		c := &chain[i]
		fmt.Fprintf(&b, "%s stands from %s.\n", c.ID, inZone(navicert.At(c.Stands()), c.Zone))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/list"
	"navicert/screen"
	"navicert/screen/own"
)

type ownershipCmd struct {
	Import ownershipImportCmd `cmd:"" help:"Import ownership facts from CSV or FollowTheMoney files, or from the links that a list publishes."`
	List   ownershipListCmd   `cmd:"" help:"List the facts held."`
	Show   ownershipShowCmd   `cmd:"" help:"Show every fact about a party."`
	Check  ownershipCheckCmd  `cmd:"" help:"Say whether listed persons own or control a party: the 50 percent rule, and the EU's and UK's tests."`
}

type ownershipImportCmd struct {
	Files []string `arg:"" optional:"" name:"file" help:"CSV files or FollowTheMoney JSON lines, .gz and .zst too, or - for standard input."`
	List  string   `help:"Import what the entries of this publication say of their owners: LIST@DATE." placeholder:"LIST@DATE"`
	Of    string   `name:"entries-of" help:"FollowTheMoney: the entities are entries of this list, by their ids." placeholder:"LIST"`
	By    string   `help:"Who answers for the facts that name nobody in entered_by." placeholder:"NAME"`
}

// Help is printed below the flags.
func (ownershipImportCmd) Help() string {
	return `The first line of a CSV file names the columns, in any order:
  owner, owned, kind, source                       required
  owner_kind, owner_id, owner_imo, owner_country   the same with owned_…
  share, from, until, published, document_sha256, entered_by, withdrawn, note,
  simulated
kind is owns, controls, manages or owns_or_controls; share is a percentage
(50), a range (25-50, >25-50, >50, <=25) or unknown. Rows that cannot be used
are counted with their reason. Facts for which nobody answers (entered_by, or
--by) can refer a voyage, never refuse it. Of FollowTheMoney entities (JSON
lines) the schemata Ownership, Control and Directorship are read.

Examples:
  navicert ownership import owners.csv --by "J. Doe"
  navicert ownership import entities.ftm.json.gz --entries-of opensanctions
  navicert ownership import --list ofac-sdn@2025-12-24`
}

// Run imports.
func (c *ownershipImportCmd) Run(ctx context.Context, g *globals) error {
	if (len(c.Files) == 0) == (c.List == "") {
		return usageError("ownership import: name files, or a publication with --list")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p := newPrinter(
		g,
		column[app.OwnershipImport]{"source", func(o app.OwnershipImport) string { return o.Source }},
		column[app.OwnershipImport]{"facts", func(o app.OwnershipImport) string { return fmt.Sprint(o.Facts) }},
		column[app.OwnershipImport]{"new or changed", func(o app.OwnershipImport) string { return fmt.Sprint(o.Changed) }},
		column[app.OwnershipImport]{"rejected", func(o app.OwnershipImport) string { return o.Rejected.String() }},
	)
	done := func(o app.OwnershipImport, err error) error {
		if err != nil {
			_ = p.close() // what was imported before is said
			return err
		}
		for _, r := range o.Rejected.Reasons() {
			g.note("%s: %d rejected, %s: %s", o.Source, o.Rejected.Count(r), r, strings.Join(o.Rejected.Examples(r), "; "))
		}
		return p.print(o)
	}
	if c.List != "" {
		pub, err := a.FindPublication(ctx, c.List, "")
		if err != nil {
			return err
		}
		if err := done(a.ImportOwnershipLinks(ctx, pub)); err != nil {
			return err
		}
	}
	o := app.OwnershipOptions{By: c.By, List: c.Of}
	for _, file := range c.Files {
		var err error
		if file == "-" {
			err = done(a.ImportOwnershipFrom(ctx, g.stdin, "stdin", o))
		} else {
			err = done(a.ImportOwnership(ctx, file, o))
		}
		if err != nil {
			return err
		}
	}
	return p.close()
}

// partyFlags name a party.
type partyFlags struct {
	Name    string `arg:"" optional:"" help:"The party's name."`
	IMO     string `name:"imo" help:"Its IMO number: of the ship, or of the company."`
	Party   string `name:"id" help:"Its identifier as the facts give it: ofac-sdn/15001, lei/…" placeholder:"ID"`
	Country string `help:"Its country: a name or ISO code."`
	Kind    string `default:"any" enum:"vessel,person,organization,any" help:"What it is: vessel, person, organization or any."`
}

// party reads the flags.
func (f partyFlags) party(op string) (own.Party, error) {
	p := own.Party{Name: strings.Join(strings.Fields(f.Name), " "), ID: f.Party}
	if f.Kind != screen.Any {
		p.Kind = list.Kind(f.Kind)
	}
	var err error
	if f.IMO != "" {
		if p.IMO, err = navicert.ParseIMO(f.IMO); err != nil {
			return p, usageError(op + ": " + err.Error())
		}
	}
	if f.Country != "" {
		if p.Country, err = navicert.ParseFlag(f.Country); err != nil {
			return p, usageError(op + ": " + err.Error())
		}
	}
	if p.Name == "" && p.IMO == 0 && p.ID == "" {
		return p, usageError(op + ": give a name, --imo or --id")
	}
	return p, nil
}

// whenFlags say which time is asked about.
type whenFlags struct {
	AsOf    navicert.Instant `help:"Ask about this day or time, with what had been published by then (default now)." placeholder:"TIME"`
	KnownAt navicert.Instant `help:"Use only what this installation had recorded by then." placeholder:"TIME"`
}

func (w whenFlags) when() screen.When {
	return screen.When{AsOf: w.AsOf.Time, KnownAt: w.KnownAt.Time}
}

type ownershipListCmd struct {
	whenFlags
	All bool `help:"Also facts that have ended, have not begun or were withdrawn."`
}

// Run lists.
func (c *ownershipListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	facts, err := a.Ownership(ctx, c.when(), own.Party{})
	if err != nil {
		return err
	}
	return printOwnership(g, facts, c.All)
}

type ownershipShowCmd struct {
	partyFlags
	whenFlags
}

// Help is printed below the flags.
func (ownershipShowCmd) Help() string {
	return `Every fact that names the party as owner or owned, those that have ended too.

Examples:
  navicert ownership show "Invented Holding SA"
  navicert ownership show --imo 9074729 --known-at 2026-01-01`
}

// Run shows.
func (c *ownershipShowCmd) Run(ctx context.Context, g *globals) error {
	p, err := c.party("ownership show")
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	facts, err := a.Ownership(ctx, c.when(), p)
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		return navicert.Errorf(navicert.NotFound, "ownership show", p.Label(), "no fact names it").WithHint("navicert ownership list shows what is held")
	}
	return printOwnership(g, facts, true)
}

func printOwnership(g *globals, facts []app.HeldOwnership, all bool) error {
	col := func(name string, text func(app.HeldOwnership) string) column[app.HeldOwnership] {
		return column[app.HeldOwnership]{name, text}
	}
	p := newPrinter(
		g,
		col("owner", func(f app.HeldOwnership) string { return f.Owner.Label() }),
		col("kind", func(f app.HeldOwnership) string { return string(f.Kind) }),
		col("share", func(f app.HeldOwnership) string { return shareWords(f.Share) }),
		col("owned", func(f app.HeldOwnership) string { return f.Owned.Label() }),
		col("from", func(f app.HeldOwnership) string { return f.From.String() }),
		col("until", func(f app.HeldOwnership) string { return f.Until.String() }),
		col("state", ownershipState),
		col("source", func(f app.HeldOwnership) string { return f.Source }),
		col("entered by", func(f app.HeldOwnership) string { return f.EnteredBy }),
		col("recorded", func(f app.HeldOwnership) string { return f.RecordedAt.String() }),
	)
	for _, f := range facts {
		if !f.InForce && !all {
			continue
		}
		if err := p.print(f); err != nil {
			return err
		}
	}
	return p.close()
}

func shareWords(s navicert.Opt[own.Share]) string {
	if v, ok := s.Get(); ok {
		return v.String()
	}
	return "unknown"
}

func ownershipState(f app.HeldOwnership) string {
	state := "not in force"
	switch {
	case f.InForce:
		state = "in force"
	case f.Withdrawn:
		state = "withdrawn"
	}
	if f.Simulated {
		state += ", simulated"
	}
	return state
}

type ownershipCheckCmd struct {
	partyFlags
	whenFlags
}

// Help is printed below the flags.
func (ownershipCheckCmd) Help() string {
	return `The answer shows, for each law, the least and the most that listed persons own,
and the chain: every link with its share, dates and source. Control and
management are shown beside ownership.

Examples:
  navicert ownership check "Beta Shipping Ltd" --country PA
  navicert ownership check --imo 9074729 --as-of 2025-12-25

Exit status: 0 whatever is found, 1 failed, 2 wrong usage.`
}

// Run checks.
func (c *ownershipCheckCmd) Run(ctx context.Context, g *globals) error {
	p, err := c.party("ownership check")
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	answer, err := a.CheckOwnership(ctx, p, c.when())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(answer.Searched, func(s navicert.Searched) bool { return s.State != navicert.Missing }) {
		g.note("No list was searched: none is held for that day, so that nobody among the owners can be found listed.")
	}
	if f := g.format(); f == "json" || f == "ndjson" {
		out := newPrinter[own.Answer](g)
		if err := out.print(answer); err != nil {
			return err
		}
		return out.close()
	}
	if !answer.Known {
		g.note("Nothing is known of who owns or controls %s (%d facts are in force).", p.Label(), answer.Facts)
	}
	if err := printTests(g, answer.Tests); err != nil || g.format() != "table" {
		return err
	}
	return writeChains(g.stdout, answer)
}

func printTests(g *globals, tests []own.Test) error {
	p := newPrinter(
		g,
		column[own.Test]{"law", func(t own.Test) string { return t.Rule.Title }},
		column[own.Test]{"result", func(t own.Test) string { return strings.ReplaceAll(string(t.Result), "_", " ") }},
		column[own.Test]{"least", func(t own.Test) string { return t.Least.String() + " %" }},
		column[own.Test]{"most", func(t own.Test) string { return t.Most.String() + " %" }},
		column[own.Test]{"settled", func(t own.Test) string { return map[bool]string{true: "yes", false: "no"}[t.Settled] }},
		column[own.Test]{"why", func(t own.Test) string { return t.Text }},
	)
	for _, t := range tests {
		if err := p.print(t); err != nil {
			return err
		}
	}
	return p.close()
}

// writeChains prints the links of each test, those that several tests share
// once.
func writeChains(w io.Writer, a own.Answer) error {
	var b strings.Builder
	if a.Named != "" {
		fmt.Fprintf(&b, "%s.\n", a.Named)
	}
	seen := map[string]bool{}
	line := func(format string, args ...any) {
		if s := fmt.Sprintf(format, args...); !seen[s] {
			seen[s] = true
			b.WriteString(s + "\n")
		}
	}
	for _, t := range a.Tests {
		for _, s := range t.Listed {
			for _, l := range s.Listings {
				how := "is"
				if !l.Identity {
					how = "has a name like"
				}
				line("%s %s entry %s of %s@%s, %s.", s.Party.Label(), how, l.Entry, l.List, l.Publication, l.Name)
			}
		}
		for _, l := range t.Chain {
			for i := range l.Facts {
				line("%s.", l.Facts[i].Words())
			}
		}
		if t.More > 0 {
			line("%s: %d more links are not shown.", t.Rule.Title, t.More)
		}
	}
	if a.Known {
		line("The facts account for %s %% of the ownership of %s.", a.Stated, a.Party.Label())
	}
	for _, s := range a.Searched {
		line("Searched %s.", searchedWords(s))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

package main

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"navicert"
	"navicert/app"
	"navicert/list"
	"navicert/list/pull"
)

type listsPullCmd struct {
	Lists []string          `arg:"" optional:"" name:"list" help:"Which lists (default all that have an address)."`
	From  map[string]string `help:"Fetch a list from another address: a mirror's folder, which ends in a slash, or the one file." placeholder:"LIST=URL"`
	Tries int               `default:"5" help:"How often a file is asked for before the list is given up, with longer and longer waits."`
	Stall time.Duration     `default:"30s" help:"How long a server may send nothing."`
}

// Help is printed below the flags.
func (listsPullCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Fetches the newest publication of each list from its publisher, over https, if
there is a newer one than is held. It is dated as its publisher dates it, never
by the day it was fetched, and its files are of one day or it is not taken.

What was held stays in force when a server cannot be reached, breaks off, sends
a web page or something that is no list; lists status then says so. A list that
has lost more than 5 % of its entries, vessels, aliases or addresses, or that
was issued twice in a day, is kept aside until a person has looked: lists held,
lists accept, lists reject. HTTPS_PROXY names a proxy.

Addresses:
`)
	for _, s := range pull.Sources() {
		b.WriteString("  " + s.List + "\n")
		for _, f := range s.Files {
			b.WriteString("    " + f.Address + "\n")
		}
	}
	b.WriteString(`
Examples:
  navicert lists pull
  navicert lists pull ofac-sdn --from ofac-sdn=https://mirror.example/ofac/2026-08-20/

Exit status: 1 when a list could not be fetched, the others are kept.`)
	return b.String()
}

var pulledColumns = []column[app.Pulled]{
	{"list", func(p app.Pulled) string { return p.List }},
	{"outcome", func(p app.Pulled) string { return string(p.Outcome) }},
	{"publication", func(p app.Pulled) string { return string(p.Publication) }},
	{"entries", func(p app.Pulled) string {
		if p.Entries == 0 {
			return ""
		}
		return humanize.Comma(int64(p.Entries))
	}},
	{"in force", func(p app.Pulled) string { return p.InForce }},
	{"state", func(p app.Pulled) string { return p.State }},
}

// Run fetches and prints how it went.
func (c *listsPullCmd) Run(ctx context.Context, g *globals) error {
	if c.Tries < 1 || c.Tries > 20 {
		return usageError("lists pull: --tries: want 1 to 20")
	}
	if c.Stall <= 0 {
		return usageError("lists pull: --stall: want a time, such as 30s")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(importGCPercent))
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	bar := g.progress(-1, "fetching")
	defer bar.Finish()
	got, err := a.PullLists(ctx, app.PullOptions{
		Lists: c.Lists, From: c.From, Fetch: pull.Options{Tries: c.Tries, Stall: c.Stall},
		Began: func(name string) { bar.Describe("fetching " + name) },
	})
	_ = bar.Finish() // a bar that cannot be drawn is no reason to stop
	p := newPrinter(g, pulledColumns...)
	failed := 0
	for _, l := range got {
		if perr := p.print(l); perr != nil {
			return perr
		}
		switch l.Outcome {
		case list.PullFailed:
			failed++
			g.note("%s", l.Error)
		case list.PullHeld:
			g.note("%s@%s is kept aside: %s.", l.List, l.Publication, l.Note)
		default:
			if l.Note != "" {
				g.note("%s@%s: %s.", l.List, l.Publication, l.Note)
			}
		}
	}
	if err := errors.Join(err, p.close()); err != nil {
		return err
	}
	var moved []string
	for _, l := range got {
		if l.Outcome == list.PullAdded {
			moved = append(moved, l.List)
		}
	}
	if err := noteChanges(ctx, g, a, moved); err != nil {
		return err
	}
	if failed > 0 {
		return exitStatus(exitFailed)
	}
	return nil
}

type listsPullsCmd struct {
	List  string `help:"Only of this list."`
	Limit int    `default:"20" help:"At most so many."`
}

var pullColumns = []column[list.Pull]{
	{"at", func(p list.Pull) string { return minute(p.At) }},
	{"list", func(p list.Pull) string { return p.List }},
	{"outcome", func(p list.Pull) string { return string(p.Outcome) }},
	{"publication", func(p list.Pull) string { return string(p.Publication) }},
	{"why", func(p list.Pull) string { return p.Error + p.Note }},
}

// Run prints the log.
func (c *listsPullsCmd) Run(ctx context.Context, g *globals) error {
	if c.Limit < 1 {
		return usageError("lists pulls: --limit: want 1 or more")
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	pulls, err := a.Pulls(ctx, c.List, c.Limit)
	if err != nil {
		return err
	}
	return printAll(g, pulls, pullColumns)
}

// printAll prints records and ends the output.
func printAll[T any](g *globals, records []T, columns []column[T]) error {
	p := newPrinter(g, columns...)
	for _, r := range records {
		if err := p.print(r); err != nil {
			return err
		}
	}
	return p.close()
}

type listsHeldCmd struct {
	All bool `help:"Also those that were decided on."`
}

var heldColumns = []column[list.Held]{
	{"list", func(h list.Held) string { return h.List }},
	{"publication", func(h list.Held) string { return string(h.Date) }},
	{"sha256", func(h list.Held) string { return h.SHA256[:min(12, len(h.SHA256))] }},
	{"entries", func(h list.Held) string { return humanize.Comma(int64(h.Entries)) }},
	{"held", func(h list.Held) string { return minute(h.HeldAt) }},
	{"state", func(h list.Held) string { return string(h.State) }},
	{"why", func(h list.Held) string {
		if h.Decision != nil {
			return h.Decision.Who + ": " + h.Decision.Why
		}
		return h.Why
	}},
}

// Run prints what is kept aside.
func (c *listsHeldCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	held, err := a.HeldLists(ctx)
	if err != nil {
		return err
	}
	var shown []list.Held
	for _, h := range held {
		if c.All || h.State == list.HeldOpen {
			shown = append(shown, h)
		}
	}
	return printAll(g, shown, heldColumns)
}

// decisionFlags are what accept and reject have in common.
type decisionFlags struct {
	Publication string `arg:"" help:"LIST@DATE, as lists held shows it."`
	SHA256      string `name:"sha256" help:"The beginning of its hash, where several of one day are kept aside." placeholder:"HEX"`
	Who         string `required:"" help:"Who decides."`
	Why         string `required:"" help:"For what reason."`
}

func (d decisionFlags) decide(ctx context.Context, g *globals, state list.HeldState, as navicert.Date) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := a.DecideHeld(ctx, d.Publication, d.SHA256, state, list.HeldDecision{Who: d.Who, Why: d.Why, As: as})
	if err != nil {
		return err
	}
	if state == list.HeldRejected {
		g.note("%s will not be used.", d.Publication)
		return nil
	}
	return printAll(g, []app.ImportedList{{Publication: p, Added: true}}, publicationColumns)
}

type listsAcceptCmd struct {
	decisionFlags
	Published navicert.Date `help:"Under the next day's date: for one that was issued on a day of which another is in force." placeholder:"YYYY-MM-DD"`
}

// Help is printed below the flags.
func (listsAcceptCmd) Help() string {
	return `Example:
  navicert lists accept ofac-sdn@2026-08-20 --who "N. N." --why "OFAC's notice of 20 August removes 1,200 entries"`
}

// Run accepts.
func (c *listsAcceptCmd) Run(ctx context.Context, g *globals) error {
	if c.Published != "" {
		if _, err := navicert.ParseDate(string(c.Published)); err != nil {
			return usageError("lists accept: --published: " + err.Error())
		}
	}
	return c.decide(ctx, g, list.HeldAccepted, c.Published)
}

type listsRejectCmd struct{ decisionFlags }

// Run rejects.
func (c *listsRejectCmd) Run(ctx context.Context, g *globals) error {
	return c.decide(ctx, g, list.HeldRejected, "")
}

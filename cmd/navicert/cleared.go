package main

import (
	"context"

	"navicert"
	"navicert/app"
	"navicert/screen"
)

type clearedCmd struct {
	Add    clearedAddCmd    `cmd:"" help:"Say that an entry which a question matches is somebody else."`
	List   clearedListCmd   `cmd:"" help:"Show what has been cleared."`
	Remove clearedRemoveCmd `cmd:"" help:"Take a clearing back; it stays as history."`
}

type clearedAddCmd struct {
	questionFlags
	Subject string        `help:"The saved subject that is asked about, in place of a question." placeholder:"ID"`
	List    string        `required:"" help:"The entry's list."`
	Entry   string        `required:"" help:"The entry's number."`
	Who     string        `required:"" help:"Who decided."`
	Why     string        `required:"" help:"On what grounds."`
	Until   navicert.Date `required:"" help:"The last day on which it holds." placeholder:"YYYY-MM-DD"`
}

// Help is printed below the flags.
func (clearedAddCmd) Help() string {
	return `The hit is still shown, marked cleared, but is no match, and a certificate names
who cleared it and why. It is a hit again when the entry changes, after the last
day, or when the question has another name, number, country, flag or birth date.
A hit by IMO number cannot be cleared: it is the hull itself.

Example:
  navicert cleared add "Ivan Ivanov" --kind person --country RU --birth-date 1961 \
    --list ofac-sdn --entry 12345 --who "N. N." --why "passport seen: born in Perm, not Omsk" --until 2027-06-30`
}

// Run records it.
func (c *clearedAddCmd) Run(ctx context.Context, g *globals) error {
	in := app.Clearance{Subject: c.Subject, List: c.List, Entry: c.Entry, Who: c.Who, Why: c.Why, Until: c.Until}
	if c.Subject != "" && c.given() {
		return usageError("cleared add: --subject names the question: leave out the name and identifiers")
	}
	if _, err := navicert.ParseDate(string(c.Until)); err != nil {
		return usageError("cleared add: --until: " + err.Error())
	}
	if c.Subject == "" {
		var err error
		if in.Query, err = c.query("cleared add"); err != nil {
			return err
		}
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	cl, err := a.Clear(ctx, in)
	if err != nil {
		return err
	}
	return printAll(g, []screen.Clearing{cl}, clearingColumns(a))
}

func clearingColumns(a *app.App) []column[screen.Clearing] {
	return []column[screen.Clearing]{
		{"id", func(c screen.Clearing) string { return c.ID }},
		{"asked", func(c screen.Clearing) string { return queryWords(c.Query) }},
		{"entry", func(c screen.Clearing) string { return c.List + " " + c.Entry }},
		{"name", func(c screen.Clearing) string { return c.Name }},
		{"who", func(c screen.Clearing) string { return c.Who }},
		{"why", func(c screen.Clearing) string { return c.Why }},
		{"at", func(c screen.Clearing) string { return minute(c.At) }},
		{"until", func(c screen.Clearing) string { return string(c.Until) }},
		{"state", a.ClearingState},
	}
}

type clearedListCmd struct{}

// Run lists them.
func (clearedListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Clearings(ctx)
	if err != nil {
		return err
	}
	return printAll(g, all, clearingColumns(a))
}

type clearedRemoveCmd struct {
	ID  string `arg:"" name:"id" help:"The clearing, as cleared list shows it."`
	Who string `required:"" help:"Who takes it back."`
	Why string `help:"For what reason."`
}

// Run takes it back.
func (c *clearedRemoveCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.RemoveClearing(ctx, c.ID, c.Who, c.Why)
}

package main

import (
	"context"
	"strings"

	"navicert/decide"
)

type voyagesCmd struct {
	Save   voyagesSaveCmd   `cmd:"" help:"Save the voyages of a file, to be watched."`
	List   voyagesListCmd   `cmd:"" help:"Show the saved voyages."`
	Remove voyagesRemoveCmd `cmd:"" help:"Take a voyage off."`
}

// Help is printed below the flags.
func (voyagesCmd) Help() string {
	return `Saved voyages are those that navicert watch looks after when it is given no file.

Examples:
  navicert voyages save fleet.jsonl
  navicert voyages list
  navicert voyages remove A-1`
}

type voyagesSaveCmd struct {
	File string `arg:"" type:"path" help:"JSON lines as for check --file, each with an id of its own (- for standard input)."`
	Who  string `help:"Who saves them."`
	Note string `help:"What they are."`
}

// Help is printed below the flags.
func (voyagesSaveCmd) Help() string {
	return `All of the file's are saved or none. A voyage whose id is saved already is changed.

A line of a file: {"id":"A-1","vessel":{"imo":9074729},"from":"VEJOT","to":"USHOU"}

Example:
  navicert voyages save fleet.jsonl --note "fixtures of March"`
}

// Run saves them.
func (c *voyagesSaveCmd) Run(ctx context.Context, g *globals) error {
	voyages, err := watchedVoyages().read(ctx, g, c.File)
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.SaveVoyages(ctx, voyages, c.Who, c.Note)
	if err != nil {
		return err
	}
	g.note("%d new or changed, %d as they were.", n, len(voyages)-n)
	return nil
}

type voyagesListCmd struct{}

// Help is printed below the flags.
func (voyagesListCmd) Help() string {
	return `Example:
  navicert voyages list --format csv`
}

// Run lists them.
func (voyagesListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	saved, err := a.SavedVoyages(ctx)
	if err != nil {
		return err
	}
	return printAll(g, saved, []column[decide.SavedVoyage]{
		{"voyage", func(s decide.SavedVoyage) string { return s.Voyage.ID }},
		{"vessel", func(s decide.SavedVoyage) string { return s.Voyage.Vessel.Label() }},
		{"route", func(s decide.SavedVoyage) string { return strings.Trim(s.Voyage.From+" → "+s.Voyage.To, " →") }},
		{"saved", func(s decide.SavedVoyage) string { return minute(s.At) }},
		{"who", func(s decide.SavedVoyage) string { return s.Who }},
		{"note", func(s decide.SavedVoyage) string { return s.Note }},
	})
}

type voyagesRemoveCmd struct {
	ID string `arg:"" help:"The voyage's id."`
}

// Help is printed below the flags.
func (voyagesRemoveCmd) Help() string {
	return `Its certificates stay.

Example:
  navicert voyages remove A-1`
}

// Run takes it off.
func (c *voyagesRemoveCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.RemoveVoyage(ctx, c.ID)
}

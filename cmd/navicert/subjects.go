package main

import (
	"context"
	"fmt"
	"strings"

	"navicert"
	"navicert/app"
	"navicert/screen"
)

type subjectsCmd struct {
	Add    subjectsAddCmd    `cmd:"" help:"Save a subject, or change one."`
	Import subjectsImportCmd `cmd:"" help:"Save the subjects of a file."`
	List   subjectsListCmd   `cmd:"" help:"Show the saved subjects."`
	Remove subjectsRemoveCmd `cmd:"" help:"Take a subject off."`
	Screen subjectsScreenCmd `cmd:"" help:"Show what changed for whom since a list moved."`
}

// questionFlags are a question, as screen asks it.
type questionFlags struct {
	Name      string `arg:"" optional:"" help:"The name."`
	IMO       string `name:"imo" help:"An IMO number: of a hull, or with --kind organization of a company." group:"The question:"`
	MMSI      string `name:"mmsi" help:"An MMSI." group:"The question:"`
	CallSign  string `help:"A call sign." group:"The question:"`
	Kind      string `default:"any" enum:"vessel,person,organization,aircraft,party,any" help:"vessel, person, organization, aircraft, party (person or organization) or any." group:"The question:"`
	Country   string `help:"Country of a person or organization: a name or ISO code." group:"The question:"`
	Flag      string `help:"Flag of a vessel." group:"The question:"`
	BirthDate string `help:"Birth date of a person: 1966-04-18, 1966-04 or 1966." group:"The question:"`
}

// given reports whether there is something to ask for.
func (c questionFlags) given() bool {
	return c.Name != "" || c.IMO != "" || c.MMSI != "" || c.CallSign != ""
}

// query is the question, in normal form.
func (c questionFlags) query(command string) (screen.Query, error) {
	ask := screenCmd{Name: c.Name, IMO: c.IMO, MMSI: c.MMSI, CallSign: c.CallSign, Kind: c.Kind, Country: c.Country, Flag: c.Flag, BirthDate: c.BirthDate}
	if !c.given() {
		return screen.Query{}, usageError(command + ": give a name, --imo, --mmsi or --call-sign")
	}
	qs, err := ask.queries(context.Background(), nil)
	if err != nil {
		return screen.Query{}, err
	}
	return qs[0], nil
}

type subjectsAddCmd struct {
	questionFlags
	ID   string `required:"" help:"Your own name for it; an ID that is saved already is changed."`
	Who  string `help:"Who saves it."`
	Note string `help:"What it is."`
}

// Help is printed below the flags.
func (subjectsAddCmd) Help() string {
	return `Examples:
  navicert subjects add --id fleet-7 "EXAMPLE STAR" --imo 9074729 --kind vessel
  navicert subjects add --id customer-12 "Ivan Ivanov" --kind person --country RU --note "charterer since 2024"`
}

// Run saves it.
func (c *subjectsAddCmd) Run(ctx context.Context, g *globals) error {
	q, err := c.query("subjects add")
	if err != nil {
		return err
	}
	return saveSubjects(ctx, g, []screen.Subject{{ID: c.ID, Query: q, Who: c.Who, Note: c.Note}})
}

func saveSubjects(ctx context.Context, g *globals, subjects []screen.Subject) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.SaveSubjects(ctx, subjects)
	if err != nil {
		return err
	}
	g.note("%d new or changed, %d as they were.", n, len(subjects)-n)
	return nil
}

type subjectsImportCmd struct {
	File string `arg:"" help:"JSON lines (- for standard input): the questions that screen --file takes, each with an id." type:"path"`
	Who  string `help:"Who saves them."`
	Note string `help:"What they are."`
}

// Help is printed below the flags.
func (subjectsImportCmd) Help() string {
	return `A line of a file: {"id":"fleet-7","kind":"vessel","name":"EXAMPLE STAR","imo":9074729}

Example:
  navicert subjects import fleet.jsonl --note "own fleet"`
}

// Run saves all of the file's or none.
func (c *subjectsImportCmd) Run(ctx context.Context, g *globals) error {
	qs, err := queryLines.read(ctx, g, c.File)
	if err != nil {
		return err
	}
	subjects := make([]screen.Subject, len(qs))
	for i, q := range qs {
		subjects[i] = screen.Subject{ID: q.ID, Query: q, Who: c.Who, Note: c.Note}
	}
	return saveSubjects(ctx, g, subjects)
}

type subjectsListCmd struct {
	KnownAt navicert.Instant `help:"As they were saved then (default now)." placeholder:"TIME"`
}

var subjectColumns = []column[screen.Subject]{
	{"id", func(s screen.Subject) string { return s.ID }},
	{"asked", func(s screen.Subject) string { return queryWords(s.Query) }},
	{"saved", func(s screen.Subject) string { return minute(s.At) }},
	{"who", func(s screen.Subject) string { return s.Who }},
	{"note", func(s screen.Subject) string { return s.Note }},
}

// queryWords is a question without its id, in a line.
func queryWords(q screen.Query) string {
	q.ID = ""
	words := []string{(answerLine{query: q}).asked()}
	for _, w := range []string{string(q.CallSign), string(q.Flag), string(q.Country), q.BirthDate} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// Run lists them.
func (c *subjectsListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	subjects, err := a.Subjects(ctx, c.KnownAt.Time)
	if err != nil {
		return err
	}
	return printAll(g, subjects, subjectColumns)
}

type subjectsRemoveCmd struct {
	ID  string `arg:"" name:"id" help:"The subject."`
	Who string `help:"Who takes it off."`
	Why string `help:"For what reason."`
}

// Run takes it off.
func (c *subjectsRemoveCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.RemoveSubject(ctx, c.ID, c.Who, c.Why)
}

type subjectsScreenCmd struct {
	Since string           `help:"Compare with this publication (default: of every list with the one before its newest)." placeholder:"LIST@DATE"`
	AsOf  navicert.Instant `help:"Up to what had been published by this day or time (default now)." placeholder:"TIME"`
}

// Help is printed below the flags.
func (subjectsScreenCmd) Help() string {
	return `Prints one line for each hit that is new, gone, or of an entry that changed, and
nothing for subjects for whom all is as it was.

Examples:
  navicert subjects screen
  navicert subjects screen --since ofac-sdn@2026-07-23 --as-of 2026-08-20`
}

var changeColumns = []column[screen.Change]{
	{"subject", func(c screen.Change) string { return c.Subject }},
	{"asked", func(c screen.Change) string { return c.Asked }},
	{"change", func(c screen.Change) string { return strings.ReplaceAll(string(c.Change), "_", " ") }},
	{"list", func(c screen.Change) string { return c.List }},
	{"from", func(c screen.Change) string { return string(c.Before) }},
	{"to", func(c screen.Change) string { return string(c.After) }},
	{"entry", func(c screen.Change) string { return c.Entry }},
	{"name", func(c screen.Change) string { return c.Name }},
	{"by", func(c screen.Change) string { return c.By }},
	{"fields", func(c screen.Change) string { return strings.Join(fieldNames(c), ", ") }},
}

func fieldNames(c screen.Change) []string {
	var names []string
	for _, f := range c.Fields {
		names = append(names, f.Field)
	}
	if c.Cleared != nil {
		names = append(names, "was cleared, but "+c.Cleared.Lapsed)
	}
	return names
}

// Run compares and prints.
func (c *subjectsScreenCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	changes, err := a.SubjectChanges(ctx, app.ChangesOptions{Since: c.Since, AsOf: c.AsOf.Time})
	if err != nil {
		return err
	}
	if err := printAll(g, changes, changeColumns); err != nil {
		return err
	}
	g.note("%s", changesSummary(changes))
	return nil
}

// shownChanges is how many changes are named after a list has moved.
const shownChanges = 20

// noteChanges says what the move of lists means for the saved subjects.
func noteChanges(ctx context.Context, g *globals, a *app.App, lists []string) error {
	if len(lists) == 0 || g.Quiet {
		return nil
	}
	subjects, err := a.Subjects(ctx, a.Now())
	if err != nil || len(subjects) == 0 {
		return err
	}
	changes, err := a.SubjectChanges(ctx, app.ChangesOptions{Lists: lists})
	if err != nil {
		return err
	}
	g.note("Of %d saved subjects: %s", len(subjects), changesSummary(changes))
	for i, c := range changes {
		if i == shownChanges {
			g.note("  … navicert subjects screen shows all %d.", len(changes))
			break
		}
		g.note("  %s: %s: %s %s %s %s", c.Subject, strings.ReplaceAll(string(c.Change), "_", " "), c.List, c.Entry, c.Name, strings.Join(fieldNames(c), ", "))
	}
	return nil
}

func changesSummary(changes []screen.Change) string {
	n := map[screen.ChangeKind]int{}
	for _, c := range changes {
		n[c.Change]++
	}
	return fmt.Sprintf("%d new hits, %d gone, %d changed.", n[screen.HitNew], n[screen.HitGone], n[screen.HitChanged])
}

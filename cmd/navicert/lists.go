package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"navicert"
	"navicert/app"
	"navicert/list"
)

type listsCmd struct {
	Import listsImportCmd `cmd:"" help:"Keep the publications that a folder or a file holds."`
	Pull   listsPullCmd   `cmd:"" help:"Fetch the newest publications from their publishers."`
	Pulls  listsPullsCmd  `cmd:"" help:"Show how fetching has gone, the newest first."`
	Held   listsHeldCmd   `cmd:"" help:"Show publications kept aside until a person has decided."`
	Accept listsAcceptCmd `cmd:"" help:"Put a publication that is kept aside into force."`
	Reject listsRejectCmd `cmd:"" help:"Say of a publication that is kept aside that it is not to be used."`
	Status listsStatusCmd `cmd:"" help:"Show the publications held, their size and age."`
	Diff   listsDiffCmd   `cmd:"" help:"Show what changed from one publication to another."`
	Show   listsShowCmd   `cmd:"" help:"Show one entry whole."`
}

type listsImportCmd struct {
	Path       string        `arg:"" help:"The folder with the publication's files, as the publisher names them, or the one file that it is; each may be .gz, .zst or .zip." type:"path"`
	Published  navicert.Date `help:"The day it was published (default: what its files state, or the folder's name)." placeholder:"YYYY-MM-DD"`
	As         string        `help:"Keep it under another identifier than the format's." placeholder:"LIST"`
	Title      string        `help:"What the list is called in answers and certificates."`
	MaxAgeDays int           `help:"Days after which it no longer shows that somebody is not listed (default: the format's)." placeholder:"DAYS"`
	Simulated  bool          `help:"Its content is invented: mark everything that rests on it."`
}

// Help is printed below the flags.
func (listsImportCmd) Help() string {
	return `Read: OFAC's SDN list (sdn.csv, alt.csv, add.csv, sdn_comments.csv) and its
consolidated list (cons_prim.csv, …) in one folder; or each in one XML file
(sdn.xml, sdn_advanced.xml or sdn_enhanced.xml), which states its own day. The
lists of the United Nations (XML), the European Union (CSV, XML; the ships of
Annex XLII as a table) and the United Kingdom (CSV, XML, ODS; ConList), the US
Consolidated Screening List, OpenSanctions files, and an own list as a CSV file
with a column "name": docs/lists.md says what is read of each.

A publication is named by its list and the day it was published, and is kept
for good: a later one is kept beside it. The day is taken from the folder's
name (ofac-2025-12-24). A name with a month only (ofac-2025-12) is taken as the
month's last day, so that no earlier day is searched with what may not have been
published yet, and its age counts from the first; --published says which it was.

Examples:
  navicert lists import ofac-2025-12-24
  navicert lists import downloads/sdn --published 2025-12-24
  navicert lists import downloads/list-2025-12-24.csv.gz
  navicert lists import UK-Sanctions-List.xml
  navicert lists import my-ships.csv --published 2026-01-02 --as my-ships`
}

var publicationColumns = []column[app.ImportedList]{
	{"list", func(p app.ImportedList) string { return p.List }},
	{"publication", func(p app.ImportedList) string { return string(p.Date) }},
	{"entries", func(p app.ImportedList) string { return humanize.Comma(int64(p.Entries)) }},
	{"vessels", func(p app.ImportedList) string { return humanize.Comma(int64(p.Vessels)) }},
	{"with IMO", func(p app.ImportedList) string { return humanize.Comma(int64(p.WithIMO)) }},
	{"aliases", func(p app.ImportedList) string { return humanize.Comma(int64(p.Aliases)) }},
	{"addresses", func(p app.ImportedList) string { return humanize.Comma(int64(p.Addresses)) }},
	{"sha256", func(p app.ImportedList) string { return p.SHA256[:12] }},
	{"added", func(p app.ImportedList) string { return yesNo(p.Added) }},
}

// importGCPercent lets a process that reads a whole list grow by half before it
// looks for what it can free: 135 MB instead of 160 for the full SDN list, for
// a tenth of a second more.
const importGCPercent = 50

// Run imports and prints what was read.
func (c *listsImportCmd) Run(ctx context.Context, g *globals) error {
	if c.Published != "" {
		if _, err := navicert.ParseDate(string(c.Published)); err != nil {
			return usageError("lists import: --published: " + err.Error())
		}
	}
	if strings.ContainsAny(c.As, "@ \t\n/") {
		return usageError("lists import: --as: a list's identifier has no blanks, @ or /")
	}
	if c.MaxAgeDays < 0 {
		return usageError("lists import: --max-age-days: want a number of days")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(importGCPercent))
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	got, err := a.ImportLists(ctx, c.Path, app.ImportOptions{
		Published: c.Published, List: c.As, Title: c.Title, MaxAgeDays: c.MaxAgeDays, Simulated: c.Simulated,
	})
	p := newPrinter(g, publicationColumns...)
	var moved []string
	for _, l := range got {
		if perr := p.print(l); perr != nil {
			return perr
		}
		if l.Note != "" {
			g.note("%s: %s", l.ID(), l.Note)
		}
		if l.Added {
			noteRejected(g, l.Publication)
			moved = append(moved, l.List)
		}
	}
	if err := errors.Join(err, p.close()); err != nil {
		return err
	}
	return noteChanges(ctx, g, a, moved)
}

// noteRejected says what single rows held that could not be used.
func noteRejected(g *globals, p list.Publication) {
	for _, r := range p.Rejected.Reasons() {
		example := ""
		if ex := p.Rejected.Examples(r); len(ex) > 0 {
			example = " (" + ex[0] + ")"
		}
		g.note("%s: %d %s%s", p.ID(), p.Rejected.Count(r), r, example)
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

type listsStatusCmd struct {
	AsOf navicert.Instant `help:"As it stood on this day or time (default now)." placeholder:"TIME"`
}

var statusColumns = []column[app.ListStatus]{
	{"list", func(s app.ListStatus) string { return s.List }},
	{"publication", func(s app.ListStatus) string { return string(s.Date) }},
	{"entries", func(s app.ListStatus) string { return humanize.Comma(int64(s.Entries)) }},
	{"vessels", func(s app.ListStatus) string { return humanize.Comma(int64(s.Vessels)) }},
	{"with IMO", func(s app.ListStatus) string { return humanize.Comma(int64(s.WithIMO)) }},
	{"aliases", func(s app.ListStatus) string { return humanize.Comma(int64(s.Aliases)) }},
	{"sha256", func(s app.ListStatus) string { return s.SHA256[:12] }},
	{"imported", func(s app.ListStatus) string { return s.ImportedAt.UTC().Format("2006-01-02 15:04Z") }},
	{"age", func(s app.ListStatus) string { return humanize.Comma(int64(s.AgeDays)) + " d" }},
	{"state", func(s app.ListStatus) string {
		if s.Simulated {
			return s.State + ", simulated"
		}
		return s.State
	}},
	{"publisher", func(s app.ListStatus) string {
		switch {
		case s.Tried == nil:
			return ""
		case s.Error == "":
			return "asked " + minute(*s.Tried)
		case s.Pulled == nil:
			return "FAILED " + minute(*s.Tried)
		}
		return "FAILED " + minute(*s.Tried) + ", last heard " + minute(*s.Pulled)
	}},
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }

// Run prints one line for each publication held.
func (c *listsStatusCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	statuses, err := a.ListStatuses(ctx, c.AsOf.Time)
	if err != nil {
		return err
	}
	if len(statuses) == 0 {
		g.note("No list is held: navicert lists import FOLDER.")
	}
	p := newPrinter(g, statusColumns...)
	for _, s := range statuses {
		if err := p.print(s); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	return noteHeld(ctx, g, a, statuses)
}

// noteHeld says what could not be fetched and what waits for a person.
func noteHeld(ctx context.Context, g *globals, a *app.App, statuses []app.ListStatus) error {
	for _, s := range statuses {
		if s.Error != "" {
			g.note("%s: %s", s.List, s.Error)
		}
	}
	held, err := a.HeldLists(ctx)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.State == list.HeldOpen {
			g.note("%s is kept aside: %s. navicert lists accept %s --who NAME --why REASON puts it into force.", h.ID(), h.Why, h.ID())
		}
	}
	return nil
}

type listsDiffCmd struct {
	Older string `arg:"" help:"The older publication: LIST@DATE, or DATE; a date may be cut to its month."`
	Newer string `arg:"" help:"The newer publication."`
	List  string `help:"The list that bare dates are of (default: the only one held)."`
}

// difference is one entry that changed.
type difference struct {
	Change string             `json:"change"` // "added", "removed" or "changed"
	Entry  string             `json:"entry"`
	Kind   list.Kind          `json:"kind"`
	Name   string             `json:"name"`
	IMO    navicert.IMO       `json:"imo,omitempty"`
	Fields []list.FieldChange `json:"fields,omitempty"`
}

var differenceColumns = []column[difference]{
	{"change", func(d difference) string { return d.Change }},
	{"entry", func(d difference) string { return d.Entry }},
	{"kind", func(d difference) string { return string(d.Kind) }},
	{"name", func(d difference) string { return d.Name }},
	{"IMO", func(d difference) string { return d.IMO.String() }},
	{"fields", func(d difference) string {
		var names []string
		for _, f := range d.Fields {
			if f.Field != "row" || len(d.Fields) == 1 {
				names = append(names, f.Field)
			}
		}
		return strings.Join(names, ", ")
	}},
}

// Run prints every entry added, removed or changed.
func (c *listsDiffCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	older, err := a.FindPublication(ctx, c.Older, c.List)
	if err != nil {
		return err
	}
	newer, err := a.FindPublication(ctx, c.Newer, c.List)
	if err != nil {
		return err
	}
	d, err := a.DiffLists(ctx, older, newer)
	if err != nil {
		return err
	}
	p := newPrinter(g, differenceColumns...)
	for _, part := range []struct {
		change  string
		entries []list.Entry
	}{{"added", d.Added}, {"removed", d.Removed}} {
		for _, e := range part.entries {
			if err := p.print(difference{Change: part.change, Entry: e.ID, Kind: e.Kind, Name: e.Name, IMO: e.IMO}); err != nil {
				return err
			}
		}
	}
	for _, ch := range d.Changed {
		if err := p.print(difference{Change: "changed", Entry: ch.ID, Kind: ch.Kind, Name: ch.Name, Fields: ch.Fields}); err != nil {
			return err
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	g.note("%s to %s: %d added, %d removed, %d changed.", older.ID(), newer.ID(), len(d.Added), len(d.Removed), len(d.Changed))
	return nil
}

type listsShowCmd struct {
	ID   string           `arg:"" name:"id" help:"The entry's number, as the publisher gives it."`
	List string           `help:"Only of this list."`
	AsOf navicert.Instant `help:"As it stood on this day or time (default now)." placeholder:"TIME"`
}

// fact is one line about an entry.
type fact struct{ Field, Value string }

// Run prints the entry: a table of its fields, or the whole as JSON.
func (c *listsShowCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	found, err := a.ListEntry(ctx, c.ID, c.List, c.AsOf.Time)
	if err != nil {
		return err
	}
	if f := g.format(); f == "json" || f == "ndjson" {
		p := newPrinter[app.ListedEntry](g)
		for _, e := range found {
			if err := p.print(e); err != nil {
				return err
			}
		}
		return p.close()
	}
	p := newPrinter(g, column[fact]{"field", func(f fact) string { return f.Field }}, column[fact]{"value", func(f fact) string { return f.Value }})
	for _, e := range found {
		for _, f := range entryFacts(e) {
			if err := p.print(f); err != nil {
				return err
			}
		}
	}
	return p.close()
}

// entryFacts lists what is known of an entry, leaving out what is not.
func entryFacts(e app.ListedEntry) []fact {
	var out []fact
	add := func(field string, values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, fact{field, v})
			}
		}
	}
	add("entry", e.List+"@"+string(e.Publication)+" "+e.ID)
	add("kind", string(e.Kind))
	add("name", e.Name)
	for _, al := range e.Aliases {
		weak := ""
		if al.Weak {
			weak = ", weak"
		}
		add("also", fmt.Sprintf("%s (%s%s)", al.Name, al.Kind, weak))
	}
	add("programme", e.Programmes...)
	add("measure", measureWords(e.Entry))
	add("legal basis", e.LegalBasis...)
	add("listed", string(e.Listed))
	add("IMO", e.IMO.String())
	for _, m := range e.MMSIs {
		add("MMSI", m.String())
	}
	for _, s := range e.CallSigns {
		add("call sign", string(s))
	}
	if e.Flag != "" {
		add("flag", e.Flag.Name())
	}
	for _, f := range e.FormerFlags {
		add("former or other flag", f.Name())
	}
	add("vessel type", e.VesselType)
	add("tonnage", e.Tonnage)
	add("GRT", e.GRT)
	add("built", e.BuildYear)
	add("owner", e.Owner)
	for _, l := range e.Links {
		add(linkWords(l))
	}
	add("born", e.BirthDates...)
	add("gender", e.Gender)
	for _, f := range e.Countries {
		add("country", f.Name())
	}
	for _, ad := range e.Addresses {
		add("address", ad.Text)
	}
	for _, id := range e.Identifiers {
		country := ""
		if id.Country != "" {
			country = " (" + id.Country.Name() + ")"
		}
		add("identifier", id.Type+" "+id.Value+country)
	}
	add("secondary sanctions", e.Secondary...)
	add("remarks", e.Remarks)
	add("row", e.Row)
	if e.Simulated {
		add("simulated", strconv.FormatBool(true))
	}
	return out
}

// measureWords names the measures of an entry, the strongest first.
func measureWords(e list.Entry) string {
	if len(e.Measures) == 0 {
		return string(e.Measure)
	}
	words := make([]string, len(e.Measures))
	for i, m := range e.Measures {
		words[i] = string(m)
	}
	return strings.Join(words, ", ")
}

// linkWords returns what a link says, as a label and a text.
func linkWords(l list.Link) (label, text string) {
	label = strings.ReplaceAll(string(l.Kind), "_", " ")
	if l.Former {
		label = "formerly " + label
	}
	text = l.Name
	if l.Entry != "" {
		text = strings.TrimSpace(text + " (entry " + l.Entry + ")")
	}
	if l.Text != "" {
		text += ": " + l.Text
	}
	return label, text
}

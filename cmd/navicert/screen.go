package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"navicert"
	"navicert/screen"
)

type screenCmd struct {
	Name      string   `arg:"" optional:"" help:"The name to look for."`
	IMO       string   `name:"imo" help:"An IMO number: of a hull, or with --kind organization of a company." group:"The question:"`
	MMSI      string   `name:"mmsi" help:"An MMSI." group:"The question:"`
	CallSign  string   `help:"A call sign." group:"The question:"`
	Kind      string   `default:"any" enum:"vessel,person,organization,aircraft,party,any" help:"What is asked about: vessel, person, organization, aircraft, party (person or organization) or any." group:"The question:"`
	Country   string   `help:"Country of a person or organization: a name or ISO code." group:"The question:"`
	Flag      string   `help:"Flag of a vessel." group:"The question:"`
	BirthDate string   `help:"Birth date of a person: 1966-04-18, 1966-04 or 1966." group:"The question:"`
	Gender    string   `help:"Gender of a person: male or female." group:"The question:"`
	File      string   `help:"Ask every question of this JSON Lines file (- for standard input) instead." type:"path" group:"Many questions:"`
	MinScore  *float64 `help:"Show what scores at least this (default: matches, and what an identifier rules out)." placeholder:"0..1"`
	Limit     int      `default:"20" help:"Show at most so many hits for a question."`
	Emulate   string   `default:"" enum:",ofac-sls" placeholder:"ofac-sls" help:"Show what another search would show instead: ofac-sls is the one on Treasury's site, by name only, from 0.85 unless --min-score says otherwise. None of its hits is a match."`

	Bench  string `type:"path" placeholder:"DIR" help:"Ask nothing: measure the matching on the labelled data of this folder, with the lists in a folder lists beside it." group:"Measuring:"`
	Misses string `type:"path" placeholder:"FILE" help:"With --bench: write every miss to this file, a JSON object a line." group:"Measuring:"`

	AsOf    navicert.Instant `help:"Ask about this day or time, with what had been published by then (default now)." placeholder:"TIME"`
	KnownAt navicert.Instant `help:"Use only what this installation had imported by then." placeholder:"TIME"`
}

// Help is printed below the flags.
func (screenCmd) Help() string {
	return `Examples:
  navicert screen --imo 9256860
  navicert screen "M/T PERUN" --kind vessel
  navicert screen "Ivan Ivanov" --kind person --country RU --birth-date 1961
  navicert screen --file queries.jsonl --format ndjson > answers.ndjson
  navicert screen "VLADIMIR PUTNI" --emulate ofac-sls
  navicert screen --bench data/matching --misses misses.ndjson

A line of a file: {"id":"1","kind":"vessel","name":"PERUN","imo":9256860}
An answer names every list searched, its date and age, also when nothing is
found. Exit status: 0 whether or not anything is found, 1 failed, 2 wrong usage.`
}

// maxQueries is how many questions one file may hold: they are read whole, so
// that a bad line is reported before any answer is printed.
const maxQueries = 1_000_000

// queriesAtOnce is how many are answered before they are printed.
const queriesAtOnce = 1000

// Run answers and prints.
func (c *screenCmd) Run(ctx context.Context, g *globals) error {
	if c.Bench != "" {
		return c.bench(ctx, g)
	}
	if c.Misses != "" {
		return usageError("screen: --misses goes with --bench")
	}
	o := screen.Options{Limit: c.Limit}
	if c.MinScore != nil {
		if o.MinScore = *c.MinScore; o.MinScore <= 0 || o.MinScore > 1 {
			return usageError("screen: --min-score: want more than 0 and at most 1")
		}
	}
	if c.Limit < 1 {
		return usageError("screen: --limit: want 1 or more")
	}
	queries, err := c.queries(ctx, g)
	if err != nil {
		return err
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	view, err := a.ScreenView(ctx, screen.When{AsOf: c.AsOf.Time, KnownAt: c.KnownAt.Time})
	if err != nil {
		return err
	}
	out := newAnswerPrinter(g, len(queries) == 1)
	bar := g.progress(int64(len(queries)), "screening")
	defer bar.Finish()
	for from := 0; from < len(queries); from += queriesAtOnce {
		qs := queries[from:min(from+queriesAtOnce, len(queries))]
		answers, err := c.ask(ctx, view, qs, o)
		if err != nil {
			return errors.Join(err, out.close(nil))
		}
		for i, an := range answers {
			if err := out.print(qs[i], an); err != nil {
				return err
			}
		}
		_ = bar.Add(len(qs)) // a bar that cannot be drawn is no reason to stop
	}
	return out.close(view.Searched())
}

// ask answers questions, or says what another search would.
func (c *screenCmd) ask(ctx context.Context, view *screen.View, qs []screen.Query, o screen.Options) ([]screen.Answer, error) {
	if c.Emulate == "" {
		return view.ScreenAll(ctx, qs, o)
	}
	answers := make([]screen.Answer, len(qs))
	for i, q := range qs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if answers[i], err = view.ScreenSLS(q, o); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// queries are those of the file, or the one that the flags describe.
func (c *screenCmd) queries(ctx context.Context, g *globals) ([]screen.Query, error) {
	given := c.Name != "" || c.IMO != "" || c.MMSI != "" || c.CallSign != ""
	if c.File != "" {
		if given {
			return nil, usageError("screen: --file holds whole questions: leave out the name and identifiers")
		}
		return queryLines.read(ctx, g, c.File)
	}
	if !given {
		return nil, usageError("screen: give a name, --imo, --mmsi or --call-sign, or a --file of questions")
	}
	q := screen.Query{
		Kind: c.Kind, Name: c.Name, CallSign: navicert.CallSign(c.CallSign), Flag: navicert.Flag(c.Flag),
		Country: navicert.Flag(c.Country), BirthDate: c.BirthDate, Gender: c.Gender,
	}
	var err error
	if c.IMO != "" {
		if q.IMO, err = navicert.ParseIMO(c.IMO); err != nil {
			return nil, usageError("screen: " + err.Error())
		}
	}
	if c.MMSI != "" {
		if q.MMSI, err = navicert.ParseMMSI(c.MMSI); err != nil {
			return nil, usageError("screen: " + err.Error())
		}
	}
	if q, err = q.Normal(); err != nil {
		return nil, usageError(err.Error())
	}
	return []screen.Query{q}, nil
}

// queryLines reads a file of questions.
var queryLines = jsonLines[screen.Query]{
	what: "questions", max: maxQueries, maxLine: 64 << 10, check: screen.Query.Normal,
	hint: "nothing was screened; each line is one question, see navicert screen --help",
}

// answerLine is one hit with its question, or a question without a hit.
type answerLine struct {
	query    screen.Query
	hit      *screen.Hit
	searched string
}

// verdict says what a hit is, in a word or two.
func (l answerLine) verdict() string {
	switch {
	case l.hit == nil:
		return "nothing found"
	case l.hit.Identity:
		return "identity"
	case l.hit.Match:
		return "match"
	case l.hit.Cleared.InForce():
		return "cleared"
	}
	return "no match"
}

// asked names the question.
func (l answerLine) asked() string {
	var parts []string
	for _, s := range []string{l.query.ID, l.query.Name} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if l.query.IMO != 0 {
		parts = append(parts, "IMO "+l.query.IMO.String())
	}
	if l.query.MMSI != 0 {
		parts = append(parts, "MMSI "+l.query.MMSI.String())
	}
	if l.query.CallSign != "" {
		parts = append(parts, "call sign "+string(l.query.CallSign))
	}
	return strings.Join(parts, ", ")
}

// ofHit makes a column of what a hit says; it is empty without one.
func ofHit(name string, text func(*screen.Hit) string) column[answerLine] {
	return column[answerLine]{name, func(l answerLine) string {
		if l.hit == nil {
			return ""
		}
		return text(l.hit)
	}}
}

var answerColumns = []column[answerLine]{
	{"asked", answerLine.asked},
	{"result", answerLine.verdict},
	ofHit("score", func(h *screen.Hit) string { return strconv.FormatFloat(h.Score, 'f', 3, 64) }),
	ofHit("by", func(h *screen.Hit) string { return h.By }),
	ofHit("entry", func(h *screen.Hit) string { return h.List + "@" + string(h.Publication) + " " + h.EntryID }),
	ofHit("kind", func(h *screen.Hit) string { return string(h.Kind) }),
	ofHit("name", func(h *screen.Hit) string {
		if h.MatchedName != "" && h.MatchedName != h.Name {
			return h.Name + " (" + h.MatchedName + ")"
		}
		return h.Name
	}),
	ofHit("IMO", func(h *screen.Hit) string { return h.IMO.String() }),
	ofHit("programmes", func(h *screen.Hit) string { return strings.Join(h.Programmes, ", ") }),
	ofHit("why", func(h *screen.Hit) string {
		var why []string
		for _, w := range h.Why {
			why = append(why, fmt.Sprintf("%s %+.2f", w.Feature, w.Weight*w.Score))
		}
		return strings.Join(why, ", ")
	}),
}

// answerPrinter writes answers whole as JSON, or a line for each hit.
type answerPrinter struct {
	whole *printer[screen.Answer]
	lines *printer[answerLine]
	g     *globals

	explain bool // below a table say in words why each hit is there
	hits    []screen.Hit
}

func newAnswerPrinter(g *globals, explain bool) *answerPrinter {
	p := &answerPrinter{g: g, explain: explain}
	switch g.format() {
	case "json", "ndjson":
		p.whole = newPrinter[screen.Answer](g)
	case "csv": // every line says what was searched, as there is nowhere else
		p.lines = newPrinter(g, append(answerColumns[:len(answerColumns):len(answerColumns)], column[answerLine]{"searched", func(l answerLine) string { return l.searched }})...)
	default:
		p.lines = newPrinter(g, answerColumns...)
	}
	return p
}

func (p *answerPrinter) print(q screen.Query, a screen.Answer) error {
	if p.whole != nil {
		return p.whole.print(a)
	}
	var searched []string
	for _, s := range a.Searched {
		searched = append(searched, searchedWords(s))
	}
	line := answerLine{query: q, searched: strings.Join(searched, "; ")}
	if len(a.Hits) == 0 {
		return p.lines.print(line)
	}
	if p.explain {
		p.hits = a.Hits
	}
	for i := range a.Hits {
		line.hit = &a.Hits[i]
		if err := p.lines.print(line); err != nil {
			return err
		}
	}
	if a.More > 0 {
		p.g.note("%s: %d weaker hits are not shown; --limit shows more.", line.asked(), a.More)
	}
	return nil
}

// close ends the output; below a table it says what was searched.
func (p *answerPrinter) close(searched []navicert.Searched) error {
	if p.whole != nil {
		return p.whole.close()
	}
	if err := p.lines.close(); err != nil || p.g.format() != "table" {
		return err
	}
	var b strings.Builder
	for _, h := range p.hits {
		for _, w := range h.Why {
			fmt.Fprintf(&b, "%s %s: %s.\n", h.EntryID, w.Feature, w.Detail)
		}
		if c := h.Cleared; c.InForce() {
			fmt.Fprintf(&b, "%s cleared by %s on %s, until %s (%s): %s.\n", h.EntryID, c.Who, navicert.DateOf(c.At.Time), c.Until, c.ID, c.Why)
		} else if c != nil {
			fmt.Fprintf(&b, "%s was cleared by %s on %s (%s), but %s.\n", h.EntryID, c.Who, navicert.DateOf(c.At.Time), c.ID, c.Lapsed)
		}
	}
	for _, s := range searched {
		fmt.Fprintf(&b, "Searched %s.\n", searchedWords(s))
	}
	_, err := io.WriteString(p.g.stdout, b.String())
	return err
}

// searchedWords says in a line what was searched and how far it can be relied
// on.
func searchedWords(s navicert.Searched) string {
	if s.State == navicert.Missing {
		return s.Source + ": missing, no publication of it is held for that day"
	}
	simulated := ""
	if s.Simulated {
		simulated = ", simulated"
	}
	return fmt.Sprintf("%s@%s (%s): %d entries, %d days old, %s%s", s.Source, s.Publication, s.Title, s.Entries, s.AgeDays, s.State, simulated)
}

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"navicert"
	"navicert/app"
	"navicert/rule"
)

type rulesCmd struct {
	List    rulesListCmd    `cmd:"" help:"List the rules of the packs, or their licence records."`
	Test    rulesTestCmd    `cmd:"" help:"Run the cases in the packs; status 1 when one fails."`
	Explain rulesExplainCmd `cmd:"" help:"Show a rule and, for a set of facts, what made it fire or not."`
}

// packs loads the named packs, or, when none is named, every embedded pack and
// those of the configuration.
func (g *globals) packs(names []string) ([]*rule.Pack, error) {
	if len(names) == 0 {
		names = append(rule.EmbeddedNames(), g.cfg.Rules...)
	}
	var packs []*rule.Pack
	var loaded []string
	for _, name := range names {
		if slices.Contains(loaded, name) {
			continue
		}
		loaded = append(loaded, name)
		p, err := app.LoadPack(name)
		if err != nil {
			return nil, err
		}
		packs = append(packs, p)
	}
	return packs, nil
}

type rulesListCmd struct {
	Licences bool     `help:"List the licence records instead of the rules."`
	Packs    []string `arg:"" optional:"" name:"pack" help:"Packs to list: embedded names or files (default: the embedded ones and those of the configuration)."`
}

// ruleRow is a rule as rules list writes it.
type ruleRow struct {
	Rule    string           `json:"rule"`
	Pack    navicert.PackRef `json:"pack"`
	Outcome navicert.Outcome `json:"outcome"`
	Title   string           `json:"title"`
	Basis   string           `json:"basis"`
	Valid   rule.Validity    `json:"valid"`
	ForEach string           `json:"for_each,omitempty"`
	Lifted  bool             `json:"lifted_by_licence,omitempty"`
	Cases   int              `json:"cases"`
}

// licenceRow is a licence record with the pack that holds it.
type licenceRow struct {
	rule.LicenceRecord
	PackName string `json:"pack"`
}

// Run prints the rules, or the licence records.
func (c *rulesListCmd) Run(g *globals) error {
	packs, err := g.packs(c.Packs)
	if err != nil {
		return err
	}
	if c.Licences {
		return listLicences(g, packs)
	}
	p := newPrinter(
		g,
		column[ruleRow]{"rule", func(r ruleRow) string { return r.Rule }},
		column[ruleRow]{"outcome", func(r ruleRow) string { return string(r.Outcome) }},
		column[ruleRow]{"from", func(r ruleRow) string { return dayOf(r.Valid.From) }},
		column[ruleRow]{"to", func(r ruleRow) string { return dayOf(r.Valid.To) }},
		column[ruleRow]{"title", func(r ruleRow) string { return r.Title }},
	)
	for _, pack := range packs {
		for _, r := range pack.Rules {
			row := ruleRow{
				Rule: pack.Name + "/" + r.ID, Pack: pack.Ref(), Outcome: r.Outcome, Title: r.Title, Basis: r.Basis,
				Valid: r.Valid, ForEach: r.ForEach, Lifted: r.LiftedBy != nil, Cases: len(r.Cases),
			}
			if err := p.print(row); err != nil {
				return err
			}
		}
	}
	return p.close()
}

func listLicences(g *globals, packs []*rule.Pack) error {
	p := newPrinter(
		g,
		column[licenceRow]{"licence", func(l licenceRow) string { return l.ID }},
		column[licenceRow]{"from", func(l licenceRow) string { return l.From.String() }},
		column[licenceRow]{"until", func(l licenceRow) string { return l.Until.String() }},
		column[licenceRow]{"goods", func(l licenceRow) string { return strings.Join(l.Goods, ", ") }},
		column[licenceRow]{"title", func(l licenceRow) string { return l.Title }},
		column[licenceRow]{"pack", func(l licenceRow) string { return l.PackName }},
	)
	for _, pack := range packs {
		for _, l := range pack.Licences {
			if err := p.print(licenceRow{l, pack.Name}); err != nil {
				return err
			}
		}
	}
	return p.close()
}

// dayOf prints the day of a time, or "" when there is none.
func dayOf(i navicert.Instant) string {
	if i.IsZero() {
		return ""
	}
	return string(navicert.DateOf(i.Time))
}

type rulesTestCmd struct {
	Failed bool     `help:"Show only the cases that fail."`
	Files  []string `arg:"" optional:"" name:"file" type:"path" help:"Pack files to test beside the embedded packs and those of the configuration."`
}

// Run runs every rule's cases.
func (c *rulesTestCmd) Run(g *globals) error {
	packs, err := g.packs(append(append(rule.EmbeddedNames(), g.cfg.Rules...), c.Files...))
	if err != nil {
		return err
	}
	p := newPrinter(
		g,
		column[rule.CaseResult]{"rule", func(r rule.CaseResult) string { return r.Rule }},
		column[rule.CaseResult]{"case", func(r rule.CaseResult) string { return r.Case }},
		column[rule.CaseResult]{"expected", func(r rule.CaseResult) string { return r.Expect }},
		column[rule.CaseResult]{"got", func(r rule.CaseResult) string { return r.Got }},
		column[rule.CaseResult]{"result", func(r rule.CaseResult) string {
			if r.OK {
				return "ok"
			}
			return "FAILED: " + r.Why
		}},
	)
	cases, failed := 0, 0
	for _, pack := range packs {
		for _, r := range pack.Test() {
			cases++
			if !r.OK {
				failed++
			}
			if c.Failed && r.OK {
				continue
			}
			if err := p.print(r); err != nil {
				return err
			}
		}
	}
	if err := p.close(); err != nil {
		return err
	}
	if failed > 0 {
		return navicert.Errorf(navicert.Invalid, "rules test", "", "%d of %d cases failed", failed, cases)
	}
	g.note("%d cases in %d packs pass.", cases, len(packs))
	return nil
}

type rulesExplainCmd struct {
	ID    string   `arg:"" help:"The rule: PACK/RULE, or RULE where only one pack has it."`
	Facts string   `type:"path" xor:"facts" help:"Ask the rule about the facts in this file, JSON or YAML."`
	Case  string   `xor:"facts" help:"Ask the rule about the facts of its case with this name."`
	Rules []string `placeholder:"PACK" help:"Packs to look in: embedded names or files (default: the embedded ones and those of the configuration)."`
}

// Run prints what makes a rule fire.
func (c *rulesExplainCmd) Run(g *globals) error {
	packs, err := g.packs(c.Rules)
	if err != nil {
		return err
	}
	set, err := rule.NewSet(packs...)
	if err != nil {
		return err
	}
	facts, err := c.facts(set)
	if err != nil {
		return err
	}
	x, err := set.Explain(c.ID, facts)
	if err != nil {
		return err
	}
	switch g.format() {
	case "csv":
		return navicert.Errorf(navicert.Unsupported, "rules explain", "", "an explanation is no table").WithHint("use --format table or json")
	case "table":
		w := bufio.NewWriter(g.stdout)
		writeExplanation(w, x, facts != nil)
		return w.Flush()
	case "json":
		enc := json.NewEncoder(g.stdout)
		enc.SetIndent("", " ")
		return enc.Encode(x)
	}
	return json.NewEncoder(g.stdout).Encode(x)
}

// facts returns the facts to ask about, or nil when none are named.
func (c *rulesExplainCmd) facts(set *rule.Set) (*rule.Facts, error) {
	if c.Facts != "" {
		return app.LoadFacts(c.Facts)
	}
	if c.Case == "" {
		return nil, nil
	}
	id, r, err := set.Rule(c.ID)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range r.Cases {
		if r.Cases[i].Name == c.Case {
			return &r.Cases[i].Facts, nil
		}
		names = append(names, strconv.Quote(r.Cases[i].Name))
	}
	return nil, navicert.Errorf(navicert.NotFound, "rules explain", id, "no case %q", c.Case).WithHint("its cases are " + strings.Join(names, ", "))
}

// explainWidth is where the lines of an explanation are folded.
const explainWidth = 96

// writeExplanation writes an explanation for a person. The writer keeps the
// first error until it is flushed.
func writeExplanation(w *bufio.Writer, x rule.Explanation, asked bool) {
	r := x.Definition
	fmt.Fprintf(w, "%s\n", x.Rule)
	entry := func(name, text string) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			indented(w, fmt.Sprintf("  %-10s", name), text)
		}
	}
	entry("title", r.Title)
	entry("outcome", string(r.Outcome))
	entry("applies", "from "+dayOf(r.Valid.From)+prefixed(" until ", dayOf(r.Valid.To)))
	entry("recorded", string(navicert.DateOf(r.KnownFrom())))
	entry("basis", r.Basis)
	entry("source", r.Source)
	entry("asked", prefixed("for each of the ", r.ForEach))
	entry("when", r.When)
	entry("says", r.Text)
	entry("settle", r.Settle)
	if r.LiftedBy != nil {
		entry("lifted", "by a licence when "+r.LiftedBy.When)
		entry("", r.LiftedBy.Condition)
	}
	for _, later := range r.Later {
		entry("since", dayOf(later.Known)+", by what was known then:")
		for _, part := range []struct{ name, text string }{
			{"title", later.Title},
			{"basis", later.Basis},
			{"source", later.Source},
			{"says", later.Text},
			{"settle", later.Settle},
			{"lifted", later.Condition},
		} {
			entry("  "+part.name, part.text)
		}
	}
	entry("cases", strconv.Itoa(len(r.Cases)))
	if !asked {
		return
	}
	for _, text := range x.Withheld {
		entry("not seen", text)
	}
	fmt.Fprintln(w)
	switch {
	case x.Unrecorded:
		fmt.Fprintln(w, "The rule was recorded on "+string(navicert.DateOf(r.KnownFrom()))+", after the time up to which knowledge counts.")
	case !x.Applies:
		fmt.Fprintln(w, "The rule does not apply on that day.")
	case len(x.Trials) == 0:
		fmt.Fprintf(w, "There are no %s to ask it about.\n", r.ForEach)
	}
	for _, t := range x.Trials {
		writeTrial(w, t)
	}
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

func writeTrial(w *bufio.Writer, t rule.Trial) {
	outcome := "did not fire"
	if t.Fired {
		outcome = "fired: " + string(t.Reason.Outcome)
	}
	if t.Fact != "" {
		outcome = t.Fact + ": " + outcome
	}
	fmt.Fprintln(w, outcome)
	writeValues(w, t.Values)
	if t.Reason != nil {
		indented(w, "  says  ", t.Reason.Text)
		if l := t.Reason.LiftedBy; l != nil {
			indented(w, "  lifted by "+l.Licence+": ", l.Condition)
		}
	}
	for _, l := range t.Licences {
		does := "does not lift it"
		switch {
		case l.Lifts:
			does = "lifts it"
		case l.Barred != "":
			does = "cannot lift it: " + l.Barred
		}
		fmt.Fprintf(w, "licence %s %s\n", l.Licence, does)
		writeValues(w, l.Values)
	}
}

func writeValues(w *bufio.Writer, values []rule.Value) {
	for _, v := range values {
		indented(w, "  ", v.Expr+"  is  "+v.Value)
	}
}

// indented writes text behind a head, folded and indented under itself.
func indented(w io.Writer, head, text string) {
	pad := ansi.StringWidth(head)
	lines := strings.Split(ansi.Wordwrap(text, explainWidth-pad, ""), "\n")
	for i, line := range lines {
		if i > 0 {
			head = strings.Repeat(" ", pad)
		}
		fmt.Fprintf(w, "%s%s\n", head, line)
	}
}

package main

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"navicert"
)

// certificateColumns show a certificate in one row.
var certificateColumns = []column[navicert.Certificate]{
	{"voyage", func(c navicert.Certificate) string { return c.Subject.ID }},
	{"vessel", func(c navicert.Certificate) string { return c.Subject.Vessel.Label() }},
	{"route", func(c navicert.Certificate) string { return strings.Trim(c.Subject.From+" → "+c.Subject.To, " →") }},
	{"as of", func(c navicert.Certificate) string { return c.AsOf.Format("2006-01-02 15:04Z") }},
	{"verdict", func(c navicert.Certificate) string { return strings.ToUpper(string(c.Verdict)) }},
	{"reason", func(c navicert.Certificate) string { return mainReason(c) }},
	{"certificate", func(c navicert.Certificate) string { return c.ID }},
}

func printCertificates(g *globals, cs []navicert.Certificate) error {
	p := newPrinter(g, certificateColumns...)
	for _, c := range cs {
		if err := p.print(c); err != nil {
			return err
		}
	}
	return p.close()
}

// mainReason is the rule that decided, or what cleared it.
func mainReason(c navicert.Certificate) string {
	for _, r := range c.Reasons {
		if r.Outcome.Verdict() == c.Verdict && c.Verdict != navicert.Clear {
			return r.Rule
		}
	}
	for _, r := range c.Reasons {
		if r.LiftedBy != nil {
			return r.Rule + " lifted by " + r.LiftedBy.Licence
		}
		if r.SettledBy != nil {
			return r.Rule + " settled by " + r.SettledBy.Who
		}
	}
	return "nothing found"
}

// writeCertificate prints a certificate for a person at a terminal.
func writeCertificate(w io.Writer, c navicert.Certificate) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if c.Simulated {
		line("SIMULATED: this certificate rests on invented data.")
	}
	line("%s  %s", strings.ToUpper(string(c.Verdict)), c.Subject.Vessel.Label())
	if c.Subject.From != "" || c.Subject.To != "" {
		line("%s → %s%s", c.Subject.From, c.Subject.To, cargoWords(c.Subject.Cargo))
	}
	line("As of %s, known at %s.", c.AsOf, c.KnownAt)
	for _, r := range c.Reasons {
		line("")
		line("%s  %s", strings.ToUpper(string(r.Outcome)), r.Rule)
		line("%s", wrap(r.Text, "  "))
		line("%s", wrap("Basis: "+r.Basis, "  "))
		if r.LiftedBy != nil {
			until := ""
			if !r.LiftedBy.Until.IsZero() {
				until = ", until " + r.LiftedBy.Until.String()
			}
			line("%s", wrap("Lifted by "+r.LiftedBy.Licence+until+": "+r.LiftedBy.Condition, "  "))
		}
		switch {
		case r.SettledBy != nil:
			line("%s", wrap(settledWords(r), "  "))
		case r.Settle != "":
			line("%s", wrap("To settle: "+r.Settle, "  "))
			line("  Matter %s", r.Matter)
		}
		for _, e := range r.Evidence {
			line("%s", wrap(evidenceLine(e), "    "))
		}
	}
	line("\nSearched:")
	for _, s := range c.Searched {
		line("  %s%s: %d entries, %d days old, %s, %d found%s", s.Source, at(s.Publication), s.Entries, s.AgeDays, s.State, s.Found, short(s.SHA256))
	}
	if len(c.NotSearched) > 0 {
		line("\nNot looked at:")
		for _, n := range c.NotSearched {
			line("%s", wrap(n.Source+": "+n.Why, "  "))
		}
	}
	line("\nRules %s %s. Certificate %s, %s.", c.Rules.Pack, c.Rules.Version, c.ID, c.Digest)
	if c.Seal != nil {
		line("Sealed as entry %d of the log %s.", c.Seal.Index, c.Seal.Log)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// settledWords say who settled a reason, and what it had asked.
func settledWords(r navicert.Reason) string {
	s := r.SettledBy
	words := fmt.Sprintf("Settled by %s on %s until %s: %s", s.Who, navicert.DateOf(s.At.Time), s.Until, s.Why)
	if s.What != "" {
		words += " (" + s.What + ")"
	}
	return words + ". Asked was: " + r.Settle
}

func cargoWords(c navicert.Cargo) string {
	if c.Kind == "" {
		return ""
	}
	return ", " + strings.ReplaceAll(c.Kind, "_", " ")
}

func at(d navicert.Date) string {
	if d == "" {
		return ""
	}
	return " of " + string(d)
}

func short(sha string) string {
	if len(sha) < 12 {
		return ""
	}
	return ", sha256 " + sha[:12] + "…"
}

func evidenceLine(e navicert.Evidence) string {
	s := string(e.Kind) + " " + e.Source
	if e.Publication != "" {
		s += " of " + string(e.Publication)
	}
	if e.Ref != "" {
		s += ", " + e.Ref
	}
	return s + ": " + e.Text
}

// wrap breaks a text at 96 columns and indents it.
func wrap(s, indent string) string {
	text := lipgloss.NewStyle().Width(96).Render(s)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = indent + strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

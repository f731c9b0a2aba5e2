// Package paper sets a certificate as a document for people: HTML to read and
// print, and PDF to file, both A4 and of the same words. A certificate goes in and
// bytes come out; the same certificate gives the same bytes, whenever and wherever
// it is set.
//
//	page, err := paper.HTML(cert)
//	file, err := paper.PDF(cert)
//
// Of events that no evidence of a reason names, many of a kind are told together:
// each stands in the certificate itself.
//
// Both have the certificate's number, digest and place in the issuer's log at the
// foot. Both show every reason with its evidence, what was searched and what was not,
// with ages and hashes, what a licence lifted and what a person settled. In the
// PDF a character that its fonts do not have is written as its code point, as
// [U+4E2D]: nothing is dropped.
package paper

import (
	"fmt"
	"strings"
	"time"

	"navicert"
)

// document is what both forms show, in order.
type document struct {
	simulated bool
	verdict   string // in capitals
	subject   string
	sentence  string
	facts     []fact
	sections  []section
	foot      []string // by which it is known: number, digest, seal
	number    string
}

type fact struct{ Name, Value string }

type section struct {
	Title string
	Items []item
}

// item is one reason, source or event.
type item struct {
	Text  string
	Lines []string // about it
	Small []string // its evidence
}

// outcomes are the sections of reasons, in order.
var outcomes = []struct {
	outcome navicert.Outcome
	title   string
}{
	{navicert.OutcomeRefuse, "Why it is refused"},
	{navicert.OutcomeRefer, "What a person must settle"},
	{navicert.OutcomeSettled, "What a person has settled"},
	{navicert.OutcomeLifted, "What would have held but for a licence"},
	{navicert.OutcomeNote, "Noted, without effect on the answer"},
}

func newDocument(c navicert.Certificate) document {
	v := c.Subject
	d := document{
		simulated: c.Simulated, verdict: strings.ToUpper(string(c.Verdict)), subject: v.Vessel.Label(),
		number: c.ID, foot: []string{"certificate " + c.ID, c.Digest, sealWords(c.Seal)}, sentence: sentence(c),
	}
	add := func(name, value string) {
		if value != "" {
			d.facts = append(d.facts, fact{name, value})
		}
	}
	add("Vessel", joined(", ", v.Vessel.Label(), labelled("MMSI ", v.Vessel.MMSI.String()), labelled("call sign ", string(v.Vessel.CallSign)),
		labelled("flag ", string(v.Vessel.Flag)), plain(v.Vessel.Kind)))
	add("Voyage", voyageWords(v))
	add("Cargo", joined(", ", plain(v.Cargo.Kind), v.Cargo.Grade, quantity(v.Cargo)))
	for _, p := range v.Parties {
		add(capital(plain(p.Role)), joined(", ", p.Name, string(p.Country)))
	}
	add("Licences relied on", strings.Join(v.Licences, ", "))
	add("Applicant's reference", v.ID)
	add("As of", instant(c.AsOf)+" (the state of the world asked about)")
	add("Known at", instant(c.KnownAt)+" (only what was held by then was used)")
	add("Issued", instant(c.IssuedAt)+" by "+c.Engine)
	number := 0
	for _, o := range outcomes {
		s := section{Title: o.title}
		for _, r := range c.Reasons {
			if r.Outcome == o.outcome {
				number++
				s.Items = append(s.Items, reason(number, r))
			}
		}
		d.section(s)
	}
	d.section(searched(c))
	d.section(notSearched(c))
	d.section(events(c))
	d.section(rules(c))
	return d
}

func (d *document) section(s section) {
	if len(s.Items) > 0 {
		d.sections = append(d.sections, s)
	}
}

// sealWords say where the seal is found: the entry of the issuer's log, and the
// key, by its name and the hash in it, that signed it. A seal with a newer
// checkpoint has the same.
func sealWords(s *navicert.Seal) string {
	if s == nil {
		return "not sealed"
	}
	key := strings.SplitN(s.Key, "+", 3) // name, hash, base64
	if len(key) < 2 {
		return fmt.Sprintf("sealed as entry %d of the log %s", s.Index, s.Log)
	}
	return fmt.Sprintf("sealed as entry %d of the log %s by the key %s", s.Index, s.Log, key[0]+"+"+key[1])
}

// sentence is the verdict as it is read out.
func sentence(c navicert.Certificate) string {
	n := map[navicert.Outcome]int{}
	for _, r := range c.Reasons {
		n[r.Outcome]++
	}
	switch c.Verdict {
	case navicert.Refuse:
		return fmt.Sprintf("This voyage is refused (reasons: %d), each set out below with its evidence.", n[navicert.OutcomeRefuse])
	case navicert.Refer:
		return fmt.Sprintf("No answer can be given until a person has settled what is set out below (points: %d).", n[navicert.OutcomeRefer])
	}
	s := "Nothing stands against this voyage, and everything required was looked at."
	if n[navicert.OutcomeLifted] > 0 {
		s += fmt.Sprintf(" Reasons that a licence lifts: %d.", n[navicert.OutcomeLifted])
	}
	if n[navicert.OutcomeSettled] > 0 {
		s += fmt.Sprintf(" Points that a person has settled: %d.", n[navicert.OutcomeSettled])
	}
	return s
}

func reason(number int, r navicert.Reason) item {
	it := item{Text: fmt.Sprintf("%d. %s", number, r.Text)}
	add := func(s string) { it.Lines = append(it.Lines, s) }
	if s := r.SettledBy; s != nil {
		add(fmt.Sprintf("Settled by %s on %s until %s: %s%s", s.Who, navicert.DateOf(s.At.Time), s.Until, s.Why, bracketed(s.What)))
		add("Asked was: " + r.Settle)
	} else if r.Settle != "" {
		add("To be settled: " + r.Settle + bracketed(labelled("matter ", r.Matter)))
	}
	if l := r.LiftedBy; l != nil {
		until := ""
		if !l.Until.IsZero() {
			until = ", until " + instant(l.Until)
		}
		add("Lifted by licence " + l.Licence + until + ": " + l.Condition)
	}
	add("Basis: " + r.Basis)
	add("Rule " + r.Rule)
	for _, e := range r.Evidence {
		it.Small = append(it.Small, evidence(e))
	}
	return it
}

func evidence(e navicert.Evidence) string {
	s := joined(", ", plain(string(e.Kind))+" "+e.Source, labelled("published ", string(e.Publication)), e.Ref)
	if !e.Time.IsZero() {
		s += ", " + instant(e.Time)
	}
	if p, ok := e.Position.Get(); ok {
		s += ", " + p.String()
	}
	return s + ": " + e.Text
}

func searched(c navicert.Certificate) section {
	s := section{Title: "Searched"}
	for _, x := range c.Searched {
		it := item{Text: joined(", ", x.Source, x.Title)}
		line := fmt.Sprintf("%d entries, %s, %d found", x.Entries, x.State, x.Found)
		if x.Publication != "" {
			line = fmt.Sprintf("published %s, %d days old on the day asked about; %s", x.Publication, x.AgeDays, line)
		}
		if x.MaxAgeDays > 0 {
			line += fmt.Sprintf("; stale after %d days", x.MaxAgeDays)
		}
		if !x.PullFailed.IsZero() {
			line += "; its publisher was asked in vain on " + instant(x.PullFailed)
		}
		it.Lines = append(it.Lines, line)
		if x.SHA256 != "" {
			it.Small = append(it.Small, "sha256 "+x.SHA256)
		}
		s.Items = append(s.Items, it)
	}
	return s
}

func notSearched(c navicert.Certificate) section {
	s := section{Title: "Could not be looked at"}
	for _, n := range c.NotSearched {
		s.Items = append(s.Items, item{Text: n.Source + ": " + n.Why})
	}
	return s
}

func rules(c navicert.Certificate) section {
	s := section{Title: "Rules and inputs"}
	for _, p := range c.Rules.Packs {
		s.Items = append(s.Items, item{Text: "Rule pack " + p.Pack + " " + p.Version, Small: []string{"sha256 " + p.SHA256}})
	}
	var small []string
	for _, in := range c.Inputs {
		if !strings.HasPrefix(in.Source, "rules/") {
			small = append(small, in.Source+": sha256 "+in.SHA256)
		}
	}
	if len(small) > 0 {
		s.Items = append(s.Items, item{Text: "Computed from", Small: small})
	}
	return s
}

func voyageWords(v navicert.Voyage) string {
	s := ""
	if v.From != "" || v.To != "" {
		s = "from " + orNot(v.From) + " to " + orNot(v.To)
	}
	if len(v.Via) > 0 {
		s += " by way of " + strings.Join(v.Via, ", ")
	}
	if !v.ETD.IsZero() {
		s += "; departure " + instant(v.ETD)
	}
	if !v.ETA.IsZero() {
		s += "; arrival " + instant(v.ETA)
	}
	return s
}

func quantity(c navicert.Cargo) string {
	q, ok := c.Quantity.Get()
	if !ok {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%g %s", q, c.Unit))
}

func instant(t navicert.Instant) string { return t.UTC().Format(time.DateTime) + " UTC" }

func plain(s string) string { return strings.ReplaceAll(s, "_", " ") }

func capital(s string) string {
	if s == "" {
		return "Party"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func orNot(s string) string {
	if s == "" {
		return "a place not declared"
	}
	return s
}

func labelled(label, s string) string {
	if s == "" {
		return ""
	}
	return label + s
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// joined joins what is known.
func joined(sep string, parts ...string) string {
	known := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, sep)
}

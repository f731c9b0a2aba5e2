package paper

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
)

func certificate(v navicert.Verdict) navicert.Certificate {
	day := navicert.At(navicert.Date("2026-01-02").Start())
	c := navicert.Certificate{
		ID: strings.Repeat("ab", 16), Verdict: v, AsOf: day, KnownAt: day, IssuedAt: day, Engine: "navicert test", Digest: "sha256:" + strings.Repeat("cd", 32), Simulated: true,
		Subject: navicert.Voyage{
			ID: "A<1>", Vessel: navicert.Vessel{IMO: 9074729, Name: "ЗАРЯ 中 <b>"}, From: "NLRTM", To: "USHOU",
			Parties: []navicert.Party{{Role: "owner", Name: "شركة", Country: "AE"}},
		},
		Reasons: []navicert.Reason{
			{Rule: "general/a", Outcome: navicert.OutcomeRefuse, Basis: "basis-a", Text: "text-a", Evidence: []navicert.Evidence{{Kind: navicert.EvidenceListEntry, Source: "source-a", Publication: "2025-12-24", Ref: "ref-a", Text: "row-a"}}},
			{Rule: "general/b", Outcome: navicert.OutcomeRefer, Basis: "basis-b", Text: "text-b", Settle: "settle-b", Matter: "m-b"},
			{Rule: "general/c", Outcome: navicert.OutcomeSettled, Basis: "basis-c", Text: "text-c", Settle: "settle-c", SettledBy: &navicert.Settled{ID: "s-1", Who: "who-c", What: "what-c", Why: "why-c", At: day, Until: "2026-06-30"}},
			{Rule: "general/d", Outcome: navicert.OutcomeLifted, Basis: "basis-d", Text: "text-d", LiftedBy: &navicert.Lift{Licence: "licence-d", Condition: "condition-d", Until: day}},
			{Rule: "general/e", Outcome: navicert.OutcomeNote, Basis: "basis-e", Text: "text-e"},
		},
		Searched:    []navicert.Searched{{Kind: navicert.SourceList, Source: "list-f", Publication: "2025-12-24", SHA256: "sha-f", Entries: 7, AgeDays: 9, MaxAgeDays: 14, State: navicert.Current}},
		NotSearched: []navicert.NotSearched{{Kind: navicert.SourceAIS, Source: "positions-g", Why: "why-g"}},
		Events:      []navicert.Event{{ID: "event-h", Kind: "gap", MMSI: 775999901, Start: day, Explanations: []string{"explanation-h"}}},
		Rules:       navicert.RulesRef{Packs: []navicert.PackRef{{Pack: "pack-i", Version: "version-i", SHA256: "sha-i"}}},
		Inputs:      []navicert.Input{{Source: "input-j", SHA256: "sha-j"}},
		Seal:        &navicert.Seal{Log: "log-k", Key: "log-k+0123abcd+AAAA", Index: 4711, Checkpoint: "checkpoint", Signature: "signature"},
	}
	return c
}

// parts are what both forms must show.
var parts = []string{
	"basis-a", "text-a", "source-a", "2025-12-24", "ref-a", "row-a", "text-b", "settle-b", "m-b", "text-c", "settle-c", "who-c", "what-c", "why-c", "2026-06-30",
	"text-d", "licence-d", "condition-d", "text-e", "basis-e", "list-f", "sha-f", "9 days old", "positions-g", "why-g", "event-h", "explanation-h",
	"pack-i", "version-i", "sha-i", "input-j", "sha-j", "SIMULATED", "general/c",
}

// foot is what both have at the foot, as HTML writes it.
var foot = []string{"certificate " + strings.Repeat("ab", 16), "sha256:" + strings.Repeat("cd", 32), "sealed as entry 4711 of the log log-k by the key log-k&#43;0123abcd"}

func TestHTML(t *testing.T) {
	b, err := HTML(certificate(navicert.Refuse))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(parts, foot...) {
		if !bytes.Contains(b, []byte(p)) {
			t.Errorf("no %q", p)
		}
	}
	for _, p := range append(parts, "REFUSE", "ЗАРЯ 中 &lt;b&gt;", "شركة", "A&lt;1&gt;") {
		if !bytes.Contains(b, []byte(p)) {
			t.Errorf("no %q", p)
		}
	}
	for _, p := range []string{"<b>", "http://", "https://", "<script"} {
		if bytes.Contains(b, []byte(p)) {
			t.Errorf("it has %q", p)
		}
	}
}

func TestPDF(t *testing.T) {
	var first []byte
	for range 3 {
		b, err := PDF(certificate(navicert.Refuse))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		} else if !bytes.Equal(b, first) {
			t.Fatal("the same certificate gives other bytes")
		}
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Errorf("it begins %q", first[:10])
	}
	if n := bytes.Count(first, []byte("/Type /Page\n")); n < 1 || n > 2 {
		t.Errorf("%d pages, want at most two", n)
	}
	other := certificate(navicert.Refuse)
	other.Reasons[0].Text = "other"
	if b, err := PDF(other); err != nil || bytes.Equal(b, first) {
		t.Errorf("another certificate gives the same bytes, or %v", err)
	}
}

// TestFoot: the seal is at the foot by what stays when its checkpoint is a newer
// one, and the pages do not change with that.
func TestFoot(t *testing.T) {
	c := certificate(navicert.Clear)
	d := newDocument(c)
	if len(d.foot) != len(foot) || strings.Join(d.foot, "\n") != strings.ReplaceAll(strings.Join(foot, "\n"), "&#43;", "+") {
		t.Errorf("%q", d.foot)
	}
	page, err := PDF(c)
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, want bool) {
		t.Helper()
		if again, err := PDF(c); err != nil || bytes.Equal(again, page) != want {
			t.Errorf("%s: the same page is %v, %v", what, !want, err)
		}
	}
	s := *c.Seal
	c.Seal = &s
	s.Checkpoint = "a newer one"
	same("a newer checkpoint", true)
	s.Index++
	same("another entry", false)
	c.Seal = nil
	if d := newDocument(c); d.foot[2] != "not sealed" {
		t.Errorf("%q", d.foot)
	}
}

// TestUnknownGlyphs: a character without a glyph is its code point, never gone.
func TestUnknownGlyphs(t *testing.T) {
	p, err := newPDF(certificate(navicert.Clear))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"PLAIN": "PLAIN", "Žluťoučký ЗАРЯ Ωμέγα → 12°": "Žluťoučký ЗАРЯ Ωμέγα → 12°", "中a": "[U+4E2D]a", "ش": "[U+0634]", "a\nb": "a b", "\u202e": "[U+202E]", "🚢": "[U+1F6A2]",
	} {
		if got := p.known(in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

// TestManyEvents: many of a kind that no evidence of a reason names are told together, and
// one on which a reason rests by itself; the pages stay few.
func TestManyEvents(t *testing.T) {
	c := certificate(navicert.Refer)
	day := c.AsOf
	for i := range 150 {
		e := navicert.Event{
			ID: fmt.Sprintf("event-%d", i), Kind: "encounter", MMSI: 775999901, Other: navicert.MMSI(775999902 + i%7),
			Start: navicert.At(day.Add(time.Duration(i) * time.Hour)), Explanations: []string{"class: ships", "explanation"},
		}
		if e.End = navicert.At(e.Start.Add(3 * time.Hour)); i%10 == 0 {
			e.Explanations[0] = "class: cannot_tell"
		}
		c.Events = append(c.Events, e)
	}
	c.Reasons[1].Evidence = []navicert.Evidence{{Kind: navicert.EvidenceEvent, Ref: "event-17", Text: "met"}}
	var got []string
	for _, it := range events(c).Items {
		got = append(got, it.Text+" | "+strings.Join(it.Small, " | "))
	}
	want := []string{
		"gap of MMSI 775999901 from 2026-01-02 00:00:00 UTC, still open | explanation-h | event event-h",
		"149 of kind encounter, which begin from 2026-01-02 00:00:00 UTC to 2026-01-08 05:00:00 UTC; the evidence of no reason names one of them | " +
			"8 MMSIs in all; 134 classed as ships; 15 classed as cannot tell | each of them, with its evidence, is in the certificate's JSON",
		"encounter of MMSI 775999901 from 2026-01-02 17:00:00 UTC, to 2026-01-02 20:00:00 UTC | classed as ships; explanation | event event-17",
	}
	if !slices.Equal(got, want) {
		t.Errorf("it tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	b, err := PDF(c)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("/Type /Page\n")); n > 2 {
		t.Errorf("%d pages, want at most two", n)
	}
}

// TestManyEventsOfTwoMMSIs: a certificate has the events of one MMSI behind those
// of another, and what is told of all begins with the first of either.
func TestManyEventsOfTwoMMSIs(t *testing.T) {
	c := certificate(navicert.Refer)
	c.Events = nil
	for _, m := range []struct {
		mmsi navicert.MMSI
		days int
	}{{775999901, 10}, {775999902, 2}} {
		for i := range 2 {
			start := c.AsOf.Add(time.Duration(m.days+i) * 24 * time.Hour)
			c.Events = append(c.Events, navicert.Event{ID: fmt.Sprint(m.mmsi, i), Kind: "gap", MMSI: m.mmsi, Start: navicert.At(start)})
		}
	}
	const want = "4 of kind gap, which begin from 2026-01-04 00:00:00 UTC to 2026-01-13 00:00:00 UTC; the evidence of no reason names one of them"
	if its := events(c).Items; len(its) != 1 || its[0].Text != want {
		t.Errorf("it tells %+v, want\n%s", its, want)
	}
}

// TestEveryPart: whatever the pages show comes from the document, which has all.
func TestEveryPart(t *testing.T) {
	d := newDocument(certificate(navicert.Refer))
	var all strings.Builder
	for _, f := range d.facts {
		all.WriteString(f.Name + f.Value + "\n")
	}
	for _, s := range d.sections {
		for _, it := range s.Items {
			all.WriteString(s.Title + it.Text + strings.Join(it.Lines, "\n") + strings.Join(it.Small, "\n") + "\n")
		}
	}
	for _, p := range parts {
		if p != "SIMULATED" && !strings.Contains(all.String(), p) {
			t.Errorf("no %q", p)
		}
	}
}

// Package own holds who owns, controls and manages whom, as dated and sourced
// facts, and says of a company or a ship whether listed persons own or control
// it: OFAC's 50 percent rule, and the tests of the European Union and the
// United Kingdom beside it, each with its source.
//
// Facts come in from CSV files ([ReadCSV]), FollowTheMoney entities ([ReadFtM])
// and the links that sanctions lists publish ([FromEntries]), go to a [Store], and come out as they stood at two
// times: the world's and the installation's. A [Graph] of them answers
// [Graph.Check], which is told by its caller which parties are listed:
//
//	g := own.NewGraph(facts, asOf)
//	a, err := g.Check(own.Party{Name: "Beta Shipping Ltd", Country: "PA"}, own.Rules(asOf), listed)
//
// No list publishes shares: they are facts that somebody must find, date and
// answer for. A share that is not known is a range from nothing to everything,
// and the answer then is "cannot tell" with the least and the most that listed
// persons may hold, never "not owned".
package own

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"
	"time"
	"unicode"

	"navicert"
	"navicert/list"
)

// Kind says how the owner of a fact stands to the owned.
type Kind string

// The kinds. OwnsOrControls is what a publisher says that does not say which
// of the two.
const (
	Owns           Kind = "owns"     // shares, or a ship
	Controls       Kind = "controls" // appoints its board, or has its way in it by other means
	Manages        Kind = "manages"  // manages or operates a ship or a business
	OwnsOrControls Kind = "owns_or_controls"
)

// Kinds returns all of them.
func Kinds() []Kind { return []Kind{Owns, Controls, Manages, OwnsOrControls} }

// Party is a person, a company or a ship, as a fact names it. An IMO number
// (of a hull or of a company) or an ID makes it the same party whatever its
// name; without one it is known by its name and country.
type Party struct {
	Name    string        `json:"name,omitempty"`
	Kind    list.Kind     `json:"kind,omitempty"`
	ID      string        `json:"id,omitempty"` // a number of this party alone: "lei/5493…", or LIST/ENTRY: "ofac-sdn/15001"
	IMO     navicert.IMO  `json:"imo,omitempty"`
	Country navicert.Flag `json:"country,omitempty"`
}

// Label names the party for a reader.
func (p Party) Label() string {
	name := cmp.Or(p.Name, p.ID, "unnamed party")
	if p.IMO != 0 {
		return name + " (IMO " + p.IMO.String() + ")"
	}
	if p.Country != "" {
		return name + " (" + string(p.Country) + ")"
	}
	return name
}

// key is the same for the same party written the same way.
func (p Party) key() string {
	return strings.Join([]string{p.IMO.String(), p.ID, fold(p.Name), string(p.Country), vesselOr(p.Kind)}, "\x00")
}

// vesselOr tells ships from everything else: a ship never is the company of
// the same name.
func vesselOr(k list.Kind) string {
	if k == list.Vessel {
		return "v"
	}
	return ""
}

// Fact is that one party owns, controls or manages another, as a source says.
//
// Two times: From and Until are when it is so in the world (Until exclusive;
// unknown: as far as is known it always was, or still is), and RecordedAt is
// when this installation learnt of it. A fact that a source had not published
// by the day asked about is not used for that day.
type Fact struct {
	Owner      Party               `json:"owner"`
	Owned      Party               `json:"owned"`
	Kind       Kind                `json:"kind"`
	Share      navicert.Opt[Share] `json:"share,omitzero"` // of owns; unknown when the source gives none
	From       navicert.Instant    `json:"from,omitzero"`
	Until      navicert.Instant    `json:"until,omitzero"`
	Published  navicert.Instant    `json:"published,omitzero"`
	Source     string              `json:"source"`               // where it was read: a register, a filing, a list
	SHA256     string              `json:"sha256,omitempty"`     // of the document, in hex
	EnteredBy  string              `json:"entered_by,omitempty"` // who answers for it; nobody: read by machine
	Note       string              `json:"note,omitempty"`
	Withdrawn  bool                `json:"withdrawn,omitempty"` // it was entered wrongly: no longer used
	Simulated  bool                `json:"simulated,omitempty"`
	RecordedAt navicert.Instant    `json:"recorded_at,omitzero"` // set by the store
}

// ID is a hash of what makes the fact this one: the parties, the kind, since
// when, and the source. The same again with another share or end is a later
// revision of it.
func (f *Fact) ID() string {
	h := sha256.New()
	for _, s := range []string{f.Owner.key(), f.Owned.key(), string(f.Kind), f.From.String(), f.Source} {
		h.Write([]byte(s + "\x01"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Settled reports whether a person answers for the fact and says where it was
// read. What is not settled can refer, never refuse.
func (f *Fact) Settled() bool { return f.Source != "" && f.EnteredBy != "" }

// InForce reports whether the fact holds at t in the world.
func (f *Fact) InForce(t time.Time) bool {
	return !f.Withdrawn && (f.From.IsZero() || !t.Before(f.From.Time)) && (f.Until.IsZero() || t.Before(f.Until.Time))
}

// MaxName is how many bytes the name of a party may have: a longer one cannot be
// asked of the lists (screen.Query). OFAC's longest name has 250.
const MaxName = 500

// Check says what is wrong with the fact.
func (f *Fact) Check() error {
	fail := func(format string, args ...any) error {
		return navicert.Errorf(navicert.Invalid, "ownership", "", format, args...)
	}
	switch {
	case f.Owner.Name == "" && f.Owner.IMO == 0: // a list cannot be asked for anything else
		return fail("no owner")
	case f.Owned.Name == "" && f.Owned.IMO == 0:
		return fail("no owned party")
	case len(f.Owner.Name) > MaxName || len(f.Owned.Name) > MaxName:
		return fail("a name of more than %d bytes", MaxName)
	case f.Owner.key() == f.Owned.key():
		return fail("a party that owns itself")
	case f.Source == "":
		return fail("no source")
	case f.Share.Known() && f.Kind != Owns && f.Kind != OwnsOrControls:
		return fail("a share with a kind that is not ownership")
	case !f.From.IsZero() && !f.Until.IsZero() && !f.Until.After(f.From.Time):
		return fail("until is not after from")
	}
	return nil
}

// Set is one import of facts.
type Set struct {
	Source     string // file or publication
	SHA256     string
	Facts      []Fact
	RecordedAt time.Time
}

// Store keeps ownership facts.
//
// PutOwnership writes a set in one transaction. A fact whose ID is held
// already becomes a new revision of it, unless nothing differs. Ownership
// returns, for each ID, the newest revision recorded at or before knownAt among
// those published at or before asOf, by ID, withdrawn ones included; a zero
// time does not restrict. OwnershipRevision grows with every change, and
// OwnershipChanges tells between which times nothing changes, so that what was
// made of the facts can be kept as long as it is the same. Safe for concurrent
// use.
type Store interface {
	PutOwnership(ctx context.Context, set Set) (changed int, err error)
	Ownership(ctx context.Context, asOf, knownAt time.Time) ([]Fact, error)
	OwnershipRevision(ctx context.Context) (int64, error)
	OwnershipChanges(ctx context.Context) (Changes, error)
}

// Changes are the times at which the facts in force become others, each once
// and in order: World is when a fact begins, ends or is published, Known when
// the installation recorded one. Between two neighbours nothing changes.
type Changes struct {
	World, Known []time.Time
}

// Span numbers the interval that a time lies in: two times of the same number
// see the same facts. A zero time, which does not restrict, is after all others.
func Span(changes []time.Time, t time.Time) int {
	if t.IsZero() {
		return len(changes)
	}
	return sort.Search(len(changes), func(i int) bool { return changes[i].After(t) })
}

// fold keeps the letters and digits of a name, small, so that case,
// punctuation and blanks do not make another name. It does not stretch to
// similar names.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Names reports whether a party asked about is the fact's owner or owned: by
// its number, or else by its name, letter for letter.
func (f *Fact) Names(p Party) bool {
	for _, o := range []Party{f.Owner, f.Owned} {
		if p.IMO != 0 && p.IMO == o.IMO || p.ID != "" && p.ID == o.ID || p.Name != "" && fold(p.Name) == fold(o.Name) && fold(p.Name) != "" {
			return true
		}
	}
	return false
}

// Words say the fact in a line: who, how much of whom, since when, by which
// source, and who answers for it.
func (f *Fact) Words() string {
	var b strings.Builder
	b.WriteString(f.Owner.Label())
	switch f.Kind {
	case Owns:
		b.WriteString(" owns ")
	case OwnsOrControls:
		b.WriteString(" owns or controls ")
	default:
		b.WriteString(" " + string(f.Kind) + " ")
	}
	if s, ok := f.Share.Get(); ok {
		b.WriteString(s.String() + " of ")
	} else if f.Kind == Owns {
		b.WriteString("an unknown share of ")
	}
	b.WriteString(f.Owned.Label())
	if !f.From.IsZero() {
		b.WriteString(" from " + f.From.Format(time.DateOnly))
	}
	if !f.Until.IsZero() {
		b.WriteString(" until " + f.Until.Format(time.DateOnly))
	}
	b.WriteString("; source: " + f.Source)
	if f.SHA256 != "" {
		b.WriteString(", document " + f.SHA256)
	}
	by := f.EnteredBy
	if by == "" {
		by = "nobody answers for it"
	} else {
		by = "entered by " + by
	}
	b.WriteString("; " + by)
	return b.String()
}

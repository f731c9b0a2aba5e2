package decide

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/rule"
	"navicert/screen"
)

// Settlement records that a person settled what a reason referred for. It holds
// while what the reason rests on is as it was, until a day. Nothing that refuses
// can be settled.
type Settlement struct {
	ID          string          `json:"id"`
	Matter      string          `json:"matter"`      // of the reason: what it is about, and a hash of what that rests on
	Rule        string          `json:"rule"`        // that referred
	Certificate string          `json:"certificate"` // in which it did
	Subject     string          `json:"subject"`     // the vessel's label
	Asked       string          `json:"asked"`       // what had to be settled
	Who         string          `json:"who"`
	What        string          `json:"what,omitempty"` // what was seen or done
	Why         string          `json:"why"`
	At          time.Time       `json:"at"`
	Until       navicert.Date   `json:"until"` // the last day on which it holds
	Removed     *screen.Removal `json:"removed,omitempty"`
}

// SHA256 is the hash of a settlement as it was recorded, whether or not it was
// taken back since.
func (s Settlement) SHA256() (string, error) {
	s.Removed = nil
	b, err := json.Marshal(s)
	if err != nil {
		return "", navicert.Errorf(navicert.Invalid, "settlement", s.ID, "%w", err)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:]), nil
}

// Settlements keeps settlements.
//
// PutSettlement records one; the same ID again is a navicert.Conflict error.
// RemoveSettlement takes one back; one that is not there is a navicert.NotFound
// error, one that was taken back before a navicert.Conflict. Settlements returns
// all, those taken back too, the oldest first. SettlementsAbout returns, the
// oldest first, those about some things (see [Thing]) that had been recorded and
// not yet been taken back by knownAt; a zero time is now. All methods are safe
// for concurrent use.
type Settlements interface {
	PutSettlement(ctx context.Context, s Settlement) error
	RemoveSettlement(ctx context.Context, id string, r screen.Removal) error
	Settlements(ctx context.Context) ([]Settlement, error)
	SettlementsAbout(ctx context.Context, things []string, knownAt time.Time) ([]Settlement, error)
}

// Thing is the part of a matter that says what it is about: the same rule, vessel
// and fact give the same, whatever has become of the fact.
func Thing(matter string) string {
	thing, _, _ := strings.Cut(matter, "-")
	return thing
}

// entry remembers what a list says of an entry that matched.
func (g *gathering) entry(h screen.Hit) {
	if h.Entry == nil {
		return
	}
	if g.entries == nil {
		g.entries = map[string]string{}
	}
	g.entries[h.List+"\x1f"+h.EntryID] = screen.EntrySHA256(h.Entry)
}

// settle gives each reason that refers the matter that it is about, and lets
// those that a person has settled refer no more.
func (g *gathering) settle(ctx context.Context, reasons []navicert.Reason) ([]navicert.Reason, error) {
	var things []string
	for i := range reasons {
		r := &reasons[i]
		if r.Outcome == navicert.OutcomeRefer {
			var err error
			if r.Matter, err = g.matter(r); err != nil {
				return nil, err
			}
			things = append(things, Thing(r.Matter))
		}
		r.About = ""
	}
	if len(things) == 0 || g.Settlements == nil {
		return reasons, nil
	}
	slices.Sort(things)
	settled, err := g.Settlements.SettlementsAbout(ctx, slices.Compact(things), g.at.KnownAt)
	if err != nil || len(settled) == 0 {
		return reasons, err
	}
	for i := range reasons {
		if reasons[i].Outcome != navicert.OutcomeRefer {
			continue
		}
		if err := g.settled(&reasons[i], settled); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(reasons, func(a, b navicert.Reason) int { return a.Outcome.Strictness() - b.Outcome.Strictness() })
	return reasons, nil
}

// settled looks for the newest settlement of a reason that holds, or else says
// of the newest why it does not hold any more.
func (g *gathering) settled(r *navicert.Reason, all []Settlement) error {
	var found *Settlement
	why := ""
	for i := range slices.Backward(all) {
		s := &all[i]
		if Thing(s.Matter) != Thing(r.Matter) {
			continue
		}
		lapsed := s.lapsed(r.Matter, navicert.DateOf(g.at.AsOf))
		if found == nil || lapsed == "" {
			found, why = s, lapsed
		}
		if lapsed == "" {
			break
		}
	}
	if found == nil {
		return nil
	}
	sha, err := found.SHA256()
	if err != nil {
		return err
	}
	g.input("settlements/"+found.ID, sha)
	on, what := navicert.DateOf(found.At), ""
	if found.What != "" {
		what = " (" + found.What + ")"
	}
	e := navicert.Evidence{Kind: navicert.EvidenceSettlement, Source: "settlements", Ref: found.ID, Time: navicert.At(found.At)}
	if why != "" {
		e.Text = fmt.Sprintf("%s had settled this on %s, which does not hold any more: %s; the grounds were: %s%s", found.Who, on, why, found.Why, what)
		r.Evidence = append(r.Evidence, e)
		return nil
	}
	e.Text = fmt.Sprintf("settled by %s on %s until %s: %s%s", found.Who, on, found.Until, found.Why, what)
	r.Evidence = append(r.Evidence, e)
	r.Outcome = navicert.OutcomeSettled
	r.SettledBy = &navicert.Settled{ID: found.ID, Who: found.Who, What: found.What, Why: found.Why, At: navicert.At(found.At), Until: found.Until}
	return nil
}

// lapsed says why a settlement does not hold for a matter on a day, or "".
func (s *Settlement) lapsed(matter string, on navicert.Date) string {
	switch {
	case s.Matter != matter:
		return "what it was about is not as it was"
	case on > s.Until:
		return fmt.Sprintf("it held until %s", s.Until)
	}
	return ""
}

// matter names what a reason is about, in two hashes: of the rule, the vessel and
// the fact at hand, and of what these rest on. A list that is issued again, a
// source that is a day older or a score that moves is no change; another row of
// the entry, another revision of the event, another text or area of the zone,
// another publication or state of a source is.
func (g *gathering) matter(r *navicert.Reason) (string, error) {
	thing, content := sha256.New(), sha256.New()
	put := func(w io.Writer, parts ...any) error {
		for _, p := range parts {
			b, err := json.Marshal(p)
			if err != nil {
				return navicert.Errorf(navicert.Invalid, "matter", r.Rule, "%w", err)
			}
			if _, err := w.Write(append(b, '\n')); err != nil {
				return err
			}
		}
		return nil
	}
	v := g.cert.Subject
	v.ID = ""
	if err := put(thing, r.Rule, told(v), r.About); err != nil {
		return "", err
	}
	if err := put(content, r.Basis); err != nil {
		return "", err
	}
	onRoute := slices.ContainsFunc(r.Evidence, func(e navicert.Evidence) bool { return e.Kind == navicert.EvidenceRoute })
	for i := range r.Evidence {
		if err := put(content, g.restsOn(&r.Evidence[i], v, onRoute)...); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(thing.Sum(nil)[:8]) + "-" + hex.EncodeToString(content.Sum(nil)[:8]), nil
}

// told is the surest thing that tells the vessel, or the parties when there
// is no vessel.
func told(v navicert.Voyage) any {
	switch {
	case v.Vessel.IMO != 0:
		return v.Vessel.IMO
	case v.Vessel.MMSI != 0:
		return v.Vessel.MMSI
	case v.Vessel.CallSign != "":
		return v.Vessel.CallSign
	case v.Vessel.Name != "":
		return v.Vessel.Name
	}
	return v.Parties
}

// restsOn is what makes a piece of evidence what it is, together with as much of
// the voyage as was looked at for it.
func (g *gathering) restsOn(e *navicert.Evidence, v navicert.Voyage, onRoute bool) []any {
	parts := []any{e.Kind, e.Source, e.Ref}
	switch e.Kind {
	case navicert.EvidenceListEntry:
		sha, ok := g.entries[e.Source+"\x1f"+e.Ref]
		if !ok { // of an owner, or of a vessel that was met: the row is what there is
			sha = e.Text
		}
		return append(parts, sha, v.Vessel, v.Parties)
	case navicert.EvidenceEvent:
		if i := slices.IndexFunc(g.cert.Events, func(held navicert.Event) bool { return held.ID == e.Ref }); i >= 0 {
			return append(parts, g.cert.Events[i])
		}
	case navicert.EvidenceZone:
		if onRoute {
			parts = append(parts, v)
		}
		if i := slices.IndexFunc(g.held, func(z geo.Zone) bool { return z.ID == e.Ref }); i >= 0 {
			parts = append(parts, g.held[i])
			if area := g.held[i].Area; area != nil {
				parts = append(parts, string(area.GeoJSON()))
			}
			return parts
		}
	case navicert.EvidenceSource:
		if i := slices.IndexFunc(g.facts.Sources, func(s rule.Source) bool { return s.ID == e.Source }); i >= 0 {
			parts = append(parts, g.facts.Sources[i].State)
		}
		return append(parts, e.Publication, v.Vessel, v.Parties) // its text tells its age
	case navicert.EvidenceRoute:
		return append(parts, v) // its text tells when the zone would be entered
	case navicert.EvidenceLicence:
		parts = append(parts, v)
		for i := range g.signed { // the record whole, and whatever took its place
			if l := &g.signed[i]; l.ID == e.Ref || l.Replaces == e.Ref {
				parts = append(parts, l)
			}
		}
	case navicert.EvidenceVoyage:
		if !slices.Contains([]string{"vessel", "parties", "cargo"}, e.Ref) { // whose text says all of it
			parts = append(parts, v)
		}
	case navicert.EvidenceOwnership:
		parts = append(parts, v.Vessel, v.Parties)
	}
	return append(parts, e.Text, e.Time)
}

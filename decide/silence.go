package decide

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/rule"
)

// Coverage knows what receivers heard of whom where.
type Coverage interface {
	Reception(ctx context.Context, f detect.HeardFilter, simulated bool) (detect.Reception, error)
}

// SilenceKind is the kind of the fact that rules see of the time since a vessel's
// last position. It is no event of a detector: those stand in the certificate.
const SilenceKind = "silence"

const (
	// silentAfter is from when on it is a silence: what the shortest gap is that
	// detectors report.
	silentAfter = time.Duration(gap.GFWProduct)
	// ReceptionFor is for how long after a vessel's last position it is looked whether
	// others were heard where that was. A satellite of a low orbit hears a place about
	// twice a day; after a day the ship can be 300 nautical miles away.
	ReceptionFor = 24 * time.Hour
)

// The classes of a silence.
const (
	received    = "received"     // others were heard where the vessel was last
	notReceived = "not_received" // nobody was, though others were heard elsewhere in half of the hours or more
	notKnown    = "not_known"    // too little is held of what anybody heard in that time
)

// silence is the time since a vessel's last position.
type silence struct {
	last     navicert.Fix
	from, to time.Time // the clock hours that were looked at
	heard    detect.Reception
}

// heardLast looks whether others were heard where the vessel was last, when that is
// long enough ago to wonder and not so long that its positions are stale. It
// touches nothing of g but what is its own.
func (g *gathering) heardLast(ctx context.Context) error {
	age := g.at.AsOf.Sub(g.lastHeard)
	if g.Coverage == nil || g.lastMMSI == 0 || age < silentAfter || days(g.at.AsOf, g.lastHeard) > freshDays {
		return nil
	}
	fixes, err := g.Tracks.Fixes(ctx, g.lastMMSI, g.lastHeard, g.lastHeard.Add(time.Millisecond))
	if err != nil || len(fixes) == 0 { // none: the positions changed meanwhile
		return err
	}
	s := &silence{last: fixes[0]}
	s.from = s.last.Time.UTC().Truncate(time.Hour).Add(time.Hour) // its own hour holds the vessel itself
	s.to = g.at.AsOf.UTC().Truncate(time.Hour)                    // what this hour will hold is not known yet
	if latest := s.from.Add(ReceptionFor); s.to.After(latest) {
		s.to = latest
	}
	s.heard, err = g.Coverage.Reception(ctx, detect.HeardFilter{
		Cells: geo.CellsWithin(s.last.Pos, detect.NearNM, detect.CellLevel), From: s.from, To: s.to, KnownAt: g.at.KnownAt,
	}, s.last.Simulated)
	g.silent = s
	return err
}

func (s *silence) hours() int { return int(s.to.Sub(s.from) / time.Hour) }

func (s *silence) class() string {
	switch {
	case s.heard.Hours > 0:
		return received
	case 2*s.heard.Listened >= s.hours():
		return notReceived
	}
	return notKnown
}

// silence puts the time since the vessel's last position into facts and
// certificate.
func (g *gathering) silence() error {
	s := g.silent
	if s == nil {
		return nil
	}
	b, err := json.Marshal(s.heard)
	if err != nil {
		return navicert.Errorf(navicert.Invalid, "coverage", "", "%w", err)
	}
	sum := sha256.Sum256(b)
	g.input(coverageInput, hex.EncodeToString(sum[:]))

	source := "coverage where MMSI " + s.last.MMSI.String() + " was last"
	if class := s.class(); class == received {
		g.cert.Searched = append(g.cert.Searched, navicert.Searched{
			Kind: navicert.SourceCoverage, Source: source, Title: "Others heard where the vessel was last",
			Publication: navicert.DateOf(s.heard.Last), Entries: s.heard.Hours, AgeDays: days(g.at.AsOf, s.heard.Last),
			State: navicert.Current, Simulated: s.last.Simulated,
		})
	} else {
		g.cert.Simulated = g.cert.Simulated || s.last.Simulated
		why := "nobody was heard there in the hours after: whether the ship was silent could not be looked at"
		if class == notKnown {
			why = "too little is held of what anybody heard in the hours after: whether the ship was silent or nobody listened could not be looked at"
		}
		g.notSearched(navicert.SourceCoverage, source, why)
	}

	at := s.last.Time
	e := navicert.Event{
		ID:   navicert.EventID(SilenceKind, s.last.MMSI.String(), navicert.At(at).String()),
		Kind: SilenceKind, MMSI: s.last.MMSI, Start: navicert.At(at), State: navicert.EventOpen, Position: navicert.Some(s.last.Pos),
	}
	f := rule.Event{
		ID: e.ID, Kind: e.Kind, Start: at, Open: true, Hours: g.at.AsOf.Sub(at).Hours(), Explanation: s.class(),
		Evidence: []navicert.Evidence{detect.FixEvidence(&s.last), s.evidence()},
	}
	g.nearest(&f, e, g.at.AsOf)
	g.facts.Events = append(g.facts.Events, f)
	return nil
}

// coverageInput names what a certificate rests on that looks at a silence.
const coverageInput = "coverage"

// LooksAtSilence reports whether a certificate looks at the time since the vessel's
// last position.
func LooksAtSilence(c navicert.Certificate) bool {
	return slices.ContainsFunc(c.Inputs, func(in navicert.Input) bool { return in.Source == coverageInput })
}

// OfSilence reports whether a reason is of the time since a vessel's last position.
func OfSilence(r navicert.Reason) bool {
	return slices.ContainsFunc(r.Evidence, func(e navicert.Evidence) bool { return e.Kind == navicert.EvidenceCoverage })
}

// evidence says what was looked at and what was found.
func (s *silence) evidence() navicert.Evidence {
	text := fmt.Sprintf("clock hours from %s to %s, within %d nm of the last position: ", navicert.At(s.from), navicert.At(s.to), detect.NearNM)
	if s.heard.Hours > 0 {
		text += fmt.Sprintf("ships were heard in %d of %d (receivers: %d; by one of them in an hour at least %d; the last at %s)",
			s.heard.Hours, s.hours(), s.heard.Receivers, s.heard.Ships, navicert.At(s.heard.Last))
	} else {
		text += fmt.Sprintf("no ship was heard in any of %d", s.hours())
	}
	text += fmt.Sprintf("; anywhere, ships were heard in %d", s.heard.Listened)
	return navicert.Evidence{
		Kind: navicert.EvidenceCoverage, Source: "coverage ledger", Ref: geo.CellID(s.last.Pos, detect.CellLevel).ToToken(), Text: text,
		Time: navicert.At(s.from), Position: navicert.Some(s.last.Pos),
	}
}

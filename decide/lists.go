package decide

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"navicert"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
)

// question is what the lists are asked; like carries what all its hits have in
// common.
type question struct {
	query  screen.Query
	like   rule.Hit
	answer screen.Answer
}

// lists screens the vessel and every party, several at once.
func (g *gathering) lists(ctx context.Context) error {
	v := g.cert.Subject.Vessel
	var asked []question
	if v.IMO != 0 || v.MMSI != 0 || v.CallSign != "" || v.Name != "" {
		asked = append(asked, question{
			query: screen.Query{Kind: string(list.Vessel), Name: v.Name, IMO: v.IMO, MMSI: v.MMSI, CallSign: v.CallSign, Flag: v.Flag},
			like:  rule.Hit{Subject: "vessel", Asked: v.Label()},
		})
	}
	for _, p := range g.cert.Subject.Parties {
		asked = append(asked, question{
			query: screen.Query{Kind: screen.AnyParty, Name: p.Name, Country: p.Country},
			like:  rule.Hit{Subject: "party", Role: p.Role, Asked: p.Name},
		})
	}
	var ask errgroup.Group
	ask.SetLimit(runtime.GOMAXPROCS(0))
	failed := make([]error, len(asked))
	for i := range asked {
		ask.Go(func() error {
			asked[i].answer, failed[i] = g.Lists.Screen(ctx, asked[i].query, g.at.AsOf, g.at.KnownAt)
			return nil
		})
	}
	_ = ask.Wait() // the first question's error is told, whichever came first
	for i := range asked {
		if failed[i] != nil {
			return failed[i]
		}
	}
	for i := range asked {
		g.answered(&asked[i])
	}
	g.ownershipSearched()
	for _, s := range g.cert.Searched {
		if s.Kind == navicert.SourceList {
			g.facts.Sources = append(g.facts.Sources, sourceFact(s))
		}
	}
	return nil
}

func sourceFact(s navicert.Searched) rule.Source {
	text := fmt.Sprintf("%s: publication of %s, %d entries, %d days old on the day asked about, %s", s.Source, s.Publication, s.Entries, s.AgeDays, s.State)
	if !s.PullFailed.IsZero() {
		text += fmt.Sprintf(": its publisher did not answer when he was asked last, %s", s.PullFailed)
	}
	if s.State == navicert.Missing {
		text = s.Source + ": nothing is held that had been published by the day asked about"
	}
	return rule.Source{
		ID: s.Source, Kind: string(s.Kind), State: string(s.State), AgeDays: s.AgeDays, MaxAgeDays: s.MaxAgeDays,
		Evidence: []navicert.Evidence{{Kind: navicert.EvidenceSource, Source: s.Source, Publication: s.Publication, Text: text}},
	}
}

// answered takes over what was found for a question.
func (g *gathering) answered(q *question) {
	a, like := &q.answer, q.like
	for _, h := range a.Hits {
		if h.Cleared != nil {
			g.clearedHit(like, h)
		}
		if !h.Match {
			continue // scored below the threshold, ruled out by an identifier, or cleared
		}
		hit := like
		hit.List, hit.Publication, hit.Entry = h.List, string(h.Publication), h.EntryID
		hit.Kind, hit.Name, hit.MatchedName = string(h.Kind), h.Name, h.MatchedName
		hit.Programmes, hit.Measure, hit.By = h.Programmes, string(h.Measure), h.By
		hit.Identity, hit.Score, hit.Secondary = h.Identity, h.Score, h.Secondary
		hit.Evidence = []navicert.Evidence{hitEvidence(h)}
		g.facts.Hits = append(g.facts.Hits, hit)
		g.entry(h)
		if like.Subject == "vessel" && h.Identity {
			g.facts.Vessel.Listed = true
		}
	}
	for _, s := range a.Searched {
		g.searched(s)
	}
	g.ownership(a.Ownership, like)
}

// hitEvidence is the list's row, with how it was matched in front.
func hitEvidence(h screen.Hit) navicert.Evidence {
	return navicert.Evidence{
		Kind: navicert.EvidenceListEntry, Source: h.List, Publication: h.Publication, Ref: h.EntryID, Text: h.Entry.Row,
	}
}

// searched adds a list to what was searched, once however many questions it
// was asked. What each found is added up.
func (g *gathering) searched(s navicert.Searched) {
	if s.SHA256 != "" {
		g.input(s.Source+"@"+string(s.Publication), s.SHA256)
	}
	for i := range g.cert.Searched {
		if g.cert.Searched[i].Kind == s.Kind && g.cert.Searched[i].Source == s.Source {
			g.cert.Searched[i].Found += s.Found
			return
		}
	}
	g.cert.Searched = append(g.cert.Searched, s)
}

// days is the whole days from then to t, never negative.
func days(t, then time.Time) int { return max(0, int(t.Sub(then)/(24*time.Hour))) }

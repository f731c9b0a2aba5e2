package screen

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
)

// Subject is a question that is asked again whenever a list moves: a customer,
// a ship of the fleet.
type Subject struct {
	ID    string    `json:"id"`
	Query Query     `json:"query"` // its ID is the subject's
	Who   string    `json:"who,omitempty"`
	Note  string    `json:"note,omitempty"`
	At    time.Time `json:"at"` // when it was saved, or last changed
}

// Normal returns the subject with its query made normal, or an error that says
// what is wrong with it.
func (s Subject) Normal() (Subject, error) {
	s.ID = strings.TrimSpace(s.ID)
	if s.ID == "" {
		s.ID = strings.TrimSpace(s.Query.ID)
	}
	if s.ID == "" {
		return s, navicert.Errorf(navicert.Invalid, "subjects", strconv.Quote(s.Query.Name), "a subject needs an id")
	}
	s.Who, s.Note = strings.TrimSpace(s.Who), strings.TrimSpace(s.Note)
	if len(s.Who) > maxText || len(s.Note) > maxText {
		return s, navicert.Errorf(navicert.Limit, "subjects", strconv.Quote(s.ID), "a text of more than %d bytes", maxText)
	}
	s.Query.ID = s.ID
	var err error
	s.Query, err = s.Query.Normal()
	return s, err
}

// SubjectStore keeps saved subjects.
//
// PutSubjects saves them in one transaction and returns how many are new or
// were changed; one that is held with the same query, note and person is left
// as it is. RemoveSubject takes one off; one that is not there is a
// navicert.NotFound error. Subjects returns those that were saved and not taken
// off by a time, zero being now, by their IDs. What was is kept. All methods are
// safe for concurrent use.
type SubjectStore interface {
	PutSubjects(ctx context.Context, subjects []Subject) (changed int, err error)
	RemoveSubject(ctx context.Context, id string, r Removal) error
	Subjects(ctx context.Context, knownAt time.Time) ([]Subject, error)
}

// ChangeKind says what became of a subject's hit.
type ChangeKind string

// The kinds of change.
const (
	HitNew     ChangeKind = "new_hit"     // it was none before
	HitGone    ChangeKind = "hit_gone"    // it is none any more
	HitChanged ChangeKind = "hit_changed" // the entry says something else now
)

// Change is what the move of a list means for one subject.
type Change struct {
	Subject  string             `json:"subject"`
	Asked    string             `json:"asked,omitempty"` // the subject's name
	Change   ChangeKind         `json:"change"`
	List     string             `json:"list"`
	Before   navicert.Date      `json:"before,omitempty"` // the publications compared; absent when there was none
	After    navicert.Date      `json:"after"`
	Entry    string             `json:"entry"`
	Name     string             `json:"name"` // the entry's
	By       string             `json:"by"`
	Score    float64            `json:"score"`
	Identity bool               `json:"identity"`
	Fields   []list.FieldChange `json:"fields,omitempty"`  // of a hit that changed
	Cleared  *Cleared           `json:"cleared,omitempty"` // of a hit that is back: the clearing that lapsed
}

// compared is how many hits of a subject are compared: all there can be.
const compared = 10_000

// Of is a view of one publication only, at a time.
func (s *Screener) Of(ctx context.Context, p list.Publication, at When) (*View, error) {
	ix, err := s.index(ctx, p)
	if err != nil {
		return nil, err
	}
	v := &View{store: s.store, at: at, publications: []list.Publication{p}, indexes: []*index{ix}}
	v.searched = []navicert.Searched{searchedOf(v.publications, p, true, navicert.DateOf(at.AsOf))}
	v.clearings, err = s.clearings.read(ctx)
	return v, err
}

// Changes says what differs for the subjects between two views of one list, see
// [Screener.Of]: a match that is new, gone, or of an entry that changed. Before
// may be nil: then there was nothing.
func Changes(ctx context.Context, subjects []Subject, before, after *View) ([]Change, error) {
	changes := []Change{}
	for i := range subjects {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		some, err := changesFor(ctx, &subjects[i], before, after)
		if err != nil {
			return nil, err
		}
		changes = append(changes, some...)
	}
	return changes, nil
}

func changesFor(ctx context.Context, s *Subject, before, after *View) ([]Change, error) {
	was, wasOrder, err := matchesOf(before, s.Query)
	if err != nil {
		return nil, err
	}
	is, order, err := matchesOf(after, s.Query)
	if err != nil {
		return nil, err
	}
	p := after.publications[0]
	like := Change{Subject: s.ID, Asked: s.Query.Name, List: p.List, After: p.Date}
	if before != nil {
		like.Before = before.publications[0].Date
	}
	var out []Change
	for _, id := range order {
		h := is[id]
		old, known := was[id]
		c := like.of(HitNew, h)
		if known {
			delete(was, id)
			c.Change = HitChanged
			if c.Fields, err = changedFields(ctx, before, after, old, h); err != nil {
				return nil, err
			}
			if len(c.Fields) == 0 {
				continue
			}
		}
		out = append(out, c)
	}
	for _, id := range wasOrder {
		if h, gone := was[id]; gone {
			out = append(out, like.of(HitGone, h))
		}
	}
	return out, nil
}

// of fills in a hit.
func (c Change) of(kind ChangeKind, h *Hit) Change {
	c.Change, c.Entry, c.Name, c.By, c.Score, c.Identity, c.Cleared = kind, h.EntryID, h.Name, h.By, h.Score, h.Identity, h.Cleared
	return c
}

// matchesOf returns a query's matches by entry, and their order.
func matchesOf(v *View, q Query) (map[string]*Hit, []string, error) {
	if v == nil {
		return nil, nil, nil
	}
	a, err := v.lists(q, Options{Limit: compared})
	if err != nil {
		return nil, nil, err
	}
	matches := map[string]*Hit{}
	var order []string
	for i := range a.Hits {
		if h := &a.Hits[i]; h.Match {
			matches[h.EntryID] = h
			order = append(order, h.EntryID)
		}
	}
	return matches, order, nil
}

// changedFields are the fields of an entry that differ, and whether it is
// identified.
func changedFields(ctx context.Context, before, after *View, was, is *Hit) ([]list.FieldChange, error) {
	old, err := before.Entry(ctx, was)
	if err != nil {
		return nil, err
	}
	now, err := after.Entry(ctx, is)
	if err != nil {
		return nil, err
	}
	var fields []list.FieldChange
	for _, c := range list.Diff([]list.Entry{old}, []list.Entry{now}).Changed {
		fields = append(fields, c.Fields...)
	}
	if was.Identity != is.Identity {
		fields = append(fields, list.FieldChange{Field: "identity", Before: truth(was.Identity), After: truth(is.Identity)})
	}
	return fields, nil
}

func truth(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }

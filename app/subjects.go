package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"navicert"
	"navicert/list"
	"navicert/screen"
)

// SaveSubjects saves subjects to be screened whenever a list moves, all or none
// of them, and returns how many are new or were changed.
func (a *App) SaveSubjects(ctx context.Context, subjects []screen.Subject) (changed int, err error) {
	seen := make(map[string]bool, len(subjects))
	normal := make([]screen.Subject, len(subjects))
	for i, s := range subjects {
		if s, err = s.Normal(); err != nil {
			return 0, err
		}
		if seen[s.ID] {
			return 0, navicert.Errorf(navicert.Invalid, "subjects", strconv.Quote(s.ID), "it is there twice")
		}
		seen[s.ID] = true
		s.At = a.now()
		normal[i] = s
	}
	return a.db.PutSubjects(ctx, normal)
}

// Subjects returns the saved subjects as they stood at a time; zero is now.
func (a *App) Subjects(ctx context.Context, knownAt time.Time) ([]screen.Subject, error) {
	if err := notYet("subjects", knownAt, a.now()); err != nil {
		return nil, err
	}
	return a.db.Subjects(ctx, knownAt)
}

// RemoveSubject takes a subject off.
func (a *App) RemoveSubject(ctx context.Context, id, who, why string) error {
	return a.db.RemoveSubject(ctx, id, a.removal(who, why))
}

// ChangesOptions say between which publications the subjects are compared.
type ChangesOptions struct {
	Since string    // "LIST@DATE": from this publication; empty is from the one before the newest, of every list
	Lists []string  // only these; empty is all
	AsOf  time.Time // up to what had been published by then; zero is now
}

// SubjectChanges says what the move of the lists means for the saved subjects.
func (a *App) SubjectChanges(ctx context.Context, o ChangesOptions) ([]screen.Change, error) {
	if o.AsOf.IsZero() {
		o.AsOf = a.now()
	}
	changes := []screen.Change{}
	subjects, err := a.db.Subjects(ctx, time.Time{})
	if err != nil || len(subjects) == 0 {
		return changes, err
	}
	held, err := a.db.Publications(ctx)
	if err != nil {
		return nil, err
	}
	var since list.Publication
	if o.Since != "" {
		if since, err = a.FindPublication(ctx, o.Since, ""); err != nil {
			return nil, err
		}
		o.Lists = []string{since.List}
	}
	on := navicert.DateOf(o.AsOf)
	for i := 0; i < len(held); {
		of := held[i:]
		if end := slices.IndexFunc(of, func(p list.Publication) bool { return p.List != of[0].List }); end > 0 {
			of = of[:end]
		}
		i += len(of)
		of = slices.DeleteFunc(slices.Clone(of), func(p list.Publication) bool { return p.Date > on })
		if len(of) == 0 || len(o.Lists) > 0 && !slices.Contains(o.Lists, of[0].List) {
			continue
		}
		some, err := a.changesOf(ctx, subjects, of, since.Date, o.AsOf)
		if err != nil {
			return nil, err
		}
		changes = append(changes, some...)
	}
	return changes, nil
}

// changesOf compares the last of a list's publications with the one since
// which changes are asked for, by default the one before.
func (a *App) changesOf(ctx context.Context, subjects []screen.Subject, of []list.Publication, since navicert.Date, asOf time.Time) ([]screen.Change, error) {
	newest := of[len(of)-1]
	after, err := a.screener.Of(ctx, newest, screen.When{AsOf: asOf})
	if err != nil {
		return nil, err
	}
	var before *screen.View
	from := len(of) - 2
	if since != "" {
		from = slices.IndexFunc(of, func(p list.Publication) bool { return p.Date == since })
		if from < 0 {
			return nil, navicert.Errorf(navicert.Invalid, "subjects screen", newest.List+"@"+string(since), "it is later than the day asked about")
		}
	}
	if from >= 0 {
		// What was cleared until some day before the list moved was cleared then.
		if before, err = a.screener.Of(ctx, of[from], screen.When{AsOf: of[from].Date.Start()}); err != nil {
			return nil, err
		}
	}
	return screen.Changes(ctx, subjects, before, after)
}

// Clearance is what a person says of a false positive.
type Clearance struct {
	Query   screen.Query
	Subject string // a saved subject, whose query is meant
	List    string
	Entry   string
	Who     string
	Why     string
	Until   navicert.Date // the last day on which it holds
}

// Clear records that an entry which a query matches is somebody else. A query
// that does not match it now is an error, and so is one that matches by the IMO
// number: that is no false positive.
func (a *App) Clear(ctx context.Context, c Clearance) (screen.Clearing, error) {
	const op = "cleared add"
	fail := func(kind navicert.Kind, subject, format string, args ...any) (screen.Clearing, error) {
		return screen.Clearing{}, navicert.Errorf(kind, op, subject, format, args...)
	}
	c.Who, c.Why = strings.TrimSpace(c.Who), strings.TrimSpace(c.Why)
	now := a.now()
	switch until, err := navicert.ParseDate(string(c.Until)); {
	case err != nil:
		return fail(navicert.Invalid, "", "it needs the last day on which it holds: %w", err)
	case c.Who == "" || c.Why == "":
		return fail(navicert.Invalid, "", "it needs who decided and why")
	case until < navicert.DateOf(now):
		return fail(navicert.Invalid, "", "until %s: that is past", until)
	}
	if c.Subject != "" {
		subjects, err := a.db.Subjects(ctx, time.Time{})
		if err != nil {
			return screen.Clearing{}, err
		}
		i := slices.IndexFunc(subjects, func(s screen.Subject) bool { return s.ID == c.Subject })
		if i < 0 {
			return fail(navicert.NotFound, strconv.Quote(c.Subject), "no such subject is saved")
		}
		c.Query = subjects[i].Query
	}
	c.Query.ID = ""
	q, err := c.Query.Normal()
	if err != nil {
		return screen.Clearing{}, err
	}
	view, err := a.ScreenView(ctx, screen.When{AsOf: now})
	if err != nil {
		return screen.Clearing{}, err
	}
	answer, err := view.Screen(q, screen.Options{Lists: []string{c.List}, Limit: allHits})
	if err != nil {
		return screen.Clearing{}, err
	}
	i := slices.IndexFunc(answer.Hits, func(h screen.Hit) bool { return h.EntryID == c.Entry && (h.Match || h.Cleared.InForce()) })
	if i < 0 {
		return fail(navicert.NotFound, c.List+" "+c.Entry, "the question does not match that entry today: there is nothing to clear")
	}
	h := &answer.Hits[i]
	if h.By == screen.ByIMO {
		return screen.Clearing{}, navicert.Errorf(navicert.Invalid, op, c.List+" "+c.Entry, "IMO number %s is that of the entry, %s: it is the hull itself and no false positive", q.IMO, h.Name).
			WithHint("if the number asked about is wrong, ask with the right one")
	}
	e, err := view.Entry(ctx, h)
	if err != nil {
		return screen.Clearing{}, err
	}
	cl := screen.Clearing{
		Subject: c.Subject, Query: q, List: c.List, Entry: c.Entry, Name: h.Name, Publication: h.Publication,
		EntrySHA256: screen.EntrySHA256(&e), Who: c.Who, Why: c.Why, At: now, Until: c.Until,
	}
	sum := sha256.Sum256([]byte(cl.SHA256()))
	cl.ID = "c-" + hex.EncodeToString(sum[:])[:clearingDigits]
	return cl, a.db.PutClearing(ctx, cl)
}

// allHits is more than a question can have.
const allHits = 10_000

// clearingDigits of its hash name a clearing: with 48 bits two of a million
// share a name by one chance in 500.
const clearingDigits = 12

// Clearings returns all clearings, the oldest first, those taken back too.
func (a *App) Clearings(ctx context.Context) ([]screen.Clearing, error) { return a.db.Clearings(ctx) }

// ClearingState says how a clearing stands today: "in force", or since when
// and why not.
func (a *App) ClearingState(c screen.Clearing) string {
	return findingState(c.Removed, c.Until, a.now(), "in force while the entry is as it was")
}

// RemoveClearing takes a clearing back.
func (a *App) RemoveClearing(ctx context.Context, id, who, why string) error {
	return a.db.RemoveClearing(ctx, id, a.removal(who, why))
}

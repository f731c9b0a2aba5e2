package storetest

import (
	"testing"
	"time"

	"navicert"
	"navicert/screen"
)

var subjectTests = map[string]func(*testing.T, Store){
	"subjects":         savedSubjects,
	"subjects refused": badSubjects,
	"clearings":        clearings,
	"clearing refused": badClearings,
}

func subject(id string, hours float64) screen.Subject {
	return screen.Subject{
		ID: id, Who: hostile[1], Note: hostile[2], At: at(hours),
		Query: screen.Query{ID: id, Kind: "vessel", Name: hostile[6], IMO: 9074729, Flag: "PA"},
	}
}

func savedSubjects(t *testing.T, s Store) {
	if got := must(s.Subjects(t.Context(), time.Time{}))(t); got == nil || len(got) != 0 {
		t.Errorf("an empty store has subjects %#v", got)
	}
	b, a := subject("b", 1), subject("a", 1)
	if n := must(s.PutSubjects(t.Context(), []screen.Subject{b, a}))(t); n != 2 {
		t.Errorf("%d new, want 2", n)
	}
	later := b
	later.At = at(2)
	if n := must(s.PutSubjects(t.Context(), []screen.Subject{later}))(t); n != 0 {
		t.Errorf("the same again: %d changed", n)
	}
	later.Query.Name = "OTHER"
	if n := must(s.PutSubjects(t.Context(), []screen.Subject{later}))(t); n != 1 {
		t.Errorf("another name: %d changed", n)
	}
	same(t, "subjects", must(s.Subjects(t.Context(), time.Time{}))(t), []screen.Subject{a, later})
	same(t, "as known before", must(s.Subjects(t.Context(), at(1.5)))(t), []screen.Subject{a, b})
	if err := s.RemoveSubject(t.Context(), "a", screen.Removal{Who: "N. N.", At: at(3)}); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.RemoveSubject(t.Context(), "a", screen.Removal{Who: "N. N.", At: at(3)}), navicert.NotFound)
	same(t, "after one was taken off", must(s.Subjects(t.Context(), time.Time{}))(t), []screen.Subject{later})
	same(t, "as known before that", must(s.Subjects(t.Context(), at(2.5)))(t), []screen.Subject{a, later})
	back := subject("a", 4)
	if n := must(s.PutSubjects(t.Context(), []screen.Subject{back}))(t); n != 1 {
		t.Errorf("saved again: %d changed", n)
	}
	same(t, "saved again", must(s.Subjects(t.Context(), time.Time{}))(t), []screen.Subject{back, later})
}

func badSubjects(t *testing.T, s Store) {
	nameless, timeless := subject("", 1), subject("x", 1)
	timeless.At = time.Time{}
	for _, bad := range []screen.Subject{nameless, timeless} {
		_, err := s.PutSubjects(t.Context(), []screen.Subject{subject("good", 1), bad})
		wantErr(t, err, navicert.Invalid)
	}
	wantErr(t, s.RemoveSubject(t.Context(), "x", screen.Removal{At: at(1)}), navicert.NotFound)
	wantErr(t, s.RemoveSubject(t.Context(), "x", screen.Removal{}), navicert.Invalid)
	_, err := s.PutSubjects(canceled(), []screen.Subject{subject("x", 1)})
	wantCanceled(t, err)
	if got := must(s.Subjects(t.Context(), time.Time{}))(t); len(got) != 0 {
		t.Errorf("held %+v", got)
	}
}

func clearing(id string, hours float64) screen.Clearing {
	return screen.Clearing{
		ID: id, Subject: "s", Query: screen.Query{Kind: "person", Name: hostile[6], BirthDate: "1961"}, List: "ofac-sdn", Entry: "7",
		Name: hostile[8], Publication: "2026-02-27", EntrySHA256: "aa", Who: hostile[0], Why: hostile[1], At: at(hours), Until: "2027-06-30",
	}
}

func clearings(t *testing.T, s Store) {
	revision := must(s.ClearingRevision(t.Context()))(t)
	moved := func(what string) {
		t.Helper()
		now := must(s.ClearingRevision(t.Context()))(t)
		if now == revision {
			t.Errorf("%s: the revision is %d still", what, now)
		}
		revision = now
	}
	if got := must(s.Clearings(t.Context()))(t); got == nil || len(got) != 0 {
		t.Errorf("an empty store has clearings %#v", got)
	}
	first, second := clearing("c-1", 1), clearing("c-2", 2)
	for _, c := range []screen.Clearing{first, second} {
		if err := s.PutClearing(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		moved("a clearing")
	}
	same(t, "clearings", must(s.Clearings(t.Context()))(t), []screen.Clearing{first, second})
	r := screen.Removal{Who: "N. N.", Why: hostile[3], At: at(3)}
	if err := s.RemoveClearing(t.Context(), "c-1", r); err != nil {
		t.Fatal(err)
	}
	moved("one taken back")
	first.Removed = &r
	same(t, "after one was taken back", must(s.Clearings(t.Context()))(t), []screen.Clearing{first, second})
	wantErr(t, s.RemoveClearing(t.Context(), "c-1", r), navicert.Conflict)
	wantErr(t, s.PutClearing(t.Context(), clearing("c-1", 4)), navicert.Conflict)
	same(t, "after what was refused", must(s.Clearings(t.Context()))(t), []screen.Clearing{first, second})
}

func badClearings(t *testing.T, s Store) {
	for _, change := range []func(*screen.Clearing){
		func(c *screen.Clearing) { c.ID = "" },
		func(c *screen.Clearing) { c.List = "" },
		func(c *screen.Clearing) { c.Entry = "" },
		func(c *screen.Clearing) { c.EntrySHA256 = "" },
		func(c *screen.Clearing) { c.Who = "" },
		func(c *screen.Clearing) { c.Why = "" },
		func(c *screen.Clearing) { c.Until = "" },
		func(c *screen.Clearing) { c.Until = "2027-06-31" },
		func(c *screen.Clearing) { c.At = time.Time{} },
	} {
		c := clearing("c", 1)
		change(&c)
		wantErr(t, s.PutClearing(t.Context(), c), navicert.Invalid)
	}
	wantCanceled(t, s.PutClearing(canceled(), clearing("c", 1)))
	wantErr(t, s.RemoveClearing(t.Context(), "c", screen.Removal{Who: "N. N.", At: at(1)}), navicert.NotFound)
	wantErr(t, s.RemoveClearing(t.Context(), "c", screen.Removal{At: at(1)}), navicert.Invalid)
	wantErr(t, s.RemoveClearing(t.Context(), "c", screen.Removal{Who: "N. N."}), navicert.Invalid)
	if got := must(s.Clearings(t.Context()))(t); len(got) != 0 {
		t.Errorf("held %+v", got)
	}
}

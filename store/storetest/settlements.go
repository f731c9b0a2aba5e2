package storetest

import (
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/screen"
)

var settlementTests = map[string]func(*testing.T, Store){
	"settlements":        settlements,
	"settlement refused": badSettlements,
}

func settlement(id, matter string, hours float64) decide.Settlement {
	return decide.Settlement{
		ID: id, Matter: matter, Rule: "general/listed", Certificate: "c", Subject: hostile[6], Asked: hostile[8],
		Who: hostile[0], What: hostile[2], Why: hostile[1], At: at(hours), Until: "2027-06-30",
	}
}

func settlements(t *testing.T, s Store) {
	if got := must(s.Settlements(t.Context()))(t); got == nil || len(got) != 0 {
		t.Errorf("an empty store has settlements %#v", got)
	}
	first, second, other := settlement("s-1", "aa-1", 1), settlement("s-2", "aa-2", 2), settlement("s-3", "bb-1", 3)
	for _, c := range []decide.Settlement{first, second, other} {
		if err := s.PutSettlement(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	about := func(knownAt time.Time, things ...string) []decide.Settlement {
		t.Helper()
		return must(s.SettlementsAbout(t.Context(), things, knownAt))(t)
	}
	same(t, "all", must(s.Settlements(t.Context()))(t), []decide.Settlement{first, second, other})
	same(t, "about one thing", about(time.Time{}, "aa"), []decide.Settlement{first, second})
	same(t, "about two", about(time.Time{}, "bb", "aa", "cc"), []decide.Settlement{first, second, other})
	same(t, "about nothing", about(time.Time{}), []decide.Settlement{})
	same(t, "as known after the first", about(at(1), "aa", "bb"), []decide.Settlement{first})

	many := make([]string, 1200)
	for i := range many {
		many[i] = "none"
	}
	many[700] = "aa"
	same(t, "of many", about(time.Time{}, many...), []decide.Settlement{first, second})

	r := screen.Removal{Who: "N. N.", Why: hostile[3], At: at(4)}
	if err := s.RemoveSettlement(t.Context(), "s-1", r); err != nil {
		t.Fatal(err)
	}
	first.Removed = &r
	same(t, "after one was taken back", must(s.Settlements(t.Context()))(t), []decide.Settlement{first, second, other})
	same(t, "now", about(time.Time{}, "aa"), []decide.Settlement{second})
	same(t, "as known before", about(at(3.9), "aa"), []decide.Settlement{first, second})
	same(t, "as known then", about(at(4), "aa"), []decide.Settlement{second})
	wantErr(t, s.RemoveSettlement(t.Context(), "s-1", r), navicert.Conflict)
	wantErr(t, s.PutSettlement(t.Context(), settlement("s-1", "dd-1", 5)), navicert.Conflict)
	same(t, "after what was refused", must(s.Settlements(t.Context()))(t), []decide.Settlement{first, second, other})
}

func badSettlements(t *testing.T, s Store) {
	for _, change := range []func(*decide.Settlement){
		func(c *decide.Settlement) { c.ID = "" },
		func(c *decide.Settlement) { c.Matter = "" },
		func(c *decide.Settlement) { c.Rule = "" },
		func(c *decide.Settlement) { c.Who = "" },
		func(c *decide.Settlement) { c.Why = "" },
		func(c *decide.Settlement) { c.Until = "" },
		func(c *decide.Settlement) { c.Until = "2027-06-31" },
		func(c *decide.Settlement) { c.At = time.Time{} },
	} {
		c := settlement("s", "aa-1", 1)
		change(&c)
		wantErr(t, s.PutSettlement(t.Context(), c), navicert.Invalid)
	}
	wantCanceled(t, s.PutSettlement(canceled(), settlement("s", "aa-1", 1)))
	wantErr(t, s.RemoveSettlement(t.Context(), "s", screen.Removal{Who: "N. N.", At: at(1)}), navicert.NotFound)
	wantErr(t, s.RemoveSettlement(t.Context(), "s", screen.Removal{At: at(1)}), navicert.Invalid)
	wantErr(t, s.RemoveSettlement(t.Context(), "s", screen.Removal{Who: "N. N."}), navicert.Invalid)
	if got := must(s.Settlements(t.Context()))(t); len(got) != 0 {
		t.Errorf("held %+v", got)
	}
}

package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/screen"
)

// TestBlanksTakeNothingBack: who takes something back says who he is, as he does
// who records it.
func TestBlanksTakeNothingBack(t *testing.T) {
	ctx := t.Context()
	a := appAt(t, &movingClock{time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)})
	err := a.db.PutSettlement(ctx, decide.Settlement{ID: "s-1", Matter: "m-1", Rule: "r", Who: "N. N.", Why: "seen", At: a.now(), Until: "2027-01-01"})
	if err == nil {
		err = a.db.PutClearing(ctx, screen.Clearing{ID: "c-1", List: "l", Entry: "e", EntrySHA256: strings.Repeat("a", 64), Who: "N. N.", Why: "seen", At: a.now(), Until: "2027-01-01"})
	}
	if err != nil {
		t.Fatal(err)
	}
	settled := func() *screen.Removal {
		all, err := a.Settlements(ctx)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0].Removed
	}
	cleared := func() *screen.Removal {
		all, err := a.Clearings(ctx)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0].Removed
	}
	for _, c := range []struct {
		what   string
		remove func(ctx context.Context, id, who, why string) error
		id     string
		held   func() *screen.Removal
	}{{"a settlement", a.WithdrawSettlement, "s-1", settled}, {"a clearing", a.RemoveClearing, "c-1", cleared}} {
		for _, blank := range []string{"", " ", "\t\n"} {
			if err := c.remove(ctx, c.id, blank, "a mistake"); navicert.KindOf(err) != navicert.Invalid || c.held() != nil {
				t.Errorf("%s, by %q: %v, %+v", c.what, blank, err, c.held())
			}
		}
		if err := c.remove(ctx, c.id, " M. M. ", " a mistake\n"); err != nil {
			t.Error(c.what, err)
		}
		if r := c.held(); r == nil || r.Who != "M. M." || r.Why != "a mistake" {
			t.Errorf("%s was taken back so: %+v", c.what, r)
		}
	}
}

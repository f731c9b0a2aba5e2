package decide_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/screen"
)

// cleared marks every hit as cleared.
type cleared struct {
	decide.Screener
	by screen.Cleared
}

func (c cleared) Screen(ctx context.Context, q screen.Query, asOf, knownAt time.Time) (screen.Answer, error) {
	a, err := c.Screener.Screen(ctx, q, asOf, knownAt)
	for i := range a.Hits {
		h := &a.Hits[i]
		h.Cleared = &c.by
		h.Match, h.Identity = h.Match && !c.by.InForce(), h.Identity && !c.by.InForce()
	}
	return a, err
}

// TestClearedHit: a cleared hit decides nothing and is told, with who and why,
// under any rules; one that has lapsed is a hit, and that is told too.
func TestClearedHit(t *testing.T) {
	v := navicert.Voyage{Parties: []navicert.Party{{Role: "owner", Name: "Sombra Petroleum S.A.", Country: "PA"}}}
	by := screen.Cleared{ID: "c-1", Who: "N. N.", Why: "another company", At: navicert.At(day("2025-12-20")), Until: "2026-12-31", SHA256: strings.Repeat("c", 64)}
	lapsed := by
	lapsed.Lapsed = "it held until 2025-12-30"
	for _, c := range []struct {
		what    string
		by      *screen.Cleared
		refused bool
		says    string // in the note
	}{
		{"not cleared", nil, true, ""},
		{"cleared", &by, false, "N. N. found on 2025-12-20 that it is somebody else, until 2026-12-31: another company"},
		{"lapsed", &lapsed, true, "N. N. had found on 2025-12-20 that it is somebody else, which does not hold any more: it held until 2025-12-30"},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := world(t)
			if c.by != nil {
				d.Lists = cleared{d.Lists, *c.by}
			}
			cert, err := d.Decide(t.Context(), v, decide.Times{AsOf: asOf, KnownAt: asOf, IssuedAt: asOf})
			must(t, err)
			refused := slices.ContainsFunc(cert.Reasons, func(r navicert.Reason) bool { return r.Rule == "general/listed-party" })
			if refused != c.refused || (cert.Verdict == navicert.Refuse) != c.refused {
				t.Errorf("refused %v, verdict %s", refused, cert.Verdict)
			}
			i := slices.IndexFunc(cert.Reasons, func(r navicert.Reason) bool { return r.Rule == decide.ClearedRule })
			if (i >= 0) != (c.says != "") {
				t.Fatalf("the note is reason %d of %+v", i, cert.Reasons)
			}
			pinned := slices.Contains(cert.Inputs, navicert.Input{Source: "clearings/c-1", SHA256: by.SHA256})
			if pinned != (c.by != nil) {
				t.Errorf("inputs %+v", cert.Inputs)
			}
			if i < 0 {
				return
			}
			r := cert.Reasons[i]
			if r.Outcome != navicert.OutcomeNote || !strings.Contains(r.Text, "The owner Sombra Petroleum S.A. was matched by name with SOMBRA PETROLEUM S.A., entry 2 of demo-sdn") || !strings.Contains(r.Text, c.says) {
				t.Errorf("note %+v", r)
			}
			if len(r.Evidence) != 2 || r.Evidence[0].Kind != navicert.EvidenceListEntry || r.Evidence[0].Text != `2,"SOMBRA PETROLEUM S.A."` || r.Evidence[1].Ref != "c-1" {
				t.Errorf("evidence %+v", r.Evidence)
			}
		})
	}
}

package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/rule"
)

// TestWatch: only voyages that a change concerns are decided again, and what
// changed is named with the verdicts and reasons before and now.
func TestWatch(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	ctx := t.Context()
	voyages := []navicert.Voyage{
		{ID: "quiet", Vessel: navicert.Vessel{IMO: quietIMO, Kind: "oil_tanker"}, From: "NLRTM", To: "USHOU"},
		{ID: "other", Vessel: navicert.Vessel{IMO: 1000033, Kind: "bulk_carrier"}, From: "nlrtm", To: "USHOU"},
		{ID: "party", Vessel: navicert.Vessel{IMO: 1000045}, Parties: []navicert.Party{{Role: "owner", Name: "Plain Wren Ltd", Country: "PA"}}, Licences: []string{"LIC-9"}},
	}
	var changes []VoyageChange
	look := func(want Watched) {
		t.Helper()
		clock.t = clock.t.Add(time.Minute)
		changes = nil
		n, err := a.Watch(ctx, voyages, func(c VoyageChange) error { changes = append(changes, c); return nil })
		if err != nil || n != want {
			t.Fatalf("%+v, want %+v, %v: %+v", n, want, err, changes)
		}
		clock.t = clock.t.Add(time.Minute)
	}
	is := func(i int, voyage string, before, now navicert.Verdict, came, went string, because ...string) {
		t.Helper()
		c := changes[i]
		rules := func(rs []WatchedReason) string {
			var s []string
			for _, r := range rs {
				if r.Outcome != navicert.OutcomeNote {
					s = append(s, r.Rule+" "+string(r.Outcome))
				}
			}
			return strings.Join(s, ",")
		}
		was := navicert.Verdict("")
		if c.Before != nil {
			was = c.Before.Verdict
		}
		if c.Voyage != voyage || was != before || c.Now.Verdict != now || rules(c.Came) != came || rules(c.Went) != went || !slices.Equal(c.Because, because) {
			t.Errorf("change %+v: came %s, went %s", c, rules(c.Came), rules(c.Went))
		}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	look(Watched{3, 3, 3})
	is(0, "quiet", "", navicert.Refer, "general/gap-near-zone refer", "", "it was not checked before")
	is(1, "other", "", navicert.Clear, "", "", "it was not checked before")
	is(2, "party", "", navicert.Refer, "general/licence-unknown refer", "", "it was not checked before")
	look(Watched{3, 0, 0})

	settled, err := a.Settle(ctx, Settling{Of: "quiet", Rule: "gap-near-zone", Who: "N. N.", Why: "log seen", Until: "2026-01-20"})
	check(err)
	look(Watched{3, 1, 1})
	is(0, "quiet", navicert.Refer, navicert.Clear, "general/gap-near-zone settled", "general/gap-near-zone refer", "settlement "+settled[0].ID+": by N. N.")

	id := navicert.EventID("gap", "1")
	_, err = a.db.PutEvents(ctx, a.now(), []navicert.Event{{
		ID: id, Kind: gap.Kind, MMSI: quietMMSI, IMO: quietIMO, State: navicert.EventClosed,
		Start: navicert.At(navicert.Date("2025-12-28").Start()), End: navicert.At(navicert.Date("2025-12-31").Start()),
		Position: navicert.Some(navicert.Position{Lat: 12.1, Lon: -65}), Measures: map[string]float64{"threshold_hours": 12, "duration_hours": 72},
		Explanations: []string{"class: unexplained"},
	}})
	check(err)
	look(Watched{3, 1, 1})
	is(0, "quiet", navicert.Clear, navicert.Refer, "general/gap-near-zone refer", "general/gap-near-zone settled", "event "+id+": gap of MMSI "+quietMMSI.String())

	_, err = a.ImportLicencesFrom(ctx, strings.NewReader("licences:\n  - {id: LIC-9, kind: specific, authority: A, title: T, dated: 2025-11-01, from: 2025-11-01, source: S, text: X}\n"), "l.yaml", "N. N.")
	check(err)
	look(Watched{3, 1, 1})
	if c := changes[0]; c.Voyage != "party" || !slices.Equal(c.Because, []string{"licence LIC-9"}) || !slices.ContainsFunc(c.Went, func(r WatchedReason) bool { return r.Rule == "general/licence-unknown" }) {
		t.Errorf("the licence: %+v", c)
	}

	area, err := geo.NewCircle(navicert.Position{Lat: -40, Lon: 100}, 60)
	check(err)
	_, err = a.db.PutZones(ctx, geo.ZoneSet{Source: "far", SHA256: "far", ImportedAt: a.now(), Zones: []geo.Zone{{
		ID: "far", Name: "far", Kind: geo.Danger, Effect: geo.Restricts, From: navicert.At(navicert.Date("2025-12-01").Start()), Published: navicert.At(navicert.Date("2025-12-01").Start()), Area: area,
	}}})
	check(err)
	look(Watched{3, 2, 0}) // those with a route, which does not enter it

	voyages[1].Cargo.Kind = "grain"
	look(Watched{3, 1, 0})
	voyages[1].Vessel = navicert.Vessel{}
	look(Watched{3, 1, 1})
	if c := changes[0]; c.Voyage != "other" || !strings.Contains(c.Error, "names no vessel") || c.Now.Verdict != "" {
		t.Errorf("a voyage that cannot be decided: %+v", c)
	}
	voyages = slices.Delete(voyages, 1, 2)

	clock.t = navicert.Date("2026-04-02").Start()
	look(Watched{2, 2, 2})
	if c := changes[1]; !slices.Equal(c.Because, []string{"the day: 2026-04-02"}) || !slices.ContainsFunc(c.Came, func(r WatchedReason) bool { return r.Rule == "general/source-stale" }) {
		t.Errorf("the list became stale: %+v", c)
	}
	a.rules = func() (*rule.Set, error) { return LoadRules([]string{ownPack(t, "2", "words")}) }
	look(Watched{2, 2, 2})
	if c := changes[0]; len(c.Because) != 1 || !strings.HasPrefix(c.Because[0], "the rules in force: general ") || !slices.ContainsFunc(c.Came, func(r WatchedReason) bool { return r.Rule == "own/named" }) {
		t.Errorf("other rules: %+v", c)
	}
}

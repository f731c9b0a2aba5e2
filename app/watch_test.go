package app

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
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
		n, err := a.Watch(ctx, voyages, func(cs []VoyageChange) error { changes = append(changes, cs...); return nil })
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
	is(0, "quiet", "", navicert.Refer, "general/gap-near-zone refer", "", "nothing was told of it before")
	is(1, "other", "", navicert.Clear, "", "", "nothing was told of it before")
	is(2, "party", "", navicert.Refer, "general/licence-unknown refer", "", "nothing was told of it before")
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

// TestWatchTold: what could not be told is told by the next look, whatever was
// issued meanwhile, and what was told is not told again.
func TestWatchTold(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	v := navicert.Voyage{ID: " two  words ", Vessel: navicert.Vessel{IMO: quietIMO, Kind: "Oil tanker"}, From: "nlrtm", To: "USHOU"}
	var told []VoyageChange
	broken := errors.New("nobody reads this")
	look := func(fails bool) (Watched, error) {
		clock.t = clock.t.Add(time.Minute)
		told = nil
		return a.Watch(t.Context(), []navicert.Voyage{v}, func(cs []VoyageChange) error {
			if fails {
				return broken
			}
			told = append(told, cs...)
			return nil
		})
	}
	is := func(before, now navicert.Verdict) {
		t.Helper()
		if n, err := look(false); err != nil || n != (Watched{1, 1, 1}) || len(told) != 1 || told[0].Voyage != "two words" || told[0].Now.Verdict != now ||
			(told[0].Before == nil) != (before == "") || told[0].Before != nil && told[0].Before.Verdict != before {
			t.Fatalf("%+v, %v: %+v", n, err, told)
		}
		if n, err := look(false); err != nil || n.Concerned != 0 {
			t.Fatalf("told again: %+v, %v: %+v", n, err, told)
		}
	}
	fails := func() {
		t.Helper()
		if _, err := look(true); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	fails()
	is("", navicert.Refer)
	if _, err := a.Settle(t.Context(), Settling{Of: "two words", Rule: "gap-near-zone", Who: "N. N.", Why: "log seen", Until: "2026-01-20"}); err != nil {
		t.Fatal(err)
	}
	fails()
	clock.t = clock.t.Add(time.Minute)
	if _, err := a.Check(t.Context(), v, CheckOptions{}); err != nil { // which nobody was told of here
		t.Fatal(err)
	}
	is(navicert.Refer, navicert.Clear)
}

// TestWatchLinked: an MMSI that the ship is newly known by concerns its voyage,
// also where no event is of it; and it is said once.
func TestWatchLinked(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	v := navicert.Voyage{ID: "quiet", Vessel: navicert.Vessel{IMO: quietIMO}}
	look := func(want Watched, because string) {
		t.Helper()
		clock.t = clock.t.Add(time.Minute)
		var why []string
		n, err := a.Watch(t.Context(), []navicert.Voyage{v}, func(cs []VoyageChange) error { why = cs[0].Because; return nil })
		if err != nil || n != want || want.Changed > 0 && (len(why) != 1 || !strings.HasPrefix(why[0], because)) {
			t.Fatalf("%+v, want %+v, %v: %q", n, want, err, why)
		}
		clock.t = clock.t.Add(time.Minute)
	}
	look(Watched{1, 1, 1}, "nothing was told")
	look(Watched{1, 0, 0}, "")
	other := navicert.MMSI(775999955)
	if _, err := a.db.AppendStatics(t.Context(), []navicert.Static{{MMSI: other, Time: navicert.Date("2025-12-21").Start(), IMO: quietIMO, Name: "QUIET TERN", Ref: navicert.Ref{Source: "t"}}}); err != nil {
		t.Fatal(err)
	}
	clock.t = clock.t.Add(time.Minute)
	n, err := a.Watch(t.Context(), []navicert.Voyage{v}, func(cs []VoyageChange) error { return nil })
	if err != nil || n.Concerned != 1 {
		t.Fatalf("%+v, %v", n, err)
	}
	c, err := a.FindCertificate(t.Context(), "quiet")
	if err != nil || !decide.LookedAt(c, other) || !decide.LookedAt(c, quietMMSI) {
		t.Errorf("the newest certificate did not look at %s: %+v, %v", other, c.Searched, err)
	}
	look(Watched{1, 0, 0}, "")
}

// TestWatchUndecided: why a voyage cannot be decided is told once, as long as it
// is so, and again when it was decided meanwhile, was what it had been when it was,
// was not watched or nobody read it.
func TestWatchUndecided(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	good := navicert.Voyage{ID: "v", Vessel: navicert.Vessel{IMO: quietIMO}}
	bad, worse := good, good
	bad.Vessel.IMO = 1234568
	worse.Vessel = navicert.Vessel{}
	broken := errors.New("nobody reads this")
	for i, step := range []struct {
		v     navicert.Voyage
		fails bool
		want  int
	}{
		{bad, true, 1},
		{bad, false, 1},
		{bad, false, 0},
		{worse, false, 1},
		{worse, false, 0},
		{good, false, 1},
		{bad, false, 1},
		{bad, false, 0},
		{good, false, 0},
		{bad, false, 1},
		{bad, false, 0},
		{navicert.Voyage{}, false, 0},
		{bad, false, 1},
	} {
		clock.t = clock.t.Add(time.Minute)
		told := 0
		voyages := []navicert.Voyage{step.v}
		if step.v.ID == "" {
			voyages = nil
		}
		_, err := a.Watch(t.Context(), voyages, func(cs []VoyageChange) error {
			told += len(cs)
			if step.fails {
				return broken
			}
			return nil
		})
		if told != step.want || errors.Is(err, broken) != step.fails {
			t.Errorf("step %d: %d were told, want %d, %v", i, told, step.want, err)
		}
	}
}

// TestWatchHeardLast: that a ship was not heard for some hours is no news of its
// voyage, and that this is near a zone in force is.
func TestWatchHeardLast(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	const far, near = navicert.MMSI(775999902), navicert.MMSI(775999903)
	var fixes []navicert.Fix
	for m, p := range map[navicert.MMSI]navicert.Position{far: {Lat: 40, Lon: -40}, near: {Lat: 12.1, Lon: -65}} {
		fixes = append(fixes, navicert.Fix{MMSI: m, Time: clock.t.Add(-time.Hour), Pos: p, Ref: navicert.Ref{Source: "t"}})
	}
	if _, err := a.db.AppendFixes(t.Context(), fixes); err != nil {
		t.Fatal(err)
	}
	voyages := []navicert.Voyage{{ID: "far", Vessel: navicert.Vessel{IMO: 1000033, MMSI: far}}, {ID: "near", Vessel: navicert.Vessel{IMO: 1000045, MMSI: near}}}
	var told []VoyageChange
	look := func() Watched {
		t.Helper()
		told = nil
		n, err := a.Watch(t.Context(), voyages, func(cs []VoyageChange) error { told = append(told, cs...); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := look(); n != (Watched{2, 2, 2}) {
		t.Fatalf("%+v", n)
	}
	clock.t = clock.t.Add(24 * time.Hour)
	if n := look(); n != (Watched{2, 2, 1}) || told[0].Voyage != "near" || len(told[0].Came) != 1 || told[0].Came[0].Rule != "general/silent-near-zone" || told[0].Now.Verdict != navicert.Refer {
		t.Errorf("%+v: %+v", n, told)
	}
	c, err := a.FindCertificate(t.Context(), "far")
	if err != nil || !slices.ContainsFunc(c.Reasons, func(r navicert.Reason) bool { return r.Rule == "general/silent-since" }) {
		t.Errorf("the other's certificate says nothing of it: %+v, %v", c.Reasons, err)
	}
	// A zone comes up where it was last.
	clock.t = clock.t.Add(time.Minute)
	area, err := geo.NewCircle(navicert.Position{Lat: 40, Lon: -40}, 60)
	if err != nil {
		t.Fatal(err)
	}
	day := navicert.At(navicert.Date("2025-12-01").Start())
	_, err = a.db.PutZones(t.Context(), geo.ZoneSet{Source: "there", SHA256: "there", ImportedAt: clock.t, Zones: []geo.Zone{
		{ID: "there", Name: "there", Kind: geo.Danger, Effect: geo.Restricts, From: day, Published: day, Area: area},
	}})
	if err != nil {
		t.Fatal(err)
	}
	clock.t = clock.t.Add(time.Minute)
	if n := look(); n != (Watched{2, 2, 1}) || told[0].Voyage != "far" || told[0].Now.Verdict != navicert.Refer || told[0].Because[0] != "zone there" {
		t.Errorf("%+v: %+v", n, told)
	}
}

// TestWatchZones: a zone concerns a voyage without a route when the vessel's own
// behaviour may lie in it or near it, and no other.
func TestWatchZones(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	voyages := []navicert.Voyage{{ID: "quiet", Vessel: navicert.Vessel{IMO: quietIMO}}, {ID: "heard", Vessel: navicert.Vessel{IMO: 1000033}}}
	var told []VoyageChange
	look := func() Watched {
		t.Helper()
		clock.t = clock.t.Add(time.Minute)
		told = nil
		n, err := a.Watch(t.Context(), voyages, func(cs []VoyageChange) error { told = append(told, cs...); return nil })
		if err != nil {
			t.Fatal(err)
		}
		clock.t = clock.t.Add(time.Minute)
		return n
	}
	look()
	if n := look(); n.Concerned != 0 {
		t.Fatalf("%+v", n)
	}
	// The zone beside which it was silent is published anew, elsewhere.
	area, err := geo.NewCircle(navicert.Position{Lat: -40, Lon: 100}, 60)
	if err != nil {
		t.Fatal(err)
	}
	zones, err := a.db.Zones(t.Context(), a.now(), time.Time{})
	if err != nil || len(zones) != 1 {
		t.Fatal(zones, err)
	}
	zones[0].Area = area
	if _, err = a.db.PutZones(t.Context(), geo.ZoneSet{Source: "moved", SHA256: "moved", ImportedAt: a.now(), Zones: zones}); err != nil {
		t.Fatal(err)
	}
	if n := look(); n != (Watched{2, 1, 1}) || told[0].Voyage != "quiet" || told[0].Before.Verdict != navicert.Refer || told[0].Now.Verdict != navicert.Clear || !strings.HasPrefix(told[0].Because[0], "zone ") {
		t.Errorf("%+v: %+v", n, told)
	}
}

// TestKnownLater: nothing is decided as known at a time that has not come, and
// what an earlier version issued so is held against when it was issued.
func TestKnownLater(t *testing.T) {
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10 * time.Hour)}
	a := appAt(t, clock)
	learn(t, a, "2025-12-24", "a")
	v := navicert.Voyage{ID: "v", Vessel: navicert.Vessel{IMO: quietIMO}, From: "NLRTM", To: "USHOU"}
	later := CheckOptions{KnownAt: clock.t.Add(time.Millisecond)}
	if _, err := a.Check(t.Context(), v, later); navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("checked: %v", err)
	}
	err := a.CheckFleet(t.Context(), slices.Values([]FleetVoyage{{Line: 1, Voyage: v}}), later, func(FleetCertificate) error { return nil })
	if navicert.KindOf(err) != navicert.Invalid {
		t.Errorf("many checked: %v", err)
	}
	if _, err := a.Check(t.Context(), v, CheckOptions{KnownAt: clock.t}); err != nil {
		t.Error(err)
	}
	d, err := a.decider()
	if err != nil {
		t.Fatal(err)
	}
	c, err := decided(t.Context(), d, v, decide.Times{AsOf: clock.t, KnownAt: navicert.Date("2100-01-01").Start(), IssuedAt: clock.t})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.db.PutCertificate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := a.db.PutTold(t.Context(), clock.t, map[string]string{"v": c.ID}); err != nil {
		t.Fatal(err)
	}
	clock.t = clock.t.Add(time.Hour)
	learn(t, a, "2025-12-25", "b")
	n, err := a.Watch(t.Context(), []navicert.Voyage{v}, func([]VoyageChange) error { return nil })
	if err != nil || n.Concerned != 1 {
		t.Errorf("a list that moved since: %+v, %v", n, err)
	}
}

package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/seal"
)

// movingClock is the tests' clock.
type movingClock struct{ t time.Time }

func (c *movingClock) now() time.Time { return c.t }

const (
	quietIMO  navicert.IMO  = 1000021
	quietMMSI navicert.MMSI = 775999901
)

// learn records what an installation knew by the clock: a list, a zone, a silence
// of one ship. What it says differs with n.
func learn(t *testing.T, a *App, published navicert.Date, n string) {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := a.db.Put(ctx, list.Publication{
		List: "demo-sdn", Title: "An invented list", Date: published, SHA256: strings.Repeat(n, 64), Entries: 1, ImportedAt: a.now(), MaxAgeDays: 90,
	}, []list.Entry{{ID: "2", Kind: list.Organization, Name: "SOMBRA PETROLEUM S.A.", Programmes: []string{"DEMO"}, Measure: list.Block, Countries: []navicert.Flag{"PA"}, Row: n + `,"SOMBRA PETROLEUM S.A."`}})
	check(err)
	area, err := geo.NewCircle(navicert.Position{Lat: 12, Lon: -65}, 60)
	check(err)
	_, err = a.db.PutZones(ctx, geo.ZoneSet{Source: "zones-" + n, SHA256: n, ImportedAt: a.now(), Zones: []geo.Zone{{
		ID: "z", Name: "zone " + n, Kind: geo.Danger, Effect: geo.Restricts, Publisher: "an invented paper", Text: "words " + n,
		From: navicert.At(navicert.Date("2025-12-01").Start()), Published: navicert.At(navicert.Date("2025-12-01").Start()), Area: area,
	}}})
	check(err)
	_, err = a.db.PutEvents(ctx, a.now(), []navicert.Event{{
		ID: navicert.EventID("gap", "1"), Kind: gap.Kind, MMSI: quietMMSI, IMO: quietIMO, State: navicert.EventClosed,
		Start: navicert.At(navicert.Date("2025-12-28").Start()), End: navicert.At(navicert.Date("2025-12-30").Start()),
		Position: navicert.Some(navicert.Position{Lat: 12.1, Lon: -65}), EndPosition: navicert.Some(navicert.Position{Lat: 12.2, Lon: -65}),
		Measures:     map[string]float64{"threshold_hours": 12, "duration_hours": 48},
		Explanations: []string{"class: unexplained", "told " + n},
	}})
	check(err)
	_, err = a.db.AppendStatics(ctx, []navicert.Static{{MMSI: quietMMSI, Time: navicert.Date("2025-12-20").Start(), IMO: quietIMO, Name: "QUIET TERN", ShipType: navicert.Some(80), Ref: navicert.Ref{Source: "t"}}})
	check(err)
}

func appAt(t *testing.T, clock *movingClock, rules ...string) *App {
	t.Helper()
	a, err := New(context.Background(), Config{Data: t.TempDir(), Rules: rules, Clock: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func ownPack(t *testing.T, version, word string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "own.yaml")
	text := `pack: own
version: "` + version + `"
title: Own rules
rules:
  - id: named
    title: A vessel that is told of
    valid: {from: 2020-01-01}
    basis: an own principle
    outcome: note
    when: vessel.imo != ""
    text: ` + word + `
    cases:
      - {name: a number, facts: {vessel: {imo: "1000021"}}, expect: note}
      - {name: none, facts: {vessel: {name: X}}, expect: none}
`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestRecompute: the same bytes come out whatever was learned later, under the
// packs as they were, and what differs elsewhere is explained.
func TestRecompute(t *testing.T) {
	if testing.Short() {
		t.Skip("much real data on one goroutine: make check has run it")
	}
	clock := &movingClock{navicert.Date("2026-01-02").Start().Add(10*time.Hour + 123*time.Millisecond)}
	rules := ownPack(t, "1", "the first words")
	a := appAt(t, clock, rules)
	learn(t, a, "2025-12-24", "a")
	clock.t = clock.t.Add(time.Minute)
	voyage := navicert.Voyage{
		ID: "V", Vessel: navicert.Vessel{IMO: quietIMO, Kind: "oil_tanker"}, From: "nlrtm", To: "USHOU",
		Parties: []navicert.Party{{Role: "shipper", Name: "Sombra Petroleum SA"}}, Licences: []string{"LIC-9"},
	}
	ctx := t.Context()
	first, err := a.Check(ctx, voyage, CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if first.Verdict != navicert.Refer || len(first.Events) != 1 {
		t.Fatalf("%s %+v", first.Verdict, first.Reasons)
	}
	clock.t = clock.t.Add(time.Hour)
	if _, err := a.Settle(ctx, Settling{Of: "V", Rule: "gap-near-zone", Who: "N. N.", Why: "log seen", Until: "2026-06-30"}); err != nil {
		t.Fatal(err)
	}
	second, err := a.Check(ctx, voyage, CheckOptions{})
	if err != nil || second.ID == first.ID {
		t.Fatal(err)
	}

	// All that can be learned, later, of the same day.
	clock.t = clock.t.Add(24 * time.Hour)
	learn(t, a, "2026-01-01", "b")
	if _, err := a.ImportLicencesFrom(ctx, strings.NewReader("licences:\n  - {id: LIC-9, kind: specific, authority: A, title: T, dated: 2025-11-01, from: 2025-11-01, source: S, text: X}\n"), "l.yaml", "N. N."); err != nil {
		t.Fatal(err)
	}
	settled, err := a.Settlements(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.WithdrawSettlement(ctx, settled[0].ID, "M. M.", "a mistake"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Settle(ctx, Settling{Of: second.ID, Rule: "party-name-review", Who: "N. N.", Why: "another company", Until: "2026-06-30"}); err != nil {
		t.Fatal(err)
	}
	third, err := a.Check(ctx, voyage, CheckOptions{AsOf: first.AsOf.Time})
	if err != nil {
		t.Fatal(err)
	}
	if ds, err := seal.Differences(second, third); err != nil || len(ds) < 5 {
		t.Fatalf("what was learned makes no difference to a new certificate: %+v, %v", ds, err)
	}
	a.rules = func() (*rule.Set, error) { return LoadRules([]string{ownPack(t, "2", "other words")}) } // the packs in force are others
	for _, c := range []navicert.Certificate{first, second, third} {
		if r, err := a.Recompute(ctx, c); err != nil || !r.Same || r.Cannot != "" {
			t.Errorf("recomputed: %+v, %v", r, err)
		}
	}

	differs := func(a *App, c navicert.Certificate, want map[string][2]string) {
		t.Helper()
		r, err := a.Recompute(ctx, c)
		if err != nil || r.Same || r.Cannot != "" {
			t.Fatalf("recomputed: %+v, %v", r, err)
		}
		for path, w := range want {
			found := false
			for _, d := range r.Differences {
				found = found || d.Path == path && strings.Contains(d.Now, w[0]) && strings.Contains(d.Why, w[1])
			}
			if !found {
				t.Errorf("no difference at %s now %s because %s in %+v", path, w[0], w[1], r.Differences)
			}
		}
	}
	// A changed certificate.
	forged := first
	forged.Reasons = append([]navicert.Reason{}, first.Reasons...)
	forged.Reasons[0].Basis = "forged"
	differs(a, forged, map[string][2]string{
		"$.reasons[" + first.Reasons[0].Rule + " " + strings.Split(first.Reasons[0].Matter, "-")[0] + "].basis": {first.Reasons[0].Basis[:10], "no input differs: the certificate was changed"},
	})
	// Another installation, which holds another pack, no list and no event.
	b := appAt(t, clock, ownPack(t, "2", "other words"))
	differs(b, first, map[string][2]string{
		"$.digest":                             {"sha256:", "hash of what the other fields say"},
		"$.rules.version":                      {"+2", "rules differ: pack own 1 → 2"},
		"$.inputs[demo-sdn@2025-12-24]":        {"", "publication demo-sdn@2025-12-24 is not in this data directory"},
		"$.events[" + first.Events[0].ID + "]": {"", "the set of the vessel's events is not in this data directory"},
	})
	// And one that has no such pack at all.
	if r, err := appAt(t, clock).Recompute(ctx, first); err != nil || r.Same || !strings.Contains(r.Cannot, "rule pack own 1 (sha256 ") || !strings.Contains(r.Cannot, "is not in this data directory") {
		t.Errorf("recomputed without the pack: %+v, %v", r, err)
	}
	// Positions carry no time of recording.
	if _, err := a.db.AppendFixes(ctx, []navicert.Fix{{MMSI: quietMMSI, Time: navicert.Date("2025-12-31").Start(), Pos: navicert.Position{Lat: 12.1, Lon: -65}, Ref: navicert.Ref{Source: "t"}}}); err != nil {
		t.Fatal(err)
	}
	r, err := a.Recompute(ctx, first)
	if err != nil || r.Same || len(r.Differences) == 0 {
		t.Errorf("recomputed with later positions: %+v, %v", r, err)
	}
}

package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/detect/disabling"
	"navicert/geo"
	"navicert/rule"
)

// atSea are two readings of one order about a circle of 60 nm in the open
// Atlantic, which the way from 15 N 42 W to 15 N 38 W crosses from about 56 to
// 176 nm: from hour 4.7 to hour 14.7 at 12 kn.
func atSea(t *testing.T, d decide.Decider, from, to string) navicert.Voyage {
	t.Helper()
	var zones []geo.Zone
	for id, scope := range map[string]geo.Scope{
		"every":  {Words: "all tankers", VesselKinds: []string{"tanker"}},
		"listed": {Words: "sanctioned tankers", VesselKinds: []string{"tanker"}, ListedOnly: true},
	} {
		z := zone(t, id, geo.Blockade, geo.Prohibits, "order-2", scope, 15, -40, 60)
		z.From, z.To = instant(t, from), instant(t, to)
		zones = append(zones, z)
	}
	_, err := d.Zones.(geo.ZoneStore).PutZones(t.Context(), geo.ZoneSet{Source: "sea", SHA256: "sea", ImportedAt: imported, Zones: zones})
	must(t, err)
	return navicert.Voyage{
		Vessel: navicert.Vessel{IMO: otherIMO, Kind: "oil_tanker", Flag: "PA"}, From: "15,-42", To: "15,-38", ETD: navicert.At(day("2026-01-01")),
	}
}

func instant(t *testing.T, s string) navicert.Instant {
	t.Helper()
	if s == "" {
		return navicert.Instant{}
	}
	i, err := navicert.ParseInstant(s)
	must(t, err)
	return i
}

// TestZonesInForceOnTheWay: an order counts when it is in force at any time of
// the passage, not only as the ship enters or leaves, and its readings disagree
// whenever both are.
func TestZonesInForceOnTheWay(t *testing.T) {
	for _, c := range []struct {
		what, from, to string
		contested      bool
	}{
		{"all along", "2026-01-01T00:00:00Z", "", true},
		{"from a time inside", "2026-01-01T08:00:00Z", "", true},
		{"for an hour inside", "2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z", true},
		{"until a time inside", "2025-12-01T00:00:00Z", "2026-01-01T08:00:00Z", true},
		{"over before it enters", "2025-12-01T00:00:00Z", "2026-01-01T04:00:00Z", false},
		{"after it has left", "2026-01-01T16:00:00Z", "", false},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := world(t)
			v := atSea(t, d, c.from, c.to)
			cert, err := d.Decide(t.Context(), v, at(day("2026-01-01")))
			must(t, err)
			if got := slices.Contains(deciding(cert), "general/zone-contested refer"); got != c.contested || (cert.Verdict == navicert.Refer) != c.contested {
				t.Errorf("%s: %s", cert.Verdict, pretty(t, cert.Reasons))
			}
			for _, z := range cert.Way.Zones {
				if z.InForce != c.contested {
					t.Errorf("%s in force: %v", z.ID, z.InForce)
				}
			}
		})
	}
}

// TestUnknownDestination: the ETA belongs to a place that is not known, so that
// it says nothing about when the ship is where; and what was not looked at refers.
func TestUnknownDestination(t *testing.T) {
	d := world(t)
	v := atSea(t, d, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z")
	v.Via, v.To, v.ETA = []string{"15,-38"}, "XXZZZ", navicert.At(day("2026-03-01"))
	cert, err := d.Decide(t.Context(), v, at(day("2026-01-01")))
	must(t, err)
	rules := deciding(cert)
	if !slices.Contains(rules, "general/zone-contested refer") || !slices.Contains(rules, "general/route-unknown refer") {
		t.Errorf("%v: %s", rules, pretty(t, cert.Reasons))
	}
	if cert.Way == nil || !cert.Way.SpeedAssumed || cert.Way.SpeedKn != decide.AssumedSpeedKn {
		t.Errorf("way %+v", cert.Way)
	}
}

const gulf = `
pack: gulf
version: "1"
title: An order with a licence that ends
rules:
  - id: oil
    title: Oil
    valid: {from: 2020-01-01}
    basis: an invented order
    outcome: refuse
    when: cargo.kind == "crude_oil"
    text: crude oil
    lifted_by:
      when: licence.claimed && licence.in_force && licence.covers(cargo) && licence.covers(voyage)
      condition: cargo and voyage are covered
    cases:
      - name: oil
        facts: {cargo: {kind: crude_oil}}
        expect: refuse
      - name: grain
        facts: {cargo: {kind: grain}}
        expect: none
      - name: licensed
        facts:
          voyage: {from_country: VE}
          cargo: {kind: crude_oil}
          licences: [{id: GULF-1, claimed: true, found: true, in_force: true, goods: [crude_oil], countries: [VE]}]
        expect: lifted
licences:
  - id: GULF-1
    kind: general
    authority: an invented authority
    title: Invented licence
    dated: 2025-11-01
    from: 2025-11-01T00:00:00Z
    until: 2026-01-20T00:00:00Z
    acts: [export]
    goods: [crude_oil]
    countries: [VE]
    persons: [any]
    source: written for this test
    text: lets anybody load crude oil
`

// TestLicenceEndsOnTheWay: without an ETA a licence is measured by when the ship
// would arrive over the way; where no way is known it does not extend to the voyage.
func TestLicenceEndsOnTheWay(t *testing.T) {
	d := world(t)
	p, err := rule.Load(strings.NewReader(gulf), "gulf.yaml")
	must(t, err)
	d.Rules, err = rule.NewSet(p)
	must(t, err)
	for _, c := range []struct {
		what, to string
		etd, eta time.Time
		lifted   bool
	}{
		{"arrives before it ends", "USHOU", day("2026-01-02"), time.Time{}, true},
		{"arrives after it ends", "USHOU", day("2026-01-18"), time.Time{}, false},
		{"to a place that is not known", "XXZZZ", day("2026-01-02"), time.Time{}, false},
		{"says that it arrives in time", "USHOU", day("2026-01-15"), day("2026-01-19"), true},
		{"says so and cannot", "USHOU", day("2026-01-18"), day("2026-01-18").Add(2 * time.Hour), false},
	} {
		t.Run(c.what, func(t *testing.T) {
			cert, err := d.Decide(t.Context(), navicert.Voyage{
				Vessel: tanker(otherIMO), From: "VEJOT", To: c.to, ETD: navicert.At(c.etd), ETA: navicert.At(c.eta), Cargo: navicert.Cargo{Kind: "crude_oil"}, Licences: []string{"GULF-1"},
			}, at(day("2026-01-02")))
			must(t, err)
			if r := referred(t, cert, "gulf/oil"); (r.Outcome == navicert.OutcomeLifted) != c.lifted {
				t.Errorf("%s: %s", cert.Verdict, pretty(t, r))
			}
		})
	}
}

// TestAsOfNowIsWhole: a check as of now is asked for a whole second, and knows what
// was recorded within it: nothing of the present is trimmed as a past day's is.
func TestAsOfNowIsWhole(t *testing.T) {
	d := world(t)
	now := day("2026-01-02")
	_, err := d.Events.(detect.Store).PutEvents(t.Context(), imported, []navicert.Event{{
		ID: navicert.EventID(disabling.Kind, "1"), Kind: disabling.Kind, MMSI: silentMMSI, IMO: silentIMO, State: navicert.EventOpen,
		Start: navicert.At(now.Add(-40 * time.Hour)), Position: navicert.Some(navicert.Position{Lat: 14, Lon: -60}),
		Measures:     map[string]float64{"threshold_hours": 12, "duration_hours": 40},
		Explanations: []string{"class: possible", "well received before"},
	}})
	must(t, err)
	v := navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"}
	var rules []string
	for _, after := range []time.Duration{0, 300 * time.Millisecond} {
		cert, err := d.Decide(t.Context(), v, decide.Times{AsOf: now, KnownAt: now.Add(after), IssuedAt: now})
		must(t, err)
		if rules = deciding(cert); !slices.Contains(rules, "general/possible-disabling refer") {
			t.Errorf("known %v after: %v", after, rules)
		}
	}
}

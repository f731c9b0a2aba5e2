package decide_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/list"
	"navicert/rule"
	"navicert/screen"
	"navicert/store"
)

// The world of these tests: one list of two publications, two readings of a
// blockade, a closed port, one ship with a silence. All of it is invented.
var (
	asOf     = day("2026-01-02")
	imported = day("2025-12-26")
)

const (
	listedIMO  navicert.IMO  = 1000019 // on the list since 2025-12-24
	silentIMO  navicert.IMO  = 1000021
	otherIMO   navicert.IMO  = 1000033
	silentMMSI navicert.MMSI = 775999901
	pack                     = `
pack: test
version: "1"
title: A test pack
rules:
  - id: oil-from-ve
    title: Oil from VE needs a licence
    valid: {from: 2020-01-01}
    basis: an invented order
    outcome: refuse
    when: voyage.from_country == "VE" && cargo.kind == "crude_oil"
    text: crude oil from VE
    lifted_by:
      when: licence.claimed && licence.in_force && licence.covers(cargo) && licence.covers(voyage) && licence.covers(parties) && licence.covers(vessel)
      condition: cargo and shipper are covered
    cases:
      - name: oil
        facts: {voyage: {from_country: VE}, cargo: {kind: crude_oil}}
        expect: refuse
      - name: grain
        facts: {voyage: {from_country: VE}, cargo: {kind: grain}}
        expect: none
      - name: licensed
        facts:
          voyage: {from_country: VE}
          cargo: {kind: crude_oil}
          licences: [{id: LIC-1, claimed: true, found: true, in_force: true, goods: [crude_oil], countries: [VE], party: Invented Exporter Inc}]
        expect: lifted
licences:
  - id: LIC-1
    kind: specific
    authority: an invented authority
    title: Invented licence 1
    dated: 2025-11-01
    from: 2025-11-01T00:00:00Z
    until: 2026-06-01T00:00:00Z
    programmes: [DEMO]
    acts: [export]
    goods: [crude_oil]
    countries: [VE]
    persons: [Invented Exporter Inc]
    source: written for this test
    text: lets the exporter load crude oil
`
)

func day(s string) time.Time { return navicert.Date(s).Start() }

// lanes are the sea lanes that the program carries.
var lanes = sync.OnceValues(func() (*geo.Lanes, error) {
	open := func(pattern string) (io.ReadCloser, error) {
		names, err := filepath.Glob(filepath.Join("..", "web", "dist", "assets", pattern))
		if err != nil || len(names) != 1 {
			return nil, fmt.Errorf("%q are %q: %w", pattern, names, err)
		}
		return os.Open(names[0])
	}
	f, err := open("land-10m-*.json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	land, err := geo.ReadLand(f, "land")
	if err != nil {
		return nil, err
	}
	if f, err = open("sealanes-*.json"); err != nil {
		return nil, err
	}
	defer f.Close()
	return geo.ReadLanes(f, "sealanes", land)
})

// world fills a store and returns what decides over it.
func world(t testing.TB) decide.Decider {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })

	company := list.Entry{ID: "2", Kind: list.Organization, Name: "SOMBRA PETROLEUM S.A.", Programmes: []string{"DEMO"}, Measure: list.Block, Countries: []navicert.Flag{"PA"}, Row: `2,"SOMBRA PETROLEUM S.A."`}
	ship := list.Entry{ID: "1", Kind: list.Vessel, Name: "SALT HERON", Programmes: []string{"DEMO"}, Measure: list.Block, IMO: listedIMO, Row: `1,"SALT HERON"`}
	for _, p := range []struct {
		date    navicert.Date
		entries []list.Entry
	}{{"2025-12-01", []list.Entry{company}}, {"2025-12-24", []list.Entry{ship, company}}} {
		_, err := db.Put(ctx, list.Publication{
			List: "demo-sdn", Title: "An invented list", Date: p.date, SHA256: strings.Repeat("a", 62) + string(p.date)[8:],
			Entries: len(p.entries), ImportedAt: imported, MaxAgeDays: 14,
		}, p.entries)
		must(t, err)
	}
	_, err = db.PutZones(ctx, geo.ZoneSet{Source: "zones.geojson", SHA256: "z", ImportedAt: imported, Zones: []geo.Zone{
		zone(t, "blockade-all", geo.Blockade, geo.Prohibits, "order-1", geo.Scope{Words: "all tankers", VesselKinds: []string{"tanker"}, CallingAt: []navicert.Flag{"VE"}}, 11, -65, 60),
		zone(t, "blockade-listed", geo.Blockade, geo.Prohibits, "order-1", geo.Scope{Words: "sanctioned tankers", VesselKinds: []string{"tanker"}, ListedOnly: true, CallingAt: []navicert.Flag{"VE"}}, 11, -65, 60),
		zone(t, "closed-port", geo.Closure, geo.Prohibits, "", geo.Scope{}, 10.47, -68.0, 5),
	}})
	must(t, err)
	_, err = db.AppendStatics(ctx, []navicert.Static{{MMSI: silentMMSI, Time: day("2025-12-20"), IMO: silentIMO, Name: "QUIET TERN", ShipType: navicert.Some(80), Ref: navicert.Ref{Source: "t"}}})
	must(t, err)
	_, err = db.AppendFixes(ctx, []navicert.Fix{{MMSI: silentMMSI, Time: day("2025-12-31"), Pos: navicert.Position{Lat: 12.1, Lon: -65}, Ref: navicert.Ref{Source: "t"}}})
	must(t, err)
	_, err = db.PutEvents(ctx, imported, []navicert.Event{{
		ID: navicert.EventID("gap", "1"), Kind: gap.Kind, MMSI: silentMMSI, IMO: silentIMO, State: navicert.EventClosed,
		Start: navicert.At(day("2025-12-28")), End: navicert.At(day("2025-12-30")),
		Position: navicert.Some(navicert.Position{Lat: 12.1, Lon: -65}), EndPosition: navicert.Some(navicert.Position{Lat: 12.2, Lon: -65}),
		Measures:     map[string]float64{"threshold_hours": 12, "duration_hours": 48},
		Explanations: []string{"class: unexplained", "others were heard near by"},
	}})
	must(t, err)

	general, err := rule.Embedded("general")
	must(t, err)
	own, err := rule.Load(strings.NewReader(pack), "test.yaml")
	must(t, err)
	set, err := rule.NewSet(general, own)
	must(t, err)
	return decide.Decider{Lists: screen.New(db, nil), Tracks: db, Events: db, Zones: db, Rules: set, Lanes: lanes, Engine: "test"}
}

func zone(t testing.TB, id string, kind geo.ZoneKind, effect geo.Effect, order string, scope geo.Scope, lat, lon, nm float64) geo.Zone {
	t.Helper()
	area, err := geo.NewCircle(navicert.Position{Lat: lat, Lon: lon}, nm)
	must(t, err)
	return geo.Zone{
		ID: id, Name: id, Kind: kind, Effect: effect, Order: order, Scope: scope, Publisher: "an invented paper", Text: "the order's words",
		From: navicert.At(day("2025-12-16")), Published: navicert.At(day("2025-12-16")), Area: area,
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(t time.Time) decide.Times { return decide.Times{AsOf: t, KnownAt: t, IssuedAt: t} }

func tanker(imo navicert.IMO) navicert.Vessel { return navicert.Vessel{IMO: imo, Kind: "oil_tanker"} }

// deciding are the rules whose outcome is the verdict's.
func deciding(c navicert.Certificate) []string {
	var out []string
	for _, r := range c.Reasons {
		if r.Outcome.Verdict() == c.Verdict && c.Verdict != navicert.Clear || r.Outcome == navicert.OutcomeLifted {
			out = append(out, r.Rule+" "+string(r.Outcome))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestVerdicts(t *testing.T) {
	d := world(t)
	for _, c := range []struct {
		name    string
		voyage  navicert.Voyage
		asOf    time.Time
		verdict navicert.Verdict
		rules   []string
	}{
		{"nothing found", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU"}, asOf, navicert.Clear, nil},
		{"listed ship", navicert.Voyage{Vessel: tanker(listedIMO), From: "NLRTM", To: "USHOU"}, asOf, navicert.Refuse, []string{"general/listed-vessel refuse"}},
		{"listed ship, the day before it was listed", navicert.Voyage{Vessel: tanker(listedIMO), From: "NLRTM", To: "USHOU"}, day("2025-12-14"), navicert.Clear, nil},
		{"its name on another hull", navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Name: "Salt Heron"}, From: "NLRTM", To: "USHOU"}, asOf, navicert.Clear, nil},
		{"its name and no number", navicert.Voyage{Vessel: navicert.Vessel{Name: "Salt Heron"}, From: "NLRTM", To: "USHOU"}, asOf, navicert.Refer, []string{"general/vessel-name-review refer", "general/vessel-not-identified refer"}},
		{"listed party, same country", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Sombra Petroleum SA", Country: "PA"}}}, asOf, navicert.Refuse, []string{"general/listed-party refuse"}},
		{"listed party's name, country not said", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Parties: []navicert.Party{{Role: "shipper", Name: "Sombra Petroleum SA"}}}, asOf, navicert.Refer, []string{"general/party-name-review refer"}},
		{"disputed scope", navicert.Voyage{Vessel: tanker(otherIMO), From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "grain"}}, asOf, navicert.Refer, []string{"general/zone-contested refer"}},
		{"both readings agree on a listed tanker", navicert.Voyage{Vessel: tanker(listedIMO), From: "VEJOT", To: "USHOU"}, asOf, navicert.Refuse, []string{"general/listed-vessel refuse", "general/zone-prohibited refuse"}},
		{"no tanker, no blockade", navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "grain"}}, asOf, navicert.Clear, nil},
		{"before the blockade", navicert.Voyage{Vessel: tanker(otherIMO), From: "VEJOT", To: "USHOU", ETD: navicert.At(day("2025-12-12")), ETA: navicert.At(day("2025-12-15"))}, day("2025-12-12"), navicert.Clear, nil},
		{"closed port", navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "NLRTM", To: "VEPBL"}, asOf, navicert.Refuse, []string{"general/zone-prohibited refuse"}},
		{"unexplained silence near the blockade", navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"}, asOf, navicert.Refer, []string{"general/gap-near-zone refer"}},
		{"the same, found by MMSI", navicert.Voyage{Vessel: navicert.Vessel{MMSI: silentMMSI, IMO: silentIMO}, From: "NLRTM", To: "USHOU"}, asOf, navicert.Refer, []string{"general/gap-near-zone refer"}},
		{"the same, asked while it had been silent for six hours", navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"}, day("2025-12-28").Add(6 * time.Hour), navicert.Clear, nil},
		{"licensed oil, no tanker", navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "crude oil"}, Licences: []string{"LIC-1"}, Parties: []navicert.Party{{Role: "shipper", Name: "INVENTED EXPORTER, INC."}}}, asOf, navicert.Clear, []string{"test/oil-from-ve lifted"}},
		{"licensed oil, another shipper", navicert.Voyage{Vessel: navicert.Vessel{IMO: otherIMO, Kind: "bulk_carrier"}, From: "VEJOT", To: "USHOU", Cargo: navicert.Cargo{Kind: "crude_oil"}, Licences: []string{"LIC-1"}, Parties: []navicert.Party{{Role: "shipper", Name: "Another Exporter Inc"}}}, asOf, navicert.Refuse, []string{"test/oil-from-ve refuse"}},
		{"an unknown licence", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU", Licences: []string{"LIC-9"}}, asOf, navicert.Refer, []string{"general/licence-unknown refer"}},
		{"stale list", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU"}, day("2026-01-10"), navicert.Refer, []string{"general/source-stale refer"}},
		{"before any publication", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU"}, day("2025-11-30"), navicert.Refer, []string{"general/no-list-searched refer"}},
		{"no list known by then", navicert.Voyage{Vessel: tanker(otherIMO), From: "NLRTM", To: "USHOU"}, time.Time{}, navicert.Refer, []string{"general/no-list-searched refer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			times := at(c.asOf)
			if times.KnownAt.Before(imported) {
				times.KnownAt = imported.Add(time.Hour)
			}
			if c.asOf.IsZero() {
				times = decide.Times{AsOf: asOf, KnownAt: imported.Add(-time.Hour), IssuedAt: asOf}
			}
			cert, err := d.Decide(t.Context(), c.voyage, times)
			must(t, err)
			if cert.Verdict != c.verdict || !slices.Equal(deciding(cert), c.rules) {
				t.Errorf("%s because of %q, want %s because of %q\n%s", cert.Verdict, deciding(cert), c.verdict, c.rules, pretty(t, cert))
			}
			for _, r := range cert.Reasons {
				if len(r.Evidence) == 0 && r.Outcome != navicert.OutcomeNote {
					t.Errorf("%s rests on no evidence", r.Rule)
				}
			}
			if len(cert.Searched) == 0 {
				t.Error("it does not say what was searched")
			}
		})
	}
}

// TestEvidence: a refusal names list, publication, entry and the row itself.
func TestEvidence(t *testing.T) {
	d := world(t)
	cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: tanker(listedIMO), From: "NLRTM", To: "USHOU"}, at(asOf))
	must(t, err)
	want := navicert.Evidence{Kind: navicert.EvidenceListEntry, Source: "demo-sdn", Publication: "2025-12-24", Ref: "1", Text: `1,"SALT HERON"`}
	for _, r := range cert.Reasons {
		if r.Rule == "general/listed-vessel" && len(r.Evidence) > 0 && r.Evidence[0] == want {
			return
		}
	}
	t.Errorf("no reason carries %+v:\n%s", want, pretty(t, cert))
}

// TestNotSearched: what could not be looked at is named.
func TestNotSearched(t *testing.T) {
	d := world(t)
	cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: tanker(otherIMO), From: "XXQQQ"}, at(asOf))
	must(t, err)
	var got []string
	for _, n := range cert.NotSearched {
		got = append(got, n.Source)
	}
	if want := []string{"positions", "ownership facts", "place XXQQQ", "route"}; !slices.Equal(got, want) {
		t.Errorf("not searched: %q, want %q", got, want)
	}
}

// TestOpenEvent: a silence that ended after the day asked about is shown as it
// stood, still open.
func TestOpenEvent(t *testing.T) {
	d := world(t)
	cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"}, at(day("2025-12-29")))
	must(t, err)
	if len(cert.Events) != 1 || cert.Events[0].State != navicert.EventOpen || !cert.Events[0].End.IsZero() || len(cert.Events[0].Measures) != 1 {
		t.Errorf("events: %s", pretty(t, cert.Events))
	}
}

// TestBadVoyages: one sentence each, and no certificate.
func TestBadVoyages(t *testing.T) {
	d := world(t)
	long := strings.Repeat("x", 600)
	for want, v := range map[string]navicert.Voyage{
		"nothing to check":         {},
		"fails its check digit":    {Vessel: navicert.Vessel{IMO: 9074728}},
		"a text of 600 characters": {Vessel: navicert.Vessel{Name: long}},
		"is not after ETD":         {Vessel: tanker(otherIMO), ETD: navicert.At(asOf), ETA: navicert.At(asOf)},
		"a party without a name":   {Vessel: tanker(otherIMO), Parties: []navicert.Party{{Role: "owner"}}},
		"too many":                 {Vessel: tanker(otherIMO), Via: make([]string, 51)},
	} {
		_, err := d.Decide(t.Context(), v, at(asOf))
		if navicert.KindOf(err) != navicert.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestSameInputSameBytes: the certificate does not depend on how often or in
// which order of parties' blanks it was asked for, only on what it says.
func TestSameInputSameBytes(t *testing.T) {
	d := world(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := navicert.Voyage{
			Vessel:   tanker(rapid.SampledFrom([]navicert.IMO{listedIMO, silentIMO, otherIMO}).Draw(rt, "imo")),
			From:     rapid.SampledFrom([]string{"VEJOT", "NLRTM", "vejot", "10.1,-64.9", ""}).Draw(rt, "from"),
			To:       rapid.SampledFrom([]string{"USHOU", "VEPBL", "CNTAO", ""}).Draw(rt, "to"),
			Licences: rapid.SliceOfN(rapid.SampledFrom([]string{"LIC-1", "LIC-2"}), 0, 2).Draw(rt, "licences"),
			Cargo:    navicert.Cargo{Kind: rapid.SampledFrom([]string{"crude_oil", "grain", ""}).Draw(rt, "cargo")},
		}
		a, err := d.Decide(t.Context(), v, at(asOf))
		must(t, err)
		b, err := d.Decide(t.Context(), v, at(asOf))
		must(t, err)
		if diff := cmp.Diff(pretty(t, a), pretty(t, b)); diff != "" {
			rt.Fatal(diff)
		}
		// A licence never makes a verdict stricter than the same voyage that
		// claims none, but for saying that the claim itself is in doubt.
		v.Licences = nil
		c, err := d.Decide(t.Context(), v, at(asOf))
		must(t, err)
		if a.Verdict == navicert.Refuse && c.Verdict != navicert.Refuse {
			rt.Fatalf("with a licence %s, without %s", a.Verdict, c.Verdict)
		}
	})
}

func pretty(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	must(t, err)
	return string(b)
}

func BenchmarkCheck(b *testing.B) {
	d := world(b)
	v := navicert.Voyage{
		Vessel: tanker(listedIMO), From: "VEJOT", To: "CNTAO", Cargo: navicert.Cargo{Kind: "crude_oil"},
		Parties: []navicert.Party{{Role: "owner", Name: "Sombra Petroleum", Country: "PA"}, {Role: "charterer", Name: "Invented Exporter Inc", Country: "US"}},
	}
	if _, err := d.Decide(b.Context(), v, at(asOf)); err != nil { // warm: the place codes are unpacked once
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := d.Decide(b.Context(), v, at(asOf)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
}

// TestLogEntry: what the ship's log says stands beside the gap as soon as it is
// recorded, and the gap still refers.
func TestLogEntry(t *testing.T) {
	d := world(t)
	entry := detect.LogEntry{
		MMSI: silentMMSI, From: navicert.At(day("2025-12-28")), To: navicert.At(day("2025-12-30")), Reason: "boarding attempts reported",
		RecordedBy: "duty officer", Document: "log.pdf", SHA256: "abc",
	}
	recorded, withdrawn := day("2026-01-05"), day("2026-01-06")
	ev, err := entry.Event(recorded)
	must(t, err)
	_, err = d.Events.(detect.Store).PutEvents(t.Context(), recorded, []navicert.Event{ev})
	must(t, err)
	back, err := detect.WithdrawLogEntry(ev, "N. N.", "of another ship", withdrawn)
	must(t, err)
	_, err = d.Events.(detect.Store).PutEvents(t.Context(), withdrawn, []navicert.Event{back})
	must(t, err)
	for _, c := range []struct {
		knownAt time.Time
		want    bool
	}{{recorded.Add(-time.Second), false}, {recorded, true}, {withdrawn.Add(-time.Second), true}, {withdrawn, false}} {
		o := at(asOf)
		o.KnownAt = c.knownAt
		cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: tanker(silentIMO), From: "NLRTM", To: "USHOU"}, o)
		must(t, err)
		if cert.Verdict != navicert.Refer || len(cert.Reasons) != 1 {
			t.Fatalf("%+v", cert.Reasons)
		}
		b, err := json.Marshal(cert.Reasons[0].Evidence)
		must(t, err)
		said := strings.Contains(cert.Reasons[0].Text, "an entry in the ship's log gives a reason")
		if said != c.want || strings.Contains(string(b), "sha256 abc") != c.want || strings.Contains(string(b), "boarding attempts") != c.want {
			t.Errorf("known at %s: %q, evidence %s", c.knownAt, cert.Reasons[0].Text, b)
		}
		entries := 0
		for _, e := range cert.Events {
			text := strings.Join(e.Explanations, "; ")
			switch {
			case e.Kind == detect.KindLog:
				entries++
			case e.Kind == "gap" && strings.Contains(text, "boarding attempts reported") != c.want:
				t.Errorf("known at %s: the gap says %s", c.knownAt, text)
			}
		}
		if (entries == 1) != c.want {
			t.Errorf("known at %s: %d entries among the events", c.knownAt, entries)
		}
	}
}

package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/decide"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/store"
)

const (
	lastMMSI    navicert.MMSI = 775999902
	inventMMSI  navicert.MMSI = 775999903
	freshMMSI   navicert.MMSI = 775999904
	longAgoMMSI navicert.MMSI = 775999905
	twiceIMO    navicert.IMO  = 1000045
)

var (
	lastPlace = navicert.Position{Lat: 12.1, Lon: -65} // six miles from the blockade
	lastTime  = time.Date(2025, 12, 31, 5, 40, 0, 0, time.UTC)
)

// silentWorld adds ships that were heard for the last time.
func silentWorld(t testing.TB) (decide.Decider, *store.DB) {
	t.Helper()
	d := world(t)
	db := d.Tracks.(*store.DB)
	d.Coverage = db
	fix := func(m navicert.MMSI, at time.Time) navicert.Fix {
		return navicert.Fix{MMSI: m, Time: at, Pos: lastPlace, SpeedKn: navicert.Some(9.5), Ref: navicert.Ref{Source: "t"}, Station: "pier"}
	}
	invented := fix(inventMMSI, lastTime)
	invented.Simulated = true
	_, err := db.AppendFixes(t.Context(), []navicert.Fix{
		fix(lastMMSI, lastTime), invented, fix(freshMMSI, asOf.Add(-5*time.Hour)), fix(longAgoMMSI, asOf.AddDate(0, 0, -32)),
	})
	must(t, err)
	return d, db
}

// hear keeps what a receiver heard about the last place, in the hours from some
// after the last position on.
func hear(t testing.TB, db *store.DB, recorded time.Time, receiver string, after, hours int, change func(*detect.Heard)) {
	t.Helper()
	from := lastTime.Truncate(time.Hour).Add(time.Duration(after) * time.Hour)
	rows := heardRows(lastPlace, receiver, 3, from, from.Add(time.Duration(hours)*time.Hour))
	for i := range rows {
		if change != nil {
			change(&rows[i])
		}
	}
	must(t, db.PutHeard(t.Context(), recorded, rows))
}

func silenceOf(t testing.TB, d decide.Decider, m navicert.MMSI, times decide.Times) navicert.Certificate {
	t.Helper()
	cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: navicert.Vessel{MMSI: m, Kind: "bulk_carrier"}, From: "NLRTM", To: "USHOU"}, times)
	must(t, err)
	return cert
}

// reason is what a rule says, with its evidence; "" when it says nothing.
func reason(c navicert.Certificate, rule string) string {
	for _, r := range c.Reasons {
		if r.Rule == rule {
			lines := []string{string(r.Outcome) + ": " + r.Text}
			for _, e := range r.Evidence {
				lines = append(lines, string(e.Kind)+": "+e.Text)
			}
			return strings.Join(lines, "\n")
		}
	}
	return ""
}

// TestSilence: that nothing is heard of a ship is told apart by whether others
// were heard where it was last.
func TestSilence(t *testing.T) {
	far := func(h *detect.Heard) {
		h.Cell = heardRows(navicert.Position{Lat: -40, Lon: 10}, "x", 1, lastTime, lastTime.Add(1))[0].Cell
	}
	simulated := func(h *detect.Heard) { h.Simulated = true }
	for _, c := range []struct {
		name   string
		mmsi   navicert.MMSI
		heard  func(*store.DB)
		note   string
		refers bool
		looked string // in searched or, after "not: ", in not searched
	}{
		{
			"received waters", lastMMSI, func(db *store.DB) {
				hear(t, db, asOf, "pier", 0, 24, nil)
				hear(t, db, asOf, "a satellite", 6, 2, nil)
			},
			"note: Nothing has been received of the vessel for 18.33 hours, since 2025-12-31 05:40 UTC. Others were heard where it was last: those waters are received, and the ship was silent or had left them.\n" +
				"fix: 12°06.00'N 065°00.00'W 9.5 kn by pier\n" +
				"coverage: clock hours from 2025-12-31T06:00:00Z to 2026-01-01T00:00:00Z, within 15 nm of the last position: ships were heard in 18 of 18 (receivers: 2; " +
				"by one of them in an hour at least 3; the last at 2025-12-31T23:50:00Z); anywhere, ships were heard in 18",
			true, "Others heard where the vessel was last, 18 hours",
		},
		{
			"others only in the hour of its own last position", lastMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 1, nil) },
			"tell a silent ship from waters", true, "not: too little is held",
		},
		{
			"nobody there", lastMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, far) },
			"no ship was heard in any of 18; anywhere, ships were heard in 18", false, "not: nobody was heard there",
		},
		{
			"nobody anywhere for more than half of the time", lastMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 1, 8, far) },
			"no ship was heard in any of 18; anywhere, ships were heard in 8", true, "not: too little is held",
		},
		{"nothing is held", lastMMSI, func(*store.DB) {}, "no ship was heard in any of 18; anywhere, ships were heard in 0", true, "not: too little is held"},
		{"invented ships and a real one", lastMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, simulated) }, "anywhere, ships were heard in 0", true, "not: too little is held"},
		{"real ships and an invented one", inventMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, nil) }, "anywhere, ships were heard in 0", true, "not: too little is held"},
		{"invented ships and an invented one", inventMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, simulated) }, "(receivers: 1; ", true, "Others heard where the vessel was last, 18 hours"},
		{"a ship that was heard just now", freshMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, nil) }, "", false, ""},
		{"a ship whose positions are stale", longAgoMMSI, func(db *store.DB) { hear(t, db, asOf, "pier", 0, 24, nil) }, "", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, db := silentWorld(t)
			c.heard(db)
			asked := lastTime.Truncate(24*time.Hour).AddDate(0, 0, 1)
			if c.mmsi != lastMMSI && c.mmsi != inventMMSI {
				asked = asOf
			}
			cert := silenceOf(t, d, c.mmsi, decide.Times{AsOf: asked, KnownAt: asOf, IssuedAt: asOf})
			note := reason(cert, "general/silent-since")
			if !strings.Contains(note, c.note) || (note == "") != (c.note == "") {
				t.Errorf("the note is\n%s\nwant\n%s", note, c.note)
			}
			if refers := strings.HasPrefix(reason(cert, "general/silent-near-zone"), "refer: "); refers != c.refers {
				t.Errorf("it refers: %t", refers)
			}
			looked := ""
			for _, s := range cert.Searched {
				if s.Kind == navicert.SourceCoverage {
					looked = s.Title + ", 18 hours"
					if s.Entries != 18 || s.State != navicert.Current || s.Found != 0 {
						t.Errorf("searched %+v", s)
					}
				}
			}
			for _, n := range cert.NotSearched {
				if n.Kind == navicert.SourceCoverage {
					looked = "not: " + n.Why
				}
			}
			if !strings.HasPrefix(looked, c.looked) || (looked == "") != (c.looked == "") {
				t.Errorf("looked at: %q, want %q", looked, c.looked)
			}
			pinned := slices.ContainsFunc(cert.Inputs, func(in navicert.Input) bool { return in.Source == "coverage" })
			if pinned != (c.looked != "") {
				t.Errorf("coverage among the inputs: %t", pinned)
			}
			if cert.Simulated != (c.mmsi == inventMMSI) {
				t.Errorf("simulated %t", cert.Simulated)
			}
		})
	}
}

// TestSilenceAsKnown: what was recorded of coverage later, and what was heard after
// the day asked about, changes no certificate of before.
func TestSilenceAsKnown(t *testing.T) {
	d, db := silentWorld(t)
	asked := decide.Times{AsOf: lastTime.Add(10 * time.Hour), KnownAt: asOf, IssuedAt: asOf}
	hear(t, db, asOf.Add(-time.Hour), "pier", 1, 2, nil)
	before := silenceOf(t, d, lastMMSI, asked)
	if note := reason(before, "general/silent-since"); !strings.Contains(note, "heard in 2 of 9 (receivers: 1; ") {
		t.Fatal(note)
	}
	hear(t, db, asOf.Add(time.Hour), "mole", 1, 24, nil)
	hear(t, db, asOf.Add(time.Hour), "pier", 1, 2, func(h *detect.Heard) { h.Ships = 90 })
	hear(t, db, asOf.Add(-time.Hour), "pier", 10, 24, nil) // of hours that had not ended
	if diff := cmp.Diff(pretty(t, before), pretty(t, silenceOf(t, d, lastMMSI, asked))); diff != "" {
		t.Error(diff)
	}
	asked.KnownAt = asOf.Add(2 * time.Hour)
	if note := reason(silenceOf(t, d, lastMMSI, asked), "general/silent-since"); !strings.Contains(note, "heard in 9 of 9 (receivers: 2; by one of them in an hour at least 90; ") {
		t.Error(note)
	}
}

// TestSilenceOfTheVessel: a vessel that is heard under one MMSI is not silent under
// another.
func TestSilenceOfTheVessel(t *testing.T) {
	d, db := silentWorld(t)
	report := func(m navicert.MMSI) navicert.Static {
		return navicert.Static{MMSI: m, Time: lastTime, IMO: twiceIMO, Ref: navicert.Ref{Source: "t"}}
	}
	_, err := db.AppendStatics(t.Context(), []navicert.Static{report(lastMMSI), report(freshMMSI)})
	must(t, err)
	cert, err := d.Decide(t.Context(), navicert.Voyage{Vessel: navicert.Vessel{IMO: twiceIMO, Kind: "bulk_carrier"}, From: "NLRTM", To: "USHOU"}, at(asOf))
	must(t, err)
	if note := reason(cert, "general/silent-since"); note != "" {
		t.Error(note)
	}
}

// TestSilenceOfAGap: what is said of the silence does not hang on whether a gap is
// told of that begins with it; that it refers does.
func TestSilenceOfAGap(t *testing.T) {
	d, db := silentWorld(t)
	hear(t, db, asOf, "pier", 0, 24, nil)
	without := silenceOf(t, d, lastMMSI, at(asOf))
	fixes, err := db.Fixes(t.Context(), lastMMSI, lastTime, asOf)
	must(t, err)
	_, err = db.PutEvents(t.Context(), asOf, []navicert.Event{{
		ID: navicert.EventID(gap.Kind, "last"), Kind: gap.Kind, MMSI: lastMMSI, State: navicert.EventOpen,
		Start: navicert.At(lastTime), Position: navicert.Some(lastPlace), Measures: map[string]float64{detect.ThresholdHours: 6},
		Explanations: []string{detect.ClassText(gap.Coverage)}, Evidence: []navicert.Evidence{detect.FixEvidence(&fixes[0])},
	}})
	must(t, err)
	with := silenceOf(t, d, lastMMSI, at(asOf))
	if a, b := reason(without, "general/silent-since"), reason(with, "general/silent-since"); a != b || a == "" {
		t.Errorf("without the gap:\n%s\nwith it:\n%s", a, b)
	}
	if reason(without, "general/silent-near-zone") == "" || reason(with, "general/silent-near-zone") != "" {
		t.Error("it refers beside the gap, or not without it")
	}
}

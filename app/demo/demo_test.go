package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"navicert"
	"navicert/app"
	"navicert/app/demo"
	"navicert/geo"
	"navicert/list"
	"navicert/list/ofac"
	"navicert/sim"
)

// open builds or opens a demonstration.
func open(t *testing.T, dir string) (*app.App, []demo.Outcome) {
	t.Helper()
	a, outcomes, err := app.OpenDemo(t.Context(), app.Config{Data: dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, outcomes
}

func certificates(t *testing.T, outcomes []demo.Outcome) []string {
	t.Helper()
	var out []string
	for _, o := range outcomes {
		b, err := json.Marshal(o.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// The eight verdicts, each for the story's cause and no other; the same bytes
// when built again elsewhere, and when opened again.
func TestEightVerdicts(t *testing.T) {
	dir := t.TempDir()
	a, outcomes := open(t, filepath.Join(dir, "one"))
	var verdicts []navicert.Verdict
	for _, o := range outcomes {
		if err := o.Err(); err != nil {
			t.Error(err)
		}
		if id := o.Certificate.ID; id == "" || o.Certificate.Digest == "" {
			t.Errorf("%s: no identifier or digest", o.Voyage.Voyage.ID)
		}
		for _, n := range o.Certificate.NotSearched {
			// The demo holds no facts of who owns whom, and what was heard for a fortnight:
			// the voyage of weeks later cannot know of more.
			later := n.Kind == navicert.SourceCoverage && o.Voyage.Voyage.ID == "demo-6"
			if n.Kind != navicert.SourceOwnership && !later {
				t.Errorf("%s: not searched: %+v", o.Voyage.Voyage.ID, n)
			}
		}
		verdicts = append(verdicts, o.Certificate.Verdict)
	}
	want := []navicert.Verdict{
		navicert.Clear, navicert.Clear, navicert.Refer, navicert.Refer, navicert.Refer, navicert.Refer, navicert.Refuse, navicert.Refuse,
	}
	if diff := cmp.Diff(want, verdicts); diff != "" {
		t.Fatalf("verdicts (-want +got):\n%s", diff)
	}
	t.Run("listed only later", func(t *testing.T) { listedOnlyLater(t, a, outcomes[6].Voyage.Voyage) })

	if testing.Short() {
		return // the race detector has seen one build
	}
	_, elsewhere := open(t, filepath.Join(dir, "two"))
	// Every installation has a key of its own: the seals differ, and nothing else.
	if diff := cmp.Diff(certificates(t, unsealed(outcomes)), certificates(t, unsealed(elsewhere))); diff != "" {
		t.Errorf("built again elsewhere (-one +two):\n%s", diff)
	}
	again, reopened, err := app.OpenDemo(t.Context(), app.Config{Data: filepath.Join(dir, "one")}, func(what string) {
		t.Errorf("a finished demonstration is worked on: %s", what)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if diff := cmp.Diff(certificates(t, outcomes), certificates(t, reopened)); diff != "" {
		t.Errorf("opened again (-first +second):\n%s", diff)
	}
}

func unsealed(outcomes []demo.Outcome) []demo.Outcome {
	out := slices.Clone(outcomes)
	for i := range out {
		out[i].Certificate.Seal = nil
	}
	return out
}

// listedOnlyLater: the hull of demo-7 was listed on 24 December; asked about the
// day before, with what was known then, it is on no list.
func listedOnlyLater(t *testing.T, a *app.App, v navicert.Voyage) {
	for day, want := range map[string]bool{"2025-12-23T12:00:00Z": false, "2025-12-25T12:00:00Z": true} {
		at, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		c, err := a.Check(t.Context(), v, app.CheckOptions{AsOf: at, KnownAt: at})
		if err != nil {
			t.Fatal(err)
		}
		listed := slices.ContainsFunc(c.Reasons, func(r navicert.Reason) bool { return r.Rule == "general/listed-vessel" })
		if listed != want {
			t.Errorf("on %s: listed %v, want %v", day, listed, want)
		}
	}
}

// Every number in the demonstration's list and voyages is one that no real
// ship can have, and the voyages' ships are those that sail.
func TestNumbersAreSimulated(t *testing.T) {
	sc, err := sim.Builtin("caribbean")
	if err != nil {
		t.Fatal(err)
	}
	sailing := map[navicert.IMO]sim.Vessel{}
	for _, v := range sc.Vessels {
		sailing[navicert.IMO(v.IMO)] = v
	}
	voyages, err := demo.Voyages()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range voyages {
		s := v.Voyage.Vessel
		ship, ok := sailing[s.IMO]
		flag, _ := s.MMSI.Flag()
		if !ok || ship.Name != s.Name || navicert.MMSI(ship.MMSI) != s.MMSI || ship.Kind != s.Kind || flag != s.Flag {
			t.Errorf("%s: %+v is not the ship that sails: %+v", v.Voyage.ID, s, ship)
		}
	}
	if !sc.To.Equal(demo.Now()) {
		t.Errorf("the traffic ends at %s, the demonstration's present is %s", sc.To, demo.Now())
	}
	for day, n := range map[navicert.Date]int{"2025-12-01": 10, "2025-12-24": 12} {
		dir := filepath.Join("data", string(day))
		_, entries, err := ofac.SDN().Read(t.Context(), list.Source{FS: os.DirFS(dir), Name: dir, Options: list.Options{Published: day, Simulated: true}})
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != n {
			t.Errorf("%s: %d entries, want %d", day, len(entries), n)
		}
		for _, e := range entries {
			if !strings.Contains(e.Remarks, "Simulated entry, invented for a demonstration") {
				t.Errorf("%s: entry %s (%s) does not say that it is invented", day, e.ID, e.Name)
			}
			if e.Kind != list.Vessel {
				continue
			}
			if len(e.MMSIs) != 1 || e.IMO == 0 {
				t.Errorf("%s: %s has IMO number %s and MMSIs %v", day, e.Name, e.IMO, e.MMSIs)
				continue
			}
			if err := sim.Simulated(e.MMSIs[0], e.IMO); err != nil {
				t.Errorf("%s: %s: %v", day, e.Name, err)
			}
		}
	}
}

// All zones say that they are simulated, and the blockade stands there in two
// readings of one order.
func TestZones(t *testing.T) {
	f, err := os.Open("data/zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zones, unused, err := geo.ReadZones(f, "zones.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if unused.Total() > 0 {
		t.Errorf("unused: %s", unused.String())
	}
	readings := map[string][]geo.Scope{}
	kinds := map[geo.ZoneKind]bool{}
	for _, z := range zones {
		kinds[z.Kind] = true
		if !z.Simulated {
			t.Errorf("%s is not marked simulated", z.ID)
		}
		if z.Order != "" {
			readings[z.Order] = append(readings[z.Order], z.Scope)
		}
	}
	if len(kinds) != 5 {
		t.Errorf("kinds %v, want each of the five", kinds)
	}
	for order, scopes := range readings {
		if len(scopes) != 2 || scopes[0].ListedOnly == scopes[1].ListedOnly {
			t.Errorf("order %s: readings %+v, want two that differ in whom they cover", order, scopes)
		}
	}
	if len(readings) != 1 {
		t.Errorf("%d orders, want one", len(readings))
	}
}

func TestIncidents(t *testing.T) {
	incidents, err := demo.Incidents()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, i := range incidents {
		kinds[i.Kind]++
		if i.ID == "" || i.Said == "" || i.By == "" || i.Reported.Latest == "" {
			t.Errorf("incident %+v lacks what every incident has", i)
		}
	}
	if kinds["seizure"] != 2 || kinds["strike"] != 2 || kinds["blockade_order"] != 1 {
		t.Errorf("kinds %v", kinds)
	}
	var b strings.Builder
	if err := demo.WriteStory(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"THORNBACK QUEEN", "GANNET VALOUR", "Who did it is not settled"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the printed story does not tell of %q:\n%s", want, b.String())
		}
	}
}

func TestRefusesOtherDirectories(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := app.OpenDemo(t.Context(), app.Config{Data: dir}, nil)
	if navicert.KindOf(err) != navicert.Conflict {
		t.Errorf("a directory that holds something else: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("it holds %v, %v after that", entries, err)
	}

	other := t.TempDir()
	if err := demo.Prepare(demo.Options{Dir: other, Program: "another version"}); err != nil {
		t.Fatal(err)
	}
	_, _, err = app.OpenDemo(t.Context(), app.Config{Data: other}, nil)
	if navicert.KindOf(err) != navicert.Conflict || !strings.Contains(err.Error(), "another version") {
		t.Errorf("a demonstration of another version: %v", err)
	}
}

// A build that is broken off is taken up again and comes out the same.
func TestTakenUpAgain(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err := app.OpenDemo(ctx, app.Config{Data: dir}, func(what string) {
		if strings.HasPrefix(what, "replaying") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("broken off: %v", err)
	}
	_, outcomes := open(t, dir)
	for _, o := range outcomes {
		if err := o.Err(); err != nil {
			t.Error(err)
		}
	}
}

func TestOutcomeErr(t *testing.T) {
	reason := func(rule string, o navicert.Outcome) navicert.Reason { return navicert.Reason{Rule: rule, Outcome: o} }
	lifted := navicert.Reason{Rule: "r/lifted", Outcome: navicert.OutcomeLifted, LiftedBy: &navicert.Lift{Licence: "l"}}
	for name, c := range map[string]struct {
		expect  demo.Expect
		verdict navicert.Verdict
		reasons []navicert.Reason
		want    string // in the error; "" is none
	}{
		"clear":                     {demo.Expect{Verdict: navicert.Clear}, navicert.Clear, nil, ""},
		"clear with a note":         {demo.Expect{Verdict: navicert.Clear}, navicert.Clear, []navicert.Reason{reason("r/note", navicert.OutcomeNote)}, ""},
		"another verdict":           {demo.Expect{Verdict: navicert.Clear}, navicert.Refer, []navicert.Reason{reason("r/a", navicert.OutcomeRefer)}, "verdict refer"},
		"lifted":                    {demo.Expect{Verdict: navicert.Clear, Rule: "r/lifted"}, navicert.Clear, []navicert.Reason{lifted}, ""},
		"not lifted":                {demo.Expect{Verdict: navicert.Clear, Rule: "r/lifted"}, navicert.Clear, nil, "no licence lifted"},
		"the right rule":            {demo.Expect{Verdict: navicert.Refer, Rule: "r/a"}, navicert.Refer, []navicert.Reason{reason("r/a", navicert.OutcomeRefer)}, ""},
		"another rule":              {demo.Expect{Verdict: navicert.Refer, Rule: "r/a"}, navicert.Refer, []navicert.Reason{reason("r/b", navicert.OutcomeRefer)}, "r/b, of which"},
		"one rule more":             {demo.Expect{Verdict: navicert.Refuse, Rule: "r/a"}, navicert.Refuse, []navicert.Reason{reason("r/a", navicert.OutcomeRefuse), reason("r/b", navicert.OutcomeRefer)}, "r/b, of which"},
		"one that goes with it":     {demo.Expect{Verdict: navicert.Refuse, Rule: "r/a", Also: []string{"r/b"}}, navicert.Refuse, []navicert.Reason{reason("r/a", navicert.OutcomeRefuse), reason("r/b", navicert.OutcomeRefer)}, ""},
		"without what goes with it": {demo.Expect{Verdict: navicert.Refuse, Rule: "r/a", Also: []string{"r/b"}}, navicert.Refuse, []navicert.Reason{reason("r/a", navicert.OutcomeRefuse)}, "r/b did not hold"},
	} {
		o := demo.Outcome{
			Voyage:      demo.Voyage{Expect: c.expect},
			Certificate: navicert.Certificate{Verdict: c.verdict, Reasons: c.reasons, Simulated: true},
		}
		err := o.Err()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if err := (demo.Outcome{
		Voyage:      demo.Voyage{Expect: demo.Expect{Verdict: navicert.Clear}},
		Certificate: navicert.Certificate{Verdict: navicert.Clear},
	}).Err(); err == nil {
		t.Error("a certificate that is not marked simulated passes")
	}
}

package sim

import (
	"os"
	"strings"
	"testing"
	"time"

	"navicert"
)

func TestScenarioErrors(t *testing.T) {
	b, err := os.ReadFile("testdata/two-ships.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, to, want string
	}{
		"unknown key":                {"seed: 7", "sead: 7", "sead"},
		"not a number":               {"seed: 7", "seed: seven", "seed"},
		"not said to be simulated":   {"simulated: true", "simulated: false", "simulated: true"},
		"a real ship's MMSI":         {"538998901", "538001234", "could be a real ship's"},
		"a real ship's IMO number":   {"3509007", "9074729", "could be a real ship's"},
		"a wrong check digit":        {"3509007", "3509008", "check digit"},
		"one MMSI twice":             {"319998902", "538998901", "has the MMSI of"},
		"one name twice":             {"TEST GIG", "TEST LANTERN", "two ships"},
		"a name too long":            {"name: TEST LANTERN", "name: TEST LANTERN OF THE SEA", "1 to 20"},
		"a name in small letters":    {"name: TEST LANTERN", "name: Test Lantern", "capital letters"},
		"an impossible time":         {"2026-01-01T14:00:00Z", "2026-02-30T14:00:00Z", "2026-02-30"},
		"an end before the start":    {"to: 2026-01-01T14:00:00Z", "to: 2025-01-01T14:00:00Z", "lasts from"},
		"a place off the globe":      {"west: [12.00, -69.90]", "west: [92.00, -69.90]", "place west"},
		"a place that is no number":  {"west: [12.00, -69.90]", "west: [.nan, -69.90]", "place west"},
		"a lane to nowhere":          {"out: [roads, west, line]", "out: [roads, east]", "lane out"},
		"traffic on no lane":         {"traffic: [out]", "traffic: [in]", "traffic in"},
		"an area that crosses":       {"[11.9, -69.8], [12.1, -69.8], [12.1, -69.6], [11.9, -69.6]", "[11.9, -69.8], [12.1, -69.6], [12.1, -69.8], [11.9, -69.6]", "area box"},
		"an area of two kinds":       {"centre: [12.2, -69.9], radius_nm: 5", "centre: [12.2, -69.9], ring: [[1,1],[2,2],[1,2]]", "area far"},
		"an area that is not there":  {"area: far, chance", "area: near, chance", "area near"},
		"a station without reach":    {"range_nm: 60", "range_nm: 0", "station SHORE"},
		"a station on two grounds":   {"range_nm: 60", "range_nm: 60\n    every: 90m\n    for: 9m", "at once"},
		"passes longer than rounds":  {"every: 100m, for: 30m", "every: 20m, for: 30m", "passes last"},
		"a phase beyond the round":   {"every: 100m, for: 30m", "every: 100m, phase: 101m, for: 30m", "not less than its every"},
		"a station name with commas": {"name: SHORE", "name: \"A,B\"", "tag block"},
		"a chance of two":            {"chance: 0.9", "chance: 2", "chance 2"},
		"a duration without unit":    {"every: 100m", "every: 100", "duration"},
		"a negative duration":        {"for: 90m", "for: -90m", "duration"},
		"an outage backwards":        {"to: 2026-01-01T09:30:00Z, why: power cut", "to: 2026-01-01T05:30:00Z, why: power cut", "outage"},
		"off backwards":              {"to: 2026-01-01T04:40:00Z, why: switched", "to: 2026-01-01T01:40:00Z, why: switched", "switched off"},
		"a start at no place":        {"    at: roads\n    off", "    at: port\n    off", "no place"},
		"a cluster of one":           {"    at: roads\n    off", "    at: roads\n    fake: [{how: offset_cluster, from: 2026-01-01T02:00:00Z, to: 2026-01-01T03:00:00Z, at: west, every: 10m}]\n    off", "1 ships report \"west\" at the time, 3 make a cluster"},
		"a cluster at no place":      {"    at: roads\n    off", "    at: roads\n    fake: [{how: offset_cluster, from: 2026-01-01T02:00:00Z, to: 2026-01-01T03:00:00Z, every: 10m}]\n    off", "a place is wanted"},
		"a cluster without rhythm":   {"    at: roads\n    off", "    at: roads\n    fake: [{how: offset_cluster, from: 2026-01-01T02:00:00Z, to: 2026-01-01T03:00:00Z, at: west}]\n    off", "lacks what it needs"},
		"no script":                  {"      - sail: {along: [TEST LANTERN@], arrive: 2026-01-01T08:10:00Z}\n      - beside: {vessel: TEST LANTERN, distance_m: 100, bearing: 90, for: 30m}\n      - sail: {along: [west], speed: 5}\n", "      []\n", "no script"},
		"a step of two things":       {"- anchor: {}", "- {anchor: {}, moor: {}}", "exactly one"},
		"a step of nothing":          {"- anchor: {}", "- {}", "exactly one"},
		"speed and arrival":          {"speed: 12}", "speed: 12, arrive: 2026-01-01T08:10:00Z}", "both speed and arrive"},
		"too fast":                   {"along: [-out], arrive: 2026-01-01T13:00:00Z", "along: [-out], arrive: 2026-01-01T09:10:00Z", "0.5 to 60"},
		"an arrival before leaving":  {"along: [-out], arrive: 2026-01-01T13:00:00Z", "along: [-out], arrive: 2026-01-01T08:10:00Z", "sails only at"},
		"to nowhere":                 {"along: [west], speed: 5", "along: [], speed: 5", "sails nowhere"},
		"to a place not named":       {"along: [west], speed: 5", "along: [wets], speed: 5", "neither a place nor a lane"},
		"an end already past":        {"until: 2026-01-01T08:00:00Z", "until: 2026-01-01T02:00:00Z", "gets to it only at"},
		"until and for":              {"until: 2026-01-01T08:00:00Z", "until: 2026-01-01T08:00:00Z, for: 1h", "both until and for"},
		"a drift without end":        {"until: 2026-01-01T08:00:00Z, ", "", "needs until or for"},
		"a fast drift":               {"speed: 0.8, course: 350", "speed: 8, course: 350", "drifts at"},
		"beside nobody":              {"vessel: TEST LANTERN, distance_m", "vessel: TEST LAMP, distance_m", "no vessel is named"},
		"beside on board":            {"distance_m: 100", "distance_m: 1", "10 to 5000"},
		"beside from far away":       {"along: [TEST LANTERN@], arrive: 2026-01-01T08:10:00Z", "along: [line], arrive: 2026-01-01T08:10:00Z", "nm from TEST LANTERN"},
		"meeting without a time":     {"along: [TEST LANTERN@], arrive: 2026-01-01T08:10:00Z", "along: [TEST LANTERN@], speed: 9", "needs arrive"},
		"waiting for itself":         {"vessel: TEST LANTERN, distance_m", "vessel: TEST GIG, distance_m", "waits for itself"},
		"a size that no ship has":    {"length_m: 180", "length_m: 1800", "no ship's size"},
		"a class that there is not":  {"class: B", "class: C", "neither A nor B"},
	} {
		text := string(b)
		if !strings.Contains(text, c.from) {
			t.Errorf("%s: %q is not in the scenario", name, c.from)
			continue
		}
		_, err := ParseScenario(strings.NewReader(strings.Replace(text, c.from, c.to, 1)), "test.yaml")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
		if k := navicert.KindOf(err); err != nil && k != navicert.Invalid {
			t.Errorf("%s: kind %q", name, k)
		}
	}
}

func TestScenarioLimits(t *testing.T) {
	if _, err := ParseScenario(strings.NewReader(strings.Repeat("#", maxScenarioBytes+1)), "big.yaml"); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("a big file: %v", err)
	}
	for name, text := range map[string]string{
		"brackets": strings.Repeat("[", 100000),
		"dashes":   strings.Repeat("- ", 100000),
		"tokens":   strings.Repeat("a: 1\n", 100000),
		"anchors":  "places: &p {a: [1, 2]}\nlanes: *p\n",
	} {
		start := time.Now()
		if _, err := ParseScenario(strings.NewReader(text), "deep.yaml"); navicert.KindOf(err) != navicert.Limit {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %s", name, d)
		}
	}
	if _, err := Builtin("baltic"); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("a scenario that there is not: %v", err)
	}
	sc, err := Builtin("caribbean")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(sc, Options{Vessels: MaxVessels + 1}); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("too many ships: %v", err)
	}
	if _, err := New(sc, Options{To: sc.From.AddDate(11, 0, 0)}); navicert.KindOf(err) != navicert.Limit {
		t.Errorf("eleven years: %v", err)
	}
	if _, err := New(sc, Options{From: sc.From.Add(-time.Hour)}); err == nil {
		t.Error("a start before the beginning of the world was taken")
	}
}

// The standard's intervals (ITU-R M.1371-5, annex 1, tables 1 and 2).
func TestIntervals(t *testing.T) {
	for name, c := range map[string]struct {
		class navicert.Class
		s     state
		want  time.Duration
	}{
		"A at anchor":           {navicert.ClassA, state{status: navicert.AtAnchor}, 3 * time.Minute},
		"A moored":              {navicert.ClassA, state{status: navicert.Moored, speedKn: 0.2}, 3 * time.Minute},
		"A at anchor, dragging": {navicert.ClassA, state{status: navicert.AtAnchor, speedKn: 3.5}, 10 * time.Second},
		"A stopped, under way":  {navicert.ClassA, state{}, 10 * time.Second},
		"A at 14 kn":            {navicert.ClassA, state{speedKn: 14}, 10 * time.Second},
		"A at 14 kn, turning":   {navicert.ClassA, state{speedKn: 14, turning: true}, 10 * time.Second / 3},
		"A at 15 kn":            {navicert.ClassA, state{speedKn: 15}, 6 * time.Second},
		"A at 15 kn, turning":   {navicert.ClassA, state{speedKn: 15, turning: true}, 2 * time.Second},
		"A at 25 kn":            {navicert.ClassA, state{speedKn: 25}, 2 * time.Second},
		"B at rest":             {navicert.ClassB, state{speedKn: 1}, 3 * time.Minute},
		"B under way":           {navicert.ClassB, state{speedKn: 6}, 30 * time.Second},
	} {
		if got := interval(c.class, c.s); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	thinned := Reporting{UnderWay: Duration(10 * time.Minute), AtRest: Duration(time.Minute), Static: Duration(time.Hour)}
	if got := thinned.interval(navicert.ClassA, state{speedKn: 12}); got != 10*time.Minute {
		t.Errorf("thinned under way: %s", got)
	}
	if got := thinned.interval(navicert.ClassA, state{status: navicert.Moored}); got != 3*time.Minute {
		t.Errorf("a thinner interval than the standard's: %s", got)
	}
}

func FuzzParseScenario(f *testing.F) {
	b, err := os.ReadFile("testdata/two-ships.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add("simulated: true\nfrom: 2026-01-01T00:00:00Z\nto: 2026-01-02T00:00:00Z\n")
	f.Add("vessels: [{script: [{sail: {along: [-]}}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		sc, err := ParseScenario(strings.NewReader(text), "fuzz")
		if d := time.Since(start); d > 10*time.Second {
			t.Fatalf("it took %s", d)
		}
		if (sc == nil) == (err == nil) {
			t.Fatalf("scenario %v, error %v", sc, err)
		}
		if err == nil {
			for i := range sc.Vessels {
				if err := Simulated(navicert.MMSI(sc.Vessels[i].MMSI), navicert.IMO(sc.Vessels[i].IMO)); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

package accuracy

import (
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/geo"
	"navicert/sim"
)

// The detectors know the satellites of the scenarios that come with the program, and
// take no station on the shore for one: replay needs no configuration for them.
func TestSatellitesAreKnown(t *testing.T) {
	known := detect.KnownReceivers()
	for _, name := range []string{"caribbean", sim.MonthName} {
		sc, err := sim.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		orbiting := 0
		for _, s := range sc.Stations {
			kind := known.Kind(s.Name)
			if s.At == nil {
				orbiting++
			}
			if (kind == detect.Satellite) != (s.At == nil) {
				t.Errorf("%s: %s is of kind %s", name, s.Name, kind)
			}
		}
		if orbiting < 2 {
			t.Errorf("%s has %d satellites", name, orbiting)
		}
	}
}

// A small month by hand: what is found, missed and false is counted so.
func TestMatch(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(h int) navicert.Instant { return navicert.At(t0.Add(time.Duration(h) * time.Hour)) }
	meeting := func(truth sim.TruthKind, class string, a, b navicert.MMSI, from, to int) sim.Truth {
		return sim.Truth{Truth: truth, Kind: sim.EventEncounter, Class: class, MMSI: a, Other: b, Start: at(from), End: at(to)}
	}
	event := func(a, b navicert.MMSI, from, to int) navicert.Event {
		return navicert.Event{Kind: sim.EventEncounter, MMSI: a, Other: b, Start: at(from), End: at(to), State: navicert.EventClosed, Explanations: []string{"class: ships"}}
	}
	m := &month{
		to: t0.Add(240 * time.Hour),
		truth: []sim.Truth{
			meeting(sim.TruthEvent, "encounter", 1, 2, 10, 14),     // found
			meeting(sim.TruthEvent, "encounter", 3, 4, 10, 14),     // found under another number of 4
			meeting(sim.TruthEvent, "encounter", 5, 6, 10, 14),     // missed: the event is of another day
			meeting(sim.TruthEvent, "encounter", 1, 3, 50, 54),     // missed: the event is of another pair
			meeting(sim.TruthLookAlike, "bunkering", 7, 8, 10, 14), // told
			meeting(sim.TruthLookAlike, "bunkering", 7, 9, 90, 94), // not told
		},
		owner: []string{"B", "D", "F", "C", "H", "I"},
		ships: map[navicert.MMSI][]string{1: {"A"}, 2: {"B"}, 3: {"C"}, 4: {"D"}, 44: {"D"}, 5: {"E"}, 6: {"F"}, 7: {"G"}, 8: {"H"}, 9: {"I"}},
		events: []navicert.Event{
			event(2, 1, 11, 13), event(3, 44, 11, 13), event(5, 6, 100, 103), event(1, 4, 50, 54), event(7, 8, 11, 13),
			{Kind: "unheard_of", MMSI: 1, Start: at(1)},
		},
	}
	b := newBoard()
	b.match(m)
	var got, unruled Figure
	for _, f := range b.figures() {
		switch f.Kind {
		case sim.EventEncounter:
			got = f
		case "unheard_of (no rule)":
			unruled = f
		}
	}
	if want := (Figure{Kind: sim.EventEncounter, Truths: 4, Found: 2, Events: 5, False: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if unruled.Events != 1 {
		t.Errorf("an event of a kind without a rule is counted as %+v", unruled)
	}
	likes := b.likes()
	if len(likes) != 1 || likes[0].Times != 2 || likes[0].Told != 1 || likes[0].Called["ships"] != 1 {
		t.Errorf("look-alikes %+v", likes)
	}
	what := map[string]int{}
	for _, miss := range b.misses {
		what[miss.What+miss.Like]++
	}
	if what["missed"] != 2 || what["false"] != 2 || what["falsebunkering"] != 1 {
		t.Errorf("misses %v", what)
	}
}

// A jammed silence is found by a gap that says that the ship sent on, and not by one that
// says that nothing was heard: the two are counted apart.
func TestMatchJammedSilences(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(h int) navicert.Instant { return navicert.At(t0.Add(time.Duration(h) * time.Hour)) }
	silence := func(mmsi navicert.MMSI, cause sim.Cause) sim.Truth {
		return sim.Truth{Truth: sim.TruthSilence, MMSI: mmsi, Cause: cause, Start: at(10), End: at(20)}
	}
	gap := func(mmsi navicert.MMSI, class string) navicert.Event {
		return navicert.Event{Kind: sim.EventGap, MMSI: mmsi, Start: at(10), End: at(20), State: navicert.EventClosed, Explanations: []string{"class: " + class}}
	}
	m := &month{
		to:     t0.Add(240 * time.Hour),
		truth:  []sim.Truth{silence(1, sim.CauseJamming), silence(2, sim.CauseJamming), silence(3, sim.CauseOff)},
		owner:  []string{"A", "B", "C"},
		ships:  map[navicert.MMSI][]string{1: {"A"}, 2: {"B"}, 3: {"C"}},
		events: []navicert.Event{gap(1, "explained"), gap(2, "jamming"), gap(3, "jamming")},
	}
	b := newBoard()
	b.match(m)
	for _, want := range []Figure{
		{Kind: "gap: explained", Truths: 2, Found: 1, Events: 1},
		{Kind: "gap: jamming", Events: 2, False: 1},
	} {
		if !slices.Contains(b.figures(), want) {
			t.Errorf("no %+v in %+v", want, b.figures())
		}
	}
}

// An approach finds the visit that it goes on until, of a ship that comes from outside;
// one that was withdrawn is counted by itself, and each by the hours it was told ahead.
func TestMatchApproaches(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(h int) navicert.Instant { return navicert.At(t0.Add(time.Duration(h) * time.Hour)) }
	visit := func(mmsi navicert.MMSI, from, to int) sim.Truth {
		return sim.Truth{Truth: sim.TruthVisit, MMSI: mmsi, Area: "z", Start: at(from), End: at(to)}
	}
	approach := func(mmsi navicert.MMSI, class string, from, to int, lead float64) navicert.Event {
		return navicert.Event{
			Kind: "zone_approach", MMSI: mmsi, Zone: "z", Start: at(from), End: at(to), State: navicert.EventClosed,
			Measures: map[string]float64{"first_hours_to_entry": lead}, Explanations: []string{"class: " + class},
		}
	}
	m := &month{
		to: t0.Add(240 * time.Hour),
		truth: []sim.Truth{
			visit(1, 10, 14), // found
			visit(2, 40, 44), // missed: what was told of it was over 20 hours before, and is right all the same
			visit(3, 0, 4),   // it was there from the beginning
			visit(4, 50, 54), // missed: what was told of it was withdrawn
			visit(4, 54, 57), // it had hardly left
		},
		owner: []string{"A", "B", "C", "D", "D"},
		ships: map[navicert.MMSI][]string{1: {"A"}, 2: {"B"}, 3: {"C"}, 4: {"D"}, 5: {"E"}},
		begins: map[navicert.MMSI]time.Time{
			1: t0, 2: t0, 3: t0, 4: t0, 5: t0,
		},
		events: []navicert.Event{
			approach(1, "entered", 5, 10, 5), approach(2, "lost_contact", 15, 20, 2.5), approach(4, "withdrawn", 45, 49, 8),
			approach(5, "did_not_enter", 60, 70, 20), approach(5, "withdrawn", 80, 90, 25),
		},
	}
	b := newBoard()
	b.match(m)
	for _, want := range []Figure{
		{Kind: "zone_approach", Truths: 3, Found: 1, Events: 3, False: 1},
		{Kind: "zone_approach: withdrawn", Events: 2, False: 1},
	} {
		if !slices.Contains(b.figures(), want) {
			t.Errorf("no %+v in %+v", want, b.figures())
		}
	}
	for _, want := range []Forecasts{{2, 3, 1, 1, 0, 0}, {3, 6, 1, 1, 0, 0}, {6, 9, 1, 0, 1, 0}, {18, 24, 2, 0, 1, 1}} {
		if !slices.Contains(b.forecasts, want) {
			t.Errorf("no %+v in %+v", want, b.forecasts)
		}
	}
}

// An area's event counts in the area and near it, nowhere else.
func TestMatchPlaces(t *testing.T) {
	sc, err := sim.CaribbeanMonth(1)
	if err != nil {
		t.Fatal(err)
	}
	w, err := sim.New(sc, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t0 := sc.From.Time
	m := &month{
		world: w, to: sc.To.Time, owner: []string{""},
		truth: []sim.Truth{{Truth: sim.TruthEvent, Kind: sim.EventJamming, Area: "jam-box", Start: navicert.At(t0), End: navicert.At(t0.Add(9 * time.Hour))}},
	}
	centre := navicert.Position{Lat: 25.3, Lon: -89.5}
	for _, c := range []struct {
		name string
		ev   navicert.Event
		want bool
	}{
		{"inside", navicert.Event{Position: navicert.Some(centre)}, true},
		{"near", navicert.Event{Position: navicert.Some(geo.Destination(centre, 0, 100))}, true},
		{"far", navicert.Event{Position: navicert.Some(geo.Destination(centre, 180, 600))}, false},
		{"nowhere", navicert.Event{}, false},
	} {
		c.ev.Start, c.ev.End = navicert.At(t0.Add(time.Hour)), navicert.At(t0.Add(2*time.Hour))
		if got := m.belongs(&c.ev, 0, 0); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

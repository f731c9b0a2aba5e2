package accuracy

import (
	"testing"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/sim"
)

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

package storetest

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
)

var eventTests = map[string]func(*testing.T, Store){
	"nothing is held":         noEvents,
	"round trip":              eventRoundTrip,
	"same again":              eventsAgain,
	"closed replaces open":    eventCloses,
	"open replaces open":      eventGrows,
	"a repeated run":          eventRerun,
	"closed replaces closed":  eventCorrected,
	"known at":                eventsKnownAt,
	"filter":                  eventFilter,
	"order and limit":         eventOrder,
	"two versions in one put": eventTwiceInOnePut,
	"refused":                 badEvents,
	"of an area":              eventOfArea,
	"cancelled":               cancelledEvents,
	"concurrent":              concurrentEvents,
	"recorded out of order":   eventsRecordedBackwards,
}

// event is an invented open gap of ship A that starts at the hour.
func event(hour float64) navicert.Event {
	start := at(hour)
	return navicert.Event{
		ID: navicert.EventID("gap", shipA.String(), start.String()), Kind: "gap", MMSI: shipA, Start: navicert.At(start),
		State: navicert.EventOpen, Position: navicert.Some(navicert.Position{Lat: 10.5, Lon: -65}),
		Measures: map[string]float64{"hours": 1}, Simulated: true,
	}
}

// closed ends an event at the hour.
func closed(e navicert.Event, hour float64) navicert.Event {
	e.State, e.End = navicert.EventClosed, navicert.At(at(hour))
	e.Measures = map[string]float64{"hours": e.End.Sub(e.Start.Time).Hours()}
	return e
}

func putEvents(t *testing.T, s Store, recorded time.Time, want int, es ...navicert.Event) {
	t.Helper()
	if n := must(s.PutEvents(t.Context(), recorded, es))(t); n != want {
		t.Errorf("%d events changed, want %d", n, want)
	}
}

func wantEvents(t *testing.T, s Store, what string, f detect.Filter, want ...navicert.Event) {
	t.Helper()
	same(t, what, must(s.Events(t.Context(), f))(t), want)
}

func noEvents(t *testing.T, s Store) {
	putEvents(t, s, at(1), 0)
	if es := must(s.Events(t.Context(), detect.Filter{}))(t); es == nil || len(es) != 0 {
		t.Errorf("an empty store has events %#v, want none and not nil", es)
	}
}

func eventRoundTrip(t *testing.T, s Store) {
	full := closed(event(1), 9)
	full.IMO, full.Zone, full.Other, full.Confidence = 9074729, "zone-1", shipB, "high"
	full.EndPosition = navicert.Some(navicert.Position{Lat: -0.1, Lon: 179.999999})
	full.Explanations = []string{"out of range of any receiver"}
	full.Evidence = []navicert.Evidence{{
		Kind: navicert.EvidenceFix, Source: "log.nmea", Publication: "2026-03-01", Ref: "offset 12", Text: "last fix",
		Time: navicert.At(at(1)), Position: full.EndPosition,
	}}
	full.Measures = map[string]float64{"hours": 8, "tiny": math.SmallestNonzeroFloat64, "third": 1.0 / 3, "negative": -1e300}
	full.Area, full.Revision = []navicert.Position{{Lat: 1.5, Lon: -2.5}, {Lat: 2, Lon: 3}}, 2
	wantAllFields(t, full)
	want := []navicert.Event{full}
	for i, h := range hostile {
		e := event(2 + float64(i))
		e.ID, e.Kind, e.Zone, e.Explanations = h, h, h, []string{h, h}
		want = append(want, e)
	}
	putEvents(t, s, at(10), len(want), want...)
	wantEvents(t, s, "events", detect.Filter{}, want...)
	for _, e := range want[1:] {
		wantEvents(t, s, "events of a hostile kind", detect.Filter{Kind: e.Kind}, e)
	}
}

func eventsAgain(t *testing.T, s Store) {
	a, b := event(1), closed(event(2), 3)
	putEvents(t, s, at(10), 2, a, b)
	putEvents(t, s, at(11), 0, a, b)
	putEvents(t, s, at(9), 0, b, a)
	wantEvents(t, s, "events", detect.Filter{}, a, b)
	wantEvents(t, s, "events known before", detect.Filter{KnownAt: at(9)})
}

func eventCloses(t *testing.T, s Store) {
	open := event(1)
	putEvents(t, s, at(10), 1, open)
	putEvents(t, s, at(11), 1, closed(open, 9))
	wantEvents(t, s, "events", detect.Filter{}, closed(open, 9))
}

func eventGrows(t *testing.T, s Store) {
	a, b := event(1), event(1)
	b.Measures = map[string]float64{"hours": 2}
	putEvents(t, s, at(10), 1, a)
	putEvents(t, s, at(11), 1, b)
	wantEvents(t, s, "events", detect.Filter{}, b)
}

// eventRerun holds that a run over the same input again changes nothing, at
// whatever state of it the program is stopped.
func eventRerun(t *testing.T, s Store) {
	first, second, last := event(1), event(1), closed(event(1), 9)
	second.Measures = map[string]float64{"hours": 2}
	for _, e := range []navicert.Event{first, second, last} {
		putEvents(t, s, at(10), 1, e)
	}
	for i, e := range []navicert.Event{first, second, last} {
		putEvents(t, s, at(20+float64(i)), 0, e)
		wantEvents(t, s, "events", detect.Filter{}, last)
	}
	unseen := event(1) // an open state that the first run did not store
	unseen.Measures = map[string]float64{"hours": 3}
	putEvents(t, s, at(30), 0, unseen)
	wantEvents(t, s, "events", detect.Filter{}, last)
}

func eventCorrected(t *testing.T, s Store) {
	a, b := closed(event(1), 9), closed(event(1), 8)
	putEvents(t, s, at(10), 1, a)
	putEvents(t, s, at(11), 1, b)
	wantEvents(t, s, "events", detect.Filter{}, b)
	wantEvents(t, s, "events known before the correction", detect.Filter{KnownAt: at(10.5)}, a)
}

func eventsKnownAt(t *testing.T, s Store) {
	open, other := event(1), event(2)
	end := closed(open, 9)
	putEvents(t, s, at(10), 1, open)
	putEvents(t, s, at(12), 2, end, other)
	for _, tt := range []struct {
		name  string
		known time.Time
		want  []navicert.Event
	}{
		{"before all", at(9), nil},
		{"just before the first", at(10).Add(-1), nil},
		{"at the first", at(10), []navicert.Event{open}},
		{"between", at(11), []navicert.Event{open}},
		{"at the second", at(12), []navicert.Event{end, other}},
		{"after all", time.Unix(1<<60, 0), []navicert.Event{end, other}},
		{"not restricted", time.Time{}, []navicert.Event{end, other}},
	} {
		wantEvents(t, s, tt.name, detect.Filter{KnownAt: tt.known}, tt.want...)
	}
}

func eventFilter(t *testing.T, s Store) {
	early, late, open := closed(event(1), 3), closed(event(5), 7), event(6)
	late.Other = shipC
	zone := closed(event(2), 4)
	zone.ID, zone.Kind, zone.MMSI = navicert.EventID("zone", "x"), "zone", shipB
	moment := closed(event(10), 10)
	putEvents(t, s, at(20), 5, early, late, open, zone, moment)
	for _, tt := range []struct {
		name   string
		filter detect.Filter
		want   []navicert.Event
	}{
		{"all", detect.Filter{}, []navicert.Event{early, zone, late, open, moment}},
		{"one vessel", detect.Filter{MMSI: shipB}, []navicert.Event{zone}},
		{"the other vessel", detect.Filter{MMSI: shipC}, []navicert.Event{late}},
		{"one kind", detect.Filter{Kind: "gap"}, []navicert.Event{early, late, open, moment}},
		{"vessel and kind", detect.Filter{MMSI: shipB, Kind: "gap"}, nil},
		{"from the end of one", detect.Filter{From: at(3)}, []navicert.Event{early, zone, late, open, moment}},
		{"from after it", detect.Filter{From: at(3).Add(time.Millisecond)}, []navicert.Event{zone, late, open, moment}},
		{"to the start of one", detect.Filter{To: at(5)}, []navicert.Event{early, zone}},
		{"to just after it", detect.Filter{To: at(5).Add(1)}, []navicert.Event{early, zone, late}},
		{"an open one goes on", detect.Filter{From: at(100), To: at(200)}, []navicert.Event{open}},
		{"a moment", detect.Filter{From: at(10), To: at(11), Kind: "gap"}, []navicert.Event{open, moment}},
		{"one id", detect.Filter{ID: zone.ID}, []navicert.Event{zone}},
		{"the beginning of an id", detect.Filter{ID: zone.ID[:8]}, []navicert.Event{zone}},
		{"no id", detect.Filter{ID: "g"}, nil},
		{"limit", detect.Filter{Limit: 2}, []navicert.Event{early, zone}},
		{"limit beyond", detect.Filter{Limit: 99, Kind: "zone"}, []navicert.Event{zone}},
	} {
		wantEvents(t, s, tt.name, tt.filter, tt.want...)
	}
	ended := closed(open, 50)
	putEvents(t, s, at(21), 1, ended)
	wantEvents(t, s, "the newest version is what is filtered", detect.Filter{From: at(100)})
	wantEvents(t, s, "as it was known", detect.Filter{From: at(100), KnownAt: at(20)}, open)
}

func eventOrder(t *testing.T, s Store) {
	var want []navicert.Event
	for i := range 6 {
		e := event(1)
		e.ID = fmt.Sprintf("id-%d", i)
		want = append(want, e)
	}
	late := event(2)
	late.ID = "a"
	want = append(want, late)
	putEvents(t, s, at(20), 7, want[6], want[3], want[1], want[5], want[0], want[4], want[2])
	wantEvents(t, s, "events by start, then id", detect.Filter{}, want...)
	wantEvents(t, s, "the first three", detect.Filter{Limit: 3}, want[:3]...)
}

func eventTwiceInOnePut(t *testing.T, s Store) {
	open := event(1)
	putEvents(t, s, at(10), 2, open, open, closed(open, 3))
	wantEvents(t, s, "events", detect.Filter{}, closed(open, 3))
}

// eventOfArea: an event of an area has a zone and corners, and no vessel.
func eventOfArea(t *testing.T, s Store) {
	e := event(1)
	e.Kind, e.MMSI, e.IMO, e.Zone = "feed_outage", 0, 0, "s2-8c3"
	e.Area = []navicert.Position{{Lat: 10, Lon: -65}, {Lat: 10, Lon: -64}, {Lat: 11, Lon: -64}}
	putEvents(t, s, at(2), 1, e)
	same(t, "events of that kind", must(s.Events(t.Context(), detect.Filter{Kind: "feed_outage"}))(t), []navicert.Event{e})
	same(t, "events of a vessel", must(s.Events(t.Context(), detect.Filter{MMSI: shipA}))(t), []navicert.Event{})
}

func badEvents(t *testing.T, s Store) {
	good := event(1)
	for name, spoil := range map[string]func(*navicert.Event){
		"no id":     func(e *navicert.Event) { e.ID = "" },
		"no MMSI":   func(e *navicert.Event) { e.MMSI = 0 },
		"no start":  func(e *navicert.Event) { e.Start = navicert.Instant{} },
		"no state":  func(e *navicert.Event) { e.State = "" },
		"no number": func(e *navicert.Event) { e.Measures = map[string]float64{"x": math.NaN()} },
	} {
		bad := event(2)
		spoil(&bad)
		n, err := s.PutEvents(t.Context(), at(10), []navicert.Event{good, bad})
		if n != 0 || navicert.KindOf(err) != navicert.Invalid {
			t.Errorf("%s: %d changed, error %v", name, n, err)
		}
	}
	_, err := s.PutEvents(t.Context(), time.Time{}, []navicert.Event{good})
	wantErr(t, err, navicert.Invalid)
	wantEvents(t, s, "events", detect.Filter{})
}

func cancelledEvents(t *testing.T, s Store) {
	_, err := s.PutEvents(canceled(), at(10), []navicert.Event{event(1)})
	wantCanceled(t, err)
	_, err = s.Events(canceled(), detect.Filter{})
	wantCanceled(t, err)
	wantEvents(t, s, "events", detect.Filter{})
}

func concurrentEvents(t *testing.T, s Store) {
	const writers, each = 4, 40
	var wg sync.WaitGroup
	counts := make([]int, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each { // all put the same
				n, err := s.PutEvents(context.Background(), at(100), []navicert.Event{event(float64(i)), closed(event(float64(i)), float64(i)+0.5)})
				if err != nil {
					t.Error(err)
				}
				counts[w] += n
				if _, err := s.Events(context.Background(), detect.Filter{MMSI: shipA}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	es := must(s.Events(t.Context(), detect.Filter{}))(t)
	if len(es) != each || total != 2*each {
		t.Errorf("%d events are held and %d changes were counted, want %d and %d", len(es), total, each, 2*each)
	}
	for _, e := range es {
		if e.State != navicert.EventClosed {
			t.Errorf("event %s is %s", e.ID, e.State)
		}
	}
}

// eventsRecordedBackwards holds that the version put last is the newest even
// when the clock was set back.
func eventsRecordedBackwards(t *testing.T, s Store) {
	open := event(1)
	putEvents(t, s, at(12), 1, open)
	putEvents(t, s, at(10), 1, closed(open, 9))
	wantEvents(t, s, "events", detect.Filter{}, closed(open, 9))
	wantEvents(t, s, "as known between", detect.Filter{KnownAt: at(11)}, closed(open, 9))
}

package decide

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
	"navicert/detect/disabling"
	"navicert/detect/draught"
	"navicert/detect/duplicate"
	"navicert/detect/encounter"
	"navicert/detect/gap"
	"navicert/detect/identity"
	"navicert/detect/loiter"
	"navicert/detect/portcall"
	"navicert/detect/spoof"
)

var (
	dayAsked = time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	began    = dayAsked.Add(-20 * time.Hour)
)

// learned is an event of which what lies after the day asked about is drawn.
func learned(t *rapid.T, kind, class string, name string) navicert.Event {
	at := func(d time.Duration) navicert.Instant { return navicert.At(dayAsked.Add(d)) }
	fix := func(i navicert.Instant, text string) navicert.Evidence {
		return navicert.Evidence{Kind: navicert.EvidenceFix, Text: text, Time: i}
	}
	e := navicert.Event{
		ID: "1", Kind: kind, MMSI: 775999001, Start: navicert.At(began), State: navicert.EventOpen,
		Position:     navicert.Some(navicert.Position{Lat: 12, Lon: -65}),
		Measures:     map[string]float64{detect.ThresholdHours: 2, "positions_before": 4},
		Explanations: []string{detect.ClassText(class)},
		Evidence:     []navicert.Evidence{fix(navicert.At(began), "first")},
	}
	hours := rapid.IntRange(1, 200).Draw(t, name+" hours after the day")
	end := at(time.Duration(hours) * time.Hour)
	e.Measures["duration_hours"] = end.Sub(began).Hours()
	e.Measures["median_speed_kn"] = rapid.Float64Range(0, 20).Draw(t, name+" speed")
	e.Explanations = append(e.Explanations, rapid.String().Draw(t, name+" explanation"))
	e.Evidence = append(e.Evidence, fix(end, rapid.String().Draw(t, name+" evidence")))
	if rapid.Bool().Draw(t, name+" in an area") {
		e.Evidence = append(e.Evidence, navicert.Evidence{Kind: navicert.EvidenceEvent, Text: "of so many ships", Time: navicert.At(began)})
	}
	e.Confidence = rapid.SampledFrom([]string{"", "3", "4"}).Draw(t, name+" confidence")
	if rapid.Bool().Draw(t, name+" ended") {
		e.State, e.End, e.EndPosition = navicert.EventClosed, end, navicert.Some(navicert.Position{Lat: rapid.Float64Range(-80, 80).Draw(t, name+" latitude")})
		e.Revision = rapid.IntRange(0, 3).Draw(t, name+" revision")
	}
	return e
}

// TestAsOfForgetsTheFuture: whatever was learned of an event after the day asked
// about, the answer as of that day is the same.
func TestAsOfForgetsTheFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom([][2]string{
			{gap.Kind, "unexplained"},
			{encounter.Kind, "tankers"},
			{encounter.KindTransfer, "at_rest"},
			{loiter.Kind, "slow"},
			{spoof.Kind, "circle"},
			{portcall.Kind, "port_call"},
			{identity.KindHopping, "two_in_90_days"},
			{identity.Kind, "name"},
			{draught.Kind, "in_port"},
			{disabling.Kind, "possible"},
			{duplicate.Kind, "imo_conflict"},
			{duplicate.Kind, "two_tracks"},
		}).Draw(t, "kind")
		a, okA := upTo(learned(t, k[0], k[1], "a"), dayAsked)
		b, okB := upTo(learned(t, k[0], k[1], "b"), dayAsked)
		atEnd := slices.Contains([]string{identity.Kind, identity.KindHopping, draught.Kind, disabling.Kind}, k[0]) || k[1] == "imo_conflict"
		if okA != okB || okA == atEnd {
			t.Fatalf("%v: shown %v and %v", k, okA, okB)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if okA && string(x) != string(y) {
			t.Fatalf("%s\n%s", x, y)
		}
		if okA && (a.State != navicert.EventOpen || len(a.Evidence) != 1 || len(a.Explanations) != 1 || len(a.Measures) != 2) {
			t.Fatalf("%s", x)
		}
	})
}

// TestAsOfCounts: what had not lasted long enough was no event; what a report
// confirmed later was not known; what is over is shown whole.
func TestAsOfCounts(t *testing.T) {
	event := func(kind, class string, threshold float64) navicert.Event {
		return navicert.Event{
			Kind: kind, MMSI: 775999001, Start: navicert.At(dayAsked.Add(-time.Hour)), End: navicert.At(dayAsked.Add(5 * time.Hour)),
			Measures: map[string]float64{detect.ThresholdHours: threshold, "duration_hours": 6}, Explanations: []string{detect.ClassText(class), "more"},
		}
	}
	short, long := event(encounter.Kind, "tankers", 2), event(spoof.Kind, "frozen", 0.5)
	if _, ok := upTo(short, dayAsked); ok {
		t.Error("an encounter of one hour is shown")
	}
	if e, ok := upTo(long, dayAsked); !ok || e.State != navicert.EventOpen {
		t.Errorf("what counts after half an hour: %v %+v", ok, e)
	}
	if e, ok := upTo(short, short.End.Time); !ok || len(e.Explanations) != 2 || e.Measures["duration_hours"] != 6 {
		t.Errorf("what is over: %v %+v", ok, e)
	}
	change := event(identity.Kind, "name", 0)
	change.End = navicert.At(dayAsked.Add(-time.Minute))
	change.Evidence = []navicert.Evidence{{Kind: navicert.EvidenceReport, Time: navicert.At(dayAsked.Add(time.Minute))}}
	if _, ok := upTo(change, dayAsked); ok {
		t.Error("a change that a later report confirmed is shown")
	}
	if _, ok := upTo(change, dayAsked.Add(time.Minute)); !ok {
		t.Error("a change that was confirmed is not shown")
	}
	area := event("jamming", "area", 0)
	area.MMSI = 0
	if _, ok := upTo(area, dayAsked); ok {
		t.Error("an area is shown before it is known")
	}
}

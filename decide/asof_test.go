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
	today    = dayAsked.AddDate(0, 0, 20) // when all is known
)

// drawnClass is one that an event of a kind may come to have.
func drawnClass(t *rapid.T, kind, class, name string) string {
	switch kind {
	case gap.Kind: // without an area
		return rapid.SampledFrom([]string{"cannot_tell", "explained", "outage"}).Draw(t, name+" class")
	case portcall.Kind, loiter.Kind:
		return rapid.SampledFrom([]string{"port_call", "port_area", "slow", "laid_up"}).Draw(t, name+" class")
	}
	return class
}

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
		Explanations: []string{detect.ClassText(drawnClass(t, kind, class, name))},
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
		a, okA := upTo(learned(t, k[0], k[1], "a"), dayAsked, today)
		b, okB := upTo(learned(t, k[0], k[1], "b"), dayAsked, today)
		atEnd := slices.Contains([]string{identity.Kind, identity.KindHopping, draught.Kind, disabling.Kind}, k[0]) || k[1] == "imo_conflict"
		if okA != okB || okA == atEnd {
			t.Fatalf("%v: shown %v and %v", k, okA, okB)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if okA && string(x) != string(y) {
			t.Fatalf("%s\n%s", x, y)
		}
		said := 1
		if k[0] == portcall.Kind || k[0] == loiter.Kind {
			said = 0
		}
		if okA && (a.State != navicert.EventOpen || len(a.Evidence) != 1 || len(a.Explanations) != said || len(a.Measures) != 2) {
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
	if _, ok := upTo(short, dayAsked, today); ok {
		t.Error("an encounter of one hour is shown")
	}
	if e, ok := upTo(long, dayAsked, today); !ok || e.State != navicert.EventOpen {
		t.Errorf("what counts after half an hour: %v %+v", ok, e)
	}
	if e, ok := upTo(short, short.End.Time, today); !ok || len(e.Explanations) != 2 || e.Measures["duration_hours"] != 6 {
		t.Errorf("what is over: %v %+v", ok, e)
	}
	change := event(identity.Kind, "name", 0)
	change.End = navicert.At(dayAsked.Add(-time.Minute))
	change.Evidence = []navicert.Evidence{{Kind: navicert.EvidenceReport, Time: navicert.At(dayAsked.Add(time.Minute))}}
	if _, ok := upTo(change, dayAsked, today); ok {
		t.Error("a change that a later report confirmed is shown")
	}
	if _, ok := upTo(change, dayAsked.Add(time.Minute), today); !ok {
		t.Error("a change that was confirmed is not shown")
	}
	area := event("jamming", "area", 0)
	area.MMSI = 0
	if _, ok := upTo(area, dayAsked, today); ok {
		t.Error("an area is shown before it is known")
	}
}

// TestAsOfOfGaps: an area that came to light later explains nothing before, and what
// is said of a gap up to the end of the input is not known earlier.
func TestAsOfOfGaps(t *testing.T) {
	silence := func(hours int, class gap.Class, explanations ...string) navicert.Event {
		return navicert.Event{
			ID: "1", Kind: gap.Kind, MMSI: 775999001, Start: navicert.At(began), State: navicert.EventClosed, End: navicert.At(began.Add(time.Duration(hours) * time.Hour)),
			Measures:     map[string]float64{detect.ThresholdHours: 6, "no_coverage_hours": 90},
			Explanations: append([]string{detect.ClassText(class)}, explanations...),
			Evidence:     []navicert.Evidence{{Kind: navicert.EvidenceFix, Time: navicert.At(began)}},
		}
	}
	inArea := func(e navicert.Event) navicert.Event {
		e.Revision = 1
		e.Evidence = append(e.Evidence, navicert.Evidence{Kind: navicert.EvidenceEvent, Text: "an area", Time: navicert.At(began)})
		return e
	}
	jammed := []string{"at least 3 ships", "without that it would be of class unexplained: others were heard", "reception at the start"}
	hours := func(h float64) time.Time { return began.Add(time.Duration(h * float64(time.Hour))) }
	for _, c := range []struct {
		name  string
		event navicert.Event
		at    time.Time
		class gap.Class
		says  int
		known time.Time
	}{
		{"in an area, before it ends and before areas are known", inArea(silence(70, gap.Jamming, jammed...)), hours(6.1), gap.Unexplained, 1, today},
		{"in an area, over, before areas are known", inArea(silence(7, gap.Jamming, jammed...)), hours(8), gap.Unexplained, 3, today},
		{"in an area, over, and areas are known", inArea(silence(7, gap.Jamming, jammed...)), hours(16), gap.Jamming, 4, today},
		{"an outage with an area beside it, over, before areas are known", inArea(silence(7, gap.Outage, "the feed", "reception", "an area")), hours(8), gap.Outage, 3, today},
		{"its messages came on, as is known later", silence(70, gap.Explained, "in 40 hours"), hours(30), gap.CannotTell, 1, today},
		{"recorded at the time", inArea(silence(7, gap.Jamming, jammed...)), hours(8), gap.Jamming, 4, hours(8)},
	} {
		for _, open := range []bool{false, true} {
			e, says := c.event, c.says
			if open {
				e.State, e.End, e.Revision = navicert.EventOpen, navicert.Instant{}, 0
				if c.known.After(c.at) {
					says = 1
				}
			}
			got, ok := upTo(e, c.at, c.known)
			class := c.class
			if says == 1 && class == gap.Outage {
				class = gap.CannotTell
			}
			if !ok || gap.ClassOf(got) != class || len(got.Explanations) != says {
				t.Errorf("%s, open %t: %v, class %s, %q", c.name, open, ok, gap.ClassOf(got), got.Explanations)
			}
			if _, told := got.Measures["no_coverage_hours"]; told != (says > 1) {
				t.Errorf("%s, open %t: %v", c.name, open, got.Measures)
			}
		}
	}
}

package decide

import (
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/disabling"
	"navicert/detect/draught"
	"navicert/detect/duplicate"
	"navicert/detect/identity"
	"navicert/detect/zone"
)

// upTo shows an event as it was at t, whatever was learned after t: one that
// ended later was still open, one that did not count yet was none, and neither
// was one that is told at its end only. What a report after t has confirmed or
// added is left out.
func upTo(e navicert.Event, t time.Time) (navicert.Event, bool) {
	if e.Start.After(t) {
		return e, false
	}
	ended := !e.End.IsZero() && !e.End.After(t)
	later := func(ev navicert.Evidence) bool { return ev.Time.After(t) }
	known := (ended || e.End.IsZero()) && !slices.ContainsFunc(e.Evidence, later)
	h, ok := e.Measures[detect.ThresholdHours]
	switch {
	case !ended && ok && t.Sub(e.Start.Time).Hours() <= h:
		return e, false
	case known:
		return e, true
	case toldAtEnd(&e):
		return e, false
	}
	if !ended {
		e.State, e.End, e.EndPosition = navicert.EventOpen, navicert.Instant{}, navicert.Opt[navicert.Position]{}
	}
	e.Confidence, e.Area, e.Revision = "", nil, 0
	e.Evidence = slices.DeleteFunc(slices.Clone(e.Evidence), func(ev navicert.Evidence) bool {
		return later(ev) || ev.Kind == navicert.EvidenceEvent // an area's, which tells of all of it
	})
	e.Explanations = e.Explanations[:min(len(e.Explanations), firstExplanations(&e))]
	m := make(map[string]float64, len(e.Measures))
	for k, v := range e.Measures {
		if _, beforeOnly := startMeasures[k]; beforeOnly {
			m[k] = v
		}
	}
	e.Measures = m
	return e, true
}

// toldAtEnd reports whether an event is of a kind that nobody knows of before it
// is over, or of an area, which grows.
func toldAtEnd(e *navicert.Event) bool {
	switch e.Kind {
	case identity.Kind, identity.KindHopping, draught.Kind, disabling.Kind:
		return true
	case duplicate.Kind:
		return detect.ClassOf(*e) == string(duplicate.IMOConflict)
	}
	return e.MMSI == 0
}

// firstExplanations is how many explanations of an event hold from its beginning:
// the one that names its class or how a zone was entered.
func firstExplanations(e *navicert.Event) int {
	if detect.ClassOf(*e) != "" || e.Kind == zone.Kind {
		return 1
	}
	return 0
}

// startMeasures are the measures of an event that were known when it began;
// the others are of its end.
var startMeasures = map[string]struct{}{
	"positions_before": {}, "receivers_before": {}, detect.ThresholdHours: {}, "others_heard": {},
	"others_heard_any": {}, "others_heard_hours": {}, "places_ahead_heard": {}, "max_speed_kn": {}, "satellite_positions_per_day": {},
	"satellite_positions_before": {}, "terrestrial_positions_before": {}, "dynamic_positions_before": {},
}

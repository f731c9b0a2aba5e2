package decide

import (
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/disabling"
	"navicert/detect/draught"
	"navicert/detect/duplicate"
	"navicert/detect/gap"
	"navicert/detect/identity"
	"navicert/detect/loiter"
	"navicert/detect/portcall"
	"navicert/detect/zone"
)

// upTo shows an event as it was at t, whatever was learned after t, up to when it was
// recorded, which is known at the latest: one that ended later was still open, one
// that did not count yet was none, and neither was one that is told at its end only.
// What a report after t has confirmed or added is left out.
func upTo(e navicert.Event, t, known time.Time) (navicert.Event, bool) {
	if e.Start.After(t) {
		return e, false
	}
	later := func(ev navicert.Evidence) bool { return ev.Time.After(t) }
	ended := !e.End.IsZero() && !e.End.After(t)
	// What is said of an event that lasts is said of it up to the end of the input,
	// which was no later than it was recorded.
	whole := (ended || e.End.IsZero() && !t.Before(known)) && !slices.ContainsFunc(e.Evidence, later)
	h, ok := e.Measures[detect.ThresholdHours]
	hours := t.Sub(e.Start.Time).Hours()
	if !ended && ok && hours <= h {
		return e, false
	}
	if e.Kind == gap.Kind && t.Before(known) && hours <= h+gap.AreaLate.Hours() {
		e = gap.WithoutArea(e)
		e.Revision = 0
	}
	switch {
	case whole:
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
	e.Explanations = atFirst(&e)
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

// atFirst is what of an event's explanations holds from its beginning: the class,
// where it does not hang on all that happens in it, or how a zone was entered.
func atFirst(e *navicert.Event) []string {
	switch e.Kind {
	case gap.Kind:
		return []string{detect.ClassText(gap.AtFirst(*e))}
	case portcall.Kind, loiter.Kind:
		return nil
	case detect.KindLog: // it says why AIS was off
		return e.Explanations
	case zone.Kind:
		return e.Explanations[:min(len(e.Explanations), 1)]
	}
	if detect.ClassOf(*e) != "" {
		return e.Explanations[:1]
	}
	return nil
}

// startMeasures are the measures of an event that were known when it began;
// the others are of its end.
var startMeasures = map[string]struct{}{
	"positions_before": {}, "receivers_before": {}, detect.ThresholdHours: {}, "others_heard": {},
	"others_heard_any": {}, "others_heard_hours": {}, "places_ahead_heard": {}, "max_speed_kn": {}, "satellite_positions_per_day": {},
	"satellite_positions_before": {}, "terrestrial_positions_before": {}, "dynamic_positions_before": {},
}

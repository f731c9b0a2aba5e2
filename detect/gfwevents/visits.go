package gfwevents

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"navicert"
	"navicert/detect/portcall"
	"navicert/track/gfw"
)

// portEvent and portVisit are of pipe-anchorages (tests/test_create_port_visits.py).
type portEvent struct {
	Turn      string  `json:"event_type"`
	Timestamp float64 `json:"timestamp"`
	Lat       float64 `json:"lat"`
	Lon       float64 `json:"lon"`
	Segment   int     `json:"seg_id"`
	Anchorage string  `json:"anchorage_id"`
}

type portVisit struct {
	ID             string      `json:"visit_id"`
	Vessel         string      `json:"vessel_id"`
	Start          float64     `json:"start_timestamp"`
	StartLat       float64     `json:"start_lat"`
	StartLon       float64     `json:"start_lon"`
	StartAnchorage string      `json:"start_anchorage_id"`
	End            float64     `json:"end_timestamp"`
	EndLat         float64     `json:"end_lat"`
	EndLon         float64     `json:"end_lon"`
	EndAnchorage   string      `json:"end_anchorage_id"`
	Hours          float64     `json:"duration_hrs"`
	Events         []portEvent `json:"events"`
	Confidence     int         `json:"confidence"`
}

func turnOf(name string) (portcall.Turn, bool) {
	names := []string{"PORT_ENTRY", "PORT_GAP_BEGIN", "PORT_GAP_END", "PORT_STOP_BEGIN", "PORT_STOP_END", "PORT_EXIT"}
	i := slices.Index(names, name)
	return portcall.Entry + portcall.Turn(max(i, 0)), i >= 0
}

// Visits compares port visits made of port events, which come in reverse: their
// ids, confidence, number of events, times and places.
func Visits(path string) (gfw.Set, error) {
	set := gfw.Set{Name: visitsName}
	var file struct {
		Cases []struct {
			Events   []portEvent `json:"events"`
			Expected []portVisit `json:"expected_visits"`
		} `json:"cases"`
	}
	if err := gfw.ReadJSON(path, &file); err != nil {
		return set, err
	}
	for i, c := range file.Cases {
		name := fmt.Sprintf("case %d", i)
		var anchorages []string
		var moments []portcall.Moment
		for _, e := range c.Events {
			turn, ok := turnOf(e.Turn)
			if !ok {
				return set, gfw.Unusable(path, "%s: event %q", name, e.Turn)
			}
			n := slices.Index(anchorages, e.Anchorage)
			if n < 0 {
				n = len(anchorages)
				anchorages = append(anchorages, e.Anchorage)
			}
			moments = append(moments, portcall.Moment{
				Turn: turn, Time: time.Unix(int64(e.Timestamp), 0).UTC(), Port: int32(n),
				At: navicert.Position{Lat: e.Lat, Lon: e.Lon}, Segment: e.Segment,
			})
		}
		slices.Reverse(moments)
		visits, events := visitsOf(moments, portcall.GFW().SegmentNM)
		var wrong differences
		if len(visits) != len(c.Expected) {
			wrong.add("%d visits, want %d", len(visits), len(c.Expected))
		} else {
			for k := range c.Expected {
				wrong.visit(k, visits[k], events[k], &c.Expected[k], anchorages)
			}
		}
		set.Case(name, wrong)
	}
	return set, nil
}

// visitsOf makes visits of moments, in any order, with the parts that the
// detector uses, and counts the moments of each.
func visitsOf(moments []portcall.Moment, segmentNM float64) (out []*portcall.Visit, events []int) {
	slices.SortStableFunc(moments, func(a, b portcall.Moment) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Turn, b.Turn))
	})
	var v *portcall.Visit
	for i := range moments {
		m := &moments[i]
		if v == nil || v.ClosedBy(m, segmentNM) {
			v = &portcall.Visit{}
			out, events = append(out, v), append(events, 0)
		}
		v.Add(m)
		events[len(events)-1]++
		if m.Turn == portcall.Exit {
			v = nil
		}
	}
	return out, events
}

func (d *differences) visit(k int, v *portcall.Visit, events int, w *portVisit, anchorages []string) {
	if id := v.ID(w.Vessel); id != w.ID || v.Confidence() != w.Confidence || events != len(w.Events) {
		d.add("visit %d: id %s, confidence %d, %d events; want %s, %d, %d", k, id, v.Confidence(), events, w.ID, w.Confidence, len(w.Events))
	}
	if float64(v.First.Time.Unix()) != w.Start || float64(v.Last.Time.Unix()) != w.End {
		d.add("visit %d: from %s to %s, want %.0f to %.0f", k, v.First.Time, v.Last.Time, w.Start, w.End)
	}
	d.near(fmt.Sprintf("hours of visit %d", k), v.Last.Time.Sub(v.First.Time).Hours(), w.Hours, 1e-9)
	if v.First.At != (navicert.Position{Lat: w.StartLat, Lon: w.StartLon}) || v.Last.At != (navicert.Position{Lat: w.EndLat, Lon: w.EndLon}) ||
		anchorages[v.First.Port] != w.StartAnchorage || anchorages[v.Last.Port] != w.EndAnchorage {
		d.add("visit %d: from %v to %v", k, v.First, v.Last)
	}
	stop := slices.IndexFunc(w.Events, func(e portEvent) bool { return e.Turn == "PORT_STOP_BEGIN" })
	if stop >= 0 && anchorages[v.Place.Port] != w.Events[stop].Anchorage {
		d.add("visit %d: at %s, want %s", k, anchorages[v.Place.Port], w.Events[stop].Anchorage)
	}
}

package portcall

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"navicert"
	"navicert/internal/realdata"
)

// The cases of Global Fishing Watch's pipe-anchorages (e1db7c8,
// tests/test_create_port_visits.py, Apache-2.0).

type gfwMoment struct {
	Turn      string  `json:"event_type"`
	Timestamp float64 `json:"timestamp"`
	Lat       float64 `json:"lat"`
	Lon       float64 `json:"lon"`
	Segment   int     `json:"seg_id"`
	Anchorage string  `json:"anchorage_id"`
}

type gfwVisit struct {
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
	Events         []gfwMoment `json:"events"`
	Confidence     int         `json:"confidence"`
}

var turns = map[string]Turn{
	"PORT_ENTRY": Entry, "PORT_GAP_BEGIN": GapBegin, "PORT_GAP_END": GapEnd,
	"PORT_STOP_BEGIN": StopBegin, "PORT_STOP_END": StopEnd, "PORT_EXIT": Exit,
}

// visitsOf makes visits of moments, in any order, with the parts that Detector
// uses.
func visitsOf(moments []Moment, segmentNM float64) (out []*Visit, events []int) {
	slices.SortStableFunc(moments, func(a, b Moment) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Turn, b.Turn)) })
	var v *Visit
	for i := range moments {
		m := &moments[i]
		if v == nil || v.closedBy(m, segmentNM) {
			v = &Visit{}
			out, events = append(out, v), append(events, 0)
		}
		v.add(m)
		events[len(events)-1]++
		if m.Turn == Exit {
			v = nil
		}
	}
	return out, events
}

func TestGFWVisits(t *testing.T) {
	b, err := os.ReadFile(realdata.Dir(t, "behaviour/gfw_port_visits_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Events   []gfwMoment `json:"events"`
			Expected []gfwVisit  `json:"expected_visits"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 4 {
		t.Fatalf("%d cases, want 4", len(file.Cases))
	}
	for i, c := range file.Cases {
		anchorages := []string{}
		var moments []Moment
		for _, e := range c.Events {
			turn, ok := turns[e.Turn]
			if !ok {
				t.Fatalf("case %d: event %q", i, e.Turn)
			}
			n := slices.Index(anchorages, e.Anchorage)
			if n < 0 {
				n = len(anchorages)
				anchorages = append(anchorages, e.Anchorage)
			}
			moments = append(moments, Moment{Turn: turn, Time: time.Unix(int64(e.Timestamp), 0).UTC(), Port: int32(n), At: navicert.Position{Lat: e.Lat, Lon: e.Lon}, Segment: e.Segment})
		}
		slices.Reverse(moments) // they may come in any order
		visits, events := visitsOf(moments, GFW().SegmentNM)
		if len(visits) != len(c.Expected) {
			t.Errorf("case %d: %d visits, want %d", i, len(visits), len(c.Expected))
			continue
		}
		for k, w := range c.Expected {
			v := visits[k]
			if v.ID(w.Vessel) != w.ID || v.Confidence() != w.Confidence || events[k] != len(w.Events) {
				t.Errorf("case %d visit %d: id %s, confidence %d, %d events; want %s, %d, %d", i, k, v.ID(w.Vessel), v.Confidence(), events[k], w.ID, w.Confidence, len(w.Events))
			}
			if float64(v.First.Time.Unix()) != w.Start || float64(v.Last.Time.Unix()) != w.End || v.Last.Time.Sub(v.First.Time).Hours()-w.Hours > 1e-9 {
				t.Errorf("case %d visit %d: from %s to %s", i, k, v.First.Time, v.Last.Time)
			}
			if v.First.At != (navicert.Position{Lat: w.StartLat, Lon: w.StartLon}) || v.Last.At != (navicert.Position{Lat: w.EndLat, Lon: w.EndLon}) ||
				anchorages[v.First.Port] != w.StartAnchorage || anchorages[v.Last.Port] != w.EndAnchorage {
				t.Errorf("case %d visit %d: from %v to %v", i, k, v.First, v.Last)
			}
			if place := w.Events[slices.IndexFunc(w.Events, func(e gfwMoment) bool { return e.Turn == "PORT_STOP_BEGIN" })]; anchorages[v.Place.Port] != place.Anchorage {
				t.Errorf("case %d visit %d: at %v, want %s", i, k, v.Place, place.Anchorage)
			}
		}
	}
}

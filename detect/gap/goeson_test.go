package gap_test

import (
	"slices"
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/track/state"
)

// lost counts the silences that it is told of.
type lost struct{ starts []gap.Start }

func (l *lost) Silent(s *gap.Start)               { l.starts = append(l.starts, *s) }
func (l *lost) Look(time.Time, bool, detect.Emit) {}
func (l *lost) Changes() int                      { return 0 }
func (l *lost) Explains(_ s2.CellID, _ time.Time) (r gap.Reason, ok bool) {
	return r, false
}

// sail are the fixes of one of two places that one number is heard at in turn.
func sail(lat, lon float64, from time.Time, n int) (out []navicert.Fix) {
	for i := range n {
		at := time.Duration(i) * 20 * time.Minute
		out = append(out, navicert.Fix{
			MMSI: 775999001, Time: from.Add(at), Pos: geo.Destination(navicert.Position{Lat: lat, Lon: lon}, 90, 9*at.Hours()), Class: navicert.ClassA,
			SpeedKn: navicert.Some(9.0), CourseDeg: navicert.Some(90.0), Simulated: true, Ref: navicert.Ref{Source: "sea"},
		})
	}
	return out
}

// run plays fixes, with the state of a run before, and ends; it returns the newest of
// each event and what the next run goes on from.
func run(t *testing.T, saved []byte, areas []gap.Areas, end time.Time, all ...[]navicert.Fix) (events map[string]navicert.Event, next []byte) {
	t.Helper()
	events = map[string]navicert.Event{}
	fixes := slices.Concat(all...)
	slices.SortStableFunc(fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	var e *detect.Engine
	e = detect.NewEngine(detect.Options{
		Detectors: []detect.Detector{gap.New(gap.GFWProduct, detect.KnownReceivers(), areas...)},
		Since:     fixes[0].Time,
		Event:     func(ev navicert.Event) error { events[ev.ID] = ev; return nil },
		Ended: func() error {
			c := state.Saving()
			e.State(c)
			var err error
			next, err = c.Bytes()
			return err
		},
	})
	if saved != nil {
		c := state.Loading(saved)
		if e.State(c); c.Close() != nil {
			t.Fatal(c.Err())
		}
	}
	for i := range fixes {
		if err := e.Fix(&fixes[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(end); err != nil {
		t.Fatal(err)
	}
	return events, next
}

// TestToldOpenIsClosed: a number is heard at two places in turn, then at neither, and
// an input ends: both gaps are told as open. In the next the second place is heard
// before the first is: both are closed, and one run over all tells the same two.
func TestToldOpenIsClosed(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	one, two := sail(12, -64.8, start, 15), sail(14, -62, start.Add(5*time.Minute), 12)
	twoBack, oneBack := sail(14, -60.5, start.Add(14*time.Hour+45*time.Minute), 15), sail(12, -62.6, start.Add(15*time.Hour), 15)
	open, state := run(t, nil, nil, start.Add(13*time.Hour), one, two)
	closed, _ := run(t, state, nil, time.Time{}, twoBack, oneBack)
	if len(open) != 2 {
		t.Fatalf("%d gaps are open", len(open))
	}
	for id, ev := range open {
		if ev.State != navicert.EventOpen || closed[id].State != navicert.EventClosed {
			t.Errorf("from %s: %s, then %q", ev.Start, ev.State, closed[id].State)
		}
	}
	whole, _ := run(t, nil, nil, time.Time{}, one, two, twoBack, oneBack)
	for id := range open {
		if whole[id].State != navicert.EventClosed || len(whole) != 2 {
			t.Errorf("one run over all tells of %d gaps, of %s %q", len(whole), id, whole[id].State)
		}
	}
}

// TestHeardElsewhereIsNotLost: a track that ends while its number is heard at another
// place is no ship that areas of many lost ones count.
func TestHeardElsewhereIsNotLost(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var l lost
	run(t, nil, []gap.Areas{&l}, time.Time{}, sail(12, -64.8, start, 72), sail(14, -62, start.Add(5*time.Minute), 12))
	if len(l.starts) > 0 {
		t.Errorf("lost: %+v", l.starts)
	}
}

package jamming

import (
	"slices"
	"testing"
	"time"

	"github.com/golang/geo/s2"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/track/state"
)

var day0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const silent = 6 * time.Hour

// events are those that were told, the last version of each by id.
type events map[string]navicert.Event

func (e events) emit(ev navicert.Event) { e[ev.ID] = ev }

func (e events) open() (n int) {
	for _, ev := range e {
		if ev.State == navicert.EventOpen {
			n++
		}
	}
	return n
}

// lost has a ship fall silent every few tenths of a degree in a box, on a day.
func lost(d *Detector, day int, west, east float64) (until time.Time) {
	at := day0.AddDate(0, 0, day)
	n := 0
	for x := west; x < east+0.01; x += (east - west) / 4 {
		for y := 0.0; y < 0.81; y += 0.4 {
			n++
			d.Silent(&gap.Start{
				MMSI: 775999000 + navicert.MMSI(n), At: at.Add(time.Duration(n) * time.Minute), InReach: true, Near: true,
				Leaf: s2.CellIDFromLatLng(s2.LatLngFromDegrees(y, x)),
			})
		}
	}
	return at.Add(silent + gap.AreaSettled + time.Hour)
}

// TestAreasBecomeOne: two areas are one when they have grown into each other, and
// the younger ends then.
func TestAreasBecomeOne(t *testing.T) {
	d, told := New(RF(), silent, nil), events{}
	for i, box := range [][2]float64{{0, 1}, {0.6, 1.7}, {0.3, 1.3}} {
		d.Look(lost(d, i, box[0], box[1]), false, told.emit)
	}
	if len(told) != 2 || told.open() != 2 {
		t.Fatalf("%d areas, %d open; want 2", len(told), told.open())
	}
	d.Look(lost(d, 3, 0.35, 1.7), false, told.emit)
	if len(told) != 2 || told.open() != 1 || len(d.areas) != 1 {
		t.Fatalf("%d areas, %d open, %d known; want 2, 1, 1", len(told), told.open(), len(d.areas))
	}
	for _, ev := range told {
		grown := slices.ContainsFunc(ev.Explanations, func(s string) bool {
			return s == "it has grown into "+d.areas[0].zone()+", with which it is one from then on"
		})
		if closed := ev.State == navicert.EventClosed; closed != grown || closed == (ev.ID == d.areas[0].id) {
			t.Errorf("%+v", ev)
		}
	}
	if r, ok := d.Explains(s2.CellIDFromLatLng(s2.LatLngFromDegrees(0.5, 1.6)), day0.Add(24*time.Hour)); !ok || r.Evidence.Ref != d.areas[0].id {
		t.Errorf("what the younger explained is explained by %+v", r)
	}
}

// TestNoAreaIsLeftOpen: the events of areas that find no room end.
func TestNoAreaIsLeftOpen(t *testing.T) {
	d, told := New(RF(), silent, nil), events{}
	for i := range maxAreas + 3 {
		for k := range 3 {
			d.Silent(&gap.Start{
				MMSI: 775999001 + navicert.MMSI(k), At: day0.Add(time.Duration(k) * time.Minute), InReach: true, Near: true,
				Leaf: s2.CellIDFromLatLng(s2.LatLngFromDegrees(float64(i%30)*2+float64(k)/10-40, float64(i/30)*2)),
			})
		}
	}
	d.Look(day0.Add(silent+gap.AreaSettled+time.Hour), false, told.emit)
	if len(told) != maxAreas+3 || told.open() != maxAreas || len(d.areas) != maxAreas {
		t.Errorf("%d areas told, %d open, %d known; want %d, %d, %d", len(told), told.open(), len(d.areas), maxAreas+3, maxAreas, maxAreas)
	}
}

// TestWaitingIsState: starts that wait are part of what is saved.
func TestWaitingIsState(t *testing.T) {
	d := New(RF(), silent, nil)
	until := lost(d, 0, 0, 1)
	d.Look(until.Add(-2*time.Hour), false, func(navicert.Event) { t.Error("told before it was known whether it is an outage") })
	c := state.Saving()
	d.State(c)
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, told := New(RF(), silent, nil), events{}
	c = state.Loading(b)
	again.State(c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again.Look(until, false, told.emit)
	if told.open() != 1 {
		t.Errorf("%d areas after loading, want 1", told.open())
	}
}

var _ detect.Emit = events{}.emit

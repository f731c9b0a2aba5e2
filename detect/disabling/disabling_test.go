package disabling_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/detecttest"
	"navicert/detect/disabling"
	"navicert/detect/gap"
	"navicert/geo"
	"navicert/track"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", disabling.Kind) }

// TestToldAnew: an area that comes to light and a first draught after the gap both
// tell the event anew, each time with the next revision and all that is known.
func TestToldAnew(t *testing.T) {
	island, err := geo.NewCircle(navicert.Position{Lat: 8, Lon: -65}, 60)
	if err != nil {
		t.Fatal(err)
	}
	off := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	d := disabling.New(disabling.Welch2022(), geo.NewLand(island), nil)
	v := &track.Vessel{MMSI: 775999001}
	ev := navicert.Event{
		ID: "g", Kind: gap.Kind, MMSI: v.MMSI, State: navicert.EventClosed, Start: navicert.At(off), End: navicert.At(off.Add(14 * time.Hour)),
		Position: navicert.Some(navicert.Position{Lat: 20, Lon: -65}), EndPosition: navicert.Some(navicert.Position{Lat: 20.1, Lon: -65}),
		Measures:     map[string]float64{"duration_hours": 14, "satellite_positions_before": 20, "satellite_positions_per_day": 30, "max_speed_kn": 15},
		Explanations: []string{detect.ClassText(gap.Unexplained), "others were heard"},
	}
	var got []navicert.Event
	emit := func(ev navicert.Event) { got = append(got, ev) }
	d.Report(v, &navicert.Static{MMSI: v.MMSI, Time: off.Add(-time.Hour), DraughtM: navicert.Some(8.2)}, emit)
	d.Gap(&ev, 0, emit)
	d.Report(v, &navicert.Static{MMSI: v.MMSI, Time: off.Add(15 * time.Hour), DraughtM: navicert.Some(12.4)}, emit)
	again := ev
	again.Revision = 1
	again.Explanations = []string{detect.ClassText(gap.Outage), "its receiver fell silent"}
	d.Gap(&again, 0, emit)
	if len(got) != 3 {
		t.Fatalf("%d events", len(got))
	}
	for i, want := range []struct {
		class string
		after float64
	}{{"possible", 0}, {"possible", 12.4}, {"outage", 12.4}} {
		ev := got[i]
		if ev.Revision != i || ev.ID != got[0].ID || detect.ClassOf(ev) != want.class || ev.Measures["draught_after_m"] != want.after {
			t.Errorf("%d: revision %d, %s, %v", i, ev.Revision, detect.ClassOf(ev), ev.Measures)
		}
		if i > 0 && ev.Measures["draught_before_m"] != 8.2 {
			t.Errorf("%d: the draught before is %v", i, ev.Measures["draught_before_m"])
		}
	}

	explained := again
	explained.ID, explained.Revision = "other", 1
	got = nil
	d.Gap(&explained, 0, emit)
	if len(got) > 0 {
		t.Errorf("a gap that was explained before it was told: %v", got)
	}
}

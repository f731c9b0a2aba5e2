package loiter_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/detecttest"
	"navicert/detect/loiter"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", loiter.Kind) }

// The named presets differ in how long it must last, and in nothing else.
func TestPresets(t *testing.T) {
	for p, want := range map[loiter.Preset]time.Duration{loiter.GFW(): 0, loiter.RFMO(): 4 * time.Hour, loiter.Miller2018(): 8 * time.Hour} {
		if p.AtLeast != want {
			t.Errorf("%s: at least %s, want %s", p.Name, p.AtLeast, want)
		}
		p.Name, p.AtLeast = loiter.GFW().Name, 0
		if p != loiter.GFW() {
			t.Errorf("%+v", p)
		}
	}
	for preset, want := range map[*loiter.Preset]int{new(loiter.GFW()): 1, new(loiter.RFMO()): 0} {
		if got := threeHours(t, *preset); got != want {
			t.Errorf("%s: %d events of three hours, want %d", preset.Name, got, want)
		}
	}
}

func threeHours(t *testing.T, p loiter.Preset) int {
	t.Helper()
	ids := map[string]bool{}
	e := detect.NewEngine(detect.Options{
		Detectors: []detect.Detector{loiter.New(p, nil, nil, nil)},
		Event:     func(ev navicert.Event) error { ids[ev.ID] = true; return nil },
	})
	f := navicert.Fix{MMSI: 775999001, Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(0.0), Ref: navicert.Ref{Source: "test"}}
	for k := range 40 { // slow from 0:00 to 2:50, then under way
		if k > 17 {
			f.Pos.Lat += 2.0 / 60
			f.SpeedKn = navicert.Some(12.0)
		}
		if err := e.Fix(&f); err != nil {
			t.Fatal(err)
		}
		f.Time = f.Time.Add(10 * time.Minute)
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return len(ids)
}

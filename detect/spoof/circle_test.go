package spoof_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/spoof"
)

// TestCircleEvidenceNamesReceivers: both fixes that circles rest on say who heard
// them.
func TestCircleEvidenceNamesReceivers(t *testing.T) {
	var last navicert.Event
	e := detect.NewEngine(detect.Options{
		Detectors: []detect.Detector{spoof.New(spoof.RF(), nil, nil)},
		Event:     func(ev navicert.Event) error { last = ev; return nil },
	})
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 120 {
		angle := float64(i) * math.Pi / 6
		if err := e.Fix(&navicert.Fix{
			MMSI: 775999001, Time: start.Add(time.Duration(i) * 3 * time.Minute),
			Pos:     navicert.Position{Lat: 13 + math.Cos(angle)/60, Lon: -64.8 + math.Sin(angle)/58.5},
			SpeedKn: navicert.Some(10.3), CourseDeg: navicert.Some(math.Mod(90+30*float64(i), 360)),
			Station: "NORTH", OtherStations: navicert.MakeStations("SOUTH"), Ref: navicert.Ref{Source: "log", Offset: int64(i)},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if len(last.Evidence) != 2 || last.Explanations[0] != detect.ClassText(spoof.Circle) {
		t.Fatalf("the last event is %+v, want circles", last)
	}
	for _, ev := range last.Evidence {
		if !strings.Contains(ev.Text, " 10.3 kn ") || !strings.HasSuffix(ev.Text, "° by NORTH, heard too by SOUTH") {
			t.Errorf("evidence %s says %q", ev.Ref, ev.Text)
		}
	}
}

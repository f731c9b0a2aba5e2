package gap_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
	"navicert/detect/all"
	"navicert/detect/gap"
	"navicert/geo"
)

// TestOutOfReception: ships that send all the time and sail out of the circle in
// which a coast station hears them, or whose station fails, are never silent of
// their own, whatever the others do.
func TestOutOfReception(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	station := navicert.Position{Lat: 12, Lon: -60}
	gaps := 0
	rapid.Check(t, func(t *rapid.T) {
		reach := rapid.Float64Range(30, 70).Draw(t, "reach")
		fails := time.Duration(rapid.IntRange(8*60, 60*60).Draw(t, "fails at")) * time.Minute
		for_ := time.Duration(rapid.IntRange(0, 20*60).Draw(t, "for")) * time.Minute
		var fixes []navicert.Fix
		for i := range rapid.IntRange(3, 25).Draw(t, "ships") {
			bearing := rapid.Float64Range(0, 360).Draw(t, "bearing")
			at := geo.Destination(station, bearing, rapid.Float64Range(0, 25).Draw(t, "off"))
			kn := rapid.SampledFrom([]float64{0, 0, 2, 6, 12, 18}).Draw(t, "speed")
			course := math.Mod(bearing+rapid.Float64Range(-30, 30).Draw(t, "turn")+360, 360)
			leaves := time.Duration(rapid.IntRange(0, 30*60).Draw(t, "leaves")) * time.Minute
			for d := time.Duration(0); d < 48*time.Hour; d += 10 * time.Minute {
				pos := geo.Destination(at, course, kn*max(0, (d-leaves).Hours()))
				if geo.DistanceNM(station, pos) > reach || d >= fails && d < fails+for_ {
					continue
				}
				speed := kn
				if d < leaves {
					speed = 0
				}
				fixes = append(fixes, navicert.Fix{
					MMSI: 775999001 + navicert.MMSI(i), Time: start.Add(d + time.Duration(i)*time.Second), Pos: pos, Class: navicert.ClassA,
					SpeedKn: navicert.Some(speed), CourseDeg: navicert.Some(course), Station: "pier", Simulated: true, Ref: navicert.Ref{Source: "sea"},
				})
			}
		}
		for h := range 48 { // another sea is always heard
			fixes = append(fixes, navicert.Fix{
				MMSI: 235999001, Time: start.Add(time.Duration(h) * time.Hour), Pos: navicert.Position{Lat: 50, Lon: -5}, Class: navicert.ClassA,
				SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(0.0), Station: "mole", Simulated: true, Ref: navicert.Ref{Source: "sea"},
			})
		}
		slices.SortStableFunc(fixes, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
		e := detect.NewEngine(detect.Options{Detectors: all.Detectors(all.Config{}), Event: func(ev navicert.Event) error {
			if ev.Kind == gap.Kind {
				gaps++
				if gap.ClassOf(ev) == gap.Unexplained {
					t.Fatalf("unexplained: %+v", ev)
				}
			}
			return nil
		}})
		for i := range fixes {
			if err := e.Fix(&fixes[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(start.Add(48 * time.Hour)); err != nil {
			t.Fatal(err)
		}
	})
	if gaps == 0 {
		t.Error("no gap was looked at")
	}
}

package approach_test

import (
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/approach"
	"navicert/detect/detecttest"
	"navicert/geo"
	"navicert/track"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", approach.Kind) }

// TestAllEnd: nothing goes on of ships that have been silent for two days.
func TestAllEnd(t *testing.T) { detecttest.AllEnd(t, "testdata/*.txt", approach.Kind) }

// BenchmarkStep is one ship under way among zones that it does not meet.
func BenchmarkStep(b *testing.B) {
	for _, n := range []int{0, 10, 1600} {
		var zones []geo.Zone
		for i := range n {
			a, err := geo.NewCircle(navicert.Position{Lat: float64(i%120) - 60, Lon: float64(i*37%360) - 180}, 10)
			if err != nil {
				b.Fatal(err)
			}
			zones = append(zones, geo.Zone{ID: fmt.Sprint(i), Area: a})
		}
		d := approach.New(approach.Default(), geo.NewIndex(zones), nil)
		v := &track.Vessel{MMSI: 775999001}
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var fixes [1024]navicert.Fix
		for i := range fixes {
			at := start.Add(time.Duration(i) * time.Minute)
			fixes[i] = navicert.Fix{MMSI: v.MMSI, Time: at, Pos: navicert.Position{Lat: 30.5 + float64(i)*0.003, Lon: -40.5}, SpeedKn: navicert.Some(12.0), CourseDeg: navicert.Some(float64(i % 3))}
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f := fixes[i%1024]
				f.Time = f.Time.Add(time.Duration(i/1024) * 1024 * time.Minute)
				d.Step(&detect.Step{Step: track.Step{Vessel: v, Fix: &f}}, func(navicert.Event) {})
			}
		})
	}
}

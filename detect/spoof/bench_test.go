package spoof_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/spoof"
	"navicert/geo"
	"navicert/track"
)

// BenchmarkStep is a position of a ship under way, as nearly all are.
func BenchmarkStep(b *testing.B) {
	land := geo.NewLand()
	d := spoof.New(spoof.RF(), land, nil)
	v := make([]track.Vessel, 1000)
	last := make([]navicert.Fix, len(v))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range v {
		v[i].Index = i
		last[i] = navicert.Fix{
			MMSI: 775999001, Time: start, Pos: navicert.Position{Lat: 12, Lon: -65}, Class: navicert.ClassA, Status: navicert.Some(navicert.UnderWayEngine),
			SpeedKn: navicert.Some(12.0), CourseDeg: navicert.Some(90.0), HeadingDeg: navicert.Some(91.0),
		}
	}
	s := detect.Step{}
	next := last[0]
	n := 0
	emit := func(navicert.Event) { b.Fatal("an event") }
	b.ReportAllocs()
	for b.Loop() {
		i := n % len(v)
		next = last[i]
		next.Time = next.Time.Add(30 * time.Second)
		next.Pos.Lon += 0.1 * 12 / 720
		next.SpeedKn = navicert.Some(12 + 0.1*float64(n/len(v)%3))
		s.Vessel, s.Prev, s.Fix = &v[i], &last[i], &next
		d.Step(&s, emit)
		last[i] = next
		n++
	}
}

package detecttest

import (
	"runtime"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track"
)

// Bench gives detectors the fixes of 5,000 ships in a box of ten degrees, one in
// two moored, the others at 12 kn, at intervals, with a tick each ten minutes. It
// measures one fix; without detectors, what the loop itself takes.
func Bench(b *testing.B, every time.Duration, detectors ...detect.Detector) {
	const n = 5000
	tanker := track.Particulars{ShipType: navicert.Some(int32(80))}
	vessels := make([]track.Vessel, n)
	fixes := make([][2]navicert.Fix, n)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range vessels {
		vessels[i] = track.Vessel{MMSI: navicert.MMSI(200_000_000 + i), Index: i, Segment: 1, Identity: &tanker}
		f := navicert.Fix{MMSI: vessels[i].MMSI, Time: now, Pos: navicert.Position{Lat: 10 + float64(i%71)/7.1, Lon: -70 + float64(i%97)/9.7}, SpeedKn: navicert.Some(0.0), CourseDeg: navicert.Some(90.0)}
		if i%2 == 0 {
			f.SpeedKn = navicert.Some(12.0)
		}
		fixes[i] = [2]navicert.Fix{f, f}
	}
	emit := func(navicert.Event) {}
	b.ReportAllocs()
	tick := now
	var s detect.Step
	for i := 0; b.Loop(); i++ {
		k := i % n
		if k == 0 {
			now = now.Add(every)
			if now.Sub(tick) >= detect.TickEvery {
				tick = now.Truncate(detect.TickEvery)
				for _, d := range detectors {
					if t, ok := d.(detect.Ticker); ok {
						t.Tick(tick, emit)
					}
				}
			}
		}
		f := &fixes[k]
		f[0] = f[1]
		f[1].Time = now
		if k%2 == 0 {
			f[1].Pos.Lat += 12.0 / 60 * every.Hours()
			if f[1].Pos.Lat > 80 {
				f[1].Pos.Lat = 10
			}
		}
		s = detect.Step{Step: track.Step{Vessel: &vessels[k], Prev: &f[0], Fix: &f[1]}}
		for _, d := range detectors {
			d.Step(&s, emit)
		}
	}
}

// OneCore has what follows in a benchmark run on one core, the collector of garbage too.
// Call it in the innermost benchmark: each begins with as many as the machine has.
func OneCore(b *testing.B) {
	before := runtime.GOMAXPROCS(1)
	b.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

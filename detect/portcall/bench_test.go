package portcall_test

import (
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/portcall"
	"navicert/geo"
	"navicert/track"
)

// BenchmarkStep is ships at intervals, one in two moored, the others at 12 kn.
func BenchmarkStep(b *testing.B) {
	var list []geo.Port
	for i := range 40 {
		list = append(list, geo.Port{ID: fmt.Sprint(i), Kind: geo.SeaPort, WithinNM: float64(i % 2), Pos: navicert.Position{Lat: 10 + float64(i%7), Lon: -70 + float64(i/7)}})
	}
	for _, every := range []time.Duration{10 * time.Second, 3 * time.Minute} {
		b.Run(fmt.Sprintf("every-%s/nothing", every), func(b *testing.B) { steps(b, nil, every) })
		b.Run(fmt.Sprintf("every-%s/portcall", every), func(b *testing.B) {
			steps(b, []detect.Detector{portcall.New(portcall.GFW(), geo.NewPorts(list))}, every)
		})
	}
}

func steps(b *testing.B, detectors []detect.Detector, every time.Duration) {
	const n = 5000
	vessels := make([]track.Vessel, n)
	fixes := make([][2]navicert.Fix, n)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range vessels {
		vessels[i] = track.Vessel{MMSI: navicert.MMSI(200_000_000 + i), Index: i, Segment: 1}
		vessels[i].Identity.ShipType = navicert.Some(80)
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

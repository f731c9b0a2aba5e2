package encounter_test

import (
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/encounter"
	"navicert/geo"
)

// BenchmarkStep is ships at intervals, one in two moored, the others at 12 kn,
// all in a box of 10 degrees, with a tick each ten minutes.
func BenchmarkStep(b *testing.B) {
	var list []geo.Port
	for i := range 40 {
		list = append(list, geo.Port{ID: fmt.Sprint(i), Kind: geo.SeaPort, Pos: navicert.Position{Lat: 10 + float64(i%7), Lon: -70 + float64(i/7)}})
	}
	for _, every := range []time.Duration{10 * time.Second, 3 * time.Minute} {
		b.Run(fmt.Sprintf("every-%s/nothing", every), func(b *testing.B) { detecttest.Bench(b, every) })
		for _, c := range []struct {
			name  string
			ports *geo.Ports
		}{{"ports", geo.NewPorts(list)}, {"no-ports", nil}} {
			b.Run(fmt.Sprintf("every-%s/%s", every, c.name), func(b *testing.B) {
				detecttest.Bench(b, every, encounter.New(encounter.GFW(), c.ports))
			})
		}
	}
}

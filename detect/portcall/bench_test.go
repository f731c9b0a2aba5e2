package portcall_test

import (
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/portcall"
	"navicert/geo"
)

// BenchmarkStep is ships at intervals, one in two moored, the others at 12 kn.
func BenchmarkStep(b *testing.B) {
	var list []geo.Port
	for i := range 40 {
		list = append(list, geo.Port{ID: fmt.Sprint(i), Kind: geo.SeaPort, WithinNM: float64(i % 2), Pos: navicert.Position{Lat: 10 + float64(i%7), Lon: -70 + float64(i/7)}})
	}
	for _, every := range []time.Duration{10 * time.Second, 3 * time.Minute} {
		b.Run(fmt.Sprintf("every-%s/nothing", every), func(b *testing.B) { detecttest.Bench(b, every) })
		b.Run(fmt.Sprintf("every-%s/portcall", every), func(b *testing.B) {
			detecttest.Bench(b, every, portcall.New(portcall.GFW(), geo.NewPorts(list)))
		})
	}
}

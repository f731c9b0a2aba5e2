package loiter_test

import (
	"fmt"
	"testing"
	"time"

	"navicert/detect/detecttest"
	"navicert/detect/loiter"
	"navicert/geo"
)

// BenchmarkStep is ships at intervals, one in two moored, the others at 12 kn.
func BenchmarkStep(b *testing.B) {
	for _, every := range []time.Duration{10 * time.Second, 3 * time.Minute} {
		b.Run(fmt.Sprintf("every-%s/nothing", every), func(b *testing.B) { detecttest.Bench(b, every) })
		b.Run(fmt.Sprintf("every-%s/loiter", every), func(b *testing.B) {
			detecttest.Bench(b, every, loiter.New(loiter.RFMO(), geo.NewLand(), nil, nil))
		})
	}
}

package draught_test

import (
	"testing"

	"navicert"
	"navicert/detect/detecttest"
	"navicert/detect/draught"
)

func TestStories(t *testing.T) { detecttest.Run(t, "testdata/*.txt", draught.Kind) }

func TestThreshold(t *testing.T) {
	p := draught.RF()
	for deadweight, want := range map[float64]float64{300_000: 3, 200_001: 3, 200_000: 2, 120_001: 2, 120_000: 1.5, 80_001: 1.5, 80_000: 1, 5_000: 1} {
		if got := p.Threshold(navicert.Some(deadweight)); got != want {
			t.Errorf("%g t: %g m, want %g", deadweight, got, want)
		}
	}
	if got := p.Threshold(navicert.Opt[float64]{}); got != 1 {
		t.Errorf("unknown deadweight: %g m", got)
	}
}

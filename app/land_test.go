package app

import (
	"testing"
	"testing/fstest"

	"navicert"
)

func TestLandOfTheChart(t *testing.T) {
	l := land()
	for p, want := range map[navicert.Position]bool{
		{Lat: 10.49, Lon: -66.9}: true,  // Caracas
		{Lat: 10.15, Lon: -64.9}: false, // Jose roads
		{Lat: 42, Lon: 50.5}:     false, // the Caspian
	} {
		if l.Contains(p) != want {
			t.Errorf("%v: land is %v", p, !want)
		}
	}
	if _, err := readLand(fstest.MapFS{}); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("without a file: %v", err)
	}
	if _, err := readLanes(fstest.MapFS{}); navicert.KindOf(err) != navicert.NotFound {
		t.Errorf("sea lanes without a file: %v", err)
	}
	if _, err := seaLanes(); err != nil {
		t.Error(err)
	}
}

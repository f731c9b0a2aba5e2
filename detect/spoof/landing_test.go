package spoof

import (
	"testing"

	"github.com/golang/geo/s2"
)

// However many places ships leap to, so many wait at most, and those of other hours
// make room.
func TestLandingsAreBounded(t *testing.T) {
	d := New(RF(), nil, nil)
	for i := range 2 * crowdPlaces {
		d.wait(place{s2.CellID(i), 1000}, landing{ship: who{index: int32(i)}})
	}
	if n := len(d.landings); n != crowdPlaces {
		t.Fatalf("leaps to %d places wait, of %d", n, crowdPlaces)
	}
	d.wait(place{0, 1000}, landing{ship: who{index: -1}})
	if n := len(d.landings[place{0, 1000}]); n != 2 {
		t.Errorf("%d leaps wait at a place that is held", n)
	}
	d.wait(place{1, 1009}, landing{})
	if n := len(d.landings); n != 1 {
		t.Errorf("leaps to %d places wait hours later", n)
	}
}

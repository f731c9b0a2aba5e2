package ais

import (
	"testing"

	"navicert/internal/realdata"
)

func TestCheckSecond(t *testing.T) {
	p := NewPositionA(999000001)
	for _, c := range []struct {
		received    int64
		second      Second
		fits, unfit int64
		want        secondCheck
	}{
		{1600000020, 0, 1, 0, secondFits}, // a second of 0
		{1600000020, 55, 1, 0, secondFits},
		{1600000020, 40, 1, 0, secondFits},
		{1600000020, 39, 0, 1, secondUnfit},
		{1600000020, 5, 1, 0, secondFits},
		{1600000020, 6, 0, 1, secondUnfit},
		{1600000020, 30, 0, 1, secondUnfit},
		{1600000020, 60, 0, 0, secondUnchecked},
		{1600000020, 63, 0, 0, secondUnchecked},
	} {
		p.Second = c.second
		b := p.Encode()
		var n Counts
		got := n.checkSecond(&b, 1, c.received*1e9)
		if n.SecondFits != c.fits || n.SecondUnfit != c.unfit || got != c.want {
			t.Errorf("second %d received at %d: %d, %d fit, %d do not", c.second, c.received, got, n.SecondFits, n.SecondUnfit)
		}
	}
}

// TestSecondOfRecordings: times of reception fit, times of delivery do not.
func TestSecondOfRecordings(t *testing.T) {
	for _, c := range []struct {
		file     string
		from, to float64 // share that fits
	}{
		{"aisnet-kystverket-Ais1000Lines.nm4", 0.95, 1},
		{"noaadata-test.ais", 0.9, 1},
		{"amsa-risky-exact-earth-augmented.txt", 0.2, 0.7},
		{"amsa-risky-ais.txt.gz", 0.98, 1}, // nearly all timed by ZDA and RMC
		{"avnav-20130801.nmea.gz", 0.98, 1},
		{"opencpn-Go_to_Guernesey.txt.gz", 0.97, 1},
		{"signalk-gofree-merrimac.log", 0.94, 1},
	} {
		n := readReal(t, realdata.Dir(t, "ais/nmea/"+c.file), Options{StreamClock: true}, func(*Message) {})
		share := float64(n.SecondFits) / float64(n.SecondFits+n.SecondUnfit)
		t.Logf("%s: %d fit, %d do not", c.file, n.SecondFits, n.SecondUnfit)
		if share < c.from || share > c.to {
			t.Errorf("%s: %.3f fit", c.file, share)
		}
	}
}

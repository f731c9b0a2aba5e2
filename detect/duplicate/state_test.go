package duplicate

import (
	"testing"

	"navicert"
	"navicert/detect"
	"navicert/track"
	"navicert/track/state"
)

// TestDamagedState: what says that the first vessel of an MMSI is none is refused, and
// a vessel that shares an MMSI with nobody is passed over.
func TestDamagedState(t *testing.T) {
	const mmsi = 538001234
	load := func(saved *Detector) (*Detector, error) {
		c := state.Saving()
		saved.State(c)
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		d := New(saved.preset)
		c = state.Loading(b)
		d.State(c)
		return d, c.Close()
	}
	for _, first := range []int32{-1, 7} {
		d := New(Preset{})
		d.seen, d.shares, d.first[mmsi] = []bool{true}, []bool{false}, first
		if _, err := load(d); err == nil {
			t.Errorf("vessel %d of 1 is taken", first)
		}
	}
	d := New(Preset{})
	d.seen, d.shares, d.first[mmsi] = []bool{true}, []bool{true}, 0
	d, err := load(d)
	if err != nil {
		t.Fatal(err)
	}
	d.Step(&detect.Step{Step: track.Step{Vessel: &track.Vessel{MMSI: mmsi}, Fix: &navicert.Fix{MMSI: mmsi}}}, func(navicert.Event) {})
}

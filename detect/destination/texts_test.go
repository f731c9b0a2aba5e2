package destination

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track"
	"navicert/track/state"
)

// TestTextsAreForgotten: ships that declare something else each time do not keep out
// what others declare: what no ship declares any more is forgotten, what one does is
// not, and what is saved does not hang on it.
func TestTextsAreForgotten(t *testing.T) {
	ports := geo.NewPorts(nil)
	d := New(Default(), nil, ports)
	tracker := track.NewTracker(track.GateGuardian(), func(track.Step) error { return nil })
	const ships = 50
	for m := range ships {
		f := navicert.Fix{MMSI: navicert.MMSI(775999001 + m), Time: time.Unix(1_767_225_600, 0), Pos: navicert.Position{Lat: 10, Lon: -65}, Class: navicert.ClassA}
		if err := tracker.Fix(&f); err != nil {
			t.Fatal(err)
		}
	}
	vs := tracker.Vessels()
	declare := func(v *track.Vessel, words string) {
		d.Report(v, &navicert.Static{MMSI: v.MMSI, Time: time.Unix(1_767_225_600, 0), Destination: words, Ref: navicert.Ref{Source: "t"}}, func(navicert.Event) {})
	}
	declare(vs[0], "VEJOT") // and nothing else
	for i := range maxTexts + 2*forgetEvery {
		declare(vs[1+i%(len(vs)-1)], fmt.Sprint("Q", i, " ZZ"))
	}
	if n := len(d.texts); n > forgetEvery+2*ships {
		t.Errorf("%d texts are remembered of %d ships", n, ships)
	}
	for i := range d.ships {
		words := d.ships[i].text.words
		if d.texts[words] == nil {
			t.Errorf("%q, which a ship declares, is forgotten", words)
		}
	}
	save := func(d *Detector) []byte {
		c := state.Saving()
		d.State(c)
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	saved, again := save(d), New(Default(), nil, ports)
	c := state.Loading(saved)
	again.State(c)
	if err := c.Close(); err != nil || !bytes.Equal(saved, save(again)) || len(again.ships[0].text.places) == 0 || again.ships[0].way == nil {
		t.Errorf("saved and loaded it is another: %v", err)
	}
}

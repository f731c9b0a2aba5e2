package detect

import (
	"testing"
	"time"

	"navicert"
	"navicert/geo"
	"navicert/track/state"
)

// TestForgottenStaysForgotten: an hour that the ledger has forgotten does not come
// back empty from a saved state, so that what comes late would be told as all that
// was heard in it.
func TestForgottenStaysForgotten(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)
	f := navicert.Fix{MMSI: 775999001, Time: at, Pos: navicert.Position{Lat: 10, Lon: -64}, Station: "pier"}
	cell := geo.Leaf(f.Pos).Parent(CellLevel)
	l := newLedger()
	l.now = at.Add(keptHours * time.Hour)
	var row *heard
	l.heard(&f, cell, &row)
	if l.rows != 1 {
		t.Fatalf("%d rows, want 1", l.rows)
	}
	if err := l.over(at.Unix()/3600 + keptHours); err != nil {
		t.Fatal(err)
	}
	again := newLedger()
	save := state.Saving()
	l.state(save)
	saved, err := save.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	load := state.Loading(saved)
	again.state(load)
	if err := load.Close(); err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]*ledger{"as it went on": l, "loaded": again} {
		row = nil
		if l.heard(&f, cell, &row); l.rows != 0 || row != nil {
			t.Errorf("%s: a late fix made %d rows in a forgotten hour", name, l.rows)
		}
	}
}

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
	l.heard(&f, f.Time.Unix(), cell, &row)
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
		if l.heard(&f, f.Time.Unix(), cell, &row); l.rows != 0 || row != nil {
			t.Errorf("%s: a late fix made %d rows in a forgotten hour", name, l.rows)
		}
	}
}

// TestInventedShipsApart: what invented ships were heard by is told apart from what
// real ones were, also after the ledger was saved.
func TestInventedShipsApart(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)
	l := newLedger()
	l.now = at.Add(time.Minute)
	var row *heard // one vessel's, whose fixes are of both
	hear := func(l *ledger, m navicert.MMSI, simulated bool) {
		f := navicert.Fix{MMSI: m, Time: at, Pos: navicert.Position{Lat: 10, Lon: -64}, Station: "pier", Simulated: simulated}
		l.heard(&f, f.Time.Unix(), geo.CellID(f.Pos, CellLevel), &row)
	}
	hear(l, 775999001, false)
	hear(l, 775999001, true)
	hear(l, 775999002, true)
	save := state.Saving()
	l.state(save)
	saved, err := save.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	load, again := state.Loading(saved), newLedger()
	again.state(load)
	if err := load.Close(); err != nil {
		t.Fatal(err)
	}
	row = nil
	hear(again, 775999002, true)
	for name, l := range map[string]*ledger{"as it went on": l, "loaded": again} {
		fixes := 2
		if l == again {
			fixes = 3
		}
		rows := l.changed(l.hour(at.Unix() / 3600))
		if len(rows) != 2 || rows[0].Simulated || rows[0].Ships != 1 || !rows[1].Simulated || rows[1].Ships != 2 || rows[1].Fixes != fixes {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

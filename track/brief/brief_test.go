package brief_test

import (
	"testing"
	"time"

	"navicert"
	"navicert/track/brief"
	"navicert/track/state"
)

// What names a fix as evidence comes back, before and after it was saved.
func TestEvidence(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 5, time.UTC)
	fixes := []navicert.Fix{
		{Time: at, Pos: navicert.Position{Lat: 10.123456789, Lon: -179.98}, Ref: navicert.Ref{Source: "a", Line: 7}},
		{
			Time: at, Pos: navicert.Position{Lat: -1}, SpeedKn: navicert.Some(12.5), CourseDeg: navicert.Some(0.0), Station: "r",
			Status: navicert.Some(navicert.AtAnchor), Simulated: true, Ref: navicert.Ref{Source: "b", Offset: 1 << 40},
		},
	}
	var names, loaded brief.Names
	var held []brief.Fix
	for i := range fixes {
		held = append(held, names.Of(&fixes[i]))
	}
	held = append(held, brief.Fix{})
	all := func(c *state.Coder, n *brief.Names, held *[]brief.Fix) {
		n.State(c)
		state.Slice(c, held, brief.State)
	}
	saving := state.Saving()
	all(saving, &names, &held)
	b, err := saving.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var again []brief.Fix
	loading := state.Loading(b)
	all(loading, &loaded, &again)
	if err := loading.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range fixes {
		for _, got := range []navicert.Fix{names.Fix(&held[i]), loaded.Fix(&again[i])} {
			if got != fixes[i] || !again[i].Known() {
				t.Errorf("%+v, want %+v", got, fixes[i])
			}
		}
	}
	if again[2].Known() {
		t.Error("no fix became one")
	}
}

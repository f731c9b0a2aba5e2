package gap

import (
	"testing"
	"time"

	"navicert"
)

// TestReceivers: all receivers of a transmission count, each once.
func TestReceivers(t *testing.T) {
	var m memory
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, f := range []navicert.Fix{
		{Station: "A", OtherStations: navicert.MakeStations("B", "C"), Receptions: 3},
		{Station: "B", OtherStations: navicert.MakeStations("A"), Receptions: 2},
		{OtherStations: navicert.MakeStations("D")},
		{},
	} {
		f.Time = at.Add(time.Duration(i) * time.Minute)
		m.add(&f)
	}
	if positions, receivers := m.count(at.Add(time.Hour)); positions != 4 || receivers != 4 {
		t.Errorf("%d positions by %d receivers, want 4 by 4", positions, receivers)
	}
}

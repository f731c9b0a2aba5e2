package feed

import (
	"testing"

	"pgregory.net/rapid"

	"navicert"
)

// TestSeenIsAMap compares with a map, with numbers that lie close together.
func TestSeenIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table seenTable
		want := map[navicert.MMSI]seen{}
		for i := range rapid.IntRange(1, 5000).Draw(t, "reports") {
			m := navicert.MMSI(rapid.IntRange(200000000, 200003000).Draw(t, "mmsi"))
			place := table.find(m)
			if w := want[m]; *place != w {
				t.Fatalf("%d: %+v, want %+v", m, *place, w)
			}
			want[m] = seen{mmsi: m, hash: uint64(i), at: int64(i)}
			table.put(place, want[m])
		}
		if table.used != len(want) {
			t.Fatalf("%d vessels, want %d", table.used, len(want))
		}
	})
}

// TestSeenIsBounded fills the table: it starts anew rather than grow on.
func TestSeenIsBounded(t *testing.T) {
	var table seenTable
	for m := navicert.MMSI(1); m <= statics+1; m++ {
		table.put(table.find(m), seen{mmsi: m})
	}
	if table.used != 1 || len(table.places) > 2*statics || table.find(statics+1).mmsi != statics+1 || table.find(1).mmsi != 0 {
		t.Errorf("%d vessels in %d places", table.used, len(table.places))
	}
}

// TestSeenIsSeeded: no list of ships falls into one place of every table.
func TestSeenIsSeeded(t *testing.T) {
	var a, b seenTable
	a.find(299000001)
	b.find(299000001)
	if a.mix == b.mix || a.mix%2 == 0 {
		t.Errorf("two tables mix by %#x and %#x", a.mix, b.mix)
	}
}

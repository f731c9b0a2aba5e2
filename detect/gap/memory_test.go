package gap

import (
	"slices"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"navicert"
	"navicert/detect"
	"navicert/track/state"
)

// TestReceivers: all receivers of a transmission count, each once, and what
// each kind of them heard.
func TestReceivers(t *testing.T) {
	var m memory
	receivers := kinds{receivers: detect.Receivers{Satellite: []string{"C"}}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, f := range []navicert.Fix{
		{Station: "A", OtherStations: navicert.MakeStations("B", "C"), Receptions: 3},
		{Station: "B", OtherStations: navicert.MakeStations("A"), Receptions: 2},
		{OtherStations: navicert.MakeStations("D")},
		{},
	} {
		f.Time = at.Add(time.Duration(i) * time.Minute)
		m.add(&f, uint32(f.Time.Unix()), 0, &receivers)
	}
	r := m.reception()
	if r.positions != (number{4, true}) || r.receivers != 4 || r.by[detect.Satellite-1] != (number{1, true}) || r.by[detect.Terrestrial-1].n != 0 {
		t.Errorf("%+v, want 4 positions by 4 receivers, 1 by a satellite", r)
	}
	m.add(&navicert.Fix{}, uint32(at.Add(time.Hour).Unix()), detect.Satellite, &receivers)
	if r := m.reception(); r.by[detect.Satellite-1].n != 2 {
		t.Errorf("%+v, want 2 positions by satellites", r)
	}
}

// TestMemoryIsSmall holds the bar of 128 bytes for a vessel.
func TestMemoryIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(memory{}); n > 128 {
		t.Errorf("a vessel takes %d bytes", n)
	}
}

// TestCounts: what is counted is what there was, exactly up to the thresholds in
// use and never more; and the longest row of hours without any.
func TestCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m memory
		var times []int64
		now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC).Unix()
		for range rapid.IntRange(1, 200).Draw(t, "positions") {
			now += rapid.OneOf(
				rapid.Int64Range(0, 600), rapid.Int64Range(0, 2*3600), rapid.Int64Range(11*3600, 13*3600), rapid.Int64Range(0, 1e6),
			).Draw(t, "wait")
			times = append(times, now)
			m.add(&navicert.Fix{}, uint32(now), 0, &kinds{})
		}
		hours, want := map[int64]bool{}, 0
		for _, u := range times {
			if now-u <= 12*3600 {
				want++
			}
			hours[u/3600] = true
		}
		got := m.reception().positions
		if got.exact && got.n != want || !got.exact && (got.n > want || got.n < exactPositions) || want < exactPositions && !got.exact {
			t.Fatalf("%+v, want %d", got, want)
		}
		since := slices.IndexFunc(times, func(u int64) bool { return u >= int64(m.since) })
		longest, row := 0, 0
		for h := max(times[since]/3600, now/3600-11); h <= now/3600; h++ {
			if row++; hours[h] {
				row = 0
			}
			longest = max(longest, row)
		}
		if got := m.unheardHours(); got != longest {
			t.Fatalf("%d hours without a position, want %d", got, longest)
		}
		c := state.Saving()
		m.state(c)
		b, _ := c.Bytes()
		var loaded memory
		loaded.state(state.Loading(b))
		if loaded != m {
			t.Fatal("loaded, it is another")
		}
	})
}

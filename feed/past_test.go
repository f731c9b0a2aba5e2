package feed

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"navicert"
)

// TestPasts: of the reports that are remembered those are found, and only those,
// that a search through all of them finds, also after it has grown.
func TestPasts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type report struct {
			key  uint64
			mmsi navicert.MMSI
			time time.Time
		}
		var all []report
		p := newPasts(32)
		now := time.Unix(1767323045, 0)
		for range rapid.IntRange(1, 300).Draw(t, "reports") {
			now = now.Add(time.Duration(rapid.Int64Range(-3e10, 6e10).Draw(t, "after")))
			r := report{rapid.Uint64Range(0, 9).Draw(t, "key") << 40, navicert.MMSI(rapid.IntRange(1, 2).Draw(t, "mmsi")), now}
			want, is := uint64(0), false
			for n, same := len(all)-1, 0; n >= max(0, len(all)-len(p.last)) && same < maxBefore && !is; n-- {
				if all[n].key != r.key {
					continue
				}
				same++
				if all[n].mmsi == r.mmsi && r.time.Sub(all[n].time).Abs() <= SameTransmission {
					want, is = uint64(n), true
				}
			}
			if n, ok := p.find(r.key, r.mmsi, r.time); ok != is || n != want {
				t.Fatalf("report %d: found %d, %v; want %d, %v", len(all), n, ok, want, is)
			}
			if is {
				continue
			}
			if n := p.add(r.key, r.mmsi, r.time); n != uint64(len(all)) || !p.of(n).time().Equal(r.time) {
				t.Fatalf("report %d has number %d and time %s", len(all), n, p.of(n).time())
			}
			all = append(all, r)
			if len(p.last) < 128 && rapid.IntRange(0, 60).Draw(t, "grow") == 0 {
				for n := len(all) - len(p.last); n > 0; n-- { // what is forgotten stays so
					all[n-1].mmsi = 0
				}
				p.grow()
			}
		}
	})
}

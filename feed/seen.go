package feed

import (
	"math/bits"
	"math/rand/v2"

	"navicert"
)

// seen is what was last reported of a vessel's static data.
type seen struct {
	mmsi navicert.MMSI // 0: a free place
	none bool          // all of them were unknown
	hash uint64        // of the columns they stand in
	at   int64         // Unix seconds of the report
}

// seenTable remembers vessels by MMSI. A table has a row of one vessel after that of
// another, so that a lookup for each is a good part of reading it: this one is
// twice as quick as a map. MMSIs spread by multiplication, and a place that is
// taken leads to the next.
type seenTable struct {
	places []seen // a power of two of them
	mix    uint64 // odd; by chance, so that no file can choose ships for one place
	used   int
}

// find returns the place of a vessel, or the one where it belongs.
func (t *seenTable) find(m navicert.MMSI) *seen {
	if t.places == nil {
		t.places, t.mix = make([]seen, 1<<10), rand.Uint64()|1
	}
	mask := uint64(len(t.places) - 1)
	for i := uint64(m) * t.mix >> (64 - bits.Len64(mask)); ; i = (i + 1) & mask {
		if p := &t.places[i&mask]; p.mmsi == m || p.mmsi == 0 {
			return p
		}
	}
}

// put remembers s in the place that find returned for its vessel. A table that
// holds statics vessels starts anew.
func (t *seenTable) put(place *seen, s seen) {
	if place.mmsi != 0 {
		*place = s
		return
	}
	switch {
	case t.used >= statics:
		clear(t.places)
		t.used = 0
		place = t.find(s.mmsi)
	case t.used >= len(t.places)*3/4:
		old := t.places
		t.places = make([]seen, 2*len(old))
		for i := range old {
			if old[i].mmsi != 0 {
				*t.find(old[i].mmsi) = old[i]
			}
		}
		place = t.find(s.mmsi)
	}
	*place = s
	t.used++
}

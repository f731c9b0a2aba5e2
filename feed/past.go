package feed

import (
	"math/bits"
	"math/rand/v2"
	"time"

	"navicert"
)

// past is a report that has come, also when it has gone on.
type past struct {
	key    uint64
	second int64 // of its time
	nanos  int32
	mmsi   navicert.MMSI
}

// pasts remembers the last reports by number, and finds them by payload. Most
// payloads are new, and each is asked about: a map's lookups, and its deletions as
// reports are forgotten, cost more than decoding the sentence. Here those whose
// payloads spread to the same head form a chain, the newest first; it ends where
// its numbers are those of forgotten ones, so that nothing need be deleted. A head
// that was never set names a report of another chain, which does no harm: payloads
// are compared. What a chain is followed by lies close together, as it takes longer to
// fetch from memory than to work out.
type pasts struct {
	last  []past      // by number modulo its length, a power of two, 1<<20 at most
	links []chainLink // as many, of the same
	heads []uint32    // as many: the last bits of the newest's number
	mix   uint64      // odd; by chance, so that no stream can choose payloads for one chain
	count uint64      // reports so far
}

// chainLink is how many reports before one the one before it in its chain came, 0 for the
// last, and below that tagBits of what its payload spread to, for a glance.
type chainLink uint32

const tagBits = 8

func newPasts(n int) pasts {
	return pasts{last: make([]past, n), links: make([]chainLink, n), heads: make([]uint32, n), mix: rand.Uint64() | 1}
}

func (p *pasts) of(n uint64) *past { return &p.last[n&uint64(len(p.last)-1)] }

// head is where the chain of a payload begins, and its tag.
func (p *pasts) head(key uint64) (*uint32, chainLink) {
	spread := key * p.mix
	return &p.heads[spread>>(64-bits.Len(uint(len(p.heads)-1)))], chainLink(spread >> 8 & (1<<tagBits - 1))
}

// find looks for a report of a payload of a ship, within [SameTransmission] of a
// time, among the last [maxBefore] of the payload.
func (p *pasts) find(key uint64, m navicert.MMSI, t time.Time) (n uint64, found bool) {
	remembered := min(p.count, uint64(len(p.last)))
	same := 0
	head, tag := p.head(key)
	for ago := uint64(uint32(p.count) - *head); ago > 0 && ago <= remembered; {
		n = p.count - ago
		l := p.links[n&uint64(len(p.links)-1)]
		if l&(1<<tagBits-1) == tag {
			if r := p.of(n); r.key == key {
				if r.mmsi == m && r.near(t) {
					return n, true
				}
				if same++; same == maxBefore {
					break
				}
			}
		}
		before := uint64(l >> tagBits)
		if before == 0 {
			break
		}
		ago += before
	}
	return 0, false
}

// add remembers a report and returns its number.
func (p *pasts) add(key uint64, m navicert.MMSI, t time.Time) (n uint64) {
	n = p.count
	p.count++
	head, tag := p.head(key)
	before := uint32(n) - *head
	if uint64(before) >= uint64(len(p.last)) { // it is forgotten
		before = 0
	}
	p.links[n&uint64(len(p.links)-1)] = chainLink(before)<<tagBits | tag
	*head = uint32(n)
	r := p.of(n)
	*r = past{key: key, mmsi: m}
	r.at(t)
	return n
}

// grow makes room for twice as many.
func (p *pasts) grow() {
	old := *p
	*p = newPasts(2 * len(old.last))
	p.count = old.count - min(old.count, uint64(len(old.last)))
	for p.count < old.count {
		r := old.of(p.count)
		n := p.add(r.key, r.mmsi, time.Time{})
		p.of(n).second, p.of(n).nanos = r.second, r.nanos
	}
}

func (r *past) at(t time.Time) { r.second, r.nanos = t.Unix(), int32(t.Nanosecond()) }

func (r *past) time() time.Time { return time.Unix(r.second, int64(r.nanos)) }

// near reports whether a time is one of the same transmission.
func (r *past) near(t time.Time) bool {
	const most = int64(SameTransmission / time.Second)
	d := t.Unix() - r.second
	if d < -most-1 || d > most+1 {
		return false
	}
	return (time.Duration(d)*time.Second + time.Duration(t.Nanosecond()) - time.Duration(r.nanos)).Abs() <= SameTransmission
}

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
	before uint32 // how many reports before it the one before it in its chain came
	mmsi   navicert.MMSI
}

// pasts remembers the last reports by number, and finds them by payload. Most
// payloads are new, and each is asked about: a map's lookups, and its deletions as
// reports are forgotten, cost more than decoding the sentence. Here those whose
// payloads spread to the same head form a chain, the newest first; it ends where
// its numbers are those of forgotten ones, so that nothing need be deleted. A head
// that was never set names a report of another chain, which does no harm: payloads
// are compared.
type pasts struct {
	last  []past   // by number modulo its length, a power of two
	heads []uint32 // four times as many: the last bits of the newest's number
	mix   uint64   // odd; by chance, so that no stream can choose payloads for one chain
	count uint64   // reports so far
}

func newPasts(n int) pasts {
	return pasts{last: make([]past, n), heads: make([]uint32, 4*n), mix: rand.Uint64() | 1}
}

func (p *pasts) of(n uint64) *past { return &p.last[n&uint64(len(p.last)-1)] }

func (p *pasts) head(key uint64) *uint32 {
	return &p.heads[key*p.mix>>(64-bits.Len(uint(len(p.heads)-1)))]
}

// find looks for a report of a payload of a ship, within [SameTransmission] of a
// time, among the last [maxBefore] of the payload.
func (p *pasts) find(key uint64, m navicert.MMSI, t time.Time) (n uint64, found bool) {
	remembered := min(p.count, uint64(len(p.last)))
	same := 0
	for ago := uint64(uint32(p.count) - *p.head(key)); ago > 0 && ago <= remembered; {
		n = p.count - ago
		r := p.of(n)
		if r.key == key {
			if r.mmsi == m && r.near(t) {
				return n, true
			}
			if same++; same == maxBefore {
				break
			}
		}
		if r.before == 0 {
			break
		}
		ago += uint64(r.before)
	}
	return 0, false
}

// add remembers a report and returns its number.
func (p *pasts) add(key uint64, m navicert.MMSI, t time.Time) (n uint64) {
	n = p.count
	p.count++
	head, r := p.head(key), p.of(n)
	*r = past{key: key, mmsi: m, before: uint32(n) - *head}
	r.at(t)
	*head = uint32(n)
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

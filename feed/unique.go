package feed

import (
	"slices"
	"time"

	"navicert"
)

// Duplicate is the reason of a record that is another reception of a
// transmission that has been reported.
const Duplicate = "duplicate"

// SameTransmission is how far apart in time receptions of one transmission lie.
// In logs of many receivers 99 % of the copies come within a second and all
// within 30; the same payload sent anew comes after 60 seconds at the earliest
// (docs/ais.md).
const SameTransmission = 30 * time.Second

const (
	// maxHeld bounds how many reports wait for other receptions at once; beyond
	// it the oldest go on early.
	maxHeld = 500_000
	// remembered is how many of the last reports are known when they have gone
	// on, to drop copies that come late.
	remembered = 1 << 16
	// maxAlso bounds how many other receivers of one transmission are named.
	maxAlso = 64
)

// unique makes one report of all receptions of one transmission: with the
// earliest time, and with the receivers of all. Reports wait, in the time they
// carry, until no other reception is expected, and go on in the order in which
// they came.
type unique struct {
	next Sink

	known  map[uint64]uint64 // number of the newest report of a payload
	first  uint64            // number of the oldest report that waits
	count  uint64            // reports so far
	held   []held            // those that wait, by number modulo its length
	past   []past            // the last ones, by number modulo its length
	newest time.Time
	failed bool // the sink has failed

	sets map[alsoKey]navicert.Stations // those that have been made: they recur
}

// held is a report that waits: a fix, or a static report when that is set.
type held struct {
	key    uint64
	time   time.Time
	fix    navicert.Fix
	static navicert.Static
	kind   heldKind
}

type heldKind uint8

const (
	heldFix heldKind = iota
	heldStatic
)

// past is a report that has come, also when it has gone on.
type past struct {
	key  uint64
	time time.Time
	mmsi navicert.MMSI
	kind heldKind
}

type alsoKey struct {
	set  navicert.Stations
	name string
}

func newUnique(next Sink) *unique {
	return &unique{
		next: next, known: map[uint64]uint64{}, held: make([]held, 1024), past: make([]past, remembered),
		sets: map[alsoKey]navicert.Stations{},
	}
}

// fix takes a reception and reports whether it is one of a transmission that
// had been received before.
func (u *unique) fix(key uint64, f *navicert.Fix) (duplicate bool, err error) {
	if h, again := u.again(key, f.MMSI, f.Time, heldFix); again {
		if h != nil {
			u.merge(&h.fix, f)
			h.time = h.fix.Time
		}
		return true, nil
	}
	h, err := u.hold(key, f.MMSI, f.Time, heldFix)
	if err != nil {
		return false, err
	}
	h.fix = *f
	return false, u.due()
}

// static takes the reception of a static report. Of its copies the earliest
// stays.
func (u *unique) static(key uint64, s *navicert.Static) (duplicate bool, err error) {
	key = ^key // a message may be a fix too
	if h, again := u.again(key, s.MMSI, s.Time, heldStatic); again {
		if h != nil && s.Time.Before(h.static.Time) {
			h.static, h.time = *s, s.Time
		}
		return true, nil
	}
	h, err := u.hold(key, s.MMSI, s.Time, heldStatic)
	if err != nil {
		return false, err
	}
	h.static = *s
	return false, u.due()
}

// again looks for an earlier reception of the transmission, and returns it when
// it still waits.
func (u *unique) again(key uint64, m navicert.MMSI, t time.Time, kind heldKind) (*held, bool) {
	n, ok := u.known[key]
	if !ok || u.count-n > remembered {
		return nil, false
	}
	p := &u.past[n%remembered]
	if p.key != key || p.mmsi != m || p.kind != kind || t.Sub(p.time).Abs() > SameTransmission {
		return nil, false
	}
	if n < u.first {
		return nil, true
	}
	if t.Before(p.time) {
		p.time = t
	}
	return &u.held[n%uint64(len(u.held))], true
}

// hold makes room for a report.
func (u *unique) hold(key uint64, m navicert.MMSI, t time.Time, kind heldKind) (*held, error) {
	if u.count-u.first == uint64(len(u.held)) {
		if len(u.held) >= maxHeld {
			if err := u.release(); err != nil {
				return nil, err
			}
		} else {
			u.grow()
		}
	}
	n := u.count
	u.count++
	p := &u.past[n%remembered]
	if n >= remembered && u.known[p.key] == n-remembered {
		delete(u.known, p.key)
	}
	*p = past{key, t, m, kind}
	u.known[key] = n
	h := &u.held[n%uint64(len(u.held))]
	h.key, h.time, h.kind = key, t, kind
	if t.After(u.newest) {
		u.newest = t
	}
	return h, nil
}

func (u *unique) grow() {
	more := make([]held, min(2*len(u.held), maxHeld))
	for n := u.first; n < u.count; n++ {
		more[n%uint64(len(more))] = u.held[n%uint64(len(u.held))]
	}
	u.held = more
}

// due gives on what no other reception is expected of.
func (u *unique) due() error {
	for u.first < u.count && u.newest.Sub(u.held[u.first%uint64(len(u.held))].time) > SameTransmission {
		if err := u.release(); err != nil {
			return err
		}
	}
	return nil
}

// flush gives everything on.
func (u *unique) flush() error {
	for u.first < u.count {
		if err := u.release(); err != nil {
			return err
		}
	}
	return nil
}

// release gives the oldest on.
func (u *unique) release() error {
	h := &u.held[u.first%uint64(len(u.held))]
	u.first++
	var err error
	if h.kind == heldStatic {
		err = u.next.Static(&h.static)
	} else {
		err = u.next.Fix(&h.fix)
	}
	u.failed = u.failed || err != nil
	return err
}

// merge adds a reception to a fix. Of both the earlier one is the report.
func (u *unique) merge(to, f *navicert.Fix) {
	also, n, station := to.Also, max(to.Receptions, 1)+1, f.Station
	if f.Time.Before(to.Time) {
		station = to.Station
		*to = *f
	}
	to.Receptions = n
	to.Also = u.with(also, station, to.Station)
}

// with adds a receiver to the others of a transmission, of which own is the
// first one's.
func (u *unique) with(set navicert.Stations, name, own string) navicert.Stations {
	if name == "" || name == own {
		return set
	}
	key := alsoKey{set, name}
	if s, ok := u.sets[key]; ok {
		return s
	}
	names := set.Names()
	if slices.Contains(names, name) || len(names) >= maxAlso {
		return set
	}
	if len(u.sets) >= remembered {
		clear(u.sets)
	}
	s := navicert.MakeStations(append(names, name)...)
	u.sets[key] = s
	return s
}

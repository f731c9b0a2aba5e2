package feed

import (
	"cmp"
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
	// maxHeld bounds how many reports wait for other receptions at once, some
	// 17,000 a second; beyond it the oldest go on early.
	maxHeld = 1 << 19
	// remembered is how many of the last reports are known at least when they
	// have gone on, to drop copies that come late.
	remembered = 1 << 16
	// maxOther bounds how many other receivers of one transmission are named.
	maxOther = 64
	// maxLeap is how far a report may lie from those before it and still move
	// the stream's time. One that lies further has a wrong time, or begins
	// another period: the next one tells.
	maxLeap = time.Hour
)

// unique makes one report of all receptions of one transmission: with the
// earliest time, and with the receivers of all. Reports wait, in the time of the
// stream, until no other reception is expected, and go on in the order in which
// they came. What carries a wrong time waits no longer than the others.
type unique struct {
	next Sink
	wait time.Duration // for other receptions

	past  pasts  // the last ones, at least twice as many as there is room for in held
	first uint64 // number of the oldest report that waits
	held  []held // those that wait, by number modulo its length, a power of two

	now    time.Time // of the stream
	leap   time.Time // a time far from now that waits for its like
	spare  []*navicert.Static
	failed bool // the sink has failed

	sets map[stationsKey]navicert.Stations // those that have been made: they recur
}

// held is a report that waits.
type held struct {
	came   time.Time // when, in the time of the stream
	fix    navicert.Fix
	static *navicert.Static // nil: it is the fix
}

// maxBefore is how many earlier transmissions of a payload a reception that
// comes late is compared with.
const maxBefore = 4

type stationsKey struct {
	set  navicert.Stations
	name string
}

// newUnique returns one for a stream whose reports come up to a lateness behind
// newer ones: they wait so much longer for their copies.
func newUnique(next Sink, lateness time.Duration) *unique {
	return &unique{
		next: next, wait: SameTransmission + lateness, held: make([]held, 1024), past: newPasts(remembered),
		sets: map[stationsKey]navicert.Stations{},
	}
}

// fix takes a reception and reports whether it is one of a transmission that
// had been received before.
func (u *unique) fix(key uint64, f *navicert.Fix) (duplicate bool, err error) {
	if h, again := u.again(key, f.MMSI, f.Time); again {
		if h != nil {
			u.merge(&h.fix, f)
		}
		return true, nil
	}
	h, err := u.hold(key, f.MMSI, f.Time)
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
	if h, again := u.again(key, s.MMSI, s.Time); again {
		if h != nil && earlier(s.Time, s.Station, s.Ref, h.static.Time, h.static.Station, h.static.Ref) {
			*h.static = *s
		}
		return true, nil
	}
	h, err := u.hold(key, s.MMSI, s.Time)
	if err != nil {
		return false, err
	}
	if n := len(u.spare); n > 0 {
		h.static, u.spare = u.spare[n-1], u.spare[:n-1]
	} else {
		h.static = new(navicert.Static)
	}
	*h.static = *s
	return false, u.due()
}

// again looks for an earlier reception of the transmission, and returns it when
// it still waits.
func (u *unique) again(key uint64, m navicert.MMSI, t time.Time) (*held, bool) {
	n, again := u.past.find(key, m, t)
	if !again || n < u.first {
		return nil, again
	}
	if p := u.past.of(n); t.Before(p.time()) {
		p.at(t)
	}
	return u.heldOf(n), true
}

func (u *unique) heldOf(n uint64) *held { return &u.held[n&uint64(len(u.held)-1)] }

// waits reports how many wait.
func (u *unique) waits() int { return int(u.past.count - u.first) }

// hold makes room for a report.
func (u *unique) hold(key uint64, m navicert.MMSI, t time.Time) (*held, error) {
	if u.tick(t) {
		if err := u.flush(); err != nil {
			return nil, err
		}
	}
	if u.waits() == len(u.held) {
		if len(u.held) < maxHeld {
			u.grow()
		} else if err := u.release(); err != nil {
			return nil, err
		}
	}
	h := u.heldOf(u.past.add(key, m, t))
	h.came = u.now
	return h, nil
}

// tick moves the stream's time on, and reports whether it is another period's.
func (u *unique) tick(t time.Time) (another bool) {
	switch ahead := t.Sub(u.now); {
	case u.now.IsZero():
		u.now = t
	case ahead.Abs() <= maxLeap:
		u.leap = time.Time{}
		if ahead > 0 {
			u.now = t
		}
	case !u.leap.IsZero() && t.Sub(u.leap).Abs() <= maxLeap:
		u.now, u.leap = t, time.Time{}
		return true
	default:
		u.leap = t
	}
	return false
}

func (u *unique) grow() {
	more := make([]held, 2*len(u.held))
	for n := u.first; n < u.past.count; n++ {
		more[n&uint64(len(more)-1)] = *u.heldOf(n)
	}
	u.held = more
	if len(u.past.last) < 2*len(more) {
		u.past.grow()
	}
}

// due gives on what no other reception is expected of.
func (u *unique) due() error {
	for u.waits() > 0 && u.now.Sub(u.heldOf(u.first).came) > u.wait {
		if err := u.release(); err != nil {
			return err
		}
	}
	return nil
}

// flush gives everything on.
func (u *unique) flush() error {
	for u.waits() > 0 {
		if err := u.release(); err != nil {
			return err
		}
	}
	return nil
}

// release gives the oldest on.
func (u *unique) release() (err error) {
	h := u.heldOf(u.first)
	u.first++
	if h.static != nil {
		err = u.next.Static(h.static)
		u.spare = append(u.spare, h.static)
		h.static = nil
	} else {
		err = u.next.Fix(&h.fix)
	}
	u.failed = u.failed || err != nil
	return err
}

// merge adds a reception to a fix. Of both the earlier one is the report.
func (u *unique) merge(to, f *navicert.Fix) {
	also, n, station := to.OtherStations, max(to.Receptions, 1)+1, f.Station
	if earlier(f.Time, f.Station, f.Ref, to.Time, to.Station, to.Ref) {
		station = to.Station
		*to = *f
		also = u.without(also, f.Station)
	}
	to.Receptions = n
	to.OtherStations = u.with(also, station, to.Station)
}

// earlier says which of two receptions of one transmission is the report: the
// earlier one, and of one time that of the receiver whose name comes first, so
// that the order in which they arrive decides nothing.
func earlier(at time.Time, station string, ref navicert.Ref, than time.Time, other string, otherRef navicert.Ref) bool {
	c := cmp.Or(at.Compare(than), cmp.Compare(station, other), cmp.Compare(ref.Source, otherRef.Source), cmp.Compare(ref.Offset, otherRef.Offset))
	return c < 0
}

// without takes a receiver that is the report's own now out of the others.
func (u *unique) without(set navicert.Stations, name string) navicert.Stations {
	if names := set.Names(); slices.Contains(names, name) {
		return navicert.MakeStations(slices.DeleteFunc(names, func(n string) bool { return n == name })...)
	}
	return set
}

// with adds a receiver to the others of a transmission, of which own is the
// first one's.
func (u *unique) with(set navicert.Stations, name, own string) navicert.Stations {
	if name == "" || name == own {
		return set
	}
	key := stationsKey{set, name}
	if s, ok := u.sets[key]; ok {
		return s
	}
	names := set.Names()
	if slices.Contains(names, name) || len(names) >= maxOther {
		return set
	}
	if len(u.sets) >= remembered {
		clear(u.sets)
	}
	s := navicert.MakeStations(append(names, name)...)
	u.sets[key] = s
	return s
}

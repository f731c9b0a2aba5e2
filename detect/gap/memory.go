package gap

import (
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track/state"
)

const (
	// exactPositions is up to how many positions are counted exactly: more than
	// any threshold in use (14, and 19 in a query of Welch 2022). A larger number
	// is at least what the full clock hours held.
	exactPositions = 20
	// maxReceivers is how many receivers are held; more are as many at least.
	maxReceivers = 6

	beforeSeconds = uint32(Before / time.Second)
	beforeHours   = uint32(Before / time.Hour)
	keptHours     = beforeHours + 1
)

// memory is what the detector knows of a vessel's recent reception: some 200 bytes.
type memory struct {
	since   uint32 // the first position after which no silence was longer than Before
	last    uint32
	begun   uint32 // the last position before the silence that areas were told of
	lasted  uint32 // the last position before the silence that was a gap before another track was heard
	all     counter
	names   [maxReceivers]uint32 // hashes
	heardAt [maxReceivers]uint32
	kinds   [maxReceivers]detect.ReceiverKind
	suspect bool                           // a gap was unexplained
	by      *[detect.ReceiverKinds]counter // of receivers of known kind; nil while none heard the vessel
}

// counter counts the positions of the last 12 hours: the newest exactly, all by
// clock hour. Times are in seconds since 1970, 0 is none.
type counter struct {
	at    [exactPositions]uint32 // a ring
	hours [keptHours]uint16
	next  uint8
}

func (n *counter) state(c *state.Coder) {
	state.Array(c, n.at[:], state.Int[uint32])
	state.Array(c, n.hours[:], state.Int[uint16])
	state.Int(c, &n.next)
}

// add counts a position; last is the time of the one before, of any receiver.
func (n *counter) add(now uint32) {
	n.at[n.next] = now
	if n.next++; n.next == exactPositions {
		n.next = 0
	}
	if k := &n.hours[now/3600%keptHours]; *k < 1<<16-1 {
		*k++
	}
}

// forget clears the clock hours after that of the last position up to now's.
func (n *counter) forget(last, now uint32) {
	h := now / 3600
	for k := max(last/3600+1, h-min(h, keptHours-1)); k <= h; k++ {
		n.hours[k%keptHours] = 0
	}
}

// count returns how many positions lie in the 12 hours up to off, the last
// position's time, and whether that is all: else there are more.
func (n *counter) count(off uint32) (positions int, exact bool) {
	from, later, hour := off-beforeSeconds, 0, off/3600
	for _, t := range n.at {
		if t == 0 || t > off {
			continue
		}
		if t < from {
			exact = true
			continue
		}
		positions++
	}
	if exact || positions < exactPositions {
		return positions, true
	}
	for k := hour - beforeHours + 1; k <= hour; k++ {
		later += int(n.hours[k%keptHours])
	}
	return max(positions, later), false
}

func (m *memory) state(c *state.Coder) {
	state.Int(c, &m.since)
	state.Int(c, &m.last)
	state.Int(c, &m.begun)
	state.Int(c, &m.lasted)
	c.Bool(&m.suspect)
	m.all.state(c)
	state.Array(c, m.names[:], state.Int[uint32])
	state.Array(c, m.heardAt[:], state.Int[uint32])
	state.Array(c, m.kinds[:], state.Int[detect.ReceiverKind])
	state.Ptr(c, &m.by, func(c *state.Coder, by *[detect.ReceiverKinds]counter) {
		for i := range by {
			by[i].state(c)
		}
	})
}

// add takes a fix, the newest. Unnamed is the kind of the receiver when it has no name.
func (m *memory) add(f *navicert.Fix, unnamed detect.ReceiverKind, receivers *kinds) {
	now := uint32(f.Time.Unix())
	switch {
	case m.last == 0 || now-m.last > beforeSeconds:
		*m = memory{since: now, begun: m.begun, suspect: m.suspect}
	case now/3600 != m.last/3600:
		m.all.forget(m.last, now)
		if m.by != nil {
			for i := range m.by {
				m.by[i].forget(m.last, now)
			}
		}
	}
	m.last = now
	m.all.add(now)
	var kinds [detect.ReceiverKinds + 1]bool
	if f.Station != "" {
		kinds[m.heard(f.Station, now, receivers)] = true
	} else {
		kinds[unnamed] = true
	}
	for name := range f.OtherStations.All() {
		kinds[m.heard(name, now, receivers)] = true
	}
	if m.by == nil {
		if kinds == none {
			return
		}
		m.by = new([detect.ReceiverKinds]counter)
	}
	for k := range m.by {
		if kinds[k+1] {
			m.by[k].add(now)
		}
	}
}

// none is of a position that no receiver of known kind heard.
var none = [detect.ReceiverKinds + 1]bool{true}

// heard notes that a receiver heard the vessel, and returns its kind.
func (m *memory) heard(station string, now uint32, receivers *kinds) detect.ReceiverKind {
	name, oldest := hash(station), 0
	for i := range m.names {
		if m.names[i] == name && m.heardAt[i] != 0 {
			m.heardAt[i] = now
			return m.kinds[i]
		}
		if m.heardAt[i] < m.heardAt[oldest] {
			oldest = i
		}
	}
	kind := receivers.of(station)
	m.names[oldest], m.heardAt[oldest], m.kinds[oldest] = name, now, kind
	return kind
}

// kinds is the kinds of receivers, which are told by patterns, of those that were
// asked about.
type kinds struct {
	receivers detect.Receivers
	known     map[string]detect.ReceiverKind
}

// maxKinds bounds how many are held; of more each is told anew.
const maxKinds = 1 << 15

func (k *kinds) of(station string) detect.ReceiverKind {
	kind, ok := k.known[station]
	if !ok {
		kind = k.receivers.Kind(station)
		if k.known == nil {
			k.known = map[string]detect.ReceiverKind{}
		}
		if len(k.known) < maxKinds {
			k.known[strings.Clone(station)] = kind
		}
	}
	return kind
}

// receivers is how many named receivers heard the vessel in the 12 hours up to
// its last position, maxReceivers at most.
func (m *memory) receivers() (n int) {
	for _, t := range m.heardAt {
		if t != 0 && m.last-t <= beforeSeconds {
			n++
		}
	}
	return n
}

// unheardHours is the longest row of clock hours without a position in the 12
// hours up to the last, as far as the vessel was known: what silence of it is
// nothing unusual.
func (m *memory) unheardHours() (longest int) {
	row, hour := 0, m.last/3600
	for k := max(m.since/3600, hour-min(hour, beforeHours-1)); k <= hour; k++ {
		if m.all.hours[k%keptHours] > 0 {
			row = 0
			continue
		}
		row++
		longest = max(longest, row)
	}
	return longest
}

// hash is FNV-1a: the same in every run.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

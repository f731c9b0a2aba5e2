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

// memory is what the detector knows of a vessel's recent reception, in 128 bytes.
type memory struct {
	since   uint32 // the first position after which no silence was longer than Before
	last    uint32
	begun   uint32 // the last position before the silence that areas were told of
	lasted  uint32 // the last position before the silence that was a gap before another track was heard
	all     counter
	first   receiver                       // that heard it; most ships know one at a time
	others  *[maxReceivers - 1]receiver    // nil while there are none
	suspect bool                           // a gap was unexplained
	by      *[detect.ReceiverKinds]counter // of receivers of known kind; nil while none heard the vessel
}

// receiver is a named one that heard a vessel.
type receiver struct {
	name uint32 // a hash
	at   uint32 // when it heard it last, 0: none did
	kind detect.ReceiverKind
}

// counter counts the positions of the last 12 hours: the newest exactly, all by
// clock hour.
type counter struct {
	last  uint32                 // the newest position, in seconds since 1970; 0 is none
	waits [exactPositions]uint16 // a ring: how long after the one before it each came, longBefore at most
	hours [keptHours]uint16
	next  uint8 // in the ring
	n     uint8 // in the ring, of which the oldest has no wait that counts
}

// longBefore stands for all that is longer than Before.
const longBefore = 1<<16 - 1

func (n *counter) state(c *state.Coder) {
	state.Int(c, &n.last)
	state.Array(c, n.waits[:], state.Int[uint16])
	state.Array(c, n.hours[:], state.Int[uint16])
	state.Int(c, &n.next)
	state.Int(c, &n.n)
	if n.next >= exactPositions || n.n > exactPositions {
		c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "what was counted of a ship's positions is damaged"))
	}
}

// add counts a position; last is the time of the one before, of any receiver.
func (n *counter) add(now uint32) {
	n.waits[n.next] = uint16(min(now-n.last, longBefore))
	n.last, n.n = now, min(n.n+1, exactPositions)
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
	t, at := n.last, n.next
	for range n.n {
		if t < from {
			exact = true
			break
		}
		positions++
		if at--; at >= exactPositions {
			at = exactPositions - 1
		}
		t -= min(t, uint32(n.waits[at]))
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
	receiverState(c, &m.first)
	state.Ptr(c, &m.others, func(c *state.Coder, all *[maxReceivers - 1]receiver) { state.Array(c, all[:], receiverState) })
	state.Ptr(c, &m.by, func(c *state.Coder, by *[detect.ReceiverKinds]counter) {
		for i := range by {
			by[i].state(c)
		}
	})
}

func receiverState(c *state.Coder, r *receiver) {
	state.Int(c, &r.name)
	state.Int(c, &r.at)
	state.Int(c, &r.kind)
}

// add takes a fix, the newest, of a time in seconds since 1970. Unnamed is the kind of the receiver when it has no name.
func (m *memory) add(f *navicert.Fix, now uint32, unnamed detect.ReceiverKind, receivers *kinds) {
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
	name := hash(station)
	if m.first.at == 0 {
		m.first = receiver{name, now, receivers.of(station)}
	}
	if m.first.name == name {
		m.first.at = now
		return m.first.kind
	}
	if m.others == nil {
		m.others = new([maxReceivers - 1]receiver)
	}
	oldest := &m.first
	for i := range m.others {
		r := &m.others[i]
		if r.name == name && r.at != 0 {
			r.at = now
			return r.kind
		}
		if r.at < oldest.at {
			oldest = r
		}
	}
	*oldest = receiver{name, now, receivers.of(station)}
	return oldest.kind
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
	count := func(r *receiver) {
		if r.at != 0 && m.last-r.at <= beforeSeconds {
			n++
		}
	}
	count(&m.first)
	if m.others != nil {
		for i := range m.others {
			count(&m.others[i])
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

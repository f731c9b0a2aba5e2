package gap

import (
	"time"

	"navicert"
	"navicert/track/state"
)

const (
	// maxPositions is how many positions a memory holds: a larger number is
	// reported as at least this many. The thresholds in use lie below 20.
	maxPositions = 128
	// maxReceivers is how many receivers it holds.
	maxReceivers = 8
)

// memory is what the detector knows of a vessel's recent reception: a fixed
// 600 bytes.
type memory struct {
	at        [maxPositions]uint32 // seconds since 1970, a ring
	next      uint8
	receivers [maxReceivers]receiver
}

type receiver struct {
	name uint32 // hash
	last uint32
}

func memoryState(c *state.Coder, m *memory) {
	state.Array(c, m.at[:], state.Int[uint32])
	state.Int(c, &m.next)
	state.Array(c, m.receivers[:], func(c *state.Coder, r *receiver) {
		state.Int(c, &r.name)
		state.Int(c, &r.last)
	})
}

func (m *memory) add(f *navicert.Fix) {
	now := uint32(f.Time.Unix())
	m.at[m.next] = now
	m.next = (m.next + 1) % maxPositions
	if f.Station != "" {
		m.heard(f.Station, now)
	}
	for name := range f.OtherStations.All() {
		m.heard(name, now)
	}
}

// heard notes that a receiver heard the vessel.
func (m *memory) heard(station string, now uint32) {
	name, oldest := hash(station), 0
	for i := range m.receivers {
		if m.receivers[i].name == name && m.receivers[i].last != 0 {
			m.receivers[i].last = now
			return
		}
		if m.receivers[i].last < m.receivers[oldest].last {
			oldest = i
		}
	}
	m.receivers[oldest] = receiver{name, now}
}

// count returns how many positions lie in [off - Before, off], and by how many
// named receivers.
func (m *memory) count(off time.Time) (positions, receivers int) {
	from, to := uint32(off.Add(-Before).Unix()), uint32(off.Unix())
	for _, t := range m.at {
		if t >= from && t <= to && t != 0 {
			positions++
		}
	}
	for _, r := range m.receivers {
		if r.last >= from && r.last != 0 {
			receivers++
		}
	}
	return positions, receivers
}

// hash is FNV-1a: the same in every run.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

package ais

import (
	"bytes"
	"time"
)

// The limits within which parts are joined. In 29 real logs 4,083 of 4,084
// joins are of adjacent sentences, the other is three apart, and no times
// differ by more than a second (docs/ais.md).
const (
	joinSentences = 16 // AIS sentences between the first part and the last
	joinTime      = 5 * time.Second
)

// maxChars is the number of payload characters that a message may have.
const maxChars = MaxBits / 6

// partBytes holds the sentences of a message: its payload, and around each part
// of it at most 30 characters.
const partBytes = maxChars + maxParts*30

// A slot holds the parts of one message.
type slot struct {
	state slotState
	key   uint64
	stamp stamp // of the first part, which decides time and station
	pghp  pghp  // in front of the first part

	offset    int64 // of the first part
	first     int64 // number of the AIS sentence that brought the first part
	last      int64 // the same for the last part, or for the last thing that put the slot in doubt
	total     uint8
	parts     uint8
	fill      uint8
	sum       byte // exclusive or of the parts' checksums
	channel   byte
	own       bool
	contested bool // another part of the same kind was about: accept only what follows at once, and wait before using it
	over      bool // the parts are longer than a message may be

	chars  [maxChars]byte
	nChars int
	raw    [partBytes]byte
	ends   [maxParts]uint16 // of the parts in raw
}

type slotState uint8

const (
	free  slotState = iota
	open            // waiting for parts
	held            // whole, but waiting whether another part turns up
	ghost           // no message: the memory that a part was dropped
)

// slots bounds how many messages are open at once. An open slot lives for
// joinSentences sentences and a held one or a ghost for as many again, and no
// sentence makes more than one, so that they always suffice.
const slots = 2*joinSentences + 4

// assembler joins the parts of messages. Parts join when talker, VDM or VDO,
// total, sequence id and channel are equal, station and group id are where both
// parts name them, and they follow each other in order within the limits. What
// may belong to two ships is dropped.
type assembler struct {
	slots  [slots]slot
	live   []uint8 // the slots in use, in the order of their first parts
	held   int     // how many of them are held
	counts *Counts
}

// add takes one part and returns the slot of the message that it completes. n
// numbers AIS sentences, good and bad.
func (a *assembler) add(x *sentence, st *stamp, p *pghp, offset, n int64) *slot {
	a.expire(n)
	if x.number == 1 {
		a.begin(x, st, p, offset, n)
		return nil
	}
	s, many := a.find(x, st, n)
	switch {
	case many:
		a.dropAll(x, st, n)
		a.counts.drop(Unsure, x.raw)
		return nil
	case s == nil:
		a.doubt(x, st, n)
		a.counts.drop(Orphan, x.raw)
		return nil
	case s.parts+1 != x.number, s.apart(st), s.contested && n != s.last+1:
		a.drop(s, Unsure, n)
		a.counts.drop(Unsure, x.raw)
		return nil
	}
	adjacent := n == s.last+1
	s.append(x)
	a.counts.Pending++
	s.last = n
	if s.parts < s.total {
		return nil
	}
	if s.contested || !adjacent && s.stamp.stationLen == 0 {
		s.state = held
		a.held++
		return nil
	}
	return a.take(s)
}

// begin opens a slot for a first part. An open one of the same kind is closed
// as incomplete; then, and when a later part of the same kind was dropped
// lately, nothing but the adjacency of the parts tells whose they are.
func (a *assembler) begin(x *sentence, st *stamp, p *pghp, offset, n int64) {
	contested := false
	for i := 0; i < len(a.live); i++ {
		s := &a.slots[a.live[i]]
		if s.key != x.key || !s.stamp.sameStation(st) {
			continue
		}
		switch s.state {
		case open:
			contested = true
			a.close(s, Incomplete)
			i--
		case ghost, held:
			contested = true
		}
	}
	s := a.new()
	if s == nil {
		a.counts.drop(Incomplete, x.raw)
		return
	}
	s.state, s.key, s.offset, s.first, s.last = open, x.key, offset, n, n
	s.stamp, s.pghp, s.contested = *st, *p, contested
	s.total, s.channel, s.own = x.total, x.channel, x.own
	s.parts, s.sum, s.nChars, s.over = 0, 0, 0, false
	s.append(x)
	a.counts.Pending++
}

// find returns the open slot that the part x may continue, and whether there
// are several.
func (a *assembler) find(x *sentence, st *stamp, n int64) (found *slot, many bool) {
	for _, i := range a.live {
		s := &a.slots[i]
		if s.state != open || s.key != x.key || !s.mayContinue(st, n) {
			continue
		}
		if found != nil {
			return nil, true
		}
		found = s
	}
	if found != nil && !found.continues(st, n) {
		return nil, false
	}
	return found, false
}

// mayContinue reports whether a part with this stamp may belong to the slot's
// message, as far as station and group tell. One that names no station may
// belong to any, but see continues; one that does, to a message that names
// none only directly behind it.
func (s *slot) mayContinue(st *stamp, n int64) bool {
	g, h := s.stamp.group, st.group
	if g != (group{}) && h != (group{}) && (g.id != h.id || g.total != h.total || g.number >= h.number) {
		return false
	}
	if s.stamp.stationLen == 0 && st.stationLen > 0 {
		return n == s.last+1
	}
	return st.stationLen == 0 || s.stamp.sameStation(st)
}

// continues reports whether a part that may belong to the slot's message does:
// when only one of them names a station, the part must stand directly behind,
// or be of the same tag group.
func (s *slot) continues(st *stamp, n int64) bool {
	return s.stamp.sameStation(st) || n == s.last+1 || s.stamp.group != (group{}) && st.group != (group{})
}

// sameStation reports whether both name the same station or both name none.
func (s *stamp) sameStation(o *stamp) bool {
	return bytes.Equal(s.stationName(), o.stationName())
}

// apart reports whether the receive times, where both are known, are too far
// apart for one message.
func (s *slot) apart(st *stamp) bool {
	if s.stamp.from == fromNone || st.from == fromNone {
		return false
	}
	d := st.time - s.stamp.time
	return d > int64(joinTime) || d < -int64(joinTime)
}

// append adds a part to the message.
func (s *slot) append(x *sentence) {
	used := 0
	if s.parts > 0 {
		used = int(s.ends[s.parts-1])
	}
	if s.nChars+len(x.payload) > maxChars || used+len(x.raw) > partBytes {
		s.over = true
	} else {
		s.nChars += copy(s.chars[s.nChars:], x.payload)
		used += copy(s.raw[used:], x.raw)
	}
	s.ends[s.parts] = uint16(used)
	s.parts++
	s.sum ^= x.sum
	s.fill = x.fill
}

// part returns a sentence of the message.
func (s *slot) part(i int) []byte {
	start := uint16(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.raw[start:s.ends[i]]
}

// doubt is called for a later part that nothing waits for: held messages of the
// same kind may have taken its place, and are dropped.
func (a *assembler) doubt(x *sentence, st *stamp, n int64) {
	for i := 0; i < len(a.live); i++ {
		s := &a.slots[a.live[i]]
		if s.state == held && s.key == x.key && s.mayContinue(st, s.last+1) {
			a.close(s, Unsure)
			i--
		}
	}
	a.haunt(x.key, st, n)
}

// dropAll drops every message that the part x may belong to.
func (a *assembler) dropAll(x *sentence, st *stamp, n int64) {
	for i := 0; i < len(a.live); i++ {
		s := &a.slots[a.live[i]]
		if s.state != ghost && s.key == x.key && s.mayContinue(st, n) {
			a.close(s, Unsure)
			i--
		}
	}
	a.haunt(x.key, st, n)
}

// drop drops the message in a slot for a reason and remembers that it did.
func (a *assembler) drop(s *slot, why Reason, n int64) {
	a.countParts(s, why)
	if s.state == held {
		a.held--
	}
	s.state, s.last = ghost, n
}

// haunt remembers that a part was dropped.
func (a *assembler) haunt(key uint64, st *stamp, n int64) {
	for _, i := range a.live {
		if s := &a.slots[i]; s.state == ghost && s.key == key && s.stamp.sameStation(st) {
			s.last = n
			return
		}
	}
	if s := a.new(); s != nil {
		s.state, s.key, s.stamp, s.first, s.last = ghost, key, *st, n, n
	}
}

// close drops the message in a slot for a reason and frees the slot.
func (a *assembler) close(s *slot, why Reason) {
	a.countParts(s, why)
	a.take(s)
}

func (a *assembler) countParts(s *slot, why Reason) {
	a.counts.Pending -= int64(s.parts)
	for i := range int(s.parts) {
		a.counts.drop(why, s.part(i))
	}
}

// new returns a free slot, in use from now on.
func (a *assembler) new() *slot {
	for i := range a.slots {
		if s := &a.slots[i]; s.state == free {
			a.live = append(a.live, uint8(i))
			return s
		}
	}
	return nil
}

// take frees a slot and returns it; what it holds stays until the next call of
// add.
func (a *assembler) take(s *slot) *slot {
	if s.state == held {
		a.held--
	}
	s.state = free
	for i, k := range a.live {
		if &a.slots[k] == s {
			a.live = append(a.live[:i], a.live[i+1:]...)
			break
		}
	}
	return s
}

// expire closes what has waited too long at sentence n.
func (a *assembler) expire(n int64) {
	for i := 0; i < len(a.live); i++ {
		s := &a.slots[a.live[i]]
		switch {
		case s.state == open && n-s.first > joinSentences:
			a.close(s, Incomplete)
			i--
		case s.state == ghost && n-s.last > joinSentences:
			a.take(s)
			i--
		}
	}
}

// ripe returns a held message that has waited long enough at sentence n, or any
// when all is set.
func (a *assembler) ripe(n int64, all bool) *slot {
	for _, i := range a.live {
		if s := &a.slots[i]; s.state == held && (all || n-s.last > joinSentences) {
			return a.take(s)
		}
	}
	return nil
}

// interrupt closes all that is open: the stream is cut here.
func (a *assembler) interrupt() {
	for i := 0; i < len(a.live); i++ {
		switch s := &a.slots[a.live[i]]; s.state {
		case open:
			a.close(s, Incomplete)
			i--
		case ghost:
			a.take(s)
			i--
		}
	}
}

// suspect is called for a broken sentence that may have been a part: the open
// messages are joined only with what has already been seen to be theirs.
func (a *assembler) suspect() {
	for _, i := range a.live {
		if s := &a.slots[i]; s.state == open {
			s.contested = true
		}
	}
}

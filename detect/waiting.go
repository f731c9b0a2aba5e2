package detect

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"navicert"
	"navicert/track/state"
)

const (
	// maxWaiting bounds how many reports wait at once: a minute of 20,000 a
	// second, in some 350 MB. Beyond it the oldest go on early.
	maxWaiting = 1_300_000
	// maxSpare is how many seconds are kept for use again.
	maxSpare = 128
)

// waitingRoom puts fixes and static reports in order when they arrive out of it
// by no more than a lateness: they wait, in the time they carry, until nothing
// older is expected. The order is total: by time, then MMSI, then the static
// report before the fix, as it says whose fix it is, then by what they say. So
// it does not depend on the order of arrival, nor does which of two copies
// comes first. What comes later still goes on at once, and it is for the
// vessel's track to take it or not.
//
// With no lateness reports go on as they come, but for the first, which wait until
// it is known how late it is.
type waitingRoom struct {
	lateness time.Duration
	most     int // that wait
	clock    *Clock
	arrival  func() time.Time // see Options.Arrival
	seconds  seconds
	order    secondQueue // those that are there, the oldest first
	current  *second     // the one that was put in last
	n        int
	spare    []*second
}

// second holds the reports of one second, in order of arrival.
type second struct {
	at      int64 // since 1970
	fixes   []navicert.Fix
	statics []navicert.Static
	places  []place
}

// place is a report with what orders it first: the nanoseconds, the MMSI, and
// whether it is a fix.
type place struct {
	key   uint64
	index uint32 // in fixes or in statics
}

const isFix = 1

func placeKey(t time.Time, m navicert.MMSI) uint64 {
	return uint64(t.Nanosecond())<<33 | uint64(m)<<1
}

func newWaitingRoom(lateness time.Duration) *waitingRoom {
	return &waitingRoom{lateness: lateness, most: maxWaiting, clock: NewClock(lateness + maxTick)}
}

// visitor takes what leaves the room.
type visitor struct {
	fix    func(*navicert.Fix) error
	static func(*navicert.Static) error
}

// passes reports whether a report goes on at once, and takes its time then.
func (w *waitingRoom) passes(t time.Time) bool {
	if w.lateness > 0 || w.n > 0 || w.clock.now.IsZero() {
		return false
	}
	w.looks(t)
	return true
}

// looks has the clock look at the time of the next report.
func (w *waitingRoom) looks(t time.Time) {
	if w.arrival != nil {
		if at := w.arrival(); !at.IsZero() {
			w.clock.TickArrived(t, at)
			return
		}
	}
	w.clock.Tick(t)
}

// fix takes a fix and gives on what need not wait any more.
func (w *waitingRoom) fix(f *navicert.Fix, on visitor) error {
	if w.passes(f.Time) {
		return on.fix(f)
	}
	s := w.second(f.Time)
	s.places = append(s.places, place{placeKey(f.Time, f.MMSI) | isFix, uint32(len(s.fixes))})
	s.fixes = append(s.fixes, *f)
	return w.tick(f.Time, on)
}

// static is fix for static reports.
func (w *waitingRoom) static(r *navicert.Static, on visitor) error {
	if w.passes(r.Time) {
		return on.static(r)
	}
	s := w.second(r.Time)
	s.places = append(s.places, place{placeKey(r.Time, r.MMSI), uint32(len(s.statics))})
	s.statics = append(s.statics, *r)
	return w.tick(r.Time, on)
}

func (w *waitingRoom) second(t time.Time) *second {
	w.n++
	at := t.Unix()
	if w.lateness == 0 {
		at = 0 // all in one, in order of arrival
	}
	if w.current != nil && w.current.at == at {
		return w.current
	}
	s := w.seconds.of(at)
	if s == nil {
		if n := len(w.spare); n > 0 {
			s, w.spare = w.spare[n-1], w.spare[:n-1]
		} else {
			s = &second{}
		}
		s.at = at
		w.seconds.put(s)
		w.order.push(s)
	}
	w.current = s
	return s
}

// tick moves the time of the room on and gives on what is due.
func (w *waitingRoom) tick(t time.Time, on visitor) error {
	if w.looks(t); !w.clock.sure() && w.n <= w.most {
		return nil
	}
	if w.lateness == 0 {
		return w.flush(on)
	}
	due := w.clock.now.Add(-w.lateness).Unix()
	for w.order.len() > 0 && w.order.first().at < due {
		if err := w.release(w.order.next(), on); err != nil {
			return err
		}
	}
	for w.n > w.most {
		if err := w.release(w.least(), on); err != nil {
			return err
		}
	}
	return nil
}

// least takes out of the order the second that goes on when there is no more
// room: one that a wrong clock has put far ahead, or else the oldest.
func (w *waitingRoom) least() *second {
	far := w.clock.now.Add(maxTick).Unix()
	if s := w.order.last(); s.at > far {
		return w.order.take(s)
	}
	return w.order.next()
}

// close gives everything on at the end of the input.
func (w *waitingRoom) close(on visitor) error {
	w.clock.settle()
	return w.flush(on)
}

// flush gives everything on.
func (w *waitingRoom) flush(on visitor) error {
	for w.order.len() > 0 {
		if err := w.release(w.order.next(), on); err != nil {
			return err
		}
	}
	return nil
}

// release gives on a second that has been taken out of the order.
func (w *waitingRoom) release(s *second, on visitor) error {
	w.seconds.drop(s)
	if w.current == s {
		w.current = nil
	}
	w.n -= len(s.places)
	if w.lateness > 0 && len(s.places) > 1 {
		slices.SortFunc(s.places, s.compare)
	}
	for _, p := range s.places {
		var err error
		if p.key&isFix != 0 {
			err = on.fix(&s.fixes[p.index])
		} else {
			err = on.static(&s.statics[p.index])
		}
		if err != nil {
			return err
		}
	}
	clear(s.fixes) // their strings are held elsewhere, or not any more
	clear(s.statics)
	s.fixes, s.statics, s.places = s.fixes[:0], s.statics[:0], s.places[:0]
	if len(w.spare) < maxSpare {
		w.spare = append(w.spare, s)
	}
	return nil
}

func (s *second) compare(a, b place) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	if a.key&isFix != 0 {
		return compareFixes(&s.fixes[a.index], &s.fixes[b.index])
	}
	return compareStatics(&s.statics[a.index], &s.statics[b.index])
}

func (w *waitingRoom) state(c *state.Coder) {
	c.Mark("waiting 3")
	w.clock.state(c)
	inOrder := slices.SortedFunc(w.order.all(), func(a, b dueSecond) int { return cmp.Compare(a.at, b.at) })
	n := len(inOrder)
	state.Int(c, &n)
	for i := 0; i < n && c.Err() == nil; i++ {
		s := &second{}
		if !c.Loads() {
			s = inOrder[i].second
		}
		s.state(c)
		if c.Loads() {
			w.seconds.put(s)
			w.order.push(s)
			w.n += len(s.places)
		}
	}
}

func (s *second) state(c *state.Coder) {
	state.Int(c, &s.at)
	state.Slice(c, &s.fixes, (*state.Coder).Fix)
	state.Slice(c, &s.statics, (*state.Coder).Static)
	state.Slice(c, &s.places, func(c *state.Coder, p *place) {
		state.Int(c, &p.key)
		state.Int(c, &p.index)
		if c.Loads() && !s.holds(p) {
			c.Fail(navicert.Errorf(navicert.Invalid, "load the state of a run", "", "a place in the waiting room is of no report"))
		}
	})
}

// holds reports whether a place is of a report that is there.
func (s *second) holds(p *place) bool {
	if p.key&isFix != 0 {
		return int(p.index) < len(s.fixes)
	}
	return int(p.index) < len(s.statics)
}

// seconds finds the seconds that are there by their time: the few hundred about now
// mostly in a table that needs no hashing.
type seconds struct {
	near [512]*second // at their time, modulo
	more map[int64]*second
}

func (s *seconds) of(at int64) *second {
	if k := s.near[uint64(at)%uint64(len(s.near))]; k != nil && k.at == at {
		return k
	}
	return s.more[at]
}

// put adds a second that is not there.
func (s *seconds) put(k *second) {
	if p := &s.near[uint64(k.at)%uint64(len(s.near))]; *p == nil {
		*p = k
		return
	}
	if s.more == nil {
		s.more = map[int64]*second{}
	}
	s.more[k.at] = k
}

func (s *seconds) drop(k *second) {
	if p := &s.near[uint64(k.at)%uint64(len(s.near))]; *p == k {
		*p = nil
		return
	}
	delete(s.more, k.at)
}

// secondQueue has the oldest second first. Nearly all come in order of time: they stand
// in a row, the others in a heap.
type secondQueue struct {
	row  []dueSecond // in order of time, from head on
	head int
	odd  secondHeap
}

func (q *secondQueue) len() int { return len(q.row) - q.head + len(q.odd) }

func (q *secondQueue) push(s *second) {
	if n := len(q.row); n > q.head && q.row[n-1].at > s.at {
		q.odd.push(s)
		return
	}
	if q.head > len(q.row)/2 && q.head >= maxSpare {
		n := copy(q.row, q.row[q.head:])
		clear(q.row[n:])
		q.row, q.head = q.row[:n], 0
	}
	q.row = append(q.row, dueSecond{s.at, s})
}

// oddNext reports whether the first stands in the heap.
func (q *secondQueue) oddNext() bool {
	return len(q.odd) > 0 && (q.head == len(q.row) || q.odd[0].at < q.row[q.head].at)
}

// first is the oldest second, of those that are there.
func (q *secondQueue) first() dueSecond {
	if q.oddNext() {
		return q.odd[0]
	}
	return q.row[q.head]
}

// next takes out the first.
func (q *secondQueue) next() *second {
	if q.oddNext() {
		return q.odd.remove(0)
	}
	s := q.row[q.head].second
	q.row[q.head] = dueSecond{}
	if q.head++; q.head == len(q.row) {
		q.row, q.head = q.row[:0], 0
	}
	return s
}

// last is the newest, of those that are there.
func (q *secondQueue) last() (last dueSecond) {
	for s := range q.all() {
		if last.second == nil || s.at > last.at {
			last = s
		}
	}
	return last
}

// take takes out one that is there.
func (q *secondQueue) take(s dueSecond) *second {
	if i := slices.Index(q.odd, s); i >= 0 {
		return q.odd.remove(i)
	}
	if n := len(q.row) - 1; q.row[n] == s { // as the newest does
		q.row[n] = dueSecond{}
		q.row = q.row[:n]
	}
	return s.second
}

func (q *secondQueue) all() iter.Seq[dueSecond] {
	return func(yield func(dueSecond) bool) {
		for _, part := range [][]dueSecond{q.row[q.head:], q.odd} {
			for _, s := range part {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// secondHeap has the oldest second first.
type secondHeap []dueSecond

// dueSecond is a second with its time at hand.
type dueSecond struct {
	at int64
	*second
}

func (h *secondHeap) push(s *second) {
	*h = append(*h, dueSecond{s.at, s})
	h.rise(len(*h) - 1)
}

// remove takes out the second that stands at an index.
func (h *secondHeap) remove(i int) *second {
	q := *h
	s, last := q[i].second, len(q)-1
	q[i], q[last] = q[last], dueSecond{}
	*h = q[:last]
	if i < last {
		h.sink(i)
		h.rise(i)
	}
	return s
}

func (h secondHeap) rise(i int) {
	for parent := (i - 1) / 2; i > 0 && h[i].at < h[parent].at; i, parent = parent, (parent-1)/2 {
		h[i], h[parent] = h[parent], h[i]
	}
}

func (h secondHeap) sink(i int) {
	for {
		least := i
		for k := 2*i + 1; k <= 2*i+2 && k < len(h); k++ {
			if h[k].at < h[least].at {
				least = k
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

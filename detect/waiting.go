package detect

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"navicert"
	"navicert/track/state"
)

const (
	// maxWaiting bounds how many reports wait at once: a minute of 20,000 a
	// second, in some 350 MB. Beyond it the oldest go on early.
	maxWaiting = 1_300_000
	// agreeing is how many reports in a row must lie more than maxTick away from
	// the others, on the same side, before the room believes that it is they that
	// have the time. Fewer are wrong clocks.
	agreeing = 8
)

// waitingRoom puts fixes and static reports in order when they arrive out of it
// by no more than a lateness: they wait, in the time they carry, until nothing
// older is expected. The order is total: by time, then MMSI, then the static
// report before the fix, as it says whose fix it is, then by what they say. So
// it does not depend on the order of arrival, nor does which of two copies
// comes first. What comes later still goes on at once, and it is for the
// vessel's track to take it or not.
type waitingRoom struct {
	lateness time.Duration
	most     int // that wait
	clock    *Clock
	seconds  map[int64]*second
	order    secondHeap // those that are there
	current  *second    // the one that was put in last
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
	return &waitingRoom{lateness: lateness, most: maxWaiting, clock: NewClock(lateness + maxTick), seconds: map[int64]*second{}}
}

// visitor takes what leaves the room.
type visitor struct {
	fix    func(*navicert.Fix) error
	static func(*navicert.Static) error
}

// fix takes a fix and gives on what need not wait any more.
func (w *waitingRoom) fix(f *navicert.Fix, on visitor) error {
	s := w.second(f.Time)
	s.places = append(s.places, place{placeKey(f.Time, f.MMSI) | isFix, uint32(len(s.fixes))})
	s.fixes = append(s.fixes, *f)
	return w.tick(f.Time, on)
}

// static is fix for static reports.
func (w *waitingRoom) static(r *navicert.Static, on visitor) error {
	s := w.second(r.Time)
	s.places = append(s.places, place{placeKey(r.Time, r.MMSI), uint32(len(s.statics))})
	s.statics = append(s.statics, *r)
	return w.tick(r.Time, on)
}

func (w *waitingRoom) second(t time.Time) *second {
	w.n++
	at := t.Unix()
	if w.current != nil && w.current.at == at {
		return w.current
	}
	s := w.seconds[at]
	if s == nil {
		if n := len(w.spare); n > 0 {
			s, w.spare = w.spare[n-1], w.spare[:n-1]
		} else {
			s = &second{}
		}
		s.at = at
		w.seconds[at] = s
		heap.Push(&w.order, at)
	}
	w.current = s
	return s
}

// tick moves the time of the room on and gives on what is due.
func (w *waitingRoom) tick(t time.Time, on visitor) error {
	if w.clock.Tick(t); !w.clock.sure() && w.n <= w.most {
		return nil
	}
	due := w.clock.now.Add(-w.lateness).Unix()
	for len(w.order) > 0 && w.order[0] < due {
		if err := w.release(heap.Pop(&w.order).(int64), on); err != nil {
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
func (w *waitingRoom) least() int64 {
	far := w.clock.now.Add(maxTick).Unix()
	i := 0
	for k, at := range w.order {
		if at > far && at > w.order[i] {
			i = k
		}
	}
	return heap.Remove(&w.order, i).(int64)
}

// flush gives everything on.
func (w *waitingRoom) flush(on visitor) error {
	for len(w.order) > 0 {
		if err := w.release(heap.Pop(&w.order).(int64), on); err != nil {
			return err
		}
	}
	return nil
}

// release gives on a second that has been taken out of the order.
func (w *waitingRoom) release(at int64, on visitor) error {
	s := w.seconds[at]
	delete(w.seconds, at)
	if w.current == s {
		w.current = nil
	}
	w.n -= len(s.places)
	slices.SortFunc(s.places, s.compare)
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

// maxSpare is how many seconds are kept for use again.
const maxSpare = 128

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
	c.Mark("waiting 1")
	w.clock.state(c)
	at := slices.Clone(w.order)
	slices.Sort(at)
	n := len(at)
	state.Int(c, &n)
	for i := 0; i < n && c.Err() == nil; i++ {
		s := &second{}
		if !c.Loads() {
			s = w.seconds[at[i]]
		}
		s.state(c)
		if c.Loads() {
			w.seconds[s.at] = s
			heap.Push(&w.order, s.at)
			w.n += len(s.places)
		}
	}
}

func (s *second) state(c *state.Coder) {
	state.Int(c, &s.at)
	state.Slice(c, &s.fixes, (*state.Coder).Fix)
	state.Slice(c, &s.statics, (*state.Coder).Static)
	if c.Loads() {
		for i := range s.fixes {
			s.places = append(s.places, place{placeKey(s.fixes[i].Time, s.fixes[i].MMSI) | isFix, uint32(i)})
		}
		for i := range s.statics {
			s.places = append(s.places, place{placeKey(s.statics[i].Time, s.statics[i].MMSI), uint32(i)})
		}
	}
}

// secondHeap has the oldest second first.
type secondHeap []int64

func (s secondHeap) Len() int           { return len(s) }
func (s secondHeap) Less(i, j int) bool { return s[i] < s[j] }
func (s secondHeap) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *secondHeap) Push(x any)        { *s = append(*s, x.(int64)) }
func (s *secondHeap) Pop() any {
	last := len(*s) - 1
	x := (*s)[last]
	*s = (*s)[:last]
	return x
}

// Clock is how late it is in a stream: the newest time that a report has carried.
// One that lies more than an hour ahead, or so far behind, moves it only when
// eight in a row do, and then to the one of them that is nearest: a few wrong
// clocks neither carry it off nor turn it back. The first eight reports vote.
type Clock struct {
	now    time.Time
	behind time.Duration // how far behind now a report lies that may turn it back
	first  []time.Time   // the votes, until they are all in
	far    time.Time     // of the reports in a row that lie away from now, the nearest
	run    int           // how many there are: those ahead counted up, those behind down
}

// NewClock returns a clock that is not turned back by what lies less than so far
// behind.
func NewClock(behind time.Duration) *Clock { return &Clock{behind: behind} }

// Now returns how late it is, the zero time before it is known.
func (c *Clock) Now() time.Time { return c.now }

// sure reports whether what lies behind now is late, and not the beginning of
// another time.
func (c *Clock) sure() bool { return !c.now.IsZero() && c.run >= 0 }

// Tick takes the time of the next report.
func (c *Clock) Tick(t time.Time) {
	if c.now.IsZero() {
		if c.first = append(c.first, t); len(c.first) < agreeing {
			return
		}
		votes := slices.SortedFunc(slices.Values(c.first), time.Time.Compare)
		c.now, c.first = votes[len(votes)/2], nil
		for _, t := range votes {
			c.Tick(t)
		}
		c.run = 0
		return
	}
	switch d := t.Sub(c.now); {
	case d > maxTick:
		if c.run <= 0 || t.Before(c.far) {
			c.far = t
		}
		c.run = max(c.run, 0) + 1
	case d < -c.behind:
		if c.run >= 0 || t.After(c.far) {
			c.far = t
		}
		c.run = min(c.run, 0) - 1
	default:
		c.run = 0
		if d > 0 {
			c.now = t
		}
		return
	}
	if c.run == agreeing || c.run == -agreeing {
		c.now, c.run = c.far, 0
	}
}

func (c *Clock) state(s *state.Coder) {
	s.Time(&c.now)
	state.Slice(s, &c.first, (*state.Coder).Time)
	s.Time(&c.far)
	state.Int(s, &c.run)
}

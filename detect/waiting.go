package detect

import (
	"container/heap"
	"slices"
	"time"

	"navicert"
)

// maxWaiting bounds how many fixes wait at once; beyond it the oldest go on
// early.
const maxWaiting = 500_000

// waitingRoom puts fixes in order of time when they arrive out of it by no
// more than a lateness: they wait, in the time they carry, until nothing older
// is expected. One that comes later still goes straight on, and it is for the
// vessel's track to take it or not.
type waitingRoom struct {
	lateness time.Duration
	fixes    map[int64][]navicert.Fix // by second, in order of arrival
	order    seconds                  // those that are there
	newest   time.Time
	n        int
	spare    [][]navicert.Fix
}

func newWaitingRoom(lateness time.Duration) *waitingRoom {
	return &waitingRoom{lateness: lateness, fixes: map[int64][]navicert.Fix{}}
}

// put takes a fix and gives on what need not wait any more.
func (w *waitingRoom) put(f *navicert.Fix, on func(*navicert.Fix) error) error {
	if !w.newest.IsZero() && f.Time.Before(w.newest.Add(-w.lateness)) {
		return on(f)
	}
	sec := f.Time.Unix()
	bucket, there := w.fixes[sec]
	if !there {
		heap.Push(&w.order, sec)
		if n := len(w.spare); n > 0 {
			bucket, w.spare = w.spare[n-1], w.spare[:n-1]
		}
	}
	w.fixes[sec] = append(bucket, *f)
	w.n++
	if f.Time.After(w.newest) {
		w.newest = f.Time
	}
	due := w.newest.Add(-w.lateness).Unix()
	for len(w.order) > 0 && (w.order[0] < due || w.n > maxWaiting) {
		if err := w.release(on); err != nil {
			return err
		}
	}
	return nil
}

// flush gives everything on.
func (w *waitingRoom) flush(on func(*navicert.Fix) error) error {
	for len(w.order) > 0 {
		if err := w.release(on); err != nil {
			return err
		}
	}
	return nil
}

// release gives on the oldest second, in order of time, then of arrival.
func (w *waitingRoom) release(on func(*navicert.Fix) error) error {
	sec := heap.Pop(&w.order).(int64)
	bucket := w.fixes[sec]
	delete(w.fixes, sec)
	slices.SortStableFunc(bucket, func(a, b navicert.Fix) int { return a.Time.Compare(b.Time) })
	w.n -= len(bucket)
	for i := range bucket {
		if err := on(&bucket[i]); err != nil {
			return err
		}
	}
	clear(bucket)
	w.spare = append(w.spare, bucket[:0])
	return nil
}

// seconds is a heap of times with the oldest first.
type seconds []int64

func (s seconds) Len() int           { return len(s) }
func (s seconds) Less(i, j int) bool { return s[i] < s[j] }
func (s seconds) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *seconds) Push(x any)        { *s = append(*s, x.(int64)) }
func (s *seconds) Pop() any {
	last := len(*s) - 1
	x := (*s)[last]
	*s = (*s)[:last]
	return x
}

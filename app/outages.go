package app

import (
	"slices"
	"sort"
	"time"

	"navicert"
)

// maxOutages bounds the outages of a feed that are held in memory; the oldest
// are forgotten.
const maxOutages = 10_000

// outages are those of one feed, in order of From, to the millisecond. Only the
// newest can last: when another began, data had come.
type outages struct {
	list  []navicert.Outage
	until []time.Time // the latest end of list[:i+1]; zero when it lasts
	cut   bool        // of the time before the first nothing is known any more
}

func newOutages(list []navicert.Outage) *outages {
	s := &outages{list: list, cut: len(list) >= maxOutages}
	s.settle(0)
	return s
}

// put adds an outage or, known by its From, changes when it ends.
func (s *outages) put(o navicert.Outage) {
	o.From, o.To = o.From.Truncate(time.Millisecond), o.To.Truncate(time.Millisecond)
	i, known := s.find(o.From)
	if known {
		s.list[i].To = o.To
	} else {
		s.list = slices.Insert(s.list, i, o)
	}
	s.settle(max(i-1, 0))
	if len(s.list) > maxOutages {
		s.list = slices.Delete(s.list, 0, maxOutages/2)
		s.settle(0)
		s.cut = true
	}
}

// last returns the newest; false when there is none.
func (s *outages) last() (navicert.Outage, bool) {
	if len(s.list) == 0 {
		return navicert.Outage{}, false
	}
	return s.list[len(s.list)-1], true
}

// find returns where an outage that begins at a time is or would be.
func (s *outages) find(from time.Time) (i int, known bool) {
	return slices.BinarySearchFunc(s.list, from, func(o navicert.Outage, t time.Time) int { return o.From.Compare(t) })
}

// settle puts in order what follows from list[i:].
func (s *outages) settle(i int) {
	s.until = s.until[:i]
	for ; i < len(s.list); i++ {
		o := &s.list[i]
		if o.To.IsZero() && i+1 < len(s.list) {
			o.To = s.list[i+1].From
		}
		end := o.To
		if i > 0 && !end.IsZero() && s.until[i-1].After(end) {
			end = s.until[i-1]
		}
		s.until = append(s.until, end)
	}
}

// between returns the outages that overlap [from, to). They hold until the next
// put.
func (s *outages) between(from, to time.Time) []navicert.Outage {
	low := sort.Search(len(s.until), func(i int) bool { return s.until[i].IsZero() || s.until[i].After(from) })
	high, _ := s.find(to)
	if low >= high {
		return nil
	}
	out := s.list[low:high:high]
	over := func(o navicert.Outage) bool { return !o.To.IsZero() && !o.To.After(from) }
	if slices.ContainsFunc(out, over) { // within a longer one
		out = slices.DeleteFunc(slices.Clone(out), over)
	}
	return out
}

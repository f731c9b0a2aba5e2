package app

import (
	"time"

	"navicert"
)

// give takes a fix of the input to the engine.
func (r *replay) give(f *navicert.Fix) error {
	if r.outside(f.Time) {
		r.summary.Outside++
		return nil
	}
	if !r.begun {
		return r.hold(held{fix: *f})
	}
	return r.take(f)
}

// take is give for one that is within the period, when the replay has begun.
func (r *replay) take(f *navicert.Fix) error {
	if again, err := r.next(); again || err != nil {
		return err
	}
	// As the store will keep it, so that a later input that continues from
	// there gives the same events.
	ms := *f
	ms.Time = f.Time.Truncate(time.Millisecond)
	if err := r.engine.Fix(&ms); err != nil {
		return err
	}
	return r.flushFull()
}

// next counts a record that is to be given to the engine, and says whether it
// had taken it before the checkpoint.
func (r *replay) next() (again bool, err error) {
	if r.stopped.Load() && !r.live {
		return false, errStopped
	}
	r.given++
	return r.given <= r.skip, nil
}

// arrival is when a record arrives of input that comes as it happens.
func (r *replay) arrival() time.Time {
	if !r.live {
		return time.Time{}
	}
	return r.app.cfg.Clock()
}

func (r *replay) outside(t time.Time) bool {
	return !r.opts.From.IsZero() && t.Before(r.opts.From) || !r.opts.To.IsZero() && !t.Before(r.opts.To)
}

func (r *replay) giveStatic(s *navicert.Static) error {
	if r.outside(s.Time) {
		return nil
	}
	if !r.begun {
		copied := *s
		return r.hold(held{static: &copied})
	}
	return r.takeStatic(s)
}

func (r *replay) takeStatic(s *navicert.Static) error {
	if again, err := r.next(); again || err != nil {
		return err
	}
	ms := *s
	ms.Time = s.Time.Truncate(time.Millisecond)
	if err := r.engine.Static(&ms); err != nil {
		return err
	}
	return r.flushFull()
}

// replaySink takes the reports of one input: to the engine, or to be sorted
// first.
type replaySink struct {
	*replay
	merge    *mergedInput // nil: the input is read by itself
	name     string       // of the input
	progress func()
	sorter   *sorter
	n        int
	comes    bool // as it happens, so that it has no end at which it could be sorted

	recorded   bool
	recordFrom int64 // where the input begins in its record
}

// progressEvery is how many reports come between two calls of Progress.
const progressEvery = 10_000

// Fix implements feed.Sink.
func (s *replaySink) Fix(f *navicert.Fix) error {
	s.summary.Fixes++
	s.tick()
	if s.recorded {
		f.Ref = recordedRef(f.Ref, s.recordFrom)
	}
	if err := s.sort(f.TimeFrom); err != nil {
		return err
	}
	if s.sorter == nil {
		return s.on(f)
	}
	if err := s.sorter.fix(f); err != nil {
		return err
	}
	return s.sorting()
}

// Static implements feed.Sink.
func (s *replaySink) Static(st *navicert.Static) error {
	s.summary.Statics++
	s.tick()
	if s.recorded {
		st.Ref = recordedRef(st.Ref, s.recordFrom)
	}
	if err := s.sort(st.TimeFrom); err != nil {
		return err
	}
	if s.sorter == nil {
		return s.onStatic(st)
	}
	if err := s.sorter.static(st); err != nil {
		return err
	}
	return s.sorting()
}

// on gives a fix on when it is its turn.
func (s *replaySink) on(f *navicert.Fix) error {
	if s.merge != nil {
		return s.merge.fix(f)
	}
	return s.give(f)
}

func (s *replaySink) onStatic(st *navicert.Static) error {
	if s.merge != nil {
		return s.merge.static(st)
	}
	return s.giveStatic(st)
}

func (s *replaySink) tick() {
	if s.n++; s.n%progressEvery == 0 {
		s.progress()
	}
}

// sort decides, at the first report of an input, whether it is sorted: the time
// of a table's row comes from the file.
func (s *replaySink) sort(from navicert.TimeFrom) error {
	if s.n != 1 || s.comes || s.opts.Sort != SortOn && (s.opts.Sort == SortOff || from != navicert.TimeFile) {
		return nil
	}
	s.sorter = &sorter{}
	if m := s.merge; m != nil {
		if m.sorted = true; s.opts.Merge != MergeOn {
			m.table = &tableSpan{sorter: s.sorter}
		}
	}
	return nil
}

// sorting waits for a table's turn when its first reports have been read.
func (s *replaySink) sorting() error {
	if s.merge != nil && s.sorter.len() == tablePeek {
		return s.merge.peek()
	}
	return nil
}

func (s *replaySink) close() error {
	if s.sorter != nil {
		if s.merge != nil {
			if err := s.merge.whole(); err != nil {
				return err
			}
		}
		from, _ := s.sorter.span()
		s.overlaps(s.name, from)
		if err := s.sorter.drain(s.reading, s.on, s.onStatic); err != nil {
			return err
		}
	}
	if s.merge != nil {
		return s.merge.end()
	}
	return nil
}

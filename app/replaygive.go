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
	progress func()
	sorter   *sorter
	n        int
}

// progressEvery is how many reports come between two calls of Progress.
const progressEvery = 10_000

// Fix implements feed.Sink.
func (s *replaySink) Fix(f *navicert.Fix) error {
	s.summary.Fixes++
	s.tick()
	if err := s.sort(f.TimeFrom); err != nil {
		return err
	}
	if s.sorter != nil {
		return s.sorter.fix(f)
	}
	return s.on(f)
}

// Static implements feed.Sink.
func (s *replaySink) Static(st *navicert.Static) error {
	s.summary.Statics++
	s.tick()
	if err := s.sort(st.TimeFrom); err != nil {
		return err
	}
	if s.sorter != nil {
		return s.sorter.static(st)
	}
	return s.onStatic(st)
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
	if s.n != 1 || s.opts.Sort != SortOn && (s.opts.Sort == SortOff || from != navicert.TimeFile) {
		return nil
	}
	s.sorter = &sorter{}
	if s.merge == nil || s.opts.Merge == MergeOn {
		return nil
	}
	m := s.merge
	s.merge = nil
	return m.alone()
}

func (s *replaySink) close() error {
	if s.sorter != nil {
		if err := s.sorter.drain(s.reading, s.on, s.onStatic); err != nil {
			return err
		}
	}
	if s.merge != nil {
		return s.merge.end()
	}
	return nil
}

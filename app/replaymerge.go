package app

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
)

// maxMerged is how many inputs are read at once; more are read one after the
// other.
const maxMerged = 256

// merges reports whether inputs are read together, in order of time.
func (r *replay) merges(inputs []ReplayInput) bool {
	r.apart = r.whyApart(inputs)
	return len(inputs) > 1 && r.opts.Merge != MergeOff && r.apart == ""
}

// whyApart says why inputs cannot be read together, if they cannot. What comes as it
// happens is not: it may keep the others waiting.
func (r *replay) whyApart(inputs []ReplayInput) string {
	if len(inputs) > maxMerged {
		return fmt.Sprintf("at most %d files are read together: put some of them into one", maxMerged)
	}
	if r.opts.Feed.Follow || slices.ContainsFunc(inputs, func(in ReplayInput) bool { return in.Reader == nil && passes(in.Path) }) {
		return "files are not read together with standard input or a live feed, or as they grow: replay them by themselves"
	}
	return ""
}

// mergedInput is one of several inputs. Each is read in a coroutine of its own,
// of which one runs at a time: that whose stream is the furthest behind, until
// it is not so any more.
type mergedInput struct {
	*replay
	index int
	name  string
	bound *time.Time // how far the one that runs may go: all others' next reports are later
	clock *detect.Clock
	opening
	yield  func(time.Time) bool
	sorted bool       // its reports come in order of time, whatever their clocks
	table  *tableSpan // it is merged with those tables that it overlaps in time; nil: with all, or it is a stream
	err    error

	resume func() (time.Time, bool)
	at     time.Time // of the stream at its next report
}

// errMergeEnded ends the inputs that are left when one has failed.
var errMergeEnded = errors.New("replay: another input failed")

func (r *replay) readMerged(inputs []ReplayInput) (err error) {
	var bound time.Time // none may go on before all are known
	var open []*mergedInput
	tables := false
	for i, in := range inputs {
		m := &mergedInput{replay: r, index: i, bound: &bound, clock: detect.NewClock(time.Hour)}
		var stop func()
		m.resume, stop = iter.Pull(func(yield func(time.Time) bool) {
			m.yield = yield
			m.err = r.readOne(in, m)
		})
		defer stop()
		var more bool
		if m.at, more = m.resume(); more {
			open = append(open, m)
		} else if m.err != nil {
			return m.err
		}
		tables = tables || m.table != nil
	}
	if tables {
		err = r.readGroups(open, &bound)
	} else {
		r.summary.Merged = true
		err = r.mergeAll(open, &bound)
	}
	if err != nil {
		return err
	}
	r.orderFiles(len(inputs))
	return nil
}

// mergeAll reads inputs of which the next reports are known to their ends, in order
// of time.
func (r *replay) mergeAll(open []*mergedInput, bound *time.Time) error {
	for len(open) > 0 {
		k := 0
		for i, m := range open {
			if m.at.Before(open[k].at) {
				k = i
			}
		}
		m := open[k]
		*bound = endOfTime
		for i, other := range open {
			if i != k && other.at.Before(*bound) {
				*bound = other.at
			}
		}
		var more bool
		if m.at, more = m.resume(); more {
			continue
		}
		if m.err != nil {
			return m.err
		}
		open = append(open[:k], open[k+1:]...)
	}
	return nil
}

var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// orderFiles puts the files in the order in which they were named; they were
// noted as they ended.
func (r *replay) orderFiles(n int) {
	files := make([]ReplayedFile, n)
	for i, index := range r.merged {
		files[index] = r.summary.Files[i]
	}
	r.summary.Files = files
}

// wait waits until it is the turn of the stream's next report.
func (m *mergedInput) wait() error { return m.waitFor(m.clock.Now()) }

func (m *mergedInput) waitFor(at time.Time) error {
	if at.After(*m.bound) && !m.yield(at) {
		return errMergeEnded
	}
	return nil
}

func (m *mergedInput) fix(f *navicert.Fix) error {
	if m.sorted {
		if err := m.waitFor(f.Time); err != nil {
			return err
		}
		return m.give(f)
	}
	if m.clock.Tick(f.Time); m.clock.Now().IsZero() {
		m.first = append(m.first, held{fix: *f})
		return nil
	}
	if err := m.begin(); err != nil {
		return err
	}
	if err := m.wait(); err != nil {
		return err
	}
	return m.give(f)
}

func (m *mergedInput) static(s *navicert.Static) error {
	if m.sorted {
		if err := m.waitFor(s.Time); err != nil {
			return err
		}
		return m.giveStatic(s)
	}
	if m.clock.Tick(s.Time); m.clock.Now().IsZero() {
		copied := *s
		m.first = append(m.first, held{static: &copied})
		return nil
	}
	if err := m.begin(); err != nil {
		return err
	}
	if err := m.wait(); err != nil {
		return err
	}
	return m.giveStatic(s)
}

// begin gives the first reports on, once. Those with wrong clocks do not wait.
func (m *mergedInput) begin() error {
	if len(m.first) == 0 {
		return nil
	}
	first := m.first
	from, to := m.span()
	m.first = nil
	for i := range first {
		at := first[i].time()
		if at.Before(from) || at.After(to) {
			at = from
		}
		if err := m.waitFor(at); err != nil {
			return err
		}
		if err := first[i].to(m.give, m.giveStatic); err != nil {
			return err
		}
	}
	return nil
}

// end gives on what there is of an input of a few reports.
func (m *mergedInput) end() error { return m.begin() }

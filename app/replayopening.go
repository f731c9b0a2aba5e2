package app

import (
	"context"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/track/state"
)

// held is a fix or a static report.
type held struct {
	fix    navicert.Fix
	static *navicert.Static // nil: it is the fix
}

func (h *held) time() time.Time {
	if h.static != nil {
		return h.static.Time
	}
	return h.fix.Time
}

// to gives it on.
func (h *held) to(fix func(*navicert.Fix) error, static func(*navicert.Static) error) error {
	if h.static != nil {
		return static(h.static)
	}
	return fix(&h.fix)
}

// opening holds the first reports of a stream until they agree on how late it is:
// any one of them may have a wrong clock.
type opening struct {
	first []held
}

// enough is how many of the first reports say of when an input is.
const enough = 8

// firstWithin is how far the first reports of an input may lie from each other, in
// order of time, if their clocks are right: it may be of one ship that sends every
// few days. Where a wrong clock is taken for a right one, what is held of each ship
// is read again, and nothing is lost.
const firstWithin = 7 * 24 * time.Hour

// span is from when to when the first reports are whose clocks may be right: the one
// in the middle, and those that the others lead to from there.
func (o *opening) span() (from, to time.Time) {
	times := make([]time.Time, len(o.first))
	for i := range o.first {
		times[i] = o.first[i].time()
	}
	slices.SortFunc(times, time.Time.Compare)
	i := (len(times) - 1) / 2
	j := i
	for i > 0 && times[i].Sub(times[i-1]) <= firstWithin {
		i--
	}
	for j < len(times)-1 && times[j+1].Sub(times[j]) <= firstWithin {
		j++
	}
	return times[i], times[j]
}

// hold keeps one of the first reports of the whole input until it is known of
// when it is. What comes as it happens does not wait for that: it is of no later
// than now.
func (r *replay) hold(h held) error {
	if r.stopped.Load() && !r.live {
		return errStopped
	}
	o := &r.opening
	o.first = append(o.first, h)
	if r.live {
		at := h.time()
		if now := r.app.now(); at.After(now) {
			at = now
		}
		return r.beginAt(at)
	}
	if len(o.first) < enough {
		return nil
	}
	return r.beginFirst()
}

// beginFew begins with the few reports that there are.
func (r *replay) beginFew() error {
	if r.begun || len(r.opening.first) == 0 {
		return nil
	}
	return r.beginFirst()
}

// beginFirst begins with the oldest of the first reports.
func (r *replay) beginFirst() error {
	at, _ := r.opening.span()
	return r.beginAt(at)
}

func (r *replay) beginAt(at time.Time) error {
	if err := r.begin(at); err != nil {
		return err
	}
	first := r.opening.first
	r.opening.first = nil
	for i := range first {
		if err := first[i].to(r.take, r.takeStatic); err != nil {
			return err
		}
	}
	return nil
}

// begin decides whether the replay continues from the state in which an earlier
// one ended.
func (r *replay) begin(at time.Time) (err error) {
	r.begun = true
	ctx := context.WithoutCancel(r.ctx)
	if r.follows, err = r.app.db.Additions(ctx); err != nil { // first: what is added from now on, it may not see
		return err
	}
	saved, err := r.app.db.End(ctx, r.checkpoint.how, at)
	if damaged(err) {
		r.note("the state in which the last replay ended is damaged, and is not used (%v): what is held of each ship is read again", err)
	} else if err != nil {
		return err
	}
	if saved != nil && r.continues(saved) {
		r.complete = true
		return nil
	}
	r.complete, err = r.app.db.NothingAfter(ctx, at)
	return err
}

// continues goes on from the state in which an earlier replay ended, unless it is
// of another version.
func (r *replay) continues(saved []byte) bool {
	options := r.options
	options.Detectors = r.detectors()
	engine := detect.NewEngine(options)
	c := state.Loading(saved)
	engine.State(c)
	if c.Close() != nil {
		return false
	}
	engine.Continue()
	r.engine = engine
	return true
}

// damaged reports whether a state that is held cannot be read, which costs what
// it was kept for and nothing else.
func damaged(err error) bool { return navicert.KindOf(err) == navicert.Invalid }

package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/store"
)

// batchSize is how many records are written together.
const batchSize = 20_000

// flushAfter is how long an event, or anything of a live input, waits in the
// batch while records come.
const flushAfter = time.Second

// batch is what waits to be written.
type batch struct {
	fixes   []navicert.Fix
	statics []navicert.Static
	at      map[staticKey]int // of the statics
	events  []navicert.Event
	heard   []detect.Heard // of the coverage ledger
}

// staticKey is by what the store tells static reports apart.
type staticKey struct {
	mmsi   navicert.MMSI
	millis int64
	source string
}

// addStatic puts a static report in the batch. The two halves of a class B
// ship's report (type 24, parts A and B) may carry the same time; they are
// made one, or the store would take the second for a repetition.
func (b *batch) addStatic(s *navicert.Static) {
	key := staticKey{s.MMSI, s.Time.UnixMilli(), s.Ref.Source}
	if i, ok := b.at[key]; ok && joinStatic(&b.statics[i], s) {
		return
	}
	if b.at == nil {
		b.at = map[staticKey]int{}
	}
	b.at[key] = len(b.statics)
	b.statics = append(b.statics, *s)
}

// joinStatic adds what s knows to what to does not, unless the two contradict
// each other.
func joinStatic(to, s *navicert.Static) bool {
	if to.IMO != 0 && s.IMO != 0 && to.IMO != s.IMO || to.Name != "" && s.Name != "" && to.Name != s.Name ||
		to.CallSign != "" && s.CallSign != "" && to.CallSign != s.CallSign {
		return false
	}
	to.IMO, to.Name, to.CallSign = cmp.Or(to.IMO, s.IMO), cmp.Or(to.Name, s.Name), cmp.Or(to.CallSign, s.CallSign)
	to.Destination, to.Class = cmp.Or(to.Destination, s.Destination), cmp.Or(to.Class, s.Class)
	to.ShipType = either(to.ShipType, s.ShipType)
	to.LengthM, to.BeamM, to.DraughtM = either(to.LengthM, s.LengthM), either(to.BeamM, s.BeamM), either(to.DraughtM, s.DraughtM)
	return true
}

func either[T any](a, b navicert.Opt[T]) navicert.Opt[T] {
	if a.Known() {
		return a
	}
	return b
}

// recent takes the static reports of the newest second out of the batch: their
// other halves may be still to come.
func (b *batch) recent() (held []navicert.Static) {
	if len(b.statics) == 0 {
		return nil
	}
	from := b.statics[len(b.statics)-1].Time.Add(-time.Second)
	b.statics = slices.DeleteFunc(b.statics, func(s navicert.Static) bool {
		if s.Time.After(from) {
			held = append(held, s)
			return true
		}
		return false
	})
	return held
}

func (r *replay) flushFull() error {
	full := len(r.batch.fixes)+len(r.batch.statics)+len(r.batch.events)+len(r.batch.heard) >= cmp.Or(r.opts.Batch, batchSize)
	due := (r.live || len(r.batch.events) > 0) && r.app.cfg.Clock().Sub(r.flushed) >= flushAfter
	if !full && !due {
		return nil
	}
	return r.flushSoFar()
}

// flushSoFar writes the batch in the middle of the input, with a checkpoint when
// one is due.
func (r *replay) flushSoFar() error {
	held := r.batch.recent()
	var at []byte
	if r.checkpoint.due() {
		var err error
		if at, err = r.position(held); err != nil {
			return err
		}
	}
	if err := r.flush(context.WithoutCancel(r.ctx), at, false); err != nil { // what is read is kept, also when the user has stopped
		return err
	}
	for i := range held {
		r.batch.addStatic(&held[i])
	}
	return nil
}

// flush writes the batch in one transaction: fixes, identities, coverage and the events
// that rest on them, which are told when they are held, and where the replay
// stands then, if at is given. Killed before, nothing of it is there, and
// writing it again doubles nothing.
func (r *replay) flush(ctx context.Context, at []byte, ended bool) error {
	b := &r.batch
	if !r.opts.NoStore {
		added, err := r.app.db.AppendBatch(ctx, &store.Batch{
			Fixes: b.fixes, Statics: b.statics, Heard: b.heard, Events: b.events, RecordedAt: r.app.now(),
			Input: r.checkpoint.input, Position: at, Ended: ended, End: r.end,
			Run: r.id, Follows: r.follows,
		})
		if err != nil {
			return err
		}
		if added.Damaged > 0 {
			r.note("of the positions that were held before, some are damaged: reading them fails, and %s is to be put back from a copy; what is new is kept all the same", store.FileName)
		}
		r.summary.Added.Fixes += added.Fixes
		r.summary.Added.Statics += added.Statics
		r.summary.Added.Events += added.Events
	}
	b.fixes, b.statics = b.fixes[:0], b.statics[:0]
	clear(b.at)
	b.heard = b.heard[:0]
	for _, ev := range b.events {
		if err := r.tell(ev); err != nil {
			return err
		}
	}
	clear(b.events)
	b.events = b.events[:0]
	r.flushed = r.app.cfg.Clock()
	return nil
}

const (
	// recallBefore is how far before a vessel's last stored fix its history is
	// read: what the gap detector counts, and an hour.
	recallBefore = gap.Before + time.Hour
	// recallMost is how far back a visit that is still open is followed.
	recallMost = 60 * 24 * time.Hour
)

// history gives the engine what the data directory holds from before.
type history struct {
	ctx context.Context
	db  *store.DB
}

// known lists the vessels heard in the time before.
func (h *history) known(before time.Time) ([]navicert.MMSI, error) {
	last, err := h.db.Latest(h.ctx, before.Add(-time.Millisecond), recallMost)
	if err != nil {
		return nil, err
	}
	out := make([]navicert.MMSI, len(last))
	for i, l := range last {
		out[i] = l.Fix.MMSI
	}
	return out, nil
}

// fixes returns a vessel's stored fixes from before its first in the input, as
// far back as detectors need them: to where they were when it was last heard,
// and to the beginning of what is still open.
func (h *history) fixes(m navicert.MMSI, before time.Time) ([]navicert.Fix, error) {
	_, last, n, err := h.db.Span(h.ctx, m, before.Add(-time.Millisecond))
	if err != nil || n == 0 {
		return nil, err
	}
	from := last.Add(-recallBefore)
	events, err := h.db.Events(h.ctx, detect.Filter{MMSI: m, To: before})
	if err != nil {
		return nil, err
	}
	for _, ev := range events {
		if start := ev.Start.Add(-recallBefore); ev.State == navicert.EventOpen && start.Before(from) {
			from = start
		}
	}
	if most := last.Add(-recallMost); from.Before(most) {
		from = most
	}
	return h.db.Fixes(h.ctx, m, from, before)
}

package app

import (
	"context"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/detect/gap"
	"navicert/store"
)

// batchSize is how many records are written together.
const batchSize = 20_000

// batch is what waits to be written.
type batch struct {
	fixes   []navicert.Fix
	statics []navicert.Static
	events  []navicert.Event
}

func (r *replay) flushFull() error {
	if len(r.batch.fixes)+len(r.batch.statics)+len(r.batch.events) < batchSize {
		return nil
	}
	return r.flush(r.ctx)
}

// flush writes the batch: fixes and identities first, then the events that
// rest on them. Each step is a transaction and idempotent, so that being
// killed between two of them costs nothing but writing again.
func (r *replay) flush(ctx context.Context) error {
	b := &r.batch
	n, err := r.app.db.AppendFixes(ctx, b.fixes)
	if err != nil {
		return err
	}
	r.summary.Added.Fixes += n
	b.fixes = b.fixes[:0]
	if n, err = r.app.db.AppendStatics(ctx, b.statics); err != nil {
		return err
	}
	r.summary.Added.Statics += n
	b.statics = b.statics[:0]
	if n, err = r.app.db.PutEvents(ctx, r.app.now(), b.events); err != nil {
		return err
	}
	r.summary.Added.Events += n
	clear(b.events)
	b.events = b.events[:0]
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

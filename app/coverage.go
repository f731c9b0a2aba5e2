package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/feed"
	"navicert/store"
)

// healthEvery is how often, by the wall clock, the health of a live feed is
// written down while it is read.
const healthEvery = 10 * time.Second

// coverage keeps when the live feeds of a run are heard, and knows it of
// earlier ones. A run that keeps nothing knows its own outages only.
type coverage struct {
	ctx   context.Context
	db    *store.DB           // nil: keep nothing
	feeds map[string]struct{} // whose outages are known
	own   []navicert.Outage   // without db, in order
}

// maxOwn bounds the outages of a run that keeps nothing; the oldest are
// forgotten.
const maxOwn = 10_000

func newCoverage(ctx context.Context, db *store.DB) (*coverage, error) {
	c := &coverage{ctx: ctx, db: db, feeds: map[string]struct{}{}}
	if db == nil {
		return c, nil
	}
	feeds, err := db.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range feeds {
		c.feeds[f.Feed] = struct{}{}
	}
	return c, nil
}

// outages answers the engine.
func (c *coverage) outages(name string, from, to time.Time) ([]navicert.Outage, bool, error) {
	if _, known := c.feeds[name]; !known {
		return nil, false, nil
	}
	if c.db != nil {
		out, err := c.db.Outages(context.WithoutCancel(c.ctx), detect.OutageFilter{Feed: name, From: from, To: to})
		return out, true, err
	}
	var out []navicert.Outage
	for _, o := range c.own {
		if o.Feed == name && o.From.Before(to) && (o.To.IsZero() || o.To.After(from)) {
			out = append(out, o)
		}
	}
	return out, true, nil
}

// put keeps an outage that begins or ends, also while the run is being stopped.
func (c *coverage) put(o navicert.Outage) error {
	if c.db != nil {
		return c.db.PutOutage(context.WithoutCancel(c.ctx), o)
	}
	if n := len(c.own); n > 0 && c.own[n-1].Feed == o.Feed && c.own[n-1].From.Equal(o.From) {
		c.own[n-1] = o
		return nil
	}
	if len(c.own) == maxOwn {
		c.own = slices.Delete(c.own, 0, maxOwn/2)
	}
	c.own = append(c.own, o)
	return nil
}

// before returns the newest health of a feed that an earlier run kept, and when
// that run had heard it last: the beginning of an outage that it left open, which
// open says, or the last data, or, when there were none, the time from which it
// listened.
func (c *coverage) before(name string) (held navicert.FeedHealth, heard time.Time, open bool, err error) {
	if c.db == nil {
		return held, heard, false, nil
	}
	feeds, err := c.db.Feeds(c.ctx)
	if err != nil {
		return held, heard, false, err
	}
	if i := slices.IndexFunc(feeds, func(h navicert.FeedHealth) bool { return h.Feed == name }); i >= 0 {
		held = feeds[i]
		if heard = held.Last; heard.IsZero() {
			heard = held.Opened
		}
	}
	newest, err := c.db.Outages(c.ctx, detect.OutageFilter{Feed: name, Limit: 1})
	if err != nil || len(newest) == 0 {
		return held, heard, false, err
	}
	switch o := newest[0]; {
	case o.To.IsZero():
		return held, o.From, true, nil
	case o.To.After(heard): // killed before its health could be kept again
		heard = o.To
	}
	return held, heard, false, nil
}

// watch opens a live feed, or a file that is followed, whose outages and health
// are kept. The context of reading it ends when they cannot be; stop closes the
// stream, keeps its last health and returns what went wrong with that.
func (c *coverage) watch(o feed.Opener, path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
	name := feed.Name(path)
	held, heard, open, err := c.before(name)
	if err != nil {
		return nil, nil, nil, err
	}
	if open || strings.Contains(path, "://") { // what a file gained meanwhile is read
		o.Heard = heard
	}
	o.Outage = c.put
	c.feeds[name] = struct{}{}
	ctx, cancel := context.WithCancelCause(c.ctx)
	if s, err = o.Open(ctx, path); err != nil {
		cancel(nil)
		return nil, nil, nil, err
	}
	keep := func(ctx context.Context) error {
		h, live := s.Health()
		if c.db == nil || !live {
			return nil
		}
		if h.Last.IsZero() {
			h.Last = held.Last
		}
		return c.db.PutHealth(ctx, h)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for tick := time.NewTicker(healthEvery); ; {
			if err := keep(ctx); err != nil && ctx.Err() == nil {
				cancel(err)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	}()
	return s, ctx, func() error {
		err := s.Close()
		failed := context.Cause(ctx)
		cancel(nil)
		<-done
		if last := keep(context.WithoutCancel(ctx)); err == nil {
			err = last
		}
		if failed != nil && c.ctx.Err() == nil { // it could not be kept
			err = failed
		}
		return err
	}, nil
}

// openInput opens an input, and watches it when it is live; stop closes it.
func (r *replay) openInput(path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
	o := r.opts.Feed.opener(r.opts.Stdin, r.app.cfg.Clock)
	if strings.Contains(path, "://") || o.Follow && path != "-" {
		return r.coverage.watch(o, path)
	}
	if s, err = o.Open(r.ctx, path); err != nil {
		return nil, nil, nil, err
	}
	return s, r.ctx, s.Close, nil
}

// staleHealth is the age from which a kept health is of a program that no
// longer listens.
const staleHealth = 3 * healthEvery

// Feeds returns the live feeds that were ever listened to, with their outages
// that overlap [from, to), zero times not restricting it, and of each the newest
// so many. A feed of which nothing has been told for longer than it is told by a
// running program has ended.
func (a *App) Feeds(ctx context.Context, from, to time.Time, most int) ([]navicert.FeedRecord, error) {
	feeds, err := a.db.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]navicert.FeedRecord, len(feeds))
	for i, h := range feeds {
		if h.State != navicert.FeedEnded && a.now().Sub(h.At) > staleHealth {
			h.State, h.Why = navicert.FeedEnded, "the navicert that listened stopped without saying so"
		}
		if h.State == navicert.FeedEnded {
			h.Rate = 0
		}
		out[i].FeedHealth = h
		out[i].Intervals, err = a.db.Outages(ctx, detect.OutageFilter{Feed: h.Feed, From: from, To: to, Limit: most})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

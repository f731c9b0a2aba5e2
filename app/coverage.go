package app

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"navicert"
	"navicert/detect"
	"navicert/feed"
)

// healthEvery is how often, by the wall clock, the health of a live feed is
// written down while it is read.
const healthEvery = 10 * time.Second

// coverage keeps when the live feeds of a run are heard, and knows it of
// earlier ones. A run that keeps nothing knows its own outages only. It is for
// one goroutine: streams report outages from their Open, Read and Close.
type coverage struct {
	ctx   context.Context
	db    detect.CoverageStore           // nil: keep nothing
	held  map[string]navicert.FeedHealth // as earlier runs left it, and of watched ones
	known map[string]*outages            // of feeds that were asked about
	files map[string]string              // followed in this run: what its reports call a file, and its feed
}

// feedOf is under what name the health and outages of an input are kept: an
// address as its reports name it; a file by its whole path, since there may be
// many of one name.
func feedOf(path string) (string, error) {
	if strings.Contains(path, "://") {
		return feed.Name(path), nil
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", navicert.Errorf(navicert.Unavailable, "feed", path, "%w", err)
	}
	return whole, nil
}

// heardBy returns the feed that a source of fixes is, of this run or an earlier
// one: an address, or a file that this run follows. Other files are none, though
// one of their name may have been followed.
func (c *coverage) heardBy(source string) (name string, ok bool) {
	if name = source; !strings.Contains(source, "://") {
		name = c.files[source]
	}
	_, ok = c.held[name]
	return name, ok
}

// newCoverage reads what earlier runs kept in a store; nil keeps nothing.
func newCoverage(ctx context.Context, db detect.CoverageStore) (*coverage, error) {
	c := &coverage{ctx: ctx, db: db, held: map[string]navicert.FeedHealth{}, known: map[string]*outages{}, files: map[string]string{}}
	if db == nil {
		return c, nil
	}
	feeds, err := db.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range feeds {
		c.held[f.Feed] = f
	}
	return c, nil
}

// of returns a feed's outages, which are read once, also while the run is being
// stopped.
func (c *coverage) of(name string) (*outages, error) {
	if s := c.known[name]; s != nil {
		return s, nil
	}
	var list []navicert.Outage
	if c.db != nil {
		var err error
		list, err = c.db.Outages(context.WithoutCancel(c.ctx), detect.OutageFilter{Feed: name, Limit: maxOutages})
		if err != nil {
			return nil, err
		}
	}
	c.known[name] = newOutages(list)
	return c.known[name], nil
}

// outages answers the engine.
func (c *coverage) outages(source string, from, to time.Time) ([]navicert.Outage, bool, error) {
	name, ok := c.heardBy(source)
	if !ok {
		return nil, false, nil
	}
	s, err := c.of(name)
	if err != nil {
		return nil, false, err
	}
	return s.between(from, to), true, nil
}

// put keeps an outage that begins or ends, also while the run is being stopped.
func (c *coverage) put(o navicert.Outage) error {
	if c.db != nil {
		if err := c.db.PutOutage(context.WithoutCancel(c.ctx), o); err != nil {
			return err
		}
	}
	s, err := c.of(o.Feed)
	if err != nil {
		return err
	}
	s.put(o)
	return nil
}

// before returns when an earlier run heard a feed last: the beginning of an
// outage that it left open, which open says, or the last data, or, when there
// were none, the time from which it listened.
func (c *coverage) before(name string) (heard time.Time, open bool, err error) {
	held := c.held[name]
	if heard = held.Last; heard.IsZero() {
		heard = held.Opened
	}
	s, err := c.of(name)
	if err != nil || len(s.list) == 0 {
		return heard, false, err
	}
	switch o := s.list[len(s.list)-1]; {
	case o.To.IsZero():
		return o.From, true, nil
	case o.To.After(heard): // killed before its health could be kept again
		heard = o.To
	}
	return heard, false, nil
}

// watch opens a live feed, or a file that is followed, whose outages and health
// are kept. The context of reading it ends when they cannot be; stop closes the
// stream, keeps its last health and returns what went wrong with that.
func (c *coverage) watch(o feed.Opener, path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
	name, err := feedOf(path)
	if err != nil {
		return nil, nil, nil, err
	}
	held := c.held[name]
	heard, open, err := c.before(name)
	if err != nil {
		return nil, nil, nil, err
	}
	if open || strings.Contains(path, "://") { // what a file gained meanwhile is read
		o.Heard = heard
	}
	o.Outage = func(out navicert.Outage) error {
		out.Feed = name
		return c.put(out)
	}
	c.held[name] = held
	if called := feed.Name(path); called != name {
		c.files[called] = name
	}
	ctx, cancel := context.WithCancelCause(c.ctx)
	if s, err = o.Open(ctx, path); err != nil {
		cancel(nil)
		return nil, nil, nil, err
	}
	if c.db == nil {
		return s, ctx, func() error { defer cancel(nil); return s.Close() }, nil
	}
	keep := func(ctx context.Context) error {
		h, live := s.Health()
		if !live {
			return nil
		}
		h.Feed = name
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

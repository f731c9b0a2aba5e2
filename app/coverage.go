package app

import (
	"context"
	"errors"
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
	db    detect.CoverageStore // nil: keep nothing
	clock func() time.Time
	feeds map[string]*knownFeed
	files map[string]string // followed in this run: what its reports call a file, and its feed
}

// knownFeed is what a run knows of a feed.
type knownFeed struct {
	health  navicert.FeedHealth // as an earlier run left it, or another program keeps it
	read    time.Time           // when the health was
	outages *outages            // nil: not read yet
	since   time.Time           // from when on its outages are known; zero: never
	open    bool                // this run listens to it
}

// notListening is why nothing was heard of a feed between two runs.
const notListening = "navicert was not listening"

// newCoverage reads what earlier runs kept in a store; nil keeps nothing.
func newCoverage(ctx context.Context, db detect.CoverageStore, clock func() time.Time) (*coverage, error) {
	c := &coverage{ctx: ctx, db: db, clock: clock, feeds: map[string]*knownFeed{}, files: map[string]string{}}
	return c, c.readFeeds(ctx)
}

// readFeeds reads the health of all feeds that this run does not listen to.
func (c *coverage) readFeeds(ctx context.Context) error {
	if c.db == nil {
		return nil
	}
	now := c.clock()
	feeds, err := c.db.Feeds(ctx)
	if err != nil {
		return err
	}
	for _, h := range feeds {
		if k := c.feeds[h.Feed]; k == nil || !k.open {
			c.feeds[h.Feed] = &knownFeed{health: h, read: now, since: h.FirstOpened}
		}
	}
	return nil
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
	_, ok = c.feeds[name]
	return name, ok
}

// of returns a feed with its outages, which are read once, also while the run
// is being stopped. A feed that this run does not listen to has not been heard
// since an earlier one, unless another program listens to it: then it is read
// again when it is older than what that program tells.
func (c *coverage) of(name string) (*knownFeed, error) {
	ctx := context.WithoutCancel(c.ctx)
	now := c.clock()
	k := c.feeds[name]
	if !k.open && now.Sub(k.read) >= healthEvery {
		if err := c.readFeeds(ctx); err != nil {
			return nil, err
		}
		k = c.feeds[name]
	}
	if k.outages != nil {
		return k, nil
	}
	var list []navicert.Outage
	if c.db != nil {
		var err error
		if list, err = c.db.Outages(ctx, detect.OutageFilter{Feed: name, Limit: maxOutages}); err != nil {
			return nil, err
		}
	}
	k.outages = newOutages(list)
	if heard, lasts := k.heard(); !k.open && !lasts && !heard.IsZero() && !tells(k.health, now) {
		k.outages.put(navicert.Outage{Feed: name, From: heard, Why: notListening})
	}
	return k, nil
}

// outages answers the engine.
func (c *coverage) outages(source string, from, to time.Time) (out []navicert.Outage, watched bool, err error) {
	name, ok := c.heardBy(source)
	if !ok {
		return nil, false, nil
	}
	k, err := c.of(name)
	if err != nil {
		return nil, false, err
	}
	since := k.since.Truncate(time.Millisecond) // as the times of fixes
	if k.outages.cut && k.outages.list[0].From.After(since) {
		since = k.outages.list[0].From
	}
	return k.outages.between(from, to), !k.since.IsZero() && !from.Before(since), nil
}

// put keeps an outage that begins or ends, also while the run is being stopped.
func (c *coverage) put(o navicert.Outage) error {
	if c.db != nil {
		if err := c.db.PutOutage(context.WithoutCancel(c.ctx), o); err != nil {
			return err
		}
	}
	k, err := c.of(o.Feed)
	if err != nil {
		return err
	}
	k.outages.put(o)
	return nil
}

// heard returns when an earlier run heard a feed last: the beginning of an
// outage that lasts, or the last data, or, when there were none, the time from
// which it listened; zero when no run did.
func (k *knownFeed) heard() (at time.Time, lasts bool) {
	if at = k.health.Last; at.IsZero() {
		at = k.health.Opened
	}
	switch o, ok := k.outages.last(); {
	case !ok:
	case o.To.IsZero():
		return o.From, true
	case o.To.After(at): // killed before its health could be kept again
		at = o.To
	}
	return at, false
}

// open begins to listen to a feed.
func (c *coverage) open(name string) (*knownFeed, error) {
	k := &knownFeed{open: true}
	if held := c.feeds[name]; held != nil {
		k.health, k.since = held.health, held.since
	}
	c.feeds[name] = k
	return c.of(name)
}

// watch opens a live feed, or a file that is followed, whose outages and health
// are kept. The context of reading it ends when they cannot be; stop closes the
// stream, keeps its last health and returns what went wrong with that.
func (c *coverage) watch(o feed.Opener, path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
	name, err := feedOf(path)
	if err != nil {
		return nil, nil, nil, err
	}
	k, err := c.open(name)
	if err != nil {
		return nil, nil, nil, err
	}
	address := strings.Contains(path, "://")
	if heard, lasts := k.heard(); lasts || address { // what a file gained meanwhile is read
		o.Heard = heard
	}
	o.Outage = func(out navicert.Outage) error {
		out.Feed = name
		return c.put(out)
	}
	if !address {
		c.files[feed.Name(path)] = name
	}
	ctx, cancel := context.WithCancelCause(c.ctx)
	if s, err = o.Open(ctx, path); err != nil {
		cancel(nil)
		return nil, nil, nil, err
	}
	if h, _ := s.Health(); k.since.IsZero() || !address { // what a file holds already may be old
		k.since = h.Opened
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
			h.Last = k.health.Last
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

// openInput opens an input, watches it when it is live, and has it recorded; stop
// closes it.
func (r *replay) openInput(path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
	if r.opts.Record == "" || !passes(path) {
		return r.openStream(path)
	}
	w, err := r.record(feed.Name(path))
	if err != nil {
		return nil, nil, nil, err
	}
	s, reading, end, err := r.openStream(path)
	if err != nil {
		_ = w.Close()
		return nil, nil, nil, err
	}
	s.Record(w, w.From())
	return s, reading, func() error { return errors.Join(end(), w.Close()) }, nil
}

// openStream opens an input, and watches it when it is live; stop closes it.
func (r *replay) openStream(path string) (s *feed.Stream, reading context.Context, stop func() error, err error) {
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

// tells says that the health of a feed is of a program that still listens.
func tells(h navicert.FeedHealth, now time.Time) bool {
	return h.State != navicert.FeedEnded && now.Sub(h.At) <= staleHealth
}

// Feeds returns the live feeds that were ever listened to, with their outages
// that overlap [from, to), zero times not restricting it: how many, and of each
// the newest so many. A feed of which nothing has been told for longer than it is told by a
// running program has ended.
func (a *App) Feeds(ctx context.Context, from, to time.Time, most int) ([]navicert.FeedRecord, error) {
	feeds, err := a.db.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]navicert.FeedRecord, len(feeds))
	for i, h := range feeds {
		if h.State != navicert.FeedEnded && !tells(h, a.now()) {
			h.State, h.Why = navicert.FeedEnded, "the navicert that listened stopped without saying so"
		}
		if h.State == navicert.FeedEnded {
			h.Rate = 0
		}
		out[i].FeedHealth = h
		f := detect.OutageFilter{Feed: h.Feed, From: from, To: to, Limit: most}
		if out[i].Intervals, err = a.db.Outages(ctx, f); err != nil {
			return nil, err
		}
		if out[i].InPeriod, err = a.db.CountOutages(ctx, f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

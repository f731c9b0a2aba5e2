package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"navicert"
	"navicert/ais"
)

// Of live feeds.
const (
	dialTimeout  = 15 * time.Second
	keepAlive    = 30 * time.Second
	firstPause   = time.Second
	pauseDoubles = 5 // times

	// DefaultSilence is how long a feed may be silent: minutes, for the area of
	// a shore station. A feed of the whole world has data every second, and 30 s
	// do for it.
	DefaultSilence = 2 * time.Minute
)

// transport is one way in which a live feed comes to us.
type transport interface {
	// connect makes a connection, or begins to listen, and tells the other side
	// what it must be told. No two links of a transport are open at once.
	connect(ctx context.Context) (link, error)
}

// link is one connection. Read gives what comes, cut anywhere; Close ends a Read
// that waits and returns when nothing of the link runs any more. Close may be
// called more than once, and from other goroutines.
type link interface{ io.ReadCloser }

// listener is a link that others send to, and that connecting anew would not
// help when it is silent. wake ends a Read that waits with errWoken.
type listener interface{ wake() }

var errWoken = errors.New("woken")

// errReplaced ends a link whose source has been replaced by a new one, that is
// there already.
var errReplaced = errors.New("replaced")

// dropper is a link that counts messages for which there was no room.
type dropper interface{ dropped() int64 }

// refusedError is an answer of the other side that trying again will not change.
type refusedError struct{ says string }

func (r refusedError) Error() string { return r.says }

// live reads from a transport. It connects again when a connection breaks, is
// ended or is silent for too long, and keeps account of that.
type live struct {
	ctx     context.Context
	from    transport
	pause   time.Duration
	silence time.Duration
	clock   func() time.Time
	report  func(navicert.Outage) error
	secret  string // that no text may hold

	link    link
	unwatch func() bool   // ends the context's watch over link
	fails   int           // attempts in a row that brought no data
	quiet   time.Duration // spent waiting since data came last
	timer   *time.Timer   // of silence
	fired   *atomic.Bool  // silence has ended the link's Read
	talk    talk
	gap     bool            // the reader must be told of an interruption
	outage  navicert.Outage // From zero: none
	ended   bool

	mu     sync.Mutex // over what follows, for Health
	health navicert.FeedHealth
	rate   rate
	gone   int64 // dropped by links before this one
}

// openLive makes the stream of a transport. The first connection must succeed;
// later, the stream connects again by itself.
func (o Opener) openLive(ctx context.Context, name string, from transport) (*Stream, error) {
	l := &live{ctx: ctx, from: from, pause: o.Pause, silence: o.Silence, clock: o.Clock, report: o.Outage, secret: o.Key}
	if l.pause <= 0 {
		l.pause = firstPause
	}
	if l.silence == 0 {
		l.silence = DefaultSilence
	}
	if l.clock == nil {
		l.clock = time.Now
	}
	if l.report == nil {
		l.report = func(navicert.Outage) error { return nil }
	}
	l.health = navicert.FeedHealth{Feed: name, Opened: l.now(), State: navicert.FeedWaiting, Why: "nothing has come yet"}
	if err := l.connect(); err != nil {
		if navicert.KindOf(err) != "" {
			return nil, err
		}
		return nil, navicert.Errorf(navicert.Unavailable, "feed", name, "%w", err).WithHint("is the address right, and does the feed allow this network?")
	}
	if !o.Heard.IsZero() && o.Heard.Before(l.health.Opened) {
		l.outage = navicert.Outage{Feed: name, From: o.Heard.UTC(), Why: "navicert was not listening"}
		if err := l.report(l.outage); err != nil {
			_ = l.Close()
			return nil, err
		}
	}
	s := &Stream{Name: name, Live: true, Size: -1, live: l}
	s.r = &countReader{r: l, n: &s.read}
	s.close = append(s.close, l.Close)
	return s, nil
}

func (l *live) now() time.Time { return l.clock().UTC() }

func (l *live) connect() error {
	k, err := l.from.connect(l.ctx)
	if err != nil {
		return err
	}
	l.link = k
	l.unwatch = context.AfterFunc(l.ctx, func() { _ = k.Close() })
	l.quiet = 0
	fired := &atomic.Bool{}
	l.fired = fired
	l.timer = time.AfterFunc(time.Hour, func() {
		fired.Store(true)
		if w, ok := k.(listener); ok {
			w.wake()
			return
		}
		_ = k.Close()
	})
	l.timer.Stop()
	l.mu.Lock()
	l.health.Opens++
	l.mu.Unlock()
	return nil
}

// Read implements io.Reader. It returns ais.ErrGap when the connection was lost,
// and the context's error when that has ended; else it waits.
func (l *live) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if l.ended {
			if err := l.ctx.Err(); err != nil {
				return 0, err
			}
			return 0, io.ErrClosedPipe
		}
		if l.gap {
			if !l.talk.atStart() { // half a line must not go on with the next connection's
				l.talk.reset()
				p[0] = '\n'
				return 1, nil
			}
			l.gap = false
			return 0, ais.ErrGap
		}
		if err := l.ctx.Err(); err != nil {
			return 0, l.end(err)
		}
		if l.link == nil {
			if l.fails > 0 {
				if err := l.wait(); err != nil {
					return 0, l.end(err)
				}
			}
			if err := l.connect(); err != nil {
				l.fails++
				l.setState(navicert.FeedLost, err.Error())
				if err := l.beginOutage(err.Error()); err != nil {
					return 0, err
				}
			}
			continue
		}
		n, err := l.watched(p)
		if n > 0 {
			return n, l.took(p[:n]) // an error comes again
		}
		if err == nil {
			continue
		}
		if err := l.broke(err); err != nil {
			return 0, err
		}
	}
}

// watched reads from the link under the watch for silence. Only the time spent
// waiting counts: a slow reader is no silent feed.
func (l *live) watched(p []byte) (int, error) {
	if l.silence < 0 {
		return l.link.Read(p)
	}
	start := time.Now()
	l.timer.Reset(max(l.silence-l.quiet, time.Millisecond))
	n, err := l.link.Read(p)
	l.timer.Stop()
	l.quiet += time.Since(start)
	return n, err
}

// took keeps account of what has come.
func (l *live) took(b []byte) error {
	lines, data := l.talk.add(b)
	now := l.now()
	l.mu.Lock()
	if d, ok := l.link.(dropper); ok {
		l.health.Dropped = l.gone + d.dropped()
	}
	l.health.Bytes += int64(len(b))
	l.health.Lines += int64(data)
	l.health.Other += int64(lines - data)
	if data > 0 {
		l.health.Last, l.health.State, l.health.Why = now, navicert.FeedLive, ""
		l.rate.add(now, data)
	}
	l.mu.Unlock()
	if data == 0 {
		return nil
	}
	l.quiet, l.fails = 0, 0
	return l.endOutage(now)
}

// broke deals with a Read that failed or was ended by silence.
func (l *live) broke(err error) error {
	if l.ctx.Err() != nil {
		return l.end(l.ctx.Err())
	}
	_, listens := l.link.(listener)
	silent := l.fired.Swap(false)
	if listens && l.quiet < l.silence {
		silent = false // data came as the time ran out
	}
	why := l.printable(err.Error())
	switch {
	case silent:
		why = fmt.Sprintf("silent for %s", l.silence)
	case errors.Is(err, errWoken):
		return nil
	case errors.Is(err, errReplaced): // nothing is missed: it is read from its beginning
		_ = l.drop()
		l.gap = true
		return nil
	case errors.Is(err, io.EOF):
		why = "the other side ended the connection"
	}
	state := navicert.FeedSilent
	if !listens || !silent {
		_ = l.drop()
		if r := (refusedError{}); errors.As(err, &r) && l.Health().Lines == 0 {
			return l.end(navicert.Errorf(navicert.Unavailable, "feed", l.health.Feed, "the feed answers: %s", why).
				WithHint("is the key right, and is no other connection open with it?"))
		}
		l.fails++
		l.gap = true
		state = navicert.FeedLost
	}
	l.quiet = 0
	l.setState(state, why)
	return l.beginOutage(why)
}

// maxWhy is how many characters are kept of what another side says.
const maxWhy = 200

// printable makes what another side says fit to be kept and shown: short, on one
// line and without our key.
func (l *live) printable(says string) string {
	if l.secret != "" {
		says = strings.ReplaceAll(says, l.secret, "(the key)")
	}
	says = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(says, "?"))
	if r := []rune(says); len(r) > maxWhy {
		says = string(r[:maxWhy]) + "…"
	}
	return says
}

func (l *live) setState(s navicert.FeedState, why string) {
	l.mu.Lock()
	l.health.State, l.health.Why = s, why
	l.mu.Unlock()
}

// beginOutage records that nothing is heard, from when data came last.
func (l *live) beginOutage(why string) error {
	if !l.outage.From.IsZero() {
		return nil
	}
	l.mu.Lock()
	l.outage = navicert.Outage{Feed: l.health.Feed, From: l.health.Last, Why: why}
	if l.outage.From.IsZero() {
		l.outage.From = l.health.Opened
	}
	l.health.Outages++
	l.mu.Unlock()
	return l.report(l.outage)
}

func (l *live) endOutage(now time.Time) error {
	if l.outage.From.IsZero() {
		return nil
	}
	o := l.outage
	if o.To = now; now.Before(o.From) { // the clock has been set back
		o.To = o.From
	}
	l.outage = navicert.Outage{}
	return l.report(o)
}

// wait pauses before an attempt to connect: longer each time that it failed,
// and by chance a fifth more or less, so that many clients do not come at once.
func (l *live) wait() error {
	d := l.pause << min(max(l.fails-1, 0), pauseDoubles)
	d += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(d))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-l.ctx.Done():
		return l.ctx.Err()
	}
}

// drop closes the link.
func (l *live) drop() error {
	if l.link == nil {
		return nil
	}
	l.unwatch()
	l.timer.Stop()
	k := l.link
	l.link = nil
	err := k.Close()
	if d, ok := k.(dropper); ok {
		l.mu.Lock()
		l.gone += d.dropped()
		l.health.Dropped = l.gone
		l.mu.Unlock()
	}
	return err
}

// end closes the books, and returns why.
func (l *live) end(why error) error {
	_ = l.drop()
	if l.ended {
		return why
	}
	l.ended = true
	l.setState(navicert.FeedEnded, "navicert stopped listening")
	if err := l.endOutage(l.now()); err != nil {
		return err
	}
	return why
}

// Close ends the connection. It is not for calling beside Read.
func (l *live) Close() error { return l.end(nil) }

// Health returns how the feed is. It may be called from other goroutines.
func (l *live) Health() navicert.FeedHealth {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.health
	h.At, h.Rate = now, l.rate.perSecond(now, h.Opened)
	return h
}
